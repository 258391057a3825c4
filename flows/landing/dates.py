"""Read the `## Date:` header: 'Thursday, December 17, 2015 - 01:00'."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from ontherecord.warehouse.records import DateProblem

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
# Names are English whatever the locale of the machine, so strptime does not fit.
_ZONE = r"(?:\s*(?P<zone>Z|(?:UTC|GMT)?\s?[+-]\d\d:?\d\d|UTC|GMT|[A-Z]{1,3}[SD]T|CET|CEST))?"
_TIME = (
    r"(?:(?:\s*[-–—,]\s*|\s+(?:at\s+)?)"
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::\d\d)?\s*(?P<half>[ap]\.?m\.?)?" + _ZONE + ")?"
)
_SPELLED = re.compile(
    r"(?:(?P<weekday>[a-z]{3,9})\.?,?\s+)?"
    r"(?:(?P<month>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})|(?P<day2>\d{1,2})\s+(?P<month2>[a-z]{3,9})\.?),?\s+"
    r"(?P<year>\d{4})" + _TIME,
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})"
    r"(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::\d\d(?:[.,]\d+)?)?" + _ZONE + ")?"
)
# Day or month first: only a number above twelve tells which.
_NUMBERS = re.compile(
    r"(?P<one>\d{1,2})(?P<sign>[-/.])(?P<two>\d{1,2})(?P=sign)(?P<year>\d{4}|\d\d)" + _TIME, re.IGNORECASE
)
_SHORT_YEAR = re.compile(
    r"(?:[a-z]{3,9}\.?,?\s+)?(?:[a-z]{3,9}\.?\s+\d{1,2}|\d{1,2}\s+[a-z]{3,9}\.?),?\s+'?\d\d" + _TIME,
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:now|today|tonight|yesterday|tomorrow|ago|(?:last|next|this)\s+[a-z]{3,9})\b", re.IGNORECASE
)
_NAME = re.compile(r"[^\W\d_]{2,}|[^\W\d_A-Za-z]")
_OTHER_WORDS = frozenset(("at", "am", "pm", "st", "nd", "rd", "th", "of", "the", "utc", "gmt"))


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date with its warnings, or the problem why it could not be read."""

    published_at: datetime | None
    warnings: tuple[str, ...] = ()
    problem: DateProblem | None = None


def read_date(text: str) -> ReadDate:
    """Read a date header's value.

    Other formats that can mean only one moment are read with the warning `date_repaired`: spacing,
    missing zeros, short names, a 12-hour clock, day before month, ISO, 17/12/2015. A wrong weekday gives
    the warning `date_weekday`, a time zone `date_zone`: the time is stored as written.
    """
    normalized = " ".join(text.split())
    for pattern, read_numbers in ((_SPELLED, _spelled), (_YEAR_FIRST, _year_first), (_NUMBERS, _numbered)):
        if match := pattern.fullmatch(normalized):
            numbers = read_numbers(match)
            if isinstance(numbers, str):
                return ReadDate(None, problem=numbers)
            moment = _moment(*numbers, match)
            return _check(text, match, moment) if moment else ReadDate(None, problem="impossible")
    return ReadDate(None, problem=_problem(normalized))


def _check(text: str, match: re.Match[str], moment: datetime) -> ReadDate:
    weekday = None
    warnings = []
    if name := match.groupdict().get("weekday"):
        weekday = _index(name, WEEKDAYS)
        if weekday is None:
            return ReadDate(None, problem="not_english")
        if weekday != moment.weekday():
            warnings.append("date_weekday")
    if match["zone"]:
        warnings.append("date_zone")
    if weekday is None or text != _format(weekday, moment):
        warnings.append("date_repaired")
    return ReadDate(moment, tuple(sorted(warnings)))


def _format(weekday: int, moment: datetime) -> str:
    """Return a moment in the expected form of the header, with this weekday."""
    day = f"{WEEKDAYS[weekday].title()}, {MONTHS[moment.month - 1].title()} {moment.day:02}, {moment.year:04}"
    return f"{day} - {moment.hour:02}:{moment.minute:02}"


def _spelled(match: re.Match[str]) -> tuple[int, int] | DateProblem:
    """Return month and day."""
    month = _index(match["month"] or match["month2"], MONTHS)
    return "not_english" if month is None else (month + 1, int(match["day"] or match["day2"]))


def _year_first(match: re.Match[str]) -> tuple[int, int] | DateProblem:
    return int(match["month"]), int(match["day"])


def _numbered(match: re.Match[str]) -> tuple[int, int] | DateProblem:
    one, two = int(match["one"]), int(match["two"])
    if len(match["year"]) == 2 or (one != two and one <= 12 and two <= 12):
        return "ambiguous"
    return (two, one) if one > 12 else (one, two)


def _moment(month: int, day: int, match: re.Match[str]) -> datetime | None:
    """Return the moment; None if there is no such day or time."""
    parts = match.groupdict()
    hours = int(parts["hour"] or 0)
    if half := parts.get("half"):
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    try:
        return datetime(int(parts["year"]), month, day, hours, int(parts["minute"] or 0))
    except ValueError:
        return None


def _problem(normalized: str) -> DateProblem:
    """Say why a text is not a date, as precisely as needed to fix it."""
    if _SHORT_YEAR.fullmatch(normalized):
        return "ambiguous"
    if re.fullmatch(r"-?\d+(?:\.\d+)?", normalized):
        return "number"
    if _RELATIVE.search(normalized):
        return "relative"
    names = {name.lower() for name in _NAME.findall(normalized)} - _OTHER_WORDS
    known = (_index(name, MONTHS) is not None or _index(name, WEEKDAYS) is not None for name in names)
    if re.search(r"\d", normalized) and names and not all(known):
        return "not_english"
    return "unreadable"


def _index(name: str, names: tuple[str, ...]) -> int | None:
    """Return the index of a full name or its usual short form (Sept., Tues., Dec)."""
    name = name.lower()
    for index, full in enumerate(names):
        if full == name or (3 <= len(name) <= 5 and full.startswith(name)):
            return index
    return None
