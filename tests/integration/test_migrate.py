"""Migrate: a file of an earlier schema is upgraded where it lies, all at once or not at all."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
from commands import ONTHERECORD, carry_out
from runs import article, rows, run
from sqlalchemy import Table

import ontherecord
from ontherecord import sql
from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.warehouse.backup import back_up, restore
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.ids import article_id, delivery_id, entity_id
from ontherecord.warehouse.marts import build_marts
from ontherecord.warehouse.publish import MODE, check, publish
from ontherecord.warehouse.schema_number import newest_migration
from ontherecord.warehouse.tables import arrow_schema, metadata

OLD = Path(__file__).parents[1] / "files" / "old_schema"
REFUSED = r"(?s)writer\.duckdb cannot be migrated to number \d+: "
WRITTEN_ANEW = ("ops.migrations", "ops.marts", "ops.warehouse", "ops.dedup_queue")
NUMBERS = [int(file.stem) for file in sorted(OLD.glob("*.sql"))]


def _old_file(home: Path, number: int) -> Path:
    """Make the writer's file of a home as it was at a migration."""
    home.mkdir()
    file = home / "writer.duckdb"
    with closing(duckdb.connect(str(file))) as connection:
        connection.execute((OLD / f"{number:04}.sql").read_text("utf-8"))
    return file


@pytest.fixture(scope="module")
def old_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a home as 1.0.0 left it, to be read only: what is published is a copy of the writer's file."""
    home = tmp_path_factory.mktemp("1.0.0") / "home"
    published = home / "warehouse.duckdb"
    shutil.copy(_old_file(home, 6), published)
    published.chmod(MODE)
    return home


def _everything(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of all tables of a file, and its catalog with the comments."""
    with closing(duckdb.connect(str(file), read_only=True)) as connection:
        ask = connection.execute
        tables = ask("select schema_name || '.' || table_name from duckdb_tables() order by all").fetchall()
        found = {name: ask(f"from {name} order by all").fetchall() for (name,) in tables}
        found["tables"] = ask("select sql, comment from duckdb_tables() order by all").fetchall()
        found["columns"] = ask(
            "select schema_name, table_name, column_name, comment from duckdb_columns() where not internal "
            "order by all"
        ).fetchall()
        return found


def _with_short_ids(table: Table, row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a row of an earlier schema with the ids of today: without their last ten bits."""
    ids = [c.name.endswith("_id") or c.name == "duplicate_of" for c in table.columns]
    return tuple(
        value >> 10 if is_id and isinstance(value, int) else value
        for value, is_id in zip(row, ids, strict=False)
    )


def test_there_is_an_old_file_of_each_release_and_of_the_schema_before_this_one() -> None:
    assert NUMBERS == [1, 2, 6, 11, 16]  # 6 is that of 1.0.0
    assert newest_migration() == 17  # with another one, add a file of this schema


@pytest.mark.parametrize("number", NUMBERS)
def test_old_file_keeps_its_rows_and_is_like_a_new_one(home: Path, tmp_path: Path, number: int) -> None:
    file = _old_file(home, number)
    before = _everything(file)
    assert len(before["main.articles"]) == 2
    assert len(before["main.quotes"]) == 4
    with open_writer(DataDir(home), "test") as engine:
        build_marts(engine)
        publish(engine, DataDir(home))
    after = _everything(home / "warehouse.duckdb")
    assert _everything(file) == after
    _check_speakers(home)
    for table in metadata.sorted_tables:
        name = f"{table.schema or 'main'}.{table.name}"
        if name in before and name not in WRITTEN_ANEW:
            width = len(before[name][0]) if before[name] else 0
            old = [row if number > 14 else _with_short_ids(table, row) for row in before[name]]
            assert [row[:width] for row in after[name]] == old, name
        with closing(duckdb.connect(str(file), read_only=True)) as connection:
            now = connection.execute(f"from {table.fullname}").to_arrow_table().schema
        assert now.remove_metadata() == arrow_schema(table), name

    with open_writer(DataDir(tmp_path / "new"), "test") as engine:
        build_marts(engine)
    new = _everything(tmp_path / "new" / "writer.duckdb")
    assert after["tables"] == new["tables"]
    assert after["columns"] == new["columns"]
    assert [m[:3] for m in after["ops.migrations"]] == [m[:3] for m in new["ops.migrations"]]
    assert after["ops.migrations"][:number] == before["ops.migrations"]
    assert [r for r in check(DataDir(home)) if r.row_count] == []


def _check_speakers(home: Path) -> None:
    """Hold the columns and rows of 2.0 against the quotes of an earlier schema, with one speaker each."""
    assert rows(home, "select distinct rule, speaker_type, speaker_count from quotes") == [
        (None, "named person", 1)
    ]
    same = "article_id, quote_no, 0 as speaker_no, speaker_entity_id, speaker, speaker_name"
    assert rows(home, f"select {same} from quotes order by all") == rows(
        home, "select * exclude (speaker_role, role_start, role_end) from quote_speakers order by all"
    )
    assert len(rows(home, "from quote_speakers")) == 4
    # Nothing of 2.0 is known of them until they are extracted again.
    roles = "select distinct speaker_role, role_start, role_end from"
    assert rows(home, f"{roles} quotes union {roles} quote_speakers") == [(None, None, None)]
    genders = "select distinct gender, gender_evidence, gender_for, gender_against from entities"
    assert rows(home, genders) == [(None, None, None, None)]


@pytest.mark.parametrize("number", NUMBERS)
def test_runs_go_on_in_an_upgraded_file(landing: Path, home: Path, number: int) -> None:
    _old_file(home, number)
    (landing / "harbour.txt").write_text(article(title="Harbour opens once more"))
    counts = run(landing, home).counts
    assert (counts.loaded_count, counts.quarantined_count) == (1, 0)
    assert rows(home, "select version, title from article_versions order by version") == [
        (1, "Harbour opens again"),
        (2, "Harbour closes again"),
    ]
    assert rows(home, "select source_path, version from articles order by all") == [
        ("harbour.txt", 3),
        ("sport/cup.txt", 1),
    ]
    assert rows(home, "select distinct speaker_name from quotes order by all") == [
        ("Ida Brandt",),
        ("Ignacio Bellaro",),
    ]


@pytest.mark.parametrize("number", NUMBERS)
def test_failing_migration_leaves_the_file_as_it_was(
    home: Path, tmp_path: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = tmp_path / "9998_good.sql"
    good.write_text("alter table ops.runs add column more integer; create table more (n integer);")
    bad = tmp_path / "9999_bad.sql"
    bad.write_text("update ops.runs set more = 1; insert into nowhere values (1);")
    file = _old_file(home, number)
    before = _everything(file)
    real = sql.statements

    def with_two_more(folder: str) -> list[Any]:
        return [*real(folder), *([good, bad] if folder == "migrations" else [])]

    monkeypatch.setattr(sql, "statements", with_two_more)
    with (
        pytest.raises(WarehouseError, match=REFUSED + ".*nowhere"),
        open_writer(DataDir(home), "test"),
    ):
        pass
    assert _everything(file) == before

    bad.write_text("update ops.runs set more = 1;")
    with open_writer(DataDir(home), "test"):
        pass
    after = _everything(file)
    assert [m[0] for m in after["ops.migrations"]][-2:] == [9998, 9999]
    assert {row[-1] for row in after["ops.runs"]} == {1}


@pytest.mark.parametrize("number", NUMBERS)
def test_articles_of_an_old_file_have_the_ids_of_a_new_one(home: Path, number: int) -> None:
    _old_file(home, number)
    with open_writer(DataDir(home), "test") as engine:
        build_marts(engine)
        publish(engine, DataDir(home))
    assert {article_id(path): path for (path,) in rows(home, "select source_path from articles")} == dict(
        rows(home, "select article_id, source_path from articles")
    )
    for entity, kind, name in rows(home, "select entity_id, kind, name from entities"):
        assert entity == entity_id(kind, name)
    for delivery, path, content in rows(
        home, "select delivery_id, source_path, content_sha256 from ops.deliveries"
    ):
        assert delivery == delivery_id(path, content)


def test_backup_of_an_old_file_is_restored_with_the_ids_of_today(home: Path, tmp_path: Path) -> None:
    shutil.copy(_old_file(home, NUMBERS[-1]), home / "warehouse.duckdb")
    back_up(DataDir(home), tmp_path / "backup.zip")
    restored = DataDir(tmp_path / "restored")
    restore(tmp_path / "backup.zip", restored)
    with open_writer(restored, "test") as engine:
        build_marts(engine)
        publish(engine, restored)
    found = rows(restored.folder, "select source_path, article_id from articles order by all")
    assert found == [(path, article_id(path)) for path in ("harbour.txt", "sport/cup.txt")]


@pytest.mark.parametrize("table", ["articles", "entities", "ops.deliveries", "ops.alerts"])
def test_ids_that_would_become_one_stop_the_migration(home: Path, table: str) -> None:
    file = _old_file(home, 11)
    with closing(duckdb.connect(str(file))) as connection:
        id_, name = {
            "articles": ("article_id", "source_path"),
            "entities": ("entity_id", "name"),
            "ops.deliveries": ("delivery_id", "source_path"),
            "ops.alerts": ("alert_id", "subject"),
        }[table]
        if table == "ops.alerts":
            connection.execute(
                "insert into ops.alerts (alert_id, rule, subject, message, raised_at, last_seen_at) "
                "values (2048, 'volume', 'articles', '', '2020-01-01', '2020-01-01')"
            )
        # An id that differs in its last bit only.
        connection.execute(
            f"insert into {table} select * replace (xor({id_}, 1) as {id_}, 'another' as {name}) "
            f"from {table} limit 1"
        )
    before = _everything(file)
    with (
        pytest.raises(WarehouseError, match=REFUSED + r".*another.* would be two \w+ with one id") as refused,
        open_writer(DataDir(home), "test"),
    ):
        pass
    assert "rebuild LANDING --from-scratch`, which tells what to rename. It is unchanged." in str(
        refused.value
    )
    assert "bug" not in str(refused.value)
    assert _everything(file) == before


READING: tuple[tuple[str, ...], ...] = (
    ("status",),
    ("report",),
    ("export",),
    ("export", "--table", "quotes", "--out", "quotes.csv"),
    ("show", "harbour"),
    ("history", "harbour.txt"),
    ("schema",),
    ("check",),
    ("quarantine", "list"),
    ("quarantine", "show", "broken.txt"),
    ("sample", "--out", "sheet.csv"),
    ("forget", "harbour.txt", "--why", "a complaint"),
    ("forget", "--list"),
    ("reprocess",),
)


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_before_the_first_run_of_this_version_commands_say_what_to_do(
    old_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    done = carry_out(*command, home=old_home)
    assert (done.returncode, done.stdout) == (1, "")
    said = done.stderr.removeprefix("No Prefect server is configured: running directly.\n")
    assert said.startswith(f"ontherecord: {old_home}/warehouse.duckdb was published by an earlier version ")
    assert f"schema 6, and this version reads {newest_migration()}. Run `ontherecord publish`" in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_publish_is_the_first_run_of_this_version(old_home: Path, home: Path) -> None:
    shutil.copytree(old_home, home, symlinks=True)
    doctor = carry_out("doctor", home=home)
    assert (doctor.returncode, doctor.stdout.count("an earlier version wrote it")) == (0, 2)
    assert carry_out("publish", home=home).returncode == 0
    for command in (("status",), ("report",), ("check",), ("show", "harbour", "--out", home / "a.html")):
        done = carry_out(*command, home=home)
        assert (done.returncode, done.stderr) == (0, ""), done


def test_sql_reads_what_an_earlier_version_published(old_home: Path) -> None:
    asked = [ONTHERECORD, "sql", "--home", old_home, "--csv", "select count(*) as n from quotes"]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout == "n\n4\n"
    with closing(ontherecord.open(old_home)) as connection:
        assert connection.execute("select count(*) from quotes").fetchall() == [(4,)]
    greeting = subprocess.run(asked[:4], capture_output=True, text=True, check=True, input=".exit\n").stdout
    assert "an earlier version" in greeting


def test_what_a_newer_version_published_is_not_misread(old_home: Path, home: Path) -> None:
    home.mkdir()
    published = home / "warehouse.duckdb"
    shutil.copyfile(old_home / "warehouse.duckdb", published)
    with closing(duckdb.connect(str(published))) as connection:
        connection.execute("insert into ops.migrations values (9999, 'later', 'x', now()::timestamp)")
    done = carry_out("status", home=home)
    assert done.returncode == 1
    assert "it has schema 9999" in done.stderr
    assert "Update ontherecord" in done.stderr


def test_damaged_file_is_named(home: Path) -> None:
    home.mkdir()
    (home / "writer.duckdb").write_bytes(b"not a database" * 1000)
    with (
        pytest.raises(WarehouseError, match=r"writer\.duckdb is damaged: .*`ontherecord rebuild LANDING`"),
        open_writer(DataDir(home), "test"),
    ):
        pass
