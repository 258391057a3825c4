"""Copy a warehouse from a file to a lake, or back, while no run writes to either."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from ontherecord.flows.pipeline.runner import Runner, hold_writer_lock, open_warehouse
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.copy_tables import CopiedTable, copy_tables
from ontherecord.warehouse.data_dir import DataDir, Lake
from ontherecord.warehouse.errors import SettingsError, WarehouseError
from ontherecord.warehouse.lake import open_lake
from ontherecord.warehouse.marts import build_marts
from ontherecord.warehouse.publish import publish


def parse_warehouse(given: str, settings: Settings) -> DataDir:
    """Return the warehouse of an argument: a home folder, a Postgres URL, or `lake` for that of the settings.

    Raises SettingsError if no lake is set.
    """
    if given.startswith(("postgresql://", "postgres://")):
        return DataDir(settings.home, Lake(given, settings.lake))
    if given == "lake":
        if settings.paths.lake is None:
            raise SettingsError("No lake is set. Set ONTHERECORD_WAREHOUSE, or give its URL: postgresql://…")
        return settings.paths
    return DataDir(Path(given))


def copy_warehouse(
    source: DataDir, target: DataDir, settings: Settings, runner: Runner, wait_seconds: float = 0
) -> list[CopiedTable]:
    """Copy a warehouse into an empty one, and publish it there; return the tables and their row counts.

    The source is not changed. The files of its home folder are not copied: cached extracts, quarantined
    files, settings.

    Raises PipelineError if that cannot be done.
    """
    if not source.lake and not source.writer.exists():
        raise WarehouseError(
            f"There is no warehouse in {source.folder}. Name the home folder that has writer.duckdb."
        )
    memory = settings.duckdb_memory_mb
    with ExitStack() as stack:
        for folder in sorted({home.folder.absolute() for home in (source, target)}):
            stack.enter_context(hold_writer_lock(DataDir(folder), "copy-warehouse", wait_seconds))
        with open_warehouse(source, memory) as engine:
            runner.run_step("marts", lambda: build_marts(engine))  # a killed run may have left them outdated
        if source.lake:
            source_engine = stack.enter_context(open_lake(source, memory))
            stack.enter_context(source_engine.connect())
        engine = stack.enter_context(open_warehouse(target, memory))
        copied = runner.run_step("copy and compare", lambda: copy_tables(source, engine, runner.log))
        runner.run_step("publish", lambda: publish(engine, target))
    return copied
