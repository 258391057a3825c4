"""What the lists say of a form: whether it names a place, a people or an organization."""

from __future__ import annotations

from ontherecord.flows.extract.names.lists import find_known
from ontherecord.flows.extract.names.places import find_demonym, find_place
from ontherecord.flows.extract.names.search import Form


def written(form: Form) -> str:
    """Write a form's words as a text would: a space between words, none at signs."""
    text = ""
    for word in form:
        glued = not text or not word[0].isalnum() or (text[-1] in "-'’." and word != "&")
        text += word if glued else " " + word
    return text


def is_listed(form: Form) -> bool:
    """Tell a form that the lists know as something else than a person."""
    text = written(form)
    return find_place(text) is not None or find_known(text) is not None or find_demonym(text) is not None


def means_place(form: Form) -> bool:
    """Tell a form that the lists know better as something else than a person: 'London', not 'Paris'."""
    text = written(form)
    place, known = find_place(text), find_known(text)
    if place:
        return place.is_sure
    return known is not None or find_demonym(text) is not None


def is_known_place(word: str) -> bool:
    """Tell a word that alone names a place or a people."""
    place = find_place(word)
    return bool(place and place.is_sure) or find_demonym(word) is not None
