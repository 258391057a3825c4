"""List the article files of a local folder."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ontherecord.flows.landing.beneath import open_folder
from ontherecord.flows.landing.forms.registry import SUFFIXES
from ontherecord.flows.landing.location import ARCHIVES
from ontherecord.flows.landing.passed_over import EMPTY_FOLDER, HIDDEN, LINK, SPECIAL, PassedOver
from ontherecord.warehouse.errors import LandingError
from ontherecord.warehouse.records import LandedFile

# Temporary files of editors, office programs and uploads.
TEMPORARY_PREFIXES = (".", "~", "#")
# Errors of a folder that was listed as one, and is now missing or a link.
_GONE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)
_TAKEN = (*SUFFIXES, *ARCHIVES)
_ESCAPE_LIKE = re.compile(rb"\\(?=x[0-9a-f]{2})")

# The names of a folder and of those that it is in, from below the root.
_Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Named:
    """What os.scandir gives of an entry, for one whose name is known."""

    name: str
    found: os.stat_result

    def is_symlink(self) -> bool:
        return stat.S_ISLNK(self.found.st_mode)

    def is_dir(self, *, follow_symlinks: bool) -> bool:
        return stat.S_ISDIR(self.found.st_mode)

    def is_file(self, *, follow_symlinks: bool) -> bool:
        return stat.S_ISREG(self.found.st_mode)

    def stat(self, *, follow_symlinks: bool) -> os.stat_result:
        return self.found


def list_landing(
    landing: Path, passed_over: PassedOver | None = None, only: Iterable[str] | None = None
) -> Iterator[LandedFile]:
    """Yield every regular file under `landing` with an extension of some form, at any depth, in any order.

    Archives are among them; access.py lists what is in them. `only` are paths of files and folders beneath
    `landing`: nothing else is looked at, and one that is not there is no error.

    All else is counted in `passed_over`, if it is given. If it is not, a subfolder that this user may not
    list is an error.

    Symbolic links are never followed: a target inside the folder is listed under its own path, and a
    target outside was not delivered. Pipes and devices are skipped.
    """
    if not landing.is_dir():
        what = "is not a folder" if landing.exists() else "does not exist"
        raise LandingError(f"The landing folder {landing} {what}. Create it, or name another one.")
    root, skip = os.fspath(landing), passed_over or PassedOver()
    folders = _to_list(only)
    while folders:
        parts, names = folders.pop()
        try:
            subfolders, files = _list_folder(root, parts, skip, names)
        except OSError as error:
            if error.errno in _GONE and parts:
                continue  # removed since its parent was listed, or no folder any more
            if isinstance(error, PermissionError) and parts and passed_over is not None:
                passed_over.add_unlistable(_as_text("/".join(parts)))
                continue
            instead = "move it out of the landing folder" if parts else "name another one"
            raise LandingError(
                f"The folder {landing.joinpath(*parts)} cannot be listed ({error.strerror}). Let this user "
                f"read it, or {instead}."
            ) from error
        folders += [((*parts, name), None) for name in subfolders]
        folder, prefix = landing.joinpath(*parts), "".join(f"{part}/" for part in parts)
        for name, found in files:
            yield LandedFile(
                source_path=_as_text(prefix + name),
                file=folder / name,
                bytes=found.st_size,
                modified_ns=found.st_mtime_ns,
                root=landing,
            )


def _to_list(only: Iterable[str] | None) -> list[tuple[_Parts, frozenset[str] | None]]:
    """Return the folders to list, with the names to look at in each: None is all of them.

    What is in a hidden folder, or in another of these, is left out.
    """
    if only is None:
        return [((), None)]
    paths = {tuple(path.split("/")) for path in only}
    names: defaultdict[_Parts, set[str]] = defaultdict(set)
    for *parts, name in paths:
        is_hidden = any(part.startswith(TEMPORARY_PREFIXES) for part in parts)
        if not is_hidden and paths.isdisjoint(tuple(parts[:end]) for end in range(1, len(parts) + 1)):
            names[tuple(parts)].add(name)
    return [(parts, frozenset(some)) for parts, some in names.items()]


def list_file(file: Path) -> Iterator[LandedFile]:
    """Yield one file, whatever its extension, under its name.

    Raises LandingError if it cannot be read.
    """
    try:
        found = file.resolve(strict=True).stat()
    except OSError as error:
        raise LandingError(
            f"The file {file} cannot be read ({error.strerror}). Give this user read access."
        ) from error
    yield LandedFile(_as_text(file.name), file.resolve(), found.st_size, found.st_mtime_ns)


def _list_folder(
    root: str, parts: _Parts, passed_over: PassedOver, names: frozenset[str] | None
) -> tuple[list[str], list[tuple[str, os.stat_result]]]:
    """Return the names of the subfolders and of the article files of a folder beneath `root`.

    Without `names`, of all in it.
    """
    folders, files = [], []
    prefix = "".join(f"{part}/" for part in parts)
    fd = open_folder(root, parts)
    try:
        entries = list(os.scandir(fd)) if names is None else _named(fd, names)
        if not entries and parts and names is None:
            passed_over.add(EMPTY_FOLDER, _as_text(prefix[:-1]))
        for entry in entries:
            if entry.name.startswith(TEMPORARY_PREFIXES):
                passed_over.add(HIDDEN, _as_text(prefix + entry.name))
            elif entry.is_symlink():
                passed_over.add(LINK, _as_text(prefix + entry.name))
            elif entry.is_dir(follow_symlinks=False):
                folders.append(entry.name)
            elif not entry.is_file(follow_symlinks=False):
                passed_over.add(SPECIAL, _as_text(prefix + entry.name))
            elif entry.name.lower().endswith(_TAKEN):
                with suppress(FileNotFoundError):
                    files.append((entry.name, entry.stat(follow_symlinks=False)))
            else:
                passed_over.add_file(_as_text(prefix + entry.name))
    finally:
        os.close(fd)
    return folders, files


def _named(fd: int, names: Iterable[str]) -> list[_Named]:
    """Return the entries of an open folder with these names, for those that are there."""
    found = []
    for name in names:
        with suppress(FileNotFoundError):
            found.append(_Named(name, os.stat(name, dir_fd=fd, follow_symlinks=False)))
    return found


def _as_text(path: str) -> str:
    if path.isascii() and "\\" not in path:  # as nearly all: nothing to replace
        return path
    return name_as_text(os.fsencode(path)).replace(os.sep, "/")


def name_as_text(name: bytes) -> str:
    r"""Return the name of a file as valid Unicode; bytes that are not UTF-8 become `\xNN`.

    A backslash that looks like the start of such a sequence becomes `\x5c`, so that different names stay
    different.
    """
    return _ESCAPE_LIKE.sub(rb"\\x5c", name).decode("utf-8", "backslashreplace")
