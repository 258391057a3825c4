"""Forget: nothing of an article is left in any file of the home, and it does not come back by any path."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from commands import carry_out
from runs import QuietRunner, article, contents, rows, run
from searched import files_with

from ontherecord.flows.backfill import backfill
from ontherecord.flows.forget import forget, undo
from ontherecord.flows.recovery.rebuild import rebuild
from ontherecord.flows.retry_quarantine import retry_quarantine
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse.backup import back_up
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.export import export
from ontherecord.warehouse.publish import check
from ontherecord.warehouse.tombstones import Tombstones, make_tombstone
from ontherecord.warehouse.traces import Traces

TITLE = "Zyqqaxian ferry runs aground off Quelmar"
BODY = """\
The ferry Zyqqax ran aground off Quelmar on Tuesday with forty people on board, and was pulled free at dawn.
"We heard a noise like a drawer full of spoons," its cook, Odrik Vrandtholm, said. "Then everything leaned."
Nobody was hurt, said harbour master Ida Brandt, who had told the company that the channel was too shallow.
The company, Plorvex Lines, said it would look at the charts again. It runs three ferries in summer.
Mr Vrandtholm said he would cook on. "The soup stayed in the pot," he said. "I have seen worse weather."
Inspectors are to measure the channel on Friday, and the ferry is to sail again once they have signed."""
CORRECTED = BODY.replace("forty people", "forty-one people").replace("at dawn", "before noon")
RARE = ("zyqqax", "vrandtholm", "plorvex", "drawer full of spoons")
OTHERS = {
    "harbour.txt": article(),
    "market.txt": article(
        title="Market opens on Sundays",
        body='The market of Quelmar is to open on Sundays. "We asked for it," said baker Lena Marsh.',
    ),
    "channel.txt": article(
        title="Channel to be measured",
        body='"The channel is shallow," harbour master Ida Brandt said. Inspectors are to measure it.',
    ),
}


def _ferry(
    body: str = CORRECTED, title: str = TITLE, date: str = "Thursday, December 17, 2015 - 01:00"
) -> str:
    return article(title=title, body=body, date=date)


def _settings(home: Path, **options: object) -> object:
    return load_settings(home=home, workers=1, **options)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with a landing folder, a home, a backup and an export that all have the article."""
    base = tmp_path_factory.mktemp("lived")
    landing, home = base / "landing", base / "home"
    landing.mkdir()
    for name, text in OTHERS.items():
        (landing / name).write_text(text)
    (landing / "zyqqax.txt").write_text(_ferry(BODY))
    run(landing, home)
    (landing / "zyqqax.txt").write_text(_ferry())
    (landing / "other name.txt").write_text(_ferry().replace("\n\n", "\n\n\n"))
    (landing / "same bytes.txt").write_text(_ferry())
    (landing / "undated.txt").write_text(_ferry(date="somewhen in zyqqax"))
    week = [
        {"id": "1", "title": "Bridge closed", "date": "2015-12-17", "text": '"It creaks," said Lena Marsh.'},
        {"id": "2", "title": TITLE, "date": "2015-12-17", "text": CORRECTED},
    ]
    (landing / "week.json").write_text(json.dumps(week))
    run(landing, home, shared_cache=str(base / "home" / "shared"))
    export(DataDir(home), home / "export")
    carry_out("ingest", landing, "--data-docs", "--workers", "1", home=home)
    back_up(DataDir(home), base / "press.zip")
    carry_out("export", "--out", base / "press.sqlite", home=home)
    assert len({line.split()[0] for line in files_with(home, *RARE)}) > 5
    return base


@pytest.fixture
def base(lived: Path, tmp_path: Path) -> Path:
    """Give a copy of that folder, to be changed."""
    copied = tmp_path / "base"
    shutil.copytree(lived, copied, symlinks=True)
    note = copied / "home" / "copies.json"
    note.write_text(note.read_text().replace(str(lived), str(copied)))
    return copied


@pytest.fixture(scope="module")
def forgotten(lived: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of that folder after the article was taken down, to be copied."""
    copied = tmp_path_factory.mktemp("forgotten") / "base"
    shutil.copytree(lived, copied, symlinks=True)
    note = copied / "home" / "copies.json"
    note.write_text(note.read_text().replace(str(lived), str(copied)))
    forget(_settings(copied / "home"), QuietRunner(), "zyqqax.txt", "court order 7/26")  # type: ignore[arg-type]
    return copied


@pytest.fixture
def after(forgotten: Path, tmp_path: Path) -> Path:
    copied = tmp_path / "after"
    shutil.copytree(forgotten, copied, symlinks=True)
    return copied


def _times(home: Path) -> dict[Path, int]:
    """Return when each file of a home was changed, without the log."""
    return {f: f.stat().st_mtime_ns for f in home.rglob("*") if f.is_file() and f.parent.name != "logs"}


def test_preview_says_what_goes_and_changes_nothing(lived: Path) -> None:
    home = lived / "home"
    before = _times(home)
    shown = carry_out("forget", "zyqqax.txt", "--why", "court order", "--json", home=home)
    facts = json.loads(shown.stdout)
    assert facts["done"] is False
    assert facts["counts"]["articles"] == 3
    assert facts["counts"]["earlier versions"] == 1
    assert facts["counts"]["kept files"] == 1
    assert facts["counts"]["quotes"] > 6
    assert facts["files_with_many"] == ["week.json"]
    assert facts["paths"] == [
        "other name.txt", "same bytes.txt", "undated.txt", "week.json#2", "zyqqax.txt",
    ]  # fmt: skip
    assert [Path(copy["path"]).name for copy in facts["backups"]] == ["press.zip"]
    assert [Path(copy["path"]).name for copy in facts["exported"]] == ["press.sqlite"]
    text = carry_out("forget", "zyqqax.txt", "--why", "court order", home=home).stdout
    assert "1 exported file may still have it: " in text
    assert "Nothing was changed. Add --yes to take it down." in text
    assert before == _times(home)


def test_nothing_of_it_is_left_in_any_file_of_the_home(forgotten: Path) -> None:
    assert files_with(forgotten / "home", *RARE) == []
    assert [result for result in check(DataDir(forgotten / "home")) if result.row_count] == []


def test_tables_are_those_of_a_home_that_never_had_it(forgotten: Path, tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    landing.mkdir()
    for name, text in OTHERS.items():
        (landing / name).write_text(text)
    week = json.loads((forgotten / "landing" / "week.json").read_text())
    (landing / "week.json").write_text(json.dumps(week[:1]))
    run(landing, tmp_path / "never")
    found, never = contents(forgotten / "home"), contents(tmp_path / "never")
    for name in (name for name in never if not name.startswith("ops.")):
        assert found[name] == never[name], name


def test_every_run_keeps_it_out_and_says_so(after: Path) -> None:
    landing, home = after / "landing", after / "home"
    first = run(landing, home)
    assert (first.counts.landed_count, first.counts.unchanged_count) == (4, 4)
    assert first.passed_over.counts["taken down"] == 4
    assert "4 articles kept out, being taken down" in first.summary()
    assert not first.published
    again = run(landing, home)
    assert again.batch_seconds == []  # it is not even read
    assert again.passed_over.counts["taken down"] == 4
    assert files_with(home, *RARE) == []


def test_it_does_not_come_back_in_other_clothes(after: Path) -> None:
    landing, home = after / "landing", after / "home"
    shutil.rmtree(landing)
    landing.mkdir()
    edited = CORRECTED.replace("three ferries", "four ferries")
    (landing / "renamed.txt").write_text(_ferry())
    (landing / "edited under another headline.txt").write_text(_ferry(edited, title="Ferry aground"))
    (landing / "zyqqax.txt").write_text(_ferry(BODY.split("\n")[0], title=TITLE + " again"))
    (landing / "undated again.txt").write_text(_ferry(date="never"))
    paragraphs = "".join(f"<p>{line}</p>" for line in BODY.split("\n"))
    (landing / "page.html").write_text(
        f"<html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>"
        f'<time datetime="2015-12-17">17 December 2015</time>{paragraphs}</article></body></html>'
    )
    (landing / "table.csv").write_text(
        f'id,title,date,text\n7,"{TITLE}",2015-12-17,"{BODY.replace(chr(34), chr(34) * 2)}"\n'
    )
    with zipfile.ZipFile(landing / "old.zip", "w") as archive:
        archive.writestr("inside.txt", _ferry(BODY))
    (landing / "broken.xml").write_text(f"<nitf><body><p>{BODY}</p>")
    result = run(landing, home)
    assert result.counts.loaded_count == 0
    assert result.counts.quarantined_count == 0
    assert result.passed_over.counts["taken down"] == 8
    assert files_with(home, *RARE) == []


def test_another_story_at_its_path_is_loaded(after: Path) -> None:
    landing, home = after / "landing", after / "home"
    (landing / "zyqqax.txt").write_text(OTHERS["market.txt"].replace("Sundays", "Mondays") * 1)
    assert run(landing, home).counts.loaded_count == 1
    assert rows(home, "select title from articles where source_path = 'zyqqax.txt'") == [
        ("Market opens on Mondays",)
    ]


def test_neither_backfill_nor_retry_nor_rebuild_brings_it_back(after: Path) -> None:
    landing, home = after / "landing", after / "home"
    settings = _settings(home)
    (landing / "later.txt").write_text(_ferry(BODY))
    backfill(landing, settings, QuietRunner())  # type: ignore[arg-type]
    retry_quarantine(settings, QuietRunner())  # type: ignore[arg-type]
    rebuild(settings, QuietRunner(), landing, from_scratch=True)  # type: ignore[arg-type]
    for aside in home.glob("*.broken-*"):
        aside.unlink()
    assert rows(home, "select count(*) from articles") == [(4,)]
    assert rows(home, "select why from ops.tombstones") == [("court order 7/26",)]
    assert files_with(home, *RARE) == []


def test_it_comes_back_when_that_is_undone(after: Path) -> None:
    landing, home = after / "landing", after / "home"
    listed = json.loads(carry_out("forget", "--list", "--json", home=home).stdout)
    assert [stone["why"] for stone in listed] == ["court order 7/26"]
    undo(_settings(home), QuietRunner(), listed[0]["tombstone"][:6])  # type: ignore[arg-type]
    assert not (home / "tombstones.json").exists()
    assert carry_out("forget", "--list", home=home).stdout == "Nothing was taken down.\n"
    counts = run(landing, home).counts
    assert (counts.loaded_count, counts.duplicate_count, counts.quarantined_count) == (2, 1, 1)
    assert rows(home, "select count(*) from articles where title like 'Zyqqax%'") == [(2,)]


def test_restored_backup_takes_it_down_again(after: Path, forgotten: Path) -> None:
    backup = after / "press.zip"
    # Written beside the backup of the folder that this one is a copy of.
    assert (forgotten / "press.zip.tombstones.json").exists()
    done = carry_out("restore", backup, "--home", after / "new")
    assert "Taken down again: 1 tombstone." in done.stdout, done.stderr
    assert files_with(after / "new", *RARE) == []
    assert {f.name for f in (after / "new").glob("writer.*")} == {"writer.duckdb", "writer.lock"}
    assert run(after / "landing", after / "new").counts.loaded_count == 0
    (after / "press.zip.tombstones.json").unlink()
    carry_out(
        "restore", backup, "--home", after / "newer", "--tombstones", after / "home" / "tombstones.json"
    )
    assert files_with(after / "newer", *RARE) == []
    missing = carry_out("restore", backup, "--home", after / "newest", "--tombstones", after / "none.json")
    assert missing.returncode == 1
    assert "There is no file" in missing.stderr
    carry_out("restore", backup, "--home", after / "newest")
    assert rows(after / "newest", "select count(*) from articles where title like 'Zyqqax%'") == [(3,)]


def test_quarantined_file_and_a_url_can_be_named(landing: Path, home: Path) -> None:
    (landing / "undated.txt").write_text(_ferry(date="somewhen"))
    (landing / "named.txt").write_text(
        OTHERS["market.txt"].replace("## Section", "## URL: https://post.example/harbour/\n## Section")
    )
    run(landing, home)
    assert carry_out("forget", "undated.txt", "--why", "x", "--yes", home=home).returncode == 0
    assert files_with(home, *RARE) == []
    assert run(landing, home).counts.quarantined_count == 0
    url = carry_out("forget", "https://post.example/harbour", "--why", "x", "--yes", home=home)
    assert url.returncode == 0, url.stderr
    assert rows(home, "select count(*) from articles") == [(0,)]


def test_an_id_of_an_earlier_schema_names_its_article(lived: Path) -> None:
    home = lived / "home"
    [(article_id,)] = rows(home, "select article_id from articles where source_path = 'zyqqax.txt'")
    shown = carry_out("forget", str(article_id << 10 | 513), "--why", "x", home=home)
    assert (shown.returncode, "zyqqax.txt" in shown.stdout) == (0, True), shown.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("nowhere.txt", "--why", "x"), 1, "No article or quarantined file has the path"),
        (("week.json", "--why", "x"), 1, "is a file with many articles. Name the article: 'week.json#1'"),
        (("zyqqax.txt",), 2, "Name an article and the reason"),
        (("--undo", "000000"), 1, "No tombstones begin with '000000'"),
        (("zyqqax.txt", "--list"), 2, "stand alone"),
    ],
)
def test_wrong_calls_say_what_to_do(lived: Path, arguments: tuple[str, ...], code: int, message: str) -> None:
    done = carry_out("forget", *arguments, home=lived / "home")
    assert (done.returncode, message in done.stderr) == (code, True), done.stderr


def test_tombstone_has_no_text_and_knows_copies_but_no_other_texts() -> None:
    from datetime import datetime

    stone = make_tombstone([(TITLE, BODY)], ["0" * 64], ["a.txt"], "why", datetime(2026, 1, 1))
    stones = Tombstones([stone])
    assert not any(word in repr(stone).lower() for word in RARE)
    assert stones.of_text(TITLE.upper(), BODY.replace("\n", "  \n"))
    assert stones.of_text("Another headline", CORRECTED)
    assert stones.of_text("", "Before it. " * 30 + BODY + " After it." * 30)
    assert stones.of_bytes(f"<p>{BODY}</p>".encode())
    assert not stones.of_text("Market", OTHERS["market.txt"])
    assert not stones.of_text(TITLE, OTHERS["market.txt"])  # a headline alone, at another place
    assert stones.of_text(TITLE, OTHERS["market.txt"], ["a.txt"])
    assert not stones.of_text("Market", OTHERS["market.txt"], ["a.txt"])


def test_traces_are_found_by_words_however_they_are_escaped_and_cut() -> None:
    traces = Traces([TITLE, BODY, "world/zyqqax.txt", "Odrik Vrandtholm", "World"])
    for text in (
        '"- 2015-12-17: Zyqqaxian ferry runs aground o…"',
        r'{"file": "world/zyqqax\\.txt"}',
        "“We heard a noise like a dra…",
        r"\u201cWe heard a noise\u201d",
        "We heard a &quot;noise&quot;",
        "Odrik Vrandtholm: 3",
    ):
        assert traces.shows(text), text
    for text in ("World: 3 articles", "2 files: 1 loaded", "the ferry company said nothing", "odrik: 1"):
        assert not traces.shows(text), text


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from runs import QuietRunner
from ontherecord.flows.forget import forget
from ontherecord.flows.settings import load_settings
seen, at = [0], int(sys.argv[3])
home = sys.argv[2]
def count(event, arguments):
    if event in ("open", "os.rename", "os.remove", "sqlite3.connect") and home in str(arguments[0]):
        seen[0] += 1
        if seen[0] == at:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
forget(load_settings(home=Path(home), workers=1), QuietRunner(), "zyqqax.txt", "court order")
print(seen[0])
"""


@pytest.mark.slow
def test_killed_at_any_moment_it_is_undone_or_completed_by_the_next_run(base: Path, tmp_path: Path) -> None:
    def attempt(home: Path, at: int) -> subprocess.CompletedProcess[str]:
        tests = Path(__file__).parents[1]
        command = [sys.executable, "-c", KILLED, tests, home, str(at)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    whole = tmp_path / "whole"
    shutil.copytree(base / "home", whole, symlinks=True)
    done = attempt(whole, 0)
    assert done.returncode == 0, done.stderr
    moments = int(done.stdout)
    assert moments > 20
    outcomes = []
    for at in range(1, moments + 1, max(1, moments // 14)):
        home = tmp_path / f"killed {at}"
        shutil.copytree(base / "home", home, symlinks=True)
        if not (killed := attempt(home, at)).returncode:
            break  # it touches files a little less often than the first one did
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        begun = (home / "tombstones.json").exists()
        run(base / "landing", home)
        left = files_with(home, *RARE)
        assert bool(left) != begun, (at, left)
        assert [result for result in check(DataDir(home)) if result.row_count] == []
        outcomes.append(begun)
    assert {*outcomes} == {True, False}
    assert len(outcomes) > 8
