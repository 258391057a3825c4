"""What tests share: sample articles, small articles written on the spot, and runs into fresh homes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from flows.conduct import Report
from flows.ingest import ingest
from flows.settings import load_settings

T = TypeVar("T")
ARTICLES = Path(__file__).parent / "articles"


class Quietly:
    """Conducts a run without telling anybody; keeps what it was told."""

    flow_run_id: str | None = None

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.steps: list[str] = []

    def step(self, name: str, work: Callable[[], T]) -> T:
        self.steps.append(name)
        return work()

    def say(self, line: str) -> None:
        self.lines.append(line)

    def progress(self, done: int, total: int) -> None:
        pass


def run(landing: Path, home: Path, **options: Any) -> Report:
    """Ingest a landing folder into a home, one worker unless more are asked for."""
    return ingest(landing, load_settings(home=home, **{"workers": 1, **options}), Quietly())


def rows(home: Path, query: str) -> list[tuple[Any, ...]]:
    """Ask the published warehouse of a home."""
    with closing(duckdb.connect(str(home / "warehouse.duckdb"), read_only=True)) as connection:
        return connection.execute(query).fetchall()


def contents(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of the core tables and the ledger, without what differs from run to run."""
    of_run = {
        "run_id",
        "loaded_at",
        "superseded_at",
        "seen_at",
        "quarantined_at",
        "released_at",
        "modified_ns",
    }
    found = {}
    for schema, table in (
        ("main", "articles"),
        ("main", "article_versions"),
        ("main", "entities"),
        ("main", "mentions"),
        ("main", "quotes"),
        ("ops", "deliveries"),
        ("ops", "quarantine"),
        ("ops", "near_pairs"),
        ("mart", "speakers"),
    ):
        with closing(duckdb.connect(str(home / "warehouse.duckdb"), read_only=True)) as connection:
            names = [row[0] for row in connection.execute(f"describe {schema}.{table}").fetchall()]
            kept = ", ".join(name for name in names if name not in of_run)
            found[table] = connection.execute(f"select {kept} from {schema}.{table} order by all").fetchall()
    return found


def article(
    title: str = "Harbour opens again",
    body: str = '"We are open," harbour master Ida Brandt said.',
    date: str = "Thursday, December 17, 2015 - 01:00",
    section: str = "World",
) -> str:
    """Return an article file's text."""
    return (
        f"## Title: {title}\n## Supertitle: \n## Section: {section}\n## Date: {date}\n\n{title}\n\n{body}\n"
    )
