"""Which mentions mean the same person, and whether that is a woman or a man."""

from __future__ import annotations

import pytest
from extracts import names_in
from hypothesis import given
from hypothesis import strategies as st

from ontherecord.flows.extract.names.entities import ResolvedEntities, resolve_entities
from ontherecord.flows.extract.names.mention_forms import NameMention
from ontherecord.flows.extract.names.people import (
    PersonMention,
    fullest_name,
    name_parts,
    resolve_people,
    same_name,
)
from ontherecord.flows.extract.names.short_forms import family_name_forms, family_names
from ontherecord.warehouse.records import Kind


def people(*mentions: str | tuple[str, str]) -> list[int]:
    """Resolve mentions, each in a paragraph of its own; a pair gives the word before the name as well."""
    called = []
    for line, mention in enumerate(mentions, start=1):
        before, text = mention if isinstance(mention, tuple) else ("", mention)
        called.append(PersonMention(text, before, line))
    return resolve_people(called)


def resolved(*mentions: tuple[str, str], kind: Kind = "person") -> ResolvedEntities:
    return resolve_entities(
        [
            NameMention("body", line, 0, len(text), text, kind, before, in_brackets=False, full_name=text)
            for line, (before, text) in enumerate(mentions, start=1)
        ]
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("William J. Carver", "Bill Carver", True),
        ("W. Carver", "William Carver", True),
        ("Jorge Ruiz Campos", "Jorge Ruiz", True),
        ("Daw Khin Myat", "Khin Myat", True),
        ("Süleyman Ünal", "Suleyman Unal", True),
        ("Martin Luther Hale Jr.", "Martin Luther Hale", True),
        ("Hilda Carver", "Bill Carver", False),
        ("John Smith", "John Carver", False),
    ],
)
def test_same_name(one: str, other: str, same: bool) -> None:
    assert same_name(name_parts(one), name_parts(other)) is same


def test_a_mans_title_is_not_a_womans() -> None:
    assert people(("Mr", "Whitlock"), "Joanne Whitlock") == [1, 0]
    assert people(("Mr", "Rossi"), "Andrea Rossi") == [0, 0]


def test_parts_drop_what_differs_from_style_to_style() -> None:
    assert name_parts("Omar al-Masri") == name_parts("OMAR Al-Masri") == ("omar", "masri")
    assert name_parts("George H.W. Carver Jr.") == ("george", "h", "w", "carver")


def test_a_family_name_goes_to_its_full_name_even_before_it() -> None:
    assert people("Orlov", "Viktor Orlov", "Orlov") == [0, 0, 0]


def test_a_family_name_has_its_particles_or_not() -> None:
    found = set(family_name_forms(("Ursula", "von", "der", "Heide")))
    assert {("Heide",), ("der", "Heide"), ("von", "der", "Heide"), ("Von", "der", "Heide")} <= found
    assert not any("Ursula" in form for form in found)


def test_parts_of_a_family_name() -> None:
    assert people("Ursula von der Heide", "von der Heide", "Heide") == [0, 0, 0]
    assert people("Omar al-Masri", "Masri", "al-Masri") == [0, 0, 0]
    assert people("Khin Myat Noe", "Myat Noe") == [0, 0]


def test_family_name_first() -> None:
    assert people("Xu Wenli", "Xu") == [0, 0]


def test_two_of_one_family_stay_two() -> None:
    assert people("Hilda Carver", "William Carver") == [0, 1]


def test_a_lone_family_name_is_the_one_named_first() -> None:
    assert people("Hilda Carver", "William Carver", "Carver") == [0, 1, 0]


def test_a_paragraph_that_names_the_other_keeps_the_other() -> None:
    called = [
        PersonMention("Hilda Carver", "", 1),
        PersonMention("William Carver", "", 2),
        PersonMention("Carver", "", 2),
    ]
    assert resolve_people(called) == [0, 1, 1]


def test_a_title_decides() -> None:
    assert people("Hilda Carver", "William Carver", ("Mr", "Carver"), ("Mrs", "Carver")) == [0, 1, 1, 0]


def test_an_office_decides() -> None:
    mentions = [
        ("Mayor", "Nadia Carver"),
        ("Councillor", "Kamal Carver"),
        ("Councillor", "Carver"),
        ("Mayor", "Carver"),
    ]
    assert people(*mentions) == [0, 1, 1, 0]


def test_initials_are_the_person() -> None:
    assert people("Robert James Carver", "RJC") == [0, 0]


def test_a_first_name_only_where_one_fits() -> None:
    assert people("Hilda Carver", "Hilda") == [0, 0]
    assert people("Hilda Carver", "Hilda Moss", "Hilda") == [0, 1, 2]


def test_the_headline_is_resolved_by_the_body() -> None:
    called = [PersonMention("CARVER", "", 0), PersonMention("Hilda Carver", "", 1)]
    assert resolve_people(called) == [0, 0]


def test_the_fullest_form_names_the_person() -> None:
    assert (
        fullest_name([PersonMention(text, "", 1) for text in ("CARVER", "Carver", "Hilda Carver")])
        == "Hilda Carver"
    )
    assert fullest_name([PersonMention("CARVER", "", 1)]) == "Carver"


def test_royal_titles_stay_where_there_is_one_name() -> None:
    assert resolved(("Queen", "Ingrid"), ("", "Ingrid")).entities[0].name == "Queen Ingrid"
    assert resolved(("King", "Karl Johan")).entities[0].name == "Karl Johan"


@pytest.mark.parametrize(
    ("mentions", "gender"),
    [
        ([("Mr", "Carver")], "male"),
        ([("Mrs", "Carver")], "female"),
        ([("spokeswoman", "Robin Carver")], "female"),
        ([("", "Hilda Carver")], "female"),
        ([("", "Ahmed Carver")], "male"),
        ([("", "Robin Carver")], None),
        ([("Ms", "Ahmed Carver")], "female"),
        ([("", "Carver")], None),
    ],
)
def test_genders(mentions: list[tuple[str, str]], gender: str | None) -> None:
    assert resolved(*mentions).genders == (gender,)


@given(
    st.lists(st.tuples(st.text(max_size=3), st.text(min_size=1, max_size=12), st.integers(0, 3)), max_size=8)
)
def test_every_mention_gets_a_person(rows: list[tuple[str, str, int]]) -> None:
    numbers = resolve_people([PersonMention(text, before, line) for before, text, line in rows])
    assert len(numbers) == len(rows)
    assert all(number >= 0 for number in numbers)


def test_organizations_have_no_gender() -> None:
    assert resolved(("", "Hilda"), kind="organization").genders == (None,)


@pytest.mark.parametrize("form", [("de",), ("de", "Jr.")])
def test_a_name_without_a_capital_has_no_empty_family_name(form: tuple[str, ...]) -> None:
    assert () not in family_name_forms(form)
    assert family_names({form: "person"}) == frozenset({("De",)})


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("Tom and Linda Carver found it. Mr Carver wept.", "Tom Carver"),
        ("Owner Kang Min-seop met Kang Dae-sol. Kang wept.", "Kang Min-seop"),
        ("Promoter Desmond ‘Dez’ Ofori said the hall was full.", "Desmond Ofori"),
        ("Lt Gen (retd) Arjun Mehrotra wept.", "Arjun Mehrotra"),
        ("Supporter Gina Carver wept.", "Gina Carver"),
        ("May Carver wept.", "May Carver"),
        ("Nacho is Ignacio Carver, who wept.", "Ignacio Carver"),
    ],
)
def test_the_name_of_a_person_in_the_text(body: str, name: str) -> None:
    found = names_in(body)
    assert name in [entity.name for entity in found.entities if entity.kind == "person"]


def test_half_of_a_double_surname_is_its_bearer_if_nobody_else_has_it() -> None:
    assert people("Marta Olsen-Beck", "Olsen", "Beck") == [0, 0, 0]
    assert people("Marta Olsen-Beck", "Carl Olsen", "Olsen") == [0, 1, 1]
    assert people("Marta Olsen-Beck", "Nils Olsen-Dahl", "Olsen") == [0, 1, 2]


@pytest.mark.parametrize(
    ("body", "name", "kind"),
    [
        (
            "Salem signed Calum Chambers on Monday. Calum Chambers said he was glad.",
            "Calum Chambers",
            "person",
        ),
        ("Ann Rivers met John Falls and Mary Hill on Monday.", "John Falls", "person"),
        ("The singer left the town for Victoria Park on Monday.", "Victoria Park", "place"),
        ("Sydney FC beat Perth Glory. Sydney FC said the ground was wet.", "Sydney FC", "organization"),
        (
            "Shares of General Electric fell. General Electric says it paid taxes.",
            "General Electric",
            "organization",
        ),
    ],
)
def test_a_surname_that_ends_places_and_a_club_that_begins_like_a_name(
    body: str, name: str, kind: Kind
) -> None:
    assert {entity.name: entity.kind for entity in names_in(body).entities}[name] == kind
