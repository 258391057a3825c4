"""What a screen of 120 columns shows of a query: who, and the words."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from commands import ONTHERECORD
from runs import rows
from terminal import on_terminal


def _plain(shown: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", shown)


def _cells(shown: str) -> list[str]:
    """Return the text of each column of a box, its wrapped lines joined."""
    lines = [line.strip("│\r").split("│") for line in _plain(shown).splitlines() if line.startswith("│")]
    return ["".join(column[1:-1] for column in columns) for columns in zip(*lines, strict=True)]


@pytest.mark.parametrize("in_prompt", [True, False])
def test_view_of_who_said_what_shows_the_words_in_full(samples: Path, in_prompt: bool) -> None:
    query = "from mart.who_said_what where length(text) between 150 and 200 order by all limit 2"
    keys = f"{query};\n.quit\n" if in_prompt else ""
    shown = on_terminal(ONTHERECORD, "sql", *([] if in_prompt else [query]), "--home", samples, keys=keys)
    text = _cells(shown)[2]
    for (words,) in rows(samples, f"select text from ({query})"):
        assert words in text
    assert ".last" not in shown
    assert ("from mart.who_said_what limit" in shown) == in_prompt  # the greeting


@pytest.mark.parametrize("query", ["from quotes_by('sarrouf')", "from quotes_with('tram')"])
def test_quotes_of_macros_show_who_and_the_words(samples: Path, query: str) -> None:
    shown = on_terminal(ONTHERECORD, "sql", query, "--home", samples)
    assert re.search(r"published_on .* speaker .* text ", shown)


def test_query_given_as_an_argument_gets_no_advice_for_the_prompt(samples: Path, tmp_path: Path) -> None:
    (tmp_path / "q.sql").write_text("from quotes;")
    for asked in (["from quotes"], ["--file", str(tmp_path / "q.sql")]):
        command = [ONTHERECORD, "sql", *asked, "--home", samples]
        piped = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        for shown in (on_terminal(*command), piped):
            assert ".last" not in shown
            assert re.search(r"\d rows \(40 shown\) +use --csv to show entire result", shown)
    query = "select '  1 use .last to show entire result' as text"
    command = [ONTHERECORD, "sql", "--csv", query, "--home", samples]
    words = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert words.splitlines() == ["text", "  1 use .last to show entire result"]
