"""Whom pronouns, role phrases, demonyms and 'I' mean, and whose floating quotations are, in made-up news."""

from __future__ import annotations

import pytest
from extracts import quotes_in


def speakers(body: str) -> list[str | None]:
    return [quote.speaker for quote in quotes_in(body) if quote.kind in ("direct", "mixed")]


def marked(body: str) -> list[tuple[str | None, str | None]]:
    """List the speakers of the marked words, as named at the quote and as resolved."""
    return [
        (quote.speaker_text, quote.speaker) for quote in quotes_in(body) if quote.kind in ("direct", "mixed")
    ]


def test_a_pronoun_means_who_spoke_last() -> None:
    body = (
        'Ruth Adler met Tom Baker on Monday. "The ferry is old," Adler said.\n'
        'Tom Baker listened.\n"It is late," he said.\n"Nobody cares," she said.'
    )
    assert [speaker for _, speaker in marked(body)] == ["Ruth Adler", "Tom Baker", "Ruth Adler"]


def test_they_after_the_two_are_these() -> None:
    body = (
        "Ruth Adler met Tom Baker as guards watched. The two then ate for an hour. "
        "They told the Courier that the ferry was old."
    )
    (quote,) = quotes_in(body)
    assert quote.speaker == "Ruth Adler and Tom Baker"
    body = "Guards came. Ruth Adler and Tom Baker were late. Adler laughed. They both said the ferry was old."
    (quote,) = quotes_in(body)
    assert quote.speaker == "Ruth Adler and Tom Baker"


def test_it_that_is_read_is_no_body() -> None:
    body = 'Baker sent her a message. The Leeds Crown Court heard of it. "You will be sorry," it read.'
    (quote,) = quotes_in(body)
    assert quote.speaker is None


def test_a_group_without_a_name_is_called_again() -> None:
    body = "Marsalin Lines lost a ferry, a monitoring group said. Nobody was hurt, the group said."
    assert [(quote.speaker or "").split()[-1] for quote in quotes_in(body)] == ["group", "group"]


@pytest.mark.parametrize(
    ("name", "noun"),
    [
        ("Marsalin Police", "force"),
        ("the Green Alliance", "party"),
        ("Halden FC", "club"),
        ("Halden Steel", "steelmaker"),
        ("the Harbour Institute", "think tank"),
        ("Marsalin Airport", "airport"),
        ("Marsalin Zoo", "zoo"),
        ("the Nordic Church", "church"),
        ("the Marsalin School District", "district"),
    ],
)
def test_a_body_is_called_again_by_what_it_is(name: str, noun: str) -> None:
    (quote,) = quotes_in(f"The ferry was sold by {name} on Monday. The {noun} said the ferry was old.")
    assert (quote.speaker, quote.speaker_type) == (name.removeprefix("the "), "organization")


@pytest.mark.parametrize(
    ("office", "holder"),
    [
        ("the minister", "Ann Kim"),
        ("the prime minister", "Dev Patel"),
        ("the chief inspector", None),
    ],
)
def test_a_prime_minister_is_not_any_minister(office: str, holder: str | None) -> None:
    body = (
        f'Prime Minister Dev Patel met Minister Ann Kim and Inspector Tom Baker. "It is late," {office} said.'
    )
    (quote,) = quotes_in(body)
    assert quote.speaker == (holder or office)


def test_a_pronoun_means_the_last_sentences_subject() -> None:
    body = 'Mr. Tom Baker met Mr. John Miller in Oslo. "It was short," he said.'
    assert marked(body) == [("he", "Tom Baker")]


def test_a_pronoun_reaches_over_sentences_about_the_same_person() -> None:
    body = (
        "Ruth Adler has run the ferry for years. She once sold it to Jane Miller and bought it back.\n"
        '"It was a mistake," she said.'
    )
    assert marked(body)[-1] == ("she", "Ruth Adler")


def test_a_role_phrase_means_who_was_introduced_in_that_role() -> None:
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
def test_a_demonym_or_a_party_means_a_person(body: str) -> None:
    assert speakers(body) == ["Ruth Adler"]


def test_a_singular_demonym_is_never_the_people() -> None:
    body = 'Officials in Germany closed the bridge. "I was asleep," the German said.'
    (quote,) = [quote for quote in quotes_in(body) if quote.kind == "direct"]
    assert quote.speaker_no is None


def test_a_plural_demonym_is_no_person() -> None:
    body = 'Ruth Adler, a Swedish runner, was late. "We waited," the Swedes said.'
    assert speakers(body) != ["Ruth Adler"]


def test_a_pronoun_refers_to_a_demonym() -> None:
    body = (
        'Norwegian skier Ruth Adler fell on Sunday. The Norwegian said she was well. "It was ice," she said.'
    )
    assert speakers(body) == ["Ruth Adler"]


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


def test_a_person_without_a_name_keeps_the_words() -> None:
    body = (
        "Ruth Adler, the owner, said the ferry was safe.\n"
        "On the quay, a plumber from the next town reported that it leaked.\n"
        '"It leaked on my hat," the plumber said.'
    )
    assert speakers(body) == ["a plumber from the next town"]


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
def test_i_means_the_author_of_a_statement(title: str, opening: str) -> None:
    (quote,) = quotes_in(f"{opening}\nI told the council in May that the ferry was too old.", title)
    assert quote.speaker is not None
    assert (quote.speaker.lower(), quote.speaker_text) == ("ruth adler", "I")


@pytest.mark.parametrize("who", ["I", "We"])
def test_first_person_without_an_author_is_no_quote(who: str) -> None:
    assert quotes_in(f"{who} said in May that the ferry was too old.") == ()


def test_the_company_is_not_the_agency() -> None:
    body = 'Ruth Adler told Newswire that Corvane Lines was safe. The company called it "as good as new."'
    *_, quote = quotes_in(body, agency="Newswire")
    assert quote.speaker == "Corvane Lines"


def test_they_are_not_who_is_told() -> None:
    body = 'Workers cheered on the quay. "It sails," they told the Harbour Gazette.'
    assert speakers(body) == ["Workers"]


def test_it_means_an_organization() -> None:
    body = 'Ruth Adler sold Corvane Lines on Monday. The firm sails on. "Our costs have risen," it said.'
    assert speakers(body) == ["Corvane Lines"]


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        (
            'Adler and his brother Greg said they would wait. "It is late," Greg Adler said. Tom Adler left.',
            "Tom Adler and Greg Adler",
        ),
        (
            'Adler and his wife said they would wait. Ruth Adler left. "It is late," Tom Adler said.',
            "Tom Adler and his wife",
        ),
        ("Ruth Adler was late. Adler and his wife said they would wait.", "Adler and his wife"),
        ("Ruth Adler was late. Adler and her son said they would wait.", "Ruth Adler and her son"),
    ],
)
def test_a_surname_in_joint_speakers_is_not_the_other_one(body: str, speaker: str) -> None:
    assert quotes_in(body)[0].speaker == speaker


@pytest.mark.parametrize(
    "which", ["that owned the tug", "which owned the tug", "behind the tug", "responsible for the tug"]
)
def test_an_organization_that_is_told_from_others_is_not_the_last_one(which: str) -> None:
    body = f'Corvane Lines lost a ship. The company {which} said it was sorry. "We are," the company said.'
    assert [(quote.speaker or "").lower() for quote in quotes_in(body)] == ["the company", "the company"]


def test_a_comma_tells_more_of_the_last_organization() -> None:
    body = "Corvane Lines lost a ship. The company, which owns nine, said it was insured."
    assert [quote.speaker for quote in quotes_in(body)] == ["Corvane Lines"]


def test_he_in_joint_speakers_is_somebody_else() -> None:
    body = (
        'Tom Baker met John Miller in Oslo. "It was short," Baker said. He and Miller said the ferry was old.'
    )
    (*_, quote) = quotes_in(body)
    assert quote.speaker == "Tom Baker and John Miller"


def test_a_pronoun_means_who_was_just_described_by_office() -> None:
    body = (
        "Secretary of State Tom Baker met Russian Foreign Minister John Miller.\n"
        '"It was short," Washington\'s top diplomat said.\n"It was cold," he added.'
    )
    assert marked(body)[-1] == ("he", "Tom Baker")


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ('Residents of Mill Lane blocked the road.\n"We want a crossing," they said.', "Residents"),
        ('Police in Oslo closed the bridge.\n"It is weak," they said.', "Police"),
        (
            'Omega Labs and Delta Mills merged on Friday.\n"It is a good match," the two companies said.',
            "Omega Labs and Delta Mills",
        ),
    ],
)
def test_plurals_mean_the_people_or_the_pair_spoken_of(body: str, speaker: str) -> None:
    assert speakers(body) == [speaker]


def test_a_title_tells_who_of_one_last_name_is_meant() -> None:
    body = (
        "Senator Ruth Adler and her brother Tom Adler, the mayor of Oslo, do not agree.\n"
        '"It is old," Mayor Adler said.\n'
        '"It is new," Senator Adler said.'
    )
    assert [quote.speaker for quote in quotes_in(body)] == ["Tom Adler", "Ruth Adler"]


def test_the_company_is_no_union() -> None:
    body = (
        "Ferry Workers voted to strike at Corvane Lines, which owns four boats.\n"
        '"Our pay is bad," the union said.\n'
        "The company said its pay was good."
    )
    assert quotes_in(body)[-1].speaker == "Corvane Lines"


def test_a_joint_statement_is_of_all_who_issue_it() -> None:
    body = (
        'Ruth Adler and Tom Baker issued the following joint statement:\n"The ferry will sail again in May."'
    )
    assert [quote.speaker for quote in quotes_in(body)] == ["Ruth Adler and Tom Baker"]


def test_a_headline_that_says_so_announces_the_first_words() -> None:
    body = '"The ferry will sail again in the spring, and we will all be there to see it."'
    (quote,) = quotes_in(body, title="Ruth Adler Says Ferry Is Safe")
    assert quote.speaker == "Ruth Adler"
    (quote,) = quotes_in(body, title="Ruth Adler in Oslo")
    assert quote.speaker is None
