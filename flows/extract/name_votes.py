"""Decide what each form of a name means in one article, from all the places where it stands.

The model tags each sentence by itself and calls one name a person here and an organization there. An
article rarely does: so every occurrence votes, with what stands around it and what the lists say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import pairwise

from flows.extract.name_lists import find_known, first_names
from flows.extract.name_lists import words as listed
from flows.extract.name_search import Form
from flows.extract.name_spans import is_name_word
from flows.extract.name_text import Line, Span
from flows.extract.places import find_demonym, find_place
from warehouse.records import Kind

Votes = dict[Kind, float]
# One vote is one occurrence that the model tagged. A list or a telling last word outweighs two of
# them, since the small model errs on one unknown name in four.
LISTED = 4.0
FIXED = 20.0
LAST_WORD = 2.5
FIRST_NAME = 1.5
FAMILY_NAME = 4.0
DECISIVE = 1000.0
TITLE = 1.5
AGE = 2.0
SMALL = 0.5
# Shorter words end in -i or -n by chance.
LEAST_ADJECTIVE = 5
PLACE_WORDS = frozenset(["at", "from", "outside", "inside", "around", "to"])
HELD = frozenset(["shares", "stake", "stakes", "stock"])
INSIDE = frozenset(["in", "near", "across", "throughout"])
SPEECH = frozenset(["said", "says", "told", "added", "who"])
JOINTS = frozenset("-'’")
ORDER: tuple[Kind, ...] = ("person", "organization", "place", "group", "event", "other")


def decide(lines: Sequence[Line], found: Sequence[Sequence[Span]]) -> dict[Form, Kind]:
    """Give every form among the found spans its kind."""
    votes: defaultdict[Form, Votes] = defaultdict(lambda: defaultdict(float))
    shown: set[Form] = set()
    for line, spans in zip(lines, found, strict=True):
        for span in spans:
            if line.is_headline and not is_plain_person(line, span):
                continue
            ballot = votes[line.words[span.first : span.last]]
            ballot[span.kind] += span.weight
            for kind, weight in surroundings(line, span):
                ballot[kind] += weight
                if kind == "person" and weight > SMALL:
                    shown.add(line.words[span.first : span.last])
    for form, ballot in votes.items():
        for kind, weight in shape(form):
            ballot[kind] += weight
    capitals = frozenset(word for line in lines for word in line.words if word.istitle())
    return decide_lone(votes, shown, place_names(votes, capitals))


def decide_lone(
    votes: Mapping[Form, Votes], shown: Set[Form], derived: Mapping[Form, Kind]
) -> dict[Form, Kind]:
    """Give full names their kinds first, and then short forms by the full names they may belong to.

    `shown` are the forms that a title or an age shows to be persons, `derived` those that other words of
    the article show to be places and peoples.
    """
    kinds = {form: winner(ballot) for form, ballot in votes.items() if is_full(form)}
    family = family_names(kinds)
    heads = frozenset(
        word
        for form, kind in kinds.items()
        if kind == "organization"
        for word in short_words(form)
    )
    initials = frozenset(
        ("".join(word[0] for word in form if word[0].isupper()),)
        for form, kind in kinds.items()
        if kind == "person" and len(form) > 2
    )
    given = frozenset(form[:1] for form, kind in kinds.items() if kind == "person")
    for form, ballot in votes.items():
        if form not in kinds:
            if form[0] in heads and form not in family:
                ballot["organization"] += FAMILY_NAME
            if form in derived:
                ballot[derived[form]] += FAMILY_NAME
            if form in family:
                ballot["person"] += FAMILY_NAME if means_place(form) else DECISIVE
            elif form in initials:
                ballot["person"] += FAMILY_NAME
            elif form in given:
                ballot["person"] += FAMILY_NAME if form[0].lower() in first_names() else FIRST_NAME
            elif form not in shown and form[0].lower() not in first_names():
                # News introduces a person in full or with a title; a lone name is often no person's.
                ballot["person"] *= SMALL
            kinds[form] = winner(ballot)
            if (form[0][:-1],) in family and form[0].endswith("s") and form not in family:
                kinds[form] = "group"  # 'the Clintons'
    for form in family:
        kinds.setdefault(form, "person")
    for form, kind in derived.items():
        kinds.setdefault(form, kind)
    return kinds


def short_words(form: Form) -> Iterator[str]:
    """Yield the word that an organization is called by for short: 'Foo' of 'Foo Airlines' and 'Real Foo'."""
    if form[-1].lower() in listed("name_organization_ends") and not is_listed(form[:1]):
        yield form[0]
    if len(form) == 2 and form[0].lower() in listed("name_organization_starts") and not is_listed(form[1:]):
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


def is_plain_person(line: Line, span: Span) -> bool:
    """Tell 'Jane Doe', the one kind of name that a headline full of capitals shows by itself."""
    words = line.words[span.first : span.last]
    plain = len(words) == 2 and words[0].lower() in first_names() and is_name_word(words[1])
    return plain and span.kind == "person" and not any(words[1].lower() in listed(ends) for ends in ENDS)


ENDS = ("name_organization_ends", "name_place_ends", "name_event_ends", "name_titles")


def means_place(form: Form) -> bool:
    """Tell a form that the lists know better as something else than a person: 'London', not 'Paris'."""
    place = find_place(written(form))
    return is_listed(form) and (place is None or place.is_sure)


def is_listed(form: Form) -> bool:
    """Tell a form that the lists know as something else than a person."""
    text = written(form)
    return find_place(text) is not None or find_known(text) is not None or find_demonym(text) is not None


def winner(ballot: Mapping[Kind, float]) -> Kind:
    """Pick the kind with most votes; a tie goes by a fixed order."""
    return max(ORDER, key=lambda kind: (ballot.get(kind, 0.0), -ORDER.index(kind)))


def is_full(form: Form) -> bool:
    """Tell a form of several words from a family name with a hyphen or an apostrophe."""
    return any(one not in JOINTS and other not in JOINTS for one, other in pairwise(form))


def family_names(kinds: Mapping[Form, Kind]) -> frozenset[Form]:
    """List the family names of the persons whose full names are known."""
    names = (name for form, kind in kinds.items() if kind == "person" for name in family_name(form))
    return frozenset(name for name in names if len(name[-1]) > 1 and is_name_word(name[-1]))


def family_name(form: Form) -> Iterator[Form]:
    """Yield what a person of this full name may be called alone."""
    suffixes = listed("name_suffixes")
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
    yield form[first:last]
    if form[first].islower():
        yield (form[first].capitalize(), *form[first + 1 : last])
    if form[first].lower() in ("al", "el"):
        yield form[last - 1 : last]


def surroundings(line: Line, span: Span) -> Iterable[tuple[Kind, float]]:
    """Weigh the words next to a name."""
    words, first, last = line.words, span.first, span.last
    before = words[first - 1] if first else ""
    after = words[last] if last < len(words) else ""
    if before == "." and first > 1 and line.is_glued(first - 1):
        before = words[first - 2]
    if before.lower() == "the" and last - first == 1 and words[first].endswith("s"):
        yield "organization", TITLE  # 'the Foos': a person has no article
    if before.lower() in listed("name_titles") and span.kind != "group":
        yield "person", TITLE
    if before == "in" and first > 1 and words[first - 2].lower() in HELD:
        yield "organization", TITLE + SMALL
    elif before in listed("name_organization_nouns") or after in listed("name_organization_followers"):
        yield "organization", TITLE
    if before in INSIDE:
        yield "place", 2 * SMALL
    elif before in PLACE_WORDS and span.kind != "person":
        yield "place", SMALL
    if after == "," and is_age(words[last + 1 : last + 3]):
        yield "person", AGE
    if after in SPEECH and span.kind != "place":
        yield "person", SMALL


def is_age(words: Form) -> bool:
    """Tell the ', 42,' after a name."""
    return len(words) == 2 and words[0].isdigit() and len(words[0]) < 3 and words[1] in ",."


def shape(form: Form) -> Iterable[tuple[Kind, float]]:
    """Weigh the words of a form: its ends, its first name, and what the lists know of it."""
    text = written(form)
    place, known = find_place(text), find_known(text)
    if known:
        yield known.kind, FIXED
    elif place:
        yield "place", FIXED if place.is_fixed else LISTED if place.is_sure or text.isupper() else SMALL
    elif find_demonym(text):
        yield "group", FIXED
    if text.lower() in listed("name_event_words"):
        yield "event", LISTED
    if len(form) > 1 and is_listed(form[:1]) and start_is_sure(form[0]):
        yield "person", -FIRST_NAME  # no person's name begins with a country
    if len(form) == 1:
        if first_names().get(text.lower()) and not place:
            yield "person", FIRST_NAME
        if text.isupper() and 1 < len(text) < 6 and not place:
            yield "organization", LAST_WORD
        return
    end, start = form[-1].lower(), form[0].lower()
    if end == "." and len(form) > 2:
        end = form[-2].lower()
    if end in listed("name_organization_ends") or "&" in form or start in listed("name_organization_starts"):
        yield "organization", LAST_WORD
    elif end in listed("name_place_ends"):
        yield "place", LAST_WORD
    elif end in listed("name_event_ends"):
        yield "event", LAST_WORD
    elif start in first_names() and len(form) < 6:
        yield "person", FIRST_NAME


def start_is_sure(word: str) -> bool:
    """Tell a word that alone names a place or a people."""
    place = find_place(word)
    return bool(place and place.is_sure) or find_demonym(word) is not None


def written(form: Form) -> str:
    """Write a form's words as a text would: a space between words, none at signs."""
    text = ""
    for word in form:
        glued = not text or not word[0].isalnum() or (text[-1] in "-'’." and word != "&")
        text += word if glued else " " + word
    return text
