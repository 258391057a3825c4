"""The pages that are made say what the code and the sample articles give, and the questions are answered."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
from commands import carry_out
from runs import rows

from ontherecord import sql
from ontherecord.flows.ingest import open_writer
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.marts import build_marts
from ontherecord.warehouse.publish import publish
from ontherecord.warehouse.schema_docs import schema_docs

DOCS = Path(__file__).parents[2] / "docs"
AGAIN = "Run `make docs` and look at what changed."


def test_dictionary_is_that_of_an_empty_warehouse(home: Path) -> None:
    with open_writer(DataDir(home), "test") as engine:
        build_marts(engine)
        publish(engine, DataDir(home))
    made = schema_docs(DataDir(home))
    assert made == (DOCS / "dictionary.md").read_text(encoding="utf-8"), AGAIN
    for table in ("### quotes\n", "### mart.reprints\n", "### ops.deliveries\n", "### search.words\n"):
        assert table in made
    assert "| `speaker` | varchar |" in made


def test_every_parameter_of_a_macro_is_explained_in_its_comment(samples: Path) -> None:
    found = rows(samples, sql.statement("schema", "macros"))
    assert len(found) >= 9
    for name, _, parameters, comment in found:
        explained = ", ".join(re.findall(r"([a-z_, ]+):", comment))
        for parameter in parameters.split(", "):
            assert re.search(rf"\b{parameter}\b", explained), f"{name}: {parameter}"


def test_relations_of_the_dictionary_hold(samples: Path) -> None:
    found = rows(samples, sql.statement("schema", "relations"))
    assert len(found) > 20
    for table, column, other, key in found:
        orphans = rows(
            samples,
            f"select {column} from {table} where {column} is not null "
            f"and {column} not in (select {key} from {other})",
        )
        assert orphans == [], f"{table}.{column}"


def test_keys_of_the_dictionary_are_unique(samples: Path) -> None:
    found = rows(samples, sql.statement("schema", "keys"))
    assert len(found) > 15
    for table, columns in found:
        names = ", ".join(columns)
        assert rows(samples, f"select {names} from {table} group by all having count(*) > 1") == [], table


def test_answers_of_the_questions_are_those_of_the_samples(samples: Path) -> None:
    made = runpy.run_path(str(DOCS / "pages.py"))["queries"](DataDir(samples))
    assert made == (DOCS / "queries.md").read_text(encoding="utf-8"), AGAIN


@pytest.mark.parametrize("file", sql.statements("queries"), ids=lambda f: f.name)
def test_each_question_opens_with_it_and_fits_a_screen(samples: Path, file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert re.match(r"-- [A-Z][^?]*\?", text)
    assert text.endswith(";\n")
    found = rows(samples, text)
    assert 0 < len(found) <= 15
    assert rows(samples, text) == found


def test_dictionary_is_printed_and_written(samples: Path, tmp_path: Path) -> None:
    printed = carry_out("dictionary", home=samples).stdout
    assert carry_out("dictionary", "--out", tmp_path / "d.md", home=samples).returncode == 0
    assert (tmp_path / "d.md").read_text(encoding="utf-8") == printed == schema_docs(DataDir(samples))


def test_walk_names_functions_that_there_are() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    code = "\n".join(
        file.read_text(encoding="utf-8")
        for folder in ("flows", "warehouse", "expectations")
        for file in (DOCS.parent / folder).rglob("*.py")
    )
    named = set(re.findall(r"`(?:[A-Z]\w+\.)?(\w+)\(\)`", text))
    assert len(named) > 40
    assert [name for name in sorted(named) if not re.search(rf"\bdef {name}\(", code)] == []
    files = set(re.findall(r"`((?:flows|warehouse|expectations|sql|tests|bench)/[\w/.]+)`", text))
    assert [file for file in sorted(files) if not (DOCS.parent / file).exists()] == []


def test_way_back_leads_to_what_the_walk_says(samples: Path) -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    questions = re.findall(r"```sql\n(.*?)```", text, re.DOTALL)
    assert len(questions) == 4
    for question in questions:
        for row in rows(samples, question):
            for value in row:
                if isinstance(value, int | float) and "-- " in question:
                    assert str(round(value, 2)) in question
