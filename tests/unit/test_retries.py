"""Transient errors are retried, by name; nothing else is."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from ontherecord.flows.landing.folder import list_landing
from ontherecord.flows.landing.read import TRANSIENT_ERRNOS
from ontherecord.flows.pipeline.retries import TRANSIENT_ERRORS, find_transient, with_retries
from ontherecord.warehouse.errors import LandingError


def fails(*errors: Exception) -> Callable[[], str]:
    waiting = list(errors)

    def work() -> str:
        if waiting:
            raise waiting.pop(0)
        return "done"

    return work


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize("number", sorted(TRANSIENT_ERRNOS))
def test_a_folder_that_is_away_is_a_passing_fault(number: int) -> None:
    fault = find_transient(OSError(number, "away"))
    assert fault
    assert fault.name == "landing unreachable"
    assert find_transient(caused(LandingError("cannot be listed"), OSError(number, "away"))) == fault


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOENT, "gone"),
        OSError(errno.EACCES, "not allowed"),
        OSError(errno.ENOSPC, "full"),
        sqlite3.OperationalError("no such table: extracts"),
        ValueError("database is locked"),
        LandingError("missing"),
    ],
)
def test_other_errors_are_not_tried_again(error: Exception) -> None:
    with pytest.raises(type(error)):
        with_retries(fails(error), [0, 0])


def test_passing_faults_are_told_tried_again_and_given_up_in_the_end() -> None:
    told: list[str] = []
    stale, locked = OSError(errno.ESTALE, "stale"), sqlite3.OperationalError("database is locked")
    assert with_retries(fails(stale, locked), [0, 0], told.append) == "done"
    assert [line.partition(":")[0] for line in told] == ["landing unreachable", "extracts locked"]
    with pytest.raises(OSError, match="stale"):
        with_retries(fails(stale, stale, stale), [0, 0])


def test_locked_is_what_sqlite_says_of_a_file_that_another_writes(tmp_path: Path) -> None:
    file = tmp_path / "extracts.sqlite"
    with sqlite3.connect(file) as writer:
        writer.execute("create table t (a)")
        writer.commit()
        writer.execute("begin exclusive")
        other = sqlite3.connect(file, timeout=0)
        with pytest.raises(sqlite3.OperationalError) as caught:
            other.execute("insert into t values (1)")
        other.close()
    assert find_transient(caught.value) in TRANSIENT_ERRORS


def test_a_missing_folder_is_wrong_not_away(tmp_path: Path) -> None:
    with pytest.raises(LandingError) as caught:
        list(list_landing(tmp_path / "nowhere"))
    assert find_transient(caught.value) is None
