"""Searched: every file of a folder for words, in its bytes and in what it packs: tables and archives."""

from __future__ import annotations

import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import duckdb


def files_with(folder: Path, *words: str) -> list[str]:
    """Return the files below a folder that have one of the words, in lower or upper case; where, too."""
    found = []
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        for where, content in _contents(file):
            text = content.lower()
            found += [
                f"{file.relative_to(folder)} {where}: {word}"
                for word in words
                if any(word.encode(encoding) in text for encoding in ("utf-8", "utf-16-le"))
            ]
    return found


def _contents(file: Path) -> Iterator[tuple[str, bytes]]:
    content = file.read_bytes()
    yield "name", str(file.name).encode()
    yield "bytes", content
    if file.suffix == ".duckdb":
        yield from _of_duckdb(file)
    elif file.suffix == ".parquet":
        with closing(duckdb.connect()) as connection:
            rows = connection.execute("select * from read_parquet($1)", [str(file)]).fetchall()
            yield "rows", repr(rows).encode()
    elif content.startswith(b"SQLite format 3"):
        yield from _of_sqlite(file)
    elif zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                yield name, archive.read(name)
    else:
        with suppress(zlib.error):
            yield "packed", zlib.decompress(content[64:])  # a shared extract, behind its key


def _of_duckdb(file: Path) -> Iterator[tuple[str, bytes]]:
    with closing(duckdb.connect(str(file), read_only=True)) as connection:
        names = "select schema_name || '.' || table_name from duckdb_tables() where not internal"
        for (table,) in connection.execute(names).fetchall():
            yield table, repr(connection.execute(f"from {table}").fetchall()).encode()


def _of_sqlite(file: Path) -> Iterator[tuple[str, bytes]]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        for (table,) in connection.execute("select name from sqlite_master where type = 'table'").fetchall():
            for row in connection.execute(f'select * from "{table}"'):
                yield table, repr(row).encode()
                for value in row:
                    if isinstance(value, bytes):
                        with suppress(zlib.error):
                            yield table, zlib.decompress(value)
