"""Full disks: a run says so and fails, nothing is lost, and the next one ends the work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

PROGRAM = Path(__file__).parents[1] / "full_disks.py"
# In CI those that fail in a way of their own; the others end in DuckDB's log, as load does.
STAGES = ("open, migrate", "cache extracts", "keep quarantined bytes", "load", "publish: copy", "report",
          "checkpoint, close")  # fmt: skip
# What a run is about to write in these stages does not take the published file's place.
BEFORE_PUBLISH = STAGES[1:5]


def _namespace() -> list[str]:
    """Return the command that gives a program mounts of its own."""
    own = ["--mount"] if os.geteuid() == 0 else ["--user", "--map-root-user", "--mount"]
    command = ["unshare", *own]
    try:
        subprocess.run([*command, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no small disk can be mounted here, neither as root nor in a user namespace: {error}")
    return command


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("disks")
    done = subprocess.run(
        [*_namespace(), sys.executable, PROGRAM, folder, "--stages", *STAGES],
        stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("stage", STAGES)
def test_full_disk_fails_with_what_to_do_and_the_next_run_ends_the_work(
    found: dict[str, Any], stage: str
) -> None:
    [row] = [row for row in found["stages"] if row["stage"] == stage]
    if stage == "checkpoint, close":  # DuckDB keeps its log, and writes it into the file the next time
        assert row["message"] is None
    else:
        assert "The disk of the home folder" in row["message"]
        assert "is full" in row["message"]
        assert "MB are free" in row["message"]
        assert "run it again" in row["message"]
    assert row["drafts"] == []
    assert not row["broken"]
    if stage in BEFORE_PUBLISH:
        assert not row["published"]
    assert row["after"] == []


def test_commands_on_a_full_disk_fail_without_a_traceback_and_readers_do_not_notice(
    found: dict[str, Any],
) -> None:
    others = found["others"]
    for command, words in (
        ("ingest", "The disk of the home folder"),
        ("rebuild", "The disk of the home folder"),
        ("export", "free space there"),
        ("backup", "cannot be written: No space left on device"),
    ):
        code, _, err = others[command]
        assert code == 1
        assert words in err
        assert "Traceback" not in err
    assert others["drafts"] == []
    assert others["status"][0] == others["check"][0] == 0
    assert "is full" in others["spill"][0]


def test_home_that_is_for_reading_only_is_said(found: dict[str, Any]) -> None:
    code, _, err = found["others"]["read-only"]
    assert code == 1
    assert "is not writable (Read-only file system)" in err
    assert "Traceback" not in err
    code, _, err = found["others"]["read-only backup"]
    assert (code, "cannot be written: Read-only file system" in err) == (1, True)
    assert found["others"]["read-only status"][0] == 0
