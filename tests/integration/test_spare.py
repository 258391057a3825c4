"""The spare: a file that was published becomes the next one, unless somebody may still read it."""

from __future__ import annotations

import mmap
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copytree

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from runs import QuietRunner, article, rows, run
from searched import files_with

from ontherecord.flows.forget import forget
from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse import publish as publishing
from ontherecord.warehouse.compact import compact_writer
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import CheckFailed
from ontherecord.warehouse.publish import publish
from ontherecord.warehouse.spare import copy_blocks, differing_blocks, list_differences, write_differences

BLOCK = 262_144


def _has_leases(folder: Path) -> bool:
    """Say whether an unused file of a folder may be changed, on this file system."""
    for name in ("new", "old"):
        (folder / name).write_bytes(name.encode())
    try:
        write_differences(folder / "new", folder / "old")
    except OSError:
        return False
    return True


@pytest.fixture(autouse=True)
def _large_enough(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    if not _has_leases(tmp_path_factory.mktemp("leases")):
        pytest.skip("no leases on this file system")
    monkeypatch.setattr(publishing, "LEAST_BYTES", 0)
    monkeypatch.setattr(publishing, "_MAX_FREE_SHARE", 1)  # so small a file would be copied by rows


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load two articles; return the folder of the landing folder and of the home."""
    folder = tmp_path_factory.mktemp("once")
    (folder / "landing").mkdir()
    for name in ("a", "b"):
        (folder / "landing" / f"{name}.txt").write_text(article(title=f"Title {name}"))
    run(folder / "landing", folder / "home")
    return folder


@pytest.fixture
def landing(once: Path, tmp_path: Path) -> Path:
    return copytree(once / "landing", tmp_path / "landing")


@pytest.fixture
def published(once: Path, tmp_path: Path) -> DataDir:
    """Publish again; return the home, which has a spare now."""
    home = DataDir(copytree(once / "home", tmp_path / "home", symlinks=True))
    publish_one_more(home)
    assert home.spare.exists()
    return home


def publish_one_more(home: DataDir) -> None:
    """Publish a change; hold that the published file has the bytes of the writer's."""
    with open_writer(home, "test") as engine:
        publish(engine, home)
        subprocess.run(
            ["cmp", home.writer, home.published], check=True
        )  # to open it here would drop its lock


def inode(file: Path) -> int:
    """Return what tells a file from a copy of it."""
    return file.stat().st_ino


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_what_was_changed_in_part_is_the_same_file_afterwards(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    sizes = st.integers(0, 5 * BLOCK) | st.sampled_from([0, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK])
    new = random.Random(data.draw(st.integers())).randbytes(data.draw(sizes))
    old = bytearray(new[: data.draw(sizes)] + bytes(data.draw(st.sampled_from([0, 1, BLOCK, BLOCK + 8]))))
    for at in data.draw(st.lists(st.integers(0, len(old)), max_size=4)):
        old[at : at + 8] = old[at : at + 8][::-1]
    (folder / "new").write_bytes(new)
    was = bytes(old)
    (folder / "old").write_bytes(was)
    published = bytearray(new[: data.draw(sizes)])
    for at in data.draw(st.lists(st.integers(0, max(len(published) - 1, 0)), max_size=3)):
        published[at : at + 1] = bytes(255 - byte for byte in published[at : at + 1])
    (folder / "published").write_bytes(published)
    written, unpublished = write_differences(folder / "new", folder / "old", folder / "published")
    assert (folder / "old").read_bytes() == new
    if was == new:
        assert written == 0
    blocks = [new[at : at + BLOCK] for at in range(12_288, len(new), BLOCK)]
    there = [published[at : at + BLOCK] for at in range(12_288, 12_288 + len(blocks) * BLOCK, BLOCK)]
    differing = [
        n for n, (ours, its) in enumerate(zip(blocks, there, strict=True)) if ours != its[: len(ours)]
    ]
    assert unpublished == differing == list_differences(folder / "new", folder / "published")


def test_words_that_change_places_are_seen_though_their_checksum_is_the_same(tmp_path: Path) -> None:
    """What DuckDB writes before a block: an exclusive or over its words, so in whichever order."""
    files = tmp_path / "a.duckdb", tmp_path / "b.duckdb"
    numbers = [random.Random(seed).getrandbits(64) - 2**63 for seed in range(100_000)]
    for file in files:
        numbers[:2] = numbers[1::-1]
        with closing(duckdb.connect(str(file))) as connection:
            connection.execute("create table t as select unnest($1::bigint[]) as number", [numbers])
    first, second = ([content[12_288:][i : i + BLOCK] for i in range(0, len(content) - 12_288, BLOCK)]
                     for content in (file.read_bytes() for file in files))  # fmt: skip
    unseen = [a for a, b in zip(first, second, strict=True) if a != b and a[:8] == b[:8]]
    assert unseen
    assert copy_blocks(*files) == []
    assert files[0].read_bytes() == files[1].read_bytes()


def test_next_publish_is_made_of_the_file_before_the_last(published: DataDir) -> None:
    spare, last = inode(published.spare), inode(published.published)
    publish_one_more(published)
    assert inode(published.published) == spare
    assert inode(published.spare) == last
    assert published.published.stat().st_mode & 0o777 == 0o444


def test_small_changes_are_published_byte_for_byte(published: DataDir, landing: Path) -> None:
    """New, changed and equal articles, aliases that merge names, and articles that are taken down."""
    chance = random.Random(3)
    was = set()
    for number in range(12):
        kind = chance.choice(["new", "changed", "copy", "merged"])
        path = landing / f"{number}.txt"
        if kind == "changed":
            path = chance.choice(sorted(landing.glob("*.txt")))
        body = f'"It is {chance.random()}," Ida Brandt{number} said. ' * 20
        text = (landing / "a.txt").read_text() if kind == "copy" else article(title=path.name, body=body)
        path.write_text(text)
        if kind == "merged":
            names = "".join(f"Ida Brandt{n},Ida Brandt,person,\n" for n in range(number + 1))
            published.aliases.write_text(f"alias,name,kind,external_id\n{names}")
        run(landing, published.folder)
        was.add(inode(published.published))
        publish_one_more(published)
    assert len(was) <= 2


@contextmanager
def _reader(file: Path) -> Iterator[subprocess.Popen[str]]:
    program = (
        "import duckdb, sys\n"
        f"c = duckdb.connect({str(file)!r}, read_only=True)\n"
        "for _ in sys.stdin: print(c.execute('select count(*) from articles').fetchall()[0][0], flush=True)"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield reader
    finally:
        reader.communicate(timeout=20)


def _count(reader: subprocess.Popen[str]) -> int:
    assert reader.stdin
    assert reader.stdout
    reader.stdin.write("\n")
    reader.stdin.flush()
    return int(reader.stdout.readline())


def test_file_that_a_reader_has_open_never_changes(published: DataDir, landing: Path) -> None:
    with _reader(published.published) as reader:
        assert _count(reader) == 2
        kept, content = inode(published.published), published.published.read_bytes()
        with open(published.published, "rb") as held:
            for number in range(3):
                (landing / f"more {number}.txt").write_text(article(title=f"Number {number}"))
                assert run(landing, published.folder).published
                assert inode(published.published) != kept
                assert _count(reader) == 2
                assert os.pread(held.fileno(), len(content) + 1, 0) == content
    assert rows(published.folder, "select count(*) from articles") == [(5,)]


@pytest.mark.parametrize("how", ["open", "mapped", "linked"])
def test_file_that_somebody_has_is_left_as_it_is(published: DataDir, tmp_path: Path, how: str) -> None:
    other = tmp_path / "other.duckdb"
    if how == "linked":
        other.hardlink_to(published.spare)
    content, mode = published.spare.read_bytes(), published.spare.stat().st_mode
    with open(published.spare, "rb") as held:
        mapped = mmap.mmap(held.fileno(), 0, prot=mmap.PROT_READ)
        if how != "open":
            held.close()
        if how == "linked":
            mapped.close()
        publish_one_more(published)
        if how == "linked":
            assert other.read_bytes() == content
            assert other.stat().st_mode == mode
        else:
            assert (os.pread(held.fileno(), len(content) + 1, 0) if how == "open" else mapped[:]) == content


def test_copy_says_which_blocks_are_not_published(published: DataDir) -> None:
    draft = published.folder / ".draft.duckdb"
    with open_writer(published, "test") as engine:
        with engine.begin() as connection:
            connection.exec_driver_sql("update quotes set char_start = char_start + 1")
        copied = publishing._copy(engine, draft, published)
    assert copied.differing
    assert copied.differing == differing_blocks(draft, published.published)


def test_rows_that_changed_are_checked_though_only_blocks_are_copied(
    published: DataDir, landing: Path
) -> None:
    with duckdb.connect(str(published.writer)) as writer:
        writer.execute("update quotes set char_start = char_start + 1")
    (landing / "more.txt").write_text(article(title="Third"))
    with pytest.raises(CheckFailed, match="quote_offsets_match_text: 2 rows, "):
        run(landing, published.folder)


def test_damage_of_a_published_file_does_not_come_back(published: DataDir) -> None:
    published.published.chmod(0o644)
    with open(published.published, "r+b") as damaged:
        damaged.seek(BLOCK)
        damaged.write(bytes(4_096))
        damaged.truncate(3 * BLOCK)
    for _ in range(3):
        publish_one_more(published)


def test_what_a_killed_publish_had_begun_to_change_goes(published: DataDir, landing: Path) -> None:
    draft = published.folder / ".warehouse.999999999.duckdb"
    published.spare.rename(draft)
    draft.chmod(0o600)
    with open(draft, "r+b") as half:
        half.write(bytes(BLOCK))
    publish_one_more(published)
    assert not draft.exists()
    assert published.spare.exists()


def test_taking_down_leaves_no_word_in_a_spare(published: DataDir, landing: Path) -> None:
    secret = article(
        title="Zyqqaxian ferry aground", body='"The soup stayed," its cook, Odrik Vrandtholm, said.'
    )
    (landing / "secret.txt").write_text(secret)
    run(landing, published.folder)
    (landing / "c.txt").write_text(article(title="Third"))
    run(landing, published.folder)
    words = ("zyqqax", "vrandtholm")
    assert ".spare.duckdb" in {line.split()[0] for line in files_with(published.folder, *words)}
    forget(load_settings(home=published.folder), QuietRunner(), "secret.txt", "test")
    assert not published.spare.exists()
    for _ in range(2):
        publish_one_more(published)
    assert published.spare.exists()
    assert files_with(published.folder, *words) == []


def test_compaction_and_other_copies_leave_no_spare(published: DataDir) -> None:
    compact_writer(published, -1, -1)
    assert not published.spare.exists()
    publish_one_more(published)
    assert published.spare.exists()
