"""Coreference of person names: match family names, first names and initials to full names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from ontherecord.flows.extract.names.lexicon import first_names, honorifics, share_nickname
from ontherecord.flows.extract.names.places import capitalized, strip_accents
from ontherecord.flows.extract.word_lists import word_set

Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonMention:
    """A mention of a person: the name, the word before it, and its line (0 is the title)."""

    text: str
    before: str
    line: int

    @property
    def parts(self) -> Parts:
        """Return the parts of the name for comparison."""
        return name_parts(self.text)

    @property
    def gender(self) -> str | None:
        """Return the gender shown by the word before the name."""
        return honorifics().get(self.before.lower())


def name_parts(text: str) -> Parts:
    """Split a name into lower-case parts without accents, 'al-', full stops and 'Jr.'."""
    parts = []
    for part in strip_accents(text).lower().replace("’", "'").replace(".", ". ").split():
        part = part.strip(".,'")
        for article in ("al-", "el-", "as-", "ash-"):
            part = part.removeprefix(article)
        if part and part not in word_set("names/suffixes"):
            parts.append(part)
    return tuple(parts)


@dataclass(slots=True)
class Person:
    """A person of the article, while mentions are being matched."""

    names: list[Parts]
    introduced: int
    last_line: int = -1
    last_at: int = -1
    titles: set[str] = field(default_factory=set)


class People:
    """The persons of one article found so far."""

    def __init__(self) -> None:
        self.persons: list[Person] = []
        self.full: dict[Parts, int] = {}
        self.by_part: dict[str, list[int]] = {}

    def introduce(self, parts: Parts) -> int:
        """Return the person with a full name, adding them if new."""
        number = self.full.get(parts)
        if number is None:
            similar = chain(self.by_part.get(parts[-1], ()), self.by_part.get(parts[0], ()))
            number = next((n for n in islice(similar, MOST_COMPARED) if self.fits(n, parts)), None)
            if number is None:
                number = self.add(parts)
            self.full[parts] = number
            self.index_name(number, parts)
        return number

    def add(self, parts: Parts) -> int:
        """Add a new person."""
        self.persons.append(Person([], len(self.persons)))
        self.index_name(len(self.persons) - 1, parts)
        return len(self.persons) - 1

    def index_name(self, number: int, parts: Parts) -> None:
        """Index a person's name by each of its parts."""
        person = self.persons[number]
        if person.names[-1:] != [parts]:
            person.names.append(parts)
            initials = "".join(part[0] for part in parts)
            forms = {*parts, *parts[-1].split("-"), *((initials,) if len(parts) > 2 else ())}
            for part in sorted(forms):
                known = self.by_part.setdefault(part, [])
                if number not in known[-1:]:
                    known.append(number)

    def names_of(self, number: int) -> list[Parts]:
        """Return the names of a person used for comparison."""
        return self.persons[number].names[:MOST_COMPARED]

    def fits(self, number: int, parts: Parts) -> bool:
        """Whether a full name can be another form of a person's name."""
        return any(len(name) > 1 and same_name(name, parts) for name in self.names_of(number))

    def find_short_name(
        self, parts: Parts, mention: PersonMention, genders: Sequence[Counter[str]]
    ) -> int | None:
        """Return the person that a family name or a first name alone means.

        If several fit, a title decides ('Mrs', 'Mayor'); else the person whom this paragraph has named in
        full; else the person the article named first: news uses the family name alone for its main person,
        and keeps naming husbands, sisters and predecessors in full.
        """
        key = parts[-1]
        known = self.by_part.get(key, [])[-MOST_COMPARED:]
        candidates = [n for n in known if self.ends_with(n, parts) or self.opens_with_family(n, parts)]
        if not candidates:
            candidates = [
                n for n in self.by_part.get(key, [])[-MOST_COMPARED:] if self.contains_name(n, parts, mention)
            ]
            candidates = candidates if len(candidates) == 1 else []
        if mention.gender:
            fit = (mention.gender, None)
            fitting = [n for n in candidates if (majority_gender(genders[n]) or self.gender(n)) in fit]
            others = [n for n in candidates if self._is_other(n, mention.gender, genders[n])]
            candidates = fitting or [n for n in candidates if n not in others]
        if len(candidates) > 1:
            candidates = [n for n in candidates if mention.before in self.persons[n].titles] or candidates
        in_line = [n for n in candidates if self.persons[n].last_line == mention.line]
        if in_line:
            return max(in_line, key=lambda n: self.persons[n].last_at)
        return min(candidates, key=lambda n: self.persons[n].introduced, default=None)

    def _is_other(self, number: int, gender: str, shown: Counter[str]) -> bool:
        """Whether a title is another person's: 'Mrs Cobb' is not Sid Cobb, 'Lady Vane' not Sir Tim Vane.

        Lists of first names know few men of other countries by names that are women's in English (Andrea,
        Nicola), so a man's title goes with any first name that is not only women's until a title or pronoun
        says otherwise.
        """
        known = majority_gender(shown)
        if known is None and gender == "female":
            known = self.gender(number)
        is_womans = any(name[0] in word_set("names/first_names_of_women") for name in self.names_of(number))
        return (known is not None and known != gender) or (known is None and gender == "male" and is_womans)

    def gender(self, number: int) -> str | None:
        """Return the gender of the first name."""
        return next((g for name in self.names_of(number) if (g := first_names().get(name[0]))), None)

    def ends_with(self, number: int, parts: Parts) -> bool:
        """Whether a full name of the person ends with these parts."""
        return any(name[-len(parts) :] == parts for name in self.names_of(number))

    def opens_with_family(self, number: int, parts: Parts) -> bool:
        """Whether a name is in East Asian order and opens with this family name: 'Kang Min-seop'."""
        return len(parts) == 1 and any(
            name[0] == parts[0] and first_names().get(parts[0]) is None and "-" in name[-1]
            for name in self.names_of(number)
        )

    def contains_name(self, number: int, parts: Parts, mention: PersonMention) -> bool:
        """Whether these parts open or are inside a full name, halve a double surname or are initials."""
        size, names = len(parts), self.names_of(number)
        if mention.text.isupper() and any("".join(part[0] for part in name) == parts[0] for name in names):
            return True
        if size == 1 and any(len(name) > 1 and parts[0] in name[-1].split("-") for name in names):
            return True  # 'Olsen' of 'Marta Olsen-Beck'
        return any(name[i : i + size] == parts for name in names for i in range(len(name) - size))


# An article with more persons of one family name is a list; compare only the latest.
MOST_COMPARED = 20


def same_name(one: Parts, other: Parts) -> bool:
    """Whether two full names can belong to one person.

    True of 'William J. Carver' and 'Bill Carver', and of 'Jorge Ruiz' and 'Jorge Ruiz Campos'; false of
    'Hilda Carver' and 'Bill Carver'.
    """
    short, long = sorted((one, other), key=len)
    if len(short) > 1 and short in (long[: len(short)], long[-len(short) :]):
        return True
    return one[-1] == other[-1] and same_first(one[0], other[0]) and same_middle(one[1:-1], other[1:-1])


def same_middle(one: Parts, other: Parts) -> bool:
    """Whether middle names are compatible: 'A. Carver' and 'B. Carver' are two persons."""
    if not one or not other or len(one[0]) > 1 < len(other[0]):
        return True
    return one[0][0] == other[0][0]


def same_first(one: str, other: str) -> bool:
    """Whether two first names are compatible: equal, an initial, or a nickname."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) == 1:
        return long.startswith(short)
    return share_nickname(one, other)


def majority_gender(counts: Counter[str]) -> str | None:
    """Return the gender that most mentions show; None if there is no majority."""
    female, male = counts["female"], counts["male"]
    return None if female == male else "female" if female > male else "male"


def has_first_and_last(parts: Parts) -> bool:
    """Whether a name is more than a family name."""
    return len(parts) > 1 and parts[0] not in word_set("names/particles")


def resolve_people(mentions: Sequence[PersonMention]) -> list[int]:
    """Return the person number of each mention, resolving the body before the title."""
    people = People()
    order = sorted(range(len(mentions)), key=lambda i: (mentions[i].line == 0, i))
    numbers = [0] * len(mentions)
    parts = [c.parts or (c.text.lower(),) for c in mentions]
    genders: list[Counter[str]] = []
    # Full names first, so that a family name may precede its full name in the text.
    met = {parts[i]: people.introduce(parts[i]) for i in order if has_first_and_last(parts[i])}
    for i in order:
        if parts[i] in met and mentions[i].before.lower() in word_set("names/titles"):
            people.persons[met[parts[i]]].titles.add(mentions[i].before)
    genders.extend(Counter() for _ in people.persons)
    for at, i in enumerate(order):
        number = met.get(parts[i])
        if number is not None:
            people.persons[number].last_line, people.persons[number].last_at = mentions[i].line, at
        else:
            number = people.find_short_name(parts[i], mentions[i], genders)
        if number is None:
            number = people.add(parts[i])
            genders.append(Counter())
        if mentions[i].gender:
            genders[number][mentions[i].gender or ""] += 1
        numbers[i] = number
    return numbers


def fullest_name(mentions: Iterable[PersonMention]) -> str:
    """Return the fullest form of a person's name, in mixed case where there is one."""
    forms = Counter(c.text for c in mentions)
    parts = {text: len(name_parts(text)) for text in forms}
    best = max(forms, key=lambda text: (min(parts[text], 4), not text.isupper(), forms[text]))
    best = next((text for text in sorted(forms) if is_simpler_form(text, best)), best)
    return capitalized(best.lower()) if best.isupper() and len(best) > 3 else best


def is_simpler_form(text: str, full: str) -> bool:
    """Whether a text is 'John Carver' for 'John G. Carver Jr.': other articles more often use it."""
    parts, whole = name_parts(text), name_parts(full)
    if (
        len(parts) != 2
        or text == full
        or text.isupper()
        or text.rstrip(".").rsplit(" ", 1)[-1].lower() in SUFFIXES
    ):
        return False
    return parts == (whole[0], whole[-1]) and all(len(part) == 1 for part in whole[1:-1])


SUFFIXES = ("ii", "iii", "iv", "jr", "sr")


def royal_title(mentions: Iterable[PersonMention]) -> str | None:
    """Return the title to keep before a name of one part: 'Queen', 'Pope'."""
    titles = Counter(c.before for c in mentions if c.before.lower() in word_set("names/regnal_titles"))
    return capitalized(titles.most_common(1)[0][0].lower()) if titles else None
