"""Check the files of a home beside the two warehouse files: permissions, disk space, leftovers, caches."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from ontherecord.flows.plural import counted
from ontherecord.flows.recovery.doctor.finding import (
    CheckContext,
    Finding,
    Findings,
    first_names,
    format_bytes,
)
from ontherecord.flows.sanitize import sanitize
from ontherecord.warehouse.copies import known_copies
from ontherecord.warehouse.corruption import damaged_name
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import wal_of
from ontherecord.warehouse.extract_cache import COLUMNS, ExtractCache
from ontherecord.warehouse.lock import is_alive
from ontherecord.warehouse.quarantine_bytes import files_of, in_rows
from ontherecord.warehouse.sqlite_file import read_sqlite

# The names of drafts contain the id of the process that writes them.
_DRAFT = re.compile(
    r"\.(?:warehouse|writer|checkpoint|backup|alerts|report\.html|restore|tombstones\.json|copies\.json"
    r"|corrections\.csv|writer\.rebuild)"
    r"\.([0-9]+)(?:\.[a-z]+)*"
)
_QUARANTINE_DRAFT = re.compile(r"[0-9a-f]{64}\.([0-9]+)")
# A publish needs space for a compacted copy, and for the marts to grow.
_PUBLISH_SPACE = 1.2


def check_folder(context: CheckContext) -> Findings:
    """Check that this user can read and write the home, and that the next publish has disk space."""
    folder = context.home.folder
    unreadable = [f.name for f in _own_files(context.home) if f.exists() and not os.access(f, os.R_OK)]
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding(
            "home",
            "problem",
            f"This user cannot write to {folder}.",
            "Give the user who runs On the Record write access, or name another home.",
        )
    elif unreadable:
        yield Finding(
            "home",
            "problem",
            f"This user cannot read {first_names(unreadable)}.",
            f"Give them to this user (chown), or run as their owner; see ls -l {folder}.",
        )
    else:
        yield Finding("home", "ok", f"{folder} is writable.")
    free = shutil.disk_usage(folder).free
    size = max(
        (f.stat().st_size for f in (context.home.writer, context.home.published) if f.exists()), default=0
    )
    spare = context.home.spare
    free += spare.stat().st_size if spare.exists() else 0  # a copy takes its place
    needed = int(size * _PUBLISH_SPACE)
    what = f"{format_bytes(free)} free; the next publish needs about {format_bytes(needed)}."
    if free < size * _PUBLISH_SPACE:
        next_step = f"Free disk space for {folder}, or move the home to another disk."
        yield Finding("disk space", "problem", what, next_step)
    else:
        yield Finding("disk space", "ok", what)


def check_log(context: CheckContext) -> Findings:
    """Say where the log is."""
    log = context.home.log
    if log.exists():
        what = f"What commands and runs did, and errors with their tracebacks, is in {log}."
        yield Finding("log", "ok", what)


def check_leftovers(context: CheckContext) -> Findings:
    """Find the drafts of killed processes, damaged files that were moved aside, and unknown files."""
    drafts = sorted(_leftovers(context.home))
    if drafts and context.fix:
        for file in drafts:
            shutil.rmtree(file) if file.is_dir() else file.unlink(missing_ok=True)
        what = f"Removed {counted(len(drafts), 'unfinished file')}: {_names(drafts)}."
        yield Finding("leftovers", "fixed", what)
    elif drafts:
        size = format_bytes(sum(f.stat().st_size for f in drafts))
        yield Finding(
            "leftovers",
            "problem",
            f"{counted(len(drafts), 'unfinished file')} of killed processes ({size}): {_names(drafts)}.",
            f"ontherecord doctor --fix{context.option}",
        )
    else:
        yield Finding("leftovers", "ok", "No unfinished files.")
    written = sorted(context.home.folder.glob(f"{wal_of(context.home.published).name}.broken-*"))
    if written:
        yield Finding(
            "opened for writing",
            "note",
            f"Somebody opened {context.home.published.name} for writing. Moved aside, and in no table: "
            f"{_names(written)}.",
            "Readers use `duckdb -readonly` or `ontherecord sql`. Delete what was moved aside.",
        )
    aside = [file for file in context.home.moved_aside() if file not in written]
    if aside:
        size = format_bytes(sum(f.stat().st_size for f in aside))
        yield Finding(
            "moved aside",
            "note",
            f"Damaged files that were moved aside ({size}): {_names(aside)}.",
            "Delete them when all is well without them.",
        )
    exported = {copy.file for copy in known_copies(context.home)}
    strange = [
        f
        for f in sorted(context.home.folder.iterdir())
        if not _is_own(context.home, f) and f not in {*drafts, *aside} and f.absolute() not in exported
    ]
    if strange:
        yield Finding("unknown files", "note", f"Not made by On the Record, ignored: {_names(strange)}.")


def check_quarantine(context: CheckContext) -> Findings:
    """Check that the bytes of each quarantined file are there and intact."""
    if context.known is None:
        return
    folder = context.home.quarantine
    if folder.exists() and not os.access(folder, os.R_OK | os.X_OK, effective_ids=True):
        yield Finding("quarantine", "skipped", f"This user may not read {folder.name}/.")
        return
    if context.home.quarantined_rows.exists():
        try:
            _check_sqlite(context.home.quarantined_rows, context.deep)
        except sqlite3.DatabaseError as error:
            if _is_busy(error):
                yield Finding("quarantine", "skipped", _busy(context.home.quarantined_rows))
                return
            lost = "Restore it from a backup, or deliver the files of its rows again, with a new time."
            yield _move_aside(context, "quarantine", context.home.quarantined_rows, error, lost)
            return
    known = context.known.quarantined
    kept = dict(_kept_bytes(context.home))
    missing = [path for content, path in known.items() if content not in kept]
    damaged = [path for content, path in known.items() if content in kept and not kept[content].is_intact]
    for paths, state in ((missing, "missing"), (damaged, "damaged")):
        if paths:
            names = first_names([sanitize(p) for p in paths])
            yield Finding(
                "quarantine",
                "problem",
                f"The bytes of {counted(len(paths), 'quarantined file')} are {state}: {names}.",
                "Redeliver these files, with a new time, or restore them from a backup.",
            )
    if not missing and not damaged:
        count = counted(len(known), "file")
        yield Finding("quarantine", "ok", f"The bytes of {count} in quarantine are intact.")
    unused = sorted(kept.keys() - known.keys() - context.known.released.keys())
    if unused and context.has_lock:
        size = format_bytes(sum(kept[content].size for content in unused))
        yield Finding(
            "quarantine",
            "note",
            f"{counted(len(unused), 'file')} ({size}) in quarantine of no known delivery: "
            f"{first_names(unused, 1)}.",
            f"They may be the only copies. Look at them in {context.home.quarantine}, then delete them.",
        )


class _Kept(NamedTuple):
    size: int
    is_intact: bool


def _kept_bytes(home: DataDir) -> Iterator[tuple[str, _Kept]]:
    """Yield all contents in quarantine, with what their bytes are like."""
    for file in files_of(home):
        yield file.name, _Kept(file.stat().st_size, _sha256(file) == file.name)
    for content, kept in in_rows(home).all():
        yield content, _Kept(len(kept), hashlib.sha256(kept).hexdigest() == content)


def check_extract_cache(context: CheckContext) -> Findings:
    """Check that cached extracts can be read, and that every article has one."""
    file = context.home.extracts
    in_use = context.known.extracted if context.known else []
    reprocess = f"ontherecord reprocess --all{context.option}"
    if not file.exists():
        if in_use:
            yield Finding("extracts", "note", _uncached(len(in_use)), reprocess)
        return
    if not os.access(file, os.R_OK, effective_ids=True):
        yield Finding("extracts", "skipped", f"This user may not read {file.name}.")
        return
    try:
        cached = _read_extract_keys(file, context.deep)
    except sqlite3.DatabaseError as error:
        if _is_busy(error):
            yield Finding("extracts", "skipped", _busy(file))
            return
        yield _move_aside(context, "extracts", file, error, "Runs make the extracts again as needed.")
        return
    uncached_count = len([key for key in in_use if key not in cached])
    if uncached_count:
        yield Finding("extracts", "note", _uncached(uncached_count), reprocess)
    else:
        what = f"{file.name} is intact: {counted(len(cached), 'extract')}; every article has one."
        yield Finding("extracts", "ok", what)
    if context.deep:
        with suppress(OSError):
            damaged_count = ExtractCache(file).damaged_count()
            if damaged_count:
                what = f"Damaged extracts: {damaged_count:,}. The next run that needs one makes it again."
                yield Finding("extracts", "note", what)


def _read_extract_keys(file: Path, deep: bool) -> set[tuple[str, str]]:
    """Return content and version of all extracts. Raises sqlite3.DatabaseError if the file is damaged."""
    with read_sqlite(file, timeout=5) as connection:
        _require_sound(connection, deep)
        columns = {row[1] for row in connection.execute("pragma table_info(extracts)")}
        if other := COLUMNS - columns:
            raise sqlite3.DatabaseError(f"its table has no {' and no '.join(sorted(other))}")
        return set(connection.execute("select content_sha256, extractor_version from extracts"))


def _check_sqlite(file: Path, deep: bool) -> None:
    """Raise sqlite3.DatabaseError if a file is damaged."""
    with read_sqlite(file, timeout=5) as connection:
        _require_sound(connection, deep)


def _require_sound(connection: sqlite3.Connection, deep: bool) -> None:
    (result,) = connection.execute(f"pragma {'integrity_check' if deep else 'quick_check'}(1)").fetchone()
    if result != "ok":
        raise sqlite3.DatabaseError(result)


def _is_busy(error: sqlite3.DatabaseError) -> bool:
    return "locked" in str(error) or "readonly" in str(error)  # only a writer rolls a journal back


def _busy(file: Path) -> str:
    return f"{file.name} is being written, or a run was killed while writing it."


def _move_aside(
    context: CheckContext, check: str, file: Path, error: sqlite3.DatabaseError, then: str
) -> Finding:
    what = f"{file.name} is damaged: {sanitize(error)}."
    if not context.fix or not context.has_lock:
        return Finding(check, "problem", what, f"ontherecord doctor --fix{context.option}")
    at = datetime.now(UTC)
    for damaged in (file, file.with_name(f"{file.name}-journal")):
        if damaged.exists():
            damaged.rename(damaged_name(damaged, at))
    return Finding(check, "fixed", f"{what} Moved aside. {then}")


def _uncached(count: int) -> str:
    return (
        f"No cached extract for {counted(count, 'article')}: a rebuild from the files would need the model "
        "for them."
    )


def _leftovers(home: DataDir) -> Iterator[Path]:
    drafts = [(f, _DRAFT.fullmatch(f.name)) for f in home.folder.glob(".*")]
    drafts += [(f, _QUARANTINE_DRAFT.fullmatch(f.name)) for f in home.quarantine.glob("*/*.*")]
    for file, match in drafts:
        if match and not is_alive(int(match[1])):
            yield file


def _own_files(home: DataDir) -> list[Path]:
    return [
        home.published,
        home.spare,
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
        home.logs,
        home.aliases,
        home.corrections,
        home.coding,
        home.settings,
        home.tombstones,
        home.rebuild_mark,
        home.copies_note,
        home.copies_note.with_suffix(".lock"),
    ]


def _is_own(home: DataDir, file: Path) -> bool:
    prefixes = (home.lock.stem, home.extracts.name, wal_of(home.published).name)
    return file in _own_files(home) or file.name.startswith(prefixes) or bool(_DRAFT.fullmatch(file.name))


def _names(files: list[Path]) -> str:
    return first_names([f.name for f in files])


def _sha256(file: Path) -> str | None:
    try:
        with open(file, "rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return None
