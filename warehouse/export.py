"""Export: the published tables as Parquet, one folder per table and one file per month. Runs after publish.

    out/manifest.json                                lists the files, written last
    out/quotes/year=2015/month=12/part.parquet       by the article's day
    out/entities/part.parquet                        one file, because an entity has no day

Each file has a fingerprint of its rows in its footer, so only files whose rows changed are rewritten. Files
are written to a draft and renamed: readers never see a partial file, and the next export cleans up after a
killed one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout
from sqlalchemy import Table

from ontherecord import sql
from ontherecord.warehouse import tables
from ontherecord.warehouse.copies import note_copy
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.drafts import draft_of
from ontherecord.warehouse.errors import ExportError
from ontherecord.warehouse.publish import open_published
from ontherecord.warehouse.tables import arrow_schema

EXPORTED = (
    tables.articles,
    tables.article_versions,
    tables.entities,
    tables.mentions,
    tables.quotes,
    tables.quote_speakers,
)
MANIFEST = "manifest.json"
# Part of the fingerprint: increase it when the layout of the files changes.
_LAYOUT = 1
_FOOTER = b"ontherecord.fingerprint"
_FILE = "part.parquet"
_BATCH_ROWS = 20_000
_MONTHS = pa.schema([("year", pa.int64()), ("month", pa.int64())])


@dataclass(frozen=True, slots=True)
class Partition:
    """One file of an export: a table's rows of a month, or all of them."""

    table: str
    year: int | None
    month: int | None
    row_count: int
    fingerprint: str

    @property
    def path(self) -> str:
        """The file's path in the export folder."""
        month = "" if self.year is None else f"year={self.year}/month={self.month}/"
        return f"{self.table}/{month}{_FILE}"


@dataclass(frozen=True, slots=True)
class Exported:
    """The result of an export. `row_count` and `bytes` are of all files, not only those written."""

    out: Path
    written: tuple[str, ...]
    kept_count: int
    removed: tuple[str, ...]
    row_count: int
    bytes: int


def export(home: DataDir, out: Path) -> Exported:
    """Update an export folder to the published state: write changed files, remove those left without rows.

    Raises ExportError if the folder is not writable or another export is running in it, WarehouseError if
    nothing is published.
    """
    with closing(open_published(home)) as connection, _lock(out):
        partitions = _partitions(connection)
        found = {path: _fingerprint_of(out / path) for path in _files(out)}
        changed = [p for p in partitions if found.get(p.path) != p.fingerprint]
        for table in EXPORTED:
            _write(connection, table, [p for p in changed if p.table == table.name], out)
        removed = sorted(set(found) - {p.path for p in partitions})
        for path in removed:
            _remove(out / path)
        _write_manifest(connection, partitions, out)
    note_copy(home, "export", out)
    return Exported(
        out,
        tuple(p.path for p in changed),
        len(partitions) - len(changed),
        tuple(removed),
        sum(p.row_count for p in partitions),
        sum((out / p.path).stat().st_size for p in partitions),
    )


@contextmanager
def _lock(out: Path) -> Iterator[None]:
    """Lock the export folder, and remove the drafts of killed exports."""
    lock = FileLock(out / ".lock")
    try:
        out.mkdir(parents=True, exist_ok=True)
        with lock.acquire(timeout=0):
            drafts = [f for table in EXPORTED for f in (out / table.name).rglob(f".{_FILE}.*")]
            for draft in [*drafts, *out.glob(f".{MANIFEST}.*")]:
                draft.unlink()
            yield
    except Timeout:
        raise ExportError(
            f"Another export is writing to {out}. Wait until it is done, or name another folder with --out."
        ) from None
    except OSError as error:
        raise ExportError(
            f"The export to {out} cannot be written: {error.strerror or error}. Check permissions and free "
            "space there, or name another folder with --out; then run it again."
        ) from error


def _partitions(connection: duckdb.DuckDBPyConnection) -> list[Partition]:
    """Return all partitions in row order; an empty table gets one empty partition, of year 0.

    So readers always find a file with the table's columns and types.
    """
    names = {table.name: table for table in EXPORTED}
    found = [
        Partition(table, year, month, count, _fingerprint(names[table], count, rows))
        for table, year, month, count, rows in connection.execute(
            sql.statement("export", "fingerprints")
        ).fetchall()
    ]
    with_rows = {p.table for p in found}
    for table in EXPORTED:
        if table.name not in with_rows:
            day = None if table is tables.entities else 0
            found.append(Partition(table.name, day, day, 0, _fingerprint(table, 0, "")))
    return found


def _fingerprint(table: Table, row_count: int, rows: str) -> str:
    columns = [(field.name, str(field.type)) for field in arrow_schema(table)]
    return hashlib.sha256(json.dumps([_LAYOUT, columns, row_count, rows]).encode()).hexdigest()[:32]


def _files(out: Path) -> Iterator[str]:
    for table in EXPORTED:
        for pattern in (_FILE, f"year=*/month=*/{_FILE}"):
            yield from (f.relative_to(out).as_posix() for f in (out / table.name).glob(pattern))


def _fingerprint_of(file: Path) -> str | None:
    """Return the fingerprint in a file's footer, or None if it has none or is damaged."""
    try:
        footer = pq.read_metadata(file).metadata or {}
    except (OSError, pa.ArrowInvalid):
        return None
    return footer.get(_FOOTER, b"").decode() or None


class _Rows:
    """The rows of a query, taken in batches of any size."""

    def __init__(self, batches: Iterator[pa.RecordBatch]) -> None:
        self._batches = batches
        self._rest: pa.RecordBatch | None = None

    def take(self, count: int) -> Iterator[pa.RecordBatch]:
        while count:
            batch = next(self._batches) if self._rest is None else self._rest
            self._rest = batch.slice(count) if batch.num_rows > count else None
            yield (taken := batch.slice(0, count))
            count -= taken.num_rows


def _write(
    connection: duckdb.DuckDBPyConnection, table: Table, changed: Sequence[Partition], out: Path
) -> None:
    """Write the changed partitions of a table from one query that returns them one after the other."""
    if not changed:
        return
    wanted = [{"year": p.year, "month": p.month} for p in changed if p.month]
    connection.register("wanted", pa.Table.from_pylist(wanted, schema=_MONTHS))
    try:
        rows = _Rows(iter(connection.sql(sql.statement("export", table.name)).to_arrow_reader(_BATCH_ROWS)))
        for partition in changed:
            _write_file(out / partition.path, table, partition, rows)
    finally:
        connection.unregister("wanted")


def _write_file(file: Path, table: Table, partition: Partition, rows: _Rows) -> None:
    schema = arrow_schema(table).with_metadata({_FOOTER: partition.fingerprint})
    file.parent.mkdir(parents=True, exist_ok=True)
    with draft_of(file) as draft, pq.ParquetWriter(draft, schema, compression="zstd") as writer:
        for batch in rows.take(partition.row_count):
            writer.write_batch(batch)


def _remove(file: Path) -> None:
    """Remove a file, and its month and year folders if they are then empty."""
    file.unlink()
    for folder in (file.parent, file.parent.parent):
        if "=" not in folder.name or any(folder.iterdir()):
            break
        folder.rmdir()


def _write_manifest(
    connection: duckdb.DuckDBPyConnection, partitions: Sequence[Partition], out: Path
) -> None:
    """Write the manifest, unless it is up to date."""
    [(change_no,)] = connection.execute("select change_no from ops.warehouse").fetchall()
    contents = {
        table.name: {
            "columns": {field.name: str(field.type) for field in arrow_schema(table)},
            "files": [
                {
                    "path": p.path,
                    "rows": p.row_count,
                    "bytes": (out / p.path).stat().st_size,
                    "fingerprint": p.fingerprint,
                }
                for p in partitions
                if p.table == table.name
            ],
        }
        for table in EXPORTED
    }
    text = json.dumps({"layout": _LAYOUT, "change_no": change_no, "tables": contents}, indent=1) + "\n"
    manifest = out / MANIFEST
    if not manifest.exists() or manifest.read_text("utf-8") != text:
        with draft_of(manifest) as draft:
            draft.write_text(text, "utf-8")
