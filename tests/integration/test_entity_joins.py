"""Names of one person in several articles are one entity, each join with its reason, and aliases undo it."""

from __future__ import annotations

from pathlib import Path

from runs import QuietRunner, article, contents, rows, run

from ontherecord.flows.maintain import maintain
from ontherecord.flows.pipeline.name_joins import choose_joins
from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import duckdb_of
from ontherecord.warehouse.entity_joins import join_names

JOINS = "select name, joined_name, reason from entity_joins order by all"
PEOPLE = "select name from entities where kind = 'person' order by all"


def deliver(landing: Path, *bodies: str, year: int = 2015) -> None:
    """Write an article for each body, beside those that are there."""
    start = len(list(landing.iterdir()))
    for number, body in enumerate(bodies, start):
        date = f"December {number % 27 + 1}, {year} - 01:00"
        (landing / f"{number:02}.txt").write_text(article(title=f"Story {number}", body=body, date=date))


def test_names_of_one_person_are_joined(landing: Path, home: Path) -> None:
    deliver(
        landing,
        "Senator Ruth A. Bloomdale spoke in Oslo.",
        "We met Ruth Bloomdale in Oslo.",
        "We met Ruth Bloomdale in Bergen.",
        "We met Joaquín Velardez in Oslo.",
        "We met Joaquin Velardez in Oslo.",
        "We met Joaquin Velardez in Bergen.",
        "Sen. William Ostermoor spoke in Oslo.",
        "Senator Bill Ostermoor spoke in Bergen.",
        "Senator Bill Ostermoor spoke in Oslo.",
        "Hedda Lunestad met Thomas Kvarnby in Oslo.",
        "Hedda Lunestad thanked Tom Kvarnby in Oslo.",
        "We met Tom Kvarnby in Oslo.",
        "Senator Carla Tessendorf spoke in Oslo.",
        "Oslo thanked Senator Tessendorf.",
    )
    run(landing, home)
    assert rows(home, JOINS) == [
        ("Joaquín Velardez", "Joaquin Velardez", "spelling"),
        ("Ruth A. Bloomdale", "Ruth Bloomdale", "middle name"),
        ("Tessendorf", "Carla Tessendorf", "title and surname: the only senator of that name"),
        ("Thomas Kvarnby", "Tom Kvarnby", "nickname: both named with hedda lunestad"),
        ("William Ostermoor", "Bill Ostermoor", "nickname: both senator"),
    ]
    assert [name for (name,) in rows(home, PEOPLE)] == [
        "Bill Ostermoor",
        "Carla Tessendorf",
        "Hedda Lunestad",
        "Joaquin Velardez",
        "Ruth Bloomdale",
        "Tom Kvarnby",
    ]


def test_names_that_may_mean_two_people_are_not(landing: Path, home: Path) -> None:
    deliver(
        landing,
        # Two middle initials: the name without one may be either.
        *("Ruth A. Bloomdale spoke.", "Ruth B. Bloomdale spoke.", "We met Ruth Bloomdale in Oslo."),
        # Father and son.
        *("Carl Velardez Jr. spoke in Oslo.", "Carl Velardez III left Oslo.", "We met Carl Velardez."),
        # Nothing speaks for the nickname.
        *("We met William Ostermoor in Oslo.", "We met Bill Ostermoor in Bergen."),
        # A surname alone, which may be anybody's, does neither.
        *("Mrs Ostby met William Sundvall in Oslo.", "Mrs Ostby met Bill Sundvall in Bergen."),
        # Titles differ.
        *("Senator Thomas Kvarnby spoke in Oslo.", "Sergeant Tom Kvarnby left Oslo."),
        # 'Ted' is Edward or Theodore.
        *("Senator Edward Hallam spoke.", "Senator Theodore Hallam left.", "Senator Ted Hallam sang."),
        # Two senators of one surname.
        *("Senator Carla Tessendorf spoke.", "Senator Hilda Tessendorf left.", "Senator Tessendorf sang."),
        # A surname with another title, or with one that anybody has.
        *("Senator Ida Lunestad spoke in Oslo.", "The town thanked Mayor Lunestad."),
        *("Mrs Hedda Brovik spoke in Oslo.", "The town thanked Mrs Brovik."),
    )
    run(landing, home)
    assert rows(home, JOINS) == []


def test_who_holds_an_office_years_later_is_somebody_else(landing: Path, home: Path) -> None:
    deliver(landing, "President Carl H. Bloomdale spoke in Oslo.", year=1987)
    deliver(landing, "President Carl Bloomdale spoke.", "Oslo met President Bloomdale.", year=2004)
    run(landing, home)
    assert rows(home, JOINS) == []


def test_quotes_and_marts_follow_a_join_and_an_alias_undoes_it(landing: Path, home: Path) -> None:
    deliver(
        landing,
        '"The quay is wet," Senator Ruth A. Bloomdale said.',
        '"The quay is dry," Senator Ruth Bloomdale said.',
        '"It was never wet," Senator Ruth Bloomdale said.',
    )
    run(landing, home)
    speakers = "select speaker, speaker_name, count(*) from quotes group by all order by all"
    assert rows(home, speakers) == [
        ("Ruth Bloomdale", "Ruth A. Bloomdale", 1),
        ("Ruth Bloomdale", "Ruth Bloomdale", 2),
    ]
    counts = "select speaker, quote_count from mart.speakers order by all"
    assert rows(home, counts) == [("Ruth Bloomdale", 3)]
    assert rows(home, "select count(*) from quotes_by('ruth a. bloomdale')") == [(3,)]
    assert rows(home, "select aliases from entities where kind = 'person'") == [
        (["Ruth A. Bloomdale", "Ruth Bloomdale"],)
    ]
    joined = contents(home)
    assert not run(landing, home).published
    maintain(load_settings(home=home), QuietRunner())
    assert contents(home) == joined

    (home / "aliases.csv").write_text("alias,name\nRuth A. Bloomdale,Ruth A. Bloomdale\n")
    run(landing, home)
    assert rows(home, JOINS) == []
    assert rows(home, counts) == [("Ruth A. Bloomdale", 1), ("Ruth Bloomdale", 2)]

    (home / "aliases.csv").unlink()
    run(landing, home)
    assert contents(home) == joined


def test_a_line_of_aliases_keeps_its_names_but_others_may_join_them(landing: Path, home: Path) -> None:
    deliver(landing, "Ruth A. Bloomdale spoke.", "Ruth Bloomdale left.", "Ruth Bloomdale sang.")
    home.mkdir()
    line = "Ruth Bloomdale,Ruth Bloomdale,person,Q1"
    (home / "aliases.csv").write_text(f"alias,name,kind,external_id\n{line}\n")
    run(landing, home)
    assert [row[:2] for row in rows(home, JOINS)] == [("Ruth A. Bloomdale", "Ruth Bloomdale")]
    assert rows(home, "select name, external_id from entities where kind = 'person'") == [
        ("Ruth Bloomdale", "Q1")
    ]
    (home / "aliases.csv").write_text("alias,name\nRuth Bloomdale,Ruth A. Bloomdale\n")
    run(landing, home)
    assert rows(home, JOINS) == []
    assert rows(home, PEOPLE) == [("Ruth A. Bloomdale",)]


def test_joins_do_not_depend_on_the_order_of_files(landing: Path, home: Path, tmp_path: Path) -> None:
    bodies = [
        "Senator Ruth A. Bloomdale met Hedda Lunestad.",
        '"The quay is dry," Senator Ruth Bloomdale said.',
        "Senator William Ostermoor spoke in Oslo.",
        "Senator Bloomdale thanked Senator Bill Ostermoor.",
        '"I sang," Senator Bill Ostermoor said.',
        "Ruth B. Bloomdale mends nets in Bergen.",
        "Oslo thanked Senator Ostermoor.",
    ]
    deliver(landing, *bodies)
    run(landing, home)
    assert len(rows(home, JOINS)) == 2

    files = sorted(landing.iterdir())
    one_by_one = tmp_path / "one by one"
    one_by_one.mkdir()
    for file in reversed(files):
        (one_by_one / file.name).write_bytes(file.read_bytes())
        run(one_by_one, tmp_path / "another home")
    assert contents(tmp_path / "another home") == contents(home)

    # The second Bloomdale goes, and what she kept apart is joined.
    files[5].write_text(article(title="Story 5", body="Nobody mends nets.", date="December 6, 2015"))
    (one_by_one / files[5].name).write_bytes(files[5].read_bytes())
    run(landing, home)
    assert ("Ruth A. Bloomdale", "Ruth Bloomdale", "middle name") in rows(home, JOINS)
    run(one_by_one, tmp_path / "another home")
    assert contents(tmp_path / "another home") == contents(home)


def test_join_of_a_name_that_only_new_articles_have_marks_nobody(landing: Path, home: Path) -> None:
    deliver(landing, "We met Ruth Bloomdale in Oslo.", "We met Ruth Bloomdale in Bergen.")
    run(landing, home)
    with open_writer(DataDir(home), "test") as engine:
        with engine.begin() as connection:
            duckdb_of(connection).execute(
                """
                create temp table new as select article_id + 1 as article_id from articles limit 1;
                insert into articles select articles.* replace (article_id + 1 as article_id) from articles
                where article_id + 1 in (from new);
                insert into mentions select mentions.* replace (
                    article_id + 1 as article_id, 1 as entity_id, 'Ruth A. Bloomdale' as name
                ) from mentions where article_id + 1 in (from new) and kind = 'person';
                insert into entities select entities.* replace (1 as entity_id, 'Ruth A. Bloomdale' as name)
                from entities where name = 'Ruth Bloomdale';
                insert into ops.new_articles from new;
                insert into ops.dirty_names values ('Ruth A. Bloomdale');
                """
            )
        assert join_names(engine, choose_joins) == 1
        with engine.connect() as connection:
            assert duckdb_of(connection).execute("from ops.dirty_entities").fetchall() == []
            [joined] = duckdb_of(connection).execute(JOINS).fetchall()
    assert joined == ("Ruth A. Bloomdale", "Ruth Bloomdale", "middle name")
