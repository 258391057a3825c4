"""Alerts of checks and runs; how each is raised, told once, published, muted and sent."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from days import DAY, HOUR, NOON, deliver_daily, judge, raised
from runs import QuietRunner, article, land_wrong, rows, run
from sqlalchemy import Engine, text

from ontherecord import sql
from ontherecord.flows.pipeline.alerting import evaluate_alerts, evaluate_alerts_at_end
from ontherecord.flows.settings import AlertSettings, load_settings
from ontherecord.warehouse.alerts import mark_sent
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import CheckFailed, LandingError, WarehouseError
from ontherecord.warehouse.runs import RunCounts, begin_run, end_run, now
from ontherecord.warehouse.status import read_alerts

# Checks and runs


def test_broken_check_is_told_once_while_it_stays_broken(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, home)
    with duckdb.connect(str(home / "writer.duckdb")) as writer:
        writer.execute("update quotes set char_start = char_start + 1")
        writer.execute("update ops.warehouse set change_no = change_no + 1")
    for _ in range(2):
        with pytest.raises(CheckFailed):
            run(landing, home)
    [alert] = read_alerts(DataDir(home))
    assert (alert["rule"], alert["subject"]) == ("failed_check", "quote_offsets_match_text")
    assert (alert["value"], alert["threshold"]) == (1, 0)
    assert "Run `ontherecord doctor` to see rows that violate it" in alert["message"]
    assert rows(home, "select count(*) from ops.alerts") == [(0,)]  # nothing was published
    with duckdb.connect(str(home / "writer.duckdb")) as writer:
        writer.execute("update quotes set char_start = char_start - 1")
    run(landing, home)
    assert read_alerts(DataDir(home)) == []
    assert len(read_alerts(DataDir(home), everything=True)) == 1


def test_failed_run_is_told_once_until_one_ends_well(landing: Path, home: Path) -> None:
    for _ in range(2):
        with pytest.raises(LandingError):
            run(landing / "nowhere", home)
    [alert] = read_alerts(DataDir(home))
    assert (alert["rule"], alert["subject"], alert["sent_at"]) == ("failed_run", "ingest", None)
    assert "does not exist. Create it" in alert["message"]
    run(landing, home)
    assert read_alerts(DataDir(home)) == []
    with pytest.raises(LandingError):
        run(landing / "nowhere", home)
    assert len(read_alerts(DataDir(home), everything=True)) == 2


def test_killed_run_of_another_flow_is_told(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "insert into ops.runs by name select 'r' as run_id, 'maintain' as flow, :at as started_at, "
                "'crashed' as state, '1' as version"
            ),
            {"at": NOON},
        )
    [alert] = judge(engine, NOON).raised
    assert (alert.rule, alert.subject) == ("failed_run", "maintain")
    assert "was killed" in alert.message


def test_run_that_failed_under_prefect_counts_as_told(engine: Engine) -> None:
    run_id = begin_run(engine, "ingest", prefect_flow_run_id="a flow run")
    assert judge(engine, NOON).open == ()  # it still runs
    end_run(engine, run_id, "failed", RunCounts(), message="It went wrong.")
    [alert] = judge(engine, NOON).raised
    assert (alert.rule, alert.sent_at) == ("failed_run", NOON)


# All of them


def test_silenced_alerts_are_not_raised_and_open_ones_end(engine: Engine) -> None:
    for section in ("World", "Sport"):
        deliver_daily(engine, NOON, section=section)
    deliver_daily(engine, NOON + DAY, section="Local")
    later = NOON + 40 * HOUR
    assert raised(engine, later, "freshness section S*") == [("freshness", "section World")]
    assert judge(engine, later, "freshness*").open == ()
    assert raised(engine, later, "* everything") == [
        ("freshness", "section Sport"),
        ("freshness", "section World"),
    ]


def test_alerts_are_published_when_they_begin_and_when_they_end(landing: Path, home: Path) -> None:
    land_wrong(landing, 10)
    run(landing, home)
    assert run(landing, home).published  # the alert came up when the run before had published
    assert rows(home, "select rule, resolved_at from ops.alerts") == [("quarantine_rate", None)]
    assert not run(landing, home).published
    (landing / "wrong 0.txt").write_text(article())
    run(landing, home)
    assert run(landing, home).published
    assert rows(home, "select count(resolved_at) from ops.alerts") == [(1,)]


def test_sent_alerts_say_when(engine: Engine) -> None:
    deliver_daily(engine, NOON)
    found = judge(engine, NOON + 2 * DAY).raised
    mark_sent(engine, found, NOON + 3 * DAY)
    assert [a.sent_at for a in judge(engine, NOON + 3 * DAY).open] == [NOON + 3 * DAY]


def test_error_of_a_run_is_what_is_raised_even_when_alerts_cannot_be_looked_for(
    engine: Engine, home: Path
) -> None:
    with engine.begin() as connection:
        connection.execute(text("drop table ops.alerts"))
    with (
        pytest.raises(ValueError, match="first") as caught,
        evaluate_alerts_at_end(engine, load_settings(home=home), QuietRunner()),
    ):
        raise ValueError("first")
    assert "Alerts could not be evaluated" in caught.value.__notes__[0]


def test_new_alerts_are_said_without_what_steers_a_terminal(engine: Engine, home: Path) -> None:
    runner = QuietRunner()
    deliver_daily(engine, now() - 3 * DAY, section="A\x1b[31mred")
    deliver_daily(engine, now(), section="Sport")
    evaluate_alerts(engine, load_settings(home=home), runner)
    [line] = runner.lines
    assert line.startswith("alert: freshness, section A\\x1b[31mred: No new articles for 72 hours")


def test_alerts_of_a_home_without_runs_say_what_to_do(home: Path) -> None:
    with pytest.raises(WarehouseError, match="ontherecord ingest LANDING"):
        read_alerts(DataDir(home))


def test_every_number_in_the_settings_is_used_by_a_rule_and_every_rule_says_what_it_is() -> None:
    used = set()
    for file in sql.statements("alerts"):
        assert file.read_text().startswith("-- "), file.name
        used |= set(re.findall(r"\$(\w+)", file.read_text()))
    assert used == {*AlertSettings().limits, "now"}
