"""The flow on a real Prefect server: its runs, tasks and artifacts as the dashboard shows them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from runs import ARTICLES, article, contents, rows

from ontherecord.flows.pipeline.results import RunResult

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[2]


def test_flow_run_shows_what_it_did(prefect_server: str, landing: Path, home: Path) -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import (
        ArtifactFilter,
        ArtifactFilterFlowRunId,
        TaskRunFilter,
        TaskRunFilterFlowRunId,
    )

    from ontherecord.flows.orchestration.flows import ingest

    (landing / "a.txt").write_text(article())
    (landing / "b.txt").write_text(article(date="never"))
    report = ingest(landing=landing, home=home, workers=1)
    assert isinstance(report, RunResult)
    assert (report.counts.loaded_count, report.counts.quarantined_count, report.published) == (1, 1, True)

    [(flow_run_id, state)] = rows(home, "select prefect_flow_run_id, state from ops.runs")
    assert state == "completed"
    with get_client(sync_client=True) as client:
        flow_run = client.read_flow_run(UUID(flow_run_id))
        tasks = client.read_task_runs(
            task_run_filter=TaskRunFilter(flow_run_id=TaskRunFilterFlowRunId(any_=[flow_run.id]))
        )
        artifacts = client.read_artifacts(
            artifact_filter=ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[flow_run.id]))
        )
    assert flow_run.state_name == "Completed"
    assert re.fullmatch(r"ingest 20\d\d-\d\d-\d\d \d\d:\d\d UTC: 1 new, 1 quarantined", flow_run.name)
    assert {t.name for t in tasks} >= {"discover", "files 1-2", "marts", "publish"}
    shown = {a.key: a.data for a in artifacts}
    assert "| 2 | 1 | 0 | 0 | 1 | 0 | 1 |" in shown["ingest-summary"]
    [quarantined] = json.loads(shown["quarantined"])
    assert (quarantined["file"], quarantined["rule"], quarantined["value"]) == (
        "b.txt",
        "date_unreadable",
        "never",
    )
    assert float(shown["ingest-progress"]) == 100.0


def test_failed_flow_run_is_failed_in_prefect_and_in_the_ledger(
    prefect_server: str, landing: Path, home: Path
) -> None:
    import duckdb
    from prefect.client.orchestration import get_client

    from ontherecord.flows.orchestration.flows import ingest
    from ontherecord.warehouse.errors import LandingError

    with pytest.raises(LandingError):
        ingest(landing=landing / "nowhere", home=home)
    with duckdb.connect(str(home / "writer.duckdb")) as writer:
        [(flow_run_id, state)] = writer.execute("select prefect_flow_run_id, state from ops.runs").fetchall()
    assert state == "failed"
    with get_client(sync_client=True) as client:
        assert client.read_flow_run(UUID(flow_run_id)).state_name == "Failed"


@pytest.mark.slow
def test_command_line_uses_the_server_that_is_configured(
    prefect_server: str, landing: Path, home: Path
) -> None:
    (landing / "a.txt").write_text(article())
    done = subprocess.run(
        [BIN / "ontherecord", "ingest", landing, "--home", home, "--json"],
        env={**os.environ, "PREFECT_API_URL": prefect_server},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["loaded"] == 1
    [(flow_run_id,)] = rows(home, "select prefect_flow_run_id from ops.runs")
    assert flow_run_id is not None


def test_flow_and_direct_run_give_the_same_tables(prefect_server: str, samples: Path, home: Path) -> None:
    from ontherecord.flows.orchestration.flows import ingest

    ingest(landing=ARTICLES, home=home)
    assert contents(home) == contents(samples)


def test_every_parameter_of_the_flow_is_described(prefect_server: str) -> None:
    from ontherecord.flows.orchestration.flows import ingest

    properties = ingest.parameters.properties
    assert set(properties) >= {"landing", "home", "batch_size", "data_docs", "wait_seconds"}
    assert [name for name, p in properties.items() if not p.get("description")] == []


def test_deployments_name_flows_that_exist() -> None:
    from importlib import import_module

    from prefect import Flow

    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]
    assert deployments
    for deployment in deployments:
        file, _, name = deployment["entrypoint"].partition(":")
        found = getattr(import_module("ontherecord." + file.removesuffix(".py").replace("/", ".")), name)
        assert isinstance(found, Flow)
        assert set(deployment["parameters"]) <= set(found.parameters.properties)
