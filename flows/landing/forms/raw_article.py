"""What every form makes of a file: its articles as they were written, before headers are interpreted."""

from __future__ import annotations

from dataclasses import dataclass

from ontherecord.warehouse.records import Failure


@dataclass(frozen=True, slots=True)
class RawArticle:
    """One article of a file, as its form delivers it.

    `key` tells it from the other articles of its file: the URL or id that the file gives, None where it
    gives none. `headers` are the values by name as the file writes them, in its order; nested names are
    joined by dots (`fields.bodyText`), a name given twice is there twice. `body` is the text, one paragraph
    per line. `number` counts the articles of the file from 1: a table's row, a feed's item. `repairs` are
    sorted warning ids. `digest` is that of the row as the file has it, None if the form gives none.
    `text_name` is the column of a table that the text is from.
    """

    number: int
    key: str | None
    headers: tuple[tuple[str, str], ...]
    body: str
    repairs: tuple[str, ...] = ()
    digest: int | None = None
    text_name: str | None = None


@dataclass(frozen=True, slots=True)
class BadArticle:
    """One article of a file that could not be read, and why; the other articles of the file are read."""

    number: int
    key: str | None
    failure: Failure
    digest: int | None = None
