"""Ahead: a cluster extracts the files of a run, in their order, while the run loads those that are done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import copy_context
from dataclasses import dataclass, field
from threading import Condition, Thread
from types import TracebackType
from typing import Self

from ontherecord.flows.landing.location import Location, Reader
from ontherecord.flows.plural import counted
from ontherecord.flows.settings import Settings
from ontherecord.flows.workers.remote import UnitResult
from ontherecord.warehouse.records import LandedFile, RawFile

# Has the texts of files extracted on other machines, and puts them into the cache of this name.
ClusterExtraction = Callable[
    [Location, Sequence[LandedFile], Settings, str, "Progress"], tuple[UnitResult, str | None]
]
# What a cluster on this machine needs to end its processes.
_SECONDS_TO_END = 10


@dataclass(slots=True)
class Progress:
    """How many files a cluster is done with, in their order, and whether nobody needs the rest."""

    done_count: int = 0
    is_over: bool = False
    is_unwanted: bool = False
    changed: Condition = field(default_factory=Condition)

    def __reduce__(self) -> tuple[type[Progress], tuple[()]]:
        """Prefect sends what a flow refers to along with its tasks, which have no use for this."""
        return Progress, ()

    def add(self, count: int) -> None:
        """Record that the next files are done."""
        with self.changed:
            self.done_count += count
            self.changed.notify_all()

    def end(self) -> None:
        """Record that no more will be done."""
        with self.changed:
            self.is_over = True
            self.changed.notify_all()

    def wait_for(self, count: int) -> None:
        """Wait until so many files are done, or no more will be."""
        with self.changed:
            self.changed.wait_for(lambda: self.is_over or self.done_count >= count)


class Ahead:
    """A reader of files that waits for what the cluster does with them before it fetches them.

    A context manager: leaving it waits for the cluster, or stops it after an error.
    """

    def __init__(
        self,
        reader: Reader,
        extract: Callable[[Progress], tuple[UnitResult, str | None]],
        log: Callable[[str], None],
        cluster: str,
    ) -> None:
        self._reader, self._extract, self._log, self._cluster = reader, extract, log, cluster
        self._progress = Progress()
        self._fetched_count = 0
        self._result: tuple[UnitResult, str | None] | None = None
        self._error: BaseException | None = None
        self._is_told = False
        # A copy of the context: for Prefect, what the cluster does is part of this run.
        self._thread = Thread(target=copy_context().run, args=(self._run,), name="cluster", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.is_unwanted = error is not None
        self._thread.join(_SECONDS_TO_END if error else None)
        if error is None:
            self._tell()

    def fetch(self, files: Sequence[LandedFile]) -> None:
        """Wait until the cluster is done with these files, which follow the last ones, and fetch them."""
        self._fetched_count += len(files)
        self._progress.wait_for(self._fetched_count)
        if self._progress.is_over:
            self._tell()
        self._reader.fetch(files)

    def read(self, landed: LandedFile) -> RawFile:
        """Return a file's bytes, as the reader does."""
        return self._reader.read(landed)

    def _run(self) -> None:
        """Have the cluster extract. Runs in the thread."""
        try:
            self._result = self._extract(self._progress)
        except BaseException as error:
            self._error = error
        finally:
            self._progress.end()

    def _tell(self) -> None:
        """Log once what the cluster did; raise what kept it from beginning."""
        if self._error:
            raise self._error
        if self._result is None or self._is_told:
            return
        self._is_told = True
        counts, error = self._result
        if error:
            self._log(f"cluster: {self._cluster} is unreachable ({error})")
        self._log(
            f"cluster: {counted(counts.extracted_count, 'text')} extracted, {counts.kept_count:,} already "
            f"cached, {counted(counts.left_count, 'file')} left for this machine"
        )
