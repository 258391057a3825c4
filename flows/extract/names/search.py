"""Find known forms in a line: one look-up a word and length, so that the cost stays linear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from ontherecord.flows.extract.names.lists import known_names
from ontherecord.flows.extract.names.places import demonym_forms, sure_forms
from ontherecord.flows.extract.names.tokens import WORD, Line, NameSpan
from ontherecord.warehouse.records import Kind

Form = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """Forms by their words, and for each first word the lengths that are worth a look."""

    kinds: Mapping[Form, Kind]
    lengths: Mapping[str, tuple[int, ...]]

    def find(self, line: Line) -> Iterator[NameSpan]:
        """Yield the longest form at each word; forms do not overlap."""
        words, at = line.words, 0
        while at < len(words):
            for length in self.lengths.get(words[at], ()):
                last = at + length
                kind = self.kinds.get(words[at:last]) if last <= len(words) else None
                if kind and not cuts_word(line, at, last):
                    yield NameSpan(at, last, kind)
                    at = last
                    break
            else:
                at += 1


def index(forms: Mapping[Form, Kind]) -> Index:
    """Build an index of forms."""
    lengths: dict[str, set[int]] = {}
    for form in forms:
        lengths.setdefault(form[0], set()).add(len(form))
    return Index(forms, {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()})


def cuts_word(line: Line, first: int, last: int) -> bool:
    """Tell whether a form would break off a longer written word, as 'US' in 'US$' or 'IS' in 'IS.gov'."""
    words = line.words
    if line.is_glued(last):
        goes_on = words[last] in ".@" and line.is_glued(last + 1) and words[last + 1][0].isalnum()
        if goes_on or words[last] in "$@":
            return True
    return line.is_glued(first) and words[first - 1] in "@#"


def split(form: str) -> Form:
    """Cut a form into words as the lines are."""
    return tuple(m.group() for m in WORD.finditer(form))


@cache
def standing_index() -> Index:
    """Build the index of all places, nationalities and organizations that need no context."""
    return index(dict(standing_forms()))


def standing_forms() -> Iterable[tuple[Form, Kind]]:
    """Yield the forms of the lists; the later one of a form counts."""
    for form, _ in sure_forms():
        yield split(form), "place"
    for form, _ in demonym_forms():
        yield split(form), "group"
    for form, entry in known_names().items():
        yield split(form), entry.kind
