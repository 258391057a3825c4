"""Maintain, nightly: what is derived from all articles is made again, and what is old goes."""

from __future__ import annotations

import time
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Engine

from ontherecord.flows.pipeline.alerting import alerting
from ontherecord.flows.pipeline.finish import finish
from ontherecord.flows.pipeline.results import Upkeep
from ontherecord.flows.pipeline.runner import Conduct, closed_writer, open_writer, recorded
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.aliases import apply_aliases, read_aliases
from ontherecord.warehouse.compact import compact_writer
from ontherecord.warehouse.entities import Freshness, extracts_in_use, freshness, rebuild_entities
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.extracts import ExtractStore
from ontherecord.warehouse.home import Home
from ontherecord.warehouse.lake import tidy


def maintain(settings: Settings, conduct: Conduct, *, keep_days: int = 30, wait_seconds: float = 0) -> Upkeep:
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
    saved = 0 if home.lake else _compact(home, conduct, wait_seconds)
    with (
        open_writer(home, "maintain", wait_seconds, memory_mb=settings.warehouse_memory_mb) as engine,
        alerting(engine, settings, conduct),
        recorded(engine, conduct, "maintain") as report,
    ):
        upkeep = Upkeep(report, saved_bytes=saved)
        upkeep.changed_aliases = conduct.step("aliases", lambda: apply_aliases(engine, read_aliases(home)))
        upkeep.changed_entities = conduct.step("names", lambda: rebuild_entities(engine))
        conduct.say(
            f"names: {upkeep.changed_aliases:,} aliases and {upkeep.changed_entities:,} entities changed"
        )
        upkeep.pruned_extracts = conduct.step("old extracts", lambda: prune_extracts(engine, home, before))
        upkeep.pruned_pages = conduct.step("old pages", lambda: prune_pages(home.data_docs, before))
        conduct.say(
            f"old: {upkeep.pruned_extracts:,} extracts and {upkeep.pruned_pages:,} pages of Data Docs removed"
        )
        finish(engine, home, report, conduct)
        if home.lake:
            gone = conduct.step("tidy", lambda: tidy(engine))
            conduct.say(f"tidy: {gone:,} old snapshots of the lake removed, small files joined")
        upkeep.freshness = freshness(engine)
        conduct.say(fresh(upkeep.freshness))
    return upkeep


def _compact(home: Home, conduct: Conduct, wait_seconds: float) -> int:
    """Write the writer's file anew if changes have left much room in it; return how many bytes it lost."""
    with closed_writer(home, "maintain", wait_seconds):
        saved = conduct.step("compact", lambda: compact_writer(home))
    conduct.say(f"compact: the writer's file is {saved / 1e6:,.0f} MB smaller")
    return saved


def prune_extracts(engine: Engine, home: Home, before: date) -> int:
    """Remove kept extracts that no loaded article has, unless they are newer than a day."""
    return ExtractStore(home.extracts).prune(extracts_in_use(engine), before)


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
