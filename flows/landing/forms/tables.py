"""Tables: CSV, TSV and JSON lines with one article per row.

A row needs a column with the text; columns are known by their names (`title`, `headline`, `text`, `content`,
`date`, `source`, `url`, `author` and so on), in any case and order:

    url,title,text,date
    https://post.example/1,Ferry sails again,"The ferry to Marsalin sails again, …",2015-12-17

A table without a text column is refused with the columns it has. UTF-8 is expected.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.flows.landing.header_names import column_of
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import Failure, RawFile

# The longest text of a cell; csv refuses more than 131,072 characters by default.
_CELL_CHARACTERS = 5_000_000
csv.field_size_limit(_CELL_CHARACTERS)


def is_json_lines(content: bytes, name: str) -> bool:
    """Say whether a file's first line is a JSON object of its own."""
    first = content.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")[0].strip()
    return first.startswith(b'{"') and first.endswith(b"}") and name.endswith((".jsonl", ".ndjson"))


def is_csv(content: bytes, name: str) -> bool:
    """Say whether a file is named like a table: its first bytes do not tell."""
    return name.endswith((".csv", ".tsv"))


def read_json_lines(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the article of each line; a line that is no JSON object is a bad article."""
    with _text(raw) as lines:
        number = 0
        for line in lines:
            if not line.strip():
                continue
            number += 1
            try:
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise ValueError("not an object")
            except (ValueError, RecursionError) as error:
                yield BadArticle(number, None, _row_unreadable(line, error))
                continue
            yield _article(number, list(_flat(row, "")), raw.columns)


def read_csv(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the article of each row; a row with more or fewer cells than the header is a bad article.

    Raises BadDelivery if the table has no text column, or is empty.
    """
    with _text(raw) as lines:
        first = next((line for line in lines if line.strip()), "")
        delimiter = max("\t,;|", key=first.count)
        rows = csv.reader(chain([first], lines), delimiter=delimiter, strict=True)
        try:
            names = [name.strip() for name in next(rows, [])]
        except csv.Error as error:
            raise BadDelivery(_row_unreadable(first, error)) from error
        _require_text(names, raw.columns)
        number = 0
        while True:
            number += 1
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield BadArticle(number, None, _row_unreadable(f"line {rows.line_num + 1}", error))
                continue
            if not row:
                number -= 1
            elif len(row) != len(names):
                why = ValueError(f"{len(row)} cells, but {len(names)} columns")
                yield BadArticle(number, None, _row_unreadable(delimiter.join(row), why))
            else:
                yield _article(number, list(zip(names, row, strict=True)), raw.columns)


def _text(raw: RawFile) -> io.TextIOWrapper:
    return io.TextIOWrapper(raw.open(), encoding="utf-8-sig", errors="replace", newline="")


def _article(number: int, cells: Iterable[tuple[str, str]], columns: Mapping[str, str]) -> RawArticle:
    key, body, headers = None, "", []
    for name, value in cells:
        column = column_of(name, columns)
        if column == "body" and not body:
            body = value.replace("\r\n", "\n").replace("\r", "\n")
            continue
        if value and (column == "url" or (column == "id" and key is None)):
            key = value
        if value:
            headers.append((name, value))
    return RawArticle(number, key, tuple(headers), body)


def _flat(value: Any, name: str) -> Iterator[tuple[str, str]]:
    """Yield names and texts of a JSON value, nested names joined by dots."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _flat(inner, name)
    elif value is not None:
        yield name, value if isinstance(value, str) else json.dumps(value)


def _require_text(names: list[str], columns: Mapping[str, str]) -> None:
    if any(column_of(name, columns) == "body" for name in names):
        return
    raise BadDelivery(
        Failure(
            "text_column_missing",
            None,
            ", ".join(names)[:200],
            "The table has no column with the text of the articles. Name it in ontherecord.toml: "
            '`[columns]`, and below it `body = "NAME"`.',
        )
    )


def _row_unreadable(line: str, error: Exception) -> Failure:
    return Failure(
        "row_unreadable",
        None,
        " ".join(line.split())[:200],
        f"The row cannot be read ({error}). Fix it and deliver the file again.",
    )
