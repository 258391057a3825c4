"""Group mentions into entities by acronyms and short forms, and give each entity a canonical name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ontherecord.flows.extract.names.bodies import country_name, country_of_body
from ontherecord.flows.extract.names.companies import short_names
from ontherecord.flows.extract.names.gazetteer import KnownName, find_organization
from ontherecord.flows.extract.names.lexicon import first_names
from ontherecord.flows.extract.names.mention_forms import NameMention
from ontherecord.flows.extract.names.people import (
    PersonMention,
    fullest_name,
    majority_gender,
    name_parts,
    resolve_people,
    royal_title,
)
from ontherecord.flows.extract.names.places import capitalized, find_demonym, find_place, strip_accents
from ontherecord.flows.extract.word_lists import word_set
from ontherecord.warehouse.records import Entity, Kind


@dataclass(frozen=True, slots=True)
class ResolvedEntities:
    """The entities of an article, their genders, and the entity number of each mention."""

    entities: tuple[Entity, ...]
    genders: tuple[str | None, ...]
    numbers: tuple[int, ...]


def resolve_entities(found: Sequence[NameMention]) -> ResolvedEntities:
    """Assign each mention to an entity, and name the entities."""
    keys: list[str] = [""] * len(found)
    persons = [i for i, f in enumerate(found) if f.kind == "person"]
    mentions = [PersonMention(found[i].full_name, found[i].before, found[i].line) for i in persons]
    for i, number in zip(persons, resolve_people(mentions), strict=True):
        keys[i] = f"person {number}"
    for i, key in entity_keys(found):
        keys[i] = key
    groups: dict[str, list[int]] = {}
    for i, key in enumerate(keys):
        groups.setdefault(key, []).append(i)
    return build_entities(found, groups)


def build_entities(found: Sequence[NameMention], groups: Mapping[str, Sequence[int]]) -> ResolvedEntities:
    """Name each group of mentions; groups with the same name and kind become one entity."""
    entities: dict[tuple[str, Kind], Entity] = {}
    genders: dict[int, str | None] = {}
    numbers = [0] * len(found)
    for members in groups.values():
        mentions = [found[i] for i in members]
        known, gender = canonical_name(mentions), None
        if known.kind == "organization" and known.country_code is None:
            name, code = country_of_body(known.name, found, members)
            if code is not None:
                known = KnownName(f"{name} ({country_name(code)})", known.kind, code)
        if known.kind == "person":
            gender = gender_of(mentions, known.name)
        entity = entities.setdefault(
            (known.name, known.kind), Entity(len(entities), known.name, known.kind, known.country_code)
        )
        genders[entity.entity_no] = genders.get(entity.entity_no) or gender
        for i in members:
            numbers[i] = entity.entity_no
    return ResolvedEntities(
        tuple(entities.values()), tuple(genders[n] for n in range(len(entities))), tuple(numbers)
    )


def canonical_name(mentions: Sequence[NameMention]) -> KnownName:
    """Return the canonical name, kind and country of a group of mentions."""
    kind = Counter(m.kind for m in mentions).most_common(1)[0][0]
    if kind == "person":
        persons = [PersonMention(m.full_name, m.before, m.line) for m in mentions]
        name = fullest_name(persons)
        royal = royal_title(persons) if len(name_parts(name)) == 1 else None
        return KnownName(f"{royal} {name}" if royal else name, kind)
    for mention in mentions:
        known = find_canonical(mention.text, kind)
        if known:
            return known
    forms = Counter(m.text for m in mentions)
    long_forms = [text for text in forms if not is_acronym(text)] or list(forms)
    without_legal_form = [text for text in long_forms if not has_legal_form(text)] or long_forms
    if all(" " not in text for text in without_legal_form):
        # 'Dunmore' alone may be another company elsewhere than 'Dunmore Marine Corp'; 'Dunmore Corp' is not.
        without_legal_form += [text for text in long_forms if has_legal_form(text) and len(text.split()) > 2]
    name = max(without_legal_form, key=lambda text: (not text.isupper(), len(text), text))
    if name.isupper() and " " in name:
        name = capitalized(name.lower())
    return KnownName(name, kind)


def find_canonical(text: str, kind: Kind) -> KnownName | None:
    """Look up the canonical name of a place, a people or a well-known organization."""
    if (
        text.isupper()
        and len(text) > LONGEST_ACRONYM
        and not find_organization(text)
        and not find_place(text)
    ):
        text = capitalized(text.lower())
    known = find_organization(text) or find_organization(
        text.split(" ", 1)[-1] if text.startswith(COUNTRY_PREFIXES) else text
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


# Longer words in capitals are words in all caps, not acronyms.
LONGEST_ACRONYM = 6
# 'U.S. Foo Agency' and 'Foo Agency' are one.
COUNTRY_PREFIXES = ("US ", "U.S. ", "UK ", "U.K. ")


def entity_keys(found: Sequence[NameMention]) -> Iterator[tuple[int, str]]:
    """Yield a key for every mention that is not a person; mentions with one key are one entity."""
    key_of: dict[str, str] = {}
    spans = [i for i, f in enumerate(found) if f.kind != "person"]
    for i in spans:
        text, kind = found[i].text, found[i].kind
        known = find_canonical(text, kind)
        key_of.setdefault(
            text, f"known {known.kind} {known.name}" if known else f"own {strip_accents(text).lower()}"
        )
    join_acronyms(found, spans, key_of)
    join_short_forms(found, spans, key_of)
    by_uppercase = {text.upper(): key for text, key in key_of.items() if not text.isupper()}
    for i in spans:
        text = found[i].text
        # Words in an all-caps headline mean the same entity as in the body.
        yield i, by_uppercase.get(text, key_of[text]) if key_of[text].startswith("own ") else key_of[text]


def join_acronyms(found: Sequence[NameMention], spans: Sequence[int], key_of: dict[str, str]) -> None:
    """Give each acronym the key of its expansion, found in brackets or by its initials."""
    initials: dict[str, str] = {}
    for i in spans:
        for letters in initials_of(found[i].text):
            initials.setdefault(letters, found[i].text)
    for i in spans:
        text = found[i].text
        if not is_acronym(text):
            continue
        if found[i].in_brackets and i and found[i - 1].kind == found[i].kind:
            key_of[text] = key_of[found[i - 1].text]
        elif key_of[text].startswith("own ") and text.replace(".", "") in initials:
            key_of[text] = key_of[initials[text.replace(".", "")]]


def is_acronym(text: str) -> bool:
    """Whether a text is an acronym of two to six letters or digits, with or without full stops."""
    letters = text.replace(".", "").replace("-", "")
    return 1 < len(letters) < 7 and letters.isalnum() and sum(c.isupper() for c in letters) > 1


def initials_of(text: str) -> set[str]:
    """Return the initials of a long name: of its capitalized words, and of all its words."""
    words = text.replace("-", " ").split()
    if len(words) < 2 or text.isupper():
        return set()
    return {"".join(w[0] for w in words if w[0].isupper()), "".join(w[0] for w in words).upper()}


def has_legal_form(text: str) -> bool:
    """Whether a company's name ends with its legal form: 'Plc', 'Inc.'."""
    return text.rsplit(" ", 1)[-1].lower() in word_set("names/legal_forms")


def join_short_forms(found: Sequence[NameMention], spans: Sequence[int], key_of: dict[str, str]) -> None:
    """Give a short form the key of the only longer name it can stand for.

    'Foo' stands for 'Foo Holdings Plc' and for 'Jane Foo Inc', 'the Courier' for the 'Foo Courier'.
    """
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for i in spans:
        words = found[i].text.split()
        if found[i].kind == "organization" and 1 < len(words) < LONGEST_SHORTENED:
            for short in (*organization_short_forms(words), *short_names(words)):
                keys[short].add(key_of[found[i].text])
    for i in spans:
        text = found[i].text
        own = found[i].kind == "organization" and key_of[text].startswith("own ")
        if own and len(keys.get(text, ())) == 1 and not is_acronym(text):
            key_of[text] = next(iter(keys[text]))


# Longer names are clauses, which are not shortened to one word.
LONGEST_SHORTENED = 8


def organization_short_forms(words: Sequence[str]) -> Iterator[str]:
    """Yield the short forms of an organization's name."""
    ends = word_set("names/organization_last_words")
    if words[-1].lower() in ends:
        yield words[0] if words[-1].lower() in word_set("names/company_last_words") else words[-1]
        for size in range(2, len(words)):
            if all(word.lower() in ends for word in words[size:]):
                yield " ".join(words[:size])
    elif len(words) == 2 and words[0].lower() in word_set("names/organization_first_words"):
        yield words[1]


def is_office(word: str) -> bool:
    """Whether a word is lower-case or an office in -man, which women hold too: 'chairman'."""
    return not word.istitle() or word.lower().endswith("man")


def gender_of(mentions: Sequence[NameMention], name: str) -> str | None:
    """Infer a person's gender from the words before the mentions, else from the first name."""
    counts = Counter(
        gender for m in mentions if (gender := PersonMention(m.text, m.before, m.line).gender) is not None
    )
    gender = majority_gender(counts)
    parts = name_parts(name)
    of_first_name = first_names().get(parts[0]) if len(parts) > 1 else None
    if (
        gender == "male"
        and of_first_name == "female"
        and all(is_office(m.before) for m in mentions if m.before)
    ):
        return of_first_name  # 'chairman Jane Doe'
    if gender or not parts:
        return gender
    return first_names().get(parts[0]) if len(parts) > 1 or name == mentions[0].text else None
