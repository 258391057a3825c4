"""Read the `## Date:` header: 'Thursday, December 17, 2015 - 01:00'. Part of parse."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
# Names are English whatever the locale of the machine, so strptime is of no use here.
_TIME = (
    r"(?:(?:\s*[-–—,]\s*|\s+(?:at\s+)?)"
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::\d\d)?\s*(?P<half>[ap]\.?m\.?)?)?"
)
_SPELLED = re.compile(
    r"(?:(?P<weekday>[a-z]{3,9})\.?,?\s+)?"
    r"(?:(?P<month>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})|(?P<day2>\d{1,2})\s+(?P<month2>[a-z]{3,9})\.?),?\s+"
    r"(?P<year>\d{4})" + _TIME,
    re.IGNORECASE,
)
# Year first leaves no doubt about day and month; 03/04/2015 does, so slashes are not read.
_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
    r"(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::\d\d(?:\.\d+)?)?)?"
)


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date as read: None where it could not be; with the warnings due."""

    published_at: datetime | None
    warnings: tuple[str, ...] = ()


def read_date(text: str) -> ReadDate:
    """Read a date header's value.

    Near misses that can mean only one moment are read with the warning `date_repaired`: spacing,
    missing zeros, short names, a 12-hour clock, day before month, ISO. A weekday that is not the
    date's own gives `date_weekday`. Anything else, also a day or hour that does not exist, gives None.
    """
    tidy = " ".join(text.split())
    match = _SPELLED.fullmatch(tidy)
    if match:
        found = _spelled(match)
    elif match := _ISO.fullmatch(tidy):
        found = _moment(
            match["year"], int(match["month"]), match["day"], match["hour"], match["minute"], None
        )
    else:
        return ReadDate(None)
    if found is None:
        return ReadDate(None)
    weekday = None
    if match.re is _SPELLED and match["weekday"]:
        weekday = _index(match["weekday"], WEEKDAYS)
        if weekday is None:
            return ReadDate(None)
    warnings = []
    if weekday is None or text != _written(weekday, found):
        warnings.append("date_repaired")
    if weekday is not None and weekday != found.weekday():
        warnings.append("date_weekday")
    return ReadDate(found, tuple(warnings))


def _written(weekday: int, moment: datetime) -> str:
    """Return the moment in the header's own form, under that weekday."""
    day = f"{WEEKDAYS[weekday].title()}, {MONTHS[moment.month - 1].title()} {moment.day:02}, {moment.year:04}"
    return f"{day} - {moment.hour:02}:{moment.minute:02}"


def _spelled(match: re.Match[str]) -> datetime | None:
    month = _index(match["month"] or match["month2"], MONTHS)
    if month is None:
        return None
    day = match["day"] or match["day2"]
    return _moment(match["year"], month + 1, day, match["hour"], match["minute"], match["half"])


def _moment(
    year: str, month: int, day: str, hour: str | None, minute: str | None, half: str | None
) -> datetime | None:
    hours = int(hour or 0)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    try:
        return datetime(int(year), month, int(day), hours, int(minute or 0))
    except ValueError:
        return None


def _index(name: str, names: tuple[str, ...]) -> int | None:
    """Return the place of a full name or its usual short form (Sept., Tues., Dec)."""
    name = name.lower()
    for index, full in enumerate(names):
        if full == name or (3 <= len(name) <= 5 and full.startswith(name)):
            return index
    return None
