"""Runs: a row in `ops.runs` for each flow run, written when it begins and when it ends."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version

from sqlalchemy import Engine, func, insert, select, update

from ontherecord.warehouse.lake import write_lock_of
from ontherecord.warehouse.tables import articles, quotes, runs


@dataclass(frozen=True, slots=True)
class RunCounts:
    """What became of the files of a run: landed = loaded + unchanged + duplicate + quarantined.

    Postponed files vanished or changed under the reader and are not counted as landed.
    """

    loaded_count: int = 0
    unchanged_count: int = 0
    duplicate_count: int = 0
    quarantined_count: int = 0
    postponed_count: int = 0
    mention_count: int = 0
    quote_count: int = 0

    @property
    def landed_count(self) -> int:
        return self.loaded_count + self.unchanged_count + self.duplicate_count + self.quarantined_count

    def __add__(self, other: RunCounts) -> RunCounts:
        return RunCounts(*(a + b for a, b in zip(asdict(self).values(), asdict(other).values(), strict=True)))


@dataclass(frozen=True, slots=True)
class RunHighlights:
    """What a run brought: its newest headlines, by day, and whom it quotes most, with how often."""

    headlines: tuple[tuple[date, str], ...] = ()
    speakers: tuple[tuple[str, int], ...] = ()


def now() -> datetime:
    """Return the time as tables keep it: UTC, without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def begin_run(
    engine: Engine, flow: str, landing: str | None = None, prefect_flow_run_id: str | None = None
) -> str:
    """Record that a run began; return its id.

    Runs that were killed are recorded as crashed.
    """
    started_at = now()
    run_id = f"{started_at:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    mark_lost_runs(engine)
    if turns := write_lock_of(engine):
        turns.stand_for(run_id)
    with engine.begin() as connection:
        connection.execute(
            insert(runs).values(
                run_id=run_id,
                flow=flow,
                landing=landing,
                started_at=started_at,
                state="running",
                version=version("ontherecord"),
                prefect_flow_run_id=prefect_flow_run_id,
            )
        )
    return run_id


def mark_lost_runs(engine: Engine) -> int:
    """Record the runs that were killed as crashed; return how many.

    In a file only the holder of the writer's lock asks, so a run that still counts as running is none. In a
    lake others run meanwhile, each of which stands for its run.
    """
    turns = write_lock_of(engine)
    with engine.begin() as connection:
        running = connection.scalars(select(runs.c.run_id).where(runs.c.state == "running")).all()
        lost = [run_id for run_id in running if turns is None or turns.is_lost(run_id)]
        if lost:
            message = "The process ended without recording an end."
            connection.execute(
                update(runs).where(runs.c.run_id.in_(lost)).values(state="crashed", message=message)
            )
    return len(lost)


def end_run(
    engine: Engine,
    run_id: str,
    state: str,
    counts: RunCounts,
    *,
    extractor_version: str | None = None,
    message: str | None = None,
) -> None:
    """Record how a run ended: `completed` or `failed`."""
    with engine.begin() as connection:
        connection.execute(
            update(runs)
            .where(runs.c.run_id == run_id)
            .values(
                state=state,
                ended_at=now(),
                landed_count=counts.landed_count,
                extractor_version=extractor_version,
                message=message,
                **asdict(counts),
            )
        )


def run_warnings(engine: Engine, run_id: str) -> dict[str, int]:
    """Return how many of the articles that a run loaded carry each warning, most frequent first."""
    warning = func.unnest(articles.c.warnings).label("warning")
    found = select(warning).where(articles.c.run_id == run_id).subquery()
    count = func.count().label("count")
    query = select(found.c.warning, count).group_by(found.c.warning).order_by(count.desc(), found.c.warning)
    with engine.connect() as connection:
        return dict(connection.execute(query).tuples().all())


def run_highlights(engine: Engine, run_id: str, limit: int = 5) -> RunHighlights:
    """Return what a run loaded that is worth telling, `limit` of each kind."""
    a, q = articles.c, quotes.c
    headlines = (
        select(a.published_on, a.title)
        .where(a.run_id == run_id)
        .order_by(a.published_at.desc(), a.source_path)
        .limit(limit)
    )
    count = func.count().label("count")
    speakers = (
        select(q.speaker, count)
        .join(articles, a.article_id == q.article_id)
        .where(a.run_id == run_id, q.speaker_entity_id.is_not(None))
        .group_by(q.speaker)
        .order_by(count.desc(), q.speaker)
        .limit(limit)
    )
    with engine.connect() as connection:
        return RunHighlights(
            tuple(connection.execute(headlines).tuples()),
            tuple(connection.execute(speakers).tuples()),
        )
