"""Commands that stay: up."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import HomeOption
from warehouse.errors import LandingError, SettingsError


def up(
    landing: Annotated[
        Path | None, typer.Option(help="Folder with article files (else ONTHERECORD_LANDING).")
    ] = None,
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
    """Run schedules, their worker and Prefect's dashboard until Ctrl-C.

    Example: ontherecord up --landing articles/ --every 5m.
    """
    from flows.settings import load_settings
    from flows.up import Plan, Up
    from warehouse.home import Home

    settings = load_settings(home=home, landing=landing, every=every)
    if settings.landing is None:
        raise SettingsError(
            "No landing folder is named: ontherecord up --landing FOLDER, or set ONTHERECORD_LANDING."
        )
    if not settings.landing.is_dir():
        raise LandingError(
            f"The landing folder {settings.landing} does not exist. Create it, or name another."
        )
    plan = Plan(
        landing=_absolute(settings.landing),
        home=Home(_absolute(settings.home)),
        every=settings.every,
        host=host,
        port=port,
        database=settings.prefect_database,
    )
    Up(plan, lambda line: print(line, flush=True)).run()
    print("Stopped.")


def _absolute(folder: Path) -> Path:
    """Return a folder's full path. Links stay links: one may be moved on to another folder meanwhile."""
    return Path(os.path.abspath(folder))  # noqa: PTH100
