"""Storage: how DuckDB writes the warehouse's files, the writer's and the published one alike."""

from __future__ import annotations

from typing import Any

import sql
from warehouse.memory import Config

# The oldest DuckDB that is to open them. It knows texts compressed by zstd, which take a ninth of the room.
VERSION = "v1.4.0"
# The mean length from which texts are compressed so. DuckDB packs shorter ones itself, quicker to read.
_LEAST_COMPRESSED = 256


def settings() -> Config:
    """Return the settings that a connection needs which writes such a file."""
    return {"zstd_min_string_length": _LEAST_COMPRESSED}


def is_compact(duckdb: Any, room: int = 0) -> bool:
    """Say whether a copy of the connection's file by its bytes is about as small as one by its rows.

    So is one with less than `room` free bytes.
    """
    given = {"version": VERSION, "room": room}
    (compact,) = duckdb.execute(sql.statement("storage", "compact"), given).fetchone()
    return bool(compact)
