"""Speaker phrases: the noun phrase that names the speaker, and its type."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from spacy.tokens import Token

from ontherecord.flows.extract.text.narration import Narration
from ontherecord.warehouse.records import Entity, Mention

PhraseKind = Literal["name", "pronoun", "nominal"]

_PREMODIFIERS = frozenset(
    ("det", "compound", "amod", "poss", "nummod", "nmod", "quantmod", "advmod", "predet", "case")
)
_POSTMODIFIERS = frozenset(("of", "for", "from", "at", "with", "in"))
# Longer postmodifiers ('the head of the office of …') are left out of the phrase.
_LONGEST_TAIL = 8


@dataclass(frozen=True, slots=True)
class SpeakerPhrase:
    """The noun phrase that names a speaker; offsets are the body's.

    `entity_no` is the entity of the phrase's head or apposition; None for pronouns and for nominals without
    a name.
    """

    kind: PhraseKind
    start: int
    end: int
    text: str
    head: str
    is_plural: bool
    is_proper: bool
    entity_no: int | None


class MentionIndex:
    """The body's mentions, by offset."""

    def __init__(self, mentions: Sequence[Mention], entities: Sequence[Entity]) -> None:
        self._entities = entities
        self.mentions = [mention for mention in mentions if mention.field == "body"]
        self._starts = [mention.char_start for mention in self.mentions]

    def at(self, offset: int) -> Mention | None:
        """Return the mention that covers a body offset."""
        index = bisect_right(self._starts, offset) - 1
        if index >= 0 and offset < self.mentions[index].char_end:
            return self.mentions[index]
        return None

    def origins(self, start: int, end: int) -> list[str]:
        """List the countries and places named in a span of the body: 'country:FR', 'place:lyon'."""
        found = []
        for mention in self.between(start, end):
            entity = self._entities[mention.entity_no]
            if entity.country_code is not None:
                found.append(f"country:{entity.country_code}")
            if entity.kind == "place":
                found.append(f"place:{entity.name.lower()}")
        return found

    def between(self, start: int, end: int) -> list[Mention]:
        """List the mentions that begin in a span of the body."""
        low, high = bisect_right(self._starts, start - 1), bisect_right(self._starts, end - 1)
        return self.mentions[low:high]


def read_speaker_phrase(
    narration: Narration, head: Token, mentions: MentionIndex, body: str
) -> SpeakerPhrase | None:
    """Describe the noun phrase of a head token; None if no words are left of it."""
    head = _name_head(narration, head, mentions)
    mention = mentions.at(narration.start_of(head))
    first, last = _first_token(head), _last_token(head, mention is not None)
    start, end = narration.start_of(first), narration.end_of(last)
    if mention is not None and mention.kind == "group" and _is_one_of(head):
        mention = None  # 'a Nevada Democrat' is a member, not the group
    if mention is not None:
        start, end = min(start, mention.char_start), max(mention.char_end, narration.end_of(head))
    joint = _joint_speaker(head)
    if joint is not None:
        end = max(end, narration.end_of(_last_token(joint, True)))
    text = body[start:end]
    for mark in ("'s", "\u2019s"):
        if text.endswith(mark):
            text = text[: -len(mark)]
    if not text.strip():
        return None
    end = start + len(text)
    entity_no = mention.entity_no if mention is not None else None
    if entity_no is None:
        entity_no = _apposition(narration, head, mentions)
    if head.tag_ in ("PRP", "PRP$", "WP", "DT") and mention is None:
        kind: PhraseKind = "pronoun"
    else:
        kind = "name" if entity_no is not None else "nominal"
    is_plural = head.tag_ in ("NNS", "NNPS") or joint is not None
    is_proper = head.tag_[:3] == "NNP" and not head.is_lower
    return SpeakerPhrase(kind, start, end, text, head.lower_, is_plural, is_proper, entity_no)


def _is_one_of(head: Token) -> bool:
    return head.tag_ in ("NN", "NNP", "JJ") or any(child.dep_ in ("nummod", "det") for child in head.children)


def _name_head(narration: Narration, head: Token, mentions: MentionIndex) -> Token:
    """Step from a title to the name beside it, where the parser took the title for the head.

    'spokesman John Kirby' is one phrase; 'a spokesman for John Kirby' is another person.
    """
    if mentions.at(narration.start_of(head)) is not None or head.tag_[:2] != "NN":
        return head
    if head.i + 1 < len(head.doc):
        after = head.nbor(1)
        mention = mentions.at(narration.start_of(after))
        if mention is not None and mention.kind == "person" and after.tag_[:3] == "NNP":
            while after.i + 1 < len(after.doc) and narration.start_of(after.nbor(1)) < mention.char_end:
                after = after.nbor(1)
            return after
    return head


def _apposition(narration: Narration, head: Token, mentions: MentionIndex) -> int | None:
    """Find the person in apposition to a role: 'the mayor, Ann Kim,' or 'Ann Kim, the mayor'."""
    others = [child for child in head.children if child.dep_ == "appos" and child.i > head.i]
    if head.dep_ == "appos":
        others.append(head.head)
    for other in others:
        mention = mentions.at(narration.start_of(other))
        if mention is not None and mention.kind == "person":
            return mention.entity_no
    return None


def _joint_speaker(head: Token) -> Token | None:
    """Find the second of two joint speakers: 'Kim and Lee said'."""
    for child in head.children:
        words = head.doc[head.i + 1 : child.left_edge.i]
        if (
            child.dep_ == "conj"
            and [word.lower_ for word in words] == ["and"]
            and child.tag_[:2] in ("NN", "PR")
        ):
            return child
    return None


def _first_token(head: Token) -> Token:
    first = head
    while first.i > 1 and first.nbor(-1).text == "-" and not first.nbor(-1).whitespace_:
        first = first.nbor(-2)  # 'the 30-year-old'
    for child in reversed([child for child in head.children if child.i < first.i]):
        if child.dep_ not in _PREMODIFIERS or child.right_edge.i != first.i - 1:
            break
        edge = child.left_edge
        if any(token.tag_ in (",", ":", "``", "''") for token in head.doc[edge.i : child.i]):
            return child
        first = edge
    # An article right before the phrase belongs to it, wherever the parser has attached it.
    is_article = first.i > head.sent.start and first.nbor(-1).lower_ in ("the", "a", "an")
    return first.nbor(-1) if is_article else first


def _last_token(head: Token, is_name: bool) -> Token:
    if is_name:
        return head
    last = head
    for child in head.children:
        is_next = child.i == last.i + 1 and child.dep_ == "prep" and child.lower_ in _POSTMODIFIERS
        if is_next and child.right_edge.i - child.i <= _LONGEST_TAIL:
            last = child.right_edge
            for token in head.doc[child.i : last.i + 1]:
                if token.tag_ in (",", ":", "WP", "WDT", "``", "''") or token.dep_ == "relcl":
                    return token.nbor(-1)
    return last
