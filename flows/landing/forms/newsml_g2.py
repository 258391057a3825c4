"""NewsML-G2: the agencies' exchange format of the IPTC, each text item an article.

Takes a `newsItem` alone, or many in a `newsMessage` or `packageItem`. The text is inline XHTML, NITF or plain
text. Headline, dates, creators, provider, located, language and the item's guid (the key) become headers.

    <newsItem guid="urn:newsml:post.example:1" xml:lang="en"><contentMeta>
    <contentCreated>2015-12-20T01:00:00+01:00</contentCreated><headline>Tram leaves on time</headline>
    </contentMeta><contentSet><inlineXML><html><body><p>The first tram …</p></body></html></inlineXML>
    </contentSet></newsItem>

Pictures, graphics, video and items without inline text are quarantined, and so are canceled and withheld
ones. It cannot follow links to remote content.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ontherecord.flows.landing.forms import nitf
from ontherecord.flows.landing.forms.deliver import bad_article, make_article
from ontherecord.flows.landing.forms.markup import is_markup, paragraphs_of
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

NAME = "newsml-g2"
SUFFIXES = (".xml",)

_NAMESPACE = b"http://iptc.org/std/nar/2006-10-01"
_BLOCKS = ("p", "h1", "h2", "h3", "h4", "li", "div", "br", "blockquote", "body", "pre", "section")
# The header of an HTML page repeats headline, byline and date (dpa), its asides are boxes beside the text.
_SKIPPED = (
    "head", "table", "figure", "script", "style", "media", "img", "header", "footer", "aside", "nav", "time",
)  # fmt: skip
_NOT_TO_PUBLISH = frozenset(("canceled", "cancelled", "withheld", "withdrawn"))


def is_form(content: bytes, name: str) -> bool:
    """Say whether a file is NewsML-G2."""
    return _NAMESPACE in content[:8_000]


def read(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the article of each text item.

    Raises BadDelivery if it is no valid XML (`xml_unreadable`) or has no item (`no_article`).
    """
    for number, item in enumerate(items_of(raw.content, "newsItem"), start=1):
        yield _read_item(number, item)


def _read_item(number: int, item: Any) -> RawArticle | BadArticle:
    guid = item.get("guid")
    title = _headline(item)
    kind = _code(first_of(item, "itemClass"))
    status = _code(first_of(item, "pubStatus"))
    if status in _NOT_TO_PUBLISH:
        message = f"The agency marked this item as {status}. Deliver the version that may be published."
        return bad_article(number, guid, "withdrawn", title, message)
    body = _body(item)
    if len(body) > 1 and body[0] in _descriptions(item):
        body = body[1:]  # a teaser, set above the text once more
    if kind not in ("text", "") or not body:
        what = kind if kind not in ("text", "") else "item without inline text"
        message = f"This item is no article: a {what}. Take it out, or deliver the text that belongs to it."
        return bad_article(number, guid, "no_article", title or guid, message)
    return make_article(number, guid, _headers(item, title, guid), body)


def _headers(item: Any, title: str | None, guid: str | None) -> list[tuple[str, str | None]]:
    meta, content = first_of(item, "itemMeta"), first_of(item, "contentMeta")
    language = first_of(content, "language")
    created = text_of(first_of(content, "contentCreated"))
    link = next(
        (e.get("href") for e in all_of(item, "link") if (e.get("rel") or "").endswith("alternate")), None
    )
    byline = text_of(first_of(content, "by")) or text_of(first_of(item, "byline"))
    provider, source = _name(first_of(meta, "provider")), _name(first_of(content, "infoSource"))
    credit = text_of(first_of(content, "creditline"))
    # Where it names no reporter, an agency names itself as the creator.
    agencies = {name.casefold() for name in (provider, source, credit) if name}
    creators = [name for name in _names(content, "creator") if name.casefold() not in agencies]
    subheads = [text_of(e) for e in all_of(item, "headline") if "sub" in (e.get("role") or "").lower()]
    return [
        ("headline", title),
        ("contentCreated", created),
        ("versionCreated", text_of(first_of(meta, "versionCreated"))),
        ("embargoed", text_of(first_of(meta, "embargoed"))),
        ("firstCreated", text_of(first_of(meta, "firstCreated"))),
        ("byline", byline),
        *(("creator", name) for name in creators),
        ("provider", provider),
        ("infoSource", source),
        ("creditline", credit),
        ("dateline", text_of(first_of(content, "dateline"))),
        ("located", _name(first_of(content, "located"))),
        ("language", (language.get("tag") if language is not None else None) or attribute(item, "lang")),
        ("slugline", text_of(first_of(content, "slugline"))),
        ("subHeadline", next(filter(None, subheads), None)),
        ("url", link),
        ("guid", guid),
        *(("subject", name) for name in _names(content, "subject")),
    ]  # fmt: skip


def _descriptions(item: Any) -> list[str | None]:
    content = first_of(item, "contentMeta")
    return list(map(text_of, all_of(content, "description"))) if content is not None else []


def _headline(item: Any) -> str | None:
    """Return the main headline: the first without a role of a lesser one."""
    content = first_of(item, "contentMeta")
    headlines = list(all_of(content, "headline")) if content is not None else []
    main = [
        e
        for e in headlines
        if not any(word in (e.get("role") or "").lower() for word in ("sub", "alt", "short"))
    ]
    return next(filter(None, map(text_of, main + headlines)), None)


def _names(content: Any, name: str) -> list[str]:
    return [found for found in map(_name, all_of(content, name)) if found] if content is not None else []


def _name(element: Any) -> str | None:
    if element is None:
        return None
    return text_of(first_of(element, "name")) or element.get("literal")


def _code(element: Any) -> str:
    """Return a code without its scheme: 'ninat:text' is 'text'."""
    code = (element.get("qcode") or element.get("uri") or "") if element is not None else ""
    return str(code).rpartition(":")[2].rpartition("/")[2].lower()


def _body(item: Any) -> list[str]:
    content = first_of(item, "contentSet")
    if content is None:
        return []
    for inline in all_of(content, "inlineXML", "inlineData"):
        kind = (inline.get("contenttype") or "").lower()
        if tag(inline) == "inlineXML":
            document = next(all_of(inline, "nitf"), None)
            found = nitf.read_body(document) if document is not None else _blocks(inline)
        elif kind.startswith(("text", "application/xhtml")) or not kind:
            found = _plain("".join(inline.itertext()))
        else:
            continue
        if found:
            return found
    return []


def _blocks(inline: Any) -> list[str]:
    """Return the paragraphs of XHTML; Reuters wraps a whole text in one `p`, and indents its paragraphs."""
    for paragraph in all_of(inline, "p", "pre"):
        lines = "".join(paragraph.itertext()).split("\n")
        starts = sum(line[:1].isspace() and bool(line.strip()) for line in lines)
        goes_on = sum(bool(line[:1].strip()) for line in lines[1:])
        if starts >= 2 and goes_on:
            return [block for p in all_of(inline, "p", "pre") for block in _indented("".join(p.itertext()))]
    return list(blocks_of(inline, _BLOCKS, _SKIPPED))


def _indented(text: str) -> list[str]:
    """Return the paragraphs of text in which an indented line, or one below an empty line, begins one."""
    paragraphs: list[list[str]] = [[]]
    for line in text.split("\n"):
        if not line.strip() or line[:1].isspace():
            paragraphs.append([])
        if line.strip():
            paragraphs[-1].append(line.strip())
    return [" ".join(lines) for lines in paragraphs if lines]


def _plain(text: str) -> list[str]:
    """Return the paragraphs of a text; in HTML sent as plain text, an indented line begins one."""
    lines = text.split("\n")
    if not is_markup(text):
        return paragraphs_of_text(lines)
    return paragraphs_of(
        "\n".join(f"<p>{line}" if line.startswith("   ") and line.strip() else line for line in lines)
    )
