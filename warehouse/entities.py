"""Entities derived from their mentions: the changed ones, for the marts, or all, for maintain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Engine, select

from ontherecord import sql
from ontherecord.warehouse.database import duckdb_of
from ontherecord.warehouse.memory import retry_with_more_memory
from ontherecord.warehouse.tables import articles, count_change


@dataclass(frozen=True, slots=True)
class Freshness:
    """How recent the loaded articles are: times in UTC, None if there are none."""

    newest_day: date | None
    last_loaded_at: datetime | None
    last_ingest_at: datetime | None


def refresh_entities(connection: Connection) -> None:
    """Update the entities whose mentions changed since the marts were built; mark renamed ones for the marts.

    The rows of new articles are in temporary tables, by mart_changes/added.sql.
    """
    duckdb = duckdb_of(connection)
    for name in ("stage_changed", "refresh", "genders", "mark_renamed"):
        duckdb.execute(sql.statement("entities", name))


@retry_with_more_memory
def rebuild_entities(engine: Engine) -> int:
    """Derive every entity from its mentions, in one transaction; return how many changed."""
    with engine.begin() as connection:
        duckdb = duckdb_of(connection)
        duckdb.execute(sql.statement("entities", "stage_all"))
        try:
            duckdb.execute(sql.statement("load", "4_entities"))
            duckdb.execute(sql.statement("entities", "refresh"))
            duckdb.execute(sql.statement("entities", "genders"))
            (changed,) = duckdb.execute(sql.statement("entities", "changed")).fetchone()
        finally:
            for temporary in ("entities_before", "staged_mentions", "staged_entities", "changed_entities"):
                duckdb.execute(f"drop table if exists {temporary}")
        if changed:
            count_change(connection)
    return int(changed)


def extracts_in_use(engine: Engine) -> list[tuple[str, str]]:
    """Return the content SHA-256 and extractor version of every loaded article."""
    query = select(articles.c.content_sha256, articles.c.extractor_version)
    with engine.connect() as connection:
        return list(connection.execute(query))


def freshness(engine: Engine) -> Freshness:
    """Return how recent the loaded articles are."""
    with engine.connect() as connection:
        row = duckdb_of(connection).execute(sql.statement("maintain", "freshness")).fetchone()
    return Freshness(*row)
