"""Marts: rebuild what analysts read, from SQL files. Between load and publish."""

from __future__ import annotations

from sqlalchemy import Engine

import sql
from warehouse.tables import duckdb_of


def build_marts(engine: Engine) -> int:
    """Rebuild all marts and macros in one transaction; return how many files that took."""
    files = [*sql.statements("marts"), *sql.statements("macros")]
    with engine.begin() as connection:
        duckdb = duckdb_of(connection)
        for file in files:
            duckdb.execute(file.read_text(encoding="utf-8"))
    return len(files)
