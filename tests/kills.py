"""Kills: runs ended by SIGKILL at chosen moments, continued, and held against an undisturbed one.

Run as a program: the test and bench/crash.py both do. It has imported all that a run needs, and forks
a child for each attempt, which dies at the moment that it was given, or some time after it.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from moments import Moments, attempt, in_child, stages, warm_up
from readers import Reader

_KILLS_A_HOME = 10
_PR_SET_CHILD_SUBREAPER = 36


def killed(landing: Path, home: Path, stage: str, at: int, pause: float) -> bool:
    """Run in a fork that dies at a moment; say whether it did. It did not if it ended before."""
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reader)
        try:
            attempt(landing, home, Moments(stage, at, lambda: _die(writer, pause)))
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.close(writer)
    if os.read(reader, 1):  # nothing comes if it kills itself, or ends
        time.sleep(pause)
        os.kill(pid, signal.SIGKILL)
    os.close(reader)
    _, status = os.waitpid(pid, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError(f"A run that goes on after a kill failed, before its kill in {stage}.")
    return os.WIFSIGNALED(status)


def _die(tell: int, pause: float) -> None:
    """Die here, or, by the parent's hand, some time from here: in the middle of a query, say."""
    if pause:
        os.write(tell, b"x")
    else:
        os.kill(os.getpid(), signal.SIGKILL)


def end_of_children(patience: float = 30) -> int:
    """Wait for the workers that killed runs left; return how many do not end."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.05)
        except ChildProcessError:
            return 0
    return 1


@dataclass(slots=True)
class Delivered:
    """A landing folder, the home before it, and what an undisturbed run makes of them."""

    landing: Path
    before: Path | None
    contents: Any
    files: set[str]
    moments: dict[str, list[float]]  # by stage: seconds from each moment to the next


def undisturbed(landing: Path, home: Path, before: Path | None) -> Delivered:
    """Run once without a kill, counting moments."""

    def work() -> Any:
        from runs import contents

        moments = Moments(log=[])
        attempt(landing, home, moments)
        return moments.log, contents(home)

    log, found = in_child(work)
    lengths: dict[str, list[float]] = {}
    for (begun, stage), (ended, _) in zip(log, [*log[1:], log[-1]], strict=True):
        lengths.setdefault(stage, []).append(ended - begun)
    return Delivered(landing, before, found, _files(home), lengths)


def _files(home: Path) -> set[str]:
    """Return the files of a home, but for the lock's, which are the operating system's to keep."""
    files = (file.relative_to(home).as_posix() for file in home.rglob("*") if file.is_file())
    return {file for file in files if not file.startswith("writer.lock")}


def difference(home: Path, delivered: Delivered, ends: tuple[str, ...] = ()) -> list[str]:
    """Return in what a home differs from that of the undisturbed run."""

    def work() -> Any:
        import duckdb
        from runs import contents

        with closing(duckdb.connect(str(home / "writer.duckdb"), read_only=True)) as writer:
            states = writer.execute("select state from ops.runs order by started_at").fetchall()
        return contents(home), [state for (state,) in states]

    found, states = in_child(work)
    wrong = []
    for name, expected in delivered.contents.items():
        if (rows := found.get(name, [])) != expected:
            only = [row for row in rows if row not in expected], [row for row in expected if row not in rows]
            wrong.append(f"table {name}: {only[0][:3]} instead of {only[1][:3]}")
    wrong += [f"file {name}" for name in sorted(_files(home) ^ delivered.files)]
    if states[-1] != "completed" or not set(states) <= {"completed", "crashed", *ends}:
        wrong.append(f"runs {states}")
    return wrong


@dataclass(slots=True)
class Tally:
    """What the kills came to."""

    kills: Counter[str] = field(default_factory=Counter)
    homes: int = 0
    opens: int = 0
    publishes: int = 0
    wrong: dict[str, list[str]] = field(default_factory=dict)  # by home: kills and differences


def kill_all(folder: Path, wanted: int, seed: int) -> Tally:
    """Kill so many times, in all stages, each home several times, and hold each home in the end."""
    from deliveries import first_delivery, second_delivery

    first, second = folder / "first", folder / "second"
    first.mkdir()
    first_delivery(first)
    second_delivery(second, first)
    one = undisturbed(first, folder / "one", None)
    shutil.copytree(folder / "one", folder / "two", symlinks=True)
    two = undisturbed(second, folder / "two", folder / "one")
    extracts = folder / "two" / "extracts.sqlite"

    dice, tally = random.Random(seed), Tally()
    deck: list[str] = []
    while sum(tally.kills.values()) < wanted:
        delivered = (one, two)[tally.homes % 2]
        home = folder / f"home {tally.homes}"
        if delivered.before:
            shutil.copytree(delivered.before, home, symlinks=True)
        else:
            home.mkdir()
        shutil.copy(extracts, home)
        model = tally.homes % 9 == 2
        if model:
            _forget_some(home)
        plan = ["extract"] * 3 if model else _deal(deck, delivered, dice)
        _one_home(home, delivered, plan[: wanted - sum(tally.kills.values())], deck, dice, tally, model)
        if not tally.wrong.get(home.name):
            shutil.rmtree(home)
        tally.homes += 1
    return tally


def _deal(deck: list[str], delivered: Delivered, dice: random.Random) -> list[str]:
    """Take some stages, each as often as any other in the long run, in the order of a run."""
    order = [stage for stage in stages() if delivered.moments.get(stage) and stage != "cache extracts"]
    dealt: list[str] = []
    while len(dealt) < _KILLS_A_HOME:
        if not deck:
            deck += dice.sample(order, len(order))
        dealt.append(deck.pop())
    return sorted(dealt, key=order.index)


def _one_home(
    home: Path,
    delivered: Delivered,
    plan: list[str],
    deck: list[str],
    dice: random.Random,
    tally: Tally,
    model: bool,
) -> None:
    reader, done = Reader(home), []
    try:
        for number, stage in enumerate(plan):
            lengths = delivered.moments[stage]
            at = int(dice.random() ** 2 * len(lengths))  # early ones: a run that goes on has fewer
            pause = dice.choice((0.0, dice.random() * lengths[at]))
            if model:
                at, pause = 0, dice.random() * 5
            if not killed(delivered.landing, home, stage, at + 1, pause):
                deck += plan[number:]
                break
            done.append(f"{stage} {at + 1}+{pause:.3f}")
            tally.kills[stage] += 1
        in_child(lambda: attempt(delivered.landing, home, Moments()))
    except RuntimeError as error:
        tally.wrong[home.name] = [*done, str(error)]
    told = reader.end()
    tally.opens += told["opens"]
    tally.publishes += told["publishes"]
    wrong = [*told["problems"], *(["a worker goes on"] * end_of_children())]
    if home.name not in tally.wrong:
        wrong += difference(home, delivered)
    if wrong:
        tally.wrong[home.name] = [*tally.wrong.get(home.name, done), *wrong]


def _forget_some(home: Path) -> None:
    """Take kept extracts out, so that a worker has to load the model."""
    import sqlite3

    with closing(sqlite3.connect(home / "extracts.sqlite")) as kept, kept:
        kept.execute(
            "delete from extracts where content_sha256 in (select content_sha256 from extracts limit 60)"
        )


def as_table(tally: Tally) -> Iterator[str]:
    """Yield the table of stages and outcomes, in Markdown."""
    wrong = sum(1 for home in tally.wrong.values() if home)
    yield "| stage of the kill | kills |"
    yield "|---|---:|"
    for stage in stages():
        if tally.kills[stage]:
            yield f"| {stage} | {tally.kills[stage]} |"
    yield f"| **all** | **{sum(tally.kills.values())}** |"
    yield ""
    yield (
        f"{tally.homes} homes: {tally.homes - wrong} came to the tables and files of the undisturbed run, "
        f"{wrong} did not. Readers opened the published file {tally.opens:,} times, met {tally.publishes} "
        "publishes and held all checks on each."
    )


def main() -> None:
    """Kill as often as told, and print what it came to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="an empty folder to work in")
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", dest="as_json")
    options = parser.parse_args()
    warm_up()
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    tally = kill_all(options.folder, options.kills, options.seed)
    if options.as_json:
        print(json.dumps({"kills": tally.kills, "homes": tally.homes, "opens": tally.opens,
                          "publishes": tally.publishes, "wrong": tally.wrong}))  # fmt: skip
    else:
        print("\n".join(as_table(tally)))
    for home, wrong in tally.wrong.items():
        print(home, *wrong, sep="\n  ", file=sys.stderr)
    if tally.wrong and not options.as_json:
        sys.exit(1)


if __name__ == "__main__":
    main()
