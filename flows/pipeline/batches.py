"""The stages between discover and marts, for one batch of files: read, parse, validate, extract, load."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import Engine

from ontherecord.expectations.validate import HeaderSuite
from ontherecord.flows.landing.access import FolderReader
from ontherecord.flows.landing.forms.headed_text import parse
from ontherecord.flows.landing.location import Reader
from ontherecord.flows.landing.redelivery import REDELIVERY_RULES, check_redelivery
from ontherecord.flows.pipeline.finish import index_pending
from ontherecord.flows.pipeline.results import BatchResult, RunResult
from ontherecord.flows.pipeline.retries import FILE_SECONDS, find_transient, with_retries
from ontherecord.flows.pipeline.runner import Runner
from ontherecord.flows.workers.pool import ExtractionPool, Failed
from ontherecord.warehouse.aliases import Aliases
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import BadDelivery, FileChanged
from ontherecord.warehouse.ids import article_id
from ontherecord.warehouse.ledger import known_articles, loaded_bodies, loaded_contents
from ontherecord.warehouse.load import Accepted, Batch, KnownFile, load
from ontherecord.warehouse.quarantine import keep_bytes
from ontherecord.warehouse.records import (
    Delivery,
    Extract,
    Failure,
    LandedFile,
    LedgerEntry,
    RawFile,
    Rejected,
)
from ontherecord.warehouse.runs import RunCounts, now

_EXTRACT_AGAIN = (
    "Names and quotes could not be extracted. `ontherecord quarantine retry --rule extract_failed` tries "
    "again; ONTHERECORD_ARTICLE_TIMEOUT_SECONDS and ONTHERECORD_WORKER_MEMORY_MB give it more time or "
    "memory. If it fails again, report this with the file."
)


@dataclass(frozen=True, slots=True)
class BatchContext:
    """What the stages of a run work with.

    `standing` are the rules by which files are quarantined already: one that fails the same rules
    again is counted as quarantined, and nothing is written of it. `allowed` are the rules of compare that
    somebody has decided do not quarantine a file in this run.
    """

    engine: Engine
    home: DataDir
    suite: HeaderSuite
    pool: ExtractionPool
    ledger: Mapping[str, LedgerEntry]
    aliases: Aliases
    run_id: str
    reader: Reader = field(default_factory=FolderReader)
    current_failures: Mapping[str, frozenset[str]] = field(default_factory=dict)
    allowed: frozenset[str] = frozenset()


# A delivery that no critical rule quarantines, and the warnings it has.
_Passed = tuple[Delivery, tuple[str, ...]]


# A file has 5 MB at the most. Two batches are in memory, each as bytes, as text and as names and quotes.
_BATCH_BYTES = 20_000_000


@dataclass(slots=True)
class _BatchState:
    """The files of a batch on their way: what is settled leaves `fresh` stage by stage."""

    fresh: list[RawFile] = field(default_factory=list)
    batch_duplicates: list[RawFile] = field(default_factory=list)
    settled: list[KnownFile] = field(default_factory=list)
    touched: list[LandedFile] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    postponed_count: int = 0
    unchanged_count: int = 0


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A batch whose texts are with the extractor."""

    batch: _BatchState
    passed: list[_Passed]
    extracts: Future[dict[str, Extract | Failed]]


def process_files(
    files: Sequence[LandedFile],
    context: BatchContext,
    batch_size: int,
    report: RunResult,
    runner: Runner,
    until: Callable[[], bool] = lambda: False,
) -> int:
    """Take files in batches, each a step and a transaction, and tell of each.

    Ends early if `until` holds after a batch. Returns how many files were taken.
    """
    batches = Batches(files, batch_size, context)
    end = 0
    for number, part in enumerate(batches.parts):
        if number and until():
            return end
        start, end = end, end + len(part)
        batch = runner.run_step(f"files {start + 1}-{end}", partial(batches.take, number))
        report.add(batch)
        runner.log(f"files {start + 1}-{end} of {len(files)}: {batch.summary()}")
        runner.report_progress(end, len(files))
    return len(files)


class Batches:
    """Files in batches. While one is loaded, the texts of the next are with the extractor already."""

    def __init__(self, files: Sequence[LandedFile], size: int, context: BatchContext) -> None:
        self.parts = list(_cut(files, size))
        self._context = context
        self._ahead: dict[int, _Prepared] = {}

    def take(self, number: int) -> BatchResult:
        """Take a batch all the way into the writer's tables, in one transaction."""
        began = time.monotonic()
        prepared = self._ahead.pop(number, None) or _prepare(self.parts[number], self._context)
        if number + 1 < len(self.parts):
            with suppress(Exception):  # when its turn comes, it is tried again, and fails for all to see
                self._ahead[number + 1] = _prepare(self.parts[number + 1], self._context)
        loaded = _load(prepared, self._context, began)
        if number + 1 < len(self.parts):
            index_pending(self._context.engine)
        return loaded


def _cut(files: Sequence[LandedFile], size: int) -> Iterator[Sequence[LandedFile]]:
    """Yield files in order, so many at once, fewer if they are long."""
    start, total = 0, 0
    for at, landed in enumerate(files):
        if at > start and (at - start == size or total + landed.bytes > _BATCH_BYTES):
            yield files[start:at]
            start, total = at, 0
        total += landed.bytes
    if files:
        yield files[start:]


def _prepare(files: Sequence[LandedFile], context: BatchContext) -> _Prepared:
    """Take files as far as the extractor, without waiting for it; nothing is written."""
    batch = _read(files, context)
    _settle(batch, context)
    parsed = _parse(batch)
    passed = _compare(_validate(parsed, batch, context), batch, context)
    return _Prepared(batch, passed, context.pool.submit([delivery.text() for delivery, _ in passed]))


def _load(prepared: _Prepared, context: BatchContext, began: float) -> BatchResult:
    """Load what the extractor made of a batch, and what else became of its files."""
    accepted = _accept(prepared)
    with context.engine.connect():  # in a lake nobody else loads meanwhile
        return _load_accepted(accepted, prepared.batch, context, began)


def _load_accepted(
    accepted: list[Accepted], batch: _BatchState, context: BatchContext, began: float
) -> BatchResult:
    accepted = _settle_late(accepted, batch, context)
    _settle_batch_duplicates(batch, accepted)
    for rejected in batch.rejected:
        if rejected.raw:
            keep_bytes(context.home, rejected.raw)
    load(
        context.engine,
        Batch(
            tuple(accepted),
            tuple(batch.settled),
            tuple(r for r in batch.rejected if not _is_recorded(r, context)),
            tuple(batch.touched),
        ),
        context.run_id,
        now(),
        context.aliases,
    )
    duplicates = sum(1 for s in batch.settled if s.status == "duplicate")
    return BatchResult(
        RunCounts(
            loaded_count=len(accepted),
            unchanged_count=batch.unchanged_count + len(batch.settled) - duplicates,
            duplicate_count=duplicates,
            quarantined_count=len(batch.rejected),
            postponed_count=batch.postponed_count,
            mention_count=sum(len(a.extract.mentions) for a in accepted),
            quote_count=sum(len(a.extract.quotes) for a in accepted),
        ),
        tuple(batch.rejected),
        time.monotonic() - began,
    )


def _is_recorded(rejected: Rejected, context: BatchContext) -> bool:
    """Say whether a file is quarantined already by just the rules that it failed now."""
    failed = frozenset(failure.rule for failure in rejected.failures)
    return context.current_failures.get(rejected.landed.source_path) == failed


def _read(files: Sequence[LandedFile], context: BatchContext) -> _BatchState:
    batch = _BatchState()
    pauses: Sequence[float] = FILE_SECONDS
    context.reader.fetch(files)
    for landed in files:
        try:
            batch.fresh.append(with_retries(partial(context.reader.read, landed), pauses))
        except FileChanged:
            batch.postponed_count += 1
        except OSError as error:
            if find_transient(error) is None:
                raise
            batch.postponed_count += 1
            pauses = ()  # once is enough: the folder may be away for all of them
        except BadDelivery as error:
            seen = context.ledger.get(landed.source_path)
            if seen and seen.status == "quarantined" and seen.content_sha256 is None:
                batch.unchanged_count += 1  # as unreadable as it was
            else:
                batch.rejected.append(Rejected(landed, None, error.failures))
    return batch


def _settle(batch: _BatchState, context: BatchContext) -> None:
    """Take out the files whose content is known: the same as before, or another article's."""
    contents = loaded_contents(context.engine, {raw.content_sha256 for raw in batch.fresh})
    own = {raw.landed.source_path: article_id(raw.landed.source_path) for raw in batch.fresh}
    known = known_articles(context.engine, own.values())
    fresh: list[RawFile] = []
    taken: set[str] = set()
    for raw in batch.fresh:
        path, content = raw.landed.source_path, raw.content_sha256
        seen, holder = context.ledger.get(path), contents.get(content)
        if seen and seen.content_sha256 == content and seen.modified_ns is not None:
            batch.touched.append(raw.landed)
            batch.unchanged_count += 1
        elif holder == own[path]:
            batch.settled.append(KnownFile(raw.landed, content, holder, "loaded"))
        elif holder is not None and own[path] not in known:
            batch.settled.append(KnownFile(raw.landed, content, holder, "duplicate"))
        elif content in taken and own[path] not in known:
            batch.batch_duplicates.append(raw)
        else:
            taken.add(content)
            fresh.append(raw)
    batch.fresh = fresh


def _parse(batch: _BatchState) -> list[Delivery]:
    parsed = []
    for raw in batch.fresh:
        try:
            parsed.append(parse(raw))
        except BadDelivery as error:
            batch.rejected.append(Rejected(raw.landed, raw, error.failures))
    return parsed


def _validate(parsed: list[Delivery], batch: _BatchState, context: BatchContext) -> list[_Passed]:
    passed = []
    for delivery, verdict in zip(parsed, context.suite.validate(parsed), strict=True):
        if verdict.failures:
            batch.rejected.append(Rejected(delivery.raw.landed, delivery.raw, verdict.failures))
        else:
            passed.append((delivery, tuple(sorted({*delivery.warnings, *verdict.warnings}))))
    return passed


def _compare(passed: list[_Passed], batch: _BatchState, context: BatchContext) -> list[_Passed]:
    """Quarantine deliveries that are worse than what is loaded of their path."""
    ids = {d.raw.landed.source_path: article_id(d.raw.landed.source_path) for d, _ in passed}
    bodies = loaded_bodies(context.engine, ids.values())
    better = []
    for delivery, warnings in passed:
        if (body := bodies.get(ids[delivery.raw.landed.source_path])) is not None:
            found, more = check_redelivery(delivery, body)
            if failures := tuple(failure for failure in found if failure.rule not in context.allowed):
                batch.rejected.append(Rejected(delivery.raw.landed, delivery.raw, failures))
                continue
            warnings = tuple(sorted({*warnings, *more}))
        better.append((delivery, warnings))
    return better


def _accept(prepared: _Prepared) -> list[Accepted]:
    """Wait for the extracts, and quarantine those files that the extractor could not do."""
    extracts = prepared.extracts.result()
    batch, accepted = prepared.batch, []
    for delivery, warnings in prepared.passed:
        extract = extracts[delivery.raw.content_sha256]
        if isinstance(extract, Failed):
            failure = Failure(
                "extract_failed",
                "body",
                extract.reason,
                _EXTRACT_AGAIN,
            )
            batch.rejected.append(Rejected(delivery.raw.landed, delivery.raw, (failure,)))
        else:
            accepted.append(Accepted(delivery, warnings, extract))
    return accepted


def _settle_late(accepted: list[Accepted], batch: _BatchState, context: BatchContext) -> list[Accepted]:
    """Take out the files whose content the batch before loaded, after this one was settled."""
    holders = loaded_contents(context.engine, {a.delivery.raw.content_sha256 for a in accepted})
    own = {a.delivery.raw.landed.source_path: article_id(a.delivery.raw.landed.source_path) for a in accepted}
    known = known_articles(context.engine, own.values())
    still = []
    for a in accepted:
        raw = a.delivery.raw
        holder = holders.get(raw.content_sha256)
        if holder is None or own[raw.landed.source_path] in known:
            still.append(a)
        else:
            batch.settled.append(KnownFile(raw.landed, raw.content_sha256, holder, "duplicate"))
    return still


def _settle_batch_duplicates(batch: _BatchState, accepted: Sequence[Accepted]) -> None:
    """Give files with the content of another of the batch the fate of that one."""
    holders = {s.content_sha256: s.article_id for s in batch.settled}
    for a in accepted:
        holders[a.delivery.raw.content_sha256] = article_id(a.delivery.raw.landed.source_path)
    failures = {r.raw.content_sha256: r.failures for r in batch.rejected if r.raw}
    for raw in batch.batch_duplicates:
        content = raw.content_sha256
        if (holder := holders.get(content)) is not None:
            batch.settled.append(KnownFile(raw.landed, content, holder, "duplicate"))
        elif REDELIVERY_RULES.intersection(failure.rule for failure in failures[content]):
            batch.postponed_count += 1  # worse than that path's article, but this path has none: next run
        else:
            batch.rejected.append(Rejected(raw.landed, raw, failures[content]))
