"""Runner: how the steps of a run are executed and reported; open the warehouse and record the run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import Protocol, TypeVar

from sqlalchemy import Engine

from ontherecord.flows.landing.location import Location
from ontherecord.flows.log_file import LOG, begin_log, log_unexpected, plain_place
from ontherecord.flows.pipeline.made_with import made_with
from ontherecord.flows.pipeline.results import RunResult
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.alerts import Alert
from ontherecord.warehouse.compact import compact_writer, remove_deleted_bytes
from ontherecord.warehouse.corruption import explain_corruption, require_writer
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import open_engine
from ontherecord.warehouse.disk_space import clear_leftovers, explain_disk_errors
from ontherecord.warehouse.errors import OnTheRecordError, WarehouseError
from ontherecord.warehouse.lake import open_lake
from ontherecord.warehouse.lock import writer_lock
from ontherecord.warehouse.memory import MEMORY_MB, require_addresses
from ontherecord.warehouse.migrate import create_writer, migrate
from ontherecord.warehouse.runs import begin_run, end_run
from ontherecord.warehouse.secrets import redact
from ontherecord.warehouse.torn_block import mend_torn_block

T = TypeVar("T")

# Free space that a run may leave in the writer's file: a share, and bytes. A large first delivery leaves
# more, and every later publish would have to copy row by row.
_MOST_FREE = (1 / 3, 64_000_000)


class Runner(Protocol):
    """Executes the steps of a run and reports on it: on a terminal, or as a Prefect flow."""

    flow_run_id: str | None

    def run_step(self, name: str, work: Callable[[], T]) -> T:
        """Do a step and return its result."""
        ...

    def log(self, line: str) -> None:
        """Report the result of a step."""
        ...

    def report_progress(self, done: int, total: int) -> None:
        """Report how many files are done."""
        ...

    def send_alerts(self, unsent: Sequence[Alert]) -> Sequence[Alert]:
        """Send alerts to people; return those that were accepted."""
        ...

    def show_alerts(self, alerts: Sequence[Alert]) -> None:
        """Show the open alerts."""
        ...


@contextmanager
def open_writer(
    home: DataDir,
    task: str,
    wait_seconds: float = 0,
    *,
    yield_to_others: bool = False,
    memory_mb: int = MEMORY_MB,
) -> Iterator[Engine]:
    """Take the writer's lock and open the warehouse, migrated to this code's schema.

    Raises WriterBusy or WarehouseError; a full disk is a WarehouseError at any time while it is open.
    """
    with (
        hold_writer_lock(home, task, wait_seconds, yield_to_others=yield_to_others),
        open_warehouse(home, memory_mb) as engine,
    ):
        yield engine


@contextmanager
def hold_writer_lock(
    home: DataDir, task: str, wait_seconds: float = 0, *, yield_to_others: bool = False
) -> Iterator[None]:
    """Take the writer's lock without opening the warehouse.

    Raises WriterBusy or WarehouseError; a full disk is a WarehouseError at any time while the lock is held.
    """
    with explain_disk_errors(home), writer_lock(home, task, wait_seconds, yield_to_others=yield_to_others):
        if not home.lake:
            require_writer(home)
            if (number := mend_torn_block(home.writer)) is not None:
                LOG.warning(
                    "a killed process had written block %d of %s half: mended", number, home.writer.name
                )
        yield


@contextmanager
def open_warehouse(home: DataDir, memory_mb: int = MEMORY_MB) -> Iterator[Engine]:
    """Open the writer's file, or the lake, migrated to this code's schema; the caller has the lock.

    Raises WarehouseError if it is damaged, at once or while it is open.
    """
    require_addresses()
    if home.lake:
        clear_leftovers(home)
        with open_lake(home, memory_mb) as engine:
            migrate(engine)
            home.restrict_access()
            yield engine
        return
    with explain_corruption(home):
        clear_leftovers(home)
        create_writer(home)
        engine = open_engine(home.writer, memory_mb=memory_mb)
        try:
            migrate(engine)
            home.restrict_access()
            yield engine
        finally:
            engine.dispose()
            home.restrict_access()  # what this run made, too
        # Not a reason to fail: maintain tries again, and reports it.
        with suppress(WarehouseError):
            compact_writer(home, *_MOST_FREE)
            remove_deleted_bytes(home)


@contextmanager
def run_record(
    engine: Engine, runner: Runner, settings: Settings, flow: str, landing: Location | None = None
) -> Iterator[RunResult]:
    """Record a run in `ops.runs`: as failed, with the error's message, if anything is raised."""
    began = time.monotonic()
    landing_text = None if landing is None else str(landing)
    begin_log(settings.paths)
    run_id = begin_run(engine, flow, landing_text, runner.flow_run_id, made_with(settings))
    result = RunResult(run_id, landing, flow)
    LOG.info("run %s: %s%s", run_id, flow, "" if landing is None else f" of {plain_place(landing)}")
    try:
        yield result
    except BaseException as error:
        _log_failure(result, error)
        message = redact(error) or type(error).__name__
        try:
            end_run(engine, result.run_id, "failed", result.counts, message=message)
        except Exception as second:  # the first error is the one to read; the next run records a crash
            error.add_note(f"The run's end could not be recorded: {redact(second)}")
        raise
    result.seconds = time.monotonic() - began
    LOG.info("run %s ended after %.1f s: %s", run_id, result.seconds, _counts_of(result))


def _log_failure(result: RunResult, error: BaseException) -> None:
    why = f": {error}" if isinstance(error, OnTheRecordError) else ""
    LOG.error("run %s failed, %s%s; %s", result.run_id, type(error).__name__, why, _counts_of(result))
    if isinstance(error, Exception) and not isinstance(error, OnTheRecordError):
        log_unexpected(error)


def _counts_of(result: RunResult) -> str:
    """Return the counts of a run that are not zero, and the warnings of its articles."""
    counts = {name.removesuffix("_count"): n for name, n in asdict(result.counts).items() if n}
    return ", ".join(f"{name} {n:,}" for name, n in {**counts, **result.warned}.items()) or "nothing to do"
