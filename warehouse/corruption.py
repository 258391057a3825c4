"""Corruption: recognize and explain a writer's file that is missing or damaged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb
from sqlalchemy.exc import DBAPIError

from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import WarehouseError, error_chain

# DuckDB raises one class for all file errors; only the message tells corruption from a full disk.
_SIGNS = ("corrupt", "not a valid duckdb database", "could not read enough bytes", "failure while replaying")


def is_corruption(error: BaseException) -> bool:
    """Say whether an error is DuckDB's report of a corrupt file."""
    cause = getattr(error, "orig", error)
    return isinstance(cause, duckdb.Error) and any(sign in str(cause).lower() for sign in _SIGNS)


@contextmanager
def explain_corruption(home: DataDir) -> Iterator[None]:
    """Turn the errors of a damaged writer's file into a WarehouseError that says how to fix it."""
    try:
        yield
    except (duckdb.Error, DBAPIError) as error:
        # Handling the first error, for example recording it, may have raised a second one.
        first = next((e for e in error_chain(error) if is_corruption(e)), None)
        if first is None:
            raise
        raise WarehouseError(
            f"The writer's file {home.writer} is damaged: {error_text(first)}. Run `ontherecord rebuild "
            f"LANDING`, which moves it aside and rebuilds it. {home.published.name} can be read meanwhile."
        ) from error


def error_text(error: BaseException) -> str:
    """Return the first line of an error's message, without SQLAlchemy's additions."""
    lines = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(".!")


def damaged_name(file: Path, at: datetime) -> Path:
    """Return the name to move a damaged file to: damaged files are never deleted."""
    return file.with_name(f"{file.name}.broken-{at:%Y%m%d-%H%M%S}")


def writer_missing(home: DataDir) -> bool:
    """Say whether the writer's file is missing or empty."""
    return not home.writer.exists() or not home.writer.stat().st_size


def require_warehouse(home: DataDir) -> None:
    """Raise WarehouseError if there is no warehouse to work on: neither a lake nor one of the two files."""
    if not home.lake and not home.writer.exists() and not home.published.exists():
        raise WarehouseError(
            f"There is no warehouse in {home.folder} yet. Run `ontherecord ingest LANDING` first, or name "
            "the right folder with --home."
        )


def require_writer(home: DataDir) -> None:
    """Raise WarehouseError if there is a published file but the writer's file is missing or empty.

    A run would create a new one and publish it, which would lose everything in the published file.
    """
    if home.published.exists() and writer_missing(home):
        raise WarehouseError(
            f"The writer's file {home.writer} is missing, but {home.published.name} exists. Run `ontherecord "
            "rebuild LANDING` to restore it from there, earlier versions and runs included. "
            f"(To start over, move {home.published.name} away too.)"
        )
