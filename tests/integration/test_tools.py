"""The snippets of docs/tools.md do what the page says, where their tools are installed Python packages."""

from __future__ import annotations

import gc
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import duckdb
import pytest
import yaml
from runs import rows

PAGE = (Path(__file__).parents[2] / "docs" / "tools.md").read_text(encoding="utf-8")
SAMPLE = "data/sample/warehouse.duckdb"
# What is too large to be installed for its snippet alone; who has it runs the snippet too.
NOT_INSTALLED = {"polars": "polars", "IPython": "sql"}


@dataclass(frozen=True, slots=True)
class Snippet:
    """A block of code, the heading above it, and the text that the page says it prints."""

    heading: str
    language: str
    code: str
    answer: str | None


def _snippets() -> Iterator[Snippet]:
    for section in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]:
        heading = section.split("\n", 1)[0]
        blocks = re.findall(r"^```(\S+)\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
        for (language, code), (answers, answer) in zip(blocks, [*blocks[1:], ("", "")], strict=False):
            if language != "text":
                yield Snippet(heading, language, code, answer if answers == "text" else None)


def _of(*languages: str) -> list[object]:
    """Return the snippets of languages as parameters, those of one heading together."""
    found: dict[str, list[Snippet]] = {}
    for snippet in _snippets():
        if snippet.language in languages:
            found.setdefault(snippet.heading, []).append(snippet)
    return [pytest.param(snippets, id=heading) for heading, snippets in found.items()]


@pytest.fixture
def desk(samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder that has the published samples where the page has them."""
    file = tmp_path / SAMPLE
    file.parent.mkdir(parents=True)
    file.hardlink_to(samples / "warehouse.duckdb")  # another path, so no connection of another test is shared
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def _check(snippet: Snippet, printed: str) -> None:
    if snippet.answer is not None:
        assert _lines(printed) == _lines(snippet.answer), snippet.code


@pytest.mark.parametrize("snippets", _of("sql"))
def test_sql_answers_what_the_page_says(desk: Path, snippets: list[Snippet]) -> None:
    attaches = snippets[0].code.startswith("attach ")
    file = ":memory:" if attaches else SAMPLE
    with closing(duckdb.connect(file, read_only=not attaches)) as session:
        for snippet in snippets:
            *before, last = session.extract_statements(snippet.code)
            for statement in before:
                session.execute(statement)
            _check(snippet, str(session.sql(last.query)))


@pytest.mark.filterwarnings("ignore:fetch_arrow_table", "ignore:The 'future.infer_string'")  # by ibis
@pytest.mark.parametrize("snippets", _of("python"))
def test_python_prints_what_the_page_says(desk: Path, snippets: list[Snippet]) -> None:
    for snippet in snippets:
        for name in NOT_INSTALLED.keys() & set(re.findall(r"^import (\w+)", snippet.code, re.MULTILINE)):
            pytest.importorskip(name, reason=f"{name} is not installed: tried by hand")
        printed = StringIO()
        with redirect_stdout(printed):
            exec(compile(snippet.code, snippet.heading, "exec"), {})
        gc.collect()  # the connections of the snippet
        _check(snippet, printed.getvalue())


@pytest.mark.parametrize("snippets", _of("ipython"))
def test_cells_of_a_notebook_run_in_their_order(desk: Path, snippets: list[Snippet]) -> None:
    for name in ("IPython", NOT_INSTALLED["IPython"]):
        pytest.importorskip(name, reason=f"{name} is not installed: tried by hand")
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    results = [shell.run_cell(snippet.code) for snippet in snippets]
    assert [result.success for result in results] == [True] * 3
    assert "Leila Sarrouf" in str(results[1].result)
    assert list(results[2].result.columns) == ["published_on", "speaker", "text"]


def test_client_opens_the_file_as_the_page_says(desk: Path) -> None:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    asked = [s for s in _snippets() if s.language == "sh" and s.code.startswith("duckdb ")]
    assert len(asked) == 1
    for snippet in asked:
        done = subprocess.run(
            snippet.code, shell=True, capture_output=True, text=True, check=True, env=environment
        )
        _check(snippet, done.stdout)


def test_url_of_the_page_opens_read_only(desk: Path) -> None:
    from sqlalchemy import create_engine, text

    [url] = set(re.findall(r"`(duckdb:///data\S+)`", PAGE))
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.execute(text("select current_setting('access_mode')")).scalar() == "read_only"
    engine.dispose()


def test_sources_of_dbt_are_tables_of_the_file(samples: Path) -> None:
    profile, sources = (yaml.safe_load(snippet.code) for snippet in _snippets() if snippet.language == "yaml")
    [attached] = profile["newsroom"]["outputs"]["dev"]["attach"]
    assert (attached["path"], attached["read_only"]) == (SAMPLE, True)
    for source in sources["sources"]:
        assert source["database"] == attached["alias"]
        for table in source["tables"]:
            assert rows(samples, f"select count(*) > 0 from {source['schema']}.{table['name']}") == [(True,)]


def test_snippet_with_a_text_below_it_was_asked_for_it() -> None:
    """Only the languages that are run here may say what they print."""
    answered = {snippet.language for snippet in _snippets() if snippet.answer is not None}
    assert answered == {"sql", "python", "sh"}
