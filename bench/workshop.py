"""The workshop: what the measures of bench/run.py work with, made in a folder once and found there again."""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import machine

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "bench"
DELTA = "delta"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: `values` are of one kind, `reached` of what is `asked` (None: only shown)."""

    what: str
    measured: str
    values: Sequence[float]
    asked: float | None = None
    at_least: bool = False
    unit: str = ""

    @property
    def reached(self) -> float:
        return median(self.values)

    @property
    def holds(self) -> bool | None:
        """Whether what is asked is reached; None where nothing is."""
        if self.asked is None:
            return None
        return self.reached >= self.asked if self.at_least else self.reached <= self.asked

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """Return the row in words: what, measured, asked, reached, spread."""
        bound = "at least" if self.at_least else "at most"
        asked = "" if self.asked is None else f"{bound} {self.asked:g}{self.unit}"
        mark = {None: "", True: "", False: " (missed)"}[self.holds]
        least, most = min(self.values), max(self.values)
        spread = f"{least:.2f} to {most:.2f} of {len(self.values)}" if len(self.values) > 1 else "once"
        return self.what, self.measured, asked, f"{self.reached:.2f}{self.unit}{mark}", spread


@dataclass(slots=True)
class Workshop:
    """Folders with articles, homes and kept extracts, by what they hold; and how programs are started."""

    folder: Path
    shared: Path
    articles: int
    many: int
    rounds: int
    # What one section hands another: the peak of the pipeline's memory in bytes.
    peaks: dict[str, float] = field(default_factory=dict)

    def landing(self, count: int) -> Path:
        """Return a folder of so many articles, mixed from real ones; beside it is a later delivery, DELTA."""
        made = self.folder / f"articles-{count}"
        if not made.is_dir():
            say(f"making {count:,} articles")
            draft = _emptied(self.folder / "draft")
            self.run(
                sys.executable,
                self.shared / "tools" / "scale.py",
                "--src",
                self.shared / "articles",
                "--out",
                draft / "base",
                "-n",
                str(count),
                "--redeliver",
                draft / DELTA,
                "--redeliver-mode",
                "delta",
            )
            draft.rename(made)
        return made / "base"

    def changed(self, count: int) -> tuple[Path, list[str]]:
        """Return the later delivery of so many articles, and the paths of those that changed."""
        folder = self.landing(count).with_name(DELTA)
        return folder, [row["path"] for row in read_list(folder) if row["kind"] == "changed"]

    def real_home(self) -> Path:
        """Return the home of all real articles."""
        made = self.folder / "real"
        if not made.is_dir():
            say("ingesting the real articles")
            draft = _emptied(self.folder / "draft")
            self.ingest(self.shared / "articles", draft)
            draft.rename(made)
        return made

    def kept(self, count: int) -> Path:
        """Return the extracts of so many articles, put together from those of the real ones."""
        made = self.folder / f"kept-{count}"
        if not made.is_dir():
            real, landing = self.real_home(), self.landing(count)
            say(f"keeping extracts of {count:,} articles")
            draft = _emptied(self.folder / "draft")
            self.run(sys.executable, BENCH / "kept.py", real, landing, draft)
            draft.rename(made)
        return made / "extracts.sqlite"

    def mixed(self) -> list[dict[str, str]]:
        """Return what scale.py says of the many articles, shuffled, always in the same way."""
        files = sorted(read_list(self.landing(self.many)), key=lambda row: row["path"])
        random.Random(1).shuffle(files)
        return files

    def home(self, paths: Sequence[str]) -> Path:
        """Return a home with so many of the many articles, made once: copy it before it is changed."""
        made = self.folder / f"home-{len(paths)}"
        if not made.is_dir():
            landing = self.fresh("landing")
            link(paths, self.landing(self.many), landing)
            draft = self.fresh("draft-home", self.kept(self.many))
            say(f"ingest of {len(paths):,} articles")
            self.ingest(landing, draft, "--workers", "1")
            draft.rename(made)
        return made

    def fresh(self, name: str, extracts: Path | None = None, missing: Iterable[str] = ()) -> Path:
        """Return an empty folder for a home, with a copy of kept extracts but for the contents `missing`."""
        home = _emptied(self.folder / name)
        if extracts:
            copy = shutil.copy(extracts, home / "extracts.sqlite")
            with closing(sqlite3.connect(copy)) as connection, connection:
                connection.executemany(
                    "delete from extracts where content_sha256 = ?", [(content,) for content in missing]
                )
        return home

    def ingest(self, landing: Path, home: Path, *options: str) -> machine.Taken:
        """Run `ontherecord ingest` as somebody at a prompt does."""
        program = Path(sys.executable).with_name("ontherecord")
        return self.run(program, "ingest", landing, "--home", home, *options)

    def clocked(
        self, landing: Path, home: Path, *options: str, bare: Path | None = None
    ) -> tuple[machine.Taken, dict[str, Any]]:
        """Run `ontherecord ingest` with a clock on its stages; return what clocked.py writes too."""
        clocks = self.folder / "clocks.json"
        beside = ("--bare", bare) if bare else ()
        taken = self.run(
            sys.executable,
            BENCH / "clocked.py",
            clocks,
            *beside,
            "ingest",
            landing,
            "--home",
            home,
            *options,
        )
        return taken, json.loads(clocks.read_text())

    def run(self, *command: str | Path) -> machine.Taken:
        """Run a program on this checkout, with no settings but those given.

        Raises machine.ProgramFailedError if it fails.
        """
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("ONTHERECORD_", "PREFECT_"))}
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        ours = {"PYTHONPATH": os.pathsep.join(paths), "PREFECT_HOME": str(self.folder / "prefect")}
        return machine.run(command, kept | ours)


def read_list(folder: Path) -> list[dict[str, str]]:
    """Return what scale.py says of a folder it made: path, sha256, title, date and kind of each file."""
    with folder.with_name(f"{folder.name}.truth.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def link(paths: Iterable[str], source: Path, target: Path) -> None:
    """Put files into a landing folder by hard links."""
    for path in paths:
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.hardlink_to(source / path)


def replace(paths: Iterable[str], source: Path, target: Path) -> None:
    """Put other files in the place of some, whole from the moment they are there."""
    for path in paths:
        draft = target / f"{path}.part"
        shutil.copy(source / path, draft)
        draft.replace(target / path)


def say(line: str) -> None:
    """Tell how far it is."""
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
