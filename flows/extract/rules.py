"""Ordered lists of named rules, of which the first that has an answer decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")


def first_answer(
    rules: Sequence[tuple[str, Callable[_Given, _Answer | None]]],
    without: Set[str],
    *args: _Given.args,
    **kwargs: _Given.kwargs,
) -> tuple[str, _Answer] | None:
    """Return the first rule that has an answer, with its answer; rules in `without` are left out."""
    for name, rule in rules:
        answer = rule(*args, **kwargs) if name not in without else None
        if answer is not None:
            return name, answer
    return None
