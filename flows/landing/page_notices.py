"""Page notices: what a site shows in the place of an article, or around one, told line by line.

Error pages, consent dialogs, walls, log-in pages and checks for robots. A notice speaks to the reader
("Subscribe to continue reading"); an article speaks about it ("Those who subscribe to continue reading will
pay $4"). So a sentence is a notice only if it begins as one, ends as one where it is short, is not quoted and
names nobody who says it.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Literal

# What a notice is: the names of the rules.
NoticeKind = Literal["error_page", "consent_notice", "paywall_notice", "login_page", "robot_check"]
# `menu` are links of a page, `mark` is what else is on it, `address` a sentence to the reader, `short` a few
# words of anything.
SegmentKind = NoticeKind | Literal["menu", "mark", "address", "short", "content"]


def _read_patterns() -> dict[str, str]:
    """Return the patterns of each kind of the table, as one."""
    table = files("ontherecord.flows.landing").joinpath("data", "page_notices.txt").read_text("utf-8")
    names: dict[str, str] = {}
    patterns: dict[str, list[str]] = {}
    kind = ""
    for line in table.splitlines():
        if not line or line.startswith("#"):
            continue
        if found := re.fullmatch(r"\[(\w+)\]", line):
            kind = found[1]
        elif found := re.match(r"<(\w+)> = ", line):
            names[found[1]] = line[found.end() :]
        else:
            patterns.setdefault(kind, []).append(_NAME.sub(lambda name: names[name[1]], line))
    return {kind: "|".join(found) for kind, found in patterns.items()}


_NAME = re.compile(r"<(\w+)>")
_TABLE = _read_patterns()
_FIRST_WORDS = frozenset(_TABLE.pop("first_words").split("|"))
_PATTERNS = {kind: re.compile(rf"(?:{pattern})\W*") for kind, pattern in _TABLE.items()}
_OTHERS: tuple[Literal["menu", "mark"], ...] = ("menu", "mark")
# In this order: 'sign in to continue reading' is a wall, and no log-in page.
NOTICES: tuple[NoticeKind, ...] = (
    "paywall_notice",
    "robot_check",
    "consent_notice",
    "login_page",
    "error_page",
)
# What no first word tells: a server's number, an answer in JSON, a site that names itself.
_OTHER_START = re.compile(
    r"[45]\d\d\b|\{|\S{3,60} (?:needs to review the security|is currently unable)|.{2,60}\bwithout javascript"
)
_SEGMENT_END = re.compile(
    r"(?<=[.!?…])\s+(?=[\"“'‘(\[]?[^\Wa-z_])|(?<=[.!?…][\"”’)])\s+(?=[\"“'‘(\[]?[^\Wa-z_])|\s[|•·]\s"
    # Forms that join wrapped lines put what a server says on one.
    r"|(?:(?<=Not Found)|(?<=Forbidden)|(?<=Unavailable)|(?<=Bad Gateway)|(?<=Server Error)"
    r"|(?<=Too Many Requests)|(?<=Access Denied)|(?<=Bad Request)|(?<=Page not found))\s(?=[A-Z])"
)
_QUOTED = re.compile(r"[\"“‘«']")
_TOLD = re.compile(r"\b(?:said|says?|told|tells|according\sto|announced|ruled)\b")
_ADDRESS = re.compile(
    r"\b(?:you|yours?|you'(?:re|ve|ll)|we|we'(?:re|ve|ll)|our|us|please"
    r"|this (?:(?:web ?)?site|page|process|error))\b"
    r"|^(?:sorry|oh no|oops|uh-oh|whoops|unfortunately|choose|try|maybe|perhaps|it looks like|it may|it might"
    r"|it takes (?:less|only|just)|(?:this|it) (?:may|might) take|there (?:are a few|might be|may be)"
    r"|to regain|for (?:more|any)|if the)\b"
)
_LEAD = " \t*•·▪–—->»#|✕×→←✓[("
_AROUND_WORD = ",.:;!?…-–—'#"
_MOST_SHORT_WORDS = 3
_LONGEST_NOTICE = 400
_LONGEST_PLACEHOLDER = 60
_AROUND_PLACEHOLDER = " \t.:;!?()[]{}<>*_-–—\"'“”"
_LONGEST_MENU, _MOST_MENU_WORDS = 140, 9
_SENTENCE_END = (".", "!", "?", "…", ".”", '."', "?”", "!”")


def segments(paragraph: str) -> list[str]:
    """Split a paragraph into sentences, and links that stand side by side."""
    return [part for part in _SEGMENT_END.split(paragraph) if part.strip()]


def kind_of(segment: str) -> SegmentKind:
    """Return what a sentence or line is."""
    line = segment.strip().lstrip(_LEAD)
    if not line or _QUOTED.match(line):
        return "content"
    lower = " ".join(line[: _LONGEST_NOTICE + 1].lower().replace("’", "'").split())
    is_told = _TOLD.search(lower) is not None
    if not is_told and _may_be_notice(lower):
        for kind in NOTICES:
            if _PATTERNS[kind].fullmatch(lower):
                return kind
    is_sentence = lower.endswith(_SENTENCE_END)
    if len(lower) <= _LONGEST_MENU and not (is_sentence and len(lower.split()) > _MOST_MENU_WORDS):
        for other in _OTHERS:
            if _PATTERNS[other].fullmatch(lower):
                return other
    if not is_sentence and len(lower.split()) <= _MOST_SHORT_WORDS:
        return "short"
    return "address" if not is_told and _ADDRESS.search(lower) else "content"


def _may_be_notice(lower: str) -> bool:
    first = lower.split(" ", 1)[0].strip(_AROUND_WORD)
    return first in _FIRST_WORDS or _OTHER_START.match(lower) is not None


def is_placeholder(paragraph: str) -> bool:
    """Say whether a paragraph stands in for a text: 'N/A', '[removed]', 'Body goes here'."""
    if len(paragraph) > _LONGEST_PLACEHOLDER:
        return False
    words = " ".join(paragraph.lower().split()).strip(_AROUND_PLACEHOLDER)
    return _PATTERNS["placeholder"].fullmatch(words) is not None
