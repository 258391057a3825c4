"""Faults that pass: what is tried again, after how long, and why. Everything else is tried once.

A wrong file, a wrong setting and wrong code are as wrong the second time.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ontherecord.flows.landing.read import TRANSIENT_ERRNOS

T = TypeVar("T")
# A network folder that fails over, or a process that holds a file, is back within half a minute.
STAGE_SECONDS = (1.0, 5.0, 20.0)
# One file of many: what fails for longer is left to the next run.
FILE_SECONDS = (0.2, 1.0)


@dataclass(frozen=True, slots=True)
class TransientError:
    """A fault that passes."""

    name: str
    why: str
    is_it: Callable[[BaseException], bool]


TRANSIENT_ERRORS = (
    TransientError(
        "landing away",
        "a network folder, or the disk under it, does not answer just now",
        lambda e: isinstance(e, OSError) and e.errno in TRANSIENT_ERRNOS,
    ),
    TransientError(
        "extracts locked",
        "another process writes extracts.sqlite (a comparison may go on beside a run)",
        lambda e: isinstance(e, sqlite3.OperationalError) and "locked" in str(e),
    ),
)


def find_transient(error: BaseException) -> TransientError | None:
    """Return which passing fault an error, or what it was raised from, is; None for any other."""
    return next((fault for cause in _causes(error) for fault in TRANSIENT_ERRORS if fault.is_it(cause)), None)


def with_retries(
    work: Callable[[], T], seconds: Sequence[float] = STAGE_SECONDS, log: Callable[[str], None] | None = None
) -> T:
    """Do work, and again after each of so many seconds while a passing fault is in its way."""
    for pause in seconds:
        try:
            return work()
        except Exception as error:
            fault = find_transient(error)
            if fault is None:
                raise
            if log:
                log(f"{fault.name}: {error}; trying again in {pause:g} s")
            time.sleep(pause)
    return work()


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
