"""Turns of transcripts, interviews, letters and dialogues, in made-up texts; `transcripts.txt` has most."""

from __future__ import annotations

from pathlib import Path

import pytest
from extracts import extract_of, quotes_in

from ontherecord.flows.extract.text.labels import read_label
from ontherecord.flows.extract.text.transcript_lines import is_unread_transcript, read_transcript

_TEXT = Path(__file__).with_name("transcripts.txt").read_text("utf-8")


def _cases() -> list[tuple[str, str, str, list[str]]]:
    """Return name, headline, body and expected rows of each text."""
    cases = []
    for part in _TEXT.split("\n## ")[1:]:
        name, headline, *lines = part.strip().split("\n")
        rows = [line[2:] for line in lines if line.startswith("> ")]
        body = "\n".join(line for line in lines if not line.startswith("> "))
        cases.append((name, headline.removeprefix("= "), body, rows))
    return cases


@pytest.mark.parametrize(
    ("title", "body", "expected"), [case[1:] for case in _cases()], ids=[case[0] for case in _cases()]
)
def test_each_turn_is_a_row_with_its_speaker(title: str, body: str, expected: list[str]) -> None:
    assert [f"{quote.speaker or '-'} | {quote.text}" for quote in quotes_in(body, title)] == expected


def test_names_are_used_once() -> None:
    names = [name for name, *_ in _cases()]
    assert len(names) == len(set(names)) > 40


TALK = (
    "MAYOR BRIGHT: Who took the goat?\nMR. COLE: I took it. (Laughter.) It was mine.\n"
    "MAYOR BRIGHT: Thank you."
)


def test_the_parts_of_a_turn_are_one_utterance() -> None:
    quotes = quotes_in(TALK)
    assert [quote.utterance_no for quote in quotes] == [0, 1, 1, 2]
    assert {quote.kind for quote in quotes} == {"direct"}
    assert [quote.speaker_text for quote in quotes] == ["MAYOR BRIGHT", "MR. COLE", None, "MAYOR BRIGHT"]


def test_labels_without_a_name_are_no_persons() -> None:
    body = (
        "QUESTION: Who are you?\nUNIDENTIFIED MALE: I am the baker.\nOPERATOR: Your line is open.\n"
        "QUESTION: Where is your bread?\nUNIDENTIFIED MALE: I ate it."
    )
    extract = extract_of(body)
    assert [entity.name for entity in extract.entities if entity.kind == "person"] == []
    assert {quote.speaker_type for quote in extract.quotes} == {"unnamed person"}
    assert len(extract.quotes) == 5


def test_a_speaker_in_capitals_is_a_person_of_the_story() -> None:
    body = f"Ossian Cole keeps goats in Alby.\n{TALK}\nCole went home."
    extract = extract_of(body)
    assert [entity.name for entity in extract.entities if entity.kind == "person"] == [
        "Ossian Cole",
        "Bright",
    ]
    assert [quote.speaker for quote in extract.quotes] == ["Bright", "Ossian Cole", "Ossian Cole", "Bright"]


def test_the_vice_president_is_not_the_president() -> None:
    body = "THE PRESIDENT: I thank you all.\nQ Do you?\nTHE PRESIDENT: I do, and so does she.\nQ Who is she?"
    found = quotes_in(body, "Remarks by Vice President Inga Solvik")
    assert [quote.speaker for quote in found] == ["THE PRESIDENT", "Q", "THE PRESIDENT", "Q"]


def test_a_turn_in_quotation_marks_is_read_as_a_quotation() -> None:
    body = (
        'COLE: "I took the goat."\nBRIGHT: "You did not."\nCOLE: "I did, and you know it."\nThe goat slept.'
    )
    assert [quote.text for quote in quotes_in(body)] == [
        "I took the goat.",
        "You did not.",
        "I did, and you know it.",
    ]


@pytest.mark.parametrize(
    ("line", "form", "words"),
    [
        ("Q Mr. Cole, why?", "letter", "Mr. Cole, why?"),
        ("Q: Why?", "letter", "Why?"),
        ("Mr. COLE of Alby. I rise.", "member", "I rise."),
        ("The SPEAKER pro tempore. Order.", "member", "Order."),
        ("SEN. ANN COLE (D-Ohio): I rise.", "title", "I rise."),
        ("Mr COLE (Alby) (2:15 pm): I rise.", "title", "I rise."),
        ("The Minister for Goats (Ms Ann Cole): I rise.", "title", "I rise."),
        ("PRESS SECRETARY ANN COLE: I rise.", "title", "I rise."),
        ("Union chief Ann Cole: I rise.", "title", "I rise."),
        ("COLE (voice-over): I rise.", "capitals", "I rise."),
        ("ANN COLE, HOST: I rise.", "capitals", "I rise."),
        ("Ann Cole -- Alby Bank -- Analyst: I rise.", "name", "I rise."),
        ("[14:05] Ann Cole: I rise.", "name", "I rise."),
        ("THE PRESIDENT: I rise.", "office", "I rise."),
        ("UNIDENTIFIED MALE REPORTER: I rise.", "role", "I rise."),
        ("Some hon. members: Hear, hear!", "role", "Hear, hear!"),
        ("@ann_cole: I rise.", "handle", "I rise."),
    ],
)
def test_labels(line: str, form: str, words: str) -> None:
    found = read_label(0, line)
    assert found is not None
    label, at = found
    assert (label.form, line[at:]) == (form, words)


@pytest.mark.parametrize(
    "line",
    [
        "He said: It is late.",
        "At 14:30 we left.",
        "The plan, he said: none.",
        "A. Cole went home and so did we",
    ],
)
def test_lines_without_a_label(line: str) -> None:
    found = read_label(0, line)
    assert found is None or found[0].key == "a"


@pytest.mark.parametrize(
    ("body", "speakers"),
    [
        ("“We had the last word.” -Inga Solvik", ["Inga Solvik"]),
        ('"Nobody asked the swan about it." —Jane Tarrow, chef', ["Jane Tarrow"]),
        ('"Nobody asked the swan about it." – Mayor Inga Solvik', ["Inga Solvik"]),
        ('"Nobody asked the swan about it."\n—Jane Tarrow, chef', ["Jane Tarrow"]),
        ('Jane Tarrow looked up. "Nobody asked – the swan," she said.', ["Jane Tarrow"]),
    ],
)
def test_a_name_behind_a_dash_signs_a_quotation(body: str, speakers: list[str]) -> None:
    assert [quote.speaker for quote in quotes_in(body)] == speakers


@pytest.mark.parametrize(
    "time", ["17:46 ", "5.50pm: ", "18:02 GMT - ", "Posted at 14:20 ", "Updated at 9:05 am: ", "[08:15] "]
)
def test_the_time_of_an_entry_is_no_part_of_its_sentence(time: str) -> None:
    for body, text in (
        (f'{time}"We are ahead in every ward," Moira Stack says.', "We are ahead in every ward,"),
        (f"{time}Our reporter Moira Stack writes: The hall is empty.", "The hall is empty"),
        (f"{time}Moira Stack said the hall was empty.", "the hall was empty"),
    ):
        assert [(quote.text, quote.speaker) for quote in quotes_in(body)] == [(text, "Moira Stack")]


def test_words_behind_a_dash_are_reported_and_some_lines_stay_open() -> None:
    body = "— Are you cold? asked Greta Molin.\n— A little.\n— Then run! said Molin.\n“Run,” Hugo Pell said."
    found = quotes_in(body)
    assert [quote.kind for quote in found] == ["indirect", "indirect", "indirect", "direct"]
    assert [quote.speaker for quote in found] == ["Greta Molin", None, "Greta Molin", "Hugo Pell"]


def test_the_items_of_a_list_are_no_dialogue() -> None:
    body = "The plan has two points:\n- Paint the jetty, the council said.\n- Plant trees in the car park."
    assert [quote.text for quote in quotes_in(body)] == ["Paint the jetty"]


UNREAD = (
    "mayor bright: Who took the goat?\nmr cole: I took it.\nmayor bright: Why did you?\nmr cole: It is mine."
)


@pytest.mark.parametrize(
    ("title", "body", "is_unread"),
    [
        ("Town meeting", UNREAD, True),
        ("Transcript: the mayor on goats", "We have a goat.\nIt is ours.\nNobody may ride it.", True),
        ("The goat", "(Applause.)\nFriends, we have a goat.\n(Laughter.)\nIt is ours.\n(Cheers.)", True),
        ("Town meeting", TALK, False),
        (
            "The goat",
            "The council asked for a transcript.\nIt will be ready on Monday.",
            False,
        ),
        ("The goat", 'Cole: "I took it."\nBright: "You did not."\nCole: "I did."\nBright: "Never."', False),
        ("Data", "Name: Olga Prenn\nAge: 43\nHome: Lowmoor\nJob: Dentist", False),
    ],
)
def test_a_transcript_whose_speakers_cannot_be_told(title: str, body: str, is_unread: bool) -> None:
    assert is_unread_transcript(title, body) is is_unread


def test_time_grows_with_the_text_only() -> None:
    for body in (
        "A" + " " * 19_000 + "x",
        " " * 19_000 + "COLE: I",
        "(" * 19_000,
        "MS. " * 4_000,
        ":" * 19_000,
    ):
        assert read_transcript("", [(0, body)]) is None
