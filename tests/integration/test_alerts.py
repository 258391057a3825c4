"""Alerts: each rule fires, keeps quiet below its threshold, tells a cause once, and again when it is back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from runs import Quietly, article, rows, run
from sqlalchemy import Engine, text

import sql
from flows.alerting import alerting, look_for_alerts
from flows.ingest import open_writer
from flows.settings import AlertSettings, load_settings
from warehouse.alerts import Judgement, mark_sent, raise_alerts
from warehouse.errors import CheckFailed, LandingError, WarehouseError
from warehouse.home import Home
from warehouse.runs import RunCounts, begin_run, end_run, now
from warehouse.status import read_alerts

NOON = datetime(2026, 3, 18, 12)  # a Wednesday
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def engine(home: Path) -> Iterator[Engine]:
    with open_writer(Home(home), "test") as opened:
        yield opened


def judge(engine: Engine, at: datetime, *silenced: str, **limits: float) -> Judgement:
    return raise_alerts(engine, {**AlertSettings().limits, **limits}, at, silenced)


def raised(engine: Engine, at: datetime, *silenced: str, **limits: float) -> list[tuple[str, str]]:
    return [(a.rule, a.subject) for a in judge(engine, at, *silenced, **limits).raised]


def is_open(engine: Engine, at: datetime) -> list[tuple[str, str]]:
    return [(a.rule, a.subject) for a in judge(engine, at).open]


def deliver(
    engine: Engine,
    loaded_at: datetime,
    count: int = 1,
    section: str | None = "World",
    agency: str | None = None,
    published_on: date | None = None,
) -> None:
    """Put articles into the tables as if they had been loaded then."""
    with engine.begin() as connection:
        connection.execute(
            text(
                """
                insert into articles by name
                select
                    last + n as article_id,
                    'file ' || article_id as source_path, 1 as version, 'A title' as title, 'A body' as body,
                    :section as section, :agency as agency,
                    cast(:day as timestamp) as published_at, cast(:day as date) as published_on,
                    2 as word_count, 'content ' || article_id as content_sha256, 'text' as text_sha256,
                    []::varchar[] as warnings, '1' as extractor_version, 'a run' as run_id,
                    :loaded_at as loaded_at
                from range(1, :count + 1) as numbers(n),
                    (select coalesce(max(article_id), 0) as last from articles)
                """
            ),
            {
                "section": section,
                "agency": agency,
                "day": published_on or loaded_at.date(),
                "loaded_at": loaded_at,
                "count": count,
            },
        )


def deliver_daily(
    engine: Engine, last: datetime, days: int = 30, when: Callable[[datetime], bool] = bool, **what: object
) -> None:
    for back in range(days):
        if when(last - back * DAY):
            deliver(engine, last - back * DAY, **what)  # type: ignore[arg-type]


# Freshness


def test_silence_is_told_once_and_again_when_it_is_back(engine: Engine) -> None:
    deliver_daily(engine, NOON, section="World")
    deliver_daily(engine, NOON + 2 * DAY, days=32, section="Sport")
    assert raised(engine, NOON + 36 * HOUR) == []
    assert raised(engine, NOON + 37 * HOUR) == [("freshness", "section World")]
    assert raised(engine, NOON + 38 * HOUR) == []
    [alert] = judge(engine, NOON + 40 * HOUR).open
    assert (alert.value, alert.threshold, alert.raised_at) == (40, 36, NOON + 37 * HOUR)
    assert "the last was loaded 2026-03-18 12:00 UTC" in alert.message
    deliver(engine, NOON + 41 * HOUR)
    over = judge(engine, NOON + 42 * HOUR)
    assert (over.raised, over.open, over.resolved_count) == ((), (), 1)
    deliver(engine, NOON + 78 * HOUR, section="Sport")
    assert raised(engine, NOON + 80 * HOUR) == [("freshness", "section World")]


def test_when_nothing_comes_it_is_one_alert_and_the_rest_follows_when_others_are_back(engine: Engine) -> None:
    for section in ("World", "Sport"):
        deliver_daily(engine, NOON, section=section, agency="AFP")
    assert raised(engine, NOON + 40 * HOUR) == [("freshness", "everything")]
    deliver(engine, NOON + 41 * HOUR, section="Sport", agency="Reuters")
    assert raised(engine, NOON + 42 * HOUR) == [("freshness", "agency AFP"), ("freshness", "section World")]


def test_open_alert_of_a_section_stays_open_when_everything_falls_silent(engine: Engine) -> None:
    deliver_daily(engine, NOON, section="World")
    deliver_daily(engine, NOON + DAY, section="Sport")
    assert raised(engine, NOON + 40 * HOUR) == [("freshness", "section World")]
    assert raised(engine, NOON + 70 * HOUR) == [("freshness", "everything")]
    assert is_open(engine, NOON + 71 * HOUR) == [("freshness", "section World"), ("freshness", "everything")]
    deliver(engine, NOON + 72 * HOUR, section="Sport")
    assert raised(engine, NOON + 73 * HOUR) == []


def test_archive_loaded_once_or_in_a_few_days_is_never_missed(engine: Engine) -> None:
    for back in range(4):
        deliver(engine, NOON - back * DAY, 100, published_on=date(2015, 1, 1))
    assert [raised(engine, NOON + days * DAY) for days in range(60)] == [[]] * 60


def test_source_that_ended_is_forgotten_in_the_end(engine: Engine) -> None:
    deliver_daily(engine, NOON, days=10)
    assert is_open(engine, NOON + 3 * DAY) == [("freshness", "everything")]
    assert is_open(engine, NOON + 37 * DAY) == [("freshness", "everything")]
    assert is_open(engine, NOON + 40 * DAY) == []


def test_weekends_off_and_weekly_sections_are_usual_pauses(engine: Engine) -> None:
    friday = NOON + 2 * DAY
    deliver_daily(engine, friday, 40, lambda day: day.weekday() < 5, section="World")
    deliver_daily(engine, friday, 40, lambda day: day.weekday() == 2, section="Books")
    assert raised(engine, friday + 3 * DAY) == []
    assert raised(engine, friday + 4 * DAY) == [("freshness", "everything")]
    deliver(engine, friday + 4 * DAY, section="World")
    deliver(engine, friday + 6 * DAY, section="World")
    assert raised(engine, friday + 6 * DAY - HOUR) == [("freshness", "section Books")]  # due on Wednesday


def test_new_version_of_an_article_is_a_sign_of_life(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, home)
    with open_writer(Home(home), "test") as engine:
        deliver_daily(engine, now() - DAY)
        assert raised(engine, now() + 20 * HOUR) == []
        with engine.begin() as connection:
            connection.execute(text("delete from articles where source_path = 'a.txt'"))
        assert raised(engine, now() + 20 * HOUR) == [("freshness", "everything")]


# Volume


def deliver_tuesdays(engine: Engine, counts: list[int], **what: str) -> None:
    """Put articles on the Tuesdays before NOON, the last first; the days after them have some too."""
    for week, count in enumerate(counts):
        deliver(engine, NOON - DAY - 7 * week * DAY, count, **what)  # type: ignore[arg-type]


def take_away(engine: Engine, count: int, published_on: datetime) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "delete from articles where article_id in (select article_id from articles "
                "where published_on = cast(:day as date) limit :count)"
            ),
            {"day": published_on, "count": count},
        )


USUAL = [41, 42, 40, 41, 42, 40, 41, 42]  # median 41, spread 1: less than chance makes of it, which is 6.4


def test_day_far_below_its_weekday_is_told_once(engine: Engine) -> None:
    deliver_daily(engine, NOON, 10, lambda day: day.weekday() != 1)
    deliver_tuesdays(engine, [22, *USUAL])
    assert raised(engine, NOON) == []  # 41 - 3 * 6.4 = 21.8
    take_away(engine, 1, NOON - DAY)
    assert raised(engine, NOON - HOUR) == []  # Tuesday has not been over for 12 hours
    assert raised(engine, NOON) == [("volume", "everything")]
    [alert] = judge(engine, NOON + HOUR).open
    assert (alert.value, round(alert.threshold or 0, 1)) == (21, 21.8)
    assert alert.message.startswith("Only 21 articles of 2026-03-17, where 41 are usual on a Tuesday")
    deliver(engine, NOON + HOUR, 20, published_on=(NOON - DAY).date())
    assert judge(engine, NOON + 2 * HOUR).resolved_count == 1
    take_away(engine, 20, NOON - DAY)
    assert raised(engine, NOON + 3 * HOUR) == [("volume", "everything")]


def test_day_of_a_wide_spread_is_held_against_its_spread(engine: Engine) -> None:
    deliver_daily(engine, NOON, 10, lambda day: day.weekday() != 1)
    deliver_tuesdays(
        engine, [1, 20, 60, 41, 30, 52, 41, 22, 60]
    )  # spread 15: 41 - 3 * 22 is less than nothing
    assert raised(engine, NOON) == []


def test_small_section_is_told_alone_while_the_whole_is_as_usual(engine: Engine) -> None:
    for section in ("World", "Sport"):
        deliver_daily(engine, NOON, 10, lambda day: day.weekday() != 1, section=section)
        deliver_tuesdays(engine, [0 if section == "Sport" else 41, *USUAL], section=section)
    deliver(engine, NOON - DAY, 30, section="Chess")
    assert raised(engine, NOON) == [("volume", "section Sport")]


def test_small_counts_and_short_memories_are_not_judged(engine: Engine) -> None:
    deliver_daily(engine, NOON, 10, lambda day: day.weekday() != 1)
    deliver_tuesdays(engine, [0, 9, 9, 9, 9])
    assert raised(engine, NOON) == []
    assert raised(engine, NOON, volume_min_articles=9, volume_deviations=2) == [("volume", "everything")]


def test_three_weeks_are_too_few_to_know_what_is_usual(engine: Engine) -> None:
    deliver_daily(engine, NOON, 10, lambda day: day.weekday() != 1)
    deliver_tuesdays(engine, [0, 50, 50, 50])
    assert raised(engine, NOON) == []


def test_archive_has_no_yesterday(engine: Engine) -> None:
    for back in range(3, 60):
        deliver(engine, NOON - DAY, 50, published_on=(NOON - back * DAY).date())
    assert raised(engine, NOON) == []


# Held back


def wrong(landing: Path, count: int, start: int = 0) -> None:
    for number in range(start, start + count):
        (landing / f"wrong {number}.txt").write_text(article(title=f"Number {number}", date="someday"))


def test_share_held_back_is_told_once_and_over_when_the_files_are_mended(landing: Path, home: Path) -> None:
    (landing / "good.txt").write_text(article())
    wrong(landing, 9)
    run(landing, home)
    assert read_alerts(Home(home)) == []
    wrong(landing, 10)
    run(landing, home)
    [alert] = read_alerts(Home(home))
    assert (alert["rule"], alert["subject"], alert["threshold"]) == ("held_back", "last 24 hours", 0.1)
    assert alert["message"].startswith("10 of 11 files are held back.")
    run(landing, home)
    assert len(read_alerts(Home(home), everything=True)) == 1
    (landing / "wrong 0.txt").write_text(article(title="Mended"))
    run(landing, home)
    assert read_alerts(Home(home)) == []
    [alert] = read_alerts(Home(home), everything=True)
    assert alert["resolved_at"] is not None
    wrong(landing, 1)
    run(landing, home)
    assert [a["subject"] for a in read_alerts(Home(home))] == ["last 24 hours"]


def test_one_bad_run_in_a_good_day_is_told(engine: Engine) -> None:
    def decide(run_id: str, flow: str, at: datetime, **counts: int) -> None:
        with engine.begin() as connection:
            connection.execute(
                text(
                    "insert into ops.runs by name select :run as run_id, :flow as flow, :at as started_at, "
                    "'completed' as state, '1' as version"
                ),
                {"run": run_id, "flow": flow, "at": at},
            )
            for status, count in counts.items():
                connection.execute(
                    text(
                        "insert into ops.deliveries by name select n as delivery_id, :run || :status || n as "
                        "source_path, 1 as bytes, :status as status, true as is_current, :run as run_id, "
                        ":at as seen_at from range(:count) as numbers(n)"
                    ),
                    {"run": run_id, "status": status, "at": at, "count": count},
                )

    decide("run 1", "ingest", NOON, loaded=1000, quarantined=5)
    decide("run 2", "ingest", NOON, loaded=30, quarantined=15)
    decide("run 3", "replay", NOON, quarantined=500)
    found = judge(engine, NOON + HOUR).raised
    assert [(a.rule, a.subject, round(a.value or 0, 2)) for a in found] == [("held_back", "one run", 0.33)]
    assert "15 of 45 files of run run 2 are held back" in found[0].message
    assert judge(engine, NOON + 25 * HOUR).open == ()


# Speakers


def quote(engine: Engine, loaded_at: datetime, known: int, unknown: int) -> None:
    deliver(engine, loaded_at)
    with engine.begin() as connection:
        connection.execute(
            text(
                "insert into quotes by name select (select max(article_id) from articles) as article_id, "
                "n as quote_no, n as utterance_no, 'direct' as kind, 'words' as text, 0 as char_start, "
                "1 as char_end, if(n <= :known, 1, null) as speaker_entity_id, 1 as confidence "
                "from range(1, :count + 1) as numbers(n)"
            ),
            {"known": known, "count": known + unknown},
        )


def test_share_without_speakers_is_held_against_the_usual(engine: Engine) -> None:
    for back in range(2, 9):
        quote(engine, NOON - back * DAY, 170, 30)
    quote(engine, NOON, 150, 50)
    assert raised(engine, NOON + HOUR) == []  # 25%, and 15% + 10 points are allowed
    quote(engine, NOON, 0, 10)
    assert raised(engine, NOON + HOUR) == [("unresolved_speakers", "everything")]
    assert raised(engine, NOON + 2 * HOUR) == []
    [alert] = judge(engine, NOON + 2 * HOUR).open
    assert (round(alert.value or 0, 3), round(alert.threshold or 0, 3)) == (round(60 / 210, 3), 0.25)
    quote(engine, NOON, 100, 0)
    assert judge(engine, NOON + 3 * HOUR).open == ()
    quote(engine, NOON, 0, 100)
    assert raised(engine, NOON + 4 * HOUR) == [("unresolved_speakers", "everything")]


def test_share_without_speakers_is_held_against_the_setting_until_enough_is_known(engine: Engine) -> None:
    quote(engine, NOON - 2 * DAY, 200, 0)
    quote(engine, NOON, 40, 159)
    assert raised(engine, NOON + HOUR) == []  # 199 quotes are too few
    quote(engine, NOON, 0, 1)
    assert raised(engine, NOON + HOUR, unresolved_share=0.8) == []
    assert raised(engine, NOON + HOUR) == [("unresolved_speakers", "everything")]


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
    [alert] = read_alerts(Home(home))
    assert (alert["rule"], alert["subject"]) == ("failed_check", "quote_text_is_at_its_place")
    assert (alert["value"], alert["threshold"]) == (1, 0)
    assert "`ontherecord doctor` shows rows that break it" in alert["message"]
    assert rows(home, "select count(*) from ops.alerts") == [(0,)]  # nothing was published
    with duckdb.connect(str(home / "writer.duckdb")) as writer:
        writer.execute("update quotes set char_start = char_start - 1")
    run(landing, home)
    assert read_alerts(Home(home)) == []
    assert len(read_alerts(Home(home), everything=True)) == 1


def test_failed_run_is_told_once_until_one_ends_well(landing: Path, home: Path) -> None:
    for _ in range(2):
        with pytest.raises(LandingError):
            run(landing / "nowhere", home)
    [alert] = read_alerts(Home(home))
    assert (alert["rule"], alert["subject"], alert["sent_at"]) == ("failed_run", "ingest", None)
    assert "does not exist. Create it" in alert["message"]
    run(landing, home)
    assert read_alerts(Home(home)) == []
    with pytest.raises(LandingError):
        run(landing / "nowhere", home)
    assert len(read_alerts(Home(home), everything=True)) == 2


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
    wrong(landing, 10)
    run(landing, home)
    assert run(landing, home).published  # the alert came up when the run before had published
    assert rows(home, "select rule, resolved_at from ops.alerts") == [("held_back", None)]
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
        alerting(engine, load_settings(home=home), Quietly()),
    ):
        raise ValueError("first")
    assert "Alerts could not be looked for" in caught.value.__notes__[0]


def test_new_alerts_are_said_without_what_steers_a_terminal(engine: Engine, home: Path) -> None:
    conduct = Quietly()
    deliver_daily(engine, now() - 3 * DAY, section="A\x1b[31mred")
    deliver_daily(engine, now(), section="Sport")
    look_for_alerts(engine, load_settings(home=home), conduct)
    [line] = conduct.lines
    assert line.startswith("alert: freshness, section A\\x1b[31mred: Nothing new for 72 hours")


def test_alerts_of_a_home_without_runs_say_what_to_do(home: Path) -> None:
    with pytest.raises(WarehouseError, match="ontherecord ingest LANDING"):
        read_alerts(Home(home))


def test_every_number_in_the_settings_is_used_by_a_rule_and_every_rule_says_what_it_is() -> None:
    used = set()
    for file in sql.statements("alerts"):
        assert file.read_text().startswith("-- "), file.name
        used |= set(re.findall(r"\$(\w+)", file.read_text()))
    assert used == {*AlertSettings().limits, "now"}
