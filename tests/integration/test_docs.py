"""Docs agree with the code and the samples, their queries have answers, and their links lead somewhere."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commands import carry_out
from runs import rows, run

from ontherecord import sql
from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.marts import build_marts
from ontherecord.warehouse.publish import publish
from ontherecord.warehouse.schema_docs import schema_docs

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
AGAIN = "Run `make docs` and look at what changed."
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    ROOT / "bench" / "README.md",
    ROOT / "tests" / "labelled" / "README.md",
    *sorted(DOCS.glob("*.md")),
]
WIDTH = 100
WIDE = {"dictionary.md", "queries.md"}  # made of comments in SQL, which may be longer


@pytest.fixture(scope="module")
def maker() -> dict[str, Any]:
    """Return the functions of docs/pages.py."""
    return runpy.run_path(str(DOCS / "pages.py"))


def _without_code(page: Path) -> str:
    return re.sub(r"^( *```).*?^\1$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def _anchors(page: Path) -> Iterator[str]:
    """Yield the anchors that GitHub gives the headings of a page."""
    found: dict[str, int] = {}
    for heading in re.findall(r"^#+ (.+)$", _without_code(page), re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found[slug] = count = found.get(slug, -1) + 1
        yield f"{slug}-{count}" if count else slug


# Generated pages


def test_dictionary_is_that_of_an_empty_warehouse(home: Path) -> None:
    with open_writer(DataDir(home), "test") as engine:
        build_marts(engine)
        publish(engine, DataDir(home))
    made = schema_docs(DataDir(home))
    assert made == (DOCS / "dictionary.md").read_text(encoding="utf-8"), AGAIN
    for table in ("### quotes\n", "### mart.reprints\n", "### ops.deliveries\n", "### search.words\n"):
        assert table in made
    assert "| `speaker` | varchar |" in made


def test_dictionary_is_printed_and_written(samples: Path, tmp_path: Path) -> None:
    printed = carry_out("dictionary", home=samples).stdout
    assert carry_out("dictionary", "--out", tmp_path / "d.md", home=samples).returncode == 0
    assert (tmp_path / "d.md").read_text(encoding="utf-8") == printed == schema_docs(DataDir(samples))


def test_settings_page_is_that_of_the_settings(maker: dict[str, Any]) -> None:
    made = maker["settings_page"]()
    assert made == (DOCS / "settings.md").read_text(encoding="utf-8"), AGAIN
    assert "| `duckdb_memory_mb` | `256` |" in made
    assert "in the environment, `ONTHERECORD_ALERTS__`\n" in made
    assert "| `muted` |" in made


def test_forms_page_is_that_of_the_modules(maker: dict[str, Any]) -> None:
    made = maker["forms_page"]()
    assert made == (DOCS / "forms.md").read_text(encoding="utf-8"), AGAIN
    assert "\n## Headed text\n" in made


def test_commands_page_is_the_help_of_the_commands(maker: dict[str, Any]) -> None:
    made = maker["commands_page"](lambda *command: carry_out(*command, "--help", COLUMNS="100").stdout)
    assert made == (DOCS / "commands.md").read_text(encoding="utf-8"), AGAIN
    assert made.count("```text\nUsage: ontherecord") > 20
    for command in ("ingest", "quarantine list", "alerts install"):
        assert f"\n## ontherecord {command}\n" in made


def test_answers_of_the_questions_are_those_of_the_samples(samples: Path, maker: dict[str, Any]) -> None:
    made = maker["queries_page"](DataDir(samples))
    assert made == (DOCS / "queries.md").read_text(encoding="utf-8"), AGAIN


@pytest.mark.parametrize("file", sql.statements("queries"), ids=lambda f: f.name)
def test_each_question_opens_with_it_and_fits_a_screen(samples: Path, file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert re.match(r"-- [A-Z][^?]*\?", text)
    assert text.endswith(";\n")
    found = rows(samples, text)
    assert 0 < len(found) <= 15
    assert rows(samples, text) == found


# What the dictionary says of the tables


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


# Pages written by hand


def test_architecture_names_functions_and_files_that_exist() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    code = "\n".join(
        file.read_text(encoding="utf-8")
        for folder in ("flows", "warehouse", "expectations")
        for file in (ROOT / folder).rglob("*.py")
    )
    named = set(re.findall(r"`(?:[A-Z]\w+\.)?(\w+)\(\)`", text))
    assert len(named) > 40
    assert [name for name in sorted(named) if not re.search(rf"\bdef {name}\(", code)] == []


@pytest.mark.parametrize("page", ["architecture.md", "decisions.md", "design.md", "../CONTRIBUTING.md"])
def test_files_that_a_page_names_exist(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    files = set(re.findall(r"`((?:flows|warehouse|expectations|sql|tests|bench|docs)/[\w/.-]+)`", text))
    assert files
    assert [f for f in sorted(files) if "NAME" not in f and not (ROOT / f).exists()] == []


def test_queries_of_architecture_answer_what_it_says(samples: Path, tmp_path: Path) -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    of_file, of_row = text.split("## A row of a CSV")
    assert len(_asked(of_file, samples)) == 4
    table, *_ = re.findall(r"```csv\n(.*?)```", (DOCS / "tutorial.md").read_text(encoding="utf-8"), re.DOTALL)
    landing = tmp_path / "landing"
    landing.mkdir()
    (landing / "march.csv").write_text(table)
    run(landing, tmp_path / "home")
    assert [len(found) for found in _asked(of_row, tmp_path / "home")] == [4, 1]


def _asked(text: str, home: Path) -> list[list[tuple[Any, ...]]]:
    """Ask the questions of a page; see that it has the numbers of the answers."""
    questions = re.findall(r"```sql\n(.*?)```", text, re.DOTALL)
    answers = [rows(home, question) for question in questions]
    for question, found in zip(questions, answers, strict=True):
        assert found, question
        for row in found:
            for value in row:
                if isinstance(value, int | float) and "-- " in question:
                    assert str(round(value, 2)) in question
    return answers


def test_queries_of_the_readme_answer_what_it_says(samples: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    questions = re.findall(r"```sql\n(.*?)```\n\n```text\n(.*?)```", text, re.DOTALL)
    assert len(questions) == 2
    client = Path(sys.executable).with_name("duckdb")
    for question, answer in questions:
        done = subprocess.run(
            [client, "-readonly", "-bail", DataDir(samples).published],
            input=question,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == answer.strip()


def _to_page(page: Path, target: str) -> tuple[Path, str]:
    name, _, anchor = target.partition("#")
    return ((page.parent / name).resolve() if name else page), anchor


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_to_files_and_headings_that_exist(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", _without_code(page))
    broken = []
    for link in links:
        if re.match(r"[a-z]+:", link):
            continue
        other, anchor = _to_page(page, link)
        if not other.exists() or (anchor and anchor not in _anchors(other)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize(
    "page", [p for p in PAGES if p.name not in WIDE], ids=lambda p: p.relative_to(ROOT).as_posix()
)
def test_lines_are_wrapped_but_for_tables_and_code(page: Path) -> None:
    prose = [line for line in _without_code(page).splitlines() if not line.startswith(("|", "    "))]
    assert [line for line in prose if len(line) > WIDTH and " " in line.strip()] == []
