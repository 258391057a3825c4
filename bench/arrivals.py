"""Measure how long an article takes from landing to published, beside archives of other sizes.

    .venv/bin/python bench/arrivals.py --work FOLDER --beside 3000 30000

Needs what bench/run.py needs, and finds again what that or follow.py made in the folder. Each archive is
loaded once, from kept extracts. Then `ontherecord ingest --watch` runs over a copy, and articles land that
nobody has extracted: one, some times in turn, and ten. Printed are medians of the wall seconds from the
rename into the landing folder until a reader finds the article, of which two are the wait for a quiet file;
the processor seconds of the watching process, without its worker; and the wall seconds of each stage.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from statistics import median

import duckdb
from workshop import BENCH, ROOT, Workshop, link

TIMES = 5
TEN = 10
PATIENCE = 600
# Wall and processor seconds.
Taken = tuple[float, float]
# Wall seconds of each stage, once for each time it was done.
Stages = dict[str, list[float]]


def main() -> None:
    """Measure archive by archive and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--work", type=Path, required=True, help="folder for what is made")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--beside", type=int, nargs="+", default=[3_000, 30_000])
    parser.add_argument("--of", type=int, help="articles made in all, if not the largest archive and 2,000")
    given = parser.parse_args()
    # In the background, a shell has SIGINT ignored, and so would the watcher, which it is to stop.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    most = given.of or max(given.beside) + 2_000
    workshop = Workshop(given.work.absolute(), given.shared.absolute(), 0, most, 1)
    workshop.folder.mkdir(parents=True, exist_ok=True)
    rows: list[str] = []
    stages: dict[int, Stages] = {}
    for beside in given.beside:
        size, ones, tens, stages[beside] = _beside(workshop, beside)
        medians = [median(column) for column in zip(*ones, strict=True)]
        cells = " | ".join(f"{seconds:.2f}" for seconds in (*medians, *tens))
        rows.append(f"| {beside:,} | {size / 1e6:,.0f} | {cells} |")
    print("| beside | file, MB | one article, s | processor, s | ten articles, s | processor, s |")
    print("|---:|---:|---:|---:|---:|---:|", *rows, sep="\n")
    _print_stages(stages)


def _print_stages(found: dict[int, Stages]) -> None:
    """Print the medians over the runs of one article: the first run and the one of ten are left out."""
    print(f"\n| stage | {' | '.join(f'beside {beside:,}' for beside in found)} |")
    print(f"|---|{'---:|' * len(found)}")
    for name in dict.fromkeys(name for stages in found.values() for name in stages):
        seconds = [stages.get(name, [])[-TIMES - 1 : -1] for stages in found.values()]
        print(f"| {name} | {' | '.join(f'{median(s):.2f}' if s else '' for s in seconds)} |")


def _beside(workshop: Workshop, beside: int) -> tuple[int, list[Taken], Taken, Stages]:
    """Return the bytes of the published file, what single articles took, what ten did, and their stages."""
    source, files = workshop.landing(workshop.many), workshop.mixed()
    new = files[-1 - TIMES - TEN :]
    made = workshop.home([row["path"] for row in files[:beside]])
    home = workshop.fresh(
        "arrivals-home", workshop.kept(workshop.many), missing=[row["sha256"] for row in new]
    )
    for name in ("writer.duckdb", "warehouse.duckdb"):
        shutil.copy(made / name, home)
    landing = workshop.fresh("arrivals-landing")
    link((row["path"] for row in files[:beside]), source, landing)
    clocks = workshop.folder / "clocks.json"
    ones, tens = measure(home, landing, source, [row["path"] for row in new], clocks)
    size = (home / "warehouse.duckdb").stat().st_size
    return size, ones, tens, json.loads(clocks.read_text())["seconds"]


def measure(
    home: Path, landing: Path, source: Path, files: list[str], clocks: Path
) -> tuple[list[Taken], Taken]:
    """Return wall and processor seconds of one article, for each of some times, and of ten."""
    program = [sys.executable, BENCH / "clocked.py", clocks, "ingest", landing, "--home", home, "--watch"]
    log = home / "watch.log"
    with log.open("wb") as output:
        watcher = subprocess.Popen(program, stdout=output, stderr=output)
    try:
        arrive(watcher, home, landing, source, files[:1])  # it loads what a first run loads
        ones = [arrive(watcher, home, landing, source, files[n : n + 1]) for n in range(1, TIMES + 1)]
        tens = arrive(watcher, home, landing, source, files[TIMES + 1 :])
    except (TimeoutError, ChildProcessError) as error:
        raise SystemExit(f"arrivals: {error}\n{log.read_text(errors='replace')[-2_000:]}") from error
    finally:
        watcher.send_signal(signal.SIGINT)
        watcher.wait()
    return ones, tens


def arrive(
    watcher: subprocess.Popen[bytes], home: Path, landing: Path, source: Path, files: list[str]
) -> Taken:
    """Let files land; return wall and processor seconds until all are published.

    Raises ChildProcessError if the watcher has ended, TimeoutError if they are not published in time.
    """
    time.sleep(4)  # the run before makes its report
    began, used = time.monotonic(), processor_seconds(watcher.pid)
    for path in files:
        (landing / path).parent.mkdir(parents=True, exist_ok=True)
        draft = landing / f".{Path(path).name}.part"
        shutil.copyfile(source / path, draft)
        draft.rename(landing / path)
    before = None
    while (now := (home / "warehouse.duckdb").stat().st_ino) == before or not are_published(home, files):
        before = now
        if watcher.poll() is not None:
            raise ChildProcessError(f"the watcher ended with {watcher.returncode}")
        if time.monotonic() - began > PATIENCE:
            raise TimeoutError(f"{files} were not published")
        time.sleep(0.05)
    return time.monotonic() - began, processor_seconds(watcher.pid) - used


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
