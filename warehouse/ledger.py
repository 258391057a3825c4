"""The ledger: what has been delivered, as discover and the stages behind it ask for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Engine, select

from ontherecord import sql
from ontherecord.warehouse.records import LedgerEntry
from ontherecord.warehouse.tables import articles, deliveries, duckdb_of, runs


def read_ledger(engine: Engine) -> dict[str, LedgerEntry]:
    """Return the newest delivery of each path."""
    with engine.connect() as connection:
        return newest_deliveries(duckdb_of(connection))


def newest_deliveries(duckdb: Any) -> dict[str, LedgerEntry]:
    """Return the newest delivery of each path, asked of DuckDB's own connection."""
    rows = duckdb.execute(sql.statement("ledger", "newest_deliveries")).fetchall()
    return {path: LedgerEntry(*rest) for path, *rest in rows}


def from_elsewhere(engine: Engine, landing: str, paths: Iterable[str]) -> list[tuple[str, str]]:
    """Return those of these paths that came last from another landing place, each with that place."""
    query = (
        select(deliveries.c.source_path, runs.c.landing)
        .join(runs, runs.c.run_id == deliveries.c.run_id)
        .where(
            deliveries.c.is_current,
            runs.c.landing != landing,
            deliveries.c.source_path.in_(sorted(paths)),
        )
        .order_by(deliveries.c.source_path)
    )
    with engine.connect() as connection:
        return list(connection.execute(query).tuples())


def loaded_contents(engine: Engine, contents: Iterable[str]) -> dict[str, int]:
    """Return the article that holds each of these contents (SHA-256) now, where one does."""
    query = select(articles.c.content_sha256, articles.c.article_id).where(
        articles.c.content_sha256.in_(sorted(contents))
    )
    with engine.connect() as connection:
        return dict(connection.execute(query).tuples().all())


def known_articles(engine: Engine, article_ids: Iterable[int]) -> set[int]:
    """Return those of these articles that are loaded."""
    query = select(articles.c.article_id).where(articles.c.article_id.in_(sorted(article_ids)))
    with engine.connect() as connection:
        return set(connection.scalars(query))


def loaded_bodies(engine: Engine, article_ids: Iterable[int]) -> dict[int, str]:
    """Return the bodies of those of these articles that are loaded."""
    query = select(articles.c.article_id, articles.c.body).where(
        articles.c.article_id.in_(sorted(article_ids))
    )
    with engine.connect() as connection:
        return dict(connection.execute(query).tuples().all())
