"""What a published warehouse is, and what made it: versions, rules, models and settings."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, fields
from datetime import date, datetime

import duckdb

from ontherecord import sql
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import as_rows
from ontherecord.warehouse.publish import open_published


@dataclass(frozen=True, slots=True)
class Method:
    """How some articles were read and extracted: a row of `mart.methods`."""

    rules_version: str
    model: str
    model_version: str
    confidence_sha256: str | None
    read_by: str | None
    settings: str | None
    article_count: int
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class About:
    """The row of `mart.about`, and the methods of its articles, of most articles first.

    Times are in UTC. The days are None if there is no article.
    """

    version: str
    schema_number: int
    published_at: datetime
    run_id: str | None
    article_count: int
    first_on: date | None
    last_on: date | None
    quote_count: int
    alias_count: int
    correction_count: int
    methods: tuple[Method, ...]


def read_about(home: DataDir) -> About:
    """Return what is published in a home, and what made it.

    Raises WarehouseError if nothing is published, or a version with another schema published it.
    """
    with closing(open_published(home)) as connection:
        return about_of(connection)


def about_of(connection: duckdb.DuckDBPyConnection) -> About:
    """Return what the warehouse of a connection is, and what made it."""
    methods = as_rows(connection.execute(sql.statement("about", "methods")))
    [about] = as_rows(connection.execute(sql.statement("about", "about")))
    known = {field.name for field in fields(Method)}
    return About(
        **about,
        methods=tuple(Method(**{name: row[name] for name in row if name in known}) for row in methods),
    )
