"""Reextraction: loaded texts to extract again, and their current quotes. For reprocess."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, func, select, text, union_all

from ontherecord.warehouse.records import ArticleText
from ontherecord.warehouse.tables import articles, machine_quotes, quotes


@dataclass(frozen=True, slots=True)
class LoadedText:
    """The text of a loaded article."""

    article_id: int
    source_path: str
    text: ArticleText


@dataclass(frozen=True, slots=True)
class LoadedQuote:
    """A quote of a loaded article: its position in the body, text and speaker."""

    char_start: int
    char_end: int
    text: str
    speaker: str | None


def outdated(engine: Engine, extractor_version: str, *, everything: bool = False) -> list[int]:
    """Return the ids of articles of other extractor versions, or of all, in order.

    Those in other languages than English, in which nothing is looked for, are left out.
    """
    is_read = ~func.list_contains(articles.c.warnings, "language_not_read")
    query = select(articles.c.article_id).where(is_read).order_by(articles.c.article_id)
    if not everything:
        query = query.where(articles.c.extractor_version != extractor_version)
    with engine.connect() as connection:
        return list(connection.scalars(query))


def loaded_texts(engine: Engine, article_ids: Sequence[int]) -> list[LoadedText]:
    """Return the texts of these articles, as input for the extractor."""
    c = articles.c
    query = (
        select(
            c.article_id,
            c.source_path,
            c.content_sha256,
            c.title,
            c.body,
            c.dateline,
            c.agency,
            c.published_at,
        )
        .where(c.article_id.in_(article_ids))
        .order_by(c.article_id)
    )
    with engine.connect() as connection:
        return [LoadedText(i, path, ArticleText(*text)) for i, path, *text in connection.execute(query)]


def loaded_quotes(engine: Engine, article_ids: Iterable[int]) -> dict[int, list[LoadedQuote]]:
    """Return the quotes of these articles as the machine found them, speakers as the articles name them.

    That is before aliases and corrections.
    """
    wanted = list(article_ids)
    with engine.connect() as connection:
        query = _columns(quotes, wanted)
        if _has_corrections(connection):  # a published file of an earlier version has not
            kept = machine_quotes.c
            is_corrected = (
                select(kept.quote_no)
                .where(kept.article_id == quotes.c.article_id, kept.quote_no == quotes.c.quote_no)
                .exists()
            )
            query = query.where(~is_corrected)
            both = union_all(query, _columns(machine_quotes, wanted))
        else:
            both = union_all(query)
        found: dict[int, list[LoadedQuote]] = {}
        for article_id, _, *quote in connection.execute(both.order_by("article_id", "quote_no")):
            found.setdefault(article_id, []).append(LoadedQuote(*quote))
    return found


def _columns(table: Table, article_ids: Sequence[int]) -> Select[Any]:
    c = table.c
    columns = (c.article_id, c.quote_no, c.char_start, c.char_end, c.text, c.speaker_name)
    return select(*columns).where(c.article_id.in_(article_ids))


def _has_corrections(connection: Connection) -> bool:
    found = text("select count(*) from duckdb_tables() where table_name = 'machine_quotes'")
    return bool(connection.scalar(found))


def count_articles(engine: Engine) -> int:
    """Return how many articles are loaded."""
    with engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(articles)) or 0)
