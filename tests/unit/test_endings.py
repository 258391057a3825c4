"""Endings: errors of the machine are told by kind, in words that say what to do."""

from __future__ import annotations

import errno
import os
import sqlite3

import duckdb
import pytest
from sqlalchemy.exc import OperationalError

from ontherecord.flows.cli.endings import explain


def _os_error(number: int, file: str | None = None) -> OSError:
    return OSError(number, os.strerror(number), file)


def _wrapped(error: Exception) -> Exception:
    try:
        raise RuntimeError("a library") from error
    except RuntimeError as outer:
        return outer


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (_os_error(errno.EMFILE), "Too many files are open"),
        (ImportError("libx.so: cannot open shared object file: Too many open files"), "ulimit -n"),
        (duckdb.IOException('Cannot open file "/a/b": Too many open files'), "ulimit -n"),
        (_os_error(errno.ENOSPC, "/data/writer.duckdb"), "The disk is full in /data"),
        (OperationalError("insert", {}, duckdb.IOException("No space left on device")), "The disk is full"),
        (sqlite3.OperationalError("database or disk is full"), "The disk is full"),
        (_os_error(errno.EFBIG), "ulimit -f"),
        (duckdb.IOException('Could not write file "/a/w.duckdb": File too large'), "in /a"),
        (_os_error(errno.EROFS, "/home/press/report.html"), "in /home/press: the file system is for reading"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "for reading only"),
        (MemoryError(), "not enough memory"),
        (
            duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate"),
            "DUCKDB_MEMORY_MB",
        ),
        (ImportError("libx.so: failed to map segment from shared object"), "not enough memory"),
        (_os_error(errno.ENOMEM), "not enough memory"),
        (RuntimeError("can't start new thread"), "ulimit -u"),
        (_os_error(errno.EAGAIN), "ulimit -u"),
        (FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']"), "TMPDIR"),
        (_os_error(errno.EACCES, "/a/b.csv"), "This user may not open /a/b.csv"),
        (_wrapped(_os_error(errno.ENOSPC, "/data/x")), "The disk is full"),
    ],
    ids=str,
)
def test_an_error_of_the_machine_is_told_by_its_kind(error: Exception, words: str) -> None:
    assert words in (explain(error) or "")


@pytest.mark.parametrize(
    "error",
    [
        ValueError("too many open files in the story about the archive"),
        KeyError("permission denied"),
        FileNotFoundError(errno.ENOENT, "No such file or directory", "/a"),
        duckdb.BinderException("there is no column of this name"),
        ZeroDivisionError(),
    ],
    ids=str,
)
def test_any_other_error_is_unexpected(error: Exception) -> None:
    assert explain(error) is None
