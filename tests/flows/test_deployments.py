"""Deployments: the flows exist, prefect.yaml matches `ontherecord serve`, and a server takes both."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from ontherecord.flows.orchestration.deployments import ANCHOR, DEPLOYMENTS, POOL, QUEUES, Deployment, deploy
from ontherecord.flows.orchestration.worker import WorkerConfig, prepare
from ontherecord.flows.settings import Settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "prefect.yaml").read_text()


def as_yaml(deployment: Deployment) -> dict[str, Any]:
    """Return a deployment as prefect.yaml has to have it."""
    from ontherecord.flows.orchestration.flows import FLOWS

    known = FLOWS[deployment.flow].parameters.properties
    schedules: list[dict[str, Any]] = []
    if deployment.at_intervals:
        every = Settings.model_fields["schedule_interval"].default
        schedules = [{"interval": every.seconds, "anchor_date": ANCHOR.isoformat(), "timezone": "UTC"}]
    elif deployment.cron:
        schedules = [{"cron": deployment.cron, "timezone": "UTC"}]
    return {
        "name": deployment.name,
        "entrypoint": f"flows/orchestration/flows.py:{deployment.function}",
        "description": deployment.description,
        "tags": [POOL],
        "parameters": {
            name: f"{{{{ $ONTHERECORD_{name.upper()} }}}}" for name in ("landing", "home") if name in known
        },
        "work_pool": {"name": POOL, "work_queue_name": deployment.queue},
        "schedules": schedules,
    }


def test_prefect_yaml_says_what_up_sets_up() -> None:
    assert yaml.safe_load(TEXT)["deployments"] == [as_yaml(deployment) for deployment in DEPLOYMENTS]


def test_prefect_yaml_makes_the_same_queues() -> None:
    for queue in QUEUES:
        made = f"work-queue create {queue.name} --pool {POOL} --priority {queue.priority} --limit 1\n"
        assert made in TEXT
    assert TEXT.count("work-queue create") == len(QUEUES)
    assert {deployment.queue for deployment in DEPLOYMENTS} == {queue.name for queue in QUEUES}


def test_what_is_new_goes_before_what_is_old() -> None:
    priority = {queue.name: queue.priority for queue in QUEUES}
    found = {deployment.flow: priority[deployment.queue] for deployment in DEPLOYMENTS}
    assert found["ingest"] == 1 == min(found.values())
    assert found["ingest"] < found["maintain"] < found["backfill"] == found["reprocess"]


async def _deploy_twice(landing: Path, home: Path) -> tuple[list[Any], list[Any]]:
    from prefect.client.orchestration import get_client

    async with get_client() as client:
        first = await deploy(client, landing, home, timedelta(minutes=15))
        assert await deploy(client, landing, home, timedelta(minutes=5)) == first
        queues = [await client.read_work_queue_by_name(q.name, work_pool_name=POOL) for q in QUEUES]
        return [await client.read_deployment(number) for number in first.values()], queues


def test_a_server_takes_them_again_and_again(prefect_server: str, landing: Path, home: Path) -> None:
    import asyncio

    deployments, queues = asyncio.run(_deploy_twice(landing, home))
    assert [d.entrypoint for d in deployments] == [
        f"ontherecord.flows.orchestration.flows.{d.function}" for d in DEPLOYMENTS
    ]
    ingest = deployments[0]
    assert ingest.parameters == {"landing": str(landing), "home": str(home)}
    assert [s.schedule.interval for s in ingest.schedules] == [timedelta(minutes=5)]
    assert [len(d.schedules) for d in deployments] == [1, 1, 0, 0, 0]
    assert all(p.get("description") for p in ingest.parameter_openapi_schema["properties"].values())
    assert [(q.name, q.priority, q.concurrency_limit) for q in queues] == [
        (q.name, q.priority, 1) for q in QUEUES
    ]


OLD, NEW = ("/srv/old/in", "/srv/old/home"), ("/srv/new/in", "/srv/new/home")


async def _move() -> dict[str, dict[str, Any]]:
    """Request runs by hand, set up the deployments for other folders; return the runs' parameters."""
    from prefect.client.orchestration import get_client

    async with get_client() as client:
        flows = await deploy(client, OLD[0], Path(OLD[1]), timedelta(minutes=15))
        requested = {
            "as set up": await client.create_flow_run_from_deployment(flows["backfill"]),
            "for a folder of its own": await client.create_flow_run_from_deployment(
                flows["backfill"], parameters={"landing": "/srv/archive"}
            ),
            "for a home of its own": await client.create_flow_run_from_deployment(
                flows["reprocess"], parameters={"home": "/srv/other", "apply": True}
            ),
        }
        await prepare(client, WorkerConfig(*NEW, every_seconds=900))
        return {name: (await client.read_flow_run(run.id)).parameters for name, run in requested.items()}


def test_requested_runs_get_the_folders_of_now_unless_they_name_their_own(prefect_server: str) -> None:
    import asyncio

    assert asyncio.run(_move()) == {
        "as set up": {"landing": NEW[0], "home": NEW[1]},
        "for a folder of its own": {"landing": "/srv/archive", "home": NEW[1]},
        "for a home of its own": {"home": "/srv/other", "apply": True},
    }


@pytest.mark.slow
def test_prefect_deploy_takes_prefect_yaml(prefect_server: str, landing: Path, home: Path) -> None:
    import asyncio

    asyncio.run(_deploy_twice(landing, home))  # it makes pool and queues, as prefect.yaml says to
    folders = {"ONTHERECORD_LANDING": str(landing), "ONTHERECORD_HOME": str(home)}
    made = subprocess.run(
        [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"],
        cwd=ROOT,
        env={**os.environ, **folders, "PREFECT_API_URL": prefect_server},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    for deployment in DEPLOYMENTS:
        assert f"{deployment.flow}/{deployment.name}" in made.stdout
