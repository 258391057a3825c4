"""Deployments: which flow runs when, and in which queue.

`ontherecord serve` sets them up from here; prefect.yaml has the same for those who run Prefect themselves.
"""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from prefect.client.orchestration import PrefectClient
    from prefect.client.schemas.actions import DeploymentScheduleCreate

POOL = "ontherecord"
# Intervals are counted from here, so a 15-minute schedule runs on the quarter-hour.
ANCHOR = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue of the work pool. Each runs one flow run at a time, so none can block the others."""

    name: str
    priority: int
    description: str


@dataclass(frozen=True, slots=True)
class Deployment:
    """A flow of orchestration/flows.py, on a schedule or on request."""

    flow: str
    name: str
    queue: str
    description: str
    at_intervals: bool = False
    cron: str | None = None

    @property
    def function(self) -> str:
        """The flow's function in flows.py."""
        return self.flow.replace("-", "_")


QUEUES = (
    Queue("ingest", 1, "New files. Comes first."),
    Queue("upkeep", 2, "Nightly maintenance, and retries of quarantined files."),
    Queue("backfill", 3, "Long runs over archives and loaded articles. They give way to the others."),
)

DEPLOYMENTS = (
    Deployment(
        flow="ingest",
        name="new-files",
        queue="ingest",
        description="Load new article files and publish the warehouse.",
        at_intervals=True,
    ),
    Deployment(
        flow="maintain",
        name="nightly",
        queue="upkeep",
        description="Nightly maintenance: names, near duplicates, marts, compaction and pruning.",
        cron="30 2 * * *",
    ),
    Deployment(
        flow="retry-quarantine",
        name="quarantine-retry",
        queue="upkeep",
        description="Retry quarantined files, after a change of the rules or the code.",
    ),
    Deployment(
        flow="backfill",
        name="archive",
        queue="backfill",
        description="Load an archive by publication day, giving way to other runs.",
    ),
    Deployment(
        flow="reprocess",
        name="loaded-articles",
        queue="backfill",
        description="Extract loaded articles again and compare; load what is found on demand.",
    ),
)

_FOLDERS = ("landing", "home")
OLD_DEPLOYMENTS = ("replay/held-back-files",)
FLOW_NAMES = tuple(deployment.flow for deployment in DEPLOYMENTS)


async def deploy(client: PrefectClient, landing: str, home: Path, every: timedelta) -> dict[str, UUID]:
    """Create or update pool, queues and deployments; return the deployments' ids by flow."""
    await _set_up_pool(client)
    await _delete_old(client)
    return {d.flow: await _set_up(client, d, landing, home, every) for d in DEPLOYMENTS}


async def deployed_folders(client: PrefectClient) -> dict[UUID | None, dict[str, str]]:
    """Return the landing folder and the home of each deployment that is set up, by its id."""
    from prefect.exceptions import ObjectNotFound

    found: dict[UUID | None, dict[str, str]] = {}
    for deployment in DEPLOYMENTS:
        try:
            known = await client.read_deployment_by_name(f"{deployment.flow}/{deployment.name}")
        except ObjectNotFound:
            continue
        found[known.id] = {name: known.parameters[name] for name in _FOLDERS if name in known.parameters}
    return found


async def _set_up_pool(client: PrefectClient) -> None:
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectNotFound
    from prefect.workers.process import ProcessWorker

    try:
        await client.read_work_pool(POOL)
    except ObjectNotFound:
        template = ProcessWorker.get_default_base_job_template()
        await client.create_work_pool(
            WorkPoolCreate(
                name=POOL,
                type="process",
                description="Runs of On the Record, as processes on this machine.",
                base_job_template=template,
            )
        )
    for queue in QUEUES:
        facts = {"priority": queue.priority, "description": queue.description, "concurrency_limit": 1}
        try:
            found = await client.read_work_queue_by_name(queue.name, work_pool_name=POOL)
            await client.update_work_queue(found.id, **facts)
        except ObjectNotFound:
            await client.create_work_queue(queue.name, work_pool_name=POOL, **facts)  # type: ignore[arg-type]


async def _delete_old(client: PrefectClient) -> None:
    """Delete deployments of 1.x that have another name now: they would start a module that is gone."""
    from prefect.exceptions import ObjectNotFound

    for name in OLD_DEPLOYMENTS:
        try:
            found = await client.read_deployment_by_name(name)
        except ObjectNotFound:
            continue
        await client.delete_deployment(found.id)
        print(f"Deleted the deployment {name}, which has another name now.", flush=True)


async def _set_up(
    client: PrefectClient, deployment: Deployment, landing: str, home: Path, every: timedelta
) -> UUID:
    from ontherecord.flows.orchestration.flows import FLOWS

    flow = FLOWS[deployment.flow]
    folders = {"landing": landing, "home": str(home)}
    return await client.create_deployment(
        flow_id=await client.create_flow(flow),
        name=deployment.name,
        version=version("ontherecord"),
        description=deployment.description,
        tags=[POOL],
        # A module, not a file: an installed package has no repository.
        entrypoint=f"ontherecord.flows.orchestration.flows.{deployment.function}",
        pull_steps=[],
        parameters={name: folders[name] for name in flow.parameters.properties if name in folders},
        parameter_openapi_schema=flow.parameters.model_dump(),
        enforce_parameter_schema=True,
        work_pool_name=POOL,
        work_queue_name=deployment.queue,
        schedules=_schedules(deployment, every),
        job_variables=_job_variables(),
    )


def _schedules(deployment: Deployment, every: timedelta) -> list[DeploymentScheduleCreate]:
    from prefect.client.schemas.actions import DeploymentScheduleCreate
    from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule

    if deployment.at_intervals:
        interval = IntervalSchedule(interval=every, anchor_date=ANCHOR, timezone="UTC")
        return [DeploymentScheduleCreate(schedule=interval)]
    if deployment.cron:
        return [DeploymentScheduleCreate(schedule=CronSchedule(cron=deployment.cron, timezone="UTC"))]
    return []


def _job_variables() -> dict[str, Any]:
    # -P: files in the current folder are not taken for modules.
    command = shlex.join([sys.executable, "-P", "-m", "ontherecord.flows.orchestration.flow_run"])
    # Relative paths in settings then mean the same in a run as for whoever started `serve`.
    return {"command": command, "working_dir": str(Path.cwd())}
