"""Move: all of a warehouse into another one, from a file to a lake or from a lake to a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from ontherecord import sql
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.lake import attach_beside
from ontherecord.warehouse.marts import build_marts
from ontherecord.warehouse.tables import duckdb_of

# The name under which the warehouse that is moved is attached.
_FROM = "moved_from"


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """A table that was moved, or built again, and the rows that are the same in both warehouses."""

    table: str
    row_count: int


def copy_tables(
    source: DataDir, engine: Engine, log: Callable[[str], None] = lambda line: None
) -> list[CopiedTable]:
    """Copy a warehouse's tables into the engine's, which is empty, and compare them row by row.

    Marts are built anew and compared, too. Whoever calls keeps others from writing either.

    Raises WarehouseError if the engine's is not empty, or a row is not the same: then nothing is copied, or
    all of it is, unpublished, for people to look at.
    """
    with engine.begin() as connection:
        duckdb = duckdb_of(connection)
        _refuse_used(duckdb)
        _attach(duckdb, source)
        tables = _names(duckdb, "tables")
        for table in tables:
            duckdb.execute(f"delete from {table}")
            duckdb.execute(f"insert into {table} by name select * from {_FROM}.{table} order by rowid")
        log(f"{len(tables)} tables are copied")
        moved = [_same(duckdb, table) for table in tables]
    build_marts(engine)
    with engine.connect() as connection:
        duckdb = duckdb_of(connection)
        moved += [_same(duckdb, table) for table in _names(duckdb, "marts")]
        duckdb.execute(f"detach {_FROM}")
    return moved


def _refuse_used(duckdb: Any) -> None:
    (used,) = duckdb.execute(
        "select exists (from articles) or exists (from ops.deliveries) or exists (from ops.runs)"
    ).fetchone()
    if used:
        raise WarehouseError(
            "The warehouse to move to is not empty, and nothing was moved. Name a new one: another home "
            "folder, or another database."
        )


def _attach(duckdb: Any, source: DataDir) -> None:
    if source.lake:
        attach_beside(duckdb, source.lake, _FROM)
    else:
        duckdb.execute(f"attach '{sql.escape_literal(source.writer)}' as {_FROM} (read_only)")


def _names(duckdb: Any, which: str) -> list[str]:
    found = duckdb.execute(sql.statement("copy", which)).fetchall()
    return [f'"{schema}"."{table}"' for schema, table in found]


def _same(duckdb: Any, table: str) -> CopiedTable:
    """Return a table's name and count of rows. Raises WarehouseError if a row is in one warehouse only."""
    here, there = f"from {table}", f"from {_FROM}.{table}"
    name = table.replace('"', "")
    for one, other, where in ((here, there, "only in the new one"), (there, here, "only in the old one")):
        rows = duckdb.execute(f"({one}) except all ({other}) limit 1").fetchall()
        if rows:
            raise WarehouseError(
                f"After the move {name} is another in both warehouses: {where} is {str(rows[0])[:300]}. The "
                "old one is as it was. Report this, and go on with the old one."
            )
    (count,) = duckdb.execute(f"select count(*) {here}").fetchone()
    return CopiedTable(name, count)
