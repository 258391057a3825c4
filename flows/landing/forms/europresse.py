"""Europresse: articles exported from Europresse as HTML, many in a file.

The page's classes tell the paper, the date, the headline and the document number; the number is the key.

    <span class="DocPublicationName">Marsalin Post</span><br>
    <span class="DocHeader">Local, 20 December 2015</span><br>
    <span class="TitreArticleVisu">Tram leaves on time</span><br><br>The first tram …

Dates are read in the language that the site was set to, French or another (`jeudi 17 décembre 2015`).
It cannot read PDF exports (choose HTML).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ontherecord.flows.landing.forms.deliver import failure, make_article
from ontherecord.flows.landing.forms.foreign_dates import in_english
from ontherecord.flows.landing.forms.html_page import decode_page
from ontherecord.flows.landing.forms.markup import lines_of
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import RawFile

NAME = "europresse"
SUFFIXES: tuple[str, ...] = ()

# Marks that no page has, put before what a class names.
_MARKS = {
    "docpublicationname": "\ue000", "docheader": "\ue001", "titrearticlevisu": "\ue002",
    "rdp__subtitle": "\ue003", "sm-margin-bottomnews": "\ue004", "docauthor": "\ue004",
}  # fmt: skip
_SUBTITLE, _AUTHOR = "\ue003", "\ue004"
_CLASS = re.compile(
    rf"<[a-z0-9]+\b[^<>]{{0,300}}?class\s*=\s*[\"'][^\"'<>]{{0,100}}?\b({'|'.join(_MARKS)})[^<>]{{0,200}}>",
    re.IGNORECASE,
)
# 'jeudi 17 décembre 2015', 'Thursday, December 17, 2015', 'jueves 17 de diciembre de 2015'.
_DATE = re.compile(
    r"(?:(?:[^\W\d_]{3,10}\.?\s+)?\d{1,2}(?:er\b|º|\.)?\s+(?:de\s+)?[^\W\d_]{3,10}\.?\s+(?:de\s+)?\d{4}"
    r"|(?:[^\W\d_]{3,10},\s+)?[^\W\d_]{3,10}\.?\s+\d{1,2},\s+\d{4})"
    r"(?:\s+-\s+\d{1,2}:\d\d(?:\s*[AP]M)?(?:\s+UTC(?:\s*[+-]\d{4})?)?)?"
)
# What stands below the text: the copyright, where it was printed, pictures.
_COPYRIGHT = re.compile(
    r"\s*(?:(?:©|\(c\)).*|Cet article est paru dans\b.*|This article appeared in\b.*"
    r"|Illustration\(s\)\s*:.*)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r".*?(?P<id>[a-z]+·\d{8}·[\w·]+)")
_ISSUE = re.compile(r",\s*no\.?\s.*")
_SENTENCE_END = re.compile(r"[.!?:…»\"]\s*$")
# A line below the headline of a few words is who wrote it.
_AUTHOR_WORDS = 6


def is_form(content: bytes, name: str) -> bool:
    """Say whether a page is an export."""
    head = content[:200_000].lower()
    return b"docpublicationname" in head and b"titrearticlevisu" in head


def read(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the articles of an export. Raises BadDelivery if it has none (`no_article`)."""
    text, repairs = decode_page(raw.content)
    marked = _CLASS.sub(lambda match: match[0] + _MARKS[match[1].lower()], text)
    lines = [line for line in lines_of(marked) if line]
    starts = [at for at, line in enumerate(lines) if _MARKS["docpublicationname"] in line]
    if not starts:
        raise BadDelivery(
            failure("no_article", None, "The export has no article. Export it again, with full text.")
        )
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(lines)], strict=True), start=1):
        yield _article(number, lines[start:end], repairs)


def _article(number: int, lines: Sequence[str], repairs: tuple[str, ...]) -> RawArticle:
    """Return the article of the lines from a paper's name to the next one's."""
    paper, header, title = (_MARKS[name] for name in ("docpublicationname", "docheader", "titrearticlevisu"))
    at = next((i for i, line in enumerate(lines) if title in line), 0)
    about = " ".join(line.replace(header, "") for line in lines[1 : at or 2] if header in line)
    stop = next((i for i, line in enumerate(lines) if i > at and _is_end(line)), len(lines))
    key = next((match["id"] for line in lines[at:] if (match := _NUMBER.fullmatch(line))), None)
    headers = [
        ("publication", _ISSUE.sub("", lines[0].replace(paper, ""))),
        ("title", lines[at].replace(title, "")),
        *(
            ("supertitle", line)
            for line in lines[1:at]
            if header not in line and line.strip("".join(_MARKS.values()))
        ),
        *_about(about),
        ("id", key or ""),
    ]
    below = lines[at + 1 : stop]
    headers += [("subtitle", line.strip(_SUBTITLE)) for line in below if line.startswith(_SUBTITLE)]
    authors = [line.strip(_AUTHOR) for line in below if line.strip(_AUTHOR) and line.startswith(_AUTHOR)]
    body = [line for line in below if not line.startswith((_SUBTITLE, _AUTHOR))]
    headers += [("author", author) for author in authors]
    if (
        not authors
        and len(body) > 1
        and len(body[0].split()) <= _AUTHOR_WORDS
        and not _SENTENCE_END.search(body[0])
    ):
        headers.append(("author", body.pop(0)))
    return make_article(number, key, headers, body, repairs)


def _is_end(line: str) -> bool:
    """Say whether a line stands below the text: the copyright, or the document's number."""
    return bool(_COPYRIGHT.fullmatch(line) or (_NUMBER.fullmatch(line) and len(line.split()) < 8))


def _about(about: str) -> list[tuple[str, str]]:
    """Read 'Politique, jeudi 5 octobre 2013, p. 03'."""
    date = _DATE.search(about)
    if date is None:
        return [("date", about)]
    section = about[: date.start()].strip(" ,")
    page = about[date.end() :].strip(" ,")
    return [("section", section), ("date", in_english(date[0])), ("page", page)]
