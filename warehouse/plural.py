"""Counts in words: "1 file", "1,204 files"."""

from __future__ import annotations


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return a count and its noun; `many` is needed only where the plural is not `one` and an s."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
