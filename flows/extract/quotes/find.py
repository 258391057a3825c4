"""Quotes of one article: marked words and reported clauses, each with its speaker."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ontherecord.flows.extract.attribution.quoted import Attribution, Attributor
from ontherecord.flows.extract.attribution.reported import Clause, find_clauses
from ontherecord.flows.extract.attribution.speaker_phrases import MentionIndex, SpeakerPhrase
from ontherecord.flows.extract.attribution.subjects import Subjects
from ontherecord.flows.extract.names.find import Names
from ontherecord.flows.extract.quotes.transcripts import (
    interviewed,
    is_transcript,
    signature,
    transcript_line,
)
from ontherecord.flows.extract.quotes.utterances import QuoteCandidate, Utterances
from ontherecord.flows.extract.resolution.first_person import author_of
from ontherecord.flows.extract.resolution.resolver import ResolvedSpeaker, Resolver
from ontherecord.flows.extract.resolution.sentence_focus import parsed_sentences, unparsed_sentences
from ontherecord.flows.extract.text.marks import QuotedSpan
from ontherecord.flows.extract.text.narration import Narration
from ontherecord.flows.extract.text.titles import is_heading, is_title
from ontherecord.warehouse.records import ArticleText, Mention, Quote, QuoteKind

# Fewer words quoted without a cue are a term rather than somebody's wording.
_BARE_WORDS = 5
# Beyond this many words between its cue and its words, a fragment belongs to somebody else.
_STRAY_WORDS = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the body; `narration` is None where nothing in it can report speech."""

    start: int
    text: str
    marked: tuple[QuotedSpan, ...]
    narration: Narration | None


def find_quotes(text: ArticleText, paragraphs: Sequence[Paragraph], names: Names) -> tuple[Quote, ...]:
    """Find every quote in an article's paragraphs, in the order of the text."""
    body, entities = text.body, names.entities
    index = MentionIndex(names.mentions, entities)
    outside = MentionIndex(
        [mention for mention in index.mentions if not _is_quoted(mention, paragraphs)], entities
    )
    focuses = []
    for paragraph in paragraphs:
        if paragraph.narration is not None:
            focuses += parsed_sentences(paragraph.narration, outside, body)
        else:
            focuses += unparsed_sentences(paragraph.start, paragraph.text, paragraph.marked, outside, body)
    lines = [(paragraph.start, paragraph.text) for paragraph in paragraphs]
    labels = interviewed(lines, outside, entities, text.agency)
    in_title = [mention for mention in names.mentions if mention.field == "title"]
    maker = author_of(text.title, lines, outside, in_title)
    if maker is not None:
        labels["I"] = ResolvedSpeaker(maker, entities[maker].name, "description")
    resolver = Resolver(
        focuses, index, entities, names.genders, labels, _narrated(body, paragraphs), text.agency
    )
    utterances = Utterances(body, resolver)
    is_double = any(not mark.is_single for paragraph in paragraphs for mark in paragraph.marked)
    goes_on = False
    is_talk = is_transcript(line for _, line in lines)
    for number, paragraph in enumerate(paragraphs):
        line = None
        if is_talk and not paragraph.marked:
            line = transcript_line(paragraph.start, paragraph.text, index, body)
        if line is not None:
            utterances.add(line)
        elif paragraph.narration is not None:
            candidates = _candidates(paragraph, paragraph.narration, index, body, goes_on, is_double)
            after = paragraphs[number + 1] if number + 1 < len(paragraphs) else None
            signer = signature(after.start, after.text, index) if after is not None else None
            for candidate in candidates:
                utterances.add(_signed(candidate, paragraph, signer))
        goes_on = bool(paragraph.marked) and not paragraph.marked[-1].is_closed
    return tuple(utterances.quotes)


def _signed(candidate: QuoteCandidate, paragraph: Paragraph, signer: SpeakerPhrase | None) -> QuoteCandidate:
    """Give a floating quotation that is a paragraph of its own to who signs in the next line."""
    end = paragraph.text[candidate.end - paragraph.start :]
    is_whole = candidate.opens_paragraph and not any(char.isalnum() for char in end)
    if signer is None or candidate.attribution.source is not None or not is_whole:
        return candidate
    return replace(candidate, attribution=Attribution(None, signer))


def _narrated(body: str, paragraphs: Sequence[Paragraph]) -> str:
    """Return a body of the same length with its quotations blanked."""
    parts: list[str] = []
    at = 0
    for paragraph in paragraphs:
        for mark in paragraph.marked:
            start, end = paragraph.start + mark.start, paragraph.start + mark.end
            if start >= at:
                parts += [body[at:start], " " * (end - start)]
                at = end
    return "".join([*parts, body[at:]])


def _is_quoted(mention: Mention, paragraphs: Sequence[Paragraph]) -> bool:
    at = bisect_right(paragraphs, mention.char_start, key=lambda paragraph: paragraph.start) - 1
    if at < 0:
        return False
    place = mention.char_start - paragraphs[at].start
    marked = paragraphs[at].marked
    number = bisect_right(marked, place, key=lambda mark: mark.start) - 1
    return number >= 0 and place < marked[number].end


def _candidates(
    paragraph: Paragraph,
    narration: Narration,
    mentions: MentionIndex,
    body: str,
    goes_on: bool,
    is_double_style: bool,
) -> list[QuoteCandidate]:
    subjects = Subjects(narration, mentions, body)
    attributor = Attributor(narration, subjects, body)
    clauses = find_clauses(narration, subjects, attributor)
    candidates, consumed = _clause_candidates(paragraph, narration, clauses)
    for token_index, number in narration.placeholders.items():
        mark = paragraph.marked[number]
        attribution = attributor.statement(token_index)
        if is_title(paragraph.text, mark, _has_listed_cue(attribution)):
            continue
        if is_heading(paragraph.text, mark, is_double_style):
            continue
        is_next_piece = attribution.source is None and _follows_quote(paragraph, narration, number)
        continues = (number == 0 and goes_on) or is_next_piece
        candidates.append(_direct(paragraph, mark, attribution, "direct", continues))
    for number, tokens in narration.fragments.items():
        if number in consumed:
            continue
        mark = paragraph.marked[number]
        attribution = attributor.fragment(tokens)
        is_judgement = attribution.cue is not None and attribution.cue.is_listed
        is_bare = (
            attribution.source is None and len(paragraph.text[mark.start : mark.end].split()) < _BARE_WORDS
        )
        if is_bare or is_title(paragraph.text, mark, False, is_judgement):
            continue
        candidates.append(_direct(paragraph, paragraph.marked[number], attribution, "mixed", False))
    return sorted(candidates, key=lambda candidate: (candidate.start, candidate.end))


def _has_listed_cue(attribution: Attribution) -> bool:
    if attribution.source is None:
        return False
    return attribution.cue is None or attribution.cue.is_listed


def _direct(
    paragraph: Paragraph, mark: QuotedSpan, attribution: Attribution, kind: QuoteKind, continues: bool
) -> QuoteCandidate:
    return QuoteCandidate(
        kind,
        paragraph.start + mark.start,
        paragraph.start + mark.end,
        attribution,
        continues,
        not any(char.isalnum() for char in paragraph.text[: mark.outer_start]),
    )


def _follows_quote(paragraph: Paragraph, narration: Narration, number: int) -> bool:
    """Whether a quotation follows another one with at most its '… X said.' between."""
    if number == 0:
        return False
    before = paragraph.marked[number - 1]
    between = paragraph.text[before.outer_end : paragraph.marked[number].outer_start]
    sentences = [part for part in between.replace("!", ".").split(". ") if part.strip(" .")]
    return len(sentences) <= (0 if narration.segments[number - 1].ends_sentence else 1)


def _clause_candidates(
    paragraph: Paragraph, narration: Narration, clauses: Sequence[Clause]
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
        held = [
            number
            for number in numbers[bisect_right(lasts, low) : bisect_left(firsts, high)]
            if not is_title(paragraph.text, paragraph.marked[number], False)
        ]
        attribution = clause.attribution
        consumed.update(held)
        for number in held:
            mark = paragraph.marked[number]
            start, end = min(start, mark.outer_start), max(end, mark.outer_end)
        kind: QuoteKind = "mixed" if held else "indirect"
        if len(held) == 1:
            mark = paragraph.marked[held[0]]
            outside = paragraph.text[start : mark.outer_start] + " " + paragraph.text[mark.outer_end : end]
            if len(outside.split()) <= _STRAY_WORDS:
                candidates.append(_direct(paragraph, mark, attribution, "direct", False))
                continue
        candidates.append(
            QuoteCandidate(kind, paragraph.start + start, paragraph.start + end, attribution, False)
        )
    return candidates, consumed
