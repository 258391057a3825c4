"""Discover: what counts as landed, in which order, and what is known already."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from powers import without_power_over_files

from ontherecord.flows.landing.discover import discover, discover_at
from ontherecord.flows.landing.folder import _as_text, list_landing
from ontherecord.warehouse.errors import LandingError
from ontherecord.warehouse.records import LandedFile, LedgerEntry


def _write(landing: Path, *names: str) -> None:
    for name in names:
        file = landing / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)


def _found(landing: Path) -> list[str]:
    return [landed.source_path for landed in discover(landing, {}).to_read]


def _seen(landed: LandedFile) -> LedgerEntry:
    return LedgerEntry("0" * 64, landed.bytes, landed.modified_ns, "loaded")


def test_files_are_found_at_any_depth_with_their_size_and_time(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt", "2015/03/b.txt")
    os.utime(tmp_path / "a.txt", ns=(0, 1_425_979_800_123_456_789))
    a, b = discover(tmp_path, {}).to_read
    assert a == LandedFile("a.txt", tmp_path / "a.txt", 5, 1_425_979_800_123_456_789)
    assert (b.source_path, b.file.read_text()) == ("2015/03/b.txt", "2015/03/b.txt")


def test_the_order_is_by_folder_then_shorter_names_first(tmp_path: Path) -> None:
    names = ["b.txt", "aa.txt", "aa (copy).txt", "sub/a.txt", "sub/deeper/a.txt", "tub/a.txt"]
    _write(tmp_path, *reversed(names))
    assert _found(tmp_path) == names


def test_hidden_temporary_and_other_files_are_left_out(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt", "file with blanks: ünïcode.txt")
    _write(
        tmp_path,
        ".a.txt",
        ".a.txt.swp",
        "~$a.txt",
        "#a.txt#",
        "#a.txt",
        "a.txt~",
        "a.txt.part",
        "a.log",
        "txt",
    )
    _write(tmp_path, ".git/a.txt", "~trash/a.txt", "txt.txt.d/readme")
    assert _found(tmp_path) == ["a.txt", "file with blanks: ünïcode.txt"]


def test_a_folder_named_like_a_file_is_a_folder(tmp_path: Path) -> None:
    _write(tmp_path, "odd.txt/a.txt")
    assert _found(tmp_path) == ["odd.txt/a.txt"]


def test_symbolic_links_are_not_followed(tmp_path: Path) -> None:
    landing, outside = tmp_path / "landing", tmp_path / "outside"
    _write(landing, "sub/a.txt")
    _write(outside, "secret.txt")
    (landing / "file-outside.txt").symlink_to(outside / "secret.txt")
    (landing / "file-inside.txt").symlink_to(landing / "sub/a.txt")
    (landing / "folder-outside").symlink_to(outside)
    (landing / "folder-inside").symlink_to(landing / "sub")
    (landing / "sub/loop").symlink_to(landing)
    (landing / "self.txt").symlink_to(landing / "self.txt")
    (landing / "nowhere.txt").symlink_to(landing / "gone.txt")
    assert _found(landing) == ["sub/a.txt"]


def test_the_landing_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    _write(tmp_path / "there", "a.txt")
    (tmp_path / "here").symlink_to(tmp_path / "there")
    assert _found(tmp_path / "here") == ["a.txt"]


def test_pipes_and_sockets_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    _write(tmp_path, "a.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.txt")
        assert _found(tmp_path) == ["a.txt"]


NAMES = (
    b"-rf.txt",
    b"a b  c.txt",
    b"a..txt",
    b"two\nlines.txt",
    b"\ttab\x1b[31m.txt",
    b"'); drop table articles; --.txt",
    b"<script>.txt",
    b"=cmd|' .txt",
    b'"quoted".txt',
    b"back\\slash.txt",
    "ünïcode: 東京.txt".encode(),
    b"x" * 251 + b".txt",
    b"UPPER.TXT",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_any_kind_is_kept_as_it_is(tmp_path: Path, name: bytes) -> None:
    (tmp_path / os.fsdecode(name)).write_text("x")
    (landed,) = list_landing(tmp_path)
    assert landed.source_path == name.decode()
    assert landed.file.read_text() == "x"


NO_UTF_8 = {
    b"caf\xe9.txt": "caf\\xe9.txt",
    b"caf\\xe9.txt": "caf\\x5cxe9.txt",
    b"caf\\x5cxe9.txt": "caf\\x5cx5cxe9.txt",
    b"\x80.txt": "\\x80.txt",
    b"\x81.txt": "\\x81.txt",
    b"\\\x80.txt": "\\\\x80.txt",
    b"\\\\x80.txt": "\\\\x5cx80.txt",
    b"\xc3\xa9\xc3.txt": "é\\xc3.txt",
    "e\u0301.txt".encode(): "e\u0301.txt",
    "\u00e9.txt".encode(): "\u00e9.txt",
}


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no such file names")
def test_names_that_are_no_utf_8_get_each_a_path_of_its_own_that_can_be_stored(tmp_path: Path) -> None:
    for name in NO_UTF_8:
        (tmp_path / os.fsdecode(name)).write_bytes(name)
    found = {landed.file.read_bytes(): landed.source_path for landed in discover(tmp_path, {}).to_read}
    assert found == NO_UTF_8


@given(
    st.sets(
        st.lists(st.sampled_from([b"\\", b"x", b"8", b"0", b"5", b"c", b"\x80", b"\xc3"]), min_size=1).map(
            b"".join
        )
    )
)
def test_no_two_names_come_to_the_same_path(names: set[bytes]) -> None:
    assert len({_as_text(os.fsdecode(name)) for name in names}) == len(names)


def test_the_path_is_relative_however_the_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path, "in/a.txt")
    monkeypatch.chdir(tmp_path)
    for landing in (Path(), Path("in/.."), Path(f"{tmp_path}/")):
        assert _found(landing) == ["in/a.txt"]


def test_what_the_ledger_knows_by_size_and_time_is_unchanged(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt", "b.txt", "new.txt")
    ledger = {landed.source_path: _seen(landed) for landed in list_landing(tmp_path)}
    del ledger["new.txt"]
    ledger["gone.txt"] = LedgerEntry("0" * 64, 1, 1, "loaded")
    work = discover(tmp_path, ledger)
    assert [landed.source_path for landed in work.to_read] == ["new.txt"]
    assert (work.unchanged_count, work.landed_count) == (2, 3)


def test_at_named_paths_nothing_else_is_looked_at(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt", "b.txt", "2015/c.txt", "2015/d.txt", "2015/03/e.txt", "2016/f.txt", "a.log")
    _write(tmp_path, ".git/g.txt", "2015/.h.txt")
    (tmp_path / "link.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "folder").symlink_to(tmp_path / "2016")
    asked: list[list[str]] = []

    def look_up(paths: Iterable[str]) -> dict[str, LedgerEntry]:
        asked.append(sorted(paths))
        return {landed.source_path: _seen(landed) for landed in list_landing(tmp_path, only=["a.txt"])}

    at = [
        "a.txt",
        "2015",
        "2015/c.txt",
        "2015/03/e.txt",
        "gone.txt",
        "gone/i.txt",
        ".git/g.txt",
        "2015/.h.txt",
        "link.txt",
        "folder/f.txt",
    ]
    found, ledger = discover_at(at, tmp_path, look_up)
    assert asked == [["2015/03/e.txt", "2015/c.txt", "2015/d.txt", "a.txt"]]
    assert list(ledger) == ["a.txt"]
    assert [f.source_path for f in found.to_read] == ["2015/c.txt", "2015/d.txt", "2015/03/e.txt"]
    assert (found.unchanged_count, found.landed_count) == (1, 4)
    assert found.passed_over.counts == {"hidden or temporary": 1, "link": 1}


def test_files_at_named_paths_are_those_of_the_whole_listing(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt", "b é.txt", "2015/c.txt", "2015/03/e.txt", "back\\slash.txt")
    whole = {landed.source_path: landed for landed in list_landing(tmp_path)}
    paths = [str(landed.file.relative_to(tmp_path)) for landed in whole.values()]
    assert {landed.source_path: landed for landed in list_landing(tmp_path, only=paths)} == whole


def test_another_size_or_time_is_work(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt", "b.txt", "c.txt")
    ledger = {landed.source_path: _seen(landed) for landed in list_landing(tmp_path)}
    before = (tmp_path / "a.txt").stat()
    (tmp_path / "a.txt").write_text("longer than it was")
    os.utime(tmp_path / "a.txt", ns=(before.st_atime_ns, before.st_mtime_ns))
    os.utime(tmp_path / "b.txt", ns=(before.st_atime_ns, before.st_mtime_ns - 1))
    work = discover(tmp_path, ledger)
    assert [landed.source_path for landed in work.to_read] == ["a.txt", "b.txt"]


def test_a_file_to_be_looked_at_again_is_work_whatever_its_time(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt")
    (landed,) = list_landing(tmp_path)
    assert discover(tmp_path, {"a.txt": LedgerEntry("0" * 64, landed.bytes, None, "loaded")}).to_read == (
        landed,
    )


def test_an_empty_folder_is_no_work(tmp_path: Path) -> None:
    work = discover(tmp_path, {})
    assert (work.to_read, work.landed_count) == ((), 0)


def test_a_landing_folder_that_is_missing_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match=r"nowhere does not exist\. Create it"):
        discover(tmp_path / "nowhere", {})


def test_one_file_is_listed_under_its_name_whatever_its_extension(tmp_path: Path) -> None:
    _write(tmp_path, "sub/a.log", "sub/b.txt")
    assert _found(tmp_path / "sub" / "a.log") == ["a.log"]


@pytest.mark.parametrize("mode", [0o000, 0o111, 0o444], ids=["closed", "not listed", "not entered"])
def test_a_closed_folder_inside_is_named_and_keeps_no_other_from_being_listed(
    tmp_path: Path, mode: int
) -> None:
    _write(tmp_path, "a.txt", "closed/b.txt", "open/c.txt")
    (tmp_path / "closed").chmod(mode)
    try:
        with without_power_over_files():
            work = discover(tmp_path, {})
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert [landed.source_path for landed in work.to_read] == ["a.txt", "open/c.txt"]
    assert work.unlistable == ("closed",)


@pytest.mark.parametrize("mode", [0o000, 0o444])
def test_a_closed_landing_folder_is_an_error_that_names_it(tmp_path: Path, mode: int) -> None:
    _write(tmp_path, "landing/a.txt")
    (tmp_path / "landing").chmod(mode)
    try:
        with (
            without_power_over_files(),
            pytest.raises(LandingError, match=r"landing cannot be listed \(Permission denied\)"),
        ):
            discover(tmp_path / "landing", {})
    finally:
        (tmp_path / "landing").chmod(0o700)
