"""Replay: quarantined files go once more through the same stages, and only what passes now changes."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from runs import QuietRunner, article, contents, rows, run

from ontherecord.flows.pipeline.results import RunResult
from ontherecord.flows.retry_quarantine import retry_quarantine
from ontherecord.flows.settings import load_settings

TWO_TITLES = article().replace("## Supertitle: ", "## Title: Harbour stays shut")
TWO_FAULTS = article(date="never").replace("## Supertitle: ", "## Title: Harbour stays shut")
STANDING = "select source_path, rule from ops.quarantine where released_at is null order by all"


@pytest.fixture
def lenient(tmp_path: Path) -> Path:
    """Return a suite that minds two titles no more."""
    suite = json.loads(files("ontherecord.expectations").joinpath("headers.json").read_text(encoding="utf-8"))
    suite["expectations"] = [e for e in suite["expectations"] if e["meta"]["rule"] != "title_conflict"]
    file = tmp_path / "lenient.json"
    file.write_text(json.dumps(suite))
    return file


def again(home: Path, suite: Path | None = None, rule: str | None = None, paths: str = "*") -> RunResult:
    settings = load_settings(home=home, workers=1, validation_suite=suite)
    return retry_quarantine(settings, QuietRunner(), rule=rule, paths=paths)


def test_what_passes_now_is_loaded_and_the_rest_stays_as_it_is(
    landing: Path, home: Path, lenient: Path
) -> None:
    (landing / "a.txt").write_text(TWO_TITLES)
    (landing / "b.txt").write_text(article(date="never"))
    (landing / "c.txt").write_text(TWO_FAULTS)
    (landing / "known.txt").write_text(article(title="Lighthouse", body='"Lit," keeper Olaf Steen said.'))
    run(landing, home)
    (landing / "known.txt").write_text(TWO_TITLES.replace("Harbour", "Lighthouse"))
    assert run(landing, home).counts.quarantined_count == 1
    before = contents(home)

    for report in (again(home), again(home, lenient, rule="date_missing"), again(home, lenient, paths="x*")):
        assert report.counts.loaded_count == 0
        assert not report.published
    assert contents(home) == before

    report = again(home, lenient)
    assert (report.counts.loaded_count, report.counts.quarantined_count) == (2, 2)
    assert rows(home, "select source_path, version, title from articles order by all") == [
        ("a.txt", 1, "Harbour opens again"),
        ("known.txt", 2, "Lighthouse opens again"),
    ]
    assert rows(home, STANDING) == [("b.txt", "date_unreadable"), ("c.txt", "date_unreadable")]
    assert rows(home, "select count(*) from ops.quarantine") == [(5,)]
    assert rows(home, "select flow, landed_count from ops.runs order by started_at desc limit 1") == [
        ("retry-quarantine", 4)
    ]

    after = contents(home)
    assert again(home, lenient).counts.landed_count == 2
    counts = run(landing, home).counts  # the ledger knows the files as they lie there
    assert (counts.unchanged_count, counts.loaded_count) == (4, 0)
    assert contents(home) == after


def test_bytes_that_are_gone_or_damaged_are_left_alone(landing: Path, home: Path, lenient: Path) -> None:
    (landing / "a.txt").write_text(TWO_TITLES)
    (landing / "b.txt").write_text(TWO_TITLES.replace("Harbour", "Ferry"))
    run(landing, home)
    gone, damaged = [f for f in (home / "quarantine").rglob("*") if f.is_file()]
    gone.unlink()
    damaged.write_text("something else")
    report = again(home, lenient)
    assert (report.counts.postponed_count, report.counts.landed_count) == (2, 0)
    assert len(rows(home, STANDING)) == 2


def test_a_wrong_body_is_held_and_loads_with_a_warning_by_name_or_by_a_setting(
    landing: Path, home: Path
) -> None:
    wall = "Subscribe to continue reading.\nAlready a subscriber? Log in."
    (landing / "wall.txt").write_text(article(title="Ferry", body=wall))
    (landing / "empty.txt").write_text(article(title="Market", body="Body goes here"))
    (landing / "teaser.txt").write_text(article(title="Bridge", body="The bridge is shut.\nRead more"))
    run(landing, home)
    warned = "select source_path, warnings from articles order by all"
    assert rows(home, STANDING) == [("empty.txt", "placeholder"), ("wall.txt", "paywall_notice")]
    assert rows(home, warned) == [("teaser.txt", ["teaser"])]

    assert again(home).counts.loaded_count == 0
    again(home, rule="paywall_notice", paths="wall.txt")
    assert rows(home, warned) == [("teaser.txt", ["teaser"]), ("wall.txt", ["paywall_notice"])]
    settings = load_settings(home=home, workers=1, wrong_bodies="load")
    retry_quarantine(settings, QuietRunner())
    assert rows(home, warned)[0] == ("empty.txt", ["body_short", "placeholder"])
    assert rows(home, STANDING) == []


def test_a_run_that_quarantines_nothing_says_what_still_waits(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article(date="never"))
    (landing / "b.txt").write_text(article())
    assert "Still in quarantine" not in run(landing, home).summary()
    assert "Still in quarantine: 1. `ontherecord quarantine list` says why." in run(landing, home).summary()
    (landing / "a.txt").write_text(article(title="Mended"))
    assert "Still in quarantine" not in run(landing, home).summary()
