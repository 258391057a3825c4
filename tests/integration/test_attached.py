"""The published file in another DuckDB session: attached under any name, or kept under another one."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
from runs import rows

from ontherecord import sql

RELATIONS = """
select schema_name || '.' || table_name
from (
    select schema_name, table_name from duckdb_tables() where not internal
    union all
    select schema_name, view_name from duckdb_views() where not internal
)
order by all
"""
# A session with tables of its own, of the same names: what is attached must not read them.
OWN_TABLES = """
create table quotes as select 'mine' as note;
create table articles as select 'mine' as note;
create schema mart;
create table mart.daily_articles as select 'mine' as note;
"""
Answers = dict[str, list[tuple[Any, ...]]]
# What the macros' examples ask for, and somebody or something of the samples instead.
EXAMPLES = {
    "kerry": "talhoun",
    "lavrov": "haddawi",
    "syria": "haddawi",
    "geneva": "haddawi",
    "peace": "tram",
    "peace talks": "tram",
    "ceasefire": "tram",
    "2016-01-31 12:00": "2100-01-01",
}


@pytest.fixture(scope="module")
def renamed(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the published file under another name, as somebody does who keeps a state."""
    return Path(shutil.copy(samples / "warehouse.duckdb", tmp_path_factory.mktemp("kept") / "press 2016.db"))


@pytest.fixture(scope="module")
def answers(samples: Path) -> Answers:
    """Ask each macro of the published file where it lies."""
    with closing(duckdb.connect(str(samples / "warehouse.duckdb"), read_only=True)) as connection:
        found = _answers(connection)
    assert [call for call, rows in found.items() if not rows] == []
    return found


@pytest.fixture
def attached(renamed: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(duckdb.connect()) as connection:
        connection.execute(f"attach '{renamed}' as news (read_only)")
        yield connection


def _calls() -> list[str]:
    """Return a call of each macro: the example of its first line, about the samples."""
    calls = ["select folded('Été')"]
    for file in [*sql.statements("macros/shared"), *sql.statements("macros")]:
        name = file.name.removesuffix(".sql")
        example = re.search(rf"(?:from|select) {name}\(.*\)", file.read_text(encoding="utf-8"))
        assert example, file.name
        calls.append(re.sub(r"'([^']+)'", lambda word: f"'{EXAMPLES.get(word[1], word[1])}'", example[0]))
    return calls


def _answers(connection: duckdb.DuckDBPyConnection) -> Answers:
    return {call: sorted(_rows(connection, call), key=str) for call in _calls()}


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return connection.execute(query).fetchall()


def test_tables_and_views_are_the_same_attached(samples: Path, attached: duckdb.DuckDBPyConnection) -> None:
    attached.execute(OWN_TABLES)
    relations = [name for (name,) in rows(samples, RELATIONS)]
    assert {"main.quotes", "mart.genders", "mart.who_said_what", "search.postings"} <= {*relations}
    for name in relations:
        assert _rows(attached, f"from news.{name} order by all") == rows(
            samples, f"from {name} order by all"
        ), name


def test_macros_work_once_the_file_is_in_use(answers: Answers, attached: duckdb.DuckDBPyConnection) -> None:
    attached.execute("use news")
    assert _answers(attached) == answers
    attached.execute("create temp table kept as from quotes_by('sarrouf')")
    assert _rows(attached, "from kept")


def test_macros_work_beside_tables_of_ones_own_on_a_search_path(
    answers: Answers, attached: duckdb.DuckDBPyConnection
) -> None:
    attached.execute("set search_path = 'memory,news,news.mart,news.search'")
    assert _answers(attached) == answers
    attached.execute("create table kept as from quotes_by('sarrouf')")
    assert _rows(attached, "select database_name from duckdb_tables() where table_name = 'kept'") == [
        ("memory",)
    ]


def test_macro_of_a_file_that_is_not_in_use_names_what_is_missing(
    attached: duckdb.DuckDBPyConnection,
) -> None:
    with pytest.raises(duckdb.CatalogException, match=r'does not exist!\s+Did you mean "news\.'):
        attached.execute("from news.quotes_by('sarrouf')")


def test_file_of_another_name_answers_alike(samples: Path, answers: Answers, renamed: Path) -> None:
    with closing(duckdb.connect(str(renamed), read_only=True)) as connection:
        assert _answers(connection) == answers
        for (name,) in rows(samples, RELATIONS):
            assert _rows(connection, f"select count(*) from {name}") == rows(
                samples, f"select count(*) from {name}"
            )


def test_two_archives_are_asked_in_one_session(samples: Path, renamed: Path) -> None:
    with closing(duckdb.connect()) as connection:
        for name, file in (("ours", samples / "warehouse.duckdb"), ("theirs", renamed)):
            connection.execute(f"attach '{file}' as {name} (read_only)")
        both = "select count(*) from (from ours.mart.genders union all from theirs.mart.genders)"
        assert _rows(connection, both) == rows(samples, "select 2 * count(*) from mart.genders")
