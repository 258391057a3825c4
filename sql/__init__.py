"""The SQL files, read as package data: every statement longer than a line is in one of them."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable


def statements(folder: str) -> list[Traversable]:
    """Return the SQL files of a folder of this package, sorted by name."""
    found = [f for f in files(__name__).joinpath(folder).iterdir() if f.name.endswith(".sql")]
    return sorted(found, key=lambda f: f.name)


def statement(folder: str, name: str) -> str:
    """Return the text of one SQL file, named without its extension."""
    return files(__name__).joinpath(folder, f"{name}.sql").read_text(encoding="utf-8")


def escape_literal(value: object) -> str:
    """Escape a value for a SQL string literal, for statements that take no parameters."""
    return str(value).replace("'", "''")
