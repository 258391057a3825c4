"""Lines of words, and spans of words that may be names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from spacy.strings import get_string_id
from spacy.tokens import Doc

from ontherecord.flows.extract.word_lists import word_set
from ontherecord.warehouse.records import Field, Kind

# A word is a run of letters and digits; every other sign is a word of its own. So 'U.S.', 'al-Assad'
# and "Putin's" are always split alike, which spaCy's tokens are not.
WORD = re.compile(r"\w+|[^\w\s]")
# UTF-8 decoded as Latin-1 or Windows-1252: an apostrophe, a quotation mark or a dash becomes
# 'â' and two signs (which may have been dropped as control characters), a no-break space 'Â' and itself.
# These letters are not part of the words beside them.
GARBLED = re.compile(
    r"â(?:\x80[\x90-\xbf]|€[™˜œ“”\x9d]|(?=s\b)|(?!\w))|Â(?=[\xa0-\xbf])"
    r"|(?:(?!â(?:[\x80€]|s\b)|Â[\xa0-\xbf])\w)+|[^\w\s]"
)
GARBLED_QUOTES = frozenset(["â\x80\x9c", "â\x80\x9d", "â€œ", "â€\x9d"])
GARBLED_DASHES = frozenset(["â\x80\x93", "â\x80\x94", "â€\u201c", "â€\u201d"])
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
class NameSpan:
    """Words `first` to `last` (half-open) of a line, the kind they seem to be, and its weight in votes."""

    first: int
    last: int
    kind: Kind
    weight: float = 1.0

    def __len__(self) -> int:
        return self.last - self.first


@dataclass(frozen=True, slots=True)
class Line:
    """A title or paragraph: its words with their offsets, and the model's name spans.

    `is_headline` if most words are capitalized, so that a capital shows nothing; `heading_length` is the
    number of words of a headline that runs into the text after it.
    """

    field: Field
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    is_all_caps: bool
    is_headline: bool
    heading_length: int
    spans: tuple[NameSpan, ...]

    def is_heading(self, i: int) -> bool:
        """Whether word i is in title case text, where a capital shows nothing."""
        return self.is_headline or i < self.heading_length

    def is_glued(self, i: int) -> bool:
        """Whether no space separates word i from the word before."""
        return i > 0 and i < len(self.words) and self.ends[i - 1] == self.starts[i]

    def asks(self, i: int) -> bool:
        """Whether the sentence of word i ends with a question mark."""
        end = next((word for word in self.words[i:] if word in ".!?"), "")
        return end == "?"

    def opens_sentence(self, i: int) -> bool:
        """Whether word i opens a sentence, where any word is capitalized."""
        return i == 0 or self.words[i - 1] in SENTENCE_OPENERS


SENTENCE_OPENERS = frozenset('.!?:;"“”‘(-–—―*•|`…')


def read_line(field: Field, offset: int, doc: Doc) -> Line:
    """Split a doc into words and align the model's names with them."""
    text = doc.text
    pattern = GARBLED if "â" in text or "Â" in text else WORD
    found = [(m.group(), m.start(), m.end()) for m in pattern.finditer(text)]
    words = tuple(
        "'" if w == "â" and text[end : end + 1] == "s" else normalize_sign(w) for w, _, end in found
    )
    # One array is three times as fast as reading the tokens and the doc's entities.
    tokens = doc.to_array(["IDX", "LENGTH", "ENT_TYPE", "ENT_IOB"]).tolist()
    return Line(
        field=field,
        words=words,
        starts=tuple(offset + s for _, s, _ in found),
        ends=tuple(offset + e for _, _, e in found),
        is_all_caps=is_all_caps(words),
        is_headline=is_headline(words),
        heading_length=heading_length(words),
        spans=tuple(align_names(model_entities(tokens), found)),
    )


def normalize_sign(word: str) -> str:
    """Return one form for apostrophes, and for quotation marks and dashes that were decoded wrongly."""
    if word == "’" or word in ("â\x80\x99", "â\x80\x98", "â€™", "â€˜"):
        return "'"
    if len(word) == 3 and word[0] == "â":
        return '"' if word in GARBLED_QUOTES else "–" if word in GARBLED_DASHES else word
    return "–" if word == "â" else "·" if word == "Â" else word


def model_entities(tokens: Sequence[tuple[int, int, int, int]]) -> Iterator[tuple[int, int, Kind]]:
    """Yield start, end and kind of the model's names."""
    start, end, kind = 0, 0, None
    for idx, length, label, iob in tokens:
        if iob != INSIDE_NAME and kind:
            yield start, end, kind
            kind = None
        if iob == BEGINS_NAME:
            start, kind = idx, kinds_by_label().get(label)
        end = idx + length
    if kind:
        yield start, end, kind


# spaCy's codes for the IOB position of a token.
INSIDE_NAME, BEGINS_NAME = 1, 3


@cache
def kinds_by_label() -> dict[int, Kind]:
    """Map spaCy's label ids, which are the same in every model, to our kinds."""
    return {get_string_id(label): kind for label, kind in KINDS.items()}


def align_names(
    names: Iterable[tuple[int, int, Kind]], found: Sequence[tuple[str, int, int]]
) -> Iterator[NameSpan]:
    """Yield the words inside each of the model's names."""
    first = last = 0
    for start, end, kind in names:
        while first < len(found) and found[first][1] < start:
            first += 1
        last = max(first, last)
        while last < len(found) and found[last][2] <= end:
            last += 1
        if last > first:
            yield NameSpan(first, last, kind)


def is_all_caps(words: Sequence[str]) -> bool:
    """Whether most longer words of a line are in capitals."""
    long = [w for w in words if len(w) > 2 and w.isalpha()]
    return len(long) > 1 and 10 * sum(w.isupper() for w in long) >= 7 * len(long)


def is_headline(words: Sequence[str]) -> bool:
    """Whether a line is in title case, and is no list of names."""
    long = [w for w in words if len(w) > 3 and w.isalpha()]
    if len(long) < 4 or 10 * sum(w[0].isupper() for w in long) < 8 * len(long):
        return False
    return words[-1] not in ".,;)" and 8 * sum(w in ",;(/" for w in words) <= len(words)


# A headline that runs into the text has at least this many longer words, and at most this many words.
LEAST_HEADING, MOST_HEADING = 5, 60


def heading_length(words: Sequence[str]) -> int:
    """Count the words of a headline in title case that runs into the text after it; 0 if there is none.

    Two capitalized verbs or function words inside a sentence distinguish it from a list of names.
    """
    long = common = last = 0
    for i, word in enumerate(words[:MOST_HEADING]):
        if len(word) > 3 and word.islower() and word not in PREPOSITIONS:
            break
        if len(word) > 3 and word.istitle():
            long += 1
            common += i > 0 and words[i - 1] not in SENTENCE_OPENERS and is_common_word(word)
            last = i + 1
    return last if long >= LEAST_HEADING and common > 1 else 0


# Longer words that headlines may leave in lower case.
PREPOSITIONS = frozenset(["about", "after", "from", "into", "over", "than", "that", "with"])


def is_common_word(word: str) -> bool:
    """Whether a capitalized word is a verb or a function word, so no part of a name."""
    lower = word.lower()
    return len(word) > 3 and (
        lower in word_set("names/headline_verbs") or lower in word_set("names/function_words")
    )
