"""Quarantine: invalid files, whose bytes are stored until they are fixed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from ontherecord import sql
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import duckdb_of
from ontherecord.warehouse.publish import sync_file, sync_folder
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
            path, content, size, modified, frozenset(rules), InFile(*in_file) if in_file[0] else None
        )
        for path, content, size, modified, rules, *in_file in rows
    ]


def store_bytes(home: DataDir, raws: Iterable[RawFile]) -> None:
    """Store the bytes of files under their SHA-256, flushed to disk.

    All are written before the first is flushed, and each folder is flushed once: a table may have thousands
    of bad rows, and a disk takes milliseconds for each flush.
    """
    drafts: dict[Path, Path] = {}
    makes_folder = False
    try:
        for raw in raws:
            stored = stored_file(home, raw.content_sha256)
            if stored in drafts or stored.exists():
                continue
            if not stored.parent.exists():
                stored.parent.mkdir(parents=True)
                makes_folder = True
            drafts[stored] = draft = home.quarantine / f".{raw.content_sha256}.{os.getpid()}"
            with raw.open() as source, draft.open("wb") as target:
                shutil.copyfileobj(source, target)
        if makes_folder:
            sync_folder(home.quarantine)
            sync_folder(home.folder)
        for stored, draft in drafts.items():
            sync_file(draft)
            draft.replace(stored)
        for folder in {stored.parent for stored in drafts}:
            sync_folder(folder)
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)


def stored_file(home: DataDir, content_sha256: str) -> Path:
    """Return the path for the bytes of a content: named by us, never by the sender."""
    return home.quarantine / content_sha256[:2] / content_sha256
