"""The ledger: what has been delivered, as discover and the stages behind it ask for it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Engine, select

from warehouse.records import Seen
from warehouse.tables import articles, deliveries


def read_ledger(engine: Engine) -> dict[str, Seen]:
    """Return the newest delivery of each path."""
    c = deliveries.c
    query = select(c.source_path, c.content_sha256, c.bytes, c.modified_ns, c.status).where(c.is_current)
    with engine.connect() as connection:
        return {path: Seen(*rest) for path, *rest in connection.execute(query)}


def loaded_contents(engine: Engine, contents: Iterable[str]) -> dict[str, int]:
    """Return the article that holds each of these contents (SHA-256) now, where one does."""
    query = select(articles.c.content_sha256, articles.c.article_id).where(
        articles.c.content_sha256.in_(sorted(contents))
    )
    with engine.connect() as connection:
        return dict(connection.execute(query).tuples().all())


def known_articles(engine: Engine, article_ids: Iterable[int]) -> set[int]:
    """Return those of these articles that are loaded."""
    query = select(articles.c.article_id).where(articles.c.article_id.in_(sorted(article_ids)))
    with engine.connect() as connection:
        return set(connection.scalars(query))


def loaded_bodies(engine: Engine, article_ids: Iterable[int]) -> dict[int, str]:
    """Return the bodies of those of these articles that are loaded."""
    query = select(articles.c.article_id, articles.c.body).where(
        articles.c.article_id.in_(sorted(article_ids))
    )
    with engine.connect() as connection:
        return dict(connection.execute(query).tuples().all())
