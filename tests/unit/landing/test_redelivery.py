"""Compare: which second deliveries are worse than what is loaded."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontherecord.flows.landing.body import ends_sentence
from ontherecord.flows.landing.parse import parse
from ontherecord.flows.landing.redelivery import check_redelivery
from ontherecord.warehouse.records import Delivery, RawFile

HEADERS = "## Title: Cat returns\n## Section: Local\n## Date: Tuesday, March 10, 2015 - 09:30\n\n"
PARAGRAPHS = [
    f"The cat came back on day {n}, and said “It’s well”, as the neighbours tell." for n in range(8)
]
LOADED = "\n".join(PARAGRAPHS)

Deliver = Callable[[str], Delivery]


@pytest.fixture(scope="session")
def deliver(raw_file: Callable[[str | bytes], RawFile]) -> Deliver:
    return lambda body: parse(raw_file(f"{HEADERS}{body}\n"))


def _verdict(delivery: Delivery) -> tuple[list[str], tuple[str, ...]]:
    failures, warnings = check_redelivery(delivery, LOADED)
    return [failure.rule for failure in failures], warnings


@given(st.integers(1, len(LOADED) - 1))
def test_a_text_cut_inside_a_paragraph_is_worse_wherever_it_is_cut(deliver: Deliver, at: int) -> None:
    body = LOADED[:at].rstrip()
    if LOADED[len(body)].isspace() and ends_sentence(body):
        return  # an editor may have cut it there
    assert _verdict(deliver(body))[0] == ["shorter_than_before"]


@pytest.mark.parametrize(
    ("kept", "rules", "warnings"),
    [(1, ["shorter_than_before"], True), (3, ["shorter_than_before"], True), (4, [], False), (7, [], False)],
)
def test_whole_paragraphs_cut_off_the_end_are_an_editors_work_up_to_a_half(
    deliver: Deliver, kept: int, rules: list[str], warnings: bool
) -> None:
    assert _verdict(deliver("\n".join(PARAGRAPHS[:kept]))) == (rules, ("much_shorter",) if warnings else ())


@pytest.mark.parametrize(
    ("body", "rules", "warnings"),
    [
        ("This article has been removed.", ["shorter_than_before"], ("much_shorter",)),
        ("\n".join(PARAGRAPHS[5:]), [], ("much_shorter",)),
        ("\n".join(PARAGRAPHS[1:]), [], ()),
        (LOADED.replace("well", "fine"), [], ()),
        (LOADED + "\nA dog that nobody knows came along with", [], ()),
        ("\n".join(PARAGRAPHS[1:]) + "\nA dog that nobody knows came along with", [], ()),
        (LOADED.replace("’", "\ufffd"), ["letters_lost"], ()),
        (LOADED[:60].replace("“", "\ufffd"), ["letters_lost"], ("much_shorter",)),
        ("It\ufffds gone.", ["shorter_than_before", "letters_lost"], ("much_shorter",)),
    ],
    ids=[
        "a notice",
        "the end alone",
        "without its top",
        "other words",
        "more, cut off",
        "other, cut off",
        "letters lost",
        "letters lost and less",
        "a notice with letters lost",
    ],
)
def test_other_texts_are_worse_if_hardly_anything_is_left_or_letters_are_lost(
    deliver: Deliver, body: str, rules: list[str], warnings: tuple[str, ...]
) -> None:
    assert _verdict(deliver(body)) == (rules, warnings)


def test_a_text_that_had_lost_letters_before_may_lose_no_more(deliver: Deliver) -> None:
    assert check_redelivery(deliver("It\ufffds well, they say."), "It\ufffds fine, they say.") == ((), ())


def test_the_failure_says_how_much_is_left_and_how_to_let_it_through(deliver: Deliver) -> None:
    ((failure,), _) = check_redelivery(deliver("\n".join(PARAGRAPHS[:2])), LOADED)
    assert failure.value == "30 words, the beginning of it; loaded are 120"
    assert "Deliver the complete file again." in failure.message
    assert "`ontherecord quarantine retry --rule shorter_than_before --paths PATH`" in failure.message
    ((failure,), _) = check_redelivery(deliver(LOADED.replace("“", "\ufffd")), LOADED)
    assert failure.value is not None
    assert failure.value.startswith("8 letters, the first in: ")
    assert "\ufffdIt’s well" in failure.value
