"""Find the names of one article: entities, and every mention of each."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import zip_longest

from spacy.tokens import Doc

from ontherecord.flows.extract.name_forms import LONGEST_NICKNAME
from ontherecord.flows.extract.names.entities import resolve_entities
from ontherecord.flows.extract.names.lexicon import first_names
from ontherecord.flows.extract.names.mention_forms import NameMention
from ontherecord.flows.extract.names.mentions import find_mentions
from ontherecord.flows.extract.names.patterns import NICKNAME_MARKS
from ontherecord.flows.extract.names.spans import is_name_word
from ontherecord.flows.extract.names.tokens import Line, NameSpan, read_line
from ontherecord.warehouse.records import ArticleText, Entity, Mention


@dataclass(frozen=True, slots=True)
class Names:
    """The entities and mentions of an article; `entity_no` and `mention_no` index these tuples.

    Mentions are in order, the title's first, and never overlap. `genders` has one entry per entity:
    'female', 'male', or None where neither the article nor the lists show it.
    """

    entities: tuple[Entity, ...]
    mentions: tuple[Mention, ...]
    genders: tuple[str | None, ...]


def find_names(
    text: ArticleText,
    title: Doc,
    paragraphs: Sequence[tuple[int, Doc]],
    speakers: Sequence[tuple[int, int]] = (),
    captions: Set[int] = frozenset(),
) -> Names:
    """Find every name in an article and group the mentions of one entity.

    `speakers` is where in the body the labels of a transcript name persons. `captions` are the numbers, from
    1, of paragraphs that are a picture's caption: these give only names that the rest of the article has too,
    as a stock picture shows other places and people.
    """
    lines = [read_line("title", 0, title), *(read_line("body", offset, doc) for offset, doc in paragraphs)]
    spans_of = find_mentions(lines, speakers)
    surnames = {
        line.words[span.last - 1]
        for line, spans in zip(lines, spans_of, strict=True)
        for span in spans
        if span.kind == "person" and len(span) > 1
    }
    located = [
        locate(n, line, span, text.title if line.field == "title" else text.body, surnames, after)
        for n, (line, spans) in enumerate(zip(lines, spans_of, strict=True))
        for span, after in zip_longest(spans, spans[1:])
    ]
    found = without_captions_own(located, captions) if captions else located
    resolved = resolve_entities(found)
    mentions = (
        Mention(n, entity_no, f.field, f.start, f.end, f.text, resolved.entities[entity_no].kind)
        for n, (f, entity_no) in enumerate(zip(found, resolved.numbers, strict=True))
    )
    return Names(resolved.entities, tuple(mentions), resolved.genders)


def without_captions_own(found: Sequence[NameMention], captions: Set[int]) -> list[NameMention]:
    """Remove the mentions in captions whose names, or family names, the rest of the article does not have."""
    elsewhere = {
        form
        for mention in found
        if mention.line not in captions
        for form in (mention.text, mention.text.split()[-1])
    }
    return [
        mention
        for mention in found
        if mention.line not in captions or not elsewhere.isdisjoint((mention.text, mention.text.split()[-1]))
    ]


def locate(
    number: int,
    line: Line,
    span: NameSpan,
    source: str,
    surnames: Set[str],
    after: NameSpan | None,
) -> NameMention:
    """Convert a span of words to a mention with offsets into title or body.

    `surnames` are those of the article's full names, `after` is the next name of the line.
    """
    start, end = line.starts[span.first], line.ends[span.last - 1]
    before = line.words[span.first - 1] if span.first else ""
    if before == "." and span.first > 1 and line.is_glued(span.first - 1):
        before = line.words[span.first - 2]
    in_brackets = before == "(" and line.words[span.last : span.last + 1] == (")",)
    name = source[start:end]
    full_name = name
    nicknamed = nicknamed_person(line, span) if span.kind == "person" else ""
    if nicknamed:
        full_name = nicknamed
    elif span.kind == "person" and len(span) == 1 and name not in surnames:
        full_name = " ".join((name, *shared_surname(line, span.last)))
        full_name = " ".join((*name_before_nickname(line, span.first), full_name))
        if after is not None and is_nickname_of(line, span, after):
            full_name = source[line.starts[after.first] : line.ends[after.last - 1]]
    return NameMention(line.field, number, start, end, name, span.kind, before, in_brackets, full_name)


def name_before_nickname(line: Line, first: int) -> tuple[str, ...]:
    """Return the first name before a nickname in marks: 'William' before '"Wild Bill" Carver'."""
    if first < 3 or line.words[first - 1] not in NICKNAME_MARKS:
        return ()
    for opening in range(first - 3, max(0, first - 2 - LONGEST_NICKNAME) - 1, -1):
        opens = line.words[opening] in NICKNAME_MARKS and not line.is_glued(
            opening
        )  # not '"Tom" and "Baker"'
        if opens and opening and is_name_word(line.words[opening - 1]):
            return (line.words[opening - 1],)
    return ()


def nicknamed_person(line: Line, span: NameSpan) -> str:
    """Return the name around a nickname: 'Robert Carver' for 'Bobby' in 'Robert "Bobby" Carver'; else ''."""
    words, first, last = line.words, span.first, span.last
    if len(span) > LONGEST_NICKNAME or first < 2 or last + 1 >= len(words):
        return ""
    given, opening, closing, family = words[first - 2], words[first - 1], words[last], words[last + 1]
    marked = opening in NICKNAME_MARKS and closing in NICKNAME_MARKS and not line.is_glued(first - 1)
    if not marked or line.is_glued(last + 1) or not (is_name_word(given) and is_name_word(family)):
        return ""
    return f"{given} {family}" if given.istitle() and family.istitle() else ""


def is_nickname_of(line: Line, span: NameSpan, after: NameSpan) -> bool:
    """Whether a name is explained by a full one: 'Nacho is Ignacio Carver, who …'."""
    is_full = after.kind == "person" and len(after) > 1
    ends = line.words[after.last : after.last + 1] in ((), (",",), (".",))
    return is_full and ends and line.words[span.last : after.first] == ("is",)


def shared_surname(line: Line, at: int) -> tuple[str, ...]:
    """Return the surname that a first name shares with the next one: 'Carver' in 'Tom and Linda Carver'."""
    words = line.words[at - 1 : at + 3]
    is_couple = len(words) == 4 and words[1] in ("and", "&") and words[3][0].isupper()
    first = first_names()
    if not is_couple or words[0].lower() not in first or words[2].lower() not in first:
        return ()
    return (words[3],) if is_name_word(words[3]) else ()
