"""Extracts as bytes, as the cache stores them and workers return them."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

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
    Raises zlib.error or ValueError if the bytes are damaged.
    """
    rows = json.loads(zlib.decompress(packed.payload))
    if len(rows) == 3:
        rows = _upgrade(*rows)
    entities, mentions, quotes, speakers, genders = rows if len(rows) != 4 else (*rows, [])
    return Extract(
        packed.content_sha256,
        packed.extractor_version,
        tuple(Entity(*row) for row in entities),
        tuple(Mention(*row) for row in mentions),
        tuple(Quote(*row) for row in quotes),
        tuple(QuoteSpeaker(*row) for row in speakers),
        tuple(GenderCount(*row) for row in genders),
    )


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
