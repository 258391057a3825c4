"""Backfill: load an archive by publication day, giving way to other runs.

The ledger records what is loaded, so a backfill that was killed resumes where it stopped. Between two
batches it releases the warehouse if another run is waiting, keeps what it has loaded, and then resumes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from functools import cache, partial
from pathlib import Path
from typing import Literal

from ontherecord.flows.landing.access import fetch_in_parts, open_reader
from ontherecord.flows.landing.discover import discover, processing_order
from ontherecord.flows.landing.location import Location, Reader
from ontherecord.flows.landing.publication_day import publication_day, publication_day_from
from ontherecord.flows.pipeline.results import RunResult
from ontherecord.flows.pipeline.runner import Runner
from ontherecord.flows.pipeline.session import open_session
from ontherecord.flows.plural import counted
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.errors import SettingsError
from ontherecord.warehouse.ledger import read_ledger
from ontherecord.warehouse.lock import others_waiting
from ontherecord.warehouse.records import LandedFile
from ontherecord.warehouse.runs import end_run

# How long a backfill that gave way waits for the lock: a day, far longer than any other run takes.
_RESUME_WAIT_SECONDS = 86_400.0
Order = Literal["oldest", "newest"]
_DayReader = Callable[[LandedFile], date | None]


@dataclass(frozen=True, slots=True)
class Range:
    """Which files a backfill loads, and in which order."""

    from_day: date | None = None
    to_day: date | None = None
    paths: str = "*"
    order: Order = "oldest"

    def includes(self, day: date) -> bool:
        return (self.from_day or date.min) <= day <= (self.to_day or date.max)


def backfill(
    landing: Location,
    settings: Settings,
    runner: Runner,
    *,
    from_day: date | None = None,
    to_day: date | None = None,
    paths: str = "*",
    order: Order = "oldest",
    wait_seconds: float = 0,
) -> RunResult:
    """Load the files of a range of days that are not in the ledger, other runs first.

    Files without a readable date are loaded only if no first or last day is given.

    Raises PipelineError if the run cannot go on; what earlier batches loaded stays.
    """
    if from_day and to_day and from_day > to_day:
        raise SettingsError(f"--from {from_day} is later than --to {to_day}. Swap them.")
    selection = Range(from_day, to_day, paths, order)
    result: RunResult | None = None
    with open_reader(landing, settings.paths.copies) as reader:
        # Cached, so that each file is read once, however often the backfill gives way.
        read_day = cache(partial(_read_day, reader))
        while True:
            part, remaining = _load_until_interrupted(
                landing, settings, runner, selection, read_day, wait_seconds, reader
            )
            result = part if result is None else _merge(result, part)
            if not remaining:
                return result
            runner.log(f"gave way to another run with {counted(remaining, 'file')} to go")
            wait_seconds = _RESUME_WAIT_SECONDS


def _load_until_interrupted(
    landing: Location,
    settings: Settings,
    runner: Runner,
    selection: Range,
    read_day: _DayReader,
    wait_seconds: float,
    reader: Reader,
) -> tuple[RunResult, int]:
    """Load until all is done or another run waits; return the result and how many files remain."""
    with open_session(
        settings, runner, "backfill", landing, wait_seconds=wait_seconds, yield_to_others=True
    ) as session:
        home, result = session.home, session.result
        session.apply_curated()
        ledger = read_ledger(session.engine)
        discovered = discover(landing, ledger, session.tombstones.of_file)
        session.note_passed_over(discovered)
        files = runner.run_step("discover", lambda: _select(discovered.to_read, selection, read_day, reader))
        runner.log(f"discover: {counted(len(files), 'new file')} in the range")
        count = session.load(files, ledger, reader, should_stop=lambda: others_waiting(home))
        if remaining := len(files) - count:
            # The waiting run publishes what was loaded so far, or else this one does at its end.
            end_run(
                session.engine,
                result.run_id,
                "completed",
                result.counts,
                extractor_version=session.extractor_version,
            )
        else:
            session.finish()
    return result, remaining


def _read_day(reader: Reader, landed: LandedFile) -> date | None:
    """Return a file's publication day, from its beginning if it lies in a folder."""
    is_on_disk = isinstance(landed.file, Path) and landed.archive is None
    return publication_day(landed) if is_on_disk else publication_day_from(reader, landed)


def _select(
    files: Iterable[LandedFile], selection: Range, read_day: _DayReader, reader: Reader
) -> Sequence[LandedFile]:
    """Return the files of a range by day; those of one day in processing order, files without a day last."""
    any_day = selection.from_day is None and selection.to_day is None
    selected: list[tuple[int, LandedFile]] = []
    matching = [landed for landed in files if fnmatchcase(landed.source_path, selection.paths)]
    for landed in fetch_in_parts(reader, matching):
        day = read_day(landed)
        if day is None and any_day:
            selected.append((date.max.toordinal(), landed))
        elif day is not None and selection.includes(day):
            ordinal = day.toordinal()
            selected.append((ordinal if selection.order == "oldest" else -ordinal, landed))
    return [landed for _, landed in sorted(selected, key=lambda s: (s[0], processing_order(s[1])))]


def _merge(earlier: RunResult, latest: RunResult) -> RunResult:
    """Return the latest result with the counts, rejected files and times of the earlier one added."""
    latest.counts = earlier.counts + latest.counts
    latest.rejected = earlier.rejected + latest.rejected
    latest.unlisted = earlier.unlisted + latest.unlisted
    latest.other_stories = earlier.other_stories + latest.other_stories
    latest.batch_seconds = earlier.batch_seconds + latest.batch_seconds
    latest.started_at = earlier.started_at
    latest.seconds += earlier.seconds
    return latest
