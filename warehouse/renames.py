"""Renames: give the names of loaded articles other entities, as aliases and joins say, without extracting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import pyarrow as pa
from sqlalchemy import Connection, Engine, delete, insert, select

from ontherecord import sql
from ontherecord.warehouse import ids
from ontherecord.warehouse.aliases import Alias, Aliases
from ontherecord.warehouse.collisions import require_own_entity_ids
from ontherecord.warehouse.database import duckdb_of
from ontherecord.warehouse.memory import retry_with_more_memory
from ontherecord.warehouse.overlay import machine_answers
from ontherecord.warehouse.tables import aliases, arrow_table, dirty_names, mentions

_RENAMES = pa.schema(
    [
        ("name", pa.string()),
        ("kind", pa.string()),
        ("entity_id", pa.int64()),
        ("new_name", pa.string()),
        ("new_kind", pa.string()),
        ("is_changed", pa.bool_()),
    ]
)


class Rename(NamedTuple):
    """A name and kind that articles give, and the entity that it means from now on.

    `kind` is None for a speaker of whom the article has no mention; such a speaker may stay without entity.
    `is_changed` says that the name meant another entity before, and not only in articles that are new.
    """

    name: str
    kind: str | None
    entity_id: int | None
    new_name: str
    new_kind: str | None
    is_changed: bool = True


@retry_with_more_memory
def apply_aliases(engine: Engine, wanted: Aliases) -> int:
    """Apply changed aliases to the loaded articles, in one transaction; return how many lines changed.

    The rows of `entities` are refreshed later, with the marts.
    """
    with engine.begin() as connection:
        applied = Aliases(Alias(*row) for row in connection.execute(select(aliases))).rows()
        changed = {
            name for name in {*applied, *wanted.rows()} if applied.get(name) != wanted.rows().get(name)
        }
        if not changed:
            return 0
        connection.execute(delete(aliases))
        if wanted.rows():
            connection.execute(
                insert(aliases),
                [{**asdict(a), "alias": name} for name, a in wanted.rows().items()],
            )
        lines = [table[name] for table in (applied, wanted.rows()) for name in changed & {*table}]
        # Names on a line are not joined to others; those on a removed one may be again.
        compared = {name for line in lines for name in (line.alias, line.name)}
        connection.execute(insert(dirty_names), [{"name": name} for name in sorted(compared)])
        # Other names of an entity on a changed line are updated too: its external id may have changed.
        affected = changed, {ids.normalized(line.name) for line in lines}
        with machine_answers(connection):
            rename(
                duckdb_of(connection),
                _renames(connection, wanted, *affected),
                _unnamed_renames(connection, wanted, *affected),
            )
    return len(changed)


def _renames(connection: Connection, wanted: Aliases, changed: set[str], targets: set[str]) -> list[Rename]:
    names = connection.execute(select(mentions.c.name, mentions.c.kind).distinct())
    return [
        Rename(name, kind, wanted.entity_id(kind, name), wanted.name(name), wanted.kind(kind, name))
        for name, kind in names
        if ids.normalized(name) in changed or ids.normalized(wanted.name(name)) in targets
    ]


def _unnamed_renames(
    connection: Connection, wanted: Aliases, changed: set[str], targets: set[str]
) -> list[Rename]:
    """Return the affected speakers without a mention in their article, such as 'the ministry'."""
    names = duckdb_of(connection).execute(sql.statement("aliases", "unnamed")).fetchall()
    return [
        Rename(name, None, wanted.unnamed_id(name), wanted.name(name), wanted.unnamed_kind(name))
        for (name,) in names
        if ids.normalized(name) in changed or ids.normalized(wanted.name(name)) in targets
    ]


def rename(duckdb: Any, renames: Sequence[Rename], unnamed: Sequence[Rename] = ()) -> None:
    """Give names of the loaded articles other entities, in the open transaction.

    Raises PipelineError if two entities would share an id.
    """
    require_own_entity_ids(duckdb, ((r.new_kind, r.new_name) for r in (*renames, *unnamed) if r.new_kind))
    duckdb.register("renames", arrow_table(_RENAMES, renames))
    duckdb.register("unnamed_renames", arrow_table(_RENAMES, unnamed))
    try:
        duckdb.execute(sql.statement("aliases", "1_renames"))
        duckdb.execute(sql.statement("load", "4_entities"))
        duckdb.execute(sql.statement("aliases", "2_changes"))
    finally:
        duckdb.unregister("renames")
        duckdb.unregister("unnamed_renames")
