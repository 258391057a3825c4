"""Decode bytes to text, with a warning for each repair."""

from __future__ import annotations

import codecs
import re

from ontherecord.flows.landing.file_types import refuse_other_types
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import Failure

# Control characters that no text needs. Tab and line feed stay; carriage returns became line feeds before,
# and vertical tabs and form feeds become spaces.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
# Quotation marks and dashes of Windows-1252 that were read as Latin-1 became control characters.
_MARKS = {code: bytes([code]).decode("cp1252") for code in range(0x91, 0x98)}
_LOST_MARK = re.compile(r"[\x91-\x97]")
_SPACES = re.compile(r"[\x0b\x0c\x85]")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")
# Half of a character: JSON can escape one alone, but no table can store it.
_SURROGATES = re.compile("[\ud800-\udfff]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Five bytes Windows-1252 leaves undefined; browsers and ftfy map them to the C1 control of the same number.
_UNDEFINED = {byte: chr(byte) for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}


def decode(content: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file, with line feeds as its only line ends, and warnings for repairs.

    UTF-8 first, with or without a byte order mark; UTF-16 with one; else Windows-1252.

    Raises BadDelivery if the bytes are not text (`empty_file`, `not_text`, `binary`).
    """
    if not content.strip():
        raise BadDelivery(
            Failure("empty_file", None, None, "The file is empty. Deliver it again with its text.")
        )
    if failure := refuse_other_types(content):
        raise BadDelivery(failure)
    text, warnings = _to_text(content)
    text, repairs = clean(text)
    return text, (*warnings, *repairs)


def clean(text: str) -> tuple[str, tuple[str, ...]]:
    """Return text with line feeds as its only line ends and without characters that no text needs.

    Also returns warnings for repairs.
    """
    warnings = []
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text, count = _LOST_MARK.subn(lambda found: _MARKS[ord(found[0])], text)
    if count:
        warnings.append("c1_marks")
    for pattern, replacement, warning in (
        (_SURROGATES, "\ufffd", ""),
        (_CONTROLS, "", "control_characters"),
        (_SPACES, " ", "control_characters"),
        (_INVISIBLE, "", "invisible_characters"),
        (_BIDI, "", "direction_marks"),
    ):
        text, count = pattern.subn(replacement, text)
        if count and warning:
            warnings.append(warning)
    if "\ufffd" in text:
        warnings.append("replacement_character")
    return text, tuple(warnings)


def _to_text(content: bytes) -> tuple[str, list[str]]:
    for bom, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if content.startswith(bom):
            return content[len(bom) :].decode(encoding, "replace"), ["encoding_utf16"]
    if b"\x00" in content:
        raise BadDelivery(_binary(content))
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            return content[: error.start].decode("utf-8"), ["truncated_character"]
    return _from_windows_1252(content), ["encoding_windows_1252"]


def _binary(content: bytes) -> Failure:
    """Return the failure of a file with zero bytes; where they are tells how they came about."""
    first, count = content.index(b"\x00"), content.count(b"\x00")
    text = content.rstrip(b"\x00")
    if not text:
        value, why = (
            f"{count} zero bytes and nothing else",
            "Disk space was reserved for the file, but it was never written.",
        )
    elif b"\x00" not in text:
        value, why = f"zero bytes from byte {first} to the end", "The end of the file was never written."
    elif count * 3 >= len(content):
        value, why = (
            f"{count} of {len(content)} bytes are zero bytes, the first at byte {first}",
            "The file is not text, or is UTF-16 without a byte order mark. Save it as text in UTF-8.",
        )
    else:
        value, why = (
            f"{count} of {len(content)} bytes are zero bytes, the first at byte {first}",
            "The text contains zero bytes, so parts of it are lost.",
        )
    return Failure("binary", None, value, f"{why} Deliver the complete file again.")


def _from_windows_1252(content: bytes) -> str:
    decoded = content.decode("cp1252", "surrogateescape")
    return "".join(_UNDEFINED.get(ord(c) - 0xDC00, c) if "\udc80" <= c <= "\udcff" else c for c in decoded)
