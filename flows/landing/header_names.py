"""Header names: which of our columns a header means, by a list of synonyms and the user's `[columns]`."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal, get_args

from ontherecord.flows.landing.languages import language_code

Column = Literal[
    "title", "supertitle", "section", "date", "outlet", "url", "authors", "byline", "language", "agency",
    "dateline",
]  # fmt: skip
COLUMNS: tuple[Column, ...] = get_args(Column)
# What a `[columns]` table in ontherecord.toml may name.
SETTABLE = ("text", "key", *COLUMNS, "embargo")

_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.)\S+", re.IGNORECASE)
_BY = re.compile(r"\s*(?:by|von|par|por|di|door|text|story|words)\b\s*:?\s+", re.IGNORECASE)
_PARTED = re.compile(r"\s*(?:;|\||\n|\s&\s|\s/\s|,?\s+and\s+|,\s+)\s*", re.IGNORECASE)
# Words of a job or a desk, which bylines have after the name: "Staff Reporter".
_JOB = re.compile(
    r"\b(?:staff|reporters?|editors?|correspondents?|writers?|bureau|chief|desk|columnist|critic|producer|"
    r"photographers?|contributors?|special to|for the|of the|agencies)\b",
    re.IGNORECASE,
)
# A job behind a name without a comma: 'NED FLYTE REPORTER'.
_JOB_BEHIND = re.compile(
    r"\s+(?:(?:staff|senior|chief|political|special)\s+)?(?:reporter|writer|correspondent|editor)s?$",
    re.IGNORECASE,
)
# Agencies behind the name of their reporter: 'TOM BEECH, Associated Press'.
_AGENCY = re.compile(
    r"(?:the\s+)?(?:associated press|reuters|agence france-presse|afp|ap|dpa|upi|aap|efe|ansa|pti|ians|"
    r"xinhua|press association|pa|canadian press|"
    r"bloomberg(?: news)?|.*\bnews (?:agency|service)|.*\bnewswires?)",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\s+(?:in|at|for)\s+[A-Z].*$")
_MAIL = re.compile(r"\s*[<(]?[\w.+-]+@[\w.-]+[>)]?\s*")
_LIST = re.compile(r"\s*\[.*\]\s*", re.DOTALL)
# Who wrote and who edited it, as agencies sign: 'gr/bp'.
_INITIALS = re.compile(r"[a-z]{1,4}(?:/[a-z]{1,4})+")


@dataclass(frozen=True, slots=True)
class Headers:
    """The values of our columns; None where the file has none.

    `rest` are the other headers as delivered, in their order. `conflicts` are columns that are given twice
    under one name with different values: column and values.
    """

    title: str | None = None
    supertitle: str | None = None
    section: str | None = None
    date: str | None = None
    outlet: str | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    byline: str | None = None
    language: str | None = None
    agency: str | None = None
    dateline: str | None = None
    rest: tuple[tuple[str, str], ...] = ()
    conflicts: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class HeaderNames:
    """Interprets headers. `columns` is the user's choice: our column and the file's name for it."""

    columns: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.columns) - set(SETTABLE)):
            raise ValueError(f"[columns] has {', '.join(unknown)}; it may have {', '.join(SETTABLE)}")

    def interpret(self, headers: Iterable[tuple[str, str]]) -> Headers:
        """Return the values of our columns: the first name of the list that has a fitting value counts."""
        given = list(headers)
        used: set[int] = set()
        values: dict[str, Any] = {}
        conflicts = []
        for column in COLUMNS:
            found = self._find(column, given)
            if not found:
                continue
            texts = tuple(dict.fromkeys(given[i][1] for i in found))
            if column in ("authors", "byline"):
                used.update(found)
            else:
                used.add(found[0])
                if len(texts) > 1:
                    conflicts.append((column, texts))
            values[column] = _value(column, texts)
        if values.get("byline") is None:
            values["byline"] = _byline([given[i][1] for i in self._find("authors", given)])
        if (code := values.get("language")) is not None:
            # A name ('English') or a region ('en-GB') stays among the others, as delivered.
            used -= {i for i in self._find("language", given) if given[i][1] != code}
        rest = tuple(pair for i, pair in enumerate(given) if i not in used)
        return Headers(**values, rest=rest, conflicts=tuple(conflicts))

    def columns_of(self, headers: Iterable[tuple[str, str]]) -> dict[str, Column]:
        """Return the column that each header fills, by its name; those that fill none are left out."""
        given = list(headers)
        found: dict[str, Column] = {}
        for column in COLUMNS:
            for i in self._find(column, given):
                found.setdefault(given[i][0], column)
        return found

    def text_names(self, names: Sequence[str]) -> list[str]:
        """Return which of a table's names have the text of the article, the best first; none if no name has.

        A description is the text only where there is no link: beside one it is a teaser of the page. A
        summary is the text only beside an excerpt: two teasers of one article nobody gives.
        """
        if chosen := self.columns.get("text"):
            return [name for name in names if _plain(name) == _plain(chosen)]
        found = _in_order(names, "text")
        if not found and not _in_order(names, "url"):
            found = _in_order(names, "text without link")
        if not found and "excerpt" in map(_known, names):
            found = _in_order(names, "text beside excerpt")
        return found

    def other_texts(self, names: Sequence[str]) -> list[str]:
        """Return which of a table's names have the text once more, or the page that it comes from."""
        return _in_order(names, "same text")

    def embargo(self, headers: Iterable[tuple[str, str]]) -> str | None:
        """Return until when an article may not be published, as delivered; None if no header says so."""
        given = list(headers)
        found = self._find("embargo", given)
        return given[found[0]][1] if found else None

    def key(self, headers: Iterable[tuple[str, str]]) -> str | None:
        """Return the id or URL that tells an article from the others of its file; None if it has neither."""
        given = dict(headers)
        for column, name in _key_names(tuple(given)) if not self.columns.get("key") else ():
            if _fits(column, given[name]):
                return given[name]
        chosen = _plain(self.columns.get("key", ""))
        return next((value for name, value in given.items() if chosen and _plain(name) == chosen), None)

    def _find(self, column: str, given: Sequence[tuple[str, str]]) -> list[int]:
        """Return where a column's value is: by the first name that has one; several if it is there twice."""
        if chosen := self.columns.get(column):
            return [i for i, (name, value) in enumerate(given) if _plain(name) == _plain(chosen) and value]
        taken = {_plain(name) for name in self.columns.values()}
        places = _places(column)
        by_place: dict[int, list[int]] = {}
        for i, (name, value) in enumerate(given):
            place = places.get(plain := _known(name))
            # Whether a value fits comes last: to tell that a headline is no language takes 15 ms.
            if place is not None and plain not in taken and value and _fits(column, value):
                by_place.setdefault(place, []).append(i)
        return by_place[min(by_place)] if by_place else []


def is_known(name: str) -> bool:
    """Say whether a name is a header that the list has."""
    return _known(name) in _all_names()


def text_missing(names: Sequence[str]) -> str:
    """Say what to do with a table that has no column with the text of its articles."""
    listed = (", ".join(names[:30]) + (" …" if len(names) > 30 else "")).rstrip(".")
    if names and not any(is_known(name) for name in names):
        return (
            f"No column has the text of the articles. The first line is: {listed}. If that is an article, "
            "put a line with the names of the columns above it, such as title,date,text. If it has such "
            'names, say in ontherecord.toml which is the text: `[columns]`, and below it `text = "NAME"`.'
        )
    return (
        f"No column has the text of the articles. The table has: {listed or 'no columns'}. If one of them "
        'is the text, name it in ontherecord.toml: `[columns]`, and below it `text = "NAME"`. A table of '
        "links or abstracts has no articles. Fetch their text first."
    )


@cache
def _rows() -> tuple[tuple[str, str], ...]:
    """Return column and name of each line of the list."""
    text = files("ontherecord.flows.landing").joinpath("data", "header_names.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    fields = ([part.strip() for part in line.split("|")] for line in lines)
    return tuple((column, _plain(name)) for column, name, _ in fields)


@cache
def _names(column: str) -> tuple[str, ...]:
    return tuple(name for its_column, name in _rows() if its_column == column)


@cache
def _places(column: str) -> dict[str, int]:
    """Return the names of a column, each with its place in the list."""
    return {name: place for place, name in reversed(list(enumerate(_names(column))))}


@cache
def _all_names() -> frozenset[str]:
    return frozenset(name for column, name in _rows() if column != "wrapper")


@lru_cache(maxsize=10_000)
def _plain(name: str) -> str:
    """Return a name as names are compared: without case, spaces, hyphens, underscores and list marks."""
    return re.sub(r"[\s_-]|\[\*?\]", "", name.casefold())


@lru_cache(maxsize=10_000)
def _known(name: str) -> str:
    """Return a name as the list has it: without levels that only wrap the article."""
    # Elasticsearch's `_source.title` is a title; compared without its underscore it is the name of a paper.
    if name.casefold().startswith("_source."):
        name = name[len("_source.") :]
    plain = _plain(name)
    while plain not in _all_names():
        level, dot, below = plain.partition(".")
        if not dot or level not in _names("wrapper"):
            break
        plain = below
    return plain


@lru_cache(maxsize=1_000)
def _key_names(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the names that may have the key of an article, the best first, with what they are."""
    columns = ("key", "url", "key without link")
    return tuple((column, name) for column in columns for name in _in_order(names, column))


def _in_order(names: Sequence[str], column: str) -> list[str]:
    """Return the names that mean a column, the best first."""
    places = _places(column)
    found = [name for name in names if _known(name) in places]
    return sorted(found, key=lambda name: places[_known(name)])


def _fits(column: str, value: str) -> bool:
    """Say whether a value can be what its name says: `source` is a paper here and an address there."""
    if column == "url":
        return _ADDRESS.fullmatch(value.strip()) is not None
    if column == "outlet":
        return not re.match(r"[a-z]+://", value) and len(value) <= 200
    if column == "language":
        return language_code(value) is not None
    if column in ("authors", "byline"):
        # Content management systems give the number of a user where others give a name.
        return (
            _ADDRESS.fullmatch(value.strip()) is None
            and _INITIALS.fullmatch(value.strip()) is None
            and any(not item.isdigit() for item in _items(value))
        )
    if column == "section":
        # Content management systems give the numbers of categories where others give their names.
        items = _items(value)
        return bool(items) and not (_LIST.fullmatch(value) and all(item.isdigit() for item in items))
    return True


def _value(column: str, texts: tuple[str, ...]) -> Any:
    if column == "authors":
        return tuple(dict.fromkeys(author for text in texts for author in split_authors(text)))
    if column == "byline":
        return _byline(texts)
    if column == "section":
        return "; ".join(_items(texts[0]))
    if column == "language":
        return language_code(texts[0])
    return texts[0]


def _byline(texts: Iterable[str]) -> str | None:
    return "; ".join(item for text in texts for item in _items(text)) or None


def _items(value: str) -> list[str]:
    """Return the entries of a value: of a list as Python or JSON writes it, or the value itself."""
    if _LIST.fullmatch(value):
        for read in (json.loads, ast.literal_eval):
            try:
                entries = read(value)
            except (ValueError, SyntaxError, RecursionError, MemoryError):
                continue
            return [str(entry).strip() for entry in entries if entry is not None and str(entry).strip()]
    return [value.strip()] if value.strip() else []


def split_authors(byline: str) -> list[str]:
    """Return the names in a byline: 'By Ada Novello and Luc Bakke, Staff Reporters' are two."""
    entries = _items(byline)
    if len(entries) > 1:
        return [author for entry in entries for author in split_authors(entry)]
    line = _BY.sub("", _MAIL.sub(" ", entries[0] if entries else ""), count=1)
    parts = [_author(part) for part in _PARTED.split(line)]
    parts = [part for part in parts if part and not part.isdigit()]
    if len(parts) == 2 and "," in line and all(len(part.split()) == 1 for part in parts):
        return [f"{parts[1]} {parts[0]}"]  # a catalogue's 'Bakke, Piotr'
    if any(len(part.split()) > 1 for part in parts):
        # Beside full names a single word is a place or an agency: 'Ada Novello, Kabul'.
        parts = [
            part
            for i, part in enumerate(parts)
            if len(part.split()) > 1 and not (i and (_JOB.search(part) or _AGENCY.fullmatch(part)))
        ]
    return parts


def _author(part: str) -> str:
    name = _PLACE.sub("", " ".join(part.split()))
    if len(_JOB_BEHIND.sub("", name).split()) > 1:
        name = _JOB_BEHIND.sub("", name)
    return name.strip(" .,;:-–—|()<>\"'")
