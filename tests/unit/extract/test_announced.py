"""Who speaks in words that the sentence before announces, where it names several."""

from __future__ import annotations

import pytest
from extracts import quotes_in


def last_speaker(body: str) -> str | None:
    return quotes_in(body)[-1].speaker


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ('Or maybe Ruth Adler, harbour adviser Tom Baker says. "She has the boats."', "Tom Baker"),
        ('Or maybe not Ruth Adler, Tom Baker argues. "She has the boats."', "Tom Baker"),
        ('The Harbour Gazette\'s Tom Baker agreed. "She has the boats."', "Tom Baker"),
        ('If anything, Tom Baker argued in his letter, the ferry is old. ¶ "It will sink."', "Tom Baker"),
        (
            "In a note on the news that Ruth Adler has sold the ferry, Tom Baker issued a statement: ¶ "
            '"She has the boats."',
            "Tom Baker",
        ),
        ('Ruth Adler fell ill on Monday, the mayor of Oslo said. "She has the flu."', "the mayor of Oslo"),
        # One subject that speaks, or none: as before.
        ('Ruth Adler has sold the ferry, she announced. "I have the money."', "Ruth Adler"),
        ('Ruth Adler agreed. "We have the boats."', "Ruth Adler"),
        ('The mayor, Ruth Adler, said no. "We have the boats."', "Ruth Adler"),
    ],
)
def test_the_subject_of_the_verb_of_speech_speaks(body: str, speaker: str) -> None:
    assert last_speaker(body.replace(" ¶ ", "\n")) == speaker


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        (
            "Ruth Adler, Tom Baker and U.S. Senator Jane Miller said the ferry was old.",
            "Ruth Adler, Tom Baker and Jane Miller",
        ),
        ("Ruth Adler and the chairman Tom Baker said the ferry was old.", "Ruth Adler and Tom Baker"),
        ("Ruth Adler and the chairman said the ferry was old.", "Ruth Adler and the chairman"),
        (
            "Ruth Adler and her colleagues Tom Baker and Jane Miller said the ferry was old.",
            "Ruth Adler and her colleagues",
        ),
    ],
)
def test_a_title_before_one_of_several_speakers(body: str, speaker: str) -> None:
    assert last_speaker(body) == speaker


@pytest.mark.parametrize(
    ("body", "speaker", "words"),
    [
        (
            "The budget, argued Ruth Adler, a baker from Oslo, would close nine schools.",
            "Ruth Adler",
            ["The budget", "would close nine schools"],
        ),
        ("The ferry, claimed Tom Baker, who owns it, was old.", "Tom Baker", ["The ferry", "was old"]),
        ("The bank, said its chairman, Tom Baker, will close.", "Tom Baker", ["The bank", "will close"]),
        ("Tom Baker, warned Ruth Adler, will never pay.", "Ruth Adler", ["Tom Baker", "will never pay"]),
        ("In Oslo, said Ruth Adler, the ferry is old.", "Ruth Adler", ["In Oslo", "the ferry is old"]),
        # The comma before the verb closes an aside.
        (
            "Ruth Adler, the mayor, said Tom Baker, the banker, was late.",
            "Ruth Adler",
            ["Tom Baker, the banker, was late"],
        ),
        (
            "Ruth Adler, who left, said the ferry, a tub, was late.",
            "Ruth Adler",
            ["the ferry, a tub, was late"],
        ),
    ],
)
def test_who_interrupts_a_clause_is_its_speaker(body: str, speaker: str, words: list[str]) -> None:
    found = quotes_in(body)
    assert [quote.text for quote in found] == words
    assert {quote.speaker for quote in found} == {speaker}


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ("Ruth Adler fell ill on Monday, the mayor of Oslo said.", "the mayor of Oslo"),
        ("Ruth Adler of Oslo lost again. The Oslo coach said it was late.", "Ruth Adler"),
    ],
)
def test_a_place_in_the_role_itself_names_nobody(body: str, speaker: str) -> None:
    assert last_speaker(body) == speaker
