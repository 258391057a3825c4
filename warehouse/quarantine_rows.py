"""Quarantined rows: the bytes of small articles of files with many, in one SQLite file.

A table may have a million bad rows. A file each would take a block of the disk, an inode and a flush for a
few hundred bytes: ten minutes for 100,000. SQLite takes a batch in one transaction with one flush.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.sqlite_file import open_sqlite, read_sqlite

# Up to this size, SQLite is faster than the file system (sqlite.org/intern-v-extern-blob.html).
ROW_BYTES = 100_000
# Of its own key, so that bytes are appended: by content, each row would go to another page.
_SCHEMA = "create table if not exists rows (content_sha256 blob not null unique, bytes blob not null)"
_READ_SECONDS = 5


class QuarantineRows:
    """Bytes by their SHA-256 (64 hexadecimal digits), in a file that need not be there yet.

    Each method raises WarehouseError if the file is damaged, PermissionError if this user may not read it.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def put(self, rows: Iterable[tuple[str, bytes]]) -> None:
        """Store the bytes of contents, flushed to disk, in one transaction."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as connection:
            # The ledger must never be ahead of the bytes: `extra` flushes the folder too.
            connection.execute("pragma synchronous = extra")
            with connection:
                values = ((bytes.fromhex(content), kept) for content, kept in rows)
                connection.executemany("insert or ignore into rows values (?, ?)", values)

    def get(self, content_sha256: str) -> bytes | None:
        """Return the bytes of a content, None if they are not here. Writes nothing."""
        query = "select bytes from rows where content_sha256 = ?"
        return next((kept for (kept,) in self._read(query, [bytes.fromhex(content_sha256)])), None)

    def all(self) -> Iterator[tuple[str, bytes]]:
        """Yield each content and its bytes. Writes nothing."""
        for content, kept in self._read("select content_sha256, bytes from rows"):
            yield content.hex(), kept

    def contents(self) -> set[str]:
        """Return the SHA-256 of each content. Writes nothing."""
        return {content.hex() for (content,) in self._read("select content_sha256 from rows")}

    def remove(self, contents: Iterable[str]) -> int:
        """Remove the bytes of contents, overwritten with zeros; return how many there were."""
        wanted = [(bytes.fromhex(content),) for content in {*contents}]
        if not wanted or not self._file.exists():
            return 0
        with self._open() as connection:
            connection.execute("pragma secure_delete = on")
            with connection:
                removed = connection.executemany("delete from rows where content_sha256 = ?", wanted).rowcount
            (free,) = connection.execute("pragma freelist_count").fetchone()
            (pages,) = connection.execute("pragma page_count").fetchone()
            if free > pages // 2:
                connection.execute("vacuum")
        return removed

    def copy_to(self, copy: Path) -> None:
        """Copy a consistent snapshot, even while another process writes."""
        for _ in self._read("vacuum into ?", [str(copy)]):
            pass

    def roll_back(self) -> None:
        """Undo what a killed process left half written, if there is any: readers cannot."""
        if self._file.with_name(f"{self._file.name}-journal").exists():
            with self._open():
                pass

    def _open(self) -> AbstractContextManager[sqlite3.Connection]:
        return open_sqlite(self._file, _SCHEMA, self._damaged)

    def _read(self, query: str, values: Iterable[object] = ()) -> Iterator[tuple[Any, ...]]:
        if not self._file.exists():
            return
        if not os.access(self._file, os.R_OK, effective_ids=True):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fspath(self._file))
        try:
            with read_sqlite(self._file, _READ_SECONDS) as connection:
                yield from connection.execute(query, tuple(values))
        except sqlite3.OperationalError as error:
            raise WarehouseError(
                f"{self._file} cannot be read now ({error}): it is being written, or a run was killed while "
                "writing it. Try again after the next run."
            ) from error
        except sqlite3.DatabaseError as error:
            raise self._damaged(str(error)) from error

    def _damaged(self, why: str) -> WarehouseError:
        return WarehouseError(
            f"{self._file}, which has the bytes of quarantined rows, is damaged ({why}). Restore it from a "
            "backup, or run `ontherecord doctor --fix`, which moves it aside, and deliver their files again."
        )
