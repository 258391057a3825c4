"""Checks: invariants of the tables. Run before each publish, and by doctor.

A check is a query in sql/checks that returns the rows that violate it. Those in sql/checks/by_article look at
one article at a time, so they run on slices of articles, to bound memory, and skip articles that have not
changed since they last passed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb

from ontherecord import sql

_EXAMPLES = 5
# `with_checked` expects the file that passed to be attached under this name.
CHECKED = "checked"
# The tables that the checks of sql/checks/by_article read, and a row id that none has.
_BY_ARTICLE = ("articles", "mentions", "quotes", "quote_speakers")
_BEHIND_ALL = 2**62


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check and the rows that violate it, with some examples; it passed if there are none."""

    name: str
    row_count: int
    examples: tuple[str, ...]


def run_checks(connection: duckdb.DuckDBPyConnection) -> list[CheckResult]:
    """Run all checks, on all articles, on the connection's database."""
    return run_table_checks(connection) + run_article_checks(connection)


def run_table_checks(connection: duckdb.DuckDBPyConnection) -> list[CheckResult]:
    """Run the checks of sql/checks, which read whole tables, on the connection's database."""
    return [_result(name, connection.execute(query).fetchall()) for name, query in _checks("checks")]


def run_article_checks(
    connection: duckdb.DuckDBPyConnection,
    *,
    with_checked: bool = False,
    changed_blocks: Sequence[int] | None = None,
) -> list[CheckResult]:
    """Run the checks of sql/checks/by_article on the connection's database.

    With `with_checked`, a database that passed is attached as CHECKED: articles with the same text, mentions,
    quotes and speakers in both are skipped, provided that the same SQL built both. `changed_blocks` are the
    numbers of the blocks in which the two files differ: rows in others need not be compared.
    """
    if with_checked and _has_same_sql(connection):
        _find_changed(connection, changed_blocks)
    else:
        _create(connection, "all_to_check")
    _create(connection, "slices")
    checks = dict(_checks("checks/by_article"))
    found: dict[str, list[tuple[object, ...]]] = {name: [] for name in checks}
    for (slice_no,) in connection.execute("select distinct slice_no from slices order by 1").fetchall():
        connection.execute(sql.statement("check_support", "slice"), {"slice_no": slice_no})
        _create(connection, "body_pieces")
        for name, query in checks.items():
            found[name] += connection.execute(query).fetchall()
    return [_result(name, rows) for name, rows in found.items()]


def _result(name: str, rows: Sequence[tuple[object, ...]]) -> CheckResult:
    return CheckResult(name, len(rows), tuple(str(row) for row in rows[:_EXAMPLES]))


def check_names() -> list[str]:
    """Return the names of all checks."""
    return [name for folder in ("checks", "checks/by_article") for name, _ in _checks(folder)]


def _find_changed(connection: duckdb.DuckDBPyConnection, blocks: Sequence[int] | None) -> None:
    """Create the table `to_check`: the articles of which rows differ from those in CHECKED."""
    _create(connection, "row_fingerprints")
    row_groups = sql.statement("check_support", "row_groups")
    has_deleted_rows = sql.statement("check_support", "has_deleted_rows")
    changed_rows = sql.statement("check_support", "changed_rows")
    add_row_sums = sql.statement("check_support", "add_row_sums")
    for table in _BY_ARTICLE:
        ranges = [(0, _BEHIND_ALL)]
        if blocks is not None:
            named = {"table_name": table}
            connection.execute(row_groups, {**named, "blocks": list(blocks)})
            [(has_deleted,)] = connection.execute(has_deleted_rows, named).fetchall()
            ranges = connection.execute(changed_rows, {**named, "has_deleted": has_deleted}).fetchall()
        for first_row, end_row in ranges:
            rows = {"table_name": table, "first_row": first_row, "end_row": end_row}
            connection.execute(add_row_sums, {**rows, "view": f"{table}_now", "is_before": False})
            connection.execute(add_row_sums, {**rows, "view": f"{table}_before", "is_before": True})
    _create(connection, "to_check")


def _checks(folder: str) -> Iterator[tuple[str, str]]:
    """Yield the name and query of each check in a folder."""
    for file in sql.statements(folder):
        yield file.name.removesuffix(".sql"), file.read_text(encoding="utf-8")


def _create(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Create a temporary table that the checks read."""
    connection.execute(sql.statement("check_support", name))


def _has_same_sql(connection: duckdb.DuckDBPyConnection) -> bool:
    """Say whether the same SQL files built and checked both databases."""
    (same,) = connection.execute(sql.statement("check_support", "same_sql")).fetchall()[0]
    return bool(same)
