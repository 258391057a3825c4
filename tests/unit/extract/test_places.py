"""Places and nationalities."""

from __future__ import annotations

import pycountry
import pytest

from ontherecord.flows.extract.names.places import (
    KOSOVO,
    demonym_forms,
    find_demonym,
    find_place,
    unambiguous_forms,
)


@pytest.mark.parametrize(
    ("form", "name", "code"),
    [
        ("US", "United States", "US"),
        ("U.S.", "United States", "US"),
        ("America", "United States", "US"),
        ("Britain", "United Kingdom", "GB"),
        ("Scotland", "Scotland", "GB"),
        ("Russian Federation", "Russia", "RU"),
        ("SYRIA", "Syria", "SY"),
        ("Netherlands", "Netherlands", "NL"),
        ("Sao Paulo", "Sao Paulo", "BR"),
        ("São Paulo", "Sao Paulo", "BR"),
        ("Paris", "Paris", "FR"),
        ("Kyiv", "Kiev", "UA"),
        ("Texas", "Texas", "US"),
        ("Calif.", "California", "US"),
        ("Africa", "Africa", None),
        ("Crimea", "Crimea", None),
    ],
)
def test_places(form: str, name: str, code: str | None) -> None:
    place = find_place(form)
    assert place is not None
    assert (place.name, place.country_code) == (name, code)


def test_every_code_is_in_the_standard() -> None:
    codes = {place.country_code for _, place in unambiguous_forms()} | {
        people.country_code for _, people in demonym_forms()
    }
    assert codes - {country.alpha_2 for country in pycountry.countries} == {None, KOSOVO}


@pytest.mark.parametrize("word", ["us", "america", "Smith", "", "Zelvanta"])
def test_words_that_are_no_places(word: str) -> None:
    assert find_place(word) is None


@pytest.mark.parametrize("form", ["Jordan", "Victoria", "Paris", "Georgia", "Springfield"])
def test_names_that_are_somebody_elses_too_need_more_than_the_word(form: str) -> None:
    place = find_place(form)
    assert place is not None
    assert not place.is_unambiguous


def test_georgia_has_no_country_by_itself() -> None:
    place = find_place("Georgia")
    assert place is not None
    assert place.country_code is None


@pytest.mark.parametrize(
    ("form", "name", "code"),
    [
        ("Syrian", "Syrian", "SY"),
        ("Syrians", "Syrian", "SY"),
        ("SYRIANS", "Syrian", "SY"),
        ("Dutch", "Dutch", "NL"),
        ("Dutchman", "Dutch", "NL"),
        ("South Koreans", "South Korean", "KR"),
        ("Scottish", "Scottish", "GB"),
    ],
)
def test_nationalities(form: str, name: str, code: str) -> None:
    people = find_demonym(form)
    assert people is not None
    assert (people.name, people.country_code) == (name, code)


def test_a_first_name_is_no_nationality() -> None:
    assert find_demonym("Finn") is None
