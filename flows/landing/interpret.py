"""Interpret an article as its form delivers it: headers become columns, the text becomes the body.

From here on all forms go the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ontherecord.flows.landing.body import count_words, read_body
from ontherecord.flows.landing.dates import ReadDate, read_date
from ontherecord.flows.landing.decode import clean
from ontherecord.flows.landing.file_types import refuse_page
from ontherecord.flows.landing.forms.raw_article import RawArticle
from ontherecord.flows.landing.header_names import column_of
from ontherecord.flows.landing.read import MAX_BYTES, too_large
from ontherecord.flows.landing.reading import Reading
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import Delivery, RawFile

_COLUMNS = ("title", "supertitle", "section", "date", "outlet", "url", "authors", "byline", "language")
# Headers that are compared: two values that differ are a conflict, of which none can be chosen.
_COMPARED = ("title", "supertitle", "section", "date")
_BY = re.compile(r"by\s+", re.IGNORECASE)
_BETWEEN_AUTHORS = re.compile(r"\s*[;\n]\s*|\s+and\s+|\s+&\s+|\s*,\s*(?:and\s+)?", re.IGNORECASE)
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*")


def interpret(raw: RawFile, article: RawArticle, form: str, reading: Reading) -> Delivery:
    """Return an article's delivery, with a warning for every repair.

    A headline repeated at the start of the body is dropped; dateline, agency and byline become columns, and
    marks for the desks are dropped. Otherwise the body is the text as delivered, one paragraph per line,
    without blank lines and white space around paragraphs. Headers that fill no column are kept under their
    own names.

    Raises BadDelivery if the text is too large for an article, or is a web page.
    """
    if len(article.body) > MAX_BYTES:
        raise BadDelivery(too_large(len(article.body)))
    text, repairs = clean(article.body)
    given, others = _sorted_out(article, reading)
    values = {column: _first(given[column]) for column in _COLUMNS}
    body = read_body(text, values["title"])
    if failure := refuse_page("\n".join(body.text.split("\n", 20)[:20])):
        raise BadDelivery(failure)
    date = read_date(values["date"]) if values["date"] else ReadDate(None)
    warnings = {*article.repairs, *repairs, *body.warnings, *date.warnings}
    different = {column: tuple(dict.fromkeys(filter(None, given[column]))) for column in _COMPARED}
    return Delivery(
        raw=raw,
        title=body.title,
        supertitle=values["supertitle"],
        section=values["section"],
        date_text=values["date"],
        published_at=date.published_at,
        date_problem=date.problem,
        dateline=body.dateline,
        agency=body.agency,
        body=body.text,
        word_count=count_words(body.text),
        conflicts=tuple((column, found) for column, found in different.items() if len(found) > 1),
        warnings=tuple(sorted(warnings)),
        outlet=values["outlet"] or _default_outlet(raw, reading),
        url=values["url"],
        authors=_authors(given["authors"] or given["byline"]),
        byline=values["byline"] or "; ".join(filter(None, given["authors"])) or body.byline,
        language=_language(values["language"]),
        headers=_as_map(others),
        form=form,
    )


def _sorted_out(article: RawArticle, reading: Reading) -> tuple[dict[str, list[str]], list[tuple[str, str]]]:
    """Return the values of each column, in the file's order, and the headers that fill none."""
    given: dict[str, list[str]] = {column: [] for column in _COLUMNS}
    others = []
    for name, value in article.headers:
        column = column_of(name, reading.columns)
        if column in given:
            given[column].append(" ".join(clean(value)[0].split()))
        else:
            others.append((clean(name)[0], clean(value)[0]))
    return given, others


def title_and_date(article: RawArticle, reading: Reading) -> tuple[str, str]:
    """Return an article's headline and date as delivered, empty if it has none."""
    given, _ = _sorted_out(article, reading)
    return _first(given["title"]) or "", _first(given["date"]) or ""


def _first(given: Iterable[str]) -> str | None:
    return next((value for value in given if value), None)


def _authors(given: Iterable[str]) -> tuple[str, ...]:
    """Return the names in author headers, each once: 'By Ida Brandt and Omar Haddad' has two.

    Where the header is given several times, each of its values is one name.
    """
    values = [_BY.sub("", value, count=1) if _BY.match(value) else value for value in given if value]
    names = values if len(values) > 1 else [name for v in values for name in _BETWEEN_AUTHORS.split(v)]
    return tuple(dict.fromkeys(filter(None, names)))


def _language(given: str | None) -> str | None:
    """Return the language of a tag in lower case (en for en-GB), other values as delivered."""
    if given and _LANGUAGE_TAG.fullmatch(given) and len(re.split("[-_]", given)[0]) <= 3:
        return re.split("[-_]", given)[0].lower()
    return given


def _default_outlet(raw: RawFile, reading: Reading) -> str | None:
    if reading.outlet:
        return reading.outlet
    folder, separator, _ = raw.landed.source_path.partition("/")
    return folder if reading.outlet_from_folder and separator else None


def _as_map(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return headers by name, each once; the values of a repeated one are on lines of their own."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name, []).append(value)
    return tuple((name, "\n".join(values)) for name, values in found.items())
