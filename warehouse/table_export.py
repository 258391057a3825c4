"""Export one table or view of the published file as one CSV, JSON or Parquet file."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import duckdb

from ontherecord import sql
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import ExportError, SettingsError
from ontherecord.warehouse.publish import atomic_replace, open_published

Format = Literal["csv", "json", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)
# JSON has one object per line, so that files of any size can be streamed.
_OPTIONS = {
    "csv": "format csv, header",
    "json": "format json, array false",
    "parquet": "format parquet, compression zstd",
}
# The draft is already temporary, and the only file that the connection may write.
_NO_TEMPORARY_FILE = "use_tmp_file false"
# Without it Excel reads a CSV file in the code page of the machine.
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class TableFile:
    """An exported table."""

    table: str
    file: Path
    row_count: int
    bytes: int


def write_table(
    home: DataDir, table: str, format_: Format, file: Path, *, excel_safe: bool = False
) -> TableFile:
    """Write a table or view to a file, atomically.

    `excel_safe` puts an apostrophe before text that a spreadsheet would evaluate as a formula.

    Raises SettingsError for an unknown table, ExportError if the file cannot be written, WarehouseError if
    nothing is published.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with closing(open_published(home, to_write=draft)) as connection:
        rows = f"from {_require_table(connection, table)}"
        if excel_safe:
            connection.execute(sql.statement("export", "excel_safe"))
            rows = f"select excel_safe(columns(*)) {rows}"
        try:
            options = f"{_OPTIONS[format_]}, {_NO_TEMPORARY_FILE}"
            found = connection.execute(
                f"copy ({rows}) to '{sql.escape_literal(draft)}' ({options})"
            ).fetchone()
            if excel_safe:
                draft.write_bytes(_BYTE_ORDER_MARK + draft.read_bytes())
            atomic_replace(draft, file)
        except (OSError, duckdb.IOException) as error:
            raise ExportError(
                f"{file} cannot be written: {error}. With --out, name a file in a folder that exists and is "
                "writable."
            ) from error
        finally:
            draft.unlink(missing_ok=True)
    return TableFile(table, file, found[0] if found else 0, file.stat().st_size)


def _require_table(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    tables = [name for (name,) in connection.execute(sql.statement("export", "exportable")).fetchall()]
    if table not in tables:
        raise SettingsError(f"There is no table {table!r}. Choose one of {', '.join(tables)}.")
    return table
