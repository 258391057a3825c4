"""Turns: who speaks where in an article, and the words by which talk is told from a list."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from ontherecord.flows.extract.text.labels import Label

TALK = re.compile(
    r"\b(?:I|[Yy]ours?|[Yy]ou|[Ww]e|[Uu]s|[Oo]ur|[Mm]e|[Mm]y|[Mm]ine|[Tt]hanks?|[Yy]es|[Nn]o|[Pp]lease|[Hh]ello|[Hh]i"
    r"|[Ss]ir|[Mm]adam|[Gg]ood (?:morning|afternoon|evening))\b(?!\.\s?\d)|\?"
)
FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Mm]e|[Oo]ur|[Uu]s|[Yy]ou|[Yy]our)\b")
WORD = re.compile(r"[^\W_]+")
CLOSING = re.compile(
    r"\s*(?:END|ENDS|###|\*{3}|-{2,}|_{3,}|-30-)\b|\s*(?:The|This) (?:interview|conversation|transcript)\b"
    r".{0,40}\b(?:edited|condensed|ends)\b"
)
QUESTION_LINE = re.compile(r"\s*[*_]{0,2}[^\W\d_][^\"\u201c\u201d]{2,300}\?[*_]{0,2}\s*")


@dataclass(frozen=True, slots=True)
class Turn:
    """Words that a label gives to a speaker; offsets are the body's.

    Without a label it is a question or an answer of an interview, by `asks`. `continues` if the turn before
    is the same speaker's, cut by a paragraph's end or a stage direction. `examiner` is the label of who asks
    in court.
    """

    start: int
    end: int
    label: Label | None
    continues: bool = False
    examiner: Label | None = None
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Transcript:
    """The turns of an article, in order; `sworn` are the names of who is sworn as a witness."""

    turns: tuple[Turn, ...]
    sworn: tuple[Label, ...] = ()

    def between(self, start: int, end: int) -> list[Turn]:
        """List the turns that begin in a span of the body."""
        low = bisect_left(self.turns, start, key=lambda turn: turn.start)
        return list(self.turns[low : bisect_left(self.turns, end, low, key=lambda turn: turn.start)])

    def is_spoken(self, offset: int) -> bool:
        """Whether a body offset is in somebody's words."""
        at = bisect_right(self.turns, offset, key=lambda turn: turn.start) - 1
        return at >= 0 and offset < self.turns[at].end

    @property
    def labels(self) -> tuple[Label, ...]:
        """List the labels, each once, in order; those of who asks and answers in court too."""
        found = {label for turn in self.turns for label in (turn.label, turn.examiner) if label is not None}
        return tuple(sorted({*found, *self.sworn}, key=lambda label: label.start))


def goes_on(text: str) -> bool:
    """Whether a line after the last label still is talk rather than the story around it."""
    return bool(FIRST_PERSON.search(text)) and not any(mark in text for mark in '"\u201c\u201d')
