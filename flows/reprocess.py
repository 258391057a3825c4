"""Reprocess: what this version of the extractor makes of texts that are loaded, held against the tables.

Texts come from the warehouse itself, not from the landing folder. Comparing alone reads the
published file: it locks nobody out, and what it found is kept, so switching afterwards is quick.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Engine

from ontherecord.flows.pipeline.alerting import alerting
from ontherecord.flows.pipeline.finish import finish
from ontherecord.flows.pipeline.results import EXAMPLES, Comparison, RunResult
from ontherecord.flows.pipeline.runner import Runner, open_writer, run_record
from ontherecord.flows.sanitize import sanitize
from ontherecord.flows.settings import Settings
from ontherecord.flows.workers.pool import ExtractionPool, Failed
from ontherecord.warehouse.aliases import Aliases, apply_aliases, read_aliases
from ontherecord.warehouse.extract_cache import ExtractCache
from ontherecord.warehouse.lake import open_lake, write_lock_of
from ontherecord.warehouse.load import load_extracts
from ontherecord.warehouse.publish import open_published
from ontherecord.warehouse.records import Extract
from ontherecord.warehouse.reextraction import (
    LoadedText,
    count_articles,
    loaded_quotes,
    loaded_texts,
    outdated,
)
from ontherecord.warehouse.tables import open_engine


def reprocess(
    settings: Settings,
    runner: Runner,
    *,
    switch: bool = False,
    force: bool = False,
    wait_seconds: float = 0,
) -> Comparison:
    """Extract articles of older extractor versions, or with `force` all, and compare; `switch` loads them.

    A batch is loaded in one transaction, so a switch that was killed goes on where it was.

    Raises PipelineError if the run cannot go on; what earlier batches loaded stays.
    """
    began = time.monotonic()
    home = settings.paths
    comparison = Comparison()
    with (
        _opened(settings, runner, switch, wait_seconds) as (engine, report),
        ExtractionPool(settings, ExtractCache(home.extracts)) as pool,
    ):
        comparison.run = report
        comparison.extractor_version = pool.version
        comparison.loaded_count = count_articles(engine)
        wanted = outdated(engine, pool.version, everything=force)
        runner.log(f"{len(wanted):,} of {comparison.loaded_count:,} articles are to be extracted again")
        pool.start(len(wanted))
        work = _Work(engine, pool, comparison, read_aliases(home) if switch else None)
        for start in range(0, len(wanted), settings.batch_size):
            ids = wanted[start : start + settings.batch_size]
            end = start + len(ids)
            seconds = runner.run_step(f"articles {start + 1}-{end}", partial(_take, ids, work))
            comparison.batch_seconds.append(seconds)
            runner.log(f"articles {start + 1}-{end} of {len(wanted)}: compared ({seconds:.1f} s)")
            runner.report_progress(end, len(wanted))
        for path, reason in list(comparison.failed.items())[:EXAMPLES]:
            runner.log(f"{sanitize(path)} could not be extracted: {sanitize(reason)}")
        if report:
            finish(engine, home, report, runner, pool.version)
    comparison.seconds = time.monotonic() - began
    return comparison


@dataclass(frozen=True, slots=True)
class _Work:
    """What a batch works with; `aliases` are None where nothing is to be loaded."""

    engine: Engine
    pool: ExtractionPool
    comparison: Comparison
    aliases: Aliases | None


def _take(article_ids: Sequence[int], work: _Work) -> float:
    """Extract and compare a batch, and load it where that is wanted; return how long it took."""
    began = time.monotonic()
    texts = loaded_texts(work.engine, article_ids)
    before = loaded_quotes(work.engine, article_ids)
    found = work.pool.extract([loaded.text for loaded in texts])
    good: dict[int, Extract] = {}
    failed: dict[str, str] = {}
    for loaded in texts:
        extract = found[loaded.text.content_sha256]
        if isinstance(extract, Failed):
            failed[loaded.source_path] = extract.reason
        else:
            good[loaded.article_id] = extract
    if work.aliases is not None:
        with work.engine.connect():
            load_extracts(work.engine, _still_loaded(good, texts, work.engine), work.aliases)
    # Counted last: a batch that is tried again after a fault is counted once.
    work.comparison.failed |= failed
    for loaded in texts:
        if loaded.article_id in good:
            work.comparison.add(loaded, before.get(loaded.article_id, ()), good[loaded.article_id])
    return time.monotonic() - began


def _still_loaded(
    good: Mapping[int, Extract], texts: Sequence[LoadedText], engine: Engine
) -> Mapping[int, Extract]:
    """Leave out articles that another machine has given a new text meanwhile, as can happen in a lake."""
    if write_lock_of(engine) is None:
        return good
    before = {loaded.article_id: loaded.text.content_sha256 for loaded in texts}
    return {
        loaded.article_id: good[loaded.article_id]
        for loaded in loaded_texts(engine, list(good))
        if loaded.text.content_sha256 == before[loaded.article_id]
    }


@contextmanager
def _opened(
    settings: Settings, runner: Runner, switch: bool, wait_seconds: float
) -> Iterator[tuple[Engine, RunResult | None]]:
    """Open the writer's file and record the run, or, only to compare, the published file."""
    home = settings.paths
    if switch:
        with (
            open_writer(home, "reprocess", wait_seconds, memory_mb=settings.duckdb_memory_mb) as engine,
            alerting(engine, settings, runner),
            run_record(engine, runner, "reprocess") as report,
        ):
            apply_aliases(engine, read_aliases(home))
            yield engine, report
        return
    open_published(home).close()  # says what to do where there is none
    if home.lake:
        with open_lake(home, settings.duckdb_memory_mb) as engine:
            yield engine, None
        return
    engine = open_engine(home.published, read_only=True, memory_mb=settings.duckdb_memory_mb)
    try:
        yield engine, None
    finally:
        engine.dispose()
