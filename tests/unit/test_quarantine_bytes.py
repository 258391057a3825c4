"""Quarantine's bytes: kept whole, once, under a name that no sender can choose."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.disk_space import clear_leftovers
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.quarantine_bytes import (
    all_bytes,
    count_kept,
    in_rows,
    read_bytes,
    remove_bytes,
    store_bytes,
    stored_file,
)
from ontherecord.warehouse.records import InFile, RawFile

Raw = Callable[[str | bytes], RawFile]


@pytest.fixture
def home(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path)


def _files(home: DataDir) -> list[Path]:
    return [path for path in home.folder.rglob("*") if path.is_file()]


def _store(home: DataDir, raw: RawFile) -> Path:
    store_bytes(home, [raw])
    return stored_file(home, raw.content_sha256)


def test_bytes_are_kept_as_they_were_delivered(home: DataDir, raw_file: Raw) -> None:
    content = bytes(range(256)) + b"\r\n\x00"
    kept = _store(home, raw_file(content))
    assert kept.read_bytes() == content
    assert _files(home) == [kept]


def test_they_are_found_by_their_hash(home: DataDir, raw_file: Raw) -> None:
    raw = raw_file("a")
    assert _store(home, raw).is_file()
    assert _store(home, raw).name == raw.content_sha256


@pytest.mark.parametrize("path", ["../../../etc/passwd", "/etc/passwd", "a\nb.txt", "x" * 5000])
def test_the_senders_name_has_no_say_in_the_place(home: DataDir, raw_file: Raw, path: str) -> None:
    raw = raw_file("a")
    hostile = replace(raw, landed=replace(raw.landed, source_path=path, file=Path(path)))
    kept = _store(home, hostile)
    assert kept == _store(home, raw)
    assert kept.is_relative_to(home.quarantine)


def test_the_same_bytes_are_kept_once(home: DataDir, raw_file: Raw) -> None:
    kept = _store(home, raw_file("a"))
    before = kept.stat()
    assert _store(home, raw_file("a")) == kept
    assert (kept.stat().st_ino, kept.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert len(_files(home)) == 1


def test_other_bytes_are_kept_beside_them(home: DataDir, raw_file: Raw) -> None:
    assert {_store(home, raw_file(content)).read_bytes() for content in ("a", "b", b"")} == {
        b"a",
        b"b",
        b"",
    }
    assert len(_files(home)) == 3


def test_those_of_a_whole_batch_are_kept_and_no_draft_stays(home: DataDir, raw_file: Raw) -> None:
    raws = [raw_file(f"row {number % 300}") for number in range(600)]
    store_bytes(home, raws)
    assert len(_files(home)) == 300
    assert all(stored_file(home, raw.content_sha256).read_bytes() == raw.content for raw in raws)


def test_what_a_killed_process_left_half_written_is_not_taken_for_the_bytes(
    home: DataDir, raw_file: Raw
) -> None:
    raw = raw_file("whole")
    draft = stored_file(home, raw.content_sha256).with_suffix(".999999999")
    draft.parent.mkdir(parents=True)
    draft.write_bytes(b"wh")
    assert _store(home, raw).read_bytes() == b"whole"


@pytest.fixture
def row(raw_file: Raw) -> Raw:
    """Make an article of a file with many."""

    def make(content: str | bytes) -> RawFile:
        raw = raw_file(content)
        return replace(raw, landed=replace(raw.landed, in_file=InFile("week.csv", "", 1)))

    return make


def test_rows_are_kept_in_one_file(home: DataDir, row: Raw) -> None:
    rows = [row(f"row {number % 300}") for number in range(600)]
    store_bytes(home, rows)
    store_bytes(home, rows)
    assert _files(home) == [home.quarantined_rows]
    assert {read_bytes(home, raw.content_sha256) for raw in rows} == {raw.content for raw in rows}
    assert len(list(all_bytes(home))) == 300


def test_a_large_article_of_a_file_with_many_is_kept_as_a_file(home: DataDir, row: Raw) -> None:
    large = row("x" * 100_001)
    store_bytes(home, [large, row("x")])
    assert {*_files(home)} == {stored_file(home, large.content_sha256), home.quarantined_rows}
    assert dict(all_bytes(home))[large.content_sha256] == large.content


def test_bytes_of_rows_and_files_are_removed_and_overwritten(home: DataDir, raw_file: Raw, row: Raw) -> None:
    kept = [row(f"row that stays {number}") for number in range(50)]
    gone = [row("SECRET-OF-A-ROW"), raw_file("SECRET-OF-A-FILE")]
    store_bytes(home, [*kept, *gone])
    wanted = [raw.content_sha256 for raw in gone]
    assert count_kept(home, [*wanted, "0" * 64]) == 2
    assert remove_bytes(home, [*wanted, *wanted, "0" * 64]) == 2
    assert count_kept(home, wanted) == 0
    assert [read_bytes(home, content) for content in wanted] == [None, None]
    assert len(list(all_bytes(home))) == 50
    assert not any(b"SECRET" in file.read_bytes() for file in _files(home))


def test_the_file_of_rows_shrinks_when_most_of_them_are_removed(home: DataDir, row: Raw) -> None:
    rows = [row(f"{number} " + "x" * 5_000) for number in range(200)]
    store_bytes(home, rows)
    before = home.quarantined_rows.stat().st_size
    remove_bytes(home, [raw.content_sha256 for raw in rows[10:]])
    assert home.quarantined_rows.stat().st_size < before / 5
    assert {content for content, _ in all_bytes(home)} == {raw.content_sha256 for raw in rows[:10]}


def test_a_home_without_rows_gets_no_file_by_being_asked(home: DataDir) -> None:
    assert read_bytes(home, "0" * 64) is None
    assert list(all_bytes(home)) == []
    assert remove_bytes(home, ["0" * 64]) == 0
    assert not home.quarantine.exists()


def test_rows_that_a_killed_process_was_writing_are_undone(home: DataDir, row: Raw) -> None:
    store_bytes(home, [row("before")])
    killed = subprocess.run([sys.executable, "-c", _KILLED_WRITING, home.quarantined_rows], check=False)
    assert killed.returncode == -signal.SIGKILL
    journal = home.quarantine / "rows.sqlite-journal"
    assert journal.exists()
    with pytest.raises(WarehouseError, match="was killed while writing"):
        list(all_bytes(home))
    clear_leftovers(home)
    assert not journal.exists()
    assert [content for _, content in all_bytes(home)] == [b"before"]


# A cache of few pages, so that rows are written to the file before they are committed.
_KILLED_WRITING = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("pragma cache_size = 2")
rows = ((bytes([n]) * 32, bytes(20_000)) for n in range(99))
connection.executemany("insert into rows values (?, ?)", rows)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_damaged_file_of_rows_is_named_with_what_to_do(home: DataDir, row: Raw) -> None:
    store_bytes(home, [row("a")])
    home.quarantined_rows.write_bytes(b"no SQLite file, whatever its name says" * 100)
    for use in (
        lambda: read_bytes(home, "0" * 64),
        lambda: store_bytes(home, [row("b")]),
        lambda: in_rows(home).contents(),
    ):
        with pytest.raises(WarehouseError, match="doctor --fix"):
            use()
