"""Processes: they end with whoever started them, and all that they started with them."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from ontherecord.flows.orchestration.child_processes import children, kill_session, start, wait_for_exit

FAMILY = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""
PARENT = """
import os, sys, time
from pathlib import Path
from ontherecord.flows.orchestration.child_processes import start
child = start([sys.executable, "-c", "import time; time.sleep(600)"], dict(os.environ), Path(sys.argv[1]))
print(child.pid, flush=True)
time.sleep(600)
"""


def _is_gone(pid: int) -> bool:
    for _ in range(300):
        stat = Path(f"/proc/{pid}/stat")
        if not stat.exists() or ") Z " in stat.read_text():
            return True
        time.sleep(0.1)
    return False


def _first_line(log: Path) -> str:
    for _ in range(300):
        if log.exists() and "\n" in (text := log.read_text()):
            return text.splitlines()[0]
        time.sleep(0.1)
    raise AssertionError(f"{log} stays empty")


def test_a_child_ends_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, tmp_path / "log"], stdout=subprocess.PIPE, text=True
    )
    with parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        assert [process.pid for process in children(parent.pid)] == [child]
        parent.kill()
    assert _is_gone(child)


def test_a_session_is_killed_with_its_children(tmp_path: Path) -> None:
    process = start([sys.executable, "-c", FAMILY], {}, tmp_path / "log")
    child = int(_first_line(tmp_path / "log"))
    assert not wait_for_exit(process, 0)
    kill_session(process)
    assert wait_for_exit(process, 0)
    assert _is_gone(child)
    kill_session(process)  # nobody is left: nothing happens


def test_the_log_of_last_time_is_kept(tmp_path: Path) -> None:
    for words in ("first", "second", "third"):
        process = start([sys.executable, "-c", f"print({words!r})"], {}, tmp_path / "log")
        assert wait_for_exit(process, 60)
    assert (tmp_path / "log").read_text() == "third\n"
    assert (tmp_path / "log.1").read_text() == "second\n"
