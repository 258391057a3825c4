"""Ids: the same for the same thing, on every machine and for ever."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ontherecord.warehouse.ids import article_id, delivery_id, entity_id, path_key, shortened, words_sha256


def test_ids_never_change() -> None:
    """These are in every warehouse there is: a change here orphans all of their rows."""
    assert article_id("world/a.txt") == 6926769594814295
    assert delivery_id("world/a.txt", "00") == 4711876173724452
    assert entity_id("person", "John Kerry") == 4421214060574950
    assert (
        words_sha256("A cat", "is back.")
        == "0ef0852db1e00003c257ba2631f53f43f31feb1a2754945bf872a38aa7deb895"
    )


@given(st.text(max_size=20))
def test_ids_are_exact_as_floating_point_numbers(text: str) -> None:
    for found in (article_id(text), delivery_id(text, None), entity_id("person", text)):
        assert 0 <= found < 2**53
        assert int(float(found)) == found


def test_an_id_of_an_earlier_schema_leads_to_that_of_today() -> None:
    assert shortened(7093012065089838121) == article_id("world/a.txt")
    assert shortened(4527323198028748822) == entity_id("person", "John Kerry")


def test_a_path_has_a_longer_number_in_memory() -> None:
    assert path_key("world/a.txt") == 7093012065089838121


def test_each_kind_of_thing_has_ids_of_its_own() -> None:
    assert (
        len({article_id("a"), delivery_id("a", None), delivery_id("a", "a"), entity_id("person", "a")}) == 4
    )


def test_a_path_is_taken_to_the_letter() -> None:
    paths = ("a.txt", "A.txt", "a .txt", "b/a.txt", "caf\u00e9.txt", "cafe\u0301.txt")
    assert len({article_id(path) for path in paths}) == len(paths)


def test_case_spacing_and_unicode_form_make_no_other_entity() -> None:
    names = ("José  Díaz", "josé díaz", "JOSÉ DÍAZ", " Jose\u0301 Di\u0301az ", "José\u00a0Díaz")
    assert len({entity_id("person", name) for name in names}) == 1


def test_another_kind_or_name_is_another_entity() -> None:
    found = {
        entity_id("person", "Jordan"),
        entity_id("place", "Jordan"),
        entity_id("person", "Jordan Jordan"),
    }
    assert len(found) == 3


def test_case_and_white_space_make_no_other_text() -> None:
    assert words_sha256("A Cat", "is  back.\nWell.") == words_sha256("a cat", "IS BACK. \u00a0Well.\n")
    assert words_sha256("A cat", "is back.") != words_sha256("A cat", "is black.")
