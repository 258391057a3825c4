"""ninjs: the IPTC's news in JSON, an item or a list of them.

Takes versions 1 (`headline`, `body_text`, `body_html`), 2 and 3 (`headlines`, `bodies`, with roles).
Headline, dates, byline, located, language and the item's uri (the key) become headers.

    {"uri": "urn:post:1", "type": "text", "versioncreated": "2015-12-20T01:00:00+01:00",
     "headline": "Tram leaves on time", "body_text": "The first tram …"}

Pictures, video and other types are quarantined, and so are canceled and withheld items.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ontherecord.flows.landing.decode import decode_markup
from ontherecord.flows.landing.forms.deliver import bad_article, failure, make_article
from ontherecord.flows.landing.forms.markup import is_markup, paragraphs_of
from ontherecord.flows.landing.forms.nested import flatten, load_json
from ontherecord.flows.landing.forms.plain_article import paragraphs_of_text
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import RawFile

NAME = "ninjs"
SUFFIXES: tuple[str, ...] = (".ninjs",)

_TYPES = rb"text|audio|video|picture|graphic|composite|package|planning|event|component"
_TYPE = re.compile(rb'"type"\s*:\s*"(?:' + _TYPES + rb')"')
_NAMES = re.compile(
    rb'"(?:versioncreated|versionCreated|body_x?html|body_text|headlines|bodies|pubstatus|pubStatus)"\s*:'
)
# Levels of an answer in which items are looked for.
_LEVELS = 4
_NOT_TO_PUBLISH = frozenset(("canceled", "cancelled", "withheld"))
# The bodies to choose from: those of version 1 by name, those of version 2 by role, the best first.
_BODY_NAMES = ("body_xhtml", "body_html", "bodyXhtml", "body_text", "bodyText")
_BODY_ROLES = ("main", "html", "xhtml", "richtext", "text", "plain")


def is_form(content: bytes, name: str) -> bool:
    """Say whether a JSON file is ninjs: it has a uri, a type of news and names that only ninjs has."""
    head = content[:20_000]
    is_json = content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"[")
    has_id = b'"uri"' in head or b'"guid"' in head
    return is_json and has_id and bool(_TYPE.search(content)) and bool(_NAMES.search(content))


def read(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the article of each text item.

    Raises BadDelivery if the file is no valid JSON (`json_unreadable`).
    """
    text, _ = decode_markup(raw.content)
    loaded = load_json(text)
    if isinstance(loaded, dict) and not _id(loaded):  # an answer of an agency's API
        loaded = _items_in(loaded, _LEVELS) or loaded
    items = loaded if isinstance(loaded, list) else [loaded]
    if not items or not all(isinstance(item, dict) for item in items):
        message = "The file is no valid JSON, or is cut off. Deliver it again."
        raise BadDelivery(failure("json_unreadable", text[:100], message))
    for number, item in enumerate(items, start=1):
        yield _read_item(number, {name.lower(): value for name, value in item.items()}, item)


def _read_item(number: int, item: dict[str, Any], given: dict[str, Any]) -> RawArticle | BadArticle:
    uri = _id(item)
    title = _of_role(item.get("headlines"), ("main", "headline", "")) or item.get("headline")
    title = title if isinstance(title, str) else None
    kind, status = str(item.get("type") or "text").lower(), str(item.get("pubstatus") or "").lower()
    if status in _NOT_TO_PUBLISH:
        message = f"The agency marked this item as {status}. Deliver the version that may be published."
        return bad_article(number, uri, "withdrawn", title, message)
    body = _body(item, given)
    if kind != "text" or not body:
        what = kind if kind != "text" else "text without a body"
        message = f"This item is no article: a {what}. Take it out, or deliver the text that belongs to it."
        return bad_article(number, uri, "no_article", title or uri, message)
    # Bodies, descriptions and what belongs to pictures are not headers.
    left_out = {"headlines", "headline", "bodies", "descriptions", "renditions", "associations", *_BODY_NAMES}
    headers = [("headline", title), *flatten({k: v for k, v in given.items() if k not in left_out})]
    return make_article(number, uri, headers, body)


def _id(item: dict[str, Any]) -> str | None:
    """Return the uri of an item; Superdesk calls it guid."""
    return next((item[name] for name in ("uri", "guid") if isinstance(item.get(name), str)), None)


def _items_in(value: Any, levels: int) -> list[dict[str, Any]]:
    """Return the items in an answer: a list of them, or AP's `data.item` and `data.items[].item`."""
    if isinstance(value, dict) and _id(value) and "type" in value:
        return [value]
    below = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return [item for entry in below if levels for item in _items_in(entry, levels - 1)]


def _body(item: dict[str, Any], given: dict[str, Any]) -> list[str]:
    text = _of_role(item.get("bodies"), _BODY_ROLES)
    text = text or next(
        (given[name] for name in _BODY_NAMES if isinstance(given.get(name), str) and given[name].strip()),
        None,
    )
    if not text:
        return []
    return paragraphs_of(text) if is_markup(text) else paragraphs_of_text(text.split("\n"))


def _of_role(values: Any, roles: tuple[str, ...]) -> str | None:
    """Return the value of the first of these roles in a list of roles and values; else the first value."""
    entries = [entry for entry in values if isinstance(entry, dict)] if isinstance(values, list) else []
    by_role = {str(entry.get("role") or "").lower(): entry.get("value") for entry in reversed(entries)}
    chosen = next((by_role[role] for role in roles if by_role.get(role)), None)
    chosen = chosen or next((entry["value"] for entry in entries if entry.get("value")), None)
    return chosen if isinstance(chosen, str) else None
