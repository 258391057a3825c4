"""The names of one article: whom it names, where, and which mentions mean the same one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from ontherecord.flows.extract.names.entities import FoundName, resolve
from ontherecord.flows.extract.names.mentions import find_mentions
from ontherecord.flows.extract.names.tokens import Line, NameSpan, read_line
from ontherecord.warehouse.records import ArticleText, Entity, Mention


@dataclass(frozen=True, slots=True)
class Names:
    """What an article names; `entity_no` and `mention_no` are places in these tuples.

    Mentions stand in order, the title's first, and never overlap. `genders` has one entry for each
    entity: 'female', 'male' or None where the article and the lists do not say.
    """

    entities: tuple[Entity, ...]
    mentions: tuple[Mention, ...]
    genders: tuple[str | None, ...]


def find_names(text: ArticleText, title: Doc, paragraphs: Sequence[tuple[int, Doc]]) -> Names:
    """Find every name in an article and resolve the mentions of one entity to its fullest name."""
    lines = [read_line("title", 0, title), *(read_line("body", offset, doc) for offset, doc in paragraphs)]
    found = [
        place(n, line, span, text.title if line.field == "title" else text.body)
        for n, (line, spans) in enumerate(zip(lines, find_mentions(lines), strict=True))
        for span in spans
    ]
    resolved = resolve(found)
    mentions = (
        Mention(n, entity_no, f.field, f.start, f.end, f.text, resolved.entities[entity_no].kind)
        for n, (f, entity_no) in enumerate(zip(found, resolved.numbers, strict=True))
    )
    return Names(resolved.entities, tuple(mentions), resolved.genders)


def place(number: int, line: Line, span: NameSpan, source: str) -> FoundName:
    """Turn a span of words into a name at a place in the article."""
    start, end = line.starts[span.first], line.ends[span.last - 1]
    before = line.words[span.first - 1] if span.first else ""
    if before == "." and span.first > 1 and line.is_glued(span.first - 1):
        before = line.words[span.first - 2]
    binds = before == "(" and line.words[span.last : span.last + 1] == (")",)
    return FoundName(line.field, number, start, end, source[start:end], span.kind, before, binds)
