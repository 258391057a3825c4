"""An export as one file with several tables, and what to tell of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class WholeFile:
    """An exported file: its rows by table, and notes on what is not in it as it is published."""

    file: Path
    row_counts: dict[str, int]
    bytes: int
    notes: tuple[str, ...] = ()
