"""Compact: the writer's file is written anew where that makes it much smaller, with the same rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from runs import QuietRunner, article, contents, rows, run

from ontherecord.flows.maintain import maintain
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse import compact
from ontherecord.warehouse.compact import compact_writer
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import free_space
from ontherecord.warehouse.errors import WarehouseError


def leave_room(file: Path) -> None:
    """Fill a warehouse file with what is deleted again, and something behind it that stays."""
    with duckdb.connect(str(file)) as connection:
        connection.execute("create table filling as select uuid()::varchar as word from range(500000)")
        connection.execute("checkpoint")
        connection.execute("create table behind_it as select uuid()::varchar as word from range(50000)")
        connection.execute("checkpoint")
        connection.execute("drop table filling")
        connection.execute("checkpoint")
        assert free_space(connection).free_share > 0.5


def test_maintain_writes_a_file_with_much_room_anew(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, home)
    before = contents(home)
    leave_room(home / "writer.duckdb")
    size = (home / "writer.duckdb").stat().st_size
    mode = (home / "writer.duckdb").stat().st_mode
    upkeep = maintain(load_settings(home=home), QuietRunner())
    assert upkeep.saved_bytes > size / 2
    assert (home / "writer.duckdb").stat().st_mode == mode
    assert maintain(load_settings(home=home), QuietRunner()).saved_bytes == 0
    (landing / "b.txt").write_text(article(title="Second"))
    run(landing, home)
    assert contents(home) != before
    (landing / "b.txt").unlink()
    assert rows(home, "select count(*) from articles") == [(2,)]
    assert sorted(p.name for p in home.glob(".*")) == []


def test_old_file_stays_when_its_copy_has_other_rows(
    landing: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, home)
    leave_room(home / "writer.duckdb")
    old = (home / "writer.duckdb").read_bytes()
    copied = compact.copy_database

    def copy_and_lose(file: Path, draft: Path) -> None:
        copied(file, draft)
        with duckdb.connect(str(draft)) as connection:
            connection.execute("delete from quotes")

    monkeypatch.setattr(compact, "copy_database", copy_and_lose)  # what a fault of the disk may do
    with pytest.raises(WarehouseError, match="the file was left unchanged"):
        compact_writer(DataDir(home))
    assert (home / "writer.duckdb").read_bytes() == old
    assert sorted(p.name for p in home.glob(".*")) == []


@pytest.mark.slow
@pytest.mark.parametrize("makes_ready", [leave_room, lambda file: compact_writer(DataDir(file.parent))])
def test_what_is_published_is_compact_and_has_the_writers_rows(
    landing: Path, home: Path, makes_ready: Callable[[Path], object]
) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, home)
    makes_ready(home / "writer.duckdb")
    (landing / "b.txt").write_text(article(title="Second"))
    run(landing, home)
    assert (home / "warehouse.duckdb").stat().st_size < 10_000_000  # twenty are room
    with duckdb.connect(str(home / "writer.duckdb"), read_only=True) as writer:
        loaded = writer.sql("from articles order by all").fetchall()
    assert rows(home, "from articles order by all") == loaded
    assert len(loaded) == 2
