"""Maintain, nightly: recompute what is derived from all articles, compact and prune."""

from __future__ import annotations

import time
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Engine

from ontherecord.flows.pipeline.finish import join_all_names
from ontherecord.flows.pipeline.results import MaintenanceResult
from ontherecord.flows.pipeline.runner import Runner, hold_writer_lock
from ontherecord.flows.pipeline.session import open_session
from ontherecord.flows.plural import counted
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.compact import compact_writer
from ontherecord.warehouse.corruption import require_warehouse
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.entities import Freshness, extracts_in_use, freshness, rebuild_entities
from ontherecord.warehouse.extract_cache import ExtractCache
from ontherecord.warehouse.lake import expire_snapshots


def maintain(
    settings: Settings, runner: Runner, *, keep_days: int = 30, wait_seconds: float = 0
) -> MaintenanceResult:
    """Apply aliases and corrections, join names, rebuild entities, compare texts; publish what changed.

    The writer's file is compacted first if much of it is free; the snapshots of a lake expire last.
    Cached extracts that no article uses and pages of Data Docs are pruned after `keep_days`.

    Raises PipelineError if the run cannot go on; the stages completed before stay.
    """
    home = settings.paths
    require_warehouse(home)
    before = date.today() - timedelta(days=keep_days)
    saved = 0 if home.lake else _compact(home, runner, wait_seconds)
    with open_session(settings, runner, "maintain", wait_seconds=wait_seconds) as session:
        engine = session.engine
        result = MaintenanceResult(session.result, saved_bytes=saved)
        curated = runner.run_step("aliases", session.apply_curated)
        result.changed_aliases, result.changed_corrections = curated
        # A newer version may join other names.
        runner.run_step("joins", lambda: join_all_names(engine))
        result.changed_entities = runner.run_step("names", lambda: rebuild_entities(engine))
        runner.log(
            f"names: {counted(result.changed_aliases, 'alias', 'aliases')} and "
            f"{counted(result.changed_entities, 'entity', 'entities')} changed"
        )
        result.pruned_extracts = runner.run_step("old extracts", lambda: prune_extracts(engine, home, before))
        result.pruned_pages = runner.run_step("old pages", lambda: prune_pages(home.data_docs, before))
        runner.log(
            f"prune: {counted(result.pruned_extracts, 'extract')} and "
            f"{counted(result.pruned_pages, 'page')} of Data Docs removed"
        )
        session.finish()
        if home.lake:
            expired = runner.run_step("tidy", lambda: expire_snapshots(engine))
            runner.log(f"tidy: {counted(expired, 'old snapshot')} of the lake removed, small files merged")
        result.freshness = freshness(engine)
        runner.log(format_freshness(result.freshness))
    return result


def _compact(home: DataDir, runner: Runner, wait_seconds: float) -> int:
    """Compact the writer's file if much of it is free; return how many bytes that saved."""
    with hold_writer_lock(home, "maintain", wait_seconds):
        saved = runner.run_step("compact", lambda: compact_writer(home))
    runner.log(f"compact: the writer's file is {saved / 1e6:,.0f} MB smaller")
    return saved


def prune_extracts(engine: Engine, home: DataDir, before: date) -> int:
    """Remove cached extracts that no loaded article uses and that were made before a day; count them."""
    return ExtractCache(home.extracts).prune(extracts_in_use(engine), before)


def prune_pages(folder: Path, before: date) -> int:
    """Remove pages of Data Docs from before a day, their results and empty folders; count the pages."""
    oldest = time.mktime(before.timetuple())
    old = [page for page in folder.rglob("*.html") if page.stat().st_mtime < oldest]
    results = [result for result in folder.rglob("*.json") if result.stat().st_mtime < oldest]
    for file in (*old, *results):
        file.unlink()
    for subfolder in sorted((f for f in folder.rglob("*") if f.is_dir()), reverse=True):
        if not any(subfolder.iterdir()):
            subfolder.rmdir()
    return len(old)


def format_freshness(found: Freshness) -> str:
    """Return in one line how new the loaded articles are."""
    if found.newest_day is None or found.last_loaded_at is None:
        return "freshness: nothing is loaded"
    ingested = f", last ingest {found.last_ingest_at:%Y-%m-%d %H:%M} UTC" if found.last_ingest_at else ""
    return (
        f"freshness: newest article of {found.newest_day}, "
        f"last loaded {found.last_loaded_at:%Y-%m-%d %H:%M} UTC{ingested}"
    )
