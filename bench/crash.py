"""Crashes: kills of all commands, as many as one likes, overnight if need be. Prints tables and a line.

    nice .venv/bin/python bench/crash.py --kills 1000

A fifth of them ends runs of `ingest` by stage (tests/kills.py), the others end all commands that write at
random moments (tests/killed_commands.py). The slow tests do the same with fewer kills. Exit 1 if a process or
a file was left, or if a home did not come to what an undisturbed command makes.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1] / "tests"


def start(script: str, folder: Path, *options: object) -> subprocess.Popen[str]:
    """Start a script of kills in a folder of its own; what it prints is JSON."""
    command = [sys.executable, TESTS / script, folder, "--json", *options]
    return subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True)


def merged(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the sums of several tallies."""
    total: dict[str, Any] = {"kills": Counter(), "wrong": {}}
    for number, tally in enumerate(found):
        total["kills"].update(tally.pop("kills"))
        wrong = tally.pop("wrong").items()
        total["wrong"].update({f"{number}: {home}": problems for home, problems in wrong})
        for name, count in tally.items():
            total[name] = total.get(name, 0) + count
    return total


def table(kills: Counter[str], heading: str) -> list[str]:
    """Return kills by name as lines of a Markdown table."""
    rows = [f"| {name} | {count:,} |" for name, count in kills.items()]
    return [f"| {heading} | kills |", "|---|---:|", *rows, f"| **all** | **{kills.total():,}** |", ""]


def main() -> int:
    """Kill as often as told; say what it came to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="homes at a time")
    parser.add_argument("--minutes", type=float, help="the most that the kills of commands may take")
    options = parser.parse_args()
    by_stage = options.kills // 5
    share = -(-(options.kills - by_stage) // options.jobs)
    limit = ["--minutes", options.minutes] if options.minutes else []
    with tempfile.TemporaryDirectory(prefix="crash-") as temporary:
        folders = [Path(temporary, str(number)) for number in range(options.jobs)]
        running = []
        for number, folder in enumerate(folders):
            part = ["--part", f"{number}/{options.jobs}", "--seed", options.seed + number, *limit]
            running.append(start("killed_commands.py", folder, "--kills", share, *part))
        commands = merged([json.loads(process.communicate()[0]) for process in running])
        stage_folder = Path(temporary, "stages")
        stage_folder.mkdir()
        staged = start("kills.py", stage_folder, "--kills", by_stage, "--seed", options.seed)
        stages = merged([json.loads(staged.communicate()[0])])
    print(*table(commands["kills"], "command"), *table(stages["kills"], "stage of `ingest`"), sep="\n")
    wrong = {**commands["wrong"], **{f"stages, {home}": what for home, what in stages["wrong"].items()}}
    for home, problems in wrong.items():
        print(home, *problems, sep="\n  ", file=sys.stderr)
    print(
        f"{commands['kills'].total() + stages['kills'].total():,} kills, "
        f"{commands['homes'] + stages['homes']:,} homes, {commands['opens'] + stages['opens']:,} opens of "
        f"the published file: {commands['processes']} processes left, {commands['leftovers']} files left, "
        f"{commands['differences']} differences, {len(wrong)} homes with something wrong."
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
