"""What tests share: sample articles, small articles written on the spot, and runs into fresh homes."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp
from typing import Any, TypeVar

import duckdb

from ontherecord.flows.ingest import ingest
from ontherecord.flows.landing.location import Location
from ontherecord.flows.pipeline.results import RunResult
from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse.alerts import Alert
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import wal_of
from ontherecord.warehouse.publish import open_published

T = TypeVar("T")
ARTICLES = Path(__file__).parent / "articles"


class QuietRunner:
    """Runs steps at once and keeps what it was told, alerts among it."""

    flow_run_id: str | None = None

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.steps: list[str] = []

    def run_step(self, name: str, work: Callable[[], T]) -> T:
        self.steps.append(name)
        return work()

    def log(self, line: str) -> None:
        self.lines.append(line)

    def report_progress(self, done: int, total: int) -> None:
        pass

    def send_alerts(self, unsent: Sequence[Alert]) -> Sequence[Alert]:
        return ()

    def show_alerts(self, alerts: Sequence[Alert]) -> None:
        pass


@cache
def migrated_home() -> Path:
    """Return the home of an empty warehouse, to be copied: to migrate one takes four times as long."""
    made = Path(mkdtemp(prefix="ontherecord-home-"))
    atexit.register(rmtree, made, ignore_errors=True)
    with open_writer(DataDir(made / "home"), "test"):
        pass
    return made / "home"


def run(landing: Location, home: Path, *, only: Sequence[str] | None = None, **options: Any) -> RunResult:
    """Ingest a landing place, or what is at some paths in it, with one worker unless more are asked for."""
    if not home.exists() and "lake" not in options:
        copytree(migrated_home(), home, symlinks=True)
    settings = load_settings(home=home, **{"workers": 1, **options})
    return ingest(landing, settings, QuietRunner(), only=only)


def rows(home: Path, query: str) -> list[tuple[Any, ...]]:
    """Ask the published warehouse of a home."""
    with closing(duckdb.connect(str(home / "warehouse.duckdb"), read_only=True)) as connection:
        return connection.execute(query).fetchall()


@contextmanager
def open_to_change(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the published file of a home for writing, which everything there prevents."""
    published = home / "warehouse.duckdb"
    published.chmod(0o644)
    wal_of(published).unlink(missing_ok=True)
    with duckdb.connect(str(published)) as connection:
        yield connection


def contents(home: Path | DataDir) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables and views of a home, without what differs from run to run.

    That is when and by which run; what the pipeline knows of runs and alerts; and in which slices and
    under which short numbers articles came into the search index.
    """
    of_run = {
        "run_id",
        "loaded_at",
        "superseded_at",
        "seen_at",
        "quarantined_at",
        "released_at",
        "modified_ns",
        "built_at",
        "applied_at",
        "forgotten_at",
    }
    # The last is a view, of compared tables, by the day of delivery: runs on two sides of midnight differ.
    left_out = {("ops", "runs"), ("ops", "alerts"), ("ops", "warehouse"), ("mart", "data_quality")}
    left_out.add(("mart", "about"))  # when, and by which run
    left_out.add(("ops", "published"))  # a lake's
    found = {}
    with closing(open_published(DataDir(home) if isinstance(home, Path) else home)) as connection:
        for schema, table, columns in connection.execute(_TABLES).fetchall():
            if (schema, table) not in left_out:
                kept = ", ".join(name for name in columns if name not in of_run)
                query = f"select {kept} from {schema}.{table} order by all"
                found[f"{schema}.{table}"] = connection.execute(query).fetchall()
        found["search"] = connection.execute(_INDEXED).fetchall()
    return found


_TABLES = """
select schema_name, table_name, list(column_name order by column_index)
from duckdb_columns()
where not internal and database_name = current_database() and schema_name in ('main', 'mart', 'ops')
group by all
order by all
"""
_INDEXED = """
with lists as (select stem, unnest(doc_nos) as doc_no, unnest(counts) as times from search.postings)
select article_id, version, word_count, list((stem, times) order by stem) as words
from search.articles
inner join lists using (doc_no)
group by all
order by all
"""


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


def land_wrong(landing: Path, count: int) -> None:
    """Put files into a landing folder whose date cannot be read."""
    for number in range(count):
        (landing / f"wrong {number}.txt").write_text(article(title=f"Number {number}", date="someday"))
