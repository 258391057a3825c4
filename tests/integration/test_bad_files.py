"""Bad files through the whole pipeline: what each becomes in the tables, and that it harms no other."""

from __future__ import annotations

import csv
import os
import shutil
import socket
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from typing import TypeVar

import pytest
from powers import without_power_over_files
from runs import QuietRunner, article, rows, run

from ontherecord.flows.ingest import ingest
from ontherecord.flows.landing.read import MAX_BYTES
from ontherecord.flows.pipeline.results import RunResult
from ontherecord.flows.retry_quarantine import retry_quarantine
from ontherecord.flows.settings import load_settings

T = TypeVar("T")
FILES = Path(__file__).parents[1] / "files"
QUOTES = 5_000
IN_FILES = "source_path like 'files/%' and source_path not like '%-ahead.txt'"
with (FILES / "expected.csv").open(encoding="utf-8", newline="") as table:
    EXPECTED = {row["file"]: row for row in csv.DictReader(table)}
# Names as bytes, and the paths they are stored under; each file's title is its path.
NAMES = {
    b"-rf.txt": "-rf.txt",
    b"two\nlines.txt": "two\nlines.txt",
    b"'); drop table articles; --.txt": "'); drop table articles; --.txt",
    b"a..b <script>.txt": "a..b <script>.txt",
    b"x" * 251 + b".txt": "x" * 251 + ".txt",
    b"LOUD.TXT": "LOUD.TXT",
    b"\x80.txt": "\\x80.txt",
    b"\x81.txt": "\\x81.txt",
    b"\\x80.txt": "\\x5cx80.txt",
    "\u00e9.txt".encode(): "\u00e9.txt",
    "e\u0301.txt".encode(): "e\u0301.txt",
}
STANDING = "select source_path, rule from ops.quarantine where released_at is null order by all"


class Interfering(QuietRunner):
    """Conducts a run in which somebody changes the landing folder between listing and reading."""

    def __init__(self, landing: Path) -> None:
        super().__init__()
        self.landing = landing

    def run_step(self, name: str, work: Callable[[], T]) -> T:
        done = super().run_step(name, work)
        if name == "discover":
            (self.landing / "vanishes.txt").unlink()
            (self.landing / "changes.txt").write_text(article(title="Changes", body="It grew in between."))
            (self.landing / "turns.txt").unlink()
            os.mkfifo(self.landing / "turns.txt")
        return done


def _fill(landing: Path) -> None:
    """Put all that is odd into a folder: the sample files, names, sizes, and what is no regular file."""
    shutil.copytree(FILES, landing / "files", ignore=shutil.ignore_patterns("*.csv", "old_schema"))
    (landing / "names").mkdir()
    for name, path in NAMES.items():
        file = landing / "names" / os.fsdecode(name)
        file.write_text(article(title=f"Story of {path!r}", body=f"The file is called {path!r} here."))
    head = article(title="One line", body="").encode()
    (landing / "one line.txt").write_bytes((head + b"x " * MAX_BYTES)[: MAX_BYTES + 1])
    (landing / "thirty megabytes.txt").write_bytes((head + b"The cat is back. \n" * 2_000_000)[:30_000_000])
    said = "\n".join(f'"Boat {n} is well," harbour master Ida Brandt said.' for n in range(QUOTES))
    (landing / "five thousand.txt").write_text(article(title="Roll call", body=said))
    for name in ("vanishes", "changes", "turns"):
        (landing / f"{name}.txt").write_text(article(title=name, body=f"This one {name}."))
    outside = landing.parent / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text(article(title="Secret", body="Nobody delivered this."))
    (landing / "linked.txt").symlink_to(outside / "secret.txt")
    (landing / "linked").symlink_to(outside)
    (landing / "names" / "loop").symlink_to(landing)
    os.mkfifo(landing / "pipe.txt")
    with chdir(landing), socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.txt")
    (landing / "secretive.txt").write_text(article(title="Secretive", body="Read me if you can."))
    (landing / "secretive.txt").chmod(0)
    (landing / "closed").mkdir()
    (landing / "closed" / "a.txt").write_text(article(title="Closed", body="Find me if you can."))
    (landing / "closed").chmod(0)


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, RunResult]:
    """Return a landing folder full of oddities that nobody may write to, a home, and the run's report."""
    folder = tmp_path_factory.mktemp("odd")
    landing, home = folder / "landing", folder / "home"
    landing.mkdir()
    _fill(landing)
    settings = load_settings(home=home, workers=1)
    with without_power_over_files():
        report = ingest(landing, settings, Interfering(landing))
    (landing / "closed").chmod(0o700)  # pytest removes the folder
    return landing, home, report


@pytest.mark.parametrize("outcome", ["load", "quarantine"])
def test_each_odd_file_is_in_the_tables_as_expected(odd: tuple[Path, Path, RunResult], outcome: str) -> None:
    home = odd[1]
    # What is ahead of the present is not for ever: test_validate has those two, with a present of their own.
    expected = {
        f"files/{path}": row
        for path, row in EXPECTED.items()
        if row["outcome"] == outcome and not path.endswith("-ahead.txt")
    }
    if outcome == "load":
        # All of them are much the same text, for which there are warnings that one file alone does not get.
        others = {"same_words", "same_headline_and_date"}
        found = rows(home, f"select source_path, warnings from articles where {IN_FILES}")
        given = {path: " ".join(sorted(set(warnings) - others)) for path, warnings in found}
    else:
        query = (
            "select source_path, string_agg(rule, ' ' order by rule) from ops.quarantine "
            f"where {IN_FILES} group by all"
        )
        given = dict(rows(home, query))
    assert given == {path: row["rules"] for path, row in expected.items()}


def test_every_file_held_back_has_a_value_or_needs_none_and_something_to_do(
    odd: tuple[Path, Path, RunResult],
) -> None:
    without = {"empty_file", "title_missing", "date_missing"}
    for rule, value, message in rows(odd[1], "select rule, value, message from ops.quarantine"):
        assert value is not None or rule in without, rule
        assert len(message) > 40, rule
        assert any(
            verb in message
            for verb in (
                "Deliver",
                "Redeliver",
                "Write it",
                "Add",
                "Keep",
                "Give",
                "Take it",
                "Unpack",
                "save",
                "Save",
                "Fix",
                "Fetch",
                "put a line",
            )
        ), (rule, message)


@pytest.mark.parametrize(
    ("file", "title"),
    [
        ("title-sql", "'); drop table articles; --"),
        ("title-script", "<script>alert(1)</script>"),
        ("title-formula", "=cmd|' /C calc'!A0"),
        ("title-template", "{{ 7 * 7 }} %s ${HOME}"),
    ],
)
def test_a_title_that_is_code_is_a_title(odd: tuple[Path, Path, RunResult], file: str, title: str) -> None:
    assert rows(odd[1], f"select title from articles where source_path = 'files/headers/{file}.txt'") == [
        (title,)
    ]


def test_names_of_all_kinds_are_articles_of_their_own(odd: tuple[Path, Path, RunResult]) -> None:
    found = rows(odd[1], "select source_path, title from articles where source_path like 'names/%'")
    assert dict(found) == {f"names/{path}": f"Story of {path!r}" for path in NAMES.values()}


def test_links_pipes_and_sockets_are_not_deliveries(odd: tuple[Path, Path, RunResult]) -> None:
    query = "select count(*) from ops.deliveries where contains(source_path, {}) or contains(source_path, {})"
    assert rows(odd[1], query.format("'linked'", "'loop'")) == [(0,)]
    assert rows(odd[1], query.format("'pipe'", "'socket'")) == [(0,)]


def test_what_vanishes_or_changes_while_it_is_read_waits_for_the_next_run(
    odd: tuple[Path, Path, RunResult],
) -> None:
    assert odd[2].counts.postponed_count == 3
    query = (
        "select source_path from ops.deliveries where source_path similar to '(vanishes|changes|turns).txt'"
    )
    assert rows(odd[1], query) == []


def test_files_too_large_or_not_to_be_read_are_held_back(odd: tuple[Path, Path, RunResult]) -> None:
    query = (
        "select source_path, rule, value from ops.quarantine where not starts_with(source_path, 'files/') "
        "order by all"
    )
    assert rows(odd[1], query) == [
        ("one line.txt", "too_large", "5,000,001 bytes"),
        ("secretive.txt", "unreadable", "Permission denied"),
        ("thirty megabytes.txt", "too_large", "30,000,000 bytes"),
    ]


def test_a_closed_folder_is_reported_and_its_files_come_when_it_is_opened(
    odd: tuple[Path, Path, RunResult], tmp_path: Path
) -> None:
    landing, home, report = odd
    assert report.unlistable_folders == ("closed",)
    again = tmp_path / "home"
    shutil.copytree(home, again, symlinks=True)
    later = run(landing, again)
    assert later.unlistable_folders == ()
    assert rows(
        again, "select title from articles where source_path in ('closed/a.txt', 'changes.txt') order by all"
    ) == [
        ("Changes",),
        ("Closed",),
    ]


def test_five_thousand_quotes_in_one_article_are_all_found(odd: tuple[Path, Path, RunResult]) -> None:
    query = (
        "select count(*), count(distinct char_start), count(*) filter (speaker = 'Ida Brandt'), "
        "count(*) filter (body[char_start + 1:char_end] = text) "
        "from quotes inner join articles using (article_id) where title = 'Roll call'"
    )
    assert rows(odd[1], query) == [(QUOTES, QUOTES, QUOTES, QUOTES)]


def test_an_empty_landing_folder_is_no_failure(landing: Path, home: Path) -> None:
    assert run(landing, home).counts.landed_count == 0
    assert rows(home, "select count(*) from articles") == [(0,)]


SENTENCES = " ".join(f'"We’ve opened pier {n}," harbour master Ida Brandt said on Tuesday.' for n in range(9))


def _good(name: str) -> str:
    body = f"The harbour of {name} is open again after the storm.\n{SENTENCES}\nIt closes on Sunday, as ever."
    return article(title=f"Harbour of {name} opens", body=body)


def _cut(text: str, share: float) -> str:
    return text[: int(len(text) * share)]


# What comes in the place of a good article, and the rules that hold it back.
WORSE: dict[str, tuple[Callable[[str], str | bytes], str]] = {
    "empty": (lambda good: b"", "empty_file"),
    "blank": (lambda good: b" \n", "empty_file"),
    "zeros": (lambda good: bytes(len(good)), "binary"),
    "zero tail": (lambda good: _cut(good, 0.6).encode() + bytes(300), "binary"),
    "picture": (lambda good: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not_text"),
    "document": (lambda good: b"%PDF-1.4\n1 0 obj", "pdf_unreadable"),
    "page": (lambda good: "<html><title>503</title></html>", "no_article"),
    "page below": (lambda good: good[: good.index("\n\n")] + "\n\n<html><h1>403</h1></html>", "html_page"),
    "headers alone": (lambda good: good[: good.index("\n\n")], "body_missing"),
    "body alone": (lambda good: good[good.index("\n\n") :], "date_missing"),
    "no title": (lambda good: "\n".join(good.split("\n")[1:4]) + f"\n\n{SENTENCES}", "title_missing"),
    "no date": (lambda good: good.replace("## Date", "## Dated"), "date_missing"),
    "other date": (lambda good: good.replace("Thursday", "jeudi"), "date_not_english"),
    "two articles": (lambda good: good + good, "second_article"),
    "cut in a word": (lambda good: _cut(good, 0.8), "shorter_than_before"),
    "cut in a character": (
        lambda good: good.encode()[: good.encode().rindex("’".encode()) + 1],
        "shorter_than_before",
    ),
    "cut to a third": (lambda good: good[: good.index('"We')], "shorter_than_before"),
    "a notice": (lambda good: good[: good.index("The harbour")] + "It was removed.", "shorter_than_before"),
    "letters lost": (lambda good: good.replace("’", "\ufffd"), "letters_lost"),
}


def _deliver(landing: Path, made: Callable[[str], str | bytes]) -> None:
    for name in WORSE:
        content = made(name)
        (landing / f"{name}.txt").write_bytes(content.encode() if isinstance(content, str) else content)


def test_a_worse_second_delivery_of_any_kind_leaves_the_article_until_a_better_one_comes(
    landing: Path, home: Path
) -> None:
    everything = "select * exclude (run_id, loaded_at) from articles order by all"
    _deliver(landing, _good)
    assert run(landing, home).counts.loaded_count == len(WORSE)
    before = rows(home, everything)
    quotes = rows(home, "select * from quotes order by all")

    _deliver(landing, lambda name: WORSE[name][0](_good(name)))
    assert run(landing, home).counts.quarantined_count == len(WORSE)
    assert rows(home, STANDING) == sorted((f"{name}.txt", rule) for name, (_, rule) in WORSE.items())
    assert rows(home, everything) == before
    assert rows(home, "select * from quotes order by all") == quotes
    assert run(landing, home).counts.unchanged_count == len(WORSE)

    # One half is delivered again as it was, the other half with a sentence more.
    fixed = {name: _good(name) + (" A band plays." if n % 2 else "") for n, name in enumerate(WORSE)}
    _deliver(landing, lambda name: fixed[name])
    run(landing, home)
    assert rows(home, STANDING) == []
    found = dict(rows(home, "select source_path, version from articles"))
    assert found == {f"{name}.txt": 1 + n % 2 for n, name in enumerate(WORSE)}


def test_a_shorter_text_that_is_right_is_let_through_by_naming_the_rule(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(_good("Bergen"))
    (landing / "b.txt").write_text(_good("Oslo"))
    run(landing, home)
    for name, city in (("a", "Bergen"), ("b", "Oslo")):
        (landing / f"{name}.txt").write_text(WORSE["cut to a third"][0](_good(city)))
    run(landing, home)
    settings = load_settings(home=home, workers=1)
    assert retry_quarantine(settings, QuietRunner()).counts.loaded_count == 0
    assert (
        retry_quarantine(settings, QuietRunner(), rule="shorter_than_before", paths="a*").counts.loaded_count
        == 1
    )
    assert rows(home, STANDING) == [("b.txt", "shorter_than_before")]
    assert rows(
        home,
        "select source_path, version, list_contains(warnings, 'much_shorter') from articles order by all",
    ) == [
        ("a.txt", 2, True),
        ("b.txt", 1, False),
    ]


def test_a_text_too_short_for_one_path_is_an_article_of_another(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(_good("Bergen"))
    run(landing, home)
    short = _cut(_good("Bergen"), 0.5)
    (landing / "a.txt").write_text(short)
    (landing / "copy.txt").write_text(short)
    assert run(landing, home).counts.postponed_count == 1
    assert run(landing, home).counts.loaded_count == 1
    assert rows(home, STANDING) == [("a.txt", "shorter_than_before")]
    assert rows(home, "select source_path, version from articles order by all") == [
        ("a.txt", 1),
        ("copy.txt", 1),
    ]
