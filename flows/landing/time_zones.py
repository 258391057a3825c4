"""Time zones as news writes them: 'Z', '+0100', 'GMT+1', 'ET', 'BST', 'Eastern Time', '(PDT)'."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Offsets in hours. Those of the United States are of RFC 2822, section 4.3; the others are those that the
# IANA zone of the place gives, where no other country's English papers use the same letters: no IST, no AST,
# no PST of Manila. CST is Chicago's, as in the RFC, not Shanghai's.
_OFFSETS = {
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "akst": -9, "akdt": -8, "hst": -10, "nst": -3.5, "ndt": -2.5,
    "bst": 1, "west": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "trt": 3,
    "sast": 2, "cat": 2, "eat": 3, "wat": 1,
    "pkt": 5, "npt": 5.75, "sgt": 8, "hkt": 8, "pht": 8, "wib": 7, "jst": 9, "kst": 9,
    "awst": 8, "acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
}  # fmt: skip
# Names that mean summer or winter time, whichever holds on that day.
_PLACES = {
    "et": "America/New_York", "eastern": "America/New_York",
    "ct": "America/Chicago", "central": "America/Chicago",
    "mt": "America/Denver", "mountain": "America/Denver",
    "pt": "America/Los_Angeles", "pacific": "America/Los_Angeles",
}  # fmt: skip
_NUMBERED = re.compile(
    r"(?:UTC|GMT)?\s?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?", re.IGNORECASE
)
_COMMENT = r"(?:\s*\([A-Za-z][A-Za-z ]{0,40}\))?"
# A zone as part of a date's pattern. Any short word that ends like a zone is one, be it known or not.
ZONE = (
    r"(?:(?:UTC|GMT)?\s?[+-]\d{1,2}(?::?\d\d)?" + _COMMENT + r"|\(?(?:"
    r"(?:US\s+)?(?:eastern|central|mountain|pacific)(?:\s+(?:standard|daylight))?\s+time"
    r"|" + "|".join(sorted({name for name in (*_OFFSETS, *_PLACES) if len(name) < 6}, key=len, reverse=True))
    + r"|[A-Z]{1,3}[SD]T)\b\)?" + _COMMENT + ")"
)  # fmt: skip


def read_zone(text: str) -> tzinfo | None:
    """Return the zone that a text names; None if it is not known, or several countries use the name."""
    if match := _NUMBERED.match(text.strip()):
        hours, minutes = int(match["hours"]), int(match["minutes"] or 0)
        offset = timedelta(hours=hours, minutes=minutes)
        if offset >= timedelta(hours=24):
            return None
        return timezone(-offset if match["sign"] == "-" else offset)
    words = re.findall(r"[a-z]+", text.lower())
    name = next((word for word in words if word != "us"), "")
    if name in _PLACES and words[-1] in (name, "time"):
        name = {"standard": f"{name[0]}st", "daylight": f"{name[0]}dt"}.get(
            words[-2] if len(words) > 2 else "", name
        )
    if place := _PLACES.get(name):
        try:
            return ZoneInfo(place)
        except ZoneInfoNotFoundError:  # a machine without the data, and without the package tzdata
            return None
    hours_off = _OFFSETS.get(name)
    return None if hours_off is None else timezone(timedelta(hours=hours_off))
