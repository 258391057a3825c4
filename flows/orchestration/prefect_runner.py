"""What Prefect shows of a run: tasks, assets, artifacts, names."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID
from zlib import crc32

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
    FlowRunFilterStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.runtime import flow_run
from prefect.states import Cancelled

from ontherecord import sql
from ontherecord.flows.log_file import LOG
from ontherecord.flows.orchestration.notify import create_alert_table, emit_alerts
from ontherecord.flows.pipeline.results import BatchResult, Result
from ontherecord.flows.pipeline.retries import STAGE_SECONDS, find_transient
from ontherecord.flows.sanitize import escape_markdown
from ontherecord.warehouse.alerts import Alert
from ontherecord.warehouse.checks import check_names
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import PipelineError
from ontherecord.warehouse.secrets import redact, redact_error

T = TypeVar("T")
TAG = "ontherecord"
# The tables that a run materializes as assets.
_TABLES = ("articles", "quotes", "quote_speakers", "mentions", "entities")


def assets_of(stage: str, warehouse: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the assets that a stage materializes, and those that they depend on.

    Automations of a Prefect server can follow them; only Prefect Cloud has a page for them.
    """
    tables = tuple(f"{warehouse}/{name}" for name in _TABLES)
    marts = tuple(f"{warehouse}/mart/{f.name.removesuffix('.sql')}" for f in sql.statements("marts"))
    made: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
        "files": ((*tables, f"{warehouse}/ops/quarantine"), (warehouse.replace("duckdb://", "files://"),)),
        "articles": (tables[1:], tables[:1]),
        "marts": (marts, tables),
        "publish": ((f"{warehouse}/published",), (*tables, *marts)),
    }
    return made.get(stage, ((), ()))


def asset_root(home: DataDir) -> str:
    """Return what the keys of a home's assets start with: its name, and a checksum of where it is.

    A path may have characters that a key may not.
    """
    folder = home.folder.absolute()
    name = re.sub(r"[^A-Za-z0-9_-]", "-", folder.name) or "home"
    return f"duckdb://{name}-{crc32(os.fsencode(folder)):08x}"


class PrefectRunner:
    """Runs each step as a Prefect task of the current flow run. A run that only compares makes no assets."""

    def __init__(self, flow: str, home: DataDir, *, writes: bool = True) -> None:
        self.flow_run_id: str | None = flow_run.get_id()
        self._flow = flow
        self._assets = asset_root(home) if writes else None
        self._progress: UUID | None = None
        self._logger = get_run_logger()
        # Each step logs its result; a second line saying that its task has ended adds nothing.
        logging.getLogger("prefect.task_runs").setLevel(logging.WARNING)

    def run_step(self, name: str, work: Callable[[], T]) -> T:
        """Run a step as a task run; what it returns stays in this process."""
        kind = name.split()[0]
        made, of = assets_of(kind, self._assets) if self._assets else ((), ())

        def stage() -> T:
            with redacted_errors():
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
        LOG.info(line)

    def send_alerts(self, unsent: Sequence[Alert]) -> Sequence[Alert]:
        """Emit alerts as Prefect events, which automations send; return those that were emitted."""
        return emit_alerts(unsent)

    def show_alerts(self, alerts: Sequence[Alert]) -> None:
        """Show open alerts as an artifact."""
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
    """Say whether a step failed by a transient error."""
    error = state.data
    if not isinstance(error, BaseException):
        error = state.result(raise_on_failure=False)
    return isinstance(error, BaseException) and find_transient(error) is not None


def _metadata(asset: str, result: object) -> dict[str, Any]:
    """Return the metadata of an asset that a step materialized."""
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
    """Create a run's artifacts: its summary, and the quarantined files as a table."""
    create_markdown_artifact(
        result.markdown(), key=f"{result.flow}-summary", description="Summary of the run"
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
        description="Files that this run quarantined: fix them and redeliver them",
    )


def rename(flow_run_id: str | None, result: Result) -> None:
    """Name the run after what it did, and tag it: the list of runs shows both."""
    if flow_run_id is None:
        return
    tags = {TAG, *(["quarantined"] if result.quarantined() else [])}
    with get_client(sync_client=True) as client:
        known = client.read_flow_run(UUID(flow_run_id))
        client.update_flow_run(
            known.id,
            name=f"{result.flow} {result.started_at:%Y-%m-%d %H:%M} UTC: {result.label()}",
            tags=sorted({*known.tags, *tags}),
        )


def catch_up(flow_run_id: str | None) -> int:
    """Cancel late runs of the same schedule, since this one does their work; return how many.

    After a weekend without a worker there are hundreds. Only a scheduled run looks for others, and only for
    those with its own parameters. (Prefect cannot do this yet: prefect#15886, #19313.)
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
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
                start_time=FlowRunFilterStartTime(is_null_=True),
                expected_start_time=FlowRunFilterExpectedStartTime.model_validate(
                    {"before_": datetime.now(UTC)}
                ),
            )
        )
        same = [r for r in due if r.auto_scheduled and r.id != this.id and r.parameters == this.parameters]
        for other in same:
            state: State[Any] = Cancelled(
                name="Skipped", message=f"The run {this.name!r} catches up for this one."
            )
            client.set_flow_run_state(other.id, state, force=True)
            # Until it starts, a run has a name of two random words.
            if at := other.expected_start_time:
                name = f"{this.name}, due at {at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
                client.update_flow_run(other.id, name=name)
    return len(same)


@contextmanager
def redacted_errors() -> Iterator[None]:
    """Take the secrets out of an error before Prefect sees it, which keeps its text as the run's state."""
    try:
        yield
    except BaseException as error:
        redact_error(error)
        if redact(error) != str(error):  # it makes its text of something else
            raise PipelineError(redact(f"{type(error).__name__}: {error}")) from None
        raise


@contextmanager
def ignore_ui_errors() -> Iterator[None]:
    """Let a run go on if Prefect's server cannot take what is only for display."""
    try:
        yield
    except Exception as error:
        get_run_logger().warning(f"The dashboard could not be updated: {error}")
