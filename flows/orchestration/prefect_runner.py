"""What Prefect shows of a run while it goes on and when it has ended: tasks, assets, artifacts, names."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC
from typing import Any, TypeVar
from uuid import UUID

from prefect import State, get_run_logger, task
from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.assets import add_asset_metadata, materialize
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateName,
)
from prefect.runtime import flow_run
from prefect.states import Cancelled
from prefect.types import DateTime

from ontherecord import sql
from ontherecord.flows.orchestration.notify import create_alert_table, emit_alerts
from ontherecord.flows.pipeline.results import BatchResult, Result
from ontherecord.flows.pipeline.retries import STAGE_SECONDS, find_transient
from ontherecord.flows.sanitize import escape_markdown
from ontherecord.warehouse.alerts import Alert
from ontherecord.warehouse.checks import check_names

T = TypeVar("T")
TAG = "ontherecord"
LANDING = "files://landing"
_TABLES = tuple(f"duckdb://warehouse/{name}" for name in ("articles", "quotes", "mentions", "entities"))
# Scheduled and not begun: waiting for its time, for a worker, or for its turn.
_NOT_BEGUN = ["Scheduled", "Late", "AwaitingConcurrencySlot"]


def assets_of(stage: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the assets that a stage makes, and those that it makes them of."""
    marts = tuple(f"duckdb://warehouse/mart/{f.name.removesuffix('.sql')}" for f in sql.statements("marts"))
    made: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
        "files": ((*_TABLES, "duckdb://warehouse/ops/quarantine"), (LANDING,)),
        "articles": (_TABLES[1:], _TABLES[:1]),
        "marts": (marts, _TABLES),
        "publish": (("duckdb://warehouse/published",), (*_TABLES, *marts)),
    }
    return made.get(stage, ((), ()))


class PrefectRunner:
    """Does each stage as a Prefect task of the flow run that this stands in."""

    def __init__(self, flow: str, *, writes: bool = True) -> None:
        self.flow_run_id: str | None = flow_run.get_id()
        self._flow = flow
        self._writes = writes
        self._progress: UUID | None = None
        self._logger = get_run_logger()
        # A stage says what it came to; that its task has ended is no second line's worth.
        logging.getLogger("prefect.task_runs").setLevel(logging.WARNING)

    def run_step(self, name: str, work: Callable[[], T]) -> T:
        """Do a stage as a task run; what it returns stays in this process."""
        kind = name.split()[0]
        made, of = assets_of(kind) if self._writes else ((), ())

        def stage() -> T:
            result = work()
            for asset in made:
                add_asset_metadata(asset, _metadata(asset, result))
            return result

        options: dict[str, Any] = {
            "name": kind,
            "task_run_name": name,
            "cache_policy": NO_CACHE,
            "persist_result": False,
            "retries": len(STAGE_SECONDS),
            "retry_delay_seconds": list(STAGE_SECONDS),
            "retry_condition_fn": _may_pass,
            "tags": [TAG],
        }
        if made:
            return materialize(*made, by="ontherecord", asset_deps=list(of), **options)(stage)()
        return task(**options)(stage)()

    def log(self, line: str) -> None:
        """Log a line."""
        self._logger.info(line)

    def send_alerts(self, unsent: Sequence[Alert]) -> Sequence[Alert]:
        """Hand alerts to Prefect, whose automations send them; return those that it took."""
        return emit_alerts(unsent)

    def show_alerts(self, alerts: Sequence[Alert]) -> None:
        """Show the alerts that are open as an artifact."""
        create_alert_table(alerts)

    def report_progress(self, done: int, total: int) -> None:
        """Move the progress artifact."""
        percent = 100.0 * done / total
        with ignore_ui_errors():
            if self._progress is None:
                key = f"{self._flow}-progress"
                created = create_progress_artifact(percent, key=key, description=f"{total:,} in all")
                assert isinstance(created, UUID), "outside an event loop Prefect answers at once"
                self._progress = created
            else:
                update_progress_artifact(self._progress, percent)


def _may_pass(_task: Any, _run: Any, state: Any) -> bool:
    """Say whether a stage failed by a fault that may pass."""
    error = state.data
    if not isinstance(error, BaseException):
        error = state.result(raise_on_failure=False)
    return isinstance(error, BaseException) and find_transient(error) is not None


def _metadata(asset: str, result: object) -> dict[str, Any]:
    """Return what to tell of an asset that a stage made."""
    if isinstance(result, BatchResult):
        c = result.counts
        rows = {
            "articles": c.loaded_count,
            "quotes": c.quote_count,
            "mentions": c.mention_count,
            "quarantine": c.quarantined_count,
        }
        table = asset.rpartition("/")[2]
        return {"rows": rows[table]} if table in rows else {}
    if asset.endswith("/published"):
        return {"checks_held": len(check_names())}
    return {}


def create_artifacts(result: Result) -> None:
    """Make the artifacts of a run: what it came to in words, and the quarantined files as a table."""
    create_markdown_artifact(
        result.markdown(), key=f"{result.flow}-summary", description="What the run came to"
    )
    rows = result.quarantined()
    if rows is None:
        return
    create_table_artifact(
        [
            {
                "file": escape_markdown(row.file),
                "rule": row.rule,
                "value": None if row.value is None else escape_markdown(row.value),
                "message": escape_markdown(row.message),
            }
            for row in rows
        ]
        or [{"file": "none", "rule": "", "value": "", "message": ""}],
        key="quarantined",
        description="Files in quarantine from this run: fix them and deliver them again",
    )


def rename(flow_run_id: str | None, result: Result) -> None:
    """Name the run after what it did, and tag it, which the list of runs then shows."""
    if flow_run_id is None:
        return
    tags = {TAG, *(["quarantined"] if result.quarantined() else [])}
    with get_client(sync_client=True) as client:
        known = client.read_flow_run(UUID(flow_run_id))
        client.update_flow_run(
            known.id,
            name=f"{result.flow} {result.started_at:%Y-%m-%d %H:%M}: {result.label()}",
            tags=sorted({*known.tags, *tags}),
        )


def catch_up(flow_run_id: str | None) -> int:
    """Cancel the runs of the same schedule that should have begun by now: this one does their work.

    After a weekend without a worker there are hundreds, all with the same work. Only a run that a
    schedule made looks for others, and only for those with its parameters. Returns how many there were.
    """
    if flow_run_id is None:
        return 0
    with get_client(sync_client=True) as client:
        this = client.read_flow_run(UUID(flow_run_id))
        if this.deployment_id is None or not this.auto_scheduled:
            return 0
        due = client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                deployment_id=FlowRunFilterDeploymentId(any_=[this.deployment_id]),
                state=FlowRunFilterState(name=FlowRunFilterStateName(any_=_NOT_BEGUN)),
                expected_start_time=FlowRunFilterExpectedStartTime(before_=DateTime.now(UTC)),
            )
        )
        same = [r for r in due if r.auto_scheduled and r.id != this.id and r.parameters == this.parameters]
        for other in same:
            state: State[Any] = Cancelled(
                name="Skipped", message=f"The run {this.name!r} catches up for this one."
            )
            client.set_flow_run_state(other.id, state, force=True)
    return len(same)


@contextmanager
def ignore_ui_errors() -> Iterator[None]:
    """Let a run go on when Prefect's server cannot take what is only to be shown."""
    try:
        yield
    except Exception as error:
        get_run_logger().warning(f"The dashboard lacks something of this run: {error}")
