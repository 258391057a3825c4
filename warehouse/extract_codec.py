"""Extracts as bytes, as the cache stores them and workers return them."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal, get_args, get_origin, get_type_hints

from ontherecord.warehouse.records import (
    ArticleText,
    Entity,
    Extract,
    GenderCount,
    Mention,
    Quote,
    QuoteSpeaker,
    SpeakerType,
)

_FIELDS = {
    record: attrgetter(*record.__dataclass_fields__)  # fields in the order of the constructor
    for record in (Entity, Mention, Quote, QuoteSpeaker, GenderCount)
}
# The type of a speaker by the kind of its entity, for extracts of 1.0, else organization; as
# sql/migrations/0009 and as `speaker_type_of` gives it.
_TYPES: dict[str, SpeakerType] = {"person": "named person", "group": "unnamed group"}

_Rows = list[list[Any]]


class DamagedExtract(ValueError):
    """The bytes of an extract are damaged, or those of something else."""


class _Shape:
    """What the rows of a record may be: the types of each field, and of one with few words these.

    `seen` are the types of rows that were found to be right: there are few, and many rows.
    """

    def __init__(self, record: type) -> None:
        hints = get_type_hints(record).values()
        self.fields = [frozenset(_types(hint)) for hint in hints]
        words = ((place, _words(hint)) for place, hint in enumerate(hints))
        self.words = [(place, allowed) for place, allowed in words if allowed]
        self.seen: set[tuple[type, ...]] = set()

    def require(self, rows: _Rows) -> None:
        """Raise ValueError if one of the rows is of another shape."""
        for row in rows:
            types = tuple(map(type, row))
            if types not in self.seen:
                if not all(given in allowed for given, allowed in zip(types, self.fields, strict=False)):
                    raise ValueError(f"of another shape: {str(row)[:100]}")
                self.seen.add(types)
            for place, words in self.words:
                if place < len(row) and row[place] not in words:
                    raise ValueError(f"an unknown word: {str(row[place])[:100]}")


def _types(hint: Any) -> Iterator[type]:
    for part in [hint] if get_origin(hint) is Literal else get_args(hint) or (hint,):
        yield str if get_origin(part) is Literal else part
        if part is float:
            yield int  # a measured share may be a whole number


def _words(hint: Any) -> frozenset[str | None]:
    """Return the words that a field may have, with None if it may be missing; none if it may be any text."""
    if get_origin(hint) is Literal:
        return frozenset(get_args(hint))
    parts = get_args(hint)
    words = [word for part in parts if get_origin(part) is Literal for word in get_args(part)]
    return frozenset((*words, None)) if words else frozenset()


@dataclass(frozen=True, slots=True)
class PackedExtract:
    """An extract whose `payload` is its rows as zlib-compressed JSON."""

    content_sha256: str
    extractor_version: str
    payload: bytes


def pack(extract: Extract) -> PackedExtract:
    """Pack an extract into bytes.

    Raises UnicodeEncodeError if a text is not valid Unicode.
    """
    rows: list[list[Any]] = [
        [_FIELDS[type(record)](record) for record in records]
        for records in (
            extract.entities,
            extract.mentions,
            extract.quotes,
            extract.quote_speakers,
            extract.genders,
        )
    ]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return PackedExtract(extract.content_sha256, extract.extractor_version, zlib.compress(text, 6))


def unpack(packed: PackedExtract) -> Extract:
    """Unpack an extract, one of 1.0 too.

    One of rules before roles and genders were kept has four lists, without them: its quotes have no roles.
    Raises DamagedExtract if the bytes are damaged, or those of something else.
    """
    try:
        rows = json.loads(zlib.decompress(packed.payload))
        if len(rows) == 3:
            rows = _upgrade(*rows)
        entities, mentions, quotes, speakers, genders = rows if len(rows) != 4 else (*rows, [])
        for shape, records in zip(_SHAPES, (entities, mentions, quotes, speakers, genders), strict=True):
            shape.require(records)
        _require_what_is_named(entities, mentions, quotes, speakers, genders)
        return Extract(
            packed.content_sha256,
            packed.extractor_version,
            tuple(Entity(*row) for row in entities),
            tuple(Mention(*row) for row in mentions),
            tuple(Quote(*row) for row in quotes),
            tuple(QuoteSpeaker(*row) for row in speakers),
            tuple(GenderCount(*row) for row in genders),
        )
    except (zlib.error, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise DamagedExtract(f"The extract of {packed.content_sha256} is damaged: {error}") from error


_SHAPES = tuple(_Shape(record) for record in _FIELDS)


def _require_what_is_named(
    entities: _Rows, mentions: _Rows, quotes: _Rows, speakers: _Rows, genders: _Rows
) -> None:
    """Raise ValueError if a row names an entity or a quote that is not there."""
    named = {row[1] for row in mentions} | {row[2] for row in speakers} | {row[0] for row in genders}
    if not named <= {None, *(row[0] for row in entities)}:
        raise ValueError("it names an entity that it does not have")
    if not {row[0] for row in speakers} <= {row[0] for row in quotes}:
        raise ValueError("it names a quote that it does not have")


def _upgrade(entities: _Rows, mentions: _Rows, quotes: _Rows) -> tuple[_Rows, _Rows, _Rows, _Rows]:
    """Return the rows of an extract of 1.0 with rule, type and row of each speaker.

    A rebuild loads such extracts without the model.
    """
    kinds = {number: kind for number, _, kind, *_ in entities}
    upgraded, speakers = [], []
    for quote in quotes:
        quote_no, *_, speaker_no, speaker, _ = quote
        kind = kinds.get(speaker_no)
        upgraded.append([*quote, None, _TYPES.get(kind, "organization") if kind is not None else None])
        if speaker is not None:
            speakers.append([quote_no, 0, speaker_no, speaker])
    return entities, mentions, upgraded, speakers


def exact_text_sha256(text: ArticleText) -> str:
    """Return the SHA-256 of the exact title and body: an extract's offsets fit no other text.

    (`ids.words_sha256` ignores case and white space: articles with the same words are duplicates.)
    """
    return hashlib.sha256(f"{text.title}\n{text.body}".encode()).hexdigest()
