"""ProQuest: articles exported from ProQuest as text (also HTML, RTF, DOCX), many in a file.

Takes the layout with a line of underscores above each document, `Full text:` before the text and fields
around it. The ProQuest document ID is the key. Fewer articles than `Document 1 of 12` says give the warning
`articles_missing` on each.

    ____________________________________________________________

    Document 1 of 2

    Tram leaves on time

    Author: Novello, Ada

    Full text: The first tram …

    Publication title: Marsalin Post

    Publication date: Dec 20, 2015

A document without `Full text:`, an abstract, is quarantined; the others load.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ontherecord.flows.landing.forms.deliver import bad_article, failure, make_article
from ontherecord.flows.landing.forms.documents import Document, may_be_export, read_document
from ontherecord.flows.landing.forms.plain_article import paragraphs_of_text
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import RawFile

NAME = "proquest"
SUFFIXES: tuple[str, ...] = ()

_RULE = re.compile(r"\s*_{20,}\s*")
_NUMBER = re.compile(r"\s*Document\s+\d+\s+of\s+(?P<total>\d+)\s*")
_FIELD = re.compile(r"(?P<name>[A-Z][A-Za-z/() -]{1,40}?):(?:\s+(?P<value>.*)|\s*)")
# The present layout has headings in capitals above the text and the fields.
_TEXT = re.compile(r"(?i:Full text:)\s*(?P<value>.*)|FULL TEXT")
_HEADING = re.compile(r"DETAILS|LINKS|ABSTRACT(?: \(ENGLISH\))?")
_ID = re.compile(r"\s*ProQuest document ID:.*")
# Where a page has a document's beginning.
_ANCHOR = re.compile(rb"<a\s+name\s*=\s*[\"']?DocID_", re.IGNORECASE)
# Fields that end a text. Only these: a paragraph may begin 'Correction: …'.
_AFTER = frozenset((
    "subject", "location", "title", "publication title", "pages", "publication year", "publication date",
    "section", "publisher", "place of publication", "country of publication", "issn", "isbn",
    "source type", "language of publication", "document type", "proquest document id", "document url",
    "copyright", "last updated", "database", "people", "company / organization", "classification",
    "identifier / keyword", "number of pages", "publication subject", "volume", "issue", "edition",
    "first page", "dateline", "column", "credit", "word count", "illustrations", "caption",
    "business indexing term", "document feature", "links", "abstract", "publication info", "start page",
    "supplement", "special issue", "entry date", "accession number", "update code", "copyright holder",
    "online publication date", "publication history", "rights", "source attribution", "company",
    "identifier", "keyword", "author affiliation", "correspondence author", "e-issn", "references",
    "notes",
))  # fmt: skip


def is_form(content: bytes, name: str) -> bool:
    """Say whether a file has the marks of an export."""
    text = content[:100_000]
    return (
        may_be_export(content, name)
        and (b"ProQuest document ID" in text or b"Document URL: https://www.proquest" in text)
        and (b"ull text:" in text or b"FULL TEXT" in text)
    )


def read(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the articles of an export.

    Raises BadDelivery if the file cannot be read, or has none (`no_article`).
    """
    content = _ANCHOR.sub(lambda match: f"<p>{'_' * 60}</p>".encode() + match[0], raw.content)
    yield from read_lines(read_document(content, raw.landed.source_path))


def is_export(document: Document) -> bool:
    """Say whether the lines of a document are an export."""
    return any(line.startswith("ProQuest document ID") for line in document.lines)


def read_lines(document: Document) -> Iterator[RawArticle | BadArticle]:
    """Yield the articles of an export's lines."""
    lines = document.lines
    starts = [at for at, line in enumerate(lines) if _RULE.fullmatch(line)] or [-1]
    parts = [(start + 1, end) for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]
    parts = [one for part in parts for one in _documents_in(lines, *part)]
    # The last part is a line of the database, without fields.
    parts = [
        part
        for part in parts
        if any(line.startswith(("ProQuest document ID", "Full text:")) for line in lines[slice(*part)])
    ]
    if not parts:
        raise BadDelivery(
            failure("no_article", None, "The export has no article. Export it again, with full text.")
        )
    totals = [int(match["total"]) for line in lines if (match := _NUMBER.fullmatch(line))]
    repairs = (*document.repairs, *(("articles_missing",) if totals and totals[0] > len(parts) else ()))
    for number, (start, end) in enumerate(parts, start=1):
        yield _article(number, document, start, end, repairs)


def _documents_in(lines: tuple[str, ...], start: int, end: int) -> list[tuple[int, int]]:
    """Part the documents that no line parts: the fields around a document's id are its last lines."""
    ids = [at for at in range(start, end) if _ID.fullmatch(lines[at])]
    parts = []
    for at in ids[:-1]:
        below = (i for i in range(at, end) if lines[i].strip())
        stop = next((i for i in below if not _is_detail(lines[i])), end)
        parts.append((start, stop))
        start = stop
    return [*parts, (start, end)]


def _is_detail(line: str) -> bool:
    field = _FIELD.fullmatch(line.strip())
    return bool(field and field["name"].lower() in _AFTER) or line.strip().startswith(("http://", "https://"))


def _article(
    number: int, document: Document, start: int, end: int, repairs: tuple[str, ...]
) -> RawArticle | BadArticle:
    lines = document.lines
    headers: list[tuple[str, str]] = []
    body: list[str] = []
    first = [line.strip() for line in lines[start:end] if line.strip() and not _NUMBER.fullmatch(line)]
    at = start
    while at < end:
        if text := _TEXT.fullmatch(lines[at].strip()):
            body, at = _body(lines, text["value"] or "", at + 1, end)
            continue
        is_headline = bool(first) and lines[at].strip() == first[0] and not _is_detail(lines[at])
        if not is_headline and (field := _FIELD.fullmatch(lines[at].strip())):
            headers.append((field["name"], _value(field["name"], field["value"] or "")))
        elif lines[at].strip().startswith(("http://", "https://")):
            headers.append(("link", lines[at].strip()))
        at += 1
    # ProQuest's word for an article without a byline.
    headers = [(name, value) for name, value in headers if (name, value) != ("Author", "Anonymous")]
    values = {name.lower(): value for name, value in headers}
    if writer := _writer(first, values.get("publication title")):
        headers += [("Author", _value("author", writer))] if "author" not in values else []
    if "title" not in values and first:
        headers.append(("title", first[0]))
    key = values.get("proquest document id")
    if not body:
        message = f"Document {number} has no full text. Export it again, with full text."
        return bad_article(number, key, "text_missing", values.get("title") or first[0], message)
    return make_article(number, key, headers, paragraphs_of_text(body), repairs)


def _writer(first: list[str], paper: str | None) -> str | None:
    """Return who wrote it, in the line below the headline: 'Novello, Ada. Marsalin Post; Marsalin [...'."""
    writer, _, source = first[1].partition(". ") if len(first) > 1 else ("", "", "")
    return writer.strip() if paper and source.strip().startswith(paper) and writer.strip() else None


def _body(lines: tuple[str, ...], first: str, at: int, end: int) -> tuple[list[str], int]:
    """Return the lines of a text, and where it ends: at an empty line with a field below it."""
    body = [first]
    while at < end:
        field = _FIELD.fullmatch(lines[at].strip())
        if (field and field["name"].lower() in _AFTER) or _HEADING.fullmatch(lines[at].strip()):
            break
        body.append(lines[at])
        at += 1
    return body, at


def _value(name: str, value: str) -> str:
    """Return a field's value: names the usual way round, the paper without its place."""
    if name.lower() == "author":
        authors = (_without_stop(author).partition(", ") for author in value.split(";"))
        return "; ".join(f"{first} {last}".strip() for last, _, first in authors)
    if name.lower() == "publication title":
        return value.partition(";")[0]
    return value


def _without_stop(author: str) -> str:
    """Return an author without the full stop of the list; that of an initial stays."""
    author = author.strip()
    return author[:-1].strip() if author.endswith(".") and len(author.split()[-1]) > 2 else author
