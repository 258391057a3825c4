"""The worker process of `ontherecord serve`: sets up the deployments, then starts runs as they fall due.

Prefect's own `worker start` does not wait for its runs on SIGTERM (prefect#22528). This one takes
no new runs and waits for those in flight; `serve` ends the wait.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from ontherecord.flows.orchestration.deployments import FLOW_NAMES, POOL, deploy, deployed_folders
from ontherecord.flows.orchestration.notify import install_automations
from ontherecord.flows.plural import counted
from ontherecord.flows.settings import load_settings

if TYPE_CHECKING:
    from prefect.client.orchestration import PrefectClient
    from prefect.client.schemas.objects import FlowRun, StateType


# The parameters of each deployment that are folders, by the deployment's id.
Folders = Mapping[UUID | None, Mapping[str, str]]
# A line of the worker's log that `serve` shows.
SKIPPED = "Skipped: "
# The most that Prefect's server deletes in one request.
_DELETE_LIMIT = 50


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """What `serve` passes to its worker."""

    landing: str
    home: str
    every_seconds: float

    def as_argument(self) -> str:
        return json.dumps({name: getattr(self, name) for name in self.__slots__})


async def work(config: WorkerConfig) -> None:
    """Work until SIGTERM, then until the runs in flight have ended."""
    from prefect.client.orchestration import get_client

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with get_client() as client:
        while not stop.is_set() and await client.api_healthcheck() is not None:
            await asyncio.sleep(0.2)
        if not stop.is_set():
            await prepare(client, config)
    if not stop.is_set():
        await _work_until(stop)


async def prepare(client: PrefectClient, config: WorkerConfig) -> None:
    """Set up the deployments, clean up after the last worker, and start an ingest now."""
    every = timedelta(seconds=config.every_seconds)
    await asyncio.to_thread(install_automations, load_settings(home=Path(config.home)).alerts, FLOW_NAMES)
    earlier = await deployed_folders(client)
    deployments = await deploy(client, config.landing, Path(config.home), every)
    await mark_stale_flow_runs(client)
    caught_up = await drop_late_runs(client)
    for flow, deployment in deployments.items():
        if missed := caught_up.get(deployment):
            print(f"{SKIPPED}{_skipped(flow, missed)}", flush=True)
    await redirect_runs(client, earlier, await deployed_folders(client))
    if deployments["ingest"] not in caught_up:
        await client.create_flow_run_from_deployment(deployments["ingest"], tags=["at-start"])


async def mark_stale_flow_runs(client: PrefectClient) -> None:
    """Mark runs that were in flight when the last worker was killed: nothing else would ever end them."""
    from prefect.client.schemas.objects import StateType
    from prefect.states import Cancelled, Crashed

    for run in await _runs(client, [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]):
        made = Cancelled if run.state_type == StateType.CANCELLING else Crashed
        message = "Its process was gone when `ontherecord serve` was started again."
        await client.set_flow_run_state(run.id, made(message=message), force=True)


def _skipped(flow: str, missed: Sequence[datetime]) -> str:
    """Say which runs of a flow were missed: how many, and when they were due."""
    first, last = (f"{at.astimezone(UTC):%Y-%m-%d %H:%M}" for at in (missed[0], missed[-1]))
    due = f"due at {first} UTC" if len(missed) == 1 else f"due from {first} to {last} UTC"
    return f"{counted(len(missed), 'run')} of {flow}, {due} while no worker ran; one run catches up."


async def drop_late_runs(client: PrefectClient) -> dict[UUID, list[datetime]]:
    """Delete runs that fell due while no worker ran, except each deployment's last, which catches up.

    Runs that were requested by hand stay. Returns, for the deployments that have a late run, when the deleted
    ones were due.
    (Prefect cannot do this yet: prefect#15886, #19313.)
    """
    from prefect.client.schemas.objects import StateType

    now = datetime.now(UTC)
    late: dict[UUID, list[FlowRun]] = defaultdict(list)
    for run in await _runs(client, [StateType.SCHEDULED]):
        due = run.expected_start_time
        if run.auto_scheduled and run.deployment_id and due is not None and due < now:
            late[run.deployment_id].append(run)
    missed: list[str] = []
    due_at: dict[UUID, list[datetime]] = {}
    for deployment, runs in late.items():
        runs.sort(key=lambda run: run.expected_start_time or now)
        missed += [str(run.id) for run in runs[:-1]]
        due_at[deployment] = [run.expected_start_time or now for run in runs[:-1]]
    for at in range(0, len(missed), _DELETE_LIMIT):
        some = {"flow_runs": {"id": {"any_": missed[at : at + _DELETE_LIMIT]}}, "limit": _DELETE_LIMIT}
        # The client has no method for this path.
        await client.request("POST", "/flow_runs/bulk_delete", json=some)  # type: ignore[arg-type]
    return due_at


async def redirect_runs(client: PrefectClient, earlier: Folders, now: Folders) -> int:
    """Give scheduled runs the folders that their deployments have now; return how many had others.

    A run keeps the folders that its deployment had when it was scheduled. After a home or a landing folder
    was moved, a late run would make a new home at the old place, and raise an alert because nothing lands
    there. A run that somebody requested for a folder of their own keeps it. The folders of deployments are
    those of `deployed_folders`, before and after `deploy`.
    """
    from prefect.client.schemas.objects import StateType

    changed = 0
    for run in await _runs(client, [StateType.SCHEDULED]):
        before, after = earlier.get(run.deployment_id, {}), now.get(run.deployment_id, {})
        outdated = {
            name: folder
            for name, folder in after.items()
            if run.parameters.get(name) != folder
            and (run.auto_scheduled or run.parameters.get(name) == before.get(name))
        }
        if outdated:
            await client.update_flow_run(run.id, parameters={**run.parameters, **outdated})
            changed += 1
    if changed:
        print(f"Runs that were scheduled for other folders: {changed:,}. They use those of now.", flush=True)
    return changed


async def _runs(client: PrefectClient, states: list[StateType]) -> list[FlowRun]:
    from prefect.client.schemas.filters import (
        FlowRunFilter,
        FlowRunFilterState,
        FlowRunFilterStateType,
        WorkPoolFilter,
        WorkPoolFilterName,
    )

    found: list[FlowRun] = []
    wanted = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=states)))
    here = WorkPoolFilter(name=WorkPoolFilterName(any_=[POOL]))
    while page := await client.read_flow_runs(
        flow_run_filter=wanted, work_pool_filter=here, limit=200, offset=len(found)
    ):
        found += page
    return found


async def _work_until(stop: asyncio.Event) -> None:
    """Poll as ProcessWorker.start does, but let the runs in flight end after `stop` (prefect#22528)."""
    from prefect.settings import get_current_settings
    from prefect.utilities.services import critical_service_loop
    from prefect.workers.process import ProcessWorker

    settings = get_current_settings().worker
    async with ProcessWorker(POOL, name="ontherecord serve", create_pool_if_not_found=False) as worker:
        loop = partial(critical_service_loop, backoff=4, jitter_range=0.3)
        async with asyncio.TaskGroup() as loops:
            polling = loops.create_task(loop(worker.get_and_submit_flow_runs, settings.query_seconds))
            syncing = loops.create_task(loop(worker.sync_with_backend, settings.heartbeat_seconds))
            await stop.wait()
            polling.cancel()
            syncing.cancel()
        # Leaving the block waits for the runs that the worker has started.


if __name__ == "__main__":
    asyncio.run(work(WorkerConfig(**json.loads(sys.argv[1]))))
