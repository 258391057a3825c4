"""Diff: what changed between two versions of an article, paragraph by paragraph and word by word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from ontherecord.warehouse.versions import Version

HEADERS = ("title", "supertitle", "section", "published_at", "dateline", "agency")
_WORD = re.compile(r"\s+|\w+|[^\w\s]")
# From this share of common words on, a paragraph counts as changed, not as a new one.
_ALIKE = 0.4
# With more pairs of words, or of paragraphs, than this, they are not compared one by one.
_MOST_WORDS = 25_000_000
_MOST_PARAGRAPHS = 250_000


Change = Literal["kept", "removed", "added"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of one version or both."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class ParagraphDiff:
    """A paragraph of one version or both; only a changed one has several pieces."""

    change: Change | Literal["changed"]
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class VersionDiff:
    """The headers that changed between two versions, and every paragraph of both bodies."""

    older: int
    newer: int
    headers: dict[str, tuple[Piece, ...]]
    paragraphs: tuple[ParagraphDiff, ...]

    @property
    def none(self) -> bool:
        return not self.headers and all(p.change == "kept" for p in self.paragraphs)


def diff_versions(older: Version, newer: Version) -> VersionDiff:
    """Return what changed from one version to another."""
    values = {name: (_shown(older, name), _shown(newer, name)) for name in HEADERS}
    return VersionDiff(
        older.version,
        newer.version,
        {name: word_changes(old, new) for name, (old, new) in values.items() if old != new},
        tuple(paragraph_changes(_paragraphs(older.body), _paragraphs(newer.body))),
    )


def paragraph_changes(old: Sequence[str], new: Sequence[str]) -> Iterator[ParagraphDiff]:
    """Yield the paragraphs of both versions, in reading order, each with its change."""
    for tag, i, to_i, j, to_j in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            yield from (_whole("kept", text) for text in old[i:to_i])
        else:
            yield from _replaced(old[i:to_i], new[j:to_j])


def word_changes(old: str, new: str) -> tuple[Piece, ...]:
    """Return two texts merged into one: what both have, what was removed and what was added."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    if len(before) * len(after) > _MOST_WORDS:
        return _joined([("removed", old), ("added", new)])
    parts: list[tuple[Change, str]] = []
    for tag, i, to_i, j, to_j in SequenceMatcher(str.isspace, before, after).get_opcodes():
        kept = "".join(before[i:to_i])
        if tag == "equal" and (kept.strip() or i == 0 or to_i == len(before)):
            parts.append(("kept", kept))
        else:  # a space between two changes reads better as part of them
            parts += [("removed", kept), ("added", "".join(after[j:to_j]))]
    return _joined(parts)


def _joined(parts: Sequence[tuple[Change, str]]) -> tuple[Piece, ...]:
    """Return the parts, with all that was removed or added between two kept ones joined."""
    pieces: list[Piece] = []
    removed = added = ""
    for change, text in [*parts, ("kept", "")]:
        if change == "removed":
            removed += text
        elif change == "added":
            added += text
        else:
            pieces += [Piece("removed", removed), Piece("added", added), Piece("kept", text)]
            removed = added = ""
    return tuple(piece for piece in pieces if piece.text)


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[ParagraphDiff]:
    """Yield replaced paragraphs: similar ones in pairs, the others alone."""
    bags = [] if len(old) * len(new) > _MOST_PARAGRAPHS else [Counter(_WORD.findall(text)) for text in new]
    next_new = 0
    for text in old:
        bag = Counter(_WORD.findall(text))
        alike = [_share(bag, other) for other in bags[next_new:]]
        if max(alike, default=0) < _ALIKE:
            yield _whole("removed", text)
            continue
        partner = next_new + alike.index(max(alike))
        yield from (_whole("added", other) for other in new[next_new:partner])
        yield ParagraphDiff("changed", word_changes(text, new[partner]))
        next_new = partner + 1
    yield from (_whole("added", other) for other in new[next_new:])


def _share(one: Counter[str], other: Counter[str]) -> float:
    """Return the share of words that both have, 0 to 1; spaces and punctuation do not count."""
    words = {word for word in one if word[0].isalnum()}
    total = sum(one[w] for w in words) + sum(n for w, n in other.items() if w[0].isalnum())
    return 2 * sum(min(one[w], other[w]) for w in words) / total if total else 0.0


def _whole(change: Change, text: str) -> ParagraphDiff:
    return ParagraphDiff(change, (Piece(change, text),))


def _shown(version: Version, name: str) -> str:
    value = getattr(version, name)
    return "" if value is None else str(value)


def _paragraphs(body: str) -> list[str]:
    return [line for line in body.split("\n") if line.strip()]
