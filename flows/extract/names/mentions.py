"""From lines to mentions: every place where a name of the article stands, once, with its kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from ontherecord.flows.extract.names.gazetteer import Form, FormIndex, gazetteer_index, index_forms, is_listed
from ontherecord.flows.extract.names.kinds import decide
from ontherecord.flows.extract.names.lexicon import last_words
from ontherecord.flows.extract.names.merged import split_merged
from ontherecord.flows.extract.names.patterns import bracketed, dateline, names_by_form, standing_names
from ontherecord.flows.extract.names.places import find_place
from ontherecord.flows.extract.names.spans import repair
from ontherecord.flows.extract.names.tokens import Line, NameSpan
from ontherecord.flows.extract.word_lists import word_set
from ontherecord.warehouse.records import Kind


@dataclass(frozen=True, slots=True)
class Shown:
    """What a whole article shows of its names, for use on each of its lines.

    `small` and `capitals` find its forms in usual lines and in lines in capitals; `lower` are the words it
    also has in small letters, `surnames` the last words of its persons' full names, `body` all words of its
    body.
    """

    kinds: Mapping[Form, Kind]
    small: FormIndex
    capitals: FormIndex
    lower: frozenset[str]
    surnames: frozenset[str]
    body: frozenset[str]


def find_mentions(lines: Sequence[Line]) -> list[tuple[NameSpan, ...]]:
    """Give the names in each line, in order, not overlapping."""
    found = split_merged(lines, [candidates(line) for line in lines])
    kinds = decide(lines, found)
    shown = Shown(
        kinds=kinds,
        small=index_forms(kinds | acronyms(kinds)),
        capitals=index_forms(in_capitals(kinds)),
        lower=frozenset(word for line in lines for word in line.words if word.islower()),
        surnames=frozenset(form[-1] for form, kind in kinds.items() if kind == "person" and len(form) > 1),
        body=frozenset(word for line in lines if line.field == "body" for word in line.words),
    )
    return [mentions_in(line, spans, shown) for line, spans in zip(lines, found, strict=True)]


def mentions_in(line: Line, spans: Iterable[NameSpan], shown: Shown) -> tuple[NameSpan, ...]:
    """Join what stands out in a line with what the rest of the article finds in it."""
    kept = [s for s in spans if is_kept(line, s, shown)]
    places = {(s.first, s.last) for s in kept}
    searched = shown.capitals.find(line) if line.is_all_caps else shown.small.find(line)
    more = [s for s in searched if (s.first, s.last) in places or is_name_here(line, s, shown.lower)]
    more = [s for s in more if not opens_title(line, s, shown)]
    return tuple(untangle(line, [*kept, *more], shown.kinds))


def is_kept(line: Line, span: NameSpan, shown: Shown) -> bool:
    """Tell whether a candidate stays; in a headline capitals say nothing, and only known forms do."""
    form = line.words[span.first : span.last]
    if line.is_heading(span.first) and form not in shown.kinds and form not in gazetteer_index().kinds:
        return False
    return not is_emphasis(line, span, shown) and not opens_title(line, span, shown)


def candidates(line: Line) -> tuple[NameSpan, ...]:
    """Gather what the model, the line's form and the lists take for names."""
    end, places = dateline(line)
    spans = [*places]
    taken = [s for s in repair(line) if s.first >= end]
    spans += taken
    spans += bracketed(line, taken)
    reach = reaches(spans, len(line.words))
    spans += [s for s in names_by_form(line) if s.first >= end and s.last > reach[s.first]]
    reach = reaches(spans, len(line.words))
    spans += [s for s in standing_names(line) if s.last > reach[s.first]]
    return tuple(spans)


def acronyms(kinds: Mapping[Form, Kind]) -> dict[Form, Kind]:
    """Give the initials of the article's organizations as forms: 'IS' where it has 'Islamic State'."""
    result: dict[Form, Kind] = {}
    for form, kind in kinds.items():
        letters = "".join(word[0] for word in form if word[0].isupper())
        if (
            kind == "organization"
            and 1 < len(letters) < 7
            and letters.lower() not in word_set("names/non_names")
        ):
            result[(letters,)] = kind
    return {form: kind for form, kind in result.items() if form not in kinds}


def reaches(spans: Iterable[NameSpan], size: int) -> list[int]:
    """Say for each word how far the spans reach that begin at or before it: what ends there is covered."""
    reach = [0] * size
    for span in spans:
        reach[span.first] = max(reach[span.first], span.last)
    return list(accumulate(reach, max))


def in_capitals(kinds: Mapping[Form, Kind]) -> dict[Form, Kind]:
    """Give the forms as a headline in capitals writes them."""
    result: dict[Form, Kind] = {}
    for form, kind in kinds.items():
        shape = tuple(word.upper() for word in form)
        if form == shape or not (len(form) == 1 and form[0].lower() in word_set("names/ambiguous_capitals")):
            result.setdefault(shape, kind)
    return result


def is_name_here(line: Line, span: NameSpan, lower: frozenset[str]) -> bool:
    """Tell whether a form that is a name elsewhere is one here too."""
    words = line.words
    after = words[span.last] if span.last < len(words) else ""
    if line.is_all_caps or len(span) > 1:
        return True
    word = words[span.first].lower()
    if line.opens_sentence(span.first) and word in word_set("names/function_words"):
        return False
    if word in lower and (line.opens_sentence(span.first) or line.is_heading(span.first)):
        return False
    return not (span.kind == "person" and after[:1].isupper() and after.lower() in last_words())


def is_emphasis(line: Line, span: NameSpan, shown: Shown) -> bool:
    """Tell a common word that only stands in capitals, or only opens a sentence, from a name."""
    word = line.words[span.first]
    if len(span) > 1 or len(word) < 4 or word.lower() not in shown.lower:
        return False
    return word.isupper() or (line.opens_sentence(span.first) and word not in shown.surnames)


def opens_title(line: Line, span: NameSpan, shown: Shown) -> bool:
    """Tell the first word of a title that only opens it: whom a title names the body names again."""
    if line.field != "title" or line.is_all_caps or span.first or len(span) > 1 or not shown.body:
        return False
    word = line.words[0]
    return word not in shown.body and word.upper() not in shown.body and not is_listed((word,))


def untangle(line: Line, spans: Iterable[NameSpan], kinds: Mapping[Form, Kind]) -> Iterator[NameSpan]:
    """Keep the longest of overlapping names, each with the kind the article gives its form."""
    taken: set[int] = set()
    kept = []
    for span in sorted(spans, key=lambda s: (-len(s), s.first)):
        places = range(span.first, span.last)
        if taken.isdisjoint(places):
            taken.update(places)
            form = line.words[span.first : span.last]
            kept.append(NameSpan(span.first, span.last, kinds.get(form, span.kind)))
    kept.sort(key=lambda s: s.first)
    for i, span in enumerate(kept):
        yield place_here(line, span, kept[i - 1] if i else None)


def place_here(line: Line, span: NameSpan, previous: NameSpan | None) -> NameSpan:
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
