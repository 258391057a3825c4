"""Quarantine: invalid files, whose bytes are stored until they are fixed."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from ontherecord import sql
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import duckdb_of
from ontherecord.warehouse.publish import atomic_replace, sync_folder
from ontherecord.warehouse.records import InFile, RawFile


@dataclass(frozen=True, slots=True)
class QuarantinedDelivery:
    """A quarantined file, or article of a file with many, whose bytes are stored, and the rules it failed."""

    source_path: str
    content_sha256: str
    bytes: int
    modified_ns: int
    rules: frozenset[str]
    in_file: InFile | None = None


def read_quarantined(engine: Engine) -> list[QuarantinedDelivery]:
    """Return the files whose newest delivery is quarantined, except unreadable ones, which have no bytes."""
    with engine.connect() as connection:
        rows = duckdb_of(connection).execute(sql.statement("quarantine", "quarantined")).fetchall()
    return [
        QuarantinedDelivery(
            path, content, size, modified, frozenset(rules), InFile(file, key, number) if file else None
        )
        for path, content, size, modified, rules, file, key, number in rows
    ]


def store_bytes(home: DataDir, raw: RawFile) -> Path:
    """Store a file's bytes under their SHA-256, flushed to disk; return the path."""
    stored = stored_file(home, raw.content_sha256)
    if stored.exists():
        return stored
    if not stored.parent.exists():
        stored.parent.mkdir(parents=True)
        sync_folder(home.quarantine)
        sync_folder(home.folder)
    draft = home.quarantine / f".{raw.content_sha256}.{os.getpid()}"
    try:
        with raw.open() as source, draft.open("wb") as target:
            shutil.copyfileobj(source, target)
        atomic_replace(draft, stored)
    finally:
        draft.unlink(missing_ok=True)
    return stored


def stored_file(home: DataDir, content_sha256: str) -> Path:
    """Return the path for the bytes of a content: named by us, never by the sender."""
    return home.quarantine / content_sha256[:2] / content_sha256
