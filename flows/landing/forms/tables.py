"""Tables: CSV, TSV, JSON, JSON lines and Parquet, also packed with gzip, one article per row.

Takes what spreadsheets, crawlers (news-please, Fundus, newspaper4k, trafilatura), APIs (Guardian, New York
Times, NewsAPI), Kaggle and Hugging Face give. Commas, semicolons, tabs and bars part the columns; the first
row has their names. In JSON the articles are an array, a line each, or a list somewhere inside
(`response.results`); names of nested values are joined by dots (`fields.bodyText`). All values are read as
text.

    id,title,publication,date,url,content
    17283,Tram leaves on time,Marsalin Post,2017-07-18,https://post.example/tram,"The first tram …"

Which column has the text, the headline and so on is known by name (flows/landing/data/header_names.txt);
others are named in `[columns]` of ontherecord.toml. A table without a text is refused. A row that cannot be
read, or whose text the producer cut off ("… [+2411 chars]"), is quarantined; the others load.

It cannot read a CSV without a row of names, Excel workbooks, or texts in files beside the table.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import pickle
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import blake2b
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Literal, NamedTuple, Self, TextIO

import duckdb

from ontherecord.flows.landing.damage import name_damage
from ontherecord.flows.landing.decode import EMPTY, decode_markup
from ontherecord.flows.landing.forms.broken_csv import ROW_BYTES, rows_of_broken
from ontherecord.flows.landing.forms.deliver import bad_article, failure, make_article
from ontherecord.flows.landing.forms.markup import is_markup, paragraphs_of
from ontherecord.flows.landing.forms.nested import flatten, load_json
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.flows.landing.header_names import HeaderNames, is_known, text_missing
from ontherecord.flows.landing.packed import GZIP
from ontherecord.flows.temporary import temporary_folder
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import Failure, RawFile

NAME = "table"
SUFFIXES = (
    ".csv", ".tsv", ".tab", ".psv", ".json", ".jsonl", ".ndjson", ".jl", ".parquet", ".pq",
    ".csv.gz", ".tsv.gz", ".json.gz", ".jsonl.gz", ".ndjson.gz", ".parquet.gz",
)  # fmt: skip

_Kind = Literal["csv", "json", "parquet"]
_PARQUET = b"PAR1"
_EXTENSIONS: Mapping[str, _Kind] = {
    ".csv": "csv", ".tsv": "csv", ".tab": "csv", ".psv": "csv",
    ".json": "json", ".jsonl": "json", ".ndjson": "json", ".jl": "json",
    ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip
_NAMES = {"csv": "CSV", "json": "JSON", "parquet": "Parquet"}
_DELIMITERS = ",\t;|"
# Rows that are fetched together: enough that DuckDB is not asked for each, few enough for flat memory.
_ROWS = 500
_MEMORY = "1GB"
# DuckDB keeps what it has read of a CSV until it comes to its limit, so that is low; the pass before may
# take less, so that what it can read is never too much for the second. Of JSON and Parquet it keeps nothing.
_CSV_MEMORY, _CSV_TRIED_MEMORY = "150MB", "100MB"
# Unpacked, a file of 200 MB may have hundreds of gigabytes: nobody's news, and a full disk.
UNPACKED_BYTES = 4_000_000_000
_PART = 1_000_000
# Articles that wait for the first one with a text: beyond that, they do so on disk.
_WAITING_BYTES = 10_000_000
# Names of columns that are told of where none has a text.
_TOLD_NAMES = 200
# A longer text is not read a second time only to say where it breaks.
_EXPLAINED_BYTES = 10_000_000
# The longest name of a column in characters; values are longer.
_LONGEST_NAME = 60
# NewsAPI and GNews give 200 characters or more, then say how many there are; NewsData.io gives only a notice.
_CUT = re.compile(r"(?:…|\.\.\.)\s*\[\+?\d+ chars\]\s*$|\AONLY AVAILABLE IN [A-Z ]{0,40}PLANS?\s*\Z")
_NAMED_LEVELS = 3
# What JSON Feed says of itself (jsonfeed.org/version/1.1); its title is that of the feed.
_JSON_FEED = "https://jsonfeed.org/version/"
# Lists named so have articles of several papers; any other name of a list is that of a paper.
_LIST_NAMES = frozenset((
    "articles", "data", "docs", "documents", "entries", "hits", "items", "news", "posts", "records",
    "response", "result", "results", "rows", "stories", "value", "@graph",
))  # fmt: skip
# Of JSON, with what may stand behind it: `\\ud83d\\ude00`.
_LONGEST_WORD = 16
_NEXT_OBJECT = re.compile(r"\}\s*,\s*(?=\{)")
# What pandas, Python and databases write where there is no value.
_MISSING = frozenset(("None", "NULL", "null", "nan", "NaN", "NaT", "<NA>", "\\N"))
# Excel's own line on top, which says what parts the columns.
_SEPARATOR = re.compile(rb"sep=.\r?\n", re.IGNORECASE)


def is_form(content: bytes, name: str) -> bool:
    """Say whether a file is a table, by its first bytes, then by its name."""
    return _kind(content, name) is not None


def read(raw: RawFile, names: HeaderNames | None = None) -> Iterator[RawArticle | BadArticle]:
    """Yield the articles of a table, a row each, in order.

    Raises BadDelivery if the file cannot be read (`table_unreadable`, `table_too_large`) or no column has the
    text of the articles (`text_missing`).
    """
    names = names or HeaderNames(raw.columns)
    rows = _KnownRows(raw)
    with _staged(raw) as (path, head, repairs):
        kind = _kind(head, _plain_name(raw.landed.source_path)) or "csv"
        memory = _CSV_MEMORY if kind == "csv" else _MEMORY
        with _sandbox(path, memory) as connection:
            try:
                for article in _READERS[kind](connection, path, head, names, rows):
                    yield _with_repairs(article, repairs) if repairs else article
            except duckdb.OutOfMemoryException as error:
                message = (
                    f"A part of the table needs more than {memory} of memory. Write it in smaller parts."
                )
                raise BadDelivery(failure("table_too_large", f"more than {memory}", message)) from error
            except duckdb.Error as error:
                why = _why_no_json(path) if kind == "json" else name_damage(error)
                raise BadDelivery(_unreadable(kind, why)) from error


class _KnownRows:
    """Tells rows that were processed when the file came before, by the digests of all that they are read by.

    These are their values, the names of columns, in the file and in the settings, and this code's version.
    """

    def __init__(self, raw: RawFile) -> None:
        self._is_known = raw.is_known
        self._begun = blake2b(digest_size=8)
        self.begin_with((version("ontherecord"), *chain.from_iterable(raw.columns.items())))

    def begin_with(self, values: Iterable[str]) -> None:
        """Add what all rows have in common."""
        self._begun.update(_joined(values))

    def digest(self, values: Iterable[str | None]) -> int:
        """Return the digest of a row: 64 bits, so that of a million rows none is taken for another."""
        digest = self._begun.copy()
        digest.update(_joined(values))
        return int.from_bytes(digest.digest(), "big", signed=True)

    def has(self, digest: int) -> bool:
        return self._is_known is not None and self._is_known(digest)


def _joined(values: Iterable[str | None]) -> bytes:
    """Return values as bytes, different for different values: each begins with its length."""
    return "".join([f"{len(value)}:{value}" if value is not None else "-" for value in values]).encode(
        "utf-8", "surrogatepass"
    )


def _with_repairs(article: RawArticle | BadArticle, repairs: tuple[str, ...]) -> RawArticle | BadArticle:
    if isinstance(article, BadArticle):
        return article
    return replace(article, repairs=tuple(sorted({*article.repairs, *repairs})))


def _kind(content: bytes, name: str) -> _Kind | None:
    extension = Path(_plain_name(name).lower()).suffix
    if content.startswith(GZIP):
        return _EXTENSIONS.get(extension)
    if content.startswith(_PARQUET):
        return "parquet"
    if re.match(rb'[\s\xef\xbb\xbf]*(?:\{\s*["}]|\[\s*[{\]])', content):
        return "json"
    # A page that says that the table is not there, under the table's name, is a page.
    if extension in _EXTENSIONS and not content.lstrip().startswith(b"<"):
        return _EXTENSIONS[extension]
    return "csv" if _has_row_of_names(content) else None


def _plain_name(name: str) -> str:
    return name[:-3] if name.lower().endswith(".gz") else name


def _has_row_of_names(content: bytes) -> bool:
    """Say whether a file of another name begins like a table: at least three names, two of them known."""
    line = content[:4_000].partition(b"\n")[0].decode("utf-8", "replace")
    fields = _fields(line, _delimiter(line))
    return len(fields) >= 3 and sum(map(is_known, fields)) >= 2 and all(len(f) <= 40 for f in fields)


@contextmanager
def _staged(raw: RawFile) -> Iterator[tuple[Path, bytes, tuple[str, ...]]]:
    """Give a file that DuckDB can read, in a folder of its own, its first bytes, and what was repaired.

    It is unpacked, and in UTF-8.
    """
    with temporary_folder() as folder:
        path = folder / "table"
        repairs: tuple[str, ...] = ()
        with _open(raw) as packed, open(path, "wb") as file:
            is_packed = packed.peek(2).startswith(GZIP)
            unpacked: Any = gzip.GzipFile(fileobj=packed) if is_packed else packed
            try:
                is_utf8 = _copy(unpacked, file)
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise BadDelivery(_unreadable("gzip", name_damage(error))) from error
        with open(path, "rb") as file:
            head = file.read(_PART)
        if not head:
            raise BadDelivery(EMPTY)
        if not is_utf8 and not head.startswith(_PARQUET):
            text, repairs = decode_markup(path.read_bytes())
            content = text.encode("utf-8", "replace")
            path.write_bytes(content)
            head = content[:_PART]
        yield path, head, repairs


def _open(raw: RawFile) -> io.BufferedReader[Any]:
    return io.BufferedReader(raw.open())


def _copy(source: IO[bytes], target: IO[bytes]) -> bool:
    """Copy a file, part by part; say whether it is UTF-8. A byte order mark is left out."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, copied = True, 0
    while part := source.read(_PART):
        if not copied:
            part = part.removeprefix(codecs.BOM_UTF8)
        copied += len(part)
        if copied > UNPACKED_BYTES:
            raise BadDelivery(
                failure(
                    "table_too_large",
                    f"more than {UNPACKED_BYTES:,} bytes",
                    "The table is larger than any of news. Deliver it in parts.",
                )
            )
        if is_utf8:
            try:
                decoder.decode(part)
            except UnicodeDecodeError:
                is_utf8 = False
        target.write(part)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        is_utf8 = False
    return is_utf8


@contextmanager
def _sandbox(path: Path, memory: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in memory that may read this one file, and nothing else."""
    options: dict[str, Any] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "memory_limit": memory,
        "threads": 2,
    }
    connection = duckdb.connect(":memory:", config=options)
    try:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"set allowed_paths = [{_quoted(str(path))}]")
        connection.execute("set temp_directory = ''")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection
    finally:
        connection.close()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _empty() -> Failure:
    return failure("table_empty", None, "The table has no rows. Deliver it again with its articles.")


def _unreadable(kind: str, why: str) -> Failure:
    message = f"The file cannot be read as {_NAMES.get(kind, kind)}. Export it again, and deliver it whole."
    return failure("table_unreadable", why, message)


# CSV


def _read_csv(
    connection: duckdb.DuckDBPyConnection, path: Path, head: bytes, names: HeaderNames, known: _KnownRows
) -> Iterator[RawArticle | BadArticle]:
    if _SEPARATOR.match(head):
        _drop_first_line(path)
    with open(path, "rb") as file:
        row, size = _first_row(file)
    delimiter = _delimiter(row)
    columns = _distinct(_fields(row, delimiter))
    text_names = names.text_names(columns)
    is_nameless = not text_names and not any(map(is_known, columns)) and any(map(_is_no_name, columns))
    if is_nameless or any("://" in column for column in columns):
        raise BadDelivery(_names_missing(columns))
    if not text_names:
        raise BadDelivery(failure("text_missing", ", ".join(columns), text_missing(columns), column="text"))
    source = _csv_source(columns, delimiter)
    if _is_sound(source, path):
        rows: Iterator[tuple[int, Sequence[str | None] | BadArticle]] = enumerate(
            _rows(connection, source, path), start=1
        )
    else:
        rows = rows_of_broken(path, size, columns, delimiter, names)
    known.begin_with(columns)
    number = 0
    for number, values in rows:
        if isinstance(values, BadArticle):
            yield values
            continue
        digest = known.digest(values)
        if not known.has(digest):
            found = _article(number, list(zip(columns, values, strict=True)), text_names, names)
            yield replace(found, digest=digest)
    if not number:
        raise BadDelivery(_empty())


def _is_no_name(column: str) -> bool:
    """Say whether the name of a column is a value: an address, a sentence or a number."""
    return len(column) > _LONGEST_NAME or "://" in column or column.isdigit()


def _names_missing(columns: Sequence[str]) -> Failure:
    return failure(
        "names_missing",
        ", ".join(columns),
        "The first row of the table has values, not the names of its columns. Add a row with their "
        "names on top, such as url, title, date, text.",
    )


def _drop_first_line(path: Path) -> None:
    path.write_bytes(path.read_bytes().partition(b"\n")[2])


def _first_row(file: Any) -> tuple[str, int]:
    """Return the row of names and its bytes; a name may have a line end in it, between quotation marks."""
    row = b""
    for line in file:
        row += line
        if row.count(b'"') % 2 == 0 or len(row) > 100_000:
            break
    return row.decode("utf-8", "replace").rstrip("\r\n"), len(row)


def _delimiter(row: str) -> str:
    """Return what parts the columns: the sign that stands most often in the row of names, outside quotes."""
    outside = re.sub(r'"[^"]*"', "", row)
    return max(_DELIMITERS, key=outside.count)


def _fields(row: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([row], delimiter=delimiter), [])
    except csv.Error:
        return []


def _distinct(names: Sequence[str]) -> list[str]:
    """Return names for all columns: one without a name is `column1`, a second `id` is `id.2`."""
    found: list[str] = []
    for place, name in enumerate(names):
        name = " ".join(name.split()) or f"column{place}"
        wanted, count = name, 1
        while name in found:
            count += 1
            name = f"{wanted}.{count}"
        found.append(name)
    return found


def _csv_source(columns: Sequence[str], delimiter: str) -> str:
    """Return DuckDB's reader with everything said: its sniffer gives up where rows are broken."""
    types = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in columns)
    return (
        f"read_csv(?, auto_detect = false, columns = {{{types}}}, header = true, "
        f"delim = {_quoted(delimiter)}, "
        f"quote = '\"', escape = '\"', parallel = false, max_line_size = {ROW_BYTES}, "
        # Else it takes sixteen of the longest rows.
        f"buffer_size = {ROW_BYTES + 1})"
    )


def _is_sound(source: str, path: Path) -> bool:
    """Say whether DuckDB reads every row, in one quick pass; it does not read many very long ones.

    Quotation marks are counted too: where one is never closed, it may take the rest of the file without a
    word.
    """
    with open(path, "rb") as file:
        if sum(part.count(b'"') for part in iter(lambda: file.read(_PART), b"")) % 2:
            return False
    try:
        # The first row that is broken ends it; a list of them (`store_rejects`) would be kept in memory.
        with _sandbox(path, _CSV_TRIED_MEMORY) as connection:
            connection.execute(f"select count(columns(*)) from {source}", [str(path)]).fetchall()
    except duckdb.Error:
        return False
    return True


def _rows(connection: duckdb.DuckDBPyConnection, source: str, path: Path) -> Iterator[tuple[str | None, ...]]:
    result = connection.execute(f"select * from {source}", [str(path)])
    while rows := result.fetchmany(_ROWS):
        yield from rows


# Parquet


def _read_parquet(
    connection: duckdb.DuckDBPyConnection, path: Path, head: bytes, names: HeaderNames, known: _KnownRows
) -> Iterator[RawArticle | BadArticle]:
    if not head.startswith(_PARQUET):
        raise BadDelivery(_unreadable("parquet", "it does not begin like a Parquet file"))
    described = connection.execute("describe select * from read_parquet(?)", [str(path)]).fetchall()
    columns, picked, nested = [], [], set()
    for name, its_type, *_ in described:
        if "BLOB" in its_type:
            continue  # a picture
        quoted = '"' + name.replace('"', '""') + '"'
        if its_type.startswith(("STRUCT", "MAP", "UNION")) or its_type.endswith("]") or its_type == "JSON":
            nested.add(name)
            quoted = f"to_json({quoted})"
        columns.append(name)
        picked.append(f"cast({quoted} as varchar)")
    if not columns:
        raise BadDelivery(failure("text_missing", None, text_missing([]), column="text"))
    source = f"(select {', '.join(picked)} from read_parquet(?))"

    known.begin_with(columns)

    def records() -> Iterator[_Record | None]:
        for number, values in enumerate(_rows(connection, source, path), start=1):
            digest = known.digest(values)
            if known.has(digest):
                yield None
                continue
            row = zip(columns, values, strict=True)
            record = {name: _nested(value) if name in nested else value for name, value in row}
            yield _Record(number, record, digest)

    yield from _from_records(records(), names)


def _nested(value: str | None) -> Any:
    return None if value is None else load_json(value)


# JSON


def _read_json(
    connection: duckdb.DuckDBPyConnection, path: Path, head: bytes, names: HeaderNames, known: _KnownRows
) -> Iterator[RawArticle | BadArticle]:
    layout = _layout(head)
    if layout == "newline_delimited":
        # Python's reader takes half a character (`\ud83d`), which APIs cut texts into; DuckDB drops the line.
        yield from _from_records(_records(_lines(path), known), names)
        return
    size = path.stat().st_size
    longest = min(size, ROW_BYTES) if layout == "array" else size
    source = f"read_json_objects(?, format = '{layout}', maximum_object_size = {max(longest, 1_000) + 1_000})"
    lines: Iterator[str] = (row[0] or "" for row in _rows(connection, f"(select json from {source})", path))
    if layout == "array" and not _is_readable(connection, source, path):
        lines = _entries(path)
    yield from _from_records(_records(lines, known), names)


def _lines(path: Path) -> Iterator[str]:
    """Yield the lines that are not blank; of one that is longer than any row, the beginning."""
    with open(path, "rb") as file:
        while line := file.readline(ROW_BYTES):
            rest = line
            while not rest.endswith(b"\n") and (rest := file.readline(ROW_BYTES)):
                line = line[:_PART]
            if line.strip():
                yield line.decode("utf-8", "replace")


def _why_no_json(path: Path) -> str:
    """Say where a file of one JSON text breaks."""
    if path.stat().st_size > _EXPLAINED_BYTES:
        return name_damage(ValueError())
    try:
        json.loads(path.read_text("utf-8", "replace"), strict=False)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        if error.msg.startswith("Unterminated string"):
            return f"it is cut off: the text that begins at {place} is never closed"
        if not error.doc[error.pos :].strip():
            return f"it is cut off at {place}"
        return f"it is no valid JSON at {place}"
    except RecursionError:
        return "it is nested deeper than any article"
    return name_damage(ValueError())


def _layout(head: bytes) -> Literal["array", "newline_delimited", "unstructured"]:
    """Say how a JSON file holds its objects, by its first line."""
    start = head.lstrip()
    if start.startswith(b"["):
        return "array"
    try:
        return (
            "newline_delimited" if isinstance(json.loads(start.partition(b"\n")[0]), dict) else "unstructured"
        )
    except (ValueError, RecursionError):
        # One that breaks in its first line, and goes on with objects, is a file of lines all the same.
        next_line = start.partition(b"\n")[2][:1]
        return "newline_delimited" if next_line == b"{" else "unstructured"


def _is_readable(connection: duckdb.DuckDBPyConnection, source: str, path: Path) -> bool:
    try:
        connection.execute(f"select count(json) from {source}", [str(path)]).fetchall()
    except duckdb.Error:
        return False
    return True


def _entries(path: Path) -> Iterator[str]:
    """Yield the objects of an array that is broken somewhere, also those that are no JSON.

    Raises BadDelivery (`table_unreadable`) if there is none.
    """
    with open(path, encoding="utf-8", errors="replace") as file:
        entries = _parted(file)
        first = next(entries, None)
        if first is None:
            raise BadDelivery(_unreadable("json", _why_no_json(path)))
        yield from chain((first,), entries)


def _parted(file: TextIO) -> Iterator[str]:
    """Yield the objects of an array; no more of it is in memory than the longest of them needs."""
    decoder = json.JSONDecoder(strict=False)
    text, at, wanted, is_last = "", 0, _PART, False
    while True:
        if not is_last and len(text) - at < wanted:
            part = file.read(2 * wanted)
            text, at, is_last = text[at:] + part, 0, not part
        start = text.find("{", at)
        if start < 0:
            if is_last:
                return
            at = len(text)
            continue
        end = _end_of_entry(decoder, text, start, is_whole=is_last or len(text) - start >= ROW_BYTES)
        if end is None:
            at, wanted = start, 2 * (len(text) - start)
            continue
        yield text[start:end]
        at, wanted = end, _PART


def _end_of_entry(decoder: json.JSONDecoder, text: str, start: int, *, is_whole: bool) -> int | None:
    """Return where an object ends; None if it may go on behind the text. If `is_whole`, it does not."""
    try:
        return decoder.raw_decode(text, start)[1]
    except RecursionError:
        is_cut = False
    except json.JSONDecodeError as error:
        # Of a text that is cut it says where the open string begins, or that something is missing at the end.
        is_cut = error.msg.startswith("Unterminated string") or error.pos > len(text) - _LONGEST_WORD
    if is_cut and not is_whole:
        return None
    # The next object begins after the end of one, most likely on a line of its own.
    if found := _NEXT_OBJECT.search(text, start):
        return found.end()
    return len(text) if is_whole else None


def _records(lines: Iterator[str], known: _KnownRows) -> Iterator[_Record | None]:
    """Yield the record of each object, None for a known one; a list of records in an object stands for them.

    What is no object is yielded as it stands in the file.
    """
    number = 0
    for line in lines:
        loaded = load_json(line)
        records: Iterable[dict[str, Any] | str] = (
            _unpack_lists(loaded) if isinstance(loaded, dict) else (line,)
        )
        for place, record in enumerate(records):
            number += 1
            digest = known.digest((line, str(place)))
            yield None if known.has(digest) else _Record(number, record, digest)


def _unpack_lists(loaded: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the records in an object: an API's answer, Fundus's papers with their articles, or itself."""
    if any(is_known(name) and isinstance(value, str) for name, value in loaded.items()) and not _is_envelope(
        loaded
    ):
        yield loaded
        return
    if str(loaded.get("version", "")).startswith(_JSON_FEED) and isinstance(loaded.get("items"), list):
        about = {"site_name": loaded.get("title"), "language": loaded.get("language")}
        yield from ({**about, **item} for item in loaded["items"] if isinstance(item, dict))
        return
    lists = [name for name, value in loaded.items() if _is_list_of_records(value)]
    if lists and len(lists) == len(loaded):
        for name in lists:
            publisher = {} if name.casefold() in _LIST_NAMES else {"publisher": name}
            for record in loaded[name]:
                yield {**({} if "publisher" in record else publisher), **record}
        return
    yield from _list_of_records(loaded, _NAMED_LEVELS) or [loaded]


def _is_envelope(loaded: dict[str, Any]) -> bool:
    """Say whether an object with known names has articles inside all the same, and no text of its own."""
    return not HeaderNames().text_names(list(_flat_names(loaded))) and bool(
        _list_of_records(loaded, _NAMED_LEVELS)
    )


def _flat_names(record: dict[str, Any]) -> Iterator[str]:
    for name, value in record.items():
        yield name
        if isinstance(value, dict):
            yield from (f"{name}.{below}" for below in value)


def _is_list_of_records(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(entry, dict) for entry in value)
        and sum(is_known(name) for name in _flat_names(value[0])) >= 2
    )


def _list_of_records(value: Any, levels: int) -> list[dict[str, Any]]:
    """Return the records in an object: its own lists first, then those of all objects in it.

    An object inside that has a title and a text, an API's answer to a request for one article, is a record.
    """
    if not isinstance(value, dict) or not levels:
        return []
    lists = [below for below in value.values() if _is_list_of_records(below)]
    objects = [below for below in value.values() if isinstance(below, dict)]
    for records in lists:
        if _has_text(records[0]):
            return list(records)
    if found := [below for below in objects if _has_title(below) and _has_text(below)]:
        return found
    if lists:
        return list(lists[0])
    return [record for below in objects for record in _list_of_records(below, levels - 1)]


def _has_text(record: dict[str, Any]) -> bool:
    return bool(HeaderNames().text_names(list(_flat_names(record))))


def _has_title(record: dict[str, Any]) -> bool:
    return HeaderNames().interpret(_strings_in(record)).title is not None


def _strings_in(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in record.items():
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, dict):
            yield from ((f"{name}.{below}", text) for below, text in value.items() if isinstance(text, str))


# Records: rows of names and values, which may be nested


class _Record(NamedTuple):
    """A row of names and values, or what stands in its place in the file and is none."""

    number: int
    values: dict[str, Any] | str
    digest: int


def _from_records(records: Iterator[_Record | None], names: HeaderNames) -> Iterator[RawArticle | BadArticle]:
    """Yield the articles of records; those without a text count once one of the others has one.

    None stands for a record that is known; of its file at least one had a text.
    """
    seen: dict[str, None] = {}
    has_text = False
    with _Waiting() as waiting:
        for one in records:
            if one is None:
                has_text = True
                continue
            number, record, digest = one
            if isinstance(record, str):
                found: RawArticle | BadArticle = bad_article(
                    number,
                    None,
                    "row_unreadable",
                    record[:_SHOWN_START],
                    f"Entry {number} of the file is no valid JSON object. Correct it, or export the file "
                    "again.",
                )
            else:
                values = list(flatten(record))
                text_names = names.text_names(list(dict.fromkeys(name for name, _ in values)))
                has_text = has_text or bool(text_names)
                if len(seen) < _TOLD_NAMES:
                    seen.update(dict.fromkeys(name for name, _ in values[:_TOLD_NAMES]))
                found = _article(number, values, text_names, names)
            found = replace(found, digest=digest)
            if not has_text:
                waiting.add(found)
                continue
            yield from waiting.take()
            yield found
        if not seen and not waiting and not has_text:
            raise BadDelivery(_empty())
        if waiting.has_articles:
            raise BadDelivery(
                failure("text_missing", ", ".join(seen), text_missing(list(seen)), column="text")
            )
        if waiting:
            raise BadDelivery(_unreadable("json", "none of its entries is a valid object"))


class _Waiting:
    """The articles before the first with a text. It may be all of a table, so many are kept on disk."""

    def __init__(self) -> None:
        self.has_articles = False
        self._count = 0
        self._file = SpooledTemporaryFile(_WAITING_BYTES, prefix="ontherecord-")  # noqa: SIM115 - see __exit__

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def __bool__(self) -> bool:
        return self._count > 0

    def add(self, found: RawArticle | BadArticle) -> None:
        # Nobody else can write to the file, which has no name.
        pickle.dump(found, self._file)
        self._count += 1
        self.has_articles = self.has_articles or isinstance(found, RawArticle)

    def take(self) -> Iterator[RawArticle | BadArticle]:
        """Yield all in order; none is left."""
        count, self._count, self.has_articles = self._count, 0, False
        if count:
            self._file.seek(0)
            for _ in range(count):
                yield pickle.load(self._file)
            self._file.seek(0)
            self._file.truncate()


def _article(
    number: int, values: Sequence[tuple[str, str | None]], text_names: Sequence[str], names: HeaderNames
) -> RawArticle | BadArticle:
    """Return the article of a row: its text is the first of the text columns that is not empty."""
    given = [(name, value) for name, value in values if value is not None and value.strip() not in _MISSING]
    texts = dict(reversed(given))
    name = next((name for name in text_names if (texts.get(name) or "").strip()), None)
    text = texts[name] if name else ""
    not_headers = {*text_names, *names.other_texts(list(texts))}
    headers = [(n, _plain_value(n, value)) for n, value in given if n not in not_headers]
    key = names.key(headers)
    if _CUT.search(text):
        return bad_article(
            number,
            key,
            "text_cut_off",
            text[-_SHOWN_END:],
            "The producer gives only the beginning of the text and says how much is missing. Fetch the "
            "article from its address and deliver its whole text.",
        )
    body = paragraphs_of(text) if is_markup(text) else text
    return make_article(number, key, headers, body, text_name=name)


def _plain_value(name: str, value: str) -> str:
    """Return a value of ours without markup: APIs give headlines with `<em>`."""
    return " ".join(paragraphs_of(value)) if "</" in value and is_known(name) and is_markup(value) else value


_SHOWN_START = 1_000
_SHOWN_END = 60
_READERS: Mapping[_Kind, Any] = {"csv": _read_csv, "json": _read_json, "parquet": _read_parquet}
