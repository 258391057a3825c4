"""Child processes of `ontherecord serve`: start them, signal them, wait for them, kill them."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ontherecord.flows.workers.parent_death import preexec


@dataclass(frozen=True, slots=True)
class Process:
    """A running process as the kernel lists it."""

    pid: int
    parent: int
    session: int


def start(
    command: Sequence[str], environment: dict[str, str], log: Path, *, pass_fds: Sequence[int] = ()
) -> subprocess.Popen[bytes]:
    """Start a process in its own session, its output in a log; the previous log is kept as .1.

    It keeps the file descriptors `pass_fds`. The session keeps the terminal's Ctrl-C away from it: its
    parent decides when it ends.
    """
    if log.exists():
        log.replace(log.with_name(f"{log.name}.1"))
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=pass_fds,
            preexec_fn=preexec(),
        )


def children(pid: int) -> list[Process]:
    """Return the running children of a process."""
    return [process for process in _running() if process.parent == pid]


def send(processes: list[Process], number: signal.Signals) -> None:
    """Send a signal to each process that is still running."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process.pid, number)


def wait_for_exit(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for a process to exit; say whether it did."""
    until = time.monotonic() + seconds
    while process.poll() is None:
        if time.monotonic() >= until:
            return False
        time.sleep(0.05)
    return True


def kill_session(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and everything it started."""
    send([member for member in _running() if member.session == process.pid], signal.SIGKILL)
    process.wait()


def _running() -> Iterator[Process]:
    """List running processes, zombies left out."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it exited meanwhile
            state, parent, _, session = stat.read_text().rpartition(")")[2].split()[:4]
            if state != "Z":
                yield Process(int(stat.parent.name), int(parent), int(session))
