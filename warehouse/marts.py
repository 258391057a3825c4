"""Marts: update derived tables, views and macros for what a run changed. Runs between load and publish."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter

from sqlalchemy import Connection, Engine, delete, insert, select

from ontherecord import sql
from ontherecord.warehouse.database import duckdb_of
from ontherecord.warehouse.entities import refresh_entities
from ontherecord.warehouse.lake import adapt_ddl
from ontherecord.warehouse.memory import retry_with_more_memory
from ontherecord.warehouse.runs import now
from ontherecord.warehouse.search import index_articles
from ontherecord.warehouse.tables import (
    articles,
    dirty_days,
    dirty_entities,
    entities,
    marts,
    new_articles,
)

# A macro can be created only after those that it calls.
_MACROS = ("macros/shared", "macros")
_READS = re.compile(r"\b(?:from|join) mart\.(\w+)")
# What several marts read while they are built: temporary, so that no reader finds it.
_SUPPORT = "mart_support"
# What comes before them.
_CHANGES = "mart_changes"
# If more of all articles than this are new, building rows again costs less than adding to them.
_MOST_ADDED = 0.25
_TEMPORARY = ("added_articles", "added_mentions", "added_speakers", "touched_quotes")
# Their fingerprints are recorded too: changed checks must run on all articles again.
_CHECKS = ("checks", "checks/by_article", "check_support")


@retry_with_more_memory
def build_marts(engine: Engine) -> None:
    """Update entities and marts for what changed since the last build; index new articles.

    Rows of marked days and entities are built again; what new articles have on other days and of other
    entities is added to the rows there. Marts are built in one transaction, each after those it reads. If any
    SQL file changed since the last build, all marts are rebuilt, because they read each other.
    """
    with engine.begin() as connection:
        duckdb = duckdb_of(connection)
        if not marts_are_current(connection):
            _reset(connection)
        [(share,)] = duckdb.execute(sql.statement(_CHANGES, "share")).fetchall()
        if share is not None and share > _MOST_ADDED:
            duckdb.execute(sql.statement(_CHANGES, "mark_new"))
        duckdb.execute(sql.statement(_CHANGES, "added"))
        refresh_entities(connection)
        for source in _sources(_SUPPORT).values():
            duckdb.execute(source)
        for source in _dependency_order(_sources("marts")):
            duckdb.execute(adapt_ddl(connection, source))
        for folder in _MACROS:
            for source in _sources(folder).values():
                duckdb.execute(adapt_ddl(connection, source))
        for temporary in _TEMPORARY:
            duckdb.execute(f"drop table {temporary}")
        for table in (dirty_days, dirty_entities, new_articles):
            connection.execute(delete(table))
    index_articles(engine)


def marts_are_current(connection: Connection) -> bool:
    """Say whether marts and macros were built by the current SQL files."""
    return _recorded(connection) == _fingerprints()


def _sources(folder: str) -> dict[str, str]:
    return {f.name.removesuffix(".sql"): f.read_text(encoding="utf-8") for f in sql.statements(folder)}


def _dependency_order(sources: Mapping[str, str]) -> Iterator[str]:
    """Yield the marts' statements, each after those of the marts it reads."""
    reads = {name: set(_READS.findall(source)) - {name} for name, source in sources.items()}
    yield from (sources[name] for name in TopologicalSorter(reads).static_order())


def _fingerprints() -> dict[str, str]:
    return {
        f"{folder}/{name}": hashlib.sha256(source.encode()).hexdigest()
        for folder in (_SUPPORT, "marts", *_MACROS, *_CHECKS)
        for name, source in _sources(folder).items()
    }


def _recorded(connection: Connection) -> dict[str, str]:
    return dict(connection.execute(select(marts.c.name, marts.c.sha256)).all())


def _reset(connection: Connection) -> None:
    """Drop marts and macros, and mark every day and entity as changed: nothing is added to rows then."""
    duckdb = duckdb_of(connection)
    for statement in duckdb.execute(sql.statement("status", "drop_built")).fetchall():
        duckdb.execute(statement[0])
    for table, values in ((dirty_days, articles.c.published_on), (dirty_entities, entities.c.entity_id)):
        connection.execute(delete(table))
        connection.execute(insert(table).from_select(list(table.c), select(values).distinct()))
    connection.execute(delete(new_articles))
    connection.execute(delete(marts))
    connection.execute(
        insert(marts),
        [{"name": name, "sha256": sha256, "built_at": now()} for name, sha256 in _fingerprints().items()],
    )
