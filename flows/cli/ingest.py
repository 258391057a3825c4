"""Commands that load and publish: ingest, publish."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from ontherecord.flows.cli.landing import print_preview
from ontherecord.flows.cli.options import EXTRACTING, LandingArgument, Options, with_options
from ontherecord.flows.cli.run_flow import run_flow
from ontherecord.flows.cli.tables import print_json
from ontherecord.flows.pipeline.results import Outcome
from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.flows.pipeline.watch import watch as keep_watching
from ontherecord.warehouse.corruption import require_warehouse
from ontherecord.warehouse.foreign_wal import describe_moved
from ontherecord.warehouse.marts import build_marts
from ontherecord.warehouse.publish import publish as publish_warehouse
from ontherecord.warehouse.publish import published_name

# A watcher comes back anyway: it waits for another run instead of trying every two seconds.
_WATCH_WAIT = 60.0


@with_options(*EXTRACTING)
def ingest(
    options: Options,
    landing: LandingArgument = None,
    form: Annotated[
        str | None, typer.Option("--form", help="Read all files in this form, whatever they look like.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what each file would become, and write nothing.")
    ] = False,
    data_docs: Annotated[
        bool, typer.Option("--data-docs", help="Build Great Expectations' Data Docs of this run.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Keep running: load new files within seconds, until Ctrl-C.")
    ] = False,
) -> None:
    """Load new files from the landing folder, or one file, once.

    Example: ontherecord ingest articles/, or ontherecord ingest week.csv --dry-run
    """
    settings = options.settings(landing=landing, form=form)
    folder = settings.require_landing("Run `ontherecord ingest FOLDER`")
    if dry_run:
        print_preview(folder, settings, as_json=options.as_json)
        return

    def once(quiet_seconds: float = 0, only: Sequence[str] | None = None) -> Outcome:
        return run_flow(
            "ingest",
            settings,
            options,
            landing=folder,
            data_docs=data_docs,
            quiet_seconds=quiet_seconds,
            only=only,
            wait_seconds=options.wait or (_WATCH_WAIT if watch else 0),
        )

    if watch:
        keep_watching(folder, once)
    else:
        once()


@with_options("home", "wait", "as_json")
def publish(options: Options) -> None:
    """Rebuild the marts and publish, changed or not.

    Example: ontherecord publish --wait 600
    """
    settings = options.settings()
    paths = settings.paths
    require_warehouse(paths)
    with open_writer(paths, "publish", options.wait, memory_mb=settings.duckdb_memory_mb) as engine:
        build_marts(engine)
        moved = publish_warehouse(engine, paths)
    facts: dict[str, str | int | list[str]] = {"published": published_name(paths)}
    if not paths.lake:
        facts["bytes"] = paths.published.stat().st_size
        facts["moved_aside"] = [file.name for file in moved]
    if options.as_json:
        print_json(facts)
    else:
        size = f" ({facts['bytes']:,} bytes)" if "bytes" in facts else ""
        print(f"Published {facts['published']}{size}.")
        if moved:
            print(describe_moved(moved))
