"""The schema's number: that of the newest migration, of this code and of a warehouse that was published."""

from __future__ import annotations

import duckdb

from ontherecord import sql
from ontherecord.warehouse.errors import WarehouseError


def newest_migration() -> int:
    """Return the number of the last migration that this version has."""
    return max(int(file.name.split("_", 1)[0]) for file in sql.statements("migrations"))


def migration_of(connection: duckdb.DuckDBPyConnection) -> int | None:
    """Return the number of the last migration of a warehouse, None if it has no table of them."""
    try:
        row = connection.execute("select max(number) from ops.migrations").fetchone()
    except duckdb.CatalogException:
        return None
    return row[0] if row else None


def other_schema(connection: duckdb.DuckDBPyConnection, name: str) -> str | None:
    """Say what to do about a published warehouse that another version wrote; None if this one reads it.

    `name` is what the message calls the warehouse.
    """
    found, newest = migration_of(connection), newest_migration()
    if found == newest:
        return None
    if found is None:
        return f"{name} is no warehouse: it has no table ops.migrations. Name another home with --home."
    if found > newest:
        return (
            f"{name} was published by a newer version of On the Record: it has schema {found}, and this "
            f"version reads {newest}. Update ontherecord, or query the file with `ontherecord sql`."
        )
    return (
        f"{name} was published by an earlier version of On the Record: it has schema {found}, and this "
        f"version reads {newest}. Run `ontherecord publish`, which migrates the warehouse and publishes it, "
        "or wait for the next run. Nothing is lost, and `ontherecord sql` can query the file as it is."
    )


def require_this_schema(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Raise WarehouseError, saying what to do, if another version published the warehouse."""
    if problem := other_schema(connection, name):
        raise WarehouseError(problem)
