"""Cluster: machines extract ahead of a run, one of them is killed; the tables are the same."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from runs import ARTICLES, QuietRunner, article, contents

from ontherecord.flows.ingest import ingest
from ontherecord.flows.pipeline.results import RunResult
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse.errors import SettingsError

COUNT = len(list(ARTICLES.rglob("*.txt")))


def run(home: Path, landing: Path = ARTICLES, **options: object) -> tuple[RunResult, str]:
    """Ingest articles; return the report, and what the cluster came to in words."""
    from ontherecord.flows.orchestration.cluster import extract_on_cluster

    runner = QuietRunner()
    settings = load_settings(home=home, **{"workers": 1, **options})
    report = ingest(landing, settings, runner, cluster=extract_on_cluster)
    return report, next((line for line in runner.lines if line.startswith("cluster: ")), "")


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch, prefect_server: str) -> None:
    monkeypatch.setattr("ontherecord.flows.orchestration.cluster.UNIT_SIZE", 6)


@contextmanager
def dask_workers() -> Iterator[tuple[str, Callable[[], int]]]:
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        address = cluster.scheduler_address.removeprefix("tcp://")
        yield f"dask://{address}", lambda: int(next(iter(cluster.workers.values())).pid)


@contextmanager
def ray_workers() -> Iterator[tuple[str, Callable[[], int]]]:
    import psutil
    import ray

    def busy() -> int:
        return next(
            p.pid
            for p in psutil.process_iter(["cmdline"])
            if re.match(r"ray::(?!IDLE|\w*Agent)", (p.info["cmdline"] or [""])[0])
        )

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        yield "ray", busy
    finally:
        ray.shutdown()


@pytest.mark.slow
@pytest.mark.parametrize("workers", [dask_workers, ray_workers])
def test_cluster_extracts_ahead_and_a_killed_worker_costs_nothing(
    workers: Callable[[], Iterator[tuple[str, Callable[[], int]]]], samples: Path, home: Path, tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    killed = []

    def kill(one: Callable[[], int]) -> None:
        while not list(shared.glob("*/*/*")):
            time.sleep(0.05)
        killed.append(one())
        os.kill(killed[0], signal.SIGKILL)

    with workers() as (cluster, one):  # type: ignore[attr-defined]
        killer = threading.Thread(target=kill, args=(one,), daemon=True)
        killer.start()
        report, told = run(home, cluster=cluster, shared_cache=str(shared))
        killer.join(10)
        assert killed
        assert report.counts.loaded_count == COUNT
        assert contents(home) == contents(samples)
        assert ", 0 files left for this machine" in told

        (again, told) = run(tmp_path / "again", cluster=cluster, shared_cache=str(shared))
        assert told == f"cluster: 0 texts extracted, {COUNT} already cached, 0 files left for this machine"
        assert again.counts.loaded_count == COUNT


@pytest.mark.slow
def test_what_a_cluster_leaves_the_run_does(home: Path, landing: Path, tmp_path: Path) -> None:
    (landing / "a.txt").write_text(article())
    (landing / "b.txt").write_bytes(b"%PDF-1.7")
    with dask_workers() as (cluster, _):
        report, told = run(home, landing, cluster=cluster)
    assert told == "cluster: 1 text extracted, 0 already cached, 1 file left for this machine"
    assert (report.counts.loaded_count, report.counts.quarantined_count) == (1, 1)


@pytest.mark.slow
def test_cluster_that_is_not_there_is_told_and_the_run_goes_on(home: Path, landing: Path) -> None:
    (landing / "a.txt").write_text(article())
    report, told = run(home, landing, cluster="dask://127.0.0.1:1")
    assert told.startswith("cluster: dask://127.0.0.1:1 is unreachable (")
    assert report.counts.loaded_count == 1


@pytest.mark.slow
def test_public_ingest_uses_the_configured_cluster(home: Path, landing: Path) -> None:
    (landing / "a.txt").write_text(article())
    code = "import ontherecord, sys; print(ontherecord.ingest(*sys.argv[1:], workers=1).counts.loaded_count)"
    # A process of its own: Prefect reads its settings from the environment, which the function completes.
    found = subprocess.run(
        [sys.executable, "-c", code, landing, home],
        env={**os.environ, "ONTHERECORD_CLUSTER": "dask://127.0.0.1:1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert found.stdout == "1\n"
    assert "dask://127.0.0.1:1 is unreachable (" in found.stderr


def test_cluster_of_another_kind_is_refused(home: Path) -> None:
    with pytest.raises(SettingsError, match="cluster"):
        load_settings(home=home, cluster="spark://host")
