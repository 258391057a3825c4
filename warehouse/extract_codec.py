"""Extracts as bytes, as the cache stores them and workers return them."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from ontherecord.warehouse.records import ArticleText, Entity, Extract, Mention, Quote, QuoteSpeaker

_FIELDS = {
    record: attrgetter(*record.__dataclass_fields__)  # fields in the order of the constructor
    for record in (Entity, Mention, Quote, QuoteSpeaker)
}


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
        for records in (extract.entities, extract.mentions, extract.quotes, extract.quote_speakers)
    ]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return PackedExtract(extract.content_sha256, extract.extractor_version, zlib.compress(text, 6))


def unpack(packed: PackedExtract) -> Extract:
    """Unpack an extract.

    Raises zlib.error or ValueError if the bytes are damaged.
    """
    entities, mentions, quotes, speakers = json.loads(zlib.decompress(packed.payload))
    return Extract(
        packed.content_sha256,
        packed.extractor_version,
        tuple(Entity(*row) for row in entities),
        tuple(Mention(*row) for row in mentions),
        tuple(Quote(*row) for row in quotes),
        tuple(QuoteSpeaker(*row) for row in speakers),
    )


def exact_text_sha256(text: ArticleText) -> str:
    """Return the SHA-256 of the exact title and body: an extract's offsets fit no other text.

    (`ids.words_sha256` ignores case and white space: articles with the same words are duplicates.)
    """
    return hashlib.sha256(f"{text.title}\n{text.body}".encode()).hexdigest()
