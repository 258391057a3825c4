"""Maintain, nightly: what is derived from all articles is made again, and what is old goes."""

from __future__ import annotations

import time
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Engine

from ontherecord.flows.pipeline.alerting import alerting
from ontherecord.flows.pipeline.finish import finish
from ontherecord.flows.pipeline.results import MaintenanceResult
from ontherecord.flows.pipeline.runner import Runner, hold_writer_lock, open_writer, run_record
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.aliases import apply_aliases, read_aliases
from ontherecord.warehouse.compact import compact_writer
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.entities import Freshness, extracts_in_use, freshness, rebuild_entities
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.extract_cache import ExtractCache
from ontherecord.warehouse.lake import expire_snapshots


def maintain(
    settings: Settings, runner: Runner, *, keep_days: int = 30, wait_seconds: float = 0
) -> MaintenanceResult:
    """Apply aliases, make entities again, compare what was not compared, publish if that changed anything.

    Before, the writer's file is written anew if changes have left much room in it; a lake is tidied at the
    end. Extracts that no article uses and pages of Data Docs go after `keep_days`.

    Raises PipelineError if the run cannot go on; each stage stays as far as it came.
    """
    home = settings.paths
    if not home.lake and not home.writer.exists():
        raise WarehouseError(
            f"There is no warehouse in {home.folder} yet. Run `ontherecord ingest LANDING` first, or name "
            "the right folder with --home."
        )
    before = date.today() - timedelta(days=keep_days)
    saved = 0 if home.lake else _compact(home, runner, wait_seconds)
    with (
        open_writer(home, "maintain", wait_seconds, memory_mb=settings.duckdb_memory_mb) as engine,
        alerting(engine, settings, runner),
        run_record(engine, runner, "maintain") as report,
    ):
        upkeep = MaintenanceResult(report, saved_bytes=saved)
        upkeep.changed_aliases = runner.run_step("aliases", lambda: apply_aliases(engine, read_aliases(home)))
        upkeep.changed_entities = runner.run_step("names", lambda: rebuild_entities(engine))
        runner.log(
            f"names: {upkeep.changed_aliases:,} aliases and {upkeep.changed_entities:,} entities changed"
        )
        upkeep.pruned_extracts = runner.run_step("old extracts", lambda: prune_extracts(engine, home, before))
        upkeep.pruned_pages = runner.run_step("old pages", lambda: prune_pages(home.data_docs, before))
        runner.log(
            f"old: {upkeep.pruned_extracts:,} extracts and {upkeep.pruned_pages:,} pages of Data Docs removed"
        )
        finish(engine, home, report, runner)
        if home.lake:
            gone = runner.run_step("tidy", lambda: expire_snapshots(engine))
            runner.log(f"tidy: {gone:,} old snapshots of the lake removed, small files joined")
        upkeep.freshness = freshness(engine)
        runner.log(fresh(upkeep.freshness))
    return upkeep


def _compact(home: DataDir, runner: Runner, wait_seconds: float) -> int:
    """Write the writer's file anew if changes have left much room in it; return how many bytes it lost."""
    with hold_writer_lock(home, "maintain", wait_seconds):
        saved = runner.run_step("compact", lambda: compact_writer(home))
    runner.log(f"compact: the writer's file is {saved / 1e6:,.0f} MB smaller")
    return saved


def prune_extracts(engine: Engine, home: DataDir, before: date) -> int:
    """Remove kept extracts that no loaded article has, unless they are newer than a day."""
    return ExtractCache(home.extracts).prune(extracts_in_use(engine), before)


def prune_pages(folder: Path, before: date) -> int:
    """Remove pages of Data Docs that were written before a day, and folders left empty."""
    oldest = time.mktime(before.timetuple())
    old = [page for page in folder.rglob("*.html") if page.stat().st_mtime < oldest]
    for page in old:
        page.unlink()
    for below in sorted((f for f in folder.rglob("*") if f.is_dir()), reverse=True):
        if not any(below.iterdir()):
            below.rmdir()
    return len(old)


def fresh(facts: Freshness) -> str:
    """Return in a line how new what is loaded is."""
    if facts.newest_day is None or facts.last_loaded_at is None:
        return "freshness: nothing is loaded"
    ingested = f", last ingest {facts.last_ingest_at:%Y-%m-%d %H:%M} UTC" if facts.last_ingest_at else ""
    return (
        f"freshness: newest article of {facts.newest_day}, "
        f"last loaded {facts.last_loaded_at:%Y-%m-%d %H:%M} UTC{ingested}"
    )
