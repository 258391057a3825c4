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


SHORT = "from mart.who_said_what where length(text) between 150 and 200 order by all limit 2"
QUERIES = [SHORT, "from quotes limit 3", "from quotes_by('sarrouf')", "from quotes_with('tram')"]


@pytest.mark.parametrize("in_prompt", [True, False])
def test_screen_shows_who_and_the_words(samples: Path, tmp_path: Path, in_prompt: bool) -> None:
    keys = "".join(f"{query};\n" for query in QUERIES) + ".quit\n" if in_prompt else ""
    (tmp_path / "q.sql").write_text(";\n".join(QUERIES))
    asked = [] if in_prompt else ["--file", tmp_path / "q.sql"]
    shown = _plain(on_terminal(ONTHERECORD, "sql", *asked, "--home", samples, keys=keys))
    in_full = _cells(shown[: shown.index("└")])[2]
    for (words,) in rows(samples, f"select text from ({SHORT})"):
        assert words in in_full
    heads = [line for line in shown.splitlines() if re.search(r"│ +speaker +│ +text +│", line)]
    assert [line.startswith("│ published_on") for line in heads] == [True, False, True, True]
    # A prompt has the client's own commands, a file of queries has options.
    advised = "use .last to show" if in_prompt else "use --csv to show"
    assert re.findall(r"use \S+ to show", shown) == [advised] * 3
    assert ("Try:  from mart.who_said_what limit 5;" in shown) == in_prompt


def test_rows_for_a_program_are_those_of_the_table(samples: Path) -> None:
    def answer(*arguments: str) -> str:
        command = [ONTHERECORD, "sql", *arguments, "--home", samples]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    [(columns,)] = rows(samples, "select list(name order by cid) from pragma_table_info('main.quotes')")
    words = "  1 use .last to show entire result"
    printed = answer("--csv", f"from quotes limit 1; select '{words}' as text").splitlines()
    assert printed[0].split(",") == columns
    assert printed[-1] == words
    assert re.search(r"\d rows \(40 shown\) +use --csv to show entire result", answer("from quotes"))
