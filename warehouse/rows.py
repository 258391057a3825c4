"""Answers: the rows of a query, each by the names of its columns."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]


def as_rows(asked: Any) -> list[Row]:
    """Return the rows of a statement that DuckDB has executed."""
    names = [column[0] for column in asked.description or ()]
    return [dict(zip(names, row, strict=True)) for row in asked.fetchall()]
