"""What a home needs around it: settings, aliases, model, DuckDB's client, Prefect."""

from __future__ import annotations

import json
import sqlite3
import subprocess

from ontherecord.flows.extract.version import extractor_version
from ontherecord.flows.orchestration.server_api import PrefectApi, configured_server
from ontherecord.flows.recovery.doctor.finding import CheckContext, Finding, Findings
from ontherecord.flows.sanitize import sanitize
from ontherecord.warehouse.aliases import read_aliases
from ontherecord.warehouse.duckdb_client import duckdb_client
from ontherecord.warehouse.errors import OnTheRecordError
from ontherecord.warehouse.extract_cache import read_sqlite
from ontherecord.warehouse.health import library_version

# Larger than this, Prefect's database is not read to its end but for --deep.
_QUICKLY_READ = 200_000_000
_RUNS = (
    "select count(*) filter (where state_type in ('RUNNING', 'PENDING')), "
    "count(*) filter (where state_name = 'Late') from flow_run"
)


def check_settings(context: CheckContext, wrong: str | None) -> Findings:
    """See that settings, suite and aliases can be read; `wrong` is what is wrong with the settings."""
    if wrong:
        yield Finding("settings", "problem", wrong)
        return
    assert context.settings is not None
    suite = context.settings.validation_suite
    if suite is not None:
        try:
            json.loads(suite.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            what = f"The header suite {suite} cannot be read: {error}."
            yield Finding("settings", "problem", what, "Fix it, or take `suite` out of the settings.")
            return
    try:
        count = len(read_aliases(context.home).rows())
    except OnTheRecordError as error:
        yield Finding("settings", "problem", sanitize(error), f"Fix {context.home.aliases}.")
        return
    yield Finding("settings", "ok", f"Settings can be read, and {count:,} aliases.")


def check_programs(context: CheckContext) -> Findings:
    """See that model and client are there, and fit."""
    if context.settings:
        try:
            yield Finding("model", "ok", f"Extractor {extractor_version(context.settings.model)}.")
        except OnTheRecordError as error:
            yield Finding("model", "problem", str(error))
    library = library_version()
    client = duckdb_client()
    said = _version_of(client) if client else None
    install = f"pip install duckdb-cli=={library}"
    if client is None:
        yield Finding("duckdb", "problem", "The duckdb command line client is missing.", install)
    elif said != library:
        what = f"The client {client} is {said or 'silent'}, the pipeline writes with {library}."
        yield Finding("duckdb", "problem", what, install)
    else:
        yield Finding("duckdb", "ok", f"Client and library are {library}.")


def check_prefect(context: CheckContext) -> Findings:
    """See that the server that is configured answers, and that Prefect's database in the home is whole."""
    url = configured_server()
    if url is not None:
        if PrefectApi(url.rstrip("/")).answers():
            yield Finding("prefect", "ok", f"The server at {url} answers.")
        else:
            yield Finding(
                "prefect",
                "problem",
                f"The server at {url} does not answer: no run can start.",
                "Start it, or unset PREFECT_API_URL to run without it.",
            )
    database = context.home.prefect / "prefect.db"
    if not database.exists():
        return
    is_small = context.deep or database.stat().st_size < _QUICKLY_READ
    try:
        with read_sqlite(database, timeout=5) as connection:
            result = connection.execute("pragma quick_check(1)").fetchone()[0] if is_small else "ok"
            if result != "ok":
                raise sqlite3.DatabaseError(result)
            running, late = connection.execute(_RUNS).fetchone()
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            yield Finding("prefect", "skipped", "Prefect's database is being written: not looked at.")
            return
        yield Finding(
            "prefect",
            "problem",
            f"Prefect's database {database} is damaged: {sanitize(error)}.",
            "Stop `ontherecord serve`, move the file away and start it again. Only the dashboard's "
            "history of runs is lost.",
        )
        return
    yield _judged(context, running, late)


def _judged(context: CheckContext, running: int, late: int) -> Finding:
    """Judge the runs that Prefect's database knows."""
    what = "Prefect's database is whole"
    if late:
        return Finding(
            "prefect",
            "problem",
            f"{what}, but {late:,} runs are late: no worker takes them.",
            f"ontherecord serve --landing {context.landing or 'FOLDER'}{context.option}",
        )
    if running and context.has_lock:
        what += f"; {running:,} runs count as running and write nothing"
        return Finding("prefect", "note", f"{what}.", "`ontherecord serve` marks those of a killed server.")
    return Finding("prefect", "ok", f"{what}.")


def _version_of(client: str) -> str | None:
    try:
        done = subprocess.run([client, "--version"], capture_output=True, text=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return (done.stdout.split() or [""])[0].removeprefix("v") or None
