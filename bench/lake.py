"""Holds a lake against a file: the same tables, and what each costs.

    .venv/bin/python bench/lake.py LANDING [--files 2000]

The same files into a file, into a lake on a Postgres of its own, by one process, and into another lake by two
processes at once, half the files each. What is extracted is kept from the first, so that load, marts and
publish are timed. Then every table of each lake is held against the file's.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from lakes import new_catalog, postgres
from runs import contents

from ontherecord.warehouse.data_dir import DataDir, Lake
from ontherecord.warehouse.publish import open_published

_PROGRAM = Path(sys.executable).with_name("ontherecord")


def main() -> None:
    """Run and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("landing", type=Path)
    parser.add_argument("--files", type=int, default=2000)
    given = parser.parse_args()
    files = [f for f in sorted(given.landing.rglob("*")) if f.is_file()][: given.files]
    with tempfile.TemporaryDirectory() as name, postgres() as server:
        folder = Path(name)
        landings = [folder / "whole", folder / "one", folder / "two"]
        for number, file in enumerate(files):
            for landing in (landings[0], landings[1 + number % 2]):
                copy = landing / file.relative_to(given.landing)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, copy)
        print(f"{len(files):,} files, {os.cpu_count()} processors")
        _ingest([(landings[0], folder / "first")], None)
        kept = folder / "first" / "extracts.sqlite"

        def home(name: str) -> Path:
            (folder / name).mkdir()
            shutil.copy(kept, folder / name)
            return folder / name

        lakes = [Lake(new_catalog(server, n), str(folder / f"files of {n}")) for n in ("alone", "together")]
        seconds = {
            "file": _ingest([(landings[0], home("file"))], None),
            "lake": _ingest([(landings[0], home("alone"))], lakes[0]),
            "lake, two processes": _ingest(
                [(landings[1], home("together")), (landings[2], home("beside"))], lakes[1]
            ),
        }
        homes = [DataDir(folder / "file"), *(DataDir(folder / "alone", lake) for lake in lakes)]
        expected = contents(homes[0])
        print("| warehouse | ingest | to the file's | a query | tables that differ |")
        print("|---|---:|---:|---:|---|")
        for (what, taken), home_ in zip(seconds.items(), homes, strict=True):
            found = contents(home_)
            differ = [t for t, rows in expected.items() if found.get(t) != rows]
            ratio = taken / seconds["file"]
            print(f"| {what} | {taken:.1f} s | {ratio:.2f} | {_query(home_):.3f} s | {differ or 'none'} |")
            for table in differ:
                only = [row for row in found[table] if row not in expected[table]]
                print(f"{table}: {len(only)} rows, such as {only[:2]}", file=sys.stderr)


def _ingest(runs: list[tuple[Path, Path]], lake: Lake | None) -> float:
    """Ingest landings into homes, all at once; return the wall seconds until the last is done."""
    environment = {n: v for n, v in os.environ.items() if not n.startswith(("ONTHERECORD_", "PREFECT_"))}
    if lake:
        environment |= {"ONTHERECORD_WAREHOUSE": lake.catalog, "ONTHERECORD_LAKE": lake.data or ""}
    began = time.monotonic()
    started = [
        subprocess.Popen(
            [_PROGRAM, "ingest", landing, "--home", home],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )
        for landing, home in runs
    ]  # fmt: skip
    for process in started:
        _, told = process.communicate()
        if process.returncode:
            sys.exit(told)
    return time.monotonic() - began


def _query(home: DataDir) -> float:
    """Return the median seconds of a macro on the warehouse, opened before."""
    with closing(open_published(home)) as connection:
        taken = []
        for _ in range(5):
            began = time.monotonic()
            connection.execute("from quotes_by('president')").fetchall()
            taken.append(time.monotonic() - began)
    return sorted(taken)[2]


if __name__ == "__main__":
    main()
