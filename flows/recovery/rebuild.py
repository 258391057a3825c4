"""Rebuild: a lost or damaged writer's file is made again, from a copy, landing folder and kept extracts.

The model is asked only about texts of which no extract is kept, of whichever version: what was loaded
comes back as it was. `reprocess` is there to load what a newer version finds.
"""

from __future__ import annotations

import time
from collections.abc import Container, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Engine

from ontherecord.expectations.validate import HeaderSuite
from ontherecord.flows.landing.access import list_location, open_reader
from ontherecord.flows.landing.discover import discover
from ontherecord.flows.landing.forms.headed_text import parse
from ontherecord.flows.landing.location import Location, Reader
from ontherecord.flows.pipeline.batches import BatchContext, process_files
from ontherecord.flows.pipeline.finish import finish
from ontherecord.flows.pipeline.results import RunResult
from ontherecord.flows.pipeline.runner import Runner, open_warehouse, run_record
from ontherecord.flows.settings import Settings
from ontherecord.flows.workers.pool import ExtractionPool
from ontherecord.warehouse.aliases import Aliases, apply_aliases, read_aliases
from ontherecord.warehouse.errors import BadDelivery, FileChanged
from ontherecord.warehouse.extract_cache import ExtractCache
from ontherecord.warehouse.ledger import read_ledger
from ontherecord.warehouse.lock import writer_lock
from ontherecord.warehouse.rebuild import RestoredWriter, restore_alerts, restore_writer, supersede_published
from ontherecord.warehouse.records import LandedFile
from ontherecord.warehouse.runs import RunCounts

# Files whose bytes are fetched together.
_AHEAD = 500


@dataclass(slots=True)
class RebuildResult:
    """What a rebuild came to. `run` is None where no landing folder was named: nothing was loaded then.

    `model_count` files have no kept extract; without the model they were left to the next run.
    """

    put_back: RestoredWriter
    run: RunResult | None = None
    model_count: int = 0
    without_model: bool = False
    seconds: float = 0.0

    @property
    def used_model(self) -> bool:
        return bool(self.model_count) and not self.without_model


def rebuild(
    settings: Settings,
    runner: Runner,
    landing: Location | None,
    *,
    from_landing: bool = False,
    without_model: bool = False,
    wait_seconds: float = 0,
) -> RebuildResult:
    """Make the writer's file again and load what it lacks; with `from_landing` no copy of it is used.

    Raises PipelineError if that cannot be done; a file moved aside is there still.
    """
    began = time.monotonic()
    home = settings.paths
    if landing is not None:
        next(list_location(landing), None)  # raises now, while all is as it was, if it cannot be listed
    with writer_lock(home, "rebuild", wait_seconds):
        aliases = read_aliases(home)  # raises now, while all is as it was, if the file is wrong
        put_back = runner.run_step(
            "copy", lambda: restore_writer(home, copies=not from_landing, from_nothing=landing is not None)
        )
        _tell(put_back, runner)
        done = RebuildResult(put_back, without_model=without_model)
        with open_warehouse(home, settings.duckdb_memory_mb) as engine:
            restore_alerts(engine, home)
            if put_back.source is None:
                supersede_published(engine, home)
            if landing is not None:
                with run_record(engine, runner, "rebuild", landing) as done.run:
                    _catch_up(engine, settings, runner, landing, aliases, done.run, done)
    done.seconds = time.monotonic() - began
    return done


def _catch_up(
    engine: Engine,
    settings: Settings,
    runner: Runner,
    landing: Location,
    aliases: Aliases,
    report: RunResult,
    done: RebuildResult,
) -> None:
    """Load what the ledger lacks, and publish if anything is new."""
    home = settings.paths
    apply_aliases(engine, aliases)
    ledger = read_ledger(engine)
    work = runner.run_step("discover", lambda: discover(landing, ledger))
    suite = HeaderSuite(settings.validation_suite)
    store = ExtractCache(home.extracts, any_version=True)
    with open_reader(landing) as reader:
        wanting = runner.run_step(
            "kept extracts", lambda: _without_extract(work.to_read, suite, store.contents(), reader)
        )
        done.model_count = len(set(wanting.values()))
        files = [f for f in work.to_read if not (done.without_model and f.source_path in wanting)]
        left_count = len(work.to_read) - len(files)
        report.counts += RunCounts(unchanged_count=work.unchanged_count, postponed_count=left_count)
        runner.log(
            f"discover: {work.landed_count:,} files, {work.unchanged_count:,} as before, "
            f"{done.model_count:,} texts without a kept extract"
        )
        with ExtractionPool(settings, store) as pool:
            # Workers start with the first text that has no kept extract: mostly there is none.
            context = BatchContext(engine, home, suite, pool, ledger, aliases, report.run_id, reader)
            process_files(files, context, settings.batch_size, report, runner)
            version = pool.known_version
    finish(engine, home, report, runner, version)


def _without_extract(
    files: Sequence[LandedFile], suite: HeaderSuite, kept: Container[str], reader: Reader
) -> dict[str, str]:
    """Return content by path of the files that are articles and have no kept extract."""
    parsed = []
    for number, landed in enumerate(files):
        if number % _AHEAD == 0:
            reader.fetch(files[number : number + _AHEAD])
        with suppress(BadDelivery, FileChanged, OSError):  # what is wrong with it, the stages say
            raw = reader.read(landed)
            if raw.content_sha256 not in kept:
                parsed.append(parse(raw))
    verdicts = suite.validate(parsed)
    return {
        delivery.raw.landed.source_path: delivery.raw.content_sha256
        for delivery, verdict in zip(parsed, verdicts, strict=True)
        if not verdict.failures
    }


def _tell(put_back: RestoredWriter, runner: Runner) -> None:
    for file in put_back.moved:
        runner.log(f"moved aside: {file}")
    if put_back.source:
        runner.log(f"copied: {put_back.source}, {put_back.article_count:,} articles")
