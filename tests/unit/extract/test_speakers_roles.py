"""Whom role phrases, nationalities, labels and 'I' mean, in made-up news."""

from __future__ import annotations

import pytest
from extracts import quotes_in


def speakers(body: str) -> list[str | None]:
    return [quote.speaker for quote in quotes_in(body) if quote.kind != "indirect"]


@pytest.mark.parametrize(
    "body",
    [
        'Sweden\'s Ruth Adler beat Jane Miller of Canada. "It was cold," the Swede said.',
        'Ruth Adler of Sweden beat Jane Miller. "It was cold," the Swede said.',
        'Ruth Adler and the Canadian Jane Miller ran on Sunday. "It was cold," the Swede said.',
        'The Swedish runner Ruth Adler met Jane Miller. "It was cold," said the 24-year-old Swede.',
        'Jane Miller of Canada met Ruth Adler, a runner from Sweden. "It was cold," the Swede said.',
        'Senator Ruth Adler (R-Kan.) met Senator Jane Miller (D-Ohio). "It was cold," the Kansan said.',
        'Senator Jane Miller of Ohio met Ruth Adler, a senator from Texas. "It was cold," the Texan said.',
        'Ruth Adler (R-Kan.) met Jane Miller (D-Ohio) on Monday. "It was cold," the Republican said.',
    ],
)
def test_a_person_called_by_home_or_party(body: str) -> None:
    assert speakers(body) == ["Ruth Adler"]


def test_a_person_called_by_home_is_never_the_people() -> None:
    body = 'Officials in Germany closed the bridge. "I was asleep," the German said.'
    (quote,) = [quote for quote in quotes_in(body) if quote.kind == "direct"]
    assert quote.speaker_no is None


def test_a_people_is_no_person() -> None:
    body = 'Ruth Adler, a Swedish runner, was late. "We waited," the Swedes said.'
    assert speakers(body) != ["Ruth Adler"]


def test_a_pronoun_goes_on_from_a_person_called_by_home() -> None:
    body = (
        'Norwegian skier Ruth Adler fell on Sunday. The Norwegian said she was well. "It was ice," she said.'
    )
    assert speakers(body) == ["Ruth Adler"]


INTERVIEW = (
    "Ruth Adler answered questions at her desk on Monday.\n"
    "Q: Is the ferry old?\n"
    "A: It is older than Tom Baker.\n"
    "Q: Will it sail?\n"
    "A: On Monday, I hope.\n"
    '"It is a good boat," she said later.'
)


def test_an_interview_is_asked_by_the_agency_and_answered_by_who_is_introduced() -> None:
    quotes = quotes_in(INTERVIEW, agency="AFP")
    assert [quote.speaker for quote in quotes] == ["AFP", "Ruth Adler", "AFP", "Ruth Adler", "Ruth Adler"]
    assert [quote.speaker_text for quote in quotes] == ["Q", "A", "Q", "A", "she"]


def test_an_interview_without_an_agency_is_asked_by_q() -> None:
    assert [quote.speaker for quote in quotes_in(INTERVIEW)][:2] == ["Q", "Ruth Adler"]


@pytest.mark.parametrize(
    "body",
    [
        # A role that follows from what is told.
        "Ruth Adler was named finance minister on Monday. She follows Tom Baker. "
        'Prime Minister Jane Miller praised her. "I shall count," the new minister said.',
        "Ruth Adler won the election for mayor by nine votes. Mayor Jane Miller conceded. "
        '"I shall count," the mayor-elect said.',
        # A role before the name, between commas.
        'The mayor, Ruth Adler, disagrees. Tom Baker, a lawyer, said nothing. "It sails," the mayor said.',
        'The club won. Its captain, Ruth Adler, scored. Tom Baker cheered. "It was late," the captain said.',
        'Ruth Adler is a surgeon in the town. Tom Baker drives a bus. "It was late," the surgeon said.',
        # An age where the parser sees no noun.
        'Ruth Adler scored with a knee that two doctors told her to rest. "It hurt," the 31-year-old said.',
    ],
)
def test_a_role_phrase(body: str) -> None:
    assert speakers(body) == ["Ruth Adler"]


def test_a_person_without_a_name_stays_nameless() -> None:
    body = (
        "Ruth Adler, the owner, said the ferry was safe.\n"
        "On the quay, a plumber from the next town reported that it leaked.\n"
        '"It leaked on my hat," the plumber said.'
    )
    assert speakers(body) == ["the plumber"]


def test_a_role_with_a_name_is_not_nameless() -> None:
    body = 'Ruth Adler, a plumber from the next town, was wet. Tom Baker ran. "It leaked," the plumber said.'
    assert speakers(body) == ["Ruth Adler"]


def test_a_text_is_no_he_or_she() -> None:
    body = 'Ruth Adler saw a report. The report said the ferry was old. "It was old," she wrote.'
    assert speakers(body) == ["Ruth Adler"]


def test_a_crowd_in_passing_does_not_speak() -> None:
    body = 'Ruth Adler played with a knee that three doctors have told her to rest. "I am well."'
    assert speakers(body) == ["Ruth Adler"]


def test_a_statement_of_people_without_a_name() -> None:
    body = (
        '"I was late," Ruth Adler said.\nThe ship\'s owners apologized in a statement. "The boat was safe."'
    )
    assert speakers(body) == ["Ruth Adler", "The ship's owners"]


def test_a_floating_quotation_after_a_role_that_acts() -> None:
    body = (
        'The minister, Ruth Adler, met Tom Baker. "I was late," Baker said.\nThe minister smiled. "So was I."'
    )
    assert speakers(body) == ["Tom Baker", "Ruth Adler"]


@pytest.mark.parametrize(
    ("title", "opening"),
    [
        ("", "Statement of Senator Ruth Adler"),
        ("", "By Ruth Adler"),
        ("Ruth Adler's statement on the ferry", "To the town."),
        ("", "Mayor Ruth Adler released the following statement on Monday:"),
    ],
)
def test_i_means_who_makes_a_statement(title: str, opening: str) -> None:
    (quote,) = quotes_in(f"{opening}\nI told the council in May that the ferry was too old.", title)
    assert quote.speaker is not None
    assert (quote.speaker.lower(), quote.speaker_text) == ("ruth adler", "I")


@pytest.mark.parametrize("who", ["I", "We"])
def test_nobody_known_who_reports_himself_is_no_quote(who: str) -> None:
    assert quotes_in(f"{who} said in May that the ferry was too old.") == ()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Ruth Adler said that the ferry was old.", "the ferry was old"),
        ("Ruth Adler asked whether the ferry was old.", "the ferry was old"),
        ("Ruth Adler said that was a long time ago.", "that was a long time ago"),
        ('Ruth Adler said that the ferry was "older than the town."', 'the ferry was "older than the town."'),
        (
            "Ruth Adler said that it was old and that it should sail.",
            "it was old and that it should sail",
        ),
    ],
)
def test_what_joins_a_clause_is_no_part_of_it(body: str, expected: str) -> None:
    (quote,) = quotes_in(body)
    assert quote.text == expected


def test_the_company_is_not_the_agency_that_tells_of_it() -> None:
    body = 'Ruth Adler told Newswire that Corvane Lines was safe. The company called it "as good as new."'
    *_, quote = quotes_in(body, agency="Newswire")
    assert quote.speaker == "Corvane Lines"


def test_they_are_not_who_is_told() -> None:
    body = 'Workers cheered on the quay. "It sails," they told the Harbour Gazette.'
    assert speakers(body) == ["Workers"]


def test_in_the_words_of() -> None:
    body = 'The ferry is, in the words of Ruth Adler, "a boat with a hole and a licence."'
    assert speakers(body)[-1:] == ["Ruth Adler"]
