"""Near duplicates in the tables: which texts are to be compared, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, Engine, insert, select

from ontherecord import sql
from ontherecord.warehouse.records import Candidate, NearPair
from ontherecord.warehouse.tables import dedup_queue, duckdb_of, near_pairs

# Bodies read from the file at a time.
_ROWS = 500


def has_pending(engine: Engine) -> bool:
    """Say whether there are texts that were not held against their neighbours'."""
    with engine.connect() as connection:
        return connection.execute(select(dedup_queue).limit(1)).first() is not None


def keep_bands(connection: Connection, bands: Callable[[str], Any]) -> None:
    """Work out and keep the bands of each new text: an array of unsigned 32-bit integers a text."""
    duckdb = duckdb_of(connection)
    made: dict[int, Any] = {}
    found = duckdb.execute(sql.statement("near", "new_texts"))
    while rows := found.fetchmany(_ROWS):
        made.update((article_id, bands(body)) for article_id, body in rows)
    columns = {
        "article_id": pa.array(made.keys(), pa.int64()),
        "bands": pa.array(made.values(), pa.list_(pa.uint32())),
    }
    _run_with(duckdb, "made_bands", columns, "keep_bands")


def read_candidates(connection: Connection, window_days: int) -> Iterator[Candidate]:
    """Yield the texts that may be near duplicates of one another, the earliest day first."""
    found = duckdb_of(connection).execute(sql.statement("near", "candidates"), {"days": window_days})
    while rows := found.fetchmany(_ROWS):
        yield from (
            Candidate(article_id, day, body, tuple(earlier)) for article_id, day, body, earlier in rows
        )


def keep_pairs(connection: Connection, new: Iterable[NearPair]) -> tuple[Any, Any]:
    """Keep new pairs; return all there are, as two NumPy arrays of article ids."""
    rows = [{"article_id": p.article_id, "other_id": p.other_id, "overlap": p.overlap} for p in new]
    if rows:
        connection.execute(insert(near_pairs), rows)
    ids = duckdb_of(connection).execute("select article_id, other_id from ops.near_pairs").fetchnumpy()
    return ids["article_id"], ids["other_id"]


def keep_clusters(connection: Connection, article_ids: Any, cluster_ids: Any) -> None:
    """Give each article its cluster, and those in none none; nothing is left to compare then."""
    columns = {
        "article_id": pa.array(article_ids, pa.int64()),
        "cluster_id": pa.array(cluster_ids, pa.int64()),
    }
    _run_with(duckdb_of(connection), "clustered", columns, "store")


def _run_with(duckdb: Any, name: str, columns: Mapping[str, pa.Array], statement: str) -> None:
    """Run a file of sql/near that asks for a table of these columns."""
    duckdb.register(name, pa.table(columns))
    try:
        duckdb.execute(sql.statement("near", statement))
    finally:
        duckdb.unregister(name)
