"""Gazetteer: the places, peoples and organizations that the word lists know, looked up and found in a line.

Finding takes one look-up per word and length, so the cost is linear in the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import cast

from ontherecord.flows.extract.names.places import (
    demonym_forms,
    find_demonym,
    find_place,
    unambiguous_forms,
)
from ontherecord.flows.extract.names.tokens import WORD, Line, NameSpan
from ontherecord.flows.extract.word_lists import table_rows
from ontherecord.warehouse.records import Kind

# A name as the words of a line.
Form = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownName:
    """A canonical name with its kind and, for places and peoples, its country."""

    name: str
    kind: Kind
    country_code: str | None = None


@dataclass(frozen=True, slots=True)
class FormIndex:
    """Forms with their kinds, and the lengths of the forms that begin with a word, longest first."""

    kinds: Mapping[Form, Kind]
    lengths: Mapping[str, tuple[int, ...]]

    def find(self, line: Line) -> Iterator[NameSpan]:
        """Yield the longest form at each word; forms do not overlap."""
        words, at = line.words, 0
        while at < len(words):
            for length in self.lengths.get(words[at], ()):
                last = at + length
                kind = self.kinds.get(words[at:last]) if last <= len(words) else None
                if kind and not breaks_word(line, at, last):
                    yield NameSpan(at, last, kind)
                    at = last
                    break
            else:
                at += 1


def index_forms(forms: Mapping[Form, Kind]) -> FormIndex:
    """Build an index of forms."""
    lengths: dict[str, set[int]] = {}
    for form in forms:
        lengths.setdefault(form[0], set()).add(len(form))
    return FormIndex(forms, {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()})


def breaks_word(line: Line, first: int, last: int) -> bool:
    """Whether a span is only part of a longer word: 'US' in 'US$', 'IS' in 'IS.gov'."""
    words = line.words
    if line.is_glued(last):
        goes_on = words[last] in ".@" and line.is_glued(last + 1) and words[last + 1][0].isalnum()
        if goes_on or words[last] in "$@":
            return True
    return line.is_glued(first) and words[first - 1] in "@#"


@cache
def gazetteer_index() -> FormIndex:
    """Build the index of the places, peoples and organizations that need no context."""
    return index_forms(dict(_gazetteer_forms()))


def _gazetteer_forms() -> Iterable[tuple[Form, Kind]]:
    # A later entry overrides an earlier one of the same form.
    for form, _ in unambiguous_forms():
        yield _tokenize(form), "place"
    for form, _ in demonym_forms():
        yield _tokenize(form), "group"
    for form, entry in known_organizations().items():
        yield _tokenize(form), entry.kind


def _tokenize(form: str) -> Form:
    return tuple(m.group() for m in WORD.finditer(form))


@cache
def known_organizations() -> dict[str, KnownName]:
    """Return the well-known organizations and groups by each of their forms, case-sensitive."""
    table: dict[str, KnownName] = {}
    for name, kind, *aliases in table_rows("names/known_organizations"):
        entry = KnownName(name, cast(Kind, kind))
        table.update((form, entry) for form in (name, *aliases))
    return table


def find_organization(form: str) -> KnownName | None:
    """Look up a well-known organization or group, with or without full stops: 'F.B.I.', 'FBI'."""
    table = known_organizations()
    return table.get(form) or table.get(form.replace(".", ""))


def detokenize(form: Form) -> str:
    """Join words as a text would: a space between words, none around signs."""
    text = ""
    for word in form:
        glued = not text or not word[0].isalnum() or (text[-1] in "-'’." and word != "&")
        text += word if glued else " " + word
    return text


def is_listed(form: Form) -> bool:
    """Whether a form is a place, a people or an organization of the lists."""
    text = detokenize(form)
    return (
        find_place(text) is not None or find_organization(text) is not None or find_demonym(text) is not None
    )


def is_rarely_person(form: Form) -> bool:
    """Whether a listed form is seldom also a person's name: true of 'London', false of 'Paris'."""
    text = detokenize(form)
    place = find_place(text)
    if place:
        return place.is_unambiguous
    return find_organization(text) is not None or find_demonym(text) is not None


def is_known_place(word: str) -> bool:
    """Whether a word is an unambiguous place or a demonym."""
    place = find_place(word)
    return bool(place and place.is_unambiguous) or find_demonym(word) is not None
