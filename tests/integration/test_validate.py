"""Validate: every oddity in tests/files, and the header suite, on real Great Expectations."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ontherecord.expectations.validate import HeaderSuite, Verdict
from ontherecord.flows.landing.folder import list_landing
from ontherecord.flows.landing.parse import parse
from ontherecord.flows.landing.read import read
from ontherecord.warehouse.errors import BadDelivery, PipelineError
from ontherecord.warehouse.records import Delivery, Failure, InFile, LandedFile, RawFile

FILES = Path(__file__).parents[1] / "files"
SUITE = Path(__file__).parents[2] / "expectations" / "headers.json"
NOW = datetime(2026, 1, 1)

with (FILES / "expected.csv").open(encoding="utf-8", newline="") as table:
    EXPECTED = {row["file"]: row for row in csv.DictReader(table)}

Deliver = Callable[..., Delivery]
Parsed = tuple[dict[str, Delivery], dict[str, tuple[Failure, ...]]]


@pytest.fixture(scope="session")
def suite() -> HeaderSuite:
    return HeaderSuite()


@pytest.fixture(scope="session")
def deliver() -> Deliver:
    """Return a maker of well-formed deliveries, but for what it is told."""
    headers = b"## Title: Cat returns\n## Section: Local\n## Date: Tuesday, March 10, 2015 - 09:30\n"
    content = headers + b"\nThe cat is back home.\n"
    landed = LandedFile("a.txt", Path("a.txt"), len(content), 0)
    sound = parse(RawFile(landed, content, hashlib.sha256(content).hexdigest()))
    return lambda **changes: replace(sound, **changes)


@pytest.fixture(scope="session")
def parsed() -> Parsed:
    """Return the files that could be parsed, and the failures of those that could not."""
    deliveries, refused = {}, {}
    for landed in (file for file in list_landing(FILES) if file.source_path != "expected.csv"):
        try:
            deliveries[landed.source_path] = parse(read(landed))
        except BadDelivery as error:
            refused[landed.source_path] = error.failures
    return deliveries, refused


@pytest.fixture(scope="session")
def verdicts(suite: HeaderSuite, parsed: Parsed) -> dict[str, Verdict]:
    """Return what became of each file, all of them validated in one batch as in a run."""
    deliveries, refused = parsed
    found = suite.validate(list(deliveries.values()), NOW)
    passed = {
        path: replace(verdict, warnings=(*deliveries[path].warnings, *verdict.warnings))
        for path, verdict in zip(deliveries, found, strict=True)
    }
    return passed | {path: Verdict(failures, ()) for path, failures in refused.items()}


@pytest.mark.parametrize("path", EXPECTED)
def test_each_odd_file_loads_or_is_held_back_as_expected(verdicts: dict[str, Verdict], path: str) -> None:
    verdict, expected = verdicts[path], EXPECTED[path]
    outcome = "quarantine" if verdict.failures else "load"
    rules = [f.rule for f in verdict.failures] if verdict.failures else verdict.warnings
    assert (outcome, " ".join(sorted(rules))) == (expected["outcome"], expected["rules"])


def test_every_odd_file_is_in_the_table_and_every_row_has_its_file(verdicts: dict[str, Verdict]) -> None:
    assert set(verdicts) == set(EXPECTED)


def test_every_rule_of_the_suite_has_a_file_that_breaks_it() -> None:
    rules = {e["meta"]["rule"] for e in json.loads(SUITE.read_text("utf-8"))["expectations"]}
    assert rules <= {rule for row in EXPECTED.values() for rule in row["rules"].split()}


def test_a_title_that_looks_like_no_value_is_the_title(
    parsed: Parsed,
) -> None:
    titles = {path: delivery.title for path, delivery in parsed[0].items() if path.startswith("whole/title-")}
    assert sorted(titles.values()) == ["1e5", "2015", "NULL", "None", "nan", "true"]


@pytest.mark.parametrize(
    "path",
    [
        "whole/plain.txt",
        "whole/title-nan.txt",
        "headers/section-missing.txt",
        "headers/title-missing.txt",
        "headers/date-missing.txt",
        "headers/date-conflict.txt",
        "dates/words.txt",
        "dates/year-215.txt",
        "body/missing.txt",
    ],
)
def test_a_file_alone_gets_the_verdict_it_gets_among_others(
    suite: HeaderSuite,
    parsed: Parsed,
    verdicts: dict[str, Verdict],
    path: str,
) -> None:
    delivery = parsed[0][path]
    (alone,) = suite.validate([delivery], NOW)
    assert replace(alone, warnings=(*delivery.warnings, *alone.warnings)) == verdicts[path]


def test_every_failure_says_what_to_do(verdicts: dict[str, Verdict]) -> None:
    for path, verdict in verdicts.items():
        for failure in verdict.failures:
            assert len(failure.message) > 30, (path, failure)
            assert failure.message.endswith((".", "…'.")), (path, failure)


@pytest.mark.parametrize(
    ("changes", "failures"),
    [
        ({}, []),
        ({"title": None}, [("title_missing", "title", None)]),
        ({"title": "x" * 1001}, [("title_too_long", "title", "x" * 199 + "…")]),
        (
            {"date_text": "soon", "published_at": None, "date_problem": "unreadable"},
            [("date_unreadable", "date_problem", "soon")],
        ),
        (
            {"date_text": "the year 215", "published_at": datetime(215, 3, 10)},
            [("date_too_early", "published_at", "the year 215")],
        ),
        (
            {"date_text": "in 2030", "published_at": datetime(2030, 1, 1)},
            [("date_far_ahead", "days_ahead", "in 2030")],
        ),
        ({"date_text": None, "published_at": None}, [("date_missing", "date_text", None)]),
        ({"body": "", "word_count": 0}, [("body_missing", "word_count", "0 words")]),
        ({"conflicts": (("title", ("a", "b")),)}, [("title_conflict", "title_conflict", "a | b")]),
        (
            {"title": None, "date_text": None, "published_at": None, "body": "", "word_count": 0},
            [
                ("body_missing", "word_count", "0 words"),
                ("date_missing", "date_text", None),
                ("title_missing", "title", None),
            ],
        ),
    ],
)
def test_a_failure_names_its_rule_column_and_value(
    suite: HeaderSuite, deliver: Deliver, changes: dict[str, Any], failures: list[tuple[str, str, str | None]]
) -> None:
    (verdict,) = suite.validate([deliver(**changes)], NOW)
    assert sorted((f.rule, f.column_name, f.value) for f in verdict.failures) == failures


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"title": "x" * 250}, ()),
        ({"title": "x" * 251}, ("title_long",)),
        ({"title": "x" * 1000}, ("title_long",)),
        ({"section": "x" * 60}, ()),
        ({"section": "x" * 61}, ("section_long",)),
        ({"word_count": 4}, ("body_short",)),
        ({"word_count": 5}, ()),
        ({"published_at": datetime(1600, 1, 1)}, ()),
        ({"published_at": datetime(1970, 1, 1)}, ("date_zero",)),
        ({"published_at": datetime(1970, 1, 1, 0, 1)}, ()),
        ({"published_at": NOW + timedelta(days=1)}, ()),
        ({"published_at": NOW + timedelta(days=1, minutes=1)}, ("date_ahead",)),
        ({"published_at": NOW + timedelta(days=7)}, ("date_ahead",)),
    ],
)
def test_a_limit_is_where_the_suite_says(
    suite: HeaderSuite, deliver: Deliver, changes: dict[str, Any], rules: tuple[str, ...]
) -> None:
    assert suite.validate([deliver(**changes)], NOW) == [Verdict((), rules)]


@pytest.mark.parametrize(
    "changes",
    [
        {"published_at": datetime(1599, 12, 31, 23, 59)},
        {"published_at": datetime(1, 1, 1)},
        {"published_at": NOW + timedelta(days=7, minutes=1)},
        {"published_at": datetime(9999, 12, 31, 23, 59)},
    ],
)
def test_a_date_beyond_its_limits_is_held_back(
    suite: HeaderSuite, deliver: Deliver, changes: dict[str, Any]
) -> None:
    (verdict,) = suite.validate([deliver(**changes)], NOW)
    assert [f.rule for f in verdict.failures] in (["date_too_early"], ["date_far_ahead"])


def test_dates_are_held_against_the_present_where_no_other_moment_is_given(
    suite: HeaderSuite, deliver: Deliver
) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    verdicts = suite.validate([deliver(published_at=now + timedelta(days=days)) for days in (0, 3, 30)])
    assert [([f.rule for f in v.failures], v.warnings) for v in verdicts] == [
        ([], ()),
        ([], ("date_ahead",)),
        (["date_far_ahead"], ("date_ahead",)),
    ]


def test_verdicts_come_in_the_order_of_the_deliveries(suite: HeaderSuite, deliver: Deliver) -> None:
    titles = ["a", None, "b", None, None, "c"] * 50
    verdicts = suite.validate([deliver(title=title) for title in titles], NOW)
    assert [bool(v.failures) for v in verdicts] == [title is None for title in titles]


def test_an_empty_batch_has_no_verdicts(suite: HeaderSuite) -> None:
    assert suite.validate([]) == []


def _suite_of(folder: Path, *expectations: dict[str, Any]) -> HeaderSuite:
    file = folder / "ours.json"
    file.write_text(json.dumps({"name": "ours", "expectations": list(expectations)}))
    return HeaderSuite(file)


def _rule(column: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "expect_column_values_to_be_in_set",
        "kwargs": {"column": column, "value_set": ["World"]},
        "meta": {"rule": "not_world", "message": "Only news of the world."},
        "severity": "critical",
        **more,
    }


def test_another_suite_takes_the_place_of_ours(tmp_path: Path, deliver: Deliver) -> None:
    ours = _suite_of(tmp_path, _rule("section"))
    local, world = ours.validate([deliver(title=None), deliver(section="World")])
    assert local.failures == (Failure("not_world", "section", "Local", "Only news of the world."),)
    assert world == Verdict((), ())


def test_a_suite_may_use_the_new_columns_and_any_header(tmp_path: Path, deliver: Deliver) -> None:
    plain = {"form": "csv", "url": "https://post.example/7", "byline": "By Ida Brandt", "language": "en"}
    ours = _suite_of(
        tmp_path,
        _rule("outlet", kwargs={"column": "outlet", "value_set": ["The Post"]}),
        _rule(
            "headers.desk",
            kwargs={"column": "headers.desk", "value_set": ["Foreign"]},
            meta={"rule": "not_foreign", "message": "Only the foreign desk."},
        ),
        _rule("authors", kwargs={"column": "authors", "value_set": ["Ida Brandt; Omar Haddad"]}),
        *(
            _rule(name, kwargs={"column": name, "value_set": [value]})
            for name, value in {**plain, "article_key": "7"}.items()
        ),
        _rule(
            "published_at_utc",
            type="expect_column_values_to_be_between",
            kwargs={
                "column": "published_at_utc",
                "min_value": "2015-03-10T00:00:00",
                "max_value": "2015-03-11T00:00:00",
            },
        ),
    )
    sound = deliver().raw
    raw = replace(sound, landed=replace(sound.landed, in_file=InFile("a.csv", "7", 1)))
    right = {**plain, "outlet": "The Post", "authors": ("Ida Brandt", "Omar Haddad"), "raw": raw}
    right["published_at_utc"] = datetime(2015, 3, 10, 8, 30)
    found = ours.validate(
        [
            deliver(**right, headers=(("desk", "Foreign"),)),
            deliver(**right, headers=(("desk", "Sport"),)),
            deliver(**right),  # a header that is missing breaks no rule on its values
            deliver(**{**right, "outlet": "The Mail"}),
            deliver(**{**right, "url": "https://mail.example/7", "published_at_utc": datetime(2015, 3, 9)}),
            deliver(**{**right, "raw": replace(raw, landed=replace(raw.landed, in_file=None))}),
        ]
    )
    assert [[(f.column_name, f.value) for f in verdict.failures] for verdict in found] == [
        [],
        [("headers.desk", "Sport")],
        [],
        [("outlet", "The Mail")],
        [("url", "https://mail.example/7"), ("published_at_utc", "2015-03-09 00:00:00")],
        [],  # the only article of its file has no key
    ]


@pytest.mark.parametrize("severity", ["warning", "info"])
def test_what_is_not_critical_is_a_warning(tmp_path: Path, deliver: Deliver, severity: str) -> None:
    ours = _suite_of(tmp_path, _rule("section", severity=severity))
    assert ours.validate([deliver()]) == [Verdict((), ("not_world",))]


def test_a_rule_about_a_column_there_is_none_of_fails_the_run(tmp_path: Path, deliver: Deliver) -> None:
    with pytest.raises(PipelineError, match=r"not_world .*could not be evaluated.*nowhere"):
        _suite_of(tmp_path, _rule("nowhere")).validate([deliver()])


@pytest.mark.parametrize(
    "content",
    [None, "", "{", "[]", '{"expectations": []}', '{"name": "a", "expectations": [{"type": "expect_what"}]}'],
)
def test_a_suite_that_cannot_be_read_fails_the_run_and_is_named(
    tmp_path: Path, deliver: Deliver, content: str | None
) -> None:
    file = tmp_path / "ours.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(PipelineError, match=r"ours\.json cannot be read"):
        HeaderSuite(file).validate([deliver()])


def test_rules_on_several_columns_judge_each_file(tmp_path: Path, deliver: Deliver) -> None:
    ours = _suite_of(
        tmp_path,
        _rule(
            "",
            type="expect_column_pair_values_to_be_equal",
            kwargs={"column_A": "section", "column_B": "headers.desk"},
            meta={"rule": "other_desk", "message": "Section and desk must be the same."},
        ),
        _rule(
            "",
            type="expect_compound_columns_to_be_unique",
            kwargs={"column_list": ["outlet", "url"]},
            meta={"rule": "same_url", "message": "Only one article of an address."},
            severity="warning",
        ),
    )
    verdicts = ours.validate(
        [
            deliver(outlet="The Post", url="https://post.example/1", headers=(("desk", "Local"),)),
            deliver(outlet="The Post", url="https://post.example/1", headers=(("desk", "World"),)),
            deliver(outlet="The Post", url="https://post.example/2", headers=(("desk", "Local"),)),
        ]
    )
    assert [[(f.rule, f.column_name, f.value) for f in v.failures] for v in verdicts] == [
        [],
        [("other_desk", "section, headers.desk", "Local | World")],
        [],
    ]
    assert [v.warnings for v in verdicts] == [("same_url",), ("same_url",), ()]
    assert ours.of_batches == {}


def test_rules_on_a_batch_as_a_whole_are_told_and_hold_back_no_file(tmp_path: Path, deliver: Deliver) -> None:
    ours = _suite_of(
        tmp_path,
        _rule(
            "",
            type="expect_table_row_count_to_be_between",
            kwargs={"max_value": 1},
            meta={"rule": "many_files", "message": "More than one file at once."},
        ),
        _rule(
            "",
            type="expect_column_mean_to_be_between",
            kwargs={"column": "word_count", "min_value": 1e9},
            meta={"rule": "short_on_average", "message": "Texts are short."},
        ),
    )
    assert ours.validate([deliver(), deliver()]) == [Verdict((), ()), Verdict((), ())]
    assert ours.validate([deliver()]) == [Verdict((), ())]
    assert {rule: (found.count, found.message) for rule, found in ours.of_batches.items()} == {
        "many_files": (1, "More than one file at once."),
        "short_on_average": (2, "Texts are short."),
    }
    assert ours.of_batches["many_files"].observed == "2"


def test_data_docs_tell_of_every_batch(tmp_path: Path, deliver: Deliver) -> None:
    documented = HeaderSuite(docs=tmp_path / "docs")
    assert documented.validate([deliver(title=None)], NOW)[0].failures
    assert documented.validate([deliver()], NOW) == [Verdict((), ())]
    page = documented.build_docs()
    assert "headers" in page.read_text("utf-8")
    assert len(list((tmp_path / "docs" / "validations").rglob("*.html"))) == 2


def test_data_docs_keep_the_batches_of_earlier_runs(tmp_path: Path, deliver: Deliver) -> None:
    docs = tmp_path / "docs"
    for title in ("First <b>day</b>" * 100, "Second day" * 200, "Third day"):
        documented = HeaderSuite(docs=docs)
        documented.validate([deliver(title=title)], NOW)
        index = documented.build_docs().read_text("utf-8")
    pages = list((docs / "validations").rglob("*.html"))
    assert len(pages) == 3
    assert all(page.parent.name in index or page.name in index for page in pages)
    texts = [page.read_text("utf-8") for page in pages]
    assert sum("First &lt;b&gt;day" in text for text in texts) == 1  # escaped once


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"meta": {}}, "has no rule or no message"),
    ],
)  # fmt: skip
def test_expectations_that_cannot_hold_back_a_file_are_refused(
    tmp_path: Path, deliver: Deliver, change: dict[str, object], says: str
) -> None:
    wrong = json.loads(SUITE.read_text())
    wrong["expectations"] = [wrong["expectations"][0] | change]
    (tmp_path / "suite.json").write_text(json.dumps(wrong))
    with pytest.raises(PipelineError, match=says):
        HeaderSuite(tmp_path / "suite.json").validate([deliver()])
