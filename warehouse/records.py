"""The records that are passed between stages, from landed file to warehouse.

Offsets are half-open, in Unicode code points, into the stored `title` or `body`:
`text[char_start:char_end]` is the record's text.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO, Literal

Kind = Literal["person", "organization", "place", "group", "event", "other"]
QuoteKind = Literal["direct", "mixed", "indirect", "act"]
SpeakerType = Literal["named person", "unnamed person", "organization", "unnamed group", "document"]
Field = Literal["title", "body"]
Gender = Literal["woman", "man", "they"]
# By what a text shows a gender, the strongest first; see the glossary.
GenderEvidence = Literal["statement", "title", "kin word", "pronoun", "first name"]
# Why a date header could not be parsed; each is a rule of the header suite, `date_…`.
DateProblem = Literal["unreadable", "impossible", "ambiguous", "relative", "number", "not_english"]

# A `split` delivery is a file with many articles, each of which has a delivery of its own. A `withdrawn` one
# was quarantined, and is missing in the next delivery of its file. A `dismissed` one nobody will fix.
DeliveryStatus = Literal[
    "loaded", "duplicate", "quarantined", "superseded", "split", "withdrawn", "dismissed"
]
# The kind, in ops.passed_over, of articles that a tombstone keeps out; the example is the tombstone's id.
TAKEN_DOWN = "taken down"
# The first bytes of a file that is too large to be kept in memory.
_HEAD_BYTES = 262_144


@dataclass(frozen=True, slots=True)
class InFile:
    """The place of an article in a file with many.

    `file_path` is the source path of the file, `key` tells the article from the others, and `number` counts
    them from 1. `digest` is that of the row as the file has it, by which it is known again; None if its form
    gives none.
    """

    file_path: str
    key: str
    number: int
    digest: int | None = None


# The header that says when a DOCX or PDF was made: not when its text was published.
DOCUMENT_CREATED = "document created"


@dataclass(frozen=True, slots=True)
class LandedFile:
    """A file as listed in the landing folder, not yet read, or an article in a file with many (`in_file`).

    `source_path` is relative to the landing root, `/`-separated and always valid Unicode; that of an article
    in a file is `file#key`. `file` is the path to open, or the name of an object or archive member.
    `modified_ns` is the modification time in nanoseconds since 1970. `archive` is the path or URL of the
    archive below the landing root that it is a member of; its `source_path` is `archive.zip/member`. `root`
    is the landing folder beneath which `file`, or `archive`, lies, to be opened without following a link.
    """

    source_path: str
    file: Path | str
    bytes: int
    modified_ns: int
    in_file: InFile | None = None
    archive: Path | str | None = None
    root: Path | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """The newest delivery of a path in the ledger.

    `modified_ns` is None if the file must be read again whatever its modification time. `digest` is that of
    its row, as in InFile.
    """

    content_sha256: str | None
    bytes: int
    modified_ns: int | None
    status: DeliveryStatus
    digest: int | None = None


@dataclass(frozen=True, slots=True)
class LoadedStory:
    """What a delivery under a known path is compared with: an article as it is loaded.

    `key` is what its path adds to that of its file; None if it adds nothing.
    """

    source_path: str
    key: str | None
    title: str
    published_on: date
    body: str


@dataclass(frozen=True, slots=True)
class RawFile:
    """A landed file and its bytes: in memory, or of a large file in a copy on disk, at `path`.

    `columns` are the user's own names of headers, by column, for forms that must know which one is the text.
    `is_known` says of a row, by its digest, that it was processed when the file came before: a form that
    gives digests leaves such rows out.
    """

    landed: LandedFile
    kept: bytes
    content_sha256: str
    path: Path | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    is_known: Callable[[int], bool] | None = None

    @property
    def content(self) -> bytes:
        """All bytes; of a large file they are read from its copy."""
        return self.kept if self.path is None else self.path.read_bytes()

    @property
    def head(self) -> bytes:
        """The first bytes, enough to tell the form."""
        if self.path is None:
            return self.kept[:_HEAD_BYTES]
        with self.path.open("rb") as file:
            return file.read(_HEAD_BYTES)

    def open(self) -> BinaryIO:
        """Return all bytes as a stream, which the caller closes."""
        return io.BytesIO(self.kept) if self.path is None else self.path.open("rb")

    def discard(self) -> None:
        """Remove the copy of a large file."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Failure:
    """One rule that a file failed; `value` is the invalid value, truncated.

    `held_until`, in UTC, is when the file is tried again by itself; None if it must be fixed.
    """

    rule: str
    column_name: str | None
    value: str | None
    message: str
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A quarantined file and every critical rule it failed; `raw` is None if it was unreadable."""

    landed: LandedFile
    raw: RawFile | None
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A parsed article: header values as delivered, the body, and all repairs.

    Header values are None if the header is missing or empty. `date_text` is the date as delivered,
    `published_at` its parsed value, `date_problem` why it could not be parsed, `date_readings` the days that
    it may mean if it is ambiguous. `warnings` are sorted rule ids. `conflicts` are repeated headers with
    different values: name and values. `headers` are those that fill no column: names, each once, and values
    as delivered. `byline` is as written; taken from the text, it has the credits below the text after it.
    `published_at_utc` is None if no time zone is known. `is_read` is false if names and quotes are not looked
    for, because the article is not in English. `embargo` is until when it may not be published, as delivered,
    and `embargo_until` that moment in UTC, None if it cannot be read. `body_problem` is why the body is no
    article, None if it may be one.
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
    form: str
    outlet: str | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    byline: str | None = None
    language: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    date_readings: str = ""
    published_at_utc: datetime | None = None
    is_read: bool = True
    embargo: str | None = None
    embargo_until: datetime | None = None
    body_problem: str | None = None

    def text(self) -> ArticleText:
        """Return the extractor's input."""
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
    """The extractor's input: an article's text and the header values that help to interpret it."""

    content_sha256: str
    title: str
    body: str
    dateline: str | None = None
    agency: str | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """Who or what some mentions in one article refer to, under the fullest name it uses."""

    entity_no: int
    name: str
    kind: Kind
    country_code: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at a position in an article; `entity_no` refers to the same extract."""

    mention_no: int
    entity_no: int
    field: Field
    char_start: int
    char_end: int
    text: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage attributed to a speaker; all offsets are into the body.

    `text` excludes quotation marks. Pieces of one split or continued quotation share `utterance_no`.
    `speaker_text` is the speaker phrase at this quote ('he'), or None if there is none. `speaker` is the
    resolved name ('John Kerry'), both names of joint speakers ('John Kerry and Sergei Lavrov'), the phrase
    itself for an unnamed source ('a monitoring group'), or None if unresolved. `speaker_no` is the speaker's
    `entity_no`, None for an unnamed source and for joint speakers. `rule` names the rule that decided the
    speaker, None in an extract of 1.0, and `speaker_type` is None if there is no speaker. `speaker_role` are
    the words by which the body introduces the speaker, here or before ('a spokesman for the union'); None if
    there are none, and for joint speakers.
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
    rule: str | None
    speaker_type: SpeakerType | None
    speaker_role: str | None = None
    role_start: int | None = None
    role_end: int | None = None


@dataclass(frozen=True, slots=True)
class QuoteSpeaker:
    """One speaker of a quote; joint speakers are several, in the order of the text.

    `entity_no` is None for an unnamed source. `speaker_role` is as in Quote.
    """

    quote_no: int
    speaker_no: int
    entity_no: int | None
    name: str
    speaker_role: str | None = None
    role_start: int | None = None
    role_end: int | None = None


@dataclass(frozen=True, slots=True)
class GenderCount:
    """How often words of one kind show one gender of a person, in one article.

    A first name counts once.
    """

    entity_no: int
    evidence: GenderEvidence
    gender: Gender
    times: int


def joint_name(names: Sequence[str]) -> str:
    """Return the names of the speakers of one quote as one text: 'A', 'A and B', 'A, B and C'."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


@dataclass(frozen=True, slots=True)
class Extract:
    """Everything that one extractor version found in one content."""

    content_sha256: str
    extractor_version: str
    entities: tuple[Entity, ...]
    mentions: tuple[Mention, ...]
    quotes: tuple[Quote, ...]
    quote_speakers: tuple[QuoteSpeaker, ...]
    genders: tuple[GenderCount, ...] = ()


@dataclass(frozen=True, slots=True)
class MadeWith:
    """What shapes the rows of a run beside the code.

    `settings` are those unlike their default, as JSON; `confidence_sha256` is of the table of confidences.
    """

    settings: str
    confidence_sha256: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may be a near duplicate of `earlier` ones, article ids in order of day and id."""

    article_id: int
    published_on: date
    body: str
    earlier: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NearPair:
    """Two near duplicates, the smaller id first.

    `overlap` is the share of the shorter text's word sequences that are in the other one too, 0 to 1.
    """

    article_id: int
    other_id: int
    overlap: float


@dataclass(frozen=True, slots=True)
class NameUse:
    """A person's name after aliases, and the articles that use it.

    `forms` are the names as articles give them, `is_curated` if aliases.csv has the name.
    """

    name: str
    surname: str
    forms: tuple[str, ...]
    article_count: int
    first_on: date
    last_on: date
    is_curated: bool


@dataclass(frozen=True, slots=True)
class NameContext:
    """What stands around a name in a sample of its articles.

    `introductions` has for each article the words before the name's mentions, `companions` the full names of
    other people there, and `apart` the other compared names that some article gives to somebody else.
    """

    introductions: tuple[tuple[str, ...], ...] = ()
    companions: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NameJoin:
    """A name that means the person of another name, and what shows it."""

    name: str
    joined_name: str
    reason: str
