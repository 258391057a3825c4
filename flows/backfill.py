"""Backfill: an archive, by publication day, in the time that other runs leave.

The ledger says what is done, so a backfill that was killed goes on where it was. Between two batches
it gives way to whoever waits: the turn ends, its rows stay, and it comes back for the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from functools import cache, partial
from typing import Literal

from ontherecord.expectations.validate import HeaderSuite
from ontherecord.flows.landing.access import FolderReader, open_reader
from ontherecord.flows.landing.discover import discover, processing_order
from ontherecord.flows.landing.location import Location, Reader
from ontherecord.flows.landing.publication_day import publication_day, publication_day_from
from ontherecord.flows.pipeline.alerting import alerting
from ontherecord.flows.pipeline.batches import BatchContext, process_files
from ontherecord.flows.pipeline.finish import finish
from ontherecord.flows.pipeline.results import RunResult
from ontherecord.flows.pipeline.runner import Runner, open_writer, run_record
from ontherecord.flows.settings import Settings
from ontherecord.flows.workers.pool import ExtractionPool
from ontherecord.warehouse.aliases import apply_aliases, read_aliases
from ontherecord.warehouse.errors import SettingsError
from ontherecord.warehouse.extract_cache import ExtractCache
from ontherecord.warehouse.ledger import read_ledger
from ontherecord.warehouse.lock import somebody_waits
from ontherecord.warehouse.records import LandedFile
from ontherecord.warehouse.runs import end_run

# A turn that gave way comes back for as long as that, a day: others' runs end long before.
_BACK_SECONDS = 86_400.0
# Files of a store that are fetched together for their days.
_AHEAD = 500
Order = Literal["oldest", "newest"]
_DayOf = Callable[[LandedFile], date | None]


@dataclass(frozen=True, slots=True)
class Range:
    """Which files a backfill takes, and in which order."""

    from_day: date | None = None
    to_day: date | None = None
    paths: str = "*"
    order: Order = "oldest"

    def holds(self, day: date) -> bool:
        return (self.from_day or date.min) <= day <= (self.to_day or date.max)


def backfill(
    landing: Location,
    settings: Settings,
    runner: Runner,
    *,
    from_day: date | None = None,
    to_day: date | None = None,
    paths: str = "*",
    order: Order = "oldest",
    wait_seconds: float = 0,
) -> RunResult:
    """Load the files of a range of days that are not in the ledger, other runs first.

    Files without a day that can be read are in no range of days, and taken only where none is named.

    Raises PipelineError if the run cannot go on; what earlier batches loaded stays.
    """
    if from_day and to_day and from_day > to_day:
        raise SettingsError(f"There is no day from {from_day} to {to_day}: exchange them.")
    wanted = Range(from_day, to_day, paths, order)
    whole: RunResult | None = None
    with open_reader(landing) as reader:
        # Each file's is read once, however many turns this takes.
        days = cache(
            publication_day if isinstance(reader, FolderReader) else partial(publication_day_from, reader)
        )
        while True:
            turn, left = _take_turn(landing, settings, runner, wanted, days, wait_seconds, reader)
            whole = turn if whole is None else _joined(whole, turn)
            if not left:
                return whole
            runner.log(f"gave way to another run with {left:,} files to go")
            wait_seconds = _BACK_SECONDS


def _take_turn(
    landing: Location,
    settings: Settings,
    runner: Runner,
    wanted: Range,
    days: _DayOf,
    wait_seconds: float,
    reader: Reader,
) -> tuple[RunResult, int]:
    """Load until all is done or somebody waits; return what it came to and how many files are left."""
    home = settings.paths
    with (
        open_writer(
            home, "backfill", wait_seconds, behind_others=True, memory_mb=settings.duckdb_memory_mb
        ) as engine,
        alerting(engine, settings, runner),
        run_record(engine, runner, "backfill", landing) as report,
    ):
        aliases = read_aliases(home)
        apply_aliases(engine, aliases)
        ledger = read_ledger(engine)
        work = discover(landing, ledger)
        report.unlistable_folders = work.unlistable
        files = runner.run_step("discover", lambda: _in_range(work.to_read, wanted, days, reader))
        runner.log(f"discover: {len(files):,} files of the range are new")
        with ExtractionPool(settings, ExtractCache(home.extracts)) as pool:
            pool.start(len(files))
            suite = HeaderSuite(settings.validation_suite)
            context = BatchContext(engine, home, suite, pool, ledger, aliases, report.run_id, reader)
            taken = process_files(
                files, context, settings.batch_size, report, runner, until=lambda: somebody_waits(home)
            )
        if left := len(files) - taken:
            # Who waits publishes what this turn loaded, or else the last turn does.
            end_run(engine, report.run_id, "completed", report.counts, extractor_version=pool.known_version)
        else:
            finish(engine, home, report, runner, pool.known_version)
    return report, left


def _in_range(
    files: Iterable[LandedFile], wanted: Range, days: _DayOf, reader: Reader
) -> Sequence[LandedFile]:
    """Return the files of a range by day; those of a day in the order of discover, files without one last."""
    any_day = wanted.from_day is None and wanted.to_day is None
    found: list[tuple[int, LandedFile]] = []
    matching = [landed for landed in files if fnmatchcase(landed.source_path, wanted.paths)]
    for number, landed in enumerate(matching):
        if number % _AHEAD == 0:
            reader.fetch(matching[number : number + _AHEAD])
        day = days(landed)
        if day is None and any_day:
            found.append((date.max.toordinal(), landed))
        elif day is not None and wanted.holds(day):
            number = day.toordinal()
            found.append((number if wanted.order == "oldest" else -number, landed))
    return [landed for _, landed in sorted(found, key=lambda f: (f[0], processing_order(f[1])))]


def _joined(whole: RunResult, turn: RunResult) -> RunResult:
    """Return the report of all turns so far: the newest one's, with the counts of those before it."""
    turn.counts = whole.counts + turn.counts
    turn.rejected = whole.rejected + turn.rejected
    turn.batch_seconds = whole.batch_seconds + turn.batch_seconds
    turn.started_at = whole.started_at
    turn.seconds += whole.seconds
    return turn
