"""Forms of people's names, and things that look like them, in invented news, found with the real model."""

from __future__ import annotations

import pytest
from extracts import names_in

from ontherecord.warehouse.records import Kind


def people_in(text: str) -> set[str]:
    return {entity.name for entity in names_in(text).entities if entity.kind == "person"}


def kind_of(text: str, name: str) -> Kind | None:
    """Return the kind of a name's first mention; None if it is not found."""
    return next((mention.kind for mention in names_in(text).mentions if mention.text == name), None)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sgt Nils Harrow closed the lane.", "Nils Harrow"),
        ("DCI Laura Tench said it was late.", "Laura Tench"),
        ("Lt Gen (retd) Arvind Kalsi said the border was quiet.", "Arvind Kalsi"),
        ("Ven. Sumana Thero said the monks would walk.", "Sumana Thero"),
        ("Rear Admiral Tom Quist said the fleet would sail.", "Tom Quist"),
        ("Lifeguard Tessa Moran said the flag was red.", "Tessa Moran"),
        ("Treasurer Ola Brandt said the till was empty.", "Ola Brandt"),
        ("Neighbour Ron Tully heard the bang.", "Ron Tully"),
        ("Librarian Bram Keller lent the book.", "Bram Keller"),
        ("Juror Mabel Stokes was not sure.", "Mabel Stokes"),
        ("Grower Alfons Rieder told the Mail that he had seen no spray.", "Alfons Rieder"),
        ("Referee Donal Keaveney sent off two men.", "Donal Keaveney"),
        ("It was an old boat, said its last skipper, Donal Frayne.", "Donal Frayne"),
        ("Yvette Callard closed the lane. Detective Callard said it was late.", "Yvette Callard"),
        ('Said Tessendorf: "We wait."', "Tessendorf"),
        ("Additional Tessendorf projects wait. Ada Tessendorf said so.", "Ada Tessendorf"),
        # Near misses: first names and family names that look like other words.
        ("Said Tessendorf spoke in Oslo.", "Said Tessendorf"),
        ("Christopher Bond spoke in Oslo. Bond waits.", "Christopher Bond"),
        ("Ida Carpenter spoke in Oslo. Carpenter waits.", "Ida Carpenter"),
        ("Hunter Stokes was not sure.", "Hunter Stokes"),
        ("Carter Harrow closed the lane.", "Carter Harrow"),
    ],
)
def test_ranks_and_roles_are_no_part_of_a_name(text: str, name: str) -> None:
    assert people_in(text) == {name}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('Robert "Bobby" Ashdown opened the shop. "We sell rope," Ashdown said.', "Robert Ashdown"),
        ("Margaret (Peggy) Ashdown opened the shop. Ashdown sells rope.", "Margaret Ashdown"),
        ("William ‘Wild Bill’ Hatcher sang in Oslo. Hatcher sang well.", "William Hatcher"),
        ("Boxer Tomas 'The Anvil' Ruzek won. Ruzek said he hit him.", "Tomas Ruzek"),
        ("Susan 'Suki' Adeyemi danced. Adeyemi won.", "Susan Adeyemi"),
    ],
)
def test_a_nickname_inside_a_name_is_nobody_else(text: str, name: str) -> None:
    assert people_in(text) == {name}


@pytest.mark.parametrize(
    ("text", "people"),
    [
        # Two people, one named in brackets after the other's first name or in quoted words.
        ("Margaret Ashdown (Peggy Lund) opened the shop.", {"Margaret Ashdown", "Peggy Lund"}),
        ('"Robert," said Ida Ashdown.', {"Robert", "Ida Ashdown"}),
    ],
)
def test_other_words_in_marks_are_no_nickname(text: str, people: set[str]) -> None:
    assert people_in(text) == people


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('Maria van der Meulen spoke. "We wait," Van der Meulen said.', "Maria van der Meulen"),
        ('Johan ter Beek spoke. "We wait," Ter Beek said.', "Johan ter Beek"),
        (
            'José Luis Rodríguez de la Fuente spoke. "We wait," Rodríguez de la Fuente said.',
            "José Luis Rodríguez de la Fuente",
        ),
        ('Ana García Lorca spoke. "We wait," García Lorca said.', "Ana García Lorca"),
        ('Jean-Pierre Dumas-Leclerc spoke. "We wait," Dumas-Leclerc said.', "Jean-Pierre Dumas-Leclerc"),
    ],
)
def test_family_names_of_several_words(text: str, name: str) -> None:
    assert people_in(text) == {name}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Will Tarrant spoke in Oslo. Will he go?", "Will Tarrant"),
        ("Per Lindqvist spoke. Per person it cost nine crowns.", "Per Lindqvist"),
        ("Alicia Street said she would ski.", "Alicia Street"),
        ("Jonathan Lake, 42, sold the boat.", "Jonathan Lake"),
        ('Theresa May spoke in Oslo. "We wait," May said.', "Theresa May"),
        ("Hilda May said she would wait.", "Hilda May"),
        ("Rebecca Park, who owns the shop, was away.", "Rebecca Park"),
    ],
)
def test_words_that_are_names(text: str, name: str) -> None:
    assert people_in(text) == {name}


@pytest.mark.parametrize(
    "text",
    [
        "It rained in April, May and June.",
        "The shop opens in May.",
        "Will Oslo pay for it?",
        "The fair is in Victoria Park on Monday.",
        "She lives in Charlotte Street in Oslo.",
        "They swam in Lake Victoria.",
    ],
)
def test_words_that_are_no_names(text: str) -> None:
    assert people_in(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "The ferry Hilda Carver sank off Bergen.",
        "Divers found the trawler Ruth Brandt.",
        "The MV Olga Brandt left port on Monday.",
        "The Hilda Tessendorf Prize goes to poets.",
        "She won the Tom Baker Medal.",
        "He is buried in the Tom Baker Cemetery.",
        "Storm Hilda closed roads in Norway.",
        "Cyclone Ida reached the coast on Monday.",
        "Fort Harlow is closed to visitors.",
        "Mount Hilda erupted on Monday.",
        "The bank paid 300 mln U.S. Dlrs on Monday.",
        "The bill, S. 1023, passed on Monday.",
        "Crews closed the Hilda Carver Bridge.",
        "The Laura Dene app crashed on Monday.",
        "Fashion retailer Laura Dene cut prices on Monday.",
        "Laura Dene, which sells coats, cut prices.",
        "Shares in Laura Dene fell on Monday.",
        "Uncle Sam pays for it.",
    ],
)
def test_things_are_no_people(text: str) -> None:
    assert people_in(text) == set()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The captain of the ferry, Hilda Carver, sank it.", "Hilda Carver"),
        ("Hilda Carver won the prize.", "Hilda Carver"),
        ("She met Tom Baker at the cemetery.", "Tom Baker"),
        ("The company Laura Dene founded cut prices.", "Laura Dene"),
        ("The retailer's chairwoman Laura Dene cut prices.", "Laura Dene"),
        ("Laura Dene, who sells coats, cut prices.", "Laura Dene"),
        ("Gale Storm sang in Oslo. Ms Storm sang well.", "Gale Storm"),
    ],
)
def test_people_beside_things_are_people(text: str, name: str) -> None:
    assert people_in(text) == {name}


def test_the_credit_of_a_photograph_names_a_person() -> None:
    credit = "FILE PHOTO: The harbour of Bergen. REUTERS/Regine Duval/File Photo"
    assert kind_of(credit, "Regine Duval") == "person"
    assert kind_of("The harbour. Olaf Lund/Pool via REUTERS", "Pool") is None


def test_a_team_sheet_names_people() -> None:
    sheet = "Bergen: 1 - Aksel Tumera; 2 - Widar Purta; 5 - Ronny Wabia; 11 - Bima Sakti"
    assert people_in(sheet) >= {"Aksel Tumera", "Widar Purta", "Ronny Wabia", "Bima Sakti"}


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Kansas State beat Iowa State on Saturday.", "Kansas State", "organization"),
        ("The governor of Lagos State spoke.", "Lagos State", "place"),
        ("Washington State is on the coast.", "Washington State", "place"),
    ],
)
def test_universities_called_state(text: str, name: str, kind: Kind) -> None:
    assert kind_of(text, name) == kind


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Oslo lost to Tamborg of Norway on Wednesday.", "Tamborg", "organization"),
        ("The Bank of Ireland fell on Monday.", "Bank of Ireland", "organization"),
        ("He bought Sinavec Biotech Ltd on Monday.", "Sinavec Biotech Ltd", "organization"),
        ("-- Bucharest Newsroom 40-1", "Bucharest Newsroom", "organization"),
        ("The A350 flew to Oslo on Monday.", "A350", None),
    ],
)
def test_organizations_and_products(text: str, name: str, kind: Kind | None) -> None:
    assert kind_of(text, name) in (kind, "other" if kind is None else kind)


def test_a_club_with_the_name_of_a_people_is_a_club() -> None:
    text = "The club Tambese won. Tambese has ten points. The fans of Tambese sang."
    assert kind_of(text, "Tambese") == "organization"


def test_a_people_without_a_country_is_a_group() -> None:
    assert kind_of("The Zulu chief met Basque farmers.", "Zulu") == "group"
    assert kind_of("The Zulu chief met Basque farmers.", "Basque") == "group"


def test_an_adjective_of_crossing_is_no_place() -> None:
    assert kind_of("The trans-Atlantic routes opened in Oslo.", "Atlantic") is None
    assert kind_of("They crossed the Atlantic on Monday.", "Atlantic") == "place"


def test_the_players_of_a_position_are_people() -> None:
    squad = "Forwards - Blen Nalbano, Armir Grima, Sokol Prendi (Oslo), Viktor Pace"
    assert people_in(squad) == {"Blen Nalbano", "Armir Grima", "Sokol Prendi", "Viktor Pace"}
    assert people_in("Forwards: the tariff on forwards fell in Oslo.") == set()


def test_spaces_between_columns_part_names() -> None:
    columns = "Senator Ada Tessendorf        Oslo        Press release\nThe town of Oslo waits."
    assert people_in(columns) == {"Ada Tessendorf"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The French Finance Ministry said the tax would fall.", "Finance Ministry (France)"),
        ("Peru's Foreign Ministry said the border was open.", "Foreign Ministry (Peru)"),
        ("Crowds met across Poland. The Foreign Ministry said it was late.", "Foreign Ministry (Poland)"),
        # Whose body it is stays open, or is in its name.
        ("Talks between Poland and Peru went on. The Foreign Ministry said so.", "Foreign Ministry"),
        ("The Oslo Police Department said the road was open.", "Oslo Police Department"),
    ],
)
def test_a_body_that_many_countries_have_is_told_apart_by_its_country(text: str, name: str) -> None:
    assert name in {entity.name for entity in names_in(text).entities if entity.kind == "organization"}


@pytest.mark.parametrize(
    ("text", "person", "body"),
    [
        ("A Heidi Merkel White House would be calm.", "Heidi Merkel", "White House"),
        ("A Hilda Carver Supreme Court would be calm, she said.", "Hilda Carver", "Supreme Court"),
    ],
)
def test_a_body_called_by_who_leads_it_is_no_part_of_the_name(text: str, person: str, body: str) -> None:
    assert (kind_of(text, person), kind_of(text, body)) == ("person", "organization")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Virginia Beach Police Department closed the road.", "Virginia Beach Police Department"),
        ("The Virginia State Supreme Court closed.", "Virginia State Supreme Court"),
    ],
)
def test_a_body_of_a_place_called_like_a_person_is_whole(text: str, name: str) -> None:
    assert kind_of(text, name) == "organization"
