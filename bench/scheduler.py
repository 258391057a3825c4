"""Simulates a cluster that extracts in parts: machines of unlike speed, stragglers, machines that die.

    .venv/bin/python bench/scheduler.py
    .venv/bin/python bench/scheduler.py --articles 2000000 --machines 50 --die 0.02

For each size of a part: how long all of it takes against what the machines could do if none were slow or
lost, and how many parts were begun again or left to the run's own machine. An article takes what was
measured (docs/performance.md). A part goes to whoever is free; one whose machine died goes to another, as
Dask and Ray do it, three times at the most. What a machine had written of its part stays:
flows/workers/remote.py writes every 20 texts.
"""

from __future__ import annotations

import argparse
import heapq
import random
from dataclasses import dataclass
from statistics import median

ARTICLE_SECONDS = 0.023
START_SECONDS = 3.0  # the model
CHUNK = 20
TRIES = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a simulated run came to: seconds, and parts begun again and given up."""

    seconds: float
    again: int
    left: int


def simulate(parts: int, size: int, machines: int, given: argparse.Namespace, seed: int) -> Outcome:
    """Run parts of so many articles over machines, one part at a time each."""
    chance = random.Random(seed)
    speeds = [chance.lognormvariate(0, given.spread) for _ in range(machines)]
    waiting = [(size, 0)] * parts  # articles still to do, times begun
    free = [(START_SECONDS, machine) for machine in range(machines)]
    heapq.heapify(free)
    end, again, left, under_way = 0.0, 0, 0, parts
    while waiting:
        articles, tries = waiting.pop()
        at, machine = heapq.heappop(free)
        slow = given.slower if chance.random() < given.stragglers else 1.0
        seconds = articles * ARTICLE_SECONDS * speeds[machine] * slow
        # The chance to die is one of time: a long part meets it more often.
        if chance.random() < 1 - (1 - given.die) ** (seconds / 5):
            done = chance.random()
            kept = int(articles * done) // CHUNK * CHUNK
            heapq.heappush(free, (at + seconds * done + given.restart, machine))
            if tries + 1 < TRIES:
                again += 1
                waiting.insert(0, (articles - kept, tries + 1))
            else:
                left, under_way = left + 1, under_way - 1
        else:
            heapq.heappush(free, (at + seconds, machine))
            end, under_way = max(end, at + seconds), under_way - 1
    assert not under_way, "each part is done or given up"
    return Outcome(end, again, left)


def main() -> None:
    """Simulate and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=200_000, help="1,000 parts of 200")
    parser.add_argument("--machines", type=int, default=50)
    parser.add_argument("--spread", type=float, default=0.15, help="of the machines' speeds, lognormal")
    parser.add_argument("--stragglers", type=float, default=0.02, help="share of parts that are slow")
    parser.add_argument("--slower", type=float, default=10.0, help="how much slower")
    parser.add_argument(
        "--die", type=float, default=0.01, help="chance that a machine dies within five seconds"
    )
    parser.add_argument("--restart", type=float, default=30.0, help="seconds until it is back")
    parser.add_argument("--runs", type=int, default=101)
    given = parser.parse_args()
    ideal = given.articles * ARTICLE_SECONDS / given.machines
    print("| articles a part | parts | to the ideal, median | worst of ten | begun again | left |")
    print("|---:|---:|---:|---:|---:|---:|")
    for size in (20, 50, 200, 1_000, 4_000):
        parts = given.articles // size
        runs = [simulate(parts, size, given.machines, given, seed) for seed in range(given.runs)]
        times = sorted(run.seconds / ideal for run in runs)
        print(
            f"| {size:,} | {parts:,} | {median(times):.2f} | {times[len(times) * 9 // 10]:.2f} "
            f"| {median(run.again for run in runs):,} | {median(run.left for run in runs):,} |"
        )


if __name__ == "__main__":
    main()
