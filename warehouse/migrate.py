"""Migrations: numbered SQL files that bring a warehouse to the current schema; each is recorded once applied.

All missing migrations are applied in one transaction. DuckDB cannot alter a table that was updated earlier in
the same transaction, so a migration that alters such a table (those with ids, updated by number 15) must
recreate it with `create or replace table`. A migration refuses a warehouse that it cannot bring along with
`error('refused: …')`; the user gets to read the rest. The tests migrate stored files of earlier schemas.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from importlib.resources.abc import Traversable

import duckdb
from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import DBAPIError

from ontherecord import sql
from ontherecord.warehouse.corruption import error_text, is_corruption
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import duckdb_of
from ontherecord.warehouse.disk_space import remove_draft
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.lake import adapt_ddl, write_lock_of
from ontherecord.warehouse.marts import marts_are_current
from ontherecord.warehouse.memory import retry_with_more_memory
from ontherecord.warehouse.publish import atomic_replace, attach_new
from ontherecord.warehouse.schema_number import newest_migration
from ontherecord.warehouse.tables import count_change, migrations

_REFUSED = "Invalid Input Error: refused: "
_FAILED = (
    "It is unchanged. Use the version of ontherecord that last wrote it, and report this as a bug. If the "
    "file is not a warehouse, run `ontherecord rebuild LANDING`."
)


def create_writer(home: DataDir) -> None:
    """Create an empty writer's file, atomically, if there is none.

    DuckDB creates a file in several steps: a run killed in between, or a full disk, would leave a file that
    cannot be opened.
    """
    if home.writer.exists():
        return
    draft = home.folder / f".writer.{os.getpid()}.duckdb"
    try:
        with closing(duckdb.connect()) as connection:
            attach_new(connection, draft, "draft")
        atomic_replace(draft, home.writer)
    finally:
        remove_draft(draft)


def migrate(engine: Engine) -> int:
    """Apply all missing migrations, or none; return how many.

    A warehouse with missing migrations or outdated marts counts as changed, so it is published again. Number
    0 creates the table that records the others, and is not recorded itself.

    Raises WarehouseError if a newer version wrote the warehouse, it cannot be opened, or a migration fails or
    refuses it; it is unchanged then. DuckDB's error about a corrupt file is passed on.
    """
    try:
        return _apply_missing(engine)
    except (duckdb.Error, DBAPIError) as error:
        if is_corruption(error):
            raise
        before, refused, reason = error_text(error).partition(_REFUSED)
        raise WarehouseError(
            f"The warehouse {engine.url.database} cannot be migrated to number {newest_migration()}: "
            + (f"{reason}. It is unchanged." if refused else f"{before}. {_FAILED}")
        ) from error


@retry_with_more_memory
def _apply_missing(engine: Engine) -> int:
    """Apply all missing migrations in one transaction; return how many."""
    files = _files()
    first = files.pop(0).read_text(encoding="utf-8")
    with engine.begin() as connection:
        duckdb_of(connection).execute(adapt_ddl(connection, first))
        applied = set(connection.scalars(select(migrations.c.number)))
        if newer := sorted(applied - set(files)):
            raise WarehouseError(
                f"The warehouse {engine.url.database} has migration {newer[-1]}, but the last one of "
                f"this version is {max(files)}. Update ontherecord, or name another home with --home."
            )
        outstanding = sorted(set(files) - applied)
        for number in outstanding:
            _apply(connection, number, files)
        if write_lock_of(engine):
            duckdb_of(connection).execute(sql.statement("lake", "published"))
        if outstanding or not marts_are_current(connection):
            count_change(connection)
    return len(outstanding)


def _files() -> dict[int, Traversable]:
    return {int(file.name.split("_", 1)[0]): file for file in sql.statements("migrations")}


def _apply(connection: Connection, number: int, files: Mapping[int, Traversable]) -> None:
    """Apply and record one migration in the open transaction."""
    text = files[number].read_text(encoding="utf-8")
    duckdb_of(connection).execute(adapt_ddl(connection, text))
    connection.execute(
        insert(migrations).values(
            number=number,
            name=files[number].name,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            applied_at=datetime.now(UTC).replace(tzinfo=None),
        )
    )
