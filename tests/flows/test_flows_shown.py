"""All flows on a real Prefect server: what they show, how they leave, catch up and try again."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from commands import ONTHERECORD
from runs import article, rows, run

from ontherecord.flows.pipeline.results import RunResult, SkippedRun
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.lock import writer_lock


@contextmanager
def client() -> Iterator[Any]:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as found:
        yield found


def newest_run(flow: str) -> Any:
    from prefect.client.schemas.filters import FlowFilter, FlowFilterName
    from prefect.client.schemas.sorting import FlowRunSort

    with client() as api:
        return api.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=[flow])),
            sort=FlowRunSort.EXPECTED_START_TIME_DESC,
            limit=1,
        )[0]


def artifacts_of(flow_run_id: UUID) -> dict[str, str]:
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId

    with client() as api:
        found = api.read_artifacts(
            artifact_filter=ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[flow_run_id]))
        )
    return {a.key: a.data for a in found}


def events(name: str, resource: str, least: int = 1) -> list[dict[str, Any]]:
    """Return the events of a resource, once there are so many: Prefect sends them beside the run."""
    until = time.monotonic() + 30
    while True:
        with client() as api:
            answer = api._client.post(
                "/events/filter",
                json={"filter": {"event": {"name": [name]}, "resource": {"id": [resource]}}, "limit": 50},
            )
        found: list[dict[str, Any]] = answer.json()["events"]
        if len(found) >= least or time.monotonic() > until:
            return found
        time.sleep(0.5)


def test_ingest_shows_news_assets_and_nothing_that_a_file_smuggles_in(
    prefect_server: str, landing: Path, home: Path
) -> None:
    from ontherecord.flows.orchestration.flows import ingest
    from ontherecord.flows.orchestration.prefect_runner import asset_root

    (landing / "a.txt").write_text(article(title="Harbour [opens](http://x.example) | again"))
    (landing / "b|`b.txt").write_text(article(date="![never](http://x.example/a.png)"))
    report = ingest(landing=landing, home=home, workers=1)
    assert isinstance(report, RunResult)
    assert report.counts.quarantined_count == 1
    flow_run = newest_run("ingest")
    assert {"ontherecord", "quarantined"} <= set(flow_run.tags)
    shown = artifacts_of(flow_run.id)
    assert r"- 2015-12-17: Harbour \[opens\](http\://x.example) \| again" in shown["ingest-summary"]
    assert "- Ida Brandt: 1" in shown["ingest-summary"]
    assert "slowest batch" in shown["ingest-summary"]
    assert "](http" not in shown["ingest-summary"].replace(r"\]", "")
    assert "![never]" not in shown["quarantined"]
    root = asset_root(DataDir(home))
    materialized = "prefect.asset.materialization.succeeded"
    [articles] = [e for e in events(materialized, f"{root}/articles") if e["payload"]][:1]
    assert articles["payload"]["rows"] == 1
    assert {
        "prefect.resource.id": root.replace("duckdb://", "files://"),
        "prefect.resource.role": "asset",
    } in articles["related"]
    [published] = events(materialized, f"{root}/published")[:1]
    assert published["payload"]["checks_held"] >= 8
    of = {r["prefect.resource.id"] for r in published["related"]}
    assert {f"{root}/quotes", f"{root}/mart/speakers"} <= of


def test_every_flow_is_named_after_what_it_did(prefect_server: str, landing: Path, home: Path) -> None:
    from ontherecord.flows.orchestration.flows import backfill, maintain, reprocess, retry_quarantine

    (landing / "a.txt").write_text(article())
    (landing / "b.txt").write_text(article(date="never"))
    backfill(landing=landing, home=home, workers=1)
    retry_quarantine(home=home, workers=1)
    reprocess(home=home, workers=1, everything=True)
    maintain(home=home)
    for flow, did in (
        ("backfill", "1 new, 1 quarantined"),
        ("retry-quarantine", "0 new, 1 quarantined"),
        ("reprocess", "1 compared, 0 changed"),
        ("maintain", "nothing changed"),
    ):
        flow_run = newest_run(flow)
        assert flow_run.state_name == "Completed"
        assert flow_run.name.startswith(f"{flow} 20")
        assert flow_run.name.endswith(f": {did}")
        assert f"{flow}-summary" in artifacts_of(flow_run.id)
    recorded = rows(home, "select flow, prefect_flow_run_id is not null from ops.runs order by started_at")
    assert recorded[0] == ("backfill", True)


@pytest.mark.parametrize("name", ["ingest", "retry-quarantine", "backfill", "reprocess", "maintain"])
def test_run_form_describes_every_parameter(prefect_server: str, name: str) -> None:
    from ontherecord.flows.orchestration.flows import FLOWS

    properties = FLOWS[name].parameters.properties
    assert {"home", "if_busy", "wait_seconds"} <= set(properties)
    assert properties["if_busy"]["enum"] == ["wait", "leave"]
    assert [n for n, p in properties.items() if not p.get("description")] == []


@pytest.mark.parametrize("how", [{"if_busy": "leave"}, {"if_busy": "wait", "wait_seconds": 0.2}])
def test_run_that_finds_another_writing_is_skipped_not_failed(
    prefect_server: str, samples: Path, home: Path, how: dict[str, Any]
) -> None:
    from ontherecord.flows.orchestration.flows import maintain

    shutil.copytree(samples, home, symlinks=True)
    with writer_lock(DataDir(home), "a long task"):
        left = maintain(home=home, **how)
    assert isinstance(left, SkippedRun)
    assert left.summary().startswith("Skipped: another run is writing.")
    assert "a long task" in left.message
    flow_run = newest_run("maintain")
    assert (flow_run.state_type.value, flow_run.state_name) == ("COMPLETED", "Skipped")
    assert "a long task" in flow_run.state.message


def test_command_leaves_with_success_while_another_run_writes(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    with writer_lock(DataDir(home), "a long task"):
        done = subprocess.run(
            [ONTHERECORD, "ingest", landing, "--home", home], capture_output=True, text=True, check=True
        )
    assert done.stdout.startswith("Skipped: another run is writing.")
    assert not (home / "warehouse.duckdb").exists()


@pytest.mark.slow
def test_killed_flow_run_is_in_nobodys_way(prefect_server: str, landing: Path, home: Path) -> None:
    for n in range(3):
        (landing / f"{n}.txt").write_text(article(title=f"Story {n}"))
    command = [ONTHERECORD, "ingest", landing, "--home", home, "--batch-size", "1", "--workers", "1"]
    process = subprocess.Popen(
        command, env={**os.environ, "PREFECT_API_URL": prefect_server}, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr
    assert any("files 1-1 of 3" in line for line in process.stderr)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    report = run(landing, home)
    assert report.counts.landed_count == 3
    assert rows(home, "select count(*) from articles") == [(3,)]
    states = rows(home, "select state from ops.runs order by started_at")
    assert states == [("crashed",), ("completed",)]


def test_scheduled_run_catches_up_for_those_that_are_late(
    prefect_server: str, landing: Path, home: Path
) -> None:
    from prefect.client.schemas.actions import DeploymentScheduleCreate
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId
    from prefect.client.schemas.schedules import IntervalSchedule
    from prefect.flow_engine import run_flow

    from ontherecord.flows.orchestration.flows import ingest

    (landing / "a.txt").write_text(article())
    began = datetime.now(UTC) - timedelta(hours=2)
    with client() as api:
        schedule = IntervalSchedule(interval=timedelta(minutes=30), anchor_date=began)
        deployment_id = api.create_deployment(
            flow_id=api.create_flow(ingest),
            name="catching-up",
            parameters={"landing": str(landing), "home": str(home), "workers": 1},
            schedules=[DeploymentScheduleCreate(schedule=schedule, active=True)],
        )
        api._client.post(
            f"/deployments/{deployment_id}/schedule",
            json={
                "start_time": began.isoformat(),
                "end_time": (began + timedelta(hours=4)).isoformat(),
                "min_runs": 6,
            },
        ).raise_for_status()

        def of_deployment() -> list[Any]:
            found = api.read_flow_runs(
                deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment_id]))
            )
            return sorted(found, key=lambda r: r.expected_start_time)

        due = [r for r in of_deployment() if r.expected_start_time <= datetime.now(UTC)]
        assert len(due) >= 3
        this = due[-1]
        run_flow(ingest, flow_run=this, parameters=dict(this.parameters))
        after = {r.id: r for r in of_deployment()}
    assert after[this.id].state_name == "Completed"
    for other in due[:-1]:
        assert (after[other.id].state_type.value, after[other.id].state_name) == ("CANCELLED", "Skipped")
        assert "catches up" in after[other.id].state.message
        assert after[other.id].name.endswith(f"due at {other.expected_start_time:%Y-%m-%d %H:%M} UTC")
    later = [r for r in after.values() if r.expected_start_time > datetime.now(UTC)]
    assert later
    assert {r.state_name for r in later} == {"Scheduled"}


def test_step_is_retried_after_a_transient_error_and_not_after_another(
    prefect_server: str, home: Path
) -> None:
    from prefect import flow

    from ontherecord.flows.orchestration.prefect_runner import PrefectRunner

    tried: list[str] = []

    def away() -> str:
        tried.append("away")
        if tried.count("away") == 1:
            raise OSError(errno.ESTALE, "Stale file handle")
        return "back"

    def wrong() -> None:
        tried.append("wrong")
        raise ValueError("wrong")

    @flow
    def faulty() -> str:
        runner = PrefectRunner("faulty", DataDir(home))
        with pytest.raises(ValueError, match="wrong"):
            runner.run_step("wrong", wrong)
        return runner.run_step("away", away)

    assert faulty() == "back"
    assert tried == ["wrong", "away", "away"]
