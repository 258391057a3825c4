"""The command that keeps running: serve."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from ontherecord.flows.cli.options import LANDING, Options, with_options
from ontherecord.flows.landing.access import list_location
from ontherecord.flows.orchestration.serve import ServeOptions, Service
from ontherecord.flows.settings import revealed
from ontherecord.warehouse.data_dir import DataDir


@with_options("home")
def serve(
    options: Options,
    landing: Annotated[str | None, typer.Option("--landing", metavar="FOLDER", help=LANDING)] = None,
    every: Annotated[
        str | None,
        typer.Option(help="How often to look for new files, such as 30s, 15m or 1h (default: 15m)."),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="The dashboard's port (default: the first free one from 4200)."),
    ] = None,
    host: Annotated[
        str, typer.Option(help="Where to listen. Use 0.0.0.0 to accept connections from other machines.")
    ] = "127.0.0.1",
) -> None:
    """Run schedules, worker and dashboard until Ctrl-C.

    Example: ontherecord serve --landing articles/ --every 5m
    """
    settings = options.settings(landing=landing, schedule_interval=every)
    location = settings.require_landing("Run `ontherecord serve --landing FOLDER`")
    if isinstance(location, Path):
        location = _absolute(location)
    next(list_location(location), None)  # fails now, where the user sees it, if it cannot be listed
    serve_options = ServeOptions(
        landing=location,
        home=DataDir(_absolute(settings.home)),
        every=settings.schedule_interval,
        host=host,
        port=port,
        database=revealed(settings.prefect_database),
        login=revealed(settings.prefect_login),
        names=settings.prefect_hosts,
    )
    Service(serve_options, lambda line: print(line, flush=True)).run()
    print("Stopped.")


def _absolute(folder: Path) -> Path:
    """Return a folder's full path. Links stay links: one may be pointed at another folder meanwhile."""
    return Path(os.path.abspath(folder))  # noqa: PTH100
