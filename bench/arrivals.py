"""Measure how long an article takes from landing to published, beside archives of other sizes.

    .venv/bin/python bench/arrivals.py --work FOLDER --beside 3000 30000

Needs what bench/run.py needs, and finds again what that made in the folder. Each archive is loaded once, from
kept extracts. Then `ontherecord ingest --watch` runs over it, and articles land: one, five times in turn, and
ten. Printed are the wall seconds from the rename into the landing folder until a reader finds the article, of
which two are the wait for a quiet file, and the processor seconds of the watching process, without its
workers.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from statistics import median

import duckdb
from workshop import ROOT, Workshop, link, read_list, say

TIMES = 5
SPARE = 100
PATIENCE = 600
# Wall and processor seconds.
Taken = tuple[float, float]


def main() -> None:
    """Measure archive by archive and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--beside", type=int, nargs="+", default=[3_000, 30_000])
    given = parser.parse_args()
    most = max(given.beside) + SPARE
    workshop = Workshop(given.work.absolute(), given.shared.absolute(), 0, most, 1)
    workshop.folder.mkdir(parents=True, exist_ok=True)
    source = workshop.landing(most)
    files = [row["path"] for row in read_list(source)]
    random.Random(1).shuffle(files)
    print("| beside | file, MB | one article, s | processor, s | ten articles, s | processor, s |")
    print("|---:|---:|---:|---:|---:|---:|")
    for beside in given.beside:
        home = workshop.fresh("arrivals-home", workshop.kept(most))
        landing = workshop.fresh("arrivals-landing")
        link(files[:beside], source, landing)
        say(f"loading {beside:,} articles")
        workshop.ingest(landing, home)
        ones, tens = measure(home, landing, source, files[-SPARE:])
        size = (home / "warehouse.duckdb").stat().st_size / 1e6
        medians = [median(column) for column in zip(*ones, strict=True)]
        cells = " | ".join(f"{seconds:.2f}" for seconds in (*medians, *tens))
        print(f"| {beside:,} | {size:,.0f} | {cells} |", flush=True)


def measure(home: Path, landing: Path, source: Path, files: list[str]) -> tuple[list[Taken], Taken]:
    """Return wall and processor seconds of one article, for each of some times, and of ten."""
    program = [Path(sys.executable).with_name("ontherecord"), "ingest", landing, "--home", home, "--watch"]
    watcher = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        arrive(watcher.pid, home, landing, source, files[:1])  # it loads what a first run loads
        ones = [arrive(watcher.pid, home, landing, source, files[n : n + 1]) for n in range(1, TIMES + 1)]
        tens = arrive(watcher.pid, home, landing, source, files[TIMES + 1 : TIMES + 11])
    finally:
        watcher.send_signal(signal.SIGINT)
        watcher.wait()
    return ones, tens


def arrive(watcher: int, home: Path, landing: Path, source: Path, files: list[str]) -> Taken:
    """Let files land; return wall and processor seconds until all are published."""
    time.sleep(4)  # the run before makes its report
    began, used = time.monotonic(), processor_seconds(watcher)
    for path in files:
        (landing / path).parent.mkdir(parents=True, exist_ok=True)
        draft = landing / f".{Path(path).name}.part"
        shutil.copyfile(source / path, draft)
        draft.rename(landing / path)
    while not are_published(home, files):
        if time.monotonic() - began > PATIENCE:
            raise TimeoutError(f"{files} were not published")
        time.sleep(0.05)
    return time.monotonic() - began, processor_seconds(watcher) - used


def are_published(home: Path, files: list[str]) -> bool:
    """Say whether a reader finds all these articles."""
    with closing(duckdb.connect(str(home / "warehouse.duckdb"), read_only=True)) as connection:
        query = "select count(*) from articles where source_path in (select unnest($1))"
        return connection.execute(query, [files]).fetchall() == [(len(files),)]


def processor_seconds(pid: int) -> float:
    """Return what a process and those it waited for have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
