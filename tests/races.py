"""Races: a process that changes a landing folder all the while, and what is read there meanwhile.

    python tests/races.py FOLDER --tries 1000 [--kind "a folder becomes a link"]

A try lists the folder and reads what it found: always one whole state of a file, never a mixture of two,
never half of one, and never one from outside the folder.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import os
import random
import shutil
import signal
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from ontherecord.flows.landing.access import list_location, open_reader
from ontherecord.warehouse.errors import BadDelivery, FileChanged

OUTCOMES = ("from outside", "mixed or half", "whole", "postponed", "refused")
_SMALL, _LARGE = 300_000, 6_000_000
_TIME = 1_451_703_846_000_000_000
_PIECE = 64_000
_MOMENTS = 8

State = dict[str, bytes]  # what a file, or each member of an archive, has: by name
Step = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Race:
    """What lands, and what is done to it. `states` are those that may be read.

    `change` is done again and again by another process; `swap` once in each try, at a random moment of
    listing and reading, and undone after it.
    """

    states: tuple[bytes, ...]
    prepare: Step
    change: Step | None = None
    swap: tuple[Step, Step] | None = None
    root_is_link: bool = False


def text(letter: str, size: int = _SMALL) -> bytes:
    """Return a file of one letter: a mixture of two shows."""
    return (f"Title: {letter}\n\n".encode() + letter.encode() * size)[:size]


def table(letter: str) -> bytes:
    """Return a file with many articles, so large that it is copied to be read."""
    row = (json.dumps({"title": letter, "text": letter * 300}) + "\n").encode()
    return row * (_LARGE // len(row))


def packed(content: bytes, name: str = "a.txt") -> bytes:
    """Return a zip with one member, stored, so that both states have one size."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name, (2016, 1, 2, 3, 4, 6)), content)
    return file.getvalue()


def _pause() -> None:
    time.sleep(random.random() / 2_000)


def _put(name: str, content: bytes) -> Step:
    def put(folder: Path) -> None:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        os.utime(file, ns=(_TIME, _TIME))

    return put


def _both(*steps: Step) -> Step:
    def do(folder: Path) -> None:
        for step in steps:
            step(folder)

    return do


def _becomes_link(name: str) -> tuple[Step, Step]:
    """Move what is there aside and put a link to its like outside in its place; take that back."""

    def swap(folder: Path) -> None:
        there = folder / "landing" / name
        there.rename(folder / "aside")
        there.symlink_to(folder / "outside" / name)

    def undo(folder: Path) -> None:
        there = folder / "landing" / name
        there.unlink()
        (folder / "aside").rename(there)

    return swap, undo


def _both(*steps: Step) -> Step:
    def do(folder: Path) -> None:
        for step in steps:
            step(folder)

    return do


def _is_replaced(name: str, *states: bytes) -> Step:
    def replace(folder: Path) -> None:
        for state in states:
            (folder / "next").write_bytes(state)
            (folder / "next").replace(folder / "landing" / name)

    return replace


def _is_overwritten(name: str, *states: bytes) -> Step:
    """Write other bytes into the file; the size stays, and so does the time, which is set back."""

    def overwrite(folder: Path) -> None:
        for state in states:
            fd = os.open(folder / "landing" / name, os.O_WRONLY)
            for start in range(0, len(state), _PIECE):
                os.pwrite(fd, state[start : start + _PIECE], start)
            os.utime(fd, ns=(_TIME, _TIME))
            os.close(fd)

    return overwrite


def _is_emptied(name: str, state: bytes) -> Step:
    """Write the file anew, in pieces."""

    def write(folder: Path) -> None:
        fd = os.open(folder / "landing" / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for start in range(0, len(state), len(state) // 8):
            os.write(fd, state[start : start + len(state) // 8])
            _pause()
        os.close(fd)
        time.sleep(0.05)

    return write


def _grows(name: str, state: bytes) -> Step:
    write = _is_emptied(name, state)

    def grow(folder: Path) -> None:
        (folder / "landing" / name).unlink()
        write(folder)

    return grow


def _is_renamed(name: str) -> Step:
    def rename(folder: Path) -> None:
        there, aside = folder / "landing" / name, folder / "landing" / f"{name}.other.txt"
        there.rename(aside)
        aside.rename(there)

    return rename


def _races() -> dict[str, Race]:
    inside, outside = text("i", 20_000), text("o", 20_000)
    names = ["0.txt", *(f"2016/03/{number}.txt" for number in range(4))]
    deep = _both(
        *(_put(f"landing/{name}", inside) for name in names),
        *(_put(f"outside/{name}", outside) for name in names),
    )
    week = "2016/week.zip"
    deep_zip = _both(
        _put("landing/0.txt", inside),
        _put(f"landing/{week}", packed(inside)),
        _put(f"outside/{week}", packed(outside)),
    )

    def change(name: str, how: Callable[..., Step], *states: bytes, read: tuple[bytes, ...] = ()) -> Race:
        first, *others = states
        return Race(read or states, _put(f"landing/{name}", first), how(name, *others, first))

    one, both = (text("a"),), (text("a"), text("b"))
    packs = tuple(gzip.compress(content, mtime=0) for content in both)
    zips = tuple(packed(content) for content in both)
    tables = table("a"), table("b")
    return {
        "a folder becomes a link": Race((inside,), deep, swap=_becomes_link("2016/03")),
        "the folder above becomes one": Race((inside,), deep, swap=_becomes_link("2016")),
        "that, and the root is a link": Race((inside,), deep, swap=_becomes_link("2016"), root_is_link=True),
        "a file becomes a link": Race((inside,), deep, swap=_becomes_link(names[1])),
        "the folder of a zip becomes a link": Race((inside,), deep_zip, swap=_becomes_link("2016")),
        "a file is replaced": change("a.txt", _is_replaced, *both),
        "a file is renamed and back": Race(one, _put("landing/a.txt", *one), _is_renamed("a.txt")),
        "a file is overwritten": change("a.txt", _is_overwritten, *both),
        "a file grows from nothing": change("a.txt", _grows, *one),
        "a file is emptied and grows": change("a.txt", _is_emptied, *one),
        "a .gz is overwritten": change("a.txt.gz", _is_overwritten, *packs),
        "a zip is replaced": change("a.zip", _is_replaced, *zips, read=both),
        "a zip is overwritten": change("a.zip", _is_overwritten, *zips, read=both),
        "a zip grows from nothing": change("a.zip", _grows, zips[0], read=one),
        "a large table is overwritten": change("a.jsonl", _is_overwritten, *tables),
        "a large table grows from nothing": change("a.jsonl", _grows, tables[0]),
    }


RACES = _races()


def run_race(race: Race, folder: Path, tries: int) -> Counter[str]:
    """Try so often; count the outcomes of what was read."""
    (folder / "outside").mkdir(parents=True)
    race.prepare(folder)
    landing = folder / "landing"
    if race.root_is_link:
        (folder / "link").symlink_to("landing")
        landing = folder / "link"
    counts: Counter[str] = Counter()
    with _changing(race.change, folder) if race.change else nullcontext():
        for _ in range(tries):
            with _swapping(race.swap, folder) as moment:
                counts.update(_try(landing, folder / "copies", race.states, moment))
    shutil.rmtree(folder)
    return counts


@contextmanager
def _changing(change: Step, folder: Path) -> Iterator[None]:
    pid = os.fork()
    if not pid:
        with suppress(BaseException):
            while True:
                change(folder)
        os._exit(1)
    try:
        yield
        if os.waitpid(pid, os.WNOHANG) != (0, 0):
            raise RuntimeError("the process that changes the folder has ended")
    finally:
        os.kill(pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(pid, 0)


@contextmanager
def _swapping(swap: tuple[Step, Step] | None, folder: Path) -> Iterator[Callable[[], None]]:
    """Give what is to be called at each moment of a try; one of them swaps."""
    if swap is None:
        yield lambda: None
        return
    left = random.randrange(_MOMENTS)

    def moment() -> None:
        nonlocal left
        if left == 0:
            swap[0](folder)
        left -= 1

    yield moment
    if left < 0:
        swap[1](folder)


def _try(landing: Path, copies: Path, states: tuple[bytes, ...], moment: Callable[[], None]) -> Iterator[str]:
    """List and read; yield the outcome of each file."""
    with open_reader(landing, copies) as reader:
        found = []
        for landed in list_location(landing):
            moment()
            found.append(landed)
        moment()
        reader.fetch(found)
        for landed in found:
            moment()
            try:
                raw = reader.read(landed)
            except FileChanged:
                yield "postponed"
            except BadDelivery:
                yield "refused"
            else:
                content = raw.content
                if raw.path:
                    content = raw.path.read_bytes()
                    raw.path.unlink()
                yield _judge(content, states)


def _judge(content: bytes, states: tuple[bytes, ...]) -> str:
    if content in states:
        return "whole"
    return "from outside" if content.startswith(b"Title: o") else "mixed or half"


def main() -> int:
    """Print a row for each kind; exit 1 if anything was read that must not be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tries", type=int, default=1000)
    parser.add_argument("--kind", action="append", choices=RACES)
    given = parser.parse_args()
    wrong = 0
    print("| while it is read | tries | from outside | mixed or half | whole | postponed | refused |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for kind in given.kind or RACES:
        counts = run_race(RACES[kind], given.folder / "race", given.tries)
        row = [kind, given.tries, *(counts[outcome] for outcome in OUTCOMES)]
        print("|", " | ".join(str(cell) for cell in row), "|", flush=True)
        wrong += counts["from outside"] + counts["mixed or half"]
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
