"""The overlay: corrections laid over the tables, and lifted while what lies below them changes.

Rows that corrections change are kept in `ops.machine_*` as the machine found them. After each transaction the
tables are what the machine found with every line of `ops.corrections` applied: a load corrects the articles
that it writes, and whatever renames entities lifts the overlay first and lays it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, Engine, delete, insert, select, update

from ontherecord import sql
from ontherecord.warehouse import ids, tables
from ontherecord.warehouse.aliases import Alias, Aliases
from ontherecord.warehouse.collisions import require_own_entity_ids
from ontherecord.warehouse.correct import (
    CorrectedArticle,
    FoundArticle,
    FoundMention,
    FoundQuote,
    Named,
    NameReader,
    Speaker,
    correct,
)
from ontherecord.warehouse.corrections import Correction
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import Row, as_rows, duckdb_of
from ontherecord.warehouse.memory import retry_with_more_memory
from ontherecord.warehouse.publish import open_published

_NOT_LOADED = "the article is not loaded"
_IDS = pa.schema([("article_id", pa.int64())])
_QUOTES = pa.schema(
    [
        ("article_id", pa.int64()),
        ("quote_no", pa.int32()),
        ("kind", pa.string()),
        ("text", pa.string()),
        ("char_start", pa.int32()),
        ("char_end", pa.int32()),
        ("confidence", pa.float32()),
        ("rule", pa.string()),
        ("speaker_type", pa.string()),
        ("speaker_entity_id", pa.int64()),
        ("speaker", pa.string()),
        ("speaker_name", pa.string()),
        ("speaker_count", pa.int32()),
        ("is_respoken", pa.bool_()),
        ("is_dropped", pa.bool_()),
    ]
)
_SPEAKERS = pa.schema(
    [
        ("article_id", pa.int64()),
        ("quote_no", pa.int32()),
        ("speaker_no", pa.int32()),
        ("speaker_entity_id", pa.int64()),
        ("speaker", pa.string()),
        ("speaker_name", pa.string()),
    ]
)
_MENTIONS = pa.schema(
    [
        ("article_id", pa.int64()),
        ("mention_no", pa.int32()),
        ("entity_id", pa.int64()),
        ("kind", pa.string()),
        ("name", pa.string()),
        ("is_dropped", pa.bool_()),
    ]
)
_ENTITIES = pa.schema(
    [("entity_id", pa.int64()), ("name", pa.string()), ("kind", pa.string()), ("article_id", pa.int64())]
)


@dataclass(frozen=True, slots=True)
class IdleCorrection:
    """A line of corrections.csv that does not apply, or no longer, and why. `article` is None for all."""

    line_no: int
    what: str
    article: str | None
    words: str
    problem: str


@retry_with_more_memory
def apply_corrections(engine: Engine, wanted: Sequence[Correction]) -> list[Correction]:
    """Apply changed corrections to the loaded articles, in one transaction; return the lines that changed."""
    with engine.begin() as connection:
        before = _stored(connection)
        if before == list(wanted):
            return []
        with machine_answers(connection):
            connection.execute(delete(tables.corrections))
            if wanted:
                connection.execute(insert(tables.corrections), [_row(line) for line in wanted])
        tables.count_change(connection)
    old, new = ({(*c.key(), c.becomes): c for c in lines} for lines in (before, wanted))
    return [{**old, **new}[key] for key in sorted(old.keys() ^ new.keys(), key=str)]


@contextmanager
def machine_answers(connection: Connection) -> Iterator[None]:
    """Have the tables hold what the machine found for the block, and lay corrections over it again."""
    duckdb = duckdb_of(connection)
    corrected = duckdb.execute(
        "select article_id from ops.machine_quotes union select article_id from ops.machine_mentions"
    ).fetchall()
    if corrected:
        _touch(duckdb, [article_id for (article_id,) in corrected])
        duckdb.execute(sql.statement("corrections", "2_lift"))
    yield
    _lay(connection, None, settle=bool(corrected))


def lay_corrections(connection: Connection, article_ids: Iterable[int]) -> None:
    """Correct the articles that the open transaction has loaded."""
    _lay(connection, frozenset(article_ids), settle=False)


def read_idle(connection: Any) -> list[IdleCorrection]:
    """Return the lines that do not apply, from a DuckDB connection to a warehouse."""
    return [
        IdleCorrection(**row) for row in as_rows(connection.execute(sql.statement("corrections", "idle")))
    ]


def idle_corrections(engine: Engine) -> list[IdleCorrection]:
    """Return the lines that do not apply to what is loaded."""
    with engine.connect() as connection:
        return read_idle(duckdb_of(connection))


def preview_corrections(home: DataDir, lines: Sequence[Correction]) -> dict[int, str | None]:
    """Return for each line of one article why it would not apply to what is published, by line number."""
    with closing(open_published(home)) as duckdb:
        names = _names(
            duckdb.execute("select alias, name, kind, external_id from ops.aliases").fetchall(),
            duckdb.execute("select name, joined_name from entity_joins").fetchall(),
        )
        paths = {line.article for line in lines}
        found = duckdb.execute("select article_id, source_path from articles").fetchall()
        articles = _articles(duckdb, [article_id for article_id, path in found if path in paths])
    problems: dict[int, str | None] = {line.line_no: _NOT_LOADED for line in lines}
    for article in articles:
        of_article = [line for line in lines if line.article == article.source_path]
        problems |= correct(article, of_article, names).problems
    return problems


def _row(line: Correction) -> Row:
    names = ("line_no", "what", "article", "place", "words", "becomes", "note")
    return {**{n: getattr(line, n) for n in names}, "problem": _NOT_LOADED if line.article else None}


def _stored(connection: Connection) -> list[Correction]:
    c = tables.corrections.c
    query = select(c.line_no, c.what, c.article, c.place, c.words, c.becomes, c.note).order_by(c.line_no)
    return [Correction(*row) for row in connection.execute(query)]


def _lay(connection: Connection, article_ids: frozenset[int] | None, *, settle: bool) -> None:
    """Correct these articles, or all; `settle` what lifting changed, even if there is nothing to correct."""
    lines = _stored(connection)
    duckdb = duckdb_of(connection)
    targets: list[int] = []
    if any(line.what not in ("merge", "rename") for line in lines):
        found = duckdb.execute(sql.statement("corrections", "3_targets")).fetchall()
        targets = [i for (i,) in found if article_ids is None or i in article_ids]
    if targets:
        _touch(duckdb, targets)
        names = _read_names(connection)
        by_article = [
            correct(article, _lines_of(article, lines), names) for article in _articles(duckdb, targets)
        ]
        _write(duckdb, by_article)
        _note_problems(connection, by_article, lines)
    if targets or settle:
        duckdb.execute(sql.statement("corrections", "5_settle"))


def _lines_of(article: FoundArticle, lines: Iterable[Correction]) -> list[Correction]:
    """Return the lines on an article: those that name it, and those that dismiss a name that it has."""
    return [
        line
        for line in lines
        if line.article == article.source_path
        or (
            line.what == "dismiss"
            and line.article is None
            and any(m.is_called(ids.normalized(line.words)) for m in article.mentions)
        )
    ]


def _touch(duckdb: Any, article_ids: Sequence[int]) -> None:
    with _registered(duckdb, {"target_articles": pa.table({"article_id": list(article_ids)}, schema=_IDS)}):
        duckdb.execute(sql.statement("corrections", "1_touch"))


@contextmanager
def _registered(duckdb: Any, views: Mapping[str, pa.Table]) -> Iterator[None]:
    for name, rows in views.items():
        duckdb.register(name, rows)
    try:
        yield
    finally:
        for name in views:
            duckdb.unregister(name)


def _read_names(connection: Connection) -> NameReader:
    joins = tables.entity_joins.c
    return _names(
        connection.execute(select(tables.aliases)),
        connection.execute(select(joins.name, joins.joined_name)),
    )


def _names(alias_rows: Iterable[Any], join_rows: Iterable[Any]) -> NameReader:
    """Return what says which entity a kind and name mean, after aliases and joins."""
    aliases = Aliases(Alias(*row) for row in alias_rows)
    joined = {ids.normalized(name): other for name, other in join_rows}

    def read(kind: str, name: str) -> Named:
        kind, name = aliases.kind(kind, name), aliases.name(name)
        if kind == "person":
            name = joined.get(ids.normalized(name), name)
        return Named(ids.entity_id(kind, name), name, kind)

    return read


def _articles(duckdb: Any, article_ids: Sequence[int]) -> list[FoundArticle]:
    """Return the articles with their quotes and mentions."""
    with _registered(duckdb, {"target_articles": pa.table({"article_id": list(article_ids)}, schema=_IDS)}):
        texts = duckdb.execute(
            "select article_id, source_path, body from articles semi join target_articles using (article_id) "
            "order by article_id"
        ).fetchall()
        quotes: defaultdict[int, dict[int, FoundQuote]] = defaultdict(dict)
        for row in duckdb.execute(sql.statement("corrections", "quotes")).fetchall():
            article_id, quote_no, *values, name, name_here, entity_id, kind = row
            of_article = quotes[article_id]
            earlier = of_article[quote_no].speakers if quote_no in of_article else ()
            speakers = (*earlier, Speaker(name, name_here, entity_id, kind)) if name is not None else ()
            found = FoundQuote(quote_no, *values)
            of_article[quote_no] = replace(found, speakers=speakers)
        mentions: defaultdict[int, list[FoundMention]] = defaultdict(list)
        for article_id, *values in duckdb.execute(sql.statement("corrections", "mentions")).fetchall():
            mentions[article_id].append(FoundMention(*values))
    return [
        FoundArticle(article_id, path, body, tuple(quotes[article_id].values()), tuple(mentions[article_id]))
        for article_id, path, body in texts
    ]


def _write(duckdb: Any, corrected: Sequence[CorrectedArticle]) -> None:
    """Write what lines change. Raises PipelineError if two entities would share an id."""
    require_own_entity_ids(duckdb, ((e.kind, e.name) for a in corrected for e in a.entities.values()))
    quotes = [(a.article_id, q) for a in corrected for q in a.quotes.values()]
    views = {
        "corrected_quotes": tables.arrow_table(_QUOTES, [_quote_row(i, q) for i, q in quotes]),
        "corrected_speakers": tables.arrow_table(
            _SPEAKERS,
            [
                (article_id, q.quote_no, n, s.entity_id, s.name, s.name_here)
                for article_id, q in quotes
                if q.is_respoken and not q.is_dropped
                for n, s in enumerate(q.speakers)
            ],
        ),
        "corrected_mentions": tables.arrow_table(
            _MENTIONS,
            [
                (a.article_id, m.mention_no, m.entity_id, m.kind, m.name, m.is_dropped)
                for a in corrected
                for m in a.mentions.values()
            ],
        ),
        "corrected_entities": tables.arrow_table(
            _ENTITIES,
            # An entity that several articles name is inserted once.
            {
                e.entity_id: (e.entity_id, e.name, e.kind, a.article_id)
                for a in corrected
                for e in a.entities.values()
            }.values(),
        ),
    }
    with _registered(duckdb, views):
        duckdb.execute(sql.statement("corrections", "4_lay"))


def _quote_row(article_id: int, q: FoundQuote) -> tuple[Any, ...]:
    return (
        *(article_id, q.quote_no, q.kind, q.text, q.char_start, q.char_end, q.confidence, q.rule),
        *(q.speaker_type, q.entity_id, q.joint_name, q.joint_name_here, len(q.speakers)),
        *(q.is_respoken or q.is_dropped, q.is_dropped),
    )


def _note_problems(
    connection: Connection, corrected: Iterable[CorrectedArticle], lines: Iterable[Correction]
) -> None:
    """Record why lines on one article do not apply."""
    of_one = {line.line_no for line in lines if line.article}
    for article in corrected:
        for line_no, problem in article.problems.items():
            if line_no in of_one:
                connection.execute(
                    update(tables.corrections)
                    .where(tables.corrections.c.line_no == line_no)
                    .values(problem=problem)
                )
