"""The lake: a warehouse that many machines write and read, a DuckLake with its catalog in Postgres.

If the setting `warehouse` names one, it replaces the writer's and the published file, with the same tables,
views, macros and SQL. An advisory lock replaces the file lock, and a snapshot replaces the published copy.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zlib import crc32

import duckdb
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from ontherecord import sql
from ontherecord.warehouse.corruption import error_text
from ontherecord.warehouse.data_dir import DataDir, Lake
from ontherecord.warehouse.database import duckdb_of
from ontherecord.warehouse.errors import WarehouseError, WriterBusy
from ontherecord.warehouse.memory import MEMORY_MB, Config, memory_config

if TYPE_CHECKING:
    import psycopg

NAME = "lake"
_EXTENSIONS = ("postgres_scanner", "ducklake")
# The first key of our advisory locks in the database: of the write lock, and of the lock that each run holds.
_WRITE_LOCK, _RUN_LOCK = 243_187_757, 243_187_758
# A batch takes seconds, the marts of ten million articles minutes.
_LOCK_TIMEOUT_SECONDS = 1800
# Open readers use an old snapshot, and users query last week's state.
_SNAPSHOT_DAYS = 7
_LOCK_OPTION = "write_lock"
_MISSING = "A lake needs more packages. Run pip install 'ontherecord[lake]'."
# What a lake does not support: keys, sequences, comments on macros and on the columns of views.
_UNSUPPORTED = re.compile(r" primary key|^(?:create|drop) sequence .*?;$|^comment on macro .*?;$", re.M)
_UNSUPPORTED_IN_VIEWS = re.compile(r"^comment on column .*?;$", re.M)
_VIEW = re.compile(r"^create or replace view ", re.M)


class WriteLock:
    """The lock to write to a lake, and a lock for each run that is alive.

    Both are advisory locks of the catalog's Postgres, which releases them however a process ends. A lake
    itself allows concurrent inserts, so two transactions could insert the same entity.
    """

    def __init__(self, lake: Lake) -> None:
        self._connection = _catalog(lake)
        self._depth = 0

    def acquire(self) -> None:
        """Wait for the lock and take it; nested calls count. Raises WriterBusy after half an hour."""
        if not self._depth:
            import psycopg

            try:
                self._connection.execute("select pg_advisory_lock(%s, 0)", (_WRITE_LOCK,))
            except psycopg.errors.LockNotAvailable:
                raise WriterBusy(
                    "Another process has been writing to this warehouse for "
                    f"{_LOCK_TIMEOUT_SECONDS // 60} minutes. Find it in pg_stat_activity of the catalog, and "
                    "run this again when it is done."
                ) from None
            except psycopg.Error as error:
                raise WarehouseError(_unreachable(error)) from error
        self._depth += 1

    def release(self) -> None:
        """Release the lock, once for each call of `acquire`."""
        self._depth -= 1
        if not self._depth and not self._connection.closed:
            self._connection.execute("select pg_advisory_unlock(%s, 0)", (_WRITE_LOCK,))

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the lock for the block."""
        self.acquire()
        try:
            yield
        finally:
            self.release()

    def register_run(self, run_id: str) -> None:
        """Mark a run as alive for as long as this process lives."""
        self._connection.execute("select pg_advisory_lock(%s, %s)", (_RUN_LOCK, _lock_key(run_id)))

    def is_run_dead(self, run_id: str) -> bool:
        """Say whether the process of a run is gone."""
        got = self._connection.execute("select pg_try_advisory_lock(%s, %s)", (_RUN_LOCK, _lock_key(run_id)))
        if (row := got.fetchone()) is None or not row[0]:
            return False
        self._connection.execute("select pg_advisory_unlock(%s, %s)", (_RUN_LOCK, _lock_key(run_id)))
        return True

    def catalog_is_new(self) -> bool:
        """Say whether the database has no DuckLake catalog yet."""
        return _is_new(self._connection)

    def close(self) -> None:
        self._connection.close()


@dataclass(frozen=True, slots=True)
class Published:
    """The snapshot that was published last, and its change number."""

    snapshot_id: int
    change_no: int


@contextmanager
def open_lake(home: DataDir, memory_mb: int = MEMORY_MB) -> Iterator[Engine]:
    """Open a home's lake for writing; create it, without a schema, if there is none.

    Checking out the engine's connection takes the write lock, so that each transaction sees what the previous
    one wrote, on whichever machine.

    Raises WarehouseError, now or in the block, if the catalog or the files are unreachable.
    """
    lake = _lake_of(home)
    write_lock = WriteLock(lake)
    engine = create_engine(
        "duckdb:///:memory:",
        connect_args={
            "config": {**memory_config(memory_mb), "temp_directory": str(home.folder / ".lake.tmp")}
        },
        poolclass=StaticPool,
        execution_options={_LOCK_OPTION: write_lock},
    )

    @event.listens_for(engine, "connect")
    def _(connection: Any, _: object) -> None:
        with write_lock.hold():
            data = lake.data or str((home.folder / "lake").absolute())
            is_new = write_lock.catalog_is_new()
            options = (f"data_path '{sql.escape_literal(data)}'",) if lake.data or is_new else ()
            _prepare(connection, lake)
            connection.execute(_attach_statement(lake, NAME, *options))
            if is_new:
                connection.execute(f"call {NAME}.set_option('parquet_compression', 'zstd')")
        connection.execute(f"use {NAME}")

    event.listen(engine, "checkout", lambda *_: write_lock.acquire())
    event.listen(engine, "checkin", lambda *_: write_lock.release())
    try:
        yield engine
    except (duckdb.Error, DBAPIError) as error:
        raise WarehouseError(
            f"The lake {lake_name(lake)} failed: {error_text(error)}. The open transaction was rolled back. "
            "Check that the catalog and the files are reachable, then run it again."
        ) from error
    finally:
        engine.dispose()
        write_lock.close()


def write_lock_of(engine: Engine) -> WriteLock | None:
    """Return the write lock of an engine on a lake, None for one on a file."""
    write_lock = engine.get_execution_options().get(_LOCK_OPTION)
    return write_lock if isinstance(write_lock, WriteLock) else None


def adapt_ddl(connection: Connection, statements: str) -> str:
    """Return DDL statements without what a lake does not support; unchanged for a file.

    The checks find what keys would refuse.
    """
    if write_lock_of(connection.engine) is None:
        return statements
    if _VIEW.search(statements):
        statements = _UNSUPPORTED_IN_VIEWS.sub("", statements)
    return _UNSUPPORTED.sub("", statements)


def lake_name(lake: Lake) -> str:
    """Return a lake's URL for display, without user and password."""
    parts = urlsplit(lake.catalog)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def newest_published(connection: Any) -> Published | None:
    """Return the newest published snapshot, or None, from a connection to a lake."""
    (has_table,) = connection.execute(sql.statement("lake", "has_published")).fetchone()
    row = connection.execute(sql.statement("lake", "newest_published")).fetchone() if has_table else None
    return Published(*row) if row else None


def mark_published(connection: Connection, at: datetime) -> None:
    """Publish the lake's current snapshot; the caller has checked it and held the write lock since."""
    duckdb_of(connection).execute(sql.statement("lake", "publish"), {"at": at})


def open_latest(home: DataDir, memory: Config, checked: str) -> tuple[duckdb.DuckDBPyConnection, bool]:
    """Open a lake's current state for reading, with the published snapshot attached as `checked`.

    Also returns whether there is a published snapshot.
    """
    lake = _lake_of(home)
    connection = duckdb.connect(config=memory)
    _prepare(connection, lake)
    connection.execute(_attach_statement(lake, NAME, "read_only"))
    connection.execute(f"use {NAME}")
    published = newest_published(connection)
    if published:
        snapshot = f"snapshot_version {published.snapshot_id}"
        connection.execute(_attach_statement(lake, checked, "read_only", snapshot))
    return connection, published is not None


def open_snapshot(home: DataDir) -> duckdb.DuckDBPyConnection:
    """Open the published snapshot of a lake for reading.

    Raises WarehouseError if the catalog or the files are unreachable, or nothing is published yet.
    """
    lake = _lake_of(home)
    connection = duckdb.connect()
    try:
        _prepare(connection, lake)
        for statement in _published_statements(connection, lake):
            connection.execute(statement)
    except duckdb.Error as error:
        connection.close()
        raise WarehouseError(
            f"The lake {lake_name(lake)} cannot be read: {error}. Check that the catalog and the "
            "files are reachable."
        ) from error
    return connection


def client_statements(home: DataDir) -> tuple[list[str], dict[str, str]]:
    """Return the statements and environment for DuckDB's command-line client to open the published snapshot.

    The password is in the environment, because other users of the machine can read arguments.
    """
    lake = _lake_of(home)
    with closing(duckdb.connect()) as connection:
        _prepare(connection, lake)
        published = _published_statements(connection, lake, secret=None)
    password = _conninfo(lake).get("password")
    return (
        [*_load_statements(lake), *_s3_statements(lake), *published],
        {"PGPASSWORD": password} if password else {},
    )


def expire_snapshots(engine: Engine) -> int:
    """Expire snapshots older than a week, merge small files, delete unused ones.

    The published snapshot stays. Returns how many snapshots expired.
    """
    with engine.connect() as connection:
        lake = duckdb_of(connection)
        expired = lake.execute(sql.statement("lake", "expired"), {"days": _SNAPSHOT_DAYS}).fetchall()
        if expired:
            versions = ", ".join(str(snapshot_id) for (snapshot_id,) in expired)
            lake.execute(f"call ducklake_expire_snapshots('{NAME}', versions => [{versions}])")
        for name in ("flush_inlined_data", "rewrite_data_files", "merge_adjacent_files"):
            lake.execute(f"call ducklake_{name}('{NAME}')")
        lake.execute(
            f"call ducklake_cleanup_old_files('{NAME}', older_than => now() - interval {_SNAPSHOT_DAYS} days)"
        )
    return len(expired)


def purge_snapshots(engine: Engine, at: datetime) -> None:
    """Publish the current rows in files of their own, expire all earlier snapshots and delete their files.

    The caller has published the current rows. Readers of an earlier snapshot lose it: it has rows that were
    taken down. `at` is the time in UTC.
    """
    with engine.connect():
        with engine.connect() as connection:
            lake = duckdb_of(connection)
            for name, options in (
                ("flush_inlined_data", ""),
                ("rewrite_data_files", ", delete_threshold => 0"),
                ("merge_adjacent_files", ""),
            ):
                lake.execute(f"call ducklake_{name}('{NAME}'{options})")
        with engine.begin() as connection:
            mark_published(connection, at)
        with engine.connect() as connection:
            lake = duckdb_of(connection)
            expired = lake.execute(sql.statement("lake", "expired"), {"days": 0}).fetchall()
            versions = ", ".join(str(snapshot_id) for (snapshot_id,) in expired)
            lake.execute(f"call ducklake_expire_snapshots('{NAME}', versions => [{versions}])")
            lake.execute(f"call ducklake_cleanup_old_files('{NAME}', cleanup_all => true)")


def _published_statements(connection: Any, lake: Lake, secret: str | None = NAME) -> list[str]:
    """Return the statements that attach and use the published snapshot, and allow no files but its own.

    The connection must be prepared; nothing stays attached to it.
    """
    with closing(_catalog(lake)) as catalog:
        published = None
        if not _is_new(catalog):
            connection.execute(_attach_statement(lake, NAME, "read_only"))
            connection.execute(f"use {NAME}")
            published = newest_published(connection)
    if published is None:
        raise WarehouseError(
            f"Nothing is published in the lake {lake_name(lake)} yet. Run `ontherecord ingest LANDING` "
            "first, or name another lake in ONTHERECORD_WAREHOUSE."
        )
    (data,) = connection.execute(f"select data_path from ducklake_settings('{NAME}')").fetchall()[0]
    connection.execute("use memory")
    connection.execute(f"detach {NAME}")
    return [
        _attach_statement(
            lake, NAME, "read_only", f"snapshot_version {published.snapshot_id}", secret=secret
        ),
        f"use {NAME}",
        f"set allowed_directories = ['{sql.escape_literal(data)}']",
    ]


def _lake_of(home: DataDir) -> Lake:
    assert home.lake, "called for a home without a lake"
    return home.lake


def _catalog(lake: Lake) -> psycopg.Connection[Any]:
    """Connect to a lake's Postgres."""
    try:
        import psycopg
    except ImportError as error:
        raise WarehouseError(_MISSING) from error
    try:
        # Keepalives: a machine that lost power must not block others until TCP times out.
        return psycopg.connect(
            lake.catalog,
            autocommit=True,
            options=f"-c lock_timeout={_LOCK_TIMEOUT_SECONDS}s -c tcp_keepalives_idle=30 "
            "-c tcp_keepalives_interval=10 -c tcp_keepalives_count=3",
            application_name="ontherecord",
        )
    except psycopg.Error as error:
        raise WarehouseError(f"{lake_name(lake)}: {_unreachable(error)}") from error


def _unreachable(error: Exception) -> str:
    return (
        f"the catalog is unreachable ({str(error).strip()}). Check that Postgres is running, and host, "
        "database, user and password in ONTHERECORD_WAREHOUSE; then run it again."
    )


def _is_new(catalog: psycopg.Connection[Any]) -> bool:
    row = catalog.execute("select to_regclass('ducklake_metadata') is null").fetchone()
    return bool(row and row[0])


def _conninfo(lake: Lake) -> dict[str, Any]:
    from psycopg.conninfo import conninfo_to_dict

    return dict(conninfo_to_dict(lake.catalog))


def attach_lake(connection: Any, lake: Lake, name: str) -> None:
    """Attach a lake, read-only, to a connection to another warehouse."""
    _prepare(connection, lake, name)
    connection.execute(_attach_statement(lake, name, "read_only", secret=name))


def _prepare(connection: Any, lake: Lake, secret: str = NAME) -> None:
    """Load the extensions for a lake, and create a secret with its password."""
    for statement in (*_load_statements(lake), *_s3_statements(lake)):
        connection.execute(statement)
    if password := _conninfo(lake).get("password"):
        connection.execute(
            f"create secret {secret} (type postgres, password '{sql.escape_literal(password)}')"
        )


def _attach_statement(lake: Lake, name: str, *options: str, secret: str | None = NAME) -> str:
    """Return the statement that attaches a lake.

    It does not contain the catalog's password, because DuckDB lists attached databases with their paths. The
    password is in a secret, or in the environment if `secret` is None.
    """
    from psycopg.conninfo import make_conninfo

    info = _conninfo(lake)
    if info.pop("password", None) and secret:
        options = (*options, f"meta_secret '{secret}'")
    given = f" ({', '.join(options)})" if options else ""
    return f"attach 'ducklake:postgres:{sql.escape_literal(make_conninfo('', **info))}' as {name}{given}"


def _load_statements(lake: Lake) -> list[str]:
    """Return the statements that load the extensions for a lake."""
    more = ("httpfs",) if (lake.data or "").startswith("s3://") else ()
    return [f"load '{sql.escape_literal(_extension_file(name))}'" for name in (*_EXTENSIONS, *more)]


def _extension_file(name: str) -> Path:
    """Return the file of a DuckDB extension from its Python package."""
    package = find_spec(f"duckdb_extension_{name}")
    for location in package.submodule_search_locations or () if package else ():
        for file in Path(location).rglob(f"{name}.duckdb_extension"):
            return file
    raise WarehouseError(_MISSING)


def _s3_statements(lake: Lake) -> list[str]:
    """Return the statements for an S3 server other than Amazon's, if AWS_ENDPOINT_URL names one."""
    if not (lake.data or "").startswith("s3://") or not (server := os.environ.get("AWS_ENDPOINT_URL")):
        return []
    parts = urlsplit(server)
    return [
        f"set s3_endpoint = '{sql.escape_literal(parts.netloc)}'",
        f"set s3_use_ssl = {parts.scheme == 'https'}",
        "set s3_url_style = 'path'",
    ]


def _lock_key(run_id: str) -> int:
    """Return a signed 32-bit key for a run's advisory lock."""
    return crc32(run_id.encode()) - 2**31
