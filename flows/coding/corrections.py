"""Corrections from a filled sheet: what a coder put right, as lines of corrections.csv."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ontherecord.flows.coding.sheet import NO, CodedQuote, Sheet
from ontherecord.warehouse.corrections import (
    Correction,
    consistent,
    numbered,
    read_corrections,
    write_corrections,
)
from ontherecord.warehouse.data_dir import DataDir


@dataclass(frozen=True, slots=True)
class SheetCorrections:
    """The lines that a sheet makes, and the rows that are wrong but do not say what is right."""

    lines: tuple[Correction, ...]
    unsaid: tuple[CodedQuote, ...]


def corrections_of(sheet: Sheet) -> SheetCorrections:
    """Return the lines that a filled sheet makes."""
    lines: list[Correction] = []
    unsaid = []
    for row in sheet.rows:
        found = list(_of_row(row))
        lines += found
        asks = NO in (row.words_right, row.speaker_right)
        has = {line.what for line in found}
        if asks and (
            (row.words_right == NO and "limits" not in has)
            or (row.speaker_right == NO and "speaker" not in has)
        ):
            unsaid.append(row)
    return SheetCorrections(tuple(numbered(lines, 1)), tuple(unsaid))


def _of_row(row: CodedQuote) -> Iterable[Correction]:
    def line(what: str, becomes: str | None) -> Correction:
        note = row.note or f"coded as {row.id}"
        return Correction(0, what, row.article, row.place, row.words, becomes, note)  # type: ignore[arg-type]

    if row.is_quote == NO:
        yield line("not a quote", None)
        return
    if row.words_right == NO and (row.starts_with or row.ends_with):
        yield line("limits", f"{row.starts_with or ''} … {row.ends_with or ''}".strip())
    if row.speaker_right == NO and row.right_speaker:
        yield line("speaker", row.right_speaker)
    if row.right_kind and row.right_kind != row.kind:
        yield line("kind", row.right_kind)


def add_corrections(home: DataDir, new: Sequence[Correction]) -> tuple[int, int]:
    """Add lines to corrections.csv, in the place of those on the same; return how many are new and replaced.

    Raises CorrectionError if the file is invalid, would contradict itself, or cannot be written.
    """
    existing = read_corrections(home)
    by_key = {line.key(): line for line in existing}
    replaced = sum(line.key() in by_key and by_key[line.key()].becomes != line.becomes for line in new)
    added = sum(line.key() not in by_key for line in new)
    lines = consistent(numbered(({**by_key, **{n.key(): n for n in new}}).values(), 2), str(home.corrections))
    write_corrections(home, lines)
    return added, replaced
