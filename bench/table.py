"""Measure a table of many rows: memory and speed to load it, and to load it again with one changed row.

    python bench/table.py HOME [ROWS] [--bad N] [--unreadable N]

Writes HOME/landing/table.csv with short invented texts without quotes (default: 1,000,000 rows), ingests it
twice, each time in a process of its own, and prints the seconds, the rows a second, how many times longer
that is than DuckDB's own read of the file, and the memory of the process: when a tenth of the batches is
loaded, when all are, and the most until its end. Of every N rows one is `--bad` (a date that is none), or
`--unreadable` (two columns instead of five; the reader then goes on row by row). Steps that take long are
listed with their seconds.

What is measured is all but the extraction of names and quotes: in its place each text gets an extract with
nothing in it. What extraction costs is measured by run.py.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import time
from collections import defaultdict
from concurrent.futures import Future
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import Any

import duckdb

_NAMES = ("Ida Brandt", "Omar Haddad", "Lena Fischer", "Paul Okoro", "Mira Novak")
_PLACES = ("harbour", "market", "bridge", "school", "theatre", "station", "hospital", "museum")
_WORDS = ("stone", "paper", "river", "winter", "copper", "garden", "letter", "silver", "window", "barley")
# A step that takes longer is listed.
_LONG_SECONDS = 0.5


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("rows", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--bad", type=int, default=1_000, help="of so many rows one has no date")
    parser.add_argument("--unreadable", type=int, default=0, help="of so many rows one has two columns")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        _ingest(given.home)
        return
    table = given.home / "landing" / "table.csv"
    table.parent.mkdir(parents=True, exist_ok=True)
    write_table(table, given.rows, given.bad, given.unreadable)
    print(f"{given.rows:,} rows, {table.stat().st_size / 1e6:,.0f} MB")
    _measure(given.home, table, "loaded")
    write_table(table, given.rows, given.bad, given.unreadable, changed=given.rows // 2 + 1)
    _measure(given.home, table, "one row changed")


def write_table(file: Path, row_count: int, bad: int, unreadable: int, changed: int | None = None) -> None:
    """Write a table of so many short articles; the row of the number `changed` has another text."""
    with file.open("w", newline="", encoding="utf-8") as target:
        rows = csv.writer(target)
        rows.writerow(("url", "title", "text", "date", "source"))
        for n in range(row_count):
            if unreadable and n % unreadable == unreadable // 2:
                rows.writerow((f"https://post.example/{n}", "cut off"))
                continue
            place, words = _PLACES[n % 8], [_WORDS[int(digit)] for digit in str(n)]
            more = " It closed on Friday." if n == changed else ""
            is_bad = bad and n % bad == bad // 3
            rows.writerow(
                (
                    f"https://post.example/{n}",
                    f"The {place} opens, part {n}",
                    f"The {place} of {' '.join(words)} opens at {n % 12} past nine on Monday, and "
                    f"{_NAMES[n % 5]} is there with {words[-1]}.{more}",
                    "someday" if is_bad else f"20{10 + n % 15}-{1 + n // 15 % 12:02}-{1 + n // 180 % 28:02}",
                    "The Post",
                )
            )


def _measure(home: Path, table: Path, what: str) -> None:
    alone = _seconds_alone(table)
    command = [sys.executable, __file__, str(home), "--child"]
    began, used = time.monotonic(), _processor_seconds()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds, used = time.monotonic() - began, _processor_seconds() - used
    if done.returncode:
        sys.exit(done.stderr)
    found = json.loads(done.stdout.splitlines()[-1])
    print(f"\n{what}\n{found['summary']}")
    print(f"{seconds:,.1f} s; DuckDB's own read {alone:.2f} s; {seconds / alone:,.0f} times as long")
    print(f"{found['rows'] / seconds:,.0f} rows a second; {used:,.1f} s of processor time")
    early, late, most = (found["memory_mb"][name] for name in ("tenth", "loaded", "end"))
    print(f"memory: {early:,.0f} MB after a tenth, {late:,.0f} MB when all is loaded, {most:,.0f} MB at most")
    for name, total in found["seconds"].items():
        print(f"  {name:16} {total:8,.1f} s")
    sys.stdout.flush()


def _processor_seconds() -> float:
    """Return the processor time of all ended children: what counts on a machine that has other work."""
    usage = getrusage(RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _seconds_alone(table: Path) -> float:
    """Return how long DuckDB alone takes to read all values of the file, with two threads."""
    began = time.monotonic()
    with duckdb.connect(config={"threads": 2}) as connection:
        query = "select max(hash(columns(*))) from read_csv(?, all_varchar = true, ignore_errors = true)"
        connection.execute(query, [str(table)]).fetchall()
    return time.monotonic() - began


def _ingest(home: Path) -> None:
    """Ingest the table; print what it took as JSON. Runs in a process of its own."""
    from ontherecord.flows.ingest import ingest
    from ontherecord.flows.pipeline import session
    from ontherecord.flows.pipeline.terminal_runner import TerminalRunner
    from ontherecord.flows.settings import load_settings

    class Clocked(TerminalRunner):
        def __init__(self) -> None:
            super().__init__()
            self.seconds: defaultdict[str, float] = defaultdict(float)
            self.memory: list[float] = []

        def run_step(self, name: str, work: Any) -> Any:
            began = time.monotonic()
            try:
                return super().run_step(name, work)
            finally:
                is_batch = name.startswith("files")
                self.seconds["read to load" if is_batch else name] += time.monotonic() - began
                if is_batch:
                    self.memory.append(_peak_mb())

    session.ExtractionPool = _NothingFound  # type: ignore[misc,assignment]
    with Clocked() as runner:
        result = ingest(home / "landing", load_settings(home=home), runner)
    counts = result.counts
    found = {
        "summary": result.summary(),
        "rows": counts.article_landed_count,
        "seconds": {name: total for name, total in runner.seconds.items() if total > _LONG_SECONDS},
        "memory_mb": {
            "tenth": runner.memory[len(runner.memory) // 10],
            "loaded": runner.memory[-1],
            "end": _peak_mb(),
        },
    }
    print()
    print(json.dumps(found))


class _NothingFound:
    """Stands for the workers: an extract with nothing in it for each text."""

    known_version = "none"

    def __init__(self, *_: Any) -> None: ...

    def __enter__(self) -> _NothingFound:
        return self

    def __exit__(self, *_: object) -> None: ...

    def start(self, _: int) -> None: ...

    def submit(self, texts: Any) -> Future[Any]:
        from ontherecord.warehouse.records import Extract

        done: Future[Any] = Future()
        contents = [text.content_sha256 for text in texts]
        done.set_result({content: Extract(content, "none", (), (), (), ()) for content in contents})
        return done


def _peak_mb() -> float:
    return getrusage(RUSAGE_SELF).ru_maxrss / 1_000


if __name__ == "__main__":
    main()
