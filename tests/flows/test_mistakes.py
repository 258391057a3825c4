"""Mistakes at the command line: each message says what was wrong, where, and what to do next."""

from __future__ import annotations

import os
import re
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from commands import ONTHERECORD, carry_out
from powers import without_power_over_files
from runs import ARTICLES, article

# What a message never shows: the words of a program.
_JARGON = re.compile(
    r"Traceback|Errno|Error:? \[|pydantic|Value error|Input should|int range|x>=|<=x|None|PosixPath|Exception"
)
Make = Callable[[Path], None]


def _write(**files: str | bytes) -> Make:
    def make(place: Path) -> None:
        for name, content in files.items():
            path = place / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    return make


def _nothing(place: Path) -> None:
    pass


# The command line, with PLACE for a folder of its own and SAMPLES for the home of the samples; what it needs;
# the exit code; what the message says.
MISTAKES: list[tuple[str, Make, int, str]] = [
    ("ingest PLACE/no/such", _nothing, 1, "The landing folder PLACE/no/such does not exist. Create it, or n"),
    ("backfill PLACE/no/such", _nothing, 1, "The landing folder PLACE/no/such does not exist. Create it, or"),
    ("ingst PLACE", _nothing, 2, "There is no command 'ingst'. Did you mean ingest?"),
    ("quarantine lst", _nothing, 2, "There is no command 'lst'. Did you mean list?"),
    ("frobnicate", _nothing, 2, "There is no command 'frobnicate'."),
    ("ingest PLACE --batchsize 3", _nothing, 2, "No such option: --batchsize (Possible options: --batch-siz"),
    ("ingest PLACE --workers many", _nothing, 2, "Invalid value for '--workers': 'many' is no whole number."),
    ("ingest PLACE --batch-size 0", _nothing, 2, "--batch-size is '0', but must be 1 to 10,000."),
    ("ingest PLACE --form nexus", _nothing, 2, "--form is 'nexus': there is no such form. Did you mean nexi"),
    ("ingest ftp://host/x", _nothing, 2, "The landing folder: files cannot land at ftp:// URLs; supported a"),
    ("ingest a.txt b.txt c.txt", _nothing, 2, "'b.txt' is one name too many. Name one folder, file or archi"),
    ("sql from quotes --home SAMPLES", _nothing, 2, "'quotes' is one name too many. Put the query in quotes"),
    ("browse --port 70000", _nothing, 2, "Invalid value for '--port': 70000 is too large: the most is 65535"),
    ("sample --quotes 0", _nothing, 2, "Invalid value for '--quotes': 0 is too small: the least is 1."),
    ("backfill PLACE --from 2016-13-01", _nothing, 2, "'--from': '2016-13-01' is no day such as 2016-03-31."),
    (
        f"backfill {ARTICLES} --from 2016-03-01 --to 2016-01-01 --home PLACE/none",
        _nothing,
        2,
        "--from 2016-03-01 is later than --to 2016-01-01. Swap them.",
    ),
    ("serve --landing PLACE --every 0_*_*_*_*", _nothing, 2, "--every is '0_*_*_*_*': give a number and a u"),
    ("serve --landing PLACE/no/such", _nothing, 1, "The landing folder PLACE/no/such does not exist."),
    ("status --home PLACE/file", _write(file="x"), 2, "The home folder PLACE/file is a file. Name a folder"),
    ("ingest PLACE --home PLACE/file", _write(file="x"), 2, "The home folder PLACE/file is a file. Name a f"),
    ("status --home PLACE/none", _nothing, 1, "Nothing is published in PLACE/none yet. Run `ontherecord ing"),
    ("maintain --home PLACE/none", _nothing, 1, "There is no warehouse in PLACE/none yet. Run `ontherecord"),
    ("reprocess --home PLACE/none", _nothing, 1, "There is no warehouse in PLACE/none yet."),
    ("rebuild --home PLACE/none", _nothing, 1, "Nothing is published in PLACE/none yet."),
    ("quarantine retry --home PLACE/none", _nothing, 1, "There is no warehouse in PLACE/none yet."),
    ("quarantine dismiss x --why y --home PLACE/none", _nothing, 1, "There is no warehouse in PLACE/none ye"),
    ("ingest PLACE/bad.zip", _write(bad_dot_zip=b"PK no zip"), 1, "The archive PLACE/bad.zip is damaged or"),
    ("show no-such-ferry --home SAMPLES", _nothing, 1, "No article has the id, path, URL or headline 'no-su"),
    ("forget no-such --why x --home SAMPLES", _nothing, 1, "No article or quarantined file has the path, UR"),
    ("history no-such --home SAMPLES", _nothing, 1, "No article has the path 'no-such'. Use a path relative"),
    ("export --table quotez --home SAMPLES", _nothing, 2, "There is no table 'quotez'. Choose one of"),
    ("evaluate PLACE/no.csv", _nothing, 1, "There is no sheet PLACE/no.csv. Name the file that was filled i"),
    ("restore PLACE/no.zip --home PLACE/none", _nothing, 1, "There is no backup PLACE/no.zip. Name the file"),
    ("landing describe PLACE", _nothing, 1, "There is no file PLACE. Name a file, not a folder."),
    (
        "status --home PLACE",
        _write(ontherecord_dot_toml="wokers = 3"),
        2,
        "`wokers` in PLACE/ontherecord.toml is no setting. Did you mean `workers`?",
    ),
    (
        "status --home PLACE",
        _write(ontherecord_dot_toml="workers = = 3"),
        2,
        "PLACE/ontherecord.toml cannot be read: Invalid value (at line 1, column 11). Correct that line.",
    ),
    (
        "ingest PLACE/in --home PLACE",
        _write(corrections_dot_csv="kind,article\nspeaker,a\n", in__a_dot_txt=article()),
        1,
        "PLACE/corrections.csv has no column 'what'. Its first line must be: what,article,place,words",
    ),
    (
        "ingest PLACE/in --home PLACE",
        _write(aliases_dot_csv="alias,name\nonly one\n", in__a_dot_txt=article()),
        1,
        "PLACE/aliases.csv, line 2: alias and name are both required. Fill in both, or delete the line.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("line", "make", "code", "says"), MISTAKES, ids=[line for line, *_ in MISTAKES])
def test_mistake_is_told_in_plain_words(
    line: str,
    make: Make,
    code: int,
    says: str,
    tmp_path: Path,
    samples: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "place"
    place.mkdir()
    make(place)
    before = {*tmp_path.rglob("*")}
    words = line.replace("PLACE", str(place)).replace("SAMPLES", str(samples)).split()
    done = (
        carry_out(*words, "--home", "data")
        if "--home" not in words and words[0] == "ingest"
        else carry_out(*words)
    )
    assert done.returncode == code, done.stderr
    assert says.replace("PLACE", str(place)) in done.stderr
    assert not _JARGON.search(done.stderr)
    # Nothing is made by a command that fails on what it was given; a home that is there records the run.
    made = {*tmp_path.rglob("*")} - before
    assert not made or "ontherecord.toml" in line or place / "in" in before


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("ONTHERECORD_WORKRES", "2", "There is no setting ONTHERECORD_WORKRES. Did you mean ONTHERECORD_WOR"),
        ("ONTHERECORD_WORKERS", "many", "ONTHERECORD_WORKERS is 'many', but must be a whole number, 1 or mo"),
        ("ONTHERECORD_ALERTS__FRESHNES_HOURS", "3", "Did you mean ONTHERECORD_ALERTS__FRESHNESS_HOURS?"),
    ],
)  # fmt: skip
def test_misspelt_variable_is_told_with_its_near_spelling(
    name: str, value: str, says: str, samples: Path
) -> None:
    done = carry_out("status", home=samples, **{name: value})
    assert done.returncode == 2
    assert says in done.stderr


def test_what_is_no_article_is_named(tmp_path: Path) -> None:
    """Landed files are the run's to judge: it succeeds, and says what it did not take."""
    _write(
        pics__a_dot_png=b"\x89PNG", week__week_dot_csv="Ferry aground,The ferry ran aground\nTram,It left\n"
    )(tmp_path)
    (tmp_path / "empty").mkdir()
    home = tmp_path / "home"
    assert "Is it the right folder?" in carry_out("ingest", tmp_path / "empty", home=home).stdout
    assert "Not taken: 1 .png (a.png)" in carry_out("ingest", tmp_path / "pics", home=home).stdout
    rows = carry_out("ingest", tmp_path / "week", home=home).stdout
    assert "put a line with the names of the columns above it, such as title,date,text" in rows


def test_help_shows_what_to_type_and_no_types() -> None:
    page = Path(__file__).parents[2].joinpath("docs", "commands.md").read_text("utf-8")  # as --help prints it
    assert "  --port NUMBER  " in page
    assert "(default: the first free one from 4280). 1 to 65535." in page
    assert not re.search(r"<\w+|\brange\b|[<>]=", page)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_taken_port_is_named_with_the_way_out(taken_port: int, samples: Path, tmp_path: Path) -> None:
    browse = carry_out("browse", "--port", str(taken_port), home=samples)
    home = tmp_path / "home"
    serve = carry_out("serve", "--landing", ARTICLES, "--port", str(taken_port), home=home)
    for done in (browse, serve):
        assert done.returncode == 1
        assert f"port {taken_port} (Address already in use). Choose another with --port" in done.stderr
    assert not home.exists()


def test_folder_of_another_user_is_named(tmp_path: Path) -> None:
    land, home = tmp_path / "land", tmp_path / "home"
    for folder in (land, home):
        folder.mkdir()
    (land / "a.txt").write_text(article())
    try:
        for folder in (land, home):
            folder.chmod(0o000)
        with without_power_over_files():
            listed = carry_out("ingest", land, home=tmp_path / "none")
            opened = carry_out("ingest", land / "a.txt", home=tmp_path / "none")
            read = carry_out("status", "--home", home)
            by_variable = carry_out("status", home=home)
            written = carry_out("ingest", ARTICLES, "--home", "/proc/none")
    finally:
        for folder in (land, home):
            folder.chmod(0o700)
    assert (listed.returncode, opened.returncode, read.returncode, by_variable.returncode) == (1, 1, 2, 2)
    assert f"{land} cannot be listed (Permission denied). Let this user read it, or name" in listed.stderr
    assert f"This user may not open {land / 'a.txt'}. Ask its owner for access" in opened.stderr
    assert re.search(r"This user may not enter the home folder .*\. Ask", read.stderr)
    assert "This user may not enter the home folder" in by_variable.stderr
    assert "The home folder /proc/none is not writable" in written.stderr
    assert written.returncode == 1


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("from quotez", 'Did you mean "quotes"?'),
        ("selct 1", 'syntax error at or near "selct"'),
        ("delete from quotes", "read-only"),
    ],
)
def test_wrong_query_is_told_and_fails(query: str, says: str, samples: Path) -> None:
    env = {**os.environ, "ONTHERECORD_HOME": str(samples)}
    done = subprocess.run([ONTHERECORD, "sql", query], capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 1
    assert says in done.stderr


def test_more_names_than_a_screen_holds_are_not_repeated(tmp_path: Path) -> None:
    names = [f"/srv/articles/{number}.txt" for number in range(10_000)]
    done = carry_out("ingest", *names, home=tmp_path / "home")
    assert done.returncode == 2
    assert len(done.stderr) < 500
    assert "so name their folder" in done.stderr
