"""Commands that write: ingest, publish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

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
from ontherecord.warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from ontherecord.flows.pipeline.results import Outcome

# Who watches comes again anyway: it waits for another run instead of asking every two seconds.
_WATCH_WAIT = 60.0


def ingest(
    landing: LandingArgument = None,
    home: HomeOption = None,
    workers: WorkersOption = None,
    batch_size: BatchSizeOption = None,
    model: ModelOption = None,
    prefect: PrefectOption = False,
    data_docs: Annotated[
        bool, typer.Option("--data-docs", help="Build Great Expectations' Data Docs of this run.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on: load what lands within seconds, until Ctrl-C.")
    ] = False,
    wait: WaitOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Load what has landed, once, now.

    Example: ontherecord ingest articles/
    """
    from ontherecord.flows.settings import load_settings

    settings = load_settings(home=home, landing=landing, workers=workers, batch_size=batch_size, model=model)
    folder = require_landing(settings, "ingest")

    def once(quiet_seconds: float = 0) -> Outcome:
        return run_flow(
            "ingest",
            settings,
            prefect=prefect,
            as_json=as_json,
            landing=folder,
            data_docs=data_docs,
            quiet_seconds=quiet_seconds,
            wait_seconds=wait or (_WATCH_WAIT if watch else 0),
        )

    if not watch:
        once()
        return
    from ontherecord.flows.pipeline.watch import watch as keep_watching

    keep_watching(folder, once)


def publish(
    home: HomeOption = None,
    wait: Annotated[float, typer.Option(help="Seconds to wait for a run that is writing.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Rebuild the marts and publish, changed or not.

    Example: ontherecord publish --wait 600
    """
    from ontherecord.flows.cli.tables import print_json
    from ontherecord.flows.pipeline.runner import open_writer
    from ontherecord.flows.settings import load_settings
    from ontherecord.warehouse.marts import build_marts
    from ontherecord.warehouse.publish import publish as put_in_place
    from ontherecord.warehouse.publish import published_name

    settings = load_settings(home=home)
    paths = settings.paths
    if not paths.lake and not paths.writer.exists():
        raise WarehouseError(
            f"There is no warehouse in {paths.folder} yet. Run `ontherecord ingest LANDING` first, or name "
            "the right folder with --home."
        )
    with open_writer(paths, "publish", wait, memory_mb=settings.duckdb_memory_mb) as engine:
        build_marts(engine)
        put_in_place(engine, paths)
    facts: dict[str, str | int] = {"published": published_name(paths)}
    if not paths.lake:
        facts["bytes"] = paths.published.stat().st_size
    if as_json:
        print_json(facts)
    else:
        size = f" ({facts['bytes']:,} bytes)" if "bytes" in facts else ""
        print(f"Published {facts['published']}{size}.")
