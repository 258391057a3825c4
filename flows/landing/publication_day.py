"""Read the publication day of a landed file from its first bytes.

For runs that load files by day: the headers of headed text come first, so such a file costs one short read,
whatever its length. Files of other forms are read whole.
"""

from __future__ import annotations

from contextlib import closing
from datetime import date

from ontherecord.flows.landing.beneath import Opener
from ontherecord.flows.landing.forms.registry import HEADED_TEXT
from ontherecord.flows.landing.location import Reader
from ontherecord.flows.landing.parse import form_of, holds_many, parse
from ontherecord.flows.landing.read import read
from ontherecord.flows.landing.reading import BY_CONTENT
from ontherecord.warehouse.errors import BadDelivery, OnTheRecordError
from ontherecord.warehouse.records import LandedFile, RawFile

_HEAD_BYTES = 4_096


def publication_day(landed: LandedFile) -> date | None:
    """Return the day in a file's Date header; None if it cannot be read, or the file has many articles."""
    try:
        with closing(Opener()) as opener, open(opener.open(landed), "rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return None
    beginning = RawFile(landed, _whole_lines(head), "")
    if form_of(beginning, BY_CONTENT) is HEADED_TEXT:
        return _header_day(beginning)
    try:
        return _header_day(read(landed))
    except (OSError, OnTheRecordError):
        return None


def publication_day_from(reader: Reader, landed: LandedFile) -> date | None:
    """Return the same for a file that its reader has to fetch whole."""
    try:
        return _header_day(reader.read(landed))
    except (OSError, OnTheRecordError):
        return None


def _header_day(raw: RawFile) -> date | None:
    try:
        published_at = None if holds_many(raw, BY_CONTENT) else parse(raw).published_at
    except BadDelivery:
        return None
    return published_at.date() if published_at else None


def _whole_lines(head: bytes) -> bytes:
    """Drop an incomplete last line: half a character would look like another encoding."""
    if len(head) < _HEAD_BYTES:
        return head
    return head[: head.rfind(b"\n")]
