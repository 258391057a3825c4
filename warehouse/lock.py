"""The writer's lock: one process writes a warehouse at a time, whoever asks."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from warehouse.errors import WarehouseError, WriterBusy
from warehouse.home import Home


@contextmanager
def writer_lock(home: Home, task: str, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the home's writer lock; the operating system frees it however the process ends.

    Raises WriterBusy, naming the holder, if another process has it for longer than `wait_seconds`.
    """
    try:
        home.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home.lock)
        lock.acquire(timeout=wait_seconds)
    except Timeout:
        holder = current_holder(home) or "another process"
        raise WriterBusy(
            f"The warehouse in {home.folder} is being written by {holder}. "
            "Wait for it to end, or let this run wait with --wait SECONDS."
        ) from None
    except OSError as error:
        raise WarehouseError(
            f"The home folder {home.folder} cannot be written ({error.strerror}). "
            "Give this user the right to write there, or name another folder in ONTHERECORD_HOME."
        ) from error
    try:
        _holder(home).write_text(
            json.dumps(
                {
                    "pid": os.getpid(),
                    "host": socket.gethostname(),
                    "task": task,
                    "since": datetime.now().isoformat(" ", "seconds"),
                }
            )
        )
        yield
    finally:
        _holder(home).unlink(missing_ok=True)
        lock.release()


def current_holder(home: Home) -> str | None:
    """Return who holds the lock, in words; None where nobody does."""
    probe = FileLock(home.lock)
    try:
        with probe.acquire(timeout=0):
            return None
    except Timeout:
        pass
    except OSError:
        return None
    try:
        facts = json.loads(_holder(home).read_text())
        return f"process {facts['pid']} on {facts['host']} ({facts['task']}, since {facts['since']})"
    except (OSError, ValueError, KeyError):
        return "another process"


def _holder(home: Home) -> Path:
    return home.lock.with_suffix(".holder")
