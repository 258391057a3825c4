"""Table file: one table or view of the published file as one CSV, JSON or Parquet file. Behind publish."""

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
# JSON is an object a line: it can be read as it comes, cut and searched, whatever its size.
_OPTIONS = {
    "csv": "format csv, header",
    "json": "format json, array false",
    "parquet": "format parquet, compression zstd",
}
# The draft is a temporary file already, and the only file that the connection may write.
_IN_PLACE = "use_tmp_file false"
# Without it Excel reads a CSV file in the code page of the machine.
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file with the rows of a table."""

    table: str
    file: Path
    row_count: int
    bytes: int


def write_table(
    home: DataDir, table: str, format_: Format, file: Path, *, for_spreadsheet: bool = False
) -> TableFile:
    """Write a table or view to a file, which is there once it is whole.

    `for_spreadsheet` puts an apostrophe before text that a spreadsheet would run as a formula.

    Raises SettingsError, naming those that exist, for an unknown table; ExportError if the file cannot be
    written; WarehouseError if nothing is published.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with closing(open_published(home, to_write=draft)) as connection:
        rows = f"from {_known(connection, table)}"
        if for_spreadsheet:
            connection.execute(sql.statement("export", "for_spreadsheet"))
            rows = f"select for_spreadsheet(columns(*)) {rows}"
        try:
            options = f"{_OPTIONS[format_]}, {_IN_PLACE}"
            found = connection.execute(
                f"copy ({rows}) to '{sql.escape_literal(draft)}' ({options})"
            ).fetchone()
            if for_spreadsheet:
                draft.write_bytes(_BYTE_ORDER_MARK + draft.read_bytes())
            atomic_replace(draft, file)
        except (OSError, duckdb.IOException) as error:
            raise ExportError(
                f"{file} cannot be written: {error}. Name another file with --out, in a folder that exists "
                "and where this user may write."
            ) from error
        finally:
            draft.unlink(missing_ok=True)
    return TableFile(table, file, found[0] if found else 0, file.stat().st_size)


def _known(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    known = [name for (name,) in connection.execute(sql.statement("export", "exportable")).fetchall()]
    if table not in known:
        raise SettingsError(f"There is no table {table!r} to export. There are {', '.join(known)}.")
    return table
