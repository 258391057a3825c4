"""The machine: what it is, and what a program with all that it starts takes of it."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from threading import Event, Thread

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")
_PAUSE = 0.1
# Watching may take this share of a processor. The shared memory of large processes is dear to count.
_SHARE = 0.02
_SHOWN = 2_000


class ProgramFailedError(Exception):
    """A program that was measured ended with an error: the message ends with what it said last."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a program took: seconds, and bytes at the most.

    `cpu` is of the program and all that it started, `own_cpu` of itself; `resident` counts what processes
    share in each of them, `proportional` once in all.
    """

    wall: float
    cpu: float
    own_cpu: float
    resident: int
    proportional: int
    output: str


def run(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> Taken:
    """Run a program to its end and watch what it takes.

    Raises ProgramFailedError if it does not end with 0.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as told:
        began = time.monotonic()
        # A session of its own, by which to know also those whose parent has ended.
        process = subprocess.Popen(
            command, stdout=output, stderr=told, env=environment, start_new_session=True
        )
        watch = _Watch(process.pid)
        watch.start()
        try:
            code = process.wait()
        finally:
            watch.stop()
            if process.poll() is None:  # interrupted
                process.kill()
                process.wait()
        wall = time.monotonic() - began
        output.seek(0)
        told.seek(0)
        if code:
            said = told.read().decode(errors="replace")[-_SHOWN:]
            raise ProgramFailedError(f"{' '.join(map(str, command))} ended with {code}:\n{said}")
        return Taken(
            wall,
            sum(watch.cpu.values()),
            watch.cpu.get(process.pid, 0.0),
            watch.resident,
            watch.proportional,
            output.read().decode(),
        )


@dataclass(slots=True)
class _Watch:
    """Looks at a program's processes ten times a second until it is stopped.

    What a process does after the last look at it is not counted: a tenth of a second at the most.
    """

    session: int
    cpu: dict[int, float] = field(default_factory=dict)
    resident: int = 0
    proportional: int = 0
    _stopped: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def start(self) -> None:
        self._thread = Thread(target=self._look_on, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread:
            self._thread.join()

    def _look_on(self) -> None:
        rested = 0.0  # until when shared memory is not counted again
        pause = 0.0
        while not self._stopped.wait(pause):
            began = time.thread_time()
            found = self._look()
            pause = max(_PAUSE, (time.thread_time() - began) / _SHARE)
            if time.monotonic() >= rested:
                began = time.thread_time()
                self.proportional = max(self.proportional, sum(map(_proportional, found)))
                rested = time.monotonic() + (time.thread_time() - began) / _SHARE

    def _look(self) -> list[int]:
        found, resident = [], 0
        for entry in os.listdir(_PROC):  # noqa: PTH208
            if not entry.isdigit():
                continue
            with suppress(OSError):  # it has ended
                # The name, in brackets, may hold anything; behind it stand numbers.
                facts = (_PROC / entry / "stat").read_text().rpartition(")")[2].split()
                if int(facts[3]) == self.session:
                    found.append(int(entry))
                    self.cpu[int(entry)] = (int(facts[11]) + int(facts[12])) / _TICKS
                    resident += int(facts[21]) * _PAGE
        self.resident = max(self.resident, resident)
        return found


def _proportional(process: int) -> int:
    """Return a process's memory in bytes, what it shares divided by those it shares it with."""
    with suppress(OSError):
        found = re.search(r"^Pss: +(\d+) kB", (_PROC / str(process) / "smaps_rollup").read_text(), re.M)
        if found:
            return int(found[1]) * 1024
    return 0


def describe() -> str:
    """Return the machine and what runs on it in a line."""
    processors = re.search(r"^model name\s*: (.*)$", (_PROC / "cpuinfo").read_text(), re.M)
    memory = re.search(r"^MemTotal: +(\d+)", (_PROC / "meminfo").read_text(), re.M)
    parts = [
        f"{len(os.sched_getaffinity(0))} processors ({processors[1] if processors else platform.machine()})",
        f"{int(memory[1]) * 1024 / 1e9:.1f} GB of memory" if memory else "",
        f"Linux {platform.release()}",
        f"Python {platform.python_version()}",
        *(f"{name} {version(name)}" for name in ("spacy", "numpy", "duckdb", "pyarrow")),
        f"load {os.getloadavg()[0]:.1f} at the start",
    ]
    return ", ".join(part for part in parts if part)
