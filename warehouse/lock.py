"""The writer's lock: one process writes to a warehouse at a time.

Waiting processes share a second lock. A long, low-priority run checks that one between batches and yields.
Both are locks of the operating system, which releases them however a process ends, so no killed process
blocks others.
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
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import WarehouseError, WriterBusy

_POLL_SECONDS = 0.2


@contextmanager
def writer_lock(
    home: DataDir, task: str, wait_seconds: float = 0, *, yield_to_others: bool = False
) -> Iterator[None]:
    """Hold the home's writer lock; with `yield_to_others`, take it only if no other process waits for it.

    Raises WriterBusy, naming the holder, if the lock is not free within `wait_seconds`.
    """
    lock = FileLock(home.lock)
    try:
        home.folder.mkdir(parents=True, exist_ok=True)
        if yield_to_others:
            _acquire_after_others(home, lock, wait_seconds)
        else:
            _acquire(home, lock, wait_seconds)
        _record_holder(home, task)
    except Timeout:
        holder = current_holder(home) or "another process"
        raise WriterBusy(
            f"The warehouse in {home.folder} is being written by {holder}. "
            "Wait for it to finish, or let this run wait with --wait SECONDS."
        ) from None
    except OSError as error:
        lock.release()
        raise WarehouseError(
            f"The home folder {home.folder} is not writable ({error.strerror}). "
            "Give this user write permission, or name another folder with --home or ONTHERECORD_HOME."
        ) from error
    try:
        yield
    finally:
        _holder_file(home).unlink(missing_ok=True)
        lock.release()


def others_waiting(home: DataDir) -> bool:
    """Say whether another process is waiting for the writer's lock."""
    try:
        fd = os.open(_waiting_file(home), os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False


def _acquire(home: DataDir, lock: FileLock, wait_seconds: float) -> None:
    """Take the lock, waiting if needed; `others_waiting` is true meanwhile."""
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if not wait_seconds:
            raise
        fd = os.open(_waiting_file(home), os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(fd, fcntl.LOCK_SH)
            lock.acquire(timeout=wait_seconds)
        finally:
            os.close(fd)


def _acquire_after_others(home: DataDir, lock: FileLock, wait_seconds: float) -> None:
    """Take the lock once it is free and no other process waits for it."""
    until = time.monotonic() + wait_seconds
    while True:
        if not others_waiting(home):
            try:
                lock.acquire(timeout=0)
            except Timeout:
                pass
            else:
                return
        if time.monotonic() >= until:
            raise Timeout(str(home.lock))
        time.sleep(_POLL_SECONDS)


def current_holder(home: DataDir) -> str | None:
    """Describe the process that holds the lock, or return None if none does.

    This reads the file that the holder writes; trying the lock could keep a run from starting.
    """
    holder, is_gone = _read_holder(home)
    return None if is_gone else holder


def killed_holder(home: DataDir) -> str | None:
    """Describe the process that was killed while it held the lock; None if the last one ended by itself.

    The next one that takes the lock replaces the file that it left.
    """
    holder, is_gone = _read_holder(home)
    return holder if is_gone else None


def _read_holder(home: DataDir) -> tuple[str | None, bool]:
    """Describe who took the lock last and did not release it, and say whether its process is gone."""
    try:
        note = json.loads(_holder_file(home).read_text())
        description = f"process {note['pid']} on {note['host']} ({note['task']}, since {note['since']})"
        return description, note["host"] == socket.gethostname() and not is_alive(note["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, False


def is_alive(pid: int) -> bool:
    """Say whether a process with this id is running on this machine."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # another user's
    return True


def _record_holder(home: DataDir, task: str) -> None:
    """Record who holds the lock. A full disk is no error yet: the run first removes leftovers of killed
    runs.
    """
    note = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "task": task,
        "since": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
    }
    try:
        _holder_file(home).write_text(json.dumps(note))
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise


def _holder_file(home: DataDir) -> Path:
    return home.lock.with_suffix(".holder")


def _waiting_file(home: DataDir) -> Path:
    return home.lock.with_suffix(".waiting")
