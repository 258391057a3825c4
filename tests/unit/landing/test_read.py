"""Read: a file whole and of one moment, or not at all."""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import pytest
from powers import without_power_over_files

from ontherecord.flows.landing.folder import list_landing
from ontherecord.flows.landing.read import KEPT_BYTES, MAX_BYTES, read
from ontherecord.warehouse.errors import BadDelivery, FileChanged
from ontherecord.warehouse.records import LandedFile, RawFile

OPEN_FILES = Path("/proc/self/fd")


@pytest.fixture
def landed(tmp_path: Path) -> LandedFile:
    (tmp_path / "a.txt").write_bytes(b"The cat is back.")
    (found,) = list_landing(tmp_path)
    return found


def test_a_file_is_read_whole_with_the_hash_of_its_bytes(landed: LandedFile) -> None:
    content = b"The cat is back."
    assert read(landed) == RawFile(landed, content, hashlib.sha256(content).hexdigest())


def test_an_empty_file_is_read_as_one(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    (found,) = list_landing(tmp_path)
    assert read(found).content == b""


def test_a_file_that_went_away_is_left_to_the_next_run(landed: LandedFile) -> None:
    landed.file.unlink()
    with pytest.raises(FileChanged, match=r"a\.txt"):
        read(landed)


def _grow(file: Path) -> None:
    with file.open("ab") as f:
        f.write(b" It is well.")


def _keep_the_size(file: Path) -> None:
    file.write_bytes(b"The cat is gone.")
    os.utime(file, ns=(0, 1))


def _keep_the_time(file: Path) -> None:
    before = file.stat()
    file.write_bytes(b"The cat")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def _put_another_file_there(file: Path) -> None:
    other = file.with_name("b")
    other.write_bytes(b"Another cat is back.")
    other.replace(file)


@pytest.mark.parametrize("change", [_grow, _keep_the_size, _keep_the_time, _put_another_file_there])
def test_a_file_that_changed_since_it_was_listed_is_left_to_the_next_run(
    landed: LandedFile, change: Callable[[Path], None]
) -> None:
    change(landed.file)
    with pytest.raises(FileChanged, match=r"a\.txt changed"):
        read(landed)


def _link(file: Path) -> None:
    copy = file.with_name("b")
    file.rename(copy)
    file.symlink_to(copy)


def _socket(file: Path) -> None:
    file.unlink()
    with chdir(file.parent), socket.socket(socket.AF_UNIX) as listener:
        listener.bind(file.name)  # a socket's path must be short


def _pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("replace", [_link, _pipe, _folder, _socket])
def test_what_took_the_place_of_a_file_is_not_read_or_waited_for(
    landed: LandedFile, replace: Callable[[Path], None]
) -> None:
    replace(landed.file)
    with pytest.raises(FileChanged, match="no longer a regular file"):
        read(landed)


def test_a_file_whose_folder_became_a_file_is_left_to_the_next_run(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/a.txt").write_text("x")
    (found,) = list_landing(tmp_path)
    found.file.unlink()
    (tmp_path / "sub").rmdir()
    (tmp_path / "sub").write_text("x")
    with pytest.raises(FileChanged):
        read(found)


@pytest.mark.parametrize("swapped", ["2016", "2016/03"])
def test_a_folder_that_became_a_link_is_not_followed(tmp_path: Path, swapped: str) -> None:
    for root in ("landing", "outside"):
        file = tmp_path / root / "2016/03/a.txt"
        file.parent.mkdir(parents=True)
        file.write_text(root.center(10))
        os.utime(file, ns=(0, 1))
    (found,) = list_landing(tmp_path / "landing")
    (tmp_path / "landing" / swapped).rename(tmp_path / "aside")
    (tmp_path / "landing" / swapped).symlink_to(tmp_path / "outside" / swapped)
    with pytest.raises(FileChanged, match="no longer a regular file"):
        read(found)
    assert list(list_landing(tmp_path / "landing")) == []


def test_a_folder_that_becomes_a_link_while_it_is_listed_is_not_followed(tmp_path: Path) -> None:
    for name in ("landing/a.txt", "landing/sub/b.txt", "outside/c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    listing = list_landing(tmp_path / "landing")
    assert next(listing).source_path == "a.txt"
    (tmp_path / "landing/sub").rename(tmp_path / "aside")
    (tmp_path / "landing/sub").symlink_to(tmp_path / "outside")
    assert list(listing) == []


def test_a_root_that_is_a_link_is_followed_as_the_user_named_it(landed: LandedFile, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(landed.file.parent)
    (found,) = list_landing(tmp_path / "link")
    assert read(found).content == read(landed).content


def test_a_file_that_somebody_has_open_for_writing_is_left_to_the_next_run(landed: LandedFile) -> None:
    with landed.file.open("ab"), pytest.raises(FileChanged, match="still being written"):
        read(landed)
    assert read(landed).content == b"The cat is back."


def test_a_change_right_after_a_file_was_read_shows_in_the_next_listing(tmp_path: Path) -> None:
    for _ in range(10):
        (tmp_path / "a.txt").write_text("cat")
        (before,) = list_landing(tmp_path)
        read(before)
        (tmp_path / "a.txt").write_text("dog")
        (after,) = list_landing(tmp_path)
        assert after.modified_ns != before.modified_ns


@pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="this system does not list a process's open files")
@pytest.mark.parametrize("change", [_grow, _pipe, _folder])
def test_a_file_that_is_left_is_not_left_open(landed: LandedFile, change: Callable[[Path], None]) -> None:
    change(landed.file)
    before = len(list(OPEN_FILES.iterdir()))
    with pytest.raises(FileChanged):
        read(landed)
    assert len(list(OPEN_FILES.iterdir())) == before


def test_a_file_too_large_to_hold_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(KEPT_BYTES + 1)  # a hole: it takes no room
    (found,) = list_landing(tmp_path)
    with pytest.raises(BadDelivery) as caught:
        read(found)
    (failure,) = caught.value.failures
    assert (failure.rule, failure.value) == ("too_large", "200,000,001 bytes")
    assert f"{MAX_BYTES:,}" in failure.message


def test_a_file_that_may_not_be_read_is_refused_with_the_reason(landed: LandedFile) -> None:
    landed.file.chmod(0)
    with without_power_over_files(), pytest.raises(BadDelivery) as caught:
        read(landed)
    assert [(f.rule, f.value) for f in caught.value.failures] == [("unreadable", "Permission denied")]
