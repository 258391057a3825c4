"""Carry out a flow for a command: as a Prefect flow run where a server is configured, directly otherwise."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.errors import SettingsError, WriterBusy

if TYPE_CHECKING:
    from flows.landing.place import Place
    from flows.outcome import Outcome
    from flows.settings import Settings


def carry_out(name: str, settings: Settings, *, prefect: bool, as_json: bool, **parameters: Any) -> Outcome:
    """Do the flow of a name, tell what it came to, and return that.

    `parameters` are those of the flow's body, but for settings and conduct.
    """
    if prefect or server_is_configured():
        outcome = _as_flow(name, settings, parameters)
    else:
        outcome = _directly(name, settings, parameters)
    from flows.outcome import facts_of, summary
    from flows.show import print_json

    if as_json:
        print_json(facts_of(outcome))
    else:
        print(summary(outcome))
    return outcome


def landing_of(settings: Settings, command: str) -> Place:
    """Return the landing folder.

    Raises SettingsError if none is named.
    """
    if settings.landing is None:
        raise SettingsError(
            f"No landing folder is named: ontherecord {command} FOLDER, or set ONTHERECORD_LANDING."
        )
    return settings.landing


def server_is_configured() -> bool:
    """Say whether a Prefect server is configured."""
    return configured_server() is not None


def configured_server() -> str | None:
    """Return the address of the Prefect server that is configured, without Prefect's slow import."""
    if url := os.environ.get("PREFECT_API_URL"):
        return url
    import tomllib

    profiles = Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser() / "profiles.toml"
    try:
        found = tomllib.loads(profiles.read_text(encoding="utf-8"))
        return found["profiles"][found["active"]].get("PREFECT_API_URL") or None
    except (OSError, ValueError, KeyError):
        return None


def _directly(name: str, settings: Settings, parameters: dict[str, Any]) -> Outcome:
    from flows.directly import Directly
    from flows.outcome import Left

    if settings.cluster:  # its tasks are Prefect's
        _settle_prefect(settings)
        os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
        os.environ.setdefault("DASK_LOGGING__DISTRIBUTED", "warning")
    body = getattr(import_module(f"flows.{name}"), name)
    print("No Prefect server is configured: running directly.", file=sys.stderr)
    try:
        with Directly() as conduct:
            outcome: Outcome = body(settings=settings, conduct=conduct, **parameters)
            return outcome
    except WriterBusy as error:
        return Left(name, str(error))


def _as_flow(name: str, settings: Settings, parameters: dict[str, Any]) -> Outcome:
    _settle_prefect(settings)
    if not server_is_configured():
        print("Starting Prefect's embedded server, which takes some seconds …", file=sys.stderr)
    flow = getattr(import_module("flows.prefect_flows"), name)
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
