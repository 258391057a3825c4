"""Rebuild: a lost or damaged writer's file comes back as it was, by kept extracts, without the model."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from commands import carry_out
from runs import ARTICLES, QuietRunner, article, contents, rows, run

from ontherecord.flows.recovery.rebuild import RebuildResult, rebuild
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse.errors import LandingError, PipelineError, WarehouseError

SOME = ARTICLES / "sport"
# Commits changes to the writer's file and is killed before they leave the WAL.
KILLED_AFTER_COMMIT = """
import os, signal, sys
from pathlib import Path
from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.tables import count_change
with open_writer(DataDir(Path(sys.argv[1])), "test") as engine:
    for _ in range(3):
        with engine.begin() as connection:
            count_change(connection)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def first(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load some samples, a quarantined file and a duplicate; give a folder with landing and home."""
    folder = tmp_path_factory.mktemp("first")
    shutil.copytree(SOME, folder / "landing")
    (folder / "landing" / "wrong.txt").write_text("nothing")
    (folder / "landing" / "copies").mkdir()
    shutil.copy(min(SOME.glob("*.txt")), folder / "landing" / "copies")
    (folder / "home").mkdir()
    shutil.copy(samples / "extracts.sqlite", folder / "home")
    counts = run(folder / "landing", folder / "home").counts
    assert (counts.duplicate_count, counts.quarantined_count) == (1, 1)
    return folder


@pytest.fixture(scope="module")
def second(first: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Deliver an article again with other words, and one more file that is quarantined."""
    folder = tmp_path_factory.mktemp("second") / "all"
    shutil.copytree(first, folder, symlinks=True)
    changed = max((folder / "landing").glob("*s.txt"))  # not the one that has a copy
    changed.write_text(changed.read_text() + "\nOne line more, the mayor said.\n")
    (folder / "landing" / "wrong too.txt").write_text(article(date="soon"))
    run(folder / "landing", folder / "home")
    assert rows(folder / "home", "select count(*) from article_versions") == [(1,)]
    return folder


@pytest.fixture
def lived(second: Path, tmp_path: Path) -> Path:
    shutil.copytree(second, tmp_path / "lived", symlinks=True)
    return tmp_path / "lived"


@pytest.fixture
def no_model(tmp_path: Path) -> Path:
    """Give a model that has a version and cannot be loaded: who needs it fails."""
    folder = tmp_path / "no_model"
    folder.mkdir()
    (folder / "meta.json").write_text('{"version": "1"}')
    return folder


def again(folder: Path, landing: str | None = "landing", **options: bool | Path) -> RebuildResult:
    settings = load_settings(home=folder / "home", workers=1, model=str(options.pop("model", "")) or None)
    return rebuild(settings, QuietRunner(), folder / landing if landing else None, **options)  # type: ignore[arg-type]


def damage(file: Path) -> None:
    size = file.stat().st_size
    with open(file, "r+b") as damaged:
        damaged.seek(size // 3)
        damaged.write(os.urandom(size // 3))


@pytest.mark.parametrize("how", ["lost", "empty", "cut", "overwritten"])
def test_writer_comes_back_from_the_published_file_with_all_it_knew(
    second: Path, lived: Path, no_model: Path, how: str
) -> None:
    home, writer = lived / "home", lived / "home" / "writer.duckdb"
    if how == "lost":
        writer.unlink()
    elif how == "overwritten":
        damage(writer)
    else:
        os.truncate(writer, 0 if how == "empty" else writer.stat().st_size // 2)
    with pytest.raises(
        WarehouseError, match=r"writer\.duckdb is (missing|damaged).*`ontherecord rebuild LANDING`"
    ):
        run(lived / "landing", home)
    (lived / "landing" / "late.txt").write_text(article())  # in no copy, and in no kept extract
    assert again(lived, model=no_model, skip_extraction=True).uncached_count == 1
    (lived / "landing" / "late.txt").unlink()
    assert contents(home) == contents(second / "home")
    with duckdb.connect(str(writer), read_only=True) as connection:
        runs = connection.execute("select flow, state from ops.runs order by run_id").fetchall()
    assert runs == [("ingest", "completed"), ("ingest", "completed"), ("rebuild", "completed")]
    assert len(list(home.glob("writer.duckdb.broken-*"))) == (how != "lost")
    late = article(title="Later still")
    (lived / "landing" / "late.txt").write_text(late)
    assert run(lived / "landing", home).counts.loaded_count == 1
    assert rows(home, "select title from search_articles('later')") == [("Later still",)]


@pytest.mark.parametrize("extracts", ["of this version", "of another version"])
def test_without_any_copy_the_files_and_kept_extracts_give_equal_tables(
    first: Path, tmp_path: Path, no_model: Path, extracts: str
) -> None:
    lived = tmp_path / "lived"
    shutil.copytree(first, lived, symlinks=True)
    (lived / "home" / "writer.duckdb").unlink()
    (lived / "home" / "warehouse.duckdb").unlink()
    with pytest.raises(WarehouseError, match="no intact copy"):
        again(lived, landing=None)
    # A model that cannot be loaded is of another version; the one that made the extracts is of this one.
    done = again(lived, model=no_model) if extracts == "of another version" else again(lived)
    assert done.restored.source is None
    assert done.uncached_count == 0
    rebuilt, before = contents(lived / "home"), contents(first / "home")
    if extracts == "of another version":  # whose weights of the confidence are not known
        del rebuilt["mart.methods"], before["mart.methods"]
    assert rebuilt == before


def test_without_extracts_the_model_is_needed_or_files_wait(tmp_path: Path, no_model: Path) -> None:
    landing, home = tmp_path / "landing", tmp_path / "home"
    landing.mkdir()
    for number in range(3):
        (landing / f"{number}.txt").write_text(article(title=f"Number {number}"))
    (landing / "wrong.txt").write_text("nothing")
    run(landing, home)
    before = contents(home)
    for name in ("writer.duckdb", "warehouse.duckdb", "extracts.sqlite"):
        (home / name).unlink()
    done = again(tmp_path, model=no_model, skip_extraction=True)
    assert done.uncached_count == 3
    assert rows(home, "select count(*) from articles") == [(0,)]
    assert rows(home, "select source_path from ops.quarantine") == [("wrong.txt",)]
    run(landing, home)
    assert contents(home) == before
    for name in ("writer.duckdb", "warehouse.duckdb", "extracts.sqlite"):
        (home / name).unlink()
    assert again(tmp_path).uncached_count == 3
    assert contents(home) == before


@pytest.mark.parametrize("published", [True, False])
def test_damaged_wal_costs_only_what_the_landing_folder_gives_back(
    second: Path, lived: Path, no_model: Path, published: bool
) -> None:
    home = lived / "home"
    killed = subprocess.run([sys.executable, "-c", KILLED_AFTER_COMMIT, home], check=False)
    assert killed.returncode == -signal.SIGKILL
    wal = home / "writer.duckdb.wal"
    assert wal.stat().st_size
    damage(wal)
    if not published:
        (home / "warehouse.duckdb").unlink()
    with pytest.raises(WarehouseError, match=r"damaged.*WAL.*`ontherecord rebuild LANDING`"):
        run(lived / "landing", home)
    source = again(lived, model=no_model).restored.source
    assert source == "the writer's file as of its last checkpoint"
    assert [f.name.split("-")[0] for f in sorted(home.glob("*.broken-*"))] == [
        "writer.duckdb.broken",
        "writer.duckdb.wal.broken",
    ]
    if not published:
        run(lived / "landing", home)
    assert contents(home) == contents(second / "home")


def test_writer_that_lost_published_changes_is_made_again(second: Path, lived: Path, first: Path) -> None:
    shutil.copy(first / "home" / "writer.duckdb", lived / "home" / "writer.duckdb")
    again(lived)
    assert contents(lived / "home") == contents(second / "home")


def test_whole_file_is_left_alone_unless_it_is_to_be_made_from_the_files(lived: Path, no_model: Path) -> None:
    home = lived / "home"
    before = (home / "writer.duckdb").read_bytes()
    with pytest.raises(WarehouseError, match=r"is healthy, with \d+ articles, so nothing was done"):
        again(lived)
    with pytest.raises(LandingError):
        again(lived, landing="nowhere", from_scratch=True)
    assert (home / "writer.duckdb").read_bytes() == before
    assert again(lived, model=no_model, from_scratch=True).run
    assert rows(home, "select count(*) from article_versions") == [(0,)]
    [aside] = home.glob("writer.duckdb.broken-*")
    assert aside.read_bytes() == before


def test_alerts_of_runs_that_published_nothing_come_back(lived: Path) -> None:
    home = lived / "home"
    with duckdb.connect(str(home / "alerts.parquet.duckdb")) as connection:  # any database, to write Parquet
        connection.execute(f"create table a as from read_parquet('{home}/alerts.parquet')")
        connection.execute(
            # With an id as up to migration 14.
            "insert into a by name select (1::bigint << 62) + 1025 as alert_id, 'volume' as rule, "
            "'Sport' as subject, 'few' as message, now()::timestamp as raised_at, "
            "now()::timestamp as last_seen_at"
        )
        connection.execute(f"copy a to '{home}/alerts.parquet' (format parquet)")
    (home / "writer.duckdb").unlink()
    again(lived)
    assert (2**52 + 1, "volume", "Sport") in rows(home, "select alert_id, rule, subject from ops.alerts")


def test_command_says_what_came_from_where_and_what_is_lost(lived: Path) -> None:
    (lived / "home" / "writer.duckdb").unlink()
    done = carry_out("rebuild", lived / "landing", home=lived / "home")
    assert done.returncode == 0, done.stderr
    assert "Copied from warehouse.duckdb: 8 articles." in done.stdout
    assert "Not recovered:" in done.stdout
    (lived / "home" / "writer.duckdb").unlink()
    done = carry_out("rebuild", lived / "landing", "--from-scratch", "--json", home=lived / "home")
    facts = json.loads(done.stdout)
    assert (facts["copied_from"], facts["without_extract"], facts["model"]) == (None, 0, "not used")
    assert facts["run"]["loaded"] == 8


def test_too_few_addresses_are_told_before_anything_is_moved(tmp_path: Path) -> None:
    (tmp_path / "writer.duckdb").write_text("damaged")
    before = resource.getrlimit(resource.RLIMIT_AS)
    settings = load_settings(home=tmp_path)
    resource.setrlimit(resource.RLIMIT_AS, (3_900_000_000, before[1]))
    try:
        with pytest.raises(PipelineError, match="a run needs 4,000,000,000"):
            rebuild(settings, QuietRunner(), None)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
    assert [file.name for file in tmp_path.iterdir()] == ["writer.duckdb"]
