"""What headlines, epithets, datelines and garbled signs glue to names in invented news."""

from __future__ import annotations

import pytest
from extracts import name_model, names_in

from ontherecord.flows.extract.names.people import PersonMention, fullest_name, same_name
from ontherecord.flows.extract.names.tokens import heading_length, read_line
from ontherecord.warehouse.records import Kind


def named(body: str, title: str = "") -> dict[str, Kind]:
    return {entity.name: entity.kind for entity in names_in(body, title).entities}


def persons(body: str, title: str = "") -> set[str]:
    return {name for name, kind in named(body, title).items() if kind == "person"}


def test_a_verb_in_a_headline_separates_two_names() -> None:
    headline = "Mayors Hold Hearing on Harbour Fees, Dunmore Join Marchetti"
    body = "“That is quite enough,” Dunmore said.\n“It is late,” Marchetti said."
    assert persons(f"{headline}\n{body}") == {"Dunmore", "Marchetti"}


def test_a_verb_after_a_name_is_no_part_of_it() -> None:
    body = "Mayor Clara Dunmore spoke in Boston. Dunmore said she had read the plan."
    assert persons(body, "Dunmore Says More Time Needed for Boston Plan") == {"Clara Dunmore"}


def test_a_headline_that_runs_into_the_text_is_a_heading() -> None:
    line = "Farmers Need More Time to Make Sure Plan Works, Dunmore Says BOSTON (May 10) - The mayor spoke"
    words = read_line("body", 0, name_model()(line)).words
    assert heading_length(words) >= words.index("Says")


@pytest.mark.parametrize(
    "line",
    [
        "Clara Dunmore, Henry Okafor, Judith Marchetti and Peter Hollis Ravensworth met on Monday",
        "The mayor of Boston said that he would not go",
        "",
    ],
)
def test_names_in_a_row_are_no_heading(line: str) -> None:
    assert heading_length(read_line("body", 0, name_model()(line)).words) == 0


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("Crooked Linda Marchetti", "Linda Marchetti"),
        ("Disgraced Peter Hollis", "Peter Hollis"),
        ("Lyin' Peter Hollis", "Peter Hollis"),
        ("Miss Universe Linda Marchetti", "Linda Marchetti"),
    ],
)
def test_epithets_are_no_part_of_a_name(phrase: str, name: str) -> None:
    assert persons(f"They listened to {phrase} in Boston on Monday.") == {name}


def test_a_first_name_that_ends_like_a_participle_stays() -> None:
    assert persons("They listened to Winfred Thomas Hollis in Boston.") == {"Winfred Thomas Hollis"}


@pytest.mark.parametrize(
    "opening",
    ["MIAMIÂ\xa0- U.S. Sen. ", "WASHINGTON, D.C.Â\xa0-Â\xa0U.S. Sen. ", "BOSTON â\x80\x94 U.S. Sen. "],
)
def test_a_name_starts_after_the_title(opening: str) -> None:
    body = f"{opening}Peter Hollis said he would vote."
    assert persons(body) == {"Peter Hollis"}


@pytest.mark.parametrize("mark", ["â\x80\x99", "â€™", "â", "’", "'"])
def test_a_garbled_apostrophe_is_one(mark: str) -> None:
    body = f"The plan won Canada{mark}s vote, and Canada{mark}s minister was glad."
    names = names_in(body)
    assert [m.text for m in names.mentions] == ["Canada", "Canada"]
    assert all(body[m.char_start : m.char_end] == m.text for m in names.mentions)


def test_accents_are_letters() -> None:
    assert persons("Mr Hâkan Bâlint said so in Boston.") == {"Hâkan Bâlint"}


@pytest.mark.parametrize("word", ["German", "Norwegian"])
def test_a_nationality_is_no_person(word: str) -> None:
    assert named(f"“I am tired,” the {word} said. The {word} won.")[word] == "group"


def test_an_unknown_nationality_is_no_person() -> None:
    body = "Velmari Foreign Minister Clara Dunmore spoke. “It is late,” the Velmari said."
    assert named(body).get("Velmari") != "person"


def test_who_speaks_is_a_person() -> None:
    body = "“No,” Ravenscroft said. Ravenscroft, a senator, left the hall with Ravenscroft’s friends."
    assert named(body)["Ravenscroft"] == "person"


def test_an_administration_is_called_after_its_head() -> None:
    assert named("A letter to the Ravenscroft administration asked for help.")["Ravenscroft"] == "person"


def test_a_first_name_wins_over_an_ambiguous_last_word() -> None:
    assert named("She spoke with Helen Mills, an aide, on Monday.")["Helen Mills"] == "person"


def test_what_the_noun_before_it_announces_is_an_organization() -> None:
    assert named("The channel, Velmar Vision, apologized.")["Velmar Vision"] == "organization"
    assert named("The state broadcaster Velmar One quoted him.")["Velmar One"] == "organization"


@pytest.mark.parametrize("name", ["Velmar Ropeways", "Charlotte Panthers"])
def test_last_words_of_organizations(name: str) -> None:
    body = f"The operator of {name} apologized on Monday. {name} said it was sorry."
    assert named(body)[name] == "organization"


def test_a_title_shows_a_name_in_a_line_of_capitals() -> None:
    body = "STATEMENT OF SENATOR RUTH DUNMORE\nThis plan is too late for the town."
    assert persons(body) == {"Ruth Dunmore"}


def test_a_function_word_after_a_first_name_is_a_family_name() -> None:
    assert "Henry Still" in persons("They listened to Mr. Henry Still in Boston.")


def test_the_first_word_of_a_title_alone_is_no_name() -> None:
    assert named("The ferry sailed on Monday.", "Drama doesn't slow partying") == {}


def test_kin_show_a_person() -> None:
    assert named("Ravenscroft's wife left. It was late, Ravenscroft said.")["Ravenscroft"] == "person"


def test_a_plan_is_no_person() -> None:
    assert "Marshall Plan" not in persons("More money went there than into the Marshall Plan in Europe.")


def test_the_city_of_the_dateline_is_a_place_in_the_body() -> None:
    body = "VELMARA : Clara Dunmore spoke on Monday.\nShe will leave Velmara on Tuesday."
    assert named(body)["Velmara"] == "place"


@pytest.mark.parametrize(
    ("forms", "name"),
    [
        (["John G. Carver Jr.", "John Carver", "Carver"], "John Carver"),
        (["John G. Carver Jr.", "Carver"], "John G. Carver Jr."),
        (["Hilda Brandt Carver", "Hilda Carver"], "Hilda Brandt Carver"),
    ],
)
def test_the_plain_form_names_a_person_where_the_article_has_it(forms: list[str], name: str) -> None:
    assert fullest_name([PersonMention(text, "", 1) for text in forms]) == name


def test_other_middle_initials_are_other_persons() -> None:
    assert not same_name(("john", "g", "carver"), ("john", "h", "w", "carver"))
    assert same_name(("john", "g", "carver"), ("john", "george", "carver"))
    assert same_name(("john", "g", "carver"), ("john", "carver"))
