"""Deliver a folder in waves to a running `ontherecord serve`; time each from delivery to publication.

    ontherecord serve --landing LANDING --home HOME --every 2m &
    python bench/waves.py ARTICLES LANDING HOME --waves 10 --pause 120

Prints a Markdown table: a row per wave, and at the end how the runs of that time ended. Exits with 1 if a
wave was not published within two pauses after the last one.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(slots=True)
class Wave:
    """Files delivered together; times in seconds since the epoch."""

    paths: list[str]
    delivered_at: float = 0.0
    published_at: float | None = None


def main() -> int:
    """Deliver, watch, tell."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument("articles", type=Path)
    arguments.add_argument("landing", type=Path)
    arguments.add_argument("home", type=Path)
    arguments.add_argument("--waves", type=int, default=10)
    arguments.add_argument("--pause", type=float, default=120, help="seconds between waves")
    given = arguments.parse_args()

    paths = sorted(str(f.relative_to(given.articles)) for f in given.articles.rglob("*.txt"))
    waves = [Wave(paths[n :: given.waves]) for n in range(given.waves)]
    started = time.time()
    for number, wave in enumerate(waves):
        for path in wave.paths:
            deliver(given.articles / path, given.landing / path)
        wave.delivered_at = time.time()
        watch(given.home, waves, until=started + (number + 1) * given.pause)
    watch(given.home, waves, until=time.time() + 2 * given.pause, whole=True)

    print("| wave | files | delivered after (s) | published after (s) more | in pauses |")
    print("|---|---|---|---|---|")
    for number, wave in enumerate(waves, 1):
        took = None if wave.published_at is None else wave.published_at - wave.delivered_at
        shown = ("never", "") if took is None else (f"{took:.0f}", f"{took / given.pause:.2f}")
        print(f"| {number} | {len(wave.paths)} | {wave.delivered_at - started:.0f} | {' | '.join(shown)} |")
    for state, count in ask(given.home, "select state, count(*) from ops.runs group by state order by state"):
        print(f"runs {state}: {count}")
    return 0 if all(wave.published_at for wave in waves) else 1


def deliver(source: Path, target: Path) -> None:
    """Copy a file so that it is whole from the moment it has its name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.part")
    draft.write_bytes(source.read_bytes())
    os.replace(draft, target)  # noqa: PTH105


def watch(home: Path, waves: list[Wave], until: float, *, whole: bool = False) -> None:
    """Look what is published until a time, or until all is if `whole`."""
    while time.time() < until:
        known = {path for (path,) in ask(home, "select source_path from ops.deliveries")}
        for wave in waves:
            if wave.delivered_at and wave.published_at is None and known.issuperset(wave.paths):
                wave.published_at = time.time()
        if whole and all(wave.published_at for wave in waves):
            return
        time.sleep(1)


def ask(home: Path, query: str) -> list[tuple[object, ...]]:
    """Ask the published file; nothing is published at first."""
    try:
        with closing(duckdb.connect(str(home / "warehouse.duckdb"), read_only=True)) as connection:
            return connection.execute(query).fetchall()
    except duckdb.IOException:
        return []


if __name__ == "__main__":
    sys.exit(main())
