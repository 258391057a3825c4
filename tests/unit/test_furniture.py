"""Furniture around a text: datelines, agencies, bylines and credits, and what only resembles them."""

from __future__ import annotations

import pytest

from ontherecord.flows.furniture.agencies import agency_name, is_agency
from ontherecord.flows.furniture.desk import is_correction
from ontherecord.flows.furniture.page import article_words, is_caption
from ontherecord.flows.furniture.strip import strip_furniture

FIRST = "The ferry sank on Monday night, police said."
LAST = "Nobody was hurt."


# Datelines


@pytest.mark.parametrize(
    ("start", "place", "agency"),
    [
        ("SARN (Reuters) - ", "SARN", "Reuters"),
        ("SARN, March 8 (Reuters) - ", "SARN", "Reuters"),
        ("SARN/OSTRAND, Sept. 3 (Coastwire) – ", "SARN/OSTRAND", "Coastwire"),
        ("PORT VALE, Ohio (AP) — ", "PORT VALE, Ohio", "AP"),
        ("PORT VALE, Ohio -- (Coastwire) -- ", "PORT VALE, Ohio", "Coastwire"),
        ("PORT VALE, May 3 - ", "PORT VALE", None),
        ("PORT VALE, MAY 3 - ", "PORT VALE", None),
        ("PORT VALE, 3 May 2016 — ", "PORT VALE", None),
        ("PORT VALE, Tuesday — ", "PORT VALE", None),
        ("PORT VALE (May 3, 2016) – ", "PORT VALE", None),
        ("SARN 1996-12-06 ", "SARN", None),
        ("SÃO PAULO (AFP) - ", "SÃO PAULO", "AFP"),
        ("ŁÓDŹ, 8 March (Agencja) - ", "ŁÓDŹ", "Agencja"),
        ("AL-SARN, May 3 (WAM) -- ", "AL-SARN", "WAM"),
        ("Valampur, Feb 11 (IANS) ", "Valampur", "IANS"),
        ("Valampur, Feb 11 (IANS): ", "Valampur", "IANS"),
        ("Valampur (AFP) – ", "Valampur", "AFP"),
        ("VALAMPUR, PTI: ", "VALAMPUR", "PTI"),
        ("SARN, March 8. /TASS/. ", "SARN", "TASS"),
        ("SARN, Calif., March 2, 2011 /PRNewswire/ -- ", "SARN, Calif.", "PRNewswire"),
        ("SARN, Ohio--(BUSINESS WIRE)--", "SARN, Ohio", "Business Wire"),
        ("(Reuters) - ", None, "Reuters"),
        ("March 8 (Reuters) - ", None, "Reuters"),
        ("LAGOS — ", "LAGOS", None),
        ("SIOUX FALLS - ", "SIOUX FALLS", None),
        ("NEW DELHI: ", "NEW DELHI", None),
        ("SARN, N.Y. — ", "SARN, N.Y.", None),
        ("SARN, Nigeria - ", "SARN, Nigeria", None),
        ("Washington, D.C. – ", "Washington, D.C.", None),
        ("(Washington, D.C.) - ", "Washington, D.C.", None),
        ("RUSSIA : ", "RUSSIA", None),
    ],
)
def test_a_dateline_leaves_the_text(start: str, place: str | None, agency: str | None) -> None:
    found = strip_furniture([start + FIRST, LAST])
    assert (found.dateline, found.agency, found.paragraphs) == (place, agency, (FIRST, LAST))


@pytest.mark.parametrize(
    "line",
    [
        "NATO - the alliance - met on Monday in the old town hall.",
        "UPDATE - The ferry sank on Monday night, police said.",
        "WEATHER - The fair was called off because of the rain.",
        "BREAKING (AP) - The ferry sank on Monday night, police said.",
        "KROLL (NYSE: KRL) - The company sold its ferry on Monday.",
        "Ruth Adler (D-Ohio) - The senator voted against the ferry.",
        "Ruth Adler (Labour) said that the ferry was old.",
        "THE MAYOR (Ruth Adler) - We said no to the whole plan.",
        "ADLER: We will not sell the ferry, and I said so on Monday.",
        "Oslo (the capital) - The ferry sank on a Monday night.",
        "Tours the Old Ferry House Wilmington, DE - The senator came to see it.",
        "Berlin (East) - The wall fell in a night in November.",
        "Oslo, May 3 - the day he left - was a wet one.",
        "May 3 - The day on which the ferry sank was a wet one.",
        "Monday, May 3 - The ferry sank in the harbour again.",
        "Spring Fair, May 3 - The fair opens at nine in the park.",
        "READING - The best books of the year are on one page now.",
        "PARIS ADLER - The heiress said that she was fine with it.",
        "He lives in LONDON - The city is wet all the year round.",
        "THE ASSOCIATION OF PILOTS (AOP) members said so on Monday.",
    ],
)
def test_words_of_a_sentence_are_no_dateline(line: str) -> None:
    found = strip_furniture([line, LAST])
    assert (found.dateline, found.agency, found.paragraphs) == (None, None, (line, LAST))


@pytest.mark.parametrize(
    ("line", "place", "agency"),
    [
        ("SARN 1996-12-06", "SARN", None),
        ("SARN, United Arab Emirates 1996-12-06", "SARN, United Arab Emirates", None),
        ("NEW DELHI: PTI", "NEW DELHI", "PTI"),
        ("PTI | New Delhi", "New Delhi", "PTI"),
    ],
)
def test_a_dateline_may_fill_its_line(line: str, place: str, agency: str | None) -> None:
    found = strip_furniture([line, FIRST])
    assert (found.dateline, found.agency, found.paragraphs) == (place, agency, (FIRST,))


@pytest.mark.parametrize(
    "above",
    [
        ["Ferry sinks off Sarn"],
        ["FILE PHOTO: The ferry at its quay in Sarn, May 3, 2014.", "COASTWIRE/Ida Brandt"],
        [f"The ferry at its quay in Sarn {'on a day of rain ' * 5}in May.", "COASTWIRE/Ida Brandt"],
        ["* Ferry sinks off Sarn", "* Nobody hurt, police say"],
        ["Slideshow (5 images)"],
        ["Correction: An earlier version of this story said that it burned."],
    ],
    ids=["headline", "caption", "caption by its credit", "points", "slideshow", "correction"],
)
def test_a_certain_dateline_is_found_below_what_stands_above_it(above: list[str]) -> None:
    found = strip_furniture([*above, f"SARN (Coastwire) - {FIRST}", LAST])
    assert (found.dateline, found.paragraphs) == ("SARN", (*above, FIRST, LAST))


def test_a_place_alone_is_a_dateline_only_where_the_text_begins() -> None:
    lines = (LAST, f"LAGOS — {FIRST}")
    assert strip_furniture([*lines]).paragraphs == lines
    assert strip_furniture(["June 9, 2005", f"LAGOS — {FIRST}"]).dateline == "LAGOS"
    assert strip_furniture(["The vote in Oslo", f"LAGOS: {FIRST}"]).dateline is None


def test_a_place_among_speakers_labels_is_a_speaker() -> None:
    lines = ("PARIS: We sold the ferry on Monday night.", "ADLER: No, you did not.", "PARIS: We did.")
    assert strip_furniture([*lines]).paragraphs == lines


# The head


@pytest.mark.parametrize(
    "line",
    [
        "By Ida Brandt",
        "BY IDA BRANDT",
        "By Ida Brandt and Omar Haddad",
        "By Ida Brandt, Coastwire",
        "By Ida Brandt | Staff Writer",
        "By IDA BRANDT Associated Press Writer",
        "By Our Correspondent",
        "Written by Ida Brandt",
    ],
)
def test_a_byline_is_kept_as_written(line: str) -> None:
    found = strip_furniture([line, FIRST, LAST])
    assert (found.byline, found.paragraphs, found.removed) == (line, (FIRST, LAST), ())


@pytest.mark.parametrize(
    "line",
    ["By Monday the ferry had sunk", "By Land and Sea", "By all accounts", "By Ida Brandt was it sunk."],
)
def test_words_after_by_need_not_be_a_byline(line: str) -> None:
    assert strip_furniture([line, FIRST, LAST]).paragraphs == (line, FIRST, LAST)


@pytest.mark.parametrize(
    "line",
    [
        "(Adds details, background)",
        "(Updates throughout)",
        "EMBARGOED UNTIL 0001 GMT, MARCH 9",
        "Embargo: 9 March, noon",
        "NOT FOR RELEASE BEFORE MARCH 9",
        "FOR IMMEDIATE RELEASE",
        "ATTENTION EDITORS - pictures to follow",
        "Eds: Adds photos.",
        "BC-SARN-FERRY, 1st Ld",
        "SARN-FERRY/RATE (UPDATE 1)",
        "SARN-FERRY/",
    ],
)
def test_notes_for_desks_are_removed(line: str) -> None:
    found = strip_furniture([line, FIRST, LAST])
    assert (found.paragraphs, found.removed) == ((FIRST, LAST), (line,))


@pytest.mark.parametrize(
    "line",
    [
        "Embargo on grain lifted",
        "(Adding to the trouble, it rained.)",
        "COVID-19",
        "PORT-AU-PRINCE",
        "Ferry sinks",
    ],
)
def test_other_lines_above_the_text_stay(line: str) -> None:
    assert strip_furniture([line, FIRST, LAST]).paragraphs == (line, FIRST, LAST)


# The foot


@pytest.mark.parametrize(
    "credit",
    [
        "Reporting by Ida Brandt; Additional reporting by Omar Haddad in Oslo; Editing by Lena Fischer",
        "Reporting by Ida Brandt in Sarn Editing by Lena Fischer",
        "Writing by Ida Brandt; editing by O. Haddad",
        "With extra reporting by Ida Brandt in Sarn",
        "With inputs from PTI",
    ],
)
@pytest.mark.parametrize("form", ["({})", "{}"])
def test_credits_become_the_byline(credit: str, form: str) -> None:
    found = strip_furniture([FIRST, LAST, form.format(credit)])
    assert (found.byline, found.paragraphs) == (credit, (FIRST, LAST))


def test_a_credit_may_follow_the_last_sentence() -> None:
    found = strip_furniture(
        ["By Ida Brandt", FIRST, f"{LAST} (Reporting by Ida Brandt; Editing by Lena Fischer)"]
    )
    assert found.byline == "By Ida Brandt; Reporting by Ida Brandt; Editing by Lena Fischer"
    assert found.paragraphs == (FIRST, LAST)


@pytest.mark.parametrize(
    "line",
    [
        "Reporting by the Gazette found that the ferry was old.",
        "(By law, the ferry must have two boats.)",
        "Written by hand, the note was short.",
        "With inputs from the mayor, the ferry sailed.",
        "He contributed to the fund.",
    ],
)
def test_a_last_sentence_is_no_credit(line: str) -> None:
    assert strip_furniture([FIRST, line]).paragraphs == (FIRST, line)


@pytest.mark.parametrize(
    ("lines", "agency"),
    [
        (["--IANS", "bc/rt"], "IANS"),
        (["IANS", "(sk/dpb)"], "IANS"),
        (["PTI SJK RT"], "PTI"),
        (["REUTER"], "Reuters"),
        (["REUTERS", "-0-"], "Reuters"),
        (["(AFP)"], "AFP"),
        (["-AFP-"], "AFP"),
        (["Associated Press", "(MORE)"], "AP"),
        (["- Sarn Gazette"], "Sarn Gazette"),
        (["— AFP", "###"], "AFP"),
    ],
)
def test_an_agency_signs_below_the_text(lines: list[str], agency: str) -> None:
    found = strip_furniture([FIRST, LAST, *lines])
    assert (found.agency, found.paragraphs, found.removed) == (agency, (FIRST, LAST), tuple(lines[1:]))


@pytest.mark.parametrize("end", [" REUTER", " -- IANS", " (PTI)", "—PTI", " PTI SJK RT"])
def test_an_agency_signs_behind_the_last_sentence(end: str) -> None:
    found = strip_furniture([FIRST, LAST + end])
    assert (found.paragraphs, found.agency) == ((FIRST, LAST), agency_name(end.strip(" -—()").split()[0]))


@pytest.mark.parametrize(
    "line",
    ["He works for AFP", '"It sank," he told AFP.', "They met at the U.N.", "and/or", "- It sank, said AFP"],
)
def test_an_agency_in_a_sentence_does_not_sign(line: str) -> None:
    found = strip_furniture([FIRST, line])
    assert (found.paragraphs, found.agency) == ((FIRST, line), None)


def test_a_name_below_a_quotation_is_its_speakers() -> None:
    lines = (FIRST, "“We shall build another ferry.”", "- Ruth Adler")
    assert strip_furniture([*lines]).paragraphs == lines


@pytest.mark.parametrize("line", ["(MORE)", "-30-", "-0-", "END", "ENDS", "###", "# # #", "bc/rt", "* * *"])
def test_marks_of_the_end_are_removed(line: str) -> None:
    found = strip_furniture([FIRST, LAST, line])
    assert (found.paragraphs, found.removed) == ((FIRST, LAST), (line,))


def test_a_mark_of_the_end_may_follow_the_last_sentence() -> None:
    assert strip_furniture([FIRST, f"{LAST} -30-", "###"]).paragraphs == (FIRST, LAST)


def test_the_desks_telephone_is_removed_and_its_reporter_kept() -> None:
    found = strip_furniture([FIRST, LAST, "-- Ida Brandt, Sarn newsroom +99 1 555 0134"])
    assert (found.byline, found.paragraphs, len(found.removed)) == ("Ida Brandt", (FIRST, LAST), 1)


def test_links_below_the_credits_stay() -> None:
    found = strip_furniture(
        [FIRST, LAST, "(Reporting by Ida Brandt)", "Read more: Ferries 'too old', says mayor"]
    )
    assert found.byline == "Reporting by Ida Brandt"
    assert found.paragraphs == (FIRST, LAST, "Read more: Ferries 'too old', says mayor")


def test_one_paragraph_always_stays() -> None:
    for line in (
        "- AFP",
        "###",
        "By Ida Brandt",
        "(Adds quotes)",
        "(Reporting by Ida Brandt)",
        "SARN 1996-12-06",
    ):
        assert strip_furniture([line]).paragraphs == (line,)
    assert strip_furniture([]).paragraphs == ()


# The middle


@pytest.mark.parametrize(
    "line",
    [
        "ADVERTISEMENT",
        "Story continues below advertisement",
        "Slideshow (5 images)",
        "Read more: Ferries 'too old', says mayor",
        "ALSO SEE: Ferries 'too old', says mayor",
        "Follow Ida Brandt on Twitter",
        "REUTERS/Ida Brandt",
        "Ida Brandt/Pool via REUTERS",
        "Ida Brandt via Getty Images.",
        "Photo: Getty Images",
        "Correction: An earlier version of this story said that the ferry burned.",
        "This story has been updated to correct the ferry's age.",
        "(Reporting by Ida Brandt; Editing by Lena Fischer)",
    ],
)
def test_furniture_in_the_middle_has_no_words_of_the_article(line: str) -> None:
    assert article_words(line) == ""


@pytest.mark.parametrize(
    "credit",
    [
        " COASTWIRE/Ida Brandt",
        " REUTERS/Ida Brandt/File Photo",
        " (AP Photo/Ida Brandt)",
        " (Photo by Ida Brandt/Coastwire)",
        " Image: Ida Brandt.",
        " (Reporting by Ida Brandt)",
    ],
)
def test_a_credit_behind_a_sentence_is_none_of_its_words(credit: str) -> None:
    assert article_words(f"The quay in Sarn.{credit}") == "The quay in Sarn."


@pytest.mark.parametrize(
    "line",
    [
        "The news came via CNN.",
        "BBC/Sky reporters said so.",
        "The report said that officials had corrected the figure.",
        "The story was corrected on Friday, the mayor said.",
        "A fund for the port (SVP/Global Risk) was sold.",
        "Read the plan and you will see, Adler said.",
        "More boats were sold, Adler said.",
        "Photography: that was her life, Adler said.",
        "Follow the money, Adler said.",
        "Like many on Facebook, Adler was fooled.",
        "Follow the vote on Twitter, Adler said.",
        "Graphic novels sold well.",
        "Copyright law has changed.",
        "Originally published in May, the book sold well.",
        "To read the full report you must pay.",
        "Input costs rose.",
        "The storm contributed to this report being late.",
    ],
)
def test_sentences_are_the_articles(line: str) -> None:
    assert article_words(line) == line
    assert not is_caption(line)


def test_a_caption_is_labelled_and_keeps_its_words() -> None:
    caption = "FILE PHOTO: Anders Holm at the quay in Sarn, May 3, 2014."
    assert is_caption(caption)
    assert article_words(f"{caption} COASTWIRE/Ida Brandt") == caption


def test_a_correction_is_known_by_its_opening() -> None:
    assert is_correction("CORRECTION: The ferry is 30 years old.")
    assert not is_correction("Correction officers went on strike on Monday.")


# Agencies


def test_an_agency_has_one_name() -> None:
    assert {agency_name(form) for form in ("REUTERS", "Reuter", "Reuters")} == {"Reuters"}
    assert agency_name("Coastwire") == "Coastwire"
    assert is_agency("AFP/DPA")
    assert not is_agency("AFP/Gazette")


def test_byline_of_a_text_in_the_first_person_stays() -> None:
    """It says who "I" is."""
    lines = ("By Ida Brandt", "I went to the port on Monday.", "It rained.")
    assert strip_furniture([*lines]).paragraphs == lines
    assert strip_furniture([lines[0], "She went to the port.", lines[2]]).paragraphs[0] != lines[0]


def test_credits_below_the_text_keep_their_order() -> None:
    found = strip_furniture([FIRST, LAST, "Reporting by Ann Kim", "Editing by Lee Wu"])
    assert found.paragraphs == (FIRST, LAST)
    assert found.byline == "Reporting by Ann Kim; Editing by Lee Wu"
