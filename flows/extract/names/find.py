"""Find the names of one article: entities, and every mention of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from ontherecord.flows.extract.names.entities import NameMention, resolve_entities
from ontherecord.flows.extract.names.mentions import find_mentions
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


def find_names(text: ArticleText, title: Doc, paragraphs: Sequence[tuple[int, Doc]]) -> Names:
    """Find every name in an article and group the mentions of one entity."""
    lines = [read_line("title", 0, title), *(read_line("body", offset, doc) for offset, doc in paragraphs)]
    found = [
        locate(n, line, span, text.title if line.field == "title" else text.body)
        for n, (line, spans) in enumerate(zip(lines, find_mentions(lines), strict=True))
        for span in spans
    ]
    resolved = resolve_entities(found)
    mentions = (
        Mention(n, entity_no, f.field, f.start, f.end, f.text, resolved.entities[entity_no].kind)
        for n, (f, entity_no) in enumerate(zip(found, resolved.numbers, strict=True))
    )
    return Names(resolved.entities, tuple(mentions), resolved.genders)


def locate(number: int, line: Line, span: NameSpan, source: str) -> NameMention:
    """Convert a span of words to a mention with offsets into title or body."""
    start, end = line.starts[span.first], line.ends[span.last - 1]
    before = line.words[span.first - 1] if span.first else ""
    if before == "." and span.first > 1 and line.is_glued(span.first - 1):
        before = line.words[span.first - 2]
    in_brackets = before == "(" and line.words[span.last : span.last + 1] == (")",)
    return NameMention(line.field, number, start, end, source[start:end], span.kind, before, in_brackets)
