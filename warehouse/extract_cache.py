"""The extract cache: no extractor version processes the same content twice.

It is a SQLite file of its own, because all it needs is a lookup by key, and it outlives the DuckDB file: a
lost warehouse can be rebuilt without running the model again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.extract_codec import DamagedExtract, PackedExtract, exact_text_sha256, unpack
from ontherecord.warehouse.records import ArticleText, Extract
from ontherecord.warehouse.shared_cache import SharedCache
from ontherecord.warehouse.sqlite_file import open_sqlite

_SCHEMA = (
    "create table if not exists extracts (content_sha256 text, extractor_version text, text_sha256 text, "
    "payload blob, kept_on text, primary key (content_sha256, extractor_version)) without rowid"
)
COLUMNS = frozenset(("content_sha256", "extractor_version", "text_sha256", "payload"))
_ADD_KEPT_ON = "alter table extracts add column kept_on text"  # for files older than that column
_FIND = (
    "select extractor_version, payload from extracts "
    "where content_sha256 = :content and extractor_version = :version and text_sha256 = :text"
)
_FIND_ANY = (
    "select extractor_version, payload from extracts where content_sha256 = :content and text_sha256 = :text "
    "order by extractor_version = :version desc, kept_on desc, extractor_version desc limit 1"
)
_INSERT = "insert or replace into extracts values (?, ?, ?, ?, ?)"
_PRUNE = (
    "delete from extracts where coalesce(kept_on, '') < ? "
    "and (content_sha256, extractor_version) not in (select content_sha256, extractor_version from in_use)"
)


class ExtractCache:
    """Extracts by content and extractor version, in one SQLite file.

    An extract is returned only for the exact text it was made from: if a later version parses the same bytes
    into another text, the offsets would be wrong.
    """

    def __init__(self, file: Path, *, any_version: bool = False, shared: SharedCache | None = None) -> None:
        self._file = file
        self._shared = shared
        self._query = _FIND_ANY if any_version else _FIND

    def find(self, texts: Sequence[ArticleText], extractor_version: str) -> dict[str, Extract]:
        """Return the cached extracts of these texts, by `content_sha256`.

        Missing ones are looked up in the `shared` cache, if there is one. With `any_version`, the most recent
        extract of another version replaces a missing one.
        """
        found = {}
        with self._open() as connection:
            for text in texts:
                key = {
                    "content": text.content_sha256,
                    "version": extractor_version,
                    "text": exact_text_sha256(text),
                }
                row = connection.execute(self._query, key).fetchone()
                if row:
                    with suppress(DamagedExtract):  # extract and store it again
                        found[text.content_sha256] = unpack(PackedExtract(text.content_sha256, *row))
        if self._shared:
            found.update(self._copy_shared(texts, found, extractor_version))
        return found

    def _copy_shared(
        self, texts: Sequence[ArticleText], found: Container[str], extractor_version: str
    ) -> dict[str, Extract]:
        """Copy the missing extracts from the shared cache; return those found."""
        assert self._shared
        missing = {text.content_sha256: text for text in texts if text.content_sha256 not in found}
        shared = self._shared.find(missing.values(), extractor_version)
        self.put({missing[content]: packed for content, packed in shared.items()})
        return {content: unpack(packed) for content, packed in shared.items()}

    def damaged_count(self) -> int:
        """Return how many extracts are damaged."""
        count = 0
        with self._open() as connection:
            for content, *row in connection.execute(
                "select content_sha256, extractor_version, payload from extracts"
            ):
                try:
                    unpack(PackedExtract(content, *row))
                except DamagedExtract:
                    count += 1
        return count

    def contents(self) -> set[str]:
        """Return the SHA-256 of each content that has an extract of any version."""
        if not self._file.exists():
            return set()
        with self._open() as connection:
            return {row[0] for row in connection.execute("select content_sha256 from extracts")}

    def put(self, extracts: Mapping[ArticleText, PackedExtract]) -> None:
        """Store the extracts of these texts, in one transaction."""
        with self._open() as connection, connection:
            connection.executemany(
                _INSERT,
                [
                    (
                        text.content_sha256,
                        extract.extractor_version,
                        exact_text_sha256(text),
                        extract.payload,
                        date.today().isoformat(),
                    )
                    for text, extract in extracts.items()
                ],
            )

    def count(self, contents: Iterable[str]) -> int:
        """Return how many extracts of these contents there are, of any version, also in the shared cache."""
        wanted = sorted({*contents})
        found = self._shared.count(wanted) if self._shared else 0
        if wanted and self._file.exists():
            with self._open() as connection:
                query = f"select count(*) from extracts where content_sha256 in ({_marks(wanted)})"
                found += connection.execute(query, wanted).fetchone()[0]
        return found

    def remove(self, contents: Iterable[str], *, rewrite: bool = False) -> None:
        """Remove the extracts of these contents, of any version, also from the shared cache.

        Their bytes are overwritten; with `rewrite` the file is written anew, without those of extracts that
        were replaced earlier.
        """
        wanted = sorted({*contents})
        if self._shared:
            self._shared.remove(wanted)
        if not self._file.exists():
            return
        with self._open() as connection:
            connection.execute("pragma secure_delete = on")
            with connection:
                connection.execute(f"delete from extracts where content_sha256 in ({_marks(wanted)})", wanted)
            if rewrite:
                connection.execute("vacuum")

    def prune(self, in_use: Iterable[tuple[str, str]], before: date) -> int:
        """Remove extracts stored before a day and not in use; return how many.

        `in_use` has the content SHA-256 and extractor version of each extract to keep.
        """
        if not self._file.exists():
            return 0
        with self._open() as connection:
            with connection:
                connection.execute("create temp table in_use (content_sha256 text, extractor_version text)")
                connection.executemany("insert into in_use values (?, ?)", in_use)
                connection.execute("create index temp.by_content on in_use (content_sha256)")
                pruned = connection.execute(_PRUNE, (before.isoformat(),)).rowcount
            if pruned:
                connection.execute("vacuum")
        return pruned

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the file for the block. Raises WarehouseError, on opening or in the block, if it is
        damaged.
        """
        with open_sqlite(self._file, _SCHEMA, self._damaged) as connection:
            columns = {row[1] for row in connection.execute("pragma table_info(extracts)")}
            if other := COLUMNS - columns:
                raise self._damaged(f"its table has no {' and no '.join(sorted(other))}")
            if "kept_on" not in columns:
                connection.execute(_ADD_KEPT_ON)
            yield connection

    def _damaged(self, why: str) -> WarehouseError:
        return WarehouseError(
            f"The extract cache {self._file} is damaged ({why}). Run `ontherecord doctor --fix`, which "
            "moves it aside; the model then extracts those articles again when they are needed."
        )


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" for _ in values)
