"""Peek: the publication day of a landed file, from its first bytes. Beside read and parse.

For runs that take files by day: the headers stand on top, so a file costs one short read, whatever
its length.
"""

from __future__ import annotations

import os
from datetime import date

from ontherecord.flows.landing.forms.headed_text import parse
from ontherecord.flows.landing.location import Reader
from ontherecord.warehouse.errors import BadDelivery, OnTheRecordError
from ontherecord.warehouse.records import LandedFile, RawFile

_HEAD_BYTES = 4_096


def publication_day(landed: LandedFile) -> date | None:
    """Return the day that a file's Date header gives; None where none can be read."""
    try:
        fd = os.open(landed.file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(fd, "rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return None
    return _day_in(RawFile(landed, _whole_lines(head), ""))


def publication_day_from(reader: Reader, landed: LandedFile) -> date | None:
    """Return the same of a file that a reader has to fetch whole."""
    try:
        return _day_in(reader.read(landed))
    except (OSError, OnTheRecordError):
        return None


def _day_in(raw: RawFile) -> date | None:
    try:
        published_at = parse(raw).published_at
    except BadDelivery:
        return None
    return published_at.date() if published_at else None


def _whole_lines(head: bytes) -> bytes:
    """Leave out a last line that was cut: half a character would make the encoding another."""
    if len(head) < _HEAD_BYTES:
        return head
    return head[: head.rfind(b"\n")]
