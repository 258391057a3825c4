"""The process of Prefect's server, for `ontherecord serve`: Prefect's app behind a guard.

It takes the place of `prefect server start`, which has no setting for the names that it answers to.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import uvicorn
from prefect.server.api.server import create_app
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


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    serve(ServerConfig(**{**given, "names": tuple(given["names"])}))
