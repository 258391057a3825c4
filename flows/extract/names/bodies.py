"""Bodies that most countries have are told apart by their country: 'Finance Ministry (France)'."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pycountry

from ontherecord.flows.extract.names.mention_forms import NameMention
from ontherecord.flows.extract.names.places import Place, find_demonym, find_place
from ontherecord.flows.extract.word_lists import word_set

# One of these is in each such name. Departments, senates and supreme courts are mostly those of one country
# in an archive, and named without it.
_NOUNS = frozenset(("army", "bank", "cabinet", "government", "ministry", "navy", "parliament", "police"))
# Characters of "'s " between a country and its body.
_GAP = 3


def country_of_body(
    name: str, found: Sequence[NameMention], members: Sequence[int]
) -> tuple[str, str | None]:
    """Return a body's name without its country, and the country that the text gives it, if it gives one.

    That is a country right before it ('the French Finance Ministry', "Peru's Foreign Ministry"), else the
    only country that the article names.
    """
    first, _, rest = name.partition(" ")
    if is_common_body(rest):
        own = find_demonym(first) or _country(first)
        if own is not None and own.country_code:
            return rest, own.country_code
    if not is_common_body(name):
        return name, None
    for i in members:
        before = found[i - 1] if i else None
        is_beside = (
            before is not None
            and before.field == found[i].field
            and before.line == found[i].line
            and 0 <= found[i].start - before.end <= _GAP
        )
        place = (_country(before.text) or find_demonym(before.text)) if before and is_beside else None
        if place is not None and place.country_code:
            return name, place.country_code
    codes = {place.country_code for mention in found if (place := _place_of(mention)) is not None}
    codes.discard(None)
    return name, codes.pop() if len(codes) == 1 else None


def is_common_body(name: str) -> bool:
    """Whether a name could be a body of any country: 'Foreign Ministry', 'Central Bank'."""
    words = name.lower().split()
    return bool(words) and not _NOUNS.isdisjoint(words) and word_set("names/common_bodies").issuperset(words)


@cache
def country_name(code: str) -> str:
    """Return the usual name of a country, by its code in ISO 3166."""
    country = pycountry.countries.get(alpha_2=code)
    if country is None:
        return code
    place = find_place(getattr(country, "common_name", country.name))
    return place.name if place is not None else str(country.name)


def _country(text: str) -> Place | None:
    place = find_place(text)
    is_country = place is not None and place.country_code and place.name == country_name(place.country_code)
    return place if is_country else None


def _place_of(mention: NameMention) -> Place | None:
    if mention.kind == "place":
        return find_place(mention.text)
    return find_demonym(mention.text) if mention.kind == "group" else None
