"""Watch a landing folder and load what lands within seconds, until interrupted."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from pathlib import Path

from watchfiles import Change
from watchfiles import watch as changes_in

from ontherecord.flows.landing.folder import TEMPORARY_PREFIXES
from ontherecord.flows.landing.forms.registry import SUFFIXES
from ontherecord.flows.landing.location import ARCHIVES, LandingUrl, Location, is_archive
from ontherecord.flows.pipeline.results import Outcome, RunResult, SkippedRun
from ontherecord.flows.workers.processes import keep_workers
from ontherecord.warehouse.errors import LandingError

# A file is loaded once it has not changed for so long; one that is still being written waits.
QUIET_SECONDS = 2.0
# Changes that come together are loaded together, those of a long delivery every ten seconds.
_TOGETHER_MS = 200
_DEBOUNCE_MS = 10_000
# From the last change that was seen until its file is quiet, and a little more: one that is looked at too
# early waits for another run.
_SETTLING_SECONDS = QUIET_SECONDS - _TOGETHER_MS / 1_000 + 0.05
# A delivery that takes an hour to write is not checked every two seconds.
_LONGEST_PAUSE = 60.0
# A worker with its model loaded saves the next run some seconds; each takes 300 MB.
_WORKERS = 1


def watch(landing: Location, once: Callable[[float], Outcome]) -> None:
    """Call `once` now and whenever files have landed, with the seconds a file must have been unchanged.

    Ctrl-C stops it; the next run loads a batch that was interrupted.

    Raises LandingError if there is no such folder.
    """
    if isinstance(landing, LandingUrl) or is_archive(landing):
        raise LandingError(
            f"{landing} cannot be watched: only a folder can. `ontherecord serve --landing {landing} "
            "--every 5m` checks it every five minutes."
        )
    if not landing.is_dir():
        raise LandingError(f"The landing folder {landing} does not exist. Create it, or name another one.")
    print(f"Watching {landing}. Press Ctrl-C to stop.", file=sys.stderr, flush=True)
    pause, due = QUIET_SECONDS, time.monotonic()
    batches = changes_in(
        landing,
        watch_filter=_may_bring_articles,
        debounce=_DEBOUNCE_MS,
        step=_TOGETHER_MS,
        rust_timeout=int(QUIET_SECONDS * 1000),
        yield_on_timeout=True,
    )
    try:
        with keep_workers(_WORKERS):
            for changes in batches:
                if not changes and time.monotonic() < due:
                    continue
                if changes:
                    time.sleep(_SETTLING_SECONDS)
                outcome = once(QUIET_SECONDS)
                postponed = isinstance(outcome, RunResult) and outcome.counts.postponed_count > 0
                pause = min(2 * pause, _LONGEST_PAUSE) if postponed else QUIET_SECONDS
                is_done = not postponed and not isinstance(outcome, SkippedRun)
                due = math.inf if is_done else time.monotonic() + pause
    except KeyboardInterrupt:
        print("Stopped. The next run loads what has landed since.", file=sys.stderr)


def _may_bring_articles(change: Change, path: str) -> bool:
    """Say whether a change may bring articles: a new or changed file, or a folder moved in."""
    name = path.rpartition("/")[2]
    if change == Change.deleted or name.startswith(TEMPORARY_PREFIXES):
        return False
    return name.lower().endswith((*SUFFIXES, *ARCHIVES)) or Path(path).is_dir()
