"""Export tables of the published file as one Excel workbook, a sheet for each table.

Text is written as text, so that no cell is run as a formula. What a sheet cannot hold is put on another
sheet (rows), cut and marked (long text) or written in another way (characters); each of these is reported.
"""

from __future__ import annotations

import errno
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from math import isfinite
from pathlib import Path
from typing import Any

import duckdb

from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.export import EXPORTED
from ontherecord.warehouse.exported_file import exported_file
from ontherecord.warehouse.flat_rows import Column, columns_of, require_table, stream_rows
from ontherecord.warehouse.publish import open_published
from ontherecord.warehouse.whole_file import WholeFile
from ontherecord.warehouse.xml_text import xml_text

# Excel's limits: rows of a sheet with the heading, characters of its title, UTF-16 units of a cell, digits of
# a number, and its first day: it takes 1900 for a leap year.
SHEET_ROWS = 1_048_576
_TITLE = 31
CELL_UNITS = 32_767
_DIGITS = 15
_FIRST_DAY = date(1900, 3, 1)
# Excel reads these as escapes of one character.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_WIDTHS = {"text": 30, "list": 30, "id": 22, "day": 12, "time": 20}
_WIDTH = 14


@dataclass(slots=True)
class _Losses:
    """How many cells are not as they are published: cut, by column, and with characters replaced."""

    cut: Counter[str] = field(default_factory=Counter)
    replaced: int = 0


def write_workbook(
    home: DataDir, file: Path, table: str | None = None, *, sheet_rows: int = SHEET_ROWS
) -> WholeFile:
    """Write the tables, or one table or view, to an Excel file, atomically.

    Raises SettingsError for an unknown table, ExportError if the file cannot be written, WarehouseError if
    nothing is published.
    """
    with closing(open_published(home)) as connection:
        names = [require_table(connection, table)] if table else [t.name for t in EXPORTED]
        with exported_file(file) as draft, _temporary_files_beside(draft), lxml_errors_told():
            counts, notes = _write(connection, draft, names, sheet_rows)
    return WholeFile(file, counts, file.stat().st_size, notes)


@contextmanager
def lxml_errors_told() -> Iterator[None]:
    """Raise OSError for an error of lxml, by which openpyxl writes where it is installed.

    lxml says no more than the name of the system's error, as `IO_ENOSPC`.
    """
    try:
        yield
    except Exception as error:
        if type(error).__module__ != "lxml.etree":
            raise
        number = getattr(errno, str(error).removeprefix("IO_"), errno.EIO)
        raise OSError(number, os.strerror(number)) from error


@contextmanager
def _temporary_files_beside(draft: Path) -> Iterator[None]:
    """Have openpyxl put its temporary files beside a draft: they are larger than the file will be.

    The folder is one of the file's drafts, so what a kill leaves of it is removed too.
    """
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix=f"{draft.name}-", dir=draft.parent) as folder:
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = before


def _write(
    connection: duckdb.DuckDBPyConnection, draft: Path, names: Sequence[str], sheet_rows: int
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Write a workbook; return the rows by table, and notes."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    losses = _Losses()
    counts, notes = {}, []
    planned = {name: columns_of(connection, name) for name in names}
    for name, columns in planned.items():
        sheets = _Sheets(book, name, columns, sheet_rows)
        with sheets.abandoned_on_error():
            for row in stream_rows(connection, name, [column.flat for column in columns]):
                sheets.append(_cells(row, columns, losses))
            counts[name] = sheets.close()
        if sheets.count > 1:
            notes.append(f"{name} takes {sheets.count} sheets: one holds {sheet_rows - 1:,} rows.")
    _write_meanings(book, planned)
    book.save(draft)
    return counts, (*notes, *_notes(losses))


def _notes(losses: _Losses) -> Iterator[str]:
    whole = "--format csv, json and sqlite have them whole."
    if losses.cut:
        columns = ", ".join(f"{count:,} in {name}" for name, count in losses.cut.items())
        yield f"Cells cut at {CELL_UNITS:,} characters, which their ends say: {columns}; {whole}"
    if losses.replaced:
        yield f"Cells with control characters, written as \\xNN: {losses.replaced:,}; {whole}"


class _Sheets:
    """The sheets of one table: another one is begun when the last is full."""

    def __init__(self, book: Any, table: str, columns: Sequence[Column], sheet_rows: int) -> None:
        self._book, self._table, self._columns, self._most = book, table, columns, sheet_rows - 1
        self._sheet: Any = None
        self._in_sheet = self._in_all = self.count = 0
        self._begin()

    def append(self, cells: Sequence[Any]) -> None:
        if self._in_sheet == self._most:
            self._end()
            self._begin()
        self._sheet.append([_text_cell(self._sheet, cell) for cell in cells])
        self._in_sheet += 1
        self._in_all += 1

    def close(self) -> int:
        """End the last sheet; return how many rows there are in all."""
        self._end()
        return self._in_all

    @contextmanager
    def abandoned_on_error(self) -> Iterator[None]:
        """Close what is half written after an error."""
        try:
            yield
        except Exception:
            with suppress(Exception):
                self._sheet._writer.close()  # the garbage collector would, and print what fails
            raise

    def _begin(self) -> None:
        from openpyxl.utils import get_column_letter

        self.count += 1
        self._in_sheet = 0
        suffix = "" if self.count == 1 else f" {self.count}"
        self._sheet = self._book.create_sheet(self._table[: _TITLE - len(suffix)] + suffix)
        self._sheet.freeze_panes = "A2"
        for number, column in enumerate(self._columns, start=1):
            width = _WIDTHS.get(column.kind, _WIDTH)
            self._sheet.column_dimensions[get_column_letter(number)].width = width
        self._sheet.append(_heading(self._sheet, [column.name for column in self._columns]))

    def _end(self) -> None:
        from openpyxl.utils import get_column_letter

        last = f"{get_column_letter(len(self._columns))}{self._in_sheet + 1}"
        self._sheet.auto_filter.ref = f"A1:{last}"
        self._sheet.close()


def _heading(sheet: Any, names: Sequence[str]) -> list[Any]:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cells = [WriteOnlyCell(sheet, name) for name in names]
    for cell in cells:
        cell.font = Font(bold=True)
    return cells


def _text_cell(sheet: Any, value: Any) -> Any:
    """Return a value; as a cell of text if it looks like a formula or an error."""
    if not isinstance(value, str) or value[:1] not in ("=", "#"):
        return value
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


def _cells(row: Sequence[Any], columns: Sequence[Column], losses: _Losses) -> list[Any]:
    return [
        None if value is None else _cell(value, column, losses)
        for value, column in zip(row, columns, strict=True)
    ]


def _cell(value: Any, column: Column, losses: _Losses) -> Any:
    """Return what a cell takes: text that fits, a number that is not rounded, or a day that Excel knows."""
    if isinstance(value, str):
        if column.kind in ("day", "time"):
            return _moment(value)
        return _fitting(value, column, losses) if column.kind != "id" else value
    if isinstance(value, int) and not isinstance(value, bool) and len(str(abs(value))) > _DIGITS:
        return str(value)
    return str(value) if isinstance(value, float) and not isfinite(value) else value


def _moment(text: str) -> date | datetime | str:
    """Return a day or time as a date; as text if it is out of Excel's range."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:  # before year 1, after 9999, or infinite
        return text
    if moment.date() < _FIRST_DAY:
        return text
    return moment.date() if len(text) == len("2015-12-17") else moment


def _fitting(text: str, column: Column, losses: _Losses) -> str:
    """Return text that a cell can hold."""
    safe = xml_text(text)
    losses.replaced += safe != text
    safe = _ESCAPE.sub("_x005F_", safe)
    if len(safe) * 2 <= CELL_UNITS:
        return safe
    units = safe.encode("utf-16-le")
    if len(units) // 2 <= CELL_UNITS:
        return safe
    losses.cut[column.name] += 1
    mark = f" […] (cut: it has {len(text):,} characters)"
    return units[: 2 * (CELL_UNITS - len(mark))].decode("utf-16-le", "ignore") + mark


def _write_meanings(book: Any, planned: dict[str, list[Column]]) -> None:
    """Write the sheet that says what the columns mean."""
    sheet = book.create_sheet("columns")
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABC", (20, 22, 100), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append(_heading(sheet, ["table", "column", "meaning"]))
    for table, columns in planned.items():
        for column in columns:
            sheet.append([table, column.name, column.meaning])
    sheet.close()
