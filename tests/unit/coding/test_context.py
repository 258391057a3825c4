"""The sentences around a quote."""

from __future__ import annotations

from ontherecord.flows.coding.context import context_of

BODY = (
    "The port was shut. Mr. Lunde of the U.S. mission said it would open.\n"
    '"We are open. The boats are full," Ida Brandt said. Nobody cheered.'
)


def _context(words: str) -> tuple[str, str, str]:
    start = BODY.index(words)
    found = context_of(BODY, start, start + len(words))
    return found.before, found.sentence, found.after


def test_an_abbreviation_ends_no_sentence() -> None:
    assert _context("it would open") == (
        "The port was shut.",
        "Mr. Lunde of the U.S. mission said [[it would open]].",
        '"We are open.',
    )


def test_a_quote_of_two_sentences_stays_whole() -> None:
    before, sentence, after = _context("We are open. The boats are full,")
    assert before == "Mr. Lunde of the U.S. mission said it would open."
    assert sentence == '"[[We are open. The boats are full,]]" Ida Brandt said.'
    assert after == "Nobody cheered."


def test_there_is_nothing_before_the_first_sentence_or_behind_the_last() -> None:
    assert _context("The port")[0] == ""
    assert _context("Nobody")[2] == ""
