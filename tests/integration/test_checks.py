"""Checks: all rows are looked at, those of articles that held before only when anything of them is other."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from runs import article, run

from ontherecord.warehouse import checks
from ontherecord.warehouse.checks import CHECKED, run_article_checks, run_table_checks
from ontherecord.warehouse.spare import BLOCK, differing_blocks

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


def looked_at(files: tuple[Path, Path], change: str, *, by_blocks: bool) -> tuple[list[str], set[str]]:
    """Change the copy; return the articles that were looked at, and the checks that do not hold."""
    with duckdb.connect(str(files[1])) as connection:
        connection.execute(change)
    blocks = differing_blocks(files[1], files[0]) if by_blocks else None
    with duckdb.connect(str(files[1]), read_only=True) as connection:
        connection.execute(f"attach '{files[0]}' as {CHECKED} (read_only)")
        found = run_table_checks(connection)
        found += run_article_checks(connection, with_checked=True, changed_blocks=blocks)
        broken = {r.name for r in found if r.row_count}
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
@pytest.mark.parametrize("by_blocks", [False, True])
def test_articles_that_held_are_looked_at_again_only_if_they_are_others(
    files: tuple[Path, Path], change: str, paths: list[str], broken: set[str], by_blocks: bool
) -> None:
    assert looked_at(files, change, by_blocks=by_blocks) == (paths, broken)


@pytest.fixture(scope="module")
def many(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with the two articles a thousand times, in row groups of 2,048 rows."""
    file = tmp_path_factory.mktemp("many") / "many.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{published}' as small (read_only)")
        connection.execute(f"attach '{file}' as many (row_group_size 2048)")
        connection.execute("copy from database small to many")
        for table, key in (("articles", ", source_path"), ("mentions", ""), ("quotes", ""),
                           ("quote_speakers", "")):  # fmt: skip
            other = f"(article_id + n) as article_id{', n || source_path as source_path' if key else ''}"
            connection.execute(
                f"insert into many.{table} select t.* replace ({other}) from small.{table} as t, "
                "range(1, 3000) as numbers (n) order by n"
            )
    return file


@contextmanager
def changing(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a file to change it; its row groups stay as small as they are."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file}' as many (row_group_size 2048)")
        connection.execute("use many")
        yield connection
        connection.execute("use memory")
        connection.execute("detach many")


CHANGES = (
    "update mentions set char_end = char_end + 1 where {some}",
    "update articles set body = body || ' ' where {some}",
    "update articles set cluster_id = 1 where {some}",
    "update quotes set cue = 'said so' where {some}",
    "update quotes set confidence = 0.5 where {some}",
    "update quote_speakers set role_start = 3 where {some}",
    "delete from mentions where {some}",
    "delete from quote_speakers where {some}",
    "delete from quotes where {some}; insert into quotes from checked.quotes where {some}",
    "insert into mentions from mentions where {some}",
    "delete from articles where {some}",
    "checkpoint",
)


@pytest.mark.parametrize("seed", range(12))
def test_what_lies_in_other_blocks_is_all_that_differs(many: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    copy = Path(shutil.copy(many, tmp_path / "copy.duckdb"))
    for _ in range(chance.randint(1, 4)):
        with changing(copy) as connection:
            connection.execute(f"attach '{many}' as {CHECKED} (read_only)")
            for change in chance.choices(CHANGES, k=3):
                share = chance.choice([2, 300, 2_000])
                connection.execute(change.format(some=f"article_id % {share} = {chance.randrange(share)}"))
    found = []
    with duckdb.connect(str(copy), read_only=True) as connection:
        connection.execute(f"attach '{many}' as {CHECKED} (read_only)")
        for blocks in (None, differing_blocks(copy, many)):
            checks._find_changed(connection, blocks)
            rows = connection.execute("select count(*) from row_sums").fetchall()[0][0]
            found.append((connection.execute("from to_check order by all").fetchall(), rows))
    (everything, all_sums), (by_blocks, sums) = found
    assert by_blocks == everything
    assert sums <= all_sums


def test_rows_of_equal_blocks_are_not_read(many: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(many, tmp_path / "copy.duckdb"))
    with changing(copy) as connection:
        connection.execute(
            "update quotes set cue = 'x' where article_id = (select max(article_id) from quotes)"
        )
        connection.execute("update articles set cluster_id = 1")
    with duckdb.connect(str(copy), read_only=True) as connection:
        connection.execute(f"attach '{many}' as {CHECKED} (read_only)")
        checks._find_changed(connection, differing_blocks(copy, many))
        read = dict(connection.execute("select table_name, count(*) from row_sums group by 1").fetchall())
        assert connection.execute("select count(*) from to_check").fetchall() == [(1,)]
    assert read.keys() == {"quotes"}
    assert read["quotes"] <= 4 * 2_048


def test_rows_that_differ_in_the_same_place_are_found_by_their_block(samples: Path, tmp_path: Path) -> None:
    """DuckDB writes what it changes to other places; here two words of a column change theirs in the file."""
    plain = tmp_path / "plain.duckdb"
    with duckdb.connect() as connection:
        connection.execute("set force_compression = 'uncompressed'")
        connection.execute(f"attach '{samples / 'warehouse.duckdb'}' as small (read_only)")
        connection.execute(f"attach '{plain}' as plain")
        connection.execute("copy from database small to plain")
        connection.execute("checkpoint plain")
    with duckdb.connect(str(plain), read_only=True) as connection:
        block, offset = connection.execute(
            "select block_id, block_offset from pragma_storage_info('mentions') "
            "where column_name = 'char_end' and segment_type = 'INTEGER'"
        ).fetchall()[0]
    changed = Path(shutil.copy(plain, tmp_path / "changed.duckdb"))
    with changed.open("r+b") as file:
        at = 12_288 + block * BLOCK + 8 + offset  # behind the headers and the block's checksum
        file.seek(at)
        words = file.read(16)
        file.seek(at)
        file.write(words[8:] + words[:8])  # the checksum stays right: it is an exclusive or
    assert words[8:] != words[:8]
    assert differing_blocks(changed, plain) == [block]
    with duckdb.connect(str(changed), read_only=True) as connection:
        connection.execute(f"attach '{plain}' as {CHECKED} (read_only)")
        found = {}
        for blocks in ([block], []):
            results = run_article_checks(connection, with_checked=True, changed_blocks=blocks)
            found[len(blocks)] = {r.name for r in results if r.row_count}
    assert found == {1: {"mention_offsets_match_text"}, 0: set()}
