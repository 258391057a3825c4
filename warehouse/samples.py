"""Samples: random quotes of what is published, stratified, for people to check."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from math import sqrt

from ontherecord import sql
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import SheetError
from ontherecord.warehouse.plural import counted
from ontherecord.warehouse.publish import open_published

# Columns by which a sample can be stratified.
STRATA = ("kind", "outlet", "section", "agency", "language", "form", "speaker_type", "year", "month")


@dataclass(frozen=True, slots=True)
class SampledQuote:
    """A quote that was drawn, with its article; offsets are code points into `body`."""

    article_id: int
    quote_no: int
    source_path: str
    outlet: str | None
    published_on: date
    title: str
    body: str
    words: str
    char_start: int
    char_end: int
    kind: str
    speaker: str | None
    confidence: float
    extractor_version: str
    stratum: str


@dataclass(frozen=True, slots=True)
class Sample:
    """The quotes in random order, and how many quotes each stratum has."""

    quotes: tuple[SampledQuote, ...]
    strata: Mapping[str, int]
    by: tuple[str, ...]
    seed: int

    @property
    def total(self) -> int:
        return sum(self.strata.values())


def draw_sample(home: DataDir, count: int, by: Sequence[str], seed: int) -> Sample:
    """Draw so many quotes, without acts, from all strata.

    Raises SheetError if a column is unknown, nothing is published, or there are more strata than quotes.
    """
    if unknown := [name for name in by if name not in STRATA]:
        raise SheetError(f"There is no column {unknown[0]!r} to sample by. There are {', '.join(STRATA)}.")
    with closing(open_published(home)) as connection:
        connection.execute(sql.statement("coding", "1_labelled"), {"by": list(by), "seed": str(seed)})
        strata = dict(connection.execute(sql.statement("coding", "2_strata")).fetchall())
        if not strata:
            raise SheetError("No quote is published yet. Run `ontherecord ingest LANDING` first.")
        if len(strata) > count:
            raise SheetError(
                f"{', '.join(by)} make {len(strata):,} strata, more than {counted(count, 'quote')}: each "
                "needs one. Name fewer columns in --by, or ask for more with --quotes."
            )
        counts = allocate(strata, count)
        values = {"strata": list(counts), "counts": list(counts.values())}
        rows = connection.execute(sql.statement("coding", "3_draw"), values).fetchall()
    return Sample(tuple(SampledQuote(*row) for row in rows), strata, tuple(by), seed)


def allocate(sizes: Mapping[str, int], count: int) -> dict[str, int]:
    """Return how many to draw from each stratum: by the square root of its size, at least two if it has them.

    That is a power allocation (Bankier 1988): small strata get enough for figures of their own, and large
    ones still more.
    """
    least = 2 if 2 * len(sizes) <= count else 1
    drawn = {name: min(least, size) for name, size in sizes.items()}
    left = count - sum(drawn.values())
    queue = [(-sqrt(size) / (drawn[name] + 1), name) for name, size in sizes.items() if size > drawn[name]]
    heapq.heapify(queue)
    while left > 0 and queue:
        _, name = heapq.heappop(queue)
        drawn[name] += 1
        left -= 1
        if sizes[name] > drawn[name]:
            heapq.heappush(queue, (-sqrt(sizes[name]) / (drawn[name] + 1), name))
    return drawn
