"""Word and RTF documents: a press release or article in DOCX or RTF, or the export of a database in either.

An export of Nexis, Factiva or ProQuest is told by its lines and read as such, with many articles. Any other
document is one article: the first line is its headline, a byline or a date may stand below it, then the text;
headline, author and date also come from the document's properties. Needs `pip install
'ontherecord[documents]'`.

It cannot read .doc (save it as .docx), comments, text boxes, headers and footers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ontherecord.flows.landing.forms import factiva, nexis, proquest
from ontherecord.flows.landing.forms.deliver import failure, make_article
from ontherecord.flows.landing.forms.documents import is_rtf, is_word, read_document
from ontherecord.flows.landing.forms.plain_article import read_plain
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import RawFile

NAME = "word"
SUFFIXES = (".docx", ".rtf")

# What Word and libraries have for an author where nobody gave a name.
_NOBODY = re.compile(
    r"microsoft(?: office)?(?: user)?|(?:windows|office|default|unknown)(?: user)?|user|owner|author|"
    r"admin(?:istrator)?|python-docx|un-named|anonymous|openpyxl|apache poi|docx",
    re.IGNORECASE,
)


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
    article = read_plain(document.lines)
    if not article.paragraphs:
        raise BadDelivery(failure("no_article", None, "The document has no text. Deliver it again."))
    known = {name for name, _ in article.headers}
    properties = [("title", document.title), ("author", document.author), ("created", document.created)]
    if document.author and _NOBODY.fullmatch(document.author):
        # python-docx keeps its template's date too.
        is_template = document.author == "python-docx"
        properties = [("title", document.title)] + ([] if is_template else [("created", document.created)])
    # What the page says goes before what the program noted: an old document, saved as a new one, keeps its
    # properties.
    more = [
        pair
        for pair in properties
        if pair[0] not in known and not (pair[0] == "author" and "byline" in known)
    ]
    yield make_article(1, None, [*article.headers, *more], article.paragraphs, document.repairs)
