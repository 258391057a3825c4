"""Root may read and write everything, which hides what an ordinary user meets: tests put that power down."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

# Of linux/capability.h.
_VERSION_3 = 0x20080522
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


@contextmanager
def without_power_over_files() -> Iterator[None]:
    """Let file modes hold for this thread, also if it is root's; programs that it starts have all powers."""
    if os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header, before = _Header(_VERSION_3, 0), (_Sets * 2)()
    _must(libc.capget(ctypes.byref(header), before))
    less = (_Sets * 2).from_buffer_copy(before)
    less[0].effective &= ~(1 << _CAP_DAC_OVERRIDE | 1 << _CAP_DAC_READ_SEARCH)
    _must(libc.capset(ctypes.byref(header), less))
    try:
        yield
    finally:
        _must(libc.capset(ctypes.byref(header), before))


def _must(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), "capabilities cannot be set")
