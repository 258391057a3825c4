"""Ingest, the main flow: from the landing folder to the published warehouse."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Engine

from expectations.validate import HeaderSuite
from flows.alerting import alerting
from flows.landing.discover import discover
from flows.pool import ExtractionPool
from flows.settings import Settings
from flows.stages import BatchReport, Tools, take_batch
from warehouse.aliases import apply_aliases, read_aliases
from warehouse.extracts import ExtractStore
from warehouse.home import Home
from warehouse.ledger import read_ledger
from warehouse.lock import writer_lock
from warehouse.marts import build_marts
from warehouse.migrate import migrate
from warehouse.near import has_uncompared, keep_clusters, keep_pairs, read_texts
from warehouse.publish import has_unpublished_change, publish
from warehouse.records import Rejected
from warehouse.runs import RunCounts, begin_run, end_run, warnings_of_run
from warehouse.tables import open_engine

T = TypeVar("T")


class Conduct(Protocol):
    """How a run is carried out, and whom it tells: directly on a terminal, or as a Prefect flow."""

    flow_run_id: str | None

    def step(self, name: str, work: Callable[[], T]) -> T:
        """Do a stage and return what it returns."""
        ...

    def say(self, line: str) -> None:
        """Tell what a stage came to."""
        ...

    def progress(self, done: int, total: int) -> None:
        """Tell how many files are done."""
        ...


@dataclass(slots=True)
class Report:
    """What a run came to, filled as it goes."""

    run_id: str
    landing: Path
    started_at: datetime = field(default_factory=datetime.now)
    counts: RunCounts = field(default_factory=RunCounts)
    rejected: list[Rejected] = field(default_factory=list)
    warned: dict[str, int] = field(default_factory=dict)
    batch_seconds: list[float] = field(default_factory=list)
    published: bool = False
    data_docs: Path | None = None
    seconds: float = 0.0

    def add(self, batch: BatchReport) -> None:
        self.counts += batch.counts
        self.rejected += batch.rejected
        self.batch_seconds.append(batch.seconds)


def ingest(
    landing: Path,
    settings: Settings,
    conduct: Conduct,
    *,
    data_docs: bool = False,
    wait_seconds: float = 0,
) -> Report:
    """Load what has landed and is not in the ledger; publish if that changed anything.

    Raises PipelineError if the run cannot go on; what earlier batches loaded stays.
    """
    home = settings.paths
    with (
        open_writer(home, "ingest", wait_seconds) as engine,
        alerting(engine, settings, conduct),
        recorded(engine, landing, conduct) as report,
    ):
        aliases = read_aliases(home)
        if changed_aliases := apply_aliases(engine, aliases):
            conduct.say(f"aliases: {changed_aliases} lines of {home.aliases} changed")
        ledger = read_ledger(engine)
        work = conduct.step("discover", lambda: discover(landing, ledger))
        report.counts += RunCounts(unchanged_count=work.unchanged_count)
        conduct.say(f"discover: {work.landed_count:,} files, {work.unchanged_count:,} as before")

        suite = HeaderSuite(settings.suite, home.data_docs if data_docs else None)
        with ExtractionPool(settings.model, settings.workers, ExtractStore(home.extracts)) as pool:
            pool.start(len(work.to_read))
            tools = Tools(engine, home, suite, pool, ledger, aliases, report.run_id)
            for start in range(0, len(work.to_read), settings.batch_size):
                files = work.to_read[start : start + settings.batch_size]
                end = start + len(files)
                batch = conduct.step(f"files {start + 1}-{end}", partial(take_batch, files, tools))
                report.add(batch)
                conduct.say(f"files {start + 1}-{end} of {len(work.to_read)}: {describe(batch)}")
                conduct.progress(end, len(work.to_read))

        if has_uncompared(engine):
            clustered = conduct.step("near duplicates", lambda: find_near_duplicates(engine))
            conduct.say(f"near duplicates: {clustered:,} articles stand in clusters")
        report.warned = warnings_of_run(engine, report.run_id)
        if data_docs and work.to_read:
            report.data_docs = conduct.step("data docs", suite.build_docs)
        changed = has_unpublished_change(engine, home)
        if changed:
            conduct.step("marts", lambda: build_marts(engine))
        end_run(engine, report.run_id, "completed", report.counts, extractor_version=pool.known_version)
        if changed:
            conduct.step("publish", lambda: publish(engine, home))
            report.published = True
            conduct.say(f"publish: {home.published}")
    return report


def find_near_duplicates(engine: Engine) -> int:
    """Compare new texts with those of the days around them; return how many articles are in clusters."""
    from flows.extract.near import WINDOW_DAYS, clusters, near_pairs  # scipy's import takes a second

    with engine.begin() as connection:
        new = list(near_pairs(read_texts(connection, WINDOW_DAYS)))
        found = clusters(keep_pairs(connection, new))
        keep_clusters(connection, found)
    return len(found)


@contextmanager
def open_writer(home: Home, task: str, wait_seconds: float = 0) -> Iterator[Engine]:
    """Hold the writer's lock and its file, brought to this code's schema.

    Raises WriterBusy or WarehouseError.
    """
    with writer_lock(home, task, wait_seconds):
        engine = open_engine(home.writer)
        try:
            migrate(engine)
            yield engine
        finally:
            engine.dispose()


@contextmanager
def recorded(engine: Engine, landing: Path, conduct: Conduct) -> Iterator[Report]:
    """Record a run in `ops.runs`: as failed, with the message, if anything is raised."""
    began = time.monotonic()
    report = Report(begin_run(engine, "ingest", str(landing), conduct.flow_run_id), landing)
    try:
        yield report
    except BaseException as error:
        message = str(error) or type(error).__name__
        end_run(engine, report.run_id, "failed", report.counts, message=message)
        raise
    report.seconds = time.monotonic() - began


def describe(batch: BatchReport) -> str:
    """Return a batch's counts in words, without those that are zero."""
    c = batch.counts
    parts = [
        f"{c.loaded_count} loaded",
        f"{c.duplicate_count} duplicate" if c.duplicate_count else "",
        f"{c.unchanged_count} unchanged" if c.unchanged_count else "",
        f"{c.quarantined_count} held back" if c.quarantined_count else "",
        f"{c.postponed_count} postponed" if c.postponed_count else "",
        f"{c.quote_count} quotes",
    ]
    return ", ".join(part for part in parts if part) + f" ({batch.seconds:.1f} s)"
