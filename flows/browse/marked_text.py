"""An article's text, cut where its quotes and names begin and end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from ontherecord.warehouse.database import Row


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in a row that belong to the same name, or to none."""

    text: str
    entity_id: int | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Words in a row inside the same quote, the innermost if it lies in another, or inside none.

    `begins` and `ends` are the quotes that begin and end with these words.
    """

    pieces: tuple[Piece, ...]
    quote: Row | None
    begins: tuple[Row, ...]
    ends: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the body: its words, and the quotes that begin in it, by utterance."""

    runs: tuple[Run, ...]
    utterances: tuple[tuple[Row, ...], ...]


def mark_title(title: str, mentions: Sequence[Row]) -> tuple[Piece, ...]:
    """Return the headline, cut where names begin and end."""
    return tuple(
        piece
        for run in _runs(title, 0, (), [m for m in mentions if m["field"] == "title"])
        for piece in run.pieces
    )


def mark_body(body: str, quotes: Sequence[Row], mentions: Sequence[Row]) -> tuple[Paragraph, ...]:
    """Return the lines of a body that have words, cut where quotes and names begin and end."""
    names = [m for m in mentions if m["field"] == "body"]
    paragraphs = []
    start = 0
    for line in body.split("\n"):
        end = start + len(line)
        if line.strip():
            in_line = [q for q in quotes if q["char_start"] < end and q["char_end"] > start]
            named = [m for m in names if m["char_start"] < end and m["char_end"] > start]
            begun = [q for q in in_line if q["char_start"] >= start]
            paragraphs.append(Paragraph(tuple(_runs(line, start, in_line, named)), _utterances(begun)))
        start = end + 1
    return tuple(paragraphs)


def _utterances(quotes: Sequence[Row]) -> tuple[tuple[Row, ...], ...]:
    """Group quotes by utterance, in the order in which these begin."""
    grouped: dict[int, list[Row]] = {}
    for quote in quotes:
        grouped.setdefault(quote["utterance_no"], []).append(quote)
    return tuple(map(tuple, grouped.values()))


def _runs(line: str, offset: int, quotes: Sequence[Row], mentions: Sequence[Row]) -> Iterator[Run]:
    """Cut a line at offsets of the body; `offset` is that of its first character."""
    last = offset + len(line)
    ends = [end for row in (*quotes, *mentions) for end in (row["char_start"], row["char_end"])]
    cuts = sorted({offset, last, *(cut for cut in ends if offset < cut < last)})
    parts = [
        (start, end, _innermost(start, end, quotes), _innermost(start, end, mentions))
        for start, end in pairwise(cuts)
    ]
    for _, group in groupby(parts, key=lambda part: (part[2] or {}).get("quote_no")):
        run = list(group)
        start, end = run[0][0], run[-1][1]
        yield Run(
            tuple(_piece(line[a - offset : b - offset], mention) for a, b, _, mention in run),
            run[0][2],
            tuple(q for q in quotes if start <= q["char_start"] < end),
            tuple(q for q in quotes if start < q["char_end"] <= end),
        )


def _piece(text: str, mention: Row | None) -> Piece:
    return Piece(text.replace("\t", " "), mention["entity_id"] if mention else None)


def _innermost(start: int, end: int, rows: Sequence[Row]) -> Row | None:
    """Return the shortest of the rows that hold these words."""
    around = [row for row in rows if row["char_start"] <= start and row["char_end"] >= end]
    return min(around, key=lambda row: row["char_end"] - row["char_start"], default=None)
