"""Watch: load what lands within seconds, until somebody ends it."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from pathlib import Path

from watchfiles import Change
from watchfiles import watch as changes_in

from ontherecord.flows.landing.folder import SUFFIX, TEMPORARY_PREFIXES
from ontherecord.flows.landing.location import LandingUrl, Location, is_archive
from ontherecord.flows.pipeline.results import Outcome, RunResult, SkippedRun
from ontherecord.flows.workers.processes import keep_workers
from ontherecord.warehouse.errors import LandingError

# A file is taken when it was left alone for so long: one that is still written waits for the next look.
QUIET_SECONDS = 2.0
# Changes that come together are taken together, those of a long delivery every so often.
_TOGETHER_MS = 1_000
_DEBOUNCE_MS = 10_000
# A delivery that is being written for an hour is not looked at every two seconds.
_LONGEST_PAUSE = 60.0
# A worker that has its model loaded saves the next look some seconds; each keeps 300 MB.
_WORKERS = 1


def watch(landing: Location, once: Callable[[float], Outcome]) -> None:
    """Do `once` now and whenever files have landed; give it for how long a file must be left alone.

    Ctrl-C ends it; a batch that is under way then is taken by the next run.

    Raises LandingError if there is no such folder.
    """
    if isinstance(landing, LandingUrl) or is_archive(landing):
        raise LandingError(
            f"{landing} cannot be watched: only a folder can. `ontherecord serve --landing {landing} "
            "--every 5m` looks again every five minutes."
        )
    if not landing.is_dir():
        raise LandingError(f"The landing folder {landing} does not exist. Create it, or name another one.")
    print(f"Watching {landing}. Ctrl-C ends this.", file=sys.stderr, flush=True)
    pause, due = QUIET_SECONDS, time.monotonic()
    looks = changes_in(
        landing,
        watch_filter=_may_bring_articles,
        debounce=_DEBOUNCE_MS,
        step=_TOGETHER_MS,
        rust_timeout=int(QUIET_SECONDS * 1000),
        yield_on_timeout=True,
    )
    try:
        with keep_workers(_WORKERS):
            for changes in looks:
                if not changes and time.monotonic() < due:
                    continue
                outcome = once(QUIET_SECONDS)
                postponed = isinstance(outcome, RunResult) and outcome.counts.postponed_count > 0
                pause = min(2 * pause, _LONGEST_PAUSE) if postponed else QUIET_SECONDS
                is_done = not postponed and not isinstance(outcome, SkippedRun)
                due = math.inf if is_done else time.monotonic() + pause
    except KeyboardInterrupt:
        print("Ended. What has landed since is loaded by the next run.", file=sys.stderr)


def _may_bring_articles(change: Change, path: str) -> bool:
    """Say whether a change may bring articles: a file, or a folder moved in; what goes away brings none."""
    name = path.rpartition("/")[2]
    if change == Change.deleted or name.startswith(TEMPORARY_PREFIXES):
        return False
    return name.lower().endswith(SUFFIX) or Path(path).is_dir()
