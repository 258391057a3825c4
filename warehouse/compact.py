"""Compact: the writer's file written anew, without the room that changed rows leave.

At the end of runs that change much, and part of maintain.
"""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import duckdb

from ontherecord import sql
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.disk_space import remove
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.health import wal_of
from ontherecord.warehouse.memory import MEMORY_MB, limited_to
from ontherecord.warehouse.publish import atomic_replace
from ontherecord.warehouse.rebuild import copy_database
from ontherecord.warehouse.storage import free_space


def compact_writer(home: DataDir, most_free: float = 1 / 5, most_bytes: int = 0) -> int:
    """Write the writer's file anew if more than a share and so many bytes of it are free.

    Returns how many bytes it lost.

    The caller has the writer's lock, and no connection. The old file stays until the new one is known to have
    the same rows.

    Raises WarehouseError if it has not, or cannot be read or written.
    """
    try:
        return _compact(home, most_free, most_bytes)
    except (duckdb.Error, OSError) as error:
        raise WarehouseError(
            f"{home.writer} could not be written anew: {error}. It stays as it is, whole; "
            "see that the disk has room for a second one, and run `ontherecord maintain` again."
        ) from error


def _compact(home: DataDir, most_free: float, most_bytes: int) -> int:
    with closing(duckdb.connect(str(home.writer), config=limited_to(MEMORY_MB))) as connection:
        connection.execute("checkpoint")
        room = free_space(connection)
        if room.free_share <= most_free or room.free_bytes <= most_bytes:
            return 0
    if wal_of(home.writer).exists():  # it belongs to the old file, and would be lost
        return 0
    draft = home.folder / f".writer.{os.getpid()}.duckdb"
    try:
        copy_database(home.writer, draft)
        if _rows(draft) != _rows(home.writer):
            raise WarehouseError(
                f"The compacted copy of {home.writer} has other rows than it; the file stays as it is. "
                "Run `ontherecord doctor`, and report this."
            )
        saved = home.writer.stat().st_size - draft.stat().st_size
        draft.chmod(home.writer.stat().st_mode & 0o777)
        atomic_replace(draft, home.writer)
    finally:
        remove(draft)
    return saved


def _rows(file: Path) -> list[tuple[object, ...]]:
    """Return a fingerprint of each table's rows."""
    with closing(duckdb.connect(str(file), read_only=True, config=limited_to(MEMORY_MB))) as connection:
        statements = connection.execute(sql.statement("doctor", "tables")).fetchall()
        return [row for (statement,) in statements for row in connection.execute(statement).fetchall()]
