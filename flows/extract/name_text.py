"""The text as the names see it: lines of words, and spans of words that may be names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from spacy.strings import get_string_id
from spacy.tokens import Doc

from warehouse.records import Field, Kind

# A word is a run of letters and digits; every other sign stands alone. So 'U.S.', 'al-Assad' and
# "Putin's" are cut the same wherever they stand, which spaCy's own tokens are not.
WORD = re.compile(r"\w+|[^\w\s]")
KINDS: dict[str, Kind] = {
    "PERSON": "person",
    "ORG": "organization",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "NORP": "group",
    "EVENT": "event",
    "PRODUCT": "other",
    "WORK_OF_ART": "other",
    "LAW": "other",
}


@dataclass(frozen=True, slots=True)
class Span:
    """Words `first` to `last` (half-open) of a line, and what they seem to name, how surely."""

    first: int
    last: int
    kind: Kind
    weight: float = 1.0

    def __len__(self) -> int:
        return self.last - self.first


@dataclass(frozen=True, slots=True)
class Line:
    """A title or paragraph: its words and where they stand, and what the model took for names.

    `shouts` when it is in capitals; `is_headline` when most of its words have one, so that a capital
    says nothing. `common` are the words with a capital that the tagger takes for no names at all.
    """

    field: Field
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    shouts: bool
    is_headline: bool
    common: frozenset[int]
    spans: tuple[Span, ...]

    def is_glued(self, i: int) -> bool:
        """Tell whether word i follows the one before without a space."""
        return i > 0 and i < len(self.words) and self.ends[i - 1] == self.starts[i]

    def opens_sentence(self, i: int) -> bool:
        """Tell whether word i stands where any word would have a capital."""
        return i == 0 or self.words[i - 1] in OPENERS


# Tags of words that are in no name; the tagger errs too often between names, nouns and adjectives.
NO_NAME = frozenset(["CC", "CD", "DT", "EX", "IN", "MD", "PDT", "PRP", "RB", "TO", "UH", "WDT", "WP", "WRB"])
# At the head of a sentence a verb has a capital too ('Follow Jane Doe on ...').
VERBS = frozenset(["VB", "VBD", "VBG", "VBN", "VBP", "VBZ"])
OPENERS = frozenset('.!?:;"“”‘(-–—*•|`…')


def read_line(field: Field, offset: int, doc: Doc) -> Line:
    """Cut a doc into words and carry the model's names over to them."""
    found = [(m.group(), m.start(), m.end()) for m in WORD.finditer(doc.text)]
    words = tuple(w for w, _, _ in found)
    spans = []
    first = last = 0
    for ent in doc.ents:
        while first < len(found) and found[first][1] < ent.start_char:
            first += 1
        last = max(first, last)
        while last < len(found) and found[last][2] <= ent.end_char:
            last += 1
        kind = KINDS.get(ent.label_)
        if kind and last > first:
            spans.append(Span(first, last, kind))
    return Line(
        field=field,
        words=words,
        starts=tuple(offset + s for _, s, _ in found),
        ends=tuple(offset + e for _, _, e in found),
        shouts=shouts(words),
        is_headline=is_headline(words),
        common=common_words(doc, found),
        spans=tuple(spans),
    )


def shouts(words: Sequence[str]) -> bool:
    """Tell a line in capitals: most of its longer words are."""
    long = [w for w in words if len(w) > 2 and w.isalpha()]
    return len(long) > 1 and 10 * sum(w.isupper() for w in long) >= 7 * len(long)


def is_headline(words: Sequence[str]) -> bool:
    """Tell a line where Most Longer Words Have a Capital, and which is no list of names."""
    long = [w for w in words if len(w) > 3 and w.isalpha()]
    if len(long) < 4 or 10 * sum(w[0].isupper() for w in long) < 8 * len(long):
        return False
    return words[-1] not in ".,;)" and 8 * sum(w in ",;(/" for w in words) <= len(words)


def common_words(doc: Doc, found: Sequence[tuple[str, int, int]]) -> frozenset[int]:
    """List the words with a capital that the tagger takes for no names at all; none where no tagger ran."""
    # The array is three times as fast as the tokens.
    tags = dict(doc.to_array(["IDX", "TAG"]).tolist())
    none, verbs = tag_ids(NO_NAME), tag_ids(VERBS)
    return frozenset(
        i
        for i, (word, start, _) in enumerate(found)
        if word[0].isupper()
        and ((tag := tags.get(start)) in none or (tag in verbs and (i == 0 or found[i - 1][0] in OPENERS)))
    )


@cache
def tag_ids(tags: frozenset[str]) -> frozenset[int]:
    """Give the numbers that spaCy keeps for tags, the same in every model."""
    return frozenset(get_string_id(tag) for tag in tags)
