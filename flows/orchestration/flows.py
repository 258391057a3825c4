"""The flows as Prefect sees them: parameters, descriptions, and how each ends.

What a flow does is in the file of its name (flows/ingest.py); what Prefect shows of it, in prefect_runner.py.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from prefect import Flow, flow
from prefect.states import Completed
from pydantic import Field

from ontherecord.flows.backfill import backfill as run_backfill
from ontherecord.flows.ingest import ingest as run_ingest
from ontherecord.flows.maintain import maintain as run_maintain
from ontherecord.flows.orchestration.cluster import extract_on_cluster
from ontherecord.flows.orchestration.prefect_runner import (
    PrefectRunner,
    catch_up,
    create_artifacts,
    ignore_ui_errors,
    redacted_errors,
    rename,
)
from ontherecord.flows.parameters import add_parameters
from ontherecord.flows.pipeline.results import Outcome, Result, SkippedRun
from ontherecord.flows.plural import counted
from ontherecord.flows.reprocess import reprocess as run_reprocess
from ontherecord.flows.retry_quarantine import retry_quarantine as run_retry
from ontherecord.flows.settings import Settings, load_settings
from ontherecord.warehouse.errors import WriterBusy

FLOWS: dict[str, Flow[..., Any]] = {}
Seconds = Annotated[float, Field(ge=0)]
Days = Annotated[int, Field(ge=1)]


@dataclass(frozen=True, slots=True)
class FlowParameters:
    """The parameters that all flows share, behind their own."""

    home: Path | None = None
    batch_size: Annotated[int | None, Field(ge=1, le=10_000)] = None
    workers: Annotated[int | None, Field(ge=1)] = None
    model: str | None = None
    if_busy: Literal["wait", "leave"] = "wait"
    wait_seconds: Seconds = 3600

    def settings(self, landing: str | Path | None = None, form: str | None = None) -> Settings:
        """Return the settings, parameters first."""
        return load_settings(
            home=self.home,
            batch_size=self.batch_size,
            workers=self.workers,
            model=self.model,
            landing=landing,
            form=form,
        )

    @property
    def patience(self) -> float:
        """How many seconds to wait for another run that is writing."""
        return self.wait_seconds if self.if_busy == "wait" else 0


# As in docstrings, which is where Prefect reads what the dashboard's form shows.
_DESCRIPTIONS = {
    "home": "Home folder (default: the setting ONTHERECORD_HOME).",
    "batch_size": "Files or articles in one transaction and task.",
    "workers": "Processes that extract (default: as many as there are processors).",
    "model": "spaCy model that finds names and sentences.",
    "if_busy": "While another run is writing, wait for it or leave at once. Leaving is not a failure.",
    "wait_seconds": "How long to wait for another run before leaving.",
}


def _prefect_flow(
    description: str, run_name: str = "", wait_seconds: float = 3600, but: frozenset[str] = frozenset()
) -> Callable[[Callable[..., Outcome]], Flow[..., Any]]:
    """Make a flow of a function, and hand it the shared parameters (`but` some) as one object."""
    names = [field.name for field in fields(FlowParameters) if field.name not in but]

    def decorate(function: Callable[..., Outcome]) -> Flow[..., Any]:
        body = add_parameters(function, FlowParameters, names, wait_seconds=wait_seconds)
        body.__doc__ = "\n".join(
            [inspect.getdoc(function) or "", *(f"    {name}: {_DESCRIPTIONS[name]}" for name in names)]
        )
        name = function.__name__.replace("_", "-")
        FLOWS[name] = flow(name=name, flow_run_name=run_name or name, description=description)(body)
        return FLOWS[name]

    return decorate


@_prefect_flow(
    "Load new article files and publish the warehouse.", run_name="ingest {landing}", wait_seconds=600
)
def ingest(
    shared: FlowParameters,
    landing: str | Path | None = None,
    form: str | None = None,
    data_docs: bool = False,
    quiet_seconds: Seconds = 0,
    only: list[str] | None = None,
) -> Outcome:
    """Load files that are new or changed since the last run; publish if that changed anything.

    Args:
        landing: Folder, archive or URL with article files (default: the setting ONTHERECORD_LANDING).
        form: The form of all files (default: chosen by content and name).
        data_docs: Build Great Expectations' Data Docs of this run.
        quiet_seconds: Leave files that changed in the last so many seconds to the next run.
        only: Paths of files and folders in the landing folder, to look at nothing else (default: all).
    """
    settings = shared.settings(landing, form)
    return _run(
        "ingest",
        settings,
        lambda runner: run_ingest(
            settings.require_landing("Give one"),
            settings,
            runner,
            data_docs=data_docs,
            quiet_seconds=quiet_seconds,
            only=only,
            wait_seconds=shared.patience,
            cluster=extract_on_cluster if settings.cluster else None,
        ),
    )


@_prefect_flow("Retry quarantined files, after a change of the rules or the code.", wait_seconds=600)
def retry_quarantine(shared: FlowParameters, rule: str | None = None, paths: str = "*") -> Outcome:
    """Validate quarantined files again from their stored bytes, and load those that pass now.

    Args:
        rule: Only files that this rule quarantined, such as date_unreadable (default: all).
        paths: Only files whose path below the landing folder matches; * matches anything.
    """
    settings = shared.settings()
    return _run(
        "retry-quarantine",
        settings,
        lambda runner: run_retry(settings, runner, rule=rule, paths=paths, wait_seconds=shared.patience),
    )


@_prefect_flow("Load an archive by publication day, giving way to other runs.", run_name="backfill {landing}")
def backfill(
    shared: FlowParameters,
    landing: str | Path | None = None,
    from_day: date | None = None,
    to_day: date | None = None,
    paths: str = "*",
    order: Literal["oldest", "newest"] = "oldest",
) -> Outcome:
    """Load the files of a range of publication days that are not loaded yet.

    Args:
        landing: Folder with the archive (default: the setting ONTHERECORD_LANDING).
        from_day: First publication day to load (default: the earliest).
        to_day: Last publication day to load (default: the latest).
        paths: Only files whose path below the folder matches; * matches anything.
        order: Which days to load first.
    """
    settings = shared.settings(landing)
    return _run(
        "backfill",
        settings,
        lambda runner: run_backfill(
            settings.require_landing("Give one"),
            settings,
            runner,
            from_day=from_day,
            to_day=to_day,
            paths=paths,
            order=order,
            wait_seconds=shared.patience,
        ),
    )


@_prefect_flow("Extract loaded articles again and compare; load what is found on demand.")
def reprocess(shared: FlowParameters, apply: bool = False, everything: bool = False) -> Outcome:
    """Compare what this version of the extractor finds with what is loaded.

    Args:
        apply: Load what is found. Without it nothing is changed: the run only compares.
        everything: Also articles that this extractor version has done.
    """
    settings = shared.settings()
    return _run(
        "reprocess",
        settings,
        lambda runner: run_reprocess(
            settings, runner, apply=apply, everything=everything, wait_seconds=shared.patience
        ),
        writes=apply,
    )


@_prefect_flow(
    "Nightly maintenance: names, near duplicates, marts, compaction and pruning.",
    but=frozenset(("batch_size", "workers", "model")),
)
def maintain(shared: FlowParameters, keep_days: Days = 30) -> Outcome:
    """Bring names, near duplicates and marts up to date over all articles, and prune old files.

    Args:
        keep_days: Days to keep cached extracts that no article uses, and pages of Data Docs.
    """
    settings = shared.settings()
    return _run(
        "maintain",
        settings,
        lambda runner: run_maintain(settings, runner, keep_days=keep_days, wait_seconds=shared.patience),
    )


def _run(
    name: str, settings: Settings, work: Callable[[PrefectRunner], Result], *, writes: bool = True
) -> Outcome:
    """Run a flow's work as tasks and show its result; a run that finds another one writing is Skipped."""
    runner = PrefectRunner(name, settings.paths, writes=writes)
    with ignore_ui_errors():
        if skipped := catch_up(runner.flow_run_id):
            runner.log(f"catches up for {counted(skipped, 'late run')}")
    try:
        with redacted_errors():
            result = work(runner)
    except WriterBusy as error:
        skipped_run = SkippedRun(name, str(error))
        runner.log(skipped_run.summary())
        # Prefect gives the state's data to the flow's caller.
        return cast(Outcome, Completed(name="Skipped", message=skipped_run.summary(), data=skipped_run))
    with ignore_ui_errors():
        create_artifacts(result)
        rename(runner.flow_run_id, result)
    return result
