"""Ingest, the main flow: from the landing folder to the published warehouse."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from ontherecord.expectations.validate import HeaderSuite
from ontherecord.flows.landing.access import open_reader
from ontherecord.flows.landing.discover import Discovered, discover, discover_at
from ontherecord.flows.landing.location import Location, Reader
from ontherecord.flows.pipeline.ahead import Ahead, ClusterExtraction
from ontherecord.flows.pipeline.kept_files import to_read_again
from ontherecord.flows.pipeline.results import RunResult
from ontherecord.flows.pipeline.runner import Runner
from ontherecord.flows.pipeline.session import Session, open_session
from ontherecord.flows.plural import counted
from ontherecord.flows.sanitize import sanitize
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.extract_cache import ExtractCache
from ontherecord.warehouse.ledger import current_deliveries, from_other_landings, read_ledger
from ontherecord.warehouse.quarantine import QuarantinedDelivery, read_quarantined
from ontherecord.warehouse.records import LandedFile, LedgerEntry
from ontherecord.warehouse.runs import RunCounts, now
from ontherecord.warehouse.shared_cache import SharedCache


def ingest(
    landing: Location,
    settings: Settings,
    runner: Runner,
    *,
    data_docs: bool = False,
    quiet_seconds: float = 0,
    only: Sequence[str] | None = None,
    wait_seconds: float = 0,
    cluster: ClusterExtraction | None = None,
) -> RunResult:
    """Load what has landed and is not in the ledger; publish if that changed anything.

    Files that changed in the last `quiet_seconds` may still be being written: they are postponed.
    With `only`, nothing is looked at but the files and folders at these paths beneath the landing folder.
    `cluster` has the machines of the setting extract ahead of the run's own workers.

    Raises PipelineError if the run cannot go on; what earlier batches loaded stays.
    """
    with open_session(settings, runner, "ingest", landing, wait_seconds=wait_seconds) as session:
        home, result = session.home, session.result
        session.apply_curated()
        due = read_quarantined(session.engine, due_at=now())
        discovered, ledger = runner.run_step("discover", lambda: _discover(session, landing, only, due))
        files = [landed for landed in discovered.to_read if _is_quiet(landed, quiet_seconds)]
        session.note_passed_over(discovered, is_whole=only is None)
        result.counts += RunCounts(
            unchanged_count=discovered.unchanged_count, postponed_count=len(discovered.to_read) - len(files)
        )
        runner.log(
            f"discover: {counted(discovered.landed_count, 'file')}, {discovered.unchanged_count:,} unchanged"
        )
        if home.lake:
            known_paths = [landed.source_path for landed in files if landed.source_path in ledger]
            _log_shared_paths(session, landing, known_paths)

        session.release(d for d in due if d.in_file or d.source_path not in discovered.paths)
        suite = HeaderSuite(settings.validation_suite, home.data_docs if data_docs else None)
        with open_reader(landing, home.copies) as reader:
            if cluster and files:
                with _extract_ahead(session, cluster, landing, files, reader) as (ahead, cache):
                    session.load(
                        files, ledger, ahead, suite=suite, cache=cache, start_workers=False, read_ahead=False
                    )
            else:
                session.load(files, ledger, reader, suite=suite)
        if only is None:
            session.mark_missing(discovered, ledger)
        if data_docs and files:
            result.data_docs = runner.run_step("data docs", suite.build_docs)
        session.finish()
    return result


def _discover(
    session: Session, landing: Location, only: Sequence[str] | None, due: Sequence[QuarantinedDelivery]
) -> tuple[Discovered, Mapping[str, LedgerEntry]]:
    """Find what to read; return it, and the ledger of all paths or of those that were looked at."""
    engine, tombstone_of = session.engine, session.tombstones.of_file
    if only is None:
        ledger = to_read_again(read_ledger(engine), due)
        return discover(landing, ledger, tombstone_of), ledger
    return discover_at(
        only, landing, lambda paths: to_read_again(current_deliveries(engine, paths), due), tombstone_of
    )


def _log_shared_paths(session: Session, landing: Location, paths: Sequence[str]) -> None:
    """Log which paths were loaded from another landing folder: two newspapers may use the same paths."""
    if shared := from_other_landings(session.engine, str(landing), paths):
        path, other = shared[0]
        session.runner.log(
            f"discover: {counted(len(shared), 'file')} with the path of an article from another landing "
            f"folder, loaded as its next version if it is the same story: {sanitize(path)} of "
            f"{sanitize(other)}, for example. If these are different articles, give them different paths."
        )


@contextmanager
def _extract_ahead(
    session: Session,
    cluster: ClusterExtraction,
    landing: Location,
    files: Sequence[LandedFile],
    reader: Reader,
) -> Iterator[tuple[Reader, ExtractCache]]:
    """Have the cluster extract these files; yield a reader that waits for it, and the cache it fills."""
    settings = session.settings
    shared = settings.shared_cache or str(session.home.shared_cache.absolute())
    location = landing.absolute() if isinstance(landing, Path) else landing
    with Ahead(
        reader,
        lambda progress: cluster(location, files, settings, shared, progress),
        session.runner.log,
        settings.cluster or "",
    ) as ahead:
        yield ahead, ExtractCache(session.home.extracts, shared=SharedCache(shared))


def _is_quiet(landed: LandedFile, seconds: float) -> bool:
    """Say whether a file has not changed for so many seconds. A time in the future means a wrong clock."""
    age = time.time() - landed.modified_ns / 1e9
    return not 0 <= age < seconds
