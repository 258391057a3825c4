"""Find the mentions: every occurrence of every name of the article, each with its kind."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from ontherecord.flows.extract.names.companies import company_spans
from ontherecord.flows.extract.names.gazetteer import Form, FormIndex, gazetteer_index, index_forms, is_listed
from ontherecord.flows.extract.names.kinds import SPEECH_VERBS, decide_kinds
from ontherecord.flows.extract.names.lexicon import last_words
from ontherecord.flows.extract.names.merged import split_merged
from ontherecord.flows.extract.names.patterns import (
    bracketed_acronyms,
    gazetteer_names,
    names_by_context,
    read_dateline,
)
from ontherecord.flows.extract.names.places import find_place
from ontherecord.flows.extract.names.spans import is_name_word, repair_spans
from ontherecord.flows.extract.names.tokens import Line, NameSpan
from ontherecord.flows.extract.word_lists import word_set
from ontherecord.warehouse.records import Kind

# Who speaks under a name is a person, whatever the model makes of the capitals.
SPEAKER_WEIGHT = 100.0


@dataclass(frozen=True, slots=True)
class ArticleNames:
    """The names of a whole article, to find their occurrences in each line.

    `mixed_case` and `capitals` find the forms in ordinary lines and in all-caps lines; `lower` are the words
    that also occur in lower case, `surnames` the last words of persons' full names, `body` all words of the
    body.
    """

    kinds: Mapping[Form, Kind]
    mixed_case: FormIndex
    capitals: FormIndex
    lower: frozenset[str]
    surnames: frozenset[str]
    body: frozenset[str]


def find_mentions(
    lines: Sequence[Line], speakers: Sequence[tuple[int, int]] = ()
) -> list[tuple[NameSpan, ...]]:
    """Return the names in each line, in order, without overlaps.

    `speakers` is where in the body the labels of a transcript name persons, whatever the model makes of them.
    """
    found = split_merged(lines, [candidate_spans(line) for line in lines])
    found = [
        with_speakers(line, spans, speakers) if line.field == "body" else spans
        for line, spans in zip(lines, found, strict=True)
    ]
    kinds = decide_kinds(lines, found)
    article = ArticleNames(
        kinds=kinds,
        mixed_case=index_forms(kinds | organization_initials(kinds)),
        capitals=index_forms(uppercase_forms(kinds)),
        lower=frozenset(word for line in lines for word in line.words if word.islower()),
        surnames=frozenset(form[-1] for form, kind in kinds.items() if kind == "person" and len(form) > 1),
        body=frozenset(word for line in lines if line.field == "body" for word in line.words),
    )
    return [mentions_in(line, spans, article) for line, spans in zip(lines, found, strict=True)]


def mentions_in(line: Line, spans: Iterable[NameSpan], article: ArticleNames) -> tuple[NameSpan, ...]:
    """Merge a line's own candidates with the occurrences of names known from the rest of the article."""
    kept = [s for s in spans if is_kept(line, s, article)]
    positions = {(s.first, s.last) for s in kept}
    searched = article.capitals.find(line) if line.is_all_caps else article.mixed_case.find(line)
    more = [s for s in searched if (s.first, s.last) in positions or is_name_here(line, s, article.lower)]
    more = [s for s in more if not opens_title(line, s, article)]
    return tuple(resolve_overlaps(line, [*kept, *more], article.kinds))


def is_kept(line: Line, span: NameSpan, article: ArticleNames) -> bool:
    """Whether to keep a candidate; in title case only forms known from elsewhere count."""
    form = line.words[span.first : span.last]
    if follows_trans(line, span):
        return False
    if line.is_heading(span.first) and form not in article.kinds and form not in gazetteer_index().kinds:
        return False
    return not is_emphasis(line, span, article) and not opens_title(line, span, article)


def candidate_spans(line: Line) -> tuple[NameSpan, ...]:
    """Collect candidates from the model, the line's context and the gazetteer."""
    dateline_end, places = read_dateline(line)
    spans = [*places]
    repaired = [s for s in repair_spans(line) if s.first >= dateline_end]
    spans += repaired
    spans += bracketed_acronyms(line, repaired)
    covered = covered_until(spans, len(line.words))
    spans += [s for s in names_by_context(line) if s.first >= dateline_end and s.last > covered[s.first]]
    if not (line.is_all_caps or line.is_headline):
        known = {(s.first, s.last) for s in spans}
        spans += [s for s in company_spans(line) if (s.first, s.last) not in known]
    covered = covered_until(spans, len(line.words))
    spans += [s for s in gazetteer_names(line) if s.last > covered[s.first]]
    return tuple(spans)


def with_speakers(
    line: Line, spans: tuple[NameSpan, ...], speakers: Sequence[tuple[int, int]]
) -> tuple[NameSpan, ...]:
    """Replace a line's candidates by the persons that its labels name."""
    low = bisect_left(speakers, (line.starts[0], 0)) if line.starts else 0
    for start, end in speakers[low:]:
        if start >= line.ends[-1]:
            break
        first, last = bisect_left(line.starts, start), bisect_left(line.starts, end)
        label = NameSpan(first, last, "person", SPEAKER_WEIGHT)
        spans = (label, *(span for span in spans if span.last <= first or span.first >= last))
    return spans


def organization_initials(kinds: Mapping[Form, Kind]) -> dict[Form, Kind]:
    """Return the initials of the article's organizations as forms: 'IS' for 'Islamic State'."""
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


def covered_until(spans: Iterable[NameSpan], size: int) -> list[int]:
    """Return, for each word, the largest end of all spans that begin at or before it."""
    covered = [0] * size
    for span in spans:
        covered[span.first] = max(covered[span.first], span.last)
    return list(accumulate(covered, max))


def uppercase_forms(kinds: Mapping[Form, Kind]) -> dict[Form, Kind]:
    """Return the forms as an all-caps headline writes them."""
    result: dict[Form, Kind] = {}
    for form, kind in kinds.items():
        shape = tuple(word.upper() for word in form)
        if form == shape or not (len(form) == 1 and form[0].lower() in word_set("names/ambiguous_capitals")):
            result.setdefault(shape, kind)
    return result


def is_name_here(line: Line, span: NameSpan, lower: frozenset[str]) -> bool:
    """Whether an occurrence of a known form is a name here too."""
    words = line.words
    after = words[span.last] if span.last < len(words) else ""
    if follows_trans(line, span):
        return False
    if line.is_all_caps or len(span) > 1:
        return True
    word = words[span.first].lower()
    if span.kind == "person" and not is_name_word(words[span.first]):
        return speaks_or_acts(line, span)
    if line.opens_sentence(span.first) and word in word_set("names/function_words"):
        return False
    if word in lower and (line.opens_sentence(span.first) or line.is_heading(span.first)):
        return False
    return not (span.kind == "person" and after[:1].isupper() and after.lower() in last_words())


def speaks_or_acts(line: Line, span: NameSpan) -> bool:
    """Whether 'May' or 'Law' is a person here: 'May said', 'said May', but not 'in May' or 'May I'."""
    before, after = line.words[max(0, span.first - 1) : span.first], line.words[span.last : span.last + 2]
    if before and (before[0] in MONTH_PREPOSITIONS or before[0].isdigit()):
        return False
    if before and before[0] in SPEECH_VERBS:
        return not (after and after[0].isdigit())
    verbs = [word for word in after if word not in ADVERBS]
    acts = bool(verbs) and (verbs[0] in SPEECH_VERBS or verbs[0] in PERSONS_VERBS)
    return acts or after in ((",", "who"), ("'", "s"), ("’", "s"))


MONTH_PREPOSITIONS = frozenset(
    ("by", "during", "early", "every", "in", "last", "late", "mid", "next", "of", "since", "this", "until")
)
ADVERBS = frozenset(["also", "later", "never", "now", "once", "still", "then"])
PERSONS_VERBS = frozenset(
    (
        "accused", "argued", "arrived", "believes", "blamed", "called", "calls", "came", "claimed", "could",
        "declined", "denied", "did", "does", "faces", "faced", "gave", "had", "has", "hoped", "hopes",
        "insisted", "insists", "is", "made", "met", "needs", "promised", "refused", "replied", "resigned",
        "spoke", "thinks", "took", "tried", "urged", "vowed", "wanted", "wants", "warned", "was", "went",
        "will", "won", "would",
    )
)  # fmt: skip


def follows_trans(line: Line, span: NameSpan) -> bool:
    """Whether a name is part of an adjective like 'trans-Atlantic'."""
    return line.words[max(0, span.first - 2) : span.first] == ("trans", "-")


def is_emphasis(line: Line, span: NameSpan, article: ArticleNames) -> bool:
    """Whether a word is a common word, capitalized for emphasis or because it opens a sentence."""
    word = line.words[span.first]
    if len(span) > 1 or len(word) < 4 or word.lower() not in article.lower:
        return False
    return word.isupper() or (line.opens_sentence(span.first) and word not in article.surnames)


def opens_title(line: Line, span: NameSpan, article: ArticleNames) -> bool:
    """Whether a word is capitalized only as the first of a title, as the body never repeats it."""
    if line.field != "title" or line.is_all_caps or span.first or len(span) > 1 or not article.body:
        return False
    word = line.words[0]
    return word not in article.body and word.upper() not in article.body and not is_listed((word,))


def resolve_overlaps(line: Line, spans: Iterable[NameSpan], kinds: Mapping[Form, Kind]) -> Iterator[NameSpan]:
    """Keep the longest of overlapping spans, each with the kind of its form in the article."""
    taken: set[int] = set()
    kept = []
    for span in sorted(spans, key=lambda s: (-len(s), s.first)):
        positions = range(span.first, span.last)
        if taken.isdisjoint(positions):
            taken.update(positions)
            form = line.words[span.first : span.last]
            kept.append(NameSpan(span.first, span.last, kinds.get(form, span.kind)))
    kept.sort(key=lambda s: s.first)
    for i, span in enumerate(kept):
        yield disambiguate_place(line, span, kept[i - 1] if i else None)


def disambiguate_place(line: Line, span: NameSpan, previous: NameSpan | None) -> NameSpan:
    """Tell a city from a person of the same name: 'Paris flew to Paris'."""
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
    return replace(span, kind="place") if before in PREPOSITIONS_BEFORE_PLACES or listed_after_place else span


# Prepositions common before places and rare before persons.
PREPOSITIONS_BEFORE_PLACES = frozenset(["in", "to", "near", "across", "through", "via", "outside"])
