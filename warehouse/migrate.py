"""Migrate: bring a warehouse file to this code's schema, by numbered SQL files, each recorded."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from sqlalchemy import Engine, insert, select, update

import sql
from warehouse.errors import WarehouseError
from warehouse.marts import marts_are_current
from warehouse.tables import duckdb_of, migrations, warehouse


def migrate(engine: Engine) -> int:
    """Apply the migrations that the file has not seen, each in a transaction; return how many.

    A file whose migrations or marts are those of older code counts as changed, and is published anew.

    Number 0 makes the table that records the others, and is not recorded itself.

    Raises WarehouseError if the file was written by a newer version of the code.
    """
    files = {int(file.name.split("_", 1)[0]): file for file in sql.statements("migrations")}
    with engine.begin() as connection:
        duckdb_of(connection).execute(files.pop(0).read_text(encoding="utf-8"))
        applied = set(connection.scalars(select(migrations.c.number)))
    if newer := sorted(applied - set(files)):
        raise WarehouseError(
            f"The warehouse {engine.url.database} has migration {newer[-1]}, which this version of On the "
            f"Record does not know (its last is {max(files)}). Update ontherecord, or use another home."
        )
    outstanding = sorted(set(files) - applied)
    for number in outstanding:
        text = files[number].read_text(encoding="utf-8")
        with engine.begin() as connection:
            duckdb_of(connection).execute(text)
            connection.execute(
                insert(migrations).values(
                    number=number,
                    name=files[number].name,
                    sha256=hashlib.sha256(text.encode()).hexdigest(),
                    applied_at=datetime.now(UTC).replace(tzinfo=None),
                )
            )
    if outstanding or not marts_are_current(engine):
        with engine.begin() as connection:
            connection.execute(update(warehouse).values(change_no=warehouse.c.change_no + 1))
    return len(outstanding)
