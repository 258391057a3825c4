"""The home folder itself: may it be written, is there room, and what lies in it that does not belong."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from ontherecord.flows.recovery.doctor.finding import (
    CheckContext,
    Finding,
    Findings,
    first_names,
    format_bytes,
)
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.health import wal_of
from ontherecord.warehouse.lock import is_alive

# Drafts have the process that writes them in their names.
_DRAFT = re.compile(
    r"\.(?:warehouse|writer|checkpoint|backup|alerts|report\.html|restore)\.([0-9]+)(?:\.[a-z]+)*"
)
_KEPT_DRAFT = re.compile(r"[0-9a-f]{64}\.([0-9]+)")
# A publish needs room for a copy, which is compacted, and for the marts' growth.
_ROOM = 1.2


def check_folder(context: CheckContext) -> Findings:
    """Say whether the folder can be used, by this user and for the next publish."""
    folder = context.home.folder
    locked = [f.name for f in _own_files(context.home) if f.exists() and not os.access(f, os.R_OK)]
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding(
            "home",
            "problem",
            f"This user cannot write in {folder}.",
            "Give the user who runs On the Record the right to write there, or name another home.",
        )
    elif locked:
        yield Finding(
            "home",
            "problem",
            f"This user cannot read {first_names(locked)}.",
            f"Give them to this user (chown), or run as their owner; see ls -l {folder}.",
        )
    else:
        yield Finding("home", "ok", f"{folder} can be written.")
    free = shutil.disk_usage(folder).free
    size = max(
        (f.stat().st_size for f in (context.home.writer, context.home.published) if f.exists()), default=0
    )
    room = f"{format_bytes(free)} free, the next publish needs about {format_bytes(int(size * _ROOM))}."
    if free < size * _ROOM:
        yield Finding(
            "room", "problem", room, f"Make room on the disk of {folder}, or move the home to another."
        )
    else:
        yield Finding("room", "ok", room)


def check_leftovers(context: CheckContext) -> Findings:
    """Find what processes that were killed left behind, and what is none of ours."""
    left = sorted(_leftovers(context.home))
    if left and context.fix:
        for file in left:
            shutil.rmtree(file) if file.is_dir() else file.unlink(missing_ok=True)
        yield Finding("leftovers", "fixed", f"Removed {len(left):,} unfinished files: {_names(left)}.")
    elif left:
        size = sum(f.stat().st_size for f in left)
        yield Finding(
            "leftovers",
            "problem",
            f"{len(left):,} unfinished files of killed processes ({format_bytes(size)}): {_names(left)}.",
            f"ontherecord doctor --fix{context.option}",
        )
    else:
        yield Finding("leftovers", "ok", "No unfinished files.")
    aside = sorted(context.home.folder.glob("*.broken-*"))
    if aside:
        size = sum(f.stat().st_size for f in aside)
        yield Finding(
            "moved aside",
            "note",
            f"{_names(aside)} ({format_bytes(size)}): damaged files, kept.",
            "Delete them when all is well without them.",
        )
    strange = [
        f
        for f in sorted(context.home.folder.iterdir())
        if not _is_ours(context.home, f) and f not in {*left, *aside}
    ]
    if strange:
        yield Finding("strange files", "note", f"{_names(strange)}: not made by On the Record, left alone.")


def _leftovers(home: DataDir) -> Iterator[Path]:
    drafts = [(f, _DRAFT.fullmatch(f.name)) for f in home.folder.glob(".*")]
    drafts += [(f, _KEPT_DRAFT.fullmatch(f.name)) for f in home.quarantine.glob("*/*.*")]
    for file, found in drafts:
        if found and not is_alive(int(found[1])):
            yield file


def _own_files(home: DataDir) -> list[Path]:
    return [
        home.published,
        home.writer,
        wal_of(home.writer),
        home.lock,
        home.alerts,
        home.extracts,
        home.quarantine,
        home.export,
        home.report,
        home.data_docs,
        home.prefect,
        home.aliases,
        home.settings,
    ]


def _is_ours(home: DataDir, file: Path) -> bool:
    beside = (home.lock.stem, home.extracts.name, wal_of(home.published).name)
    return file in _own_files(home) or file.name.startswith(beside) or bool(_DRAFT.fullmatch(file.name))


def _names(files: list[Path]) -> str:
    return first_names([f.name for f in files])
