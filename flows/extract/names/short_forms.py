"""Short forms of full names: family name, first name, initials, a company's first word, a demonym."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import pairwise

from ontherecord.flows.extract.names.gazetteer import Form, is_listed, is_rarely_person
from ontherecord.flows.extract.names.lexicon import first_names
from ontherecord.flows.extract.names.spans import is_family_name
from ontherecord.flows.extract.word_lists import word_set
from ontherecord.warehouse.records import Kind

# Weights in votes, see kinds.py. A family name whose full name is in the article is that person's,
# unless the lists have a place of that name.
DECISIVE = 1000.0
FAMILY_NAME = 4.0
FIRST_NAME = 1.5
# Shorter words often end in -i or -n without being demonyms.
SHORTEST_DEMONYM = 5
JOINTS = frozenset("-'")


@dataclass(frozen=True, slots=True)
class ShortForms:
    """The short forms that the full names of an article explain, by type."""

    family: frozenset[Form]
    long_family: frozenset[Form]
    given: frozenset[Form]
    initials: frozenset[Form]
    heads: frozenset[str]
    derived: Mapping[Form, Kind]

    def is_person(self, form: Form) -> bool:
        """Whether a form is a short form of a person's name."""
        return form in self.family or form in self.given or form in self.initials

    def is_family_plural(self, form: Form) -> bool:
        """Whether a form is a family, as in 'the Clintons'."""
        one = form[0].removesuffix("s")
        return one != form[0] and (one,) in self.family and form not in self.family

    def votes(self, form: Form) -> Iterator[tuple[Kind, float]]:
        """Yield votes for a short form by the full names it may stand for."""
        if form in self.derived:
            yield self.derived[form], FAMILY_NAME
        if form in self.family:
            yield "person", FAMILY_NAME if is_rarely_person(form) else DECISIVE
            return
        if form[0] in self.heads:
            yield "organization", FAMILY_NAME
        if form in self.initials:
            yield "person", FAMILY_NAME
        elif form in self.given:
            yield "person", FAMILY_NAME if form[0].lower() in first_names() else FIRST_NAME


def is_acronym_word(word: str) -> bool:
    """Whether a word in capitals is too long to be a person's initials ('JP', 'CJ')."""
    return len(word) > 2 and word.isupper()


def find_short_forms(kinds: Mapping[Form, Kind], derived: Mapping[Form, Kind]) -> ShortForms:
    """Collect the short forms of an article's full names."""
    persons = [form for form, kind in kinds.items() if kind == "person"]
    organizations = [form for form, kind in kinds.items() if kind == "organization"]
    return ShortForms(
        family=family_names(kinds),
        long_family=frozenset(form[at:] for form in persons for at in range(1, len(form) - 1))
        | frozenset((form[1].capitalize(), *form[2:]) for form in persons if form[1:2] and form[1].islower()),
        given=frozenset(form[:1] for form in persons if not is_acronym_word(form[0])),
        initials=frozenset(
            ("".join(word[0] for word in form if word[0].isupper()),) for form in persons if len(form) > 2
        ),
        heads=frozenset(word for form in organizations for word in organization_short_names(form)),
        derived=derived,
    )


def organization_short_names(form: Form) -> Iterator[str]:
    """Yield the word that stands for an organization: 'Foo' of 'Foo Airlines' and of 'Real Foo'."""
    if form[-1].lower() in word_set("names/company_last_words") and not is_listed(form[:1]):
        yield form[0]
    if (
        len(form) == 2
        and form[0].lower() in word_set("names/organization_first_words")
        and not is_listed(form[1:])
    ):
        yield form[1]


def places_by_demonym(votes: Iterable[Form], capitals: Set[str]) -> dict[Form, Kind]:
    """Infer places from their demonyms: if an article has Qataris, Qatar is a place."""
    found: dict[Form, Kind] = {}
    for form in votes:
        if len(form) == 1 and len(form[0]) > SHORTEST_DEMONYM and form[0].istitle():
            adjective = form[0].removesuffix("s")
            for ending in ("i", "ian", "an", "n", "ese"):
                stem = adjective.removesuffix(ending)
                for base in (stem, stem + "a", stem + "e", stem + "o") if stem != adjective else ():
                    if base in capitals and len(base) > SHORTEST_DEMONYM - 2:
                        found[(base,)], found[form] = "place", "group"
    return found


def is_full_form(form: Form) -> bool:
    """Whether a form has several words and is no hyphenated or apostrophized family name."""
    return any(one not in JOINTS and other not in JOINTS for one, other in pairwise(form))


def family_names(kinds: Mapping[Form, Kind]) -> frozenset[Form]:
    """Return the family names of the persons whose full names are known."""
    names = (name for form, kind in kinds.items() if kind == "person" for name in family_name_forms(form))
    return frozenset(name for name in names if len(name[-1]) > 1 and is_family_name(name[-1]))


def family_name_forms(form: Form) -> Iterator[Form]:
    """Yield the forms of the family name in a full name."""
    suffixes = word_set("names/suffixes")
    last = len(form)
    while last > 1 and (form[last - 1].lower() in suffixes or form[last - 1] in ".,"):
        last -= 1
    first = last - 1
    while first > 1 and (form[first - 1] in JOINTS or form[first - 2 : first] == ("St", ".")):
        first -= 2
    if form[last - 1].islower():
        # 'Jae-in' is a first name in last position: the family name of 'Moon Jae-in' is 'Moon'.
        first, last = first - 1, first
    first = max(first, 0)
    if first < last:  # a first name alone has no family name before it
        yield form[first:last]
    if last - first == 3 and form[first + 1] == "-":  # 'Olsen' or 'Beck' of 'Olsen-Beck'
        yield from (form[first : first + 1], form[last - 1 : last])
    while first > 1 and form[first - 1] in word_set("names/particles"):
        first -= 1
        yield form[first:last]
    if form[first].islower():
        # At the start of a sentence: 'De la Cruz', 'Al-Masri'.
        yield (form[first].capitalize(), *form[first + 1 : last])
    if form[first].lower() in ("al", "el"):
        yield form[last - 1 : last]
