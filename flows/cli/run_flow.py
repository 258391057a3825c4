"""Run a flow for a command: as a Prefect flow run where a server is configured, in this process otherwise."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from ontherecord.flows.backfill import backfill
from ontherecord.flows.cli.options import Options
from ontherecord.flows.cli.tables import print_json
from ontherecord.flows.ingest import ingest
from ontherecord.flows.landing.access import list_location
from ontherecord.flows.landing.location import Location
from ontherecord.flows.maintain import maintain
from ontherecord.flows.orchestration.server_api import configured_server
from ontherecord.flows.orchestration.temporary_server import use_prefect
from ontherecord.flows.pipeline.ahead import ClusterExtraction
from ontherecord.flows.pipeline.results import Outcome, Result, SkippedRun
from ontherecord.flows.pipeline.terminal_runner import TerminalRunner
from ontherecord.flows.reprocess import reprocess
from ontherecord.flows.retry_quarantine import retry_quarantine
from ontherecord.flows.settings import Settings, revealed
from ontherecord.warehouse.corruption import require_warehouse
from ontherecord.warehouse.errors import WriterBusy

FLOWS: Mapping[str, Callable[..., Result]] = {
    "ingest": ingest,
    "backfill": backfill,
    "retry-quarantine": retry_quarantine,
    "reprocess": reprocess,
    "maintain": maintain,
}


def run_flow(name: str, settings: Settings, options: Options, **parameters: Any) -> Outcome:
    """Run a flow, print its result, and return it.

    `parameters` are those of the flow's function beside settings and runner.
    """
    parameters.setdefault("wait_seconds", options.wait)
    _check_before_home_is_made(settings, parameters.get("landing"))
    if options.prefect or configured_server():
        outcome = _run_as_prefect_flow(name, settings, parameters)
    else:
        outcome = _run_here(name, settings, parameters)
    if options.as_json:
        print_json(outcome.to_dict())
    else:
        print(outcome.summary())
    return outcome


def _check_before_home_is_made(settings: Settings, landing: Location | None) -> None:
    """Raise an error if a run has no home yet, and nothing to make one for: a wrong path, a misspelt home.

    With a home the run itself fails, which is recorded there.
    """
    if settings.paths.folder.exists() or settings.paths.lake:
        return
    if landing is None:
        require_warehouse(settings.paths)
    else:
        next(list_location(landing), None)


def _run_here(name: str, settings: Settings, parameters: dict[str, Any]) -> Outcome:
    if name == "ingest":
        parameters["cluster"] = cluster_extraction(settings)
    _say_that_no_server_is_configured()
    try:
        with TerminalRunner() as runner:
            return FLOWS[name](settings=settings, runner=runner, **parameters)
    except WriterBusy as error:
        return SkippedRun(name, str(error))


@cache
def _say_that_no_server_is_configured() -> None:
    """Say it once, and not for each run of a watcher."""
    print("No Prefect server is configured: running directly.", file=sys.stderr)


def cluster_extraction(settings: Settings) -> ClusterExtraction | None:
    """Return what has the configured cluster extract, None if there is no cluster.

    Its tasks are Prefect's, which is imported here and reads the environment.
    """
    if not settings.cluster:
        return None
    use_prefect(settings.paths, revealed(settings.prefect_login))
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
    os.environ.setdefault("DASK_LOGGING__DISTRIBUTED", "warning")
    from ontherecord.flows.orchestration.cluster import extract_on_cluster

    return extract_on_cluster


def _run_as_prefect_flow(name: str, settings: Settings, parameters: dict[str, Any]) -> Outcome:
    use_prefect(settings.paths, revealed(settings.prefect_login))
    from ontherecord.flows.orchestration.flows import (
        FLOWS,  # Prefect's import takes 2 s, and reads the environment
    )

    flow = FLOWS[name]
    shared = {n: getattr(settings, n) for n in ("home", "batch_size", "workers", "model", "form")}
    accepted = {n: value for n, value in shared.items() if n in flow.parameters.properties}
    outcome: Outcome = flow(**accepted, **parameters)
    return outcome
