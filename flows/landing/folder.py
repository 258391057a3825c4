"""List the article files of a local folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ontherecord.warehouse.errors import LandingError
from ontherecord.warehouse.records import LandedFile

SUFFIX = ".txt"  # upper or lower case: some systems write .TXT
# Temporary files of editors, office programs and uploads.
TEMPORARY_PREFIXES = (".", "~", "#")
_ESCAPE_LIKE = re.compile(rb"\\(?=x[0-9a-f]{2})")


def list_landing(landing: Path, unlistable: list[str] | None = None) -> Iterator[LandedFile]:
    """Yield every regular `.txt` file under `landing`, at any depth, in no fixed order.

    Subfolders that this user may not list are appended to `unlistable`, if it is given.

    Symbolic links are never followed: a target inside the folder is listed under its own path, and a
    target outside was not delivered. Pipes and devices are skipped.
    """
    if not landing.is_dir():
        what = "is not a folder" if landing.exists() else "does not exist"
        raise LandingError(f"The landing folder {landing} {what}. Create it, or name another one.")
    folders = [os.fspath(landing)]
    root_length = len(folders[0].rstrip(os.sep)) + 1
    while folders:
        folder = folders.pop()
        try:
            subfolders, files = _list_folder(folder)
        except FileNotFoundError:
            continue  # removed since its parent was listed
        except OSError as error:
            if isinstance(error, PermissionError) and len(folder) > root_length and unlistable is not None:
                unlistable.append(_as_text(folder[root_length:]))
                continue
            raise LandingError(
                f"The folder {folder} cannot be listed ({error.strerror}). Let this user read it, "
                "or move it out of the landing folder."
            ) from error
        folders += subfolders
        for path, stat in files:
            yield LandedFile(
                source_path=_as_text(path[root_length:]),
                file=Path(path),
                bytes=stat.st_size,
                modified_ns=stat.st_mtime_ns,
            )


def _list_folder(folder: str) -> tuple[list[str], list[tuple[str, os.stat_result]]]:
    """Return the subfolders and the article files of a folder."""
    folders, files = [], []
    for entry in list(os.scandir(folder)):
        if entry.name.startswith(TEMPORARY_PREFIXES):
            continue
        if entry.is_dir(follow_symlinks=False):
            folders.append(entry.path)
        elif entry.name.lower().endswith(SUFFIX) and entry.is_file(follow_symlinks=False):
            with suppress(FileNotFoundError):
                files.append((entry.path, entry.stat(follow_symlinks=False)))
    return folders, files


def _as_text(path: str) -> str:
    r"""Return the path as valid Unicode; bytes that are not UTF-8 become `\xNN`.

    A backslash that looks like the start of such a sequence becomes `\x5c`, so that different names stay
    different.
    """
    name = _ESCAPE_LIKE.sub(rb"\\x5c", os.fsencode(path))
    return name.decode("utf-8", "backslashreplace").replace(os.sep, "/")
