"""Measures what a second worker brings: of the run's own pool, of Dask and of Ray, in the same run.

    .venv/bin/python bench/cluster.py LANDING [--files 1500]

Each ingests the same files into a fresh home with one worker and with two, starts and all. The tables are
counted, so that a cluster that left its files to the run's own workers shows.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNNERS = ("pool", "dask", "ray")


def main() -> None:
    """Run and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("landing", type=Path)
    parser.add_argument("--files", type=int, default=1500)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        landing = Path(folder) / "landing"
        files = [f for f in sorted(given.landing.rglob("*")) if f.is_file()][: given.files]
        for file in files:
            copy = landing / file.relative_to(given.landing)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, copy)
        print(f"{len(files):,} files, {os.cpu_count()} processors")
        print("| who extracts | one worker | two | speed-up | left to the run's own workers |")
        print("|---|---:|---:|---:|---:|")
        for runner in RUNNERS:
            taken = [_ingest(landing, Path(folder) / f"{runner} {n}", runner, n) for n in (1, 2)]
            one, two = (seconds for seconds, _ in taken)
            left = ", ".join(left for _, left in taken)
            print(f"| {runner} | {one:.1f} s | {two:.1f} s | {one / two:.2f} | {left} |", flush=True)


def _ingest(landing: Path, home: Path, runner: str, workers: int) -> tuple[float, str]:
    """Return wall seconds of an ingest, and how many files its cluster left to the run's own workers."""
    program = Path(sys.executable).with_name("ontherecord")
    environment = {n: v for n, v in os.environ.items() if not n.startswith(("ONTHERECORD_", "PREFECT_"))}
    environment["PREFECT_HOME"] = str(home / "prefect")
    if runner != "pool":
        environment["ONTHERECORD_CLUSTER"] = runner
    began = time.monotonic()
    done = subprocess.run(
        [program, "ingest", landing, "--home", home, "--workers", str(workers)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    seconds = time.monotonic() - began
    if done.returncode:
        sys.exit(f"{runner}, workers {workers}: {done.stderr}")
    left = re.search(r"([\d,]+) files? left for this machine", done.stderr)
    return seconds, left[1] if left else ""


if __name__ == "__main__":
    main()
