"""Runs: one row in `ops.runs` per flow run, inserted when it begins and updated when it ends."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version

from sqlalchemy import Engine, func, insert, select, update

from ontherecord.warehouse.lake import write_lock_of
from ontherecord.warehouse.records import TAKEN_DOWN, MadeWith
from ontherecord.warehouse.tables import articles, count_change, passed_over, quote_speakers, quotes, runs


@dataclass(frozen=True, slots=True)
class RunCounts:
    """The files of a run by outcome: landed = loaded + unchanged + duplicate + quarantined.

    Postponed files vanished or changed while they were read; they do not count as landed. A file with many
    articles counts once, when it is complete: by the first of loaded, quarantined, duplicate and unchanged
    that any of its articles is. The counts of articles are those in such files.
    """

    loaded_count: int = 0
    unchanged_count: int = 0
    duplicate_count: int = 0
    quarantined_count: int = 0
    postponed_count: int = 0
    mention_count: int = 0
    quote_count: int = 0
    article_loaded_count: int = 0
    article_unchanged_count: int = 0
    article_duplicate_count: int = 0
    article_quarantined_count: int = 0

    @property
    def landed_count(self) -> int:
        return self.loaded_count + self.unchanged_count + self.duplicate_count + self.quarantined_count

    @property
    def article_landed_count(self) -> int:
        return (
            self.article_loaded_count
            + self.article_unchanged_count
            + self.article_duplicate_count
            + self.article_quarantined_count
        )

    def __add__(self, other: RunCounts) -> RunCounts:
        return RunCounts(*(a + b for a, b in zip(asdict(self).values(), asdict(other).values(), strict=True)))


@dataclass(frozen=True, slots=True)
class RunHighlights:
    """The newest headlines of a run, with their days, and its most quoted speakers, with their quote
    counts.
    """

    headlines: tuple[tuple[date, str], ...] = ()
    speakers: tuple[tuple[str, int], ...] = ()


def now() -> datetime:
    """Return the current time as tables store it: UTC, without a time zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def begin_run(
    engine: Engine,
    flow: str,
    landing: str | None = None,
    prefect_flow_run_id: str | None = None,
    made_with: MadeWith | None = None,
) -> str:
    """Record that a run began and what shapes its rows, and mark killed runs as crashed; return its id."""
    started_at = now()
    run_id = f"{started_at:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    mark_crashed_runs(engine)
    if write_lock := write_lock_of(engine):
        write_lock.register_run(run_id)
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
                settings=made_with.settings if made_with else None,
                confidence_sha256=made_with.confidence_sha256 if made_with else None,
            )
        )
    return run_id


def mark_crashed_runs(engine: Engine) -> int:
    """Mark killed runs as crashed; return how many.

    With a file, the caller holds the writer's lock, so no other run can be alive. In a lake, each live run
    holds a lock of its own.
    """
    write_lock = write_lock_of(engine)
    with engine.begin() as connection:
        running = connection.scalars(select(runs.c.run_id).where(runs.c.state == "running")).all()
        crashed = [run_id for run_id in running if write_lock is None or write_lock.is_run_dead(run_id)]
        if crashed:
            message = "The process ended without recording the end of the run."
            connection.execute(
                update(runs).where(runs.c.run_id.in_(crashed)).values(state="crashed", message=message)
            )
    return len(crashed)


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
                article_landed_count=counts.article_landed_count,
                extractor_version=extractor_version,
                message=message,
                **asdict(counts),
            )
        )


def record_passed_over(engine: Engine, run_id: str, kinds: Sequence[tuple[str, int, str]]) -> None:
    """Record what a run found and did not take: kind, count and example.

    If the last ingest of that location found something else, the warehouse counts as changed, so that it is
    published.
    """
    rows = [
        {"run_id": run_id, "kind": kind, "file_count": count, "example": example}
        for kind, count, example in kinds
    ]
    c = passed_over.c
    with engine.begin() as connection:
        landing = select(runs.c.landing).where(runs.c.run_id == run_id).scalar_subquery()
        earlier = select(func.max(runs.c.run_id)).where(
            runs.c.run_id < run_id,
            runs.c.flow == "ingest",
            runs.c.state == "completed",
            runs.c.landing == landing,
        )
        before = connection.execute(
            select(c.kind, c.file_count, c.example).where(
                c.run_id == earlier.scalar_subquery(), c.kind != TAKEN_DOWN
            )
        )
        if {*before} != {*kinds}:
            count_change(connection)
        if rows:
            connection.execute(insert(passed_over), rows)


def record_taken_down(engine: Engine, run_id: str, count: int, tombstone_id: str) -> None:
    """Record how many articles a run kept out, with the id of one of their tombstones."""
    row = {"run_id": run_id, "kind": TAKEN_DOWN, "file_count": count, "example": tombstone_id}
    with engine.begin() as connection:
        connection.execute(insert(passed_over), [row])


def run_warnings(engine: Engine, run_id: str) -> dict[str, int]:
    """Return how many of the articles that a run loaded carry each warning, most frequent first."""
    warning = func.unnest(articles.c.warnings).label("warning")
    found = select(warning).where(articles.c.run_id == run_id).subquery()
    count = func.count().label("count")
    query = select(found.c.warning, count).group_by(found.c.warning).order_by(count.desc(), found.c.warning)
    with engine.connect() as connection:
        return dict(connection.execute(query).all())


def run_highlights(engine: Engine, run_id: str, limit: int = 5) -> RunHighlights:
    """Return the newest headlines and most quoted speakers of a run, up to `limit` of each.

    A joint quote counts for each of its speakers; acts of speech are not counted, as in the marts.
    """
    a, q, s = articles.c, quotes.c, quote_speakers.c
    headlines = (
        select(a.published_on, a.title)
        .where(a.run_id == run_id)
        .order_by(a.published_at.desc(), a.source_path)
        .limit(limit)
    )
    count = func.count().label("count")
    speakers = (
        select(s.speaker, count)
        .join(quotes, (q.article_id == s.article_id) & (q.quote_no == s.quote_no))
        .join(articles, a.article_id == s.article_id)
        .where(a.run_id == run_id, s.speaker_entity_id.is_not(None), q.kind != "act")
        .group_by(s.speaker)
        .order_by(count.desc(), s.speaker)
        .limit(limit)
    )
    with engine.connect() as connection:
        return RunHighlights(
            tuple(connection.execute(headlines)),
            tuple(connection.execute(speakers)),
        )
