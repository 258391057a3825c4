"""PDF: an article on a page or a few, read by pypdf.

The first line is the headline; the paper's name, a byline and a date may stand below it. Words that are
broken at line ends are joined, running heads and page numbers are left out. Needs `pip install
'ontherecord[pdf]'`.

It cannot read scanned pages (no text), whole newspaper pages with several articles, or columns whose lines
the PDF mixes: deliver another form where there is one.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ontherecord.flows.landing.damage import name_damage
from ontherecord.flows.landing.forms.deliver import failure, make_article
from ontherecord.flows.landing.forms.documents import is_nobody
from ontherecord.flows.landing.forms.extras import load_extra
from ontherecord.flows.landing.forms.plain_article import is_release, read_about, read_plain
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.flows.landing.forms.release_end import is_mark, without_notes
from ontherecord.flows.plural import counted
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import DOCUMENT_CREATED, Failure, RawFile

NAME = "pdf"
SUFFIXES = (".pdf",)

# More pages are a book or a whole paper, and take minutes.
_PAGES = 50
_FEWEST_LETTERS = 100
_PAGE_NUMBER = re.compile(r"\s*(?:page\s+)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?\s*", re.IGNORECASE)
_ENDS = re.compile(r"[.!?:…]['\"”’»)\]]*$")
# Lines among which the headline is looked for, and the share of the width from which a line is full.
_TOP = 12
_FULL = 0.9
# Above the text, a line of a smaller share of the width is no prose that is wrapped.
_SHORT = 0.5
# What programs write for a title where nobody gave one.
_NO_TITLE = re.compile(r"\W*(?:untitled|anonymous|document\d*|unspecified)\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a page, with the size of its letters in points."""

    text: str
    size: float


def is_form(content: bytes, name: str) -> bool:
    """Say whether a file is a PDF."""
    return b"%PDF-" in content[:1_024]


def read(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the one article of a file.

    Raises BadDelivery if it is damaged or locked (`pdf_unreadable`), too long (`pdf_too_long`), has no text
    (`no_article`), or the package is missing (`extra_missing`).
    """
    pypdf = load_extra("pypdf", "pdf")
    if not is_form(raw.content, ""):
        raise BadDelivery(_unreadable("it does not begin like a PDF"))
    try:
        document = pypdf.PdfReader(io.BytesIO(raw.content))
        if document.is_encrypted and not document.decrypt(""):
            raise BadDelivery(_unreadable("it is locked by a password"))
        if len(document.pages) > _PAGES:
            message = "Deliver each article as a file of its own."
            raise BadDelivery(failure("pdf_too_long", f"{len(document.pages)} pages", message))
        pages = list(_read_pages(document.pages))
        properties = document.metadata
    except BadDelivery:
        raise
    except Exception as error:  # pypdf raises what Python does on damaged files
        raise BadDelivery(_unreadable(name_damage(error))) from error
    if sum(map(str.isalpha, "".join(line.text for page in pages for line in page))) < _FEWEST_LETTERS:
        message = "The pages are pictures, or damaged. Save it with its text, or deliver another form of it."
        raise BadDelivery(failure("no_article", f"{counted(len(pages), 'page')} without text", message))
    lines = _without_running(pages)
    headline, lines = _headline(lines)
    article = read_plain([*headline, "", *_paragraphs(lines)])
    known = {name for name, _ in article.headers}
    title, author = (properties.title, properties.author) if properties else (None, None)
    given = [
        ("title", None if title and _NO_TITLE.fullmatch(title) else title),
        ("author", None if author and is_nobody(author) else author),
    ]
    more: list[tuple[str, str | None]] = [
        pair for pair in given if pair[0] not in known and not (pair[0] == "author" and "byline" in known)
    ]
    more += [(DOCUMENT_CREATED, _created(properties))]
    body, repairs = without_notes(article.paragraphs)
    yield make_article(1, None, [*article.headers, *more], body, repairs)


def _created(properties: Any) -> str | None:
    """Return when the file was made; None if it does not say so, or not as a date."""
    try:
        created = properties.creation_date if properties else None
    except (ValueError, AttributeError, TypeError):  # pypdf raises on dates of other forms
        return None
    return created.isoformat() if created else None


def _read_pages(pages: Sequence[Any]) -> Iterator[list[_Line]]:
    """Yield the lines of each page.

    Raises BadDelivery (`pdf_unreadable`), naming the page, if one is damaged.
    """
    if not len(pages):
        raise BadDelivery(_unreadable("its pages are missing"))
    for number in range(1, len(pages) + 1):
        try:
            page = _read_page(pages[number - 1])
        except Exception as error:  # as above
            raise BadDelivery(_unreadable(f"page {number} of {len(pages)} is damaged")) from error
        yield page


def _read_page(page: Any) -> list[_Line]:
    """Return the lines of a page with the sizes of their letters."""
    lines = [_Line("", 0.0)]

    def visit(text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> None:
        height = round(abs(size * (tm[3] or 1) * (cm[3] or 1)), 1)
        for i, part in enumerate(text.split("\n")):
            if i:
                lines.append(_Line("", 0.0))
            last = lines[-1]
            lines[-1] = _Line(last.text + part, max(last.size, height) if part.strip() else last.size)

    page.extract_text(visitor_text=visit)
    return [_Line(" ".join(line.text.split()), line.size) for line in lines if line.text.strip()]


def _without_running(pages: Sequence[Sequence[_Line]]) -> list[_Line]:
    """Return the lines of all pages, without what stands at the top or foot of several of them."""
    # The number of the page is in some: 'Page 1 of 2'.
    ends = Counter(
        text for page in pages for text in {_without_numbers(line) for line in [*page[:2], *page[-2:]]}
    )
    running = {text for text, count in ends.items() if count > max(1, len(pages) / 2)}
    return [
        line
        for page in pages
        for i, line in enumerate(page)
        if _without_numbers(line) not in running
        and not (i in (0, len(page) - 1) and _PAGE_NUMBER.fullmatch(line.text))
    ]


def _without_numbers(line: _Line) -> str:
    return re.sub(r"\d+", "0", line.text)


def _headline(lines: Sequence[_Line]) -> tuple[list[str], list[_Line]]:
    """Return the headline, the first lines in larger letters than the text has, and the lines below it."""
    sizes = Counter[float]()
    for line in lines:
        sizes[line.size] += len(line.text)
    of_text = sizes.most_common(1)[0][0]
    largest = max(line.size for line in lines[:_TOP])
    start = next(i for i, line in enumerate(lines) if line.size == largest)
    if largest <= of_text:
        return [], list(lines)
    end = start
    while end < len(lines) and lines[end].size == largest:
        end += 1
    # What stands above the headline, such as the paper's name, is read with what stands below it.
    return [" ".join(line.text for line in lines[start:end])], [*lines[:start], *lines[end:]]


def _paragraphs(lines: Sequence[_Line]) -> list[str]:
    """Return paragraphs: a line that ends a sentence and leaves room for a word ends one.

    Above the text, and at its end, what is no prose stands alone: date, byline, paper, `ENDS`.
    """
    width = max((len(line.text) for line in lines), default=0)
    paragraphs: list[str] = []
    is_open = is_text = False
    for line in lines:
        is_top = len(paragraphs) <= _TOP
        stands_alone = is_mark(line.text) or (
            is_top
            and not is_text
            and (_is_about(line.text) or is_release(line.text) or len(line.text) < _SHORT * width)
        )
        is_open = is_open and not stands_alone
        is_text = is_text or len(line.text) >= _FULL * width
        if is_open and paragraphs[-1].endswith("-") and line.text[:1].islower():
            paragraphs[-1] = paragraphs[-1][:-1] + line.text
        elif is_open:
            paragraphs[-1] += f" {line.text}"
        else:
            paragraphs.append(line.text)
        is_short = len(line.text) < _FULL * width
        is_open = not (is_short and _ENDS.search(line.text)) and not stands_alone
    return paragraphs


def _is_about(line: str) -> bool:
    """Say whether a line is a byline or a date rather than the beginning of the text."""
    return any(name in ("date", "byline") for name, _ in read_about(line))


def _unreadable(why: str) -> Failure:
    message = "The PDF is damaged or locked. Save it again, without a password, or deliver another form."
    return failure("pdf_unreadable", why, message)
