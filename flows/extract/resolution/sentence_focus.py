"""Sentence focus: whom each of the narrator's sentences is about, for resolving pronouns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from spacy.tokens import Span, Token

from ontherecord.flows.extract.attribution.speaker_phrases import (
    MentionIndex,
    SpeakerPhrase,
    joint_heads,
    read_speaker_phrase,
)
from ontherecord.flows.extract.attribution.subjects import Subjects, singular
from ontherecord.flows.extract.resolution.roles import roles_of
from ontherecord.flows.extract.resolution.speakers import is_person_noun
from ontherecord.flows.extract.text.abbreviations import abbreviation_pattern
from ontherecord.flows.extract.text.cues import Speech, speech_of
from ontherecord.flows.extract.text.grammar import FINITE, is_not_said
from ontherecord.flows.extract.text.marks import QuotedSpan
from ontherecord.flows.extract.text.narration import Narration
from ontherecord.flows.extract.word_lists import word_set
from ontherecord.warehouse.records import Mention

_SENTENCE = re.compile(r"[.?!]['\"\u2019\u201d)]*\s+(?=[\"'\u201c\u2018(]?[A-Z0-9])")
_LONGEST_SOURCE = 80
# What links two names: ', ', ' and ', with a party before it and a title behind it: ' (D-Del.) and Senator '.
_LINK = re.compile(r"(?: \([^()]{1,20}\)|, [A-Z]-[A-Z][\w.]{1,9},?)?,? (and |& )?(?:[A-Z][a-z]+\.? ){0,3}")
_OPENING_PRONOUN = re.compile(r"\W*(?:(?:But|And|Then|Later|Now|So|Still|Yet),?\s)?(He|She|he|she)\b")
_OPENING_GROUP = re.compile(
    r"\W*((?:(?:The|Some|Many|Several|Most|Local|Angry|Two|Three|Four|Five"
    r"|(?:Dozens|Hundreds|Thousands) of) )?([A-Za-z-]+))\b"
)
# 'Tenant advocates took', but not 'Kim advocates a ban', 'Oslo guards its port', 'Parents of'.
_OPENING_KIND = re.compile(
    r"\W*(?:But )?((?:(?i:the|some|many|several|most|local) )?[A-Z]?[a-z-]+ ([a-z-]+s))"
    r"(?= [a-z])(?! (?:an?|the|his|her|its|their|our|this|that|for|of|in|at|on|from|to|with)\b)"
)
_PERSONAL = frozenset(("he", "she", "him", "her"))
# Without a parse, the first person within this many characters counts as the subject.
_EARLY = 60
_LONGEST_ABBREVIATION = 8
# … and an organization that opens the sentence, after 'The '.
_ARTICLE = 4


@dataclass(frozen=True, slots=True)
class SentenceFocus:
    """Whom one of the narrator's sentences is about; offsets are the body's."""

    start: int
    end: int
    subjects_at: tuple[tuple[int, int], ...]  # (offset, entity), the main clause's first
    others_at: tuple[tuple[int, int], ...]  # (offset, entity), in order
    roles: tuple[tuple[int, tuple[str, ...]], ...]
    has_speech: bool
    ends_with_colon: bool
    pronoun_at: tuple[int, str] | None = None  # (offset, 'he' or 'she'), the main clause's subject
    nameless_subject: SpeakerPhrase | None = None  # the main clause's subject: 'the minister'
    joint_subjects: tuple[int, ...] = ()  # the persons of a main clause's subject like 'Kim and Lee'
    # Describes the subject of its verb of speech, if words in marks may follow; called only where they do.
    voice: Callable[[], SpeakerPhrase | None] | None = None

    def subjects_before(self, offset: int) -> list[int]:
        """List the entities that are subjects in this sentence before an offset."""
        return [number for at, number in self.subjects_at if at < offset]

    def others_before(self, offset: int) -> list[int]:
        """List the other entities named in this sentence before an offset."""
        return [number for at, number in self.others_at if at < offset]


def parsed_sentences(narration: Narration, mentions: MentionIndex, body: str) -> list[SentenceFocus]:
    """Return the focus of each sentence of a parsed paragraph."""
    return [
        _parsed_sentence(narration, sentence, mentions, body)
        for sentence in narration.sentences
        if any(not narration.is_placeholder(token.i) and token.is_alpha for token in sentence)
    ]


def _parsed_sentence(
    narration: Narration, sentence: Span, mentions: MentionIndex, body: str
) -> SentenceFocus:
    real = [token for token in sentence if not narration.is_placeholder(token.i)]
    words = [token for token in real if not token.is_punct] or real
    start, end = narration.start_of(words[0]), narration.end_of(words[-1])
    subjects: list[tuple[int, int, int]] = []
    others: list[tuple[int, int]] = []
    has_last_word = False
    seen: set[int] = set()
    for token in words:
        offset = narration.start_of(token)
        mention = mentions.at(offset)
        if mention is None or mention.mention_no in seen or narration.is_fragment(token.i):
            continue
        if _is_source(body, mention):
            continue
        last = token
        while last.i + 1 < sentence.end and narration.start_of(last.nbor(1)) < mention.char_end:
            last = last.nbor(1)
        seen.add(mention.mention_no)
        deps = {part.dep_: part for part in narration.doc[token.i : last.i + 1]}
        subject = deps.get("nsubj") or deps.get("nsubjpass")
        if subject is None and "poss" in deps and deps["poss"].head.dep_ in ("nsubj", "nsubjpass"):
            owned = deps[
                "poss"
            ].head  # "Kim's plan is new. She said …", but not "Kim's sister, Ann Lee, left."
            is_other = is_person_noun(owned.lower_) and any(child.dep_ == "appos" for child in owned.children)
            is_other = is_other or _is_person(narration, mentions, owned)  # "the Gazette's Kim agreed"
            subject = None if is_other else owned
        if subject is None and "appos" in deps and deps["appos"].head.dep_ in ("nsubj", "nsubjpass"):
            subject = deps["appos"].head  # 'Their manager, Kim, was there. He said …'
        if subject is not None:
            rank = -1 if _has_last_word(narration, subject) else 0 if subject.head.dep_ == "ROOT" else 1
            has_last_word = has_last_word or rank < 0
            subjects.append((rank, offset, mention.entity_no))
        else:
            others.append((offset, mention.entity_no))
    nouns = word_set("speech_nouns")
    has_speech = any(
        token.lower_ in nouns or ((speech := speech_of(token)) and speech & Speech.STATEMENT)
        for token in real
    )
    colon = any(token.text == ":" for token in real[-2:])
    roles = roles_of(body, mentions.between(start, end), mentions)
    ordered = tuple((offset, number) for _, offset, number in sorted(subjects))
    pronoun = next(
        (
            token
            for token in words
            if token.lower_ in ("he", "she") and token.dep_ == "nsubj" and token.head.dep_ == "ROOT"
        ),
        None,
    )
    pronoun_at = (narration.start_of(pronoun), pronoun.lower_) if pronoun is not None else None
    nameless_subject = _nameless_subject(narration, words, mentions, body) if not has_last_word else None
    joint = _joint_subjects(narration, words, mentions)
    voice = partial(_voice, narration, sentence, mentions, body) if has_speech else None
    return SentenceFocus(
        start,
        end,
        ordered,
        tuple(others),
        roles,
        has_speech,
        colon,
        pronoun_at,
        nameless_subject,
        joint,
        voice,
    )


def _has_last_word(narration: Narration, subject: Token) -> bool:
    """Whether a subject is set against the one before: Lee in 'Kim left, but Lee was blunt', who goes on.

    Not in 'Kim wanted to go, but Lee stopped him', which is about Kim.
    """
    first = subject.left_edge
    verb = subject.head
    is_clause = verb.dep_ in ("conj", "ROOT", "ccomp") and verb.i > subject.i and verb.tag_ in FINITE
    if not is_clause or first.i - 1 <= first.sent.start or first.nbor(-1).lower_ != "but":
        return False
    before = first.doc[first.sent.start : first.i]
    if narration.has_placeholder(first.sent.start, first.i) or any(
        token.lower_ in _PERSONAL for token in before
    ):
        return False
    return not any(token.lower_ in _PERSONAL for token in verb.doc[verb.i : first.sent.end])


def _is_person(narration: Narration, mentions: MentionIndex, token: Token) -> bool:
    mention = mentions.at(narration.start_of(token))
    return mention is not None and mention.kind == "person"


def _voice(narration: Narration, sentence: Span, mentions: MentionIndex, body: str) -> SpeakerPhrase | None:
    """Describe who speaks in a sentence before a quotation: Lee in 'Or maybe Ann Kim, Bo Lee says.'

    That is the subject of its verb of speech, or of 'issued' in 'issued a statement'.
    """
    end = sentence.end
    if end < len(narration.doc) and not narration.has_placeholder(end, end + 2):
        return None
    subjects = Subjects(narration, mentions, body)
    for token in sentence:
        if narration.is_placeholder(token.i) or narration.is_fragment(token.i):
            continue
        verb = _verb_of_saying(token)
        if verb is None or is_not_said(verb):
            continue
        phrase = subjects.speaker_of(verb)
        if phrase is not None and phrase.kind != "pronoun":
            return phrase
    return None


def _verb_of_saying(token: Token) -> Token | None:
    """Return a main clause's verb of speech, or the verb over a noun: 'issued a statement'."""
    if token.dep_ in ("ROOT", "conj", "ccomp", "parataxis") and speech_of(token) & Speech.STATEMENT:
        return token
    is_made = token.dep_ == "dobj" and token.head.lower_ in word_set("verbs_making")
    return token.head if is_made and token.lower_ in word_set("speech_nouns") else None


def _is_source(body: str, mention: Mention) -> bool:
    """Whether a name is in brackets, as the source of a quotation is: '"…" [Harbour Gazette, 12 May]'."""
    opening = body.rfind("[", max(0, mention.char_start - _LONGEST_SOURCE), mention.char_start)
    closing = body.find("]", mention.char_end, mention.char_end + _LONGEST_SOURCE)
    return opening >= 0 and closing >= 0 and "]" not in body[opening : mention.char_start]


def _joint_subjects(narration: Narration, words: Sequence[Token], mentions: MentionIndex) -> tuple[int, ...]:
    """List the persons who are together the main clause's subject; none if one of them has no name."""
    for token in words:
        if token.dep_ == "nsubj" and token.head.dep_ == "ROOT":
            heads = joint_heads(narration, token, mentions)
            named = [mentions.at(narration.start_of(head)) for head in heads]
            persons = [one.entity_no for one in named if one is not None and one.kind == "person"]
            if heads and len(persons) == len(heads):
                return tuple(persons)
    return ()


def _opening_persons(named: Sequence[Mention], subject: int, body: str) -> tuple[int, ...]:
    """List the persons who open an unparsed sentence together: 'Senators Ann Kim and Bo Lee today'."""
    persons = [mention for mention in named if mention.kind == "person" and mention.char_start >= subject]
    together = persons[:1]
    for before, after in pairwise(persons):
        link = _LINK.fullmatch(body, before.char_end, after.char_start)
        if link is None:
            break
        together.append(after)
        if link.group(1):
            return tuple(mention.entity_no for mention in together)
    return ()


def _nameless_subject(
    narration: Narration, words: Sequence[Token], mentions: MentionIndex, body: str
) -> SpeakerPhrase | None:
    """Describe the main clause's subject if it is a noun phrase without a name."""
    for token in words:
        is_subject = token.dep_ in ("nsubj", "nsubjpass") and token.head.dep_ == "ROOT"
        if is_subject and token.tag_[:2] == "NN" and not narration.is_fragment(token.i):
            phrase = read_speaker_phrase(narration, token, mentions, body)
            return phrase if phrase is not None and phrase.entity_no is None else None
    return None


def unparsed_sentences(
    paragraph_start: int,
    paragraph: str,
    quoted_spans: Sequence[QuotedSpan],
    mentions: MentionIndex,
    body: str,
) -> list[SentenceFocus]:
    """Return the focus of each sentence of an unparsed paragraph."""
    focuses = []
    at = 0
    ends = [found.end() for found in _SENTENCE.finditer(paragraph) if not _is_abbreviation(paragraph, found)]
    for end in [*ends, len(paragraph)]:
        start, stop = paragraph_start + at, paragraph_start + end
        named = mentions.between(start, stop)
        if paragraph[at:end].strip():
            pronoun_at = _opening_pronoun(start, paragraph[at:end])
            subjects, others = _guess_subject(start, named, body, pronoun_at is not None)
            joint = _opening_persons(named, subjects[0][0], body) if subjects else ()
            has_speech = not word_set("speech_nouns").isdisjoint(paragraph[at:end].lower().split())
            colon = paragraph[at:end].rstrip().endswith(":")
            roles = roles_of(body, named, mentions)
            group = _opening_group(start, paragraph[at:end])
            focuses.append(
                SentenceFocus(
                    start, stop, subjects, others, roles, has_speech, colon, pronoun_at, group, joint
                )
            )
        at = end
    return focuses


def _opening_group(start: int, sentence: str) -> SpeakerPhrase | None:
    """Find the people that open a sentence: 'Residents', 'Shop owners', 'Police'."""
    for pattern in (_OPENING_GROUP, _OPENING_KIND):
        found = pattern.match(sentence)
        head = found.group(2).lower() if found is not None else ""
        is_people = head in word_set("group_nouns") or (head.endswith("s") and is_person_noun(singular(head)))
        if found is not None and is_people:
            begin, text = start + found.start(1), found.group(1)
            return SpeakerPhrase("nominal", begin, begin + len(text), text, head, True, False, None)
    return None


def _opening_pronoun(start: int, sentence: str) -> tuple[int, str] | None:
    """Find the 'He' or 'She' that opens a sentence."""
    found = _OPENING_PRONOUN.match(sentence)
    return (start + found.start(1), found.group(1).lower()) if found else None


def _is_abbreviation(paragraph: str, found: re.Match[str]) -> bool:
    start = max(0, found.start() - _LONGEST_ABBREVIATION)
    return any(
        short.end() == found.start() + 1
        for short in abbreviation_pattern().finditer(paragraph, start, found.start() + 1)
    )


def _guess_subject(
    start: int, named: Sequence[Mention], body: str, has_pronoun: bool
) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    subjects: list[tuple[int, int]] = []
    others: list[tuple[int, int]] = []
    for mention in named:
        if _is_source(body, mention):
            continue
        named_at = (mention.char_start, mention.entity_no)
        is_possessor = body[mention.char_end : mention.char_end + 2] in ("'s", "\u2019s")
        can_act = mention.kind == "person" and not is_possessor and not has_pronoun
        opens = mention.kind == "organization" and mention.char_start - start <= _ARTICLE and not is_possessor
        before, after = body[mention.char_start - 6 : mention.char_start], body[mention.char_end :][:2]
        if can_act and before == ", but " and after[1:].islower():
            subjects.insert(0, named_at)  # 'Kim left, but Lee was blunt.'
        elif opens or (not subjects and can_act and mention.char_start - start < _EARLY):
            subjects.append(named_at)
        else:
            others.append(named_at)
    return tuple(subjects), tuple(others)
