"""Copy a whole warehouse into another one, from a file to a lake or from a lake to a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from ontherecord import sql
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import duckdb_of
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.lake import attach_lake
from ontherecord.warehouse.marts import build_marts

# The source warehouse is attached under this name.
_SOURCE = "copy_source"


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """A table that was copied or rebuilt, and its number of rows, the same in both warehouses."""

    table: str
    row_count: int


def copy_tables(
    source: DataDir, engine: Engine, log: Callable[[str], None] = lambda line: None
) -> list[CopiedTable]:
    """Copy a warehouse's tables into the engine's, which must be empty, and compare them row by row.

    Marts are rebuilt and compared too. The caller holds the write locks of both.

    Raises WarehouseError if the engine's is not empty or a row differs. Nothing is copied then, unless it is
    a mart that differs: the copy stays, unpublished, for inspection.
    """
    with engine.begin() as connection:
        duckdb = duckdb_of(connection)
        _require_empty(duckdb)
        _attach(duckdb, source)
        tables = _names(duckdb, "tables")
        for table in tables:
            duckdb.execute(f"delete from {table}")
            duckdb.execute(f"insert into {table} by name select * from {_SOURCE}.{table} order by rowid")
        log(f"{len(tables)} tables copied")
        copied = [_compare(duckdb, table) for table in tables]
    build_marts(engine)
    with engine.connect() as connection:
        duckdb = duckdb_of(connection)
        copied += [_compare(duckdb, table) for table in _names(duckdb, "marts")]
        duckdb.execute(f"detach {_SOURCE}")
    return copied


def _require_empty(duckdb: Any) -> None:
    (has_rows,) = duckdb.execute(
        "select exists (from articles) or exists (from ops.deliveries) or exists (from ops.runs)"
    ).fetchone()
    if has_rows:
        raise WarehouseError(
            "The target warehouse is not empty, so nothing was copied. Name a new one: another home folder "
            "or another database."
        )


def _attach(duckdb: Any, source: DataDir) -> None:
    if source.lake:
        attach_lake(duckdb, source.lake, _SOURCE)
    else:
        duckdb.execute(f"attach '{sql.escape_literal(source.writer)}' as {_SOURCE} (read_only)")


def _names(duckdb: Any, which: str) -> list[str]:
    found = duckdb.execute(sql.statement("copy", which)).fetchall()
    return [f'"{schema}"."{table}"' for schema, table in found]


def _compare(duckdb: Any, table: str) -> CopiedTable:
    """Return a table's name and number of rows. Raises WarehouseError if a row is in one warehouse only."""
    here, there = f"from {table}", f"from {_SOURCE}.{table}"
    name = table.replace('"', "")
    for one, other, where in ((here, there, "the new one alone"), (there, here, "the old one alone")):
        rows = duckdb.execute(f"({one}) except all ({other}) limit 1").fetchall()
        if rows:
            raise WarehouseError(
                f"The copy of {name} differs: {where} has {str(rows[0])[:300]}. The old warehouse is "
                "unchanged: keep using it, and report this as a bug."
            )
    (count,) = duckdb.execute(f"select count(*) {here}").fetchone()
    return CopiedTable(name, count)
