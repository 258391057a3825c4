"""Reprocess: extract loaded texts again with this version of the extractor, and compare with the tables.

Texts come from the warehouse itself, not from the landing folder. A comparison reads only the published
file and takes no lock; its extracts are cached, so loading them afterwards is quick.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Engine

from ontherecord.flows.pipeline.results import EXAMPLES, Comparison
from ontherecord.flows.pipeline.runner import Runner
from ontherecord.flows.pipeline.session import Session, open_session
from ontherecord.flows.plural import counted
from ontherecord.flows.sanitize import sanitize
from ontherecord.flows.settings import Settings
from ontherecord.flows.workers.pool import ExtractionPool, Failed
from ontherecord.warehouse.aliases import Aliases
from ontherecord.warehouse.database import open_engine
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


def reprocess(
    settings: Settings,
    runner: Runner,
    *,
    apply: bool = False,
    everything: bool = False,
    wait_seconds: float = 0,
) -> Comparison:
    """Extract articles of older extractor versions, or all with `everything`, compare; load with `apply`.

    Each batch is loaded in one transaction, so a run that was killed resumes where it stopped.

    Raises PipelineError if the run cannot go on; what earlier batches loaded stays.
    """
    began = time.monotonic()
    comparison = Comparison()
    with (
        _open(settings, runner, apply, wait_seconds) as (engine, session),
        ExtractionPool(settings, ExtractCache(settings.paths.extracts)) as pool,
    ):
        comparison.run = session.result if session else None
        comparison.extractor_version = pool.version
        comparison.loaded_count = count_articles(engine)
        article_ids = outdated(engine, pool.version, everything=everything)
        runner.log(
            f"{len(article_ids):,} of {counted(comparison.loaded_count, 'article')} to be extracted again"
        )
        pool.start(len(article_ids))
        context = _BatchContext(engine, pool, comparison, session.aliases if session else None)
        for start in range(0, len(article_ids), settings.batch_size):
            batch = article_ids[start : start + settings.batch_size]
            end = start + len(batch)
            seconds = runner.run_step(f"articles {start + 1}-{end}", partial(_process, batch, context))
            comparison.batch_seconds.append(seconds)
            runner.log(f"articles {start + 1}-{end} of {len(article_ids)}: compared ({seconds:.1f} s)")
            runner.report_progress(end, len(article_ids))
        for path, reason in list(comparison.failed.items())[:EXAMPLES]:
            runner.log(f"{sanitize(path)} could not be extracted: {sanitize(reason)}")
        if session:
            session.extractor_version = pool.version
            session.finish()
    comparison.seconds = time.monotonic() - began
    return comparison


@dataclass(frozen=True, slots=True)
class _BatchContext:
    """What a batch needs; `aliases` are None where nothing is to be loaded."""

    engine: Engine
    pool: ExtractionPool
    comparison: Comparison
    aliases: Aliases | None


def _process(article_ids: Sequence[int], context: _BatchContext) -> float:
    """Extract and compare a batch, and load it if there are aliases; return the seconds it took."""
    began = time.monotonic()
    engine = context.engine
    texts = loaded_texts(engine, article_ids)
    before = loaded_quotes(engine, article_ids)
    extracts = context.pool.extract([loaded.text for loaded in texts])
    extracted: dict[int, Extract] = {}
    failed: dict[str, str] = {}
    for loaded in texts:
        extract = extracts[loaded.text.content_sha256]
        if isinstance(extract, Failed):
            failed[loaded.source_path] = extract.reason
        else:
            extracted[loaded.article_id] = extract
    if context.aliases is not None:
        with engine.connect():
            load_extracts(engine, _still_current(extracted, texts, engine), context.aliases)
    # Counted last, so that a batch that is retried after a transient error is counted once.
    context.comparison.failed |= failed
    for loaded in texts:
        if loaded.article_id in extracted:
            context.comparison.add(loaded, before.get(loaded.article_id, ()), extracted[loaded.article_id])
    return time.monotonic() - began


def _still_current(
    extracted: Mapping[int, Extract], texts: Sequence[LoadedText], engine: Engine
) -> Mapping[int, Extract]:
    """Leave out articles whose text another machine has replaced meanwhile, which can happen in a lake."""
    if write_lock_of(engine) is None:
        return extracted
    before = {loaded.article_id: loaded.text.content_sha256 for loaded in texts}
    return {
        loaded.article_id: extracted[loaded.article_id]
        for loaded in loaded_texts(engine, list(extracted))
        if loaded.text.content_sha256 == before[loaded.article_id]
    }


@contextmanager
def _open(
    settings: Settings, runner: Runner, apply: bool, wait_seconds: float
) -> Iterator[tuple[Engine, Session | None]]:
    """Open a session to load into, or only the published file to compare with."""
    if apply:
        with open_session(settings, runner, "reprocess", wait_seconds=wait_seconds) as session:
            session.apply_curated()
            yield session.engine, session
        return
    home = settings.paths
    open_published(home).close()  # its error says what to do if nothing is published
    if home.lake:
        with open_lake(home, settings.duckdb_memory_mb) as engine:
            yield engine, None
        return
    engine = open_engine(home.published, read_only=True, memory_mb=settings.duckdb_memory_mb)
    try:
        yield engine, None
    finally:
        engine.dispose()
