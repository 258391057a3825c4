"""Watch a landing folder and load what lands within seconds, until interrupted."""

from __future__ import annotations

import math
import os
import stat
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
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
_A_LITTLE = 0.05
_SETTLING_SECONDS = QUIET_SECONDS - _TOGETHER_MS / 1_000 + _A_LITTLE
# A delivery that takes an hour to write is not checked every two seconds.
_LONGEST_PAUSE = 60.0
# After a change, the whole folder is listed within so many seconds too: the system's queue of changes is
# limited, and drops what is too much.
_WHOLE_SECONDS = 600.0
# So many changes cost more one by one than a listing of the whole folder, and are too long a parameter for
# Prefect.
_MOST_PATHS = 1_000
_State = tuple[int, int, int, int]
# A worker with its model loaded saves the next run some seconds; each takes 300 MB.
_WORKERS = 1


def watch(landing: Location, once: Callable[[float, Sequence[str] | None], Outcome]) -> None:
    """Call `once` now and whenever files have landed, with the seconds a file must have been unchanged.

    It is also given the paths beneath the landing folder at which something changed since the last load, or
    None to list all of it. Ctrl-C stops it; the next run loads a batch that was interrupted.

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
    pause, due, whole_due = QUIET_SECONDS, math.inf, math.inf
    changed: set[str] = set()
    loaded: dict[str, _State] = {}  # what is reported again for these is old news
    try:
        with keep_workers(_WORKERS):
            for changes, are_all in _changes_in(landing):
                if not are_all:
                    whole_due = time.monotonic()
                changes = {path for path in changes if path not in loaded or loaded[path] != _state(path)}
                if not changes and time.monotonic() < min(due, whole_due):
                    continue
                time.sleep(until_quiet(changes))
                changed |= changes
                states = {path: _state(path) for path in changed}
                only = None if time.monotonic() >= whole_due else _beneath(landing, changed)
                outcome = once(QUIET_SECONDS, only)
                postponed = isinstance(outcome, RunResult) and outcome.counts.postponed_count > 0
                pause = min(2 * pause, _LONGEST_PAUSE) if postponed else QUIET_SECONDS
                is_done = not postponed and not isinstance(outcome, SkippedRun)
                due = math.inf if is_done else time.monotonic() + pause
                if is_done:
                    changed.clear()
                    loaded = {path: state for path, state in states.items() if state is not None}
                if only is not None:
                    whole_due = min(whole_due, time.monotonic() + _WHOLE_SECONDS)
                elif is_done:
                    whole_due = math.inf
    except KeyboardInterrupt:
        print("Stopped. The next run loads what has landed since.", file=sys.stderr)


def until_quiet(paths: Collection[str]) -> float:
    """Return the seconds until these files, which changed just now, have been unchanged for long enough.

    None for a finished file that was moved in, since it keeps its time. Of a folder nobody knows.
    """
    longest = 0.0
    for path in paths:
        try:
            found = Path(path).stat()
        except OSError:
            continue
        if stat.S_ISDIR(found.st_mode):
            return _SETTLING_SECONDS
        age = time.time() - found.st_mtime
        if 0 <= age < QUIET_SECONDS:  # a time in the future means a wrong clock
            longest = max(longest, QUIET_SECONDS - age + _A_LITTLE)
    return min(longest, _SETTLING_SECONDS)


def _state(path: str) -> _State | None:
    """Return what changes when a file does; None for a folder, whose files change by themselves."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    is_folder = stat.S_ISDIR(found.st_mode)
    return None if is_folder else (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _changes_in(landing: Path) -> Iterator[tuple[set[str], bool]]:
    """Yield the paths that changed, every two seconds or sooner, and whether there were no others since."""
    are_all = False
    while True:
        batches = changes_in(
            landing,
            watch_filter=_may_bring_articles,
            debounce=_DEBOUNCE_MS,
            step=_TOGETHER_MS,
            rust_timeout=int(QUIET_SECONDS * 1000),
            yield_on_timeout=True,
        )
        try:
            for changes in batches:
                yield {path for _, path in changes}, are_all
                are_all = True
        except RuntimeError as error:
            if "decode" not in str(error):  # it gives up at a name that is not UTF-8
                raise
            are_all = False


def _beneath(landing: Path, changed: Collection[str]) -> list[str] | None:
    """Return where things changed, beneath the landing folder; None if the whole folder is to be listed."""
    if len(changed) > _MOST_PATHS:
        return None
    try:
        paths = [Path(path).relative_to(landing.absolute()) for path in changed]
    except ValueError:  # by another name of the folder: some systems resolve links
        return None
    return sorted(map(str, paths)) if all(path.parts for path in paths) else None


def _may_bring_articles(change: Change, path: str) -> bool:
    """Say whether a change may bring articles: a new or changed file, or a folder moved in."""
    name = path.rpartition("/")[2]
    if change == Change.deleted or name.startswith(TEMPORARY_PREFIXES):
        return False
    return name.lower().endswith((*SUFFIXES, *ARCHIVES)) or Path(path).is_dir()
