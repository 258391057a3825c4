"""Ingest, the main flow: from the landing folder to the published warehouse."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Engine

from ontherecord.expectations.validate import HeaderSuite
from ontherecord.flows.landing.access import open_reader
from ontherecord.flows.landing.discover import discover
from ontherecord.flows.landing.location import Location
from ontherecord.flows.pipeline.alerting import alerting
from ontherecord.flows.pipeline.batches import BatchContext, process_files
from ontherecord.flows.pipeline.finish import finish
from ontherecord.flows.pipeline.results import RunResult
from ontherecord.flows.pipeline.runner import Runner, open_writer, run_record
from ontherecord.flows.sanitize import sanitize
from ontherecord.flows.settings import Settings
from ontherecord.flows.workers.pool import ExtractionPool
from ontherecord.flows.workers.remote import UnitResult
from ontherecord.warehouse.aliases import apply_aliases, read_aliases
from ontherecord.warehouse.extract_cache import ExtractCache
from ontherecord.warehouse.ledger import from_elsewhere, read_ledger
from ontherecord.warehouse.records import LandedFile
from ontherecord.warehouse.runs import RunCounts
from ontherecord.warehouse.shared_cache import SharedCache

# Has the texts of files extracted elsewhere; returns what came of it, and what is wrong with the cluster.
ClusterExtraction = Callable[[Location, Sequence[LandedFile], Settings, str], tuple[UnitResult, str | None]]


def ingest(
    landing: Location,
    settings: Settings,
    runner: Runner,
    *,
    data_docs: bool = False,
    quiet_seconds: float = 0,
    wait_seconds: float = 0,
    cluster: ClusterExtraction | None = None,
) -> RunResult:
    """Load what has landed and is not in the ledger; publish if that changed anything.

    Files that changed in the last `quiet_seconds` may still be written: they are postponed.
    `cluster` has the machines of the setting extract ahead of the run's own workers.

    Raises PipelineError if the run cannot go on; what earlier batches loaded stays.
    """
    home = settings.paths
    with (
        open_writer(home, "ingest", wait_seconds, memory_mb=settings.duckdb_memory_mb) as engine,
        alerting(engine, settings, runner),
        run_record(engine, runner, "ingest", landing) as report,
    ):
        aliases = read_aliases(home)
        if changed_aliases := apply_aliases(engine, aliases):
            runner.log(f"aliases: {changed_aliases} lines of {home.aliases} changed")
        ledger = read_ledger(engine)
        work = runner.run_step("discover", lambda: discover(landing, ledger))
        report.unlistable_folders = work.unlistable
        files = [landed for landed in work.to_read if _is_quiet(landed, quiet_seconds)]
        report.counts += RunCounts(
            unchanged_count=work.unchanged_count, postponed_count=len(work.to_read) - len(files)
        )
        runner.log(f"discover: {work.landed_count:,} files, {work.unchanged_count:,} as before")

        if home.lake:
            known = [landed.source_path for landed in files if landed.source_path in ledger]
            _tell_of_shared_paths(engine, landing, known, runner)

        store = ExtractCache(home.extracts)
        if cluster and files:
            store = _extract_ahead(cluster, landing, files, settings, runner)
        suite = HeaderSuite(settings.validation_suite, home.data_docs if data_docs else None)
        with open_reader(landing) as reader, ExtractionPool(settings, store) as pool:
            pool.start(len(files))
            context = BatchContext(engine, home, suite, pool, ledger, aliases, report.run_id, reader)
            process_files(files, context, settings.batch_size, report, runner)
        if data_docs and files:
            report.data_docs = runner.run_step("data docs", suite.build_docs)
        finish(engine, home, report, runner, pool.known_version)
    return report


def _tell_of_shared_paths(engine: Engine, landing: Location, paths: Sequence[str], runner: Runner) -> None:
    """Say which paths came from another landing place before: two newspapers may have the same."""
    if shared := from_elsewhere(engine, str(landing), paths):
        path, place = shared[0]
        runner.log(
            f"discover: {len(shared):,} files have the path of an article from another landing place and "
            f"become its next version, such as {sanitize(path)} of {sanitize(place)}. If they are other "
            "articles, give them other paths."
        )


def _extract_ahead(
    cluster: ClusterExtraction,
    landing: Location,
    files: Sequence[LandedFile],
    settings: Settings,
    runner: Runner,
) -> ExtractCache:
    """Have a cluster extract these files, and return the store that finds what it found."""
    home = settings.paths
    shared = settings.shared_cache or str(home.shared_cache.absolute())
    place = landing.absolute() if isinstance(landing, Path) else landing
    found, trouble = runner.run_step("cluster", lambda: cluster(place, files, settings, shared))
    if trouble:
        runner.log(f"cluster: {settings.cluster} is not there, or was lost ({trouble})")
    runner.log(
        f"cluster: {found.extracted_count:,} texts extracted, {found.kept_count:,} were, "
        f"{found.left_count:,} files left to this machine"
    )
    return ExtractCache(home.extracts, shared=SharedCache(shared))


def _is_quiet(landed: LandedFile, seconds: float) -> bool:
    """Say whether a file has been left alone for so long. A time in the future is a wrong clock's."""
    age = time.time() - landed.modified_ns / 1e9
    return not 0 <= age < seconds
