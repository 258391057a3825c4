"""What can be asked: every statement longer than a line, as files that are read as package data."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable


def statements(folder: str) -> list[Traversable]:
    """Return the SQL files of a folder of this package, in the order of their names."""
    found = [f for f in files(__name__).joinpath(folder).iterdir() if f.name.endswith(".sql")]
    return sorted(found, key=lambda f: f.name)


def statement(folder: str, name: str) -> str:
    """Return the text of one SQL file of a folder, named without its ending."""
    return files(__name__).joinpath(folder, f"{name}.sql").read_text(encoding="utf-8")


def escape_literal(value: object) -> str:
    """Return a path or text as it stands between the quotes of a SQL string: not all takes a parameter."""
    return str(value).replace("'", "''")
