"""Embargoes hold an article until its time, dismissed files leave quarantine, missing files are marked."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from commands import carry_out
from runs import QuietRunner, article, rows, run

from ontherecord.flows.landing.embargo import read_embargo
from ontherecord.flows.retry_quarantine import retry_quarantine
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse.errors import SettingsError

QUARANTINE = "select source_path, rule, held_until is not null, released_at is not null from ops.quarantine"


def _embargoed(until: str, name: str = "Embargo", title: str = "Harbour opens again") -> str:
    return article(title=title).replace("## Section", f"## {name}: {until}\n## Section")


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("2026-12-01T06:00:00Z", datetime(2026, 12, 1, 6)),
        ("2026-12-01T06:00:00+0200", datetime(2026, 12, 1, 4)),
        ("until Tuesday, December 1, 2026 - 06:00", datetime(2026, 12, 1, 18)),  # it has come everywhere
        ("EMBARGOED UNTIL: 1 December 2026", datetime(2026, 12, 1, 12)),
        ("further notice", None),
        ("yes", None),
    ],
)
def test_embargo_is_read_as_a_moment_that_has_come_everywhere(text: str, until: datetime | None) -> None:
    value, found = read_embargo(text)
    assert value == text
    assert found == until


@pytest.mark.parametrize("text", [None, "", "none", "No", "false"])
def test_no_embargo_is_none(text: str | None) -> None:
    assert read_embargo(text) == (None, None)


def test_article_is_held_until_its_time_and_then_loaded_by_the_next_run(landing: Path, home: Path) -> None:
    soon = datetime.now(UTC) + timedelta(days=1)
    (landing / "a.txt").write_text(_embargoed(f"{soon:%Y-%m-%dT%H:%M:%SZ}"))
    (landing / "b.txt").write_text(_embargoed("until further notice", "embargoed_until", "Second"))
    (landing / "c.txt").write_text(_embargoed("2015-01-01T00:00:00Z", "Embargoed", "Third"))
    week = [{"id": n, "title": f"Title {n}", "date": "2015-12-17", "text": article()} for n in (1, 2)]
    week[1]["embargo"] = f"{soon:%Y-%m-%dT%H:%M:%SZ}"
    (landing / "week.json").write_text(json.dumps(week))
    counts = run(landing, home).counts
    assert (counts.landed_count, counts.loaded_count, counts.quarantined_count) == (4, 2, 2)
    assert (counts.article_loaded_count, counts.article_quarantined_count) == (1, 1)
    assert rows(home, f"{QUARANTINE} order by all") == [
        ("a.txt", "embargoed", True, False),
        ("b.txt", "embargo_unreadable", False, False),
        ("week.json#2", "embargoed", True, False),
    ]
    listed = carry_out("quarantine", "list", home=home).stdout
    assert f"a.txt   [{soon:%Y-%m-%dT%H:%M:%SZ}" in listed
    assert "UTC)]   until 20" in listed
    assert run(landing, home).counts.unchanged_count == 4

    _let_time_pass(home)
    (landing / "week.json").rename(landing.parent / "week.json")  # its bytes are kept
    run(landing, home)
    found = "select source_path from articles order by 1"
    held_again = rows(home, "select source_path from ops.quarantine where released_at is null order by 1")
    # The header says tomorrow, whatever the table says: what is tried too early is held again.
    assert held_again == [("a.txt",), ("b.txt",), ("week.json#2",)]
    assert [path for (path,) in rows(home, found)] == ["c.txt", "week.json#1"]


def test_embargo_that_is_over_is_released_once_and_counted_once(landing: Path, home: Path) -> None:
    _hold(landing, home)
    counts = run(landing, home).counts
    assert (counts.landed_count, counts.loaded_count, counts.unchanged_count) == (1, 1, 0)
    assert rows(home, "select source_path, version from articles") == [("a.txt", 1)]
    assert rows(home, QUARANTINE) == [("a.txt", "magazine", True, True)]
    assert run(landing, home).counts.unchanged_count == 1


def test_embargo_of_a_file_that_has_gone_is_released_from_its_kept_bytes(landing: Path, home: Path) -> None:
    _hold(landing, home)
    (landing / "a.txt").unlink()
    (landing / "other.txt").write_text(article(title="Other"))
    counts = run(landing, home).counts
    assert (counts.landed_count, counts.loaded_count) == (2, 2)
    assert rows(home, "select source_path from articles order by 1") == [("a.txt",), ("other.txt",)]
    status = json.loads(carry_out("status", "--json", home=home).stdout)
    assert (status["missing_from_landing"], status["under_embargo"]) == (1, 0)


def _hold(landing: Path, home: Path) -> None:
    """Hold an article by a rule of a suite, until a moment that is over when this returns."""
    suite = _suite_with_a_rule_of_the_magazine(home)
    at = datetime.now(UTC) + timedelta(days=3)
    (landing / "a.txt").write_text(article(date=f"{at:%Y-%m-%d %H:%M}", section="Magazine"))
    assert run(landing, home, validation_suite=suite).counts.quarantined_count == 1
    _let_time_pass(home)


def _let_time_pass(home: Path) -> None:
    """Have quarantine hold what it holds until a year ago."""
    from sqlalchemy import text

    from ontherecord.flows.pipeline.runner import open_writer
    from ontherecord.warehouse.data_dir import DataDir

    with open_writer(DataDir(home), "test") as engine, engine.begin() as connection:
        connection.execute(
            text("update ops.quarantine set held_until = '2015-01-01' where held_until is not null")
        )


def test_embargo_is_lifted_by_name_only(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(_embargoed("2099-01-01T00:00:00Z"))
    run(landing, home)
    settings = load_settings(home=home, workers=1)
    with pytest.raises(SettingsError, match=r"publishes articles under embargo.*--paths"):
        retry_quarantine(settings, QuietRunner(), rule="embargoed")
    assert retry_quarantine(settings, QuietRunner()).counts.loaded_count == 0
    done = retry_quarantine(settings, QuietRunner(), rule="embargoed", paths="a.txt")
    assert done.counts.loaded_count == 1


def test_date_far_ahead_and_a_rule_of_the_suite_are_embargoes_too(landing: Path, home: Path) -> None:
    suite = _suite_with_a_rule_of_the_magazine(home)
    soon, later = (datetime.now(UTC) + timedelta(days=days) for days in (3, 30))
    for name, at, section in (("near", soon, "World"), ("mag", soon, "Magazine"), ("far", later, "World")):
        text = article(title=name, date=f"{at:%Y-%m-%d %H:%M}", section=section)
        (landing / f"{name}.txt").write_text(text)
    run(landing, home, validation_suite=suite)
    assert rows(home, f"{QUARANTINE} order by 1") == [
        ("far.txt", "date_far_ahead", True, False),
        ("mag.txt", "magazine", True, False),
    ]


def _suite_with_a_rule_of_the_magazine(home: Path) -> Path:
    file = home.parent / "suite.json"
    suite = json.loads((Path(__file__).parents[2] / "expectations" / "headers.json").read_text())
    suite["expectations"].append(
        {
            "type": "expect_column_values_to_be_between",
            "kwargs": {
                "column": "days_ahead", "max_value": 0,
                "row_condition": 'section == "Magazine"', "condition_parser": "pandas",
            },
            "meta": {"rule": "magazine", "message": "On sale at its date.", "held_until": "published_at"},
            "severity": "critical",
        }
    )  # fmt: skip
    file.write_text(json.dumps(suite))
    return file


def test_dismissed_files_leave_quarantine_with_the_reason_and_come_back_changed(
    landing: Path, home: Path
) -> None:
    for name in ("old/1.txt", "old/2.txt", "new.txt"):
        (landing / name).parent.mkdir(exist_ok=True)
        (landing / name).write_text(article(title=name, date="someday"))
    run(landing, home)
    assert len(list((home / "quarantine").glob("*/*"))) == 3
    refused = carry_out("quarantine", "dismiss", "nothing/*", "--why", "old", "--home", home)
    assert refused.returncode == 1
    assert "No quarantined file matches" in refused.stderr
    assert "failed_run" not in carry_out("alerts", "list", home=home).stdout
    done = carry_out("quarantine", "dismiss", "old/*", "--why", "nobody has them", "--home", home)
    assert done.stdout.startswith("Dismissed 2 files."), done.stderr
    assert len(list((home / "quarantine").glob("*/*"))) == 1
    assert "old/" not in carry_out("quarantine", "list", home=home).stdout
    assert ": nobody has them" in carry_out("quarantine", "list", "--all", home=home).stdout
    status = "select source_path, status from ops.deliveries where is_current order by 1"
    assert rows(home, status) == [
        ("new.txt", "quarantined"), ("old/1.txt", "dismissed"), ("old/2.txt", "dismissed"),
    ]  # fmt: skip
    assert "quarantine" not in [
        finding["check"]
        for finding in json.loads(carry_out("doctor", "--json", home=home).stdout)
        if finding["state"] == "problem"
    ]
    assert run(landing, home).counts.unchanged_count == 3
    (landing / "old/1.txt").write_text(article(title="old/1.txt"))
    assert run(landing, home).counts.loaded_count == 1


_KILLED_DISMISSAL = """
import os, signal, sys
def kill(event, arguments):
    if event == "os.remove" and os.sep + "quarantine" + os.sep in str(arguments[0]):
        os.kill(os.getpid(), signal.SIGKILL)
from ontherecord.flows.cli.main import main
sys.addaudithook(kill)
main()
"""


def test_the_run_after_a_killed_dismissal_removes_the_bytes(landing: Path, home: Path) -> None:
    for name in ("1.txt", "2.txt"):
        (landing / name).write_text(article(title=name, date="someday"))
    run(landing, home)
    command = ["quarantine", "dismiss", "*", "--why", "old", "--home", home]
    killed = subprocess.run([sys.executable, "-c", _KILLED_DISMISSAL, *command], capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    assert len(list((home / "quarantine").glob("*/*"))) == 2
    assert run(landing, home).published
    assert list((home / "quarantine").glob("*/*")) == []
    assert rows(home, "select distinct status from ops.deliveries") == [("dismissed",)]


def test_files_that_have_gone_from_landing_are_marked_until_they_are_back(landing: Path, home: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (landing / name).write_text(article(title=name))
    run(landing, home)
    kept = (landing / "a.txt").rename(landing.parent / "a.txt")
    assert run(landing, home).published
    marked = "select source_path from ops.deliveries where missing_since is not null"
    assert rows(home, marked) == [("a.txt",)]
    assert not run(landing, home).published
    kept.rename(landing / "a.txt")
    assert run(landing, home).published
    assert rows(home, marked) == []
    other = landing.parent / "other"
    other.mkdir()
    (other / "c.txt").write_text(article(title="Third"))
    run(other, home)
    assert rows(home, marked) == []


def test_a_run_over_some_paths_says_nothing_of_the_others(landing: Path, home: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (landing / name).write_text(article(title=name))
    run(landing, home)
    for name in ("a.txt", "b.txt", "c.txt"):
        (landing / name).unlink()
    (landing / "d.txt").write_text(article(title="Fourth"))
    (landing / "c.txt").write_text(article(title="c.txt", body="It is closed."))
    (landing / "e.txt").write_text(article(title="Fifth"))
    result = run(landing, home, only=["d.txt", "c.txt", "gone.txt"])
    assert (result.counts.loaded_count, result.counts.unchanged_count) == (2, 0)
    assert rows(home, "select source_path, version from articles order by all") == [
        ("a.txt", 1),
        ("b.txt", 1),
        ("c.txt", 2),
        ("d.txt", 1),
    ]
    marked = "select source_path from ops.deliveries where missing_since is not null order by all"
    assert rows(home, marked) == []
    assert run(landing, home, only=["a.txt"]).passed_over.counts == {}
    assert run(landing, home).counts.loaded_count == 1
    assert rows(home, marked) == [("a.txt",), ("b.txt",)]


def test_file_that_a_retry_of_quarantine_loaded_is_marked_when_it_has_gone(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article(date="3/4/2015"))
    (landing / "b.txt").write_text(article(title="Second"))
    assert run(landing, home).counts.quarantined_count == 1
    retry_quarantine(load_settings(home=home, workers=1, date_first="day"), QuietRunner())
    (landing / "a.txt").unlink()
    run(landing, home)
    marked = "select source_path, status from ops.deliveries where missing_since is not null"
    assert rows(home, marked) == [("a.txt", "loaded")]
