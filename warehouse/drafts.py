"""Drafts: a file is written under a hidden name, with the id of the process, and put in place whole.

What a killed process left is removed when the same file is written the next time.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ontherecord.warehouse.disk_space import remove_draft
from ontherecord.warehouse.lock import is_alive
from ontherecord.warehouse.publish import atomic_replace


@contextmanager
def draft_of(file: Path) -> Iterator[Path]:
    """Yield the draft to write to; rename it to the file in the end, or remove it after an error.

    Other drafts of the block begin with the same name.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        remove_drafts(file)
        yield draft
        atomic_replace(draft, file)
    finally:
        remove_drafts(file)


def drafts_of(file: Path) -> list[tuple[Path, int]]:
    """Return the drafts of a file, with the ids of the processes that are writing them or were killed."""
    return _drafts(file.parent, re.escape(file.name))


def remove_drafts(file: Path, like: str | None = None) -> None:
    """Remove the drafts of this process and of killed ones: those of a file, or of all in its folder.

    `like` is a regular expression for the names of the latter.
    """
    for draft, pid in _drafts(file.parent, like or re.escape(file.name)):
        if pid == os.getpid() or not is_alive(pid):
            remove_draft(draft)


def _drafts(folder: Path, names: str) -> list[tuple[Path, int]]:
    name = re.compile(rf"\.(?:{names})\.(\d+)(?:[-.].*)?")
    try:
        found = [(path, name.fullmatch(path.name)) for path in folder.iterdir()]
    except OSError:
        return []
    return [(path, int(match[1])) for path, match in found if match]
