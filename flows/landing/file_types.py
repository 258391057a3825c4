"""File types: recognize files that are not article text by their first bytes."""

from __future__ import annotations

import re
from html import unescape

from ontherecord.warehouse.records import Failure

_EXPORT = "Open it and save it as plain text (.txt, UTF-8), with the headers on top."
_CONVERT = "Open it and save it as plain text (.txt, UTF-8), as .docx or as .csv."
_UNPACK = "Unpack it and deliver the articles in it, one per file."
_UNLOCK = "Save the original again as .docx, without a password, and deliver that."
_DROP = "Take it out of the landing folder, and deliver the article it belongs to."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The stream in which Office keeps a document that is locked by a password.
_LOCKED = "EncryptedPackage".encode("utf-16-le")
# First bytes, the type, and what to do. Office documents are zip archives: see _OFFICE.
_TYPES = (
    (b"%PDF-", "a PDF document", _EXPORT),
    (b"{\\rtf", "an RTF document", _EXPORT),
    (_OLE, "an old Office document (.doc, .xls, .ppt)", _CONVERT),
    (b"%!PS", "a PostScript document", _EXPORT),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture", _DROP),
    (b"\xff\xd8\xff", "a JPEG picture", _DROP),
    (b"GIF87a", "a GIF picture", _DROP),
    (b"GIF89a", "a GIF picture", _DROP),
    (b"II*\x00", "a TIFF picture", _DROP),
    (b"MM\x00*", "a TIFF picture", _DROP),
    (b"\x1f\x8b", "a gzip archive", _UNPACK),
    (b"\xfd7zXZ\x00", "an xz archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", _UNPACK),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# Names inside an office document that identify its type.
_OFFICE = (
    (b"word/", "a Word document (.docx)"),
    (b"xl/", "an Excel workbook (.xlsx)"),
    (b"ppt/", "a PowerPoint file (.pptx)"),
    (b"opendocument", "an OpenDocument file (.odt, .ods)"),
    (b"application/epub", "an e-book (.epub)"),
)
# A tag that only a web page has, at the start of the text.
_PAGE = re.compile(
    r"\s{0,50}(?:<\?xml[^<>]{0,200}>\s{0,50})?(?:<!--.{0,200}?-->\s{0,50})?<(?:!doctype\s+html|html|head)\b",
    re.IGNORECASE | re.DOTALL,
)
_PAGE_TITLE = re.compile(r"<title[^<>]{0,100}>([^<]{1,300})</title", re.IGNORECASE)
# Bytes or characters at the start and end of a file that are searched.
_SEARCHED = 4_000


def refuse_other_types(content: bytes) -> Failure | None:
    """Return the failure `not_text` if bytes begin like a file of another type, else None."""
    if content.startswith(_OLE) and _LOCKED in content:
        return _not_text("an Office document that is locked by a password", _UNLOCK)
    for start, file_type, next_step in _TYPES:
        if content.startswith(start):
            return _not_text(file_type, next_step)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return _not_text("a WebP picture", _DROP)
    if content.startswith(_ZIP):
        ends = content[:_SEARCHED] + content[-_SEARCHED:]  # a zip archive lists its names at the end
        office = next((file_type for name, file_type in _OFFICE if name in ends), None)
        return _not_text(office, _EXPORT) if office else _not_text("a zip archive", _UNPACK)
    return None


def refuse_page(text: str) -> Failure | None:
    """Return the failure `html_page` if text begins like a web page, else None."""
    if not _PAGE.match(text):
        return None
    title = _PAGE_TITLE.search(text[:_SEARCHED])
    shown = " ".join(unescape(title[1]).split())[:200] if title else ""
    return Failure(
        "html_page",
        None,
        shown or "a page without a title",
        "This is a web page, not an article; often an error, login or consent page. Fetch the article again "
        "and deliver its text.",
    )


def _not_text(file_type: str, next_step: str) -> Failure:
    return Failure("not_text", None, file_type, f"This is {file_type}, not text. {next_step}")
