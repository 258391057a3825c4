"""Compact: the writer's file written anew, without the room that changed rows leave.

At the end of runs that change much, and part of maintain.
"""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import duckdb

import sql
from warehouse.errors import WarehouseError
from warehouse.health import wal_of
from warehouse.home import Home
from warehouse.publish import put_in_place
from warehouse.rebuild import copy_database
from warehouse.room import remove
from warehouse.storage import is_compact


def compact_writer(home: Home, room: int = 0) -> int:
    """Write the writer's file anew if that makes it much smaller; return how many bytes it lost.

    One with less than `room` free bytes stays. The caller has the writer's lock, and no connection. The old
    file stays until the new one is known to have the same rows.

    Raises WarehouseError if it has not, or cannot be written.
    """
    with closing(duckdb.connect(str(home.writer))) as connection:
        connection.execute("checkpoint")
        if is_compact(connection, room):
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
        put_in_place(draft, home.writer)
    finally:
        remove(draft)
    return saved


def _rows(file: Path) -> list[tuple[object, ...]]:
    """Return a fingerprint of each table's rows."""
    with closing(duckdb.connect(str(file), read_only=True)) as connection:
        statements = connection.execute(sql.statement("doctor", "tables")).fetchall()
        return [row for (statement,) in statements for row in connection.execute(statement).fetchall()]
