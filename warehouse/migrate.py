"""Migrate: bring a warehouse file to this code's schema, by numbered SQL files, each recorded.

All that a file lacks is one transaction. In DuckDB a table that was updated cannot be altered later in the
same transaction, so a migration that changes such a table (quotes, by number 2) makes it anew:
`create or replace table … as select`. The stored files of earlier schemas in the tests show whether it works.
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
from ontherecord.warehouse.disk_space import remove
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.lake import adapt_ddl, write_lock_of
from ontherecord.warehouse.marts import marts_are_current
from ontherecord.warehouse.publish import atomic_replace, attach_new
from ontherecord.warehouse.tables import count_change, duckdb_of, migrations


def make_writer(home: DataDir) -> None:
    """Make an empty writer's file where there is none, in one step.

    DuckDB writes a new file in several: a run that dies in between, or a full disk, would leave one that
    cannot be opened again.
    """
    if home.writer.exists():
        return
    draft = home.folder / f".writer.{os.getpid()}.duckdb"
    try:
        with closing(duckdb.connect()) as connection:
            attach_new(connection, draft, "draft")
        atomic_replace(draft, home.writer)
    finally:
        remove(draft)


def migrate(engine: Engine) -> int:
    """Apply the migrations that the file has not seen, all of them or none; return how many.

    A file whose migrations or marts are those of older code counts as changed, and is published anew.

    Number 0 makes the table that records the others, and is not recorded itself.

    Raises WarehouseError if the file was written by a newer version of the code, cannot be opened, or a
    migration fails: the file stays as it was. What DuckDB says of a damaged file is raised as it comes.
    """
    files = _files()
    first = files.pop(0).read_text(encoding="utf-8")
    try:
        with engine.begin() as connection:
            duckdb_of(connection).execute(adapt_ddl(connection, first))
            applied = set(connection.scalars(select(migrations.c.number)))
            if newer := sorted(applied - set(files)):
                raise WarehouseError(
                    f"The warehouse {engine.url.database} has migration {newer[-1]}, which this version of "
                    f"On the Record does not know (its last is {max(files)}). Update ontherecord, or use "
                    "another home."
                )
            outstanding = sorted(set(files) - applied)
            for number in outstanding:
                _apply(connection, number, files)
            if write_lock_of(engine):
                duckdb_of(connection).execute(sql.statement("lake", "published"))
            if outstanding or not marts_are_current(connection):
                count_change(connection)
    except (duckdb.Error, DBAPIError) as error:
        if is_corruption(error):
            raise
        raise WarehouseError(
            f"The warehouse {engine.url.database} cannot be brought to migration {max(files)}: "
            f"{error_text(error)}. It is unchanged. Use the version of ontherecord that last wrote it, and "
            "report this; if it is no warehouse at all, `ontherecord rebuild LANDING` makes it again."
        ) from error
    return len(outstanding)


def newest_migration() -> int:
    """Return the number of this code's last migration."""
    return max(_files())


def _files() -> dict[int, Traversable]:
    return {int(file.name.split("_", 1)[0]): file for file in sql.statements("migrations")}


def _apply(connection: Connection, number: int, files: Mapping[int, Traversable]) -> None:
    """Apply one migration and record it, as part of the transaction that is open."""
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
