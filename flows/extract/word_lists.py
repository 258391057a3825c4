"""Read the word lists in `data/`: one entry a line, fields between '|', comments after '#'."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def word_list(name: str) -> tuple[str, ...]:
    """Return the entries of `data/<name>.txt` in order, without comments and blank lines."""
    text = files("ontherecord.flows.extract").joinpath("data", f"{name}.txt").read_text(encoding="utf-8")
    lines = (line.split("#", 1)[0].strip() for line in text.splitlines())
    return tuple(line for line in lines if line)


@cache
def word_set(name: str) -> frozenset[str]:
    """Return the entries of a word list as a set."""
    return frozenset(word_list(name))


def table_rows(name: str) -> list[list[str]]:
    """Return the entries of a table, each as its fields."""
    return [[field.strip() for field in line.split("|")] for line in word_list(name)]
