"""The measures of bench/run.py that need a hundred thousand articles: growth, no work, a change, disk."""

from __future__ import annotations

import random
import sys
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import pyarrow as pa
from machine import Taken
from measures import PEAK, WORKERS, memory_rows
from workshop import Row, Workshop, link, read_list, replace, say

TIMED = 1_000
FLAT = 1.5
# Wall seconds of each stage, once for each time it was done.
Stages = dict[str, list[float]]
GROWING = {
    "load": "load into the tables",
    "files": "read to load, all of it",
    "near duplicates": "near duplicates",
    "marts": "marts",
    "publish": "publish",
}


def many(workshop: Workshop) -> list[Row]:
    """Fill a warehouse in steps; time the same work at the steps, then a run without any, then a change."""
    landing, home, rows = _fill(workshop)
    return [*rows, *_nothing_to_do(workshop, landing, home), *_change(workshop, landing, home)]


def _fill(workshop: Workshop) -> tuple[Path, Path, list[Row]]:
    """Ingest all articles in steps; return the landing folder, the home, and rows of growth and memory."""
    source = workshop.landing(workshop.many)
    files = sorted(read_list(source), key=lambda row: row["path"])
    random.Random(1).shuffle(files)
    timed = min(TIMED, workshop.many // 20)
    ends = [timed, workshop.many // 10 - timed, workshop.many // 10, workshop.many - timed, workshop.many]
    long_step = files[ends[2] : ends[3]]
    # So that workers run in the long step, too; they are spread all over it.
    missing = [row["sha256"] for row in long_step[:: max(1, len(long_step) // timed)]]
    home = workshop.fresh("many", workshop.kept(workshop.many), missing)
    landing = workshop.fresh("landing")
    steps: dict[int, tuple[Taken, Stages]] = {}
    start = 0
    for end in ends:
        if end == start:  # few articles in all
            continue
        link((row["path"] for row in files[start:end]), source, landing)
        say(f"ingest of {end - start:,} files beside {start:,} articles")
        # Where all is kept, a second worker would only load the model beside what is timed.
        workers = WORKERS if start == ends[2] else 1
        steps[start] = _clocked(workshop, landing, home, "--workers", str(workers))
        start = end
    taken, stages = steps[ends[2]]
    rows = _growth({beside: steps[beside][1] for beside in (0, ends[1], ends[3])}, timed)
    rows += [_load_within(stages), *memory_rows(f"ingest of {len(long_step):,}", taken)]
    if PEAK in workshop.peaks:
        rows.append(
            Row(
                f"peak memory, {len(long_step):,} articles to {workshop.articles:,}",
                f"{taken.resident / 1e9:.2f} to {workshop.peaks[PEAK] / 1e9:.2f} GB",
                [taken.resident / workshop.peaks[PEAK]],
                1.2,
            )
        )
    return landing, home, rows


def _clocked(workshop: Workshop, landing: Path, home: Path, *options: str) -> tuple[Taken, Stages]:
    taken, found = workshop.clocked(landing, home, *options)
    stages: Stages = found["seconds"]
    say(f"{taken.wall:.1f} s; {_parts(stages)}")
    return taken, stages


def _growth(steps: dict[int, Stages], count: int) -> list[Row]:
    """Return how each stage grows: the dearest step to the cheapest."""
    sizes = ", ".join(f"{beside:,}" for beside in steps)
    rows = []
    for stage, name in GROWING.items():
        seconds = [1_000 * sum(stages.get(stage, [])) / count for stages in steps.values()]
        told = ", ".join(f"{second:.2f}" for second in seconds)
        if min(seconds) > 0:
            rows.append(
                Row(
                    f"growth of {name}",
                    f"{told} s a thousand beside {sizes}",
                    [max(seconds) / min(seconds)],
                    FLAT,
                )
            )
    return rows


def _load_within(stages: Stages) -> Row:
    """Return load's growth within one long run: each of its last batches to the median of its first."""
    seconds = stages["load"][1:-1]  # the first one waits for the start, the last one is no full batch
    count = max(1, len(seconds) // 10)
    first = median(seconds[:count])
    return Row(
        "load of the long run's last tenth of batches, to the first tenth",
        f"{median(seconds[-count:]):.2f} to {first:.2f} s a batch, medians",
        [second / first for second in seconds[-count:]],
        FLAT,
    )


def _nothing_to_do(workshop: Workshop, landing: Path, home: Path) -> list[Row]:
    """Hold a run over unchanged files against a listing of them and the interpreter's start."""
    listing = ("find", landing, "-printf", r"%s %T@ %p\n")
    runs, limits = [], []
    for number in range(workshop.rounds):
        say(f"nothing to do, round {number + 1}")
        runs.append(workshop.ingest(landing, home).wall)
        limits.append(_wall(workshop, *listing) + _wall(workshop, sys.executable, "-c", "pass"))
    return [
        Row(
            f"nothing to do in {workshop.many:,} files: seconds more than find and the interpreter",
            f"{median(runs):.2f} s to {median(limits):.2f} s, medians",
            [run - limit for run, limit in zip(runs, limits, strict=True)],
            4,
            unit=" s",
        )
    ]


def _wall(workshop: Workshop, *command: str | Path) -> float:
    return workshop.run(*command).wall


def _change(workshop: Workshop, landing: Path, home: Path) -> list[Row]:
    """Hold the changed files of a later delivery, beside all others, against these files alone."""
    delivery, changed = workshop.changed(workshop.many)
    small = workshop.fresh("small")
    link(changed, delivery, small)
    say(f"ingest of {len(changed):,} changed files alone")
    alone, stages_alone = _clocked(workshop, small, workshop.fresh("home"))
    replace(changed, delivery, landing)
    say(f"ingest of {len(changed):,} changed files beside {workshop.many:,}")
    beside, stages = _clocked(workshop, landing, home)
    return [
        Row(
            f"{len(changed):,} changed of {workshop.many:,}, to these alone",
            f"{beside.wall:.1f} s ({_parts(stages)}) to {alone.wall:.1f} s ({_parts(stages_alone)})",
            [beside.wall / alone.wall],
            1.5,
        )
    ]


def _parts(stages: Stages) -> str:
    """Return what each step took, in words."""
    inner = ("load", "tables")  # of files
    return ", ".join(f"{name} {sum(seconds):.1f}" for name, seconds in stages.items() if name not in inner)


def disk(workshop: Workshop) -> list[Row]:
    """Hold the published file against the compressed text of its articles."""
    homes = {"the real articles": workshop.real_home()}
    if (workshop.folder / "many" / "warehouse.duckdb").is_file():
        homes["many mixed articles"] = workshop.folder / "many"
    rows = []
    for what, home in homes.items():
        size = (home / "warehouse.duckdb").stat().st_size
        articles, compressed = _compressed(home / "warehouse.duckdb")
        told = f"{size / 1e6:.1f} to {compressed / 1e6:.1f} MB of {articles:,} articles"
        rows.append(Row(f"published file of {what}, to its texts by zstd", told, [size / compressed], 3))
    return rows


def _compressed(published: Path) -> tuple[int, int]:
    """Return how many articles a file has, and the bytes of all their titles and bodies by zstd, level 3."""
    with closing(duckdb.connect(str(published), read_only=True)) as connection:
        texts: list[tuple[Any, Any]] = connection.execute(
            "select title, body from articles order by source_path"
        ).fetchall()
    whole = "\n".join(part for text in texts for part in text).encode()
    return len(texts), len(pa.Codec("zstd", compression_level=3).compress(whole, asbytes=True))
