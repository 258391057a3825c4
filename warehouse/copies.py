"""Copies: where backups and exports of a home were written, so that they can be named when an article goes.

The note is a file of the home, since backups and exports run beside a run that writes.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock

from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.drafts import draft_of, drafts_of

# `export` is a folder of Parquet files, `table` one exported file, of one table or of all.
Kind = Literal["backup", "export", "table"]


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that was written: its kind, its absolute path, and when, in UTC."""

    kind: Kind
    path: str
    made_at: str

    @property
    def file(self) -> Path:
        return Path(self.path)

    @property
    def made_seconds(self) -> float:
        """When it was made, in seconds since 1970."""
        return datetime.fromisoformat(self.made_at).timestamp()


def note_copy(home: DataDir, kind: Kind, file: Path) -> None:
    """Note that a copy was written; a home that cannot be written to is no reason to fail.

    A copy within the home is noted by its path there, so that it is found when the home was moved.
    """
    made = Copy(kind, str(file.absolute()), datetime.now(UTC).isoformat(timespec="seconds"))
    with suppress(OSError), FileLock(home.copies_note.with_suffix(".lock")):
        others = [copy for copy in known_copies(home) if copy.path != made.path]
        noted = [asdict(replace(copy, path=_noted_path(home, copy.file))) for copy in (*others, made)]
        with draft_of(home.copies_note) as draft:
            draft.write_text(json.dumps(noted, indent=1) + "\n", "utf-8")


def known_copies(home: DataDir, kind: Kind | None = None) -> list[Copy]:
    """Return the copies that were noted and are still there, of a kind or of all.

    A killed export may have left a draft only.
    """
    try:
        noted = [Copy(**facts) for facts in json.loads(home.copies_note.read_text("utf-8"))]
    except (OSError, ValueError, TypeError):
        return []
    known = [replace(copy, path=str(home.folder.absolute() / copy.path)) for copy in noted]
    return [
        copy for copy in known if kind in (None, copy.kind) and (copy.file.exists() or drafts_of(copy.file))
    ]


def _noted_path(home: DataDir, file: Path) -> str:
    folder = home.folder.absolute()
    return str(file.relative_to(folder) if file.is_relative_to(folder) else file)
