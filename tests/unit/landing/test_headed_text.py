"""Parse, the headers: their values, the warning each repair gives, and what is refused as no article."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontherecord.flows.landing.parse import parse
from ontherecord.flows.landing.read import MAX_BYTES
from ontherecord.flows.landing.reading import BY_CONTENT, Reading
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import Delivery, RawFile

Raw = Callable[[str | bytes], RawFile]
Parse = Callable[[str], Delivery]

TITLE = "## Title: Cat returns\n"
SECTION = "## Section: Local\n"
DATE = "## Date: Tuesday, March 10, 2015 - 09:30\n"
HEADERS = TITLE + SECTION + DATE
BODY = "\nThe cat is back.\nIt is well.\n"


AS_HEADED_TEXT = Reading(form="headed-text")


def _refused(raw: RawFile, reading: Reading = BY_CONTENT) -> tuple[str, str | None, str | None]:
    with pytest.raises(BadDelivery) as caught:
        parse(raw, reading)
    (failure,) = caught.value.failures
    return failure.rule, failure.column_name, failure.value


def test_an_article_is_taken_apart_and_its_file_kept(raw_file: Raw) -> None:
    raw = raw_file(
        "## Title: Cat returns\n## Supertitle: Port Vale\n## Section: Local\n"
        "## Date: Tuesday, March 10, 2015 - 09:30\n\nCat returns\n\n"
        "PORT VALE : The cat is back.\nIt is well.\n- AFP\u00a0\n"
    )
    assert parse(raw) == Delivery(
        raw=raw,
        title="Cat returns",
        supertitle="Port Vale",
        section="Local",
        date_text="Tuesday, March 10, 2015 - 09:30",
        published_at=datetime(2015, 3, 10, 9, 30),
        date_problem=None,
        dateline="PORT VALE",
        agency="AFP",
        byline=None,
        body="The cat is back.\nIt is well.",
        word_count=7,
        conflicts=(),
        warnings=(),
        form="headed-text",
    )


@pytest.mark.parametrize(
    "headers",
    [
        DATE + SECTION + TITLE,
        "##title:Cat returns\n##SECTION:Local\n##date:Tuesday, March 10, 2015 - 09:30\n",
        "  ##  Title  :  Cat \u00a0 returns\u00a0\n\t##\tSection : Local \n"
        "##  Date:Tuesday,  March 10, 2015 - 09:30\n",
    ],
    ids=["order", "case", "spacing"],
)
def test_order_case_and_spacing_of_headers_make_no_difference(parsed: Parse, headers: str) -> None:
    found = parsed(headers + BODY)
    assert (found.title, found.section, found.date_text) == (
        "Cat returns",
        "Local",
        "Tuesday, March 10, 2015 - 09:30",
    )
    assert found.warnings == ()


def test_an_absent_header_and_an_empty_one_are_the_same(parsed: Parse) -> None:
    for headers in (TITLE, TITLE + "## Supertitle:\n## Section: \n## Date:\u00a0\n"):
        found = parsed(headers + BODY)
        assert (found.supertitle, found.section, found.date_text, found.published_at) == (None,) * 4


@pytest.mark.parametrize("value", ["NULL", "nan", "None", "2015", "a: b", "## b", "=1+1", "<b>"])
def test_a_value_is_text_whatever_it_looks_like(parsed: Parse, value: str) -> None:
    assert parsed(f"## Title: {value}\n{SECTION}{DATE}{BODY}").title == value


@pytest.mark.parametrize(
    ("headers", "warnings"),
    [
        (HEADERS + "## Author: Odile Brandt\n", ("unknown_header",)),
        (HEADERS + "## Word count: 3\n## E-mail: a@b\n", ("unknown_header",)),
        (TITLE + HEADERS, ("duplicate_header",)),
        ("## Title:\n" + HEADERS, ("duplicate_header",)),
        ("\n \n" + HEADERS, ("leading_blank_lines",)),
        ("Fetched at noon\n" + HEADERS, ("preamble",)),
        ("#!/robot\n\n" + HEADERS, ("preamble",)),
    ],
)
def test_oddities_of_headers_are_warned_of_and_the_values_kept(
    parsed: Parse, headers: str, warnings: tuple[str, ...]
) -> None:
    found = parsed(headers + BODY)
    assert (found.title, found.section, found.body) == (
        "Cat returns",
        "Local",
        "The cat is back.\nIt is well.",
    )
    assert found.warnings == warnings
    assert found.conflicts == ()


def test_a_header_with_two_values_keeps_the_first_and_tells_of_both(parsed: Parse) -> None:
    found = parsed(HEADERS + "## Section: World\n## TITLE: Cat  stays\n## Section: Local\n" + BODY)
    assert (found.title, found.section) == ("Cat returns", "Local")
    assert found.conflicts == (("title", ("Cat returns", "Cat stays")), ("section", ("Local", "World")))
    assert found.warnings == ("duplicate_header",)


def test_two_values_of_an_unknown_header_are_no_conflict(parsed: Parse) -> None:
    assert parsed(HEADERS + "## Author: A\n## Author: B\n" + BODY).conflicts == ()


def test_a_body_without_a_blank_line_above_is_read_and_warned_of(parsed: Parse) -> None:
    found = parsed(HEADERS + "The cat is back.\n")
    assert (found.body, found.warnings) == ("The cat is back.", ("missing_blank_line",))


@pytest.mark.parametrize(
    "text", ["Cat returns\n\nThe cat is back.\n", "# Title: a\n", "Title: a\nDate: b\n", "##:\n"]
)
def test_text_without_a_header_line_is_refused_with_its_first_line(raw_file: Raw, text: str) -> None:
    found = _refused(raw_file("\n" + text), AS_HEADED_TEXT)
    assert found == ("headers_missing", None, text.split("\n")[0])


@pytest.mark.parametrize("text", ["# Title: a\n", "##:\n"])
def test_what_no_other_form_takes_is_refused_as_headed_text(raw_file: Raw, text: str) -> None:
    assert _refused(raw_file("\n" + text)) == ("headers_missing", None, text.split("\n")[0])


PAGE = "<!DOCTYPE html>\n<html><head><title>404\n Not Found</title></head><body>Sorry.</body></html>"


@pytest.mark.parametrize(
    ("page", "value"),
    [
        (PAGE, "404 Not Found"),
        (f"\n  {PAGE}", "404 Not Found"),
        (PAGE.replace("404", "&Eacute;chec&nbsp;&ndash; 404"), "Échec – 404 Not Found"),
        (f"<!-- cache miss -->\n{PAGE.upper()}", "404 NOT FOUND"),
        (f'<?xml version="1.0"?>\n{PAGE}', "404 Not Found"),
        ("<html lang=en>\n<h1>Please log in</h1>", "a page without a title"),
        ("<head><title>" + "x" * 250 + "</title>", "x" * 200),
    ],
)
def test_a_web_page_in_the_place_of_an_article_is_refused_with_its_title(
    raw_file: Raw, page: str, value: str
) -> None:
    assert _refused(raw_file(page), AS_HEADED_TEXT) == ("html_page", None, value)
    assert _refused(raw_file(page))[0] == "no_article"  # as a page, whose reader says why
    assert _refused(raw_file(f"{HEADERS}\n{page}")) == ("html_page", None, value)
    assert _refused(raw_file(f"{HEADERS}\nCat returns\n\n{page}")) == ("html_page", None, value)


def test_a_page_further_down_is_text(body_of: Parse) -> None:
    assert body_of(f"The cat is back.\n{PAGE}").warnings == ("html_remnants",)


def test_a_long_first_line_is_shown_cut_short(raw_file: Raw) -> None:
    assert _refused(raw_file("x" * 201)) == ("headers_missing", None, "x" * 199 + "…")
    assert _refused(raw_file("x" * 200)) == ("headers_missing", None, "x" * 200)


@pytest.mark.parametrize(
    ("line", "column"), [(TITLE, "title"), (DATE, "date"), ("  ##DATE : soon\n", "date")]
)
def test_a_second_article_is_refused_with_its_first_header(raw_file: Raw, line: str, column: str) -> None:
    assert _refused(raw_file(HEADERS + BODY + line)) == ("second_article", column, f"line 7: {line.strip()}")


def test_a_subheading_with_a_colon_is_no_second_article(body_of: Parse) -> None:
    assert body_of("The cat is back.\n## Section: two\nIt is well.").body.count("\n") == 2


def test_a_file_too_large_for_an_article_is_refused_unparsed(raw_file: Raw) -> None:
    head = HEADERS.encode() + b"\n"
    assert _refused(raw_file(head + b"x" * (MAX_BYTES + 1 - len(head)))) == (
        "too_large",
        None,
        f"{MAX_BYTES + 1:,} bytes",
    )


def test_one_endless_line_as_large_as_an_article_may_be_is_parsed(raw_file: Raw) -> None:
    head = HEADERS.encode() + b"\n"
    line = (b"The cat is back. " * (MAX_BYTES // 17 + 1))[: MAX_BYTES - len(head)]
    found = parse(raw_file(head + line))
    assert "\n" not in found.body
    assert found.word_count > 1_000_000


_VALUES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1).filter(str.strip)
_WORDS = st.lists(_VALUES, min_size=1, max_size=5).map(" ".join)


@given(
    headers=st.fixed_dictionaries({"Title": _WORDS, "Supertitle": _WORDS, "Section": _WORDS}),
    order=st.permutations(["Title", "Supertitle", "Section", "Date"]),
)
def test_header_values_survive_the_way_through_a_file(
    parsed: Parse, headers: dict[str, str], order: list[str]
) -> None:
    values = {**headers, "Date": "Tuesday, March 10, 2015 - 09:30"}
    found = parsed("".join(f"## {name}: {values[name]}\n" for name in order) + BODY)
    assert {
        "Title": found.title,
        "Supertitle": found.supertitle,
        "Section": found.section,
        "Date": found.date_text,
    } == values
    assert found.body == "The cat is back.\nIt is well."
