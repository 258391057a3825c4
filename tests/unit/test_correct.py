"""Lines of corrections.csv on one article: which quote they mean, what they make of it."""

from __future__ import annotations

import pytest

from ontherecord.warehouse import ids
from ontherecord.warehouse.correct import FoundArticle, FoundMention, FoundQuote, Named, Speaker, correct
from ontherecord.warehouse.corrections import Correction, What

BODY = '"Yes," Ida Brandt said. "Yes," Odd Lunde said. She said the port would open and boats were welcome.'
BRANDT, LUNDE = ids.entity_id("person", "Ida Brandt"), ids.entity_id("person", "Odd Lunde")


def _quote(number: int, words: str, kind: str, speaker: Speaker, start: int | None = None) -> FoundQuote:
    at = BODY.index(words) if start is None else start
    return FoundQuote(
        number, number, kind, words, at, at + len(words), 0.5, "rule", "named person", (speaker,)
    )


IDA = Speaker("Ida Brandt", "Ida Brandt", BRANDT, "person")
ODD = Speaker("Odd Lunde", "Odd Lunde", LUNDE, "person")
ARTICLE = FoundArticle(
    1,
    "a.txt",
    BODY,
    (
        _quote(0, "Yes,", "direct", IDA),
        _quote(1, "Yes,", "direct", ODD, BODY.rindex("Yes,")),
        _quote(2, "the port would open", "indirect", IDA),
    ),
    (
        FoundMention(0, BRANDT, "Ida Brandt", "person", "Ida Brandt", "Ida Brandt"),
        FoundMention(1, LUNDE, "Odd Lunde", "person", "Odd Lunde", "Odd Lunde"),
    ),
)


def _read_name(kind: str, name: str) -> Named:
    return Named(ids.entity_id(kind, name), name, kind)


def _line(what: What, words: str, becomes: str | None = None, place: int | None = None) -> Correction:
    return Correction(2, what, "a.txt", place, words, becomes, None)


def _corrected(line: Correction) -> dict[int, FoundQuote]:
    found = correct(ARTICLE, [line], _read_name)
    assert found.problems == {2: None}
    return found.quotes


def _problem(line: Correction) -> str | None:
    found = correct(ARTICLE, [line], _read_name)
    assert found.quotes == {}
    return found.problems[2]


def test_of_the_same_words_the_one_at_the_place_is_meant() -> None:
    place = BODY.rindex("Yes,")
    assert list(_corrected(_line("kind", "Yes,", "mixed", place))) == [1]
    assert _problem(_line("kind", "Yes,", "mixed", place + 9)) == (
        "2 quotes have these words, and none is at this place any more"
    )


def test_a_quote_that_is_cut_elsewhere_now_is_found_by_half_of_its_words() -> None:
    longer = "the port would open and boats"
    assert list(_corrected(_line("speaker", longer, "Odd Lunde"))) == [2]
    assert (
        _problem(_line("speaker", "boats were welcome", "Odd Lunde"))
        == "these words are not a quote any more"
    )
    assert (
        _problem(_line("speaker", "ships", "Odd Lunde")) == "the article does not have these words any more"
    )


def test_no_quote_is_none_already() -> None:
    assert _corrected(_line("not a quote", "boats were welcome")) == {}
    assert _corrected(_line("not a quote", "the port would open"))[2].is_dropped


@pytest.mark.parametrize(
    ("becomes", "names", "type_"),
    [
        ("Odd Lunde", [("Odd Lunde", LUNDE)], "named person"),
        ("odd lunde; Ida Brandt", [("Odd Lunde", LUNDE), ("Ida Brandt", BRANDT)], "named person"),
        ("Ida Brandt and Odd Lunde", [("Ida Brandt", BRANDT), ("Odd Lunde", LUNDE)], "named person"),
        (
            "Health and Care (organization)",
            [("Health and Care", ids.entity_id("organization", "Health and Care"))],
            "organization",
        ),
        ("Greta Moe", [("Greta Moe", ids.entity_id("person", "Greta Moe"))], "named person"),
        ("Port (organization)", [("Port", ids.entity_id("organization", "Port"))], "organization"),
        ("officials of the port", [("officials of the port", None)], "unnamed group"),
        ("a fisherman", [("a fisherman", None)], "unnamed person"),
        ("The mayor", [("The mayor", None)], "unnamed person"),
        ("the charter (document)", [("the charter", None)], "document"),
        (
            "Odd Lunde (junior)",
            [("Odd Lunde (junior)", ids.entity_id("person", "Odd Lunde (junior)"))],
            "named person",
        ),
        ("Nobody", [], None),
    ],
)
def test_speakers_are_names_or_words(
    becomes: str, names: list[tuple[str, int | None]], type_: str | None
) -> None:
    quote = _corrected(_line("speaker", "the port would open", becomes))[2]
    assert [(s.name, s.entity_id) for s in quote.speakers] == names
    assert (quote.speaker_type, quote.rule, quote.confidence) == (type_, "correction", 1.0)


@pytest.mark.parametrize(
    ("becomes", "words"),
    [
        ("… were welcome", "the port would open and boats were welcome"),
        ("port would ...", "port would open"),
        ("port … boats", "port would open and boats"),
        ("She said the port", "She said the port"),
        ("“the port … welcome.”", "the port would open and boats were welcome."),
    ],
)
def test_limits_are_first_and_last_words(becomes: str, words: str) -> None:
    assert _corrected(_line("limits", "the port would open", becomes))[2].text == words


def test_limits_that_are_not_there_change_nothing() -> None:
    assert (
        _problem(_line("limits", "the port would open", "ship …"))
        == "'ship' is not in the text at this quote"
    )
    assert _problem(_line("limits", "the port would open", "welcome … said")) == (
        "'said' is not in the text at this quote"
    )


def test_a_name_that_is_none_leaves_words_and_takes_the_mentions_along() -> None:
    found = correct(ARTICLE, [_line("dismiss", "odd lunde")], _read_name)
    assert [(m.mention_no, m.is_dropped) for m in found.mentions.values()] == [(1, True)]
    assert [(q.quote_no, q.speakers[0].entity_id, q.confidence) for q in found.quotes.values()] == [
        (1, None, 0.5)
    ]
