"""Marts follow what a run touched, and macros and search find what is there."""

from __future__ import annotations

import re
import shutil
from contextlib import closing
from datetime import date
from pathlib import Path

import duckdb
import pytest
from runs import ARTICLES, QuietRunner, article, rows, run

from ontherecord import sql
from ontherecord.flows.maintain import maintain
from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.flows.reprocess import reprocess
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.marts import build_marts, marts_are_current

MARTS = [f.name.removesuffix(".sql") for f in sql.statements("marts")]


def built(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of all marts in the writer's file, but the days that are those of the run."""
    with closing(duckdb.connect(str(home / "writer.duckdb"), read_only=True)) as writer:
        marts = [name for name in MARTS if name != "about"]  # which tells of the run
        return {name: writer.execute(f"from mart.{name} order by all").fetchall() for name in marts}


def test_marts_of_many_runs_are_those_of_a_fresh_build(landing: Path, home: Path) -> None:
    files = sorted(ARTICLES.rglob("*.txt"))[:24]
    for start in range(0, 24, 8):
        for file in files[start : start + 8]:
            shutil.copy(file, landing / f"{file.parent.name}-{file.name}")
        run(landing, home)
    # A new day and other words for one article, a reprint of another, and an alias.
    changed = landing / f"{files[3].parent.name}-{files[3].name}"
    body = changed.read_text().partition("\n\n")[2]
    changed.write_text(article(body=f'"All is different," Ida Brandt told Leila Sarrouf.\n{body}'))
    reprint = landing / "reprint.txt"
    reprint.write_text(files[9].read_text().replace("## Section: ", "## Section: Again "))
    run(landing, home)
    (home / "aliases.csv").write_text("alias,name,kind\nIda Brandt,Ida Brandt-Holm,person\n")
    run(landing, home)

    followed = built(home)
    assert all(followed.values()), {name for name, found in followed.items() if not found}
    with open_writer(DataDir(home), "test") as engine:
        with engine.begin() as connection:
            connection.exec_driver_sql("delete from ops.marts")
        build_marts(engine)
    assert built(home) == followed
    assert {"Ida Brandt-Holm"} <= {row[1] for row in followed["speakers"]}


def test_people_far_apart_in_an_article_are_not_named_together(landing: Path, home: Path) -> None:
    between = "The harbour was quiet and the gulls had gone. " * 6
    body = f"Pilot Ida Brandt met guard Otto Lind.\n{between}\nThe baker Lena Ortiz saw neither of them."
    (landing / "a.txt").write_text(article(body=body))
    run(landing, home)
    pairs = (
        "select one.name, another.name from mart.co_mentions as together join entities as one "
        "using (entity_id) join entities as another on together.other_id = another.entity_id"
    )
    assert [sorted(map(str, pair)) for pair in rows(home, pairs)] == [["Ida Brandt", "Otto Lind"]]


def test_who_speaks_beside_a_quotation_is_not_what_it_is_about(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article(body='"We wait for Otto Lind," Ida Brandt said.'))
    run(landing, home)
    assert rows(home, "select speaker, named_as from quotes_about('lind')") == [("Ida Brandt", "Otto Lind")]
    assert rows(home, "from quotes_about('brandt')") == []


def test_marts_follow_a_switch_to_what_is_found_now(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    (landing / "b.txt").write_text(article(title="Second", body='"No," guard Otto Lind said.'))
    run(landing, home)
    found_now = built(home)
    with duckdb.connect(str(home / "writer.duckdb")) as writer:
        writer.execute("update articles set extractor_version = 'older'")
        writer.execute("delete from quotes")
        writer.execute("insert into ops.dirty_days select published_on from articles")
        writer.execute("insert into ops.dirty_entities select entity_id from entities")
    with open_writer(DataDir(home), "test") as engine:
        build_marts(engine)
    assert built(home)["utterances"] == []
    reprocess(load_settings(home=home, workers=1), QuietRunner(), apply=True)
    assert built(home) == found_now


def test_maintenance_that_changes_nothing_leaves_nothing_to_follow(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, home)
    maintain(load_settings(home=home, workers=1), QuietRunner())
    with closing(duckdb.connect(str(home / "writer.duckdb"), read_only=True)) as writer:
        assert writer.execute("from ops.dirty_entities").fetchall() == []
        assert writer.execute("from ops.dirty_days").fetchall() == []


def test_other_sql_builds_marts_anew_and_publishes(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, home)
    with duckdb.connect(str(home / "writer.duckdb")) as writer:
        writer.execute("update ops.marts set sha256 = 'of older code' where name = 'marts/speakers'")
        writer.execute("delete from mart.speakers")
    assert run(landing, home).published
    assert rows(home, "select speaker from mart.speakers") == [("Ida Brandt",)]
    with open_writer(DataDir(home), "test") as engine, engine.connect() as connection:
        assert marts_are_current(connection)
    assert not run(landing, home).published


def test_a_speaker_who_is_gone_is_gone_from_the_marts(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, home)
    (landing / "a.txt").write_text(article(body='"We are closed," guard Otto Lind said.'))
    run(landing, home)
    assert rows(home, "select speaker from mart.speakers") == [("Otto Lind",)]
    assert rows(home, "select text from mart.utterances") == [("We are closed,",)]
    assert rows(home, "select count(*) from entities_named('brandt')") == [(0,)]


SAID = (
    '"The ceasefire holds," Foreign Minister José Karrà said. "Talks with Lena Ortiz went well."\n'
    "Lena Ortiz said José Karrà was an honest man.\n"
)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a warehouse of two who speak of each other, and some others."""
    folder = tmp_path_factory.mktemp("two")
    landing = folder / "landing"
    landing.mkdir()
    (landing / "a.txt").write_text(article(title="Truce in Tamruz", body=SAID))
    (landing / "b.txt").write_text(
        article(
            title="Ceasefires elsewhere",
            body='"Nobody talked to us," Ida Brandt said.',
            date="Friday, January 8, 2016 - 09:00",
        )
    )
    run(landing, folder / "home")
    return folder / "home"


def test_macros_forgive_case_accents_and_a_surname_alone(two: Path) -> None:
    for who in ("karra", "KARRÀ", "jose karra", "José Karrà"):
        assert rows(two, f"select distinct speaker from quotes_by('{who}')") == [("José Karrà",)]
    assert rows(two, "select count(*) from quotes_by('karr')") == [(0,)]


def test_quotes_with_and_about(two: Path) -> None:
    assert rows(two, "select text from quotes_with('CEASEFIRE holds')") == [("The ceasefire holds,",)]
    assert rows(two, "select text from quotes_with('holds ceasefire')") == []
    assert rows(two, "select speaker, named_as from quotes_about('karra')") == [("Lena Ortiz", "José Karrà")]


def test_exchange_together_and_timeline(two: Path) -> None:
    expected = [("José Karrà", "Lena Ortiz"), ("Lena Ortiz", "José Karrà")]
    for pair in ("'karra', 'ortiz'", "'ortiz', 'karra'"):
        assert rows(two, f"select speaker, named_as from quotes_between({pair})") == expected
    assert rows(two, "select title from articles_with_both('ortiz', 'karra')") == [("Truce in Tamruz",)]
    assert rows(two, "from articles_with_both('ortiz', 'brandt')") == []
    assert rows(two, "from articles_mentioning('brandt')")[0][2] == "Ceasefires elsewhere"
    assert rows(two, "select month, article_count, quote_count from timeline('brandt')") == [
        (date(2016, 1, 1), 1, 1)
    ]


def test_search_finds_other_forms_of_a_word_best_first_and_shows_where(two: Path) -> None:
    found = rows(two, "select title, snippet from search_articles('ceasefire talks ortiz')")
    assert [title for title, _ in found] == ["Truce in Tamruz", "Ceasefires elsewhere"]
    assert "**ceasefire**" in found[0][1]
    assert "**talked**" in found[1][1]
    assert rows(two, "from search_articles('ceasefire', top := 1)") != []
    assert len(rows(two, "from search_articles('ceasefire', top := 1)")) == 1
    assert rows(two, "from search_articles('zeppelin')") == []
    assert rows(two, "from search_articles('')") == []


def test_search_needs_no_extension_and_follows_a_new_version(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, home)
    (landing / "a.txt").write_text(article(body='"We are closed," guard Otto Lind said.'))
    run(landing, home)
    assert rows(home, "from search_articles('brandt')") == []
    assert len(rows(home, "from search_articles('otto')")) == 1
    assert rows(home, "select count(*) from duckdb_extensions() where extension_name = 'fts' and loaded") == [
        (0,)
    ]


def test_every_macro_is_shown_at_work_in_its_first_line(two: Path) -> None:
    for file in [*sql.statements("macros/shared"), *sql.statements("macros")]:
        name = file.name.removesuffix(".sql")
        first = file.read_text().split("\n", 1)[0]
        example = re.search(rf"(?:from|select) {name}\(.*\)", first)
        assert example, file.name
        assert rows(two, example[0]) is not None


def test_data_quality_counts_what_was_delivered(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    (landing / "b.txt").write_text(article())
    (landing / "c.txt").write_text(article(title="No words", body="Nobody was asked anything.", section=""))
    (landing / "d.txt").write_text(article(title="", date="yesterday"))
    run(landing, home)
    found = rows(
        home,
        "select section, delivered_count, loaded_count, duplicate_count, quarantined_count, "
        "quarantined_by_rule, without_quotes_count, quote_count, unresolved_count "
        "from mart.data_quality order by section nulls last, loaded_count desc",
    )
    with_section = [row for row in found if row[0]]
    assert with_section == [("World", 1, 1, 0, 0, {}, 0, 1, 0)]
    without = [row for row in found if not row[0]]
    assert [sum(row[n] for row in without) for n in (1, 2, 3, 4, 6, 7, 8)] == [3, 1, 1, 1, 1, 0, 0]
    assert {rule for row in without for rule in row[5]} == {"title_missing", "date_relative"}


def test_outlets_have_their_speakers_and_what_is_their_own(landing: Path, home: Path) -> None:
    def deliver(name: str, outlet: str, body: str) -> None:
        text = article(title=f"Story {name}", body=body)
        (landing / f"{name}.txt").write_text(text.replace("## Section", f"## Source: {outlet}\n## Section"))

    deliver("a", "The Post", '"We wait for the ferry," captain Ida Brandt said.')
    deliver("b", "The Post", 'SARN, March 8 (Reuters) - "It sails at nine," captain Ida Brandt said.')
    deliver("c", "The Mail", '"Nobody asked us here," captain Ida Brandt told the guard Otto Lind.')
    run(landing, home)
    speakers = "select outlet, speaker, quote_count, article_count from mart.speakers_by_outlet order by all"
    assert rows(home, speakers) == [("The Mail", "Ida Brandt", 1, 1), ("The Post", "Ida Brandt", 2, 2)]
    outlets = "select outlet, agency, article_count, quote_count, share from mart.outlets order by all"
    assert rows(home, outlets) == [
        ("The Mail", None, 1, 1, 1.0),
        ("The Post", "Reuters", 1, 1, 0.5),
        ("The Post", None, 1, 1, 0.5),
    ]
    # A correction of the outlet moves the article.
    deliver("c", "The Post", '"Nobody asked us here," captain Ida Brandt told the guard Otto Lind.')
    run(landing, home)
    assert rows(home, speakers) == [("The Post", "Ida Brandt", 3, 3)]
    assert rows(home, "select sum(article_count)::int from mart.outlets") == [(3,)]
