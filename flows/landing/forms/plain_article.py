"""A plain article: headline, the lines about it, then the text, as people write it down or print it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ontherecord.flows.landing.dates import read_date

# The most characters of a headline, and of a line with a date, a byline or a paper's name.
_HEADLINE = 200
_LINE = 120
# Lines between headline and text: date, byline, paper, place.
_LINES = 5
_BYLINE = re.compile(r"(?:by|von|par|por|di)\s+[^\W\d_][^.!?]{2,100}", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…:;]['\"”’»)\]]*\s*$")
_PARTS = re.compile(r"\s+[|·•–—]\s+|\s{3,}")
# Words that papers are named by; any other word before a date is the place: 'Marsalin, 18 October 2020'.
_PAPER = re.compile(
    r"\b(?:the|daily|weekly|evening|morning|sunday|post|times|herald|gazette|observer|courier|news|journal|tribune|"
    r"chronicle|guardian|mail|express|star|sun|press|record|telegraph|independent|echo|argus|standard|review|dispatch|"
    r"register|examiner|bulletin|mirror|advertiser|globe|inquirer|sentinel|monitor|magazine|agency)\b",
    re.IGNORECASE,
)
_PAPER_WORDS = 5
_SMALL = frozenset(("of", "the", "and", "&", "on", "in", "de", "la", "le"))
_ADDRESS = re.compile(r"(?:(?:URL|Link|Source):\s)?https?://\S+", re.IGNORECASE)
_NAME = re.compile(r"(?:[A-Z][\w.'’-]*\s+){1,3}[A-Z][\w'’-]+")
# Whom to ask, above the headline of a press release.
_CONTACT = re.compile(
    r"(?:(?:media|press|for more information|further information)\W+)?(?:contacts?|phone|"
    r"tel(?:ephone)?|mobile|cell|fax|e-?mail|web(?:site)?|twitter)\s*:.*",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_RELEASE = re.compile(
    r"\W*(?:for\s+)?immediate\s+release\W*|\W*(?:press|news|media)\s+(?:release|statement)\W*", re.IGNORECASE
)
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class PlainArticle:
    """Headers, by the names that the list of synonyms has, and paragraphs."""

    headers: tuple[tuple[str, str], ...]
    paragraphs: tuple[str, ...]


def read_plain(lines: Sequence[str]) -> PlainArticle:
    """Read an article whose first line is its headline; a text that begins with a sentence has none."""
    lines = [" ".join(line.split()) for line in lines]
    start = next((i for i, line in enumerate(lines) if line), len(lines))
    above: list[tuple[str, str]] = []
    while start < len(lines) and _RELEASE.fullmatch(lines[start]):
        # A press release: what is not the headline stands above it, perhaps with its date.
        start += 1
        while start < len(lines) and (
            not lines[start] or _CONTACT.fullmatch(lines[start]) or (found := read_about(lines[start], above))
        ):
            above += found if lines[start] and not _CONTACT.fullmatch(lines[start]) else []
            start += 1
    if masthead := _masthead(lines, start):
        above, start = masthead
    headline, at = _headline(lines, start)
    if headline is None or not any(lines[at:]):
        return PlainArticle((), tuple(paragraphs_of_text(lines)))
    headers = [("title", headline), *above]
    read = 0
    while at < len(lines) and read < _LINES:
        if lines[at] and not _RELEASE.fullmatch(lines[at]):
            found = read_about(lines[at], headers) or _paper(lines, at)
            if not found or not any(lines[at + 1 :]):
                break
            headers += found
            read += 1
        at += 1
    return PlainArticle(tuple(headers), tuple(paragraphs_of_text(lines[at:])))


def _headline(lines: Sequence[str], start: int) -> tuple[str | None, int]:
    """Return the headline and where it ends: at an empty line or a byline, else below the first line."""
    end = start
    while end < len(lines) and lines[end] and not (end > start and read_about(lines[end])):
        end += 1
    whole = " ".join(lines[start:end])
    if is_headline(whole) and not any(_SENTENCE_END.search(line) for line in lines[start:end]):
        return whole, end
    if start < len(lines) and is_headline(lines[start]):
        return lines[start], start + 1
    return None, start


def _masthead(lines: Sequence[str], start: int) -> tuple[list[tuple[str, str]], int] | None:
    """Return paper and date that stand above a headline, and where the headline is."""
    filled = [at for at in range(start, len(lines)) if lines[at]][:4]
    if len(filled) < 4 or not _is_paper(lines[filled[0]]):
        return None
    about = read_about(lines[filled[1]])
    if (
        [name for name, _ in about] != ["date"]
        or not is_headline(lines[filled[2]])
        or read_about(lines[filled[2]])
    ):
        return None
    return [("outlet", lines[filled[0]]), *about], filled[2]


def _paper(lines: Sequence[str], at: int) -> list[tuple[str, str]]:
    """Return the paper's name on a line of its own, where a date or a byline stands below it."""
    below = next((line for line in lines[at + 1 :] if line), "")
    return [("outlet", lines[at])] if _is_paper(lines[at]) and read_about(below) else []


def _is_paper(line: str) -> bool:
    words = line.split()
    return (
        len(words) <= _PAPER_WORDS
        and _PAPER.search(line) is not None
        and all(word[0].isupper() or word.lower() in _SMALL for word in words)
        and not _SENTENCE_END.search(line)
    )


def names_paper(text: str) -> bool:
    """Say whether a text has a word that papers are named by."""
    return _PAPER.search(text) is not None


def is_release(line: str) -> bool:
    """Say whether a line is 'FOR IMMEDIATE RELEASE' or the like, above a press release."""
    return _RELEASE.fullmatch(line.strip()) is not None


def is_headline(line: str) -> bool:
    """Say whether a line can be a headline: words, on one line, not a sentence with its full stop."""
    return 0 < len(line) <= _HEADLINE and bool(_LETTERS.search(line)) and not _SENTENCE_END.search(line)


def read_about(line: str, headers: Sequence[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    """Return what a line between headline and text says; nothing if it is of the text."""
    if len(line) > _LINE or _SENTENCE_END.search(line):
        return []
    known = {name for name, _ in headers}
    if _ADDRESS.fullmatch(line):
        return [] if "url" in known else [("url", line.partition(": ")[2] or line)]
    found: list[tuple[str, str]] = []
    parts = _PARTS.split(line)
    is_dated = len(parts) > 1 and any(map(_dated, parts))
    for part in parts:
        is_byline = _BYLINE.fullmatch(part) and not _YEAR.search(part)
        more = [("byline", part)] if is_byline else _dated(part)
        if not more and is_dated:
            # Beside a date, parted by bars: 'Ada Novello | Marsalin Post | 20 December 2015'.
            more = (
                [("outlet", part)] if _is_paper(part) else [("byline", part)] if _NAME.fullmatch(part) else []
            )
        if not more or known & {name for name, _ in more}:
            return []
        found += more
        known.update(name for name, _ in more)
    return found


def _dated(line: str) -> list[tuple[str, str]]:
    """Read a date, and what stands around it: 'The Marsalin Post, 18 October 2020, by Ada Novello'."""
    parts = line.split(", ")
    spans = [(i, j) for i in range(len(parts)) for j in range(len(parts), i, -1)]
    for start, end in spans:
        date = ", ".join(parts[start:end])
        if _YEAR.search(date) and read_date(date).problem in (None, "ambiguous"):
            found = [("date", date)]
            for part in parts[:start] + parts[end:]:
                if _BYLINE.fullmatch(part):
                    found.append(("byline", part))
                else:
                    found.append(("outlet" if _PAPER.search(part) else "dateline", part))
            return found if len({name for name, _ in found}) == len(found) else []
    return []


def paragraphs_of_text(lines: Sequence[str]) -> list[str]:
    """Return the paragraphs of plain text: blank lines part them, or each line is one.

    Where most lines of a block break off in the middle of a sentence, they are wrapped at a width, and
    joined.
    """
    paragraphs = []
    for block in _blocks(lines):
        ends = [bool(_SENTENCE_END.search(line)) for line in block[:-1]]
        if ends and sum(ends) * 2 < len(ends):
            paragraphs.append(" ".join(block))
        else:
            paragraphs += block
    return paragraphs


def _blocks(lines: Sequence[str]) -> list[list[str]]:
    blocks: list[list[str]] = [[]]
    for line in lines:
        if plain := " ".join(line.split()):
            blocks[-1].append(plain)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]
