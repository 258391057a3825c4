"""Temporary folders, in the system's own: what a killed process left there, the next one removes."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from ontherecord.warehouse.lock import is_alive


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a folder that is removed in the end. Its name has the machine and the process."""
    base = tempfile.gettempdir()
    _clear(base, os.getpid())
    # Containers may share the folder, but not the numbers of processes.
    with tempfile.TemporaryDirectory(prefix=f"{_prefix()}{os.getpid()}-", dir=base) as folder:
        yield Path(folder)


@cache
def _clear(base: str, _pid: int) -> None:
    """Remove the folders of this user's processes that were killed, once in each process."""
    for folder in Path(base).glob(f"{_prefix()}*"):
        pid = folder.name.removeprefix(_prefix()).partition("-")[0]
        with suppress(OSError):
            is_ours = folder.lstat().st_uid == os.geteuid() and not folder.is_symlink()
            if is_ours and pid.isdecimal() and not is_alive(int(pid)):
                shutil.rmtree(folder)


def _prefix() -> str:
    return f"ontherecord-{socket.gethostname()}-"
