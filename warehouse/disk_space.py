"""Room: what a full disk looks like to whoever writes, and what killed runs left that takes room."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import WarehouseError, error_chain

_FULL = {errno.ENOSPC, errno.EDQUOT}
_CLOSED = {errno.EROFS, errno.EACCES, errno.EPERM}
# DuckDB and SQLite tell these by their words alone.
_FULL_WORDS = ("No space left on device", "Disk quota exceeded", "disk is full", "max_temp_directory_size")
_CLOSED_WORDS = ("Read-only file system", "Permission denied", "readonly database", "Cannot open file")


@contextmanager
def explain_disk_errors(home: DataDir) -> Iterator[None]:
    """Say in words, as WarehouseError, that the home's disk is full or that it cannot be written."""
    try:
        yield
    except Exception as error:
        for cause in error_chain(error):
            if _is(cause, _FULL, _FULL_WORDS):
                raise WarehouseError(_full(home, cause)) from error
            if isinstance(error, WarehouseError):
                continue  # says so already
            if _is(cause, _CLOSED, _CLOSED_WORDS) and _concerns(cause, home):
                raise WarehouseError(
                    f"The home folder {home.folder} cannot be written ({_first_line(cause)}). Give this user "
                    "the right to write there, or name another folder in ONTHERECORD_HOME."
                ) from error
        raise


def clear_leftovers(home: DataDir) -> None:
    """Remove the drafts of runs that were killed: one can be as large as the warehouse.

    Only for the holder of the writer's lock: then nobody else has a draft.
    """
    for pattern in (".warehouse.*", ".writer.*.duckdb*", ".alerts.*.parquet", "quarantine/.*"):
        for leftover in home.folder.glob(pattern):
            remove(leftover)


def remove(draft: Path) -> None:
    """Remove a draft of DuckDB's or a file, with the log and the folder that DuckDB puts beside it."""
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
        f"now. What was loaded and published stays as it is. Make room there, about {_mb(needed)} for a "
        "run of this warehouse, then run it again: it goes on where this one stopped."
    )


def _is(error: BaseException, numbers: set[int], words: tuple[str, ...]) -> bool:
    if isinstance(error, OSError):
        return error.errno in numbers
    return isinstance(error, duckdb.Error | sqlite3.Error) and any(word in str(error) for word in words)


def _concerns(error: BaseException, home: DataDir) -> bool:
    """Say whether an error is about the home, not about a landing folder or another file."""
    named = str(error.filename or "") if isinstance(error, OSError) else str(error)
    return os.fspath(home.folder) in named or isinstance(error, sqlite3.Error)


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0].rstrip(".")


def _mb(size: int) -> str:
    return f"{size / 2**20:,.0f} MB"
