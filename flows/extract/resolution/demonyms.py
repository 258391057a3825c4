"""What a person is called by home: 'the Norwegian', 'the 30-year-old Kansan'."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ontherecord.flows.extract.names.places import find_demonym

# One capitalized name of people after 'the', with nothing but small words and numbers between.
_NATIVE = re.compile(
    r"[Tt]he (?:[a-z0-9][\w-]* ){0,3}((?:(?:New|North|South|Sri|Saudi|Costa|Puerto) )?[A-Z]\w+)"
)
# 'The French' and 'the British' are all of them; 'the Chinese' and 'the Swiss' can be one.
_ALL = ("sh", "ch", "men", "women")
_ONE_OR_ALL = ("ese", "ss")
_SEX = re.compile(r"(?:sh|ch|ts)(wo)?man$")  # a Frenchman is a man, a German is not always one
# A town's or a state's people are named by an ending on its name, which may lose its own: Kansan, Texan.
_ENDINGS = ("ian", "ean", "an", "n", "er", "ite", "i")
SHORTEST_STEM = 3
_LONGEST_REST = 4


@dataclass(frozen=True, slots=True)
class Demonym:
    """What a word such as 'Norwegian' or 'Kansan' says of a person.

    `country_code` is None for a word that is in no list, which means a person only where somebody of
    a place so named is in the article. `is_one` where the word cannot mean a whole people.
    """

    word: str
    country_code: str | None
    is_one: bool
    gender: str | None


def find_demonym_phrase(phrase: str) -> Demonym | None:
    """Read a phrase such as 'the Norwegian'; None where it is another, or all of a people."""
    found = _NATIVE.fullmatch(phrase)
    if found is None:
        return None
    word = found.group(1)
    is_one_or_all = word.endswith(_ONE_OR_ALL)
    if word.endswith(_ALL) or (word.endswith("s") and not is_one_or_all):
        return None
    people = find_demonym(word) or find_demonym(word + "s")  # some are listed as 'Danes' alone
    if people is None and not word.endswith(_ENDINGS):
        return None
    sex = _SEX.search(word)
    gender = None if sex is None else "female" if sex.group(1) else "male"
    is_one = people is not None and not is_one_or_all
    return Demonym(word.lower(), people.country_code if people is not None else None, is_one, gender)


def is_of_place(word: str, place: str) -> bool:
    """Whether a word is made of a place's name as its people's are: Kansan of Kansas."""
    last = place.split()[-1]
    if word == last:
        return False
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        is_short = len(stem) < SHORTEST_STEM or len(last) - len(stem) > _LONGEST_REST
        if stem != word and not is_short and last.startswith(stem):
            return True
    return False
