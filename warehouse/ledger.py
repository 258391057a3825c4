"""The ledger: look up what has been delivered and loaded, for discovery and the later stages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Engine, select

from ontherecord import sql
from ontherecord.warehouse.database import duckdb_of
from ontherecord.warehouse.records import LedgerEntry
from ontherecord.warehouse.tables import articles, deliveries, runs


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
            deliveries.c.source_path.in_(sorted(paths)),
        )
        .order_by(deliveries.c.source_path)
    )
    with engine.connect() as connection:
        return list(connection.execute(query).tuples())


def loaded_contents(engine: Engine, contents: Iterable[str]) -> dict[str, int]:
    """Return the id of the article with each of these contents (SHA-256), for those loaded."""
    query = select(articles.c.content_sha256, articles.c.article_id).where(
        articles.c.content_sha256.in_(sorted(contents))
    )
    with engine.connect() as connection:
        return dict(connection.execute(query).tuples().all())


def known_articles(engine: Engine, article_ids: Iterable[int]) -> set[int]:
    """Return which of these articles are loaded."""
    query = select(articles.c.article_id).where(articles.c.article_id.in_(sorted(article_ids)))
    with engine.connect() as connection:
        return set(connection.scalars(query))


def loaded_bodies(engine: Engine, article_ids: Iterable[int]) -> dict[int, str]:
    """Return the bodies of these articles, for those loaded."""
    query = select(articles.c.article_id, articles.c.body).where(
        articles.c.article_id.in_(sorted(article_ids))
    )
    with engine.connect() as connection:
        return dict(connection.execute(query).tuples().all())
