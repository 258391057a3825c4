#!/usr/bin/env python3
"""Measure what near duplicates, entities, marts and the search index cost beside more and more articles.

    .venv/bin/python bench/follow.py --work FOLDER
    .venv/bin/python bench/follow.py --work FOLDER --sizes 3000 30000 100000 --runs 10 1000 --rounds 3

For each size a home is filled with so many articles, mixed from real ones and spread over ten years. In
copies of it, runs of a few new articles are loaded and finished, but not published. Two Markdown tables are
printed: processor seconds of each stage with its growth from the first size to the last, and of each SQL
file. Needed is what bench/run.py needs; what was made in the folder is found there again.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

from workshop import ROOT, Workshop, link, say

sys.path.insert(0, str(ROOT))

import duckdb

from ontherecord import sql
from ontherecord.flows.landing.access import open_reader
from ontherecord.flows.landing.discover import discover
from ontherecord.flows.pipeline.finish import find_near_duplicates, join_new_names
from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.flows.pipeline.session import open_session
from ontherecord.flows.pipeline.terminal_runner import TerminalRunner
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.ledger import read_ledger
from ontherecord.warehouse.marts import build_marts, marts_are_current

FOLDERS = (
    "mart_changes",
    "near",
    "joins",
    "entities",
    "mart_support",
    "marts",
    "macros/shared",
    "macros",
    "search",
    "aliases",
)
# Modules that ask DuckDB in the stages that are measured.
MODULES = ("near_duplicates", "entity_joins", "entities", "marts", "search", "renames", "overlay")


class Clock:
    """Processor seconds of this process, all threads, by SQL file or statement, in the order of first use."""

    def __init__(self, *, by_statement: bool = False) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.by_statement = by_statement
        self._names = {
            file.read_text(encoding="utf-8"): f"{folder}/{file.name.removesuffix('.sql')}"
            for folder in FOLDERS
            for file in sql.statements(folder)
        }

    def execute(self, connection: Any, text: str, parameters: Any = None) -> Any:
        """Execute some SQL, and keep the time."""
        name = self._names.get(text, text.split("\n", 1)[0][:60])
        if self.by_statement and parameters is None:
            for number, statement in enumerate(duckdb.extract_statements(text), 1):
                begin = " ".join(statement.query.split())[:50]
                with self.clocked(f"{name} {number}: {begin}"):
                    connection.execute(statement)
            return connection
        with self.clocked(name):
            return connection.execute(text, parameters)

    @contextmanager
    def clocked(self, name: str) -> Iterator[None]:
        began = time.process_time()
        try:
            yield
        finally:
            self.seconds[name] += time.process_time() - began


class Clocked:
    """A DuckDB connection whose statements are clocked."""

    def __init__(self, connection: Any, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def execute(self, text: str, parameters: Any = None) -> Any:
        return self._clock.execute(self._connection, text, parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def main() -> int:
    """Fill homes, finish runs beside them, and print the tables."""
    options = _options().parse_args()
    if not (options.shared / "tools" / "scale.py").is_file():
        print(f"follow: no tools/scale.py in {options.shared}: name its folder with --shared.")
        return 2
    most = max(options.sizes)
    workshop = Workshop(options.work.absolute(), options.shared.absolute(), 0, options.of or most + 2_000, 1)
    files = [row["path"] for row in workshop.mixed()]
    new = files[-max(options.runs) :]
    stages: dict[tuple[str, int], dict[int, float]] = {}
    statements: dict[tuple[str, int], dict[int, float]] = {}
    for size in options.sizes:
        home = _home(workshop, size, files[:size])
        for run in options.runs:
            found = [_finish(workshop, home, new[:run], options.statements) for _ in range(options.rounds)]
            for table, number in ((stages, 0), (statements, 1)):
                for name in found[0][number]:
                    value = median(clocks[number][name] for clocks in found)
                    table.setdefault((name, run), {})[size] = value
    _print("stage", stages, options.sizes, options.runs, 0)
    _print("statement", statements, options.sizes, options.runs, options.least)
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--work", type=Path, required=True, help="folder for what is made")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--sizes", type=int, nargs="+", default=[3_000, 30_000])
    parser.add_argument("--runs", type=int, nargs="+", default=[10, 1_000], help="new articles of a run")
    parser.add_argument("--of", type=int, help="articles made in all, if not the largest size and 2,000")
    parser.add_argument("--rounds", type=int, default=1, help="medians of so many runs are shown")
    parser.add_argument("--statements", action="store_true", help="clock each statement of a file")
    parser.add_argument("--least", type=float, default=0.01, help="seconds of a statement to show")
    return parser


def _home(workshop: Workshop, size: int, paths: Sequence[str]) -> Path:
    """Return a home with so many articles, whose marts are current."""
    home = workshop.home(paths)
    with open_writer(DataDir(home), "measure") as engine, engine.connect() as connection:
        is_current = marts_are_current(connection)
    if not is_current:
        say(f"marts of {size:,} articles")
        with open_writer(DataDir(home), "measure") as engine:
            build_marts(engine)
    return home


def _finish(
    workshop: Workshop, home: Path, paths: Sequence[str], by_statement: bool
) -> tuple[dict[str, float], dict[str, float]]:
    """Finish a run of new articles in a copy of a home; return the seconds of stages and of statements."""
    say(f"{len(paths):,} new articles beside {home.name}")
    copy = workshop.fresh("copy")
    shutil.copy(home / "writer.duckdb", copy)
    (copy / "extracts.sqlite").symlink_to(workshop.kept(workshop.many))
    landing = workshop.fresh("landing")
    link(paths, workshop.landing(workshop.many), landing)
    stages, statements = Clock(), Clock(by_statement=by_statement)
    settings, runner = load_settings(home=copy, workers=1), TerminalRunner()
    with open_session(settings, runner, "ingest", landing) as session:
        session.apply_curated()
        found = discover(landing, read_ledger(session.engine), session.tombstones.of_file)
        with open_reader(landing, session.home.copies) as reader:
            session.load(found.to_read, {}, reader, start_workers=False)
        engine = session.engine
        with _listening(statements):
            work: dict[str, Callable[[], object]] = {
                "near duplicates": lambda: find_near_duplicates(engine),
                "names": lambda: join_new_names(engine, runner),
                "marts": lambda: build_marts(engine),
            }
            for name, do in work.items():
                with stages.clocked(name):
                    do()
    for name, parts in (("of marts: entities", "entities/"), ("of marts: search", "search/")):
        stages.seconds[name] = sum(s for n, s in statements.seconds.items() if n.startswith(parts))
    return stages.seconds, statements.seconds


@contextmanager
def _listening(clock: Clock) -> Iterator[None]:
    """Clock the statements that the stages give to DuckDB."""
    modules: list[Any] = [import_module(f"ontherecord.warehouse.{name}") for name in MODULES]
    modules = [module for module in modules if hasattr(module, "duckdb_of")]
    before = modules[0].duckdb_of
    for module in modules:
        module.duckdb_of = lambda connection: Clocked(before(connection), clock)
    try:
        yield
    finally:
        for module in modules:
            module.duckdb_of = before


def _print(
    what: str,
    found: dict[tuple[str, int], dict[int, float]],
    sizes: Sequence[int],
    runs: Sequence[int],
    least: float,
) -> None:
    heads = [f"{run:,} beside {size:,}" for run in runs for size in sizes]
    growths = [f"growth, {run:,}" for run in runs]
    print(f"\n| {what} | {' | '.join([*heads, *growths])} |\n|---|{'---:|' * (len(heads) + len(growths))}")
    for name in dict.fromkeys(name for name, _ in found):
        rows = [found.get((name, run), {}) for run in runs]
        if max(second for row in rows for second in row.values()) < least:
            continue
        cells = [f"{row.get(size, 0):.3f}" for row in rows for size in sizes]
        for row in rows:
            first, last = row.get(sizes[0], 0), row.get(sizes[-1], 0)
            cells.append(f"{last / first:.1f}" if first else "")
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    sys.exit(main())
