"""Quarantined bytes: kept whole until they are fixed, a file each, those of rows in one SQLite file.

All are known by their SHA-256, 64 hexadecimal digits, never by a name of the sender's.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.publish import sync_file, sync_folder
from ontherecord.warehouse.quarantine_rows import ROW_BYTES, QuarantineRows
from ontherecord.warehouse.records import RawFile
from ontherecord.warehouse.traces import remove_files

_CONTENT = re.compile(r"[0-9a-f]{64}")


def store_bytes(home: DataDir, raws: Iterable[RawFile]) -> None:
    """Store the bytes of files, and of articles of files with many, flushed to disk."""
    files: list[RawFile] = []
    rows: list[RawFile] = []
    for raw in raws:
        is_row = raw.landed.in_file is not None and raw.path is None and len(raw.kept) <= ROW_BYTES
        (rows if is_row else files).append(raw)
    if rows:
        in_rows(home).put((raw.content_sha256, raw.kept) for raw in rows)
        sync_folder(home.folder)
    if files:
        _store_files(home, files)


def _store_files(home: DataDir, raws: Iterable[RawFile]) -> None:
    """All are written before the first is flushed, and each folder is flushed once: a disk takes milliseconds
    for each flush.
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


def read_bytes(home: DataDir, content_sha256: str) -> bytes | None:
    """Return the bytes of a content as they are kept, None if they are missing."""
    try:
        return stored_file(home, content_sha256).read_bytes()
    except FileNotFoundError:
        return in_rows(home).get(content_sha256)


def all_bytes(home: DataDir) -> Iterator[tuple[str, bytes]]:
    """Yield each content that is kept, and its bytes."""
    for file in files_of(home):
        yield file.name, file.read_bytes()
    yield from in_rows(home).all()


def count_kept(home: DataDir, contents: Iterable[str]) -> int:
    """Return of how many of these contents the bytes are kept."""
    rows = in_rows(home)
    return sum(stored_file(home, c).exists() or rows.get(c) is not None for c in contents)


def remove_bytes(home: DataDir, contents: Iterable[str]) -> int:
    """Remove the bytes of contents; return how many there were."""
    wanted = {*contents}
    found = [file for file in (stored_file(home, content) for content in wanted) if file.exists()]
    remove_files(found)
    return len(found) + in_rows(home).remove(wanted)


def files_of(home: DataDir) -> list[Path]:
    """Return the files in quarantine that have bytes of their own, sorted; not those being written."""
    return sorted(file for file in home.quarantine.glob("*/*") if _CONTENT.fullmatch(file.name))


def in_rows(home: DataDir) -> QuarantineRows:
    """Return the bytes of quarantined rows."""
    return QuarantineRows(home.quarantined_rows)


def stored_file(home: DataDir, content_sha256: str) -> Path:
    """Return the path for the bytes of a file: named by us, never by the sender."""
    return home.quarantine / content_sha256[:2] / content_sha256
