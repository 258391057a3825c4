"""Factiva: articles exported from Dow Jones Factiva, as RTF, HTML, text or XML.

Takes both displays: the plain one, in which `Document BRCOUR0020…` ends each article, and the one with codes
(HD, BY, PD, SN, LP, TD). Its document id is the key. Fewer articles than the search summary says give the
warning `articles_missing` on each. RTF and DOCX need `pip install 'ontherecord[documents]'`.

    Tram leaves on time
    By Ada Novello
    118 words
    20 December 2015
    Marsalin Post
    MARPOS
    English
    (c) 2015 Marsalin Post Ltd.

    The first tram …

    Document MARPOS0020151220ebck0002x

It cannot read lists of headlines, or dates in other languages than English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from ontherecord.flows.landing.damage import name_damage
from ontherecord.flows.landing.forms.deliver import bad_article, failure, make_article
from ontherecord.flows.landing.forms.documents import Document, may_be_export, read_document
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import RawFile

NAME = "factiva"
SUFFIXES: tuple[str, ...] = ()

_END = re.compile(r"\s*(?:Document|Dokument|Documento)\s+(?P<id>[A-Z0-9]{6,}[a-z0-9]{6,})\s*")
_WORDS = re.compile(r"\s*[\d.,\u00a0 ]+\s*(?:words|mots|Wörter|palabras|parole|palavras)\s*", re.IGNORECASE)
_COUNT = re.compile(r"\s*Results Found\s*:?\s+(?P<count>[\d,]+)\s*")
_COPYRIGHT = re.compile(r"\s*(?:\(c\)|©|Copyright)\s.*", re.IGNORECASE)
_BYLINE = re.compile(r"\s*(?:By|Von|Par|Por|Di)\s.*")
_TIME = re.compile(r"\s*\d{1,2}:\d\d(?:\s*[AP]M)?(?:\s+[A-Z]{2,4})?\s*", re.IGNORECASE)
_CODE = re.compile(r"\s*[A-Z0-9]{2,10}\s*")
# Codes of the second display, and what they are; LP and TD are the text.
_CODES = {
    "SE": "section", "HD": "headline", "BY": "byline", "CR": "credit", "WC": "words",
    "PD": "publication_date", "ET": "time", "SN": "source_name", "SC": "source code", "NGC": "group",
    "GC": "group code", "ED": "edition", "PG": "page", "LA": "language", "CY": "copyright", "LP": "text",
    "TD": "text", "CT": "contact", "ART": "picture", "CX": "correction", "CO": "companies",
    "IN": "industries", "NS": "subjects", "RE": "regions", "IPC": "codes", "IPD": "descriptors",
    "PUB": "publisher", "AN": "id", "RF": "reference", "CLM": "column", "VOL": "volume", "RIC": "securities",
    "DE": "descriptors",
}  # fmt: skip


def is_form(content: bytes, name: str) -> bool:
    """Say whether a text, page, RTF or XML file has the marks of an export."""
    text = content[:200_000]
    if b"<ppsArticleResponse" in text or b"global.factiva.com/pps" in text:
        return True
    if not may_be_export(content, name):
        return False
    has_document = re.search(rb"\bDocument\s+[A-Z]{2,}[A-Z0-9]{4,}[a-z0-9]{6,}", text) is not None
    is_page = re.search(rb"<title>\s*Factiva\s*</title>", text, re.IGNORECASE) is not None
    return (
        has_document
        or is_page
        or (b"Factiva" in text and re.search(rb">\s*HD\s*<|^HD\s", text, re.MULTILINE) is not None)
    )


def read(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the articles of an export.

    Raises BadDelivery if the file cannot be read (`document_unreadable`), or has none (`no_article`).
    """
    if b"<ppsArticleResponse" in raw.content[:200_000] or b"global.factiva.com/pps" in raw.content[:200_000]:
        yield from _read_xml(raw.content)
        return
    yield from read_lines(read_document(raw.content, raw.landed.source_path))


def is_export(document: Document) -> bool:
    """Say whether the lines of a document are an export."""
    return any(_END.fullmatch(line) for line in document.lines)


def read_lines(document: Document) -> Iterator[RawArticle | BadArticle]:
    """Yield the articles of an export's lines."""
    lines = document.lines
    ends = [(at, match["id"]) for at, line in enumerate(lines) if (match := _END.fullmatch(line))]
    if not ends:
        raise BadDelivery(
            failure(
                "no_article", None, "The export has no article. Export the full text of the documents again."
            )
        )
    counts = (int(match["count"].replace(",", "")) for line in lines if (match := _COUNT.fullmatch(line)))
    repairs = (*document.repairs, *(("articles_missing",) if next(counts, 0) > len(ends) else ()))
    start = 0
    for number, (end, key) in enumerate(ends, start=1):
        coded = [
            at
            for at in range(start, end)
            if lines[at].strip() in _CODES or lines[at].strip()[:3].strip() in _CODES
        ]
        is_coded = any(re.match(r"\s*HD\b", lines[at]) for at in coded)
        if is_coded:
            yield _coded_article(number, key, document, start, end, repairs)
        else:
            yield _plain_article(number, key, document, start, end, repairs)
        start = end + 1


def _coded_article(
    number: int, key: str, document: Document, start: int, end: int, repairs: tuple[str, ...]
) -> RawArticle:
    headers: list[tuple[str, str]] = [("id", key)]
    body: list[str] = []
    code = None
    for line in document.lines[start:end]:
        first, _, rest = line.strip().partition(" ")
        if first in _CODES and (not rest or re.match(r"\s*[A-Z]{2,3}\s{1,4}\S", line)):
            code, line = first, rest
            if code not in ("LP", "TD"):
                headers.append((_CODES[code], rest.strip()))
                continue
        if code in ("LP", "TD"):
            body.append(line)
        elif code and line.strip():
            name, value = headers[-1]
            headers[-1] = name, f"{value} {line.strip()}".strip()
    values = dict(headers)
    if "time" in values and "publication_date" in values:
        headers = [
            (n, f"{v} {values['time']}" if n == "publication_date" else v) for n, v in headers if n != "time"
        ]
    text = Document(tuple(body), document.is_wrapped)
    return make_article(number, key, headers, text.paragraphs(0, len(body)), repairs)


def _plain_article(
    number: int, key: str, document: Document, start: int, end: int, repairs: tuple[str, ...]
) -> RawArticle | BadArticle:
    lines = document.lines
    filled = [at for at in range(start, end) if lines[at].strip()]
    words = next((at for at in filled if _WORDS.fullmatch(lines[at])), None)
    if words is None:
        message = (
            f"Article {number} of the export cannot be read: it has no number of words. Export it again."
        )
        return bad_article(number, key, "article_unreadable", lines[filled[0]] if filled else None, message)
    above = [lines[at] for at in filled if at < words]
    byline = [line for line in above[1:] if _BYLINE.fullmatch(line)]
    # Above the byline stands the headline, and may stand the section; below it the credit.
    titles = above[: above.index(byline[0])] if byline else above
    # Without one, two lines are section and headline, or headline and credit: the headline is the longer one.
    title = titles[-1] if byline else max(titles, key=len, default="")
    below = [at for at in filled if at > words]
    copyright_at = next((at for at in below[:10] if _COPYRIGHT.fullmatch(lines[at])), None)
    body = copyright_at + 1 if copyright_at is not None else _after_block(document, words, end)
    about = [lines[at].strip() for at in below if at < (body if copyright_at is None else copyright_at)]
    headers = [
        ("id", key),
        ("headline", title),
        *(("byline", line) for line in byline),
    ]
    if titles and titles[0] != title:
        headers.append(("section", titles[0]))
    headers += _about(about)
    return make_article(number, key, headers, document.paragraphs(body, end), repairs)


def _after_block(document: Document, words: int, end: int) -> int:
    return next((at for at in range(words, end) if not document.lines[at].strip()), end)


def _about(lines: list[str]) -> list[tuple[str, str]]:
    """Read the lines below the number of words: date, time, paper, code, page, language."""
    if not lines:
        return []
    date, *rest = lines
    if rest and _TIME.fullmatch(rest[0]):
        date = f"{date} {rest.pop(0)}"
    headers = [("publication_date", date)]
    if rest:
        headers.append(("source_name", rest.pop(0)))
    if rest and _CODE.fullmatch(rest[0]):
        headers.append(("source code", rest.pop(0)))
    if rest:
        headers.append(("language", rest.pop()))
    return headers + [("edition", line) for line in rest]


# XML


def _read_xml(content: bytes) -> Iterator[RawArticle | BadArticle]:
    try:
        root = ElementTree.fromstring(content.lstrip(b"\xef\xbb\xbf \r\n\t"), forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        why = "it has a DOCTYPE" if isinstance(error, DefusedXmlException) else name_damage(error)
        message = "The XML is damaged, or not as Factiva writes it. Export it again, and deliver that."
        raise BadDelivery(failure("document_unreadable", why, message)) from error
    articles = [element for element in root.iter() if _tag(element) == "article"]
    results = next((e for e in root.iter() if _tag(e) == "ppsarticleResultSet"), None)
    announced = int(results.get("count") or 0) if results is not None else 0
    repairs = ("articles_missing",) if announced > len(articles) else ()
    for number, article in enumerate(articles, start=1):
        values = {_tag(child): child for child in article}

        def text(name: str, values: dict[str, Any] = values) -> str | None:
            return " ".join("".join(values[name].itertext()).split()) if name in values else None

        key = text("accessionNo")
        headers = [
            ("id", key), ("headline", text("headline")), ("publication_date", text("publicationDate")),
            ("source_name", text("sourceName")), ("byline", text("byline")), ("section", text("sectionName")),
            ("language", text("baseLanguage")), ("publisher", text("publisherName")), ("page", text("pages")),
        ]  # fmt: skip
        body = [
            " ".join("".join(paragraph.itertext()).split())
            for name in ("leadParagraph", "tailParagraphs")
            if name in values
            for paragraph in values[name]
        ]
        yield make_article(number, key, headers, body, repairs)


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
