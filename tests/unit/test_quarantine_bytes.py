"""Quarantine's bytes: kept whole, once, under a name that no sender can choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.quarantine import store_bytes, stored_file
from ontherecord.warehouse.records import RawFile

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
