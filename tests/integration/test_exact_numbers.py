"""Numbers that no tool rounds: ids are exact as doubles, and no column is wider than 64 bits."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from runs import rows

from ontherecord import sql

# Columns that hold ids, by name and type.
_IDS = """
select schema_name || '.' || table_name, column_name, data_type
from duckdb_columns()
where
    not internal
    and data_type like '%INT%'
    and (regexp_matches(column_name, '_ids?$') or column_name = 'duplicate_of')
order by all
"""


def _relations(home: Path) -> Iterator[tuple[str, str]]:
    """Yield name and query of everything that can be asked: tables, views, macros and stored queries."""
    for schema, name in rows(
        home,
        "select schema_name, table_name from duckdb_tables() where not internal "
        "union select schema_name, view_name from duckdb_views() where not internal order by all",
    ):
        yield f"{schema}.{name}", f"from {schema}.{name}"
    for folder in ("macros/shared", "macros"):
        for file in sql.statements(folder):
            first = file.read_text("utf-8").split("\n")[0]
            call = re.search(r"(?:from|select) \w+\(.*\)", first)
            assert call, f"{file.name} shows no call"
            yield file.name, call[0]
    for file in sql.statements("queries"):
        yield file.name, file.read_text("utf-8")


def test_no_column_of_a_table_view_macro_or_query_is_a_hugeint(samples: Path) -> None:
    found = dict(_relations(samples))
    assert {"main.quotes", "mart.daily_articles", "mart.data_quality", "quotes_by.sql", "denials.sql"} <= {
        *found
    }
    wide = [
        (name, column, type_)
        for name, query in found.items()
        for column, type_, *_ in rows(samples, f"describe {query}")
        if "HUGEINT" in type_
    ]
    assert wide == []


def test_every_id_is_exact_as_a_double(samples: Path) -> None:
    columns = rows(samples, _IDS)
    assert len(columns) > 50
    assert ("mart.utterances", "speaker_entity_ids", "BIGINT[]") in columns
    for table, column, type_ in columns:
        ids = f"unnest({column})" if type_.endswith("[]") else column
        [(largest,)] = rows(samples, f"select coalesce(max(id), 0) from (select {ids} as id from {table})")
        assert largest < 2**53, f"{table}.{column}"


def test_no_column_to_join_by_is_a_longer_number(samples: Path) -> None:
    keys = rows(samples, "from (" + sql.statement("schema", "keys").rstrip().rstrip(";") + ")")
    for table, columns in keys:
        for column, type_, *_ in rows(samples, f"describe {table}"):
            if column in columns and not column.endswith("_id"):
                assert type_ not in ("BIGINT", "UBIGINT"), f"{table}.{column}"


def _read_as_javascript_does(home: Path, query: str) -> list[dict[str, Any]]:
    """Return rows by way of JSON whose numbers are read as doubles."""
    return [
        json.loads(row, parse_int=float) for (row,) in rows(home, f"select to_json(r) from ({query}) as r")
    ]


@pytest.mark.parametrize(
    ("left", "key", "right", "other"),
    [
        ("quotes", "article_id", "articles", "article_id"),
        ("mentions", "entity_id", "entities", "entity_id"),
        ("quote_speakers", "speaker_entity_id", "entities", "entity_id"),
        ("mart.utterances", "words_key", "mart.repeated_quotes", "words_key"),
        ("ops.deliveries", "article_id", "articles", "article_id"),
    ],
)
def test_joins_are_the_same_after_a_way_through_json(
    samples: Path, left: str, key: str, right: str, other: str
) -> None:
    [(joined,)] = rows(samples, f"select count(*) from {left} as l join {right} as r on l.{key} = r.{other}")
    assert joined > 0
    there = Counter(row[other] for row in _read_as_javascript_does(samples, f"from {right}"))
    here = (row[key] for row in _read_as_javascript_does(samples, f"from {left}"))
    assert sum(there[value] for value in here if value is not None) == joined
