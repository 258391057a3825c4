"""The schema: migrations, the tables as SQLAlchemy knows them, comments, and the SQL files."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from runs import rows
from sqlalchemy import text

from ontherecord import sql
from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.migrate import migrate
from ontherecord.warehouse.tables import arrow_schema, metadata


def test_declared_tables_are_the_migrated_ones(samples: Path) -> None:
    for table in metadata.sorted_tables:
        with closing(duckdb.connect(str(samples / "warehouse.duckdb"), read_only=True)) as connection:
            migrated = connection.execute(f"from {table.fullname}").to_arrow_table().schema
        assert migrated.remove_metadata() == arrow_schema(table), table.fullname


def test_every_table_view_column_and_macro_has_a_comment(samples: Path) -> None:
    missing = rows(
        samples,
        """
        select schema_name || '.' || table_name
        from duckdb_tables()
        where comment is null and not internal
        union all
        select schema_name || '.' || view_name
        from duckdb_views()
        where comment is null and not internal
        union all
        select schema_name || '.' || table_name || '.' || column_name
        from duckdb_columns()
        where comment is null and not internal
        union all
        select schema_name || '.' || function_name
        from duckdb_functions()
        where comment is null and not internal
        """,
    )
    assert missing == []
    assert len(rows(samples, "from duckdb_columns() where not internal")) > 80


def test_migrations_are_recorded_and_applied_once(home: Path) -> None:
    files = [f.name for f in sql.statements("migrations")][1:]
    with open_writer(DataDir(home), "test") as engine:
        with engine.connect() as connection:
            recorded = connection.execute(text("select name from ops.migrations order by number")).all()
        assert [name for (name,) in recorded] == files
        assert migrate(engine) == 0


def test_newer_file_than_the_code_is_refused(home: Path) -> None:
    with open_writer(DataDir(home), "test") as engine, engine.begin() as connection:
        connection.execute(
            text("insert into ops.migrations values (9999, '9999_later.sql', '', now()::timestamp)")
        )
    with (
        pytest.raises(WarehouseError, match=r"migration 9999.*Update ontherecord"),
        open_writer(DataDir(home), "test"),
    ):
        pass


def test_migrations_are_numbered_without_gaps() -> None:
    numbers = [int(f.name.split("_")[0]) for f in sql.statements("migrations")]
    assert numbers == list(range(len(numbers)))


@pytest.mark.parametrize("file", sql.statements("marts"), ids=lambda f: f.name)
def test_each_mart_opens_with_its_grain_and_keeps_it(samples: Path, file: Path) -> None:
    words = file.read_text().split("\n")[0]
    assert words.startswith("-- One row per ")
    name = file.name.removesuffix(".sql")
    [(comment,)] = rows(
        samples,
        f"select comment from duckdb_tables() where schema_name = 'mart' and table_name = '{name}' union all "
        f"select comment from duckdb_views() where schema_name = 'mart' and view_name = '{name}'",
    )
    assert comment == words.removeprefix("-- ")


def test_marts_agree_with_the_tables(samples: Path) -> None:
    assert rows(samples, "select sum(quote_count) from mart.speakers") == rows(
        samples,
        "select count(distinct (article_id, quote_no, s.speaker_entity_id)) from quotes "
        "inner join quote_speakers as s using (article_id, quote_no) where kind != 'act' "
        "and s.speaker_entity_id is not null",
    )
    assert rows(samples, "select sum(article_count), sum(quote_count) from mart.daily_articles") == rows(
        samples, "select (select count(*) from articles), (select count(*) from quotes where kind != 'act')"
    )
    assert rows(samples, "select sum(piece_count) from mart.utterances") == rows(
        samples, "select count(*) from quotes where kind != 'act'"
    )
    assert rows(samples, "select sum(quote_count) from mart.rules") == rows(
        samples, "select count(*) from quotes"
    )
    assert rows(samples, "select sum(quote_count) from mart.sources") == rows(
        samples, "select sum(quote_count) from mart.daily_articles"
    )


def test_queries_run_and_answer(samples: Path) -> None:
    for file in sql.statements("queries"):
        assert rows(samples, file.read_text()), file.name


def test_sql_style(samples: Path) -> None:
    root = Path(sql.__file__).parent
    folders = sorted({str(file.parent.relative_to(root)) for file in root.rglob("*.sql")})
    assert {"marts", "macros/shared"} <= {*folders}
    for folder in folders:
        for file in sql.statements(folder):
            content = file.read_text()
            assert content.startswith("-- "), f"{folder}/{file.name} opens with what it is"
            assert not re.search(r"\b(SELECT|FROM|WHERE|CREATE)\b", content), file.name
