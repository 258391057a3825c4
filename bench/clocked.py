"""Run `ontherecord` with a clock on its stages, and write down what each took.

    .venv/bin/python bench/clocked.py CLOCKS.json ingest LANDING --home HOME
    .venv/bin/python bench/clocked.py CLOCKS.json --bare OTHER.duckdb ingest LANDING --home HOME

CLOCKS.json gets the wall seconds of each stage, once for each time it was done: the steps that Prefect shows
(those of files under `files`), of them `load` and, of load, `tables` (the making of Arrow tables).

With --bare, what a batch has for the core tables is put into tables of the same columns without any key in
another file too, by a bare `insert … select` in a transaction, right after the batch was loaded: `bare`.
`rows` are those of the batches.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parent.parent
CORE = ("articles", "mentions", "quotes", "entities", "deliveries")

T = TypeVar("T")

seconds: dict[str, list[float]] = {}


def main() -> None:
    """Put clocks on, and be the program."""
    clocks, *arguments = sys.argv[1:]
    bare = None
    if arguments[0] == "--bare":
        bare, arguments = arguments[1], arguments[2:]
    sys.path.insert(0, str(ROOT))
    # Imported here, since a worker imports this file as well.
    from ontherecord.flows.cli import main as cli

    directly: Any = import_module("ontherecord.flows.pipeline.terminal_runner").TerminalRunner
    stages: Any = import_module("ontherecord.flows.pipeline.batches")
    loading: Any = import_module("ontherecord.warehouse.load")
    step, stage, load = directly.run_step, loading._stage, loading.load
    staged: list[dict[str, Any]] = []
    rows: list[int] = []
    peer = Bare(Path(bare)) if bare else None

    def keep_staged(*given: Any) -> dict[str, Any]:
        staged.append(clock("tables", lambda: stage(*given)))
        return staged[0]

    def load_and_insert(*given: Any) -> None:
        staged.clear()
        clock("load", lambda: load(*given))
        if not staged:
            seconds["load"].pop()  # a batch without anything new
            return
        rows.append(sum(staged[0][f"staged_{name}"].num_rows for name in CORE))
        if peer:
            peer.prepare(staged[0])
            clock("bare", peer.insert)

    directly.run_step = lambda self, name, work: clock(_stage_of(name), lambda: step(self, name, work))
    loading._stage = keep_staged
    stages.load = load_and_insert
    sys.argv = ["ontherecord", *arguments]
    try:
        cli.main()
    finally:
        Path(clocks).write_text(json.dumps({"seconds": seconds, "rows": rows}))


def clock(name: str, work: Callable[[], T]) -> T:
    """Do some work and keep its wall time."""
    began = time.monotonic()
    try:
        return work()
    finally:
        seconds.setdefault(name, []).append(time.monotonic() - began)


def _stage_of(step: str) -> str:
    return "files" if step.startswith("files ") else step


class Bare:
    """A DuckDB file with the columns of the core tables and nothing else."""

    def __init__(self, file: Path) -> None:
        import duckdb

        self._connection = duckdb.connect(str(file))
        self._made: set[str] = set()

    def prepare(self, tables: dict[str, Any]) -> None:
        """Take the tables of a batch, in place of those before."""
        for name in CORE:
            self._connection.register(f"staged_{name}", tables[f"staged_{name}"])
            if name not in self._made:
                self._connection.execute(f"create table {name} as from staged_{name} limit 0")
                self._made.add(name)

    def insert(self) -> None:
        """Put in what was taken, in one transaction."""
        self._connection.execute("begin")
        for name in CORE:
            self._connection.execute(f"insert into {name} select * from staged_{name}")
        self._connection.execute("commit")


if __name__ == "__main__":
    main()
