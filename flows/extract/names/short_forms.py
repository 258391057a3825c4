"""Short forms of full names: a family name, a first name, initials, a company's first word, an adjective."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import pairwise

from ontherecord.flows.extract.names.gazetteer import Form, is_listed, is_rarely_person
from ontherecord.flows.extract.names.lexicon import first_names
from ontherecord.flows.extract.names.spans import is_name_word
from ontherecord.flows.extract.word_lists import word_set
from ontherecord.warehouse.records import Kind

# In votes, one being an occurrence that the model tagged: a family name whose full name the article has
# is that person's, unless the lists know a place of that name.
DECISIVE = 1000.0
FAMILY_NAME = 4.0
FIRST_NAME = 1.5
# Shorter words end in -i or -n by chance.
LEAST_ADJECTIVE = 5
JOINTS = frozenset("-'")


@dataclass(frozen=True, slots=True)
class ShortForms:
    """The short forms that the full names of an article account for, by how they come of them."""

    family: frozenset[Form]
    given: frozenset[Form]
    initials: frozenset[Form]
    heads: frozenset[str]
    derived: Mapping[Form, Kind]

    def knows(self, form: Form) -> bool:
        """Tell whether a form is some person's."""
        return form in self.family or form in self.given or form in self.initials

    def is_family(self, form: Form) -> bool:
        """Tell 'the Clintons'."""
        one = form[0].removesuffix("s")
        return one != form[0] and (one,) in self.family and form not in self.family

    def votes(self, form: Form) -> Iterator[tuple[Kind, float]]:
        """Weigh a short form by the full names it may come of."""
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


def is_short_acronym(word: str) -> bool:
    """Tell a word of capitals that is longer than initials ('JP', 'CJ')."""
    return len(word) > 2 and word.isupper()


def find_short_forms(kinds: Mapping[Form, Kind], derived: Mapping[Form, Kind]) -> ShortForms:
    """Collect the short forms of an article's full names."""
    persons = [form for form, kind in kinds.items() if kind == "person"]
    organizations = [form for form, kind in kinds.items() if kind == "organization"]
    return ShortForms(
        family=family_names(kinds),
        given=frozenset(form[:1] for form in persons if not is_short_acronym(form[0])),
        initials=frozenset(
            ("".join(word[0] for word in form if word[0].isupper()),) for form in persons if len(form) > 2
        ),
        heads=frozenset(word for form in organizations for word in short_words(form)),
        derived=derived,
    )


def short_words(form: Form) -> Iterator[str]:
    """Yield the word that an organization is called by for short: 'Foo' of 'Foo Airlines' and 'Real Foo'."""
    if form[-1].lower() in word_set("names/company_last_words") and not is_listed(form[:1]):
        yield form[0]
    if (
        len(form) == 2
        and form[0].lower() in word_set("names/organization_first_words")
        and not is_listed(form[1:])
    ):
        yield form[1]


def place_names(votes: Iterable[Form], capitals: Set[str]) -> dict[Form, Kind]:
    """Find places by the adjectives made of them: where there are Qataris, Qatar is a place."""
    found: dict[Form, Kind] = {}
    for form in votes:
        if len(form) == 1 and len(form[0]) > LEAST_ADJECTIVE and form[0].istitle():
            adjective = form[0].removesuffix("s")
            for ending in ("i", "ian", "an", "n", "ese"):
                stem = adjective.removesuffix(ending)
                for base in (stem, stem + "a", stem + "e", stem + "o") if stem != adjective else ():
                    if base in capitals and len(base) > LEAST_ADJECTIVE - 2:
                        found[(base,)], found[form] = "place", "group"
    return found


def is_full_form(form: Form) -> bool:
    """Tell a form of several words from a family name with a hyphen or an apostrophe."""
    return any(one not in JOINTS and other not in JOINTS for one, other in pairwise(form))


def family_names(kinds: Mapping[Form, Kind]) -> frozenset[Form]:
    """List the family names of the persons whose full names are known."""
    names = (name for form, kind in kinds.items() if kind == "person" for name in family_name(form))
    return frozenset(name for name in names if len(name[-1]) > 1 and is_name_word(name[-1]))


def family_name(form: Form) -> Iterator[Form]:
    """Yield what a person of this full name may be called alone."""
    suffixes = word_set("names/suffixes")
    last = len(form)
    while last > 1 and (form[last - 1].lower() in suffixes or form[last - 1] in ".,"):
        last -= 1
    first = last - 1
    while first > 1 and (form[first - 1] in JOINTS or form[first - 2 : first] == ("St", ".")):
        first -= 2
    if form[last - 1].islower():
        # 'Jae-in' is a first name that stands last: 'Moon Jae-in' is 'Moon'.
        first, last = first - 1, first
    first = max(first, 0)
    if first < last:  # nothing stands before a first name alone
        yield form[first:last]
    while first > 1 and form[first - 1] in word_set("names/particles"):
        first -= 1
        yield form[first:last]
    if form[first].islower():
        # At the head of a sentence: 'De la Cruz', 'Al-Masri'.
        yield (form[first].capitalize(), *form[first + 1 : last])
    if form[first].lower() in ("al", "el"):
        yield form[last - 1 : last]
