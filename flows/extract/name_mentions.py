"""From lines to mentions: every place where a name of the article stands, once, with its kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from flows.extract.name_lines import bracketed, dateline, names_by_form, standing_names
from flows.extract.name_lists import first_names
from flows.extract.name_lists import words as listed
from flows.extract.name_search import Form, index, standing_index
from flows.extract.name_spans import repair
from flows.extract.name_text import Line, Span
from flows.extract.name_votes import decide
from flows.extract.places import find_place
from warehouse.records import Kind


def find_mentions(lines: Sequence[Line]) -> list[tuple[Span, ...]]:
    """Give the names in each line, in order, not overlapping."""
    first = [candidates(line) for line in lines]
    forms = Counter(
        line.words[span.first : span.last] for line, spans in zip(lines, first, strict=True) for span in spans
    )
    bearers: dict[str, set[Form]] = {}
    for form in forms:
        bearers.setdefault(form[-1], set()).add(form)
    found = [tuple(reconsider(line, spans, forms, bearers)) for line, spans in zip(lines, first, strict=True)]
    kinds = decide(lines, found)
    small, capitals = index(kinds | acronyms(kinds)), index(in_capitals(kinds))
    lower = frozenset(word for line in lines for word in line.words if word.islower())
    surnames = frozenset(form[-1] for form, kind in kinds.items() if kind == "person" and len(form) > 1)
    result = []
    for line, spans in zip(lines, found, strict=True):
        if line.is_headline:
            # Capitals say nothing here: only what the article shows to be a name elsewhere is one.
            sure_forms = standing_index().kinds
            spans = tuple(
                s
                for s in spans
                if line.words[s.first : s.last] in kinds or line.words[s.first : s.last] in sure_forms
            )
        spans = tuple(s for s in spans if not is_emphasis(line, s, lower, surnames))
        sure = {(s.first, s.last) for s in spans}
        searched = capitals.find(line) if line.shouts else small.find(line)
        more = [s for s in searched if (s.first, s.last) in sure or is_name_here(line, s, lower)]
        result.append(tuple(untangle(line, [*spans, *more], kinds)))
    return result


def candidates(line: Line) -> tuple[Span, ...]:
    """Gather what the model, the line's form and the lists take for names."""
    end, places = dateline(line)
    spans = [*places]
    taken = [s for s in repair(line) if s.first >= end]
    spans += taken
    spans += bracketed(line, taken)
    spans += [s for s in names_by_form(line) if s.first >= end and not inside(s, spans)]
    spans += [s for s in standing_names(line) if not inside(s, spans)]
    return tuple(spans)


def reconsider(
    line: Line, spans: Iterable[Span], forms: Mapping[Form, int], bearers: Mapping[str, set[Form]]
) -> Iterator[Span]:
    """Cut what the rest of the article shows to be two names, or a name and the word before it."""
    for span in spans:
        words = line.words[span.first : span.last]
        if "and" in words[:-1]:
            at = words.index("and")
            follows = words[at + 1].lower() in listed("name_organization_ends")
            if not follows and (words[:at] in forms or words[at + 1 :] in forms):
                yield replace(span, last=span.first + at)
                yield replace(span, first=span.first + at + 1)
                continue
        if len(words) == 3 and words[1] == "-" and words[0] in bearers and words[2] in bearers:
            yield replace(span, last=span.first + 1)
            yield replace(span, first=span.first + 2)
            continue
        surname = words[0] in bearers and not find_place(words[0])
        if surname and len(words) > 2 and words[1:] in standing_index().kinds:
            yield replace(span, last=span.first + 1)
            yield Span(span.first + 1, span.last, standing_index().kinds[words[1:]])
            continue
        if len(words) > 1 and words[1:] in forms and forms[words] == 1:
            if any(len(form) > 1 for form in bearers.get(words[0], ())) and words[0].lower() not in first_names():
                yield Span(span.first, span.first + 1, "person")
                yield replace(span, first=span.first + 1)
                continue
            known = len(words) > 2 or any(len(form) > 1 and form != words for form in bearers[words[-1]])
            if known and line.opens_sentence(span.first) and words[0].lower() not in first_names():
                yield replace(span, first=span.first + 1)
                continue
        yield span


def acronyms(kinds: Mapping[Form, Kind]) -> dict[Form, Kind]:
    """Give the initials of the article's organizations as forms: 'IS' where it has 'Islamic State'."""
    result: dict[Form, Kind] = {}
    for form, kind in kinds.items():
        letters = "".join(word[0] for word in form if word[0].isupper())
        if kind == "organization" and 1 < len(letters) < 7 and letters.lower() not in listed("name_none"):
            result[(letters,)] = kind
    return {form: kind for form, kind in result.items() if form not in kinds}


def inside(span: Span, others: Iterable[Span]) -> bool:
    """Tell whether one of the others covers a span."""
    return any(o.first <= span.first and span.last <= o.last for o in others)


def in_capitals(kinds: Mapping[Form, Kind]) -> dict[Form, Kind]:
    """Give the forms as a headline in capitals writes them."""
    result: dict[Form, Kind] = {}
    for form, kind in kinds.items():
        shape = tuple(word.upper() for word in form)
        if form == shape or not (len(form) == 1 and form[0].lower() in listed("name_capitals")):
            result.setdefault(shape, kind)
    return result


def is_name_here(line: Line, span: Span, lower: frozenset[str]) -> bool:
    """Tell whether a form that is a name elsewhere is one here too."""
    words = line.words
    after = words[span.last] if span.last < len(words) else ""
    if line.shouts or len(span) > 1:
        return True
    word = words[span.first].lower()
    if span.first in line.common and word in listed("name_small_words"):
        return False
    if word in lower and (line.opens_sentence(span.first) or line.is_headline):
        return False
    ends = listed("name_organization_ends") | listed("name_place_ends")
    return not (span.kind == "person" and after[:1].isupper() and after.lower() in ends)


def is_emphasis(line: Line, span: Span, lower: frozenset[str], surnames: frozenset[str]) -> bool:
    """Tell a common word that only stands in capitals, or only opens a sentence, from a name."""
    word = line.words[span.first]
    if len(span) > 1 or len(word) < 4 or word.lower() not in lower:
        return False
    return word.isupper() or (line.opens_sentence(span.first) and word not in surnames)


def untangle(line: Line, spans: Iterable[Span], kinds: Mapping[Form, Kind]) -> Iterator[Span]:
    """Keep the longest of overlapping names, each with the kind the article gives its form."""
    taken: set[int] = set()
    kept = []
    for span in sorted(spans, key=lambda s: (-len(s), s.first)):
        places = range(span.first, span.last)
        if taken.isdisjoint(places):
            taken.update(places)
            form = line.words[span.first : span.last]
            kept.append(Span(span.first, span.last, kinds.get(form, span.kind)))
    kept.sort(key=lambda s: s.first)
    for i, span in enumerate(kept):
        yield place_here(line, span, kept[i - 1] if i else None)


def place_here(line: Line, span: Span, previous: Span | None) -> Span:
    """Tell the city from the person who is called like it: 'Paris flew to Paris'."""
    place = find_place(line.words[span.first]) if span.kind == "person" and len(span) == 1 else None
    if not place or span.first == 0:
        return span
    before = line.words[span.first - 1]
    listed_after_place = (
        before in ("and", ",")
        and previous is not None
        and previous.kind == "place"
        and previous.last == span.first - 1
    )
    return replace(span, kind="place") if before in TO_PLACES or listed_after_place else span


# What stands before places and seldom before persons.
TO_PLACES = frozenset(["in", "to", "near", "across", "through", "via", "outside"])
