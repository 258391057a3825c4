"""Storage: how DuckDB writes the warehouse's files, the writer's and the published one alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ontherecord import sql
from ontherecord.warehouse.memory import Config

# The oldest DuckDB that is to open them. It knows texts compressed by zstd, which take a ninth of the room.
VERSION = "v1.4.0"
# The mean length from which texts are compressed so. DuckDB packs shorter ones itself, quicker to read.
_LEAST_COMPRESSED = 256


def settings() -> Config:
    """Return the settings that a connection needs which writes such a file."""
    return {"zstd_min_string_length": _LEAST_COMPRESSED}


@dataclass(frozen=True, slots=True)
class FreeSpace:
    """What changed rows have left free in a file: in bytes, and as a share of it, 0 to 1.

    A file of an older format counts as free altogether.
    """

    free_bytes: int
    free_share: float


def free_space(duckdb: Any) -> FreeSpace:
    """Return how much of the connection's file is free."""
    return FreeSpace(*duckdb.execute(sql.statement("storage", "room"), {"version": VERSION}).fetchone())
