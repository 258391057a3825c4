"""ProQuest's TDM Studio: the XML that it gives for text mining, one article per file.

Headline, paper, date, authors and language become headers, `GOID` is the key. The text is that of `Text`, or
of `HiddenText`, which scanned papers have.

    <RECORD><GOID>1749999999</GOID><DFS><PubFrosting><Title>Marsalin Post</Title></PubFrosting></DFS>
    <Obj><TitleAtt><Title>Tram leaves on time</Title></TitleAtt><NumericDate>2015-12-20</NumericDate></Obj>
    <TextInfo><Text>&lt;p&gt;The first tram …&lt;/p&gt;</Text></TextInfo></RECORD>

A record without a text, an abstract, is quarantined.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ontherecord.flows.landing.forms.deliver import bad_article, make_article
from ontherecord.flows.landing.forms.markup import is_markup, paragraphs_of
from ontherecord.flows.landing.forms.plain_article import paragraphs_of_text
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.flows.landing.forms.xml_text import all_of, first_of, items_of, text_of
from ontherecord.warehouse.records import RawFile

NAME = "proquest-tdm"
SUFFIXES: tuple[str, ...] = ()

_WRITERS = frozenset(("author", "correspondent", "byline", ""))


def is_form(content: bytes, name: str) -> bool:
    """Say whether a file is a record of TDM Studio, by its root and its id."""
    head = content[:4_000]
    return b"<RECORD" in head and b"<GOID>" in head


def read(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the article of each record. Raises BadDelivery if it is no valid XML (`xml_unreadable`)."""
    for number, record in enumerate(items_of(raw.content, "RECORD"), start=1):
        yield _read(number, record)


def _read(number: int, record: Any) -> RawArticle | BadArticle:
    paper = first_of(record, "PubFrosting", "Title")
    # The paper is a `Title` too, and stands above.
    title = first_of(record, "TitleAtt", "Title")
    title = title if title is not None else next((t for t in all_of(record, "Title") if t is not paper), None)
    key = text_of(first_of(record, "GOID"))
    text = _text(first_of(record, "Text")) or _text(first_of(record, "HiddenText"))
    if not text:
        message = "This record has no text. Choose publications with full text in TDM Studio."
        return bad_article(number, key, "text_missing", text_of(title), message)
    language = first_of(record, "Language", "ISOCode")
    headers = [
        ("title", text_of(title)),
        ("date", text_of(first_of(record, "NumericDate"))),
        ("publication", text_of(paper)),
        *(("author", name) for name in _authors(record)),
        ("section", text_of(first_of(record, "Section"))),
        ("language", text_of(language if language is not None else first_of(record, "RawLang"))),
        ("page", text_of(first_of(record, "StartPage"))),
        ("document type", text_of(first_of(record, "ObjectTypes", "mstar"))),
        ("id", key),
    ]
    return make_article(number, key, headers, text)


def _text(element: Any) -> list[str]:
    """Return the paragraphs of a text, which is HTML or plain."""
    text = "".join(element.itertext()) if element is not None else ""
    return paragraphs_of(text) if is_markup(text) else paragraphs_of_text(text.split("\n"))


def _authors(record: Any) -> Iterator[str]:
    for person in all_of(record, "Contributor"):
        if (text_of(first_of(person, "ContribRole")) or "").lower() not in _WRITERS:
            continue
        parts = (text_of(first_of(person, name)) for name in ("FirstName", "MiddleName", "LastName"))
        name = " ".join(filter(None, parts)) or text_of(first_of(person, "OriginalForm"))
        if name:
            yield name
