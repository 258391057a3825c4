"""The curated file of aliases: applied to what is loaded and to what comes, and undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from runs import article, contents, rows, run

from ontherecord.warehouse.aliases import read_aliases
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import AliasError

FIRST = '"The port is open," harbour master Ida Brandt said.\nThe Port Board met in Bergen on Monday.'
SECOND = 'Ida Brandt-Moe said it was "a fine day" in Bergen.'
QUERY = "select distinct speaker, e.name, e.kind, external_id from quotes left join entities as e " \
    "on speaker_entity_id = entity_id order by all"  # fmt: skip


def test_alias_joins_loaded_names_without_extracting_and_is_undone(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article(body=FIRST))
    (landing / "b.txt").write_text(article(title="Fine weather", body=SECOND))
    run(landing, home)
    before = contents(home)
    assert [row[1] for row in rows(home, QUERY)] == ["Ida Brandt", "Ida Brandt-Moe"]

    (home / "extracts.sqlite").unlink()  # nothing of what follows may need it
    (home / "aliases.csv").write_text(
        "alias,name,kind,external_id\n"
        "ida brandt-moe,Ida Brandt,person,Q1\n"
        "Ida Brandt,Ida Brandt,person,Q1\n"
        "Port Board,Bergen Port Authority,organization,\n"
    )
    report = run(landing, home)
    assert report.counts.unchanged_count == 2
    assert report.published
    assert rows(home, QUERY) == [("Ida Brandt", "Ida Brandt", "person", "Q1")]
    assert rows(home, "select aliases from entities where external_id = 'Q1'") == [
        (["Ida Brandt", "Ida Brandt-Moe"],)
    ]
    assert rows(home, "select name from entities where name like '%Port%'") == [("Bergen Port Authority",)]
    assert not run(landing, home).published

    # What comes later means the same, and equals what was loaded before the file was there.
    fresh = home.parent / "fresh"
    fresh.mkdir()
    (fresh / "aliases.csv").write_bytes((home / "aliases.csv").read_bytes())
    run(landing, fresh)
    assert contents(fresh) == contents(home)

    (home / "aliases.csv").unlink()
    assert run(landing, home).published
    assert contents(home) == before


def test_external_id_changes_alone(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    home.mkdir()
    for external_id in ("Q1", "Q2"):
        (home / "aliases.csv").write_text(
            f"alias,name,kind,external_id\nIda Brandt,Ida Brandt,,{external_id}\n"
        )
        run(landing, home)
        assert rows(home, "select external_id from entities where name = 'Ida Brandt'") == [(external_id,)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name,kind\nA,person\n", "no column 'alias'"),
        ("alias,name\nA,\n", "line 2: alias and name are both required"),
        ("alias,name,kind\nA,B,human\n", "line 2: unknown kind 'human'. Use one of person, organization"),
        ("alias,name\nA,B\na,C\n", "line 3: the alias 'a' was given another meaning"),
    ],
)
def test_wrong_line_is_named(home: Path, text: str, says: str) -> None:
    home.mkdir()
    (home / "aliases.csv").write_text(text)
    with pytest.raises(AliasError, match=says):
        read_aliases(DataDir(home))
