"""Move: a warehouse from a file to a lake, or back, while nobody writes either."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from ontherecord.flows.pipeline.runner import Conduct, closed_writer, opened
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.errors import SettingsError, WarehouseError
from ontherecord.warehouse.home import Home, Lake
from ontherecord.warehouse.lake import open_lake
from ontherecord.warehouse.marts import build_marts
from ontherecord.warehouse.move import Moved, move
from ontherecord.warehouse.publish import publish


def place_of_warehouse(given: str, settings: Settings) -> Home:
    """Return what a word of the command line means: a home folder, a lake, or `lake` for that of settings.

    Raises SettingsError if no lake is set.
    """
    if given.startswith(("postgresql://", "postgres://")):
        return Home(settings.home, Lake(given, settings.lake))
    if given == "lake":
        if settings.paths.lake is None:
            raise SettingsError("No lake is set. Set ONTHERECORD_WAREHOUSE, or name its URL: postgresql://…")
        return settings.paths
    return Home(Path(given))


def move_warehouse(
    source: Home, target: Home, settings: Settings, conduct: Conduct, wait_seconds: float = 0
) -> list[Moved]:
    """Move a warehouse into an empty one, and publish it there; return the tables and their rows.

    The old one stays as it is, and so do the files of its home folder: extracts, held-back files, settings.

    Raises PipelineError if that cannot be done.
    """
    if not source.lake and not source.writer.exists():
        raise WarehouseError(
            f"There is no warehouse in {source.folder}. Name the home folder that has writer.duckdb."
        )
    memory = settings.warehouse_memory_mb
    with ExitStack() as held:
        for folder in sorted({home.folder.absolute() for home in (source, target)}):
            held.enter_context(closed_writer(Home(folder), "migrate-warehouse", wait_seconds))
        with opened(source, memory) as engine:
            conduct.step("marts", lambda: build_marts(engine))  # what a killed run left to do
        if source.lake:
            still = held.enter_context(open_lake(source, memory))
            held.enter_context(still.connect())
        engine = held.enter_context(opened(target, memory))
        moved = conduct.step("copy and compare", lambda: move(source, engine, conduct.say))
        conduct.step("publish", lambda: publish(engine, target))
    return moved
