"""NITF: the News Industry Text Format of the IPTC, one article per file.

Headline, byline, dateline, abstract and the dates of `docdata` become headers, the paragraphs of
`body.content` the text; media and notes to editors are left out. The document id is the key.

    <nitf><head><docdata><doc-id id-string="post.1"/><date.issue norm="20151220T010000+0100"/></docdata>
    </head><body><body.head><hedline><hl1>Tram leaves on time</hl1></hedline></body.head>
    <body.content><p>The first tram …</p></body.content></body></nitf>

A canceled or withheld article (`management-status`) is quarantined. It cannot read tables, which are left
out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ontherecord.flows.landing.forms.deliver import failure, make_article
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.flows.landing.forms.release_end import without_notes
from ontherecord.flows.landing.forms.xml_text import all_of, blocks_of, first_of, parse_xml, text_of
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import RawFile

NAME = "nitf"
SUFFIXES = (".nitf", ".xml")

_BLOCKS = (
    "p",
    "hl2",
    "hl3",
    "hl4",
    "li",
    "block",
    "bq",
    "pre",
    "hr",
    "br",
    "dt",
    "dd",
    "ul",
    "ol",
    "body.content",
)
_SKIPPED = ("media", "table", "note", "fn", "nitf-table", "aside", "byline", "body.head")
# Names of the desk or the section in the head of a document: the New York Times' corpus, others.
_DESKS = ("online_sections", "dsk", "section", "desk")
# The Press Association's last line.
_END = re.compile(r"\W*ends\W*", re.IGNORECASE)
_NOT_TO_PUBLISH = frozenset(("canceled", "cancelled", "withheld", "embargoed"))


def is_form(content: bytes, name: str) -> bool:
    """Say whether a file is NITF."""
    return b"<nitf" in content[:4_000]


def read(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the one article of a file.

    Raises BadDelivery if it is no valid XML (`xml_unreadable`) or is not to be published (`withdrawn`).
    """
    root = parse_xml(raw.content)
    docdata = first_of(root, "docdata")
    status = (docdata.get("management-status") or "").lower() if docdata is not None else ""
    if status in _NOT_TO_PUBLISH:
        title = text_of(first_of(root, "hl1")) or ""
        message = f"The agency marked this article as {status}. Deliver the version that may be published."
        raise BadDelivery(failure("withdrawn", title, message))
    headers = read_headers(root)
    body, repairs = without_notes(read_body(root))
    yield make_article(1, dict(headers).get("doc-id"), headers, body, repairs)


def read_headers(root: Any) -> list[tuple[str, str | None]]:
    """Return the headers of an NITF document."""

    def norm(name: str) -> str | None:
        found = first_of(root, name)
        return _iso(found.get("norm")) if found is not None else None

    doc_id, pubdata, fixture = (first_of(root, name) for name in ("doc-id", "pubdata", "fixture"))
    head = first_of(root, "body.head")
    head = head if head is not None else root
    published = norm("date.issue") or norm("date.release") or norm("story.date")
    if published is None and pubdata is not None:
        published = _iso(pubdata.get("date.publication"))
    return [
        (
            "hl1",
            text_of(first_of(head, "hl1"))
            or text_of(first_of(head, "hedline"))
            or text_of(first_of(root, "title")),
        ),
        ("date.issue", published),
        ("date.release", norm("date.release")),
        *(("byline", byline) for byline in _bylines(head)),
        ("dateline", _dateline(first_of(head, "dateline"))),
        ("distributor", text_of(first_of(head, "distributor"))),
        (
            "publication",
            pubdata.get("name") if pubdata is not None else None,
        ),
        (
            "section",
            (pubdata.get("position.section") if pubdata is not None else None) or _meta(root, _DESKS),
        ),
        ("url", _link(pubdata)),
        ("doc-id", doc_id.get("id-string") if doc_id is not None else None),
        ("fixture", fixture.get("fix-id") if fixture is not None else None),
        ("hl2", text_of(first_of(head, "hl2"))),
        ("abstract", text_of(first_of(head, "abstract"))),
        ("language", root.get("baselang") or root.get("{http://www.w3.org/XML/1998/namespace}lang")),
        *(("keyword", keyword.get("key")) for keyword in all_of(root, "keyword")),
    ]


def _iso(norm: str | None) -> str | None:
    """Return a date as ISO 8601 has it with signs: '20200108' would be any number."""
    if norm and len(norm) == 8 and norm.isdigit():
        return f"{norm[:4]}-{norm[4:6]}-{norm[6:]}"
    return norm


def _meta(root: Any, names: tuple[str, ...]) -> str | None:
    given = {meta.get("name"): meta.get("content") for meta in all_of(root, "meta")}
    return next((given[name] for name in names if given.get(name)), None)


def _bylines(head: Any) -> list[str]:
    """Return the bylines; the New York Times gives one as printed and one that is normalized."""
    found = [(element.get("class") or "", _byline(element)) for element in all_of(head, "byline")]
    printed = [text for kind, text in found if text and kind != "normalized_byline"]
    return printed or [text for _, text in found if text]


def _dateline(element: Any) -> str | None:
    """Return the place; agencies write the date of the story into the same element."""
    if element is None:
        return None
    return " ".join(blocks_of(element, (), ("story.date",))) or None


def _byline(element: Any) -> str | None:
    """Return who wrote it, without the title: 'Ada Novello' of 'By Ada Novello, Staff Reporter'."""
    people = [text for text in map(text_of, all_of(element, "person")) if text]
    if people:
        return " and ".join(people)
    title = text_of(first_of(element, "byttl")) or ""
    text = text_of(element)
    return text.replace(title, "").strip(" ,") if text else None


def _link(pubdata: Any) -> str | None:
    link = pubdata.get("ex-ref") if pubdata is not None else None
    return link if link and link.startswith(("http://", "https://")) else None


def read_body(root: Any) -> list[str]:
    """Return the paragraphs of an NITF document: those of its own body, not of a note in its head."""
    contents = list(all_of(root, "body.content"))
    notes = {
        id(inner) for note in all_of(root, "note", "body.head") for inner in all_of(note, "body.content")
    }
    own = [content for content in contents if id(content) not in notes][:1]
    # The New York Times' corpus has the first paragraphs once more, in a block of their own.
    full = [
        block for content in own for block in all_of(content, "block") if block.get("class") == "full_text"
    ]
    found = [text for content in full or own for text in blocks_of(content, _BLOCKS, _SKIPPED)]
    return found[:-1] if found and _END.fullmatch(found[-1]) else found
