"""Damage: a writer's file that is lost or cannot be read any more is told from other trouble."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb
from sqlalchemy.exc import DBAPIError

from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import WarehouseError, error_chain

# DuckDB has one class for all that goes wrong with files: its words tell damage from a full disk.
_SIGNS = ("corrupt", "not a valid duckdb database", "could not read enough bytes", "failure while replaying")


def is_corruption(error: BaseException) -> bool:
    """Say whether an error is DuckDB's about a file whose bytes are not what it wrote."""
    cause = getattr(error, "orig", error)
    return isinstance(cause, duckdb.Error) and any(sign in str(cause).lower() for sign in _SIGNS)


@contextmanager
def explain_corruption(home: DataDir) -> Iterator[None]:
    """Turn what a damaged writer's file raises in the block into WarehouseError that says how to fix it."""
    try:
        yield
    except (duckdb.Error, DBAPIError) as error:
        # What a run does about a first error, such as recording it, may fail by a second one.
        first = next((e for e in error_chain(error) if is_corruption(e)), None)
        if first is None:
            raise
        raise WarehouseError(
            f"The writer's file {home.writer} is damaged: {error_text(first)}. `ontherecord rebuild LANDING` "
            f"moves it aside and makes it again. {home.published.name} stays as it is meanwhile."
        ) from error


def error_text(error: BaseException) -> str:
    """Return what DuckDB says of an error, without SQLAlchemy's additions, in one line."""
    lines = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(".!")


def name_aside(file: Path, at: datetime) -> Path:
    """Return the name that a damaged file is moved aside to: nothing damaged is ever deleted."""
    return file.with_name(f"{file.name}.broken-{at:%Y%m%d-%H%M%S}")


def is_lost(home: DataDir) -> bool:
    """Say whether there is no writer's file, or an empty one."""
    return not home.writer.exists() or not home.writer.stat().st_size


def refuse_lost(home: DataDir) -> None:
    """Raise WarehouseError if the writer's file is gone (or empty) beside a published one.

    A run would make a new one, and publish it in the place of one that knows more.
    """
    if home.published.exists() and is_lost(home):
        raise WarehouseError(
            f"The writer's file {home.writer} is gone, but {home.published.name} is there. `ontherecord "
            "rebuild LANDING` makes it again from that, with all it knows of earlier versions and runs. "
            f"(To start anew instead, move {home.published.name} away too.)"
        )
