"""Who speaks where another person is nearer: whom the words call by name, who asks, who is of another age."""

from __future__ import annotations

import pytest
from extracts import quotes_in


def speakers_of(body: str) -> list[str | None]:
    return [quote.speaker for quote in quotes_in(body) if quote.kind != "act"]


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ('"We shall see," is all that Mrs Adler would say.', "Adler"),
        ('"I had no choice" was all Ruth Adler would say to reporters.', "Ruth Adler"),
        ('"It is a farce," is how Ruth Adler put it.', "Ruth Adler"),
        ('"It is a farce," was how the coach put it.', "the coach"),
        ('"A long winter is coming" is the way Ruth Adler puts it.', "Ruth Adler"),
        ('"A long winter is coming," was Ruth Adler\'s answer.', "Ruth Adler"),
        ('"A long winter is coming," is a line from an old song.', None),
    ],
)
def test_how_words_were_put(body: str, speaker: str | None) -> None:
    assert speakers_of(body) == [speaker]


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ('A text from Mr Baker to Ms Miller read: "Sell the ferry."', "Baker"),
        ('A text from Mr Hay to Ms Lunt read: "Delete everything."', "Mr Hay"),
        ('A note by Ruth Adler to her sister reads: "We must sell the ferry now."', "Ruth Adler"),
        ('An email from Ruth Adler to Tom Baker said: "We must sell the ferry now."', "Ruth Adler"),
        ('A letter to Tom Baker from the bank said: "You have ten days."', "the bank"),
    ],
)
def test_a_text_is_its_writers(body: str, speaker: str) -> None:
    assert speakers_of(body) == [speaker]


@pytest.mark.parametrize(
    ("body", "speakers"),
    [
        (
            'Tom Baker was called "a nice boy" by Ruth Adler and "a monster" by Jane Miller.',
            ["Ruth Adler", "Jane Miller"],
        ),
        (
            'The film, praised by Ruth Adler as "a small wonder" and by Tom Baker as "a long walk", opens on '
            "Friday.",
            ["Ruth Adler", "Tom Baker"],
        ),
        (
            'Tom Baker, described by his mother as "a nice boy" and by his drummer as "a monster", is 70.',
            ["his mother", "his drummer"],
        ),
        ('Tom Baker was called "a nice boy" and "a monster" by Ruth Adler.', ["Ruth Adler", "Ruth Adler"]),
    ],
)
def test_each_agent_has_own_words(body: str, speakers: list[str]) -> None:
    assert speakers_of(body) == speakers


@pytest.mark.parametrize(
    "body",
    [
        'The minister, said Ms Adler, was "asleep at the wheel".',
        'The ferry, said Ms Adler, was "a rusty old tub".',
        'The mayor, Ms Adler said, was "asleep at the wheel".',
    ],
)
def test_a_clause_around_its_attribution_is_not_its_own_subjects(body: str) -> None:
    assert set(speakers_of(body)) == {"Adler"}


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ('Ruth Adler introduced Jane Miller to the crowd. "Thank you, Ruth," she said.', "Jane Miller"),
        ('Ruth Adler met Jane Miller at the gate. "Don\'t go, Ruth," she said.', "Jane Miller"),
        ('Tom Baker met John Miller at the gate. "Good morning, Mr Baker," he said.', "John Miller"),
        ('Tom Baker met John Miller at the gate. "Tom, you are late," he said.', "John Miller"),
        ('Tom Baker met John Miller at the gate. "I, Tom Baker, am late," he said.', "Tom Baker"),
        ('Tom Baker met John Miller. "My brother is called Tom, too," he said.', "Tom Baker"),
    ],
)
def test_whom_the_words_call_by_name_does_not_speak(body: str, speaker: str) -> None:
    assert speakers_of(body) == [speaker]


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        (
            'Jane Miller wants a ferry. Ruth Adler asked whether she was tired. "Not at all," she said.',
            "Jane Miller",
        ),
        (
            "Tom Baker wants a ferry. Senator John Adler asked why he was late. "
            '"The bus broke down," he said.',
            "Tom Baker",
        ),
        (
            'Jane Miller sat by the door. Ruth Adler asked if she could sit down. "My feet hurt," she said.',
            "Ruth Adler",
        ),
    ],
)
def test_who_asks_about_another_does_not_answer(body: str, speaker: str) -> None:
    assert speakers_of(body)[-1] == speaker


@pytest.mark.parametrize(
    "body",
    [
        'The judge freed Mr Toal. His mother, Bernie, wept. "At last," she said.',
        'Ann Lee lost the case. His mother, Bernie Toal, wept. "At last," she said.',
        'Ann Lee lost the case. The widow of the man, his wife, Bernie Toal, wept. "At last," she said.',
    ],
)
def test_a_relative_has_the_gender_of_the_word(body: str) -> None:
    assert "Bernie" in (speakers_of(body)[-1] or "") or speakers_of(body)[-1] == "His mother"


@pytest.mark.parametrize(
    ("body", "speakers"),
    [
        (
            "The pilot, Tom Baker, and the co-pilot, John Miller, survived. The co-pilot said he smelled "
            "smoke. The pilot said he did not.",
            ["John Miller", "Tom Baker"],
        ),
        (
            "The vice-president, Tom Baker, stood in for the president, Jane Miller. The president said she "
            "was ill. The vice-president said she was golfing.",
            ["Jane Miller", "Tom Baker"],
        ),
        ("Co-founder Ruth Adler left. The co-founder said the firm had lost its way.", ["Ruth Adler"]),
    ],
)
def test_a_role_with_a_hyphen(body: str, speakers: list[str]) -> None:
    assert speakers_of(body) == speakers


@pytest.mark.parametrize(
    ("body", "speakers"),
    [
        (
            "The 19-year-old, Tom Baker, lives with Jane Miller, 70. The 70-year-old said he was messy. "
            "The 19-year-old said she was deaf.",
            ["Jane Miller", "Tom Baker"],
        ),
        ("Ruth Adler, 43, met the press. The 51-year-old said it was late.", ["The 51-year-old"]),
    ],
)
def test_an_age_is_of_one_person(body: str, speakers: list[str]) -> None:
    assert speakers_of(body) == speakers


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Police said four died.", ["four died"]),
        ("Ruth Adler said they lied.", ["they lied"]),
        ("The ministry said nobody survived.", ["nobody survived"]),
        ("Ruth Adler said so.", []),
        ("Ruth Adler said she would.", []),
        ("Ruth Adler said it was.", []),
        ("The town raised twice what Ruth Adler said she wanted.", []),
    ],
)
def test_a_clause_of_two_words(body: str, words: list[str]) -> None:
    assert [quote.text for quote in quotes_in(body) if quote.kind != "act"] == words


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        (
            "When a reporter later asked Tom Baker if he would resign, Baker smiled.\n"
            '"You tell me," he said.',
            "Tom Baker",
        ),
        ('Ruth Adler smiled when a neighbour said she was late. "I know," she said.', "Ruth Adler"),
        # Who speaks in the main clause is meant, with a name or without.
        ('"It is old," a lawyer said. "It will sink," he said.', "a lawyer"),
        ('A lawyer said the ferry of Tom Baker was old. "It will sink," he said.', "A lawyer"),
    ],
)
def test_a_pronoun_means_the_main_clause_before_an_aside(body: str, speaker: str) -> None:
    assert speakers_of(body)[-1] == speaker


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ('Linda Adler and Susan Miller quarrelled for an hour. "It was awful," she said.', None),
        ('Linda Adler and Tom Miller quarrelled for an hour. "It was awful," she said.', "Linda Adler"),
        ('Linda Adler met Susan Miller for an hour. "It was awful," she said.', "Linda Adler"),
    ],
)
def test_a_pronoun_for_one_of_two_joint_subjects_is_left_open(body: str, speaker: str | None) -> None:
    assert speakers_of(body) == [speaker]


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        (
            '"It was dark," two witnesses said.\nTenant advocates took another view. '
            '"Nobody can pay it," they said.',
            "Tenant advocates",
        ),
        (
            '"It was dark," two witnesses said.\nBut local shop owners left.\n"We saw nothing," they said.',
            "local shop owners",
        ),
        (
            'Ann Kim and Bo Lee said it was late.\nShop owners were happier. "It will help," they said.',
            "Shop owners",
        ),
        ('"The jury was tired," jurors said.\nThe police denied it. They said it was noon.', "The police"),
        (
            '"We will strike," union leaders said.\nFerries were cut. "We have no choice," they said.',
            "union leaders",
        ),
        (
            '"It is old," officials said.\nAnn Kim advocates a ban on lamps.\n"It will sail," they said.',
            "officials",
        ),
        ("Officials said it was safe. They had been warned by engineers. They said it was new.", "Officials"),
        ("Officials said it was safe. Teachers are paid less than nurses, they said.", "Officials"),
    ],
)
def test_they_are_the_people_spoken_of_last(body: str, speaker: str) -> None:
    assert speakers_of(body)[-1] == speaker


def test_a_name_taken_for_a_places_is_a_person_who_thinks() -> None:
    body = (
        'Like many bakers, Kipp Kahlia felt stuck. "I never had a coat," said Helen Marsh.\n'
        'In other years, Kahlia would have thought twice before spending it. "I am used to it," she said.'
    )
    assert speakers_of(body) == ["Helen Marsh", "Kipp Kahlia"]


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ('The Vermont State Police closed the road. "It was icy," police said.', "Vermont State Police"),
        ("The Vermont State Police left.\nIn Salem, local police came. It was wet, police said.", "police"),
        ("The New York Police Department moved.\nChicago police came. Police said it was icy.", "Police"),
        ("Baker, former head of the Vermont State Police, left.\nThe road was icy, police said.", "police"),
        ("The Vermont State Police came.\nThe road was icy, police said.\nThe Boston Police left.", "police"),
    ],
)
def test_police_are_a_named_force_only_where_no_other_is_spoken_of(body: str, speaker: str) -> None:
    assert speakers_of(body) == [speaker]


@pytest.mark.parametrize(
    ("body", "speakers"),
    [
        ('Fans called him a "god"; one critic heralded it as "a small wonder".', ["Fans", "one critic"]),
        (
            'Readers praised her as "fearless", and the mayor saluted her as "a light".',
            ["Readers", "the mayor"],
        ),
        ('Tom Baker called it "a farce"; Ruth Adler remembered it as "a day".', ["Tom Baker", "Ruth Adler"]),
        ('Ruth Adler said it was late.\n"Refoulement" (return by force) is banned.', ["Ruth Adler"]),
        ('"It is late," Ruth Adler said. "Paper" is her word for a draft.', ["Ruth Adler"]),
        (
            '"It is late," Ruth Adler said.\n"No comment" was all Tom Baker would say.',
            ["Ruth Adler", "Tom Baker"],
        ),
        ('"Go home" the mayor shouted.', ["the mayor"]),
    ],
)
def test_a_few_words_in_marks_are_those_of_who_uses_them(body: str, speakers: list[str]) -> None:
    assert speakers_of(body) == speakers


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ('Tom Pike declined to comment, but Luis Reyes was blunt. "It is late," he said.', "Luis Reyes"),
        ('Tom Pike left, but Luis Reyes was blunt.\n"It is late and we know it."', "Luis Reyes"),
        ('Ann Kim had hoped so, but the mayor, Jane Lee, refused. "It is late," she said.', "Jane Lee"),
        ('Tom Pike wanted to go, but Luis Reyes talked him out of it. "I was tired," he said.', "Tom Pike"),
        ('Tom Pike stayed, although Luis Reyes had left. "It is my home," he said.', "Tom Pike"),
        ('Everyone but Luis Reyes left. Tom Pike was blunt. "It is late," he said.', "Tom Pike"),
        ('Tom Pike said it was early, but Luis Reyes was blunt: "It is late."', "Luis Reyes"),
        ('Tom Pike said it was early, but the coach was blunt: "It is late."', "the coach"),
        ('Tom Pike said it was early, but had a question: "Is it late?"', "Tom Pike"),
    ],
)
def test_who_is_set_against_another_has_the_word(body: str, speaker: str) -> None:
    assert speakers_of(body)[-1] == speaker


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ("John Miller accused Tom Baker of theft. He denied that he had been there.", "Tom Baker"),
        ('John Miller sued Tom Baker in May. He has denied it. "It is a lie," he said.', "Tom Baker"),
        ("Tom Baker was accused by John Miller of theft. He denied that he had been there.", "Tom Baker"),
        ("John Miller accused Tom Baker of theft. He said Baker had lied to him.", "John Miller"),
        ("John Miller accused the bank of theft. He denied that he owed it money.", "John Miller"),
    ],
)
def test_who_accuses_does_not_deny(body: str, speaker: str) -> None:
    assert speakers_of(body)[-1] == speaker


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        (
            "Ruth Adler, the U.S. presidential candidate, met Jane Lee. Lee listened. "
            '"We will win," the U.S. presidential candidate said.',
            "Ruth Adler",
        ),
        (
            'Ben Carter leads the polls.\n"I am ready," the Republican presidential candidate said.',
            "Ben Carter",
        ),
        (
            'Democratic candidate Ann Kim left. Tom Baker stayed. "Weak," the Republican candidate said.',
            "the Republican candidate",
        ),
        (
            'Ann Kim criticized Tom Baker. "He is weak," the Republican candidate said.',
            "the Republican candidate",
        ),
        ('Ann Kim left. A candidate from Ohio wept. "I lost," the candidate said.', "the candidate"),
        (
            'Sen. Ann Kim (R-Fla.) left. "It is late," the Florida senator and presidential candidate said.',
            "Ann Kim",
        ),
        (
            'The president, Ann Kim, met the premier, Bo Lee. "It is late," the president and premier said.',
            "the president and premier",
        ),
    ],
)
def test_a_candidate_is_who_is_spoken_of_alone(body: str, speaker: str) -> None:
    assert speakers_of(body)[-1] == speaker


def test_what_is_said_of_whom_a_clause_describes() -> None:
    (quote,) = quotes_in("The driver, whom police said was drunk, hit two cars.")
    assert (quote.speaker, quote.text) == ("police", "was drunk")
