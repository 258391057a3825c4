"""Open what lies beneath the landing root, without following a link in any part of its path.

A folder may be swapped for a link between the listing and the reading of a file: opened by its path, the file
would be one from outside. So each part is opened from the descriptor of the one before it. The root itself
may be a link, as the user named it.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ontherecord.warehouse.records import LandedFile

# O_PATH, where it exists: to pass through a folder, a user need not be allowed to list it.
_THROUGH = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_CLOEXEC
# O_NONBLOCK: if a pipe has replaced a file, opening it must not block.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Beneath:
    """A path beneath the landing root, as a location to open: an archive there."""

    root: Path
    path: Path

    def __str__(self) -> str:
        return str(self.path)

    def __fspath__(self) -> str:
        return str(self.path)


class Opener:
    """Opens landed files. The folder of the last one stays open, and its neighbours are opened from there."""

    def __init__(self) -> None:
        self._at: tuple[Path, str] | None = None
        self._folder = -1

    def open(self, landed: LandedFile) -> int:
        """Return a descriptor of a file, to read it without waiting.

        Raises OSError: ELOOP if it is a link now, ENOTDIR if one of its folders is.
        """
        root, path = landed.root, str(landed.file)
        if root is None:  # the user named it
            return os.open(path, _FILE)
        folder, _, name = path.rpartition("/")
        if self._at != (root, folder):
            self.close()
            self._folder = _open_beneath(root, Path(path).parts[len(root.parts) : -1], _THROUGH)
            self._at = (root, folder)
        return os.open(name, _FILE, dir_fd=self._folder)

    def close(self) -> None:
        """Close the folder."""
        if self._at:
            self._at = None
            os.close(self._folder)


def open_folder(root: str, parts: Sequence[str]) -> int:
    """Return a descriptor of a folder beneath `root`, or of `root` itself, to list it. Raises OSError."""
    return _open_beneath(root, parts, _FOLDER)


def _open_beneath(root: Path | str, parts: Sequence[str], flags: int) -> int:
    if not parts:
        return os.open(root, flags)
    folder = os.open(root, _THROUGH)
    try:
        for part in parts[:-1]:
            inner = os.open(part, _THROUGH | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = inner
        return os.open(parts[-1], flags | os.O_NOFOLLOW, dir_fd=folder)
    finally:
        os.close(folder)


def open_location(location: Path | Beneath) -> int:
    """Return a descriptor of a file that the user named, links followed, or of one beneath the root.

    Raises OSError: FileNotFoundError if a part of the path beneath the root is a link now.
    """
    if isinstance(location, Path):
        return os.open(location, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        return _open_beneath(location.root, location.path.parts[len(location.root.parts) :], _FILE)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise FileNotFoundError(errno.ENOENT, error.strerror, str(location)) from error
        raise
