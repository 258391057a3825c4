"""One exported file: written to a draft, put in place whole, and what killed exports left is removed."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ontherecord.warehouse.errors import ExportError
from ontherecord.warehouse.lock import is_alive
from ontherecord.warehouse.publish import atomic_replace


@contextmanager
def exported_file(file: Path) -> Iterator[Path]:
    """Yield the draft to write to; rename it to the file in the end, or remove it after an error.

    Other drafts of the block begin with the same name.

    Raises ExportError if the file cannot be written.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        _remove_drafts(file)
        yield draft
        atomic_replace(draft, file)
    except (OSError, duckdb.IOException, sqlite3.OperationalError) as error:
        raise ExportError(
            f"{file} cannot be written: {error}. With --out, name a file in a folder that exists, is "
            "writable and has free space."
        ) from error
    finally:
        _remove_drafts(file)


def drafts_of(file: Path) -> list[tuple[Path, int]]:
    """Return the drafts of a file, with the ids of the processes that are writing them or were killed."""
    name = re.compile(rf"\.{re.escape(file.name)}\.(\d+)(?:[-.].*)?")
    try:
        found = [(path, name.fullmatch(path.name)) for path in file.parent.iterdir()]
    except OSError:
        return []
    return [(path, int(match[1])) for path, match in found if match]


def _remove_drafts(file: Path) -> None:
    """Remove the drafts of this process and of killed ones."""
    for draft, pid in drafts_of(file):
        if pid == os.getpid() or not is_alive(pid):
            if draft.is_dir():
                shutil.rmtree(draft)
            else:
                draft.unlink(missing_ok=True)
