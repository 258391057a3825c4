"""A CSV in which some rows are broken, read row by row: the bad ones are told, the others delivered."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from ontherecord.flows.landing.dates import read_date
from ontherecord.flows.landing.forms.deliver import bad_article
from ontherecord.flows.landing.forms.raw_article import BadArticle
from ontherecord.flows.landing.header_names import HeaderNames, is_known
from ontherecord.flows.plural import counted

# The longest row; an article has at most 5 MB (flows/landing/read.py), and its text may stand there twice.
ROW_BYTES = 32_000_000
# Else Python refuses fields of more than 131,072 characters.
csv.field_size_limit(ROW_BYTES)
# Lines that a row may have where the rows above it are broken.
_ROW_LINES = 2_000
# Lines that are behind are dropped so many at a time.
_FORGOTTEN_LINES = 1_000


def rows_of_broken(
    path: Path, start: int, columns: Sequence[str], delimiter: str, names: HeaderNames
) -> Iterator[tuple[int, list[str] | BadArticle]]:
    """Yield the rows of a table in which some are broken, numbered; a bad row for each that cannot be read.

    A quotation mark that is never closed would take all rows below it along. So reading goes on in the first
    line below that is a row by itself.
    """
    with open(path, "rb") as file:
        file.seek(start)
        yield from _rows(_Lines(file), columns, delimiter, names)


class _Lines:
    """The lines of a file by number, from 0: those of the present row and what was read ahead of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._kept: list[str] = []
        self._first = 0

    def has(self, number: int) -> bool:
        """Say whether the file has so many lines; read up to that one."""
        while len(self._kept) <= number - self._first:
            if not (line := self._file.readline(ROW_BYTES)):
                return False
            self._kept.append(line.decode("utf-8", "replace"))
        return True

    def __getitem__(self, number: int) -> str:
        return self._kept[number - self._first]

    def between(self, start: int, end: int) -> list[str]:
        return self._kept[start - self._first : end - self._first]

    def forget(self, before: int) -> None:
        """Drop the lines before a number, some at a time."""
        if before - self._first >= _FORGOTTEN_LINES:
            del self._kept[: before - self._first]
            self._first = before


def _rows(
    lines: _Lines, columns: Sequence[str], delimiter: str, names: HeaderNames
) -> Iterator[tuple[int, list[str] | BadArticle]]:
    at = number = 0
    while lines.has(at):
        lines.forget(at)
        if not lines[at].strip():
            at += 1
            continue
        number += 1
        end, fields = _record(lines, at, delimiter)
        if (fields is None or len(fields) != len(columns)) and delimiter == "\t":
            # Many write tabs without quoting: a value may begin with a quotation mark that is its own.
            plain = lines[at].rstrip("\r\n").split("\t")
            end, fields = (at + 1, plain) if len(plain) == len(columns) else (end, fields)
        if fields is not None and len(fields) == len(columns):
            yield number, fields
            at = end
            continue
        why = "a quotation mark is opened and never closed, or stands where none may be"
        if fields is not None:
            why = f"it has {counted(len(fields), 'column')}, and the row of names has {len(columns)}"
        message = (
            f"Row {number} of the table cannot be read: {why}. Correct the row, or export the table again."
        )
        yield number, bad_article(number, None, "row_unreadable", lines[at], message)
        below = (i for i in range(at + 1, end) if _is_row(lines, i, columns, delimiter, names))
        at = next(below, end)


def _record(lines: _Lines, at: int, delimiter: str) -> tuple[int, list[str] | None]:
    """Return where the record that begins in a line ends, and its fields; None if they cannot be told."""
    marks = size = 0
    end = at
    while size < ROW_BYTES and lines.has(end):
        marks += lines[end].count('"')
        size += len(lines[end])
        end += 1
        if marks % 2 == 0:
            break
    try:
        rows = list(csv.reader(lines.between(at, end), delimiter=delimiter, strict=True))
    except csv.Error:
        return end, None
    return end, rows[0] if len(rows) == 1 else None


def _is_row(lines: _Lines, at: int, columns: Sequence[str], delimiter: str, names: HeaderNames) -> bool:
    """Say whether a line is a row, not a text with as many commas in it: its date or link tells."""
    end, fields = _record(lines, at, delimiter)
    if fields is None or end - at > _ROW_LINES or len(fields) != len(columns):
        return False
    pairs = list(zip(columns, fields, strict=True))
    known = names.interpret(pairs)
    has_date = any(is_known(name) for name in columns) and names.interpret([(c, "1") for c in columns]).date
    if known.url:
        return True
    return read_date(known.date, numbers=True).problem in (None, "ambiguous") if known.date else not has_date
