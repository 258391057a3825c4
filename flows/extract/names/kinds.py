"""Decide the kind of each name in one article, by a vote of all its occurrences.

The model tags each sentence by itself, so it may tag a name as a person here and as an organization there.
Within one article a name rarely means two things, so every occurrence votes, with its context and what the
lists say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set

from ontherecord.flows.extract.names.companies import company_short_forms
from ontherecord.flows.extract.names.gazetteer import (
    Form,
    detokenize,
    find_organization,
    is_known_place,
    is_listed,
    is_rarely_person,
)
from ontherecord.flows.extract.names.lexicon import first_names, personal_titles
from ontherecord.flows.extract.names.patterns import DATELINE_WEIGHT, is_squad
from ontherecord.flows.extract.names.places import Place, find_demonym, find_place
from ontherecord.flows.extract.names.short_forms import (
    FIRST_NAME,
    find_short_forms,
    is_acronym_word,
    is_full_form,
    places_by_demonym,
)
from ontherecord.flows.extract.names.spans import is_name_word
from ontherecord.flows.extract.names.tokens import Line, NameSpan, is_common_word
from ontherecord.flows.extract.word_lists import word_set
from ontherecord.warehouse.records import Kind

Votes = dict[Kind, float]
# One vote is one occurrence the model tagged. A list or a typical last word outweighs two of
# them, since the small model errs on one unknown name in four.
STRONG = 4.0
CERTAIN = 20.0
LAST_WORD = 2.5
LIKELY = 1.5
CLEAR = 2.0
# 'The miner Fooskali' outweighs several sentences in which the model takes the name for a people's.
DECLARED = 6.0
WEAK = 0.5
PLACE_PREPOSITIONS = frozenset(["at", "from", "outside", "inside", "around", "to"])
SECURITIES = frozenset(["shares", "stake", "stakes", "stock"])
LOCATIVE_PREPOSITIONS = frozenset(["in", "near", "across", "throughout"])
SPEECH_VERBS = frozenset(["said", "says", "told", "added", "asked", "recalled", "reported", "wrote", "who"])
# What only people do; a team or a firm may be said to feel and think, a place is not.
GESTURES = frozenset(["smiled", "laughed", "nodded", "shrugged", "sighed", "grinned", "wept", "blushed"])
MINDS = frozenset(["felt", "feels", "thought", "thinks", "remembered", "remembers"])
TIE_ORDER: tuple[Kind, ...] = ("person", "organization", "place", "group", "event", "other")


def decide_kinds(lines: Sequence[Line], found: Sequence[Sequence[NameSpan]]) -> dict[Form, Kind]:
    """Return the kind of every form among the spans."""
    votes: defaultdict[Form, Votes] = defaultdict(lambda: defaultdict(float))
    evident_persons: set[Form] = set()
    speaking: set[Form] = set()
    located: set[Form] = set()
    for line, spans in zip(lines, found, strict=True):
        for span in spans:
            if line.is_heading(span.first) and not is_plain_person(line, span):
                continue
            form = line.words[span.first : span.last]
            ballot = votes[form]
            ballot[span.kind] += span.weight
            if span.weight == DATELINE_WEIGHT and span.kind == "place":
                # The body writes the city of the dateline in mixed case.
                city = tuple(word.capitalize() for word in line.words[span.first : span.last])
                votes[city]["place"] += DATELINE_WEIGHT
            for kind, weight in context_votes(line, span):
                ballot[kind] += weight
                if kind == "person" and weight > WEAK:
                    evident_persons.add(form)
            beside = {
                *line.words[max(0, span.first - 1) : span.first],
                *line.words[span.last : span.last + 1],
            }
            if not beside.isdisjoint(SPEECH_VERBS):
                speaking.add(form)
            if not beside.isdisjoint(LOCATIVE_PREPOSITIONS | PLACE_PREPOSITIONS):
                located.add(form)
    for form, ballot in votes.items():
        for kind, weight in form_votes(form):
            ballot[kind] += weight
    capitals = frozenset(word for line in lines for word in line.words if word.istitle())
    for form, ballot in votes.items():
        family = form[-1:]
        if len(form) == 2 and family in speaking and family not in located and not is_listed(form):
            # 'Jane Forest', of whom it goes on 'Forest said'
            ballot["person"] += STRONG if first_names().get(form[0].lower()) else votes[family]["person"]
    kinds = assign_kinds(votes, evident_persons, speaking - located, places_by_demonym(votes, capitals))
    return kinds | company_short_forms(lines, found, evident_persons, kinds)


def assign_kinds(
    votes: Mapping[Form, Votes],
    evident_persons: Set[Form],
    speaking: Set[Form],
    derived: Mapping[Form, Kind],
) -> dict[Form, Kind]:
    """Decide full names first, then short forms with the help of the full names.

    `evident_persons` are the forms that a title or an age shows to be persons; `speaking` those that stand
    beside a verb of speech, and nowhere as a place does; `derived` are places and groups inferred from
    demonyms.
    """
    kinds = {form: winner(ballot) for form, ballot in votes.items() if is_full_form(form)}
    short_forms = find_short_forms(kinds, derived)
    kinds |= dict.fromkeys(short_forms.long_family.intersection(kinds), "person")
    for form, ballot in votes.items():
        if form in kinds:
            continue
        if (
            not short_forms.is_person(form)
            and form not in evident_persons
            and form[0].lower() not in first_names()
            and form[0].lower() not in word_set("names/people_by_one_name")
        ):
            # News introduces a person by full name or title; a single word without either is often no person.
            ballot["person"] *= WEAK
        for kind, weight in short_forms.votes(form):
            ballot[kind] += weight
        if form in speaking and form in short_forms.family:
            ballot["person"] += CERTAIN  # 'England said', in an article on 'Jane England'
        kinds[form] = "group" if short_forms.is_family_plural(form) else winner(ballot)
    for form in short_forms.family:
        kinds.setdefault(form, "person")
    for form, kind in derived.items():
        kinds.setdefault(form, kind)
    return kinds


RETIRED = frozenset(["retd", "ret", "rtd", "retired"])


def is_plain_person(line: Line, span: NameSpan) -> bool:
    """Whether a span is like 'Jane Doe', the only kind of name that title case leaves recognizable."""
    words = line.words[span.first : span.last]
    plain = len(words) == 2 and words[0].lower() in first_names()
    plain = plain and is_name_word(words[1]) and not is_common_word(words[1])
    return plain and span.kind == "person" and not any(words[1].lower() in word_set(ends) for ends in ENDS)


ENDS = (
    "names/organization_last_words",
    "names/place_last_words",
    "names/event_last_words",
    "names/thing_last_words",
    "names/titles",
)


def winner(ballot: Mapping[Kind, float]) -> Kind:
    """Return the kind with the most votes; ties go by a fixed order."""
    return max(TIE_ORDER, key=lambda kind: (ballot.get(kind, 0.0), -TIE_ORDER.index(kind)))


def context_votes(line: Line, span: NameSpan) -> Iterable[tuple[Kind, float]]:
    """Yield votes from the words around a name."""
    words, first, last = line.words, span.first, span.last
    before = words[first - 1] if first else ""
    after = words[last] if last < len(words) else ""
    if before == "." and first > 1 and line.is_glued(first - 1):
        before = words[first - 2]
    if before == ")" and first > 3 and words[first - 3] == "(" and words[first - 2].lower() in RETIRED:
        before = words[first - 4]  # 'Gen (retd) Jane Doe'
    if before.lower() == "the" and last - first == 1 and words[first].endswith("s"):
        yield "organization", LIKELY  # 'the Foos': persons take no article
    elif before.lower() == "the" and words[last - 1].lower() in word_set("names/organization_last_words"):
        yield "organization", STRONG  # 'the Gazette', 'the Ferry Post'
    title = before.lower() in word_set("names/titles") and before.lower() not in word_set(
        "names/ambiguous_titles"
    )
    if before == "," and first > 2 and is_organization_apposition(words[first - 3 : first - 1]):
        yield "organization", CLEAR  # 'The operator, Foo Bar, ...'
    elif before == "," and first > 1 and last - first in (2, 3) and is_bare_role(words[first - 2]):
        yield "person", CLEAR  # 'her last skipper, Jane Doe'
    elif (
        title
        and before in word_set("names/organization_descriptors")
        and words[first].lower() not in first_names()
    ):
        yield "organization", LIKELY  # 'the broadcaster Foo One', but 'broadcaster Jane Doe'
    elif title and span.kind != "group":
        yield "person", LIKELY
    if last - first == 1:
        yield from single_word_votes(line, span, before, after)
    yield from thing_votes(line, span, before, after)
    if before == "in" and first > 1 and words[first - 2].lower() in SECURITIES:
        yield "organization", STRONG
    elif before in word_set("names/organization_descriptors") and span.kind in ("group", "other"):
        yield "organization", DECLARED
    elif before in word_set("names/organization_descriptors") or after in word_set(
        "names/organization_following_nouns"
    ):
        yield "organization", LIKELY
    if before == "of" and first > 1 and words[first - 2].lower() in word_set("names/place_descriptors"):
        yield "place", CLEAR
    if before in LOCATIVE_PREPOSITIONS:
        yield "place", 2 * WEAK
    elif before in PLACE_PREPOSITIONS and span.kind != "person":
        yield "place", WEAK
    if after == "," and (is_age(words[last + 1 : last + 3]) or words[last + 1 : last + 2] == ("who",)):
        yield "person", CLEAR
    if after in SPEECH_VERBS and span.kind != "place":
        yield "person", WEAK
    speaks = after in SPEECH_VERBS or before in ("said", "says", "added")  # who is told something hears
    if speaks and "I" in words and last - first < 4 and not is_listed(words[first:last]):
        yield "person", CLEAR  # '"I am late," Doe said': bodies say 'we'
    if span.kind in ("place", "organization") and not is_listed(words[first:last]):
        is_minded = after in GESTURES or (
            after in MINDS and span.kind == "place" and words[last + 1 : last + 2] not in (("the",), ("its",))
        )
        ends_like_place = words[last - 1].lower() in word_set("names/place_last_words")
        speaks = last - first == 2 and span.kind == "place" and after in SPEECH_VERBS
        if is_minded or (speaks and not ends_like_place):
            yield "person", CLEAR


def thing_votes(line: Line, span: NameSpan, before: str, after: str) -> Iterable[tuple[Kind, float]]:
    """Yield votes from words that only stand beside a ship, a storm, a company or a photographer.

    Things are called after people: 'the ferry Jane Doe', 'retailer Jane Doe', 'Jane Doe, which sells coats'.
    """
    words, first, last = line.words, span.first, span.last
    if before.lower() in word_set("names/vessel_nouns"):
        yield "other", STRONG
    if before.lower() in STORMS or (
        last - first == 1 and after.lower() in DISASTER_NOUNS and span.kind == "person"
    ):
        yield "event", STRONG  # 'Katrina victims'
    if before in word_set("names/impersonal_descriptors") and not follows_determiner(words, first - 1):
        yield "organization", STRONG
    follows = words[last + 1 : last + 2]
    if after in SHOPS or (after == "," and follows == ("which",) and line.opens_sentence(first)):
        yield "organization", STRONG
    if before == "/" and first > 1 and words[first - 2].isupper() and last - first > 1:
        yield "person", STRONG  # 'AGENCY/Jane Doe'
    if is_squad(line) and before in tuple("-:,;–") and 1 < last - first < 4 and after != ")":
        yield "person", STRONG
    speaks = after in SPEECH_VERBS or (after == "," and is_age(words[last + 1 : last + 3]))
    speaks = speaks or (after == "," and follows == ("who",))
    speaks = speaks or (before == after == "," and bool(SPEECH_VERBS.intersection(follows)))
    like_place = last - first == 2 and words[last - 1].lower() in SURNAMES_LIKE_PLACES
    if speaks and like_place and words[first].lower() in first_names():
        yield "person", STRONG + CLEAR


STORMS = frozenset(["hurricane", "hurricanes", "storm", "cyclone", "typhoon"])
DISASTER_NOUNS = frozenset(["evacuees", "recovery", "relief", "survivors", "victims"])
SHOPS = frozenset(["app", "apps", "shares", "stores", "outlets", "subsidiary"])
# Places do not speak, and have no age.
SURNAMES_LIKE_PLACES = frozenset(["bay", "beach", "forest", "lake", "park", "street", "town"])


def follows_determiner(words: Form, at: int) -> bool:
    """Whether a noun has a determiner: 'the company Jane Doe' may be followed by 'founded'."""
    return any(word.lower() in DETERMINERS for word in words[max(0, at - 3) : at])


DETERMINERS = frozenset(["the", "a", "an", "this", "that", "his", "her", "its", "their", "our", "which"])


def is_bare_role(word: str) -> bool:
    """Whether a word before a comma is a person's role: 'skipper', but not 'operator', a firm's too."""
    return word in personal_titles()


def is_organization_apposition(words: Form) -> bool:
    """Whether the words before the comma announce an organization: 'The operator,', 'Its owner,'."""
    # 'The auditor' may be a person.
    agent = words[1].endswith(("er", "or"))
    announces = words[0].lower() in ("the", "its", "their") and words[1] in word_set(
        "names/organization_descriptors"
    )
    return announces and not agent


def single_word_votes(line: Line, span: NameSpan, before: str, after: str) -> Iterable[tuple[Kind, float]]:
    """Yield votes from the words around a name of one word."""
    word, words, last = line.words[span.first], line.words, span.last
    if before == "the" and after == "administration" and not is_rarely_person((word,)):
        yield "person", CLEAR  # 'the Foo administration' is named after its head
    if is_listed((word,)):
        if after == "," and any(find_place(detokenize(words[last + 1 : last + n])) for n in (2, 3)):
            yield "place", CLEAR  # 'Wilmington, Del.'
        return
    if word.endswith(DEMONYM_ENDINGS) and not line.is_heading(span.first):
        role = after[:1].isupper() and after.lower() in word_set("names/titles")
        if role or (before.lower() == "the" and (after in SPEECH_VERBS or not after[:1].isalpha())):
            yield "group", CLEAR  # 'the Fooian said', 'Fooi Foreign Minister': persons take no article
            return
    if span.kind == "place" and after in SPEECH_VERBS:
        yield "person", CLEAR
    follows = words[last + 1 : last + 2]
    if (after == "," and follows == ("who",)) or (after in SPEECH_VERBS and follows in PERSONAL_PRONOUNS):
        yield "person", CLEAR
    if (
        after == "'"
        and follows == ("s",)
        and not word_set("names/kinship_nouns").isdisjoint(words[last + 2 : last + 3])
    ):
        yield "person", CLEAR
    described = after in (",", "is", "was")
    if described and is_occupation(words[last + 1 : last + (4 if after == "," else 6)]):
        yield "person", CLEAR


PERSONAL_PRONOUNS = (("he",), ("she",))
DEMONYM_ENDINGS = ("an", "ese", "i", "ish")


def is_occupation(words: Form) -> bool:
    """Whether words are 'a senator' or 'a former senator', which describe only persons."""
    if not words or words[0] not in ("a", "an"):
        return False
    return any(word.lower() in personal_titles() for word in words[1:])


def is_age(words: Form) -> bool:
    """Whether words are the '42,' of 'Jane Doe, 42, …'."""
    return len(words) == 2 and words[0].isdigit() and len(words[0]) < 3 and words[1] in ",."


def form_votes(form: Form) -> Iterable[tuple[Kind, float]]:
    """Yield votes from the form itself: last word, first name, and the lists."""
    text = detokenize(form)
    place, known = find_place(text), find_organization(text)
    if known:
        yield known.kind, CERTAIN
    elif place:
        yield "place", place_weight(text, place)
    elif find_demonym(text):
        yield "group", CERTAIN
    if text.lower() in word_set("names/event_names"):
        yield "event", STRONG
    if len(form) > 1 and is_known_place(form[0]):
        yield "person", -FIRST_NAME  # 'Peru Airlines': no person's name begins with a country
    if len(form) > 1 and form[0].lower() not in first_names() and is_known_place(form[-1]):
        yield "person", -FIRST_NAME  # 'Independent Peru'
    if len(form) == 1:
        if first_names().get(text.lower()) and not place:
            yield "person", FIRST_NAME
        if text.lower() in word_set("names/people_by_one_name"):
            yield "person", STRONG
        if text.isupper() and 1 < len(text) < 6 and not place and sum(map(str.isdigit, text)) < 3:
            yield "organization", LAST_WORD
        return
    if is_acronym_word(form[0]) and not is_acronym_word(form[-1]):
        yield "organization", FIRST_NAME  # 'NBC Nightly'
    end, start = form[-1].lower(), form[0].lower()
    if start in STORMS:
        yield "event", STRONG
    elif start in PLACE_FIRST_WORDS:
        yield "place", LAST_WORD
        yield "person", -LAST_WORD
    if end == "." and len(form) > 2:
        end = form[-2].lower()
    if len(form) == 2 and first_names().get(start) and end in SURNAMES_TOO:
        yield "person", FIRST_NAME
    elif len(form) == 2 and first_names().get(start) and end in SURNAMES_OR_PLACES:
        return  # 'Michael Bay', but 'Victoria Park': the model and the sentence decide
    elif end == "state" and is_state_university(form[:-1]):
        yield "organization", STRONG
    elif (
        end in word_set("names/organization_last_words")
        or "&" in form
        or start in word_set("names/organization_first_words")
    ):
        yield "organization", LAST_WORD
        if end in word_set("names/legal_forms") or end in CLUBS:
            yield "person", -LAST_WORD  # 'Sydney FC': no surname ends so
    elif end in word_set("names/place_last_words"):
        yield "place", LAST_WORD
    elif end in word_set("names/event_last_words"):
        yield "event", LAST_WORD
    elif len(form) > 2 and len(form[0]) == len(form[1]) == 1 and form[:4] != ("U", ".", "S", "."):
        yield "person", FIRST_NAME  # 'J. Doe', 'D K Doe'
    elif end in word_set("names/thing_last_words"):
        # The model is better at these, unless it says person.
        yield "person", -LAST_WORD
        yield "other", WEAK
    elif start in first_names() and len(form) < 6:
        yield "person", FIRST_NAME
    elif len(form) == 2 and is_rare_first_name(start):
        yield "person", LIKELY


PLACE_FIRST_WORDS = frozenset(["fort", "ft", "mount", "mt", "camp", "cape"])


def is_state_university(form: Form) -> bool:
    """Whether 'State' after a place of the United States makes a university: 'Kansas State'."""
    place = find_place(detokenize(form))
    return place is not None and place.country_code == "US" and form not in STATES_CALLED_STATE


# These are called so to tell them from a city.
STATES_CALLED_STATE = (("Washington",), ("New", "York"))
# Last words of organizations and places that are also common family names.
SURNAMES_TOO = frozenset(["banks", "camp", "castle", "chambers", "mills"])
CLUBS = frozenset(["fc", "f.c.", "afc", "rfc", "sc", "united"])
# Last words of places and organizations that are rarer as surnames.
SURNAMES_OR_PLACES = frozenset(
    (
        "bay", "border", "bridge", "church", "court", "fair", "falls", "field", "garden", "gardens", "guard",
        "lake", "marine", "park", "pier", "pond", "post", "star", "steel", "street", "tower", "towers",
    )
)  # fmt: skip


def is_rare_first_name(word: str) -> bool:
    """Whether a word is a first name on no short list, and is no common word and no place: 'Calum'."""
    lists = ("names/first_names_of_men", "names/first_names_of_women")
    others = ("titles", "common_word_first_names", "organization_first_words", "generic_nouns", "non_names")
    is_name = any(word in word_set(name) for name in lists)
    is_other = any(word in word_set(f"names/{name}") for name in others) or is_known_place(word.capitalize())
    return is_name and not is_other and not is_common_word(word.capitalize())


def place_weight(text: str, place: Place) -> float:
    """Return the weight of a listed place: high for countries and large cities, low for ambiguous names."""
    if place.is_always_place:
        return CERTAIN
    if place.is_unambiguous or text.isupper():
        return STRONG
    return WEAK if text.lower() in word_set("names/ambiguous_places") else LIKELY
