"""Disk space: explain write errors, and remove the drafts that killed runs left."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import FULL_DISK, FULL_DISK_MESSAGES, WarehouseError, error_chain
from ontherecord.warehouse.lock import is_alive
from ontherecord.warehouse.quarantine_rows import QuarantineRows

_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_READ_ONLY_MESSAGES = ("Read-only file system", "Permission denied", "readonly database", "Cannot open file")
# Of processes that hold the writer's lock.
_DRAFTS = (
    ".warehouse.*",
    ".writer.*.duckdb*",
    ".checkpoint.*.duckdb",
    ".alerts.*.parquet",
    ".restore.*",
    "quarantine/.*",
    "writer.duckdb.tmp",
)


@contextmanager
def explain_disk_errors(home: DataDir) -> Iterator[None]:
    """Raise a WarehouseError that says so if the home's disk is full or not writable."""
    try:
        yield
    except Exception as error:
        for cause in error_chain(error):
            if _is(cause, FULL_DISK, FULL_DISK_MESSAGES):
                raise WarehouseError(_full(home, cause)) from error
            if isinstance(error, WarehouseError):
                continue  # already explained
            if _is(cause, _READ_ONLY, _READ_ONLY_MESSAGES) and _concerns(cause, home):
                raise WarehouseError(
                    f"The home folder {home.folder} is not writable ({_first_line(cause)}). Give this user "
                    "write permission, or name another folder with --home or ONTHERECORD_HOME."
                ) from error
        raise


def clear_leftovers(home: DataDir) -> None:
    """Remove the drafts of killed runs: one can be as large as the warehouse. So can the spare, which goes if
    the disk has not as much space again.

    The caller holds the writer's lock, so no draft is in use.
    """
    for pattern in _DRAFTS:
        for leftover in home.folder.glob(pattern):
            remove_draft(leftover)
    if home.spare.exists() and shutil.disk_usage(home.folder).free < home.spare.stat().st_size:
        home.spare.unlink()
    clear_copies(home)
    clear_backup_pins(home)
    QuarantineRows(home.quarantined_rows).roll_back()


def clear_copies(home: DataDir) -> None:
    """Remove copies of landed files, but for those of other processes that still read them."""
    for copy in home.copies.glob("*"):
        pid = copy.name.partition("-")[0]
        if not pid.isdecimal() or int(pid) == os.getpid() or not is_alive(int(pid)):
            remove_draft(copy)


def clear_backup_pins(home: DataDir) -> None:
    """Remove the names that killed backups gave the published file; backups that go on keep theirs."""
    for pin in home.folder.glob(".backup.*.duckdb"):
        pid = pin.name.split(".")[2]
        if pid.isdecimal() and not is_alive(int(pid)):
            remove_draft(pin)


def remove_draft(draft: Path) -> None:
    """Remove a draft, with the write-ahead log and temporary folder that DuckDB puts beside it."""
    for name in (draft.name, f"{draft.name}.wal"):
        path = draft.with_name(name)
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    shutil.rmtree(draft.with_name(f"{draft.name}.tmp"), ignore_errors=True)


def _full(home: DataDir, error: BaseException) -> str:
    free = shutil.disk_usage(home.folder).free
    sizes = [file.stat().st_size for file in (home.writer, home.published) if file.exists()]
    needed = 2 * max(sizes, default=0) + 64 * 2**20
    return (
        f"The disk of the home folder {home.folder} is full ({_first_line(error)}); {_mb(free)} are free "
        f"now. Loaded and published data is safe. Free about {_mb(needed)}, then run it again: it continues "
        "where this run stopped."
    )


def _is(error: BaseException, numbers: Set[int], messages: tuple[str, ...]) -> bool:
    if isinstance(error, OSError):
        return error.errno in numbers
    return isinstance(error, duckdb.Error | sqlite3.Error) and any(
        message in str(error) for message in messages
    )


def _concerns(error: BaseException, home: DataDir) -> bool:
    """Say whether an error is about the home folder, not the landing folder or another file."""
    named = str(error.filename or "") if isinstance(error, OSError) else str(error)
    return os.fspath(home.folder) in named or isinstance(error, sqlite3.Error)


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0].rstrip(".")


def _mb(size: int) -> str:
    return f"{size / 2**20:,.0f} MB"
