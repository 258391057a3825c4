"""What is a quote and what is not, in made-up news: direct, mixed and indirect speech, and no speech."""

from __future__ import annotations

import pytest
from extracts import quotes_in


def texts(body: str, kind: str) -> list[str]:
    return [quote.text for quote in quotes_in(body) if quote.kind == kind]


def test_a_direct_quote_is_without_its_marks_and_has_its_cue() -> None:
    body = '"The ferry will sail on Monday," harbour master Ruth Adler said.'
    (quote,) = quotes_in(body)
    assert (quote.kind, quote.text, quote.cue) == ("direct", "The ferry will sail on Monday,", "said")
    assert body[quote.char_start : quote.char_end] == quote.text
    assert quote.cue_start is not None
    assert body[quote.cue_start : quote.cue_end] == "said"


def test_a_split_quotation_is_one_utterance() -> None:
    body = '"The ferry," Ruth Adler said, "will sail on Monday." She smiled. "Nobody will stop it."'
    first, second, third = quotes_in(body)
    assert first.utterance_no == second.utterance_no != third.utterance_no
    assert {first.speaker, second.speaker, third.speaker} == {"Ruth Adler"}


def test_a_quotation_over_paragraphs_is_one_utterance_with_one_speaker() -> None:
    body = (
        "“The ferry is old. It has crossed the bay for sixty years.\n"
        "“And it will cross it for ten more,” Ruth Adler said.\n"
        "“It is late,” Tom Baker said."
    )
    first, second, third = quotes_in(body)
    assert first.utterance_no == second.utterance_no != third.utterance_no
    assert first.speaker == second.speaker == "Ruth Adler"
    assert first.speaker_text is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Ruth Adler said the ferry would sail on Monday.", "the ferry would sail on Monday"),
        ("Ruth Adler said that the ferry would sail.", "the ferry would sail"),
        ("The ferry would sail on Monday, Ruth Adler said.", "The ferry would sail on Monday"),
        ("The ferry would sail on Monday, said Ruth Adler, the owner.", "The ferry would sail on Monday"),
        ("According to Ruth Adler, the ferry would sail on Monday.", "the ferry would sail on Monday"),
        ("The ferry would sail on Monday, according to Ruth Adler.", "The ferry would sail on Monday"),
        ("Ruth Adler told reporters that the ferry would sail.", "the ferry would sail"),
        ("Ruth Adler asked whether the ferry would sail.", "the ferry would sail"),
        ("The town bought a ferry that Ruth Adler said was too old.", "was too old"),
        ("Ruth Adler added in an email that the ferry was too old.", "the ferry was too old"),
        ("Ruth Adler said nine in 10 of them had stayed at home.", "nine in 10 of them had stayed at home"),
        ("Ruth Adler said Sgt. Tom Baker had saved three men.", "Sgt. Tom Baker had saved three men"),
        ("Ruth Adler said the town owed it to Lt. Baker to sail.", "the town owed it to Lt. Baker to sail"),
        ("Ruth Adler said that Adm. Moss and Cmdr. Baker agreed.", "Adm. Moss and Cmdr. Baker agreed"),
        ("Ruth Adler said the road to Ft. Moss was shut.", "the road to Ft. Moss was shut"),
        ("At this point, according to Ruth Adler, the ferry sank.", "the ferry sank"),
        ("Ruth Adler made it clear that the ferry would sail.", "the ferry would sail"),
        ("Ruth Adler was adamant that the ferry would sail.", "the ferry would sail"),
        ("In Ruth Adler's view, the ferry was too old.", "the ferry was too old"),
        (
            "Ruth Adler said output in the services sector, which accounts for half of all jobs, rose by 1%.",
            "output in the services sector, which accounts for half of all jobs, rose by 1%",
        ),
        ("Ruth Adler falsely claimed that the ferry would sail.", "the ferry would sail"),
        ("Ruth Adler has told a hearing that the ferry was too old.", "the ferry was too old"),
        (
            "Ruth Adler said she would buy the ferry, but she would not sail on it.",
            "she would buy the ferry, but she would not sail on it",
        ),
        ("As Ruth Adler noted, the ferry would sail on Monday.", "the ferry would sail on Monday"),
    ],
)
def test_indirect_speech(body: str, expected: str) -> None:
    (quote,) = quotes_in(body)
    assert (quote.kind, quote.text, quote.speaker) == ("indirect", expected, "Ruth Adler")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("According to the log, dated June 3, the ferry sailed at noon.", "the ferry sailed at noon"),
        ("According to a memo, obtained by this paper, crews were told to wait.", "crews were told to wait"),
        ("According to an audit, released Monday, fares are too low.", "fares are too low"),
        ("According to the log, the ferry sailed at noon, followed by the tug.",
         "the ferry sailed at noon, followed by the tug"),
    ],
)  # fmt: skip
def test_what_says_more_of_a_source_is_not_its_words(body: str, expected: str) -> None:
    assert [quote.text for quote in quotes_in(body)] == [expected]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Ruth Adler urged the council to buy the ferry.", "the council to buy the ferry"),
        ("Ruth Adler promised to buy the ferry this year.", "to buy the ferry this year"),
        ("Ruth Adler called for calm on the quay.", "calm on the quay"),
        ("Ruth Adler blamed the state for the hole in the ferry.", "the state for the hole in the ferry"),
        ("The council endorsed the plan on Monday.", "the plan"),
        ("The report recommends selling the ferry.", "selling the ferry"),
    ],
)
def test_an_act_of_speech_is_a_row_of_its_own_kind(body: str, expected: str) -> None:
    (quote,) = quotes_in(body)
    assert (quote.kind, quote.text) == ("act", expected)


@pytest.mark.parametrize(
    "body",
    [
        "Ruth Adler believes the ferry is old.",
        "Ruth Adler hopes to buy the ferry.",
        "Ruth Adler would call for calm if she were mayor.",
        "Ruth Adler did not blame the state for the hole.",
        "A campaign calling for calm began on Monday.",
    ],
)
def test_beliefs_and_what_nobody_did_are_no_acts(body: str) -> None:
    assert quotes_in(body) == ()


@pytest.mark.parametrize(
    ("body", "speaker", "speaker_type"),
    [
        ('"It is old," Ruth Adler said.', "Ruth Adler", "named person"),
        ('"It is old," the coroner said.', "the coroner", "unnamed person"),
        ('"It is old," residents said.', "residents", "unnamed group"),
        ('"It is old," police said.', "police", "unnamed group"),
        ('"It is old," the ministry said.', "the ministry", "organization"),
        ('Corvane Lines met. "It is old," Corvane Lines said.', "Corvane Lines", "organization"),
        ('"The ferry is old," the report says.', "the report", "document"),
        ("34% said the ferry was old.", "34%", "unnamed group"),
        ("Another said the ferry was old.", "Another", "unnamed person"),
        ("Nearly half of all voters said it was old.", "Nearly half of all voters", "unnamed group"),
        (
            'Ruth Adler met Tom Baker. "It is old," Adler and Baker said.',
            "Ruth Adler and Tom Baker",
            "named person",
        ),
    ],
)
def test_a_source_has_a_type(body: str, speaker: str, speaker_type: str) -> None:
    (quote,) = quotes_in(body)
    assert (quote.speaker, quote.speaker_type) == (speaker, speaker_type)


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ("The plan would cost $3 billion, according to an e-mail that was leaked on Monday.", "an e-mail"),
        ("The vote was close, according to an X-ray technician.", "an X-ray technician"),
        ("The ferry had sunk twice, according to the ex-captain.", "the ex-captain"),
        ("Rates would rise, according to a vice-president of the bank.", "a vice-president of the bank"),
        ("According to a T-shirt seller, the fair was full.", "a T-shirt seller"),
    ],
)
def test_a_speaker_is_not_cut_at_a_hyphen(body: str, speaker: str) -> None:
    (quote,) = quotes_in(body)
    assert quote.speaker == speaker


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ("The study showed that the ferry was old.", "The study"),
        ("The court found that the ferry was old.", "The court"),
        ("Researchers found that the ferry was old.", "Researchers"),
        ("The ferry was old, the report found.", "the report"),
    ],
)
def test_documents_and_inquiries_find_and_show(body: str, speaker: str) -> None:
    (quote,) = quotes_in(body)
    assert (quote.text.lower(), quote.speaker) == ("the ferry was old", speaker)


def test_a_person_who_found_something_said_nothing() -> None:
    assert quotes_in("Ruth Adler found that the ferry was gone.") == ()


def test_what_a_paper_reported_first_is_its_own() -> None:
    (quote,) = quotes_in("The ferry was sold on Monday, first reported by the Harbour Gazette.")
    assert (quote.text, quote.speaker) == ("The ferry was sold on Monday", "Harbour Gazette")


def test_each_that_clause_is_a_quote_of_one_utterance() -> None:
    first, second, third = quotes_in(
        "Ruth Adler said that the ferry was old, that it leaked and that the town should buy a new one."
    )
    assert [first.text, second.text, third.text] == [
        "the ferry was old",
        "it leaked",
        "the town should buy a new one",
    ]
    assert first.utterance_no == second.utterance_no == third.utterance_no
    (quote,) = quotes_in("Ruth Adler said that the ferry was old and the town should buy a new one.")
    assert quote.text == "the ferry was old and the town should buy a new one"


@pytest.mark.parametrize(
    ("body", "pieces"),
    [
        ("The ferry, Ruth Adler said, was too old.", ["The ferry", "was too old"]),
        (
            "Because of the ice, mayor Ruth Adler told the paper, the ferry would stay in port.",
            ["Because of the ice", "the ferry would stay in port"],
        ),
        ("In winter, said Ruth Adler, the ferry stays in port.", ["In winter", "the ferry stays in port"]),
        ("The ferry was old, Ruth Adler said, smiling.", ["The ferry was old"]),
        ("Speaking in Oslo, Ruth Adler said the ferry was old.", ["the ferry was old"]),
        ("The ferry will wait, harbour master Ruth Adler told the Courier.", ["The ferry will wait"]),
        ("If it freezes, the ferry will wait, warned Ruth Adler.", ["If it freezes, the ferry will wait"]),
    ],
)
def test_a_clause_around_who_said_it_is_kept_whole(body: str, pieces: list[str]) -> None:
    quotes = quotes_in(body)
    assert [quote.text for quote in quotes] == pieces
    assert {quote.speaker for quote in quotes} == {"Ruth Adler"}
    assert len({quote.utterance_no for quote in quotes}) == 1


@pytest.mark.parametrize(
    ("body", "clause"),
    [
        ("Ruth Adler said Wednesday its ships had left.", "its ships had left"),
        ("Ruth Adler said late on Monday night the ferry had left.", "the ferry had left"),
        ("Ruth Adler said yesterday in Salem local crews were tired.", "local crews were tired"),
        ("Ruth Adler said in a statement profits had doubled.", "profits had doubled"),
        ("Ruth Adler told this newspaper members were free to leave.", "members were free to leave"),
        ("Ruth Adler said last week was the worst.", "last week was the worst"),
        ("Ruth Adler said Wednesday was too late.", "Wednesday was too late"),
        ("Ruth Adler told the house crews were tired.", "the house crews were tired"),
        ("Ruth Adler said before the vote began that she would not stand.", "she would not stand"),
        (
            "Ruth Adler told reporters as she left the court that the appeal would go on.",
            "the appeal would go on",
        ),
    ],
)
def test_when_and_where_something_was_said_is_no_part_of_it(body: str, clause: str) -> None:
    (quote,) = quotes_in(body)
    assert quote.text == clause


@pytest.mark.parametrize(
    ("body", "clause"),
    [
        ("Ruth Adler said the club had a plan but refused to name the buyer.", "the club had a plan"),
        ("Ruth Adler said talks had begun but would not give details.", "talks had begun"),
        ("Ruth Adler said the firm was in talks and declined further comment.", "the firm was in talks"),
        (
            "Ruth Adler said her son had applied but refused to take the test.",
            "her son had applied but refused to take the test",
        ),
        (
            "Ruth Adler said the bank knew of the loss but did not tell customers.",
            "the bank knew of the loss but did not tell customers",
        ),
    ],
)
def test_what_a_speaker_kept_to_herself_is_no_part_of_what_she_said(body: str, clause: str) -> None:
    (quote,) = quotes_in(body)
    assert quote.text == clause


@pytest.mark.parametrize(
    ("body", "clause"),
    [
        (
            "Ruth Adler said the ferry was unsafe, prompting a rebuke from the council.",
            "the ferry was unsafe",
        ),
        ("Ruth Adler said the vote was rigged, without offering any evidence.", "the vote was rigged"),
        (
            "Ruth Adler said the firm had lost its way, referring to Northport Bank.",
            "the firm had lost its way",
        ),
        ("Ruth Adler said it was her fault - although the film did not show it.", "it was her fault"),
        ("Ruth Adler said the ferry would sail without lights.", "the ferry would sail without lights"),
        (
            "Ruth Adler says members have aided and abetted the decline.",
            "members have aided and abetted the decline",
        ),
    ],
)
def test_a_quote_ends_before_the_narrators_comment(body: str, clause: str) -> None:
    (quote,) = quotes_in(body)
    assert quote.text == clause


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "Some say the ferry is old, and some say the ferry is new.",
            [("the ferry is old", "Some"), ("the ferry is new", "some")],
        ),
        (
            "Ruth Adler said the dam was old, but the mayor insisted that it was safe.",
            [("the dam was old", "Ruth Adler"), ("it was safe", "the mayor")],
        ),
        (
            "Critics have said the nature of the plan makes it weak and insist it should be scrapped.",
            [("the nature of the plan makes it weak", "Critics"), ("it should be scrapped", "Critics")],
        ),
        (
            "Karl was served an order from Karina Doe, alleging that he threatened her.",
            [("he threatened her", "Karina Doe")],
        ),
        (
            "Ruth Adler was asked about it by Bob Lee, saying only that she was busy.",
            [("she was busy", "Ruth Adler")],
        ),
        (
            "The Salem forward says the team will not make the mistake again.",
            [("the team will not make the mistake again", "The Salem forward")],
        ),
        (
            'A Ministry of Parks and Culture spokesperson said: "Vandalism is a disgrace to us all."',
            [("Vandalism is a disgrace to us all.", "A Ministry of Parks and Culture spokesperson")],
        ),
        (
            "About one-third of members said they would leave.",
            [("they would leave", "About one-third of members")],
        ),
        ("He toured Ohio and Utah, states that he lost in May.", []),
        ('"Harbor Lights," the last film of the series, earned ten million, the studio said.', []),
        ('You have to put value on your "belongings," including your clothes.', []),
        ('The council ended the "stay the course" strategy of the harbor.', []),
    ],
)
def test_who_says_what_where_parsers_or_marks_mislead(body: str, expected: list[tuple[str, str]]) -> None:
    assert [(quote.text, quote.speaker) for quote in quotes_in(body)] == expected


def test_a_speaker_who_goes_on_with_another_verb_of_speech_gives_two_quotes() -> None:
    first, second = quotes_in("Ruth Adler said the ferry would sail and warned that it was too old.")
    assert [(q.text, q.speaker) for q in (first, second)] == [
        ("the ferry would sail", "Ruth Adler"),
        ("it was too old", "Ruth Adler"),
    ]


def test_a_speaker_who_goes_on_with_a_participle_gives_two_quotes() -> None:
    first, second = quotes_in("Ruth Adler said the ferry was old, adding that the town should buy a new one.")
    assert (first.text, second.text) == ("the ferry was old", "the town should buy a new one")
    assert first.speaker == second.speaker == "Ruth Adler"


@pytest.mark.parametrize(
    "body",
    [
        "Ruth Adler declined to say whether the ferry would sail.",
        "Ruth Adler did not say that the ferry would sail.",
        "Ruth Adler refused to comment on the ferry.",
        "If asked, Ruth Adler would say that the ferry is old.",
        "Ruth Adler stopped short of saying that the ferry was old.",
        "Ruth Adler was accused of saying that the ferry was old.",
        "Ruth Adler was misquoted as saying that the ferry was old.",
        'A paper wrongly had Ruth Adler calling the ferry "a rusty old tub".',
        'The parody account has Ruth Adler promising "free trips for all".',
        "It is not true that Ruth Adler said the ferry was old.",
        "Rumours that Ruth Adler had said the ferry was old were wrong.",
        '"The ferry is old," Ruth Adler never said.',
        '"The ferry is a wreck": Ruth Adler denies saying these words.',
        'Imagine Ruth Adler saying, "I love this ferry."',
        "An earlier version of this article quoted Ruth Adler as saying the ferry was old.",
        "Ruth Adler, asked whether the ferry was old, walked away.",
        "Ruth Adler dismissed a claim that the ferry was old.",
        "There was no promise that the ferry would sail.",
        'Crews held signs saying "The ferry is ours".',
    ],
)
def test_what_nobody_said_is_no_quote(body: str) -> None:
    assert quotes_in(body) == ()


@pytest.mark.parametrize(
    ("body", "clause"),
    [
        ("Ruth Adler would say only that the ferry was old.", "the ferry was old"),
        ("The mayor, Ruth Adler, told the town that the ferry was old.", "the ferry was old"),
        ("Ruth Adler insisted she had not said the ferry was old.", "she had not said the ferry was old"),
    ],
)
def test_words_like_a_denial_of_speaking_may_report(body: str, clause: str) -> None:
    (quote,) = quotes_in(body)
    assert (quote.text, quote.speaker) == (clause, "Ruth Adler")


@pytest.mark.parametrize(
    "body",
    [
        "It is clear that the ferry will not sail.",
        "What is clear is that the ferry is old.",
        "Ruth Adler was not clear that it would sail.",
        "Was Ruth Adler clear that it would sail?",
        "In view of the storm, the ferry stayed.",
        "The port fixes ships. But it’s estimated that the ferry is too old.",
        "Ruth Adler promised herself that she would sail.",
        "Tom Baker told himself the ferry was safe.",
        "Ruth Adler spoke on condition that her town not be named.",
        'The dog, called "Biscuit", barked at the ferry.',
        'The app, called "Ferry Now", is free.',
    ],
)
def test_what_nobody_says_aloud_is_no_quote(body: str) -> None:
    assert quotes_in(body) == ()


@pytest.mark.parametrize(
    "body",
    [
        "Tom Baker laughed at Ruth Adler's claim that the ferry would sail.",
        "Ruth Adler repeated her promise that the ferry would sail.",
        "Ruth Adler issued a warning that the ferry would sail.",
        "Ruth Adler said as she left the quay that the ferry would sail.",
    ],
)
def test_a_noun_of_speech_reports_its_clause(body: str) -> None:
    (quote,) = quotes_in(body)
    assert (quote.text, quote.speaker) == ("the ferry would sail", "Ruth Adler")


def test_who_is_told_does_not_speak_and_a_name_like_an_adverb_does() -> None:
    quotes = quotes_in('Captain Ruth Skelly gave evidence. "I do not own a ferry," Skelly told the court.')
    assert [quote.speaker for quote in quotes] == ["Ruth Skelly"]


def test_a_pronoun_set_into_a_clause_does_not_mean_its_subject() -> None:
    *_, rest = quotes_in(
        "Ruth Adler said fares would rise. The regulator, she said, had been informed of it."
    )
    assert rest.speaker == "Ruth Adler"


def test_a_clause_with_words_in_marks_is_one_mixed_quote() -> None:
    (quote,) = quotes_in('Ruth Adler said the ferry was "a rusty old tub" and should be sold.')
    assert quote.kind == "mixed"
    assert quote.text == 'the ferry was "a rusty old tub" and should be sold'


def test_words_quoted_without_a_clause_are_a_mixed_quote_of_their_own() -> None:
    (quote,) = quotes_in('Ruth Adler called the ferry "a rusty old tub" on Monday.')
    assert (quote.kind, quote.text, quote.speaker) == ("mixed", "a rusty old tub", "Ruth Adler")


def test_a_clause_that_is_all_in_marks_is_direct() -> None:
    (quote,) = quotes_in('Ruth Adler said "it is a rusty old tub."')
    assert (quote.kind, quote.text) == ("direct", "it is a rusty old tub.")


@pytest.mark.parametrize(
    "body",
    [
        'The town will show the film "A Night on the Water" on Monday.',
        'Tom Baker wrote the novel "The Last Ferry Home" in 1990.',
        'He wore a shirt that read "Save our ferry."',
        'The song, titled "Across the Bay," was a hit.',
        'Harold "Red Hand" Miller sailed the ferry.',
        'The so-called "floating town hall" is closed.',
        'Ruth Adler opened a box marked "keep for ever".',
        'Ruth Adler wore a hat with the words "Save our ferry".',
        'Ruth Adler swore to "support and defend the ferry".',
        'Ruth Adler offers "green" ferries.',
    ],
)
def test_titles_signs_and_terms_are_no_quotes(body: str) -> None:
    assert [quote for quote in quotes_in(body) if quote.kind != "indirect"] == []


def test_a_title_inside_reported_speech_does_not_make_it_mixed() -> None:
    kinds = [
        quote.kind for quote in quotes_in('Ruth Adler said she loved the film "A Night on the Water" most.')
    ]
    assert kinds == ["indirect"]


def test_headings_in_marks_are_no_quotes() -> None:
    body = "“We shall sail,” Ruth Adler said.\n‘A hard winter’\n“SAIL AWAY”\nThe ferry is old."
    assert texts(body, "direct") == ["We shall sail,"]


def test_a_question_goes_on_with_its_cue_and_a_full_stop_does_not() -> None:
    first, second, third = quotes_in('"Who pays?" Ruth Adler asked. "Not us." Tom Baker said the town would.')
    assert (first.text, first.cue, first.speaker) == ("Who pays?", "asked", "Ruth Adler")
    assert (second.text, second.cue, second.speaker) == ("Not us.", None, "Ruth Adler")
    assert (third.kind, third.cue, third.speaker) == ("indirect", "said", "Tom Baker")


def test_an_unpaired_mark_costs_only_its_paragraph() -> None:
    body = '"The ferry is old, Ruth Adler said.\n"It is late," Tom Baker said.'
    assert "It is late," in texts(body, "direct")
    assert quotes_in(body)[-1].speaker == "Tom Baker"


def test_datelines_and_signatures_never_speak() -> None:
    body = 'ROSKILDE, Denmark (AFP) - "The ferry is old," Ruth Adler said.\n"It is late," she added.\n- AFP'
    assert {quote.speaker for quote in quotes_in(body)} == {"Ruth Adler"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Ruth Adler said that the ferry was old.", "the ferry was old"),
        ("Ruth Adler asked whether the ferry was old.", "the ferry was old"),
        ("Ruth Adler said that was a long time ago.", "that was a long time ago"),
        ('Ruth Adler said that the ferry was "older than the town."', 'the ferry was "older than the town."'),
        (
            "Ruth Adler said that it was old and whether it should sail.",
            "it was old and whether it should sail",
        ),
    ],
)
def test_a_complementizer_is_no_part_of_the_clause(body: str, expected: str) -> None:
    (quote,) = quotes_in(body)
    assert quote.text == expected


def test_confidence_is_higher_for_a_named_speaker() -> None:
    body = '"The ferry is old," Ruth Adler said.\nTom Baker listened to her.\n"It is late and I am tired."'
    first, second = quotes_in(body)
    assert 0 <= second.confidence < first.confidence <= 1


def test_straight_single_marks_open_each_paragraph_of_a_quotation() -> None:
    body = (
        "'It leaks,' said Ruth Adler. 'The boys' boats are next.\n"
        "'I don't blame the wind. It's nobody's fault.\n"
        "'We will sail,' Adler said."
    )
    assert [(quote.text, quote.speaker) for quote in quotes_in(body)] == [
        ("It leaks,", "Ruth Adler"),
        ("The boys' boats are next.", "Ruth Adler"),
        ("I don't blame the wind. It's nobody's fault.", "Ruth Adler"),
        ("We will sail,", "Ruth Adler"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "Voters who say that taxes are too high are few.",
        '"The ferry is old," Ruth Adler said, as crews watched from the quay.',
        "In the last days of May, Ruth Adler signaled a desire to leave.",
        "The ferry, as mentioned above, is old.",
        "Ruth Adler, who advises Tom Baker, is no friend of ferries.",
    ],
)
def test_what_only_looks_like_reported_speech_is_none(body: str) -> None:
    assert [quote for quote in quotes_in(body) if quote.kind == "indirect"] == []


@pytest.mark.parametrize(
    ("body", "clauses"),
    [
        (
            "Ruth Adler said that the ferry was old, and that selling it would take a year.",
            ["the ferry was old", "selling it would take a year"],
        ),
        ("Ruth Adler testified that the money paid for a boat.", ["the money paid for a boat"]),
        ("Ruth Adler showed up, and the poll shows her pulling away.", ["her pulling away"]),
        (
            "The ferry will be late, Ruth Adler said, because the ice is thick.",
            ["The ferry will be late", "because the ice is thick"],
        ),
    ],
)
def test_reported_clauses_keep_their_ends(body: str, clauses: list[str]) -> None:
    assert [quote.text for quote in quotes_in(body)] == clauses


@pytest.mark.parametrize(
    ("body", "clauses"),
    [
        ("The plan, Ruth Adler explained, is sound.", ["The plan", "is sound"]),
        ("That, Ruth Adler explained, is by design.", ["is by design"]),
        ("Still, Ruth Adler said, the ferry was old.", ["the ferry was old"]),
        (
            "Ruth Adler said the ferry has always met its costs and left the room.",
            ["the ferry has always met its costs"],
        ),
        (
            "Ruth Adler said she is studying the case - a move that may help the town.",
            ["she is studying the case"],
        ),
        ("The loss will not end her career, as some have speculated.", []),
        ('<img title="Ferry" src="x.png"> Ruth Adler said the ferry was old.', ["the ferry was old"]),
    ],
)
def test_what_stands_around_reported_words_is_no_part_of_them(body: str, clauses: list[str]) -> None:
    assert [quote.text for quote in quotes_in(body)] == clauses
