"""Checks: all rows are looked at, those of articles that held before only when anything of them is other."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from runs import article, run

from ontherecord.warehouse.checks import CHECKED, run_checks

BOTH = ["a.txt", "b.txt"]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish two articles; return the file."""
    landing, home = tmp_path_factory.mktemp("landing"), tmp_path_factory.mktemp("home")
    for name in BOTH:
        (landing / name).write_text(article(title=name))
    run(landing, home)
    return home / "warehouse.duckdb"


@pytest.fixture
def files(published: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Return the published file and a copy to be changed."""
    copy = tmp_path / "copy.duckdb"
    shutil.copy(published, copy)
    copy.chmod(0o600)
    return published, copy


def looked_at(files: tuple[Path, Path], change: str) -> tuple[list[str], set[str]]:
    """Change the copy; return the articles that were looked at, and the checks that do not hold."""
    with duckdb.connect(str(files[1])) as connection:
        connection.execute(change)
        connection.execute(f"attach '{files[0]}' as {CHECKED} (read_only)")
        broken = {r.name for r in run_checks(connection, with_checked=True) if r.row_count}
        paths = connection.execute("select source_path from articles semi join slices using (article_id)")
        return sorted(path for (path,) in paths.fetchall()), broken


ONE = "where article_id = (select article_id from articles where source_path = 'b.txt')"


@pytest.mark.parametrize(
    ("change", "paths", "broken"),
    [
        ("select 1", [], set()),
        (f"update mentions set char_end = char_end + 1 {ONE}", ["b.txt"], {"mention_offsets_match_text"}),
        (f"update quotes set cue_start = 0 {ONE}", ["b.txt"], {"quote_offsets_match_text"}),
        (f"update articles set body = 'x' || body {ONE}", ["b.txt"],
         {"mention_offsets_match_text", "quote_offsets_match_text"}),
        (f"insert into mentions from mentions {ONE} limit 1", ["b.txt"],
         {"numbers_are_unique_per_article"}),
        (f"delete from quotes {ONE}; delete from quote_speakers {ONE}", ["b.txt"], set()),
        (f"delete from quote_speakers {ONE}", ["b.txt"], {"quotes_and_speakers_agree"}),
        (f"insert into quote_speakers from quote_speakers {ONE}", ["b.txt"], {"quotes_and_speakers_agree"}),
        (f"update quote_speakers set speaker_no = 1 {ONE}", ["b.txt"], {"quotes_and_speakers_agree"}),
        (f"update quotes set speaker = 'Otto Lind' {ONE}", ["b.txt"], {"quotes_and_speakers_agree"}),
        (f"update quotes set speaker_count = 2 {ONE}", ["b.txt"], {"quotes_and_speakers_agree"}),
        (f"update quotes set speaker_entity_id = null {ONE}", ["b.txt"], {"quotes_and_speakers_agree"}),
        (f"update quote_speakers set speaker_name = 'x' {ONE}", ["b.txt"], {"quotes_and_speakers_agree"}),
        ("update quote_speakers set article_id = 0", BOTH,
         {"quotes_and_speakers_agree", "every_mention_and_quote_has_an_article"}),
        ("update entities set name = 'Somebody Else'", [], set()),
        ("update ops.marts set sha256 = '' where name = 'checks/every_loaded_delivery_is_an_article'",
         BOTH, set()),
        ("update ops.migrations set number = number + 1", BOTH, set()),
    ],
)  # fmt: skip
def test_articles_that_held_are_looked_at_again_only_if_they_are_others(
    files: tuple[Path, Path], change: str, paths: list[str], broken: set[str]
) -> None:
    assert looked_at(files, change) == (paths, broken)
