"""Search: index new articles for `search_articles`. Runs after the marts and before publish.

The index consists of plain tables, so any DuckDB client can search without an extension. It grows
incrementally; the index of the fts extension would have to be rebuilt for every publish, which takes minutes
for a large archive. Only the extension's Porter stemmer is used, if it can be loaded.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import Engine

from ontherecord import sql
from ontherecord.warehouse.database import duckdb_of

# The index is compacted beyond this mean number of lists per word: a search reads all of them.
_MAX_LISTS_PER_WORD = 4
# Articles indexed at a time: enough for long lists per stem, few enough for little memory.
_SLICE = 4000


def index_articles(engine: Engine, *, whole_slices: bool = False) -> int:
    """Index the articles whose current version is not indexed; return how many.

    With `whole_slices`, a rest smaller than a slice is left for later. Each slice is a transaction of its
    own, so the next run continues after a killed one.
    """
    indexed = 0
    minimum = _SLICE if whole_slices else 1
    with engine.connect() as connection:
        _define_stemmer(duckdb_of(connection))
    while True:
        with engine.begin() as connection:
            writer = duckdb_of(connection)
            writer.execute(sql.statement("search", "0_outdated"))
            [(waiting,)] = writer.execute(sql.statement("search", "waiting")).fetchall()
            if waiting < minimum:
                break
            writer.execute(sql.statement("search", "1_slice"), {"size": _SLICE})
            [(size,)] = writer.execute("select count(*) from slice").fetchall()
            writer.execute(sql.statement("search", "2_words"))
            writer.execute(sql.statement("search", "3_index"))
            [(lists, words)] = writer.execute(sql.statement("search", "sizes")).fetchall()
            if lists > _MAX_LISTS_PER_WORD * words:
                writer.execute(sql.statement("search", "4_compact"))
        indexed += size
    return indexed


def _define_stemmer(writer: Any) -> None:
    """Define the macro `stem_of`: the extension's stemmer, or the word itself if it cannot be loaded."""
    stem = "word"
    package = find_spec("duckdb_extension_fts")
    for location in package.submodule_search_locations or () if package else ():
        for file in Path(location).rglob("fts.duckdb_extension"):
            try:
                writer.execute(f"load '{sql.escape_literal(file)}'")
                stem = "stem(word, 'english')"
            except duckdb.Error:  # built for another DuckDB version or platform
                continue
    writer.execute(f"create or replace temp macro stem_of(word) as {stem}")
