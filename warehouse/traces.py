"""Traces: what shows an article outside the tables, found by its words and removed.

Prefect's database keeps artifacts, logs and events, and Data Docs keep the values that broke a rule. Neither
says which article they are of, and both escape and cut what they show. So texts are compared by their words:
one that has four words in a row that the article has, or one of its short names, shows it.
"""

from __future__ import annotations

import html
import re
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import WarehouseError

_WORD = re.compile(r"[^\W_]+")
_ESCAPED = re.compile(r"\\+u([0-9a-fA-F]{4})")
_WHITE = re.compile(r"\\+[nrt]")
_IN_A_ROW = 4
# A single word is a trace only if it is longer: "Second" may be a headline.
_LONGEST_COMMON = 6
_SHORTEST_NAME = 4
# Tables of Prefect whose rows are removed; in others the text is.
_REMOVED = ("artifact", "artifact_collection", "log", "events", "event_resources")
_WAIT_SECONDS = 60
_BATCH = 1000


class Traces:
    """Says whether a text shows an article, by the texts and names that only the article has."""

    def __init__(self, texts: Iterable[str], names: Iterable[str] = ()) -> None:
        self._rows: set[tuple[str, ...]] = set()
        self._short: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
        for text in texts:
            words = _words(text)
            if len(words) >= _IN_A_ROW:
                self._rows.update(_in_a_row(words))
            elif len(words) > 1 or (words and len(words[0]) > _LONGEST_COMMON):
                self._short[words[0]].add(words)
        for name in names:
            words = _words(name)
            if len("".join(words)) >= _SHORTEST_NAME:
                self._short[words[0]].add(words)

    def shows(self, text: str) -> bool:
        """Say whether a text shows the article."""
        words = _words(_unescaped(text))
        if any(row in self._rows for row in _in_a_row(words)):
            return True
        return any(
            words[at : at + len(short)] == short
            for at, word in enumerate(words)
            for short in self._short.get(word, ())
        )


@dataclass(frozen=True, slots=True)
class PrefectTraces:
    """The rows of a Prefect database that show an article: table, column and rowids."""

    rows: dict[tuple[str, str], list[int]]

    @property
    def row_count(self) -> int:
        return len({(table, rowid) for (table, _), rowids in self.rows.items() for rowid in rowids})


def find_in_prefect(home: DataDir, traces: Traces) -> PrefectTraces:
    """Find the rows of the home's Prefect database that show an article.

    Raises WarehouseError if the database cannot be read.
    """
    file = home.prefect / "prefect.db"
    if not file.exists():
        return PrefectTraces({})
    try:
        with closing(_connect(file)) as connection:
            return PrefectTraces(_find(connection, traces))
    except sqlite3.Error as error:
        raise WarehouseError(_unreachable(file, error)) from error


def remove_from_prefect(home: DataDir, traces: Traces) -> int:
    """Remove what shows an article from the home's Prefect database, and its lines from Prefect's logs.

    A server may be running. The bytes of removed rows are overwritten. Returns how many rows and lines there
    were.

    Raises WarehouseError if the database cannot be written.
    """
    removed = sum(_remove_lines(log, traces) for log in sorted(home.prefect.glob("*.log")))
    file = home.prefect / "prefect.db"
    if not file.exists():
        return removed
    try:
        with closing(_connect(file)) as connection:
            connection.execute("pragma secure_delete = on")
            found = PrefectTraces(_find(connection, traces))
            with connection:
                for (table, column), rowids in found.rows.items():
                    change = f'delete from "{table}"' if table in _REMOVED else _emptied(table, column)
                    connection.executemany(f"{change} where rowid = ?", [(rowid,) for rowid in rowids])
            _overwrite(connection)
    except sqlite3.Error as error:
        raise WarehouseError(_unreachable(file, error)) from error
    return removed + found.row_count


def find_in_data_docs(home: DataDir, traces: Traces, runs: Sequence[tuple[float, float]]) -> list[Path]:
    """Return the pages and results of Data Docs that show an article, or were made in one of its runs.

    A result has the values of all files of its batch, and their pages are made of it. `runs` are the times
    between which its runs went, in seconds since 1970.
    """
    found = []
    for kind in ("validations", "results"):
        for file in sorted((home.data_docs / kind).rglob("*")):
            if file.suffix not in (".html", ".json") or not file.is_file():
                continue
            made = file.stat().st_mtime
            if any(begun <= made <= ended for begun, ended in runs) or traces.shows(
                file.read_text("utf-8", "replace")
            ):
                found.append(file)
    return found


def remove_files(files: Iterable[Path]) -> None:
    """Remove files, and their folders if they are then empty."""
    for file in files:
        file.unlink(missing_ok=True)
        folder = file.parent
        with suppress(OSError):  # not empty
            while True:
                folder.rmdir()
                folder = folder.parent


def _connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=_WAIT_SECONDS)


def _find(connection: sqlite3.Connection, traces: Traces) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = {}
    events: set[str] = set()
    for table, column in _texts(connection):
        rowids = []
        query = f'select rowid, "{column}" from "{table}" where typeof("{column}") = \'text\''
        for rowid, text in connection.execute(query):
            if traces.shows(text):
                rowids.append(rowid)
        if rowids:
            found[table, column] = rowids
            if table == "events":
                events.update(_ids(connection, rowids))
    if events:
        rowids = [
            rowid
            for event in sorted(events)
            for (rowid,) in connection.execute(
                "select rowid from event_resources where event_id = ?", (event,)
            )
        ]
        found["event_resources", "event_id"] = rowids
    return found


def _texts(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Yield table and column of all columns that may have text, keys left out."""
    tables = connection.execute(
        "select name from sqlite_master where type = 'table' order by name"
    ).fetchall()
    for (table,) in tables:
        if table.startswith(("sqlite_", "alembic", "block_")):
            continue
        for _, column, kind, *_ in connection.execute(f'pragma table_info("{table}")').fetchall():
            is_text = any(word in kind.upper() for word in ("CHAR", "TEXT", "JSON"))
            if is_text and column != "id" and not column.endswith("_id"):
                yield table, column


def _ids(connection: sqlite3.Connection, rowids: Sequence[int]) -> Iterator[str]:
    for rowid in rowids:
        yield from (
            event for (event,) in connection.execute("select id from events where rowid = ?", (rowid,))
        )


def _emptied(table: str, column: str) -> str:
    """Return the statement that empties a text; what is JSON stays JSON, which the server reads."""
    empty = "when '{' then '{}' when '[' then '[]' when '\"' then '\"\"' else ''"
    return f'update "{table}" set "{column}" = case substr("{column}", 1, 1) {empty} end'


def _overwrite(connection: sqlite3.Connection) -> None:
    """Write the log into the file and empty it, and give back the pages that had earlier rows.

    While a server reads, the log cannot be emptied at once.
    """
    until = time.monotonic() + _WAIT_SECONDS
    connection.execute("vacuum")
    while connection.execute("pragma wal_checkpoint(truncate)").fetchone()[0]:
        if time.monotonic() > until:
            raise sqlite3.OperationalError("it is being read all the time")
        time.sleep(0.2)


def _remove_lines(log: Path, traces: Traces) -> int:
    """Remove the lines of a log that show an article, in place: a process may go on writing to it."""
    lines = log.read_text("utf-8", "surrogateescape").splitlines(keepends=True)
    kept = [line for line in lines if not traces.shows(line)]
    if len(kept) < len(lines):
        log.write_text("".join(kept), "utf-8", "surrogateescape")
    return len(lines) - len(kept)


def _unreachable(file: Path, error: Exception) -> str:
    return (
        f"Prefect's database {file} cannot be searched: {error}. Stop `ontherecord serve`, and run "
        "`ontherecord forget` again: it goes on where it stopped."
    )


def _unescaped(text: str) -> str:
    text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return html.unescape(_WHITE.sub(" ", text).replace("\\", ""))


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


def _in_a_row(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[at : at + _IN_A_ROW]) for at in range(len(words) - _IN_A_ROW + 1))
