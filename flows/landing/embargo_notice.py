"""Notices of an embargo in a headline or at the top of a text: "EMBARGOED UNTIL 00:01 GMT, 5 May 2026".

One that gives a day holds the article as the header does (embargo.py). One that gives none is only a warning:
the line may be about another embargo, and most such notices are on texts that were published long ago.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from ontherecord.flows.landing.dates import read_date
from ontherecord.flows.landing.embargo import in_utc
from ontherecord.flows.landing.reading import NumberOrder

# The warning of an article whose notice gives no day.
UNREAD = "embargo_unread"
# Lines at the top of a text among which a notice is looked for, and the most characters that one has.
_TOP_LINES = 5
_LONGEST_NOTICE = 250
# A day without a year is the one nearest to the date of the article, if it is as near as this.
_NEAREST = timedelta(days=92)
_USE = r"(?:release|publication|publishing|broadcast|transmission|use)"
_UNTIL = r"(?:until|till|before|prior\s+to)"
_NOTICE = re.compile(
    rf"""[^\w"“‘]{{0,6}}(?:
    (?:(?:strict(?:ly)?|under|press|media|news)\s+){{0,3}}
        (?P<noun>embargo(?P<ed>ed)?)\b(?=\W|$)
        (?P<when>(?:\s*[:–—-]\s*|\s+(?:for\s+{_USE}|media|until|till|to|for|at|on|after|before|not|lifts?|lifted
            |ends?|expires?|date|time)\b\s*:?)*)
    |(?:transmission\s+of\s+)?(?:the\s+)?material\s+in\s+this\s+(?:news\s+)?release\s+is\s+embargoed\s+(?:until|till)\b
    |(?P<hold>hold)\s+(?:for\s+{_USE}\b)?(?:\s*[:–—-]\s*|\s*\b(?:until|till|at|on)\b){{0,2}}
    |not\s+(?:for|to\s+be)\s+(?:{_USE}|published|released|broadcast|used)(?:\s+or\s+(?:{_USE}|\w+ed))?\s+{_UNTIL}\b\s*:?
    |for\s+(?P<release>release|publication)(?:\s*:|\s+(?:at|on|after|{_UNTIL})\b|(?=\s+\d))
    )\s*""",
    re.IGNORECASE | re.VERBOSE,
)
# What may stand between the day that a notice gives and the rest of its line.
_BEHIND_DAY = re.compile(r"[.;:|]\s|\s[–—-]{1,2}\s|\s?[(\[*]|[)\]*]")
_LEAD = re.compile(r"(?:(?:until|till|at|on|after|not\s+before|before)\s+)+", re.IGNORECASE)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY_WITHOUT_YEAR = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b\.?|\b{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?!\s?[:.]\d)",
    re.IGNORECASE,
)
# '2 p.m., ET': of a clock with its zone, which no other date has.
_COMMA_BEFORE_ZONE = re.compile(r"(?<=m)(\.?),(?=\s[A-Z]{2,4}\b)")
_TIME_WORD = re.compile(
    r"\d{1,2}[:.h/-]\d\d|\b\d{1,2}\s?[ap]\.?m|\b\d{4}\s?(?:hrs|hours|gmt|utc|bst)"
    rf"|\b\d{{1,2}}\s+{_MONTH}\b|\b{_MONTH}\.?\s+\d{{1,2}}\b"
    r"|\b(?:noon|midnight|today|tonight|tomorrow|further\s+notice|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)
_MOST_UNREAD_WORDS = 14


@dataclass(frozen=True, slots=True)
class Notice:
    """A line that asks not to publish before a time; `until` is that moment in UTC, None if it gives none."""

    text: str
    until: datetime | None


def read_notice(
    headlines: Iterable[str | None],
    text: str,
    published_at: datetime | None = None,
    first: NumberOrder | None = None,
) -> Notice | None:
    """Return the notice in a headline or among the first lines of a text; None if there is none.

    One that gives a day goes before one that gives none. A day without a year is the one nearest to
    `published_at`; `first` is what the first number of 05/06/2026 is.
    """
    found = None
    lines = [*(headline for headline in headlines if headline), *_top(text)]
    for line in lines:
        notice = _read_line(line, published_at, first)
        if notice and notice.until:
            return notice
        found = found or notice
    return found


def _top(text: str) -> Iterator[str]:
    lines = (line.strip() for line in text.split("\n", 4 * _TOP_LINES)[: 4 * _TOP_LINES])
    return islice((line for line in lines if line), _TOP_LINES)


def _read_line(line: str, published_at: datetime | None, first: NumberOrder | None) -> Notice | None:
    value = " ".join(line[: 2 * _LONGEST_NOTICE].split())
    opening = _NOTICE.match(value)
    if opening is None:
        return None
    rest = value[opening.end() :].strip(" .)]*#_")
    is_noun = opening["noun"] is not None and not opening["ed"]
    is_loud = opening[0].isupper()
    for end in (len(rest), *(cut.start() for cut in _BEHIND_DAY.finditer(rest))):
        # 'Embargo until 5 May 2027: what the ministers agreed' is a headline about one.
        if end < len(rest) and is_noun and not is_loud:
            break
        day = _COMMA_BEFORE_ZONE.sub(r"\1", _LEAD.sub("", rest[:end].strip(" ,.")))
        if until := _read_day(day, published_at, first):
            return Notice(value[:_LONGEST_NOTICE], until)
    is_unread = is_loud or not _is_sentence(value)
    return Notice(value[:_LONGEST_NOTICE], None) if is_unread and _asks_to_hold(opening, rest) else None


def _is_sentence(line: str) -> bool:
    """Say whether a line goes on as a story does, behind words that are not in capitals."""
    words = len(line.split())
    return words > _MOST_UNREAD_WORDS or (line.endswith(".") and words > _MOST_UNREAD_WORDS // 2)


def _asks_to_hold(opening: re.Match[str], rest: str) -> bool:
    """Say whether a line is a notice though no day can be read in it."""
    if opening["release"]:
        return False  # 'For release on vinyl': without a day it holds nothing back
    if opening["noun"] is None:
        return opening["hold"] is None or "for" in opening[0].lower()  # not 'Hold until Monday, doctors say'
    if not opening["when"]:
        return not rest  # 'EMBARGOED' alone, not 'Embargoed oil reaches the port'
    # 'Embargo for Tamruz until May', 'Embargo: 60 years of it' are headlines about one.
    return (_TIME_WORD.search if opening["ed"] else _TIME_WORD.match)(rest) is not None


def _read_day(text: str, published_at: datetime | None, first: NumberOrder | None) -> datetime | None:
    """Return the moment in UTC that a day and time stand for; None if they cannot be read for sure."""
    date = read_date(text, first=first)
    if date.published_at is None and published_at and (without := _DAY_WITHOUT_YEAR.search(text)):
        at = without.end()
        years = (published_at.year + off for off in (0, 1, -1))
        candidates = [read_date(f"{text[:at]}, {year}{text[at:]}", first=first) for year in years]
        date = min(
            candidates,
            key=lambda found: abs((found.published_at or datetime.max) - published_at),
        )
        if date.published_at is None or abs(date.published_at - published_at) > _NEAREST:
            return None
    return in_utc(date.published_at, date.published_at_utc)
