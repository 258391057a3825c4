"""Kinds: files that are no article text, told by how they begin. Part of decode and parse."""

from __future__ import annotations

import re
from html import unescape

from ontherecord.warehouse.records import Failure

_EXPORT = "Open it and save it as plain text (.txt, UTF-8), with the headers on top."
_UNPACK = "Unpack it and deliver the articles in it, one a file."
_DROP = "Take it out of the landing folder, and deliver the article it belongs to."
# First bytes, the name of the kind, and what to do. Office documents are zip archives: see _zip.
_KINDS = (
    (b"%PDF-", "a PDF document", _EXPORT),
    (b"{\\rtf", "an RTF document", _EXPORT),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document (.doc, .xls, .ppt)", _EXPORT),
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
# Names inside an office document that tell which program's it is.
_OFFICE = (
    (b"word/", "a Word document (.docx)"),
    (b"xl/", "an Excel workbook (.xlsx)"),
    (b"ppt/", "a PowerPoint file (.pptx)"),
    (b"opendocument", "an OpenDocument file (.odt, .ods)"),
    (b"application/epub", "an e-book (.epub)"),
)
# A tag that only a page has, where a page has it.
_PAGE = re.compile(
    r"\s{0,50}(?:<\?xml[^<>]{0,200}>\s{0,50})?(?:<!--.{0,200}?-->\s{0,50})?<(?:!doctype\s+html|html|head)\b",
    re.IGNORECASE | re.DOTALL,
)
_PAGE_TITLE = re.compile(r"<title[^<>]{0,100}>([^<]{1,300})</title", re.IGNORECASE)
_TOP = 4_000


def refuse_other_types(content: bytes) -> Failure | None:
    """Return the failure `not_text` of bytes that begin as another kind of file does, else None."""
    for start, kind, what_to_do in _KINDS:
        if content.startswith(start):
            return _not_text(kind, what_to_do)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return _not_text("a WebP picture", _DROP)
    if content.startswith(_ZIP):
        ends = content[:_TOP] + content[-_TOP:]  # the list of names is the end of a zip archive
        office = next((kind for name, kind in _OFFICE if name in ends), None)
        return _not_text(office, _EXPORT) if office else _not_text("a zip archive", _UNPACK)
    return None


def refuse_page(text: str) -> Failure | None:
    """Return the failure `html_page` of text that begins as a web page does, else None."""
    if not _PAGE.match(text):
        return None
    title = _PAGE_TITLE.search(text[:_TOP])
    shown = " ".join(unescape(title[1]).split())[:200] if title else ""
    return Failure(
        "html_page",
        None,
        shown or "a page without a title",
        "This is a web page, not an article: often what a server sends when it has none (error, log-in, "
        "consent). Fetch the article again and deliver its text.",
    )


def _not_text(kind: str, what_to_do: str) -> Failure:
    return Failure("not_text", None, kind, f"This is {kind} under the name of a text. {what_to_do}")
