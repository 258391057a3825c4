"""Export one table or view of the published file as one CSV, JSON or Parquet file."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from ontherecord import sql
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.exported_file import exported_file
from ontherecord.warehouse.flat_rows import Column, columns_of, require_table
from ontherecord.warehouse.publish import open_published

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

    Parquet has the types of the table. CSV and JSON have ids as text; CSV has lists and maps as text, and
    JSON has that beside them, in columns that end in `_text`.

    `excel_safe` puts an apostrophe before text that a spreadsheet would run as a formula, and before ids that
    it would round.

    Raises SettingsError for an unknown table, ExportError if the file cannot be written, WarehouseError if
    nothing is published.
    """
    with exported_file(file) as draft, closing(open_published(home, to_write=draft)) as connection:
        columns = columns_of(connection, require_table(connection, table))
        if excel_safe:
            connection.execute(sql.statement("export", "excel_safe"))
        rows = f"select {', '.join(_expressions(columns, format_, excel_safe))} from {table}"
        found = connection.execute(
            f"copy ({rows}) to '{sql.escape_literal(draft)}' ({_options(columns, format_)})"
        ).fetchone()
        if excel_safe:
            _begin_with(draft, _BYTE_ORDER_MARK)
    return TableFile(table, file, found[0] if found else 0, file.stat().st_size)


def _expressions(columns: Sequence[Column], format_: Format, excel_safe: bool) -> list[str]:
    """Return the SQL expressions of a file's columns, with their names."""
    expressions = []
    for column in columns:
        values = column.flat
        if format_ == "parquet" or (format_ == "json" and column.kind == "map"):
            values = f'"{column.name}"'
        elif format_ == "json" and column.kind == "list":
            values = f'"{column.name}"::varchar[]'
        elif excel_safe:
            values = f"excel_safe_id({values})" if column.kind == "id" else f"excel_safe({values})"
        expressions.append(f'{values} as "{column.name}"')
        if format_ == "json" and column.kind in ("list", "map"):
            expressions.append(f'{column.flat} as "{column.name}_text"')
    return expressions


def _options(columns: Sequence[Column], format_: Format) -> str:
    options = [_OPTIONS[format_], _NO_TEMPORARY_FILE]
    ids = [f'"{column.name}"' for column in columns if column.kind == "id"]
    if format_ == "csv" and ids:
        options.append(f"force_quote ({', '.join(ids)})")
    return ", ".join(options)


def _begin_with(draft: Path, head: bytes) -> None:
    """Put bytes before a file of any size."""
    body = draft.with_name(f"{draft.name}.body")
    draft.rename(body)
    with open(body, "rb") as read, open(draft, "wb") as write:
        write.write(head)
        shutil.copyfileobj(read, write)
    body.unlink()
