"""Near duplicates in the tables: texts to compare, and the pairs and clusters found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, Engine, insert, select

from ontherecord import sql
from ontherecord.warehouse.database import duckdb_of
from ontherecord.warehouse.records import Candidate, NearPair
from ontherecord.warehouse.tables import dedup_queue, near_pairs

# Bodies read at a time.
_FETCH_ROWS = 500


def has_pending(engine: Engine) -> bool:
    """Say whether there are texts that have not been compared yet."""
    with engine.connect() as connection:
        return connection.execute(select(dedup_queue).limit(1)).first() is not None


def store_bands(connection: Connection, bands: Callable[[str], Any]) -> None:
    """Compute and store the bands of each new text: an array of unsigned 32-bit integers."""
    duckdb = duckdb_of(connection)
    new: dict[int, Any] = {}
    found = duckdb.execute(sql.statement("near", "new_texts"))
    while rows := found.fetchmany(_FETCH_ROWS):
        new.update((article_id, bands(body)) for article_id, body in rows)
    columns = {
        "article_id": pa.array(new.keys(), pa.int64()),
        "bands": pa.array(new.values(), pa.list_(pa.uint32())),
    }
    _run_with(duckdb, "new_bands", columns, "store_bands")


def read_candidates(connection: Connection, window_days: int) -> Iterator[Candidate]:
    """Yield the texts that may be near duplicates of each other, the earliest day first."""
    found = duckdb_of(connection).execute(sql.statement("near", "candidates"), {"days": window_days})
    while rows := found.fetchmany(_FETCH_ROWS):
        yield from (
            Candidate(article_id, day, body, tuple(earlier)) for article_id, day, body, earlier in rows
        )


def store_pairs(connection: Connection, new: Iterable[NearPair]) -> tuple[Any, Any]:
    """Store new pairs; return all pairs, as two NumPy arrays of article ids."""
    rows = [{"article_id": p.article_id, "other_id": p.other_id, "overlap": p.overlap} for p in new]
    if rows:
        connection.execute(insert(near_pairs), rows)
    ids = duckdb_of(connection).execute("select article_id, other_id from ops.near_pairs").fetchnumpy()
    return ids["article_id"], ids["other_id"]


def store_clusters(connection: Connection, article_ids: Any, cluster_ids: Any) -> None:
    """Store the cluster of each article, null for those without one, and empty the queue."""
    columns = {
        "article_id": pa.array(article_ids, pa.int64()),
        "cluster_id": pa.array(cluster_ids, pa.int64()),
    }
    _run_with(duckdb_of(connection), "clustered", columns, "store_clusters")


def _run_with(duckdb: Any, name: str, columns: Mapping[str, pa.Array], statement: str) -> None:
    """Run a file of sql/near that reads these columns as a table."""
    duckdb.register(name, pa.table(columns))
    try:
        duckdb.execute(sql.statement("near", statement))
    finally:
        duckdb.unregister(name)
