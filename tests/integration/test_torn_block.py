"""A block of DuckDB's metadata that a killed process had written half is completed; other damage is not."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from commands import carry_out
from runs import article, rows, run

from ontherecord.warehouse.database import wal_of
from ontherecord.warehouse.spare import BLOCK, HEADERS
from ontherecord.warehouse.torn_block import mend_torn_block

# Pages of a block that were written before the kill.
PARTS = (1, 2, 4)


@pytest.fixture
def writer(tmp_path: Path) -> Path:
    """Return a writer's file with a WAL, as a kill before a checkpoint leaves it.

    As the checkpoint would have made it, it is the file `after` beside the home.
    """
    landing, home = tmp_path / "landing", tmp_path / "home"
    landing.mkdir()
    for number in range(4):
        (landing / f"{number}.txt").write_text(article(title=f"Title {number}"))
    run(landing, home)
    writer = home / "writer.duckdb"
    with closing(duckdb.connect(str(writer))) as connection:
        # What a run leaves: rows changed, committed and in the WAL.
        connection.execute("create table one as select range as n from range(300000); checkpoint")
        connection.execute("create table two as from one; checkpoint; delete from one where n % 3 = 0")
        connection.execute("update two set n = n + 1 where n < 1000")
        for file in (writer, wal_of(writer)):
            shutil.copy(file, tmp_path / file.name)
        connection.execute("checkpoint")
    shutil.copy(writer, tmp_path / "after")
    for file in (writer, wal_of(writer)):
        shutil.copy(tmp_path / file.name, file)
    return writer


def _torn(writer: Path, pages: int) -> list[int]:
    """Return the blocks of metadata that are torn if only these first pages are written."""
    after = (writer.parent.parent / "after").read_bytes()
    before = writer.read_bytes()
    with closing(duckdb.connect(str(writer.parent.parent / "after"), read_only=True)) as connection:
        numbers = [n for (n,) in connection.execute("select block_id from pragma_metadata_info()").fetchall()]
    return [
        number
        for number in numbers
        if (at := HEADERS + number * BLOCK) + BLOCK <= len(before)
        and before[at : at + 4096 * pages] != after[at : at + 4096 * pages]
        and before[at + 4096 * pages : at + BLOCK] != after[at + 4096 * pages : at + BLOCK]
    ]


def _write(file: Path, at: int, content: bytes) -> None:
    with open(file, "r+b") as opened:
        opened.seek(at)
        opened.write(content)


def _counts(file: Path) -> list[tuple[int, ...]]:
    with closing(duckdb.connect(str(file))) as connection:
        return connection.execute(
            "select (select count(*) from one), (select sum(n) from two), (select count(*) from articles)"
        ).fetchall()


@pytest.mark.parametrize("pages", PARTS)
def test_a_torn_block_is_completed_with_all_that_was_committed(writer: Path, pages: int) -> None:
    after = (writer.parent.parent / "after").read_bytes()
    number, *_ = _torn(writer, pages)
    at = HEADERS + number * BLOCK
    _write(writer, at, after[at : at + 4096 * pages])
    with pytest.raises(duckdb.Error, match="checksum"):
        _counts(writer)
    torn = writer.read_bytes()
    assert mend_torn_block(writer, only_look=True) == number
    assert writer.read_bytes() == torn
    assert mend_torn_block(writer) == number
    assert _counts(writer) == [(200000, 44999850000 + 1000, 4)]
    assert not list(writer.parent.glob(".checkpoint.*"))


def test_the_next_run_mends_and_doctor_says_so(writer: Path) -> None:
    home, landing = writer.parent, writer.parent.parent / "landing"
    after = (home.parent / "after").read_bytes()
    (number, *_) = _torn(writer, 1)
    at = HEADERS + number * BLOCK
    _write(writer, at, after[at : at + 4096])
    said = carry_out("doctor", home=home).stdout
    assert (
        f"A killed process had written block {number} of writer.duckdb half. The next run fixes"
        in " ".join(said.split())
    )
    (landing / "5.txt").write_text(article(title="Title 5"))
    assert run(landing, home).published
    assert rows(home, "select count(*) from articles") == [(5,)]
    assert f"block {number} of writer.duckdb half: mended" in (home / "logs/ontherecord.log").read_text()


def test_other_damage_is_left(writer: Path) -> None:
    sound = writer.read_bytes()
    with closing(duckdb.connect(str(writer.parent.parent / "after"), read_only=True)) as connection:
        (block,) = connection.execute(
            "select block_id from pragma_storage_info('one') where block_id >= 0 limit 1"
        ).fetchone()
    of_row = HEADERS + block * BLOCK + 10_000
    of_header, of_both_headers = [4096 + 40], [4096 + 40, 8192 + 40]
    for places in ([of_row], of_header, of_both_headers):
        damaged = bytearray(sound)
        for place in places:
            damaged[place] ^= 255
        writer.write_bytes(damaged)
        assert mend_torn_block(writer) is None
        assert writer.read_bytes() == damaged


@pytest.mark.parametrize("is_there", [False, True], ids=["none", "an empty one"])
def test_nothing_is_done_without_a_wal(writer: Path, is_there: bool) -> None:
    after = (writer.parent.parent / "after").read_bytes()
    (number, *_) = _torn(writer, 1)
    at = HEADERS + number * BLOCK
    _write(writer, at, after[at : at + 4096])
    wal_of(writer).unlink()
    if is_there:
        wal_of(writer).touch()
    torn = writer.read_bytes()
    assert mend_torn_block(writer) is None
    assert writer.read_bytes() == torn
