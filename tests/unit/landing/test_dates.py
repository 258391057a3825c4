"""Dates: the exact form, near misses, and all that is no one moment."""

from __future__ import annotations

import _strptime
import calendar
import json
from datetime import datetime, timedelta
from importlib.resources import files
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontherecord.flows.landing.dates import MONTHS, WEEKDAYS, ReadDate, read_date
from ontherecord.warehouse.records import DateProblem

MOMENT = datetime(2015, 3, 3, 9, 5)


def _in_the_exact_form(moment: datetime, days_off: int = 0) -> str:
    weekday = WEEKDAYS[(moment.weekday() + days_off) % 7].capitalize()
    month = MONTHS[moment.month - 1].capitalize()
    return f"{weekday}, {month} {moment.day:02}, {moment.year:04} - {moment.hour:02}:{moment.minute:02}"


@given(st.datetimes().map(lambda moment: moment.replace(second=0, microsecond=0)))
def test_the_exact_form_is_read_without_a_warning(moment: datetime) -> None:
    assert read_date(_in_the_exact_form(moment)) == ReadDate(moment)


@pytest.mark.parametrize("days_off", range(1, 7))
def test_a_weekday_not_the_dates_own_is_warned_of(days_off: int) -> None:
    assert read_date(_in_the_exact_form(MOMENT, days_off)) == ReadDate(MOMENT, ("date_weekday",))


@pytest.mark.parametrize(
    "text",
    [
        "Tue, March 03, 2015 - 09:05",
        "Tuesday, Mar 03, 2015 - 09:05",
        "Tue, Mar 03, 2015 - 09:05",
        "Tues., Mar. 03, 2015 - 09:05",
        "tuesday, march 03, 2015 - 09:05",
        "TUESDAY, MARCH 03, 2015 - 09:05",
        "Tuesday, March 3, 2015 - 09:05",
        "Tuesday, March 03, 2015 - 9:05",
        "Tuesday, March 03, 2015 - 09:05:59",
        "Tuesday, March 03, 2015 - 09:05 am",
        "Tuesday, March 03, 2015 - 9:05 A.M.",
        "Tuesday, March 03, 2015 at 09:05",
        "Tuesday, March 03, 2015 – 09:05",
        "Tuesday March 03 2015 09:05",
        "Tuesday,  March 03,\u00a02015 - 09:05",
        " Tuesday, March 03, 2015 - 09:05",
        "March 03, 2015 - 09:05",
        "Tuesday, 3 March 2015 - 09:05",
        "3 Mar 2015, 09:05",
        "2015-03-03 09:05",
        "2015-03-03T09:05:00",
        "2015-03-03T09:05:00.123",
        "2015-3-3 09:05",
        "2015/03/03 09:05",
        "2015.03.03 09:05",
        "03/03/2015 09:05",
        "3.3.2015 - 9:05 am",
    ],
)
def test_a_near_miss_is_read_and_warned_of(text: str) -> None:
    assert read_date(text) == ReadDate(MOMENT, ("date_repaired",))


@pytest.mark.parametrize(
    ("clock", "hour"), [("12:05 AM", 0), ("1:05 am", 1), ("11:05 a.m.", 11), ("12:05 PM", 12), ("1:05pm", 13)]
)
def test_a_twelve_hour_clock_knows_noon_from_midnight(clock: str, hour: int) -> None:
    assert read_date(f"Tuesday, March 03, 2015 - {clock}").published_at == MOMENT.replace(hour=hour)


@pytest.mark.parametrize("text", ["Tuesday, March 03, 2015", "2015-03-03", "3 March 2015"])
def test_a_day_without_a_time_begins_at_midnight(text: str) -> None:
    assert read_date(text) == ReadDate(datetime(2015, 3, 3), ("date_repaired",))


def test_a_date_may_be_wrong_in_two_ways() -> None:
    assert read_date("Monday, March 3, 2015 - 09:05").warnings == ("date_repaired", "date_weekday")


def test_every_short_name_means_what_it_shortens() -> None:
    for month, name in enumerate(MONTHS, start=1):
        assert read_date(f"{name[:3]} 1, 2015").published_at == datetime(2015, month, 1)
    for days, name in enumerate(WEEKDAYS):
        day = datetime(2015, 3, 2) + timedelta(days)
        assert read_date(f"{name[:3]}, March {day.day}, 2015").warnings == ("date_repaired",)


@pytest.mark.parametrize("text", ["17/12/2015", "12/17/2015", "17.12.2015", "12-17-2015", "17-12-2015"])
def test_a_number_above_twelve_tells_day_from_month(text: str) -> None:
    assert read_date(text) == ReadDate(datetime(2015, 12, 17), ("date_repaired",))


@pytest.mark.parametrize(
    "text",
    [
        "2015-03-03T09:05:00Z",
        "2015-03-03 09:05:00+02:00",
        "2015-03-03T09:05:00.123-0500",
        "2015-03-03T09:05 UTC",
        "Tue, 03 Mar 2015 09:05:00 +0000",
        "Tuesday, March 03, 2015 - 09:05 GMT",
        "Tuesday, March 3, 2015 at 9:05 am EST",
        "03/03/2015 09:05 CET",
        "Tuesday, March 03, 2015 - 09:05 GMT+1:00".replace("+1", "+01"),
    ],
)
def test_the_clock_is_taken_as_written_whatever_the_zone(text: str) -> None:
    assert read_date(text) == ReadDate(MOMENT, ("date_repaired", "date_zone"))


NO_MOMENTS = {
    "unreadable": (
        "",
        "Tuesday",
        "March 2015",
        "Tuesday, March 03, 20155 - 09:05",
        "Tuesday, March 03, 2015 - 09",
        "Tuesday, March 03 - March 04, 2015",
        "March 3-4, 2015",
        "nan",
        "NULL",
        "{{ date }}",
    ),
    "impossible": (
        "Tuesday, March 03, 0000 - 09:05",
        "Tuesday, March 00, 2015 - 09:05",
        "Tuesday, March 32, 2015 - 09:05",
        "Sunday, February 29, 2015 - 09:05",
        "31 February 2015",
        "Tuesday, March 03, 2015 - 24:00",
        "Tuesday, March 03, 2015 - 25:00",
        "Tuesday, March 03, 2015 - 09:60",
        "Tuesday, March 03, 2015 - 13:05 pm",
        "Tuesday, March 03, 2015 - 0:05 am",
        "2015-13-01",
        "2015-02-29T09:05:00",
        "17/13/2015",
        "31/02/2015",
    ),
    "ambiguous": (
        "03/04/2015",
        "3.4.2015 09:05",
        "03-04-2015",
        "17/12/15",
        "Tuesday, March 03, 15 - 09:05",
        "Tuesday, March 03, 20 - 09:05",
        "3 March '15",
    ),
    "relative": ("tomorrow", "yesterday", "Yesterday, 09:05", "3 hours ago", "last Tuesday", "today 9 am"),
    "number": ("20150303", "1425373500", "1425373500000", "42064.378", "2015"),
    "not_english": (
        "Someday, March 03, 2015 - 09:05",
        "Tuesday, Mumble 03, 2015 - 09:05",
        "Tuesday, Ma 03, 2015 - 09:05",
        "Thursday, Septem 03, 2015 - 09:05",
        "Dienstag, 3. März 2015 - 09:05",
        "jeudi 17 décembre 2015",
        "17 de diciembre de 2015",
        "2015年12月17日",
        "17 ديسمبر 2015",
        "17 декабря 2015 г.",
        "Tuesday, March 03, 2015 - 09:05 or so",
        "Tuesday, March 03, 2015 - 09:05 Atlantis time",
    ),
}


@pytest.mark.parametrize(
    ("problem", "text"), [(problem, text) for problem, texts in NO_MOMENTS.items() for text in texts]
)
def test_what_is_not_one_moment_is_not_guessed_at_but_told_apart(problem: DateProblem, text: str) -> None:
    assert read_date(text) == ReadDate(None, problem=problem)


def test_every_problem_is_a_rule_and_the_message_gives_the_form_wanted() -> None:
    suite = json.loads((files("ontherecord.expectations") / "headers.json").read_text("utf-8"))[
        "expectations"
    ]
    messages = {e["meta"]["rule"]: e["meta"]["message"] for e in suite}
    assert set(NO_MOMENTS) == set(get_args(DateProblem))
    for problem in NO_MOMENTS:
        assert messages[f"date_{problem}"].endswith("'Thursday, December 17, 2015 - 01:00'.")


def test_the_language_of_the_machine_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    days = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]
    months = ["", *(f"Monat{n}" for n in range(1, 13))]
    for name, names in {
        "day_name": days,
        "day_abbr": days,
        "month_name": months,
        "month_abbr": months,
    }.items():
        monkeypatch.setattr(calendar, name, names)
    monkeypatch.setattr(_strptime, "_TimeRE_cache", _strptime.TimeRE())
    monkeypatch.setattr(_strptime, "_regex_cache", {})
    with pytest.raises(ValueError, match="does not match"):
        datetime.strptime("March", "%B")  # the library's own reader is at the mercy of the locale
    assert read_date(_in_the_exact_form(MOMENT)) == ReadDate(MOMENT)
