"""The memory of this machine. Apart from memory.py, because workers import this without loading DuckDB."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def machine_memory() -> int:
    """Return the memory available to processes in bytes: the machine's or its container's."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for file in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        with suppress(OSError, ValueError):  # no such file, or "max"
            total = min(total, int(Path(file).read_text()))
    return total
