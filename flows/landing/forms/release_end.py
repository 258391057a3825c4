"""The end of a press release: what stands below its text is for those who print it, and not of the article.

Takes the marks that press offices and agencies use: `ENDS`, `-30-`, `###`, `Notes to editors`, whom to ask,
and the Associated Press's line of underscores above who helped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# That the text has lost its notes; the same as for other furniture of the trade, and the file still has it.
REMOVED = "furniture_removed"
# A release has more words than this above its end; what comes sooner is no end.
_FEWEST_WORDS = 30
_END = re.compile(r"[\W_]*(?i:ends?)[\W_]*|[-–—#*]+\s*30\s*[-–—#*]+")
_HASHES = re.compile(r"(?:[#]\s?){3,}")
_NOTES = re.compile(
    r"[\W_]*(?:notes?\s+(?:to|for)\s+(?:the\s+)?(?:editors?|newsrooms?|journalists?|news\s?desks?)"
    r"|(?:media|press)\s+(?:contacts?|en?quiries|inquiries))\b\W*(?:$|:)",
    re.IGNORECASE,
)
_REACHED = r"(?:\S+@\S+\.\w|https?://|www\.|\+?\d[\d\s().-]{5,}\d)"
_CONTACT = re.compile(
    r"(?:(?:media|press|news)\s+)?(?:contacts?|en?quiries|inquiries)\s*:.{0,300}"
    rf"|(?:for|to)\s+(?:more|further|additional|obtain)\b.{{0,60}}\binformation\b.{{0,200}}{_REACHED}.{{0,200}}"
    rf"|(?:tel(?:ephone)?|phone|e-?mail|mobile|web(?:site)?)\s*:.{{0,100}}|{_REACHED}.{{0,60}}",
    re.IGNORECASE | re.DOTALL,
)
_ABOUT = re.compile(r"(?:About|ABOUT)\s+[A-Z].{0,100}")
# Lines of the Associated Press below its last rule.
_RULE = re.compile(r"_{3,}")
_TRADE = re.compile(
    r"\bcontributed\b.{0,40}\breport|\breported from\b|\bcontributed from\b|"
    r"\b(?:follow|reach)\b.{0,100}\b(?:on|at)\b|^(?:online|on the net|read more|more (?:ap|from)|find more)\b|https?://|\S+@\S+\.\w",
    re.IGNORECASE,
)
# Paragraphs below the last rule, words of a line of an address.
_TRADE_LINES = 6
_ADDRESS_WORDS = 12
_SENTENCE_END = re.compile(r"[.!?]['\"”’)]*$")


def without_notes(paragraphs: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return the paragraphs above the end of a release, and the warning that the others were left out."""
    words = 0
    for at, paragraph in enumerate(paragraphs):
        if words >= _FEWEST_WORDS and _is_end(paragraph, paragraphs[at + 1 :]):
            return list(paragraphs[:at]), (REMOVED,)
        words += len(paragraph.split())
    return list(paragraphs), ()


def is_mark(line: str) -> bool:
    """Say whether a line can be nothing but the end of a release, or the head of the notes below it."""
    return any(mark.fullmatch(line) for mark in (_END, _HASHES, _NOTES, _RULE))


def _is_end(paragraph: str, below: Sequence[str]) -> bool:
    """Say whether a text ends at a paragraph, by what it says and what stands below it."""
    if _END.fullmatch(paragraph) or _NOTES.match(paragraph):
        return True
    if _HASHES.fullmatch(paragraph):
        # Writers part sections with the same sign.
        return not below or any(
            _CONTACT.fullmatch(p) or _NOTES.match(p) or _ABOUT.fullmatch(p) for p in below
        )
    if _RULE.fullmatch(paragraph):
        lines = [p for p in below if not _RULE.fullmatch(p)]
        return len(lines) <= _TRADE_LINES and all(_TRADE.search(p) for p in lines)
    return _CONTACT.fullmatch(paragraph) is not None and all(map(_is_address, below))


def _is_address(paragraph: str) -> bool:
    is_short = len(paragraph.split()) <= _ADDRESS_WORDS and not _SENTENCE_END.search(paragraph)
    return is_short or _CONTACT.fullmatch(paragraph) is not None or _END.fullmatch(paragraph) is not None
