"""Run without Prefect: the steps one after the other, reported on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ontherecord.flows.log_file import LOG
from ontherecord.flows.pipeline.retries import with_retries
from ontherecord.warehouse.alerts import Alert
from ontherecord.warehouse.secrets import redact

T = TypeVar("T")


class TerminalRunner:
    """Executes steps in this process; shows a progress bar on a terminal, plain lines anywhere else."""

    flow_run_id: str | None = None

    def __init__(self) -> None:
        self._bar: Progress | None = None
        if sys.stderr.isatty():
            from rich.console import Console

            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._task = self._bar.add_task("files", total=None)

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def run_step(self, name: str, work: Callable[[], T]) -> T:
        """Do a step, and retry it after a transient error."""
        if self._bar:
            self._bar.update(self._task, description=name)
        return with_retries(work, log=self.log)

    def log(self, line: str) -> None:
        """Log a line, and print it unless the progress bar is shown."""
        LOG.info(line)
        if not self._bar:
            with suppress(OSError):  # that nobody can read it is no reason to stop the run
                print(redact(line), file=sys.stderr, flush=True)

    def send_alerts(self, unsent: Sequence[Alert]) -> Sequence[Alert]:
        """Send nothing: Prefect sends alerts, in the next flow run."""
        return ()

    def show_alerts(self, alerts: Sequence[Alert]) -> None:
        """Show nothing: new alerts were printed, and `ontherecord alerts list` lists all."""

    def report_progress(self, done: int, total: int) -> None:
        """Move the progress bar."""
        if self._bar:
            self._bar.update(self._task, completed=done, total=total)
