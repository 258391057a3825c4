"""Export tables of the published file as one SQLite database, made for Datasette and other clients.

Ids are text and the primary keys; foreign keys, indexes and full-text search are in the file, and what
columns mean is in the schema and in the table `dictionary`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ontherecord import sql
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.export import EXPORTED
from ontherecord.warehouse.exported_file import exported_file
from ontherecord.warehouse.flat_rows import Column, columns_of, keys_and_relations, require_table, stream_rows
from ontherecord.warehouse.publish import open_published
from ontherecord.warehouse.whole_file import WholeFile


@dataclass(frozen=True, slots=True)
class _Reference:
    """Columns that refer to those of another table."""

    columns: tuple[str, ...]
    table: str
    its_columns: tuple[str, ...]


_TYPES = {"integer": "integer", "boolean": "integer", "number": "real"}
# A reference of several columns; sql/schema/relations.sql has those of one.
_OF_SEVERAL = {"quote_speakers": _Reference(("article_id", "quote_no"), "quotes", ("article_id", "quote_no"))}
# Indexed beside references.
_INDEXED = {"articles": ("published_on", "section"), "quotes": ("speaker", "kind"), "entities": ("name",)}
# Searched as words; Datasette shows a search field for such a table.
_SEARCHED = {
    "articles": ("title", "body"),
    "quotes": ("text", "speaker"),
    "entities": ("name", "aliases"),
}
_TOKENS = "porter unicode61 remove_diacritics 2"
# Lists are there as JSON too, of which Datasette makes facets.
_AS_JSON = "_json"
# Nobody else sees the draft, and one that is cut short is not used: no journal is needed.
_PRAGMAS = "pragma journal_mode = off; pragma synchronous = off; pragma locking_mode = exclusive;"


@dataclass(frozen=True, slots=True)
class _Table:
    """A table to write: its name where it is published, its columns, key and references."""

    source: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[_Reference, ...]

    @property
    def name(self) -> str:
        """The name in the file: SQLite has no schemas."""
        return self.source.replace(".", "_")


def write_sqlite(home: DataDir, file: Path, table: str | None = None) -> WholeFile:
    """Write the tables, or one table or view, to a SQLite file, atomically.

    Raises SettingsError for an unknown table, ExportError if the file cannot be written, WarehouseError if
    nothing is published.
    """
    with closing(open_published(home)) as connection:
        names = [require_table(connection, table)] if table else [t.name for t in EXPORTED]
        planned = _plan(connection, names)
        with exported_file(file) as draft, closing(sqlite3.connect(draft)) as target:
            target.executescript(_PRAGMAS)
            with target:
                counts = {t.source: _fill(connection, target, t) for t in planned}
                _write_dictionary(target, planned)
                for statement in _after_rows(planned):
                    target.execute(statement)
            target.execute("analyze")
    return WholeFile(file, counts, file.stat().st_size)


def _plan(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> list[_Table]:
    keys, relations = keys_and_relations(connection)
    planned = []
    for name in names:
        references = [
            _Reference((column,), other, (its,)) for table, column, other, its in relations if table == name
        ]
        references += [_OF_SEVERAL[name]] if name in _OF_SEVERAL else []
        planned.append(
            _Table(
                name,
                tuple(columns_of(connection, name)),
                tuple(keys.get(name, ())),
                tuple(reference for reference in references if reference.table in names),
            )
        )
    return planned


def _fill(connection: duckdb.DuckDBPyConnection, target: sqlite3.Connection, table: _Table) -> int:
    """Create a table with its rows; return how many."""
    target.execute(_create(table))
    expressions = [column.flat for column in table.columns]
    expressions += [f'to_json("{column.name}")::varchar' for column in _lists(table)]
    marks = ", ".join("?" * len(expressions))
    rows = stream_rows(connection, table.source, expressions)
    return target.executemany(f"insert into {table.name} values ({marks})", rows).rowcount


def _create(table: _Table) -> str:
    """Return the statement that creates a table; comments in it stay in the file's schema."""
    lines = [
        (f'"{column.name}" {_TYPES.get(column.kind, "text")}', column.meaning) for column in table.columns
    ]
    lines += [(f'"{column.name}{_AS_JSON}" text', f"{column.name} as JSON.") for column in _lists(table)]
    if table.key:
        lines.append((f"primary key ({', '.join(table.key)})", ""))
    for to in table.references:
        lines.append(
            (f"foreign key ({', '.join(to.columns)}) references {to.table} ({', '.join(to.its_columns)})", "")
        )
    return f"create table {table.name} (\n{_listed(lines)}\n)"


def _listed(lines: Sequence[tuple[str, str]]) -> str:
    shown = []
    for number, (line, meaning) in enumerate(lines, start=1):
        comma = "," if number < len(lines) else ""
        shown.append(f"    {line}{comma}" + (f" -- {' '.join(meaning.split())}" if meaning else ""))
    return "\n".join(shown)


def _lists(table: _Table) -> list[Column]:
    return [column for column in table.columns if column.kind == "list"]


def _write_dictionary(target: sqlite3.Connection, tables: Iterable[_Table]) -> None:
    target.execute(
        "create table dictionary (table_name text, column_name text, meaning text, "
        "primary key (table_name, column_name))"
    )
    rows = [(table.name, column.name, column.meaning) for table in tables for column in table.columns]
    target.executemany("insert into dictionary values (?, ?, ?)", rows)


def _after_rows(tables: Sequence[_Table]) -> Iterator[str]:
    """Yield the statements that make indexes, search and the view, quicker after the rows than before."""
    names = {table.name for table in tables}
    for table in tables:
        columns = [reference.columns[0] for reference in table.references]
        for column in dict.fromkeys([*columns, *_INDEXED.get(table.name, ())]):
            if column not in table.key[:1]:
                yield f"create index {table.name}_{column} on {table.name} ({column})"
        if searched := _SEARCHED.get(table.name):
            yield (
                f"create virtual table {table.name}_fts using fts5({', '.join(searched)}, "
                f'content="{table.name}", tokenize="{_TOKENS}")'
            )
            yield f"insert into {table.name}_fts ({table.name}_fts) values ('rebuild')"
    if {"articles", "quotes"} <= names:
        yield sql.statement("export", "quotes_in_articles")
