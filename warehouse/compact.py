"""Compaction: rewrite the writer's file without the space that changed rows left unused.

Runs that change a lot end with it; so does maintain.
"""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import duckdb

from ontherecord import sql
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import free_space, wal_of
from ontherecord.warehouse.disk_space import remove_draft
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.memory import MEMORY_MB, memory_config
from ontherecord.warehouse.publish import atomic_replace
from ontherecord.warehouse.rebuild import copy_database


def compact_writer(home: DataDir, most_free: float = 1 / 5, most_bytes: int = 0) -> int:
    """Rewrite the writer's file if more than a share and a number of bytes of it are unused.

    Returns the number of bytes saved. The caller holds the writer's lock and has no open connection. The old
    file is replaced once the new one is known to have the same rows.

    Raises WarehouseError if the rows differ, or a file cannot be read or written.
    """
    try:
        return _compact(home, most_free, most_bytes)
    except (duckdb.Error, OSError) as error:
        raise WarehouseError(
            f"{home.writer} could not be compacted: {error}. It is unchanged. Check that the disk has room "
            "for a second copy, then run `ontherecord maintain` again."
        ) from error


def remove_deleted_bytes(home: DataDir) -> None:
    """Rewrite the writer's file if it may have bytes of rows that were taken down.

    The mark stays until that is done. The caller holds the writer's lock and has no open connection.

    Raises WarehouseError as compact_writer does.
    """
    if not home.rewrite_mark.exists() or home.lake:
        return
    compact_writer(home, -1, -1)
    if wal_of(home.writer).exists():
        raise WarehouseError(
            f"{home.writer} could not be rewritten, since its log is still there. Run `ontherecord doctor "
            "--fix`, then any command that writes: it removes the bytes of what was taken down."
        )
    home.rewrite_mark.unlink()


def _compact(home: DataDir, most_free: float, most_bytes: int) -> int:
    with closing(duckdb.connect(str(home.writer), config=memory_config(MEMORY_MB))) as connection:
        connection.execute("checkpoint")
        space = free_space(connection)
        if space.free_share <= most_free or space.free_bytes <= most_bytes:
            return 0
    if wal_of(home.writer).exists():  # it belongs to the old file and would be lost
        return 0
    home.spare.unlink(missing_ok=True)  # no block of the new file will be where it was
    draft = home.folder / f".writer.{os.getpid()}.duckdb"
    try:
        copy_database(home.writer, draft)
        if _rows(draft) != _rows(home.writer):
            raise WarehouseError(
                f"The compacted copy of {home.writer} has different rows, so the file was left unchanged. "
                "Run `ontherecord doctor`, and report this as a bug."
            )
        saved = home.writer.stat().st_size - draft.stat().st_size
        draft.chmod(home.writer.stat().st_mode & 0o777)
        atomic_replace(draft, home.writer)
    finally:
        remove_draft(draft)
    return saved


def _rows(file: Path) -> list[tuple[object, ...]]:
    """Return a fingerprint of each table's rows."""
    with closing(duckdb.connect(str(file), read_only=True, config=memory_config(MEMORY_MB))) as connection:
        statements = connection.execute(sql.statement("doctor", "tables")).fetchall()
        return [row for (statement,) in statements for row in connection.execute(statement).fetchall()]
