"""Who speaks, in made-up news: the cue and the phrase that names the speaker."""

from __future__ import annotations

import pytest
from extracts import extract_of, quotes_in

from ontherecord.warehouse.records import joint_name


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
        '"The ferry is old," read a statement from Ruth Adler.',
        '"The ferry is old," said a letter by Ruth Adler to the town.',
        'A letter signed by Ruth Adler read: "The ferry is old."',
        'Ruth Adler\'s verdict: "The ferry is old."',
        'It was Ruth Adler who said: "The ferry is old."',
        'It was Ruth Adler, not Tom Baker, who said: "The ferry is old."',
        'It fell to Ruth Adler to say it: "The ferry is old."',
        'For Ruth Adler, it is simple: "The ferry is old."',
    ],
)
def test_the_speaker_beside_a_quotation(body: str) -> None:
    ((_, speaker),) = marked(body)
    assert speaker == "Ruth Adler"


@pytest.mark.parametrize(
    "relative", ["Her son, the actor Tom Baker,", "Her son, actor Tom Baker,", "Her son, Tom Baker,"]
)
def test_a_relative_with_a_role_and_a_name(relative: str) -> None:
    (quote,) = quotes_in(f"{relative} said the ferry was old.")
    assert quote.speaker == "Tom Baker"


def test_names_inside_a_quotation_do_not_speak() -> None:
    ((_, speaker),) = marked('"Tom Baker and Jane Miller sold it," the owner, Ruth Adler, said.')
    assert speaker == "Ruth Adler"


@pytest.mark.parametrize(
    ("body", "speaker_text"),
    [
        ('Ruth Adler was calm after Tom Baker won the vote: "This ferry is old."', "Ruth Adler"),
        ('Ruth Adler thought Tom Baker was right: "This ferry is old."', "Ruth Adler"),
        ('Ruth Adler left. One comment below the picture: "This ferry is old."', "One comment"),
        ('Ruth Adler left. A note, sent an hour after she won: "This ferry is old."', "A note"),
        ('Ruth Adler left. A reply to her post from a user in Hull: "This ferry is old."', "a user in Hull"),
        (
            'Ruth Adler left. The reply of the port when she rang: "This ferry is old."',
            "The reply of the port",
        ),
        ('Ruth Adler\'s message to her staff: "This ferry is old."', "Ruth Adler"),
    ],
)
def test_what_a_colon_follows_has_its_own_author(body: str, speaker_text: str) -> None:
    ((found, _),) = marked(body)
    assert found == speaker_text


@pytest.mark.parametrize(
    "announcing",
    ["A sign on the door:", "A banner hung from the bridge:", "The headline in the Mail the next day:"],
)
def test_signs_and_headlines_do_not_speak(announcing: str) -> None:
    assert marked(f'Ruth Adler went home. {announcing} "This ferry is old."') == []


def test_a_participle_belongs_to_who_spoke() -> None:
    body = 'Ruth Adler told the council that Tom Baker had sold the boat, adding, "He must pay for it."'
    assert marked(body)[-1] == ("Ruth Adler", "Ruth Adler")


@pytest.mark.parametrize(
    "joint",
    [
        "Senators Ruth Adler of Ohio and Tom Baker of Maine",
        "Senators Ruth Adler of Ohio and Tom Baker of Maine, both Democrats,",
        "Ruth Adler from Oslo and Tom Baker from Hull",
    ],
)
def test_where_joint_speakers_are_from(joint: str) -> None:
    (quote,) = quotes_in(f"{joint} said the ferry was old.")
    assert quote.speaker == "Ruth Adler and Tom Baker"


@pytest.mark.parametrize("heard", ["can be heard shouting in the video", "is heard yelling"])
def test_who_is_heard_shouting_speaks(heard: str) -> None:
    (quote, _) = quotes_in(f'"Go home now," the man {heard}. "I was scared," Ruth Adler said.')
    assert quote.speaker == "the man"


def test_what_somebody_recalls_is_whose_it_was() -> None:
    body = 'Tom Baker recalled Ruth Adler\'s warning: "The ferry is old."'
    assert marked(body) == [("Ruth Adler", "Ruth Adler")]
    body = 'Tom Baker repeated his promise: "The ferry is safe."'
    assert marked(body) == [("Tom Baker", "Tom Baker")]


def test_what_a_statement_is_about_did_not_issue_it() -> None:
    body = 'Ruth Adler and Tom Baker issued a statement on the army\'s announcement: "The ferry is old."'
    assert marked(body)[-1][1] == "Ruth Adler and Tom Baker"


def test_a_name_within_the_quotation_is_not_its_source() -> None:
    body = "According to the Federal Rail Agency, “New York State had its warmest June on record, again.”"
    assert marked(body) == [("the Federal Rail Agency", "Federal Rail Agency")]


@pytest.mark.parametrize(
    "body",
    [
        'A plan called "a joke" by Ruth Adler was dropped.',
        'Tom Baker, called "a joke" by Ruth Adler, wept.',
        'Tom Baker was called "a joke" by Ruth Adler.',
    ],
)
def test_who_is_called_so_did_not_say_it(body: str) -> None:
    assert marked(body) == [("Ruth Adler", "Ruth Adler")]


def test_who_retells_did_not_say_it() -> None:
    body = 'Tom Baker had texted a friend, "The ferry is old," hours earlier, Ruth Adler said.'
    assert marked(body) == [("Tom Baker", "Tom Baker")]


def test_who_sent_a_message_asks() -> None:
    (quote,) = quotes_in("Tom Baker did not answer a message from Ruth Adler asking whether it would sail.")
    assert (quote.speaker, quote.text) == ("Ruth Adler", "it would sail")


def test_a_passive_names_no_speaker() -> None:
    body = 'Tom Baker was told that the ferry was "too old to sail."'
    assert all(speaker != "Tom Baker" for _, speaker in marked(body))


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


def test_a_quotation_before_its_cue_and_after_another_verb_of_speech() -> None:
    body = 'When Tom Baker offered the town a boat, "nobody wanted it at all," Ruth Adler said.'
    assert marked(body)[-1][1] == "Ruth Adler"


def test_a_place_named_before_the_speaker_does_not_speak() -> None:
    body = 'Speaking at a fair in Salem, Oregon, Ruth Adler went after Baker, calling him "a total stranger."'
    assert marked(body)[-1][1] == "Ruth Adler"


@pytest.mark.parametrize(
    ("body", "speakers"),
    [
        ("Ruth Adler and Tom Baker said that the ferry was old.", ["Ruth Adler", "Tom Baker"]),
        ('"The ferry is old," said Ruth Adler and Tom Baker.', ["Ruth Adler", "Tom Baker"]),
        (
            "Sens. Ruth Adler (R-Ohio) and Tom Baker (D-Ohio) today announced that the ferry would sail.",
            ["Ruth Adler", "Tom Baker"],
        ),
        (
            "The town's lawyers, Ruth Adler and Tom Baker, said the ferry was sold.",
            ["Ruth Adler", "Tom Baker"],
        ),
        (
            "Ruth Adler, Jane Miller and Tom Baker said that the ferry was old.",
            ["Ruth Adler", "Jane Miller", "Tom Baker"],
        ),
        ("Ruth Adler and her husband said that the ferry was old.", ["Ruth Adler", "her husband"]),
        ("Founder and chairwoman Ruth Adler said the ferry was old.", ["Ruth Adler"]),
        ("Jane Miller met Ruth Adler, and Tom Baker said that the ferry was old.", ["Tom Baker"]),
    ],
)
def test_joint_speakers_each_have_the_quote(body: str, speakers: list[str]) -> None:
    found = extract_of(body)
    assert [speaker.name for speaker in found.quote_speakers] == speakers
    assert found.quotes[0].speaker == joint_name(speakers)


def test_who_refers_to_the_person_and_not_the_institution() -> None:
    body = (
        'The plan is bad, said Ruth Adler, a scholar at Harvard University who calls it "a gift to the rich."'
    )
    assert marked(body)[-1][1] == "Ruth Adler"


def test_the_verb_at_the_mark_outweighs_one_farther_off() -> None:
    body = 'When Tom Baker suggested that the ferry be sold, Ruth Adler shot back: "Sell your own house."'
    assert marked(body)[-1][1] == "Ruth Adler"


def test_reported_speech_names_no_speaker_of_a_quotation_before_it() -> None:
    body = '"We will not pay."\nThe words stood on a wall.\nIda Brandt said the berths would close.'
    assert [(quote.kind, quote.speaker) for quote in quotes_in(body)] == [
        ("direct", None),
        ("indirect", "Ida Brandt"),
    ]


def test_in_the_words_of() -> None:
    body = 'The ferry is, in the words of Ruth Adler, "a boat with a hole and a licence."'
    assert marked(body)[-1][1] == "Ruth Adler"


@pytest.mark.parametrize(
    "body",
    [
        'Ruth Adler\'s warning that the ferry was "older than the town" came late.',
        'Ruth Adler\'s statement read: "The ferry is old."',
        "A statement from Ruth Adler said the ferry was old.",
    ],
)
def test_a_noun_of_speech_belongs_to_its_owner(body: str) -> None:
    assert [quote.speaker for quote in quotes_in(body)] == ["Ruth Adler"]


@pytest.mark.parametrize(
    ("body", "speakers"),
    [
        (
            "Jane Miller met Tom Baker, a lawyer. Ruth Adler, head of the Salem Harbour Union: "
            '"The ferry is old." [Harbour Gazette, 12 May] John Hale, senior fellow for shipping, '
            'Oslo Institute: "It must go."',
            ["Ruth Adler", "John Hale"],
        ),
        (
            '"It is old," said Ruth Adler. Mayor Lena Ortiz of Salem: "It must go."',
            ["Ruth Adler", "Lena Ortiz"],
        ),
        ('Ruth Adler on Tom Baker: "He is the best we have."', ["Ruth Adler"]),
        ('Police Chief Lena Ortiz, at a news conference on Monday: "We have no boat."', ["Lena Ortiz"]),
        ('Ruth Adler was told of it. Adler\'s answer: "Not in my harbour."', ["Ruth Adler"]),
        ('Ruth Adler showed it to Tom Baker. The slogan: "Sail more, pay less."', []),
    ],
)
def test_a_name_with_its_title_before_a_colon(body: str, speakers: list[str]) -> None:
    assert [speaker for _, speaker in marked(body)] == speakers


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ('"Go home," Tom Baker was told by Ruth Adler.', "Ruth Adler"),
        ('Tom Baker met Jane Miller. "Go home," he was told.', None),
        ('Tom Baker and the crew waited. Passengers were told: "Leave now."', None),
        ('"Who pays for the boat?" Tom Baker was asked.', None),
        ('Tom Baker was called "a liar" by Ruth Adler on Monday.', "Ruth Adler"),
        ('Tom Baker was praised as "a very fine captain" by Ruth Adler.', "Ruth Adler"),
        ('The plan, branded "a farce and a fraud" by Ruth Adler, was dropped.', "Ruth Adler"),
        ('"It is broken," Ruth Adler was heard to say.', "Ruth Adler"),
        ('"He will be back," smiled manager Ruth Adler.', "Ruth Adler"),
        (
            'Tom Baker mocked the claim of Ruth Adler. He mocked her promise of "a ferry for all."',
            "Ruth Adler",
        ),
    ],
)
def test_who_hears_the_words_does_not_speak(body: str, speaker: str | None) -> None:
    assert [found for _, found in marked(body)] == [speaker]


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ("It was Ruth Adler, not Tom Baker, who said the ferry was old.", "Ruth Adler"),
        ("Ruth Adler, not Tom Baker, said the ferry was old.", "Ruth Adler"),
        ("Ask Ruth Adler, the editor of the paper, who said the ferry was old.", "Ruth Adler"),
        (
            "The prize went to Ruth Adler, a nurse at St. Mary's Hospital, who said the ferry was old.",
            "Ruth Adler",
        ),
        ("The No. 3 officer of the line, Ruth Adler, told reporters that the ferry was old.", "Ruth Adler"),
        ("When Ruth Adler joined the Red Cross, she said the ferry was old.", "Ruth Adler"),
        ("A neighbour, Emma Park, said the ferry was old.", "Emma Park"),
        ('Tom Baker mocked the company\'s claim of "a safe and sound ferry" on Monday.', "the company"),
    ],
)
def test_whom_the_words_beside_a_name_mean(body: str, speaker: str) -> None:
    assert [quote.speaker for quote in quotes_in(body)] == [speaker]


@pytest.mark.parametrize(
    "body",
    [
        "Ruth Adler commented on reports that the ferry would be sold.",
        "The line responded to allegations that it sold the ferry.",
        "Ruth Adler spoke about claims that the ferry was sold.",
    ],
)
def test_what_others_claim_is_not_said_by_who_responds(body: str) -> None:
    assert [quote for quote in quotes_in(body) if quote.kind != "act"] == []


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ('The audit found "grave and repeated lapses" on the ferry.', "The audit"),
        ('The panel found "no sign of any wrong" in the books.', "The panel"),
        ('Inspectors uncovered "a web of lies and debts" on the ferry.', "Inspectors"),
        ('Ruth Adler apologized for "an honest error of judgment" on Monday.', "Ruth Adler"),
    ],
)
def test_what_an_inquiry_found_in_marks(body: str, speaker: str) -> None:
    assert [found for _, found in marked(body) if found] == [speaker]


def test_a_thing_that_is_found_is_no_quote_of_the_finder() -> None:
    assert quotes_in('The crew found "The Last Ferry Home" in a box.') == ()


@pytest.mark.parametrize(
    "body",
    [
        'Ruth Adler and Tom Baker issued a statement on Monday. "We will sell it," they said.',
        'Senator Ruth Adler (D-Ohio) and Mayor Tom Baker today released this statement:\n"We will sell it."',
    ],
)
def test_joint_subjects_speak_together(body: str) -> None:
    (quote,) = (quote for quote in quotes_in(body) if quote.kind == "direct")
    assert quote.speaker == "Ruth Adler and Tom Baker"


def test_they_are_not_joint_subjects_if_the_sentence_has_other_people() -> None:
    ((_, speaker),) = marked('Ruth Adler and Tom Baker met the miners. "We are hungry," they said.')
    assert speaker is None


def test_a_clause_with_the_narrators_own_subject_is_mixed() -> None:
    (quote,) = quotes_in('Ruth Adler said that the ferry "has to go."')
    assert (quote.kind, quote.text) == ("mixed", 'the ferry "has to go."')


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ('The storm led Ruth Adler to declare: "The ferry is old."', "Ruth Adler"),
        ('Tom Baker told the council it was late, prompting Ruth Adler to shout: "Liar!"', "Ruth Adler"),
        ("His silence forced Ruth Adler to admit that the ferry was old.", "Ruth Adler"),
        ('"Liar!" shouted Ruth Adler as Tom Baker told the council that it was late.', "Ruth Adler"),
    ],
)
def test_who_is_led_to_speak(body: str, speaker: str) -> None:
    ferry = [quote for quote in quotes_in(body) if "late" not in quote.text]
    assert [quote.speaker for quote in ferry] == [speaker]


def test_what_somebody_is_urged_to_say_is_not_said() -> None:
    body = 'Tom Baker urged Ruth Adler to tell the voters: "I was wrong."'
    assert [quote for quote in quotes_in(body) if quote.kind == "direct"] == []


@pytest.mark.parametrize(
    "body",
    [
        '"You will hang," said the judge. Tom Baker smiled.',
        "The ferry was overloaded, said the harbour master. Tom Baker, 44, lost both his sons.",
        "The ferry will sink, according to the engineer. Tom Baker, who crosses daily, was not sure.",
    ],
)
def test_a_role_before_a_full_stop_is_nobody_of_the_next_sentence(body: str) -> None:
    assert [quote.speaker for quote in quotes_in(body) if quote.speaker == "Tom Baker"] == []


@pytest.mark.parametrize(
    ("body", "speakers"),
    [
        (
            'The rabbi, Eli Stein, hugged the priest, Father Tom Baker. "Peace," said the priest. '
            '"And about time," said the rabbi.',
            ["Tom Baker", "Eli Stein"],
        ),
        (
            "The buyer, Tom Hill, met the seller, Ruth Adler. The seller said the roof was sound.",
            ["Ruth Adler"],
        ),
        ("The mayor, Ruth Adler, was ill. The deputy mayor said she was golfing.", ["The deputy mayor"]),
        ("The health minister, Ruth Adler, was ill. The finance minister said she slept.", []),
        (
            "The mayor of Salem, Ruth Adler, was ill. The mayor of Oslo said she was golfing.",
            ["The mayor of Oslo"],
        ),
        (
            "Tom Baker, 19, lives with Ruth Adler, 70. The 70-year-old said he was messy.",
            ["Ruth Adler"],
        ),
        ("Tom Baker beat John Hale. The Irishman said he was tired.", ["The Irishman"]),
    ],
)
def test_a_role_belongs_to_who_is_introduced_in_it(body: str, speakers: list[str]) -> None:
    said = [quote.speaker for quote in quotes_in(body) if quote.kind != "act" and "slept" not in quote.text]
    assert said == speakers


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ('Sid Cobb and his wife live in Hull. "He snores," said Mrs Cobb.', "Cobb"),
        ('"Did you do it?" Ms Ruth Adler asked Mrs Jane Miller. "No," she said.', "Jane Miller"),
        ('Ruth Adler asked her daughter whether it was late. "It is," she said.', None),
        (
            'Jane Miller, the pilot, met her lawyer. Her lawyer told her it was late. "I know," she said.',
            "Jane Miller",
        ),
        ('Jane Miller texted her sister, Ruth Adler: "Call me."', "Jane Miller"),
    ],
)
def test_who_else_speaks(body: str, speaker: str | None) -> None:
    assert [quote.speaker for quote in quotes_in(body) if quote.kind == "direct"][-1] == speaker


@pytest.mark.parametrize(
    "body",
    [
        "Not one of the directors said that the ferry was old.",
        "Hardly anyone said that the ferry was old.",
        "Asked how the ferry was, the captain left.",
        'Pupils learned to say "good morning to you" in Zulu.',
    ],
)
def test_what_is_not_said_by_the_subject(body: str) -> None:
    assert quotes_in(body) == ()


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ('"The ferry is old," Ruth Adler, the owner of the Salem ferry.', "Ruth Adler"),
        ('Tom Baker left. "The ferry is old," Ruth Adler, 42, who lives on the quay.', "Ruth Adler"),
        ('"The ferry is old." Ruth Adler, shop owner', "Ruth Adler"),
        ('"The ferry is old," Senator Ruth Adler (D-Ohio).', "Ruth Adler"),
        ('"The ferry is old." Ruth Adler, the mayor, left the hall.', None),
    ],
)
def test_a_name_behind_a_quotation_needs_no_verb(body: str, speaker: str | None) -> None:
    assert [quote.speaker for quote in quotes_in(body) if quote.kind == "direct"] == [speaker]


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        (
            "Live from Salem, Ohio's senior U.S. Senator Ruth Adler today came, saying it is old.",
            "Ruth Adler",
        ),
        ("He printed a letter, which Ruth Adler called a lie, accusing Tom Baker of fraud.", "Ruth Adler"),
        ("Tom Baker said it was late, and Ruth Adler left the hall, adding that it was old.", "Ruth Adler"),
        ("Tom Baker met farmers from Utah, many of whom say the ferry is old.", "farmers"),
        ("Ruth Adler asked Tom Baker about a letter in which he said the ferry was old.", "Tom Baker"),
        ("John Hale asked Tom Baker about notes he had made, when he claimed it was old.", "Tom Baker"),
        ("Jane Miller made fun of the taboo - that says you must not wait for it.", "the taboo"),
    ],
)
def test_a_subject_that_parsers_misplace(body: str, speaker: str) -> None:
    assert quotes_in(body)[-1].speaker == speaker


@pytest.mark.parametrize(
    "body",
    [
        "Tom Baker hopped on stage. And when asked to leave, he refused.",
        "Ruth Adler smiled when asked whether the ferry would sail.",
        "If pressed to resign, Tom Baker will stay.",
        "She stayed in the hall until ordered to leave.",
        "Once told that the ferry had sunk, Tom Baker left.",
        "Ruth Adler called the mayor to complain about the noise.",
        "The funds announced today will help the town to buy a ferry.",
        "Tom Baker left the hall, pointing to high ratings that students gave their courses.",
        "Ruth Adler left, responding to the news that the bank had sold the ferry.",
        "We know who is as rich as Ruth Adler claims to be.",
        'The menu has "cod in a bun," "soup of the day" and "pie with cream."',
        'Ruth Adler named "Criminal Minds," "Game of Thrones" and "Veep" as her shows.',
        "Crows are smart. 'THE OTHER SIDE OF THE HARBOUR' The film is long.",
    ],
)
def test_who_is_asked_and_what_is_listed_says_nothing(body: str) -> None:
    assert quotes_in(body) == ()


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ('Voters called him "a liar," "a cheat" and "the worst we ever had."', 3),
        ("The editors, who once praised the ferry, left.", 1),
        ('Ruth Adler shouted across the quay. "STOP!"', 1),
        ("Ruth Adler wrote to the council that the ferry was old.", 1),
        ("Ruth Adler called on the mayor to resign.", 1),
        ("The ferry is old, as Ruth Adler says.", 1),
    ],
)
def test_what_resembles_it_is_said(body: str, count: int) -> None:
    assert len(quotes_in(body)) == count


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ('"It was fun," one local said, getting a coffee.', "one local"),
        ("Meanwhile, a mother-of-two wrote: 'The ferry is old.'", "a mother-of-two"),
        ("Tom Baker is a user. Similarly another user said the ferry was old.", "another user"),
        ("'Are you ready for it?' Ruth Adler sings in the song.", "Ruth Adler"),
        ("Tom Baker said it was late. I met John Hale. He said the ferry was old.", "John Hale"),
        ('"The ferry is old," said the family', "the family"),
        ('"The ferry is old," said Emily', "Emily"),
    ],
)
def test_the_words_for_a_speaker_are_whole_and_are_nobody_elses(body: str, speaker: str) -> None:
    assert quotes_in(body)[-1].speaker == speaker


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        (
            'For Tom Baker, a pilot, John Hale was a star. He said, "John Hale was the best of us."',
            "Tom Baker",
        ),
        ('John Hale left. Tom Baker left, too. "They say Tom Baker must go," he said.', "Tom Baker"),
        ('Ruth Adler wrote to the mayors urging them to "take their share of it."', "Ruth Adler"),
        ('The shoots remind Ruth Adler of a line in a poem that reads: "My colour is green."', None),
        ('Ruth Adler stood up and read: "The ferry is old."', "Ruth Adler"),
        ('The contract of Ruth Adler calls for work at "out of season" rates for the crew.', None),
    ],
)
def test_who_is_named_or_written_to_does_not_speak(body: str, speaker: str | None) -> None:
    marked_words = [quote for quote in quotes_in(body) if quote.kind != "act"]
    assert [quote.speaker for quote in marked_words] == ([speaker] if speaker else [])
