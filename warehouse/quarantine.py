"""Quarantine: what the tables say of invalid files; their bytes are stored until they are fixed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
from sqlalchemy import Engine, func, select

from ontherecord import sql
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import duckdb_of
from ontherecord.warehouse.quarantine_bytes import remove_bytes
from ontherecord.warehouse.records import InFile
from ontherecord.warehouse.tables import count_change, deliveries


@dataclass(frozen=True, slots=True)
class QuarantinedDelivery:
    """A quarantined file, or article of a file with many, whose bytes are stored, and the rules it failed."""

    source_path: str
    content_sha256: str
    bytes: int
    modified_ns: int
    rules: frozenset[str]
    in_file: InFile | None = None


def read_quarantined(engine: Engine, due_at: datetime | None = None) -> list[QuarantinedDelivery]:
    """Return the files whose newest delivery is quarantined, except unreadable ones, which have no bytes.

    With `due_at`, a time in UTC, only those that were held until then, and for no other reason.
    """
    with engine.connect() as connection:
        rows = duckdb_of(connection).execute(sql.statement("quarantine", "quarantined"), {"due_at": due_at})
        found = rows.fetchall()
    return [
        QuarantinedDelivery(
            path, content, size, modified, frozenset(rules), InFile(*in_file) if in_file[0] else None
        )
        for path, content, size, modified, rules, *in_file in found
    ]


def count_waiting(engine: Engine) -> int:
    """Return how many files, and articles of files with many, are in quarantine now."""
    c = deliveries.c
    query = select(func.count()).where(c.is_current, c.status == "quarantined")
    with engine.connect() as connection:
        return connection.execute(query).scalar_one()


def dismiss(engine: Engine, deliveries: Iterable[QuarantinedDelivery], why: str, at: datetime) -> None:
    """Record that nobody will fix these files, and why; they stay in the ledger. `at` is in UTC."""
    paths = [delivery.source_path for delivery in deliveries]
    if not paths:
        return
    with engine.begin() as connection:
        duckdb = duckdb_of(connection)
        duckdb.register("dismissed_files", pa.table({"source_path": pa.array(paths, pa.string())}))
        try:
            for name in ("dismiss_reasons", "dismiss_deliveries"):
                values = {"why": why, "at": at} if name == "dismiss_reasons" else None
                duckdb.execute(sql.statement("quarantine", name), values)
        finally:
            duckdb.unregister("dismissed_files")
        count_change(connection)


def read_held(engine: Engine) -> list[QuarantinedDelivery]:
    """Return the files whose newest delivery is quarantined, with unreadable ones, whose content is empty."""
    with engine.connect() as connection:
        rows = duckdb_of(connection).execute(sql.statement("quarantine", "held")).fetchall()
    return [QuarantinedDelivery(path, content, 0, 0, frozenset(rules)) for path, content, rules in rows]


def remove_dismissed_bytes(home: DataDir, engine: Engine, *, after_kill: bool = False) -> int:
    """Remove the kept bytes of contents that are dismissed, and in quarantine under no path; return how many.

    With `after_kill`, only if no run has ended since one that dismissed files was killed.
    """
    with engine.connect() as connection:
        rows = duckdb_of(connection).execute(
            sql.statement("quarantine", "dismissed_contents"), {"after_kill": after_kill}
        )
        contents = [content for (content,) in rows.fetchall()]
    return remove_bytes(home, contents) if contents else 0
