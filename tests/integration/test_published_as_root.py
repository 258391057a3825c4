"""The published file and root, whom its mode does not stop: what one session writes harms no reader."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest
from runs import article, rows, run

from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.flows.recovery.doctor.examine import examine
from ontherecord.warehouse import publish as publishing
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import wal_of
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.foreign_wal import foreign_wal, shut_out_wal
from ontherecord.warehouse.publish import check, publish

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="the file's mode stops everybody but root")

# A session that does a statement at each line that it is given, and says how that went.
SESSION = """
import sys
import duckdb

connection = duckdb.connect(sys.argv[1])
print("open", flush=True)
for statement in sys.stdin:
    try:
        connection.execute(statement)
        print("done", flush=True)
    except duckdb.Error as error:
        print(f"{error}".splitlines()[0], flush=True)
"""
WRITE = "delete from quotes"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish one article; give a folder with landing and home."""
    folder = tmp_path_factory.mktemp("published")
    (folder / "landing").mkdir()
    (folder / "landing" / "a.txt").write_text(article())
    run(folder / "landing", folder / "home")
    return folder


@pytest.fixture
def home(published: Path, tmp_path: Path) -> Path:
    shutil.copytree(published, tmp_path / "own", symlinks=True)
    return tmp_path / "own" / "home"


@contextmanager
def session(home: Path) -> Iterator[Any]:
    """Open the published file for writing in another process, which is killed in the end."""
    with subprocess.Popen(
        [sys.executable, "-c", SESSION, str(home / "warehouse.duckdb")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout

        def ask(statement: str) -> str:
            process.stdin.write(f"{statement}\n")
            process.stdin.flush()
            return process.stdout.readline().strip()

        try:
            assert process.stdout.readline() == "open\n"
            yield ask
        finally:
            process.kill()


def unprotected(home: Path) -> Path:
    """Give a home as an earlier version published it."""
    wal_of(home / "warehouse.duckdb").unlink()
    return home


def again(home: Path) -> tuple[Path, ...]:
    with open_writer(DataDir(home), "test") as engine:
        return publish(engine, DataDir(home))


def test_nothing_can_be_committed_to_what_is_published(home: Path) -> None:
    file = home / "warehouse.duckdb"
    before = file.read_bytes()
    with closing(duckdb.connect(str(file))) as connection:
        for statement in (WRITE, "create table own as from quotes", "drop view mart.who_said_what"):
            with pytest.raises(duckdb.TransactionException, match="Failed to commit"):
                connection.execute(statement)
    assert file.read_bytes() == before
    assert rows(home, "select count(*) from quotes") == [(1,)]


def test_wal_of_a_killed_session_is_told_of_and_moved_aside(home: Path) -> None:
    with session(unprotected(home)) as ask:
        assert ask(WRITE) == "done"
    with pytest.raises(WarehouseError, match=r"for writing .* is in warehouse\.duckdb\.wal\. .* next run"):
        check(DataDir(home))
    result = run(home.parent / "landing", home)
    [aside] = result.moved_aside
    assert aside.name.startswith("warehouse.duckdb.wal.broken-")
    assert aside.stat().st_size
    assert f"kept in {aside.name}; nothing of it is in the archive" in result.summary()
    assert result.to_dict()["moved_aside"] == [aside.name]
    assert rows(home, "select count(*) from quotes") == [(1,)]
    [note] = [finding for finding in examine(home) if finding.check == "opened for writing"]
    assert aside.name in note.what


@pytest.mark.parametrize("has_wal", [True, False])
def test_session_that_stays_open_harms_no_later_publish(home: Path, has_wal: bool) -> None:
    with session(unprotected(home)) as ask:
        assert ask(WRITE if has_wal else "select 1") == "done"
        if not has_wal:
            with pytest.raises(WarehouseError, match=r"somebody has it open for writing .*PID"):
                check(DataDir(home))
        assert len(again(home)) == has_wal
        assert rows(home, "select count(*) from quotes") == [(1,)]
        assert ("Failed to commit" in ask(WRITE)) != has_wal  # with one, it goes on in the moved file
        assert rows(home, "select count(*) from quotes") == [(1,)]
    assert not foreign_wal(home / "warehouse.duckdb")
    assert rows(home, "select count(*) from quotes") == [(1,)]


def test_file_that_no_reader_could_open_is_not_left_in_place(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody opens the new file for writing as soon as it is there."""
    before, opened = (home / "warehouse.duckdb").read_bytes(), []
    replace = publishing.atomic_replace

    def opened_at_once(draft: Path, file: Path) -> None:
        replace(draft, file)
        if not opened:
            opened.append(session(home))
            opened[0].__enter__()

    monkeypatch.setattr(publishing, "atomic_replace", opened_at_once)
    with pytest.raises(WarehouseError, match=r"cannot be opened by readers: .*PID.* is in place"):
        again(home)
    opened[0].__exit__(None, None, None)
    assert (home / "warehouse.duckdb").read_bytes() == before
    assert [file.name for file in home.glob(".warehouse*")] == []
    assert again(home) == ()


def test_wal_that_cannot_be_shut_out_is_moved_aside_each_time(tmp_path: Path) -> None:
    """Each keeps its own name, within one second too."""
    for _ in range(3):
        wal = wal_of(tmp_path / "warehouse.duckdb")
        wal.unlink(missing_ok=True)
        wal.write_bytes(b"x")
        assert len(shut_out_wal(tmp_path / "warehouse.duckdb")) == 1
    assert len(list(tmp_path.glob("*.broken-*"))) == 3
    assert shut_out_wal(tmp_path / "warehouse.duckdb") == ()
