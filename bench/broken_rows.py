"""Measure how memory and quarantine grow with what is wrong: files and rows that are all quarantined.

    python bench/broken_rows.py                           # 150 files of 4.9 MB; 100,000 and 300,000 rows
    python bench/broken_rows.py --rows 1000000 --kinds date columns
    python bench/broken_rows.py --kinds files

Each line is one `ontherecord ingest` of one table into a home of its own (of a folder, for `files`).
`peak` is what the command's own process had in memory at the most, without its workers; `more` is by how
much that is more than with the number of rows before. `stored` counts files and their blocks in quarantine,
`writer` is the size of the writer's file.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MB = 1_000_000
_FILES = 150
_FILE_BYTES = 4_900_000
_PAUSE = 0.1
_SENTENCE = "The council of Marsalin met on Tuesday and went home again without a word. "
# Rows are told apart by their number, so that none is a copy of another.
_TEXT = f"{_SENTENCE * 3}It was meeting number {{n}}."


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run took: bytes of memory and seconds; files and bytes in quarantine; the writer's bytes."""

    peak: int
    seconds: float
    files: int
    stored: int
    writer: int
    quarantined: int


def _dates(rows: int) -> Iterator[str]:
    """Rows whose date cannot be read: each is read, judged by the header suite, and kept as bytes."""
    yield "url,title,date,text\n"
    for n in range(rows):
        yield f"https://post.example/{n},Meeting {n},32 Foo 2019,{_TEXT.format(n=n)}\n"


def _columns(rows: int) -> Iterator[str]:
    """Rows with a column too few, which are no articles: nothing of them is kept."""
    yield "url,title,date,text\n"
    for n in range(rows):
        yield f"https://post.example/{n},2019-03-04,{_TEXT.format(n=n)}\n"


def _no_text(rows: int) -> Iterator[str]:
    """Rows in which the text is empty."""
    yield "url,title,date,text\n"
    for n in range(rows):
        yield f"https://post.example/{n},Meeting {n},2019-03-04,\n"


def _no_json(rows: int) -> Iterator[str]:
    """Lines that are cut off, below one that has a text."""
    yield json.dumps({"url": "https://post.example/x", "date": "32 Foo 2019", "text": _SENTENCE}) + "\n"
    for n in range(rows):
        yield f'{{"url": "https://post.example/{n}", "date": "2019-03-04", "text": "{_TEXT.format(n=n)}\n'


def _no_text_in_any(rows: int) -> Iterator[str]:
    """Lines of which none has a text: the file is quarantined whole."""
    for n in range(rows):
        yield (
            json.dumps({"url": f"https://post.example/{n}", "title": f"Meeting {n}", "date": _SENTENCE})
            + "\n"
        )


def _array(rows: int) -> Iterator[str]:
    """Write entries of an array that all lack a quotation mark."""
    yield "[\n" + json.dumps({"url": "https://post.example/x", "date": "32 Foo 2019", "text": _SENTENCE})
    for n in range(rows):
        yield f',\n{{"url": "https://post.example/{n}", "date": 2019-03-04", "text": "{_TEXT.format(n=n)}"}}'
    yield "\n]\n"


# The ending of each table's name, and what is in it.
TABLES: Mapping[str, tuple[str, Callable[[int], Iterator[str]]]] = {
    "date": ("csv", _dates),
    "columns": ("csv", _columns),
    "no_text": ("csv", _no_text),
    "no_json": ("jsonl", _no_json),
    "no_text_in_any": ("jsonl", _no_text_in_any),
    "array": ("json", _array),
}


def main() -> None:
    """Measure the kinds that are asked for."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument("--rows", type=int, nargs="+", default=[100_000, 300_000])
    arguments.add_argument("--kinds", nargs="+", choices=("files", *TABLES), default=["files", *TABLES])
    arguments.add_argument("--files", type=int, default=_FILES)
    given = arguments.parse_args()
    print(
        f"{'kind':15} {'number':>9} {'peak MB':>8} {'more':>6} {'s':>7} {'stored':>9} {'MB':>7} "
        f"{'writer MB':>9}"
    )
    for kind in given.kinds:
        before = 0
        for number in [given.files] if kind == "files" else given.rows:
            with tempfile.TemporaryDirectory(prefix="broken-rows-") as folder:
                found = measure(kind, number, Path(folder))
            more = f"{(found.peak - before) / _MB:6.0f}" if before else f"{'':6}"
            print(
                f"{kind:15} {number:9,} {found.peak / _MB:8.0f} {more} {found.seconds:7.1f} {found.files:9,} "
                f"{found.stored / _MB:7.1f} {found.writer / _MB:9.1f}  {found.quarantined:,} quarantined",
                flush=True,
            )
            before = found.peak


def measure(kind: str, number: int, folder: Path) -> Measured:
    """Ingest so many broken files, or a table of so many broken rows."""
    landing, home = folder / "landing", folder / "home"
    landing.mkdir()
    if kind == "files":
        text = _SENTENCE * (_FILE_BYTES // len(_SENTENCE))
        for n in range(number):
            (landing / f"{n}.txt").write_text(f"## Title: Meeting {n}\n## Date: 32 Foo 2019\n\n{text}\n")
    else:
        ending, rows = TABLES[kind]
        with (landing / f"table.{ending}").open("w") as file:
            file.writelines(rows(number))
    began = time.monotonic()
    peak, told = _ingest(landing, home)
    seconds = time.monotonic() - began
    stored = [file.stat() for file in (home / "quarantine").rglob("*") if file.is_file()]
    quarantined = told["quarantined"] + told["articles"]["quarantined"]
    blocks = sum(file.st_blocks for file in stored) * 512
    return Measured(peak, seconds, len(stored), blocks, (home / "writer.duckdb").stat().st_size, quarantined)


def _ingest(landing: Path, home: Path) -> tuple[int, dict[str, Any]]:
    """Run the command; return its most resident bytes and its result."""
    command = [
        sys.executable,
        "-m",
        "ontherecord",
        "ingest",
        landing,
        "--home",
        home,
        "--workers",
        "1",
        "--json",
    ]
    with (
        (landing.parent / "result.json").open("w+") as output,
        (landing.parent / "told.txt").open("w+") as told,
    ):
        process = subprocess.Popen(command, stdout=output, stderr=told)
        peak = 0
        while process.poll() is None:
            try:
                status = Path(f"/proc/{process.pid}/status").read_text()
            except OSError:
                continue
            if found := re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE):
                peak = max(peak, int(found[1]) * 1024)
            time.sleep(_PAUSE)
        output.seek(0)
        told.seek(0)
        if process.returncode:
            raise SystemExit(told.read()[-2_000:])
        return peak, json.load(output)


if __name__ == "__main__":
    main()
