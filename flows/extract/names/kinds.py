"""Decide what each form of a name means in one article, from all the places where it stands.

The model tags each sentence by itself and calls one name a person here and an organization there. An
article rarely does: so every occurrence votes, with what stands around it and what the lists say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set

from ontherecord.flows.extract.names.gazetteer import (
    Form,
    detokenize,
    find_organization,
    is_known_place,
    is_listed,
    is_rarely_person,
)
from ontherecord.flows.extract.names.lexicon import first_names
from ontherecord.flows.extract.names.patterns import DATELINE
from ontherecord.flows.extract.names.places import Place, find_demonym, find_place
from ontherecord.flows.extract.names.short_forms import (
    FIRST_NAME,
    find_short_forms,
    is_full_form,
    is_short_acronym,
    place_names,
)
from ontherecord.flows.extract.names.spans import is_name_word
from ontherecord.flows.extract.names.tokens import Line, NameSpan, is_common
from ontherecord.flows.extract.word_lists import word_set
from ontherecord.warehouse.records import Kind

Votes = dict[Kind, float]
# One vote is one occurrence that the model tagged. A list or a telling last word outweighs two of
# them, since the small model errs on one unknown name in four.
LISTED = 4.0
FIXED = 20.0
LAST_WORD = 2.5
TITLE = 1.5
AGE = 2.0
SMALL = 0.5
PLACE_WORDS = frozenset(["at", "from", "outside", "inside", "around", "to"])
HELD = frozenset(["shares", "stake", "stakes", "stock"])
INSIDE = frozenset(["in", "near", "across", "throughout"])
SPEECH = frozenset(["said", "says", "told", "added", "asked", "recalled", "reported", "wrote", "who"])
ORDER: tuple[Kind, ...] = ("person", "organization", "place", "group", "event", "other")


def decide(lines: Sequence[Line], found: Sequence[Sequence[NameSpan]]) -> dict[Form, Kind]:
    """Give every form among the found spans its kind."""
    votes: defaultdict[Form, Votes] = defaultdict(lambda: defaultdict(float))
    shown: set[Form] = set()
    for line, spans in zip(lines, found, strict=True):
        for span in spans:
            if line.is_heading(span.first) and not is_plain_person(line, span):
                continue
            ballot = votes[line.words[span.first : span.last]]
            ballot[span.kind] += span.weight
            if span.weight == DATELINE and span.kind == "place":
                # The city of the dateline is the city of the text.
                city = tuple(word.capitalize() for word in line.words[span.first : span.last])
                votes[city]["place"] += DATELINE
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
    kinds = {form: winner(ballot) for form, ballot in votes.items() if is_full_form(form)}
    relatives = find_short_forms(kinds, derived)
    for form, ballot in votes.items():
        if form in kinds:
            continue
        if not relatives.knows(form) and form not in shown and form[0].lower() not in first_names():
            # News introduces a person in full or with a title; a lone name is often no person's.
            ballot["person"] *= SMALL
        for kind, weight in relatives.votes(form):
            ballot[kind] += weight
        kinds[form] = "group" if relatives.is_family(form) else winner(ballot)
    for form in relatives.family:
        kinds.setdefault(form, "person")
    for form, kind in derived.items():
        kinds.setdefault(form, kind)
    return kinds


def is_plain_person(line: Line, span: NameSpan) -> bool:
    """Tell 'Jane Doe', the one kind of name that a headline full of capitals shows by itself."""
    words = line.words[span.first : span.last]
    plain = len(words) == 2 and words[0].lower() in first_names()
    plain = plain and is_name_word(words[1]) and not is_common(words[1])
    return plain and span.kind == "person" and not any(words[1].lower() in word_set(ends) for ends in ENDS)


ENDS = (
    "names/organization_last_words",
    "names/place_last_words",
    "names/event_last_words",
    "names/thing_last_words",
    "names/titles",
)


def winner(ballot: Mapping[Kind, float]) -> Kind:
    """Pick the kind with most votes; a tie goes by a fixed order."""
    return max(ORDER, key=lambda kind: (ballot.get(kind, 0.0), -ORDER.index(kind)))


def surroundings(line: Line, span: NameSpan) -> Iterable[tuple[Kind, float]]:
    """Weigh the words next to a name."""
    words, first, last = line.words, span.first, span.last
    before = words[first - 1] if first else ""
    after = words[last] if last < len(words) else ""
    if before == "." and first > 1 and line.is_glued(first - 1):
        before = words[first - 2]
    if before.lower() == "the" and last - first == 1 and words[first].endswith("s"):
        yield "organization", TITLE  # 'the Foos': a person has no article
    title = before.lower() in word_set("names/titles") and before.lower() not in word_set(
        "names/ambiguous_titles"
    )
    if before == "," and first > 2 and is_announced(words[first - 3 : first - 1]):
        yield "organization", AGE  # 'The operator, Foo Bar, ...'
    elif (
        title
        and before in word_set("names/organization_descriptors")
        and words[first].lower() not in first_names()
    ):
        yield "organization", TITLE  # 'the broadcaster Foo One', but 'broadcaster Jane Doe'
    elif title and span.kind != "group":
        yield "person", TITLE
    if last - first == 1:
        yield from lone_surroundings(line, span, before, after)
    if before == "in" and first > 1 and words[first - 2].lower() in HELD:
        yield "organization", TITLE + SMALL
    elif before in word_set("names/organization_descriptors") or after in word_set(
        "names/organization_following_nouns"
    ):
        yield "organization", TITLE
    if before == "of" and first > 1 and words[first - 2].lower() in word_set("names/place_descriptors"):
        yield "place", AGE
    if before in INSIDE:
        yield "place", 2 * SMALL
    elif before in PLACE_WORDS and span.kind != "person":
        yield "place", SMALL
    if after == "," and is_age(words[last + 1 : last + 3]):
        yield "person", AGE
    if after in SPEECH and span.kind != "place":
        yield "person", SMALL


def is_announced(words: Form) -> bool:
    """Tell 'The operator' and 'Its owner' before the comma of an apposition."""
    # 'The auditor' may be a person.
    agent = words[1].endswith(("er", "or"))
    announces = words[0].lower() in ("the", "its", "their") and words[1] in word_set(
        "names/organization_descriptors"
    )
    return announces and not agent


def lone_surroundings(line: Line, span: NameSpan, before: str, after: str) -> Iterable[tuple[Kind, float]]:
    """Weigh the words next to a name of one word: who speaks or has a calling, and 'the Fooian'."""
    word, words, last = line.words[span.first], line.words, span.last
    if before == "the" and after == "administration" and not is_rarely_person((word,)):
        yield "person", AGE  # 'the Foo administration' is named after its head
    if is_listed((word,)):
        if after == "," and any(find_place(detokenize(words[last + 1 : last + n])) for n in (2, 3)):
            yield "place", AGE  # 'Wilmington, Del.'
        return
    if word.endswith(ADJECTIVE_ENDS) and not line.is_heading(span.first):
        role = after[:1].isupper() and after.lower() in word_set("names/titles")
        if role or (before.lower() == "the" and (after in SPEECH or not after[:1].isalpha())):
            yield "group", AGE  # 'the Fooian said', 'Fooi Foreign Minister': a person has no article
            return
    if span.kind == "place" and after in SPEECH:
        yield "person", AGE
    follows = words[last + 1 : last + 2]
    if (after == "," and follows == ("who",)) or (after in SPEECH and follows in HE_OR_SHE):
        yield "person", AGE
    if (
        after == "'"
        and follows == ("s",)
        and not word_set("names/kinship_nouns").isdisjoint(words[last + 2 : last + 3])
    ):
        yield "person", AGE
    described = after in (",", "is", "was")
    if described and is_calling(words[last + 1 : last + (4 if after == "," else 6)]):
        yield "person", AGE


HE_OR_SHE = (("he",), ("she",))
ADJECTIVE_ENDS = ("an", "ese", "i", "ish")


def is_calling(words: Form) -> bool:
    """Tell 'a senator' and 'a former senator': what only a person is."""
    if not words or words[0] not in ("a", "an"):
        return False
    titles, loose = word_set("names/titles"), word_set("names/ambiguous_titles")
    role = next((w for w in words[1:] if w.lower() in titles and w.lower() not in loose), "")
    return bool(role) and role not in word_set("names/organization_descriptors")


def is_age(words: Form) -> bool:
    """Tell the ', 42,' after a name."""
    return len(words) == 2 and words[0].isdigit() and len(words[0]) < 3 and words[1] in ",."


def shape(form: Form) -> Iterable[tuple[Kind, float]]:
    """Weigh the words of a form: its ends, its first name, and what the lists know of it."""
    text = detokenize(form)
    place, known = find_place(text), find_organization(text)
    if known:
        yield known.kind, FIXED
    elif place:
        yield "place", place_weight(text, place)
    elif find_demonym(text):
        yield "group", FIXED
    if text.lower() in word_set("names/event_names"):
        yield "event", LISTED
    if len(form) > 1 and is_known_place(form[0]):
        yield "person", -FIRST_NAME  # no person's name begins with a country
    if len(form) > 1 and form[0].lower() not in first_names() and is_known_place(form[-1]):
        yield "person", -FIRST_NAME  # 'Independent Peru'
    if len(form) == 1:
        if first_names().get(text.lower()) and not place:
            yield "person", FIRST_NAME
        if text.isupper() and 1 < len(text) < 6 and not place:
            yield "organization", LAST_WORD
        return
    if is_short_acronym(form[0]) and not is_short_acronym(form[-1]):
        yield "organization", FIRST_NAME  # 'NBC Nightly'
    end, start = form[-1].lower(), form[0].lower()
    if end == "." and len(form) > 2:
        end = form[-2].lower()
    if len(form) == 2 and first_names().get(start) and end in SURNAMES_TOO:
        yield "person", FIRST_NAME
    elif (
        end in word_set("names/organization_last_words")
        or "&" in form
        or start in word_set("names/organization_first_words")
    ):
        yield "organization", LAST_WORD
    elif end in word_set("names/place_last_words"):
        yield "place", LAST_WORD
    elif end in word_set("names/event_last_words"):
        yield "event", LAST_WORD
    elif end in word_set("names/thing_last_words"):
        # What it is the model says better, if it does not say a person.
        yield "person", -LAST_WORD
        yield "other", SMALL
    elif start in first_names() and len(form) < 6:
        yield "person", FIRST_NAME


# Last words of organizations and places that are as common as family names.
SURNAMES_TOO = frozenset(["banks", "camp", "castle", "mills"])


def place_weight(text: str, place: Place) -> float:
    """Weigh a place of the lists: a country for certain, a large city nearly, a town or a Victoria little."""
    if place.is_always_place:
        return FIXED
    if place.is_unambiguous or text.isupper():
        return LISTED
    return SMALL if text.lower() in word_set("names/ambiguous_places") else TITLE
