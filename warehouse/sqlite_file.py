"""SQLite files of the home: opened for writing by one process, for reading by any."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

_BUSY_SECONDS = 60
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


@contextmanager
def open_sqlite(file: Path, schema: str, damaged: Callable[[str], Exception]) -> Iterator[sqlite3.Connection]:
    """Open a file for the block; if it is new, make its table.

    Raises `damaged` of the reason, on opening or in the block, if it is no SQLite file or is damaged.
    """
    try:
        with closing(sqlite3.connect(file, timeout=_BUSY_SECONDS)) as connection:
            connection.execute(schema)
            yield connection
    except sqlite3.DatabaseError as error:
        # The primary code, without SQLite's extension.
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DAMAGED:
            raise
        raise damaged(str(error)) from error


@contextmanager
def read_sqlite(file: Path, timeout: float) -> Iterator[sqlite3.Connection]:
    """Open a SQLite file read-only, waiting up to `timeout` seconds for a writer."""
    uri = f"{file.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, timeout=timeout)) as connection:
        yield connection
