"""The flows as Prefect sees them: parameters, tasks, names and artifacts.

What a flow does stands in the file of its name (ingest.py); here it is only made visible.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar
from uuid import UUID

from prefect import flow, get_run_logger, task
from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.runtime import flow_run
from pydantic import Field

from flows.ingest import Report
from flows.ingest import ingest as run_ingest
from flows.settings import load_settings
from flows.show import held_back_rows, report_facts
from warehouse.errors import SettingsError

T = TypeVar("T")


class AsPrefectTasks:
    """Does each stage as a Prefect task of the flow run that this stands in."""

    def __init__(self) -> None:
        self.flow_run_id: str | None = flow_run.get_id()
        self._progress: UUID | None = None
        self._logger = get_run_logger()

    def step(self, name: str, work: Callable[[], T]) -> T:
        """Do a stage as a task run; what it returns stays in this process."""

        @task(name=name.split()[0], task_run_name=name, cache_policy=NO_CACHE, persist_result=False)
        def stage() -> T:
            return work()

        return stage()

    def say(self, line: str) -> None:
        """Log a line."""
        self._logger.info(line)

    def progress(self, done: int, total: int) -> None:
        """Move the progress artifact."""
        percent = 100.0 * done / total
        if self._progress is None:
            created = create_progress_artifact(percent, key="ingest-progress", description="Files")
            assert isinstance(created, UUID), "outside an event loop Prefect answers at once"
            self._progress = created
        else:
            update_progress_artifact(self._progress, percent)


@flow(
    name="ingest",
    flow_run_name="ingest {landing}",
    description="Load article files that have landed and publish the warehouse.",
)
def ingest(
    landing: Path | None = None,
    home: Path | None = None,
    batch_size: Annotated[int | None, Field(ge=1, le=10_000)] = None,
    workers: Annotated[int | None, Field(ge=1)] = None,
    model: str | None = None,
    data_docs: bool = False,
    wait_seconds: Annotated[float, Field(ge=0)] = 600,
) -> dict[str, Any]:
    """Load what has landed and is not in the ledger; publish if that changed anything.

    Args:
        landing: Folder with article files; the setting ONTHERECORD_LANDING where none is named.
        home: Data folder; the setting ONTHERECORD_HOME where none is named.
        batch_size: Files in one transaction and one task; 200 unless set.
        workers: Processes that extract; as many as there are processors unless set.
        model: spaCy model that finds names and sentences.
        data_docs: Build Great Expectations' Data Docs of this run.
        wait_seconds: How long to wait for another run that is writing.
    """
    settings = load_settings(home=home, landing=landing, batch_size=batch_size, workers=workers, model=model)
    if settings.landing is None:
        raise SettingsError("No landing folder is named. Give one, or set ONTHERECORD_LANDING.")
    conduct = AsPrefectTasks()
    report = run_ingest(settings.landing, settings, conduct, data_docs=data_docs, wait_seconds=wait_seconds)
    show(report)
    _rename(conduct.flow_run_id, report)
    return report_facts(report)


def show(report: Report) -> None:
    """Make the artifacts of a run: its counts in words, and the files held back as a table."""
    create_markdown_artifact(_markdown(report), key="ingest-summary", description="What the run came to")
    rows = held_back_rows(report.rejected)
    create_table_artifact(
        rows or [{"file": "none", "rule": "", "value": "", "message": ""}],
        key="held-back",
        description="Files in quarantine from this run: mend them and deliver them again",
    )


def _rename(flow_run_id: str | None, report: Report) -> None:
    """Name the run after what it did, which the list of runs then shows."""
    c = report.counts
    what = f"{c.loaded_count:,} new, {c.quarantined_count:,} held back"
    name = f"ingest {report.started_at:%Y-%m-%d %H:%M}: {what}"
    if flow_run_id:
        with get_client(sync_client=True) as client:
            client.update_flow_run(UUID(flow_run_id), name=name)


def _markdown(report: Report) -> str:
    c = report.counts
    lines = [
        "| landed | loaded | unchanged | duplicate | held back | postponed | quotes | names |",
        "|---|---|---|---|---|---|---|---|",
        f"| {c.landed_count:,} | {c.loaded_count:,} | {c.unchanged_count:,} | {c.duplicate_count:,} "
        f"| {c.quarantined_count:,} | {c.postponed_count:,} | {c.quote_count:,} | {c.mention_count:,} |",
        "",
        f"Run `{report.run_id}`, {report.seconds:.1f} s"
        + (f", slowest batch {max(report.batch_seconds):.1f} s." if report.batch_seconds else "."),
        "Published." if report.published else "Nothing changed, nothing was published.",
    ]
    if report.warned:
        lines += ["", "| warning | articles |", "|---|---|"]
        lines += [f"| {rule} | {count:,} |" for rule, count in report.warned.items()]
    if report.data_docs:
        lines += ["", f"Data Docs: `{report.data_docs}`"]
    return "\n".join(lines)
