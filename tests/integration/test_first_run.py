"""Before anything is published, status says how the first run does or how it ended, and what next."""

from __future__ import annotations

import json
import re
import shutil
import socket
from pathlib import Path

import pytest
from commands import carry_out
from runs import QuietRunner, article

from ontherecord.flows.ingest import ingest
from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import LandingError
from ontherecord.warehouse.lock import writer_lock

DEAD = 99_999_999  # above any process id
SINCE = r"since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"


def _leave_note(home: Path) -> None:
    """Leave what a killed process leaves of the lock."""
    note = {"pid": DEAD, "host": socket.gethostname(), "task": "ingest", "since": "2026-05-05 06:00:00 UTC"}
    (home / "writer.holder").write_text(json.dumps(note))


def test_first_run_that_is_under_way_is_named(home: Path) -> None:
    with writer_lock(DataDir(home), "ingest"):
        for command in (("status",), ("sql", "from quotes"), ("report",)):
            done = carry_out(*command, home=home)
            assert done.returncode == 1
            assert re.search(
                rf"The first run is under way: process \d+ on .* \(ingest, {SINCE}\)\. It publishes when it",
                done.stderr,
            )


def test_first_run_that_was_killed_is_named_with_its_time_and_the_next_step(home: Path) -> None:
    with open_writer(DataDir(home), "ingest"):
        pass
    _leave_note(home)
    done = carry_out("status", home=home)
    assert done.returncode == 1
    assert re.search(
        rf"The first run was killed: process {DEAD} on .* \(ingest, since 2026-05-05 06:00:00 UTC\); it last "
        r"wrote at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\. Run `ontherecord ingest LANDING` again: it goes on",
        done.stderr,
    )


def test_first_run_that_failed_is_named_with_its_error(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    home.mkdir(exist_ok=True)
    with pytest.raises(LandingError):
        ingest(landing / "none", load_settings(home=home, workers=1), QuietRunner())
    done = carry_out("status", home=home)
    assert done.returncode == 1
    assert re.search(
        r"The last run \(ingest, begun at [-\d]+ [:\d]+ UTC\) ended as failed: The landing folder .* does "
        r"not exist\..* Run `ontherecord ingest LANDING` again",
        done.stderr,
    )


def test_later_run_that_was_killed_is_a_line_of_status(samples: Path, home: Path) -> None:
    shutil.copytree(samples, home, symlinks=True)
    assert "\nkilled " not in carry_out("status", home=home).stdout
    assert re.search(r"last loaded at +\S+ \S+ UTC\n", carry_out("status", home=home).stdout)
    _leave_note(home)
    said = carry_out("status", home=home).stdout
    assert re.search(
        rf"killed +process {DEAD} on .*; what it loaded is not published\. The next run goes", said
    )
    assert "writing now          nobody" in said
