"""Dates: the exact form, near misses, and all that is no one moment."""

from __future__ import annotations

import _strptime
import calendar
import json
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any, get_args

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
    read = read_date(text)
    assert read.published_at_utc is not None
    assert replace(read, published_at_utc=None) == ReadDate(MOMENT, ("date_repaired", "date_zone"))


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
    read = read_date(text)
    assert replace(read, readings=()) == ReadDate(None, problem=problem)
    assert not read.readings or problem == "ambiguous"


def test_every_problem_is_a_rule_and_the_message_gives_the_form_wanted() -> None:
    suite = json.loads((files("ontherecord.expectations") / "headers.json").read_text("utf-8"))[
        "expectations"
    ]
    messages = {e["meta"]["rule"]: e["meta"]["message"] for e in suite}
    assert set(NO_MOMENTS) == set(get_args(DateProblem))
    for problem in NO_MOMENTS:
        assert "Write it as 'Thursday, December 17, 2015 - 01:00'" in messages[f"date_{problem}"]


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


@pytest.mark.parametrize(
    ("text", "local", "utc"),
    [
        ("2019-07-10T13:18:00Z", "13:18", "13:18"),
        ("2019-07-10T13:18:00.000+0000", "13:18", "13:18"),
        ("2019-07-10 13:18:00 -4", "13:18", "17:18"),
        ("2019-07-10T13:18+05:30", "13:18", "07:48"),
        ("20190710T131800-0500", "13:18", "18:18"),
        ("Wed, 10 Jul 2019 13:18:00 +0200", "13:18", "11:18"),
        ("Wed, 10 Jul 2019 13:18:00 -0700 (PDT)", "13:18", "20:18"),
        ("Wed Jul 10 13:18:00 +0000 2019", "13:18", "13:18"),
        ("Wed Jul 10 13:18:00 UTC 2019", "13:18", "13:18"),
        ("Wed Jul 10 2019 13:18:00 GMT+0100 (British Summer Time)", "13:18", "12:18"),
        ("July 10th, 2019 1:18 PM ET", "13:18", "17:18"),
        ("Updated 1:18 PM ET, Wed July 10, 2019", "13:18", "17:18"),
        ("1:18 p.m. EDT, July 10, 2019", "13:18", "17:18"),
        ("July 10, 2019 at 1:18 p.m. PT", "13:18", "20:18"),
        ("July 10, 2019, 1:18pm Eastern Daylight Time", "13:18", "17:18"),
        ("July 10, 2019, 1:18pm Pacific Time", "13:18", "20:18"),
        ("10 July 2019 13:18 GMT+1", "13:18", "12:18"),
        ("10 July 2019, 1318 GMT", "13:18", "13:18"),
        ("10 July 2019 13:18 BST", "13:18", "12:18"),
        ("July 10, 2019 Wednesday 1:18 PM GMT", "13:18", "13:18"),
        ("July 10, 2019 Wednesday 13:18 PM GMT", "13:18", "13:18"),
    ],
)
def test_a_zone_gives_the_moment_and_leaves_the_clock_as_written(text: str, local: str, utc: str) -> None:
    read = read_date(text)
    assert read.published_at == datetime.fromisoformat(f"2019-07-10 {local}")
    assert read.published_at_utc == datetime.fromisoformat(f"2019-07-10 {utc}")
    assert read.warnings == ("date_repaired", "date_zone")


def test_a_place_has_winter_and_summer_time() -> None:
    assert read_date("January 10, 2019 1:18 PM ET").published_at_utc == datetime(2019, 1, 10, 18, 18)
    assert read_date("January 10, 2019 1:18 PM EDT").published_at_utc == datetime(2019, 1, 10, 17, 18)


@pytest.mark.parametrize("zone", ["IST", "AST", "+99:00"])
def test_a_zone_of_several_countries_is_warned_of_and_gives_no_moment(zone: str) -> None:
    read = read_date(f"10 July 2019 13:18 {zone}")
    assert (read.published_at, read.published_at_utc) == (datetime(2019, 7, 10, 13, 18), None)
    assert "date_zone" in read.warnings


@pytest.mark.parametrize(
    "text",
    [
        "July 10th, 2019, 13:18",
        "10th of July 2019 13:18",
        "the 10th of July, 2019 at 13:18",
        "10 July 2019 13.18",
        "10 July 2019 13h18",
        "10 July 2019, 1318 hrs",
        "10 July 2019, 13:18 hrs",
        "Weds., July 10, 2019, 1:18 pm",
        "10-Jul-2019 13:18",
        "10/Jul/2019 13:18:00",
        "13:18, 10 July 2019",
        "13:18 Wednesday 10 July 2019",
        "Wed Jul 10 13:18:00 2019",
        "Published: July 10, 2019 @ 1:18 PM",
        "Last updated on 10 July 2019 at 13:18",
        "July 10, 2019 Wednesday 1:18 PM",
        "July 10, 2019 | 13:18",
        "2019-07-10, 13:18",
        "Wed 10.07.2019 13:18",
        "Wednesday, 10/07/2019 13:18",
    ],
)
def test_ways_to_write_a_moment_that_can_mean_only_one(text: str) -> None:
    assert read_date(text) == ReadDate(datetime(2019, 7, 10, 13, 18), ("date_repaired",))


@pytest.mark.parametrize(
    ("text", "hour"), [("1 PM", 13), ("noon", 12), ("12 noon", 12), ("midnight", 0), ("11 a.m.", 11)]
)
def test_a_full_hour_may_stand_without_minutes(text: str, hour: int) -> None:
    assert read_date(f"July 10, 2019, {text}").published_at == datetime(2019, 7, 10, hour)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("10.07.2019", "10 July 2019 or 7 October 2019"),
        ("7/10/2019 1:18:00 PM", "7 October 2019 or 10 July 2019"),
        ("17/12/15", "17 December 2015 or 15 December 2017"),
        ("Fri 10.07.2019", "10 July 2019 or 7 October 2019"),
    ],
)
def test_an_ambiguous_date_names_what_it_may_mean(text: str, readings: str) -> None:
    read = read_date(text)
    assert (read.published_at, read.problem) == (None, "ambiguous")
    assert read.name_readings() == readings


@pytest.mark.parametrize(
    ("text", "first", "day"),
    [
        ("10.07.2019", "day", datetime(2019, 7, 10)),
        ("10.07.2019", "month", datetime(2019, 10, 7)),
        ("10/07/19", "day", datetime(2019, 7, 10)),
        ("10/07/69", "day", datetime(1969, 7, 10)),
        ("18.02.2016", "month", datetime(2016, 2, 18)),  # there is no month 18, whatever the setting
        ("02/18/2016", "day", datetime(2016, 2, 18)),
    ],
)
def test_the_caller_may_say_what_comes_first(text: str, first: Any, day: datetime) -> None:
    assert read_date(text, first=first) == ReadDate(day, ("date_repaired",))


@pytest.mark.parametrize(
    "number", ["1562764680", "1562764680.25", "1562764680000", "1562764680000000", "1562764680000000000"]
)
def test_a_number_in_a_table_is_a_moment_in_utc(number: str) -> None:
    moment = datetime(2019, 7, 10, 13, 18)
    read = read_date(number, numbers=True)
    assert (read.published_at, read.published_at_utc) == (moment, moment)
    assert read_date(number).problem == "number"


@pytest.mark.parametrize(
    ("number", "day"),
    [("20190710", datetime(2019, 7, 10)), ("20190710131859", datetime(2019, 7, 10, 13, 18))],
)
def test_digits_of_a_day_are_read_in_a_table(number: str, day: datetime) -> None:
    assert read_date(number, numbers=True) == ReadDate(day, ("date_repaired",))


@pytest.mark.parametrize(
    "number", ["2019", "201907", "42064.378", "-1562764680", "99999999999", "1e9", "٢٠١٩٠٧١٠"]
)
def test_other_numbers_in_a_table_are_no_dates(number: str) -> None:
    assert read_date(number, numbers=True).published_at is None
    assert read_date("20191399", numbers=True).problem == "impossible"


@pytest.mark.parametrize(
    "text",
    [
        "May 2019 was dry",
        "10 July",
        "July",
        "1318",
        "1318 hrs",
        "10 July 2019 to 12 July 2019",
        "July 10 2019 at home",
        "x" * 5_000,
    ],
)
def test_texts_that_only_look_like_dates_are_left_alone(text: str) -> None:
    assert read_date(text, numbers=True).published_at is None
