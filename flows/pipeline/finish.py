"""Finish a run that loads: near duplicates, marts, publish, result."""

from __future__ import annotations

from sqlalchemy import Engine

from ontherecord.flows.pipeline.results import RunResult
from ontherecord.flows.pipeline.runner import Runner
from ontherecord.flows.plural import counted
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.entity_joins import has_names_to_compare, join_names
from ontherecord.warehouse.foreign_wal import describe_moved
from ontherecord.warehouse.marts import build_marts
from ontherecord.warehouse.memory import retry_with_more_memory
from ontherecord.warehouse.near_duplicates import (
    has_pending,
    read_candidates,
    store_bands,
    store_clusters,
    store_pairs,
)
from ontherecord.warehouse.overlay import idle_corrections
from ontherecord.warehouse.publish import has_unpublished_change, publish, published_name
from ontherecord.warehouse.quarantine import count_waiting
from ontherecord.warehouse.runs import end_run, run_highlights, run_warnings
from ontherecord.warehouse.search import index_articles


def finish(
    engine: Engine, home: DataDir, result: RunResult, runner: Runner, extractor_version: str | None = None
) -> None:
    """Update derived tables, record the end of the run; publish and make the report if anything changed."""
    compare_new(engine, runner)
    result.warned = run_warnings(engine, result.run_id)
    result.highlights = run_highlights(engine, result.run_id)
    result.waiting_count = count_waiting(engine)
    changed = has_unpublished_change(engine, home)
    if changed:
        join_new_names(engine, runner)
        runner.run_step("marts", lambda: build_marts(engine))
    result.idle_corrections = idle_corrections(engine)
    end_run(engine, result.run_id, "completed", result.counts, extractor_version=extractor_version)
    if changed:
        result.moved_aside += runner.run_step("publish", lambda: publish(engine, home))
        result.published = True
        if result.moved_aside:
            runner.log(describe_moved(result.moved_aside))
        runner.log(f"publish: {published_name(home)}")
    if (home.lake and changed) or not home.report_is_current:
        from ontherecord.flows.report.page import make_report  # this import takes a second

        result.pages["Report"] = runner.run_step("report", lambda: make_report(home))


@retry_with_more_memory
def index_pending(engine: Engine) -> None:
    """Hash and index new articles while the workers extract the next batch, to shorten the end of the run."""
    from ontherecord.flows.pipeline.near_duplicates import bands

    with engine.begin() as connection:
        store_bands(connection, bands)
    index_articles(engine, whole_slices=True)


def join_new_names(engine: Engine, runner: Runner) -> None:
    """Join the names that mean one person, for the surnames of which articles gained or lost a name."""
    if has_names_to_compare(engine):
        from ontherecord.flows.pipeline.name_joins import choose_joins

        runner.run_step("names", lambda: join_names(engine, choose_joins))


def join_all_names(engine: Engine) -> int:
    """Compare the names of all people anew; return how many joins changed."""
    from ontherecord.flows.pipeline.name_joins import choose_joins

    return join_names(engine, choose_joins, everything=True)


def compare_new(engine: Engine, runner: Runner) -> None:
    """Find the near duplicates of new texts, if there are any."""
    if has_pending(engine):
        article_count = runner.run_step("near duplicates", lambda: find_near_duplicates(engine))
        runner.log(f"near duplicates: {counted(article_count, 'article')} in clusters")


@retry_with_more_memory
def find_near_duplicates(engine: Engine) -> int:
    """Compare new texts with those published within days of them; count the articles in clusters."""
    from ontherecord.flows.pipeline.near_duplicates import WINDOW_DAYS, bands, clusters, near_pairs

    with engine.begin() as connection:
        store_bands(connection, bands)
        pairs = store_pairs(connection, near_pairs(read_candidates(connection, WINDOW_DAYS)))
        article_ids, cluster_ids = clusters(pairs)
        store_clusters(connection, article_ids, cluster_ids)
    return len(article_ids)
