"""Dialogue by dashes: lines that open with a dash and words, often with who says them behind a comma.

'— Who is first? she asked.' The dash stands for the opening mark, and nothing for the closing one, so the
words end where an attribution begins. A list has dashes too: some line must have an attribution, and talk.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ontherecord.flows.extract.text.cues import Speech, speech_of_word
from ontherecord.flows.extract.text.marks import QuotedSpan
from ontherecord.flows.extract.text.turns import TALK

_DASH = re.compile(r"\s*(?:[\u2014\u2013\u2015]|--?(?=\s))\s*(?=[^\W_]|\u2026|\.\.\.)")
# A hyphen opens the items of lists more often.
_LONG_DASHES = ("\u2014", "\u2013", "\u2015")
_END = re.compile(r"[,?!\u2026]\s+|\.{3}\s+")
_AGAIN = re.compile(r"[,.;]\s+[\u2014\u2013\u2015]\s*(?=[^\W_])")
_WORD = re.compile(r"[\w'\u2019-]+")
_PRONOUNS = frozenset(("he", "she", "they"))
_OPENERS = frozenset(("the", "a", "an", "his", "her", "its", "their", "one", "another", "our"))
# Words of a subject before its verb: 'the old man in the hat asked'.
_LONGEST_SUBJECT = 6
_SPEAKING = Speech.STATEMENT | Speech.QUOTING
# Least share of the lines of a dialogue that say who speaks, for the others to be speech.
_LEAST_SHARE = 0.4


def find_dialogue(paragraphs: Sequence[str]) -> dict[int, tuple[QuotedSpan, ...]]:
    """Return the spoken words of each line of a dialogue by dashes, by the number of the paragraph.

    A line without an attribution is speech in a run of lines where others have one.
    """
    found: dict[int, tuple[QuotedSpan, ...]] = {}
    run: list[int] = []
    for number, paragraph in enumerate([*paragraphs, ""]):
        if _DASH.match(paragraph) and not any(mark in paragraph for mark in '"\u201c\u201d'):
            run.append(number)
            continue
        if len(run) > 1:
            found |= _read_run(paragraphs, run)
        run = []
    return found


def _read_run(paragraphs: Sequence[str], run: Sequence[int]) -> dict[int, tuple[QuotedSpan, ...]]:
    attributed = {number: spans for number in run if (spans := _attributed(paragraphs[number]))}
    is_talk = any(TALK.search(paragraphs[number]) for number in attributed)
    if not is_talk:
        return {}
    is_dialogue = len(attributed) >= _LEAST_SHARE * len(run)
    for number in run:
        opens_long = paragraphs[number].lstrip().startswith(_LONG_DASHES)
        if is_dialogue and opens_long and number not in attributed:
            attributed[number] = (_whole(paragraphs[number]),)
    return attributed


def _whole(line: str) -> QuotedSpan:
    dash = _DASH.match(line)
    start = dash.end() if dash is not None else 0
    end = len(line.rstrip())
    return QuotedSpan(start, end, 0, len(line), True, False)


def _attributed(line: str) -> tuple[QuotedSpan, ...]:
    """Return the spoken words of a line with an attribution; empty if it has none."""
    dash = _DASH.match(line)
    if dash is None:
        return ()
    for found in _END.finditer(line, dash.end()):
        if not _begins_attribution(line[found.end() :]):
            continue
        mark = found.group()[0]
        end = found.start() if mark == "," else found.start() + len(found.group().rstrip())
        spans = [QuotedSpan(dash.end(), end, 0, found.end() - 1, True, False)]
        again = _AGAIN.search(line, found.end())
        if again is not None:
            last = len(line.rstrip())
            spans.append(QuotedSpan(again.end(), last, again.start() + 1, len(line), True, False))
        return tuple(spans)
    return ()


def _begins_attribution(text: str) -> bool:
    """Whether a text begins like 'she asked', 'said its skipper', 'the man in the hat replied'."""
    words = _WORD.findall(text[:120])[: _LONGEST_SUBJECT + 1]
    if len(words) < 2:
        return False
    if words[0].islower() and speech_of_word(words[0]) & _SPEAKING:
        has_role = len(words) > 2 and words[2][:1].isupper()  # 'said conductor Ann Kim'
        return words[1][:1].isupper() or has_role or words[1] in _PRONOUNS | _OPENERS
    if words[0] in _PRONOUNS:
        return bool(speech_of_word(words[1]) & _SPEAKING)
    if words[0] not in _OPENERS and not (words[0][:1].isupper() and words[0] != "I"):
        return False
    if words[0][:1].isupper():  # 'Ann Kim said': all its words are capitalized
        name = next((at for at, word in enumerate(words) if not word[:1].isupper()), len(words))
        return name < len(words) and bool(speech_of_word(words[name]) & _SPEAKING) and words[name].islower()
    return any(_is_past(word) for word in words[1:])


def _is_past(word: str) -> bool:
    is_form = word.endswith("ed") or word in ("said", "says", "told", "asks")
    return is_form and bool(speech_of_word(word) & _SPEAKING)
