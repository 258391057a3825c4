"""Genders as a text gives them: which words show one, in made-up news, and which do not."""

from __future__ import annotations

import pytest
from extracts import extract_of

from ontherecord.flows.extract.resolution.genders import gender_of_first_name


def shown(body: str, name: str) -> dict[tuple[str, str], int]:
    """Return what a text shows of a person: evidence and gender, and how often. Without first names."""
    extract = extract_of(body)
    (number,) = [one.entity_no for one in extract.entities if one.name == name]
    return {
        (count.evidence, count.gender): count.times
        for count in extract.genders
        if count.entity_no == number and count.evidence != "first name"
    }


@pytest.mark.parametrize(
    ("body", "gender"),
    [
        ("Mrs Robin Adler sold the ferry.", "woman"),
        ("Reporters met Mr. Robin Adler.", "man"),
        ("The town thanked Queen Robin Adler.", "woman"),
        ("They met spokeswoman Robin Adler in Oslo.", "woman"),
        ("They met Sir Robin Adler in Oslo.", "man"),
        ("Robin Adler, a spokeswoman for the union, left.", "woman"),
        ("Robin Adler is the first woman to run the ferry.", "woman"),
    ],
)
def test_a_title_shows_a_gender(body: str, gender: str) -> None:
    assert shown(body, "Robin Adler") == {("title", gender): 1}


@pytest.mark.parametrize(
    ("body", "gender"),
    [
        ("Tom Baker left with his wife, Robin Adler, on Monday.", "woman"),
        ("Their son Robin Adler sold the ferry.", "man"),
        ("Robin Adler, mother of the pilot, sold the ferry.", "woman"),
        ("Robin Adler, a father of three, sold the ferry.", "man"),
        ("The pilot's brother Robin Adler sold the ferry.", "man"),
    ],
)
def test_a_word_for_a_relative_shows_a_gender(body: str, gender: str) -> None:
    assert shown(body, "Robin Adler") == {("kin word", gender): 1}


@pytest.mark.parametrize(
    "body",
    [
        "Chairman Robin Adler sold the ferry.",
        "The union's spokesman, Robin Adler, left.",
        "Robin Adler's wife sold the ferry.",
        "Robin Adler, the woman's lawyer, sold the ferry.",
        "They met Mr and Mrs Robin Adler.",
        "They miss Robin Adler in Oslo.",
        "The actor Robin Adler sold the ferry.",
    ],
)
def test_other_words_show_none(body: str) -> None:
    assert shown(body, "Robin Adler") == {}


def test_a_relative_of_somebody_shows_no_gender() -> None:
    assert shown("Robin Adler, his wife and their son left.", "Robin Adler") == {("pronoun", "man"): 1}


@pytest.mark.parametrize(
    ("body", "gender"),
    [
        ("Robin Adler said she would sell the ferry.", "woman"),
        ("Robin Adler sold his ferry on Monday.", "man"),
        ("Robin Adler, a nurse in Leeds, said she would leave.", "woman"),
        ("Robin Adler runs the ferry. He sold the old one.", "man"),
        ('Robin Adler left the room. "It is late," she said.', "woman"),
    ],
)
def test_a_pronoun_of_one_person_shows_a_gender(body: str, gender: str) -> None:
    assert shown(body, "Robin Adler") == {("pronoun", gender): 1}


@pytest.mark.parametrize(
    "body",
    [
        "Robin Adler said the suspect had lost his coat.",
        "Robin Adler met Tom Baker before he left.",
        "After he spoke, Robin Adler left.",
        "Robin Adler told his story and she told hers.",
        "Robin Adler left.\n\nThe driver stayed. He was tired.",
        'Robin Adler wrote "he is late" on the wall.',
        "Robin Adler said they would sell the ferry.",
    ],
)
def test_a_pronoun_that_may_mean_another_shows_none(body: str) -> None:
    assert shown(body, "Robin Adler") == {}


@pytest.mark.parametrize(
    "body",
    [
        "Robin Adler, who uses they/them pronouns, sold the ferry.",
        "Robin Adler uses the pronoun “they”.",
        "Robin Adler's pronouns are they/them.",
        "Robin Adler (they/them) sold the ferry.",
        "Robin Adler, who is nonbinary, sold the ferry.",
        "Robin Adler, who identifies as non-binary, sold the ferry.",
    ],
)
def test_they_is_stated(body: str) -> None:
    assert shown(body, "Robin Adler") == {("statement", "they"): 1}


@pytest.mark.parametrize(
    "body",
    [
        "Robin Adler said the club had nonbinary members.",
        "Robin Adler asked which pronouns they used.",
        "Robin Adler said that they/them was fine.",
        "Robin Adler met a nonbinary singer.",
        "Robin Adler is a lawyer for the non-binary.",
    ],
)
def test_they_of_others_is_no_statement(body: str) -> None:
    assert ("statement", "they") not in shown(body, "Robin Adler")


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        ("Ruth Adler", "woman"),
        ("Álvaro Adler", "man"),
        ("J. Ruth Adler", "woman"),
        ("Jean-Claude Adler", "man"),
        ("Fatima Haddad", "woman"),
        ("Robin Adler", None),  # a third of them are women
        ("Jane Adler", None),  # .949: the list itself is not sure enough
        ("Adler", None),
        ("Ruth", None),
        ("Moon Jae-in", None),
        ("J. K. Adler", None),
        ("Queen Ruth", None),
        ("van Adler", None),
    ],
)
def test_a_first_name_counts_where_nearly_all_who_bear_it_are_of_one_gender(
    name: str, gender: str | None
) -> None:
    assert gender_of_first_name(name) == gender


def test_a_first_name_counts_once() -> None:
    extract = extract_of("Ruth Adler met Tom Baker. Ruth Adler left.")
    assert [(one.evidence, one.gender, one.times) for one in extract.genders] == [
        ("first name", "woman", 1),
        ("first name", "man", 1),
    ]
