"""Doctor: each way in which a home can be broken is found, named with its remedy, fixed where it can be."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from commands import carry_out
from runs import ARTICLES, QuietRunner, article, contents, rows, run

from ontherecord.flows.recovery.doctor.examine import examine
from ontherecord.flows.recovery.doctor.finding import Finding
from ontherecord.flows.retry_quarantine import retry_quarantine
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.lock import writer_lock

DEAD = 99_999_999  # above any process id
HOLDS_OPEN = """
import sys, time, duckdb
connection = duckdb.connect(sys.argv[1])
print("open", flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def first(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load two samples and a quarantined file; give a folder with landing and home."""
    folder = tmp_path_factory.mktemp("first")
    (folder / "landing").mkdir()
    for file in sorted(ARTICLES.rglob("*.txt"))[:2]:
        shutil.copy(file, folder / "landing")
    (folder / "landing" / "wrong.txt").write_text("nothing")
    (folder / "home").mkdir()
    shutil.copy(samples / "extracts.sqlite", folder / "home")
    run(folder / "landing", folder / "home")
    return folder


@pytest.fixture
def lived(first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy that folder, set its landing, and give it."""
    shutil.copytree(first, tmp_path / "lived", symlinks=True)
    monkeypatch.setenv("ONTHERECORD_LANDING", str(tmp_path / "lived" / "landing"))
    return tmp_path / "lived"


def look(home: Path, state: str = "problem", *, fix: bool = False, deep: bool = False) -> list[Finding]:
    return [f for f in examine(home, fix=fix, deep=deep) if f.state == state]


def one(findings: list[Finding]) -> Finding:
    assert len(findings) == 1, findings
    return findings[0]


def write_wal(file: Path) -> None:
    file.unlink()  # the link in its place
    file.write_bytes(b"x")


def overwrite(file: Path) -> None:
    size = file.stat().st_size
    mode = file.stat().st_mode
    file.chmod(0o644)
    with open(file, "r+b") as damaged:
        damaged.seek(size // 3)
        damaged.write(os.urandom(size // 3))
    file.chmod(mode)


def ask(file: Path, statement: str) -> None:
    mode = file.stat().st_mode
    file.chmod(0o644)
    with duckdb.connect(str(file)) as connection:
        connection.execute(statement)
    file.chmod(mode)


def test_home_that_is_well_has_no_finding_and_is_not_changed(lived: Path) -> None:
    home = lived / "home"
    before = {f: f.read_bytes() for f in home.rglob("*") if f.is_file()}
    found = examine(home, deep=True)
    assert {f.state for f in found} == {"ok"}, found
    assert {"home", "disk space", "writer", "published", "landing", "quarantine", "extracts", "contents"} <= {
        f.check for f in found
    }
    assert {f: f.read_bytes() for f in home.rglob("*") if f.is_file()} == before


# What is broken, the check that finds it, words of what it says, words of the remedy.
BROKEN: dict[str, tuple[Callable[[Path], object], str, str, str]] = {
    "writer lost": (
        lambda h: (h / "writer.duckdb").unlink(),
        "writer",
        "is missing",
        "ontherecord rebuild /",
    ),
    "writer damaged": (
        lambda h: overwrite(h / "writer.duckdb"),
        "writer",
        "damaged",
        "ontherecord rebuild /",
    ),
    "writer newer": (
        lambda h: ask(h / "writer.duckdb", "insert into ops.migrations values (99, 'x', 'x', now())"),
        "writer",
        "has migration 99",
        "Update ontherecord",
    ),
    "check broken": (
        lambda h: ask(h / "writer.duckdb", "update quotes set char_start = char_start + 1"),
        "writer",
        "quote_offsets_match_text, e.g.",
        "ontherecord rebuild /",
    ),
    "duplicate of nothing": (
        lambda h: ask(
            h / "writer.duckdb",
            "insert into ops.deliveries from (from ops.deliveries where status = 'loaded' limit 1) "
            "select * replace ('x' as source_path, 'duplicate' as status, 1 as article_id)",
        ),
        "writer",
        "every_delivery_has_its_article",
        "ontherecord rebuild /",
    ),
    "writer went back": (
        lambda h: ask(h / "writer.duckdb", "update ops.warehouse set change_no = 1"),
        "published",
        "is ahead",
        "ontherecord rebuild /",
    ),
    "kept bytes lost": (
        lambda h: shutil.rmtree(h / "quarantine"),
        "quarantine",
        "bytes of 1 quarantined file are missing: wrong.txt",
        "Redeliver",
    ),
    "kept bytes changed": (
        lambda h: next((h / "quarantine").glob("*/*")).write_text("other"),
        "quarantine",
        "are damaged: wrong.txt",
        "Redeliver",
    ),
    "settings": (
        lambda h: (h / "ontherecord.toml").write_text("batch_size = 0"),
        "settings",
        "batch_size",
        "",
    ),
    "toml": (lambda h: (h / "ontherecord.toml").write_text("= what"), "settings", "cannot be read", ""),
    "suite": (
        lambda h: (h / "ontherecord.toml").write_text("suite = 'no.json'"),
        "settings",
        "no.json",
        "Fix",
    ),
    "aliases": (lambda h: (h / "aliases.csv").write_text("a,b"), "settings", "aliases.csv", "Fix"),
    "model": (lambda h: (h / "ontherecord.toml").write_text("model = 'no_model'"), "model", "no_model", ""),
    "landing gone": (lambda h: shutil.rmtree(h.parent / "landing"), "landing", "does not exist", ""),
    "landing empty": (
        lambda h: [f.unlink() for f in (h.parent / "landing").iterdir()],
        "landing",
        "is empty, but 3 files were loaded",
        "mounted",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_needs_somebody_is_named_with_its_remedy_and_left(lived: Path, name: str) -> None:
    damage, check, what, remedy = BROKEN[name]
    damage(lived / "home")
    for fix in (False, True):
        finding = one(look(lived / "home", fix=fix))
        assert finding.check == check
        assert what in finding.what
        assert remedy in (finding.next_step or "")


FIXED: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "draft": (lambda h: (h / f".warehouse.{DEAD}.duckdb").touch(), "leftovers", "1 unfinished"),
    "kept draft": (
        lambda h: next((h / "quarantine").glob("*/*")).with_suffix(f".{DEAD}").touch(),
        "leftovers",
        "1 unfinished",
    ),
    "mode": (lambda h: (h / "warehouse.duckdb").chmod(0o644), "published", "mode 0644"),
    "published lost": (lambda h: (h / "warehouse.duckdb").unlink(), "published", "is missing"),
    "published damaged": (lambda h: overwrite(h / "warehouse.duckdb"), "published", "damaged"),
    "published opened": (
        lambda h: write_wal(h / "warehouse.duckdb.wal"),
        "published",
        "warehouse.duckdb was opened for writing",
    ),
    "extracts damaged": (
        lambda h: (h / "extracts.sqlite").write_bytes(b"not a database" * 1000),
        "extracts",
        "damaged",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FIXED)
def test_what_can_be_mended_without_a_loss_is_mended_by_fix(first: Path, lived: Path, name: str) -> None:
    damage, check, what = FIXED[name]
    home = lived / "home"
    damage(home)
    finding = one(look(home))
    assert finding.check == check
    assert what in finding.what
    assert one(look(home, "fixed", fix=True)).check == check
    assert look(home) == []
    assert contents(home) == contents(first / "home")


def test_what_the_next_run_mends_is_a_note_and_done_by_fix(lived: Path) -> None:
    home = lived / "home"
    ask(
        home / "writer.duckdb",
        "update ops.runs set state = 'running'; update ops.warehouse set change_no = change_no + 1",
    )
    assert look(home) == []
    assert [f.check for f in look(home, "note")] == ["killed run", "published"]
    assert [f.check for f in look(home, "fixed", fix=True)] == ["killed run", "published"]
    assert rows(home, "select state from ops.runs") == [("crashed",)]
    assert {f.state for f in examine(home)} == {"ok"}


def test_landing_folder_that_moved_is_named_by_a_setting(
    lived: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (lived / "landing").rename(lived / "elsewhere")
    home = lived / "home"
    assert [f.next_step for f in look(home)] == [None]
    monkeypatch.delenv("ONTHERECORD_LANDING")
    ask(home / "writer.duckdb", f"update ops.runs set landing = '{lived / 'landing'}'")
    [gone] = look(home)
    assert gone.check == "landing"
    assert "If it was moved, set ONTHERECORD_LANDING" in (gone.next_step or "")
    monkeypatch.setenv("ONTHERECORD_LANDING", str(lived / "elsewhere"))
    assert look(home) == []


def test_files_that_wait_and_files_that_changed_unseen(lived: Path) -> None:
    home, landing = lived / "home", lived / "landing"
    (landing / "new.txt").write_text(article())
    note = one(look(home, "note"))
    assert "1 to be loaded: new.txt" in note.what
    assert (note.next_step or "").startswith(f"ontherecord ingest {landing}")
    (landing / "new.txt").unlink()
    file = min(landing.glob("*.txt"))
    times = (file.stat().st_atime_ns, file.stat().st_mtime_ns)
    file.write_bytes(file.read_bytes().swapcase())
    os.utime(file, ns=times)
    assert look(home) == []
    assert (
        f"1 file with other contents, but the same size and time: {file.name}"
        in one(look(home, deep=True)).what
    )
    file.unlink()
    found = {f.check: f for f in examine(home)}
    assert "1 more in the ledger" in found["landing"].what
    assert found["landing"].state == "ok"


def test_what_is_kept_out_does_not_wait_to_be_loaded(lived: Path) -> None:
    home, landing = lived / "home", lived / "landing"
    held = article(title="Held", body="It is not said yet.")
    (landing / "held.txt").write_text(
        held.replace("## Section", "## Embargo: 2099-05-05T06:00:00Z\n## Section")
    )
    run(landing, home)
    gone = min(landing.glob("*.txt")).name
    assert carry_out("forget", gone, "--why", "asked", "--yes", home=home).returncode == 0
    found = next(f for f in examine(home) if f.check == "landing")
    assert found.state == "ok"
    assert found.what.endswith(
        "4 files, 1 kept out, being taken down (`ontherecord forget --list`), 1 article held by an embargo "
        "until 2099-05-05 06:00 UTC, the others loaded or quarantined."
    )


def test_unfinished_files_of_a_process_that_lives_are_left(lived: Path) -> None:
    draft = lived / "home" / f".warehouse.{os.getpid()}.duckdb"
    draft.touch()
    assert look(lived / "home", "fixed", fix=True) == look(lived / "home") == []
    assert draft.exists()


def test_kept_files_of_no_delivery_and_strange_files_are_left(lived: Path) -> None:
    home = lived / "home"
    lost = home / "quarantine" / "aa" / ("a" * 64)
    lost.parent.mkdir(exist_ok=True)
    lost.write_text("the only copy")
    (home / "notes.txt").write_text("mine")
    carry_out("export", "--out", home / "names.gexf", home=home)
    notes = look(home, "note", fix=True)
    assert [f.check for f in notes] == ["unknown files", "quarantine"]
    assert notes[0].what == "Not made by On the Record, ignored: notes.txt."
    assert lost.exists()
    assert (home / "notes.txt").exists()


def test_bytes_of_a_worse_delivery_that_was_replayed_belong_to_it(landing: Path, home: Path) -> None:
    file = landing / "a.txt"
    file.write_text(article(body='"We wait," captain Ruth Adler said, for the third day in a row.\n' * 5))
    run(landing, home)
    file.write_text(article(body="We wait."))
    assert run(landing, home).counts.quarantined_count == 1
    done = retry_quarantine(
        load_settings(home=home, workers=1), QuietRunner(), rule="shorter_than_before", paths="a.txt"
    )
    assert done.counts.loaded_count == 1
    assert list((home / "quarantine").glob("*/*"))
    assert look(home, "note") == []


def test_damaged_extract_is_found_by_a_deep_look(lived: Path) -> None:
    home = lived / "home"
    with sqlite3.connect(home / "extracts.sqlite") as connection:
        connection.execute("update extracts set payload = zeroblob(10)")
    connection.close()
    assert look(home, "note") == []
    assert "Damaged extracts: " in one(look(home, "note", deep=True)).what


def test_published_file_held_open_for_writing_is_named_with_its_holder(lived: Path) -> None:
    published = lived / "home" / "warehouse.duckdb"
    published.chmod(0o644)
    holder = subprocess.Popen([sys.executable, "-c", HOLDS_OPEN, published], stdout=subprocess.PIPE)
    try:
        assert holder.stdout
        holder.stdout.readline()
        published.chmod(0o444)
        finding = one(look(lived / "home"))
        assert "open for writing" in finding.what
        assert str(holder.pid) in finding.what
        assert "open for writing" in one(look(lived / "home", "fixed", fix=True)).what
        assert look(lived / "home") == []  # it keeps the old file
    finally:
        holder.kill()
        holder.communicate()


def test_beside_a_run_the_writer_waits_and_the_rest_is_looked_at(lived: Path) -> None:
    home = lived / "home"
    overwrite(home / "writer.duckdb")
    with writer_lock(DataDir(home), "a long run"):
        found = {f.check: f for f in examine(home, fix=True)}
        assert "a long run" in found["lock"].what
        assert found["writer"].state == "skipped"
        assert found["published"].state == "ok"
        assert found["landing"].state == "ok"
    assert one(look(home)).check == "writer"


def test_prefect_is_looked_at_only_where_it_is(lived: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = lived / "home"
    assert [f for f in examine(home) if f.check == "prefect"] == []
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    assert "does not respond" in one(look(home)).what
    monkeypatch.delenv("PREFECT_API_URL")
    (home / "prefect").mkdir()
    (home / "prefect" / "prefect.db").write_bytes(b"not a database" * 1000)
    assert "Prefect's database" in one(look(home)).what


def test_command_exits_1_for_findings_and_gives_facts(lived: Path, tmp_path: Path) -> None:
    well = carry_out("doctor", "--home", lived / "home")
    assert (well.returncode, well.stderr) == (0, "")
    assert "All is well." in well.stdout
    (lived / "home" / "warehouse.duckdb").unlink()
    ill = carry_out("doctor", "--home", lived / "home", "--json")
    assert ill.returncode == 1
    finding = one([Finding(**f) for f in json.loads(ill.stdout) if f["state"] == "problem"])
    assert finding.next_step == f"ontherecord publish --home {lived / 'home'}"
    assert carry_out("doctor", "--home", lived / "home", "--fix").returncode == 0
    nowhere = carry_out("doctor", "--home", tmp_path / "nowhere")
    assert nowhere.returncode == 1
    assert not (tmp_path / "nowhere").exists()
