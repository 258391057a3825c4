"""Each file says first what it is, and each command shows its use."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer

from ontherecord.flows.cli.main import app

ROOT = Path(__file__).parents[2]
CODE = [
    f
    for top in ("flows", "warehouse", "expectations", "sql", "tests", "bench")
    for f in (ROOT / top).rglob("*.*")
]
PYTHON = sorted(f for f in CODE if f.suffix == ".py")
QUERIES = sorted(f for f in CODE if f.suffix == ".sql")


def test_files_say_first_what_they_are() -> None:
    silent = [f for f in PYTHON if not ast.get_docstring(ast.parse(f.read_text("utf-8")))]
    silent += [f for f in QUERIES if not f.read_text("utf-8").startswith("-- ")]
    assert silent == []


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for below, inner in command.commands.items():
            yield from _commands(inner, f"{name} {below}")


@pytest.mark.parametrize(("name", "command"), [*_commands(typer.main.get_command(app), "ontherecord")])
def test_help_has_an_example_and_fits_the_list_of_commands(name: str, command: click.Command) -> None:
    assert f"\nExample: {name}" in (command.help or "")
    listed = " " in name
    assert not listed or not command.get_short_help_str(60).endswith("...")
