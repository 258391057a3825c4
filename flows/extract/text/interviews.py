"""Interviews and letters without labels: questions on lines of their own, and names under letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ontherecord.flows.extract.text.labels import LONGEST_LEAD, Label, read_label, read_name
from ontherecord.flows.extract.text.turns import (
    CLOSING,
    FIRST_PERSON,
    QUESTION_LINE,
    WORD,
    Transcript,
    Turn,
    goes_on,
)

_FEWEST_QUESTIONS = 3
_SELF = re.compile(r"\b(?:I|[Mm]y|[Mm]e|[Ww]e|[Oo]ur|[Uu]s)\b")
_INTERVIEW = re.compile(
    r"\binterview(?:s|ed)?\b|\bQ\s?(?:&|and)\s?A\b|\b(?:spoke|speaks|talked|talks|sat down) (?:to|with)\b"
    r"|\b(?:edited|condensed) for (?:length|clarity|brevity)\b"
    r"|\b(?:answers?|answered) (?:\w+ ){0,3}questions\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(
    r"\bletters?\b(?: to the editor)?\s*(?:$|[:\u2014\u2013-])|\b(?:your|readers['\u2019]?) letters\b",
    re.IGNORECASE,
)
_SALUTATION = re.compile(
    r"\s*(?:Sir|SIR|Dear (?:Sir|Editor|editor)|(?:To the )?Editor)s?(?:,| ?[:\u2014\u2013-])\s*"
)
_SENTENCE_ENDS = tuple('.?!\u2026"\u201d')


def read_interview(title: str, lines: Sequence[tuple[int, str]]) -> Transcript | None:
    """Read questions and answers on lines of their own without labels, as magazines print interviews.

    The text must say that it is an interview, and the answers be in the first person: other articles have
    questions as headings.
    """
    asks = [QUESTION_LINE.fullmatch(line) is not None for _, line in lines]
    has_letters = any(
        found[0].form == "letter" for start, line in lines if (found := read_label(start, line))
    )
    if sum(asks) < _FEWEST_QUESTIONS or has_letters:
        return None
    first = asks.index(True)
    before = [title, *(line for _, line in lines[:first])]
    answers = [
        line for (_, line), is_question in zip(lines[first:], asks[first:], strict=True) if not is_question
    ]
    in_first_person = sum(bool(_SELF.search(line)) for line in answers)
    is_alternating = not any(one and other for one, other in pairwise(asks[first:])) and not asks[-1]
    if (
        not is_alternating
        or not any(_INTERVIEW.search(line) for line in before)
        or 2 * in_first_person < sum(asks)
    ):
        return None
    turns, last = [], len(asks) - 1 - asks[::-1].index(True)
    for at in range(first, len(lines)):
        start, line = lines[at]
        if (at > last + 1 and not goes_on(line)) or CLOSING.match(line):
            break
        low, high = len(line) - len(line.lstrip()), len(line.rstrip())
        continues = at > first and not asks[at] and not asks[at - 1]
        turns.append(Turn(start + low, start + high, None, continues, None, asks[at]))
    return Transcript(tuple(turns))


def read_letters(title: str, lines: Sequence[tuple[int, str]]) -> Transcript | None:
    """Read letters to the editor, each signed below: 'Ann Kim, Tarn'."""
    if not _LETTERS.search(title) and not any(_SALUTATION.match(line) for _, line in lines):
        return None
    turns: list[Turn] = []
    waiting: list[tuple[int, int]] = []
    for at, (start, line) in enumerate(lines):
        signer = _signer(start, line, lines[at + 1][1] if at + 1 < len(lines) else "") if waiting else None
        if signer is not None:
            turns += [Turn(low, high, signer, part > 0) for part, (low, high) in enumerate(waiting)]
            waiting = []
        elif line.rstrip()[-1:] in _SENTENCE_ENDS:
            salutation = _SALUTATION.match(line)
            low = salutation.end() if salutation is not None else len(line) - len(line.lstrip())
            if WORD.search(line, low):
                waiting.append((start + low, start + len(line.rstrip())))
    is_talk = any(FIRST_PERSON.search(line) for _, line in lines)
    return Transcript(tuple(turns)) if turns and is_talk else None


def _signer(start: int, line: str, after: str) -> Label | None:
    """Read the signature of a letter: a full name, and a place behind a comma or on the next line."""
    stripped = line.strip()
    if len(stripped) > LONGEST_LEAD / 2 or stripped[-1:] in _SENTENCE_ENDS:
        return None
    label = read_name(start + len(line) - len(line.lstrip()), stripped)
    if label is None or len(label.words) < 2 or not label.is_person:
        return None
    is_placed = "," in stripped or "(" in stripped or label.form == "title"
    is_last = not after or _SALUTATION.match(after) is not None or after.rstrip()[-1:] not in _SENTENCE_ENDS
    return label if is_placed or is_last else None
