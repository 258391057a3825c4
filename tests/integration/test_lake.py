"""A lake: the same warehouse on a real Postgres and Parquet files, written by many, read all the while."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import duckdb
import psycopg
import pytest
from commands import ONTHERECORD, carry_out
from lakes import new_catalog, postgres
from runs import ARTICLES, QuietRunner, article, contents, run
from searched import files_with
from stores import s3_server

from ontherecord.flows.ingest import ingest
from ontherecord.flows.recovery.copy_warehouse import copy_warehouse
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse.checks import run_checks
from ontherecord.warehouse.data_dir import DataDir, Lake
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.lake import open_lake
from ontherecord.warehouse.publish import open_published

COUNT = len(list(ARTICLES.rglob("*.txt")))


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as folder:
        yield folder


@pytest.fixture
def lake(server: str, tmp_path: Path) -> Lake:
    return Lake(new_catalog(server, uuid4().hex), str(tmp_path / "files"))


def into(lake: Lake, home: Path, landing: Path = ARTICLES, **options: object) -> None:
    run(landing, home, warehouse=lake.catalog, lake=lake.data, **options)


def knowing(other: Path, home: Path) -> Path:
    """Return a home with the extracts of another: what is found in articles is none of a lake's affair."""
    home.mkdir(exist_ok=True)
    shutil.copy(other / "extracts.sqlite", home)
    return home


def ask(home: DataDir, query: str) -> list[tuple[object, ...]]:
    with closing(open_published(home)) as connection:
        return connection.execute(query).fetchall()


def start(lake: Lake, home: Path, landing: Path, *options: str) -> subprocess.Popen[str]:
    environment = os.environ | {
        "ONTHERECORD_WAREHOUSE": lake.catalog,
        "ONTHERECORD_LAKE": lake.data or "",
        "ONTHERECORD_BATCH_SIZE": "4",
    }
    command = [ONTHERECORD, "ingest", landing, "--home", home, "--workers", "1", *options]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


@pytest.mark.slow
def test_lake_has_the_tables_of_the_file(samples: Path, lake: Lake, home: Path) -> None:
    into(lake, knowing(samples, home))
    there = DataDir(home, lake)
    assert contents(there) == contents(samples)
    assert not (home / "writer.duckdb").exists()
    assert not (home / "warehouse.duckdb").exists()

    into(lake, home)  # nothing to do, so nothing is published
    assert ask(there, "select count(*) from ops.runs") == [(1,)]


@pytest.mark.slow
def test_changed_and_gone_files_are_followed_as_in_the_file(
    samples: Path, lake: Lake, tmp_path: Path
) -> None:
    landing, home, other = tmp_path / "landing", tmp_path / "home", tmp_path / "file"
    knowing(samples, home)
    shutil.copytree(ARTICLES, landing)
    for change in (0, 1, 2):
        for number, file in enumerate(sorted(landing.rglob("*.txt"))):
            if change and number % 5 == change:
                file.write_text(file.read_text() + f'\n"It is change {change}," Ida Brandt said.\n')
        (landing / f"bad {change}.txt").write_text("## Title: no date\n\nx\n")
        into(lake, home, landing, batch_size=7)
        run(landing, knowing(home, other), batch_size=7)
        assert contents(DataDir(home, lake)) == contents(other)


@pytest.mark.slow
def test_corrections_are_laid_and_undone_as_in_the_file(
    lake: Lake, landing: Path, home: Path, tmp_path: Path
) -> None:
    body = '"We are open," harbour master Ida Brandt said in Bergen.\n"It rains," officials said.'
    (landing / "harbour.txt").write_text(article(body=body))
    other, there = tmp_path / "file", DataDir(home, lake)
    into(lake, home, landing)
    run(landing, other)
    before = contents(there)
    lines = (
        "what,article,place,words,becomes,note\n"
        'speaker,harbour.txt,,"We are open,",Odd Lunde; officials,\n'
        'not a quote,harbour.txt,,"It rains,",,\n'
        "dismiss,,,Bergen,,\n"
    )
    for folder in (home, other):
        (folder / "corrections.csv").write_text(lines)
    into(lake, home, landing)
    run(landing, other)
    assert ask(there, "select speaker, is_corrected from quotes") == [("Odd Lunde and officials", True)]
    assert ask(there, "select name from entities order by all") == [("Ida Brandt",), ("Odd Lunde",)]
    assert contents(there) == contents(other)

    (home / "corrections.csv").unlink()
    into(lake, home, landing)
    assert contents(there) == before


@dataclass
class Seen:
    """What a reader met: how often it could open the lake, and what was wrong with what it saw."""

    opens: int = 0
    problems: list[str] = field(default_factory=list)


def read_until(stop: threading.Event, home: DataDir, seen: Seen) -> None:
    """Open the lake ten times a second, and run all checks on what is there."""
    while not stop.wait(0.1):
        try:
            connection = open_published(home)
        except WarehouseError as error:
            if "Nothing is published" not in str(error) or seen.opens:
                seen.problems.append(str(error))
            continue
        with closing(connection):
            seen.opens += 1
            broken = [check.name for check in run_checks(connection) if check.row_count]
            (count,) = connection.execute("select count(*) from articles").fetchall()[0]
            if broken or not count:
                seen.problems.append(f"{count} articles, broken: {broken}")


@pytest.mark.slow
def test_several_write_and_one_is_killed_while_others_read(samples: Path, lake: Lake, tmp_path: Path) -> None:
    """Each has a part of the articles; in the end all of them are there as one run loads them."""
    parts = [tmp_path / "one", tmp_path / "two"]
    whole = tmp_path / "whole"
    shutil.copytree(ARTICLES, whole)
    for number, folder in enumerate(sorted(f for f in ARTICLES.iterdir() if f.is_dir())):
        shutil.copytree(folder, parts[number % 2] / folder.name)
    homes = [tmp_path / "home one", tmp_path / "home two"]

    stop, seen = threading.Event(), Seen()
    reader = threading.Thread(target=read_until, args=(stop, DataDir(tmp_path / "reader", lake), seen))
    reader.start()
    first, second = (start(lake, h, p) for h, p in zip(homes, parts, strict=True))
    with psycopg.connect(lake.catalog, autocommit=True) as catalog:
        for _ in range(600):  # until something of the second is in
            time.sleep(0.1)
            if (homes[1] / "extracts.sqlite").exists() and catalog.execute(
                "select to_regclass('ducklake_snapshot') is not null"
            ).fetchone() == (True,):
                [snapshots] = catalog.execute("select count(*) from ducklake_snapshot").fetchone() or (0,)
                if snapshots > 8:
                    break
    second.send_signal(signal.SIGKILL)
    second.wait()
    told, _ = first.communicate(timeout=120)
    assert first.returncode == 0, told
    again = start(lake, homes[1], parts[1])
    told, _ = again.communicate(timeout=120)
    assert again.returncode == 0, told
    stop.set()
    reader.join()
    assert seen.problems == []
    assert seen.opens

    there = DataDir(homes[0], lake)
    states = ask(there, "select state, count(*) from ops.runs group by all order by all")
    assert states == [("completed", 2), ("crashed", 1)]
    run(whole, knowing(samples, tmp_path / "file"))
    assert contents(there) == contents(tmp_path / "file")


@pytest.mark.slow
def test_two_that_start_at_once_on_an_empty_database_make_one_lake(lake: Lake, tmp_path: Path) -> None:
    landings = [tmp_path / "one", tmp_path / "two"]
    for number, landing in enumerate(landings):
        landing.mkdir()
        (landing / f"{number}.txt").write_text(article(title=f"Harbour {number} opens"))
    runs = [start(lake, tmp_path / f"home {n}", landing) for n, landing in enumerate(landings)]
    for one in runs:
        told, _ = one.communicate(timeout=120)
        assert one.returncode == 0, told
    titles = ask(DataDir(tmp_path, lake), "select title from articles order by title")
    assert titles == [("Harbour 0 opens",), ("Harbour 1 opens",)]
    assert ask(DataDir(tmp_path, lake), "select count(*) from entities where name = 'Ida Brandt'") == [(1,)]


@pytest.mark.slow
def test_reader_that_is_open_keeps_what_it_has_and_sees_no_half_run(
    lake: Lake, landing: Path, home: Path
) -> None:
    (landing / "1.txt").write_text(article())
    into(lake, home, landing)
    there = DataDir(home, lake)
    with closing(open_published(there)) as reader:
        (landing / "2.txt").write_text(article(title="Bridge closes again"))
        into(lake, home, landing)
        with open_lake(there) as engine, engine.begin() as connection:
            connection.exec_driver_sql("delete from quotes")  # somebody's mistake, never checked
        assert reader.execute("select count(*) from articles").fetchall() == [(1,)]
    assert ask(there, "select count(*) from articles") == [(2,)]
    assert ask(there, "select count(*) from quotes") == [(2,)]


@pytest.mark.slow
def test_maintain_keeps_what_is_published_and_joins_files(lake: Lake, landing: Path, home: Path) -> None:
    from ontherecord.flows.maintain import maintain

    for number in range(4):
        (landing / f"{number}.txt").write_text(article(title=f"Harbour {number} opens"))
        into(lake, home, landing)
    there = DataDir(home, lake)
    before = contents(there)
    with psycopg.connect(lake.catalog, autocommit=True) as catalog:
        catalog.execute("update ducklake_snapshot set snapshot_time = snapshot_time - interval '30 days'")
        settings = load_settings(home=home, warehouse=lake.catalog, lake=lake.data)
        runner = QuietRunner()
        maintain(settings, runner)
        [left] = catalog.execute("select count(*) from ducklake_snapshot").fetchone() or (0,)
    assert left < 10
    assert contents(there) == before
    assert any(line.startswith("tidy: ") and "tidy: 0 " not in line for line in runner.lines)


@pytest.mark.slow
def test_reprocess_replay_export_and_report_work_on_a_lake(lake: Lake, landing: Path, home: Path) -> None:
    from ontherecord.flows.report.page import make_report
    from ontherecord.flows.reprocess import reprocess
    from ontherecord.flows.retry_quarantine import retry_quarantine
    from ontherecord.warehouse.export import export
    from ontherecord.warehouse.graph_export import write_graph
    from ontherecord.warehouse.published_reader import PublishedReader, Selection
    from ontherecord.warehouse.spreadsheet import write_workbook
    from ontherecord.warehouse.sqlite_export import write_sqlite

    (landing / "1.txt").write_text(article())
    (landing / "2.txt").write_text(article(title="No date", date=""))
    into(lake, home, landing)
    settings = load_settings(home=home, warehouse=lake.catalog, lake=lake.data, workers=1)
    before = contents(settings.paths)
    compared = reprocess(settings, QuietRunner(), everything=True)
    assert (compared.loaded_count, compared.run) == (1, None)
    reprocess(settings, QuietRunner(), everything=True, apply=True)
    assert retry_quarantine(settings, QuietRunner()).counts.quarantined_count == 1
    assert contents(settings.paths) == before
    export(settings.paths, home / "export")
    assert list((home / "export").rglob("*.parquet"))
    done = write_sqlite(settings.paths, home / "press.sqlite")
    assert done.row_counts["quotes"] == ask(settings.paths, "select count(*) from quotes")[0][0]
    write_workbook(settings.paths, home / "press.xlsx")
    write_graph(settings.paths, home / "names.gexf", at_least=1)
    assert "Ida Brandt" in make_report(settings.paths).read_text()
    reader = PublishedReader(settings.paths)
    with reader.pages() as reading:
        [found] = reading.articles(Selection(words="harbour")).rows
        assert [quote["speaker"] for quote in reading.quotes(Selection(speaker="brandt")).rows] == [
            "Ida Brandt"
        ]
        assert reading.find("harbour opens") == reading.find(str(found["article_id"]))
    reader.close()


@pytest.mark.slow
def test_same_path_in_two_landing_places_is_told(lake: Lake, tmp_path: Path) -> None:
    told = []
    for name in ("times", "post"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.txt").write_text(article(title=f"The {name} reports"))
        runner = QuietRunner()
        settings = load_settings(
            home=tmp_path / f"home {name}", warehouse=lake.catalog, lake=lake.data, workers=1
        )
        ingest(tmp_path / name, settings, runner)
        told.append([line for line in runner.lines if "another landing folder" in line])
    assert told[0] == []
    assert len(told[1]) == 1
    assert "1 file with" in told[1][0]
    assert str(tmp_path / "times") in told[1][0]


@pytest.mark.slow
def test_moved_to_a_lake_and_back_is_the_same(samples: Path, lake: Lake, tmp_path: Path) -> None:
    old, back = tmp_path / "old", tmp_path / "back"
    shutil.copytree(samples, old, symlinks=True)
    settings = load_settings(home=old, warehouse=lake.catalog, lake=lake.data)
    copy_warehouse(DataDir(old), settings.paths, settings, QuietRunner())
    assert contents(settings.paths) == contents(samples)
    moved = copy_warehouse(settings.paths, DataDir(back), settings, QuietRunner())
    assert contents(back) == contents(samples)
    assert {m.table: m.row_count for m in moved}["main.articles"] == COUNT
    with pytest.raises(WarehouseError, match="not empty"):
        copy_warehouse(settings.paths, DataDir(back), settings, QuietRunner())

    (extra := tmp_path / "extra").mkdir()
    (extra / "new.txt").write_text(article())
    into(lake, old, extra)  # the lake is one that goes on
    assert ask(settings.paths, "select count(*) from articles") == [(COUNT + 1,)]


@pytest.mark.slow
def test_files_of_a_lake_may_be_in_an_object_store(
    server: str, landing: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with s3_server() as store:
        monkeypatch.setenv("AWS_ENDPOINT_URL", store.address)
        lake = Lake(new_catalog(server, uuid4().hex), "s3://news/lake")
        (landing / "1.txt").write_text(article())
        into(lake, home, landing)
        assert ask(DataDir(home, lake), "select title from articles") == [("Harbour opens again",)]
        assert store.client.list_objects_v2(Bucket="news", Prefix="lake/")["KeyCount"]


def test_catalog_that_is_not_there_is_said_without_its_password(home: Path, landing: Path) -> None:
    lake = Lake("postgresql://ida:geheim@127.0.0.1:1/press")
    with pytest.raises(WarehouseError, match=r"127\.0\.0\.1:1/press.*is unreachable") as caught:
        into(lake, home, landing)
    assert "geheim" not in str(caught.value)


@pytest.mark.slow
def test_nothing_published_is_said(lake: Lake, home: Path) -> None:
    with pytest.raises(WarehouseError, match="Nothing is published in the lake"):
        open_published(DataDir(home, lake))


@pytest.mark.slow
def test_readers_ask_the_lake_reach_no_other_file_and_cannot_write(
    lake: Lake, landing: Path, home: Path
) -> None:
    (landing / "1.txt").write_text(article())
    into(lake, home, landing)
    environment = {"ONTHERECORD_WAREHOUSE": lake.catalog, "ONTHERECORD_LAKE": lake.data or ""}
    assert re.search(r"\nquotes +1\n", carry_out("status", home=home, **environment).stdout)
    for query, code, says in (
        ("select speaker from quotes_by('brandt')", 0, "Ida Brandt"),
        ("from read_text('/etc/hostname')", 1, ""),
    ):
        done = subprocess.run(
            [ONTHERECORD, "sql", "--csv", query, "--home", home],
            env=os.environ | environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        assert says in done.stdout
    with closing(open_published(DataDir(home, lake))) as reader:
        for query in ("from read_text('/etc/hostname')", "copy articles to 'x.csv'", "delete from articles"):
            with pytest.raises(duckdb.Error):
                reader.execute(query)


@pytest.mark.slow
@pytest.mark.parametrize("command", [["doctor"], ["rebuild"], ["backup", "x.zip"], ["restore", "x.zip"]])
def test_commands_for_files_say_what_to_do_instead(command: list[str], lake: Lake, home: Path) -> None:
    done = carry_out(*command, home=home, ONTHERECORD_WAREHOUSE=lake.catalog)
    assert done.returncode == 2
    assert "docs/lake.md" in done.stderr


def test_what_is_taken_down_is_in_no_file_of_the_lake(lake: Lake, tmp_path: Path) -> None:
    landing, home = tmp_path / "landing", tmp_path / "home"
    landing.mkdir()
    (landing / "a.txt").write_text(article())
    rare = article(title="Zyqqax harbour", body='"We are plorvexed," harbour master Ida Vrandtholm said.')
    (landing / "zyqqax.txt").write_text(rare)
    into(lake, home, landing)
    files = Path(str(lake.data))
    assert files_with(files, "zyqqax", "vrandtholm")
    options = {"ONTHERECORD_WAREHOUSE": lake.catalog, "ONTHERECORD_LAKE": str(lake.data)}
    done = carry_out("forget", "zyqqax.txt", "--why", "court order", "--yes", home=home, **options)
    assert done.returncode == 0, done.stderr
    assert files_with(files, "zyqqax", "vrandtholm", "plorvexed") == []
    assert files_with(home, "zyqqax", "vrandtholm", "plorvexed") == []
    other = tmp_path / "other"  # another machine, which has never had it
    into(lake, other, landing)
    assert ask(DataDir(other, lake), "select source_path from articles") == [("a.txt",)]
    with psycopg.connect(lake.catalog) as catalog:
        tables = catalog.execute(
            "select table_name from information_schema.tables where table_name like 'ducklake%'"
        ).fetchall()
        for (table,) in tables:
            found = str(catalog.execute(f'select * from "{table}"').fetchall()).lower()
            assert "zyqqax" not in found, table
            assert "vrandtholm" not in found, table
