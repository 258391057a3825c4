"""Commands on what is held or loaded already, and on archives: replay, backfill, reprocess, maintain."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import typer

from ontherecord.flows.cli.options import (
    BatchSizeOption,
    HomeOption,
    JsonOption,
    LandingArgument,
    ModelOption,
    PrefectOption,
    WaitOption,
    WorkersOption,
)
from ontherecord.flows.cli.run_flow import require_landing, run_flow

PathsOption = Annotated[
    str, typer.Option("--paths", help="Only files whose path is like this; * stands for anything.")
]


class Order(StrEnum):
    """Which days a backfill loads first."""

    oldest = "oldest"
    newest = "newest"


def retry_quarantine(
    rule: Annotated[str | None, typer.Option(help="Only quarantined files by this rule.")] = None,
    paths: PathsOption = "*",
    home: HomeOption = None,
    workers: WorkersOption = None,
    batch_size: BatchSizeOption = None,
    model: ModelOption = None,
    prefect: PrefectOption = False,
    wait: WaitOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Take quarantined files once more.

    Example: ontherecord quarantine retry --rule date_unreadable
    """
    from ontherecord.flows.settings import load_settings

    settings = load_settings(home=home, workers=workers, batch_size=batch_size, model=model)
    run_flow(
        "retry-quarantine",
        settings,
        prefect=prefect,
        as_json=as_json,
        rule=rule,
        paths=paths,
        wait_seconds=wait,
    )


def backfill(
    landing: LandingArgument = None,
    from_day: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First publication day.")
    ] = None,
    to_day: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last publication day.")
    ] = None,
    paths: PathsOption = "*",
    order: Annotated[Order, typer.Option(help="Which days first.")] = Order.oldest,
    home: HomeOption = None,
    workers: WorkersOption = None,
    batch_size: BatchSizeOption = None,
    model: ModelOption = None,
    prefect: PrefectOption = False,
    wait: WaitOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Load an archive by publication day.

    Example: ontherecord backfill old/ --from 2015-01-01
    """
    from ontherecord.flows.settings import load_settings

    settings = load_settings(home=home, landing=landing, workers=workers, batch_size=batch_size, model=model)
    run_flow(
        "backfill",
        settings,
        prefect=prefect,
        as_json=as_json,
        landing=require_landing(settings, "backfill"),
        from_day=_day(from_day),
        to_day=_day(to_day),
        paths=paths,
        order=order.value,
        wait_seconds=wait,
    )


def reprocess(
    switch: Annotated[bool, typer.Option("--switch", help="Load what is found, not only compare.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Also articles of this extractor version.")] = False,
    home: HomeOption = None,
    workers: WorkersOption = None,
    batch_size: BatchSizeOption = None,
    model: ModelOption = None,
    prefect: PrefectOption = False,
    wait: WaitOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Compare loaded quotes with those found now.

    Example: ontherecord reprocess
    """
    from ontherecord.flows.settings import load_settings

    settings = load_settings(home=home, workers=workers, batch_size=batch_size, model=model)
    run_flow(
        "reprocess",
        settings,
        prefect=prefect,
        as_json=as_json,
        switch=switch,
        force=force,
        wait_seconds=wait,
    )


def maintain(
    keep_days: Annotated[
        int, typer.Option(min=1, help="Days to keep extracts that no article uses, and Data Docs.")
    ] = 30,
    home: HomeOption = None,
    prefect: PrefectOption = False,
    wait: WaitOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Do the nightly work.

    That is names, near duplicates, marts, room in the writer's file, and what is old.

    Example: ontherecord maintain
    """
    from ontherecord.flows.settings import load_settings

    settings = load_settings(home=home)
    run_flow("maintain", settings, prefect=prefect, as_json=as_json, keep_days=keep_days, wait_seconds=wait)


def _day(given: datetime | None) -> date | None:
    return None if given is None else given.date()
