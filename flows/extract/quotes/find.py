"""Find the quotes of one article, quoted and reported, each with its speaker."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from ontherecord.flows.extract.attribution.quoted import NOT_SAID, Attribution, Attributor
from ontherecord.flows.extract.attribution.reported import ReportedClause, find_clauses
from ontherecord.flows.extract.attribution.speaker_phrases import MentionIndex, SpeakerPhrase
from ontherecord.flows.extract.attribution.subjects import Subjects
from ontherecord.flows.extract.names.find import Names
from ontherecord.flows.extract.quotes.speaker_roles import SpeakerRoles
from ontherecord.flows.extract.quotes.transcripts import ArticleNames, LabelReader, signature
from ontherecord.flows.extract.quotes.utterances import QuoteCandidate, Utterances
from ontherecord.flows.extract.resolution.first_person import announcer_of, author_of
from ontherecord.flows.extract.resolution.genders import GenderReader
from ontherecord.flows.extract.resolution.introductions import Introductions
from ontherecord.flows.extract.resolution.resolver import Resolver
from ontherecord.flows.extract.resolution.sentence_focus import (
    SentenceFocus,
    parsed_sentences,
    unparsed_sentences,
)
from ontherecord.flows.extract.resolution.speakers import NOBODY, ResolvedSpeaker
from ontherecord.flows.extract.text.abbreviations import abbreviation_pattern
from ontherecord.flows.extract.text.cues import Speech, speech_of_word
from ontherecord.flows.extract.text.marks import QuotedSpan
from ontherecord.flows.extract.text.narration import Narration
from ontherecord.flows.extract.text.scare_quotes import is_heading, is_name_or_term, listed_things
from ontherecord.flows.extract.text.turns import Transcript, Turn
from ontherecord.warehouse.records import ArticleText, GenderCount, Mention, Quote, QuoteKind, QuoteSpeaker

# Fewer quoted words without a cue are a term rather than speech, also those that only a person or a verb of
# speech elsewhere in the sentence would speak: 'Kim has placed a "hold" on it'.
_BARE_WORDS = 5
_LONGEST_ATTRIBUTE = 4  # words of 'the "stay the course" strategy'
_GUESSES = ("acting-subject", "verb-beside")
# A clause that adds only such words to those in quotation marks is a direct quote: 'said that "it sails"'.
_JOINING_TAGS = frozenset(("IN", "CC", "RB", "WDT", "DT", "UH", "TO", "``", "''"))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the body; `narration` is None if nothing in it can report speech.

    `is_dialogue` if a dash opens its words instead of a mark.
    """

    start: int
    text: str
    quoted_spans: tuple[QuotedSpan, ...]
    narration: Narration | None
    is_dialogue: bool = False


@dataclass(frozen=True, slots=True)
class FoundQuotes:
    """The quotes of an article in the order of the text, their speakers, and the features of each.

    `genders` is the evidence for the genders of its persons.
    """

    quotes: tuple[Quote, ...]
    speakers: tuple[QuoteSpeaker, ...]
    features: tuple[tuple[str, ...], ...]
    genders: tuple[GenderCount, ...]


@dataclass(frozen=True, slots=True)
class _Story:
    """What the narrator says in his own words.

    `narration` is the body with its quotations blanked, `outside` the mentions that are in none, and
    `focuses` are the sentences.
    """

    narration: str
    outside: MentionIndex
    focuses: tuple[SentenceFocus, ...]


def find_quotes(
    text: ArticleText,
    paragraphs: Sequence[Paragraph],
    names: Names,
    transcript: Transcript | None = None,
    without: Set[str] = frozenset(),
) -> FoundQuotes:
    """Find every quote in an article's paragraphs; `without` are rules of attribution to leave out.

    The paragraphs of a transcript's turns are not read as narration.
    """
    body, entities = text.body, names.entities
    index = MentionIndex(names.mentions, entities)
    spoken = {paragraph.start for paragraph in paragraphs if _turns_in(transcript, paragraph)}
    prose = [paragraph for paragraph in paragraphs if paragraph.start not in spoken]
    lines = [(paragraph.start, paragraph.text) for paragraph in prose]
    in_title = [mention for mention in names.mentions if mention.field == "title"]
    story = _story(text, prose, paragraphs, names)
    genders = GenderReader(body, story.narration, entities, index.mentions, story.focuses)
    resolver = _resolver(text, prose, story, names, genders.of_relatives(), in_title, without)
    reader = None
    if transcript is not None:
        article = ArticleNames(index, in_title, entities)
        reader = LabelReader(transcript, article, text.title, body, lines, text.agency)
    utterances = Utterances(body, resolver)
    is_double = any(not span.is_single for paragraph in paragraphs for span in paragraph.quoted_spans)
    is_continued = False
    for number, paragraph in enumerate(paragraphs):
        if reader is not None and paragraph.start in spoken:
            for turn in _turns_in(transcript, paragraph):
                utterances.add(reader.candidate(turn))
        elif paragraph.narration is not None:
            candidates = _candidates(
                paragraph, paragraph.narration, index, body, is_continued, is_double, without
            )
            after = paragraphs[number + 1] if number + 1 < len(paragraphs) else None
            signer = signature(after.start, after.text, index) if after is not None else None
            for candidate in candidates:
                utterances.add(
                    _in_dialogue(candidate)
                    if paragraph.is_dialogue
                    else _with_signer(candidate, paragraph, signer)
                )
        is_continued = bool(paragraph.quoted_spans) and not paragraph.quoted_spans[-1].is_closed
    introductions = Introductions(
        story.narration, story.outside.mentions, [focus.start for focus in story.focuses]
    )
    quotes, speakers = SpeakerRoles(body, introductions, index).add_to(
        utterances.quotes, utterances.quote_speakers()
    )
    return FoundQuotes(quotes, speakers, tuple(utterances.features), genders.counts(utterances.pronouns))


def _turns_in(transcript: Transcript | None, paragraph: Paragraph) -> list[Turn]:
    if transcript is None:
        return []
    return transcript.between(paragraph.start, paragraph.start + len(paragraph.text))


def _story(
    text: ArticleText, prose: Sequence[Paragraph], paragraphs: Sequence[Paragraph], names: Names
) -> _Story:
    """Read the narrator's sentences: those of the prose."""
    outside = MentionIndex(
        [
            mention
            for mention in names.mentions
            if mention.field == "body" and not _is_in_quotation(mention, paragraphs)
        ],
        names.entities,
    )
    focuses = []
    for paragraph in prose:
        if paragraph.narration is not None:
            focuses += parsed_sentences(paragraph.narration, outside, text.body)
        else:
            focuses += unparsed_sentences(
                paragraph.start, paragraph.text, paragraph.quoted_spans, outside, text.body
            )
    return _Story(_blank_quotations(text.body, paragraphs), outside, tuple(focuses))


def _resolver(
    text: ArticleText,
    prose: Sequence[Paragraph],
    story: _Story,
    names: Names,
    genders: Mapping[int, str],
    in_title: Sequence[Mention],
    without: Set[str],
) -> Resolver:
    """Make the resolver of an article, which knows the narrator's sentences."""
    entities = names.entities
    author = author_of(
        text.title, [(paragraph.start, paragraph.text) for paragraph in prose], story.outside, in_title
    )
    labels = {}
    if author is not None:
        labels["I"] = ResolvedSpeaker(author, entities[author].name, "introduced")
    topics = {mention.entity_no for mention in in_title if mention.kind == "organization"}
    return Resolver(
        story.focuses,
        MentionIndex(names.mentions, entities),
        entities,
        [genders.get(number, shown) for number, shown in enumerate(names.genders)],
        labels,
        story.narration,
        text.agency,
        min(topics) if len(topics) == 1 else None,
        announcer_of(text.title, in_title),
        without,
    )


def _in_dialogue(candidate: QuoteCandidate) -> QuoteCandidate:
    """Return words behind a dash as reported; whose they are without an attribution is left open."""
    is_open = candidate.attribution.speaker_phrase is None
    return replace(candidate, kind="indirect", continues=False, resolved=NOBODY if is_open else None)


def _with_signer(
    candidate: QuoteCandidate, paragraph: Paragraph, signer: SpeakerPhrase | None
) -> QuoteCandidate:
    """Attribute a floating quotation that fills its paragraph to the signature on the next line."""
    end = paragraph.text[candidate.end - paragraph.start :]
    is_whole = candidate.opens_paragraph and not any(char.isalnum() for char in end)
    if signer is None or candidate.attribution.speaker_phrase is not None or not is_whole:
        return candidate
    return replace(candidate, attribution=Attribution(None, signer, "signature"))


def _blank_quotations(body: str, paragraphs: Sequence[Paragraph]) -> str:
    """Return a body of the same length with its quotations blanked."""
    parts: list[str] = []
    at = 0
    for paragraph in paragraphs:
        for span in paragraph.quoted_spans:
            start, end = paragraph.start + span.start, paragraph.start + span.end
            if start >= at:
                parts += [body[at:start], " " * (end - start)]
                at = end
    return "".join([*parts, body[at:]])


def _is_in_quotation(mention: Mention, paragraphs: Sequence[Paragraph]) -> bool:
    at = bisect_right(paragraphs, mention.char_start, key=lambda paragraph: paragraph.start) - 1
    if at < 0:
        return False
    offset = mention.char_start - paragraphs[at].start
    quoted_spans = paragraphs[at].quoted_spans
    number = bisect_right(quoted_spans, offset, key=lambda span: span.start) - 1
    return number >= 0 and offset < quoted_spans[number].end


def _candidates(
    paragraph: Paragraph,
    narration: Narration,
    mentions: MentionIndex,
    body: str,
    is_continued: bool,
    is_double_style: bool,
    without: Set[str],
) -> list[QuoteCandidate]:
    subjects = Subjects(narration, mentions, body)
    attributor = Attributor(narration, subjects, body, without)
    clauses = find_clauses(narration, subjects, attributor)
    candidates, consumed = _clause_candidates(paragraph, narration, clauses)
    in_lists = listed_things(paragraph.text, paragraph.quoted_spans)
    for token_index, number in narration.placeholders.items():
        span = paragraph.quoted_spans[number]
        attribution = attributor.attribute_statement(token_index)
        if attribution is NOT_SAID or number in in_lists:
            continue
        if is_name_or_term(paragraph.text, span, _has_listed_cue(attribution)):
            continue
        if is_heading(paragraph.text, span, is_double_style):
            continue
        is_open = attribution.cue is not None and attribution.speaker_phrase is None  # '"Go," Kim was told'
        is_floating = attribution.speaker_phrase is None and not is_open
        if is_floating and _is_narrators_subject(paragraph.text, span):
            continue
        words = paragraph.text[span.start : span.end]
        if is_floating and words.isupper() and len(words.split()) >= _BARE_WORDS:
            continue  # the title of something, and not 'STOP!'
        is_next_part = is_floating and _follows_quote(paragraph, narration, number)
        continues = (number == 0 and is_continued) or is_next_part
        candidate = _quoted_candidate(paragraph, span, attribution, "direct", continues)
        candidates.append(replace(candidate, resolved=NOBODY) if is_open else candidate)
    for number, tokens in narration.fragments.items():
        if number in consumed:
            continue
        span = paragraph.quoted_spans[number]
        attribution = attributor.attribute_fragment(tokens)
        if attribution is NOT_SAID:
            continue
        has_listed_cue = attribution.cue is not None and attribution.cue.is_listed
        is_guess = attribution.speaker_phrase is None or attribution.rule in _GUESSES
        is_bare = is_guess and len(paragraph.text[span.start : span.end].split()) < _BARE_WORDS
        if (
            is_bare
            or number in in_lists
            or _is_to_a_reader(attribution)
            or _is_attribute(narration, tokens, _is_judged(attribution))
            or _is_named(paragraph, span, attribution)
            or is_name_or_term(paragraph.text, span, False, has_listed_cue)
        ):
            continue
        candidates.append(
            _quoted_candidate(paragraph, paragraph.quoted_spans[number], attribution, "mixed", False)
        )
    return sorted(candidates, key=lambda candidate: (candidate.start, candidate.end))


def _is_narrators_subject(paragraph: str, span: QuotedSpan) -> bool:
    """Whether a sentence of the narrator begins with a term: '“Refoulement” (return by force) is banned'."""
    words = paragraph[span.start : span.end].split()
    goes_on = paragraph[span.outer_end : span.outer_end + 2]
    is_term = words[-1][-1:].isalnum() and len(words) < _BARE_WORDS and words[0] not in ("I", "We", "You")
    return is_term and goes_on[:1] == " " and (goes_on[1:].islower() or goes_on[1:] == "(")


def _is_to_a_reader(attribution: Attribution) -> bool:
    """Whether the one who acts is 'you': the sentence is an address or a quotation, and no narrator's."""
    phrase = attribution.speaker_phrase
    return phrase is not None and phrase.head == "you" and attribution.rule.startswith("verb-over")


def _is_attribute(narration: Narration, tokens: tuple[int, int], is_judged: bool) -> bool:
    """Whether quoted words only describe the noun behind them: '"green" loans', 'the "no tax" pledge'.

    Several words do with an article or adjective before, unless somebody calls the noun so.
    """
    first, last = tokens
    doc = narration.doc
    if last >= len(doc) or doc[last].tag_ not in ("NN", "NNS"):
        return False
    size = 1 + sum(bool(token.whitespace_) for token in doc[first : last - 1])
    is_inside = first > 0 and doc[first - 1].tag_ in ("DT", "JJ", "VBN", "PRP$", "POS")
    return size == 1 or (size <= _LONGEST_ATTRIBUTE and is_inside and not is_judged)


def _is_named(paragraph: Paragraph, span: QuotedSpan, attribution: Attribution) -> bool:
    """Whether one capitalized word is a name, unless somebody calls something so: 'opened the "Outpost"'."""
    words = paragraph.text[span.start : span.end].split()
    return len(words) == 1 and words[0][:1].isupper() and not _is_judged(attribution)


def _is_judged(attribution: Attribution) -> bool:
    """Whether somebody calls something so: 'slammed the "reckless" bill'."""
    return attribution.cue is not None and bool(speech_of_word(attribution.cue.text) & Speech.JUDGING)


def _has_listed_cue(attribution: Attribution) -> bool:
    if attribution.speaker_phrase is None:
        return False
    return attribution.cue is None or attribution.cue.is_listed


def _quoted_candidate(
    paragraph: Paragraph, span: QuotedSpan, attribution: Attribution, kind: QuoteKind, continues: bool
) -> QuoteCandidate:
    return QuoteCandidate(
        kind,
        paragraph.start + span.start,
        paragraph.start + span.end,
        attribution,
        continues,
        not any(char.isalnum() for char in paragraph.text[: span.outer_start]),
    )


def _follows_quote(paragraph: Paragraph, narration: Narration, number: int) -> bool:
    """Whether a quotation follows another with at most an attribution ('… X said.') between."""
    if number == 0:
        return False
    before = paragraph.quoted_spans[number - 1]
    between = paragraph.text[before.outer_end : paragraph.quoted_spans[number].outer_start]
    between = abbreviation_pattern().sub(r"\1", between.replace("!", "."))
    sentences = [part for part in between.split(". ") if part.strip(" .")]
    return len(sentences) <= (0 if narration.segments[number - 1].ends_sentence else 1)


def _clause_candidates(
    paragraph: Paragraph, narration: Narration, clauses: Sequence[ReportedClause]
) -> tuple[list[QuoteCandidate], set[int]]:
    candidates: list[QuoteCandidate] = []
    consumed: set[int] = set()
    numbers = list(narration.fragments)
    firsts = [first for first, _ in narration.fragments.values()]
    lasts = [last for _, last in narration.fragments.values()]
    for clause in clauses:
        low, high = clause.tokens
        start = narration.start_of(narration.doc[low]) - paragraph.start
        end = narration.end_of(narration.doc[high - 1]) - paragraph.start
        within = numbers[bisect_right(lasts, low) : bisect_left(firsts, high)]
        inside = [
            number
            for number in within
            if not is_name_or_term(paragraph.text, paragraph.quoted_spans[number], False)
        ]
        attribution = clause.attribution
        consumed.update(within)
        for number in inside:
            span = paragraph.quoted_spans[number]
            start, end = min(start, span.outer_start), max(end, span.outer_end)
        kind: QuoteKind = "act" if clause.is_act else "mixed" if inside else "indirect"
        if len(inside) == 1:
            span = paragraph.quoted_spans[inside[0]]
            if not _has_own_words(narration, clause.tokens, narration.fragments[inside[0]]):
                candidates.append(_quoted_candidate(paragraph, span, attribution, "direct", False))
                continue
        candidates.append(
            QuoteCandidate(kind, paragraph.start + start, paragraph.start + end, attribution, False)
        )
    return candidates, consumed


def _has_own_words(narration: Narration, clause: tuple[int, int], quoted: tuple[int, int]) -> bool:
    """Whether the narrator says a part of a clause himself: 'the ferry "cannot sail"'."""
    outside = (*range(clause[0], quoted[0]), *range(quoted[1], clause[1]))
    tokens = (narration.doc[index] for index in outside)
    return any(token.is_alpha and token.tag_ not in _JOINING_TAGS for token in tokens)
