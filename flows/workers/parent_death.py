"""Parent death: a child process ends with its parent, however that ends. The one way all children use."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_libc = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends, even if that is killed and can notify nobody.

    The kernel acts when the *thread* that started this process ends: start children from a thread that lives
    as long as its process. A thread in the child that watches its parent would not do: native code or a
    regular expression may hold the interpreter.
    """
    if sys.platform == "linux":
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the kernel knew
        os._exit(1)
