"""Reextraction: loaded texts to extract again, and their current quotes. For reprocess."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from ontherecord.warehouse.records import ArticleText
from ontherecord.warehouse.tables import articles, quotes


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
    """Return the quotes of these articles, with speakers as the articles name them, before aliases."""
    c = quotes.c
    query = (
        select(c.article_id, c.char_start, c.char_end, c.text, c.speaker_name)
        .where(c.article_id.in_(list(article_ids)))
        .order_by(c.article_id, c.quote_no)
    )
    found: dict[int, list[LoadedQuote]] = {}
    with engine.connect() as connection:
        for article_id, *quote in connection.execute(query):
            found.setdefault(article_id, []).append(LoadedQuote(*quote))
    return found


def count_articles(engine: Engine) -> int:
    """Return how many articles are loaded."""
    with engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(articles)) or 0)
