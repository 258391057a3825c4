"""Tables that follow small changes are those of an archive that was loaded at once."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from random import Random
from shutil import copytree
from typing import Any

import duckdb
import pytest
from runs import migrated_home
from small_changes import Archive, differences

from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import duckdb_of


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


def test_new_articles_leave_the_blocks_of_loaded_ones_as_they_are(home: Path) -> None:
    copytree(migrated_home(), home, symlinks=True)
    archive = Archive(DataDir(home), Random(1))
    archive.fill(10)
    with open_writer(archive.home, "test") as engine, engine.begin() as connection:
        duckdb_of(connection).execute(  # DuckDB puts groups of fewer rows together at once
            "insert into articles select articles.* replace (article_id + copy as article_id) "
            "from articles, range(1, 300) as copies (copy)"
        )
    loaded = _segments(archive.home, "articles")
    archive.add()
    archive.finish()
    assert loaded
    assert loaded < _segments(archive.home, "articles")


def _segments(home: DataDir, table: str) -> set[tuple[Any, ...]]:
    """Return where the columns of a table lie in the writer's file."""
    with closing(duckdb.connect(str(home.writer), read_only=True)) as connection:
        found = connection.execute(
            "select row_group_id, column_path, segment_id, start, count, block_id, block_offset "
            f"from pragma_storage_info('{table}') where segment_type != 'VALIDITY'"
        )
        return set(found.fetchall())
