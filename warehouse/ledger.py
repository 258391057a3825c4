"""The ledger: look up what has been delivered and loaded, for discovery and the later stages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import ARRAY, Column, ColumnElement, Engine, func, literal, select

from ontherecord import sql
from ontherecord.warehouse.database import duckdb_of
from ontherecord.warehouse.records import LedgerEntry, LoadedStory
from ontherecord.warehouse.tables import articles, count_change, deliveries, runs


def read_ledger(engine: Engine) -> dict[str, LedgerEntry]:
    """Return the newest delivery of each path."""
    with engine.connect() as connection:
        return newest_deliveries(duckdb_of(connection))


def newest_deliveries(duckdb: Any) -> dict[str, LedgerEntry]:
    """Return the newest delivery of each path, from a DuckDB connection."""
    rows = duckdb.execute(sql.statement("ledger", "newest_deliveries")).fetchall()
    return {path: LedgerEntry(*rest) for path, *rest in rows}


def from_other_landings(engine: Engine, landing: str, paths: Iterable[str]) -> list[tuple[str, str]]:
    """Return the paths that were last delivered from another landing location, each with that location."""
    query = (
        select(deliveries.c.source_path, runs.c.landing)
        .join(runs, runs.c.run_id == deliveries.c.run_id)
        .where(
            deliveries.c.is_current,
            runs.c.landing != landing,
            _is_any(deliveries.c.source_path, paths),
        )
        .order_by(deliveries.c.source_path)
    )
    with engine.connect() as connection:
        return list(connection.execute(query))


def known_from(engine: Engine, landing: str) -> tuple[int, str] | None:
    """Return how many files were last delivered from a landing location, and the first path; None if none."""
    query = (
        select(func.count(), func.min(deliveries.c.source_path))
        .join(runs, runs.c.run_id == deliveries.c.run_id)
        .where(deliveries.c.is_current, deliveries.c.file_path.is_(None), runs.c.landing == landing)
    )
    with engine.connect() as connection:
        count, first = connection.execute(query).one()
    return (count, first) if count else None


def mark_missing(engine: Engine, landing: str, gone: Iterable[str], at: datetime) -> int:
    """Mark the files that have gone from a landing location, and unmark all others; count what changed.

    `at`, in UTC, is when they were missed.
    """
    paths = pa.table({"source_path": pa.array(sorted(gone), pa.string())})
    with engine.begin() as connection:
        duckdb = duckdb_of(connection)
        if not paths.num_rows:
            marked = duckdb.execute("select 1 from ops.deliveries where missing_since is not null limit 1")
            if not marked.fetchall():
                return 0
        duckdb.register("gone_files", paths)
        try:
            values = {"landing": landing, "at": at}
            (changed,) = duckdb.execute(sql.statement("ledger", "mark_missing"), values).fetchall()[0]
        finally:
            duckdb.unregister("gone_files")
        if changed:
            count_change(connection)
    return int(changed)


def current_deliveries(engine: Engine, paths: Iterable[str]) -> dict[str, LedgerEntry]:
    """Return the newest delivery of each of these paths, for articles of files with many."""
    c = deliveries.c
    query = select(c.source_path, c.content_sha256, c.bytes, c.modified_ns, c.status, c.row_digest).where(
        _is_any(c.source_path, paths), c.is_current
    )
    with engine.connect() as connection:
        return {path: LedgerEntry(*rest) for path, *rest in connection.execute(query)}


def rows_in(engine: Engine, file_path: str) -> Iterator[tuple[int, str]]:
    """Yield digest and path of the articles of a file that need not be read again while their rows stay."""
    c = deliveries.c
    query = select(c.row_digest, c.source_path).where(
        c.file_path == file_path,
        c.is_current,
        c.status.in_(("loaded", "duplicate", "quarantined", "dismissed")),
        c.modified_ns.is_not(None),
        c.row_digest.is_not(None),
    )
    with engine.connect() as connection:
        yield from connection.execute(query)


def quarantined_in(engine: Engine, file_path: str) -> Iterator[tuple[str, int]]:
    """Yield path and delivery id of a file's articles that are quarantined now."""
    c = deliveries.c
    query = select(c.source_path, c.delivery_id).where(
        c.file_path == file_path, c.is_current, c.status == "quarantined"
    )
    with engine.connect() as connection:
        yield from connection.execute(query)


def loaded_contents(engine: Engine, contents: Iterable[str]) -> dict[str, int]:
    """Return the id of the article with each of these contents (SHA-256), for those loaded."""
    query = select(articles.c.content_sha256, articles.c.article_id).where(
        _is_any(articles.c.content_sha256, contents)
    )
    with engine.connect() as connection:
        return dict(connection.execute(query).all())


def articles_of(engine: Engine, paths: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Return the ids of the articles that were delivered under each of these paths, the newest first.

    There is one, or several if another story was delivered under the path of an earlier one.
    """
    d = deliveries.c
    query = (
        select(d.source_path, d.article_id)
        .where(_is_any(d.source_path, paths), d.status == "loaded")
        .order_by(d.source_path, d.is_current.desc(), d.seen_at.desc(), d.article_id)
    )
    found: dict[str, list[int]] = {}
    with engine.connect() as connection:
        for path, article_id in connection.execute(query):
            found.setdefault(path, []).append(article_id)
    return {path: tuple(ids) for path, ids in found.items()}


def loaded_paths(engine: Engine, article_ids: Iterable[int]) -> dict[int, str]:
    """Return the path of each of these articles, for those loaded."""
    query = select(articles.c.article_id, articles.c.source_path).where(
        _is_any(articles.c.article_id, article_ids)
    )
    with engine.connect() as connection:
        return dict(connection.execute(query).all())


def loaded_stories(engine: Engine, article_ids: Iterable[int]) -> dict[int, LoadedStory]:
    """Return path, headline, day and body of these articles, for those loaded."""
    wanted = sorted(article_ids)
    if not wanted:
        return {}  # DuckDB would read all texts to find none
    c = articles.c
    query = select(c.article_id, c.source_path, c.article_key, c.title, c.published_on, c.body).where(
        _is_any(c.article_id, wanted)
    )
    with engine.connect() as connection:
        return {article_id: LoadedStory(*rest) for article_id, *rest in connection.execute(query)}


def _is_any(column: Column[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Return the condition that a column holds one of these values, which go to DuckDB as one list.

    `in_` makes a parameter of each, and SQLAlchemy keeps some 60 bytes for ever for each name that it
    has not yet given one: with thousands of values a batch, memory would grow with the rows of a run.
    """
    return column.in_(select(func.unnest(literal(sorted(values), ARRAY(column.type)))))
