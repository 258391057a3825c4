"""Flat rows: a published table as tools without lists, maps and large integers take it.

Ids are text, because R, JavaScript and spreadsheets keep numbers as doubles, which round integers beyond
2^53 (a spreadsheet beyond 15 digits). A list is "a; b", a map is JSON, a day or time is text as in ISO 8601.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import duckdb

from ontherecord import sql
from ontherecord.warehouse.errors import SettingsError

Kind = Literal["id", "text", "list", "map", "integer", "number", "boolean", "day", "time"]
# What is between the elements of a list.
SEPARATOR = "; "
_IS_ID = re.compile(r".*_(id|ids|key)|duplicate_of")
_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
# Rows that are in memory at a time: articles are long.
_BATCH_ROWS = 2048


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a published table: its name, its DuckDB type, what it holds, and what it means."""

    name: str
    type: str
    kind: Kind
    meaning: str

    @property
    def flat(self) -> str:
        """The SQL expression of its flat values."""
        name = f'"{self.name}"'
        match self.kind:
            case "list":
                return f"array_to_string({name}, '{SEPARATOR}')"
            case "map":
                return f"to_json({name})::varchar"
            case "number" if self.type == "FLOAT":
                # As a double, .9 would be .8999999761581421, and below .9.
                return f"{name}::varchar::double"
            case "number":
                return f"{name}::double"
            case "integer" | "boolean":
                return name
            case _:
                return f"{name}::varchar"


def require_table(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """Return the name of a table or view that can be exported.

    Raises SettingsError if there is none of this name.
    """
    tables = [name for (name,) in connection.execute(sql.statement("export", "exportable")).fetchall()]
    if table not in tables:
        raise SettingsError(f"There is no table {table!r}. Choose one of {', '.join(tables)}.")
    return table


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> list[Column]:
    """Return the columns of a table or view, in order."""
    schema, _, name = table.rpartition(".")
    values = {"schema": schema or "main", "name": name}
    comments = {
        column: comment
        for column, _, comment in connection.execute(sql.statement("schema", "columns"), values).fetchall()
    }
    rows = connection.sql(f"from {table}")
    return [
        Column(column, str(type_), _kind(column, str(type_)), comments.get(column) or "")
        for column, type_ in zip(rows.columns, rows.types, strict=True)
    ]


def keys_and_relations(
    connection: duckdb.DuckDBPyConnection,
) -> tuple[dict[str, list[str]], list[tuple[str, str, str, str]]]:
    """Return the key columns by table, and the references: table, column, the table and column referred to.

    Tables are named as in `exportable`: those of `main` without a schema.
    """
    keys = connection.execute(sql.statement("schema", "keys")).fetchall()
    relations = connection.execute(sql.statement("schema", "relations")).fetchall()
    return (
        {table.removeprefix("main."): columns for table, columns in keys},
        [
            (table.removeprefix("main."), column, other.removeprefix("main."), its)
            for table, column, other, its in relations
        ],
    )


def stream_rows(
    connection: duckdb.DuckDBPyConnection, table: str, expressions: Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a table in its own order; only a batch of them is in memory."""
    yield from rows_of(connection.sql(f"select {', '.join(expressions)} from {table}"))


def rows_of(rows: duckdb.DuckDBPyRelation) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query; only a batch of them is in memory."""
    for batch in rows.to_arrow_reader(_BATCH_ROWS):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _kind(name: str, type_: str) -> Kind:
    if type_.endswith("[]") and "(" not in type_:
        return "list"
    if type_.endswith("[]") or type_.startswith(("MAP", "STRUCT", "UNION")) or type_ == "JSON":
        return "map"
    if type_ in (*_INTEGERS, "UBIGINT", "HUGEINT", "UHUGEINT") and _IS_ID.fullmatch(name):
        return "id"
    if type_ in _INTEGERS:
        return "integer"
    if type_ in ("FLOAT", "DOUBLE", "UBIGINT", "HUGEINT", "UHUGEINT") or type_.startswith("DECIMAL"):
        return "number"
    if type_ == "BOOLEAN":
        return "boolean"
    if type_ == "DATE":
        return "day"
    return "time" if type_.startswith("TIMESTAMP") else "text"
