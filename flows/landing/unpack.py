"""Unpack a file that is packed with gzip: a form reads what is in it, under its name without .gz."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace

from ontherecord.flows.landing.damage import Damaged, TooMuch
from ontherecord.flows.landing.forms.registry import PACKED_SUFFIXES
from ontherecord.flows.landing.packed import GZIP, GZIP_WINDOW, open_packed
from ontherecord.flows.landing.read import KEPT_BYTES, too_large
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import Failure, RawFile

_SUFFIX = ".gz"
_HEAD_BYTES = 262_144
# What no text has, and anything packed has among its first hundred bytes.
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")
# PDF, DOCX, old Office files, and text in UTF-16.
_DOCUMENTS = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"\xfe\xff")


def unpack(raw: RawFile) -> RawFile:
    """Return what is in a packed file, with the SHA-256 of the bytes as delivered; else the file itself.

    Raises BadDelivery if it is damaged (`unreadable`) or too large.
    """
    if not _is_packed(raw):
        return raw
    try:
        if not raw.head.startswith(GZIP):
            raise Damaged("it is not packed with gzip, and no text")
        with raw.open() as packed:
            content = open_packed(packed, raw.landed.bytes).read(KEPT_BYTES + 1)
    except TooMuch as error:
        message = f"The file is no text, as {error}. Deliver one article per file."
        raise BadDelivery(Failure("too_large", None, None, message)) from error
    except Damaged as error:
        message = "The file cannot be unpacked. Deliver it again, complete."
        raise BadDelivery(Failure("unreadable", None, str(error), message)) from error
    if len(content) > KEPT_BYTES:
        raise BadDelivery(too_large(len(content)))
    landed = replace(raw.landed, source_path=_plain_name(raw), bytes=len(content))
    return replace(raw, landed=landed, kept=content, path=None)


def beginning(raw: RawFile) -> tuple[bytes, str]:
    """Return the first bytes of a file and its name, of a packed one those of what is in it."""
    if not _is_packed(raw):
        return raw.head, raw.landed.source_path
    try:
        head = zlib.decompressobj(GZIP_WINDOW).decompress(raw.head, _HEAD_BYTES)
    except zlib.error:
        head = b""  # unpack says what is wrong
    return head, _plain_name(raw)


def _is_packed(raw: RawFile) -> bool:
    """Say whether a file is packed, and not of a form that reads packed files itself."""
    name = raw.landed.source_path.lower()
    is_named_so = name.endswith(_SUFFIX) and not name.endswith(PACKED_SUFFIXES)
    return is_named_so and not raw.landed.in_file and not _was_unpacked(raw.head)


def _was_unpacked(head: bytes) -> bool:
    """Say whether a file is what a browser leaves that has unpacked it: text, or a document."""
    return head.startswith(_DOCUMENTS) or not _NO_TEXT.search(head)


def _plain_name(raw: RawFile) -> str:
    return raw.landed.source_path[: -len(_SUFFIX)]
