"""Word and RTF documents: a press release or article in DOCX or RTF, or the export of a database in either.

An export of Nexis, Factiva or ProQuest is told by its lines and read as such, with many articles. Any other
document is one article: the first line is its headline, a byline or a date may stand below it, then the text;
headline and author also come from the document's properties. It is several articles if each begins with a
paragraph in the style Title, or in Heading 1 with a date or byline below it. What stands below `ENDS` or
`Notes to editors` is left out (`furniture_removed`). The day on which a document was made is not that of
publication: it is kept as `document created`, and a document without another date is quarantined. Needs `pip
install 'ontherecord[documents]'`.

It cannot read .doc (save it as .docx), comments, text boxes, headers and footers.
"""

from __future__ import annotations

from collections.abc import Iterator

from ontherecord.flows.landing.forms import factiva, nexis, proquest
from ontherecord.flows.landing.forms.deliver import failure, make_article
from ontherecord.flows.landing.forms.documents import Document, is_nobody, is_rtf, is_word, read_document
from ontherecord.flows.landing.forms.plain_article import read_plain
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.flows.landing.forms.release_end import without_notes
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import DOCUMENT_CREATED, RawFile

NAME = "word"
SUFFIXES = (".docx", ".rtf")


def is_form(content: bytes, name: str) -> bool:
    """Say whether a file is DOCX or RTF."""
    return is_word(content, name) or is_rtf(content)


def read(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the articles of a document.

    Raises BadDelivery if it is damaged (`document_unreadable`), too large (`document_too_large`) or empty
    (`no_article`), or a package is missing (`extra_missing`).
    """
    document = read_document(raw.content, raw.landed.source_path)
    for export in (nexis, factiva, proquest):
        if export.is_export(document):
            yield from export.read_lines(document)
            return
    parts = [read_plain(lines) for lines in _parts(document)]
    properties = _properties(document) if len(parts) == 1 else []
    for number, article in enumerate(parts, start=1):
        if not article.paragraphs:
            raise BadDelivery(failure("no_article", None, "The document has no text. Deliver it again."))
        known = {name for name, _ in article.headers}
        # What the page says goes before what the program noted: an old document, saved as a new one, keeps
        # its properties.
        more = [
            pair
            for pair in properties
            if pair[0] not in known and not (pair[0] == "author" and "byline" in known)
        ]
        body, removed = without_notes(article.paragraphs)
        yield make_article(number, None, [*article.headers, *more], body, (*document.repairs, *removed))


def _parts(document: Document) -> list[tuple[str, ...]]:
    """Return the lines of each article: one, or several that each have a title in Word's style for it.

    Parts below headings are sections of one article, unless each has a date or a byline of its own.
    """
    for starts in (document.titles, document.headings):
        if len(starts) < 2:
            continue
        ends = [*starts[1:], len(document.lines)]
        parts = [document.lines[start:end] for start, end in zip(starts, ends, strict=True)]
        articles = [read_plain(lines) for lines in parts]
        is_whole = starts is document.titles or all(
            {name for name, _ in article.headers} & {"date", "byline"} for article in articles
        )
        has_text = all(article.paragraphs and article.headers for article in articles)
        if is_whole and has_text and not any(document.lines[: starts[0]]):
            return parts
    return [document.lines]


def _properties(document: Document) -> list[tuple[str, str | None]]:
    """Return what a program noted of a document. When it was made is not when its text was published."""
    if document.author and is_nobody(document.author):
        # python-docx keeps its template's date too.
        is_template = document.author == "python-docx"
        return [("title", document.title), (DOCUMENT_CREATED, None if is_template else document.created)]
    return [
        ("title", document.title), ("author", document.author), (DOCUMENT_CREATED, document.created),
    ]  # fmt: skip
