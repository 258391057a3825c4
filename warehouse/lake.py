"""Lake: a warehouse that many machines write and read, a DuckLake with its catalog in Postgres.

Where the setting `warehouse` names one, it stands in the place of the writer's file and of the published
one, with the same tables, views, macros and SQL. What the lock of a file and a published copy do there, an
advisory lock and a snapshot do here.
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
from ontherecord.warehouse.errors import WarehouseError, WriterBusy
from ontherecord.warehouse.memory import MEMORY_MB, Config, limited_to
from ontherecord.warehouse.tables import duckdb_of

if TYPE_CHECKING:
    import psycopg

NAME = "lake"
_EXTENSIONS = ("postgres_scanner", "ducklake")
# The locks that are ours among all advisory ones of the database: that of whose turn it is, and one a run.
_TURN, _RUN = 243_187_757, 243_187_758
# A batch takes seconds; the marts of ten million articles, minutes.
_TURN_SECONDS = 1800
# Readers that are open keep a snapshot in use, and people ask for the state of last week.
_SNAPSHOT_DAYS = 7
_TURNS = "turns"
_MISSING = "A warehouse in a lake needs more packages: pip install 'ontherecord[lake]'."
# What a lake has none of: keys, sequences, comments on macros and on columns of views.
_LACKING = re.compile(r" primary key|^(?:create|drop) sequence .*?;$|^comment on macro .*?;$", re.M)
_LACKING_IN_VIEWS = re.compile(r"^comment on column .*?;$", re.M)
_VIEW = re.compile(r"^create or replace view ", re.M)


class WriteLock:
    """Whose turn it is to write a lake, and which runs are alive.

    Both are advisory locks of the catalog's Postgres, which frees them however a process ends. A lake by
    itself lets transactions that insert run side by side, and two of them could insert one entity.
    """

    def __init__(self, lake: Lake) -> None:
        self._connection = _catalog(lake)
        self._depth = 0

    def take(self) -> None:
        """Wait until nobody else writes. Raises WriterBusy after half an hour."""
        if not self._depth:
            import psycopg

            try:
                self._connection.execute("select pg_advisory_lock(%s, 0)", (_TURN,))
            except psycopg.errors.LockNotAvailable:
                raise WriterBusy(
                    f"Another process writes this warehouse for {_TURN_SECONDS // 60} minutes already. See "
                    "pg_stat_activity in its catalog for who that is, and run this again when it is done."
                ) from None
            except psycopg.Error as error:
                raise WarehouseError(_lost(error)) from error
        self._depth += 1

    def give_back(self) -> None:
        """Let others write."""
        self._depth -= 1
        if not self._depth and not self._connection.closed:
            self._connection.execute("select pg_advisory_unlock(%s, 0)", (_TURN,))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Write, while nobody else does."""
        self.take()
        try:
            yield
        finally:
            self.give_back()

    def stand_for(self, run_id: str) -> None:
        """Be known as alive, for as long as the process is."""
        self._connection.execute("select pg_advisory_lock(%s, %s)", (_RUN, _number(run_id)))

    def is_lost(self, run_id: str) -> bool:
        """Say whether no process stands for a run any more."""
        got = self._connection.execute("select pg_try_advisory_lock(%s, %s)", (_RUN, _number(run_id)))
        if (row := got.fetchone()) is None or not row[0]:
            return False
        self._connection.execute("select pg_advisory_unlock(%s, %s)", (_RUN, _number(run_id)))
        return True

    def is_first(self) -> bool:
        """Say whether the database has no catalog yet."""
        return _is_new(self._connection)

    def close(self) -> None:
        self._connection.close()


@dataclass(frozen=True, slots=True)
class Published:
    """The snapshot that was checked last, and the change that it holds."""

    snapshot_id: int
    change_no: int


@contextmanager
def open_lake(home: DataDir, memory_mb: int = MEMORY_MB) -> Iterator[Engine]:
    """Open a home's lake for writing, made if there is none, at no schema yet.

    Whoever has the engine's connection has the turn, so that a transaction of one machine begins when the one
    before has ended, and reads what that wrote.

    Raises WarehouseError, then and later, if catalog or files cannot be reached.
    """
    lake = _of(home)
    turns = WriteLock(lake)
    engine = create_engine(
        "duckdb:///:memory:",
        connect_args={"config": {**limited_to(memory_mb), "temp_directory": str(home.folder / ".lake.tmp")}},
        poolclass=StaticPool,
        execution_options={_TURNS: turns},
    )

    @event.listens_for(engine, "connect")
    def _(connection: Any, _: object) -> None:
        with turns.held():
            data = lake.data or str((home.folder / "lake").absolute())
            is_first = turns.is_first()
            options = (f"data_path '{sql.escape_literal(data)}'",) if lake.data or is_first else ()
            _let_in(connection, lake)
            connection.execute(_attached(lake, NAME, *options))
            if is_first:
                connection.execute(f"call {NAME}.set_option('parquet_compression', 'zstd')")
        connection.execute(f"use {NAME}")

    event.listen(engine, "checkout", lambda *_: turns.take())
    event.listen(engine, "checkin", lambda *_: turns.give_back())
    try:
        yield engine
    except (duckdb.Error, DBAPIError) as error:
        raise WarehouseError(
            f"The lake {lake_name(lake)} failed: {error_text(error)}. The open transaction was rolled back. "
            "Check that catalog and files can be reached, then run it again."
        ) from error
    finally:
        engine.dispose()
        turns.close()


def write_lock_of(engine: Engine) -> WriteLock | None:
    """Return the turns of an engine on a lake, None for one on a file."""
    turns = engine.get_execution_options().get(_TURNS)
    return turns if isinstance(turns, WriteLock) else None


def adapt_ddl(connection: Connection, statements: str) -> str:
    """Return statements as the connection's warehouse knows them: a file as they are, a lake without keys.

    What keys would refuse, sql/checks find.
    """
    if write_lock_of(connection.engine) is None:
        return statements
    if _VIEW.search(statements):
        statements = _LACKING_IN_VIEWS.sub("", statements)
    return _LACKING.sub("", statements)


def lake_name(lake: Lake) -> str:
    """Return a lake's name for people to read, without user and password."""
    parts = urlsplit(lake.catalog)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def newest_published(connection: Any) -> Published | None:
    """Return what was published last, as a connection to a lake sees it."""
    (is_made,) = connection.execute(sql.statement("lake", "is_made")).fetchone()
    row = connection.execute(sql.statement("lake", "newest_published")).fetchone() if is_made else None
    return Published(*row) if row else None


def mark_published(connection: Connection, at: datetime) -> None:
    """Publish what the lake holds now; the caller has checked it, and has had the turn since."""
    duckdb_of(connection).execute(sql.statement("lake", "publish"), {"at": at})


def open_newest(home: DataDir, memory: Config, checked: str) -> tuple[duckdb.DuckDBPyConnection, bool]:
    """Open what a lake holds now for reading; and what is published, if anything is, as `checked`.

    Returns whether there is such a database.
    """
    lake = _of(home)
    connection = duckdb.connect(config=memory)
    _let_in(connection, lake)
    connection.execute(_attached(lake, NAME, "read_only"))
    connection.execute(f"use {NAME}")
    published = newest_published(connection)
    if published:
        snapshot = f"snapshot_version {published.snapshot_id}"
        connection.execute(_attached(lake, checked, "read_only", snapshot))
    return connection, published is not None


def open_snapshot(home: DataDir) -> duckdb.DuckDBPyConnection:
    """Open what is published of a lake, for reading.

    Raises WarehouseError if catalog or files cannot be reached, or nothing is published yet.
    """
    lake = _of(home)
    connection = duckdb.connect()
    try:
        _let_in(connection, lake)
        for statement in _published_statements(connection, lake):
            connection.execute(statement)
    except duckdb.Error as error:
        connection.close()
        raise WarehouseError(f"The lake {lake_name(lake)} cannot be read: {error}.") from error
    return connection


def client_statements(home: DataDir) -> tuple[list[str], dict[str, str]]:
    """Return what has DuckDB's command line client open what is published, and the environment for it.

    A password is in the environment, since arguments can be read by all users of a machine.
    """
    lake = _of(home)
    with closing(duckdb.connect()) as connection:
        _let_in(connection, lake)
        published = _published_statements(connection, lake, secret=None)
    password = _conninfo(lake).get("password")
    return (
        [*_loads(lake), *_storage_settings(lake), *published],
        {"PGPASSWORD": password} if password else {},
    )


def expire_snapshots(engine: Engine) -> int:
    """Forget snapshots that are a week old, join small files, remove those that nothing needs.

    What is published stays. Returns how many snapshots went.
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


def _published_statements(connection: Any, lake: Lake, secret: str | None = NAME) -> list[str]:
    """Return what attaches the published snapshot, lets nothing but its files be read, and uses it.

    Asks with a connection that is let in, and leaves nothing attached to it.
    """
    with closing(_catalog(lake)) as catalog:
        published = None
        if not _is_new(catalog):
            connection.execute(_attached(lake, NAME, "read_only"))
            connection.execute(f"use {NAME}")
            published = newest_published(connection)
    if published is None:
        raise WarehouseError(
            f"Nothing is published in the lake {lake_name(lake)} yet. Run `ontherecord ingest LANDING` "
            "first, or name the right one in ONTHERECORD_WAREHOUSE."
        )
    (data,) = connection.execute(f"select data_path from ducklake_settings('{NAME}')").fetchall()[0]
    connection.execute("use memory")
    connection.execute(f"detach {NAME}")
    return [
        _attached(lake, NAME, "read_only", f"snapshot_version {published.snapshot_id}", secret=secret),
        f"use {NAME}",
        f"set allowed_directories = ['{sql.escape_literal(data)}']",
    ]


def _of(home: DataDir) -> Lake:
    assert home.lake, "asked only of a home with a lake"
    return home.lake


def _catalog(lake: Lake) -> psycopg.Connection[Any]:
    """Connect to a lake's Postgres."""
    try:
        import psycopg
    except ImportError as error:
        raise WarehouseError(_MISSING) from error
    try:
        # A machine that lost its power must not keep others waiting until TCP gives up.
        return psycopg.connect(
            lake.catalog,
            autocommit=True,
            options=f"-c lock_timeout={_TURN_SECONDS}s -c tcp_keepalives_idle=30 "
            "-c tcp_keepalives_interval=10 -c tcp_keepalives_count=3",
            application_name="ontherecord",
        )
    except psycopg.Error as error:
        raise WarehouseError(f"{lake_name(lake)}: {_lost(error)}") from error


def _lost(error: Exception) -> str:
    return (
        f"the catalog cannot be reached ({str(error).strip()}). See that Postgres runs, and that "
        "ONTHERECORD_WAREHOUSE names host, database, user and password as they are; then run it again."
    )


def _is_new(catalog: psycopg.Connection[Any]) -> bool:
    row = catalog.execute("select to_regclass('ducklake_metadata') is null").fetchone()
    return bool(row and row[0])


def _conninfo(lake: Lake) -> dict[str, Any]:
    from psycopg.conninfo import conninfo_to_dict

    return dict(conninfo_to_dict(lake.catalog))


def attach_beside(connection: Any, lake: Lake, name: str) -> None:
    """Attach a lake to a connection that has another warehouse, for reading."""
    _let_in(connection, lake, name)
    connection.execute(_attached(lake, name, "read_only", secret=name))


def _let_in(connection: Any, lake: Lake, secret: str = NAME) -> None:
    """Load what a connection needs to reach a lake, its password with it."""
    for statement in (*_loads(lake), *_storage_settings(lake)):
        connection.execute(statement)
    if password := _conninfo(lake).get("password"):
        connection.execute(
            f"create secret {secret} (type postgres, password '{sql.escape_literal(password)}')"
        )


def _attached(lake: Lake, name: str, *options: str, secret: str | None = NAME) -> str:
    """Return the statement that attaches a lake.

    The catalog's password is not in it, since DuckDB shows everybody what is attached: a secret has it, or,
    without one, the environment.
    """
    from psycopg.conninfo import make_conninfo

    info = _conninfo(lake)
    if info.pop("password", None) and secret:
        options = (*options, f"meta_secret '{secret}'")
    given = f" ({', '.join(options)})" if options else ""
    return f"attach 'ducklake:postgres:{sql.escape_literal(make_conninfo('', **info))}' as {name}{given}"


def _loads(lake: Lake) -> list[str]:
    """Return what loads the extensions for a lake."""
    more = ("httpfs",) if (lake.data or "").startswith("s3://") else ()
    return [f"load '{sql.escape_literal(_extension(name))}'" for name in (*_EXTENSIONS, *more)]


def _extension(name: str) -> Path:
    """Return the file of a DuckDB extension, which its package has for this DuckDB and machine."""
    package = find_spec(f"duckdb_extension_{name}")
    for location in package.submodule_search_locations or () if package else ():
        for file in Path(location).rglob(f"{name}.duckdb_extension"):
            return file
    raise WarehouseError(_MISSING)


def _storage_settings(lake: Lake) -> list[str]:
    """Return what has DuckDB find another S3 server than Amazon's, as other programs are told of it."""
    if not (lake.data or "").startswith("s3://") or not (server := os.environ.get("AWS_ENDPOINT_URL")):
        return []
    parts = urlsplit(server)
    return [
        f"set s3_endpoint = '{sql.escape_literal(parts.netloc)}'",
        f"set s3_use_ssl = {parts.scheme == 'https'}",
        "set s3_url_style = 'path'",
    ]


def _number(run_id: str) -> int:
    """Return a run's number among 32-bit integers, as Postgres takes it for a lock."""
    return crc32(run_id.encode()) - 2**31
