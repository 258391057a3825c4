"""Commands that stay: up."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from ontherecord.flows.cli.options import HomeOption, LandingOption
from ontherecord.warehouse.errors import SettingsError


def up(
    landing: LandingOption = None,
    home: HomeOption = None,
    every: Annotated[
        str | None,
        typer.Option(help="How often to look for new files, such as 30s, 15m or 1h; 15m if not set."),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="The dashboard's port; the first free one from 4200 if not set."),
    ] = None,
    host: Annotated[
        str, typer.Option(help="Where to listen. Others than this machine reach it with 0.0.0.0.")
    ] = "127.0.0.1",
) -> None:
    """Run schedules, worker and dashboard until Ctrl-C.

    Example: ontherecord serve --landing articles/ --every 5m
    """
    from ontherecord.flows.landing.access import list_location
    from ontherecord.flows.orchestration.serve import ServeOptions, Service
    from ontherecord.flows.settings import load_settings
    from ontherecord.warehouse.data_dir import DataDir

    settings = load_settings(home=home, landing=landing, schedule_interval=every)
    if settings.landing is None:
        raise SettingsError(
            "No landing folder is named: ontherecord serve --landing FOLDER, or set ONTHERECORD_LANDING."
        )
    landing_place = settings.landing
    if isinstance(landing_place, Path):
        landing_place = _absolute(landing_place)
    next(list_location(landing_place), None)  # raises now, where it is read, if it cannot be listed
    options = ServeOptions(
        landing=landing_place,
        home=DataDir(_absolute(settings.home)),
        every=settings.schedule_interval,
        host=host,
        port=port,
        database=settings.prefect_database,
    )
    Service(options, lambda line: print(line, flush=True)).run()
    print("Stopped.")


def _absolute(folder: Path) -> Path:
    """Return a folder's full path. Links stay links: one may be moved on to another folder meanwhile."""
    return Path(os.path.abspath(folder))  # noqa: PTH100
