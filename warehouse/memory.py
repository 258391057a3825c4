"""Memory: how much of it DuckDB may take. For every connection of the pipeline's own."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import duckdb
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from ontherecord.warehouse.machine import machine_memory

P = ParamSpec("P")
T = TypeVar("T")

# What DuckDB takes as its configuration.
Config = dict[str, str | bool | int | float | list[str]]

# DuckDB's own choice, four fifths of the machine's memory, would leave workers none: it keeps what it has
# read until there is no more room.
MEMORY_MB = 256
# Of the machine's memory, when there is no other way. Workers are done or idle where that much is asked for.
_LARGEST_SHARE = 0.5
_UNITS = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}


def limited_to(memory_mb: int) -> Config:
    """Return DuckDB's configuration for so many megabytes; what needs more uses the disk."""
    return {"memory_limit": f"{memory_mb}MB"}


def limit_of(engine: Engine) -> Config:
    """Return the configuration that gives another connection what the engine's may take."""
    with engine.connect() as connection:
        limit = connection.exec_driver_sql("select current_setting('memory_limit')").scalar_one()
    return {"memory_limit": limit}


def retry_with_more_memory(
    work: Callable[Concatenate[Engine, P], T],
) -> Callable[Concatenate[Engine, P], T]:
    """Have work in one transaction done again with twice the memory when DuckDB runs out of it.

    Not all that DuckDB does can use the disk: lists and joined strings of a group, for one. What needs more
    than half the machine's memory fails as before, with DuckDB's error.
    """

    @wraps(work)
    def done(engine: Engine, /, *given: P.args, **named: P.kwargs) -> T:
        while True:
            try:
                return work(engine, *given, **named)
            except (duckdb.OutOfMemoryException, DBAPIError) as error:
                if not _is_lack_of_memory(error) or not _double(engine):
                    raise

    return done


def _is_lack_of_memory(error: Exception) -> bool:
    cause: Any = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(cause, duckdb.OutOfMemoryException)


def _double(engine: Engine) -> bool:
    """Give the engine twice the memory, and say whether there is as much to give."""
    number, unit = str(limit_of(engine)["memory_limit"]).split()
    limit = int(2 * float(number) * _UNITS[unit])
    if limit > _LARGEST_SHARE * machine_memory():
        return False
    with engine.connect() as connection:
        connection.exec_driver_sql(f"set memory_limit = '{limit}B'")
    return True
