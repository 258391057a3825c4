"""Health: whether a warehouse file can be read to its last row, and what others are to agree with it on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ontherecord import sql
from ontherecord.warehouse.checks import CheckResult, run_checks
from ontherecord.warehouse.corruption import error_text
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.ledger import newest_deliveries
from ontherecord.warehouse.migrate import newest_migration
from ontherecord.warehouse.records import LedgerEntry
from ontherecord.warehouse.rows import as_rows


@dataclass(frozen=True, slots=True)
class Health:
    """What a look into a whole file came to: `broken` are the checks that do not hold."""

    change_no: int
    migration: int
    article_count: int
    running_count: int
    broken: tuple[CheckResult, ...]


@dataclass(frozen=True, slots=True)
class ExternalRefs:
    """What a warehouse says of things outside it.

    `ledger` has the newest delivery by path, `quarantined` a path by content whose bytes are to be kept,
    `extracted` content and extractor version of each article.
    """

    ledger: dict[str, LedgerEntry]
    quarantined: dict[str, str]
    extracted: list[tuple[str, str]]
    landing: str | None


def inspect(file: Path) -> Health:
    """Read every row of a warehouse file and run the checks; the file and its WAL stay as they are.

    Raises WarehouseError, in a few words, if that cannot be done to the end.
    """
    with _opened(file) as connection:
        state = as_rows(connection.execute(sql.statement("doctor", "state")))[0]
        for (statement,) in connection.execute(sql.statement("doctor", "tables")).fetchall():
            connection.execute(statement).fetchall()
        # A file of older code may lack what the checks ask for; it is brought up to date before a run.
        results = run_checks(connection) if state["migration"] == newest_migration() else []
        return Health(**state, broken=tuple(r for r in results if r.row_count))


def external_refs(file: Path) -> ExternalRefs:
    """Return what a warehouse file says of landing folder, kept bytes and kept extracts.

    Raises WarehouseError, in a few words, if it cannot be read.
    """
    with _opened(file) as connection:

        def rows(name: str) -> list[tuple[object, ...]]:
            return connection.execute(sql.statement("doctor", name)).fetchall()

        landing = rows("landing")
        return ExternalRefs(
            newest_deliveries(connection),
            {str(content): str(path) for content, path in rows("quarantined")},
            [(str(content), str(version)) for content, version in rows("extracts")],
            str(landing[0][0]) if landing else None,
        )


def healthy(file: Path) -> Health | None:
    """Return the health of a file that can be read to its end and breaks no check; None for any other."""
    try:
        health = inspect(file)
    except WarehouseError:
        return None
    return None if health.broken else health


def library_version() -> str:
    """Return the version of DuckDB that the pipeline writes with."""
    return duckdb.__version__


def wal_of(file: Path) -> Path:
    """Return where DuckDB keeps what is not in a file yet."""
    return file.with_name(f"{file.name}.wal")


@contextmanager
def _opened(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    try:
        with closing(duckdb.connect(str(file), read_only=True)) as connection:
            yield connection
    except (duckdb.Error, OSError) as error:
        raise WarehouseError(error_text(error)) from error
