"""Commands that run a flow again or on an archive: quarantine retry, backfill, reprocess, maintain."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import typer

from ontherecord.flows.cli.options import EXTRACTING, LandingArgument, Options, PathsOption, with_options
from ontherecord.flows.cli.run_flow import run_flow


class Order(StrEnum):
    """Which days a backfill loads first."""

    oldest = "oldest"
    newest = "newest"


@with_options(*EXTRACTING)
def retry(
    options: Options,
    rule: Annotated[str | None, typer.Option(help="Only files that this rule quarantined.")] = None,
    paths: PathsOption = "*",
) -> None:
    """Retry quarantined files after a change of rules or code.

    Example: ontherecord quarantine retry --rule date_unreadable
    """
    run_flow("retry-quarantine", options.settings(), options, rule=rule, paths=paths)


@with_options(*EXTRACTING)
def backfill(
    options: Options,
    landing: LandingArgument = None,
    from_day: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First publication day.")
    ] = None,
    to_day: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last publication day.")
    ] = None,
    paths: PathsOption = "*",
    order: Annotated[Order, typer.Option(help="Which days first.")] = Order.oldest,
) -> None:
    """Load an archive by publication day.

    Example: ontherecord backfill old/ --from 2015-01-01
    """
    settings = options.settings(landing=landing)
    run_flow(
        "backfill",
        settings,
        options,
        landing=settings.require_landing("Run `ontherecord backfill FOLDER`"),
        from_day=_day(from_day),
        to_day=_day(to_day),
        paths=paths,
        order=order.value,
    )


@with_options(*EXTRACTING)
def reprocess(
    options: Options,
    apply: Annotated[
        bool, typer.Option("--apply", help="Load what is found; without it, only compare.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Include articles that this extractor version has read.")
    ] = False,
) -> None:
    """Compare loaded quotes with what this version finds.

    Example: ontherecord reprocess
    """
    run_flow("reprocess", options.settings(), options, apply=apply, everything=everything)


@with_options("home", "prefect", "wait", "as_json")
def maintain(
    options: Options,
    keep_days: Annotated[
        int, typer.Option(min=1, help="Days to keep cached extracts that no article uses, and Data Docs.")
    ] = 30,
) -> None:
    """Run the nightly maintenance.

    It updates names, near duplicates and marts, compacts the writer's file and prunes old files.

    Example: ontherecord maintain
    """
    run_flow("maintain", options.settings(), options, keep_days=keep_days)


def _day(given: datetime | None) -> date | None:
    return None if given is None else given.date()
