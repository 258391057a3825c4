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
    lock = FileLock(home.lock)
    try:
        home.folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=wait_seconds)
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
    except Timeout:
        holder = current_holder(home) or "another process"
        raise WriterBusy(
            f"The warehouse in {home.folder} is being written by {holder}. "
            "Wait for it to end, or let this run wait with --wait SECONDS."
        ) from None
    except OSError as error:
        lock.release()
        raise WarehouseError(
            f"The home folder {home.folder} cannot be written ({error.strerror}). "
            "Give this user the right to write there, or name another folder in ONTHERECORD_HOME."
        ) from error
    try:
        yield
    finally:
        _holder(home).unlink(missing_ok=True)
        lock.release()


def current_holder(home: Home) -> str | None:
    """Return who holds the lock, in words; None where nobody does.

    The lock itself is not tried, since that could keep a run from starting. The note that the holder
    leaves is read; one whose process is gone was left by a run that was killed.
    """
    try:
        note = json.loads(_holder(home).read_text())
        words = f"process {note['pid']} on {note['host']} ({note['task']}, since {note['since']})"
        return words if note["host"] != socket.gethostname() or _is_alive(note["pid"]) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    return True


def _holder(home: Home) -> Path:
    return home.lock.with_suffix(".holder")
