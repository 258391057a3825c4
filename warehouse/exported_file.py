"""One exported file: written to a draft, put in place whole, and an error says what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ontherecord.warehouse.drafts import draft_of
from ontherecord.warehouse.errors import ExportError


@contextmanager
def exported_file(file: Path) -> Iterator[Path]:
    """Yield the draft to write to; rename it to the file in the end, or remove it after an error.

    Other drafts of the block begin with the same name.

    Raises ExportError if the file cannot be written.
    """
    try:
        with draft_of(file) as draft:
            yield draft
    except (OSError, duckdb.IOException, sqlite3.OperationalError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise ExportError(
            f"{file} cannot be written: {why}. With --out, name a file in a folder that exists, is "
            "writable and has free space."
        ) from error
