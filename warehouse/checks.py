"""Checks: what holds for every row. Part of publish, and of all who look into a file.

A rule is a file of sql/checks, a query that returns the rows that break it. Those of sql/checks/by_article
look at one article at a time, so they are asked slice by slice, which a small memory holds, and not again
for articles that are as a file has them that held.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from ontherecord import sql

_SHOWN_ROWS = 5
# The name under which `with_checked` expects the file that held.
CHECKED = "checked"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check, and the rows that break it: none for a check that holds."""

    name: str
    row_count: int
    examples: tuple[str, ...]


def run_checks(connection: duckdb.DuckDBPyConnection, *, with_checked: bool = False) -> list[CheckResult]:
    """Run each check on the connection's file.

    With `with_checked`, a file is attached as CHECKED that held: articles whose text, names and quotes are
    the same in both are not looked at again, if the same code made both.
    """
    found: dict[str, list[tuple[object, ...]]] = {}
    for name, statement in _rules("checks"):
        found[name] = connection.execute(statement).fetchall()
    _make(connection, "held" if with_checked and _is_of_this_code(connection) else "none_held")
    _make(connection, "slices")
    by_article = list(_rules("checks/by_article"))
    found.update((name, []) for name, _ in by_article)
    for (slice_no,) in connection.execute("select distinct slice_no from slices order by 1").fetchall():
        connection.execute(sql.statement("check_support", "slice"), {"slice_no": slice_no})
        _make(connection, "body_pieces")
        for name, statement in by_article:
            found[name] += connection.execute(statement).fetchall()
    return [
        CheckResult(name, len(rows), tuple(str(row) for row in rows[:_SHOWN_ROWS]))
        for name, rows in found.items()
    ]


def check_names() -> list[str]:
    """Return the names of all checks."""
    return [name for folder in ("checks", "checks/by_article") for name, _ in _rules(folder)]


def _rules(folder: str) -> Iterator[tuple[str, str]]:
    """Yield name and query of each rule."""
    for file in sql.statements(folder):
        yield file.name.removesuffix(".sql"), file.read_text(encoding="utf-8")


def _make(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Make a temporary table that rules read."""
    connection.execute(sql.statement("check_support", name))


def _is_of_this_code(connection: duckdb.DuckDBPyConnection) -> bool:
    """Say whether the file that held was built, and checked, by the SQL files that built this one."""
    (same,) = connection.execute(sql.statement("check_support", "same_code")).fetchall()[0]
    return bool(same)
