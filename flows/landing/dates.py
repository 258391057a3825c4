"""Read dates as the trade writes them: 'Thursday, December 17, 2015 - 01:00', '10 July 2019, 1:18 PM ET'."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from ontherecord.flows.landing.reading import NumberOrder
from ontherecord.flows.landing.time_zones import ZONE, read_zone
from ontherecord.warehouse.records import DateProblem

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

# Names are English whatever the locale of the machine, so strptime does not fit. Lenient parsers (dateutil,
# dateparser) fill in what is missing from today's date and guess day and month: docs/decisions.md.
_WEEKDAY = r"(?:(?P<weekday>[a-z]{3,9})\.?,?\s+)?"
# After the date only a real one counts: there it would be taken for any word.
_WEEKDAY_AFTER = r"(?:(?:,\s*|\s+)\(?(?P<weekday_after>(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6})\)?\.?)?"
_MONTH_DAY = r"(?P<month>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DAY_MONTH = (
    r"(?:the\s+)?(?P<day2>\d{1,2})(?:st|nd|rd|th)?(?P<joint>\s+(?:of\s+)?|[-/])(?P<month2>[a-z]{3,9})\.?"
)
_SPELLED = rf"{_WEEKDAY}(?:{_MONTH_DAY},?\s+|{_DAY_MONTH}(?:,?\s+|[-/]))(?P<year>\d{{4}}){_WEEKDAY_AFTER}"
_YEAR_FIRST = r"(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})"
# Day or month first: only a number above twelve, the weekday or the caller tells which.
_NUMBERS = rf"{_WEEKDAY}(?P<one>\d{{1,2}})(?P<sign>[-/.])(?P<two>\d{{1,2}})(?P=sign)(?P<year>\d{{4}}|\d\d)"
_HALF = r"(?P<half>[ap])\.?\s?m\b\.?"
_TIME = (
    r"(?:(?P<hour>\d{1,2})[:.h](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,]\d+)?)?(?:\s*" + _HALF + ")?"
    r"|(?P<full_hour>\d{1,2})\s*" + _HALF.replace("half", "half2") + r"|(?:12\s+)?(?P<named>noon|midnight)"
    r"|(?P<clock>\d{4})(?=\s*(?:hrs?|hours|h|UTC|GMT|Z|[A-Z]{1,4}T)\b))"
    rf"(?:\s*(?:hrs?|hours|h)\b\.?)?(?:\s*(?P<zone>{ZONE}))?"
)
_GAP = r"(?:\s*[-–—,;|·•@]\s*|\s+)(?:at\s+)?"


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_SPELLED_FORMS = tuple(
    map(
        _compile,
        (
            rf"{_SPELLED}(?:{_GAP}{_TIME})?",
            rf"{_TIME}(?:\s*[-–—,;|·•]\s*|\s+)(?:on\s+)?{_SPELLED}",
            # As the C library prints it: 'Wed Jul 10 13:18:00 2019', with or without a zone.
            rf"{_WEEKDAY}{_MONTH_DAY}\s+{_TIME}\s+(?P<year>\d{{4}})",
        ),
    )
)
_YEAR_FIRST_FORM = _compile(rf"{_YEAR_FIRST}(?:(?:T|{_GAP}){_TIME})?")
_NUMBER_FORMS = tuple(
    map(_compile, (rf"{_NUMBERS}(?:{_GAP}{_TIME})?", rf"{_TIME}(?:\s*[-–—,;|]\s*|\s+){_NUMBERS}"))
)
# ISO 8601 without signs, as NITF writes it: 20020225T143000-0500.
_COMPACT = _compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)T(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:\.\d+)?)?"
    rf"(?P<zone>{ZONE})?"
)
_LABEL = _compile(r"(?:(?:first|last)\s+)?(?:published|posted|updated|modified|issued)(?:\s+on)?\s*:?\s+")
_SHORT_YEAR = _compile(
    r"(?:[a-z]{3,9}\.?,?\s+)?(?:[a-z]{3,9}\.?\s+\d{1,2}|\d{1,2}\s+[a-z]{3,9}\.?),?\s+'?\d\d"
    rf"(?:{_GAP}{_TIME})?"
)
_RELATIVE = _compile(
    r"\b(?:now|today|tonight|yesterday|tomorrow|ago|(?:last|next|this)\s+[a-z]{3,9})\b",
)
_NAME = re.compile(r"[^\W\d_]{2,}|[^\W\d_A-Za-z]")
_OTHER_WORDS = frozenset(("at", "am", "pm", "st", "nd", "rd", "th", "of", "the", "utc", "gmt"))
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
# The digits of a moment since 1970, and how many of them are in a second; ten digits reach from 2001 to 2286.
_UNITS = {10: 1, 13: 1_000, 16: 1_000_000, 19: 1_000_000_000}
# More than a date, with its weekday and zone spelled out, is a sentence.
_LONGEST = 120
_PIVOT = 69  # POSIX: 69 to 99 are of the last century


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date with its warnings, or the problem why it could not be read.

    `published_at` is the clock as written, `published_at_utc` the same moment in UTC, without a zone too; it
    is None if no zone is given, or one that several countries use (IST). `readings` are the days that an
    ambiguous date may mean.
    """

    published_at: datetime | None
    warnings: tuple[str, ...] = ()
    problem: DateProblem | None = None
    published_at_utc: datetime | None = None
    readings: tuple[date, ...] = ()

    def name_readings(self) -> str:
        """Name the days that an ambiguous date may mean: '10 July 2019 or 7 October 2019'."""
        return " or ".join(f"{d.day} {MONTHS[d.month - 1].title()} {d.year}" for d in self.readings)


def read_date(text: str, *, first: NumberOrder | None = None, numbers: bool = False) -> ReadDate:
    """Read a date header's value.

    Other formats than the seed's that can mean only one moment are read with the warning `date_repaired`:
    spacing, missing zeros, short names, a 12-hour clock, day before month, ISO, RFC 2822, 17/12/2015. A wrong
    weekday gives the warning `date_weekday`, a time zone `date_zone`.

    `first` says whether the day or the month comes first where 10.07.2019 leaves it open. `numbers` says that
    bare numbers are moments, as in a table: seconds since 1970 or fractions of them, 20190710,
    20190710131800.
    """
    normalized = _LABEL.sub("", " ".join(text.split()), count=1)
    if len(normalized) <= _LONGEST and (match := _match(normalized)):
        return _read(text, match, first)
    if numbers and (moment := _from_number(normalized)):
        return moment
    return ReadDate(None, problem=_problem(normalized))


def _match(normalized: str) -> re.Match[str] | None:
    patterns = (*_SPELLED_FORMS, _YEAR_FIRST_FORM, _COMPACT, *_NUMBER_FORMS)
    return next(filter(None, (pattern.fullmatch(normalized) for pattern in patterns)), None)


def _read(text: str, match: re.Match[str], first: NumberOrder | None) -> ReadDate:
    parts = match.groupdict()
    weekday = None
    name = parts.get("weekday") or parts.get("weekday_after")
    if name and name.lower() != "the":  # 'the 10th of July'
        weekday = _index(name, WEEKDAYS)
        if weekday is None:
            return ReadDate(None, problem="not_english")
    day = _numbered(parts, first, weekday) if parts.get("one") else _named(parts)
    if isinstance(day, ReadDate):
        return day
    try:
        moment = datetime(*day, *_clock(parts))
    except ValueError:
        return ReadDate(None, problem="impossible")
    warnings = []
    if weekday is not None and weekday != moment.weekday():
        warnings.append("date_weekday")
    if parts["zone"]:
        warnings.append("date_zone")
    if weekday is None or text != _format(weekday, moment):
        warnings.append("date_repaired")
    utc = _to_utc(moment, parts["zone"]) if parts["zone"] else None
    return ReadDate(moment, tuple(sorted(warnings)), published_at_utc=utc)


def _format(weekday: int, moment: datetime) -> str:
    """Return a moment in the expected form of the header, with this weekday."""
    day = f"{WEEKDAYS[weekday].title()}, {MONTHS[moment.month - 1].title()} {moment.day:02}, {moment.year:04}"
    return f"{day} - {moment.hour:02}:{moment.minute:02}"


def _named(parts: dict[str, str | None]) -> tuple[int, int, int] | ReadDate:
    """Return year, month and day of a date whose order is known."""
    name = parts["month"] or parts.get("month2") or ""
    month = int(name) - 1 if name.isdigit() else _index(name, MONTHS)
    if month is None:
        return ReadDate(None, problem="not_english")
    return int(parts["year"] or 0), month + 1, int(parts["day"] or parts.get("day2") or 0)


def _numbered(
    parts: dict[str, str | None], first: NumberOrder | None, weekday: int | None
) -> tuple[int, int, int] | ReadDate:
    """Return year, month and day of 10.07.2019, if only one order is possible or the caller names one."""
    one, two, year = int(parts["one"] or 0), int(parts["two"] or 0), int(parts["year"] or 0)
    is_short = len(parts["year"] or "") == 2
    full_year = _full_year(year) if is_short else year
    orders = [(full_year, two, one), (full_year, one, two)]
    if first:
        if max(one, two) > 12:
            return orders[0] if one > 12 else orders[1]
        return orders[0] if first == "day" else orders[1]
    if is_short:
        orders.append((_full_year(one), two, year))
    days = list(dict.fromkeys(filter(None, (_day(*order) for order in orders))))
    if weekday is not None and len(fitting := [day for day in days if day.weekday() == weekday]) == 1:
        days = fitting
    if len(days) == 1 and not is_short:
        return days[0].year, days[0].month, days[0].day
    if not days and not is_short:
        return ReadDate(None, problem="impossible")
    return ReadDate(None, problem="ambiguous", readings=tuple(days))


def _full_year(year: int) -> int:
    return year + (1900 if year >= _PIVOT else 2000)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock(parts: dict[str, str | None]) -> tuple[int, int]:
    """Return hour and minute; 99 as the hour if there is no such time."""
    if named := parts.get("named"):
        return (12, 0) if named.lower() == "noon" else (0, 0)
    if clock := parts.get("clock"):
        return int(clock[:2]), int(clock[2:])
    hours, minutes = int(parts["hour"] or parts.get("full_hour") or 0), int(parts["minute"] or 0)
    if half := parts.get("half") or parts.get("half2"):
        if not 1 <= hours <= 12:
            # Nexis writes '18:40 PM', and even '18:40 AM': a clock of 24 hours needs no half.
            return (hours, minutes) if hours > 12 else (99, 0)
        hours = hours % 12 + (12 if half in "pP" else 0)
    return hours, minutes


def _to_utc(moment: datetime, zone: str) -> datetime | None:
    info = read_zone(zone)
    try:
        return moment.replace(tzinfo=info).astimezone(UTC).replace(tzinfo=None) if info else None
    except OverflowError:  # an hour before the year 1
        return None


def _from_number(normalized: str) -> ReadDate | None:
    """Read 1562764680, 1562764680000, 20190710 or 20190710131800 where a bare number is a moment."""
    whole, _, fraction = normalized.partition(".")
    if not (whole.isascii() and whole.isdigit()) or (fraction and not fraction.isdigit()):
        return None
    repaired = ("date_repaired",)
    try:
        if len(whole) in (8, 14) and not fraction.strip("0"):
            moment = datetime.strptime(whole.ljust(12, "0")[:12], "%Y%m%d%H%M")
            return ReadDate(moment, repaired)
        if unit := _UNITS.get(len(whole)):
            moment = datetime(1970, 1, 1) + timedelta(seconds=int(whole) // unit)
            moment = moment.replace(second=0, microsecond=0)
            return ReadDate(moment, ("date_repaired", "date_zone"), published_at_utc=moment)
    except (ValueError, OverflowError):
        return ReadDate(None, problem="impossible")
    return None


def _problem(normalized: str) -> DateProblem:
    """Say why a text is not a date, as precisely as needed to fix it."""
    if _SHORT_YEAR.fullmatch(normalized):
        return "ambiguous"
    if _NUMBER.fullmatch(normalized):
        return "number"
    if _RELATIVE.search(normalized):
        return "relative"
    names = {name.lower() for name in _NAME.findall(normalized)} - _OTHER_WORDS
    known = (_index(name, MONTHS) is not None or _index(name, WEEKDAYS) is not None for name in names)
    if re.search(r"\d", normalized) and names and not all(known):
        return "not_english"
    return "unreadable"


def _index(name: str, names: tuple[str, ...]) -> int | None:
    """Return the index of a full name or its usual short form (Sept., Tues., Weds., Dec)."""
    name = name.lower()
    if name == "weds":
        name = "wed"
    for index, full in enumerate(names):
        if full == name or (3 <= len(name) <= 5 and full.startswith(name)):
            return index
    return None
