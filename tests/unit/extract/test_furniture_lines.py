"""Captions, credits and links between paragraphs: they give no quotes, and no names of their own."""

from __future__ import annotations

import pytest
from extracts import extract_of

QUOTE = '"We had locked the gates at six," said Anders Holm, who keeps the quay at Oslo.'


def names_of(body: str) -> set[str]:
    return {entity.name for entity in extract_of(body).entities}


@pytest.mark.parametrize(
    "line",
    [
        "COASTWIRE/Lena Fischer",
        "Lena Fischer/Pool via REUTERS",
        "(Reporting by Lena Fischer; Editing by Omar Haddad)",
        "ADVERTISEMENT",
        "Read more: Storms 'worst in a decade', says Lena Fischer of the Harbour Gazette",
        "Correction: An earlier version of this story said that Lena Fischer had locked the gates.",
    ],
)
@pytest.mark.parametrize("form", ["{1}\n{0}", "{0}\n{1}"], ids=["above", "below"])
def test_a_line_of_furniture_adds_nothing(line: str, form: str) -> None:
    extract = extract_of(form.format(QUOTE, line))
    assert {entity.name for entity in extract.entities} == {"Anders Holm", "Oslo"}
    assert [(quote.kind, quote.speaker) for quote in extract.quotes] == [("direct", "Anders Holm")]


def test_a_caption_reports_no_speech_and_has_only_names_of_the_article() -> None:
    caption = (
        'FILE PHOTO: Anders Holm says "the gates are shut" in Vienna, May 3, 2014. COASTWIRE/Lena Fischer'
    )
    extract = extract_of(f"{caption}\n{QUOTE}")
    assert [mention.text for mention in extract.mentions] == ["Anders Holm", "Anders Holm", "Oslo"]
    assert [quote.text for quote in extract.quotes] == ["We had locked the gates at six,"]


def test_a_caption_may_name_in_full_whom_the_article_names_by_surname() -> None:
    body = "FILE PHOTO: Anders Holm on the quay, May 3, 2014.\nHolm locked the gates at six."
    assert names_of(body) == {"Anders Holm"}


def test_a_quotation_goes_on_behind_a_caption() -> None:
    body = (
        "“We had locked the gates at six, and the wind took the key out of my hand.\n"
        "FILE PHOTO: The quay in May.\n“We never found it,” said Anders Holm."
    )
    assert [quote.speaker for quote in extract_of(body).quotes] == ["Anders Holm", "Anders Holm"]


@pytest.mark.parametrize(
    "credit",
    [
        "Ingrid Solberg/Getty Images",
        "Ingrid Solberg for The New York Times",
        "REUTERS/Ingrid Solberg",
        "(AP Photo/Ingrid Solberg)",
        "Credit: Ingrid van der Berg/AP",
    ],
)
def test_words_behind_a_credit_are_a_sentence_of_their_own(credit: str) -> None:
    body = f"A ferry in the fog last year. {credit} At the time, the town had 50 boats, Tom Baker said."
    extract = extract_of(body)
    assert [quote.text for quote in extract.quotes] == ["At the time, the town had 50 boats"]
    assert [entity.name for entity in extract.entities] == ["Tom Baker"]


@pytest.mark.parametrize(
    "body",
    [
        "The ferry is old. A Salem Gazette/Bloomberg Politics poll has it at 50 years, Tom Baker said.",
        "It is late. Ingrid Solberg for The New York Times Magazine had written so, Tom Baker said.",
    ],
)
def test_names_with_a_stroke_are_no_credit(body: str) -> None:
    (quote,) = extract_of(body).quotes
    assert quote.text == body[body.index(". ") + 2 : body.index(", Tom Baker")]
