"""File stream: read landed files in batches. A file with many articles gives as many batches as it needs.

Where a batch ends depends on the files alone, so a run that was killed and started again makes the same ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from sqlalchemy import Engine

from ontherecord.flows.landing.location import Reader
from ontherecord.flows.landing.parse import holds_many, split, with_suffix
from ontherecord.flows.landing.reading import Reading
from ontherecord.flows.pipeline.retries import FILE_SECONDS, find_transient, with_retries
from ontherecord.warehouse.errors import BadDelivery, FileChanged
from ontherecord.warehouse.ids import path_key
from ontherecord.warehouse.ledger import quarantined_in, rows_in
from ontherecord.warehouse.records import LandedFile, LedgerEntry, RawFile, Rejected

# Two batches are in memory, each as bytes, text, and names and quotes.
_BATCH_BYTES = 20_000_000
# Each batch looks through the tables for what it has, so a long table goes in longer ones: one batch more of
# a file has `size` articles more, up to ten times as many, as long as they are short.
_LONGEST_BATCH = 10
_SHORT_BYTES = 2_000_000
# Keys that are kept as a set, until they are sorted into an array, which takes a tenth of the memory.
_RECENT_KEYS = 50_000


class _Rows:
    """Pairs of numbers, in order of the first, 17 bytes each; `met` says which of them are in a file."""

    def __init__(self, pairs: Iterable[tuple[int, int]]) -> None:
        found = np.fromiter(pairs, np.dtype("i8,i8"))
        found = found[np.argsort(found["f0"])]
        self._keys, self._values = found["f0"].copy(), found["f1"].copy()
        self.met = np.zeros(len(found), np.bool_)

    def __len__(self) -> int:
        return len(self._keys)

    def place(self, key: int) -> int | None:
        """Return the place of a first number in this list; None if it is not there."""
        at = int(self._keys.searchsorted(key))
        return at if at < len(self._keys) and self._keys[at] == key else None


class KnownRows(_Rows):
    """The rows of a file that were processed when it came before, told by their digests."""

    def __init__(self, rows: Iterable[tuple[int, str]]) -> None:
        super().__init__((digest, path_key(path)) for digest, path in rows)

    def path_key(self, place: int) -> int:
        """Return the key of the path under which the row was delivered."""
        return int(self._values[place])


class HeldRows(_Rows):
    """The articles of a file that are quarantined now, told by the keys of their paths."""

    def __init__(self, rows: Iterable[tuple[str, int]]) -> None:
        super().__init__((path_key(path), delivery) for path, delivery in rows)

    def meet(self, key: int) -> None:
        """Note that the file has an article of this path, given by its key."""
        if (place := self.place(key)) is not None:
            self.met[place] = True

    def missing(self) -> tuple[int, ...]:
        """Return the deliveries whose articles were not met, by id, in order."""
        return tuple(np.sort(self._values[~self.met]).tolist())


class SeenKeys:
    """The paths of a file's articles that were read so far, as 8 bytes each."""

    def __init__(self) -> None:
        self._recent: set[int] = set()
        self._sorted = np.empty(0, np.int64)

    def add(self, key: int) -> bool:
        """Add a path by its key; return false if it was there."""
        at = int(np.searchsorted(self._sorted, key))
        if key in self._recent or (at < len(self._sorted) and self._sorted[at] == key):
            return False
        self._recent.add(key)
        if len(self._recent) >= _RECENT_KEYS:
            recent = np.fromiter(self._recent, np.int64, len(self._recent))
            self._sorted = np.sort(np.concatenate((self._sorted, recent)))
            self._recent.clear()
        return True


@dataclass(eq=False, slots=True)
class OpenFile:
    """A file with many articles, while it is read.

    `outcomes` counts its articles by what became of them. `held` are those that were quarantined when it came
    before. `known` rows are left out, and counted in `left_out`. `failed` says that it could not be read to
    its end.
    """

    raw: RawFile
    held: HeldRows
    known: KnownRows
    outcomes: Counter[str] = field(default_factory=Counter)
    seen: SeenKeys = field(default_factory=SeenKeys)
    left_out: Counter[str] = field(default_factory=Counter)
    failed: bool = False

    @property
    def path(self) -> str:
        return self.raw.landed.source_path

    def leave_out(self, digest: int) -> bool:
        """Say whether a row is left out, as it was processed before; count it.

        It is not if another row took its path.
        """
        place = self.known.place(digest)
        if place is None:
            return False
        if self.known.met[place]:
            self.left_out["duplicate"] += 1
            return True
        key = self.known.path_key(place)
        if not self.seen.add(key):
            return False
        self.known.met[place] = True
        self.left_out["unchanged"] += 1
        self.held.meet(key)
        return True


@dataclass(slots=True)
class FileBatch:
    """The files and articles of one batch, as read.

    `open_files` are the files with many articles of which some are in it, by path, `closed` those that end
    in it. `left_out` counts their rows that were processed before. `files_done` files of the run are complete
    when it is loaded.
    """

    name: str
    files_done: int = 0
    raws: list[RawFile] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    open_files: dict[str, OpenFile] = field(default_factory=dict)
    closed: list[OpenFile] = field(default_factory=list)
    postponed_count: int = 0
    unchanged_count: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    bytes: int = 0

    @property
    def article_count(self) -> int:
        return len(self.raws) + len(self.rejected)


@dataclass(frozen=True, slots=True)
class FileStream:
    """Reads files in order, `size` files or articles a batch, fewer if they are large, more if short.

    With `anew` all rows of a file are read, also those that are known.
    """

    files: Sequence[LandedFile]
    size: int
    engine: Engine
    reader: Reader
    reading: Reading
    ledger: Mapping[str, LedgerEntry]
    anew: bool = False

    def batches(self) -> Iterator[FileBatch]:
        """Yield the batches, at least one for each part of `size` files.

        Raises OSError if a file cannot be read for a reason that is neither transient nor the file's.
        """
        end = 0
        for part in _parts(self.files, self.size):
            start, end = end, end + len(part)
            yield from self._batches_of(part, start, f"files {start + 1}-{end}")

    def _batches_of(self, part: Sequence[LandedFile], start: int, name: str) -> Iterator[FileBatch]:
        batch, number = FileBatch(name, start), 1
        pauses: Sequence[float] = FILE_SECONDS
        self.reader.fetch(part)
        for landed in part:
            raw, pauses = self._read(landed, batch, pauses)
            if raw is None:
                continue
            if self._is_known(raw) or not holds_many(raw, self.reading):
                batch.raws.append(raw)
                batch.bytes += len(raw.kept)
                continue
            file = self._opened(raw)
            articles = self._articles(file)
            size = self.size
            while not _fill(batch, file, articles, self.size, size):
                yield batch
                number += 1
                size = min(size + self.size, self.size * _LONGEST_BATCH)
                batch = FileBatch(f"{name} (part {number})", start)
            batch.closed.append(file)
        batch.files_done = start + len(part)
        yield batch

    def _read(
        self, landed: LandedFile, batch: FileBatch, pauses: Sequence[float]
    ) -> tuple[RawFile | None, Sequence[float]]:
        """Return a file's bytes, None if it is postponed or invalid, and the pauses for the next one."""
        try:
            return read_file(self.reader.read, landed, pauses), pauses
        except FileChanged:
            batch.postponed_count += 1
        except OSError as error:
            if find_transient(error) is None:
                raise
            batch.postponed_count += 1
            pauses = ()  # the whole folder may be unreachable: do not wait for every file
        except BadDelivery as error:
            seen = self.ledger.get(landed.source_path)
            if seen and seen.status in ("quarantined", "dismissed") and seen.content_sha256 is None:
                batch.unchanged_count += 1  # still unreadable
            else:
                batch.rejected.append(Rejected(landed, None, error.failures))
        return None, pauses

    def _is_known(self, raw: RawFile) -> bool:
        seen = self.ledger.get(raw.landed.source_path)
        return seen is not None and seen.content_sha256 == raw.content_sha256 and seen.modified_ns is not None

    def _opened(self, raw: RawFile) -> OpenFile:
        path = raw.landed.source_path
        return OpenFile(
            raw,
            HeldRows(quarantined_in(self.engine, path)),
            KnownRows(() if self.anew else rows_in(self.engine, path)),
        )

    def _articles(self, file: OpenFile) -> Iterator[RawFile | Rejected | None]:
        """Yield the articles of a file; None for one that it has twice, and the file itself if it fails."""
        raw = replace(file.raw, is_known=file.leave_out) if len(file.known) else file.raw
        try:
            for part in split(raw, self.reading):
                key = path_key(part.landed.source_path)
                file.held.meet(key)
                if file.seen.add(key):
                    yield part
                elif isinstance(part, Rejected):
                    yield None
                else:
                    # Two articles with one key: told apart by their content, wherever they stand.
                    other = with_suffix(part, part.content_sha256[:8])
                    key = path_key(other.landed.source_path)
                    file.held.meet(key)
                    yield other if file.seen.add(key) else None
        except BadDelivery as error:
            file.failed = True
            yield Rejected(file.raw.landed, file.raw, error.failures)


def read_file(read: Callable[[LandedFile], RawFile], landed: LandedFile, pauses: Sequence[float]) -> RawFile:
    """Read a file, again after each pause while its location does not respond."""
    return with_retries(partial(read, landed), pauses)


def _fill(
    batch: FileBatch,
    file: OpenFile,
    articles: Iterator[RawFile | Rejected | None],
    size: int,
    size_of_short: int,
) -> bool:
    """Add the next articles of a file to a batch until it is full; say whether the file is at its end."""
    batch.open_files[file.path] = file
    try:
        return _add_articles(batch, file, articles, size, size_of_short)
    finally:
        batch.left_out += file.left_out
        file.outcomes += file.left_out
        file.left_out.clear()


def _add_articles(
    batch: FileBatch,
    file: OpenFile,
    articles: Iterator[RawFile | Rejected | None],
    size: int,
    size_of_short: int,
) -> bool:
    while batch.bytes < _BATCH_BYTES and batch.article_count < (
        size_of_short if batch.bytes < _SHORT_BYTES else size
    ):
        try:
            part = next(articles)
        except StopIteration:
            return True
        if part is None:
            file.left_out["duplicate"] += 1
        elif isinstance(part, Rejected):
            batch.rejected.append(part)
        else:
            batch.raws.append(part)
            batch.bytes += len(part.kept)
    return False


def _parts(files: Sequence[LandedFile], size: int) -> Iterator[Sequence[LandedFile]]:
    """Yield the files in order: `size` files each, fewer if they are large."""
    start, total = 0, 0
    for index, landed in enumerate(files):
        if index > start and (index - start == size or total + landed.bytes > _BATCH_BYTES):
            yield files[start:index]
            start, total = index, 0
        total += landed.bytes
    if files:
        yield files[start:]
