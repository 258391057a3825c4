"""Part what the model glued, where the rest of the article shows two names, or a name and a plain word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from ontherecord.flows.extract.names.gazetteer import Form, gazetteer_index
from ontherecord.flows.extract.names.lexicon import first_names
from ontherecord.flows.extract.names.places import find_place
from ontherecord.flows.extract.names.tokens import Line, NameSpan
from ontherecord.flows.extract.word_lists import word_set


@dataclass(frozen=True, slots=True)
class Forms:
    """How often an article has each form, and which forms end with a word."""

    counts: Mapping[Form, int]
    by_last: Mapping[str, Set[Form]]

    def is_surname(self, word: str) -> bool:
        """Tell the last word of a name of several words."""
        return any(len(form) > 1 for form in self.by_last.get(word, ()))


def split_merged(lines: Sequence[Line], found: Sequence[Sequence[NameSpan]]) -> list[tuple[NameSpan, ...]]:
    """Give the spans of each line, those of two names as two."""
    counts: Counter[Form] = Counter()
    for line, spans in zip(lines, found, strict=True):
        counts.update(line.words[span.first : span.last] for span in spans)
    by_last: dict[str, set[Form]] = {}
    for form in counts:
        by_last.setdefault(form[-1], set()).add(form)
    forms = Forms(counts, by_last)
    return [
        tuple(part for span in spans for part in parts_of(line, span, forms))
        for line, spans in zip(lines, found, strict=True)
    ]


def parts_of(line: Line, span: NameSpan, forms: Forms) -> Iterator[NameSpan]:
    """Yield the one or two names that a span holds."""
    words = line.words[span.first : span.last]
    joint = joint_of(words, forms)
    if joint:
        yield replace(span, last=span.first + joint)
        yield replace(span, first=span.first + joint + 1)
    elif len(words) > 1 and forms.is_surname(words[0]) and is_name_alone(words, forms):
        # 'Orlov London': the person to whom London's worries are conveyed.
        standing = gazetteer_index().kinds.get(words[1:], span.kind)
        yield NameSpan(span.first, span.first + 1, "person")
        yield NameSpan(span.first + 1, span.last, standing)
    elif len(words) > 1 and is_opening(line, span.first, words, forms):
        yield replace(span, first=span.first + 1)
    else:
        yield span


def joint_of(words: Form, forms: Forms) -> int:
    """Find the 'and' or the hyphen between two names of the article; 0 where there is none."""
    if "and" in words[1:-1]:
        at = words.index("and")
        goes_on = words[at + 1].lower() in word_set("names/organization_last_words")  # 'Foo and Sons'
        return 0 if goes_on or not (words[:at] in forms.counts or words[at + 1 :] in forms.counts) else at
    if len(words) == 3 and words[1] == "-" and words[0] in forms.by_last and words[2] in forms.by_last:
        return 1
    return 0


def is_name_alone(words: Form, forms: Forms) -> bool:
    """Tell whether what follows the first word is a name by itself, and the whole is none elsewhere."""
    if words[0].lower() in first_names() or find_place(words[0]):
        return False
    listed_name = len(words) > 2 and words[1:] in gazetteer_index().kinds
    return listed_name or (words[1:] in forms.counts and forms.counts[words] == 1)


def is_opening(line: Line, first: int, words: Form, forms: Forms) -> bool:
    """Tell whether the first word only opens a sentence, and the name is the rest.

    Of two words only a participle does ('Injured Carver out'): any other may be a first name.
    """
    if not line.opens_sentence(first) or words[0].lower() in first_names() or words[1:] not in forms.counts:
        return False
    participle = len(words[0]) > SHORT_NAME and words[0].endswith(("ed", "ing"))
    return participle or (len(words) > 2 and forms.counts[words] == 1)


# Names that end like participles are shorter: 'Reed', 'Ahmed', 'Irving'.
SHORT_NAME = 6
