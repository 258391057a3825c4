"""Cluster: extraction on many machines, through Prefect's task runners for Dask and Ray.

The cluster writes extracts to the shared cache, unit by unit; the run loads the files of one while the next
are extracted. What the cluster did not do, such as a lost unit, the run's own workers do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from ontherecord.flows.extract.nlp.blas import configure_blas
from ontherecord.flows.landing.location import Location
from ontherecord.flows.pipeline.ahead import Progress
from ontherecord.flows.settings import Settings
from ontherecord.flows.workers.remote import UnitResult, WorkUnit, extract_unit, split_work
from ontherecord.warehouse.errors import SettingsError
from ontherecord.warehouse.records import LandedFile
from ontherecord.warehouse.secrets import redact

# A unit takes a machine some five seconds: much more than a task costs, little if it is lost.
UNIT_SIZE = 200
_REACH_SECONDS = 10
# How often it looks whether the run still needs the rest.
_LOOK_SECONDS = 1


def extract_on_cluster(
    location: Location,
    files: Sequence[LandedFile],
    settings: Settings,
    shared: str,
    progress: Progress,
) -> tuple[UnitResult, str | None]:
    """Extract the texts of these files on the configured cluster.

    The files of each unit that is done are added to `progress`, in their order. Returns the counts, failed
    units counted as left, and what is wrong with the cluster if it is unreachable or was lost. Raises
    SettingsError if the package for the cluster is missing.
    """
    configure_blas()  # for the machines of a cluster that is started here
    runner = _runner(settings)
    units = list(split_work(location, files, shared, settings.model, UNIT_SIZE, settings.reading))

    @flow(name="extract on cluster", task_runner=runner, persist_result=False, log_prints=False)
    def spread() -> list[UnitResult]:
        futures = [_extract.submit(unit) for unit in units]
        found = []
        for unit, future in zip(units, futures, strict=True):
            result = _result(future, progress)
            found.append(result if isinstance(result, UnitResult) else UnitResult(left_count=len(unit.files)))
            progress.add(len(unit.files))
        return found

    try:
        found = spread()
    except Exception as error:  # the run's own workers can do all of it
        said = redact(f"{type(error).__name__}: {error}")
        return UnitResult(left_count=len(files)), " ".join(said.split())[:200]
    total = UnitResult(
        sum(f.extracted_count for f in found),
        sum(f.kept_count for f in found),
        sum(f.left_count for f in found),
    )
    return total, None


def _result(future: Any, progress: Progress) -> object:
    """Return what became of a unit, or nothing of use if nobody waits for it any more."""
    while not progress.is_unwanted:
        try:
            return future.result(timeout=_LOOK_SECONDS, raise_on_failure=False)
        except TimeoutError:
            continue
    return None


@task(name="extract unit", retries=1, cache_policy=NO_CACHE, persist_result=False, tags=["ontherecord"])
def _extract(unit: WorkUnit) -> UnitResult:
    return extract_unit(unit)


def _runner(settings: Settings) -> Any:
    """Return Prefect's task runner for the configured cluster; without an address, one on this machine."""
    found = re.fullmatch(r"(dask|ray)(?:://(.+))?", settings.cluster or "")
    if not found:
        raise SettingsError("No cluster is set: cluster = dask, ray, dask://HOST:8786 or ray://HOST:10001.")
    kind, address = found.groups()
    try:
        if kind == "dask":
            from prefect_dask.task_runners import DaskTaskRunner

            if address:
                return DaskTaskRunner(address=f"tcp://{address}", client_kwargs={"timeout": _REACH_SECONDS})
            return DaskTaskRunner(
                cluster_kwargs={
                    "n_workers": settings.workers,
                    "threads_per_worker": 1,
                    "processes": True,
                    # By default the dashboard alone, which has no login, listens on all interfaces.
                    "dashboard_address": "127.0.0.1:8787",
                }
            )
        from prefect_ray.task_runners import RayTaskRunner

        if address:
            return RayTaskRunner(address=f"ray://{address}")
        return RayTaskRunner(init_kwargs={"num_cpus": settings.workers, "include_dashboard": True})
    except ImportError as error:
        raise SettingsError(
            f"The cluster {settings.cluster} needs a package that is not installed: "
            f"pip install 'ontherecord[{kind}]'."
        ) from error
