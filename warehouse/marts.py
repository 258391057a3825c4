"""Marts: build what analysts read again, for what a run touched. Between load and publish."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter

from sqlalchemy import Connection, Engine, delete, insert, select

from ontherecord import sql
from ontherecord.warehouse.entities import refresh_entities
from ontherecord.warehouse.lake import adapt_ddl
from ontherecord.warehouse.memory import retry_with_more_memory
from ontherecord.warehouse.runs import now
from ontherecord.warehouse.search import index_articles
from ontherecord.warehouse.tables import articles, dirty_days, dirty_entities, duckdb_of, entities, marts

# A macro can be made only when those that it asks are there.
_MACROS = ("macros/shared", "macros")
# What is published held by the checks of its time: others ask all of it again.
_READS = re.compile(r"\b(?:from|join) mart\.(\w+)")
_CHECKS = ("checks", "checks/by_article", "check_support")


@retry_with_more_memory
def build_marts(engine: Engine) -> None:
    """Build all marts for the days and entities touched since the last time, and index new articles.

    First those entities are made again.

    Marts are one transaction, each after those it reads. If a file is not the one that built its mart, all
    are rebuilt, since they read each other.
    """
    with engine.begin() as connection:
        duckdb = duckdb_of(connection)
        if not marts_are_current(connection):
            _start_anew(connection)
        refresh_entities(connection)
        for source in _in_order(_sources("marts")):
            duckdb.execute(adapt_ddl(connection, source))
        for folder in _MACROS:
            for source in _sources(folder).values():
                duckdb.execute(adapt_ddl(connection, source))
        connection.execute(delete(dirty_days))
        connection.execute(delete(dirty_entities))
    index_articles(engine)


def marts_are_current(connection: Connection) -> bool:
    """Say whether marts and macros were built by the SQL files that there are now."""
    return _recorded(connection) == _fingerprints()


def _sources(folder: str) -> dict[str, str]:
    return {f.name.removesuffix(".sql"): f.read_text(encoding="utf-8") for f in sql.statements(folder)}


def _in_order(sources: Mapping[str, str]) -> Iterator[str]:
    """Yield marts, each after those that it reads."""
    reads = {name: set(_READS.findall(source)) - {name} for name, source in sources.items()}
    yield from (sources[name] for name in TopologicalSorter(reads).static_order())


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
    for touched, every in ((dirty_days, articles.c.published_on), (dirty_entities, entities.c.entity_id)):
        connection.execute(delete(touched))
        connection.execute(insert(touched).from_select(list(touched.c), select(every).distinct()))
    connection.execute(delete(marts))
    connection.execute(
        insert(marts),
        [{"name": name, "sha256": sha256, "built_at": now()} for name, sha256 in _fingerprints().items()],
    )
