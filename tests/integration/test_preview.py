"""Preview and describe: what a file would become, and how it is read, without a warehouse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from commands import carry_out
from runs import article

from ontherecord.flows.landing.describe import describe
from ontherecord.flows.landing.folder import list_file
from ontherecord.flows.landing.read import read
from ontherecord.flows.landing.reading import Reading
from ontherecord.flows.pipeline.preview import preview
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse.errors import SettingsError

TABLE = (
    "Kop,text,date,paper,url\n"
    "Ferry sails,The ferry sails again on Monday.,2015-03-10,The Post,https://post.example/1\n"
    "Bridge shut,The bridge is shut.,someday,The Post,https://post.example/2\n"
    "Market,,2015-03-10,The Post,https://post.example/3\n"
    "short\n"
)


@pytest.fixture
def filled(landing: Path) -> Path:
    (landing / "a.txt").write_text(article())
    (landing / "b.csv").write_text(TABLE)
    (landing / "c.csv").write_text("title,day\nA,B\n")
    (landing / "d.xlsx").write_text("x")
    return landing


def _call(*arguments: str | Path) -> str:
    done = carry_out(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_each_file_is_shown_as_it_would_become_and_nothing_is_written(filled: Path, home: Path) -> None:
    settings = load_settings(home=home, columns={"title": "kop", "outlet": "paper"})
    found, passed_over = preview(filled, settings)
    assert [(f.source_path, f.form, f.article_count, f.held_count, dict(f.rules)) for f in found] == [
        ("a.txt", "headed-text", 1, 0, {}),
        ("b.csv", "table", 1, 3, {"date_unreadable": 1, "body_missing": 1, "row_unreadable": 1}),
        ("c.csv", "table", 0, 1, {"text_missing": 1}),
    ]
    assert [(f.title, f.outlet) for f in found] == [
        ("Harbour opens again", None),
        ("Ferry sails", "The Post"),
        (None, None),
    ]
    assert passed_over.kinds() == [(".xlsx", 1, "d.xlsx")]
    assert not home.exists()


def test_the_command_prints_a_row_a_file_and_each_rule_once(filled: Path, home: Path) -> None:
    printed = _call("ingest", filled, "--dry-run", "--home", home)
    assert "c.csv" in printed
    assert "text_missing: c.csv [title, day]." in printed
    assert "row_unreadable: b.csv#row 4 [short]." in printed
    assert "3 files: 1 article valid, 5 to be quarantined. Nothing was written." in printed
    assert "Not taken: 1 .xlsx (d.xlsx)." in printed
    assert not home.exists()
    facts = json.loads(_call("ingest", filled, "--dry-run", "--home", home, "--json"))
    assert [file["articles"] for file in facts["files"]] == [1, 0, 0]
    assert facts["not_taken"] == [{"kind": ".xlsx", "count": 1, "example": "d.xlsx"}]


def _described(file: Path, **reading: Any) -> Any:
    [landed] = list_file(file)
    return describe(read(landed), Reading(**reading))


def test_a_table_is_described_by_its_columns_and_first_article(filled: Path) -> None:
    found = _described(filled / "b.csv", columns={"title": "kop", "outlet": "paper"})
    assert (found.form, found.holds_many) == ("table", True)
    assert [(h.name, h.column, h.example) for h in found.headers] == [
        ("text", "text", "The ferry sails again on Monday."),
        ("Kop", "title", "Ferry sails"),
        ("date", "date", "2015-03-10"),
        ("paper", "outlet", "The Post"),
        ("url", "url", "https://post.example/1"),
    ]
    assert found.first_path == "b.csv#https://post.example/1"
    assert (found.first.title, found.first.outlet) == ("Ferry sails", "The Post")
    assert [f.rule for f in found.failures] == ["row_unreadable"]
    assert [h.column for h in _described(filled / "b.csv").headers] == [
        "text",
        None,
        "date",
        None,
        "url",
    ]


def test_a_file_that_is_refused_is_described_by_its_reason(filled: Path) -> None:
    found = _described(filled / "c.csv")
    assert (found.first, [f.rule for f in found.failures]) == (None, ["text_missing"])
    found = _described(filled / "a.txt", form="nexis")
    assert (found.form, found.first) == ("nexis", None)


def test_the_command_describes_a_file(filled: Path, home: Path) -> None:
    printed = _call("landing", "describe", filled / "b.csv", "--home", home)
    assert "Form: table. It has many articles" in printed
    assert "b.csv#https://post.example/1" in printed
    facts = json.loads(_call("landing", "describe", filled / "a.txt", "--home", home, "--json"))
    assert facts["first_article"]["title"] == "Harbour opens again"
    assert not home.exists()


def test_settings_for_forms_and_columns_are_checked(home: Path) -> None:
    with pytest.raises(SettingsError, match=r"^--form is 'docx': there is no such form\. Forms are headed"):
        load_settings(home=home, form="docx")
    with pytest.raises(SettingsError, match=r"columns: kop is no column\. Columns are agency"):
        load_settings(home=home, columns={"kop": "title"})
