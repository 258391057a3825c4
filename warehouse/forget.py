"""Forget: find everything that the tables have of articles that are taken down, and delete it.

What lies outside the tables (extracts, kept bytes, pages) is removed before, as long as the tables say which
it is. Copies with the same words go too: an article that is kept out cannot stay under another path.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa
from sqlalchemy import Engine, delete

from ontherecord import sql
from ontherecord.warehouse.database import Row, as_rows, duckdb_of
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.memory import retry_with_more_memory
from ontherecord.warehouse.tables import corrections, count_change
from ontherecord.warehouse.tombstones import Tombstone, Tombstones, make_tombstone
from ontherecord.warehouse.traces import Traces

# Pieces of a text by which a copy of it is looked for, and their length in characters.
_PIECES = 6
_PIECE_CHARACTERS = 50
# Where a path or headline may be told of.
_MESSAGES = (
    ("ops.runs", "message"),
    ("ops.runs", "landing"),
    ("ops.alerts", "message"),
    ("ops.passed_over", "example"),
)
_CLEARED = "an article that was taken down"


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    """A version of an article that is taken down; `others` are its other headers."""

    article_id: int
    source_path: str
    title: str
    body: str
    url: str | None
    content_sha256: str
    run_id: str
    others: Sequence[str]


@dataclass(frozen=True, slots=True)
class ForgottenDelivery:
    """A delivery that is taken down; `file_path` is the file with many articles that has it."""

    delivery_id: int
    source_path: str
    file_path: str | None
    content_sha256: str | None
    status: str
    run_id: str
    bytes: int
    modified_ns: int | None


@dataclass(frozen=True, slots=True)
class Doomed:
    """What the tables have of an article that is taken down, and of its copies.

    `held_texts` are headline and body of deliveries in quarantine. `names` are those that no other article
    has, `values` what quarantine showed.
    """

    versions: tuple[ArticleVersion, ...]
    deliveries: tuple[ForgottenDelivery, ...]
    names: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    runs: tuple[tuple[float, float], ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    held_texts: tuple[tuple[str, str], ...] = ()

    @property
    def article_ids(self) -> list[int]:
        return sorted({version.article_id for version in self.versions})

    @property
    def contents(self) -> list[str]:
        found = {v.content_sha256 for v in self.versions} | {d.content_sha256 for d in self.deliveries}
        return sorted(content for content in found if content)

    @property
    def paths(self) -> list[str]:
        return sorted({v.source_path for v in self.versions} | {d.source_path for d in self.deliveries})

    @property
    def files(self) -> list[str]:
        """The files with many articles that have it: the landing folder is the user's."""
        return sorted({d.file_path for d in self.deliveries if d.file_path})

    def texts(self) -> Iterator[str]:
        """Yield everything that is written of it, to find its traces by."""
        yield from self.paths
        yield from self.names
        yield from self.values
        for version in self.versions:
            yield from (version.title, version.body, version.url or "", *version.others)
        for title, body in self.held_texts:
            yield from (title, body)


def article_named(engine: Engine, name: str, landings: Iterable[str] = ()) -> tuple[list[int], list[int]]:
    """Return the articles and the quarantined deliveries that a path, URL or article_id means, as ids.

    Raises WarehouseError if there are none, or the path is that of a file with many articles.
    """
    with engine.connect() as connection:
        duckdb = duckdb_of(connection)
        for given in (name, *_below(name, landings)):
            articles = [i for (i,) in _fetch(duckdb, "named", {"name": given})]
            held = [i for (i,) in _fetch(duckdb, "held", {"name": given})]
            if articles or held:
                return articles, held
            if inside := [path for (path,) in _fetch(duckdb, "in_file", {"name": given})]:
                raise WarehouseError(
                    f"{given!r} is a file with many articles. Name the article: {inside[0]!r}, for example."
                )
        query = {"source_path": name}
        closest = duckdb.execute(sql.statement("versions", "closest"), query).fetchall()
    near = "".join(f"\n  {path!r}" for (path,) in closest)
    raise WarehouseError(
        f"No article or quarantined file has the path, URL or article_id {name!r}. Use one as in "
        f"articles.source_path, articles.url or articles.article_id. Most similar:{near or ' none'}"
    )


def _below(name: str, landings: Iterable[str]) -> Iterator[str]:
    """Yield a path relative to the landing folders that it lies in."""
    for landing in landings:
        folder = landing.rstrip("/") + "/"
        if name.startswith(folder):
            yield name.removeprefix(folder)


def landings_of(engine: Engine) -> list[str]:
    """Return the landing locations of all runs."""
    with engine.connect() as connection:
        found = duckdb_of(connection).execute(
            "select distinct landing from ops.runs where landing is not null order by landing"
        )
        return [landing for (landing,) in found.fetchall()]


def find_doomed(
    engine: Engine, article_ids: Iterable[int], held: Iterable[int] = (), *, contents: Iterable[str] = ()
) -> Doomed:
    """Find what the tables have of these articles, deliveries and contents, and of their copies."""
    with engine.connect() as connection:
        duckdb = duckdb_of(connection)
        wanted = {*article_ids}
        while True:
            versions = _versions(duckdb, wanted)
            if not (copies := _copies(duckdb, wanted, versions)):
                break
            wanted |= copies
        with _registered(duckdb, wanted):
            known = sorted({*contents, *(version.content_sha256 for version in versions)})
            given = {"held": [*held], "contents": known}
            deliveries = tuple(ForgottenDelivery(*row) for row in _fetch(duckdb, "deliveries", given))
            quarantined = _fetch(duckdb, "quarantine", {"deliveries": [d.delivery_id for d in deliveries]})
            runs = {v.run_id for v in versions} | {d.run_id for d in deliveries} | {r for _, r in quarantined}
            [counts] = as_rows(duckdb.execute(sql.statement("forget", "counts")))
            return Doomed(
                tuple(versions),
                deliveries,
                tuple(name for (name,) in _fetch(duckdb, "only_here")),
                tuple(value for value, _ in quarantined if value),
                tuple(path for (path,) in _fetch(duckdb, "near")),
                tuple(_fetch(duckdb, "runs", {"runs": sorted(runs)})),
                {
                    **{kind.replace("_", " "): n for kind, n in counts.items()},
                    "deliveries": len(deliveries),
                    "rows of quarantine": len(quarantined),
                },
            )


def tombstone_of(doomed: Doomed, why: str, at: Any) -> Tombstone:
    """Return the tombstone of what is taken down."""
    texts = [(v.title, v.body) for v in doomed.versions] + [*doomed.held_texts]
    urls = [version.url for version in doomed.versions if version.url]
    return make_tombstone(texts, doomed.contents, [*doomed.paths, *urls], why, at)


def doomed_by(engine: Engine, stone: Tombstone) -> Doomed:
    """Find what the tables have of an article that has a tombstone: a run was killed, or a copy restored."""
    given = {name: [*getattr(stone, name)] for name in ("texts", "places", "contents")}
    with engine.connect() as connection:
        duckdb = duckdb_of(connection)
        stones = Tombstones([stone])
        wanted = {
            article_id
            for article_id, content, title, body, path, url in _fetch(duckdb, "by_tombstone", given)
            if stones.of_content(content) or stones.of_text(title, body, (path, url))
        }
    return find_doomed(engine, wanted, contents=stone.contents)


@retry_with_more_memory
def delete_rows(engine: Engine, doomed: Doomed) -> None:
    """Delete what the tables have of articles, in one transaction; the marts follow when they are built."""
    with engine.begin() as connection:
        duckdb = duckdb_of(connection)
        ids = pa.table({"article_id": pa.array(doomed.article_ids, pa.int64())})
        deliveries = [delivery.delivery_id for delivery in doomed.deliveries]
        duckdb.register("forgotten_articles", ids)
        duckdb.register("forgotten_deliveries", pa.table({"delivery_id": pa.array(deliveries, pa.int64())}))
        try:
            duckdb.execute(sql.statement("forget", "1_mark"))
            for schema, table in _fetch(duckdb, "tables"):
                duckdb.execute(
                    f'delete from "{schema}"."{table}" where article_id in '
                    "(select article_id from forgotten_articles)"
                )
            connection.execute(delete(corrections).where(corrections.c.article.in_(doomed.paths)))
            duckdb.execute(sql.statement("forget", "2_rows"))
            duckdb.execute(sql.statement("forget", "3_search"))
            for (word,) in _fetch(duckdb, "shared_stems"):
                [(is_used,)] = _fetch(duckdb, "is_used", {"word": word})
                if not is_used:
                    duckdb.execute("delete from search.words where word = $1", [word])
            duckdb.execute("drop table forgotten_words")
            _clear_messages(duckdb, Traces(doomed.texts(), doomed.names))
        finally:
            duckdb.unregister("forgotten_articles")
            duckdb.unregister("forgotten_deliveries")
        count_change(connection)


def _clear_messages(duckdb: Any, traces: Traces) -> None:
    """Clear what is told of runs and alerts where it names the article: a message, or the file of a run."""
    for table, column in _MESSAGES:
        texts = duckdb.execute(f"select distinct {column} from {table} where {column} is not null").fetchall()
        for (text,) in texts:
            if traces.shows(text):
                query = f"update {table} set {column} = $cleared where {column} = $text"
                duckdb.execute(query, {"cleared": _CLEARED, "text": text})


def with_held(engine: Engine, doomed: Doomed, held: Mapping[str, tuple[str, str]]) -> Doomed:
    """Return what is doomed with kept contents that have the text: headline and body by SHA-256."""
    if not held:
        return doomed
    ids = [delivery.delivery_id for delivery in doomed.deliveries]
    found = find_doomed(engine, doomed.article_ids, ids, contents=held)
    return replace(found, held_texts=tuple(held.values()))


def paths_of_contents(engine: Engine) -> dict[str, str]:
    """Return a path of each content of the ledger that was quarantined, by SHA-256."""
    with engine.connect() as connection:
        found = duckdb_of(connection).execute(sql.statement("doctor", "quarantined")).fetchall()
    return {content: path for content, path, _ in found}


def _versions(duckdb: Any, wanted: Iterable[int]) -> list[ArticleVersion]:
    with _registered(duckdb, wanted):
        rows = _fetch(duckdb, "versions")
    return [ArticleVersion(*row) for row in rows]


def _copies(duckdb: Any, wanted: Iterable[int], versions: Sequence[ArticleVersion]) -> set[int]:
    """Return the other articles that have the text of these."""
    if not versions:
        return set()
    texts = [(version.title, version.body) for version in versions]
    stone = make_tombstone(texts, (), [versions[0].source_path], "", None)  # type: ignore[arg-type]
    stones = Tombstones([stone])
    given = {"texts": [*stone.texts], "pieces": sorted({p for _, body in texts for p in _pieces(body)})}
    with _registered(duckdb, wanted):
        found = duckdb.execute(sql.statement("forget", "candidates"), given)
        return {article_id for article_id, title, body in found.fetchall() if stones.of_text(title, body)}


def _pieces(body: str) -> list[str]:
    """Return pieces of a text from its beginning to its end, none across a line."""
    lines = [line for line in body.split("\n") if len(line) >= _PIECE_CHARACTERS] or [body]
    chosen = lines[:: max(1, len(lines) // _PIECES)]
    return [line[:_PIECE_CHARACTERS] for line in chosen if line.strip()]


@contextmanager
def _registered(duckdb: Any, wanted: Iterable[int]) -> Iterator[None]:
    """Register article ids as the table `wanted_articles`."""
    ids = pa.array(sorted({*wanted}), pa.int64())
    duckdb.register("wanted_articles", pa.table({"article_id": ids}))
    try:
        yield
    finally:
        duckdb.unregister("wanted_articles")


def _fetch(duckdb: Any, name: str, values: Row | None = None) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = duckdb.execute(sql.statement("forget", name), values).fetchall()
    return rows
