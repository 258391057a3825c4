"""Embargoes: until when an article may not be published, by its `embargo` header.

The header is called otherwise too (flows/landing/data/header_names.txt). An embargo that cannot be read holds
the article until somebody says what it means: to publish too early is the error that cannot be undone. An
article without the header may have a notice in its text: embargo_notice.py.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from ontherecord.flows.landing.dates import read_date
from ontherecord.warehouse.records import Delivery, Failure

EMBARGOED = "embargoed"
UNREADABLE = "embargo_unreadable"
# `quarantine retry --rule` waives one: to name it is to say that the article may be published.
EMBARGO_RULES = frozenset((EMBARGOED, UNREADABLE))
# Without a zone, a time has come when it has come everywhere: twelve hours after it in UTC.
LAST_ZONE = timedelta(hours=12)
_NONE = frozenset(("", "no", "none", "false", "0", "null", "nil", "-", "not embargoed"))
_INTRODUCED = re.compile(
    r"(?:strictly\s+)?(?:under\s+)?(?:embargo(?:ed)?\s*)?(?:until|till|for|to|:)\s*:?\s+", re.IGNORECASE
)


def read_embargo(text: str | None) -> tuple[str | None, datetime | None]:
    """Return an embargo as delivered and its end in UTC, which is None if it cannot be read.

    Both are None if there is no embargo.
    """
    value = " ".join((text or "").split())
    if value.casefold() in _NONE:
        return None, None
    date = read_date(_INTRODUCED.sub("", value, count=1))
    return value, in_utc(date.published_at, date.published_at_utc)


def in_utc(at: datetime | None, utc: datetime | None) -> datetime | None:
    """Return when a time has come for sure: the moment in UTC, or the last one if no zone is known."""
    return utc or (min(at, datetime.max - LAST_ZONE) + LAST_ZONE if at else None)


def check_embargo(delivery: Delivery, now: datetime) -> tuple[Failure, ...]:
    """Return why a delivery may not be published yet; nothing if it may. `now` is in UTC."""
    if delivery.embargo is None:
        return ()
    until = delivery.embargo_until
    if until is None:
        return (
            Failure(
                UNREADABLE,
                "embargo",
                delivery.embargo[:200],
                "The embargo cannot be read as a day and time. Write it as '2026-12-01T06:00:00Z'. If it is "
                "over, run `ontherecord quarantine retry --rule embargo_unreadable --paths PATH`.",
            ),
        )
    if until <= now:
        return ()
    return (
        Failure(
            EMBARGOED,
            "embargo",
            f"{delivery.embargo[:150]} ({until:%Y-%m-%d %H:%M} UTC)",
            "The article is under embargo. The first ingest after that time loads it. To publish it "
            "earlier, run `ontherecord quarantine retry --rule embargoed --paths PATH`.",
            until,
        ),
    )
