"""Marts: build what analysts read again, for what a run touched. Between load and publish."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, Engine, delete, insert, select

from ontherecord import sql
from ontherecord.warehouse.entities import refresh_entities
from ontherecord.warehouse.lake import adapt_ddl
from ontherecord.warehouse.memory import retry_with_more_memory
from ontherecord.warehouse.runs import now
from ontherecord.warehouse.search import index_articles
from ontherecord.warehouse.tables import articles, duckdb_of, entities, marts, touched_days, touched_entities

# A macro can be made only when those that it asks are there.
_MACROS = ("macros/shared", "macros")
# What is published held by the checks of its time: others ask all of it again.
_CHECKS = ("checks", "checks/by_article", "checking")


@retry_with_more_memory
def build_marts(engine: Engine) -> None:
    """Build all marts for the days and entities touched since the last time, and index new articles.

    First those entities are made again.

    Marts are one transaction, in the order of their names, views after tables. If a file is not the one
    that built its mart, all are made anew, since they read each other.
    """
    sources = _sources("marts")
    with engine.begin() as connection:
        duckdb = duckdb_of(connection)
        if not marts_are_current(connection):
            _start_anew(connection)
        refresh_entities(connection)
        for source in sorted(sources.values(), key=_is_view):
            duckdb.execute(adapt_ddl(connection, source))
        for folder in _MACROS:
            for source in _sources(folder).values():
                duckdb.execute(adapt_ddl(connection, source))
        connection.execute(delete(touched_days))
        connection.execute(delete(touched_entities))
    index_articles(engine)


def marts_are_current(connection: Connection) -> bool:
    """Say whether marts and macros were built by the SQL files that there are now."""
    return _recorded(connection) == _fingerprints()


def _sources(folder: str) -> dict[str, str]:
    return {f.name.removesuffix(".sql"): f.read_text(encoding="utf-8") for f in sql.statements(folder)}


def _is_view(source: str) -> bool:
    return "\ncreate or replace view " in source


def _fingerprints() -> dict[str, str]:
    return {
        f"{folder}/{name}": hashlib.sha256(source.encode()).hexdigest()
        for folder in ("marts", *_MACROS, *_CHECKS)
        for name, source in _sources(folder).items()
    }


def _recorded(connection: Connection) -> dict[str, str]:
    return dict(connection.execute(select(marts.c.name, marts.c.sha256)).tuples().all())


def _start_anew(connection: Connection) -> None:
    """Drop what is built, and touch every day and entity."""
    duckdb = duckdb_of(connection)
    for statement in duckdb.execute(sql.statement("status", "drop_built")).fetchall():
        duckdb.execute(statement[0])
    for touched, every in ((touched_days, articles.c.published_on), (touched_entities, entities.c.entity_id)):
        connection.execute(delete(touched))
        connection.execute(insert(touched).from_select(list(touched.c), select(every).distinct()))
    connection.execute(delete(marts))
    connection.execute(
        insert(marts),
        [{"name": name, "sha256": sha256, "built_at": now()} for name, sha256 in _fingerprints().items()],
    )
