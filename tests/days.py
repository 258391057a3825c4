"""Days of deliveries, written straight into a writer's file, and which alerts they raise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, text

from ontherecord.flows.settings import AlertSettings
from ontherecord.warehouse.alerts import AlertResult, raise_alerts

NOON = datetime(2026, 3, 18, 12)  # a Wednesday
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def judge(engine: Engine, at: datetime, *muted: str, **limits: float) -> AlertResult:
    return raise_alerts(engine, {**AlertSettings().limits, **limits}, at, muted)


def raised(engine: Engine, at: datetime, *muted: str, **limits: float) -> list[tuple[str, str]]:
    return [(a.rule, a.subject) for a in judge(engine, at, *muted, **limits).raised]


def is_open(engine: Engine, at: datetime) -> list[tuple[str, str]]:
    return [(a.rule, a.subject) for a in judge(engine, at).open]


def deliver(
    engine: Engine,
    loaded_at: datetime,
    count: int = 1,
    section: str | None = "World",
    agency: str | None = None,
    published_on: date | None = None,
) -> None:
    """Put articles into the tables as if they had been loaded then."""
    with engine.begin() as connection:
        connection.execute(
            text(
                """
                insert into articles by name
                select
                    last + n as article_id,
                    'file ' || article_id as source_path, 1 as version, 'A title' as title, 'A body' as body,
                    :section as section, :agency as agency,
                    cast(:day as timestamp) as published_at, cast(:day as date) as published_on,
                    2 as word_count, 'content ' || article_id as content_sha256, 'text' as text_sha256,
                    []::varchar[] as warnings, '1' as extractor_version, 'a run' as run_id,
                    :loaded_at as loaded_at
                from range(1, :count + 1) as numbers(n),
                    (select coalesce(max(article_id), 0) as last from articles)
                """
            ),
            {
                "section": section,
                "agency": agency,
                "day": published_on or loaded_at.date(),
                "loaded_at": loaded_at,
                "count": count,
            },
        )


def deliver_daily(
    engine: Engine, last: datetime, days: int = 30, when: Callable[[datetime], bool] = bool, **what: object
) -> None:
    for back in range(days):
        if when(last - back * DAY):
            deliver(engine, last - back * DAY, **what)  # type: ignore[arg-type]
