"""Search: index new articles for `search_articles`. After the marts, before publish.

The index is plain tables that DuckDB can ask without an extension, so that any client can search. It
grows by slices: the fts extension's own index must be made anew for every publish, which takes minutes
for a large archive. The extension is used for its stemmer (Porter's), where it can be loaded.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import Engine

from ontherecord import sql
from ontherecord.warehouse.tables import duckdb_of

# Lists a word, on average, from which on the index is compacted: asking reads them all.
_LISTS = 4
# Articles indexed at a time: enough to make the lists of a stem long, few enough for a small memory.
_SLICE = 4000


def index_articles(engine: Engine, *, whole_slices: bool = False) -> int:
    """Index the articles that are not, or not in their current version; return how many.

    With `whole_slices`, those are left that are too few for a slice of the usual size.

    Each slice is a transaction of its own, so a run that dies is gone on with by the next.
    """
    indexed = 0
    least = _SLICE if whole_slices else 1
    with engine.connect() as connection:
        _name_stemmer(duckdb_of(connection))
    while True:
        with engine.begin() as connection:
            writer = duckdb_of(connection)
            writer.execute(sql.statement("search", "0_outdated"))
            [(waiting,)] = writer.execute(sql.statement("search", "waiting")).fetchall()
            if waiting < least:
                break
            writer.execute(sql.statement("search", "1_slice"), {"size": _SLICE})
            [(size,)] = writer.execute("select count(*) from slice").fetchall()
            writer.execute(sql.statement("search", "2_words"))
            writer.execute(sql.statement("search", "3_index"))
            [(lists, words)] = writer.execute(sql.statement("search", "sizes")).fetchall()
            if lists > _LISTS * words:
                writer.execute(sql.statement("search", "4_compact"))
        indexed += size
    return indexed


def _name_stemmer(writer: Any) -> None:
    """Define `stem_of`: the extension's stemmer, or the word itself where it cannot be loaded."""
    stem = "word"
    package = find_spec("duckdb_extension_fts")
    for location in package.submodule_search_locations or () if package else ():
        for file in Path(location).rglob("fts.duckdb_extension"):
            try:
                writer.execute(f"load '{str(file).replace(chr(39), chr(39) * 2)}'")
                stem = "stem(word, 'english')"
            except duckdb.Error:  # made for another DuckDB or another machine
                continue
    writer.execute(f"create or replace temp macro stem_of(word) as {stem}")
