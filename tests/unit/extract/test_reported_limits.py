"""What a sentence with a verb of speech does not report, and what it reports in rarer forms."""

from __future__ import annotations

import pytest
from extracts import quotes_in

from ontherecord.warehouse.records import QuoteKind


def rows(body: str) -> list[tuple[QuoteKind, str | None, str]]:
    return [(quote.kind, quote.speaker, quote.text) for quote in quotes_in(body)]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            "Tom Baker vowed to sell the ferry, meaning that 40 men could lose their jobs.",
            "to sell the ferry",
        ),
        ("Tom Baker pledged to stay on, which means that the town can wait.", "to stay on"),
        ("Tom Baker vowed to stay on, despite warnings that the ferry would sink.", "to stay on"),
    ],
)
def test_what_follows_from_a_promise_is_the_narrators(body: str, words: str) -> None:
    assert rows(body) == [("act", "Tom Baker", words)]


@pytest.mark.parametrize(
    "body",
    [
        "The town agreed to close the quay, after fears that the river would flood it.",
        "Tom Baker agreed to step down amid claims that he had lied.",
        "Tom Baker confirmed the sale, ending speculation that he would retire.",
        "The contract calls for a new ferry by the spring.",
        "Their plan called for 300 homes beside the quay.",
    ],
)
def test_what_others_say_and_plans_provide_is_not_said(body: str) -> None:
    assert rows(body) == []


@pytest.mark.parametrize(
    ("body", "speaker", "words"),
    [
        ("Ruth Adler told investors on a call that profits would rise.", "Ruth Adler", "profits would rise"),
        (
            "Ruth Adler said, in a letter to the town, that the ferry was old.",
            "Ruth Adler",
            "the ferry was old",
        ),
        ("What Ruth Adler said was that nobody would lose a job.", "Ruth Adler", "nobody would lose a job"),
        (
            "Mayor Jane Miller will sell the ferry, her press secretary, Tom Baker, said on Monday.",
            "Tom Baker",
            "Mayor Jane Miller will sell the ferry",
        ),
    ],
)
def test_what_is_said_in_rarer_forms(body: str, speaker: str, words: str) -> None:
    assert rows(body) == [("indirect", speaker, words)]


@pytest.mark.parametrize(
    "body",
    [
        "The report calls for a ban on old ferries.",
        "The petition calls for a ban on old ferries.",
    ],
)
def test_a_text_that_speaks_can_call_for_something(body: str) -> None:
    assert [kind for kind, _, _ in rows(body)] == ["act"]


@pytest.mark.parametrize(
    ("body", "clauses"),
    [
        (
            "The first step, according to the audit, is a toll on the bridge.",
            ["The first step", "is a toll on the bridge"],
        ),
        ("One option, the report says, would be to wait.", ["One option", "would be to wait"]),
        ("In May, according to the audit, the town paid twice.", ["the town paid twice"]),
        ("Still, according to the audit, the town paid twice.", ["the town paid twice"]),
    ],
)
def test_both_sides_of_who_said_it_are_kept(body: str, clauses: list[str]) -> None:
    assert [quote.text for quote in quotes_in(body)] == clauses
