"""Finish: what every run that loads ends with. Behind load: near duplicates, marts, publish."""

from __future__ import annotations

from sqlalchemy import Engine

from ontherecord.flows.pipeline.results import Report
from ontherecord.flows.pipeline.runner import Conduct
from ontherecord.warehouse.home import Home
from ontherecord.warehouse.marts import build_marts
from ontherecord.warehouse.memory import with_memory_enough
from ontherecord.warehouse.near import has_uncompared, keep_bands, keep_clusters, keep_pairs, read_candidates
from ontherecord.warehouse.publish import has_unpublished_change, publish, published_name
from ontherecord.warehouse.runs import end_run, news_of_run, warnings_of_run
from ontherecord.warehouse.search import index_articles


def finish(
    engine: Engine, home: Home, report: Report, conduct: Conduct, extractor_version: str | None = None
) -> None:
    """Bring what is derived up to date, record the run's end, publish and report if anything changed."""
    compare_new(engine, conduct)
    report.warned = warnings_of_run(engine, report.run_id)
    report.news = news_of_run(engine, report.run_id)
    changed = has_unpublished_change(engine, home)
    if changed:
        conduct.step("marts", lambda: build_marts(engine))
    end_run(engine, report.run_id, "completed", report.counts, extractor_version=extractor_version)
    if changed:
        conduct.step("publish", lambda: publish(engine, home))
        report.published = True
        conduct.say(f"publish: {published_name(home)}")
    if (home.lake and changed) or not home.report_is_current:
        from ontherecord.flows.report.page import make_report  # its import and that of pictures take a second

        report.pages["Report"] = conduct.step("report", lambda: make_report(home))


@with_memory_enough
def work_ahead(engine: Engine) -> None:
    """Do what the end of a run can be spared, while workers are busy with the next batch."""
    from ontherecord.flows.pipeline.near_duplicates import bands

    with engine.begin() as connection:
        keep_bands(connection, bands)
    index_articles(engine, whole_slices=True)


def compare_new(engine: Engine, conduct: Conduct) -> None:
    """Hold texts that are new against their neighbours', if there are any."""
    if has_uncompared(engine):
        clustered = conduct.step("near duplicates", lambda: find_near_duplicates(engine))
        conduct.say(f"near duplicates: {clustered:,} articles stand in clusters")


@with_memory_enough
def find_near_duplicates(engine: Engine) -> int:
    """Compare new texts with those of the days around them; return how many articles are in clusters."""
    from ontherecord.flows.pipeline.near_duplicates import WINDOW_DAYS, bands, clusters, near_pairs

    with engine.begin() as connection:
        keep_bands(connection, bands)
        pairs = keep_pairs(connection, near_pairs(read_candidates(connection, WINDOW_DAYS)))
        article_ids, cluster_ids = clusters(pairs)
        keep_clusters(connection, article_ids, cluster_ids)
    return len(article_ids)
