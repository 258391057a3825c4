"""Companies: names that end in a legal form ('Kroll & Sons Inc'), and the word that stands for them later.

The model takes many of these for persons, since they are called after some: 'Joseph E. Kroll & Sons Inc'. The
legal form settles it, and 'Kroll said' after it means the company, unless the article has a person of that
name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from ontherecord.flows.extract.names.gazetteer import Form, is_listed
from ontherecord.flows.extract.names.lexicon import first_names
from ontherecord.flows.extract.names.spans import is_name_word
from ontherecord.flows.extract.names.tokens import Line, NameSpan, is_common_word
from ontherecord.flows.extract.word_lists import word_set
from ontherecord.warehouse.records import Kind

# Legal forms that are no other words.
FORMS = frozenset(("co", "corp", "gmbh", "inc", "llc", "ltd", "plc"))
_WRITTEN = frozenset(("GmbH", *(form.capitalize() for form in FORMS), *(form.upper() for form in FORMS)))
# What stands behind 'and' or '&' in the name of a firm.
_PARTNERS = frozenset(("associates", "bros", "brothers", "co", "company", "partners", "son", "sons"))
_ADDRESSES = frozenset(("mr", "mrs", "ms", "miss", "dr", "sir"))
_LONGEST = 12
# Shorter ones are initials.
_SHORTEST_SHORT_FORM = 4


def company_spans(line: Line) -> Iterator[NameSpan]:
    """Yield the names of companies in a line, whole: 'Joseph E. Kroll & Sons Inc'."""
    words = line.words
    for at, word in enumerate(words):
        if word not in _WRITTEN or not at or (words[at + 1 : at + 2] == ("-",) and line.is_glued(at + 1)):
            continue  # 'Co-op'
        first = _start(line, at)
        if first < at:
            yield NameSpan(first, at + 1, "organization")


def _start(line: Line, at: int) -> int:
    """Return where a company's name begins that ends in the legal form at `at`."""
    first, has_partner = at, False
    while first > max(0, at - _LONGEST) and _is_part(line, first - 1, has_partner):
        first -= 1
        has_partner = has_partner or line.words[first] == "&"
    while first < at and not line.words[first][0].isalnum():
        first += 1
    word = line.words[first].lower()
    is_small = line.opens_sentence(first) and word in word_set("names/function_words") and word != "first"
    return first + 1 if first < at and (is_small or word == "and") else first


def _is_part(line: Line, at: int, has_partner: bool) -> bool:
    """Whether a word is part of the name of the company that goes on behind it."""
    word, after = line.words[at], line.words[at + 1]
    if word == ",":
        return after.lower() in FORMS or has_partner
    if word == "&":
        return True
    if word == "and":
        return after.lower() in _PARTNERS
    if word == ".":  # 'Joseph E. Kroll'
        return line.is_glued(at) and at > 0 and (len(line.words[at - 1]) == 1 or line.words[at - 1] == "Bros")
    if word in ("-", "'", "\u2019"):
        return line.is_glued(at) and line.is_glued(at + 1) and after[0].isupper()
    if word.lower() in FORMS:
        return after.lower() in FORMS  # 'Kroll Co Ltd'
    lower = word.lower()
    return word[0].isupper() and lower not in _ADDRESSES and (lower == "may" or lower not in word_set("days"))


def short_names(form: Sequence[str]) -> Iterator[str]:
    """Yield the word that stands for a company with a legal form.

    'Dunmore' of 'Dunmore Marine Corp', 'Kroll' of 'Joseph E. Kroll & Sons Inc'.
    """
    words = list(form)
    while words and (words[-1].lower().rstrip(".") in FORMS or not words[-1][0].isalnum()):
        words.pop()
    if len(words) == len(form) or not words:
        return
    links = [at for at, word in enumerate(words) if word in ("&", "and", ",")]
    words = [word for word in words[: links[0] if links else len(words)] if word[0].isalnum()]
    if not words:
        return
    is_of_person = len(words) > 1 and (words[0].lower() in first_names() or len(words[0].rstrip(".")) <= 2)
    is_name = words[-1].lower() not in word_set("names/organization_last_words")
    short = words[-1] if is_of_person and is_name else words[0]
    if len(short) >= _SHORTEST_SHORT_FORM and _can_stand_alone(short):
        yield short.capitalize() if short.isupper() else short


def _can_stand_alone(word: str) -> bool:
    """Whether a word is telling enough: not 'General' of 'General Dunmore Corp', and no place."""
    lower = word.lower()
    lists = ("names/titles", "names/generic_nouns", "names/organization_first_words", "names/portfolio_words")
    is_general = any(lower in word_set(name) for name in (*lists, "names/organization_last_words"))
    return is_name_word(word) and not is_general and not is_common_word(word) and not is_listed((word,))


def is_company(form: Sequence[str]) -> bool:
    """Whether a name ends in a legal form."""
    return len(form) > 1 and form[-2 if form[-1] == "." and len(form) > 2 else -1].lower() in FORMS


def company_short_forms(
    lines: Sequence[Line], found: Sequence[Sequence[NameSpan]], persons: Set[Form], kinds: Mapping[Form, Kind]
) -> dict[Form, Kind]:
    """Return the short forms of an article's companies; not those that some person bears.

    `persons` are forms that a title or an age shows to be persons.
    """
    shorts = {(short,) for form, kind in kinds.items() if kind == "organization" and is_company(form)
              for short in short_names(form)}  # fmt: skip
    if not shorts:
        return {}
    borne: set[str] = {word for form in persons for word in form}
    for line, spans in zip(lines, found, strict=True):
        companies = [span for span in spans if is_company(line.words[span.first : span.last])]
        for span in spans:
            is_inside = any(one.first <= span.first and span.last <= one.last for one in companies)
            if span.kind == "person" and len(span) > 1 and not is_inside:
                borne.update(line.words[span.first : span.last])
    return dict.fromkeys((form for form in shorts if form[0] not in borne), "organization")
