"""Which mentions of persons mean the same one: family names, first names and titles back to full names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from ontherecord.flows.extract.names.lexicon import first_names, honorifics, share_nickname
from ontherecord.flows.extract.names.places import capitalized, plain
from ontherecord.flows.extract.word_lists import word_set

Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonMention:
    """One mention of a person: the words, the word before them, the number of their line (0: the title)."""

    text: str
    before: str
    line: int

    @property
    def parts(self) -> Parts:
        """Give the parts of the name for comparison."""
        return name_parts(self.text)

    @property
    def gender(self) -> str | None:
        """Tell the gender that the word before shows."""
        return honorifics().get(self.before.lower())


def name_parts(text: str) -> Parts:
    """Cut a name at its spaces, in small letters, without accents, 'al-', full stops and 'Jr.'."""
    parts = []
    for part in plain(text).lower().replace("’", "'").replace(".", ". ").split():
        part = part.strip(".,'")
        for article in ("al-", "el-", "as-", "ash-"):
            part = part.removeprefix(article)
        if part and part not in word_set("names/suffixes"):
            parts.append(part)
    return tuple(parts)


@dataclass(slots=True)
class Person:
    """Somebody an article names, while its mentions are being gathered."""

    names: list[Parts]
    introduced: int
    last_line: int = -1
    last_at: int = -1
    titles: set[str] = field(default_factory=set)


class People:
    """The persons met so far in one article."""

    def __init__(self) -> None:
        self.persons: list[Person] = []
        self.full: dict[Parts, int] = {}
        self.by_part: dict[str, list[int]] = {}

    def introduce(self, parts: Parts) -> int:
        """Find or add the person of a full name."""
        number = self.full.get(parts)
        if number is None:
            close = chain(self.by_part.get(parts[-1], ()), self.by_part.get(parts[0], ()))
            number = next((n for n in islice(close, MOST_COMPARED) if self.fits(n, parts)), None)
            if number is None:
                number = self.add(parts)
            self.full[parts] = number
            self.remember(number, parts)
        return number

    def add(self, parts: Parts) -> int:
        """Add a person nobody has named before."""
        self.persons.append(Person([], len(self.persons)))
        self.remember(len(self.persons) - 1, parts)
        return len(self.persons) - 1

    def remember(self, number: int, parts: Parts) -> None:
        """Keep a name of a person under each of its parts."""
        person = self.persons[number]
        if person.names[-1:] != [parts]:
            person.names.append(parts)
            initials = "".join(part[0] for part in parts)
            for part in (*parts, initials) if len(parts) > 2 else parts:
                known = self.by_part.setdefault(part, [])
                if number not in known[-1:]:
                    known.append(number)

    def compared(self, number: int) -> list[Parts]:
        """Give the names of a person that others are held against."""
        return self.persons[number].names[:MOST_COMPARED]

    def fits(self, number: int, parts: Parts) -> bool:
        """Tell whether a full name can be another form of a person's."""
        return any(len(name) > 1 and same_name(name, parts) for name in self.compared(number))

    def lone(self, parts: Parts, called: PersonMention, genders: Sequence[Counter[str]]) -> int | None:
        """Find whom a family name or a first name alone means.

        If several fit, a title decides ('Mrs', 'Mayor'); else it is the one whom this paragraph has named in
        full, else the one whom the article named first: news gives the family name alone to its main person,
        and goes on naming husbands, sisters and predecessors in full.
        """
        key = parts[-1]
        near = [n for n in self.by_part.get(key, [])[-MOST_COMPARED:] if self.ends_with(n, parts)]
        if not near:
            near = [n for n in self.by_part.get(key, [])[-MOST_COMPARED:] if self.holds(n, parts, called)]
            near = near if len(near) == 1 else []
        if len(near) > 1 and called.gender:
            fit = (called.gender, None)
            near = [n for n in near if (leading(genders[n]) or self.gender(n)) in fit] or near
        if len(near) > 1:
            near = [n for n in near if called.before in self.persons[n].titles] or near
        here = [n for n in near if self.persons[n].last_line == called.line]
        if here:
            return max(here, key=lambda n: self.persons[n].last_at)
        return min(near, key=lambda n: self.persons[n].introduced, default=None)

    def gender(self, number: int) -> str | None:
        """Tell the gender that the first name shows."""
        return next((g for name in self.compared(number) if (g := first_names().get(name[0]))), None)

    def ends_with(self, number: int, parts: Parts) -> bool:
        """Tell whether a full name of the person ends with these parts."""
        return any(name[-len(parts) :] == parts for name in self.compared(number))

    def holds(self, number: int, parts: Parts, called: PersonMention) -> bool:
        """Tell whether these parts stand at the head or inside of a full name, or are its initials."""
        size, names = len(parts), self.compared(number)
        if called.text.isupper() and any("".join(part[0] for part in name) == parts[0] for name in names):
            return True
        return any(name[i : i + size] == parts for name in names for i in range(len(name) - size))


# An article that names hundreds of one family is a list; the nearest of them are enough.
MOST_COMPARED = 20


def same_name(one: Parts, other: Parts) -> bool:
    """Tell whether two full names can be one person's.

    'William J. Carver' and 'Bill Carver' can, 'Jorge Ruiz' and 'Jorge Ruiz Campos' can, 'Hilda Carver' and
    'Bill Carver' can't.
    """
    short, long = sorted((one, other), key=len)
    if len(short) > 1 and short in (long[: len(short)], long[-len(short) :]):
        return True
    return one[-1] == other[-1] and same_first(one[0], other[0]) and same_middle(one[1:-1], other[1:-1])


def same_middle(one: Parts, other: Parts) -> bool:
    """Tell whether middle names can be one person's: 'A. Carver' and 'B. Carver' are two."""
    if not one or not other or len(one[0]) > 1 < len(other[0]):
        return True
    return one[0][0] == other[0][0]


def same_first(one: str, other: str) -> bool:
    """Tell whether two first names can be one: equal, initial, or short form."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) == 1:
        return long.startswith(short)
    return share_nickname(one, other)


def leading(counts: Counter[str]) -> str | None:
    """Give the gender most mentions show, None without any or with as many of each."""
    female, male = counts["female"], counts["male"]
    return None if female == male else "female" if female > male else "male"


def has_first_and_last(parts: Parts) -> bool:
    """Tell a name that gives more than a family name."""
    return len(parts) > 1 and parts[0] not in word_set("names/particles")


def resolve_people(called: Sequence[PersonMention]) -> list[int]:
    """Give each mention the number of its person, the body first and titles by what it says."""
    people = People()
    order = sorted(range(len(called)), key=lambda i: (called[i].line == 0, i))
    numbers = [0] * len(called)
    parts = [c.parts or (c.text.lower(),) for c in called]
    genders: list[Counter[str]] = []
    # Full names are met first, so that a family name may stand before its full name.
    met = {parts[i]: people.introduce(parts[i]) for i in order if has_first_and_last(parts[i])}
    for i in order:
        if parts[i] in met and called[i].before.lower() in word_set("names/titles"):
            people.persons[met[parts[i]]].titles.add(called[i].before)
    genders.extend(Counter() for _ in people.persons)
    for at, i in enumerate(order):
        number = met.get(parts[i])
        if number is not None:
            people.persons[number].last_line, people.persons[number].last_at = called[i].line, at
        else:
            number = people.lone(parts[i], called[i], genders)
        if number is None:
            number = people.add(parts[i])
            genders.append(Counter())
        if called[i].gender:
            genders[number][called[i].gender or ""] += 1
        numbers[i] = number
    return numbers


def fullest(called: Iterable[PersonMention]) -> str:
    """Pick the name of a person from its mentions: the most parts, in its usual letters."""
    forms = Counter(c.text for c in called)
    parts = {text: len(name_parts(text)) for text in forms}
    best = max(forms, key=lambda text: (min(parts[text], 4), not text.isupper(), forms[text]))
    best = next((text for text in sorted(forms) if is_plain_form(text, best)), best)
    return capitalized(best.lower()) if best.isupper() and len(best) > 3 else best


def is_plain_form(text: str, full: str) -> bool:
    """Tell 'John Carver' from 'John G. Carver Jr.': other articles more often have it."""
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


def royal_title(called: Iterable[PersonMention]) -> str | None:
    """Give the title that belongs to a name of one part: 'Queen', 'Pope'."""
    titles = Counter(c.before for c in called if c.before.lower() in word_set("names/regnal_titles"))
    return capitalized(titles.most_common(1)[0][0].lower()) if titles else None
