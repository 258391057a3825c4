"""Documents: the lines of a DOCX, RTF, HTML or text file, whichever a database exports its articles in."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from ontherecord.flows.landing.damage import name_damage
from ontherecord.flows.landing.decode import decode
from ontherecord.flows.landing.forms.deliver import failure, join_wrapped
from ontherecord.flows.landing.forms.extras import load_extra
from ontherecord.flows.landing.forms.html_page import decode_page
from ontherecord.flows.landing.forms.html_page import is_form as is_page
from ontherecord.flows.landing.forms.markup import lines_of
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import Failure

_ZIP = b"PK\x03\x04"
_RTF = b"{\\rtf"
# A document of a thousand articles has some tens of megabytes unpacked; a bomb has gigabytes.
UNPACKED_BYTES = 200_000_000


# What programs have for an author where nobody gave a name.
_NOBODY = re.compile(
    r"\W*(?:microsoft(?: office)?(?: user)?|(?:windows|office|default|unknown)(?: user)?|user|owner|author|"
    r"admin(?:istrator)?|python-docx|un-named|anonymous|openpyxl|apache poi|docx|root|unspecified)\W*",
    re.IGNORECASE,
)


def is_nobody(author: str) -> bool:
    """Say whether the author in the properties of a document is what a program writes for nobody."""
    return _NOBODY.fullmatch(author) is not None


@dataclass(frozen=True, slots=True)
class Document:
    """The lines of a document; `is_wrapped` says that its paragraphs are wrapped at a width.

    `title`, `author` and `created` are a DOCX's properties; `titles` and `headings` are the lines with its
    styles Title and Heading 1.
    """

    lines: tuple[str, ...]
    is_wrapped: bool = False
    repairs: tuple[str, ...] = ()
    title: str | None = None
    author: str | None = None
    created: str | None = None
    titles: tuple[int, ...] = ()
    headings: tuple[int, ...] = ()

    def paragraphs(self, start: int, end: int) -> list[str]:
        """Return the paragraphs between two lines."""
        lines = self.lines[start:end]
        return join_wrapped(lines) if self.is_wrapped else [line for line in lines if line.strip()]


def is_word(content: bytes, name: str) -> bool:
    """Say whether a file is a DOCX; its first bytes say zip, and a part of it or its name the rest."""
    return content.startswith(_ZIP) and (b"word/" in content or name.lower().endswith(".docx"))


def is_rtf(content: bytes) -> bool:
    """Say whether a file is RTF."""
    return content.startswith(_RTF)


def may_be_export(content: bytes, name: str) -> bool:
    """Say whether a file may be an export in RTF, HTML or text, not a table that has one's marks in it."""
    if content.startswith(b"PK") or content.lstrip(b"\xef\xbb\xbf \r\n")[:1] in (b"[", b'"'):
        return False
    is_json = content.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{") and not is_rtf(content)
    return not is_json and not name.lower().endswith(
        (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".eml", ".mbox")
    )


def read_document(content: bytes, name: str) -> Document:
    """Return the lines of a document.

    Raises BadDelivery if it is damaged (`document_unreadable`), a bomb (`document_too_large`), or a package
    is missing (`extra_missing`).
    """
    if is_word(content, name):
        return _read_word(content)
    if is_rtf(content):
        return _read_rtf(content)
    if is_page(content, name):
        text, repairs = decode_page(content)
        return Document(tuple(lines_of(text)), repairs=repairs)
    text, repairs = decode(content)
    return Document(tuple(text.replace("\f", "\n").split("\n")), is_wrapped=True, repairs=repairs)


def _read_word(content: bytes) -> Document:
    docx = load_extra("docx", "documents")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            size = sum(info.file_size for info in parts.infolist())
            if size > UNPACKED_BYTES:
                raise BadDelivery(
                    failure(
                        "document_too_large", f"{size:,} bytes unpacked", "Export fewer articles in a file."
                    )
                )
        return _lines_of_word(docx.Document(io.BytesIO(content)))
    except BadDelivery:
        raise
    except Exception as error:  # zip, XML and package errors of several libraries: all mean a damaged file
        raise BadDelivery(_unreadable(name_damage(error))) from error


def _lines_of_word(document: Any) -> Document:
    lines: list[str] = []
    styled: dict[str, list[int]] = {"Title": [], "Heading 1": []}
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            lines += (text for row in block.rows for text in dict.fromkeys(cell.text for cell in row.cells))
        else:
            if block.text.strip() and (style := block.style.name if block.style else None) in styled:
                styled[style].append(len(lines))
            lines += block.text.split("\n")
    properties = document.core_properties
    created = properties.created.isoformat() if properties.created else None
    return Document(
        tuple(lines),
        title=properties.title or None,
        author=properties.author or None,
        created=created,
        titles=tuple(styled["Title"]),
        headings=tuple(styled["Heading 1"]),
    )


def _read_rtf(content: bytes) -> Document:
    striprtf = load_extra("striprtf.striprtf", "documents")
    if not content.rstrip(b"\0\r\n\t \x1a").endswith(b"}"):
        # RTF is one group in braces. striprtf gives what there is of it, half an article without a word.
        raise BadDelivery(_unreadable("it is cut off: the brace that closes it is missing"))
    try:
        # RTF is ASCII; what is not is in the encoding of Windows.
        plain = striprtf.rtf_to_text(content.decode("cp1252", "replace"), errors="replace")
    except Exception as error:  # striprtf raises what Python does
        raise BadDelivery(_unreadable(name_damage(error))) from error
    # A bar is the end of a cell.
    return Document(tuple(re.sub(r"\t+", " ", line).rstrip("|") for line in plain.split("\n")))


def _unreadable(why: str) -> Failure:
    message = (
        "The document is damaged or locked. Save the original again, without a password, and deliver it."
    )
    return failure("document_unreadable", why, message)
