"""What a warehouse refers to outside itself: landing folder, bytes quarantined, kept extracts."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from ontherecord.flows.landing.access import list_location, open_reader
from ontherecord.flows.landing.discover import is_unchanged
from ontherecord.flows.landing.location import Location, Reader
from ontherecord.flows.recovery.doctor.finding import (
    CheckContext,
    Finding,
    Findings,
    first_names,
    format_bytes,
)
from ontherecord.flows.sanitize import sanitize
from ontherecord.warehouse.corruption import name_aside
from ontherecord.warehouse.errors import LandingError, OnTheRecordError
from ontherecord.warehouse.extract_cache import ExtractCache, read_sqlite
from ontherecord.warehouse.records import LandedFile, LedgerEntry

# Files whose bytes are fetched together.
_AHEAD = 500


def check_landing(context: CheckContext) -> Findings:
    """Hold the ledger against what has landed; with `deep` by content too."""
    known, landing = context.known, context.landing
    if landing is None:
        yield Finding(
            "landing", "note", "No landing folder is set.", "Set ONTHERECORD_LANDING to have it looked at."
        )
        return
    try:
        landed = {found.source_path: found for found in list_location(landing)}
    except LandingError as error:
        yield Finding("landing", "problem", f"{error}")
        return
    ledger = known.ledger if known else {}
    if ledger and not landed:
        yield Finding(
            "landing",
            "problem",
            f"{landing} is empty, and the ledger knows {len(ledger):,} files.",
            "Is it mounted? Is it the right folder? Nothing that was loaded is lost.",
        )
        return
    waiting = [path for path, file in landed.items() if not _is_known(ledger.get(path), file)]
    gone = ledger.keys() - landed.keys()
    what = f"{landing}: {len(landed):,} files"
    if gone:
        what += f", {len(gone):,} of the ledger's are not there (taken away since, or of another folder)"
    if waiting:
        names = first_names([sanitize(path) for path in sorted(waiting)])
        next_step = f"ontherecord ingest {landing}{context.option}"
        yield Finding("landing", "note", f"{what}, {len(waiting):,} to be loaded: {names}.", next_step)
    else:
        yield Finding("landing", "ok", f"{what}, all loaded or quarantined.")
    if context.deep:
        yield _look_at_contents(landing, ledger, landed)


def check_quarantine(context: CheckContext) -> Findings:
    """Hold the kept bytes of quarantined files against the rows that refer to them."""
    if context.known is None:
        return
    kept = {f.name: f for f in context.home.quarantine.glob("*/*") if len(f.name) == 64}
    missing, damaged = [], []
    for content, path in context.known.quarantined.items():
        if content not in kept:
            missing.append(path)
        elif _sha256(kept[content]) != content:
            damaged.append(path)
    for paths, how in ((missing, "are missing"), (damaged, "are not as they were")):
        if paths:
            yield Finding(
                "quarantined",
                "problem",
                f"The kept bytes of {len(paths):,} files {how}: {first_names([sanitize(p) for p in paths])}.",
                "Deliver these files again, with a new time; or take them from a backup.",
            )
    if not missing and not damaged:
        count = len(context.known.quarantined)
        yield Finding(
            "quarantined", "ok", f"The bytes of {count:,} quarantined files, then or now, are kept."
        )
    free = sorted(kept.keys() - context.known.quarantined.keys())
    if free and context.has_lock:
        size = sum(kept[content].stat().st_size for content in free)
        yield Finding(
            "quarantined",
            "note",
            f"{len(free):,} kept files ({format_bytes(size)}) belong to no delivery: {first_names(free, 1)}.",
            f"They may be the only copies. Look at them below {context.home.quarantine}, then delete them.",
        )


def check_extract_cache(context: CheckContext) -> Findings:
    """See that the kept extracts can be read, and of how many articles there is one."""
    file = context.home.extracts
    in_use = context.known.extracted if context.known else []
    if not file.exists():
        if in_use:
            yield Finding(
                "extracts", "note", _cost(len(in_use)), f"ontherecord reprocess --force{context.option}"
            )
        return
    try:
        kept = _read_extracts(file, context.deep)
    except sqlite3.DatabaseError as error:
        if "locked" in str(error) or "readonly" in str(error):  # a journal is rolled back by who writes
            yield Finding("extracts", "skipped", f"{file.name} is being written, or a run was killed at it.")
            return
        yield _mend_extracts(context, error)
        return
    lacking = len([key for key in in_use if key not in kept])
    if lacking:
        yield Finding("extracts", "note", _cost(lacking), f"ontherecord reprocess --force{context.option}")
    else:
        yield Finding(
            "extracts", "ok", f"{file.name} is whole: {len(kept):,} extracts, one of every article."
        )
    if context.deep:
        with suppress(OSError):
            damaged = ExtractCache(file).damaged_count()
            if damaged:
                what = f"{damaged:,} extracts are damaged; the next run that needs one finds it again."
                yield Finding("extracts", "note", what)


def _read_extracts(file: Path, deep: bool) -> set[tuple[str, str]]:
    """Return content and version of the extracts. Raises sqlite3.DatabaseError if the file is damaged."""
    with read_sqlite(file, timeout=5) as connection:
        (result,) = connection.execute(f"pragma {'integrity_check' if deep else 'quick_check'}(1)").fetchone()
        if result != "ok":
            raise sqlite3.DatabaseError(result)
        return set(connection.execute("select content_sha256, extractor_version from extracts"))


def _mend_extracts(context: CheckContext, error: sqlite3.DatabaseError) -> Finding:
    file = context.home.extracts
    what = f"{file.name} is damaged: {sanitize(error)}."
    if not context.fix or not context.has_lock:
        return Finding("extracts", "problem", what, f"ontherecord doctor --fix{context.option}")
    at = datetime.now()
    for moved in (file, file.with_name(f"{file.name}-journal")):
        if moved.exists():
            moved.rename(name_aside(moved, at))
    return Finding(
        "extracts", "fixed", f"{what} Moved aside: what was kept in it, the model finds again if needed."
    )


def _cost(lacking: int) -> str:
    return (
        f"Of {lacking:,} articles no extract is kept: a rebuild from the files would need the model for them."
    )


def _look_at_contents(
    place: Location, ledger: dict[str, LedgerEntry], landed: dict[str, LandedFile]
) -> Finding:
    """Compare the contents of files that look as they did, which no run opens."""
    known = [
        (file, seen.content_sha256)
        for _, file in sorted(landed.items())
        if (seen := ledger.get(file.source_path)) and _is_known(seen, file)
    ]
    changed = []
    with open_reader(place) as reader:
        for at in range(0, len(known), _AHEAD):
            part = known[at : at + _AHEAD]
            reader.fetch([file for file, _ in part])
            changed += [sanitize(f.source_path) for f, sha256 in part if _content_sha256(reader, f) != sha256]
    if not changed:
        return Finding("contents", "ok", "Files that look as they did have the contents that they had.")
    return Finding(
        "contents",
        "problem",
        f"{len(changed):,} files have other contents, but size and time as before: {first_names(changed)}.",
        "touch them: the next run then reads them.",
    )


def _is_known(seen: LedgerEntry | None, file: LandedFile) -> bool:
    """Say whether discover leaves a file out, or could not read it the last time."""
    return seen is not None and (seen.content_sha256 is None or is_unchanged(file, seen))


def _content_sha256(reader: Reader, file: LandedFile) -> str | None:
    try:
        return reader.read(file).content_sha256
    except (OSError, OnTheRecordError):
        return None


def _sha256(file: Path) -> str | None:
    try:
        with open(file, "rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return None
