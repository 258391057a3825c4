"""Dictionary: what tables, columns and macros mean, as Markdown, from the comments in the published file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import duckdb

from ontherecord import sql
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.publish import open_published

_SCHEMAS = {
    "main": "For analysts: `from quotes` needs no schema's name.",
    "mart": "Derived from main, for what is asked often.",
    "ops": "What the pipeline knows of itself.",
    "search": "The index behind `search_articles` and `quotes_with`; ask those.",
}


def schema_docs(home: DataDir) -> str:
    """Return the dictionary of the published file: no counts, so the same for every warehouse."""
    with closing(open_published(home)) as connection:
        return "\n".join([*_head(), *_diagram(connection), *_tables(connection), *_macros(connection)]) + "\n"


def _head() -> Iterator[str]:
    yield "# Dictionary"
    yield ""
    yield "Made by `ontherecord schema` from the comments in the warehouse file. Do not edit by hand."
    yield ""


def _diagram(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Yield an entity-relation diagram of keys only."""
    keys = dict(_ask(connection, "keys"))
    relations = _ask(connection, "relations")
    tables = {name: list(columns) for name, columns in keys.items()}
    for table, column, *_ in relations:
        if column not in tables[table]:
            tables[table].append(column)
    yield "## How tables hang together"
    yield ""
    yield "PK: the columns that name one row. FK: a column that means a row of another table."
    yield ""
    yield "```mermaid"
    yield "erDiagram"
    for table, column, other, _ in relations:
        yield f"    {_node(other)} |o--o{{ {_node(table)} : {column}"
    foreign = {(table, column) for table, column, *_ in relations}
    for table, columns in tables.items():
        types = {name: kind for name, kind, _ in _columns(connection, table)}
        yield f'    {_node(table)}["{table.removeprefix("main.")}"] {{'
        for column in columns:
            marks = ["PK"] * (column in keys[table]) + ["FK"] * ((table, column) in foreign)
            yield f"        {types[column]} {column} {', '.join(marks)}"
        yield "    }"
    yield "```"
    yield ""


def _tables(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    last = None
    for schema, name, what, comment in _ask(connection, "tables"):
        if schema != last:
            yield f"## Schema {schema}"
            yield ""
            yield _SCHEMAS[schema]
            yield ""
            last = schema
        yield f"### {name if schema == 'main' else f'{schema}.{name}'}"
        yield ""
        yield comment if what == "table" else f"{comment} (A view.)"
        yield ""
        yield "| column | type | |"
        yield "|---|---|---|"
        for column, kind, meaning in _columns(connection, f"{schema}.{name}"):
            yield f"| `{column}` | {kind} | {_cell(meaning)} |"
        yield ""


def _macros(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    yield "## Macros"
    yield ""
    yield "| macro | |"
    yield "|---|---|"
    for name, gives_rows, parameters, comment in _ask(connection, "macros"):
        call = f"{name}({parameters})"
        yield f"| `{f'from {call}' if gives_rows else call}` | {_cell(comment)} |"


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[Any, ...]]:
    schema, name = table.split(".")
    return _ask(connection, "columns", {"schema": schema, "name": name})


def _ask(
    connection: duckdb.DuckDBPyConnection, name: str, values: dict[str, str] | None = None
) -> list[tuple[Any, ...]]:
    return connection.execute(sql.statement("schema", name), values).fetchall()


def _node(table: str) -> str:
    return table.removeprefix("main.").replace(".", "_")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
