"""Landing in an archive: a zip or tar file is loaded as the folder that was packed into it."""

from __future__ import annotations

import io
import os
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from archives import KINDS, as_zip
from runs import article, rows, run

from ontherecord.flows.landing import packed
from ontherecord.flows.landing.location import is_archive
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import LandingError


@pytest.mark.parametrize(
    "name",
    [
        "a.zip",
        "a.tar.gz",
        *(pytest.param(name, marks=pytest.mark.slow) for name in KINDS if name not in ("a.zip", "a.tar.gz")),
    ],
)
def test_archive_is_loaded_and_what_is_new_in_the_next_one(name: str, tmp_path: Path, home: Path) -> None:
    file, pack = tmp_path / name, KINDS[name]
    texts = {
        "./2015/a.txt": article(title="First"),
        "b.txt": article(title="Second"),
        "/c.TXT": article(title="Third"),
        "../d.txt": article(title="Fourth"),
        "notes.log": "no article",
        ".hidden.txt": "no article",
        "__MACOSX/2015/a.txt": "no article",
    }
    pack(file, texts)
    assert run(file, home, batch_size=2).counts.loaded_count == 4
    paths = [("../d.txt",), ("2015/a.txt",), ("b.txt",), ("c.TXT",)]
    assert rows(home, "select source_path from articles order by 1") == paths
    assert run(file, home).counts.unchanged_count == 4
    pack(file, {**texts, "b.txt": article(title="Secund")})  # as long, and of the same time
    os.utime(file, (time.time() + 5,) * 2)
    counts = run(file, home).counts
    assert (counts.loaded_count, counts.unchanged_count) == (1, 3)
    assert rows(home, "select title, version from articles where source_path = 'b.txt'") == [("Secund", 2)]


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
def test_nothing_of_an_archive_is_loaded_until_it_is_whole(name: str, tmp_path: Path, home: Path) -> None:
    file = tmp_path / name
    random = [f"{n}\n\nIt was {os.urandom(900).hex()}." for n in range(20)]
    KINDS[name](file, {f"{n}.txt": article(title=f"Story {n}", body=text) for n, text in enumerate(random)})
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(LandingError, match=r"is damaged or incomplete.*Nothing was loaded.*deliver it again"):
        run(file, home)
    file.write_bytes(whole)
    assert run(file, home).counts.loaded_count == 20


def test_damaged_file_in_an_archive_is_held_back_alone(tmp_path: Path, home: Path) -> None:
    file = tmp_path / "a.zip"
    as_zip(file, {"good.txt": article(), "bad.txt": article(title="Bad")})
    whole = file.read_bytes()
    at = whole.index(b"bad.txt") + 20
    file.write_bytes(whole[:at] + bytes(30) + whole[at + 30 :])
    report = run(file, home)
    assert report.counts.loaded_count == 1
    [held] = report.rejected
    assert (held.landed.source_path, [f.rule for f in held.failures]) == ("bad.txt", ["unreadable"])


def test_file_that_unpacks_to_more_than_an_article_is_not_unpacked(tmp_path: Path, home: Path) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("good.txt", article())
        with archive.open("bomb.txt", "w") as member:
            for _ in range(250):
                member.write(bytes(1_000_000))
    [held] = run(file, home).rejected
    assert [f.rule for f in held.failures] == ["too_large"]
    assert rows(home, "select source_path from articles") == [("good.txt",)]


@pytest.mark.parametrize(
    ("name", "make", "told"),
    [
        ("none.zip", lambda f: None, "does not exist"),
        ("text.zip", lambda f: f.write_text("no archive"), "is damaged or incomplete"),
        ("text.tar", lambda f: f.write_text("no archive"), "is damaged or incomplete"),
    ],
)
def test_what_is_no_archive_is_told(
    name: str, make: Callable[[Path], object], told: str, tmp_path: Path, home: Path
) -> None:
    make(tmp_path / name)
    with pytest.raises(LandingError, match=told):
        run(tmp_path / name, home)


def test_folder_with_the_name_of_an_archive_is_a_folder(tmp_path: Path, home: Path) -> None:
    (tmp_path / "a.zip").mkdir()
    (tmp_path / "a.zip" / "a.txt").write_text(article())
    assert not is_archive(tmp_path / "a.zip")
    assert run(tmp_path / "a.zip", home).counts.loaded_count == 1


@pytest.mark.parametrize("name", ["week.zip", "week.tar.gz"])
def test_an_archive_in_a_folder_is_read_as_a_folder_of_its_name(name: str, landing: Path, home: Path) -> None:
    (landing / "2015").mkdir()
    file = landing / "2015" / name
    (landing / "a.txt").write_text(article(title="Beside it"))
    table = "url,title,text,date\nhttps://post.example/1,Ferry sails,It sails again.,2015-03-01\n"
    texts = {"a.txt": article(title="First"), "in/b.txt": article(title="Second"), "c.csv": table}
    KINDS[{"week.zip": "a.zip"}.get(name, "a.tar.gz")](file, {**texts, "more.zip": "", "d.txt": "no headers"})
    result = run(landing, home, batch_size=2)
    assert (result.counts.loaded_count, result.counts.quarantined_count) == (4, 1)
    inside = f"2015/{name}"
    assert rows(home, "select source_path, article_key from articles order by all") == [
        (f"{inside}/a.txt", None),
        (f"{inside}/c.csv#https://post.example/1", "https://post.example/1"),
        (f"{inside}/in/b.txt", None),
        ("a.txt", None),
    ]
    assert rows(home, "select source_path from ops.quarantine") == [(f"{inside}/d.txt",)]
    assert result.passed_over.kinds() == [(".zip", 1, f"{inside}/more.zip")]
    counts = run(landing, home).counts
    assert (counts.landed_count, counts.unchanged_count) == (5, 5)


def test_an_archive_in_a_folder_that_cannot_be_opened_stops_no_other_file(
    landing: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "FREE_BYTES", 200_000)
    (landing / "a.txt").write_text(article(title="Beside it"))
    file = landing / "week.zip"
    as_zip(file, {"b.txt": article(title="In it")})
    whole = file.read_bytes()
    file.write_bytes(whole[:-30])
    changed = landing / "day.tar.gz"
    KINDS["a.tar.gz"](changed, {f"{n}.txt": article(title=f"Story {n}") for n in range(20)})
    content = bytearray(changed.read_bytes())
    content[len(content) // 2] ^= 1
    changed.write_bytes(content)
    KINDS["a.tar.xz"](landing / "bomb.tar.xz", {f"{n}.txt": f"{n} " + "a" * 90_000 for n in range(20)})
    with zipfile.ZipFile(landing / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as bomb:
        for n in range(20):
            bomb.writestr(f"{n}.txt", f"{n} " + "a" * 90_000)
    odd = article(title="Of an odd name").encode()
    (landing / "odd.tar").write_bytes(_tar_of("caf\xe9.txt".encode("latin-1"), odd))
    result = run(landing, home)
    assert (result.counts.loaded_count, result.counts.quarantined_count) == (2, 4)
    assert result.passed_over.kinds() == []
    still = "from ops.quarantine where released_at is null"
    held = rows(home, f"select source_path, rule, value, message {still} order by all")
    assert {rule for _, rule, _, _ in held} == {"archive_unreadable"}
    assert {path: value for path, _, value, _ in held} == {
        "bomb.tar.xz": "it unpacks to more than 100 times its size, as no text does",
        "bomb.zip": "it unpacks to more than 100 times its size, as no text does",
        "day.tar.gz": held[2][2],
        "week.zip": "its list of contents is missing: it is cut off, or no zip file",
    }
    messages = {path: message for path, _, _, message in held}
    assert "week.zip is damaged or incomplete" in messages["week.zip"]
    assert "deliver it again" in messages["day.tar.gz"]
    assert "deliver it in parts" in messages["bomb.zip"]
    assert not any(kept.is_file() for kept in DataDir(home).quarantine.rglob("*"))
    assert run(landing, home).counts.unchanged_count == 6
    file.write_bytes(whole)
    result = run(landing, home)
    assert (result.counts.loaded_count, result.counts.unchanged_count) == (1, 5)
    paths = [("a.txt",), ("odd.tar/caf\\xe9.txt",), ("week.zip/b.txt",)]
    assert rows(home, "select source_path from articles order by all") == paths
    assert rows(home, f"select count(*) {still}") == [(3,)]


def _tar_of(name: bytes, content: bytes) -> bytes:
    """Return a tar file with a file whose name is of any bytes."""
    file = io.BytesIO()
    options = {"format": tarfile.GNU_FORMAT, "encoding": "latin-1"}
    with tarfile.open(fileobj=file, mode="w", **options) as archive:  # type: ignore[call-overload]
        info = tarfile.TarInfo(name.decode("latin-1"))
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return file.getvalue()
