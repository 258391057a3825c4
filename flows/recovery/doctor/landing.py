"""Check the landing folder against the ledger."""

from __future__ import annotations

from ontherecord.flows.landing.access import list_location, open_reader
from ontherecord.flows.landing.discover import is_unchanged
from ontherecord.flows.landing.location import Location, Reader
from ontherecord.flows.plural import counted
from ontherecord.flows.recovery.doctor.finding import CheckContext, Finding, Findings, first_names
from ontherecord.flows.sanitize import sanitize
from ontherecord.warehouse.errors import LandingError, OnTheRecordError
from ontherecord.warehouse.records import LandedFile, LedgerEntry

# Files whose bytes are fetched together.
_FETCH_COUNT = 500


def check_landing(context: CheckContext) -> Findings:
    """Compare the ledger with what has landed, with `deep` by content too."""
    known, landing = context.known, context.landing
    if landing is None:
        yield Finding("landing", "note", "No landing folder is set.", "Set ONTHERECORD_LANDING to check it.")
        return
    try:
        landed = {file.source_path: file for file in list_location(landing)}
    except LandingError as error:
        yield Finding("landing", "problem", f"{error}")
        return
    ledger = known.ledger if known else {}
    if ledger and not landed:
        yield Finding(
            "landing",
            "problem",
            f"{landing} is empty, but {counted(len(ledger), 'file')} were loaded or quarantined.",
            "Is it mounted? Is it the right folder? Nothing that was loaded is lost.",
        )
        return
    pending = [path for path, file in landed.items() if not _is_known(ledger.get(path), file)]
    missing = ledger.keys() - landed.keys()
    what = f"{landing}: {counted(len(landed), 'file')}"
    if missing:
        what += f", {len(missing):,} more in the ledger (removed since, or from another folder)"
    if pending:
        names = first_names([sanitize(path) for path in sorted(pending)])
        next_step = f"ontherecord ingest {landing}{context.option}"
        yield Finding("landing", "note", f"{what}, {len(pending):,} to be loaded: {names}.", next_step)
    else:
        yield Finding("landing", "ok", f"{what}, all loaded or quarantined.")
    if context.deep:
        yield _check_contents(landing, ledger, landed)


def _check_contents(
    landing: Location, ledger: dict[str, LedgerEntry], landed: dict[str, LandedFile]
) -> Finding:
    """Compare the contents of files whose size and time have not changed, which no run opens."""
    known = [
        (file, seen.content_sha256)
        for _, file in sorted(landed.items())
        if (seen := ledger.get(file.source_path)) and _is_known(seen, file)
    ]
    changed = []
    with open_reader(landing) as reader:
        for start in range(0, len(known), _FETCH_COUNT):
            part = known[start : start + _FETCH_COUNT]
            reader.fetch([file for file, _ in part])
            changed += [sanitize(f.source_path) for f, sha256 in part if _content_sha256(reader, f) != sha256]
    if not changed:
        return Finding("contents", "ok", "Files of unchanged size and time have unchanged contents.")
    return Finding(
        "contents",
        "problem",
        f"{counted(len(changed), 'file')} with other contents, but the same size and time: "
        f"{first_names(changed)}.",
        "Change their times with touch: the next run then reads them.",
    )


def _is_known(seen: LedgerEntry | None, file: LandedFile) -> bool:
    """Say whether discover leaves a file out, or could not read it the last time."""
    return seen is not None and (seen.content_sha256 is None or is_unchanged(file, seen))


def _content_sha256(reader: Reader, file: LandedFile) -> str | None:
    try:
        return reader.read(file).content_sha256
    except (OSError, OnTheRecordError):
        return None
