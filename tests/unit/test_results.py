"""Results and tables: nothing that comes from a file can act on the terminal it is shown in."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontherecord.flows.cli.tables import format_quarantine, print_json, print_table
from ontherecord.flows.pipeline.results import (
    BatchResult,
    Comparison,
    MaintenanceResult,
    QuarantinedFile,
    RunResult,
    SkippedRun,
    quarantined_files,
)
from ontherecord.flows.sanitize import sanitize
from ontherecord.warehouse.records import Failure, RawFile, Rejected
from ontherecord.warehouse.runs import RunCounts


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("plain: café “a” – 猫 😀", "plain: café “a” – 猫 😀"),
        ("\x1b[2J\x1b]0;owned\x07", "\\x1b[2J\\x1b]0;owned\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("a\nb\r\nc\td", "a\\x0ab\\x0d\\x0ac\\x09d"),
        ("a\u2028b\u2029c", "a\\x2028b\\x2029c"),
        ("a\u202etxt.exe", "a\\x202etxt.exe"),
        ("\u2066a\u2069\u200f\ufeff\u200b", "\\x2066a\\x2069\\x200f\\xfeff\\x200b"),
        ("a\udce9", "a\\xdce9"),
        ("\x00", "\\x00"),
        (7, "7"),
        (None, "None"),
    ],
)
def test_controls_become_their_numbers_and_text_stays(value: object, shown: str) -> None:
    assert sanitize(value) == shown


@given(st.text(st.characters(), max_size=30))
def test_any_text_becomes_one_line_that_can_be_printed(text: str) -> None:
    shown = sanitize(text)
    assert len(shown.splitlines()) <= 1
    assert shown.encode("utf-8").decode("utf-8") == shown
    assert sanitize(shown) == shown


def test_a_table_shows_markup_and_escapes_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["file"], [["[bold]a[/bold]"], ["\x1b[31m"], [None], [3]], title="Quarantined")
    out = capsys.readouterr().out
    assert "[bold]a[/bold]" in out
    assert "\\x1b[31m" in out
    assert "\x1b" not in out
    assert "None" not in out


def test_facts_are_printed_as_json_with_times_in_iso_form(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"at": datetime(2015, 3, 10, 9, 30), "on": date(2015, 3, 10), "title": "“café”\x1b"})
    out = capsys.readouterr().out
    assert json.loads(out) == {"at": "2015-03-10T09:30:00", "on": "2015-03-10", "title": "“café”\x1b"}
    assert "\x1b" not in out


def test_a_quarantined_file_is_a_row_for_each_rule(raw_file: Callable[[str | bytes], RawFile]) -> None:
    raw = raw_file("x")
    failures = (
        Failure("date_missing", "date_text", None, "Add it."),
        Failure("title_conflict", "title", "a\x1b", "Keep one."),
    )
    assert quarantined_files([Rejected(raw.landed, raw, failures)]) == [
        QuarantinedFile("news/a.txt", "date_missing", None, "Add it."),
        QuarantinedFile("news/a.txt", "title_conflict", "a\\x1b", "Keep one."),
    ]


def test_a_list_of_quarantined_files_says_for_each_rule_what_to_do_and_names_the_files() -> None:
    rows = [
        {"source_path": path, "rule": rule, "value": value, "message": f"Fix the {rule}.", "released_at": at}
        for path, rule, value, at in (
            ("b\x1b.txt", "title", "x\n", None),
            ("a.txt", "date", None, datetime(2015, 3, 10, 9, 30)),
            ("a.txt", "title", "y", None),
        )
    ]
    lines = format_quarantine(rows).splitlines()
    assert lines[:2] == ["date: Fix the date.", "    a.txt   released 2015-03-10 09:30 UTC"]
    assert lines[2:5] == ["title: Fix the title.", "    b\\x1b.txt   [x\\x0a]", "    a.txt   [y]"]
    assert lines[-1].startswith("2 files.")


def _report(**found: object) -> RunResult:
    counts = {name: found.pop(name) for name in list(found) if name.endswith("_count")}
    made = {"run_id": "r", "landing": Path("in"), "published": True, "seconds": 1.25, **found}
    return RunResult(**made, counts=RunCounts(**counts))  # type: ignore[arg-type]


def test_a_summary_says_what_came_of_the_files() -> None:
    text = _report(
        loaded_count=1200,
        unchanged_count=30,
        duplicate_count=3,
        quarantined_count=1,
        quote_count=5000,
        mention_count=9000,
    ).summary()
    assert text == (
        "1,234 files: 1,200 loaded, 30 unchanged, 3 duplicate, 1 quarantined "
        "(5,000 quotes and 9,000 names; 1.2 s)"
    )


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (
            {"landing": Path("in\x1b"), "unchanged_count": 0},
            "No article file in in\\x1b. Is it the right folder?",
        ),
        ({"flow": "retry-quarantine", "unchanged_count": 0}, "No quarantined file matches."),
        ({"flow": "backfill", "unchanged_count": 0}, "No new file in the range."),
        ({"published": False}, "Nothing changed, nothing was published."),
        (
            {"unlistable_folders": ("old\x1b",)},
            "1 folder skipped: this user may not list old\\x1b. Grant read access; the next run loads the "
            "files.",
        ),
        (
            {"postponed_count": 2},
            "2 files postponed: still being written, or unreachable. The next run tries again.",
        ),
        ({"data_docs": Path("d/index.html")}, "Data Docs: d/index.html"),
    ],
)
def test_a_summary_says_what_is_out_of_the_ordinary(found: dict[str, object], line: str) -> None:
    assert line in _report(**{"unchanged_count": 3, **found}).summary().splitlines()
    assert line not in _report(unchanged_count=3).summary().splitlines()


def test_a_summary_names_quarantined_files_by_rule_the_most_frequent_first(
    raw_file: Callable[[str | bytes], RawFile],
) -> None:
    raw = raw_file("x")
    rejected = [
        Rejected(replace(raw.landed, source_path=file), raw, (Failure(rule, rule, None, f"Fix the {rule}."),))
        for file, rule in (("a.txt", "date"), ("b.txt", "title"), ("c.txt", "title"))
    ]
    first, second, where = _report(unchanged_count=3, rejected=rejected).summary().splitlines()[1:]
    assert "2 quarantined by title: b.txt and others. Fix the title." in first
    assert "1 quarantined by date: a.txt. Fix the date." in second
    assert "`ontherecord quarantine list`" in where


def test_a_run_that_left_says_so_in_words_and_in_facts() -> None:
    left = SkippedRun("ingest", "Process 7 holds it.")
    assert left.summary() == "Skipped: another run is writing. Process 7 holds it."
    assert left.to_dict() == {"flow": "ingest", "skipped": left.summary()}


def test_a_run_is_named_after_what_it_did() -> None:
    report = _report(loaded_count=1200, quarantined_count=1)
    assert report.label() == "1,200 new, 1 quarantined"
    assert MaintenanceResult(report).label() == "published"
    compared = Comparison(article_count=7, changed_count=2)
    assert compared.label() == "7 compared, 2 changed"
    assert Comparison(article_count=7, run=report).label() == "7 loaded, 0 changed"


def test_a_result_keeps_a_thousand_reasons_and_counts_the_others(
    raw_file: Callable[[str | bytes], RawFile],
) -> None:
    raw, result = raw_file("x"), _report()
    rejected = Rejected(raw.landed, None, (Failure("date_missing", "date_text", None, "Add it."),))
    for _ in range(3):
        result.add(BatchResult(RunCounts(), (rejected,) * 400, 0.1))
    assert len(result.rejected) == 1_000
    assert result.unlisted == {"date_missing": 200}
    assert "1,200 quarantined by date_missing" in result.summary()
