"""What tests share: sample articles, small articles written on the spot, and runs into fresh homes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pytest

from flows.ingest import Report, ingest
from flows.settings import load_settings

T = TypeVar("T")
ARTICLES = Path(__file__).parent / "articles"

# Settings of the machine must not reach the tests.
for name in list(os.environ):
    if name.startswith("ONTHERECORD_") or name == "PREFECT_API_URL":
        del os.environ[name]


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
    of_run = {"run_id", "loaded_at", "superseded_at", "seen_at", "quarantined_at", "released_at", "modified_ns"}
    found = {}
    for schema, table in (
        ("main", "articles"),
        ("main", "article_versions"),
        ("main", "entities"),
        ("main", "mentions"),
        ("main", "quotes"),
        ("ops", "deliveries"),
        ("ops", "quarantine"),
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
    return f"## Title: {title}\n## Supertitle: \n## Section: {section}\n## Date: {date}\n\n{title}\n\n{body}\n"


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    folder = tmp_path / "landing"
    folder.mkdir()
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home of a run over the sample articles. Read only."""
    folder = tmp_path_factory.mktemp("samples")
    run(ARTICLES, folder, workers=2)
    yield folder
