"""The flows as Prefect sees them: parameters, tasks, names and artifacts.

What a flow does stands in the file of its name (ingest.py); here it is only made visible.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
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

from flows.conduct import Report
from flows.ingest import ingest as run_ingest
from flows.settings import load_settings
from flows.show import held_back_rows, report_facts
from warehouse.errors import SettingsError

T = TypeVar("T")
IfBusy = Literal["wait", "leave"]
BatchSize = Annotated[int | None, Field(ge=1, le=10_000)]
Workers = Annotated[int | None, Field(ge=1)]
Seconds = Annotated[float, Field(ge=0)]
Days = Annotated[int, Field(ge=1)]


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
    batch_size: BatchSize = None,
    workers: Workers = None,
    model: str | None = None,
    data_docs: bool = False,
    quiet_seconds: Seconds = 0,
    if_busy: IfBusy = "wait",
    wait_seconds: Seconds = 600,
) -> dict[str, Any]:
    """Load what has landed and is not in the ledger; publish if that changed anything.

    Args:
        landing: Folder with article files; the setting ONTHERECORD_LANDING where none is named.
        home: Data folder; the setting ONTHERECORD_HOME where none is named.
        batch_size: Files in one transaction and one task; 200 unless set.
        workers: Processes that extract; as many as there are processors unless set.
        model: spaCy model that finds names and sentences.
        data_docs: Build Great Expectations' Data Docs of this run.
        quiet_seconds: Leave files that changed in the last so many seconds to the next run.
        if_busy: While another run writes, wait for it or leave at once. To leave is no failure.
        wait_seconds: How long to wait for another run before leaving.
    """
    settings = load_settings(home=home, landing=landing, batch_size=batch_size, workers=workers, model=model)
    if settings.landing is None:
        raise SettingsError("No landing folder is named. Give one, or set ONTHERECORD_LANDING.")
    conduct = AsPrefectTasks()
    report = run_ingest(settings.landing, settings, conduct, data_docs=data_docs, wait_seconds=wait_seconds)
    show(report)
    _rename(conduct.flow_run_id, report)
    return report_facts(report)


@flow(
    name="replay",
    flow_run_name="replay",
    description="Take files held back once more, after a change of the rules or the code.",
)
def replay(
    rule: str | None = None,
    paths: str = "*",
    home: Path | None = None,
    batch_size: BatchSize = None,
    workers: Workers = None,
    model: str | None = None,
    if_busy: IfBusy = "wait",
    wait_seconds: Seconds = 600,
) -> dict[str, Any]:
    """Take files held back once more from their kept bytes; those that pass now are loaded.

    Args:
        rule: Only files held back by this rule, such as date_unreadable; all where none is named.
        paths: Only files whose path below the landing folder is like this; * stands for anything.
        home: Data folder; the setting ONTHERECORD_HOME where none is named.
        batch_size: Files in one transaction and one task; 200 unless set.
        workers: Processes that extract; as many as there are processors unless set.
        model: spaCy model that finds names and sentences.
        if_busy: While another run writes, wait for it or leave at once. To leave is no failure.
        wait_seconds: How long to wait for another run before leaving.
    """
    raise NotImplementedError


@flow(
    name="backfill",
    flow_run_name="backfill {landing}",
    description="Load an archive by publication day, giving way to other runs.",
)
def backfill(
    landing: Path | None = None,
    from_day: date | None = None,
    to_day: date | None = None,
    paths: str = "*",
    order: Literal["oldest", "newest"] = "oldest",
    home: Path | None = None,
    batch_size: BatchSize = None,
    workers: Workers = None,
    model: str | None = None,
    if_busy: IfBusy = "wait",
    wait_seconds: Seconds = 3600,
) -> dict[str, Any]:
    """Load the files of a range of publication days that are not in the ledger yet.

    Args:
        landing: Folder with the archive; the setting ONTHERECORD_LANDING where none is named.
        from_day: First publication day to load; from the earliest where none is named.
        to_day: Last publication day to load; to the latest where none is named.
        paths: Only files whose path below the folder is like this; * stands for anything.
        order: Which days to load first.
        home: Data folder; the setting ONTHERECORD_HOME where none is named.
        batch_size: Files in one transaction and one task; between two of them other runs go first.
        workers: Processes that extract; as many as there are processors unless set.
        model: spaCy model that finds names and sentences.
        if_busy: While another run writes, wait for it or leave at once. To leave is no failure.
        wait_seconds: How long to wait for another run before leaving.
    """
    raise NotImplementedError


@flow(
    name="reprocess",
    flow_run_name="reprocess",
    description="Extract loaded articles again, compare, and on demand switch to what was found.",
)
def reprocess(
    switch: bool = False,
    force: bool = False,
    home: Path | None = None,
    batch_size: BatchSize = None,
    workers: Workers = None,
    model: str | None = None,
    if_busy: IfBusy = "wait",
    wait_seconds: Seconds = 3600,
) -> dict[str, Any]:
    """Compare what this version of the extractor finds with what the warehouse holds.

    Args:
        switch: Load what was found. Without it nothing is changed: the run only compares.
        force: Take articles of this extractor version too.
        home: Data folder; the setting ONTHERECORD_HOME where none is named.
        batch_size: Articles in one transaction and one task; 200 unless set.
        workers: Processes that extract; as many as there are processors unless set.
        model: spaCy model that finds names and sentences.
        if_busy: While another run writes, wait for it or leave at once. To leave is no failure.
        wait_seconds: How long to wait for another run before leaving.
    """
    raise NotImplementedError


@flow(
    name="maintain",
    flow_run_name="maintain",
    description="Nightly: names, near duplicates, marts and what is old.",
)
def maintain(
    keep_days: Days = 30,
    home: Path | None = None,
    if_busy: IfBusy = "wait",
    wait_seconds: Seconds = 3600,
) -> dict[str, Any]:
    """Make names, near duplicates and marts those of all articles, and remove what is old.

    Args:
        keep_days: Days to keep extracts that no article uses, and pages of Data Docs.
        home: Data folder; the setting ONTHERECORD_HOME where none is named.
        if_busy: While another run writes, wait for it or leave at once. To leave is no failure.
        wait_seconds: How long to wait for another run before leaving.
    """
    raise NotImplementedError


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
