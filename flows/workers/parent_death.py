"""Parent death: a child process ends with its parent, however that ends. The one way all children use."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from threading import Thread

_libc = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends, even if that is killed and can notify nobody.

    The kernel acts when the *thread* that started this process ends: start children from a thread that lives
    as long as its process. Kernels other than Linux's have nothing like it: there, a thread watches the
    parent, which is late while native code or a regular expression holds the interpreter.
    """
    if sys.platform == "linux":
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        Thread(target=_watch, args=(parent,), name="parent", daemon=True).start()
    if os.getppid() != parent:  # it ended before the kernel knew
        os._exit(1)


def preexec() -> Callable[[], None] | None:
    """Return the `preexec_fn` of a child that is another program; None where only our own can watch."""
    parent = os.getpid()
    return (lambda: die_with_parent(parent)) if sys.platform == "linux" else None


def _watch(parent: int) -> None:
    """End this process within a second of its parent: what is orphaned gets another parent."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
