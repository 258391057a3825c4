"""Who speaks, in made-up news: cues on every side, pronouns, role phrases and floating quotations."""

from __future__ import annotations

import pytest
from extracts import quotes_in


def marked(body: str) -> list[tuple[str | None, str | None]]:
    """List the speakers of the marked words, as named at the quote and as resolved."""
    return [(quote.speaker_text, quote.speaker) for quote in quotes_in(body) if quote.kind != "indirect"]


@pytest.mark.parametrize(
    "body",
    [
        '"The ferry is old," Ruth Adler said.',
        '"The ferry is old," said Ruth Adler.',
        '"The ferry is old," Ruth Adler, the owner of the line, said.',
        '"The ferry is old," said Ruth Adler, who has run the line since Tom Baker left.',
        'Ruth Adler said: "The ferry is old."',
        'Ruth Adler told Tom Baker, "The ferry is old."',
        'Speaking after the storm on Sunday, Ruth Adler, wet to the bone, said, "The ferry is old."',
        'Ruth Adler shook her head and added, "The ferry is old."',
        '"The ferry is old," Ruth Adler told AFP.',
        '"The ferry is old," according to Ruth Adler.',
        '"The ferry is old," Ruth Adler laughed.',
        '"Why is the ferry so old?" Ruth Adler asked Tom Baker.',
        'The broadcaster quoted Ruth Adler as saying "the ferry is older than the town."',
        'Ruth Adler was quoted as saying "the ferry is older than the town."',
        'Ruth Adler accused Tom Baker of "selling the ferry to strangers."',
        'Ruth Adler dismissed the plan as "a bad joke on the town."',
        'In a statement, Ruth Adler called the plan "a bad joke on the town."',
        'Ruth Adler: "The ferry is old."',
        'Ruth Adler (R-Ohio) said: "The ferry is old."',
        'Ruth Adler issued a statement saying "the ferry is older than the town."',
    ],
)
def test_the_speaker_beside_a_quotation(body: str) -> None:
    ((_, speaker),) = marked(body)
    assert speaker == "Ruth Adler"


def test_names_inside_a_quotation_do_not_speak() -> None:
    ((_, speaker),) = marked('"Tom Baker and Jane Miller sold it," the owner, Ruth Adler, said.')
    assert speaker == "Ruth Adler"


def test_a_participle_belongs_to_who_spoke() -> None:
    body = 'Ruth Adler told the council that Tom Baker had sold the boat, adding, "He must pay for it."'
    assert marked(body)[-1] == ("Ruth Adler", "Ruth Adler")


def test_a_passive_names_no_speaker() -> None:
    body = 'Tom Baker was told that the ferry was "too old to sail."'
    assert all(speaker != "Tom Baker" for _, speaker in marked(body))


def test_a_pronoun_means_who_spoke_last() -> None:
    body = (
        'Ruth Adler met Tom Baker on Monday. "The ferry is old," Adler said.\n'
        'Tom Baker listened.\n"It is late," he said.\n"Nobody cares," she said.'
    )
    assert [speaker for _, speaker in marked(body)] == ["Ruth Adler", "Tom Baker", "Ruth Adler"]


def test_a_pronoun_means_the_last_sentences_subject() -> None:
    body = 'Mr. Tom Baker met Mr. John Miller in Oslo. "It was short," he said.'
    assert marked(body) == [("he", "Tom Baker")]


def test_a_pronoun_reaches_over_sentences_about_the_same_person() -> None:
    body = (
        "Ruth Adler has run the ferry for years. She once sold it to Jane Miller and bought it back.\n"
        '"It was a mistake," she said.'
    )
    assert marked(body)[-1] == ("she", "Ruth Adler")


def test_a_role_phrase_means_who_was_introduced_so() -> None:
    body = (
        "Ohio senator Ruth Adler and Tom Baker, the mayor of Oslo, met on Monday.\n"
        '"It was short," the mayor said.\n"It was long," the senator said.'
    )
    assert [speaker for _, speaker in marked(body)] == ["Tom Baker", "Ruth Adler"]


def test_a_general_word_for_an_office_means_its_holder() -> None:
    body = (
        "French Foreign Minister Ruth Adler met German Chancellor Tom Baker on Monday.\n"
        '"It was short," France\'s top diplomat said.'
    )
    assert marked(body)[-1][1] == "Ruth Adler"


def test_the_company_means_the_one_spoken_of() -> None:
    body = 'Apple raised its prices on Monday.\n"Our costs have risen a lot," the company said.'
    assert marked(body) == [("the company", "Apple")]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('"The ferry is old," a monitoring group said.', "a monitoring group"),
        ('"The ferry is old," officials said.', "officials"),
        ('"The ferry is old," said one senior official.', "one senior official"),
        ('"The ferry is old," a spokesman for Ruth Adler said.', "a spokesman for Ruth Adler"),
    ],
)
def test_a_source_without_a_name_keeps_its_words(body: str, words: str) -> None:
    (quote,) = quotes_in(body)
    assert (quote.speaker_text, quote.speaker, quote.speaker_no) == (words, words, None)


def test_a_floating_quotation_goes_on_with_the_speaker_before() -> None:
    body = '"The ferry is old," Ruth Adler told Tom Baker on Monday.\n"We will sell it and buy a new one."'
    assert marked(body)[-1] == (None, "Ruth Adler")


def test_a_floating_quotation_after_an_announcement_is_its_subjects() -> None:
    body = (
        '"The ferry is old," Ruth Adler said.\n'
        "Tom Baker issued a statement on Monday.\n"
        '"We will sell it and buy a new one."'
    )
    assert marked(body)[-1] == (None, "Tom Baker")


def test_a_quotation_before_its_cue_and_after_another_verb_of_speech() -> None:
    body = 'When Tom Baker offered the town a boat, "nobody wanted it at all," Ruth Adler said.'
    assert marked(body)[-1][1] == "Ruth Adler"


def test_a_place_named_before_the_speaker_does_not_speak() -> None:
    body = 'Speaking at a fair in Salem, Oregon, Ruth Adler went after Baker, calling him "a total stranger."'
    assert marked(body)[-1][1] == "Ruth Adler"


def test_the_surer_way_has_the_higher_confidence() -> None:
    body = '"The ferry is old," Ruth Adler said.\nTom Baker listened to her.\n"It is late and I am tired."'
    first, second = quotes_in(body)
    assert 0 <= second.confidence < first.confidence <= 1


def test_a_transcript_without_marks_gives_its_lines_to_the_labels() -> None:
    body = (
        "MODERATOR: Who pays for the ferry?\nADLER: The town pays for it.\n"
        "MODERATOR: And who says so?\nADLER: I say so, and the council does."
    )
    found = [(quote.kind, quote.text, quote.speaker_text) for quote in quotes_in(body)]
    assert found[1] == ("direct", "The town pays for it.", "ADLER")
    assert [speaker for _, _, speaker in found] == ["MODERATOR", "ADLER", "MODERATOR", "ADLER"]


def test_headings_with_a_colon_are_no_transcript() -> None:
    assert quotes_in("PHOTO: The old ferry.\nTHE PLAN: A new ferry.\nTHE COST: Ten million.") == ()


def test_two_who_speak_together_are_named_together() -> None:
    (quote,) = quotes_in("Ruth Adler and Tom Baker said that the ferry was old.")
    assert (quote.speaker_text, quote.speaker) == ("Ruth Adler and Tom Baker", "Ruth Adler")


def test_who_after_a_house_is_the_person_who_works_there() -> None:
    body = (
        'The plan is bad, said Ruth Adler, a scholar at Harvard University who calls it "a gift to the rich."'
    )
    assert marked(body)[-1][1] == "Ruth Adler"


def test_a_signature_under_a_quotation_names_its_speaker_and_an_agency_does_not() -> None:
    body = (
        "Jane Miller opened the meeting.\n"
        '"The idea that we should sell the ferry is plainly wrong."\n- Ruth Adler, the owner.\n'
        '"It is late and it will get later." - Tom Baker\n"Nobody was hurt in all this."\n- AFP'
    )
    assert [speaker for _, speaker in marked(body)][:2] == ["Ruth Adler", "Tom Baker"]
    assert all(speaker != "AFP" for _, speaker in marked(body))


def test_the_verb_at_the_mark_outweighs_one_farther_off() -> None:
    body = 'When Tom Baker suggested that the ferry be sold, Ruth Adler shot back: "Sell your own house."'
    assert marked(body)[-1][1] == "Ruth Adler"


def test_reported_speech_names_no_speaker_of_a_quotation_before_it() -> None:
    body = '"We will not pay."\nThe words stood on a wall.\nIda Brandt said the berths would close.'
    assert [(quote.kind, quote.speaker) for quote in quotes_in(body)] == [
        ("direct", None),
        ("indirect", "Ida Brandt"),
    ]
