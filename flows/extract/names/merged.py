"""Split spans in which the model merged two names, or a name and a common word, using the whole article."""

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
class ArticleForms:
    """How often each form occurs in the article, and the forms by their last word."""

    counts: Mapping[Form, int]
    by_last: Mapping[str, Set[Form]]

    def is_surname(self, word: str) -> bool:
        """Whether a word is the last of some longer name."""
        return any(len(form) > 1 for form in self.by_last.get(word, ()))


def split_merged(lines: Sequence[Line], found: Sequence[Sequence[NameSpan]]) -> list[tuple[NameSpan, ...]]:
    """Return the spans of each line, with merged names split."""
    counts: Counter[Form] = Counter()
    for line, spans in zip(lines, found, strict=True):
        counts.update(line.words[span.first : span.last] for span in spans)
    by_last: dict[str, set[Form]] = {}
    for form in counts:
        by_last.setdefault(form[-1], set()).add(form)
    forms = ArticleForms(counts, by_last)
    return [
        tuple(part for span in spans for part in split_names(line, span, forms))
        for line, spans in zip(lines, found, strict=True)
    ]


def split_names(line: Line, span: NameSpan, forms: ArticleForms) -> Iterator[NameSpan]:
    """Yield the one or two names in a span."""
    words = line.words[span.first : span.last]
    joint = joint_position(words, forms)
    last = span.last + (line.words[span.last - 1 : span.last + 1] == ("White", "House"))
    body = body_position(line.words[span.first : last])
    if body:
        yield NameSpan(span.first, span.first + body, "person")
        yield NameSpan(span.first + body, last, "organization")
    elif joint:
        yield replace(span, last=span.first + joint)
        yield replace(span, first=span.first + joint + 1)
    elif len(words) > 1 and forms.is_surname(words[0]) and is_name_alone(words, forms):
        # 'Orlov London': from 'He had conveyed to Orlov London's worries'.
        kind = gazetteer_index().kinds.get(words[1:], span.kind)
        yield NameSpan(span.first, span.first + 1, "person")
        yield NameSpan(span.first + 1, span.last, kind)
    elif len(words) > 1 and is_opening_word(line, span.first, words, forms):
        yield replace(span, first=span.first + 1)
    else:
        yield span


def joint_position(words: Form, forms: ArticleForms) -> int:
    """Return the index of the 'and', hyphen or full stop between two names of the article, or 0."""
    if "and" in words[1:-1]:
        at = words.index("and")
        goes_on = words[at + 1].lower() in word_set("names/organization_last_words")  # 'Foo and Sons'
        return 0 if goes_on or not (words[:at] in forms.counts or words[at + 1 :] in forms.counts) else at
    if len(words) == 3 and words[1] == "." and words[0] == words[2]:
        return 1  # '"…," said Doe. Doe left'
    if len(words) == 3 and words[1] == "-" and words[0] in forms.by_last and words[2] in forms.by_last:
        return 1
    return 0


def body_position(words: Form) -> int:
    """Return where a body begins that is called by who leads it, 'a Jane Doe | White House'; else 0."""
    at = len(words) - 2
    if at < 2 or words[0].lower() not in first_names():
        return 0
    common = word_set("names/common_bodies")
    is_department = words[-1] == "Department" and words[at].lower() in common
    is_body = words[at:] in (("White", "House"), ("Supreme", "Court")) or is_department
    is_place = any(find_place(" ".join(words[:end])) for end in range(1, at + 1))
    return at if is_body and words[at - 1].lower() not in common and not is_place else 0


def is_name_alone(words: Form, forms: ArticleForms) -> bool:
    """Whether the words after the first are a name by themselves, and the whole occurs only once."""
    if words[0].lower() in first_names() or find_place(words[0]):
        return False
    listed_name = len(words) > 2 and words[1:] in gazetteer_index().kinds
    return listed_name or (words[1:] in forms.counts and forms.counts[words] == 1)


def is_opening_word(line: Line, first: int, words: Form, forms: ArticleForms) -> bool:
    """Whether the first word only opens a sentence, and the name is the rest.

    Before a single word only a participle counts ('Injured Carver out'); any other word may be a first name.
    """
    if not line.opens_sentence(first) or words[0].lower() in first_names() or words[1:] not in forms.counts:
        return False
    participle = len(words[0]) > LONGEST_PARTICIPLE_LIKE_NAME and words[0].endswith(("ed", "ing"))
    return participle or (len(words) > 2 and forms.counts[words] == 1)


# Names that end like participles are no longer: 'Reed', 'Ahmed', 'Irving'.
LONGEST_PARTICIPLE_LIKE_NAME = 6
