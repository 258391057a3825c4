"""Alerts of what is not as usual: silence, few articles, many quarantined, quotes without speakers."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from days import DAY, HOUR, NOON, deliver, deliver_daily, is_open, judge, raised
from runs import article, land_wrong, run
from sqlalchemy import Engine, text

from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.runs import now
from ontherecord.warehouse.status import read_alerts

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
    with open_writer(DataDir(home), "test") as engine:
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
    assert alert.message.startswith(
        "Only 21 articles published on 2026-03-17, where 41 are usual on a Tuesday"
    )
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


# Quarantined


def test_share_held_back_is_told_once_and_over_when_the_files_are_mended(landing: Path, home: Path) -> None:
    (landing / "good.txt").write_text(article())
    land_wrong(landing, 9)
    run(landing, home)
    assert read_alerts(DataDir(home)) == []
    land_wrong(landing, 10)
    run(landing, home)
    [alert] = read_alerts(DataDir(home))
    assert (alert["rule"], alert["subject"], alert["threshold"]) == ("quarantine_rate", "last 24 hours", 0.1)
    assert alert["message"].startswith("10 of 11 files are quarantined.")
    run(landing, home)
    assert len(read_alerts(DataDir(home), everything=True)) == 1
    (landing / "wrong 0.txt").write_text(article(title="Fixed"))
    run(landing, home)
    assert read_alerts(DataDir(home)) == []
    [alert] = read_alerts(DataDir(home), everything=True)
    assert alert["resolved_at"] is not None
    land_wrong(landing, 1)
    run(landing, home)
    assert [a["subject"] for a in read_alerts(DataDir(home))] == ["last 24 hours"]


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
    decide("run 3", "retry-quarantine", NOON, quarantined=500)
    found = judge(engine, NOON + HOUR).raised
    assert [(a.rule, a.subject, round(a.value or 0, 2)) for a in found] == [
        ("quarantine_rate", "one run", 0.33)
    ]
    assert "15 of 45 files of run run 2 are quarantined" in found[0].message
    assert judge(engine, NOON + 25 * HOUR).open == ()


# Speakers


def quote(engine: Engine, loaded_at: datetime, known: int, unknown: int) -> None:
    """Load quotes with a known speaker, the first a joint one, others without, and as many acts."""
    deliver(engine, loaded_at)
    with engine.begin() as connection:
        connection.execute(
            text(
                "insert into quotes by name select (select max(article_id) from articles) as article_id, "
                "n as quote_no, n as utterance_no, if(n <= :count, 'direct', 'act') as kind, 'x' as text, "
                "0 as char_start, 1 as char_end, if(n between 2 and :known, 1, null) as speaker_entity_id, "
                "1 as confidence, case when n = 1 then 2 when n <= :known then 1 else 0 end as speaker_count "
                "from range(1, 2 * :count + 1) as numbers(n)"
            ),
            {"known": known, "count": known + unknown},
        )
        connection.execute(
            text(
                "insert into quote_speakers by name "
                "select (select max(article_id) from articles) as article_id, "
                "n as quote_no, speaker_no, 1 as speaker_entity_id, 'x' as speaker, 'x' as speaker_name "
                "from range(1, :known + 1) as numbers(n), range(if(n = 1, 2, 1)) as speakers(speaker_no)"
            ),
            {"known": known},
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
    assert raised(engine, NOON + HOUR, unresolved_rate=0.8) == []
    assert raised(engine, NOON + HOUR) == [("unresolved_speakers", "everything")]
