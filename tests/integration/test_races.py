"""Races: a landing folder that changes while it is listed and read. `bench/races.py` tries more often."""

from __future__ import annotations

from pathlib import Path

import pytest
from races import RACES, run_race


@pytest.mark.parametrize("kind", RACES)
def test_what_is_read_is_whole_and_from_the_folder(tmp_path: Path, kind: str) -> None:
    counts = run_race(RACES[kind], tmp_path / "race", tries=15)
    assert not counts["from outside"]
    assert not counts["mixed or half"]
    assert not counts["refused"]
