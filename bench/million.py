"""Make a warehouse of a million quotes from a real one, by copies that differ in names, words and days.

    ontherecord ingest ARTICLES --home SMALL
    python bench/million.py SMALL BIG [--quotes 1000000]

Each copy of an article has other vowels, in text, names and quotes alike, so that lengths and offsets
stay true while names and words of one copy are not those of another; 60 ways to swap them give about the
share of entities to articles that the small warehouse has over a longer time. Copies are spread over twenty
years. What is made is BIG/writer.duckdb, which `ontherecord publish --home BIG` checks and publishes.
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path

from sqlalchemy import Engine, text

from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import duckdb_of

WAYS = ["".join(p) for p in itertools.permutations("aeiou")][:60]
DAYS = 7300


def main() -> None:
    """Multiply."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument("small", type=Path)
    arguments.add_argument("big", type=Path)
    arguments.add_argument("--quotes", type=int, default=1_000_000)
    given = arguments.parse_args()
    given.big.mkdir(parents=True, exist_ok=True)
    with open_writer(DataDir(given.big), "multiply") as engine:
        multiply(engine, given.small / "warehouse.duckdb", given.quotes)
        with engine.connect() as connection:
            for table in ("articles", "entities", "mentions", "quotes", "quote_speakers"):
                print(f"{table:10} {connection.scalar(text(f'select count(*) from {table}')):,}")


def multiply(engine: Engine, small: Path, quotes: int) -> None:
    """Fill an empty writer's file with copies of a published one's rows until it has enough quotes."""
    with engine.begin() as connection:
        duckdb = duckdb_of(connection)
        duckdb.execute(f"attach '{small}' as small (read_only)")
        [(there,)] = duckdb.execute("select count(*) from small.quotes").fetchall()
        copies = -(-quotes // there)
        duckdb.execute("create temp table copies (copy_no integer, way varchar, days integer)")
        duckdb.executemany(
            "insert into copies values (?, ?, ?)",
            [[n, WAYS[n % len(WAYS)], n * DAYS // copies] for n in range(copies)],
        )
        duckdb.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
    with engine.connect() as connection:
        duckdb_of(connection).execute("detach small")


if __name__ == "__main__":
    main()
