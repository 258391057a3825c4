"""Backfill: a range of days in order, other runs first, and on again after a kill."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from runs import ARTICLES, QuietRunner, article, contents, rows, run

from ontherecord.flows.backfill import backfill
from ontherecord.flows.landing.folder import list_landing
from ontherecord.flows.landing.publication_day import publication_day
from ontherecord.flows.pipeline.results import RunResult
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import SettingsError
from ontherecord.warehouse.lock import others_waiting

ONTHERECORD = Path(sys.executable).parent / "ontherecord"
DAYS = {
    "b": "Thursday, December 17, 2015 - 01:00",
    "c": "Friday, December 18, 2015 - 01:00",
    "a": "Saturday, December 19, 2015 - 01:00",
    "d": "Sunday, December 20, 2015 - 01:00",
    "e": "some day",
}
IN_ORDER = "select source_path from articles order by loaded_at"


@pytest.fixture
def archive(landing: Path) -> Path:
    for name, day in DAYS.items():
        (landing / f"{name}.txt").write_text(article(title=f"Day of {name}", date=day))
    return landing


def fill(archive: Path, home: Path, runner: QuietRunner | None = None, **options: object) -> RunResult:
    settings = load_settings(home=home, workers=1, batch_size=1)
    return backfill(archive, settings, runner or QuietRunner(), **options)  # type: ignore[arg-type]


def test_days_of_a_range_are_loaded_in_order_and_once(archive: Path, home: Path) -> None:
    report = fill(archive, home, from_day=date(2015, 12, 18), to_day=date(2015, 12, 19), order="newest")
    assert report.counts.landed_count == 2
    assert rows(home, IN_ORDER) == [("a.txt",), ("c.txt",)]
    assert fill(archive, home, from_day=date(2015, 12, 18), paths="[ac]*").counts.landed_count == 0
    report = fill(archive, home)
    assert (report.counts.loaded_count, report.counts.quarantined_count) == (2, 1)
    assert rows(home, IN_ORDER) == [("a.txt",), ("c.txt",), ("b.txt",), ("d.txt",)]
    with pytest.raises(SettingsError, match="Swap them"):
        fill(archive, home, from_day=date(2015, 12, 18), to_day=date(2015, 12, 17))


def test_days_are_read_as_a_run_reads_them(samples: Path) -> None:
    found = {landed.source_path: publication_day(landed) for landed in list_landing(ARTICLES)}
    assert found == dict(rows(samples, "select source_path, published_on from articles"))


def test_day_of_a_long_file_is_read_whatever_its_encoding(landing: Path) -> None:
    text = article(body="Ä hóuse — on the “hill”. " * 2000)
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp1252"):
        bom = "\ufeff" if encoding.startswith("utf-16") else ""
        (landing / f"{encoding}.txt").write_bytes((bom + text).encode(encoding))
    days = [publication_day(landed) for landed in list_landing(landing)]
    assert days == [date(2015, 12, 17)] * 4


class Interrupted(QuietRunner):
    """Starts another run after the first batch, and goes on when that one waits."""

    def __init__(self, command: list[str | Path], home: Path) -> None:
        super().__init__()
        self.command, self.home = command, home
        self.other: subprocess.Popen[bytes] | None = None

    def report_progress(self, done: int, total: int) -> None:
        if self.other is None:
            self.other = subprocess.Popen(self.command, stderr=subprocess.DEVNULL)
            until = time.monotonic() + 60
            while not others_waiting(DataDir(self.home)):
                assert time.monotonic() < until
                time.sleep(0.05)


@pytest.mark.slow
def test_gives_way_to_a_run_that_waits_and_comes_back(archive: Path, home: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    (fresh / "new.txt").write_text(article(title="Fresh news"))
    runner = Interrupted(
        [ONTHERECORD, "ingest", fresh, "--home", home, "--wait", "120", "--workers", "1"], home
    )
    report = fill(archive, home, runner)
    assert runner.other
    assert runner.other.wait(timeout=60) == 0
    assert "gave way to another run with 4 files to go" in runner.lines
    assert (report.counts.loaded_count, report.counts.quarantined_count) == (4, 1)
    assert rows(home, IN_ORDER)[:2] == [("b.txt",), ("new.txt",)]
    runs = rows(home, "select flow, state, loaded_count from ops.runs order by started_at")
    assert runs == [("backfill", "completed", 1), ("ingest", "completed", 1), ("backfill", "completed", 3)]
    assert not others_waiting(DataDir(home))


@pytest.mark.slow
def test_killed_backfill_goes_on_where_it_was(archive: Path, home: Path, tmp_path: Path) -> None:
    command = [ONTHERECORD, "backfill", archive, "--home", home, "--batch-size", "1", "--workers", "1"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    for line in process.stderr:
        if line.startswith("files 2-2"):
            break
    process.kill()
    process.communicate(timeout=60)
    report = fill(archive, home)
    assert report.counts.landed_count in (2, 3)  # the third may have been in when it was killed
    undisturbed = tmp_path / "undisturbed"
    run(archive, undisturbed)
    assert contents(home) == contents(undisturbed)
