"""Kept extracts: what was found in a content by an extractor version is never looked for twice.

SQLite, since one small file with a key lookup is all that is needed, and it outlives the DuckDB
file: a lost warehouse can be rebuilt without running the model again.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import date
from pathlib import Path

from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.extract_codec import PackedExtract, exact_text_sha256, unpack
from ontherecord.warehouse.records import ArticleText, Extract
from ontherecord.warehouse.shared_cache import SharedCache

_SCHEMA = (
    "create table if not exists extracts (content_sha256 text, extractor_version text, text_sha256 text, "
    "payload blob, kept_on text, primary key (content_sha256, extractor_version)) without rowid"
)
_KEPT_ON = "alter table extracts add column kept_on text"  # files made before there was that column
_FIND = (
    "select extractor_version, payload from extracts "
    "where content_sha256 = :content and extractor_version = :version and text_sha256 = :text"
)
_FIND_ANY = (
    "select extractor_version, payload from extracts where content_sha256 = :content and text_sha256 = :text "
    "order by extractor_version = :version desc, kept_on desc, extractor_version desc limit 1"
)
_KEEP = "insert or replace into extracts values (?, ?, ?, ?, ?)"
_PRUNE = (
    "delete from extracts where coalesce(kept_on, '') < ? "
    "and (content_sha256, extractor_version) not in (select content_sha256, extractor_version from in_use)"
)


class ExtractCache:
    """Extracts by content and extractor version, in one SQLite file.

    An extract is given back only for the very text it was made from: should the same bytes be
    parsed in another way by a later version, its offsets would point elsewhere.
    """

    def __init__(self, file: Path, *, any_version: bool = False, shared: SharedCache | None = None) -> None:
        self._file = file
        self._shared = shared
        self._query = _FIND_ANY if any_version else _FIND

    def find(self, texts: Sequence[ArticleText], extractor_version: str) -> dict[str, Extract]:
        """Return the kept extracts of these texts, by `content_sha256`.

        One that has `shared` extracts looks there for those that are missing. A store of `any_version` gives
        that of another version, kept last, where this one's is missing.
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
                    with suppress(zlib.error, ValueError):  # damaged: looked for and kept again
                        found[text.content_sha256] = unpack(PackedExtract(text.content_sha256, *row))
        if self._shared:
            found.update(self._take_over(texts, found, extractor_version))
        return found

    def _take_over(
        self, texts: Sequence[ArticleText], found: Container[str], extractor_version: str
    ) -> dict[str, Extract]:
        """Keep here what a cluster found of the texts that are missing, and return it."""
        assert self._shared
        missing = {text.content_sha256: text for text in texts if text.content_sha256 not in found}
        shared = self._shared.find(missing.values(), extractor_version)
        self.put({missing[content]: packed for content, packed in shared.items()})
        return {content: unpack(packed) for content, packed in shared.items()}

    def damaged_count(self) -> int:
        """Return how many extracts can no longer be unpacked."""
        count = 0
        with self._open() as connection:
            for content, *row in connection.execute(
                "select content_sha256, extractor_version, payload from extracts"
            ):
                try:
                    unpack(PackedExtract(content, *row))
                except (zlib.error, ValueError):
                    count += 1
        return count

    def contents(self) -> set[str]:
        """Return the contents (SHA-256) of which an extract of any version is kept."""
        if not self._file.exists():
            return set()
        with self._open() as connection:
            return {row[0] for row in connection.execute("select content_sha256 from extracts")}

    def put(self, extracts: Mapping[ArticleText, PackedExtract]) -> None:
        """Keep the extracts of these texts, in one transaction."""
        with self._open() as connection, connection:
            connection.executemany(
                _KEEP,
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

    def prune(self, in_use: Iterable[tuple[str, str]], before: date) -> int:
        """Remove extracts kept before a day that are not in use; return how many.

        `in_use` are content and extractor version of those that stay.
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
        """Open the file for the block. Raises WarehouseError, then or in it, if it is damaged."""
        try:
            with closing(sqlite3.connect(self._file, timeout=60)) as connection:
                connection.execute(_SCHEMA)
                columns = {row[1] for row in connection.execute("pragma table_info(extracts)")}
                if "kept_on" not in columns:
                    connection.execute(_KEPT_ON)
                yield connection
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # without what SQLite adds to it
            if code not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise
            raise WarehouseError(
                f"The kept extracts {self._file} are damaged ({error}). `ontherecord doctor --fix` moves the "
                "file aside; what was kept in it is found again by the model."
            ) from error


@contextmanager
def read_sqlite(file: Path, timeout: float) -> Iterator[sqlite3.Connection]:
    """Open a SQLite file so that nothing of it is changed, waiting so many seconds for whoever writes it."""
    uri = f"{file.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, timeout=timeout)) as connection:
        yield connection
