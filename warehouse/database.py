"""DuckDB itself: the engine on a file, its storage format, free space, and its command-line client."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.pool import StaticPool

from ontherecord import sql
from ontherecord.warehouse.memory import MEMORY_MB, Config, memory_config

# A row of a query, by column name.
Row = dict[str, Any]

# The oldest DuckDB that can open our files. It is the first to compress texts with zstd, to a ninth of their
# size.
STORAGE_VERSION = "v1.4.0"
# Columns with a mean length from here on are compressed with zstd. DuckDB's own methods read short texts
# faster.
_ZSTD_MIN_LENGTH = 256
# Without this, DuckDB appends rows of a table with a key to its last row group, and a checkpoint writes all
# of that anew: up to 122,880 articles with their texts for each new one. With it, new rows begin a row group,
# as those of other tables do, and groups are put together as they grow. For tables of any size.
_NEW_ROW_GROUPS = 2**62


@dataclass(frozen=True, slots=True)
class FreeSpace:
    """The space in a file that changed rows left unused: in bytes, and as a share of the file, 0 to 1.

    The share is 1 for a file in an older storage format, so that it is rewritten.
    """

    free_bytes: int
    free_share: float


def open_engine(file: Path, *, read_only: bool = False, memory_mb: int = MEMORY_MB) -> Engine:
    """Return an engine on a DuckDB file, which stays locked until the engine is disposed of.

    It has a single connection, because a DuckDB transaction belongs to a connection. Work that needs more
    than `memory_mb` spills to a folder beside the file.
    """
    return create_engine(
        URL.create("duckdb", database=str(file)),  # not parsed: SQLAlchemy 2.1 would decode '%25' in a path
        connect_args={"read_only": read_only, "config": {**memory_config(memory_mb), **storage_config()}},
        poolclass=StaticPool,
    )


def duckdb_of(connection: Connection) -> Any:
    """Return the DuckDB connection below a SQLAlchemy one, for Arrow tables and multi-statement SQL."""
    return connection.connection.driver_connection


def as_rows(executed: Any) -> list[Row]:
    """Return the rows of a statement that DuckDB has executed."""
    names = [column[0] for column in executed.description or ()]
    return [dict(zip(names, row, strict=True)) for row in executed.fetchall()]


def storage_config() -> Config:
    """Return the configuration for a connection that writes warehouse files."""
    return {"zstd_min_string_length": _ZSTD_MIN_LENGTH, "vacuum_rebuild_indexes": _NEW_ROW_GROUPS}


def free_space(connection: Any) -> FreeSpace:
    """Return how much of the connection's file is unused."""
    statement = sql.statement("storage", "free_space")
    return FreeSpace(*connection.execute(statement, {"version": STORAGE_VERSION}).fetchone())


def wal_of(file: Path) -> Path:
    """Return the write-ahead log that DuckDB keeps beside a file."""
    return file.with_name(f"{file.name}.wal")


def duckdb_version() -> str:
    """Return the version of the DuckDB library."""
    return duckdb.__version__


def duckdb_client() -> str | None:
    """Return the path of the DuckDB command-line client, or None if its package is not installed.

    This is the package's binary, not the `duckdb` script beside Python, which dies of Ctrl-C during a query.
    """
    package = find_spec("duckdb_cli")
    client = Path(package.origin).with_name("duckdb") if package and package.origin else None
    return str(client) if client and client.exists() else None
