"""Damage: what the errors of libraries mean for whoever delivered a file, in plain words.

A library names its own functions, a temporary path or the first bytes that it met. None of that helps to mend
a file; whether it was cut off, changed or locked does.
"""

from __future__ import annotations

import re

CUT_OFF = "it is cut off"
CHANGED = "it was changed: the checksum is wrong"
# What zipfile, zlib, gzip, lzma, tarfile, expat, lxml, python-docx, pypdf and DuckDB say, and what it means;
# the first that matches.
_MEANINGS = tuple(
    (re.compile(pattern, re.IGNORECASE), meaning)
    for pattern, meaning in (
        (r"unknown encoding|multi-byte encodings", "it names an encoding that cannot be read here"),
        (r"password|encrypted|decrypted|cryptography", "it is locked by a password"),
        (r"no item named '(?P<what>[^']{1,100})'", "its part {what} is missing"),
        (r"CRC-32 for file '(?P<what>[^']{1,100})'", "its part {what} was changed: the checksum is wrong"),
        (r"no relationship of type", "the part that says where its text is, is missing"),
        (r"is not a Word file", "it is another document of Office, under the name of a Word document"),
        (r"not a zip file", "its list of contents is missing: it is cut off, or no zip file"),
        (r"magic number", "its list of contents is damaged"),
        (r"(?:no element|unclosed|premature end).*line (?P<line>\d+), column (?P<what>\d+)",
         "it is cut off: its XML ends at line {line}, column {what}, with elements still open"),
        (r"line (?P<line>\d+), column (?P<what>\d+)", "its XML is not valid at line {line}, column {what}"),
        (r"end-of-stream marker|unexpected end|ended unexpectedly|EOF marker|empty file|truncated|too small"
         r"|magic bytes found at end", CUT_OFF),
        (r"not a gzip(?:ped)? file", "it was never packed, or something else stands behind the packed part"),
        (r"CRC|Incorrect length|checksum|data check|length check", CHANGED),
        (r"memory usage limit", "unpacking it takes more memory than any usual archive needs"),
        (r"compression (?:type|method)|not supported", "it is packed in a way that cannot be unpacked here"),
    )
)  # fmt: skip
_OTHERWISE = "its contents are damaged"


class Damaged(Exception):
    """A file, or one in an archive, is damaged. Its text is a clause that says how: 'it is cut off'."""


class TooMuch(Damaged):
    """A file unpacks to more than any with news does, or has more files or longer headers."""


def name_damage(error: BaseException) -> str:
    """Say what is wrong with a file that a library could not read, as a clause: 'it is cut off …'."""
    if isinstance(error, EOFError):
        return CUT_OFF
    text = " ".join(str(error).split())
    for pattern, meaning in _MEANINGS:
        if match := pattern.search(text):
            return meaning.format(**match.groupdict())
    return _OTHERWISE
