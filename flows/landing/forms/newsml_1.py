"""NewsML 1: the IPTC's exchange format before NewsML-G2, which AFP, Reuters and others still deliver.

Takes versions 1.0 to 1.2, with many items in a file. The text is the `DataContent` of the first text: NITF,
XHTML, paragraphs or plain text. Headline, byline, dateline, dates, provider, language and the public
identifier (the key) become headers.

    <NewsML><NewsItem><NewsManagement><FirstCreated>20151220T010000+0100</FirstCreated></NewsManagement>
    <NewsComponent><NewsLines><HeadLine>Tram leaves on time</HeadLine></NewsLines><ContentItem><DataContent>
    <p>The first tram …</p></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>

Items without a text, such as pictures, are quarantined, and so are canceled and withheld ones. It cannot
follow links to content in other files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ontherecord.flows.landing.forms import nitf
from ontherecord.flows.landing.forms.deliver import bad_article, make_article
from ontherecord.flows.landing.forms.plain_article import paragraphs_of_text
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.flows.landing.forms.xml_text import (
    all_of,
    attribute,
    blocks_of,
    first_of,
    items_of,
    tag,
    text_of,
)
from ontherecord.warehouse.records import RawFile

NAME = "newsml-1"
SUFFIXES = (".xml",)

_ROOT = re.compile(rb"<NewsML[\s>]")
_BLOCKS = ("p", "h1", "h2", "h3", "h4", "hl2", "li", "div", "br", "blockquote", "body", "pre", "block")
_SKIPPED = ("head", "table", "figure", "script", "style", "media", "img", "body.head")
_NOT_TO_PUBLISH = frozenset(("canceled", "cancelled", "withheld", "embargoed"))
# What a component may be besides the text of an article.
_LESSER_ROLES = frozenset(("caption", "abstract", "summary", "teaser", "sidebar", "thumbnail", "supporting"))


def is_form(content: bytes, name: str) -> bool:
    """Say whether a file is NewsML 1, by its root."""
    return _ROOT.search(content[:4_000]) is not None


def read(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the article of each item.

    Raises BadDelivery if it is no valid XML (`xml_unreadable`) or has no item (`no_article`).
    """
    for number, item in enumerate(items_of(raw.content, "NewsItem"), start=1):
        yield _read_item(number, item)


def _read_item(number: int, item: Any) -> RawArticle | BadArticle:
    key = text_of(first_of(item, "PublicIdentifier")) or text_of(first_of(item, "NewsItemId"))
    title = text_of(first_of(item, "HeadLine"))
    status = _formal_name(first_of(item, "NewsManagement", "Status")) or ""
    if status.lower() in _NOT_TO_PUBLISH:
        message = f"The agency marked this item as {status}. Deliver the version that may be published."
        return bad_article(number, key, "withdrawn", title, message)
    body = _body(item)
    if not body:
        message = "This item has no text of an article. Take it out, or deliver the text that belongs to it."
        return bad_article(number, key, "no_article", title or key, message)
    return make_article(number, key, _headers(item, title, key), body)


def _headers(item: Any, title: str | None, key: str | None) -> list[tuple[str, str | None]]:
    lines, management = first_of(item, "NewsLines"), first_of(item, "NewsManagement")
    component = first_of(item, "NewsComponent")
    language = _formal_name(first_of(item, "DescriptiveMetadata", "Language"))
    return [
        ("HeadLine", title),
        ("firstCreated", text_of(first_of(management, "FirstCreated"))),
        ("versionCreated", text_of(first_of(management, "ThisRevisionCreated"))),
        *(("byline", text_of(line)) for line in _lines_of(lines, "ByLine")),
        ("provider", _party(item, "Provider") or text_of(first_of(item, "ProviderId"))),
        ("creditline", text_of(first_of(lines, "CreditLine"))),
        ("dateline", _place(text_of(first_of(lines, "DateLine")))),
        ("language", language or (attribute(component, "lang") if component is not None else None)),
        ("slugline", text_of(first_of(lines, "SlugLine"))),
        ("subHeadline", text_of(first_of(lines, "SubHeadLine"))),
        ("guid", key),
    ]


def _lines_of(lines: Any, name: str) -> list[Any]:
    return list(all_of(lines, name)) if lines is not None else []


def _place(dateline: str | None) -> str | None:
    """Return the place of 'Harbour, July 10, 2024 (AFP)'."""
    return re.split(r",\s+(?:\w+\.?\s+)?\d|\s+\(", dateline, maxsplit=1)[0] if dateline else None


def _party(item: Any, name: str) -> str | None:
    return _formal_name(first_of(item, name, "Party"))


def _formal_name(element: Any) -> str | None:
    return element.get("FormalName") if element is not None else None


def _body(item: Any) -> list[str]:
    """Return the paragraphs of the first content that is text and no caption or summary."""
    for component in all_of(item, "NewsComponent"):
        role = (_formal_name(next((e for e in component if tag(e) == "Role"), None)) or "").lower()
        if role in _LESSER_ROLES:
            continue
        for content in (child for child in component if tag(child) == "ContentItem"):
            media = (_formal_name(first_of(content, "MediaType")) or "text").lower()
            if media in ("text", "complexdata") and (found := _content(first_of(content, "DataContent"))):
                return found
    return []


def _content(data: Any) -> list[str]:
    if data is None:
        return []
    document = next(all_of(data, "nitf"), None)
    if document is not None:
        return nitf.read_body(document)
    if len(data):
        return list(blocks_of(data, _BLOCKS, _SKIPPED))
    return paragraphs_of_text((data.text or "").split("\n"))
