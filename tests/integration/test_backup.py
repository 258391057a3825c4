"""Backup: one file, made while runs go on, from which a home comes back that loads nothing twice."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path

import pytest
from commands import ONTHERECORD, carry_out
from runs import ARTICLES, article, contents, rows, run

from ontherecord.warehouse.backup import back_up, restore
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import BackupError, WarehouseError


@pytest.fixture
def lived(samples: Path, landing: Path, home: Path) -> Path:
    """Make a home with two articles, a quarantined file, aliases and settings; give it."""
    home.mkdir()
    (home / "aliases.csv").write_text("alias,name\nida brandt,Ida Brandt-Holm\n")
    (home / "ontherecord.toml").write_text("batch_size = 10\n")
    (landing / "a.txt").write_text(article())
    (landing / "b.txt").write_text(article(title="Second"))
    (landing / "wrong.txt").write_text("nothing")
    run(landing, home)
    return home


def test_restored_home_is_the_same_and_loads_only_what_has_landed_since(
    lived: Path, landing: Path, tmp_path: Path
) -> None:
    done = back_up(DataDir(lived), tmp_path / "press.zip")
    assert (done.article_count, done.left_out) == (2, ())
    assert stat.S_IMODE((tmp_path / "press.zip").stat().st_mode) == 0o600
    new = tmp_path / "new"
    assert restore(tmp_path / "press.zip", DataDir(new)).article_count == 2
    assert contents(new) == contents(lived)
    for name in ("aliases.csv", "ontherecord.toml", "alerts.parquet"):
        assert (new / name).read_bytes() == (lived / name).read_bytes()
    assert stat.S_IMODE((new / "warehouse.duckdb").stat().st_mode) == 0o444
    assert [f.read_text() for f in (new / "quarantine").glob("*/*")] == ["nothing"]
    assert [f.name for f in new.glob(".*")] == []
    (landing / "wrong.txt").write_text(article(title="Third"))
    counts = run(landing, new).counts
    assert (counts.loaded_count, counts.unchanged_count) == (1, 2)
    run(landing, lived)
    assert contents(new) == contents(lived)
    assert rows(new, "select count(*) from quotes where speaker = 'Ida Brandt-Holm'") == [(3,)]


@pytest.mark.slow
def test_backup_is_made_while_a_run_loads_and_publishes(samples: Path, tmp_path: Path) -> None:
    landing, home, new = tmp_path / "landing", tmp_path / "home", tmp_path / "new"
    files = sorted(ARTICLES.rglob("*.txt"))
    landing.mkdir()
    home.mkdir()
    shutil.copy(samples / "extracts.sqlite", home)
    (landing / "first.txt").write_text(article())
    run(landing, home)
    for number, file in enumerate(files):
        shutil.copy(file, landing / f"{number}.txt")
    process = subprocess.Popen(
        [ONTHERECORD, "ingest", landing, "--home", home, "--batch-size", "5", "--workers", "1"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert process.stderr
    made = []
    for line in process.stderr:
        if line.startswith(("files", "publish")):
            file = tmp_path / f"{len(made)}.zip"
            made.append(back_up(DataDir(home), file).article_count)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert len(made) > 5
    assert made[0] == 1
    assert made[-1] == len(files) + 1
    restore(tmp_path / "0.zip", DataDir(new))
    counts = run(landing, new, batch_size=5).counts
    assert (counts.loaded_count, counts.unchanged_count) == (len(files), 1)
    assert contents(new) == contents(home)


def test_damaged_parts_are_left_out_and_named(lived: Path, tmp_path: Path) -> None:
    (lived / "extracts.sqlite").write_bytes(b"not a database" * 1000)
    [kept] = (lived / "quarantine").glob("*/*")
    kept.write_text("something else")
    left_out = back_up(DataDir(lived), tmp_path / "press.zip").left_out
    assert [left.partition(":")[0] for left in left_out] == [
        "extracts.sqlite",
        kept.relative_to(lived).as_posix(),
    ]
    restore(tmp_path / "press.zip", DataDir(tmp_path / "new"))
    assert not (tmp_path / "new" / "extracts.sqlite").exists()
    assert contents(tmp_path / "new") == contents(lived)


def test_damaged_warehouse_is_not_backed_up(lived: Path, tmp_path: Path) -> None:
    published = lived / "warehouse.duckdb"
    content = bytearray(published.read_bytes())
    content[len(content) // 3 : len(content) // 2] = bytes(len(content) // 2 - len(content) // 3)
    published.chmod(0o644)
    published.write_bytes(content)
    with pytest.raises(WarehouseError, match=r"is damaged.*nothing was backed up"):
        back_up(DataDir(lived), tmp_path / "press.zip")
    assert [f.name for f in tmp_path.glob("*press*")] == []
    assert [f.name for f in lived.glob(".backup*")] == []


@pytest.mark.parametrize("how", ["cut", "changed", "strange", "no zip", "missing", "later"])
def test_file_that_is_no_whole_backup_is_refused_and_nothing_is_made(
    lived: Path, tmp_path: Path, how: str
) -> None:
    file = tmp_path / "press.zip"
    back_up(DataDir(lived), file)
    content = file.read_bytes()
    if how == "cut":
        file.write_bytes(content[: len(content) // 2])
    elif how == "changed":
        wrong = bytes(byte ^ 255 for byte in content[1000:1100])  # in the first and largest file
        file.write_bytes(content[:1000] + wrong + content[1100:])
    elif how in ("strange", "later"):
        with zipfile.ZipFile(file) as archive:
            manifest = json.loads(archive.read("manifest.json"))
        file.unlink()
        if how == "strange":
            manifest["files"]["../escaped"] = {"bytes": 1, "sha256": "0" * 64}
        else:
            manifest["format"] += 1
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("manifest.json", json.dumps(manifest))
            for name in manifest["files"]:
                archive.writestr(name, b"x")
    elif how == "no zip":
        file.write_bytes(b"something else")
    else:
        file.unlink()
    with pytest.raises(BackupError):
        restore(file, DataDir(tmp_path / "new"))
    assert not (tmp_path / "escaped").exists()
    assert {f.name for f in (tmp_path / "new").glob("*")} <= {"writer.lock"}
    assert [f.name for f in (tmp_path / "new").glob(".*")] == []


def test_commands_refuse_to_overwrite_and_say_what_they_did(lived: Path, tmp_path: Path) -> None:
    file = tmp_path / "press.zip"
    done = carry_out("backup", file, "--home", lived)
    assert done.stdout.startswith(f"Wrote {file}: 2 articles as of change"), done.stderr
    again = carry_out("backup", file, "--home", lived)
    assert again.returncode == 1
    assert "--replace" in again.stderr
    assert carry_out("backup", file, "--replace", "--home", lived).returncode == 0
    named = json.loads(carry_out("backup", tmp_path, "--json", "--home", lived).stdout)
    assert Path(named["file"]).parent == tmp_path
    full = carry_out("restore", file, "--home", lived)
    assert full.returncode == 1
    assert "is not empty" in full.stderr
    facts = json.loads(carry_out("restore", named["file"], "--json", "--home", tmp_path / "new").stdout)
    assert (facts["articles"], facts["home"]) == (2, str(tmp_path / "new"))
    assert carry_out("backup", tmp_path / "other.zip", "--home", tmp_path / "nowhere").returncode == 1
    assert carry_out("backup", tmp_path / "no" / "folder.zip", "--home", lived).returncode == 1
