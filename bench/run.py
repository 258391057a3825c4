#!/usr/bin/env python3
"""Measure speed, memory and disk with one command, each beside a peer or a raw limit in the same run.

    .venv/bin/python bench/run.py
    .venv/bin/python bench/run.py --work FOLDER --only pipeline load --articles 1000
    .venv/bin/python bench/run.py --many 3000 --json

Prints a Markdown table; how far it is goes to standard error. bench/README.md says what each row means.
All of it takes under 30 minutes on two processors that have nothing else to do. Needed beside the checkout
is a folder with real articles and tools/scale.py, which mixes many of them; without it the script says so
and exits with 2. With --work, what was made in the folder is found there again.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import machine
from growth import disk, many
from measures import extraction, load, pipeline
from workshop import ROOT, Row, Workshop, say

SECTIONS: dict[str, Callable[[Workshop], list[Row]]] = {
    "extraction": extraction,
    "pipeline": pipeline,
    "load": load,
    "many": many,
    "disk": disk,
}
FEWEST = 200


def main() -> int:
    """Measure section by section and print the table."""
    options = _options().parse_args()
    if not (options.shared / "tools" / "scale.py").is_file() or not (options.shared / "articles").is_dir():
        print(f"run: no tools/scale.py or no articles in {options.shared}: name its folder with --shared.")
        return 2
    if min(options.articles, options.many) < FEWEST:
        print(f"run: fewer than {FEWEST} articles show nothing.")
        return 2
    began, about = time.monotonic(), machine.describe()
    rows: dict[str, list[Row]] = {}
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as temporary:
        workshop = Workshop(
            (options.work or Path(temporary)).absolute(),
            options.shared.absolute(),
            options.articles,
            options.many,
            options.rounds,
        )
        for name, measure in SECTIONS.items():
            if name in (options.only or SECTIONS):
                say(f"{name} …")
                started = time.monotonic()
                rows[name] = measure(workshop)
                seconds[name] = time.monotonic() - started
                say(f"{name}: {seconds[name]:.0f} s")
    about = f"{time.strftime('%d %B %Y')}, {time.monotonic() - began:.0f} s in all; {about}"
    if options.json:
        print(
            json.dumps({"about": about, "seconds": seconds, "rows": {n: _facts(r) for n, r in rows.items()}})
        )
    else:
        _print_table(about, rows, seconds)
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--work", type=Path, help="folder for what is made, kept for the next time")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument(
        "--only", nargs="+", choices=SECTIONS, help="sections to measure, all if none is named"
    )
    parser.add_argument("--articles", type=int, default=5_000, help="files of pipeline and load")
    parser.add_argument("--many", type=int, default=100_000, help="files of many and disk")
    parser.add_argument("--rounds", type=int, default=5, help="of extraction and of nothing to do")
    parser.add_argument("--json", action="store_true")
    return parser


def _facts(rows: list[Row]) -> list[dict[str, object]]:
    return [
        {
            "what": row.what,
            "measured": row.measured,
            "values": list(row.values),
            "unit": row.unit,
            "reached": row.reached,
            "asked": row.asked,
            "holds": row.holds,
        }
        for row in rows
    ]


def _print_table(about: str, rows: dict[str, list[Row]], seconds: dict[str, float]) -> None:
    print(f"{about}\n\n| what | measured | asked | reached | spread |\n|---|---|---|---:|---|")
    for name, some in rows.items():
        print(f"| **{name}** | {seconds[name]:.0f} s for all of it | | | |")
        for row in some:
            print(f"| {' | '.join(row.cells)} |")


if __name__ == "__main__":
    sys.exit(main())
