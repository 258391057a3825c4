"""Sharing: a user who may only read the home reads what is published, and is told what is not theirs."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from commands import carry_out
from powers import without_power_over_files
from runs import article, run

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make a home with a quarantined file, of which a reader may read no more than is published."""
    base = tmp_path_factory.mktemp("shared")
    landing, home = base / "in", base / "home"
    landing.mkdir()
    (landing / "a.txt").write_text(article())
    (landing / "b.txt").write_text("nothing")
    run(landing, home)
    (home / "ontherecord.toml").write_text('[alerts]\nwebhook = "https://hooks.example/secret"\n')
    closed = [home / name for name in ("ontherecord.toml", "quarantine", "extracts.sqlite", "writer.duckdb")]
    for path in closed:
        path.chmod(0)
    home.chmod(0o555)
    yield home
    for path in (home, *closed):
        path.chmod(0o700)


READING: tuple[tuple[str, ...], ...] = (
    ("status",),
    ("cite",),
    ("check",),
    ("quarantine", "list"),
    ("history", "a.txt"),
    ("report", "--out", "report.html"),
    ("show", "a.txt", "--out", "a.html"),
    ("export", "--out", "tables"),
)


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_reader_reads_what_is_published(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    with without_power_over_files():
        done = carry_out(*command, home=shared)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("quarantine", "show", "b.txt"), "quarantined files are not published"),
        (("backup", "press.zip"), "Run it as the user who owns"),
        (("report",), "name another file with --out"),
        (("ingest", "."), "is not writable"),
    ],
    ids=lambda given: given[0] if isinstance(given, tuple) else "",
)
def test_reader_is_told_what_is_not_theirs(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with without_power_over_files():
        done = carry_out(*command, home=shared)
    assert done.returncode == 1
    assert told in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_doctor_skips_what_it_may_not_read(shared: Path) -> None:
    with without_power_over_files():
        said = carry_out("doctor", home=shared).stdout
    assert "may not read quarantine/" in said
    assert "may not read extracts.sqlite" in said
    assert "damaged" not in said
    assert "missing" not in said


def test_folder_that_may_not_be_entered_is_named(shared: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    shutil.copy(shared / "warehouse.duckdb", closed)
    closed.chmod(0)
    with without_power_over_files():
        done = carry_out("status", home=closed)
    closed.chmod(0o700)
    assert done.returncode == 2
    assert f"may not enter the home folder {closed}" in done.stderr


def test_runs_need_settings_that_they_may_not_read(shared: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "ontherecord.toml").write_text('date_first = "day"\n')
    (home / "ontherecord.toml").chmod(0)
    with without_power_over_files():
        done = carry_out("ingest", tmp_path, home=home)
    assert done.returncode == 2
    assert "may not read" in done.stderr
    assert "chmod 640" in done.stderr


def test_file_without_texts_is_made_as_the_page_says(shared: Path, tmp_path: Path) -> None:
    [statements] = re.findall(r"<<'SQL'\n(.*?)SQL\n", (ROOT / "docs" / "sharing.md").read_text(), re.S)
    with closing(duckdb.connect(str(tmp_path / "shared.duckdb"))) as connection:
        connection.execute(statements.replace("/home/ida/press", str(shared)))
        connection.execute("detach press")
        columns = connection.execute("select table_name, column_name from duckdb_columns()").fetchall()
        assert connection.execute("select speaker from quotes").fetchall() == [("Ida Brandt",)]
        assert connection.execute("select article_count from about").fetchall() == [(1,)]
    assert {name for _, name in columns}.isdisjoint({"body", "headers", "landing"})
