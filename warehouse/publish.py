"""Publish: the file that people open, checked and put in place in one step. The end of the way.

Readers open a copy, since DuckDB lets no reader in while somebody writes and no writer while
somebody reads. The copy is made beside the published file and renamed over it: a reader that is
open keeps the old one, the next open sees the new one.
"""

from __future__ import annotations

import os
import subprocess
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import Engine, select

from ontherecord import sql
from ontherecord.warehouse import storage
from ontherecord.warehouse.checks import CHECKED, CheckResult, run_checks
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.disk_space import remove
from ontherecord.warehouse.errors import CheckFailed, WarehouseError
from ontherecord.warehouse.lake import lake_name, mark_published, newest_published, open_newest, open_snapshot
from ontherecord.warehouse.memory import Config, limit_of, retry_with_more_memory
from ontherecord.warehouse.runs import now
from ontherecord.warehouse.tables import duckdb_of, warehouse

# Read-only, so that a plain `duckdb FILE`, which would open it for writing and lock everybody else
# out, is refused.
MODE = 0o444
# The share of the writer's file up to which it is published with what is free in it.
_MOST_FREE = 1 / 3
# What articles say is read by queries of ours only; should one ever be led astray, it gets no further.
_CLOSED = {
    "enable_external_access": "false",
    "lock_configuration": "true",
}


def has_unpublished_change(engine: Engine, home: DataDir) -> bool:
    """Say whether the writer's file holds a change that the published one lacks."""
    with engine.connect() as connection:
        change_no = connection.scalar(select(warehouse.c.change_no))
        if home.lake:
            newest = newest_published(duckdb_of(connection))
            return newest is None or newest.change_no != change_no
        return published_change(home) != change_no


def publish(engine: Engine, home: DataDir) -> None:
    """Put a checked copy of the writer's file in the published one's place; mark a lake's snapshot.

    Raises CheckFailed if a check returns rows: what is published stays as it was.
    """
    if home.lake:
        _publish_snapshot(engine, home)
        return
    draft = home.folder / f".warehouse.{os.getpid()}.duckdb"
    try:
        _copy(engine, draft)
        broken = _broken(engine, draft, home)
        if broken:
            raise CheckFailed(_describe(broken, home))
        draft.chmod(MODE)
        # The log of the writer's file was made in this run: a power cut must not leave the published file
        # ahead of the writer's.
        sync_folder(home.folder)
        atomic_replace(draft, home.published)
    finally:
        remove(draft)


def _publish_snapshot(engine: Engine, home: DataDir) -> None:
    with engine.connect():  # and so nobody writes between the checks and the mark
        if broken := _broken_in_lake(engine, home):
            raise CheckFailed(_describe(broken, home))
        with engine.begin() as connection:
            mark_published(connection, now())


@retry_with_more_memory
def _broken_in_lake(engine: Engine, home: DataDir) -> list[CheckResult]:
    newest, has_checked = open_newest(home, limit_of(engine), CHECKED)
    with closing(newest):
        return [r for r in run_checks(newest, with_checked=has_checked) if r.row_count]


def check(home: DataDir) -> list[CheckResult]:
    """Run all checks on the published file."""
    with closing(open_published(home)) as connection:
        return run_checks(connection)


@retry_with_more_memory
def _broken(engine: Engine, draft: Path, home: DataDir) -> list[CheckResult]:
    """Return the checks that do not hold for a draft. What is published held, where it can be read."""
    memory = limit_of(engine)
    if home.published.exists():
        with suppress(duckdb.Error):  # a damaged one is about to be replaced
            return _run_checks(draft, memory, home.published)
    return _run_checks(draft, memory)


def _run_checks(draft: Path, memory: Config, checked: Path | None = None) -> list[CheckResult]:
    with closing(duckdb.connect(str(draft), read_only=True, config=memory)) as connection:
        if checked:
            connection.execute(f"attach '{sql.escape_literal(checked)}' as {CHECKED} (read_only)")
        _close(connection)
        return [r for r in run_checks(connection, with_checked=checked is not None) if r.row_count]


def open_published(home: DataDir, *, to_write: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Open the published file for reading; no query of the connection reaches another file.

    `to_write` is the one file that it may write to. Raises WarehouseError if nothing is published yet, or
    it is no DuckDB file.
    """
    if home.lake:
        connection = open_snapshot(home)
        _close(connection, to_write)
        return connection
    require_published(home)
    return _connect(home.published, to_write)


def published_name(home: DataDir) -> str:
    """Return where people find what is published."""
    return lake_name(home.lake) if home.lake else str(home.published)


def require_published(home: DataDir) -> None:
    """Raise WarehouseError if nothing is published yet."""
    if not home.published.exists():
        raise WarehouseError(
            f"Nothing is published in {home.folder} yet. Run `ontherecord ingest LANDING` first, or name "
            "the right folder in ONTHERECORD_HOME."
        )


def published_change(home: DataDir) -> int | None:
    """Return the change that the published file holds, None where there is no readable one."""
    try:
        with closing(open_published(home)) as connection:
            row = connection.execute("select change_no from ops.warehouse").fetchone()
    except (WarehouseError, duckdb.Error):
        return None
    return int(row[0]) if row else None


def _connect(file: Path, to_write: Path | None = None) -> duckdb.DuckDBPyConnection:
    try:
        connection = duckdb.connect(str(file), read_only=True)
        _close(connection, to_write)
        return connection
    except duckdb.Error as error:
        raise WarehouseError(
            f"{file} cannot be opened: {error}. If somebody opened it for writing, ask them to close it and "
            "to use `duckdb -readonly`; if it is damaged, `ontherecord publish` makes it anew."
        ) from error


def _close(connection: duckdb.DuckDBPyConnection, to_write: Path | None = None) -> None:
    """Let no query of the connection reach another file, and none change that."""
    if to_write is not None:
        connection.execute(f"set allowed_paths = ['{sql.escape_literal(to_write)}']")
    for name, value in _CLOSED.items():
        connection.execute(f"set {name} = {value}")


@retry_with_more_memory
def _copy(engine: Engine, draft: Path) -> None:
    """Copy the writer's file: as it is where it is compact, else row by row.

    Either way with keys, comments, views and macros.
    """
    remove(draft)  # of a try with less memory
    with engine.connect() as connection:
        writer = duckdb_of(connection)
        writer.execute("checkpoint")  # a copy by bytes would lack the log, and writing it leaves room
        if storage.free_space(writer).free_share <= _MOST_FREE and _copied(writer, draft):
            return
        (name,) = writer.execute("select current_database()").fetchone()
        copy_into(writer, name, draft)
    if draft.with_name(f"{draft.name}.wal").exists():
        # DuckDB tells nobody that it could not write the log into the file when it was detached.
        raise WarehouseError(
            f"The copy to be published, {draft}, could not be finished. What is published stays as it "
            "was. See that the disk is not full, then run it again."
        )


def _copied(writer: Any, draft: Path) -> bool:
    """Copy the file of a connection by its bytes, and say whether that could be done."""
    (file,) = writer.execute(
        "select path from duckdb_databases() where database_name = current_database()"
    ).fetchone()
    if Path(f"{file}.wal").exists():
        return False
    # By another process: were this one to open and close the file, the lock that keeps others out would go.
    # `cp` also shares the blocks, where the file system can do that.
    if subprocess.run(["cp", file, draft], check=False, capture_output=True).returncode:
        remove(draft)  # DuckDB's own copy tells better what is wrong
        return False
    return True


def copy_into(connection: Any, source: str, draft: Path) -> None:
    """Copy an attached database into a new file, compacted, with keys, comments, views and macros."""
    attach_new(connection, draft, "draft")
    try:
        connection.execute(f'copy from database "{source}" to draft')
    finally:
        connection.execute("detach draft")


def attach_new(connection: Any, file: Path, name: str) -> None:
    """Make a database file and attach it."""
    connection.execute(f"attach '{sql.escape_literal(file)}' as {name} (storage_version '{storage.VERSION}')")


def atomic_replace(draft: Path, file: Path) -> None:
    """Rename, once the bytes are on disk: after a power cut the name is the old file's or the new one's."""
    fd = os.open(draft, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
    draft.replace(file)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk: a file's own fsync does not promise its name."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _describe(broken: list[CheckResult], home: DataDir) -> str:
    """Return what is broken in words, which sql/alerts/failed_check.sql reads again."""
    lines = [f"{result.name}: {result.row_count} rows, such as {result.examples[0]}" for result in broken]
    stays = (
        "What is published of the lake stays as it was. Look at these rows in its newest snapshot."
        if home.lake
        else f"The file {home.published} stays as it was. Look at these rows in {home.writer}."
    )
    return (
        f"Nothing was published: {len(broken)} of the checks in sql/checks do not hold.\n  "
        + "\n  ".join(lines)
        + f"\n{stays}"
    )
