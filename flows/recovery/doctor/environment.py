"""Check what a home depends on: settings, aliases, landing folder, model, DuckDB's client, Prefect."""

from __future__ import annotations

import json
import sqlite3
import subprocess

from ontherecord.flows.extract.version import extractor_version
from ontherecord.flows.landing.access import fetch_in_parts, list_location, open_reader
from ontherecord.flows.landing.discover import is_unchanged
from ontherecord.flows.landing.location import Location, Reader
from ontherecord.flows.landing.passed_over import PassedOver
from ontherecord.flows.landing.read import KEPT_BYTES
from ontherecord.flows.orchestration.server_api import PrefectApi, configured_server
from ontherecord.flows.plural import counted
from ontherecord.flows.recovery.doctor.finding import CheckContext, Finding, Findings, first_names
from ontherecord.flows.sanitize import sanitize
from ontherecord.warehouse.aliases import read_aliases
from ontherecord.warehouse.corrections import read_corrections, read_names
from ontherecord.warehouse.database import duckdb_client, duckdb_version
from ontherecord.warehouse.errors import LandingError, OnTheRecordError, WarehouseError
from ontherecord.warehouse.health import Held
from ontherecord.warehouse.records import LandedFile, LedgerEntry
from ontherecord.warehouse.sqlite_file import read_sqlite
from ontherecord.warehouse.tombstones import Tombstones, read_file

# A larger Prefect database is read whole only with --deep.
_QUICK_CHECK_BYTES = 200_000_000
_COUNT_RUNS = (
    "select count(*) filter (where state_type in ('RUNNING', 'PENDING')), "
    "count(*) filter (where state_name = 'Late') from flow_run"
)


def check_settings(context: CheckContext, error: str | None) -> Findings:
    """Check that settings, suite and aliases are readable; `error` is why the settings are not."""
    if error:
        yield Finding("settings", "problem", error)
        return
    assert context.settings is not None
    suite = context.settings.validation_suite
    if suite is not None:
        try:
            json.loads(suite.read_text(encoding="utf-8"))
        except (OSError, ValueError) as cause:
            what = f"The header suite {suite} cannot be read: {cause}."
            yield Finding(
                "settings", "problem", what, "Fix it, or remove `validation_suite` from the settings."
            )
            return
    try:
        aliases = len(read_aliases(context.home).rows())
    except OnTheRecordError as cause:
        yield Finding("settings", "problem", sanitize(cause), f"Fix {context.home.aliases}.")
        return
    try:
        corrections = read_corrections(context.home)
        read_names(context.home, corrections)
    except OnTheRecordError as cause:
        yield Finding("settings", "problem", sanitize(cause), f"Fix {context.home.corrections}.")
        return
    yield Finding(
        "settings",
        "ok",
        f"Settings are valid; {counted(aliases, 'alias', 'aliases')}, "
        f"{counted(len(corrections), 'correction')}.",
    )


def check_landing(context: CheckContext) -> Findings:
    """Compare the ledger with what has landed, with `deep` by content too."""
    known, landing = context.known, context.landing
    if landing is None:
        yield Finding("landing", "note", "No landing folder is set.", "Set ONTHERECORD_LANDING to check it.")
        return
    try:
        passed_over = PassedOver()
        landed = {file.source_path: file for file in list_location(landing, passed_over)}
    except LandingError as error:
        is_set = context.settings is not None and context.settings.landing is not None
        moved = (
            None if is_set else "The last run loaded from there. If it was moved, set ONTHERECORD_LANDING."
        )
        yield Finding("landing", "problem", f"{error}", moved)
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
    taken_down = _taken_down(context, landing, [landed[path] for path in pending])
    pending = [path for path in pending if path not in taken_down]
    missing = ledger.keys() - landed.keys()
    what = f"{landing}: {counted(len(landed), 'file')}"
    if missing:
        what += f", {len(missing):,} more in the ledger (removed since, or from another folder)"
    if taken_down:
        what += f", {len(taken_down):,} kept out, being taken down (`ontherecord forget --list`)"
    if known and known.held:
        what += f", {_held(known.held)}"
    if pending:
        names = first_names([sanitize(path) for path in sorted(pending)])
        next_step = f"ontherecord ingest {landing}{context.option}"
        yield Finding("landing", "note", f"{what}, {len(pending):,} to be loaded: {names}.", next_step)
    else:
        others = "the others" if taken_down or (known and known.held) else "all"
        yield Finding("landing", "ok", f"{what}, {others} loaded or quarantined.")
    if kinds := passed_over.kinds():
        shown = ", ".join(f"{count:,} {kind} ({sanitize(example)})" for kind, count, example in kinds)
        yield Finding(
            "not taken",
            "note",
            f"Not taken from {landing}: {shown}.",
            "docs/landing.md has the forms; `ontherecord ingest FILE` reads one whatever its name.",
        )
    if context.deep:
        yield _check_contents(landing, ledger, landed)


def _taken_down(context: CheckContext, landing: Location, files: list[LandedFile]) -> set[str]:
    """Return the paths of those files that a tombstone keeps out: their ledger's rows have gone with it."""
    try:
        stones = Tombstones(read_file(context.home.tombstones))
    except WarehouseError:
        return set()  # the next run says so
    if not stones or not files:
        return set()
    with open_reader(landing) as reader:
        small = [file for file in files if file.bytes <= KEPT_BYTES]
        return {
            file.source_path
            for file in fetch_in_parts(reader, small)
            if stones.of_content(_content_sha256(reader, file) or "")
        }


def _held(held: Held) -> str:
    """Say how many files an embargo holds, and until when."""
    until = f"{held.first_until:%Y-%m-%d %H:%M} UTC"
    if held.last_until != held.first_until:
        until = f"{until} or later, the last until {held.last_until:%Y-%m-%d %H:%M} UTC"
    return f"{counted(held.article_count, 'article')} held by an embargo until {until}"


def check_programs(context: CheckContext) -> Findings:
    """Check that the model and DuckDB's client are installed, in versions that fit."""
    if context.settings:
        try:
            yield Finding("model", "ok", f"Extractor {extractor_version(context.settings.model)}.")
        except OnTheRecordError as error:
            yield Finding("model", "problem", str(error))
    library = duckdb_version()
    client = duckdb_client()
    version = _version_of(client) if client else None
    install = f"pip install duckdb-cli=={library}"
    if client is None:
        yield Finding("duckdb", "problem", "The duckdb command line client is missing.", install)
    elif version != library:
        what = (
            f"The client {client} has version {version or 'unknown'}, but the pipeline writes with {library}."
        )
        yield Finding("duckdb", "problem", what, install)
    else:
        yield Finding("duckdb", "ok", f"Client and library have version {library}.")


def check_prefect(context: CheckContext) -> Findings:
    """Check that the configured server responds, and that Prefect's database in the home is intact."""
    url = configured_server()
    if url is not None:
        if PrefectApi(url.rstrip("/")).answers():
            yield Finding("prefect", "ok", f"The server at {url} responds.")
        else:
            yield Finding(
                "prefect",
                "problem",
                f"The server at {url} does not respond: no run can start.",
                "Start it, or unset PREFECT_API_URL to run without it.",
            )
    database = context.home.prefect / "prefect.db"
    if not database.exists():
        return
    is_checked = context.deep or database.stat().st_size < _QUICK_CHECK_BYTES
    try:
        with read_sqlite(database, timeout=5) as connection:
            result = connection.execute("pragma quick_check(1)").fetchone()[0] if is_checked else "ok"
            if result != "ok":
                raise sqlite3.DatabaseError(result)
            running, late = connection.execute(_COUNT_RUNS).fetchone()
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            yield Finding("prefect", "skipped", "Prefect's database is being written.")
            return
        yield Finding(
            "prefect",
            "problem",
            f"Prefect's database {database} is damaged: {sanitize(error)}.",
            "Stop `ontherecord serve`, move the file away and start it again. Only the dashboard's "
            "history of runs is lost.",
        )
        return
    yield _judge_runs(context, running, late)


def _check_contents(
    landing: Location, ledger: dict[str, LedgerEntry], landed: dict[str, LandedFile]
) -> Finding:
    """Compare the contents of files whose size and time have not changed, which no run opens."""
    files = [
        file
        for _, file in sorted(landed.items())
        if _is_known(ledger.get(file.source_path), file) and file.bytes <= KEPT_BYTES
    ]
    with open_reader(landing) as reader:
        changed = [
            sanitize(file.source_path)
            for file in fetch_in_parts(reader, files)
            if _content_sha256(reader, file) != ledger[file.source_path].content_sha256
        ]
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


def _judge_runs(context: CheckContext, running: int, late: int) -> Finding:
    """Judge the runs in Prefect's database: `running` includes pending ones."""
    what = "Prefect's database is intact"
    if late:
        return Finding(
            "prefect",
            "problem",
            f"{what}, but {counted(late, 'run')} late: no worker starts them.",
            f"ontherecord serve --landing {context.landing or 'FOLDER'}{context.option}",
        )
    if running and context.has_lock:
        what += f", but {counted(running, 'run')} marked as running without writing"
        return Finding(
            "prefect", "note", f"{what}.", "`ontherecord serve` marks the runs of a killed server."
        )
    return Finding("prefect", "ok", f"{what}.")


def _version_of(client: str) -> str | None:
    try:
        output = subprocess.run(
            [client, "--version"], capture_output=True, text=True, check=False, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return (output.stdout.split() or [""])[0].removeprefix("v") or None
