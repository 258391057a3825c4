"""Describe a landed file: its form, its headers and the columns that they fill, and its first article."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.flows.landing.header_names import HeaderNames
from ontherecord.flows.landing.interpret import interpret
from ontherecord.flows.landing.parse import form_of, holds_many, read_form, split
from ontherecord.flows.landing.reading import Reading
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import Delivery, Failure, RawFile

# Articles whose headers are looked at: a table's rows may leave cells empty.
_LOOKED_AT = 100


@dataclass(frozen=True, slots=True)
class Header:
    """A header: its name in the file, the column that it fills, None for `headers`, and a value."""

    name: str
    column: str | None
    example: str


@dataclass(frozen=True, slots=True)
class Description:
    """What a file is read as. `first` is its first valid article, `first_path` that article's path.

    `failures` are the reasons why the file, or what was looked at of it, cannot be read.
    """

    form: str
    holds_many: bool
    headers: tuple[Header, ...]
    first: Delivery | None
    first_path: str | None
    failures: tuple[Failure, ...]


def describe(raw: RawFile, reading: Reading) -> Description:
    """Describe a file by its first articles. Never raises for what is in the file."""
    form, many = form_of(raw, reading), holds_many(raw, reading)
    found: list[RawArticle] = []
    failures: list[Failure] = []
    try:
        for part in islice(read_form(form, raw, reading), _LOOKED_AT):
            if isinstance(part, BadArticle):
                failures.append(part.failure)
            else:
                found.append(part)
    except BadDelivery as error:
        failures += error.failures
    first = path = None
    for article in found:
        try:
            first = interpret(raw, article, form.name, reading)
        except BadDelivery as error:
            failures += error.failures
            continue
        path = _path_of(raw, article, reading) if many else raw.landed.source_path
        break
    return Description(form.name, many, _headers(found, reading), first, path, tuple(failures))


def _headers(found: list[RawArticle], reading: Reading) -> tuple[Header, ...]:
    """Return the headers of these articles in order of appearance, each with its first value.

    Columns of a table that texts are from come first.
    """
    texts: dict[str, str] = {}
    examples: dict[str, str] = {}
    for article in found:
        if article.text_name:
            texts.setdefault(article.text_name, article.body)
        for name, value in article.headers:
            if value or name not in examples:
                examples[name] = examples.get(name) or value
    columns = HeaderNames(reading.columns).columns_of(examples.items())
    return (
        *(Header(name, "text", value) for name, value in texts.items()),
        *(Header(name, columns.get(name), value) for name, value in examples.items()),
    )


def _path_of(raw: RawFile, article: RawArticle, reading: Reading) -> str | None:
    """Return the path that an article of a file with many gets."""
    for part in split(raw, reading):
        if part.landed.in_file and part.landed.in_file.number == article.number:
            return part.landed.source_path
    return None
