"""Batches: read, parse, validate, extract and load files, a batch in one transaction."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import Engine

from ontherecord.expectations.validate import HeaderSuite
from ontherecord.flows.extract.text.transcript_lines import is_unread_transcript
from ontherecord.flows.landing.access import FolderReader
from ontherecord.flows.landing.forms.headed_text import parse
from ontherecord.flows.landing.location import Reader
from ontherecord.flows.landing.redelivery import REDELIVERY_RULES, check_redelivery
from ontherecord.flows.pipeline.finish import index_pending
from ontherecord.flows.pipeline.results import BatchResult
from ontherecord.flows.pipeline.retries import FILE_SECONDS, find_transient, with_retries
from ontherecord.flows.workers.pool import ExtractionPool, Failed
from ontherecord.warehouse.aliases import Aliases
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import BadDelivery, FileChanged
from ontherecord.warehouse.ids import article_id
from ontherecord.warehouse.ledger import known_articles, loaded_bodies, loaded_contents
from ontherecord.warehouse.load import Accepted, Batch, KnownFile, load
from ontherecord.warehouse.quarantine import store_bytes
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

_EXTRACT_FAILED = (
    "Names and quotes could not be extracted. Retry with `ontherecord quarantine retry --rule "
    "extract_failed`; ONTHERECORD_ARTICLE_TIMEOUT_SECONDS and ONTHERECORD_WORKER_MEMORY_MB allow more time "
    "or memory. If it fails again, report this with the file."
)


@dataclass(frozen=True, slots=True)
class BatchContext:
    """What the stages of a batch need.

    `current_failures` are, by path, the rules for which files are in quarantine now: a file that fails the
    same rules again is counted as quarantined, but not recorded again. `allowed` are the redelivery rules
    that the user has waived for this run.
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


# A delivery that passed all critical rules, and its warnings.
_Passed = tuple[Delivery, tuple[str, ...]]


# A file has at most 5 MB. Two batches are in memory, each as bytes, text, and names and quotes.
_BATCH_BYTES = 20_000_000


@dataclass(slots=True)
class _BatchState:
    """The files of a batch: stage by stage, files whose status is known leave `fresh`."""

    fresh: list[RawFile] = field(default_factory=list)
    batch_duplicates: list[RawFile] = field(default_factory=list)
    known: list[KnownFile] = field(default_factory=list)
    touched: list[LandedFile] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    postponed_count: int = 0
    unchanged_count: int = 0


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A batch whose texts are being extracted."""

    batch: _BatchState
    passed: list[_Passed]
    extracts: Future[dict[str, Extract | Failed]]


class Batches:
    """Files in batches. While one is loaded, the workers already extract the next."""

    def __init__(self, files: Sequence[LandedFile], size: int, context: BatchContext) -> None:
        self.parts = list(_split(files, size))
        self._context = context
        self._ahead: dict[int, _Prepared] = {}

    def load(self, number: int) -> BatchResult:
        """Load a batch into the writer's tables, in one transaction."""
        began = time.monotonic()
        prepared = self._ahead.pop(number, None) or _prepare(self.parts[number], self._context)
        if number + 1 < len(self.parts):
            with suppress(Exception):  # the batch is prepared again in its own step, which reports the error
                self._ahead[number + 1] = _prepare(self.parts[number + 1], self._context)
        loaded = _load(prepared, self._context, began)
        if number + 1 < len(self.parts):
            index_pending(self._context.engine)
        return loaded


def _split(files: Sequence[LandedFile], size: int) -> Iterator[Sequence[LandedFile]]:
    """Yield batches of files in order: `size` files each, fewer if they are large."""
    start, total = 0, 0
    for index, landed in enumerate(files):
        if index > start and (index - start == size or total + landed.bytes > _BATCH_BYTES):
            yield files[start:index]
            start, total = index, 0
        total += landed.bytes
    if files:
        yield files[start:]


def _prepare(files: Sequence[LandedFile], context: BatchContext) -> _Prepared:
    """Read, parse and validate files and submit their texts for extraction; write nothing."""
    batch = _read(files, context)
    _sort_out_known(batch, context)
    parsed = _parse(batch)
    passed = _compare_with_loaded(_validate(parsed, batch, context), batch, context)
    return _Prepared(batch, passed, context.pool.submit([delivery.text() for delivery, _ in passed]))


def _load(prepared: _Prepared, context: BatchContext, began: float) -> BatchResult:
    """Wait for the extracts of a batch; load them and record the status of all its files."""
    accepted = _accept(prepared)
    with context.engine.connect():  # in a lake, this keeps other machines from loading meanwhile
        return _load_accepted(accepted, prepared.batch, context, began)


def _load_accepted(
    accepted: list[Accepted], batch: _BatchState, context: BatchContext, began: float
) -> BatchResult:
    accepted = _sort_out_just_loaded(accepted, batch, context)
    _resolve_batch_duplicates(batch, accepted)
    for rejected in batch.rejected:
        if rejected.raw:
            store_bytes(context.home, rejected.raw)
    load(
        context.engine,
        Batch(
            tuple(accepted),
            tuple(batch.known),
            tuple(r for r in batch.rejected if not _is_recorded(r, context)),
            tuple(batch.touched),
        ),
        context.run_id,
        now(),
        context.aliases,
    )
    duplicates = sum(1 for file in batch.known if file.status == "duplicate")
    return BatchResult(
        RunCounts(
            loaded_count=len(accepted),
            unchanged_count=batch.unchanged_count + len(batch.known) - duplicates,
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
    """Say whether a file is already in quarantine for exactly the rules that it failed now."""
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
            pauses = ()  # the whole folder may be unreachable: do not wait for every file
        except BadDelivery as error:
            seen = context.ledger.get(landed.source_path)
            if seen and seen.status == "quarantined" and seen.content_sha256 is None:
                batch.unchanged_count += 1  # still unreadable
            else:
                batch.rejected.append(Rejected(landed, None, error.failures))
    return batch


def _sort_out_known(batch: _BatchState, context: BatchContext) -> None:
    """Take out files whose content is already loaded: unchanged, or a duplicate of another article."""
    owners = loaded_contents(context.engine, {raw.content_sha256 for raw in batch.fresh})
    existing = known_articles(context.engine, [article_id(raw.landed.source_path) for raw in batch.fresh])
    fresh: list[RawFile] = []
    contents: set[str] = set()
    for raw in batch.fresh:
        path, content = raw.landed.source_path, raw.content_sha256
        own_id = article_id(path)
        seen, owner = context.ledger.get(path), owners.get(content)
        if seen and seen.content_sha256 == content and seen.modified_ns is not None:
            batch.touched.append(raw.landed)
            batch.unchanged_count += 1
        elif owner == own_id:
            batch.known.append(KnownFile(raw.landed, content, owner, "loaded"))
        elif owner is not None and own_id not in existing:
            batch.known.append(KnownFile(raw.landed, content, owner, "duplicate"))
        elif content in contents and own_id not in existing:
            batch.batch_duplicates.append(raw)
        else:
            contents.add(content)
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
            warnings = {*delivery.warnings, *verdict.warnings, *_text_warnings(delivery)}
            passed.append((delivery, tuple(sorted(warnings))))
    return passed


def _text_warnings(delivery: Delivery) -> tuple[str, ...]:
    """Return the warnings about what the extractor cannot read, in a file of any form."""
    is_unread = is_unread_transcript(delivery.title or "", delivery.body)
    return ("transcript_not_read",) if is_unread else ()


def _compare_with_loaded(passed: list[_Passed], batch: _BatchState, context: BatchContext) -> list[_Passed]:
    """Quarantine redeliveries that are worse than the loaded text of their path."""
    ids = {d.raw.landed.source_path: article_id(d.raw.landed.source_path) for d, _ in passed}
    bodies = loaded_bodies(context.engine, ids.values())
    kept = []
    for delivery, warnings in passed:
        if (body := bodies.get(ids[delivery.raw.landed.source_path])) is not None:
            failures, more = check_redelivery(delivery, body)
            if failures := tuple(f for f in failures if f.rule not in context.allowed):
                batch.rejected.append(Rejected(delivery.raw.landed, delivery.raw, failures))
                continue
            warnings = tuple(sorted({*warnings, *more}))
        kept.append((delivery, warnings))
    return kept


def _accept(prepared: _Prepared) -> list[Accepted]:
    """Wait for the extracts; quarantine the files whose extraction failed."""
    extracts = prepared.extracts.result()
    batch, accepted = prepared.batch, []
    for delivery, warnings in prepared.passed:
        extract = extracts[delivery.raw.content_sha256]
        if isinstance(extract, Failed):
            failure = Failure("extract_failed", "body", extract.reason, _EXTRACT_FAILED)
            batch.rejected.append(Rejected(delivery.raw.landed, delivery.raw, (failure,)))
        else:
            accepted.append(Accepted(delivery, warnings, extract))
    return accepted


def _sort_out_just_loaded(
    accepted: list[Accepted], batch: _BatchState, context: BatchContext
) -> list[Accepted]:
    """Take out duplicates of articles that were loaded after this batch was prepared."""
    owners = loaded_contents(context.engine, {a.delivery.raw.content_sha256 for a in accepted})
    existing = known_articles(
        context.engine, [article_id(a.delivery.raw.landed.source_path) for a in accepted]
    )
    still_new = []
    for a in accepted:
        raw = a.delivery.raw
        owner = owners.get(raw.content_sha256)
        if owner is None or article_id(raw.landed.source_path) in existing:
            still_new.append(a)
        else:
            batch.known.append(KnownFile(raw.landed, raw.content_sha256, owner, "duplicate"))
    return still_new


def _resolve_batch_duplicates(batch: _BatchState, accepted: Sequence[Accepted]) -> None:
    """Give files with the same content as another file of the batch the status of that file."""
    owners = {file.content_sha256: file.article_id for file in batch.known}
    for a in accepted:
        owners[a.delivery.raw.content_sha256] = article_id(a.delivery.raw.landed.source_path)
    failures = {r.raw.content_sha256: r.failures for r in batch.rejected if r.raw}
    for raw in batch.batch_duplicates:
        content = raw.content_sha256
        if (owner := owners.get(content)) is not None:
            batch.known.append(KnownFile(raw.landed, content, owner, "duplicate"))
        elif REDELIVERY_RULES.intersection(failure.rule for failure in failures[content]):
            batch.postponed_count += 1  # redelivery rules do not apply to a new path: the next run decides
        else:
            batch.rejected.append(Rejected(raw.landed, raw, failures[content]))
