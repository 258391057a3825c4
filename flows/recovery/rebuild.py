"""Rebuild a lost or damaged writer's file from a copy, the landing folder and cached extracts.

The model runs only for texts that have no cached extract of any version, so that what was loaded comes
back as it was. `reprocess` loads what a newer version of the extractor finds.
"""

from __future__ import annotations

import time
from collections.abc import Container, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ontherecord.expectations.validate import HeaderSuite
from ontherecord.flows.landing.access import fetch_in_parts, list_location, open_reader
from ontherecord.flows.landing.discover import discover
from ontherecord.flows.landing.location import Location, Reader
from ontherecord.flows.landing.parse import parse_all
from ontherecord.flows.landing.reading import Reading
from ontherecord.flows.pipeline.results import RunResult, describe_idle
from ontherecord.flows.pipeline.runner import Runner, open_warehouse, run_record
from ontherecord.flows.pipeline.session import Session
from ontherecord.flows.pipeline.take_down import take_down_pending
from ontherecord.flows.plural import counted
from ontherecord.flows.sanitize import sanitize
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.corrections import read_corrections, read_names
from ontherecord.warehouse.disk_space import clear_leftovers, explain_disk_errors
from ontherecord.warehouse.errors import BadDelivery, FileChanged
from ontherecord.warehouse.extract_cache import ExtractCache
from ontherecord.warehouse.ledger import read_ledger
from ontherecord.warehouse.lock import writer_lock
from ontherecord.warehouse.memory import require_addresses
from ontherecord.warehouse.publish import require_published
from ontherecord.warehouse.rebuild import (
    RestoredWriter,
    note_progress,
    restore_alerts,
    restore_writer,
    supersede_published,
)
from ontherecord.warehouse.records import LandedFile
from ontherecord.warehouse.runs import RunCounts
from ontherecord.warehouse.tombstones import read_tombstones


@dataclass(slots=True)
class RebuildResult:
    """The result of a rebuild. `run` is None if no landing folder was named, so that nothing was loaded.

    `uncached_count` texts have no cached extract; with `skip_extraction` their files wait for the next run.
    """

    restored: RestoredWriter
    run: RunResult | None = None
    uncached_count: int = 0
    skip_extraction: bool = False
    seconds: float = 0.0

    @property
    def used_model(self) -> bool:
        return bool(self.uncached_count) and not self.skip_extraction

    def summary(self) -> str:
        """Return in a few lines what was copied, what was loaded, and what could not be recovered."""
        lines = []
        if self.restored.source:
            lines.append(
                f"Copied from {self.restored.source}: {counted(self.restored.article_count, 'article')}."
            )
        if self.run:
            c = self.run.counts
            lines.append(
                f"From {sanitize(self.run.landing)}: {counted(c.landed_count, 'file')}, {c.loaded_count:,} "
                f"loaded, {c.unchanged_count:,} unchanged, {c.duplicate_count:,} duplicate, "
                f"{c.quarantined_count:,} quarantined."
            )
            if idle := describe_idle(self.run.idle_corrections):
                lines.append(idle)
        uncached = counted(self.uncached_count, "text")
        if self.used_model:
            lines.append(f"{uncached} without a cached extract, extracted with the model.")
        elif self.uncached_count:
            lines.append(
                f"{uncached} without a cached extract, skipped: `ontherecord ingest` extracts and loads them."
            )
        lines += [sanitize(line) for line in self._lost()]
        lines += [f"Moved aside: {file}. Delete it when all is well." for file in self.restored.moved]
        lines.append(f"Done in {self.seconds:.1f} s. `ontherecord doctor` checks the result.")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the result as `--json` prints it."""
        return {
            "copied_from": self.restored.source,
            "copied": self.restored.article_count,
            "moved_aside": [str(file) for file in self.restored.moved],
            "without_extract": self.uncached_count,
            "model": "used" if self.used_model else "not used",
            "run": self.run.to_dict() if self.run else None,
            "lost": self._lost(),
            "seconds": round(self.seconds, 2),
        }

    def _lost(self) -> list[str]:
        """Say what could not be recovered."""
        if self.restored.source is None:
            return [
                "Made from the files alone. Not recovered: earlier versions of articles, the history of "
                "runs, load times, and articles that are no longer in the landing folder. Of files with the "
                "same content, the first by name is the article, whichever was loaded first."
            ]
        lost = ["Not recovered: runs since the last publish that published nothing."]
        if self.run is None:
            lost.append("`ontherecord ingest LANDING` loads what has landed since then.")
        return lost


def rebuild(
    settings: Settings,
    runner: Runner,
    landing: Location | None,
    *,
    from_scratch: bool = False,
    skip_extraction: bool = False,
    wait_seconds: float = 0,
) -> RebuildResult:
    """Rebuild the writer's file and load what it lacks; with `from_scratch` use no copy of it.

    Raises PipelineError if that cannot be done; files that were moved aside are kept.
    """
    began = time.monotonic()
    home = settings.paths
    require_addresses()  # raises before anything is changed
    if landing is not None:
        next(list_location(landing), None)  # raises before anything is changed if it cannot be listed
    elif not home.folder.exists():
        require_published(home)  # a misspelt home: none is made
    with explain_disk_errors(home), writer_lock(home, "rebuild", wait_seconds):
        read_names(home, read_corrections(home))  # raises before anything is changed if a file is invalid
        clear_leftovers(home)
        restored = runner.run_step(
            "copy", lambda: restore_writer(home, copies=not from_scratch, may_be_empty=landing is not None)
        )
        for file in restored.moved:
            runner.log(f"moved aside: {file}")
        if restored.source:
            runner.log(f"copied: {restored.source}, {counted(restored.article_count, 'article')}")
        result = RebuildResult(restored, skip_extraction=skip_extraction)
        with open_warehouse(home, settings.duckdb_memory_mb) as engine:
            restore_alerts(engine, home)
            if restored.source is None:
                supersede_published(engine, home)
            take_down_pending(engine, settings, runner)
            if landing is not None:
                with run_record(engine, runner, settings, "rebuild", landing) as result.run:
                    stones = read_tombstones(engine)
                    session = Session(settings, runner, engine, result.run, tombstones=stones)
                    session.apply_curated()
                    _load_missing(session, landing, result)
        note_progress(home, None)
    result.seconds = time.monotonic() - began
    return result


def _load_missing(session: Session, landing: Location, result: RebuildResult) -> None:
    """Load the files that are not in the ledger, and publish if that changed anything."""
    runner = session.runner
    ledger = read_ledger(session.engine)
    discovered = runner.run_step("discover", lambda: discover(landing, ledger, session.tombstones.of_file))
    suite = HeaderSuite(session.settings.validation_suite)
    cache = ExtractCache(session.home.extracts, any_version=True)
    session.note_passed_over(discovered)
    with open_reader(landing, session.home.copies) as reader:
        uncached = runner.run_step(
            "cached extracts",
            lambda: _find_uncached(
                discovered.to_read, suite, cache.contents(), reader, session.settings.reading
            ),
        )
        result.uncached_count = len(set().union(*uncached.values()))
        files = [f for f in discovered.to_read if not (result.skip_extraction and f.source_path in uncached)]
        session.result.counts += RunCounts(
            unchanged_count=discovered.unchanged_count, postponed_count=len(discovered.to_read) - len(files)
        )
        runner.log(
            f"discover: {counted(discovered.landed_count, 'file')}, "
            f"{discovered.unchanged_count:,} unchanged, "
            f"{counted(result.uncached_count, 'text')} without a cached extract"
        )
        session.load(files, ledger, reader, suite=suite, cache=cache, start_workers=False)
    session.finish()


def _find_uncached(
    files: Sequence[LandedFile],
    suite: HeaderSuite,
    cached: Container[str],
    reader: Reader,
    reading: Reading,
) -> dict[str, set[str]]:
    """Return the files with valid articles without a cached extract: the SHA-256 of these by path."""
    parsed = []
    for landed in fetch_in_parts(reader, files):
        with suppress(BadDelivery, FileChanged, OSError):  # the stages that load report what is wrong
            raw = reader.read(landed)
            if raw.content_sha256 in cached:
                continue
            try:
                found = parse_all(raw, reading)
                parsed += [delivery for delivery in found if delivery.raw.content_sha256 not in cached]
            finally:
                raw.discard()
    uncached: dict[str, set[str]] = {}
    for delivery, verdict in zip(parsed, suite.validate(parsed), strict=True):
        if not verdict.failures and delivery.is_read:
            landed = delivery.raw.landed
            path = landed.in_file.file_path if landed.in_file else landed.source_path
            uncached.setdefault(path, set()).add(delivery.raw.content_sha256)
    return uncached
