"""Demonyms as descriptions of a person: 'the Norwegian', 'the 30-year-old Kansan'."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ontherecord.flows.extract.names.places import find_demonym

# A capitalized demonym after 'the', with only lower-case words and numbers between.
_DEMONYM_PHRASE = re.compile(
    r"[Tt]he (?:[a-z0-9][\w-]* ){0,3}((?:(?:New|North|South|Sri|Saudi|Costa|Puerto) )?[A-Z]\w+)"
)
# 'The French' and 'the British' are always plural; 'the Chinese' and 'the Swiss' can be singular.
_PLURAL_ENDINGS = ("sh", "ch", "men", "women")
_SINGULAR_OR_PLURAL_ENDINGS = ("ese", "ss")
_GENDERED = re.compile(r"(?:sh|ch|ts)(wo)?man$")  # 'Frenchman', not 'German'
# Suffixes that derive demonyms from towns and states, whose own ending may be dropped: Kansan, Texan.
_ENDINGS = ("ian", "ean", "an", "n", "er", "ite", "i")
SHORTEST_STEM = 3
_LONGEST_DROPPED_ENDING = 4


@dataclass(frozen=True, slots=True)
class Demonym:
    """What a demonym such as 'Norwegian' or 'Kansan' says about a person.

    `country_code` is None for a word on no list, which is a demonym only if the article has a person from a
    place of that name. `is_singular` if the word cannot mean the whole people.
    """

    word: str
    country_code: str | None
    is_singular: bool
    gender: str | None


def find_demonym_phrase(phrase: str) -> Demonym | None:
    """Read a phrase such as 'the Norwegian'; None if it is not one, or means the whole people."""
    found = _DEMONYM_PHRASE.fullmatch(phrase)
    if found is None:
        return None
    word = found.group(1)
    can_be_plural = word.endswith(_SINGULAR_OR_PLURAL_ENDINGS)
    if word.endswith(_PLURAL_ENDINGS) or (word.endswith("s") and not can_be_plural):
        return None
    people = find_demonym(word) or find_demonym(word + "s")  # some are listed only in the plural: 'Danes'
    if people is None and not word.endswith(_ENDINGS):
        return None
    gendered = _GENDERED.search(word)
    gender = None if gendered is None else "female" if gendered.group(1) else "male"
    is_singular = people is not None and not can_be_plural
    return Demonym(word.lower(), people.country_code if people is not None else None, is_singular, gender)


def is_of_place(word: str, place: str) -> bool:
    """Whether a demonym is derived from a place's name: 'Kansan' from 'Kansas'."""
    last = place.split()[-1]
    if word == last:
        return False
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        is_short = len(stem) < SHORTEST_STEM or len(last) - len(stem) > _LONGEST_DROPPED_ENDING
        if stem != word and not is_short and last.startswith(stem):
            return True
    return False
