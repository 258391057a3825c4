"""Health: whether a warehouse file can be read completely, and what it says of the files around it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import duckdb

from ontherecord import sql
from ontherecord.warehouse.checks import CheckResult, run_checks
from ontherecord.warehouse.corruption import error_text
from ontherecord.warehouse.database import as_rows
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.ledger import newest_deliveries
from ontherecord.warehouse.records import LedgerEntry
from ontherecord.warehouse.schema_number import newest_migration


@dataclass(frozen=True, slots=True)
class Health:
    """The result of reading a whole file; `failed_checks` are the checks that rows violate."""

    change_no: int
    migration: int
    article_count: int
    running_count: int
    failed_checks: tuple[CheckResult, ...]


class Held(NamedTuple):
    """How many files an embargo holds, and until when the first and the last of them, in UTC."""

    article_count: int
    first_until: datetime
    last_until: datetime


@dataclass(frozen=True, slots=True)
class ExternalRefs:
    """What a warehouse refers to outside it.

    `ledger` has the newest delivery by path, `quarantined` a path by the SHA-256 of each quarantined content,
    `released` the same of those that were there before and are not now, `extracted` the content SHA-256 and
    extractor version of each article.
    """

    ledger: dict[str, LedgerEntry]
    quarantined: dict[str, str]
    released: dict[str, str]
    extracted: list[tuple[str, str]]
    landing: str | None
    held: Held | None = None


def inspect(file: Path) -> Health:
    """Read every row of a warehouse file and run the checks, without changing the file or its WAL.

    Raises WarehouseError, with DuckDB's message, if the file cannot be read completely.
    """
    with _open(file) as connection:
        state = as_rows(connection.execute(sql.statement("doctor", "state")))[0]
        for (statement,) in connection.execute(sql.statement("doctor", "tables")).fetchall():
            connection.execute(statement).fetchall()
        # An older file may lack tables that the checks read; the next run migrates it first.
        results = run_checks(connection) if state["migration"] == newest_migration() else []
        return Health(**state, failed_checks=tuple(r for r in results if r.row_count))


def external_refs(file: Path) -> ExternalRefs:
    """Return what a warehouse file refers to: landing folder, quarantined files and cached extracts.

    Raises WarehouseError, with DuckDB's message, if it cannot be read.
    """
    held = None
    with _open(file) as connection:

        def rows(name: str) -> list[tuple[object, ...]]:
            return connection.execute(sql.statement("doctor", name)).fetchall()

        landing, quarantined = rows("landing"), rows("quarantined")
        # A file that an earlier version wrote may have no embargoes; the next run migrates it.
        with suppress(duckdb.BinderException, duckdb.CatalogException):
            [found] = rows("held")
            held = Held(*found) if found[0] else None  # type: ignore[arg-type]
        return ExternalRefs(
            newest_deliveries(connection),
            {str(content): str(path) for content, path, is_held in quarantined if is_held},
            {str(content): str(path) for content, path, is_held in quarantined if not is_held},
            [(str(content), str(version)) for content, version in rows("extracts")],
            str(landing[0][0]) if landing else None,
            held,
        )


def healthy(file: Path) -> Health | None:
    """Return the health of a file that is readable and passes all checks, else None."""
    try:
        health = inspect(file)
    except WarehouseError:
        return None
    return None if health.failed_checks else health


@contextmanager
def _open(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    try:
        with closing(duckdb.connect(str(file), read_only=True)) as connection:
            yield connection
    except (duckdb.Error, OSError) as error:
        raise WarehouseError(error_text(error)) from error
