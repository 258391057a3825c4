"""Say where the bytes of a published file are: by table and column, with how each is compressed.

    python bench/disk.py HOME
    python bench/disk.py HOME --columns 40

Bytes of a column are those of its segments in the file. A block of it has segments of several columns,
and what lies between one and the next, or the end of the block, counts to the first. `elsewhere` is what no
column has: free blocks, indexes, and what the file keeps of itself. `texts` are headlines and bodies as zstd
packs them at level 3, a row group (122,880 rows) at a time: what the file is measured against.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

_MB = 1_000_000
_HEADERS = 3 * 4096


class Column(NamedTuple):
    table: str
    column: str


def main() -> None:
    """Print the tables and the largest columns of a home's published file."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument("home", type=Path)
    arguments.add_argument("--columns", type=int, default=30)
    given = arguments.parse_args()
    file = given.home / "warehouse.duckdb"
    with closing(duckdb.connect(str(file), read_only=True)) as connection:
        sizes, how = sizes_of(connection)
        texts = packed_texts(connection)
        free, block = connection.execute(
            "select free_blocks, block_size from pragma_database_size() "
            "where database_name = current_database()"
        ).fetchone()  # type: ignore[misc]
    total = file.stat().st_size
    tables: dict[str, int] = defaultdict(int)
    for column, size in sizes.items():
        tables[column.table] += size
    print(f"| table | MB | share |\n|---|---:|---:|\n{_lines(tables, total)}")
    print(f"| *free blocks* | {free * block / _MB:.1f} | {free * block / total:.1%} |")
    rest = total - sum(sizes.values()) - free * block
    print(f"| *elsewhere* | {rest / _MB:.1f} | {rest / total:.1%} |")
    print(f"| **all** | {total / _MB:.1f} | {total / texts:.1f} times the texts ({texts / _MB:.1f} MB) |\n")
    print("| column | MB | share | compression |\n|---|---:|---:|---|")
    for column, size in sorted(sizes.items(), key=lambda one: -one[1])[: given.columns]:
        packed = ", ".join(f"{name} {share / size:.0%}" for name, share in sorted(how[column].items()))
        print(f"| {column.table}.{column.column} | {size / _MB:.2f} | {size / total:.1%} | {packed} |")


def _lines(sizes: dict[str, int], total: int) -> str:
    largest = sorted(sizes.items(), key=lambda one: -one[1])
    return "\n".join(f"| {name} | {size / _MB:.1f} | {size / total:.1%} |" for name, size in largest)


def sizes_of(
    connection: duckdb.DuckDBPyConnection,
) -> tuple[dict[Column, int], dict[Column, dict[str, int]]]:
    """Return the bytes of each column, and of these those by compression."""
    (block_size,) = connection.execute(
        "select block_size from pragma_database_size() where database_name = current_database()"
    ).fetchone()  # type: ignore[misc]
    begins: dict[int, dict[int, tuple[Column, str]]] = defaultdict(dict)
    sizes: dict[Column, int] = defaultdict(int)
    how: dict[Column, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for column, compression, block, offset, more in _segments(connection):
        if block >= 0:
            begins[block].setdefault(offset, (column, compression))
        for _ in more:
            sizes[column] += block_size
            how[column][compression] += block_size
    for segments in begins.values():
        offsets = [*sorted(segments), block_size]
        for offset, end in pairwise(offsets):
            column, compression = segments[offset]
            sizes[column] += end - offset
            how[column][compression] += end - offset
    return sizes, how


def _segments(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[Column, str, int, int, list[int]]]:
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
    ).fetchall()
    for schema, table in tables:
        name = table if schema == "main" else f"{schema}.{table}"
        rows: list[Any] = connection.execute(
            "select column_name, compression, block_id, block_offset, additional_block_ids "
            "from pragma_storage_info(?) where persistent",
            [f'{schema}."{table}"'],
        ).fetchall()
        for column, compression, block, offset, more in rows:
            yield Column(name, column), compression.lower(), block, offset, more or []


def packed_texts(connection: duckdb.DuckDBPyConnection) -> int:
    """Return the bytes of all headlines and bodies, packed by zstd."""
    codec = pa.Codec("zstd", compression_level=3)
    reader = connection.execute("select concat_ws(chr(10), title, body) as text from articles")
    packed = 0
    while rows := reader.fetchmany(122_880):
        packed += len(codec.compress("\n".join(text for (text,) in rows).encode()))
    return packed


if __name__ == "__main__":
    main()
