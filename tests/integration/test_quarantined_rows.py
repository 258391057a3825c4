"""Quarantined rows: their bytes are shown, retried, backed up, examined and taken down as files are."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from commands import carry_out
from runs import ARTICLES, article, rows, run

from ontherecord.flows.recovery.doctor.examine import examine
from ontherecord.flows.recovery.doctor.finding import Finding
from ontherecord.warehouse.backup import back_up, restore
from ontherecord.warehouse.data_dir import DataDir

_TEXT = '"""We sail at nine,"" captain Ida Brandt said on Monday of the {name}. Nobody had asked for it."'
_NAMES = ("Zyqqax", "Wobblit", "Quonsar")


@pytest.fixture(scope="module")
def first(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load a table with three rows that have no day, and a file without headers; give its folder."""
    folder = tmp_path_factory.mktemp("first")
    (folder / "landing").mkdir()
    (folder / "home").mkdir()
    shutil.copy(samples / "extracts.sqlite", folder / "home")
    shutil.copy(min(ARTICLES.rglob("*.txt")), folder / "landing")
    (folder / "landing" / "wrong.txt").write_text("nothing")
    lines = ["url,headline,content,date"]
    lines += [
        f"https://post.example/{name},Ferry {name} sails again,{_TEXT.format(name=name)},someday"
        for name in _NAMES
    ]
    (folder / "landing" / "week.csv").write_text("\n".join(lines) + "\n")
    assert run(folder / "landing", folder / "home").counts.article_quarantined_count == 3
    return folder


@pytest.fixture
def home(first: Path, tmp_path: Path) -> Path:
    shutil.copytree(first / "home", tmp_path / "home", symlinks=True)
    return tmp_path / "home"


def look(home: Path, check: str = "quarantine", *, fix: bool = False) -> list[Finding]:
    return [finding for finding in examine(home, fix=fix) if finding.check == check]


def _file(home: Path) -> Path:
    return DataDir(home).quarantined_rows


def _change(home: Path, statement: str) -> None:
    with sqlite3.connect(_file(home)) as connection:
        connection.execute(statement)
    connection.close()


def test_rows_lie_in_one_file_and_files_beside_it(home: Path) -> None:
    kept = [file for file in (home / "quarantine").rglob("*") if file.is_file()]
    assert len(kept) == 2
    assert _file(home) in kept
    shown = carry_out("quarantine", "show", "week.csv#https://post.example/Zyqqax", home=home).stdout
    assert "captain Ida Brandt said on Monday of the Zyqqax" in shown
    assert [(f.state, f.what) for f in look(home)] == [
        ("ok", "The bytes of 4 files in quarantine are intact.")
    ]


def test_a_backup_brings_them_back(home: Path, tmp_path: Path) -> None:
    assert back_up(DataDir(home), tmp_path / "press.zip").left_out == ()
    restore(tmp_path / "press.zip", DataDir(tmp_path / "new"))
    assert [f.state for f in look(tmp_path / "new")] == ["ok"]
    shown = carry_out(
        "quarantine", "show", "week.csv#https://post.example/Wobblit", "--raw", home=tmp_path / "new"
    )
    assert "of the Wobblit" in shown.stdout


def test_a_backup_names_rows_that_are_damaged(home: Path, tmp_path: Path) -> None:
    _change(home, "update rows set bytes = x'00' where rowid = 1")
    [left] = back_up(DataDir(home), tmp_path / "press.zip").left_out
    assert left == "quarantine/rows.sqlite: 1 row with a wrong checksum"
    _file(home).write_bytes(b"no database" * 1_000)
    [left] = back_up(DataDir(home), tmp_path / "without.zip").left_out
    assert "rows.sqlite" in left
    assert "is damaged" in left
    restore(tmp_path / "without.zip", DataDir(tmp_path / "new"))
    assert not _file(tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("statement", "state"),
    [
        ("update rows set bytes = x'00' where rowid = 1", "damaged"),
        ("delete from rows where rowid = 1", "missing"),
    ],
)
def test_doctor_names_rows_that_are_missing_or_damaged(home: Path, statement: str, state: str) -> None:
    _change(home, statement)
    [found] = look(home)
    assert found.state == "problem"
    assert f"The bytes of 1 quarantined file are {state}: week.csv#https://post.example/" in found.what


def test_doctor_moves_a_damaged_file_aside_and_runs_go_on(home: Path, first: Path, tmp_path: Path) -> None:
    _file(home).write_bytes(b"no database" * 1_000)
    [found] = look(home)
    assert (found.state, found.next_step) == ("problem", f"ontherecord doctor --fix --home {home}")
    [found] = look(home, fix=True)
    assert found.state == "fixed"
    [aside] = (home / "quarantine").glob("rows.sqlite.broken-*")
    assert aside.name in look(home, "moved aside")[0].what
    landing = tmp_path / "landing"
    shutil.copytree(first / "landing", landing)
    table = landing / "week.csv"
    table.write_text(table.read_text().replace("again", "once more"))
    assert run(landing, home).counts.article_quarantined_count == 3
    assert [f.state for f in look(home) if f.state == "problem"] == []


def test_a_dismissed_row_is_removed_from_the_file(home: Path) -> None:
    done = carry_out("quarantine", "dismiss", "week.csv#*Zyqqax", "--why", "no ferry", home=home)
    assert done.returncode == 0, done.stderr
    assert b"of the Zyqqax" not in _file(home).read_bytes()
    assert b"of the Wobblit" in _file(home).read_bytes()


def test_nothing_of_a_row_that_was_taken_down_is_left(home: Path) -> None:
    path = "week.csv#https://post.example/Zyqqax"
    assert carry_out("forget", path, "--why", "asked", "--yes", home=home).returncode == 0
    assert b"of the Zyqqax" not in _file(home).read_bytes()
    assert rows(home, "select count(*) from ops.quarantine where value = 'someday'") == [(2,)]
    assert [f.state for f in look(home)] == ["ok"]


def test_a_retried_row_whose_bytes_are_gone_is_postponed_and_said(home: Path, tmp_path: Path) -> None:
    _change(home, "delete from rows")
    result = carry_out("quarantine", "retry", "--json", home=home, ONTHERECORD_WORKERS="1")
    assert json.loads(result.stdout)["postponed"] == 3
    shown = carry_out("quarantine", "show", "week.csv#https://post.example/Zyqqax", home=home)
    assert shown.returncode == 1
    assert "are missing" in shown.stderr


def test_other_rows_of_the_file_are_kept_once(home: Path, first: Path, tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    shutil.copytree(first / "landing", landing)
    shutil.copy(landing / "week.csv", landing / "again.csv")
    (landing / "new.txt").write_text(article())
    run(landing, home)
    with sqlite3.connect(_file(home)) as connection:
        assert connection.execute("select count(*) from rows").fetchone() == (3,)
    connection.close()
