"""Carry out a flow for a command: as a Prefect flow run where a server is configured, directly otherwise."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ontherecord.flows.orchestration.server_api import server_is_configured
from ontherecord.warehouse.errors import SettingsError, WriterBusy

if TYPE_CHECKING:
    from ontherecord.flows.landing.location import Location
    from ontherecord.flows.pipeline.results import Outcome
    from ontherecord.flows.settings import Settings


def run_flow(name: str, settings: Settings, *, prefect: bool, as_json: bool, **parameters: Any) -> Outcome:
    """Do the flow of a name, tell what it came to, and return that.

    `parameters` are those of the flow's body, but for settings and conduct.
    """
    if prefect or server_is_configured():
        outcome = _as_flow(name, settings, parameters)
    else:
        outcome = _directly(name, settings, parameters)
    from ontherecord.flows.cli.tables import print_json

    if as_json:
        print_json(outcome.to_dict())
    else:
        print(outcome.summary())
    return outcome


def require_landing(settings: Settings, command: str) -> Location:
    """Return the landing folder.

    Raises SettingsError if none is named.
    """
    if settings.landing is None:
        raise SettingsError(
            f"No landing folder is named: ontherecord {command} FOLDER, or set ONTHERECORD_LANDING."
        )
    return settings.landing


def _directly(name: str, settings: Settings, parameters: dict[str, Any]) -> Outcome:
    from ontherecord.flows.pipeline.results import SkippedRun
    from ontherecord.flows.pipeline.terminal_runner import TerminalRunner

    if settings.cluster:  # its tasks are Prefect's
        _settle_prefect(settings)
        os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
        os.environ.setdefault("DASK_LOGGING__DISTRIBUTED", "warning")
    if name == "ingest" and settings.cluster:
        from ontherecord.flows.orchestration.cluster import extract_on_cluster

        parameters["cluster"] = extract_on_cluster
    body = getattr(import_module(f"ontherecord.flows.{name}"), name)
    print("No Prefect server is configured: running directly.", file=sys.stderr)
    try:
        with TerminalRunner() as runner:
            outcome: Outcome = body(settings=settings, runner=runner, **parameters)
            return outcome
    except WriterBusy as error:
        return SkippedRun(name, str(error))


def _as_flow(name: str, settings: Settings, parameters: dict[str, Any]) -> Outcome:
    _settle_prefect(settings)
    if not server_is_configured():
        print("Starting Prefect's embedded server, which takes some seconds …", file=sys.stderr)
    flow = getattr(import_module("ontherecord.flows.orchestration.flows"), name)
    shared = {n: getattr(settings, n) for n in ("home", "batch_size", "workers", "model")}
    known = {n: value for n, value in shared.items() if n in flow.parameters.properties}
    outcome: Outcome = flow(**known, **parameters)
    return outcome


def _settle_prefect(settings: Settings) -> None:
    """Set what Prefect reads when it is imported. What it keeps goes into the home folder with the rest."""
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    if not server_is_configured():
        settings.paths.prefect.mkdir(parents=True, exist_ok=True)
        settings.paths.keep_private()
        os.environ.setdefault("PREFECT_HOME", str(settings.paths.prefect.absolute()))
        os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_ENABLED", "true")
        # Its first start makes a database, which on a busy machine takes longer than the usual 20 s.
        os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")
        # No page of another site, open in somebody's browser here, gets an answer from it.
        os.environ.setdefault("PREFECT_SERVER_CORS_ALLOWED_ORIGINS", "http://127.0.0.1")
