"""WARC: a web archive, each page with an article.

Takes what Common Crawl's CC-NEWS, Heritrix, Browsertrix, ArchiveWeb.page and wget write (`.warc`, `.warc.gz`,
and `.wacz`, which packs them). Each answer
with a web page is read as an HTML page; the address that it was fetched from is its `url` and its key, the
moment of the fetch its header `warc-date`. Needs `pip install 'ontherecord[warc]'`.

    WARC/1.0
    WARC-Type: response
    WARC-Target-URI: https://post.example/tram

Pictures, scripts and redirects are passed over; a page without an article, or one that is cut off, is
quarantined by its address. It cannot follow a link to a page that is not in the archive.
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
from ontherecord.flows.landing.packed import GZIP
from ontherecord.flows.plural import counted
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import Failure, RawFile

NAME = "warc"
SUFFIXES = (".warc", ".warc.gz", ".arc", ".arc.gz", ".wacz")

_ZIP = b"PK\x03\x04"
_PACKED = (".warc", ".warc.gz")
# As much as a file may have that is read at once.
_ARCHIVE_BYTES = 200_000_000
# A page has some megabytes at most; what is longer is no page.
_PAGE_BYTES = 20_000_000
_PART = 1_000_000
_PACKED_AS_ONE = "it is packed as a whole, not record by record"


def is_form(content: bytes, name: str) -> bool:
    """Say whether a file is a web archive: by its first bytes, packed ones by their name."""
    return content.startswith(b"WARC/") or (
        content.startswith((GZIP, _ZIP)) and name.lower().endswith(SUFFIXES)
    )


def read(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the article of each page; a page without one, or one that is cut off, is a bad article.

    Raises BadDelivery if the file is damaged before its first page (`archive_unreadable`) or has no page
    (`no_article`). Damage behind a page is a bad article of its own.
    """
    archives = load_extra("warcio.archiveiterator", "warc")
    load_extra("trafilatura", "html")
    number, damage, url = 0, None, None
    records: Any = None
    try:
        for content in _archives_in(raw.content):
            records = archives.ArchiveIterator(io.BytesIO(content), arc2warc=True)
            for record in records:
                found = _read_record(number + 1, record) if _is_page(record) else None
                if missing := _missing(record):
                    damage, url = missing, record.rec_headers.get_header("WARC-Target-URI")
                    break
                if found:
                    number += 1
                    yield found
            else:
                damage = _damage_behind(content, records.offset)
            if damage:
                break
    except archives.ArchiveLoadFailed as error:
        is_one = "non-chunked gzip" in str(error)
        damage = _PACKED_AS_ONE if is_one else f"what stands at byte {records.offset} is no record"
    except zipfile.BadZipFile:
        damage = "its zip file is damaged"
    except (EOFError, ValueError, OSError, AttributeError):  # what warcio raises for half a header
        damage = f"the record at byte {records.offset} is damaged"
    if damage:
        failed = _unreadable(damage)
        if not number and not url:
            raise BadDelivery(failed)
        yield BadArticle(number + 1, url, failed)
    elif not number:
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
                    raise zipfile.BadZipFile(f"{info.filename} has {info.file_size:,} bytes")
                yield packed.read(info)


def _unreadable(why: str) -> Failure:
    message = "The web archive is damaged; the pages above the damage are loaded. "
    step = "Repack it with `warcio recompress`." if why == _PACKED_AS_ONE else "Fetch it again, complete."
    return failure("archive_unreadable", why, message + step)


def _missing(record: Any) -> str | None:
    """Say what is missing of a record: warcio takes the end of the file for the end of the record."""
    if record.rec_headers.get_header("Content-Length") is None:
        return "it is cut off in the header of a record"
    while record.raw_stream.read(_PART):
        pass
    missing = getattr(record.raw_stream, "limit", 0)
    return f"it is cut off: {counted(missing, 'byte')} of a record are missing" if missing else None


def _damage_behind(content: bytes, offset: int) -> str | None:
    """Say what is wrong if something stands behind the last record that was read."""
    if content[offset:].strip(b"\0\r\n"):
        return f"it is cut off in the header of the record at byte {offset}"
    return None


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
