"""Measure a table of many rows: memory and speed to load it, and to load it again with one changed row.

python bench/table.py HOME [ROWS]

Writes HOME/landing/table.csv with short invented texts (default: 1,000,000 rows), ingests it twice in
processes of their own, and prints for each the seconds, the rows a second, and the peak memory of the
run without its workers; beside them what DuckDB alone takes to read the file.
"""

from __future__ import annotations

import csv
import resource
import subprocess
import sys
import time
from pathlib import Path

import duckdb

_NAMES = ("Ida Brandt", "Omar Haddad", "Lena Fischer", "Paul Okoro", "Mira Novak")
_PLACES = ("harbour", "market", "bridge", "school", "theatre", "station", "hospital", "museum")
_CHILD = """
import resource, sys
from pathlib import Path
from ontherecord.flows.ingest import ingest
from ontherecord.flows.pipeline.terminal_runner import TerminalRunner
from ontherecord.flows.settings import load_settings
with TerminalRunner() as runner:
    print(ingest(Path(sys.argv[1]), load_settings(home=Path(sys.argv[2])), runner).summary())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def write_table(file: Path, row_count: int, changed: int | None = None) -> None:
    """Write a table of so many short articles; the row of the number `changed` has another text."""
    with file.open("w", newline="", encoding="utf-8") as target:
        rows = csv.writer(target)
        rows.writerow(("url", "title", "text", "date", "source"))
        for n in range(row_count):
            name, place = _NAMES[n % 5], _PLACES[n % 8]
            more = " It closed again on Friday." if n == changed else ""
            rows.writerow(
                (
                    f"https://post.example/{n}",
                    f"The {place} opens, part {n}",
                    f'"The {place} opens at {n} past nine," {name} said on Monday.{more}',
                    f"20{10 + n % 15}-{1 + n % 12:02}-{1 + n % 28:02}",
                    "The Post",
                )
            )


def _ingest(landing: Path, home: Path, row_count: int, what: str) -> None:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(landing), str(home)], capture_output=True, text=True, check=False
    )
    seconds = time.monotonic() - began
    if done.returncode:
        sys.exit(done.stderr)
    *summary, peak = done.stdout.splitlines()
    print("\n".join(summary))
    rate, memory = row_count / seconds, int(peak) / 1000
    print(f"{what}: {seconds:,.1f} s, {rate:,.0f} rows a second, {memory:,.0f} MB", flush=True)


def main() -> None:
    home = Path(sys.argv[1])
    row_count = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    landing = home / "landing"
    landing.mkdir(parents=True, exist_ok=True)
    table = landing / "table.csv"
    write_table(table, row_count)
    print(f"{row_count:,} rows, {table.stat().st_size / 1e6:,.0f} MB")
    began = time.monotonic()
    (found,) = duckdb.execute("select count(distinct text) from read_csv(?)", [str(table)]).fetchall()[0]
    print(f"DuckDB alone: {time.monotonic() - began:,.1f} s for {found:,} rows")
    _ingest(landing, home, row_count, "loaded")
    write_table(table, row_count, changed=row_count // 2)
    _ingest(landing, home, row_count, "one row changed")
    print(f"largest worker: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000:,.0f} MB")


if __name__ == "__main__":
    main()
