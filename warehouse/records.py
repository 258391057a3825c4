"""The records that cross every boundary on the way from file to warehouse.

Offsets are half-open, in Unicode code points, into the stored `title` or `body`:
`text[char_start:char_end]` is the record's text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

Kind = Literal["person", "organization", "place", "group", "event", "other"]
QuoteKind = Literal["direct", "mixed", "indirect"]
Field = Literal["title", "body"]
# Why a date header could not be read; each is a rule of the header suite, `date_…`.
DateProblem = Literal["unreadable", "impossible", "ambiguous", "relative", "number", "not_english"]

DeliveryStatus = Literal["loaded", "duplicate", "quarantined", "superseded"]


@dataclass(frozen=True, slots=True)
class LandedFile:
    """A file as the listing of the landing folder shows it; nothing of it has been read.

    `source_path` is relative to the landing root, `/`-separated and always valid Unicode;
    `file` is the path to open, or an object's or archive member's name. `modified_ns` is the file's time in
    nanoseconds since 1970.
    """

    source_path: str
    file: Path | str
    bytes: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What the ledger knows of a path: its newest delivery.

    `modified_ns` is None where the file is to be looked at again whatever its time says.
    """

    content_sha256: str | None
    bytes: int
    modified_ns: int | None
    status: DeliveryStatus


@dataclass(frozen=True, slots=True)
class RawFile:
    """A landed file and its bytes."""

    landed: LandedFile
    content: bytes
    content_sha256: str


@dataclass(frozen=True, slots=True)
class Failure:
    """One rule that a file failed; `value` is what stood there, cut to a readable length."""

    rule: str
    column_name: str | None
    value: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A quarantined file, with every critical rule it failed; `raw` is None if it was unreadable."""

    landed: LandedFile
    raw: RawFile | None
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A landed file, parsed: header values as found, the body, and every repair made.

    Header values are None where the header is absent or empty. `date_text` is the date as
    delivered, `published_at` what it was read as, `date_problem` why not. `warnings` are rule ids, sorted.
    `conflicts` are the headers that stand there with several values: name, and the values.
    """

    raw: RawFile
    title: str | None
    supertitle: str | None
    section: str | None
    date_text: str | None
    published_at: datetime | None
    date_problem: DateProblem | None
    dateline: str | None
    agency: str | None
    body: str
    word_count: int
    conflicts: tuple[tuple[str, tuple[str, ...]], ...]
    warnings: tuple[str, ...]

    def text(self) -> ArticleText:
        """Return what the extractor gets of it."""
        return ArticleText(
            content_sha256=self.raw.content_sha256,
            title=self.title or "",
            body=self.body,
            dateline=self.dateline,
            agency=self.agency,
            published_at=self.published_at,
        )


@dataclass(frozen=True, slots=True)
class ArticleText:
    """What extraction may know of an article: its words and what its header says of them."""

    content_sha256: str
    title: str
    body: str
    dateline: str | None = None
    agency: str | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """Whom or what some mentions of one article mean, under the fullest name it gives."""

    entity_no: int
    name: str
    kind: Kind
    country_code: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at a place in an article; `entity_no` points into the same extract."""

    mention_no: int
    entity_no: int
    field: Field
    char_start: int
    char_end: int
    text: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Quote:
    """One stretch of words given to a speaker; all offsets are into the body.

    `text` is without its quotation marks. Pieces of one split or continued quotation share
    `utterance_no`. `speaker_text` is the speaker as the text names them at this quote, or None
    where it names none; `speaker` whom that means ('John Kerry' for 'he'), or the words for a
    source without a name ('a monitoring group'), or None where nobody could be found.
    `speaker_no` is that person's or organization's `entity_no`, None for a source without a name.
    """

    quote_no: int
    utterance_no: int
    kind: QuoteKind
    text: str
    char_start: int
    char_end: int
    cue: str | None
    cue_start: int | None
    cue_end: int | None
    speaker_text: str | None
    speaker_start: int | None
    speaker_end: int | None
    speaker_no: int | None
    speaker: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Extract:
    """All that one extractor version found in one content."""

    content_sha256: str
    extractor_version: str
    entities: tuple[Entity, ...]
    mentions: tuple[Mention, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may be a near duplicate of `earlier` ones: articles of days before, or listed before it."""

    article_id: int
    published_on: date
    body: str
    earlier: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NearPair:
    """Two near duplicates, the smaller id first.

    `overlap` is the share of the shorter text's word sequences that the other has too, 0 to 1.
    """

    article_id: int
    other_id: int
    overlap: float
