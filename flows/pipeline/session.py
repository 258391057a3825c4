"""Session: an open warehouse, a recorded run, and the stages that the flows share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from sqlalchemy import Engine

from ontherecord.expectations.validate import HeaderSuite
from ontherecord.flows.landing.access import FolderReader
from ontherecord.flows.landing.discover import Discovered
from ontherecord.flows.landing.location import Location, Reader
from ontherecord.flows.landing.passed_over import GONE
from ontherecord.flows.pipeline.alerting import evaluate_alerts_at_end
from ontherecord.flows.pipeline.batches import BatchContext, Batches
from ontherecord.flows.pipeline.finish import finish
from ontherecord.flows.pipeline.kept_files import as_landed, read_kept
from ontherecord.flows.pipeline.results import RunResult
from ontherecord.flows.pipeline.runner import Runner, open_writer, run_record
from ontherecord.flows.pipeline.take_down import take_down_pending
from ontherecord.flows.plural import counted
from ontherecord.flows.sanitize import sanitize
from ontherecord.flows.settings import Settings
from ontherecord.flows.workers.pool import ExtractionPool
from ontherecord.warehouse.aliases import Aliases
from ontherecord.warehouse.corrections import OF_NAMES, read_corrections, read_names
from ontherecord.warehouse.corruption import require_warehouse
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.extract_cache import ExtractCache
from ontherecord.warehouse.ids import normalized
from ontherecord.warehouse.ledger import known_from, mark_missing
from ontherecord.warehouse.overlay import apply_corrections
from ontherecord.warehouse.quarantine import QuarantinedDelivery, remove_dismissed_bytes
from ontherecord.warehouse.records import TAKEN_DOWN, LandedFile, LedgerEntry
from ontherecord.warehouse.renames import apply_aliases
from ontherecord.warehouse.runs import now, record_passed_over, record_taken_down
from ontherecord.warehouse.tombstones import Tombstones, read_tombstones


class Curated(NamedTuple):
    """How many lines of aliases.csv and of corrections.csv changed."""

    aliases: int
    corrections: int


@dataclass(slots=True)
class Session:
    """What the stages of a run share. `extractor_version` is None until something was extracted."""

    settings: Settings
    runner: Runner
    engine: Engine
    result: RunResult
    aliases: Aliases = field(default_factory=Aliases)
    tombstones: Tombstones = field(default_factory=Tombstones)
    extractor_version: str | None = None

    @property
    def home(self) -> DataDir:
        return self.settings.paths

    def apply_curated(self) -> Curated:
        """Apply aliases.csv and corrections.csv to what is loaded; return how many of their lines changed.

        Raises AliasError or CorrectionError if one of the files is invalid.
        """
        corrections = read_corrections(self.home)
        self.aliases = read_names(self.home, corrections)
        renamed = apply_aliases(self.engine, self.aliases)
        changed = apply_corrections(self.engine, corrections)
        # A rewritten line of corrections.csv is two; one that aliases.csv had before renames nothing.
        of_names = {normalized(c.words) for c in changed if c.what in OF_NAMES}
        done = Curated(max(renamed - len(of_names), 0), len(changed))
        for count, file in ((done.aliases, self.home.aliases), (done.corrections, self.home.corrections)):
            if count:
                self.runner.log(f"{file.stem}: {counted(count, 'line')} of {file} changed")
        return done

    def note_passed_over(self, discovered: Discovered, *, is_whole: bool = True) -> None:
        """Keep what the listing found and did not take, for the result and for ops.passed_over.

        If `is_whole`, and nothing has landed at a location from which files were loaded before, all of them
        have gone.
        """
        passed_over = self.result.passed_over = discovered.passed_over
        self.result.unlistable_folders = discovered.unlistable
        is_empty = is_whole and not discovered.landed_count
        if is_empty and (gone := known_from(self.engine, str(self.result.landing))):
            passed_over.counts[GONE], passed_over.examples[GONE] = gone
        kinds = [kind for kind in passed_over.kinds() if kind[0] != TAKEN_DOWN]  # there may be more
        record_passed_over(self.engine, self.result.run_id, kinds)

    def mark_missing(self, discovered: Discovered, ledger: Mapping[str, LedgerEntry]) -> None:
        """Mark in the ledger which known files have gone from the landing location, and which are back.

        What lies in a folder that may not be listed is not known to have gone.
        """
        gone = {
            path for path in ledger.keys() - discovered.paths if not path.startswith(discovered.unlistable)
        }
        mark_missing(self.engine, str(self.result.landing), gone, now())

    def release(self, due: Iterable[QuarantinedDelivery]) -> None:
        """Load quarantined files whose embargo is over from the bytes that are kept of them."""
        files, current_failures = as_landed(self.home, due)
        if files:
            reader = FolderReader(partial(read_kept, self.home))
            self.load(files, {}, reader, start_workers=False, current_failures=current_failures)

    def load(
        self,
        files: Sequence[LandedFile],
        ledger: Mapping[str, LedgerEntry],
        reader: Reader,
        *,
        suite: HeaderSuite | None = None,
        cache: ExtractCache | None = None,
        start_workers: bool = True,
        read_ahead: bool = True,
        current_failures: Mapping[str, frozenset[str]] | None = None,
        allowed: frozenset[str] = frozenset(),
        should_stop: Callable[[], bool] = lambda: False,
    ) -> int:
        """Load files in batches, each one step and one transaction; return how many were processed.

        With `start_workers` the worker processes start at once, else with the first text that is not in
        the cache. With `read_ahead` the next batch is read before one is loaded. Stops early if `should_stop`
        returns true after a batch; a file with many articles that is not complete then is not counted as
        processed. BatchContext explains `current_failures` and `allowed`.
        """
        with ExtractionPool(self.settings, cache or ExtractCache(self.home.extracts)) as pool:
            if start_workers:
                pool.start(len(files))
            suite = suite or HeaderSuite(self.settings.validation_suite)
            context = BatchContext(
                self.engine,
                self.home,
                suite,
                pool,
                ledger,
                self.aliases,
                self.result.run_id,
                reader,
                current_failures or {},
                allowed,
                self.settings.reading,
                self.tombstones,
            )
            batches = Batches(files, self.settings.batch_size, context, read_ahead=read_ahead)
            while batches:
                if batches.started and should_stop():
                    break
                name = batches.next_name
                batch = self.runner.run_step(name, batches.load)
                self.result.add(batch)
                self.runner.log(f"{name} of {len(files)}: {batch.summary()}")
                self.runner.report_progress(batches.files_done, len(files))
            self.extractor_version = pool.known_version
            for rule, found in suite.of_batches.items():
                self.result.of_batches[rule] = found.count
                self.runner.log(
                    f"validate: {rule} does not hold for {counted(found.count, 'batch', 'batches')} "
                    f"(observed: {sanitize(found.observed or '')}). {found.message}"
                )
        return batches.files_done

    def finish(self) -> None:
        """Update derived tables, record the end of the run, and publish if anything changed."""
        passed_over = self.result.passed_over
        if count := passed_over.counts.get(TAKEN_DOWN):
            record_taken_down(self.engine, self.result.run_id, count, passed_over.examples[TAKEN_DOWN])
        finish(self.engine, self.home, self.result, self.runner, self.extractor_version)


@contextmanager
def open_session(
    settings: Settings,
    runner: Runner,
    flow: str,
    landing: Location | None = None,
    *,
    wait_seconds: float = 0,
    yield_to_others: bool = False,
) -> Iterator[Session]:
    """Take the writer's lock, open the warehouse and record a run of `flow`; evaluate alerts at the end.

    Raises WriterBusy if another run still has the lock after `wait_seconds`, or WarehouseError: a flow
    without a landing location needs a warehouse, and makes none where a home was moved away.
    """
    if landing is None:
        require_warehouse(settings.paths)
    with (
        open_writer(
            settings.paths,
            flow,
            wait_seconds,
            yield_to_others=yield_to_others,
            memory_mb=settings.duckdb_memory_mb,
        ) as engine,
        evaluate_alerts_at_end(engine, settings, runner),
        run_record(engine, runner, settings, flow, landing) as result,
    ):
        take_down_pending(engine, settings, runner)
        remove_dismissed_bytes(settings.paths, engine, after_kill=True)
        yield Session(settings, runner, engine, result, tombstones=read_tombstones(engine))
