"""List the article files of a local folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ontherecord.flows.landing.forms.registry import SUFFIXES
from ontherecord.flows.landing.location import ARCHIVES
from ontherecord.flows.landing.passed_over import EMPTY_FOLDER, HIDDEN, LINK, SPECIAL, PassedOver
from ontherecord.warehouse.errors import LandingError
from ontherecord.warehouse.records import LandedFile

# Temporary files of editors, office programs and uploads.
TEMPORARY_PREFIXES = (".", "~", "#")
_ESCAPE_LIKE = re.compile(rb"\\(?=x[0-9a-f]{2})")


def list_landing(landing: Path, passed_over: PassedOver | None = None) -> Iterator[LandedFile]:
    """Yield every regular file under `landing` with an extension of some form, at any depth, in any order.

    Archives are among them; access.py lists what is in them.

    All else is counted in `passed_over`, if it is given. If it is not, a subfolder that this user may not
    list is an error.

    Symbolic links are never followed: a target inside the folder is listed under its own path, and a
    target outside was not delivered. Pipes and devices are skipped.
    """
    if not landing.is_dir():
        what = "is not a folder" if landing.exists() else "does not exist"
        raise LandingError(f"The landing folder {landing} {what}. Create it, or name another one.")
    skip = _Skip(passed_over or PassedOver(), len(os.fspath(landing).rstrip(os.sep)) + 1)
    folders = [os.fspath(landing)]
    root_length = len(folders[0].rstrip(os.sep)) + 1
    while folders:
        folder = folders.pop()
        try:
            subfolders, files = _list_folder(folder, skip)
        except FileNotFoundError:
            continue  # removed since its parent was listed
        except OSError as error:
            if isinstance(error, PermissionError) and len(folder) > root_length and passed_over is not None:
                passed_over.add_unlistable(_as_text(folder[root_length:]))
                continue
            is_root = len(folder) <= root_length
            instead = "name another one" if is_root else "move it out of the landing folder"
            raise LandingError(
                f"The folder {folder} cannot be listed ({error.strerror}). Let this user read it, "
                f"or {instead}."
            ) from error
        folders += subfolders
        for path, stat in files:
            yield LandedFile(
                source_path=_as_text(path[root_length:]),
                file=Path(path),
                bytes=stat.st_size,
                modified_ns=stat.st_mtime_ns,
            )


def list_file(file: Path) -> Iterator[LandedFile]:
    """Yield one file, whatever its extension, under its name.

    Raises LandingError if it cannot be read.
    """
    try:
        stat = file.resolve(strict=True).stat()
    except OSError as error:
        raise LandingError(
            f"The file {file} cannot be read ({error.strerror}). Give this user read access."
        ) from error
    yield LandedFile(_as_text(file.name), file.resolve(), stat.st_size, stat.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class _Skip:
    """Counts what is not taken, by paths relative to the landing folder."""

    passed_over: PassedOver
    root_length: int

    def add(self, kind: str, path: str) -> None:
        self.passed_over.add(kind, _as_text(path[self.root_length :]))

    def add_file(self, path: str) -> None:
        self.passed_over.add_file(_as_text(path[self.root_length :]))


def _list_folder(folder: str, skip: _Skip) -> tuple[list[str], list[tuple[str, os.stat_result]]]:
    """Return the subfolders and the article files of a folder."""
    folders, files = [], []
    entries = list(os.scandir(folder))
    if not entries and len(folder) > skip.root_length:
        skip.add(EMPTY_FOLDER, folder)
    for entry in entries:
        if entry.name.startswith(TEMPORARY_PREFIXES):
            skip.add(HIDDEN, entry.path)
        elif entry.is_symlink():
            skip.add(LINK, entry.path)
        elif entry.is_dir(follow_symlinks=False):
            folders.append(entry.path)
        elif not entry.is_file(follow_symlinks=False):
            skip.add(SPECIAL, entry.path)
        elif entry.name.lower().endswith((*SUFFIXES, *ARCHIVES)):
            with suppress(FileNotFoundError):
                files.append((entry.path, entry.stat(follow_symlinks=False)))
        else:
            skip.add_file(entry.path)
    return folders, files


def _as_text(path: str) -> str:
    return name_as_text(os.fsencode(path)).replace(os.sep, "/")


def name_as_text(name: bytes) -> str:
    r"""Return the name of a file as valid Unicode; bytes that are not UTF-8 become `\xNN`.

    A backslash that looks like the start of such a sequence becomes `\x5c`, so that different names stay
    different.
    """
    return _ESCAPE_LIKE.sub(rb"\\x5c", name).decode("utf-8", "backslashreplace")
