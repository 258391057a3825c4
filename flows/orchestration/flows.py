"""The flows as Prefect sees them: parameters, and how each ends.

What a flow does stands in the file of its name (ingest.py); what Prefect shows of it in prefect_tasks.py.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, cast

from prefect import flow
from prefect.states import Completed
from pydantic import Field

from ontherecord.flows.backfill import backfill as run_backfill
from ontherecord.flows.ingest import ingest as run_ingest
from ontherecord.flows.landing.location import Location
from ontherecord.flows.maintain import maintain as run_maintain
from ontherecord.flows.orchestration.cluster import extract_on_cluster
from ontherecord.flows.orchestration.prefect_runner import (
    PrefectRunner,
    catch_up,
    create_artifacts,
    ignore_ui_errors,
    rename,
)
from ontherecord.flows.pipeline.results import Outcome, Result, RunResult, SkippedRun
from ontherecord.flows.reprocess import reprocess as run_reprocess
from ontherecord.flows.retry_quarantine import retry_quarantine as run_retry
from ontherecord.flows.settings import Settings, load_settings
from ontherecord.warehouse.errors import SettingsError, WriterBusy

IfBusy = Literal["wait", "leave"]
BatchSize = Annotated[int | None, Field(ge=1, le=10_000)]
Workers = Annotated[int | None, Field(ge=1)]
Seconds = Annotated[float, Field(ge=0)]
Days = Annotated[int, Field(ge=1)]


@flow(
    name="ingest",
    flow_run_name="ingest {landing}",
    description="Load article files that have landed and publish the warehouse.",
)
def ingest(
    landing: str | Path | None = None,
    home: Path | None = None,
    batch_size: BatchSize = None,
    workers: Workers = None,
    model: str | None = None,
    data_docs: bool = False,
    quiet_seconds: Seconds = 0,
    if_busy: IfBusy = "wait",
    wait_seconds: Seconds = 600,
) -> Outcome:
    """Load what has landed and is not in the ledger; publish if that changed anything.

    Args:
        landing: Folder, archive or URL with article files; ONTHERECORD_LANDING where none is named.
        home: Data folder; the setting ONTHERECORD_HOME where none is named.
        batch_size: Files in one transaction and one task; 500 unless set.
        workers: Processes that extract; as many as there are processors unless set.
        model: spaCy model that finds names and sentences.
        data_docs: Build Great Expectations' Data Docs of this run.
        quiet_seconds: Leave files that changed in the last so many seconds to the next run.
        if_busy: While another run writes, wait for it or leave at once. To leave is no failure.
        wait_seconds: How long to wait for another run before leaving.
    """
    settings = load_settings(home=home, landing=landing, batch_size=batch_size, workers=workers, model=model)

    def work(runner: PrefectRunner) -> RunResult:
        return run_ingest(
            _landing(settings),
            settings,
            runner,
            data_docs=data_docs,
            quiet_seconds=quiet_seconds,
            wait_seconds=_seconds(if_busy, wait_seconds),
            cluster=extract_on_cluster if settings.cluster else None,
        )

    return _carry_out("ingest", work)


@flow(
    name="retry-quarantine",
    flow_run_name="retry-quarantine",
    description="Take quarantined files once more, after a change of the rules or the code.",
)
def retry_quarantine(
    rule: str | None = None,
    paths: str = "*",
    home: Path | None = None,
    batch_size: BatchSize = None,
    workers: Workers = None,
    model: str | None = None,
    if_busy: IfBusy = "wait",
    wait_seconds: Seconds = 600,
) -> Outcome:
    """Take quarantined files once more from their kept bytes; those that pass now are loaded.

    Args:
        rule: Only quarantined files by this rule, such as date_unreadable; all where none is named.
        paths: Only files whose path below the landing folder is like this; * stands for anything.
        home: Data folder; the setting ONTHERECORD_HOME where none is named.
        batch_size: Files in one transaction and one task; 500 unless set.
        workers: Processes that extract; as many as there are processors unless set.
        model: spaCy model that finds names and sentences.
        if_busy: While another run writes, wait for it or leave at once. To leave is no failure.
        wait_seconds: How long to wait for another run before leaving.
    """
    settings = load_settings(home=home, batch_size=batch_size, workers=workers, model=model)
    seconds = _seconds(if_busy, wait_seconds)
    return _carry_out(
        "retry-quarantine", lambda c: run_retry(settings, c, rule=rule, paths=paths, wait_seconds=seconds)
    )


@flow(
    name="backfill",
    flow_run_name="backfill {landing}",
    description="Load an archive by publication day, giving way to other runs.",
)
def backfill(
    landing: str | Path | None = None,
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
) -> Outcome:
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
    settings = load_settings(home=home, landing=landing, batch_size=batch_size, workers=workers, model=model)

    def work(runner: PrefectRunner) -> RunResult:
        return run_backfill(
            _landing(settings),
            settings,
            runner,
            from_day=from_day,
            to_day=to_day,
            paths=paths,
            order=order,
            wait_seconds=_seconds(if_busy, wait_seconds),
        )

    return _carry_out("backfill", work)


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
) -> Outcome:
    """Compare what this version of the extractor finds with what the warehouse holds.

    Args:
        switch: Load what was found. Without it nothing is changed: the run only compares.
        force: Take articles of this extractor version too.
        home: Data folder; the setting ONTHERECORD_HOME where none is named.
        batch_size: Articles in one transaction and one task; 500 unless set.
        workers: Processes that extract; as many as there are processors unless set.
        model: spaCy model that finds names and sentences.
        if_busy: While another run writes, wait for it or leave at once. To leave is no failure.
        wait_seconds: How long to wait for another run before leaving.
    """
    settings = load_settings(home=home, batch_size=batch_size, workers=workers, model=model)
    seconds = _seconds(if_busy, wait_seconds)
    return _carry_out(
        "reprocess",
        lambda c: run_reprocess(settings, c, switch=switch, force=force, wait_seconds=seconds),
        writes=switch,
    )


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
) -> Outcome:
    """Make names, near duplicates and marts those of all articles, and remove what is old.

    Args:
        keep_days: Days to keep extracts that no article uses, and pages of Data Docs.
        home: Data folder; the setting ONTHERECORD_HOME where none is named.
        if_busy: While another run writes, wait for it or leave at once. To leave is no failure.
        wait_seconds: How long to wait for another run before leaving.
    """
    settings = load_settings(home=home)
    seconds = _seconds(if_busy, wait_seconds)
    return _carry_out(
        "maintain", lambda c: run_maintain(settings, c, keep_days=keep_days, wait_seconds=seconds)
    )


def _carry_out(name: str, work: Callable[[PrefectRunner], Result], *, writes: bool = True) -> Outcome:
    """Do a flow's work as tasks and show what it came to; a run that found another one writing is Skipped."""
    runner = PrefectRunner(name, writes=writes)
    with ignore_ui_errors():
        if skipped := catch_up(runner.flow_run_id):
            runner.log(f"catches up for {skipped:,} runs that are late")
    try:
        done = work(runner)
    except WriterBusy as error:
        left = SkippedRun(name, str(error))
        runner.log(left.summary())
        # Prefect gives the state's data to who called the flow.
        return cast(Outcome, Completed(name="Skipped", message=left.summary(), data=left))
    with ignore_ui_errors():
        create_artifacts(done)
        rename(runner.flow_run_id, done)
    return done


def _landing(settings: Settings) -> Location:
    if settings.landing is None:
        raise SettingsError("No landing folder is named. Give one, or set ONTHERECORD_LANDING.")
    return settings.landing


def _seconds(if_busy: IfBusy, wait_seconds: float) -> float:
    return wait_seconds if if_busy == "wait" else 0
