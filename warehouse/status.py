"""Status: counts, runs, quarantine and alerts, read from the published state without disturbing a run."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict

import duckdb

from ontherecord import sql
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import Row, as_rows
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.lock import current_holder, killed_holder
from ontherecord.warehouse.overlay import read_idle
from ontherecord.warehouse.plural import counted
from ontherecord.warehouse.publish import open_published, published_name
from ontherecord.warehouse.quarantine_bytes import read_bytes
from ontherecord.warehouse.schema_number import other_schema


def read_status(home: DataDir) -> Row:
    """Return counts, who writes now, what was not taken or corrected, and the newest runs."""
    with closing(open_published(home)) as connection:
        facts = _rows(connection, "facts")[0]
        runs = _rows(connection, "runs")
        not_taken = _rows(connection, "passed_over")
        idle = [asdict(line) for line in read_idle(connection)]
    return {
        "warehouse": published_name(home),
        **facts,
        "writing_now": current_holder(home),
        "killed": killed_holder(home),
        "log": str(home.log) if home.log.exists() else None,
        "not_taken": not_taken,
        "idle_corrections": idle,
        "runs": runs,
    }


def read_quarantine(home: DataDir, *, everything: bool = False) -> list[Row]:
    """Return one row per quarantined file and failed rule; `everything` adds those fixed since."""
    with closing(open_published(home)) as connection:
        return _rows(connection, "quarantine", {"released": everything})


def read_quarantined_file(home: DataDir, source_path: str) -> tuple[list[Row], bytes | None]:
    """Return why a file is quarantined, and its bytes, None if it was unreadable.

    Raises WarehouseError if no file with that path is quarantined.
    """
    rows = [row for row in read_quarantine(home) if row["source_path"] == source_path]
    if not rows:
        raise WarehouseError(
            f"No file {source_path!r} is quarantined. Run `ontherecord quarantine list` for those that are."
        )
    content = rows[0]["content_sha256"]
    try:
        kept = read_bytes(home, content) if content else None
    except PermissionError as error:
        raise WarehouseError(
            f"This user may not read {home.quarantine}: quarantined files are not published. Ask the owner "
            f"of {home.folder}."
        ) from error
    if content and kept is None:
        raise WarehouseError(
            f"The bytes of {source_path!r} are missing in {home.quarantine}. Deliver the file again, with a "
            "new time, or restore it from a backup."
        )
    return rows, kept


def read_alerts(home: DataDir, *, everything: bool = False) -> list[Row]:
    """Return one row per alert open after the last run; `everything` adds resolved ones.

    Raises WarehouseError if no run has evaluated alerts yet.
    """
    if not home.alerts.exists():
        raise WarehouseError(
            f"No run has evaluated alerts in {home.folder} yet. Run `ontherecord ingest LANDING` first, or "
            "name another folder with --home or ONTHERECORD_HOME."
        )
    with closing(duckdb.connect()) as connection:
        return _rows(connection, "alerts", {"file": str(home.alerts), "everything": everything})


def greeting(home: DataDir) -> str:
    """Return the greeting of the SQL prompt: counts and first queries.

    For a file that another version published, say so: its tables may be others, and can be queried.
    """
    with closing(open_published(home, any_schema=True)) as connection:
        if problem := other_schema(connection, published_name(home)):
            return problem
        facts = _rows(connection, "facts")[0]
    return (
        f"{counted(facts['articles'], 'article')} from {facts['first_day']} to {facts['last_day']}, "
        f"{counted(facts['quotes'], 'quote')}, {counted(facts['entities'], 'name')}.\n"
        "Read-only, without access to other files; runs can continue.\n"
        "Try:  from mart.who_said_what limit 5;   from mart.speakers limit 10;   from quotes_by('kerry');"
    )


def _rows(connection: duckdb.DuckDBPyConnection, name: str, values: Row | None = None) -> list[Row]:
    return as_rows(connection.execute(sql.statement("status", name), values))
