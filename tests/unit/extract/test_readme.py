"""What flows/extract/README.md says: its examples give what it claims, its functions and tests exist."""

from __future__ import annotations

import importlib
import re
from functools import reduce
from pathlib import Path

import pytest
from extracts import extract_of, quotes_in

README = (Path(__file__).parents[3] / "flows" / "extract" / "README.md").read_text("utf-8")
TESTS = Path(__file__).parent
PACKAGE = "ontherecord.flows.extract"
ROWS = [
    tuple(cell.strip() for cell in line.strip("| ").split(" | "))
    for line in README.partition("## From phenomenon")[2].splitlines()
    if line.startswith("| ") and not line.startswith("| phenomenon")
]


def _named(column: int) -> list[str]:
    return sorted({name for row in ROWS for name in re.findall(r"`([\w.]+)`", row[column])})


def test_every_row_has_an_example_a_function_and_a_test() -> None:
    assert len(ROWS) > 60
    assert all(len(row) == 5 and "`" in row[3] and "`" in row[4] for row in ROWS)


def test_every_function_exists() -> None:
    for name in _named(3):
        room, module, *path = name.split(".")
        assert callable(reduce(getattr, path, importlib.import_module(f"{PACKAGE}.{room}.{module}"))), name


def test_every_test_exists() -> None:
    for name in _named(4):
        module, function = name.split(".")
        assert f"def {function}(" in (TESTS / f"{module}.py").read_text("utf-8"), name


@pytest.mark.parametrize(("example", "expected"), [row[1:3] for row in ROWS])
def test_the_example_gives_what_the_table_says(example: str, expected: str) -> None:
    body = example.replace(" ¶ ", "\n")
    is_name = any(row[1] == example and row[3].startswith("`names.") for row in ROWS)
    if is_name:
        found = [entity.name for entity in extract_of(body).entities]
    else:
        found = [str(quote.speaker) for quote in quotes_in(body)]
    assert "; ".join(found or ["no quote"]) == expected


def test_the_rooms_are_those_of_the_folder() -> None:
    folder = Path(importlib.import_module(PACKAGE).__path__[0])
    rooms = {path.name for path in folder.iterdir() if (path / "__init__.py").is_file()}
    assert set(re.findall(r"^\| \d \| `(\w+)/`", README, re.MULTILINE)) == rooms
