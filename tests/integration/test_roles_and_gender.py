"""As what people speak, and which gender texts give them: over articles, versions and the alias file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from runs import article, contents, rows, run

from ontherecord.warehouse.aliases import read_aliases
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import AliasError

GENDERS = "select name, gender, gender_evidence, gender_for, gender_against from entities " \
    "where kind = 'person' order by name"  # fmt: skip
FILES = {
    "a.txt": (
        "Harbour master Ida Brandt met Robin Hall, a pilot. Hall said he was late.\n"
        '"The port is open," Brandt said. "Ask her," a sailor said of Mrs Brandt.\n'
        "Kim Dene, who uses they/them pronouns, said the ferry was old.\n"
        "Sasha Lund said that the lamp was broken."
    ),
    "b.txt": (
        '"We wait," said Ida Brandt, the harbour master. Robin Hall sang. She has a boat.\n'
        "Kim Dene said she would go."
    ),
    "c.txt": "Union leader Tom Baker and pilot Ida Brandt said in a statement that they agreed on Monday.",
}


def _land(landing: Path) -> None:
    for day, (name, body) in enumerate(FILES.items(), 1):
        date = f"{['Tuesday', 'Wednesday', 'Thursday'][day - 1]}, March {day:02}, 2016 - 01:00"
        (landing / name).write_text(article(title=f"Port {name}", body=body, date=date, section="Local"))


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load three articles about the same people; return the folder with landing and home."""
    folder = tmp_path_factory.mktemp("roles")
    (folder / "landing").mkdir()
    _land(folder / "landing")
    run(folder / "landing", folder / "home")
    return folder


@pytest.fixture
def copied(loaded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(loaded, tmp_path / "copy", symlinks=True))


def test_genders_are_those_of_all_articles(loaded: Path) -> None:
    assert rows(loaded / "home", GENDERS) == [
        ("Ida Brandt", "woman", "title", 1, 0),
        ("Kim Dene", "they", "statement", 1, 1),
        ("Robin Hall", None, None, None, None),  # he in one article, she in another
        ("Sasha Lund", None, None, None, None),  # nothing shows it, nor does the first name
        ("Tom Baker", "man", "first name", 1, 0),
    ]


def test_a_new_version_brings_its_own_evidence(copied: Path) -> None:
    home, changed = copied / "home", copied / "landing" / "b.txt"
    changed.write_text(changed.read_text().replace("She has a boat.", "He has a boat."))
    run(copied / "landing", home)
    found = {name: gender for name, gender, *_ in rows(home, GENDERS)}
    assert found["Robin Hall"] == "man"
    (copied / "fresh").mkdir()
    run(copied / "landing", copied / "fresh")
    assert rows(copied / "fresh", GENDERS) == rows(home, GENDERS)


def test_roles_have_days_and_quotes(loaded: Path) -> None:
    query = "select speaker, lower(role), quote_count, article_count, first_on::varchar, last_on::varchar " \
        "from mart.roles order by all"  # fmt: skip
    assert rows(loaded / "home", query) == [
        ("Ida Brandt", "harbour master", 2, 2, "2016-03-01", "2016-03-02"),
        ("Ida Brandt", "pilot", 1, 1, "2016-03-03", "2016-03-03"),
        ("Robin Hall", "pilot", 1, 1, "2016-03-01", "2016-03-01"),
        ("Tom Baker", "union leader", 1, 1, "2016-03-03", "2016-03-03"),
    ]


def test_marts_count_quotes_and_words_by_gender_and_named_against_unnamed(loaded: Path) -> None:
    home = loaded / "home"
    assert rows(
        home, "select month::varchar, section, gender, quote_count, word_count from mart.genders order by all"
    ) == [
        ("2016-03-01", "Local", "man", 1, 4),
        ("2016-03-01", "Local", "they", 2, 7),
        ("2016-03-01", "Local", "woman", 3, 10),
        ("2016-03-01", "Local", None, 2, 7),
    ]
    (named,) = rows(home, "select named_count, unnamed_count, unnamed_share from mart.named_sources")
    assert named[:2] == (7, 1)
    assert named[2] == pytest.approx(1 / 8)
    assert rows(home, "select gender from mart.speakers where speaker = 'Kim Dene'") == [("they",)]
    assert rows(home, "select distinct speaker_role from quotes_by('baker')") == [(None,)]  # a joint quote
    assert rows(home, "select distinct speaker_role from quotes_by('hall')") == [("a pilot",)]


def test_alias_file_sets_a_gender_and_takes_it_back(copied: Path) -> None:
    landing, home = copied / "landing", copied / "home"
    before = contents(home)
    (home / "extracts.sqlite").unlink()  # nothing of what follows may need it
    (home / "aliases.csv").write_text(
        "alias,name,gender\n"
        "Robin Hall,Robin Hall,woman\n"
        "Tom Baker,Tom Baker,unknown\n"
        "Sasha Lund,Sasha Lund-Berg,they\n"
    )
    assert run(landing, home).published
    assert rows(home, GENDERS) == [
        ("Ida Brandt", "woman", "title", 1, 0),
        ("Kim Dene", "they", "statement", 1, 1),
        ("Robin Hall", "woman", "alias file", 1, 1),
        ("Sasha Lund-Berg", "they", "alias file", 0, 0),
        ("Tom Baker", None, None, None, None),
    ]
    assert rows(home, "select gender from mart.speakers where speaker = 'Robin Hall'") == [("woman",)]

    (home / "aliases.csv").write_text("alias,name,kind\nRobin Hall,Robin Hall,organization\n")
    run(landing, home)
    assert rows(home, "select gender from entities where name = 'Robin Hall'") == [(None,)]

    (home / "aliases.csv").unlink()
    assert run(landing, home).published
    assert contents(home) == before


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("a,B,lady", "line 2: unknown gender 'lady'. Use one of woman, man, they, unknown"),
        ("a,B,woman\nc,B,man", "line 3: 'B' was given the gender woman above"),
    ],
)
def test_a_gender_that_is_none_or_another_is_refused(home: Path, lines: str, message: str) -> None:
    home.mkdir()
    (home / "aliases.csv").write_text(f"alias,name,gender\n{lines}\n")
    with pytest.raises(AliasError, match=message):
        read_aliases(DataDir(home))
