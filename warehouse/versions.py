"""Versions: the current and earlier contents of an article, read from the published file."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from ontherecord import sql
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.publish import open_published


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article; `superseded_at` is None for the current one."""

    version: int
    title: str
    supertitle: str | None
    section: str | None
    published_at: datetime
    dateline: str | None
    agency: str | None
    body: str
    word_count: int
    loaded_at: datetime
    superseded_at: datetime | None


def read_versions(home: DataDir, source_path: str) -> list[Version]:
    """Return the versions of an article, oldest first.

    Raises WarehouseError, with the most similar paths, if no article has this path.
    """
    with closing(open_published(home)) as connection:
        found = _rows(connection, "versions", source_path)
        if not found:
            closest = [path for (path,) in _rows(connection, "closest", source_path)]
            raise WarehouseError(_unknown(source_path, closest))
    return [Version(*row) for row in found]


def _rows(connection: duckdb.DuckDBPyConnection, name: str, source_path: str) -> list[tuple[Any, ...]]:
    return connection.execute(sql.statement("versions", name), {"source_path": source_path}).fetchall()


def _unknown(source_path: str, closest: list[str]) -> str:
    near = "".join(f"\n  {path!r}" for path in closest)
    return (
        f"No article has the path {source_path!r}. Use a path relative to the landing folder, as in "
        f"articles.source_path; for a quarantined file, run `ontherecord quarantine show`. "
        f"Most similar:{near or ' none'}"
    )
