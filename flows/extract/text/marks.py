"""Quotation marks: where quotations begin and end in one paragraph.

The marks alone decide, without a parser. Every paragraph is read by itself, so an unpaired mark affects at
most its own paragraph.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Literal

from ontherecord.flows.extract.text.cues import speech_follows

Side = Literal["open", "close", "either"]

# All double marks found in news: curly, straight, escaped, TeX, guillemets, low-high, the Windows
# code page read as Latin-1 (\x93, \x94), UTF-8 read as Windows-1252 ('â€œ') or Latin-1 ('â' and two lost
# controls, which no English word has before a capital), and HTML entities.
_DOUBLE = re.compile(
    '\\\\"|""(?=[\\s.,;:!?)]|$)|(?:(?<=\\s)|^)""(?=\\S)|'
    "(?:(?<=\\s)|^)â(?=[A-Z])|(?<=[,.!?])â\\??(?=\\s|$)|"
    "â€œ|â€\x9d|â€\ufffd|â€(?=[\\s.,;:!?)]|$)|``|''(?!')|&(?:quot|ldquo|rdquo|laquo|raquo|#34);"
    '|["\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02\u301d\u301e\u300c\u300d\u300e\u300f\x93\x94]'
)
_OPENERS = frozenset(("â€œ", "``", "&ldquo;", "&laquo;", *"\u201c\u201e\u201f\u00ab\u301d\u300c\u300e\x93"))
_EITHER = frozenset(('"', '\\"', '""', "''", "\u2033", "\uff02", "&quot;", "&#34;"))
_SINGLE = re.compile("â€˜|â€™|(?<!`)`(?!`)|['\u2018\u2019\u201a\u2039\u203a\x91\x92]")
# An apostrophe that begins a word is no opening mark: 'em, 'til, '90s, rock 'n' roll.
_ELISION = re.compile(r"(?:tis|twas|em|til|till|cause|round|bout|n|cos|neath|\d\ds?)\b", re.IGNORECASE)
# The values in a tag are in marks too: '<a href="x">'.
_TAG = re.compile(r"<[A-Za-z!/][^<>]{0,300}>")
_ROCK_N_ROLL = re.compile(r"\s['\u2018\u2019]n['\u2019]$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.?!\u2026]\s+(?=\S)")
# Who speaks, after a comma at which the closing mark was forgotten: '"It is dull, said Kim.'
_VERB = r"(?:said|says|added|adds|told|tells|explained|recalled|wrote|tweeted|asked)"
_FORGOTTEN = re.compile(
    rf",(?=\s(?:{_VERB}\s(?:[A-Z]|the\s|an?\s|his\s|her\s)|(?:he|she|they|I|[A-Z][\w'\u2019.-]+(?:\s[A-Z][\w'\u2019.-]+)"
    rf"{{0,3}})\s{_VERB}\b))"
)
# 'Kim said: The bridge holds." ': the words begin behind the colon.
_ANNOUNCED = re.compile(rf"\b{_VERB}(?:\s[\w\s]{{0,40}})?[:,]\s+(?=[A-Z])")
_WE = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|[Uu]s|me)\b")
_FEET_AND_INCHES = re.compile(r"\d['\u2019\u2032]\s?\d{1,2}$")
_BEFORE_OPENING = frozenset("([{-\u2013\u2014/\u2026")
_AFTER_CLOSING = frozenset(".,;:!?)]}-\u2013\u2014/\u2026")


@dataclass(frozen=True, slots=True)
class QuotedSpan:
    """A quotation in a paragraph; offsets are into the paragraph.

    `start` and `end` exclude the marks and the white space beside them, `outer_start` and `outer_end`
    include the marks. A quotation that is not closed runs to the end of its paragraph.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    is_closed: bool
    is_single: bool


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    side: Side
    looks_open: bool
    looks_closed: bool


def opens_with_mark(paragraph: str) -> bool:
    """Whether a paragraph begins with an opening mark, as each paragraph of a long quotation does."""
    head = paragraph.lstrip()[:8]
    found = _DOUBLE.match(head)
    is_double = bool(found and found.group() not in ("\u201d", "\u00bb"))
    # A straight single mark before a capital, and not before 'Twas.
    is_straight = head[:1] == "'" and head[1:2].isupper() and not _ELISION.match(head, 1)
    return is_double or is_straight or head[:1] in ("\u2018", "\x91")


def find_quoted_spans(paragraph: str, is_continued: bool = False) -> list[QuotedSpan]:
    """List the outermost quotations; `is_continued` if the next paragraph opens with a mark."""
    tags = [found.span() for found in _TAG.finditer(paragraph)] if "<" in paragraph else []
    doubles = [
        mark
        for mark in map(_read_mark, _matches(_DOUBLE, paragraph))
        if not _is_inch(paragraph, mark) and not any(low <= mark.start < high for low, high in tags)
    ]
    pairs = _pair_double(paragraph, doubles, is_continued)
    pairs += _pair_single(paragraph, doubles, pairs, is_continued)
    return [span for pair in sorted(pairs) if (span := _trim_span(paragraph, pair)) is not None]


def _matches(pattern: re.Pattern[str], paragraph: str) -> list[tuple[str, re.Match[str]]]:
    return [(paragraph, found) for found in pattern.finditer(paragraph)]


def _read_mark(item: tuple[str, re.Match[str]]) -> _Mark:
    paragraph, found = item
    word = found.group()
    side: Side = "open" if word in _OPENERS else "either" if word in _EITHER else "close"
    before, after = paragraph[found.start() - 1 : found.start()], paragraph[found.end() : found.end() + 1]
    starts = (not before or before.isspace() or before in _BEFORE_OPENING) and bool(after)
    ends = bool(before) and not before.isspace()
    return _Mark(
        found.start(),
        found.end(),
        side,
        starts and not after.isspace(),
        ends and (not after or after.isspace() or after in _AFTER_CLOSING),
    )


def _is_inch(paragraph: str, mark: _Mark) -> bool:
    """Whether a straight mark means inches: 6'2", or 12" with no quotation to close."""
    if mark.side != "either" or not paragraph[mark.start - 1 : mark.start].isdigit():
        return False
    if _FEET_AND_INCHES.search(paragraph[max(0, mark.start - 6) : mark.start]):
        return True
    return bool(re.match(r"\s?[x\u00d7-]\s?\d|-\w", paragraph[mark.end : mark.end + 4]))


_MarkPair = tuple[int, int, int, int, bool, bool]


def _pair_double(paragraph: str, marks: list[_Mark], is_continued: bool) -> list[_MarkPair]:
    """Match openers and closers with a stack, and keep the outermost pairs.

    Inside a quotation, a mark that can only open is nested, or the mark before it was never closed. Behind
    the end of a sentence it opened the next paragraph of the same speech before paragraphs were joined, and
    is passed over, unless ', said Kim' between shows that a closing mark was forgotten.
    """
    stack: list[_Mark] = []
    pairs: list[_MarkPair] = []
    for mark in marks:
        if not stack:
            if mark.looks_open or not mark.looks_closed:
                stack.append(mark)
            elif (start := _unmarked_start(paragraph, pairs, mark)) is not None:
                pairs.append((start, start, mark.start, mark.end, True, False))
        elif _closes(mark):
            opener = stack.pop()
            while pairs and pairs[-1][0] > opener.start:
                pairs.pop()
            pairs.append((opener.start, opener.end, mark.start, mark.end, True, False))
        elif stack[-1].side == mark.side and _SENTENCE_END.search(paragraph, mark.start - 3, mark.start + 1):
            if forgotten := _FORGOTTEN.search(paragraph, stack[-1].end, mark.start):
                end = forgotten.end()
                pairs.append((stack[-1].start, stack[-1].end, end, end, True, False))
                stack[-1] = mark
        else:
            stack.append(mark)
    if stack:
        first, last = stack[0], stack[-1]
        opener = first if is_continued else last
        if is_continued or marks[-1] is last:
            pairs = [pair for pair in pairs if pair[0] < opener.start]
            forgotten = None if is_continued else _FORGOTTEN.search(paragraph, opener.end)
            end = forgotten.end() if forgotten else len(paragraph)
            pairs.append((opener.start, opener.end, end, end, forgotten is not None, False))
    return pairs


def _unmarked_start(paragraph: str, pairs: list[_MarkPair], closer: _Mark) -> int | None:
    """Return where a quotation begins whose opening mark is missing, None if a mark closes nothing.

    'The road is closed," Kim said.' Behind 'Kim said:'; else the sentence before the mark, or all sentences
    if they speak of 'we' or 'I', as narrators do not. At the end of a paragraph only such a sentence.
    """
    low = pairs[-1][3] if pairs else 0
    words = paragraph[low : closer.start]
    after = paragraph[closer.end : closer.end + 80].lstrip()
    if words[-1:] not in (",", ".", "!", "?", "\u2026") or len(words.split()) < 2:
        return None
    if after and not speech_follows(after):
        return None
    announced = list(_ANNOUNCED.finditer(words))
    if announced:
        return low + announced[-1].end()
    starts = [found.end() for found in _SENTENCE_END.finditer(words)]
    if not pairs and (not starts or _WE.search(words[: starts[0]])):
        starts = [len(words) - len(words.lstrip())]
    if not starts or not words[starts[-1]].isupper() or not (after or _WE.search(words, starts[-1])):
        return None
    return low + starts[-1]


def _closes(mark: _Mark) -> bool:
    if mark.side == "close":
        return True
    if mark.side == "open":
        return mark.looks_closed and not mark.looks_open
    return not mark.looks_open or mark.looks_closed


def _pair_single(
    paragraph: str, doubles: list[_Mark], pairs: list[_MarkPair], is_continued: bool
) -> list[_MarkPair]:
    """Match single marks used as quotation marks outside double ones.

    An apostrophe opens a quotation only before a word, and closes one best after punctuation: 'the voters'
    choice' contains a plural possessive.
    """
    singles = [found for _, found in _matches(_SINGLE, paragraph)]
    if not singles:
        return []
    firm, weak = _single_closers(paragraph, singles)
    firm_closers = frozenset(firm)
    double_starts = [mark.start for mark in doubles]
    taken = [(pair[0], pair[3]) for pair in pairs]
    found_pairs: list[_MarkPair] = []
    free_from = 0
    opening = len(paragraph) - len(paragraph.lstrip())
    for found in singles:
        start, end = found.span()
        if start < free_from or not _opens_single(paragraph, found) or _is_inside(taken, start):
            continue
        closer = _next_closer(firm, weak, end)
        # The last quotation, with which the next paragraph goes on, has at most the apostrophe of a plural.
        is_last = is_continued and closer not in firm_closers and paragraph[end : end + 1].isupper()
        is_open_ended = is_continued and (is_last or (closer is None and start <= opening))
        if closer is None and not is_open_ended:
            continue
        closer = None if is_open_ended else closer
        stop, after = closer if closer is not None else (len(paragraph), len(paragraph))
        inside = bisect_left(double_starts, stop) - bisect_left(double_starts, end)
        if inside % 2 == 0 and not any(pair[0] < start < pair[3] for pair in found_pairs[-1:]):
            found_pairs.append((start, end, stop, after, closer is not None, True))
            free_from = after
    pairs[:] = _outside(pairs, found_pairs)
    return found_pairs


def _outside(pairs: list[_MarkPair], singles: list[_MarkPair]) -> list[_MarkPair]:
    """Drop the double pairs inside a single pair."""
    starts = [pair[0] for pair in singles]
    kept = []
    for pair in pairs:
        at = bisect_right(starts, pair[0]) - 1
        if at < 0 or pair[0] >= singles[at][3]:
            kept.append(pair)
    return kept


def _opens_single(paragraph: str, found: re.Match[str]) -> bool:
    start, end = found.span()
    before, after = paragraph[start - 1 : start] if start else "", paragraph[end : end + 1]
    if before and not before.isspace() and before not in _BEFORE_OPENING:
        return False
    if not (after.isalnum() or after in ("$", '"', "\u201c", "\u2026")) or not after:
        return False
    return not _ELISION.match(paragraph, end)


def _single_closers(
    paragraph: str, singles: list[re.Match[str]]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Split possible closing marks into firm ones and those that may be plural possessives."""
    firm: list[tuple[int, int]] = []
    weak: list[tuple[int, int]] = []
    for found in singles:
        start, end = found.span()
        before, after = paragraph[start - 1 : start] if start else " ", paragraph[end : end + 1]
        if before.isspace() or after.isalnum() or found.group() in ("\u2018", "\x91", "\u201a", "`"):
            continue
        if _ROCK_N_ROLL.search(paragraph[max(0, start - 3) : end]):
            continue
        (weak if before in ("s", "S", "z") and after.isspace() else firm).append((start, end))
    return firm, weak


def _next_closer(
    firm: list[tuple[int, int]], weak: list[tuple[int, int]], after: int
) -> tuple[int, int] | None:
    for closers in (firm, weak):
        at = bisect_right(closers, (after, after))
        if at < len(closers):
            return closers[at]
    return None


def _is_inside(spans: list[tuple[int, int]], offset: int) -> bool:
    at = bisect_right(spans, (offset, offset)) - 1
    return at >= 0 and offset < spans[at][1]


def _trim_span(paragraph: str, pair: _MarkPair) -> QuotedSpan | None:
    outer_start, start, end, outer_end, is_closed, is_single = pair
    while start < end and paragraph[start].isspace():
        start += 1
    while end > start and paragraph[end - 1].isspace():
        end -= 1
    if start == end:
        return None
    return QuotedSpan(start, end, outer_start, outer_end, is_closed, is_single)
