"""The memory limit of DuckDB, for every connection of the pipeline."""

from __future__ import annotations

import resource
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import duckdb
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from ontherecord.warehouse.errors import PipelineError
from ontherecord.warehouse.machine import machine_memory

P = ParamSpec("P")
T = TypeVar("T")

# The type of DuckDB's configuration.
Config = dict[str, str | bool | int | float | list[str]]

# DuckDB's default, 80% of the machine's memory, would leave workers none: it keeps data in memory up to the
# limit.
MEMORY_MB = 256
# The largest share of the machine's memory to retry with. Workers are done or idle at those steps.
_MAX_SHARE = 0.5
# A run on two processors needs less than three quarters of it, most of it never used.
_LEAST_ADDRESSES = 4_000_000_000
# What is left to a connection that does nothing.
_KEPT = "8MB"
_UNITS = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}


def require_addresses() -> None:
    """Raise PipelineError if this process may use too few addresses for a run (`ulimit -v`).

    DuckDB does not fail then: a query whose helper thread gets no memory may wait for it for ever.
    """
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit != resource.RLIM_INFINITY and limit < _LEAST_ADDRESSES:
        raise PipelineError(
            f"There is not enough memory: this process may use {limit:,} bytes of addresses, and a run needs "
            f"{_LEAST_ADDRESSES:,}. Raise the limit with `ulimit -v unlimited` in the shell, or LimitAS= in "
            "a unit of systemd; a limit of the container counts what is used, and may be lower."
        )


def memory_config(memory_mb: int) -> Config:
    """Return the configuration for a limit in megabytes; DuckDB spills to disk beyond it."""
    return {"memory_limit": f"{memory_mb}MB"}


def memory_config_of(engine: Engine) -> Config:
    """Return the configuration with the engine's current limit, for another connection."""
    with engine.connect() as connection:
        limit = connection.exec_driver_sql("select current_setting('memory_limit')").scalar_one()
    return {"memory_limit": limit}


def release_memory(engine: Engine) -> None:
    """Have DuckDB drop the parts of the engine's file that it keeps in memory, before others need it.

    It keeps them up to its limit, and reads them again when they are needed.
    """
    limit = _limit(engine)
    with engine.connect() as connection:
        with suppress(DBAPIError):  # more than that is in use
            connection.exec_driver_sql(f"set memory_limit = '{_KEPT}'")
        connection.exec_driver_sql(f"set memory_limit = '{limit}B'")


def retry_with_more_memory(
    work: Callable[Concatenate[Engine, P], T],
) -> Callable[Concatenate[Engine, P], T]:
    """Retry a function that is one transaction with twice the memory when DuckDB runs out of it.

    Some operations of DuckDB cannot spill to disk, such as `list` and `string_agg`. Beyond half of the
    machine's memory, DuckDB's error is raised.
    """

    @wraps(work)
    def wrapper(engine: Engine, /, *args: P.args, **kwargs: P.kwargs) -> T:
        while True:
            try:
                return work(engine, *args, **kwargs)
            except (duckdb.OutOfMemoryException, DBAPIError) as error:
                if not _is_out_of_memory(error) or not _double_limit(engine):
                    raise

    return wrapper


def _is_out_of_memory(error: Exception) -> bool:
    cause: Any = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(cause, duckdb.OutOfMemoryException)


def _double_limit(engine: Engine) -> bool:
    """Double the engine's limit if the machine has that much memory; say whether it was done."""
    limit = 2 * _limit(engine)
    if limit > _MAX_SHARE * machine_memory():
        return False
    with engine.connect() as connection:
        connection.exec_driver_sql(f"set memory_limit = '{limit}B'")
    return True


def _limit(engine: Engine) -> int:
    """Return the engine's limit in bytes, which DuckDB tells cut to a tenth of a unit."""
    number, unit = str(memory_config_of(engine)["memory_limit"]).split()
    return int((float(number) + 0.05) * _UNITS[unit])
