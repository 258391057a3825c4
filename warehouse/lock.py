"""The writer's lock: one process writes a warehouse at a time, whoever asks.

Who waits for it holds a second lock, shared with the others that wait. A long run of low priority
asks for that one between its batches and gives way. Both locks are the operating system's: it frees
them however a process ends, so nothing that was killed can be waited for.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import WarehouseError, WriterBusy

_LOOK_SECONDS = 0.2


@contextmanager
def writer_lock(
    home: DataDir, task: str, wait_seconds: float = 0, *, behind_others: bool = False
) -> Iterator[None]:
    """Hold the home's writer lock; with `behind_others` only when nobody else waits for it.

    Raises WriterBusy, naming the holder, if another process has it for longer than `wait_seconds`.
    """
    lock = FileLock(home.lock)
    try:
        home.folder.mkdir(parents=True, exist_ok=True)
        if behind_others:
            _stand_behind(home, lock, wait_seconds)
        else:
            _stand_in_line(home, lock, wait_seconds)
        _leave_note(home, task)
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


def somebody_waits(home: DataDir) -> bool:
    """Say whether a process waits for the writer's lock that is to go first."""
    try:
        fd = os.open(_waiting(home), os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False


def _stand_in_line(home: DataDir, lock: FileLock, wait_seconds: float) -> None:
    """Take the lock, at once or, seen by `somebody_waits`, when it is free."""
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if not wait_seconds:
            raise
        fd = os.open(_waiting(home), os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(fd, fcntl.LOCK_SH)
            lock.acquire(timeout=wait_seconds)
        finally:
            os.close(fd)


def _stand_behind(home: DataDir, lock: FileLock, wait_seconds: float) -> None:
    """Take the lock when it is free and nobody waits for it."""
    until = time.monotonic() + wait_seconds
    while True:
        if not somebody_waits(home):
            try:
                lock.acquire(timeout=0)
            except Timeout:
                pass
            else:
                return
        if time.monotonic() >= until:
            raise Timeout(str(home.lock))
        time.sleep(_LOOK_SECONDS)


def current_holder(home: DataDir) -> str | None:
    """Return who holds the lock, in words; None where nobody does.

    The lock itself is not tried, since that could keep a run from starting. The note that the holder
    leaves is read; one whose process is gone was left by a run that was killed.
    """
    try:
        note = json.loads(_holder(home).read_text())
        words = f"process {note['pid']} on {note['host']} ({note['task']}, since {note['since']})"
        return words if note["host"] != socket.gethostname() or is_alive(note["pid"]) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_alive(pid: int) -> bool:
    """Say whether there is a process of that number on this machine."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    return True


def _leave_note(home: DataDir, task: str) -> None:
    """Say who holds the lock. On a full disk nobody is told: what a killed run left there is still to go."""
    note = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "task": task,
        "since": datetime.now().isoformat(" ", "seconds"),
    }
    try:
        _holder(home).write_text(json.dumps(note))
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise


def _holder(home: DataDir) -> Path:
    return home.lock.with_suffix(".holder")


def _waiting(home: DataDir) -> Path:
    return home.lock.with_suffix(".waiting")
