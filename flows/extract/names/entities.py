"""From mentions to entities: acronyms to expansions, short forms to long ones, all to a standing name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ontherecord.flows.extract.names.gazetteer import KnownName, find_organization
from ontherecord.flows.extract.names.lexicon import first_names
from ontherecord.flows.extract.names.people import (
    PersonMention,
    fullest,
    leading,
    name_parts,
    resolve_people,
    royal_title,
)
from ontherecord.flows.extract.names.places import capitalized, find_demonym, find_place, plain
from ontherecord.flows.extract.word_lists import word_set
from ontherecord.warehouse.records import Entity, Field, Kind


@dataclass(frozen=True, slots=True)
class FoundName:
    """A name at a place in the article, before anybody knows whom it means.

    `line` is the number of its title (0) or paragraph, `before` the word before it; `binds` says that it
    stands in brackets after the name before.
    """

    field: Field
    line: int
    start: int
    end: int
    text: str
    kind: Kind
    before: str
    binds: bool


@dataclass(frozen=True, slots=True)
class Resolved:
    """The entities of an article, their genders, and the number of the entity each mention means."""

    entities: tuple[Entity, ...]
    genders: tuple[str | None, ...]
    numbers: tuple[int, ...]


def resolve(found: Sequence[FoundName]) -> Resolved:
    """Say for each mention which entity it means, and name the entities."""
    keys: list[str] = [""] * len(found)
    persons = [i for i, f in enumerate(found) if f.kind == "person"]
    called = [PersonMention(found[i].text, found[i].before, found[i].line) for i in persons]
    for i, number in zip(persons, resolve_people(called), strict=True):
        keys[i] = f"person {number}"
    for i, key in other_keys(found):
        keys[i] = key
    groups: dict[str, list[int]] = {}
    for i, key in enumerate(keys):
        groups.setdefault(key, []).append(i)
    return number_entities(found, groups)


def number_entities(found: Sequence[FoundName], groups: Mapping[str, Sequence[int]]) -> Resolved:
    """Name each group of mentions; groups that get one name and kind are one entity."""
    entities: dict[tuple[str, Kind], Entity] = {}
    genders: dict[int, str | None] = {}
    numbers = [0] * len(found)
    for members in groups.values():
        mentions = [found[i] for i in members]
        known, gender = name_of(mentions), None
        if known.kind == "person":
            gender = gender_of(mentions, known.name)
        entity = entities.setdefault(
            (known.name, known.kind), Entity(len(entities), known.name, known.kind, known.country_code)
        )
        genders[entity.entity_no] = genders.get(entity.entity_no) or gender
        for i in members:
            numbers[i] = entity.entity_no
    return Resolved(tuple(entities.values()), tuple(genders[n] for n in range(len(entities))), tuple(numbers))


def name_of(mentions: Sequence[FoundName]) -> KnownName:
    """Give one entity its standing name, kind and country."""
    kind = Counter(m.kind for m in mentions).most_common(1)[0][0]
    if kind == "person":
        called = [PersonMention(m.text, m.before, m.line) for m in mentions]
        name = fullest(called)
        royal = royal_title(called) if len(name_parts(name)) == 1 else None
        return KnownName(f"{royal} {name}" if royal else name, kind)
    for mention in mentions:
        known = standing(mention.text, kind)
        if known:
            return known
    forms = Counter(m.text for m in mentions)
    bare = [text for text in forms if not is_acronym(text)] or list(forms)
    legal = [text for text in bare if not has_legal_end(text)] or bare
    name = max(legal, key=lambda text: (not text.isupper(), len(text), text))
    if name.isupper() and " " in name:
        name = capitalized(name.lower())
    return KnownName(name, kind)


def standing(text: str, kind: Kind) -> KnownName | None:
    """Look up the standing name of a place, a nationality or a well-known organization."""
    if text.isupper() and len(text) > SHOUTED and not find_organization(text) and not find_place(text):
        text = capitalized(text.lower())
    known = find_organization(text) or find_organization(
        text.split(" ", 1)[-1] if text.startswith(NATIONAL) else text
    )
    if known:
        return known
    if kind == "place":
        place = find_place(text)
        return KnownName(place.name, kind, place.country_code) if place else None
    if kind == "group":
        people = find_demonym(text)
        return KnownName(people.name, kind, people.country_code) if people else None
    return None


# Longer words in capitals are no acronyms but shouted.
SHOUTED = 6
# 'U.S. Foo Agency' and 'Foo Agency' are one.
NATIONAL = ("US ", "U.S. ", "UK ", "U.K. ")


def other_keys(found: Sequence[FoundName]) -> Iterator[tuple[int, str]]:
    """Give every name that is no person's a key which its other forms share."""
    key_of: dict[str, str] = {}
    spans = [i for i, f in enumerate(found) if f.kind != "person"]
    for i in spans:
        text, kind = found[i].text, found[i].kind
        known = standing(text, kind)
        key_of.setdefault(text, f"known {known.kind} {known.name}" if known else f"own {plain(text).lower()}")
    bind_acronyms(found, spans, key_of)
    shorten(found, spans, key_of)
    quiet = {text.upper(): key for text, key in key_of.items() if not text.isupper()}
    for i in spans:
        text = found[i].text
        # A headline in capitals means what the body means by the same words.
        yield i, quiet.get(text, key_of[text]) if key_of[text].startswith("own ") else key_of[text]


def bind_acronyms(found: Sequence[FoundName], spans: Sequence[int], key_of: dict[str, str]) -> None:
    """Give acronyms the key of what they stand for: said so in brackets, or by the initials."""
    initials: dict[str, str] = {}
    for i in spans:
        for letters in initials_of(found[i].text):
            initials.setdefault(letters, found[i].text)
    for i in spans:
        text = found[i].text
        if not is_acronym(text):
            continue
        if found[i].binds and i and found[i - 1].kind == found[i].kind:
            key_of[text] = key_of[found[i - 1].text]
        elif key_of[text].startswith("own ") and text.replace(".", "") in initials:
            key_of[text] = key_of[initials[text.replace(".", "")]]


def is_acronym(text: str) -> bool:
    """Tell a word of two to six capitals, with or without full stops."""
    letters = text.replace(".", "").replace("-", "")
    return 1 < len(letters) < 7 and letters.isalnum() and sum(c.isupper() for c in letters) > 1


def initials_of(text: str) -> set[str]:
    """Give the initials of an expansion: of its capitals, and of all its words."""
    words = text.replace("-", " ").split()
    if len(words) < 2 or text.isupper():
        return set()
    return {"".join(w[0] for w in words if w[0].isupper()), "".join(w[0] for w in words).upper()}


def has_legal_end(text: str) -> bool:
    """Tell a company's full style."""
    return text.rsplit(" ", 1)[-1].lower() in word_set("names/legal_forms")


def shorten(found: Sequence[FoundName], spans: Sequence[int], key_of: dict[str, str]) -> None:
    """Give a short form the key of the one longer name it begins or ends.

    'Foo' is 'Foo Holdings Plc', 'the Courier' is the 'Foo Courier'.
    """
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for i in spans:
        words = found[i].text.split()
        if found[i].kind == "organization" and 1 < len(words) < MOST_SHORTENED:
            for short in short_forms(words):
                keys[short].add(key_of[found[i].text])
    for i in spans:
        text = found[i].text
        own = found[i].kind == "organization" and key_of[text].startswith("own ")
        if own and len(keys.get(text, ())) == 1 and not is_acronym(text):
            key_of[text] = next(iter(keys[text]))


# Longer names are clauses; nobody shortens them to their first word.
MOST_SHORTENED = 8


def short_forms(words: Sequence[str]) -> Iterator[str]:
    """Yield what an organization of this name may be called for short."""
    ends = word_set("names/organization_last_words")
    if words[-1].lower() in ends:
        yield words[0] if words[-1].lower() in word_set("names/company_last_words") else words[-1]
        for size in range(2, len(words)):
            if all(word.lower() in ends for word in words[size:]):
                yield " ".join(words[:size])
    elif len(words) == 2 and words[0].lower() in word_set("names/organization_first_words"):
        yield words[1]


def gender_of(mentions: Sequence[FoundName], name: str) -> str | None:
    """Tell a person's gender from the words before the mentions, else from the first name."""
    counts = Counter(
        gender for m in mentions if (gender := PersonMention(m.text, m.before, m.line).gender) is not None
    )
    shown = leading(counts)
    if shown or not name_parts(name):
        return shown
    parts = name_parts(name)
    return first_names().get(parts[0]) if len(parts) > 1 or name == mentions[0].text else None
