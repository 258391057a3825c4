"""Near duplicates in the tables: which texts are to be compared, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyarrow as pa
from sqlalchemy import Connection, Engine, insert, select

import sql
from warehouse.records import DatedText, NearPair
from warehouse.tables import duckdb_of, near_pairs, uncompared

# Bodies read from the file at a time.
_ROWS = 500


def has_uncompared(engine: Engine) -> bool:
    """Say whether there are texts that were not held against their neighbours'."""
    with engine.connect() as connection:
        return connection.execute(select(uncompared).limit(1)).first() is not None


def read_texts(connection: Connection, window_days: int) -> Iterator[DatedText]:
    """Yield the texts of all days around those of new ones, the earliest first."""
    found = duckdb_of(connection).execute(sql.statement("near", "texts"), {"days": window_days})
    while rows := found.fetchmany(_ROWS):
        yield from (DatedText(*row) for row in rows)


def keep_pairs(connection: Connection, new: Iterable[NearPair]) -> list[NearPair]:
    """Keep new pairs; return all there are."""
    rows = [{"article_id": p.article_id, "other_id": p.other_id, "shared": p.shared} for p in new]
    if rows:
        connection.execute(insert(near_pairs), rows)
    return [NearPair(*row) for row in connection.execute(select(near_pairs))]


def keep_clusters(connection: Connection, clusters: Mapping[int, int]) -> None:
    """Give each article its cluster, and those in none none; nothing is left to compare then."""
    duckdb = duckdb_of(connection)
    duckdb.register(
        "clustered",
        pa.table(
            {
                "article_id": pa.array(list(clusters), pa.int64()),
                "cluster_id": pa.array(list(clusters.values()), pa.int64()),
            }
        ),
    )
    try:
        duckdb.execute(sql.statement("near", "store"))
    finally:
        duckdb.unregister("clustered")
