"""Retries: which errors are transient, and how long to wait before the next attempt.

Everything else is tried once: an invalid file, a wrong setting or a bug fails the second time too.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ontherecord.flows.landing.read import TRANSIENT_ERRNOS

T = TypeVar("T")
# A network folder fails over, and a process releases a file, within half a minute.
STAGE_SECONDS = (1.0, 5.0, 20.0)
# For one file of many: a file that fails for longer waits for the next run.
FILE_SECONDS = (0.2, 1.0)


@dataclass(frozen=True, slots=True)
class TransientError:
    """A kind of error that goes away by itself."""

    name: str
    why: str
    matches: Callable[[BaseException], bool]


TRANSIENT_ERRORS = (
    TransientError(
        "landing unreachable",
        "a network folder, or the disk behind it, does not respond",
        lambda e: isinstance(e, OSError) and e.errno in TRANSIENT_ERRNOS,
    ),
    TransientError(
        "extracts locked",
        "another process is writing extracts.sqlite, such as a comparison during a run",
        lambda e: isinstance(e, sqlite3.OperationalError) and "locked" in str(e),
    ),
)


def find_transient(error: BaseException) -> TransientError | None:
    """Return the kind of a transient error, or of a transient cause of it; None for any other error."""
    return next((kind for cause in _causes(error) for kind in TRANSIENT_ERRORS if kind.matches(cause)), None)


def with_retries(
    work: Callable[[], T], seconds: Sequence[float] = STAGE_SECONDS, log: Callable[[str], None] | None = None
) -> T:
    """Do work, and again after each of these pauses while it fails with a transient error."""
    for pause in seconds:
        try:
            return work()
        except Exception as error:
            kind = find_transient(error)
            if kind is None:
                raise
            if log:
                log(f"{kind.name}: {error}; retrying in {pause:g} s")
            time.sleep(pause)
    return work()


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
