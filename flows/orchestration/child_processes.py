"""Processes that `ontherecord serve` starts: they end when told to, and with whoever started them."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ontherecord.flows.workers.parent_death import die_with_parent


@dataclass(frozen=True, slots=True)
class Process:
    """A running process as the kernel lists it."""

    pid: int
    parent: int
    session: int


def start(command: Sequence[str], environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, its output in a file; the file of last time is kept as .1.

    The session keeps the terminal's Ctrl-C from it: who started it says when it ends.
    """
    if log.exists():
        log.replace(log.with_name(f"{log.name}.1"))
    parent = os.getpid()
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(parent),
        )


def children(pid: int) -> list[Process]:
    """Return the processes that a process started and that still run."""
    return [process for process in _running() if process.parent == pid]


def send(processes: list[Process], number: signal.Signals) -> None:
    """Send a signal to each process that is still there."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process.pid, number)


def wait_for_exit(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for a process to end; say whether it did."""
    until = time.monotonic() + seconds
    while process.poll() is None:
        if time.monotonic() >= until:
            return False
        time.sleep(0.05)
    return True


def kill_session(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and everything it started, at once."""
    send([member for member in _running() if member.session == process.pid], signal.SIGKILL)
    process.wait()


def _running() -> Iterator[Process]:
    """List the processes there are, without the dead that wait for their parent to ask."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            state, parent, _, session = stat.read_text().rpartition(")")[2].split()[:4]
            if state != "Z":
                yield Process(int(stat.parent.name), int(parent), int(session))
