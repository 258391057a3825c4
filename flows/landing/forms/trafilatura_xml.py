"""trafilatura's XML: the output of trafilatura with `--xml` or `--xmltei`, one article per file.

    <doc title="Tram leaves on time" author="Ada Novello" date="2015-12-20" sitename="Marsalin Post" url="https://…">
    <main><p>The first tram …</p></main></doc>

Comments are left out. It cannot read TEI of other producers beyond title, author, date and paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ontherecord.flows.landing.forms.deliver import failure, make_article, without_headline
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.flows.landing.forms.xml_text import all_of, blocks_of, first_of, parse_xml, tag, text_of
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import RawFile

NAME = "trafilatura-xml"
SUFFIXES = (".tei", ".xml")

_BLOCKS = ("p", "head", "item", "quote", "lb", "list", "main", "body", "div", "ab", "fw", "code")
_SKIPPED = ("comments", "table", "graphic", "figure")


def is_form(content: bytes, name: str) -> bool:
    """Say whether a file is XML as trafilatura writes it."""
    head = content[:4_000]
    return b"<TEI" in head or (b"<doc " in head and (b"<main" in content[:20_000]))


def read(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the one article of a file.

    Raises BadDelivery if it is no valid XML (`xml_unreadable`) or has no text (`no_article`).
    """
    root = parse_xml(raw.content)
    main = first_of(root, "text", "body") if tag(root) == "TEI" else first_of(root, "main")
    if main is None:
        raise BadDelivery(failure("no_article", tag(root), "The file has no text. Extract the page again."))
    headers = (
        _tei_headers(root) if tag(root) == "TEI" else [(name, value) for name, value in root.attrib.items()]
    )
    values = dict(headers)
    parts = [part for part in main if not (tag(part) == "div" and part.get("type") == "comments")]
    body = [block for part in parts for block in blocks_of(part, _BLOCKS, _SKIPPED)] or [text_of(main) or ""]
    text = without_headline("\n".join(body), values.get("title"))
    yield make_article(1, values.get("url"), headers, text)


def _tei_headers(root: Any) -> list[tuple[str, str | None]]:
    full = first_of(root, "biblFull")
    source = full if full is not None else first_of(root, "teiHeader")
    link = next((e.get("target") for e in all_of(root, "ptr") if e.get("type") == "URL"), None)
    publisher = text_of(first_of(source, "publisher"))
    sigle = next((text_of(e) for e in all_of(root, "bibl") if e.get("type") == "sigle"), None)
    outlet = (sigle or "").rpartition(",")[0] or publisher
    return [
        ("title", text_of(first_of(source, "title"))),
        *(("author", text_of(author)) for author in all_of(source, "author")),
        ("date", text_of(first_of(source, "publicationStmt", "date")) or text_of(first_of(source, "date"))),
        ("sitename", outlet),
        ("publisher", publisher),
        ("url", link),
        *(("category", text_of(term)) for term in all_of(root, "term") if term.get("type") == "categories"),
    ]
