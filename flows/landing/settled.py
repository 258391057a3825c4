"""Settled: whether a landed file is whole, and whether it changed while it was read."""

from __future__ import annotations

import fcntl
import os
import signal
import time
from contextlib import suppress

# Systems note the time of a change by a clock that ticks each 1 to 10 ms: of two changes within one tick, the
# second leaves no trace. So a file is not read before its last tick is over.
_TICK_NS = 20_000_000
# Who has written nothing for so long is not writing: saves three system calls for files that landed long ago.
_FRESH_NS = 3_600_000_000_000


def is_settled(fd: int, found: os.stat_result) -> bool:
    """Say whether no program has an open file open for writing; wait some milliseconds if it is quite new.

    A slow upload has it open for as long as it takes. Who writes from another machine, or to a file that
    belongs to another user, is not seen.
    """
    age_ns = time.time_ns() - found.st_ctime_ns
    if not 0 <= age_ns < _FRESH_NS:  # below zero: another machine's clock
        return True
    if _is_open_for_writing(fd):
        return False
    if age_ns < _TICK_NS:
        time.sleep((_TICK_NS - age_ns) / 1e9)
    return True


def state_of(found: os.stat_result) -> tuple[int, int, int]:
    """Return what changes when the bytes of a file do: its size and two times, in nanoseconds.

    The second, of its entry, shows a writer who sets the first one back.
    """
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _is_open_for_writing(fd: int) -> bool:
    """Say whether a lease on reading is refused for a writer; False if the system gives this user none."""
    if not hasattr(fcntl, "F_SETLEASE"):  # not on Linux
        return False
    with suppress(OSError):
        # Who opens the file in this moment makes the system send a signal: one that is ignored.
        fcntl.fcntl(fd, fcntl.F_SETSIG, signal.SIGURG)
        try:
            fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except BlockingIOError:
            return True
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False
