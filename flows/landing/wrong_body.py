"""Wrong bodies: texts that are no article, or only a part of one, whatever form they came in.

What certainly is no article is a problem, for which the file is quarantined: the notice of a page and nothing
else, a placeholder, an empty page. What may be one gets a warning. The rules hold of English news: an
article about cookies, walls or error pages has sentences that are no notice, and these decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ontherecord.flows.furniture.desk import is_correction
from ontherecord.flows.furniture.page import is_caption, is_furniture, is_photo_credit
from ontherecord.flows.landing.page_notices import NOTICES, SegmentKind, is_placeholder, kind_of, segments
from ontherecord.warehouse.records import Delivery, Failure

# What each problem is, and what to do.
_MESSAGES = {
    "error_page": "The text is what a server says in the place of a page, such as 404 or 503. Fetch the "
    "article again and deliver its text.",
    "consent_notice": "The text is a notice about cookies or consent and nothing else. Fetch the article "
    "again, behind the dialog.",
    "paywall_notice": "The text is a wall (subscription, registration, an ad blocker) and nothing else. "
    "Fetch the article with access to it.",
    "login_page": "The text is a page to log in. Fetch the article with access to it.",
    "robot_check": "The text is a check for robots or browsers, such as a captcha. Fetch the article with a "
    "browser.",
    "placeholder": "The text stands in for another one. Deliver the article's text.",
    "page_shell": "The text has menus and links of a page, and nothing of an article. Fetch the article "
    "again.",
    "text_cut_off": "The producer gives only the beginning of the text and says how much is missing. Fetch "
    "the article from its address and deliver its whole text.",
}
# The problems, which are also the rules; `quarantine retry --rule` waives one.
BODY_RULES = frozenset(_MESSAGES)
_SHOWN = 120
# A notice is shorter: the longest are consent dialogs.
_MOST_NOTICE_CHARACTERS = 3_500
# Of a text whose whole is a notice, at most this share of the words may be anything else.
_MOST_OTHER = 0.12
# Below the notice of an error a page may list headlines, and no sentence.
_MOST_LINES = 150
# For each word of a notice at most so many that speak to the reader: of a letter or a column all do.
_MOST_ADDRESS = 14
# Paragraphs at the ends of a text that may be notices, and the most characters of one.
_FIRST, _LAST = 2, 3
_END_CHARACTERS = 300
# Behind a longer text 'Something went wrong' is a remnant of a form for comments, and tells nothing.
_SHORT_TEXT = 1_200
_REMNANTS = ("error_page", "login_page")
_MOST_PLACEHOLDERS = 3
_LOREM = re.compile(r"\W{0,3}lorem ipsum\b.{0,60}\b(?:consectetur|consectetuer|adipisc|elit)", re.I | re.S)
# The producer says how much is missing.
_CUT = re.compile(r"\[\+?\s?\d[\d,]* (?:chars|characters|words)\]\W*\Z")
# The end of a teaser, behind its text or on a line of its own.
_WHOLE_STORY = r"(?:full|whole|complete|entire) (?:article|story|post|report|text)"
_MORE = re.compile(
    r"[\s(\[<]*(?:\[(?:…|\.\.\.)\]"
    r"|(?:please\s)?(?:click here|tap here|follow the link|visit [^.]{3,40}) to (?:read|continue|see)\b"
    r"[^.]{0,60}"
    rf"|(?:(?:to )?(?:read|see|view|get) (?:more|on|the {_WHOLE_STORY}|full (?:article|story|post|report)"
    r"|the rest(?: of (?:this|the) (?:article|story|post))?|this (?:article|story) in full)"
    r"|continue(?: reading)?|keep reading|full (?:story|article|text)|more)"
    r"(?: (?:at|on|in|of|about|here|from|below|via) [^.!?]{1,60}| here| “[^”]{2,160}”| \"[^\"]{2,160}\")?)"
    r"\s*[.…]{0,3}[\s)\]>»›→⟶»:-]*\Z",
    re.I,
)
_MORE_CHARACTERS = 220
# Where it may begin.
_MORE_STARTS = re.compile(
    r"(?<![\w-])(?:please|click|tap|follow|visit|to|read|see|view|get|continue|keep|full|more)\b"
    r"|[\[(](?:…|\.\.\.|more|read|continue)",
    re.I,
)
# 'More' alone ends sentences; as a link it has a line, brackets or an arrow.
_ENDS_TEXT = re.compile(r"(?:\A|\n|[.!?…:\"”’)\]]|\.\.\.)\s*\Z")
_UNFINISHED = re.compile(r"[a-z,]\s?(?:…|\.{3,4}|\[(?:…|\.{3})\])\s*\Z")
_MOST_TEASER_WORDS = 120
_LONGEST_TEASER = 1_000
_BREAKING = re.compile(
    r"(?:breaking(?: news)?|update\w*|just in|watch|video|live|exclusive|flash|urgent|alert)\b\W*", re.I
)
_OUTLET_BEHIND = re.compile(r"\s[-–—|]\s[^-–—|]{2,40}\Z")
_MOST_HEADLINE_CHARACTERS = 300
_FEWEST_HEADLINES = 5
_HEADLINE_WORDS = range(4, 19)
_ADDRESS_LINE = re.compile(r"\W*(?:https?://|www\.)\S+\W*")
# Lines of one headline after the other: none has a mark at its end, and few have figures.
_LINE_END = re.compile(r"[.!?…:;,\"”’)\]-]\s*\Z")
_FIGURE = re.compile(r"\d")
_FEWEST_WORDS_TWICE = 20
_LINE_WORDS, _LINE_SENTENCES = 300, 10
_SENTENCE = re.compile(r"[a-z]{2}[.!?][\"”’)]{0,2}\s+[\"“‘(]?[A-Z]")
_WORD = re.compile(r"\w+")


class Judgement(NamedTuple):
    """What is wrong with a body: the rule that it breaks, None if it may be an article, and its warnings."""

    problem: str | None
    warnings: tuple[str, ...] = ()


class _Counted(NamedTuple):
    """Words of a text by what they are, and which notices it has."""

    words: dict[SegmentKind, int]
    kinds: dict[SegmentKind, int]
    has_sentences: bool


def check_body(delivery: Delivery) -> tuple[Failure, ...]:
    """Return why the body of a delivery is no article; empty if it may be one."""
    rule = delivery.body_problem
    if rule is None:
        return ()
    words = " ".join(delivery.body.split())
    shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
    retry = f"If it is an article, `ontherecord quarantine retry --rule {rule} --paths PATH` loads it."
    return (Failure(rule, "body", shown or None, f"{_MESSAGES[rule]} {retry}"),)


def judge_body(title: str | None, paragraphs: Sequence[str]) -> Judgement:
    """Say whether the paragraphs of an article are none, and warn of what may be wrong with them."""
    body = "\n".join(paragraphs)
    if 0 < len(paragraphs) <= _MOST_PLACEHOLDERS and all(map(is_placeholder, paragraphs)):
        return Judgement("placeholder")
    if _CUT.search(body, max(0, len(body) - 40)):
        return Judgement("text_cut_off")
    notice = _notice(title, paragraphs, body)
    if notice.problem:
        return notice
    return Judgement(None, (*notice.warnings, *_warnings(title, paragraphs, body)))


def _notice(title: str | None, paragraphs: Sequence[str], body: str) -> Judgement:
    """Return the notice that a body is, or the notices at its ends as warnings."""
    if len(body) <= _MOST_NOTICE_CHARACTERS:
        counted = _count(title, paragraphs, len(body.split()))
        if counted and (problem := _problem(counted)):
            return Judgement(problem)
    return Judgement(None, tuple(sorted({*_at_ends(paragraphs, len(body))})))


def _count(title: str | None, paragraphs: Sequence[str], total: int) -> _Counted | None:
    """Count the words of a text by what they are; None as soon as too many are an article's."""
    words: dict[SegmentKind, int] = {}
    kinds: dict[SegmentKind, int] = {}
    has_sentences = False
    if title and (kind := kind_of(title)) in NOTICES:
        kinds[kind] = 1
    most = _MOST_OTHER * total
    for paragraph in paragraphs:
        for segment in segments(paragraph):
            kind = kind_of(segment)
            words[kind] = words.get(kind, 0) + len(segment.split())
            kinds[kind] = kinds.get(kind, 0) + 1
            has_sentences |= kind == "content" and segment.rstrip().endswith((".", "!", "?", "”", '"'))
            if words.get("content", 0) > (most if has_sentences else _MOST_LINES):
                return None
    return _Counted(words, kinds, has_sentences)


def _problem(counted: _Counted) -> str | None:
    words, kinds = counted.words, counted.kinds
    told = [kind for kind in NOTICES if kind in kinds]
    content, menu = words.get("content", 0), kinds.get("menu", 0)
    if not told:
        is_shell = (
            menu
            and not content
            and not words.get("address")
            and kinds.get("short", 0) + kinds.get("mark", 0) < menu
        )
        return "page_shell" if is_shell else None
    in_notices = sum(words.get(kind, 0) for kind in told) or 1
    most = _MOST_OTHER * sum(words.values())
    if content > most and told != ["error_page"]:
        return None
    if words.get("address", 0) > _MOST_ADDRESS * in_notices:
        return None
    return max(told, key=lambda kind: (words.get(kind, 0), -NOTICES.index(kind)))


def _at_ends(paragraphs: Sequence[str], length: int) -> Iterable[str]:
    """Yield the kinds of notices that stand on lines of their own at the ends of a text."""
    is_long = length > _SHORT_TEXT
    top = paragraphs[:_FIRST]
    foot = paragraphs[max(len(top), len(paragraphs) - _LAST) :]
    for paragraph in (*top, *foot):
        if len(paragraph) > _END_CHARACTERS:
            continue
        kinds = set()
        for segment in segments(paragraph):
            kinds.add(kind := kind_of(segment))
            if kind in ("content", "short"):
                break
        else:
            yield from (kind for kind in NOTICES if kind in kinds and not (is_long and kind in _REMNANTS))


def _warnings(title: str | None, paragraphs: Sequence[str], body: str) -> Iterable[str]:
    if not paragraphs:
        return
    if _LOREM.match(body):
        yield "placeholder"
    if _is_teaser(paragraphs, body):
        yield "teaser"
    if title and _is_headline(title, body):
        yield "headline_only"
    if _is_caption(paragraphs):
        yield "caption_only"
    if _are_headlines(paragraphs):
        yield "headlines_only"
    if _is_twice(paragraphs, body):
        yield "text_twice"
    if len(paragraphs) == 1 and _is_line_of_many(body):
        yield "no_paragraphs"


def _is_teaser(paragraphs: Sequence[str], body: str) -> bool:
    """Say whether a text ends in a link to the rest of it."""
    is_short = len(body) <= _LONGEST_TEASER and len(body.split()) <= _MOST_TEASER_WORDS
    if is_short and len(paragraphs) == 1 and _UNFINISHED.search(body):
        return True
    start = max(0, len(body) - _MORE_CHARACTERS)
    for found in _MORE_STARTS.finditer(body, start):
        if not _MORE.match(body, found.start()):
            continue
        before = body[: found.start()].rstrip(" \n([<")
        is_own = bool(_ENDS_TEXT.search(body[max(0, found.start() - 8) : found.start()]))
        if is_own and before and (is_short or _UNFINISHED.search(before[-12:])):
            return True
    return False


def _is_headline(title: str, body: str) -> bool:
    if len(body) > _MOST_HEADLINE_CHARACTERS:
        return False
    wanted = _WORD.findall(title.casefold())
    text = _BREAKING.sub("", body, count=1) if _BREAKING.match(body) else body
    texts = (body, text, _OUTLET_BEHIND.sub("", text))
    return len(wanted) > 1 and any(_WORD.findall(t.casefold()) == wanted for t in texts)


def _is_caption(paragraphs: Sequence[str]) -> bool:
    """Say whether nothing but captions and credits of pictures is there; a correction is an article."""
    if not all(is_furniture(p) and not is_correction(p) for p in paragraphs):
        return False
    return any(is_caption(p) or is_photo_credit(p) for p in paragraphs)


def _are_headlines(paragraphs: Sequence[str]) -> bool:
    """Say whether each line is a headline or a link, and none a sentence."""
    if len(paragraphs) < _FEWEST_HEADLINES:
        return False
    if all(map(_ADDRESS_LINE.fullmatch, paragraphs)):
        return True
    if any(map(_LINE_END.search, paragraphs)):
        return False
    lengths = [len(p.split()) for p in paragraphs]
    most = sum(length in _HEADLINE_WORDS for length in lengths)
    with_figures = sum(bool(_FIGURE.search(p)) for p in paragraphs)
    with_small = sum(any(word.islower() and len(word) > 3 for word in p.split()) for p in paragraphs)
    count = len(paragraphs)
    return (
        most >= 0.9 * count and max(lengths) <= 24 and with_figures * 3 <= count and with_small >= 0.8 * count
    )


def _is_twice(paragraphs: Sequence[str], body: str) -> bool:
    """Say whether the second half of a text is its first half again."""
    half = len(paragraphs) // 2
    if half and len(paragraphs) % 2 == 0 and paragraphs[0] == paragraphs[half]:
        first = paragraphs[:half]
        is_distinct = len(set(first)) == half  # else it is 'repeated_paragraphs'
        return is_distinct and first == paragraphs[half:] and len(body.split()) >= 2 * _FEWEST_WORDS_TWICE
    if len(paragraphs) > 1 or len(body) < 200:
        return False
    middle = len(body) // 2
    return any(body[: middle + shift].strip() == body[middle + shift :].strip() for shift in (-1, 0, 1))


def _is_line_of_many(body: str) -> bool:
    if len(body) < 4 * _LINE_WORDS or len(body.split()) <= _LINE_WORDS:
        return False
    return sum(1 for _ in _SENTENCE.finditer(body)) >= _LINE_SENTENCES
