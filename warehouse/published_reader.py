"""The published archive as people read it: articles with their quotes and names, quotes, speakers, counts."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import duckdb

from ontherecord import sql
from ontherecord.warehouse.about import About, about_of
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import Row, as_rows
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.publish import open_published, published_name

# Rows of one page of a list, and of the short lists of a name.
PAGE_SIZE = 20
_SHOWN = 12
# Quotes at or above this confidence are right in 97 of 100 cases: see docs/glossary.md.
SURE_FROM = 0.9
# A speaker's months are drawn one by one up to this many.
_MAX_MONTHS = 60
# With a lake there is no file to watch: the newest snapshot is looked for after this many seconds.
_LAKE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Selection:
    """What a list shows. None does not narrow it; an empty outlet or section means articles without one.

    `month` is a year or a month (2015, 2015-12). The last four are for quotes only; `speaker` has words of a
    name, `entity_id` is exactly one speaker.
    """

    words: str | None = None
    outlet: str | None = None
    section: str | None = None
    month: str | None = None
    kind: str | None = None
    speaker: str | None = None
    entity_id: int | None = None
    sure: bool = False

    def without(self, name: str) -> Selection:
        """Return the selection without one of its parts."""
        nothing: dict[str, Any] = {name: False if name == "sure" else None}
        return replace(self, **nothing)

    @property
    def days(self) -> tuple[date, date]:
        """The first and last day of publication that are shown."""
        if self.month is None:
            return date.min, date.max
        year, _, month = self.month.partition("-")
        first = date(int(year), int(month or 1), 1)
        if month:
            after = (first + timedelta(days=31)).replace(day=1)
            return first, after - timedelta(days=1)
        return first, first.replace(month=12, day=31)


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list: its rows, how many match in all, and counts by facet and value."""

    rows: tuple[Row, ...]
    row_count: int
    facets: Mapping[str, tuple[tuple[str, int], ...]]


@dataclass(frozen=True, slots=True)
class ArticleRead:
    """An article with its quotes, its mentions and the entities that these are."""

    article: Row
    quotes: tuple[Row, ...]
    mentions: tuple[Row, ...]
    names: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class NameRead:
    """A person or thing: what it said by month and outlet, what it speaks of, where it is named."""

    name: Row
    months: tuple[Row, ...]
    unit: str
    outlets: tuple[Row, ...]
    topics: tuple[Row, ...]
    quotes: Listed
    articles: tuple[Row, ...]


class PublishedReader:
    """Reads what is published on a connection that is kept, and opened anew when something else is published.

    Nothing waits for it: a new file is renamed over the one it reads. It is safe to share by threads, of
    which one reads at a time. DuckDB gives connections to one path the same database while one is open, so
    the old connection is closed before the new file is opened.
    """

    def __init__(self, home: DataDir) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._opened: object = None

    @contextmanager
    def pages(self) -> Iterator[Reading]:
        """Give the block what is published now; other threads wait.

        Raises WarehouseError if nothing is published, or it has an older schema.
        """
        with self._lock:
            try:
                yield Reading(self._current())
            except duckdb.Error as error:
                self._close()
                raise WarehouseError(
                    f"{published_name(self._home)} cannot be read: {error}. If an older version published "
                    "it, run `ontherecord publish`."
                ) from error

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._close()

    def _current(self) -> duckdb.DuckDBPyConnection:
        published = self._identity()
        if self._connection is None or published != self._opened:
            self._close()
            self._connection, self._opened = open_published(self._home), published
        return self._connection

    def _identity(self) -> object:
        if self._home.lake:
            return int(time.monotonic()) // _LAKE_SECONDS
        try:
            found = self._home.published.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino, found.st_mtime_ns

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Reading:
    """The lists and pages of one published state."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def totals(self) -> Row:
        """Return the totals of the archive, and its first and last day."""
        return as_rows(self._connection.execute(sql.statement("report", "totals")))[0]

    def about(self) -> About:
        """Return what the archive is, and what made it."""
        return about_of(self._connection)

    def articles(self, selection: Selection, page: int = 1, size: int = PAGE_SIZE) -> Listed:
        """Return a page of the articles that match, from 1: best first if there are words, else newest."""
        self._run("matching_articles", **_narrowed(selection))
        facets = self._facets(selection)
        rows = self._rows("articles", words=selection.words, **_part(page, size))
        return Listed(rows, _count(facets), facets)

    def quotes(self, selection: Selection, page: int = 1, size: int = PAGE_SIZE) -> Listed:
        """Return a page of the quotes that match, from 1, newest first."""
        self._run(
            "matching_quotes",
            **_narrowed(selection),
            speaker=selection.speaker,
            entity_id=selection.entity_id,
            kind=selection.kind,
            least_confidence=SURE_FROM if selection.sure else 0.0,
            sure_from=SURE_FROM,
        )
        facets = self._facets(selection)
        return Listed(self._rows("quotes", **_part(page, size)), _count(facets), facets)

    def speakers(
        self, who: str | None, kind: str | None = None, page: int = 1, size: int = PAGE_SIZE
    ) -> Listed:
        """Return a page of the speakers whose name has these words, most quoted first."""
        rows = self._rows("speakers", who=who, kind=kind, **_part(page, size))
        return Listed(rows, rows[0]["matching_count"] if rows else 0, {})

    def kinds(self) -> Mapping[str, int]:
        """Return how many quotes there are of each kind."""
        return {row["kind"]: row["quote_count"] for row in self._rows("kinds")}

    def article(self, article_id: int) -> ArticleRead | None:
        """Return an article, or None if there is none of this id."""
        found = self._rows("article", article_id=article_id)
        if not found:
            return None
        parts = (self._rows(f"article_{part}", article_id=article_id) for part in _PARTS)
        return ArticleRead(found[0], *parts)

    def name(self, entity_id: int) -> NameRead | None:
        """Return a person or thing, or None if there is none of this id."""
        found = self._rows("name", entity_id=entity_id)
        if not found:
            return None
        unit = "month"
        months = self._rows("name_months", entity_id=entity_id, unit=unit)
        if len(months) > _MAX_MONTHS:
            unit = "year"
            months = self._rows("name_months", entity_id=entity_id, unit=unit)
        return NameRead(
            name=found[0],
            months=months,
            unit=unit,
            outlets=self._rows("name_outlets", entity_id=entity_id),
            topics=self._rows("name_topics", entity_id=entity_id, shown=_SHOWN),
            quotes=self.quotes(Selection(entity_id=entity_id), size=10),
            articles=self._rows("name_articles", entity_id=entity_id, shown=_SHOWN),
        )

    def name_of(self, entity_id: int) -> str | None:
        """Return what an entity is called, or None if there is none of this id."""
        found = self._rows("name", entity_id=entity_id)
        return str(found[0]["name"]) if found else None

    def find(self, wanted: str) -> tuple[Row, ...]:
        """Return the articles that an id, a path, a URL, a headline or words of a headline mean."""
        return self._rows("find_articles", wanted=wanted)

    def closest_paths(self, wanted: str) -> list[str]:
        """Return the paths most similar to one that no article has."""
        statement = sql.statement("versions", "closest")
        return [path for (path,) in self._connection.execute(statement, {"source_path": wanted}).fetchall()]

    def _facets(self, selection: Selection) -> Mapping[str, tuple[tuple[str, int], ...]]:
        span = "%Y" if selection.month is None else "%Y-%m"
        facets: dict[str, list[tuple[str, int]]] = {}
        for row in self._rows("facets", span=span):
            facets.setdefault(row["facet"], []).append((row["value"], row["row_count"]))
        facets["month"] = sorted(facets.get("month", []))
        return {facet: tuple(values) for facet, values in facets.items()}

    def _run(self, name: str, **values: Any) -> None:
        self._connection.execute(sql.statement("browse", name), values)

    def _rows(self, name: str, **values: Any) -> tuple[Row, ...]:
        return tuple(as_rows(self._connection.execute(sql.statement("browse", name), values)))


_PARTS = ("quotes", "mentions", "names")


def _narrowed(selection: Selection) -> Row:
    first_on, last_on = selection.days
    return {
        "words": selection.words,
        "outlet": selection.outlet,
        "section": selection.section,
        "first_on": first_on,
        "last_on": last_on,
    }


def _part(page: int, size: int) -> Row:
    return {"row_limit": size, "row_offset": (page - 1) * size}


def _count(facets: Mapping[str, tuple[tuple[str, int], ...]]) -> int:
    """Return how many rows match: each has one month."""
    return sum(count for _, count in facets["month"])
