"""Stopping: a command that a signal ends cleans up as it does after an error, and says so in one line."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import current_thread, main_thread
from types import FrameType

_WORDS = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM", signal.SIGHUP: "a closed terminal (SIGHUP)"}
# A terminal that closes sends more than one.
_TOGETHER_SECONDS = 1.0
_AGAIN_SECONDS = 1.0
_DEFAULTS = (signal.SIG_DFL, signal.default_int_handler)


class Stopped(KeyboardInterrupt):
    """A signal asked for the end: what ends at Ctrl-C ends at each of them."""


class _Stop:
    """Raises Stopped at a signal, and remembers the first: a library may make another error of it.

    Python drops what is raised in a finalizer, and a library may pass over an error. So it is raised again,
    until nothing but the handling of an error goes on.
    """

    def __init__(self) -> None:
        self.number: signal.Signals | None = None
        self._last = -_TOGETHER_SECONDS

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.number = self.number or signal.Signals(number)
        last, self._last = self._last, time.monotonic()
        if self._last - last >= _TOGETHER_SECONDS:
            # Its connections close in the middle of a query, which it would log at length.
            logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL + 1)
            signal.signal(signal.SIGALRM, self._again)
            signal.setitimer(signal.ITIMER_REAL, _AGAIN_SECONDS, _AGAIN_SECONDS)
            raise Stopped(self.message)

    @property
    def message(self) -> str:
        assert self.number, "there was a signal"
        return f"Stopped by {_WORDS[self.number]}."

    def end(self) -> None:
        """Raise nothing more."""
        if self.number:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _again(self, number: int, frame: FrameType | None) -> None:
        if sys.exc_info()[1] is None:
            raise Stopped(self.message)


@contextmanager
def stoppable() -> Iterator[None]:
    """Have SIGINT, SIGTERM and SIGHUP end the block like an error; exit with 128 and the signal's number.

    A command that runs until it is stopped ends the block without an error, or with exit code 0. Signals
    that are ignored (nohup, a job in the background) stay so.
    """
    if current_thread() is not main_thread():  # only that one hears of signals
        yield
        return
    stop = _Stop()
    caught = [number for number in _WORDS if signal.getsignal(number) in _DEFAULTS]
    before = {number: signal.signal(number, stop) for number in caught}
    try:
        yield
    except SystemExit as end:
        if stop.number is None or not end.code:
            raise
    except BaseException:
        if stop.number is None:
            raise
    finally:
        stop.end()
        # From here on another signal ends it at once. What is left then, the kernel and the next run clear.
        for number in caught:
            signal.signal(number, signal.SIG_DFL if stop.number else before[number])
    if stop.number is not None:
        _say(f"ontherecord: {stop.message} Nothing was left half done: run it again.")
        sys.exit(128 + stop.number)


def _say(line: str) -> None:
    """Print a line, if there is still a terminal; if not, nothing more is written to it."""
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        print(line, file=sys.stderr, flush=True)
        return
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for fd in (1, 2):
            os.dup2(nowhere, fd)
