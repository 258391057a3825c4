"""WARC: a web archive, each page with an article.

Takes what Common Crawl's CC-NEWS, Heritrix, Browsertrix, ArchiveWeb.page and wget write (`.warc`, `.warc.gz`,
and `.wacz`, which packs them). Each answer
with a web page is read as an HTML page; the address that it was fetched from is its `url` and its key, the
moment of the fetch its header `warc-date`. Needs `pip install 'ontherecord[warc]'`.

    WARC/1.0
    WARC-Type: response
    WARC-Target-URI: https://post.example/tram

Pictures, scripts and redirects are passed over; a page without an article is quarantined by its address. It
cannot follow a link to a page that is not in the archive.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from ontherecord.flows.landing.forms.deliver import failure
from ontherecord.flows.landing.forms.extras import load_extra
from ontherecord.flows.landing.forms.html_page import decode_page, read_page
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import RawFile

NAME = "warc"
SUFFIXES = (".warc", ".warc.gz", ".arc", ".arc.gz", ".wacz")

_ZIP = b"PK\x03\x04"
_PACKED = (".warc", ".warc.gz")
# As much as a file may have that is read at once.
_ARCHIVE_BYTES = 200_000_000
# A page has some megabytes at most; what is longer is no page.
_PAGE_BYTES = 20_000_000


def is_form(content: bytes, name: str) -> bool:
    """Say whether a file is a web archive: by its first bytes, packed ones by their name."""
    return content.startswith(b"WARC/") or (
        content.startswith((b"\x1f\x8b", _ZIP)) and name.lower().endswith(SUFFIXES)
    )


def read(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the article of each page; a page without one is a bad article.

    Raises BadDelivery if the file is damaged before its first page (`archive_unreadable`) or has no page
    (`no_article`).
    """
    archives = load_extra("warcio.archiveiterator", "warc")
    load_extra("trafilatura", "html")
    number = 0
    try:
        for content in _archives_in(raw.content):
            for record in archives.ArchiveIterator(io.BytesIO(content), arc2warc=True):
                if not _is_page(record):
                    continue
                number += 1
                yield _read_record(number, record)
    except (EOFError, ValueError, OSError, zipfile.BadZipFile, archives.ArchiveLoadFailed) as error:
        message = "The web archive is damaged. Fetch it again; the pages before the damage are loaded."
        failed = failure("archive_unreadable", str(error), message)
        if not number:
            raise BadDelivery(failed) from error
        yield BadArticle(number + 1, None, failed)
    if not number:
        raise BadDelivery(
            failure("no_article", None, "The web archive has no web page. Deliver one with pages.")
        )


def _archives_in(content: bytes) -> Iterator[bytes]:
    """Yield the archive itself, or those in a WACZ, a zip file that has them in its folder `archive`."""
    if not content.startswith(_ZIP):
        yield content
        return
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for info in packed.infolist():
            if info.filename.lower().endswith(_PACKED):
                if info.file_size > _ARCHIVE_BYTES:
                    raise ValueError(f"{info.filename} has {info.file_size:,} bytes")
                yield packed.read(info)


def _is_page(record: Any) -> bool:
    if record.rec_type != "response" or record.http_headers is None:
        return False
    kind = record.http_headers.get_header("Content-Type") or ""
    return str(record.http_headers.get_statuscode()) == "200" and "html" in kind.lower()


def _read_record(number: int, record: Any) -> RawArticle | BadArticle:
    url = record.rec_headers.get_header("WARC-Target-URI")
    kind = record.http_headers.get_header("Content-Type") or ""
    charset = kind.lower().partition("charset=")[2].strip(" \"';") or None
    try:
        text, repairs = decode_page(record.content_stream().read(_PAGE_BYTES), charset)
        more = [("warc-date", record.rec_headers.get_header("WARC-Date"))]
        return read_page(number, text, url, more, repairs)
    except BadDelivery as error:
        return BadArticle(number, url, error.failures[0])
