"""Publish: readers and runs never wait for each other, and nothing wrong is published."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from runs import article, rows, run

from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import CheckFailed, WarehouseError
from ontherecord.warehouse.publish import has_unpublished_change, publish, run_checks

CLIENT = Path(sys.executable).parent / "duckdb"


def test_reader_that_stays_open_keeps_its_copy_while_runs_publish(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, home)
    reader = subprocess.Popen(
        [CLIENT, "-readonly", "-csv", "-noheader", home / "warehouse.duckdb"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdin
    assert reader.stdout

    def count() -> int:
        assert reader.stdin
        assert reader.stdout
        reader.stdin.write("select count(*) from articles;\n")
        reader.stdin.flush()
        return int(reader.stdout.readline())

    try:
        assert count() == 1
        for number in range(3):
            (landing / f"more {number}.txt").write_text(article(title=f"Number {number}"))
            assert run(landing, home).published
            assert count() == 1
            assert rows(home, "select count(*) from articles") == [(number + 2,)]
    finally:
        reader.communicate(timeout=10)


def test_published_file_is_read_only_and_alone(samples: Path) -> None:
    published = samples / "warehouse.duckdb"
    assert stat.S_IMODE(published.stat().st_mode) == 0o444
    assert [p.name for p in samples.glob(".warehouse*")] == []
    assert [p.name for p in samples.glob("*.wal") if p.exists()] == []


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        ("update quotes set char_start = char_start + 1", "quote_offsets_match_text"),
        ("update ops.runs set landed_count = landed_count + 1", "landed_counts_add_up"),
    ],
)
def test_nothing_is_published_when_a_check_fails(landing: Path, home: Path, damage: str, check: str) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, home)
    before = (home / "warehouse.duckdb").read_bytes()
    with duckdb.connect(str(home / "writer.duckdb")) as writer:
        writer.execute(damage)
        writer.execute("update ops.warehouse set change_no = change_no + 1")
    (landing / "b.txt").write_text(article(title="Second"))
    with pytest.raises(CheckFailed, match=rf"{check}: 1 row, "):
        run(landing, home)
    assert (home / "warehouse.duckdb").read_bytes() == before
    assert [p.name for p in home.glob(".warehouse*")] == []
    with duckdb.connect(str(home / "writer.duckdb")) as writer:
        states = writer.execute("select state from ops.runs order by started_at").fetchall()
    assert states == [("completed",), ("failed",)]


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        ("update mentions set char_end = char_end + 1 where mention_no = 0", "mention_offsets_match_text"),
        ("update quotes set speaker_start = speaker_start + 1", "quote_offsets_match_text"),
        ("update quotes set cue_end = cue_end + 1", "quote_offsets_match_text"),
        ("insert into quotes from quotes limit 1", "numbers_are_unique_per_article"),
        ("delete from articles", "every_mention_and_quote_has_an_article"),
        ("delete from articles", "every_loaded_delivery_is_an_article"),
        ("delete from ops.deliveries", "every_loaded_delivery_is_an_article"),
        ("delete from entities where kind = 'person'", "every_speaker_and_mention_has_an_entity"),
        ("insert into entities by name select 1 as entity_id, 'x' as name, 'person' as kind, [] as aliases, "
         "today() as first_seen_on, today() as last_seen_on",
         "every_speaker_and_mention_has_an_entity"),
        ("update ops.deliveries set is_current = false", "every_path_has_one_current_delivery"),
        ("update ops.deliveries set article_id = 1 where status = 'loaded'",
         "every_delivery_has_its_article"),
        ("delete from ops.quarantine", "every_quarantined_delivery_has_a_reason"),
        ("update ops.runs set landed_count = landed_count + 1", "landed_counts_add_up"),
    ],
)  # fmt: skip
def test_checks_find_damage(damaged: Path, damage: str, check: str) -> None:
    with duckdb.connect(str(damaged)) as connection:
        assert [r for r in run_checks(connection) if r.row_count] == []
        connection.execute("begin")
        connection.execute(damage)
        found = {r.name for r in run_checks(connection) if r.row_count}
        connection.execute("rollback")
    assert check in found


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a writer's file with an article and a quarantined file, to be damaged in transactions."""
    folder = tmp_path_factory.mktemp("damaged")
    landing = folder / "landing"
    landing.mkdir()
    (landing / "a.txt").write_text(article())
    (landing / "b.txt").write_text("")
    run(landing, folder / "home")
    return folder / "home" / "writer.duckdb"


def test_lost_published_file_is_made_again(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, home)
    (home / "warehouse.duckdb").unlink()
    assert run(landing, home).published
    assert rows(home, "select count(*) from quotes") == [(1,)]


def test_change_that_was_loaded_but_not_published_is_published_by_the_next_run(
    landing: Path, home: Path
) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, home)
    old = (home / "warehouse.duckdb").read_bytes()
    (landing / "b.txt").write_text(article(title="Second"))
    run(landing, home)
    (home / "warehouse.duckdb").unlink()
    (home / "warehouse.duckdb").write_bytes(old)  # as if the run had died before its rename
    assert run(landing, home).published
    assert rows(home, "select count(*) from articles") == [(2,)]


def test_damaged_published_file_is_named_and_made_again(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, home)
    (home / "warehouse.duckdb").unlink()
    (home / "warehouse.duckdb").write_bytes(b"not a database" * 1000)
    from ontherecord.warehouse.publish import check

    with pytest.raises(WarehouseError, match=r"warehouse\.duckdb cannot be opened"):
        check(DataDir(home))
    with open_writer(DataDir(home), "test") as engine:
        assert has_unpublished_change(engine, DataDir(home))
        publish(engine, DataDir(home))
        assert not has_unpublished_change(engine, DataDir(home))
    assert [r for r in check(DataDir(home)) if r.row_count] == []
