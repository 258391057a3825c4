"""Copies: where backups and exports of a home were written is known, also after a move."""

from __future__ import annotations

import shutil
from pathlib import Path

from ontherecord.warehouse.copies import known_copies, note_copy
from ontherecord.warehouse.data_dir import DataDir


def test_copies_within_a_home_are_found_where_it_was_moved_to(tmp_path: Path) -> None:
    home, backup = tmp_path / "home", tmp_path / "press.zip"
    (home / "for-readers").mkdir(parents=True)
    backup.touch()
    for _ in range(2):  # a copy that is written again is noted once
        note_copy(DataDir(home), "export", home / "for-readers")
        note_copy(DataDir(home), "backup", backup)
    assert str(home) not in (home / "copies.json").read_text("utf-8")
    moved = tmp_path / "moved"
    shutil.move(home, moved)
    assert {(copy.kind, copy.file) for copy in known_copies(DataDir(moved))} == {
        ("export", moved / "for-readers"),
        ("backup", backup),
    }
    assert len(known_copies(DataDir(moved))) == 2
