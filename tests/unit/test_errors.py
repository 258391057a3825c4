"""Errors: the tree drawn on top of the file is the tree there is."""

from __future__ import annotations

import re

import pytest

from ontherecord.warehouse import errors
from ontherecord.warehouse.errors import BadDelivery, FileChanged, OnTheRecordError, PipelineError
from ontherecord.warehouse.records import Failure


def _drawn() -> dict[str, str | None]:
    """Return each error in the drawing with the one it hangs from."""
    parents: dict[str, str | None] = {}
    above: list[str] = []
    for lead, name in re.findall(r"^ {4}([ │├└─]*)([A-Z]\w+)", errors.__doc__ or "", re.MULTILINE):
        depth = len(lead) // 4
        above[depth:] = [name]
        parents[name] = above[depth - 1] if depth else None
    return parents


def _tree(error: type[Exception]) -> dict[str, str | None]:
    """Return each error below this one with its parent."""
    return {
        name: parent
        for child in error.__subclasses__()
        if child.__module__ == errors.__name__
        for name, parent in {child.__name__: error.__name__, **_tree(child)}.items()
    }


def test_the_tree_is_as_it_is_drawn() -> None:
    assert _drawn() == {"OnTheRecordError": None, **_tree(OnTheRecordError)}
    assert len(_drawn()) >= 9


def test_a_bad_delivery_carries_its_failures_and_says_them() -> None:
    failures = (Failure("a", None, None, "This is wrong."), Failure("b", "title", "x", "That too."))
    error = BadDelivery(*failures)
    assert error.failures == failures
    assert str(error) == "This is wrong.; That too."


@pytest.mark.parametrize("error", [BadDelivery, FileChanged])
def test_a_file_at_fault_is_never_taken_for_a_failed_run(error: type[Exception]) -> None:
    assert not issubclass(error, PipelineError)
