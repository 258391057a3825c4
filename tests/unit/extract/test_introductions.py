"""As what speakers speak: the words that introduce them, in made-up news, and words that do not."""

from __future__ import annotations

import pytest
from extracts import extract_of, quotes_in


def roles(body: str) -> list[str | None]:
    """List the roles of all quotes, having seen that their places fit the text."""
    extract = extract_of(body)
    for row in (*extract.quotes, *extract.quote_speakers):
        if row.speaker_role is None:
            assert row.role_start is row.role_end is None
        else:
            assert body[row.role_start : row.role_end] == row.speaker_role
    return [quote.speaker_role for quote in extract.quotes]


@pytest.mark.parametrize(
    ("body", "role"),
    [
        ("Finance Minister Ruth Adler said the ferry was old.", "Finance Minister"),
        (
            '"It is old," former Norwegian Foreign Minister Ruth Adler said.',
            "former Norwegian Foreign Minister",
        ),
        ("Secretary of State Tom Baker said the ferry was old.", "Secretary of State"),
        ("The ferry was old, union leader Tom Baker said.", "union leader"),
        ("The singer Ruth Adler said the ferry was old.", "singer"),
        ("Kroll Lines chief executive Ruth Adler said the ferry was old.", "Kroll Lines chief executive"),
        ("Sen. Ruth Adler said the ferry was old.", "Sen."),
        ("Sens. Ruth Adler and Tom Baker met. Adler said the ferry was old.", "Sens."),
        ("His wife Ruth Adler said the ferry was old.", "His wife"),
    ],
)
def test_a_title_before_the_name_is_the_role(body: str, role: str) -> None:
    assert roles(body) == [role]


@pytest.mark.parametrize(
    ("body", "role"),
    [
        (
            "Ruth Adler, the senior Democrat on the Harbours, Rivers, and Coastal Trade Subcommittee, "
            "said the ferry was old.",
            "the senior Democrat on the Harbours, Rivers, and Coastal Trade Subcommittee",
        ),
        (
            "Ruth Adler, chair of the Health, Education and Ferries Committee, said the ferry was old.",
            "chair of the Health, Education and Ferries Committee",
        ),
        ("Ruth Adler, head of the Oslo School, and its staff said the ferry was old.", None),
        ("Ruth Adler, a professor in Oslo, Norway, said the ferry was old.", "a professor in Oslo"),
    ],
)
def test_a_body_named_with_commas_is_one_role(body: str, role: str | None) -> None:
    assert roles(body) == [role]


@pytest.mark.parametrize(
    ("body", "role"),
    [
        ("Ruth Adler, a spokeswoman for the union, said it was old.", "a spokeswoman for the union"),
        ("The coroner, Dr Ruth Adler, said it was old.", "The coroner"),
        ("Tom Baker's spokesman, Jan Kroll, said it was old.", "Tom Baker's spokesman"),
        ("Housing minister Ruth Adler said it was old.", "Housing minister"),
        ("A spokesman for the mayor, Tom Baker, said it was old.", "A spokesman for the mayor"),
        ("Her lawyer for the case, Tom Baker, said it was old.", "Her lawyer for the case"),
        ('"It is old," said Tom Baker, senior analyst at Kroll Bank.', "senior analyst at Kroll Bank"),
        ("Ruth Adler, 42, a nurse in Leeds, said the ferry was old.", "a nurse in Leeds"),
        ("Ruth Adler, R-Ohio, chairwoman of the panel, said it was old.", "chairwoman of the panel"),
        ("Tom Baker, president and chief executive of Kroll Lines, said it was old.",
         "president and chief executive of Kroll Lines"),
        ("Tom Baker, Jane Miller's lawyer, said the ferry was old.", "Jane Miller's lawyer"),
        ("Tom Baker, a policy adviser at the U.S. Senate, said it was old.",
         "a policy adviser at the U.S. Senate"),
        ('"It is old," Adler said, a member of the council.', "a member of the council"),
        ("The mayor of Oslo, Ruth Adler, said the ferry was old.", "The mayor of Oslo"),
        ("The union's president, Tom Baker, said the ferry was old.", "The union's president"),
    ],
)  # fmt: skip
def test_an_apposition_is_the_role(body: str, role: str) -> None:
    assert roles(body) == [role]


@pytest.mark.parametrize(
    "body",
    [
        "Mr Tom Baker said the ferry was old.",
        "Ruth Adler, meanwhile, said the ferry was old.",
        "Ruth Adler, in a letter to the mayor, said the ferry was old.",
        "Tom Baker, his wife and his son said nothing. Baker said the ferry was old.",
        "To honor Ruth Adler was right. Adler said the ferry was old.",
        "Speaking in the mayor's defence, Ruth Adler said the ferry was old.",
        "After a long night, Ruth Adler said the ferry was old.",
        "On Monday, Ruth Adler said the ferry was old.",
    ],
)
def test_other_words_beside_a_name_are_no_role(body: str) -> None:
    assert roles(body) == [None]


def test_a_verb_is_no_part_of_a_title() -> None:
    body = "The crowd praised union leader Tom Baker. Reporters met Mayor Ruth Adler. Adler said it was old."
    assert roles(body)[-1] == "Mayor"
    assert roles(body.replace("Adler said", "Baker said"))[-1] == "union leader"


def test_a_role_is_given_here_or_before_and_not_after() -> None:
    body = (
        "Ruth Adler said the ferry was old.\n"
        '"It is late," said Adler, the mayor of Oslo.\n'
        '"It will sink," she said.\nAdler, a former pilot of the harbour, said that the hull had leaked.'
    )
    assert roles(body) == [None, *["the mayor of Oslo"] * 2, "a former pilot of the harbour"]


def test_what_was_written_is_no_part_of_a_title() -> None:
    body = "Lines of the letter Senator Ruth Adler sent are below. " + '"It is old," Adler said.'
    assert roles(body) == ["Senator"]
    body = "The book critic Ruth Adler came. " + '"It is old," Adler said.'
    assert roles(body) == ["book critic"]


def test_the_fullest_words_count() -> None:
    body = "Senators Ruth Adler and Tom Baker met.\n" + '"It is old," Senator Adler said.'
    assert roles(body) == ["Senator"]
    body = "Sen. Ruth Adler, the head of the budget panel, left.\n" + '"It is old," Senator Adler said.'
    assert roles(body) == ["the head of the budget panel"]


def test_a_phrase_without_the_name_is_the_role_where_nothing_else_is() -> None:
    body = 'Ruth Adler scored twice in Oslo. "It hurt," the 31-year-old striker said.'
    (quote,) = quotes_in(body)
    assert (quote.speaker, quote.speaker_role) == ("Ruth Adler", "the 31-year-old striker")


@pytest.mark.parametrize(
    ("body", "role"),
    [
        ('"It is old," a security source in Oslo said.', "a security source in Oslo"),
        ("Residents said the ferry was old.", "Residents"),
        ("A spokesman for the union said the ferry was old.", "A spokesman for the union"),
        ("Two senior officials said the ferry was old.", "Two senior officials"),
        ("Police said the ferry was old.", "Police"),
    ],
)
def test_a_speaker_without_a_name_speaks_as_what_the_words_say(body: str, role: str) -> None:
    assert roles(body) == [role]


@pytest.mark.parametrize(
    "body",
    [
        "The report said the ferry was old.",
        "The ministry said the ferry was old.",
        "Many said the ferry was old.",
        "Kroll Lines Inc said the ferry was old.",
        "Q: Is it old?\nA: It is very old.\nQ: Will it sail?\nA: It will not.",
    ],
)
def test_organizations_texts_and_labels_have_no_role(body: str) -> None:
    assert set(roles(body)) == {None}


def test_a_pronoun_after_a_source_without_a_name_has_the_place_of_its_words() -> None:
    body = 'A security source in Oslo said it was old.\n"It will sink," the source said.'
    first, second = extract_of(body).quotes
    assert first.speaker_role == second.speaker_role == "A security source in Oslo"
    assert first.role_start == second.role_start == 0


def test_joint_speakers_have_a_role_each() -> None:
    body = (
        "Secretary of State Tom Baker and Foreign Minister Ruth Adler said in a statement that they agreed."
    )
    extract = extract_of(body)
    assert [quote.speaker_role for quote in extract.quotes] == [None]
    assert [speaker.speaker_role for speaker in extract.quote_speakers] == [
        "Secretary of State",
        "Foreign Minister",
    ]


def test_quoted_words_introduce_nobody() -> None:
    body = 'Tom Baker laughed. "I told the liar, Ruth Adler, to go," Baker said. Adler said it was late.'
    assert roles(body)[-1] is None


@pytest.mark.parametrize(
    ("body", "role"),
    [
        ("Undersecretary of Agriculture Ruth Adler said it was old.", "Undersecretary of Agriculture"),
        ("Ruth Adler is the mayor of Salem and has seen it. Adler said it was old.", "the mayor of Salem"),
        ("Labour candidate Dr. Ruth Adler said it was old.", "Labour candidate"),
        ("After attacking her on Twitter, Tom Baker said the ferry was old.", None),
    ],
)
def test_a_role_is_whole_and_nothing_more(body: str, role: str | None) -> None:
    assert roles(body) == [role]
