"""Each file says first what it is, and each command shows its use."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ontherecord.flows.cli.main import OLD_COMMANDS, OLD_OPTIONS, LazyGroup, app, with_new_spellings

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


def _commands(group: LazyGroup, name: str) -> Iterator[tuple[str, str, Any]]:
    """Yield each command: its name, the line in the list of commands, and the command itself."""
    for word in group.lazy:
        listed, command = group.lazy[word].help or "", group.get_command(None, word)
        yield f"{name} {word}", listed.splitlines()[0], command
        if isinstance(command, LazyGroup):
            yield from _commands(command, f"{name} {word}")


@pytest.mark.parametrize(("name", "listed", "command"), [*_commands(app, "ontherecord")])
def test_help_has_an_example_and_fits_the_list_of_commands(name: str, listed: str, command: Any) -> None:
    assert f"\nExample: {name}" in command.help
    assert command.help.splitlines()[0] == listed
    assert len(listed) <= 60


@pytest.mark.parametrize("command", OLD_COMMANDS)
def test_old_commands_mean_new_ones_and_are_not_listed(command: str) -> None:
    group: Any = app
    for word in with_new_spellings([command]):
        group = group.get_command(None, word)
    assert group.name == OLD_COMMANDS[command][-1]
    assert command not in app.lazy


@pytest.mark.parametrize("command", OLD_OPTIONS)
def test_old_options_mean_new_ones_and_are_not_shown(command: str) -> None:
    known = {option for parameter in app.get_command(None, command).params for option in parameter.opts}
    assert set(OLD_OPTIONS[command].values()) <= known
    assert not known & set(OLD_OPTIONS[command])
    assert with_new_spellings([command, "--json", *OLD_OPTIONS[command]]) == [
        command,
        "--json",
        *OLD_OPTIONS[command].values(),
    ]


def test_a_clone_in_the_current_folder_is_not_taken_for_the_package(tmp_path: Path) -> None:
    (tmp_path / "ontherecord").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", "import ontherecord; print(ontherecord.open.__name__)"],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("open\n", "")
