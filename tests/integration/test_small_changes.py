"""Tables that follow small changes are those of an archive that was loaded at once."""

from __future__ import annotations

from pathlib import Path
from random import Random
from shutil import copytree

import pytest
from runs import migrated_home
from small_changes import Archive, differences

from ontherecord.warehouse.data_dir import DataDir


@pytest.mark.parametrize(
    ("seed", "articles", "changes"),
    [(1, 60, 10), (2, 60, 10), pytest.param(3, 3000, 200, marks=pytest.mark.slow)],
)
def test_tables_after_small_changes_are_those_of_a_fresh_build(
    home: Path, tmp_path: Path, seed: int, articles: int, changes: int
) -> None:
    copytree(migrated_home(), home, symlinks=True)
    archive = Archive(DataDir(home), Random(seed))
    archive.fill(articles)
    for _ in range(changes):
        archive.change()
    archive.finish()
    followed, fresh = archive.tables(), archive.fresh(tmp_path / "fresh").tables()
    assert differences(followed, fresh) == {}, archive.done
    assert all(fresh[f"mart.{name}"] for name in ("utterances", "speakers", "speaker_topics", "roles"))
