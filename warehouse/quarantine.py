"""Quarantine: quarantined files, their bytes kept until somebody has fixed them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from ontherecord import sql
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.publish import atomic_replace, sync_folder
from ontherecord.warehouse.records import RawFile
from ontherecord.warehouse.tables import duckdb_of


@dataclass(frozen=True, slots=True)
class QuarantinedDelivery:
    """A quarantined file whose bytes are kept, and the rules that it failed."""

    source_path: str
    content_sha256: str
    bytes: int
    modified_ns: int
    rules: frozenset[str]


def read_quarantined(engine: Engine) -> list[QuarantinedDelivery]:
    """Return the files whose newest delivery is quarantined; those that could not be read have no bytes."""
    with engine.connect() as connection:
        rows = duckdb_of(connection).execute(sql.statement("quarantine", "quarantined")).fetchall()
    return [
        QuarantinedDelivery(path, content, size, modified, frozenset(rules))
        for path, content, size, modified, rules in rows
    ]


def keep_bytes(home: DataDir, raw: RawFile) -> Path:
    """Keep a file's bytes under their SHA-256; they are on disk when this returns."""
    kept = kept_file(home, raw.content_sha256)
    if kept.exists():
        return kept
    if not kept.parent.exists():
        kept.parent.mkdir(parents=True)
        sync_folder(home.quarantine)
        sync_folder(home.folder)
    draft = home.quarantine / f".{raw.content_sha256}.{os.getpid()}"
    try:
        draft.write_bytes(raw.content)
        atomic_replace(draft, kept)
    finally:
        draft.unlink(missing_ok=True)
    return kept


def kept_file(home: DataDir, content_sha256: str) -> Path:
    """Return where the bytes of a content are kept: a name of our making, never the sender's."""
    return home.quarantine / content_sha256[:2] / content_sha256
