"""The process of Prefect's server, for `ontherecord serve` and for single runs: Prefect's app behind a guard.

It takes the place of `prefect server start`, which has no setting for the names that it answers to.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import uvicorn
from prefect.server.api.server import SubprocessASGIServer, create_app
from prefect.settings import get_current_settings

from ontherecord.flows.orchestration.guard import Guard, ServerConfig, own_names
from ontherecord.flows.settings import load_settings


def guarded_app(config: ServerConfig) -> Guard:
    """Return Prefect's app behind the guard."""
    allowed = get_current_settings().server.api.cors_allowed_origins
    # `*` would be any site: who wants that runs a server of their own.
    origins = {origin.strip() for origin in allowed.split(",")} - {"*", ""}
    return Guard(create_app(final=True), own_names(config.host, config.names), origins)


def serve(config: ServerConfig) -> None:
    """Serve until a signal, as `prefect server start` does."""
    if config.home:
        load_settings(home=Path(config.home))  # so that what is secret in them is in no log of this process
    settings = get_current_settings().server
    uvicorn.run(
        guarded_app(config),
        host=config.host,
        port=config.port,
        timeout_keep_alive=settings.api.keepalive_timeout,
        ws_ping_interval=settings.api.websocket_ping_interval,
        ws_ping_timeout=settings.api.websocket_ping_timeout,
        log_level=settings.logging_level.lower(),
        lifespan="on",
    )


def guard_embedded_server(home: Path) -> None:
    """Have Prefect start its embedded server behind the guard, too; `home` is absolute."""

    def start(server: SubprocessASGIServer) -> subprocess.Popen[Any]:
        assert server.port is not None, "start() has chosen one"
        config = ServerConfig("127.0.0.1", server.port, home=str(home))
        return subprocess.Popen(_command(config), env={**os.environ, **_embedded_environment()})

    SubprocessASGIServer._run_uvicorn_command = start  # type: ignore[method-assign, assignment]


def _command(config: ServerConfig) -> list[str]:
    # -P: files in the current folder are not taken for modules.
    return [sys.executable, "-P", "-m", __name__, config.as_argument()]


def _embedded_environment() -> dict[str, str]:
    return {
        **get_current_settings().to_environment_variables(exclude_unset=True),
        "PREFECT_SERVER_UI_ENABLED": "0",
        "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": "",
        "PREFECT__SERVER_EPHEMERAL": "1",
    }


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    serve(ServerConfig(**{**given, "names": tuple(given["names"])}))
