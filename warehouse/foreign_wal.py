"""A foreign WAL: what somebody wrote who opened the published file for writing. Moved aside, then shut out.

The file's mode stops nobody who is root, as everybody is in most containers. DuckDB applies a WAL beside a
file whenever it opens it, read-only too: readers would see rows that nobody published, and no file published
later could be opened, since the WAL is not its own.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ontherecord.warehouse.corruption import damaged_name
from ontherecord.warehouse.database import wal_of
from ontherecord.warehouse.errors import WarehouseError

# A link by the name of the WAL to a file in a folder that is not there. For a reader, no WAL exists; who
# writes cannot create one, so nothing can be committed. Tried with DuckDB 1.5.5 and 2.0.1; 1.4.4 commits
# without a WAL what is larger than its checkpoint threshold.
_NO_WAL = "use-duckdb-readonly/nothing-is-written-here"
_TRIES = 100


def foreign_wal(published: Path) -> Path | None:
    """Return the WAL beside the published file, or None if there is none."""
    wal = wal_of(published)
    return wal if os.path.lexists(wal) and not _is_shut_out(wal) else None


def shut_out_wal(published: Path) -> tuple[Path, ...]:
    """Move a foreign WAL aside and make it impossible to create another; return what was moved aside.

    A session that is still open goes on writing to the moved file, which nobody reads. On a file system
    without symbolic links, another WAL can be created; the next publish moves it aside.

    Raises WarehouseError if this user may not move it.
    """
    wal = wal_of(published)
    moved: list[Path] = []
    for _ in range(_TRIES):
        if foreign_wal(published):
            moved += _move_aside(wal)
        with suppress(OSError):  # one that is there already, or came in between
            wal.symlink_to(_NO_WAL)
        if not foreign_wal(published):
            return tuple(moved)
    raise WarehouseError(
        f"{wal} is created again as often as it is moved aside. Stop the program that writes to "
        f"{published.name}; readers use `duckdb -readonly`."
    )


def describe_moved(moved: tuple[Path, ...]) -> str:
    """Return in one line what was moved aside and why; '' if nothing was."""
    if not moved:
        return ""
    names = ", ".join(file.name for file in moved)
    return (
        "Somebody opened the published file for writing, which this publish undoes. What was written is "
        f"kept in {names}; nothing of it is in the archive. Readers use `duckdb -readonly` or `ontherecord "
        "sql`."
    )


def _is_shut_out(wal: Path) -> bool:
    try:
        return str(wal.readlink()) == _NO_WAL
    except OSError:
        return False


def _move_aside(wal: Path) -> list[Path]:
    at = datetime.now(UTC)
    while (aside := damaged_name(wal, at)).exists():
        at += timedelta(seconds=1)
    try:
        wal.rename(aside)
    except FileNotFoundError:  # its session has just ended well
        return []
    except OSError as error:
        raise WarehouseError(
            f"{wal} makes the published file unreadable, and this user may not move it aside "
            f"({error.strerror}). Somebody wrote it who opened the file without `-readonly`. Remove it, then "
            "run it again."
        ) from error
    return [aside]
