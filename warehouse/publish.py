"""Publish: check a copy of the writer's file and put it in place atomically. The last step of a run's data.

Readers open a copy, because DuckDB admits either one writer or readers to a file. The copy is written beside
the published file and renamed over it: open readers keep the old file, the next open sees the new one.
"""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import Engine, select, update

from ontherecord import sql
from ontherecord.warehouse.checks import (
    CHECKED,
    CheckResult,
    run_article_checks,
    run_checks,
    run_table_checks,
)
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import STORAGE_VERSION, as_rows, duckdb_of, free_space, wal_of
from ontherecord.warehouse.disk_space import remove_draft
from ontherecord.warehouse.errors import CheckFailed, WarehouseError
from ontherecord.warehouse.foreign_wal import foreign_wal, shut_out_wal
from ontherecord.warehouse.lake import lake_name, mark_published, newest_published, open_latest, open_snapshot
from ontherecord.warehouse.lock import current_holder, killed_holder
from ontherecord.warehouse.memory import (
    MEMORY_MB,
    Config,
    memory_config,
    memory_config_of,
    release_memory,
    retry_with_more_memory,
)
from ontherecord.warehouse.plural import counted
from ontherecord.warehouse.runs import now
from ontherecord.warehouse.schema_number import require_this_schema
from ontherecord.warehouse.spare import LEAST_BYTES, copy_blocks, differing_blocks
from ontherecord.warehouse.tables import warehouse

# Read-only: a plain `duckdb FILE` would open it for writing and lock out all other readers. Root may all the
# same, but can commit nothing: see foreign_wal.py.
MODE = 0o444
# How often a published file that cannot be read for a foreign WAL is tried again.
_TRIES = 3
# Up to this share of unused space, the writer's file is copied as it is; beyond, it is compacted.
_MAX_FREE_SHARE = 1 / 3
# Defence in depth: no query can reach other files, whatever the text of an article injects.
_LOCKED_DOWN = {
    "enable_external_access": "false",
    "lock_configuration": "true",
}


def has_unpublished_change(engine: Engine, home: DataDir) -> bool:
    """Say whether the warehouse has a change that is not published."""
    with engine.connect() as connection:
        change_no = connection.scalar(select(warehouse.c.change_no))
        if home.lake:
            newest = newest_published(duckdb_of(connection))
            return newest is None or newest.change_no != change_no
        return published_change(home) != change_no


def publish(engine: Engine, home: DataDir) -> tuple[Path, ...]:
    """Replace the published file with a checked copy of the writer's; in a lake, mark the snapshot as
    published. Return what others wrote to the published file, which was moved aside.

    Raises CheckFailed if a check returns rows, WarehouseError if readers cannot open the new file: the
    published state is unchanged.
    """
    if home.lake:
        _publish_snapshot(engine, home)
        return ()
    draft = home.folder / f".warehouse.{os.getpid()}.duckdb"
    moved = shut_out_wal(home.published)  # the checks read the published file too
    rewrite = home.rewrite_mark.exists()
    try:
        _sign(engine)
        copied = _copy(engine, draft, home, rewrite=rewrite)
        if failed := [*copied.failed, *_failed_article_checks(engine, draft, home, copied.differing)]:
            raise CheckFailed(_describe(failed, home))
        draft.chmod(MODE)
        # The writer's WAL was created in this run: after a power failure the published file must not be ahead
        # of the writer's.
        sync_folder(home.folder)
        return moved + _put_in_place(
            draft, home.published, None if rewrite or copied.shares_blocks else home.spare
        )
    finally:
        remove_draft(draft)


def _put_in_place(draft: Path, published: Path, spare: Path | None) -> tuple[Path, ...]:
    """Rename the draft over the published file, and open it as a reader does; return what was moved aside.

    With `spare`, the previous file is kept there if it is large.

    Raises WarehouseError if it cannot be opened; the previous file is then back in place.
    """
    previous = draft.with_name(f"{draft.stem}.previous.duckdb")
    previous.unlink(missing_ok=True)
    with suppress(OSError):  # nothing was published yet, or the file system has no hard links
        os.link(published, previous)
    moved: tuple[Path, ...] = ()
    try:
        atomic_replace(draft, published)
        for _ in range(_TRIES):
            error = _reader_error(published)
            aside = shut_out_wal(published) if error else ()
            moved += aside
            if not aside:
                break
        if error is None:
            if spare and previous.exists() and previous.stat().st_size >= LEAST_BYTES:
                previous.replace(spare)
            return moved
        if was_there := previous.exists():
            atomic_replace(previous, published)
        raise WarehouseError(
            f"The new {published.name} cannot be opened by readers: {error}. "
            f"{'The previous one is in place again. ' if was_there else ''}If somebody has it open for "
            "writing, ask them to close it, then run it again."
        ) from error
    finally:
        previous.unlink(missing_ok=True)


def _reader_error(published: Path) -> duckdb.Error | None:
    """Read from the published file; return what went wrong."""
    try:
        # Attached: to connect to it would give an older file that this process may have open by this name.
        with closing(duckdb.connect(config=memory_config(MEMORY_MB))) as connection:
            connection.execute(f"attach '{sql.escape_literal(published)}' as {CHECKED} (read_only)")
            connection.execute(f"select change_no from {CHECKED}.ops.warehouse").fetchone()
    except duckdb.Error as error:
        return error
    return None


def _publish_snapshot(engine: Engine, home: DataDir) -> None:
    with engine.connect():  # holds the write lock from the checks to the mark
        _sign(engine)
        if failed := _failed_checks_in_lake(engine, home):
            raise CheckFailed(_describe(failed, home))
        with engine.begin() as connection:
            mark_published(connection, now())


@retry_with_more_memory
def _failed_checks_in_lake(engine: Engine, home: DataDir) -> list[CheckResult]:
    newest, has_checked = open_latest(home, memory_config_of(engine), CHECKED)
    with closing(newest):
        return _failed(run_table_checks(newest) + run_article_checks(newest, with_checked=has_checked))


def _sign(engine: Engine) -> None:
    """Write into the warehouse which version publishes it, and when."""
    with engine.begin() as connection:
        connection.execute(update(warehouse).values(version=version("ontherecord"), published_at=now()))


def check(home: DataDir) -> list[CheckResult]:
    """Run all checks on the published file."""
    with closing(open_published(home)) as connection:
        return run_checks(connection)


@retry_with_more_memory
def _failed_article_checks(
    engine: Engine, draft: Path, home: DataDir, differing: list[int] | None
) -> list[CheckResult]:
    """Return the failed checks of a draft's articles, without those that are published as they are."""
    memory = memory_config_of(engine)
    release_memory(engine)  # the draft is opened beside the writer's file
    if home.published.exists():
        with suppress(duckdb.Error):  # a damaged published file is about to be replaced
            return _check_articles(draft, memory, home.published, differing)
    return _check_articles(draft, memory)


def _check_articles(
    draft: Path, memory: Config, checked: Path | None = None, differing: list[int] | None = None
) -> list[CheckResult]:
    with closing(duckdb.connect(str(draft), read_only=True, config=memory)) as connection:
        if checked:
            connection.execute(f"attach '{sql.escape_literal(checked)}' as {CHECKED} (read_only)")
        _lock_down(connection)
        return _failed(
            run_article_checks(connection, with_checked=checked is not None, changed_blocks=differing)
        )


def _failed(results: list[CheckResult]) -> list[CheckResult]:
    return [result for result in results if result.row_count]


def open_published(
    home: DataDir, *, to_write: Path | None = None, any_schema: bool = False
) -> duckdb.DuckDBPyConnection:
    """Open the published file for reading, on a connection that cannot reach other files except `to_write`.

    Raises WarehouseError if nothing is published yet, the file cannot be opened, or, without `any_schema`,
    a version with another schema published it.
    """
    if home.lake:
        connection = open_snapshot(home)
        _lock_down(connection, to_write)
    else:
        require_published(home)
        connection = _connect(home.published, to_write)
    if not any_schema:
        try:
            require_this_schema(connection, published_name(home))
        except WarehouseError:
            connection.close()
            raise
    return connection


def published_name(home: DataDir) -> str:
    """Return the path of the published file, or the name of the lake."""
    return lake_name(home.lake) if home.lake else str(home.published)


def require_published(home: DataDir) -> None:
    """Raise WarehouseError if nothing is published yet, saying how far the first run has come."""
    if not home.published.exists():
        raise WarehouseError(f"Nothing is published in {home.folder} yet. {_first_run(home)}")


def _first_run(home: DataDir) -> str:
    """Say of a home without a published file how its first run does or ended, and what to do next."""
    again = "Run `ontherecord ingest LANDING` again: it goes on from what is loaded."
    if holder := current_holder(home):
        return f"The first run is under way: {holder}. It publishes when it is done."
    if killed := killed_holder(home):
        return f"The first run was killed: {killed}; it last wrote at {_last_write(home)}. {again}"
    if home.writer.exists():
        return f"{_failed_run(home)} {again}"
    first = "Run `ontherecord ingest LANDING` first, or name another folder with --home or ONTHERECORD_HOME"
    return f"{first}." if home.folder.exists() else f"{first}: this one does not exist."


def _last_write(home: DataDir) -> str:
    files = [file for file in (home.writer, wal_of(home.writer)) if file.exists()]
    at = max((file.stat().st_mtime for file in files), default=home.folder.stat().st_mtime)
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _failed_run(home: DataDir) -> str:
    """Say from the writer's file how the last run ended."""
    try:
        with closing(duckdb.connect(str(home.writer), read_only=True)) as connection:
            [run] = as_rows(connection.execute(sql.statement("status", "last_run")))
    except (duckdb.Error, ValueError):
        return "The first run did not end well, and its file cannot be read now."
    message = " ".join((run["message"] or "").split())
    why = f": {message}" if message else "."
    return f"The last run ({run['flow']}, begun at {run['started_at']} UTC) ended as {run['state']}{why}"


def published_change(home: DataDir) -> int | None:
    """Return the change number of the published file, or None if it is missing or unreadable."""
    try:
        with closing(open_published(home, any_schema=True)) as connection:
            row = connection.execute("select change_no from ops.warehouse").fetchone()
    except (WarehouseError, duckdb.Error):
        return None
    return int(row[0]) if row else None


def _connect(file: Path, to_write: Path | None = None) -> duckdb.DuckDBPyConnection:
    _refuse_foreign_wal(file)
    try:
        connection = duckdb.connect(str(file), read_only=True)
        _lock_down(connection, to_write)
        return connection
    except duckdb.Error as error:
        raise WarehouseError(_unreadable(file, error)) from error


def _unreadable(file: Path, error: duckdb.Error) -> str:
    """Say why the published file cannot be opened, and what to do."""
    if "Could not set lock" in str(error):
        return (
            f"{file} cannot be opened: somebody has it open for writing ({error}). Ask them to close it and "
            "to use `duckdb -readonly`. The next run puts a new file in its place, as `ontherecord publish` "
            "does at once."
        )
    return f"{file} cannot be opened: {error}. If it is damaged, `ontherecord publish` replaces it."


def _refuse_foreign_wal(file: Path) -> None:
    """Raise WarehouseError if readers would see what nobody published, or nothing."""
    if wal := foreign_wal(file):
        raise WarehouseError(
            f"{file} was opened for writing by somebody who did not close it: what they wrote is in "
            f"{wal.name}. Nothing is read until that is gone. The next run moves it aside, as `ontherecord "
            "publish` does at once."
        )


def _lock_down(connection: duckdb.DuckDBPyConnection, to_write: Path | None = None) -> None:
    """Deny the connection access to other files, for good."""
    if to_write is not None:
        connection.execute(f"set allowed_paths = ['{sql.escape_literal(to_write)}']")
    for name, value in _LOCKED_DOWN.items():
        connection.execute(f"set {name} = {value}")


@dataclass(frozen=True, slots=True)
class _Copied:
    """How a draft was copied.

    `differing` are the numbers of its blocks that the published file has not, None if they are not known.
    With `shares_blocks`, both files have the same place on the disk, as some file systems can: no spare is
    needed then. `failed` are checks of whole tables.
    """

    differing: list[int] | None = None
    shares_blocks: bool = False
    failed: list[CheckResult] = field(default_factory=list)


@retry_with_more_memory
def _copy(engine: Engine, draft: Path, home: DataDir, *, rewrite: bool = False) -> _Copied:
    """Copy the writer's file: its bytes if it is compact, else, or with `rewrite`, row by row.

    Both copies have keys, comments, views and macros. A copy of the bytes has those of deleted rows too.
    While other processes read and write the bytes, the checks that read whole tables run here.
    """
    remove_draft(draft)  # left by an attempt with less memory
    with engine.connect() as connection, ThreadPoolExecutor(1) as beside:
        writer = duckdb_of(connection)
        writer.execute("checkpoint")  # a byte copy would lack the WAL, and writing it leaves unused space
        is_compact = free_space(writer).free_share <= _MAX_FREE_SHARE and not rewrite
        [(name, file)] = writer.execute(
            "select database_name, path from duckdb_databases() where database_name = current_database()"
        ).fetchall()
        copying = beside.submit(_copy_bytes, Path(file), draft, home) if is_compact else None
        failed = _failed(run_table_checks(writer))
        if copying and (copied := copying.result()):
            return replace(copied, failed=failed)
        home.spare.unlink(missing_ok=True)  # it would have no block in common with the next file
        copy_into(writer, name, draft)
    if draft.with_name(f"{draft.name}.wal").exists():
        # On detach, DuckDB does not report that it could not write the WAL into the file.
        raise WarehouseError(
            f"The new copy, {draft}, could not be completed. The published file is unchanged. Check that the "
            "disk is not full, then run it again."
        )
    return _Copied(failed=failed)


def _copy_bytes(file: Path, draft: Path, home: DataDir) -> _Copied | None:
    """Copy the bytes of the writer's file, and compare them with the published ones; None if it did not work.

    In another process: if this one opened and closed the file, it would lose its lock on it.
    """
    if wal_of(file).exists():
        return None
    # A small file is copied and compared in a moment.
    published = home.published if home.published.exists() and file.stat().st_size >= LEAST_BYTES else None
    shares_blocks = _cp(file, draft, "--reflink=always")
    if shares_blocks:
        home.spare.unlink(missing_ok=True)
    else:
        with suppress(FileNotFoundError):
            home.spare.rename(draft)  # so that it goes if this process is killed
            differing = copy_blocks(file, draft, published)
            if differing is not None:
                return _Copied(differing if published else None)
        if not _cp(file, draft):
            return None
    return _Copied(differing_blocks(draft, published) if published else None, shares_blocks)


def _cp(file: Path, draft: Path, *options: str) -> bool:
    """Copy a file with `cp`, as a new one; say whether it worked."""
    remove_draft(draft)
    if subprocess.run(["cp", *options, file, draft], check=False, capture_output=True).returncode:
        remove_draft(draft)  # DuckDB's own copy reports better what is wrong
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
    """Create a database file and attach it."""
    connection.execute(f"attach '{sql.escape_literal(file)}' as {name} (storage_version '{STORAGE_VERSION}')")


def atomic_replace(draft: Path, file: Path) -> None:
    """Flush a draft to disk and rename it: after a power failure, there is either the old or the new file."""
    sync_file(draft)
    draft.replace(file)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries to disk: fsync of a file does not include its name."""
    sync_file(folder)


def sync_file(file: Path) -> None:
    """Flush a file's bytes to disk."""
    fd = os.open(file, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _describe(failed: list[CheckResult], home: DataDir) -> str:
    """Return a message about failed checks, in the format that sql/alerts/failed_check.sql parses."""
    lines = [
        f"{result.name}: {counted(result.row_count, 'row')}, such as {result.examples[0]}"
        for result in failed
    ]
    advice = (
        "The published snapshot of the lake is unchanged. Look at these rows in the newest one."
        if home.lake
        else f"{home.published} is unchanged. Look at these rows in {home.writer}."
    )
    return (
        f"Nothing was published: {len(failed)} of the checks in sql/checks failed.\n  "
        + "\n  ".join(lines)
        + f"\n{advice}"
    )
