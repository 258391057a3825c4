"""Batches: read, parse, validate, extract and load files, a batch in one transaction."""

from __future__ import annotations

import shlex
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field, replace

from sqlalchemy import Engine

from ontherecord.expectations.validate import HeaderSuite
from ontherecord.flows.extract.text.transcript_lines import is_unread_transcript
from ontherecord.flows.landing.access import FolderReader
from ontherecord.flows.landing.embargo import check_embargo
from ontherecord.flows.landing.location import Reader
from ontherecord.flows.landing.parse import parse, renamed, story_key
from ontherecord.flows.landing.reading import BY_CONTENT, Reading
from ontherecord.flows.landing.redelivery import REDELIVERY_RULES, check_redelivery
from ontherecord.flows.landing.same_story import is_same_story
from ontherecord.flows.landing.unpack import unpack
from ontherecord.flows.landing.wrong_body import BODY_RULES, check_body
from ontherecord.flows.pipeline.file_stream import FileBatch, FileStream, OpenFile
from ontherecord.flows.pipeline.finish import index_pending
from ontherecord.flows.pipeline.results import BatchResult, OtherStory
from ontherecord.flows.workers.pool import ExtractionPool, Failed
from ontherecord.warehouse.aliases import Aliases
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.ledger import (
    articles_of,
    current_deliveries,
    loaded_contents,
    loaded_paths,
    loaded_stories,
)
from ontherecord.warehouse.load import Accepted, Batch, KnownFile, SplitFile, load
from ontherecord.warehouse.quarantine_bytes import store_bytes
from ontherecord.warehouse.records import (
    Delivery,
    Extract,
    Failure,
    LandedFile,
    LedgerEntry,
    LoadedStory,
    RawFile,
    Rejected,
)
from ontherecord.warehouse.runs import RunCounts, now
from ontherecord.warehouse.tombstones import KeptOut, Tombstones, record_kept_out

_EXTRACT_FAILED = (
    "Names and quotes could not be extracted. Retry with `ontherecord quarantine retry --rule "
    "extract_failed`; ONTHERECORD_ARTICLE_TIMEOUT_SECONDS and ONTHERECORD_WORKER_MEMORY_MB allow more time "
    "or memory. If it fails again, report this with the file."
)


# Another path has the same article_id, by chance: see warehouse/collisions.py.
_ID_TAKEN = "id_taken"
# The rules by which a file fails under its own path only.
_RULES_OF_PATHS = REDELIVERY_RULES | {_ID_TAKEN}


@dataclass(frozen=True, slots=True)
class BatchContext:
    """What the stages of a batch need.

    `current_failures` are, by path, the rules for which files are in quarantine now: a file that fails the
    same rules again is counted as quarantined, but not recorded again. `allowed` are the rules on
    redeliveries, embargoes and bodies that the user has waived for this run. `reading` is how files are read.
    `tombstones` keep out what was taken down.
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
    reading: Reading = BY_CONTENT
    tombstones: Tombstones = field(default_factory=Tombstones)


# Stories of one path that a new one is compared with, the newest first.
_COMPARED_STORIES = 20


@dataclass(frozen=True, slots=True)
class _Passed:
    """A delivery that passed all critical rules, and its warnings.

    `renamed` is its place if it is not the story that its path alone names.
    """

    delivery: Delivery
    warnings: tuple[str, ...]
    renamed: LandedFile | None = None


@dataclass(slots=True)
class _BatchState:
    """The files and articles of a batch: stage by stage, those whose status is known leave `fresh`.

    `own` are the articles that were delivered before under each path. `marked` are those of `unchanged` that
    will be known by the digests of their rows. `kept_out` were taken down.
    """

    files: FileBatch
    own: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    fresh: list[RawFile] = field(default_factory=list)
    batch_duplicates: list[RawFile] = field(default_factory=list)
    known: list[KnownFile] = field(default_factory=list)
    touched: list[LandedFile] = field(default_factory=list)
    unchanged: list[LandedFile] = field(default_factory=list)
    marked: list[LandedFile] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    postponed: list[LandedFile] = field(default_factory=list)
    other_stories: list[OtherStory] = field(default_factory=list)
    kept_out: list[KeptOut] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A batch whose texts are being extracted."""

    batch: _BatchState
    passed: list[_Passed]
    extracts: Future[dict[str, Extract | Failed]]


class Batches:
    """Files in batches. While one is loaded, the workers already extract the next, with `read_ahead`.

    True as long as there is a batch to load. `files_done` files are complete.
    """

    def __init__(
        self, files: Sequence[LandedFile], size: int, context: BatchContext, *, read_ahead: bool = True
    ) -> None:
        self._context = context
        self._reads_ahead = read_ahead
        is_retry = bool(context.current_failures)
        stream = FileStream(
            files, size, context.engine, context.reader, context.reading, context.ledger, anew=is_retry
        )
        self._stream = stream.batches()
        self._first_name = f"files 1-{min(size, len(files))}"
        self._current: FileBatch | None = None
        self._ahead: deque[FileBatch] = deque()
        self._prepared: dict[int, _Prepared] = {}
        self._error: Exception | None = None
        self._is_over = not files
        self._started = False
        self.files_done = 0

    def __bool__(self) -> bool:
        return not self._is_over

    @property
    def started(self) -> bool:
        """Whether a batch was loaded."""
        return self._started

    @property
    def next_name(self) -> str:
        """The name of the next batch."""
        batch = self._current or (self._ahead[0] if self._ahead else None)
        return batch.name if batch else self._first_name

    def load(self) -> BatchResult:
        """Load the next batch into the writer's tables, in one transaction.

        If that fails, the same batch is still the next one.
        """
        began = time.monotonic()
        if self._current is None:
            self._read_ahead()
            if not self._ahead and self._error:
                raise self._error
            self._current = self._ahead.popleft()
        current = self._current
        prepared = self._prepared.pop(id(current), None) or _prepare(current, self._context)
        if self._reads_ahead:
            self._read_ahead()
            with suppress(Exception):  # the batch is prepared again in its own step, which reports the error
                for files in self._ahead:
                    self._prepared[id(files)] = _prepare(files, self._context)
        loaded = _load(prepared, self._context, began)
        self._read_ahead()
        self._current, self._started = None, True
        self.files_done = current.files_done
        self._is_over = not self._ahead and self._error is None
        for raw in (*current.raws, *(file.raw for file in current.closed)):
            raw.discard()
        if not self._is_over:
            index_pending(self._context.engine)
        return loaded

    def _read_ahead(self) -> None:
        """Read the next batch, if none is read; its own step reports an error."""
        if not self._ahead and self._error is None:
            try:
                self._ahead.extend(batch for batch in (next(self._stream, None),) if batch)
            except Exception as error:
                self._error = error


def _prepare(files: FileBatch, context: BatchContext) -> _Prepared:
    """Parse and validate files and submit their texts for extraction; write nothing."""
    batch = _BatchState(files)
    _sort_out_known(batch, context)
    parsed = _parse(batch, context)
    passed = _compare_with_loaded(_validate(parsed, batch, context), batch, context)
    texts = [p.delivery.text() for p in passed if p.delivery.is_read]
    return _Prepared(batch, passed, context.pool.submit(texts))


def _load(prepared: _Prepared, context: BatchContext, began: float) -> BatchResult:
    """Wait for the extracts of a batch; load them and record the status of all its files."""
    accepted = _accept(prepared, lambda: context.pool.version)
    with context.engine.connect():  # in a lake, this keeps other machines from loading meanwhile
        return _load_accepted(accepted, prepared.batch, context, began)


def _load_accepted(
    accepted: list[Accepted], batch: _BatchState, context: BatchContext, began: float
) -> BatchResult:
    accepted = _sort_out_just_loaded(accepted, batch, context)
    accepted = _refuse_taken_ids(accepted, batch, context)
    _resolve_batch_duplicates(batch, accepted)
    store_bytes(context.home, _bytes_to_keep(batch, context.tombstones))
    counts, outcomes = _count(accepted, batch)
    closed = [(file, file.outcomes + outcomes[file.path]) for file in batch.files.closed if not file.failed]
    load(
        context.engine,
        Batch(
            tuple(accepted),
            tuple(batch.known),
            tuple(r for r in batch.rejected if not _is_recorded(r, context)),
            tuple(batch.touched),
            tuple(_split_file(file, total) for file, total in closed),
            tuple(batch.marked),
        ),
        context.run_id,
        now(),
        context.aliases,
    )
    if batch.kept_out:
        record_kept_out(context.engine, batch.kept_out)
        context.pool.forget(kept.content_sha256 for kept in batch.kept_out)
    for path, found in outcomes.items():
        batch.files.open_files[path].outcomes.update(found)
    for _, total in closed:
        counts += _count_file(total)
    return BatchResult(
        counts,
        # Only the reasons: the bytes are in quarantine, and a run may have any number of them.
        tuple(replace(r, raw=None) for r in batch.rejected),
        time.monotonic() - began,
        tuple(batch.other_stories),
        tuple(batch.kept_out),
    )


def _count(accepted: Sequence[Accepted], batch: _BatchState) -> tuple[RunCounts, dict[str, Counter[str]]]:
    """Return the counts of a batch, and by path the outcomes of the articles of each open file."""
    decided = [
        *((a.delivery.raw.landed, "loaded") for a in accepted),
        *((f.landed, "duplicate" if f.status == "duplicate" else "unchanged") for f in batch.known),
        *((landed, "unchanged") for landed in (*batch.touched, *batch.unchanged)),
        *((r.landed, "quarantined") for r in batch.rejected),
        *((landed, "postponed") for landed in batch.postponed),
    ]
    files: Counter[str] = Counter()
    outcomes: dict[str, Counter[str]] = {path: Counter() for path in batch.files.open_files}
    for landed, outcome in decided:
        of_file = outcomes.get(landed.in_file.file_path) if landed.in_file else None
        (files if of_file is None else of_file)[outcome] += 1
    articles = sum(outcomes.values(), Counter[str]())
    counts = RunCounts(
        loaded_count=files["loaded"],
        unchanged_count=files["unchanged"] + batch.files.unchanged_count,
        duplicate_count=files["duplicate"],
        quarantined_count=files["quarantined"],
        postponed_count=files["postponed"] + batch.files.postponed_count,
        mention_count=sum(len(a.extract.mentions) for a in accepted),
        quote_count=sum(len(a.extract.quotes) for a in accepted),
        article_loaded_count=articles["loaded"],
        article_unchanged_count=articles["unchanged"] + batch.files.left_out["unchanged"],
        article_duplicate_count=articles["duplicate"] + batch.files.left_out["duplicate"],
        article_quarantined_count=articles["quarantined"],
    )
    return counts, outcomes


def _split_file(file: OpenFile, outcomes: Counter[str]) -> SplitFile:
    """Return how a file with many articles is recorded, all of them being processed."""
    return SplitFile(
        file.raw.landed,
        file.raw.content_sha256,
        again=outcomes["postponed"] > 0,
        withdrawn=file.held.missing(),
    )


def _count_file(outcomes: Counter[str]) -> RunCounts:
    """Count a file with many articles by what became of them."""
    first = next((o for o in ("loaded", "quarantined", "duplicate") if outcomes[o]), "unchanged")
    return RunCounts(**{f"{first}_count": 1})


def _is_recorded(rejected: Rejected, context: BatchContext) -> bool:
    """Say whether a file is already in quarantine for exactly the rules that it failed now."""
    failed = frozenset(failure.rule for failure in rejected.failures)
    return context.current_failures.get(rejected.landed.source_path) == failed


def _sort_out_known(batch: _BatchState, context: BatchContext) -> None:
    """Take out what is already loaded: unchanged, or a duplicate of another article."""
    raws = batch.files.raws
    owners = loaded_contents(context.engine, {raw.content_sha256 for raw in raws})
    batch.own = articles_of(context.engine, {raw.landed.source_path for raw in raws})
    seen = _seen(batch.files, context)
    contents: set[str] = set()
    for raw in raws:
        path, content = raw.landed.source_path, raw.content_sha256
        entry, owner, own = seen.get(path), owners.get(content), batch.own.get(path, ())
        if stone := context.tombstones.of_content(content):
            batch.kept_out.append(KeptOut(raw.landed, stone, content))
        elif entry and entry.content_sha256 == content and entry.modified_ns is not None:
            (batch.unchanged if raw.landed.in_file else batch.touched).append(raw.landed)
            if raw.landed.in_file and raw.landed.in_file.digest != entry.digest:
                batch.marked.append(raw.landed)
        elif owner is not None and owner in own:
            batch.known.append(KnownFile(raw.landed, content, owner, "loaded"))
        elif owner is not None and not own:
            batch.known.append(KnownFile(raw.landed, content, owner, "duplicate"))
        elif content in contents and not own:
            batch.batch_duplicates.append(raw)
        else:
            contents.add(content)
            batch.fresh.append(raw)
    for rejected in batch.files.rejected:
        entry = seen.get(rejected.landed.source_path)
        is_known = entry and entry.status in ("quarantined", "dismissed") and not entry.content_sha256
        if rejected.landed.in_file and is_known:
            batch.unchanged.append(rejected.landed)  # still unreadable
        else:
            batch.rejected.append(rejected)


def _seen(files: FileBatch, context: BatchContext) -> Mapping[str, LedgerEntry]:
    """Return the newest delivery of each path of a batch; nothing counts as seen in a retry of quarantine."""
    places = [*(raw.landed for raw in files.raws), *(rejected.landed for rejected in files.rejected)]
    inside = [landed.source_path for landed in places if landed.in_file]
    if context.current_failures or not inside:
        return context.ledger
    found = current_deliveries(context.engine, inside)
    paths = {landed.source_path for landed in places}
    return {path: entry for path in paths if (entry := found.get(path) or context.ledger.get(path))}


def _parse(batch: _BatchState, context: BatchContext) -> list[Delivery]:
    """Parse the new files; those that were taken down are kept out before anything else sees them."""
    parsed, stones = [], context.tombstones
    for raw in batch.fresh:
        try:
            delivery = parse(raw, context.reading)
        except BadDelivery as error:
            if stone := _stone_of_bytes(raw, stones):
                batch.kept_out.append(KeptOut(raw.landed, stone, raw.content_sha256))
            else:
                batch.rejected.append(Rejected(raw.landed, raw, error.failures))
            continue
        places = (raw.landed.source_path, delivery.url)
        if stone := stones.of_text(delivery.title, delivery.body, places):
            batch.kept_out.append(KeptOut(raw.landed, stone, raw.content_sha256))
        else:
            parsed.append(delivery)
    return parsed


def _stone_of_bytes(raw: RawFile, stones: Tombstones) -> str | None:
    """Return the tombstone of a text that a file contains which is no article that can be read."""
    if not stones:
        return None
    try:
        return stones.of_bytes(unpack(raw).content)
    except (BadDelivery, OSError):
        return stones.of_bytes(raw.content)


def _bytes_to_keep(batch: _BatchState, stones: Tombstones) -> Iterator[RawFile]:
    """Yield the quarantined files, without the bytes of those in which there is one that was taken down.

    A table that cannot be read to its end may have it among a thousand others.
    """
    for rejected in batch.rejected:
        if rejected.raw and not _stone_of_bytes(rejected.raw, stones):
            yield rejected.raw


def _validate(parsed: list[Delivery], batch: _BatchState, context: BatchContext) -> list[_Passed]:
    passed = []
    for delivery, verdict in zip(parsed, context.suite.validate(parsed), strict=True):
        found = (*verdict.failures, *check_embargo(delivery, now()), *check_body(delivery))
        if failures := tuple(f for f in found if f.rule not in context.allowed):
            batch.rejected.append(Rejected(delivery.raw.landed, delivery.raw, failures))
        else:
            allowed = BODY_RULES.intersection(f.rule for f in found)
            warnings = {*delivery.warnings, *verdict.warnings, *allowed, *_text_warnings(delivery)}
            passed.append(_Passed(delivery, tuple(sorted(warnings))))
    return passed


def _text_warnings(delivery: Delivery) -> tuple[str, ...]:
    """Return the warnings about what the extractor cannot read, in a file of any form."""
    is_unread = is_unread_transcript(delivery.title or "", delivery.body)
    return ("transcript_not_read",) if is_unread else ()


def _compare_with_loaded(passed: list[_Passed], batch: _BatchState, context: BatchContext) -> list[_Passed]:
    """Find the article that each delivery under a known path is a version of.

    Another story becomes another article, and a redelivery that is worse than the loaded text is quarantined.
    """
    own = {p.delivery.raw.landed.source_path: () for p in passed} | {**batch.own}
    compared = {i for ids in own.values() for i in ids[:_COMPARED_STORIES]}
    loaded = loaded_stories(context.engine, compared)
    kept = []
    for p in passed:
        landed = p.delivery.raw.landed
        stories = [loaded[i] for i in own[landed.source_path][:_COMPARED_STORIES] if i in loaded]
        same = next((story for story in stories if is_same_story(p.delivery, story)), None)
        if same is None:
            kept.append(_as_another_story(p, batch) if stories else p)
            continue
        failures, more = check_redelivery(p.delivery, same.body)
        if failures := tuple(f for f in failures if f.rule not in context.allowed):
            batch.rejected.append(Rejected(landed, p.delivery.raw, failures))
            continue
        warnings = tuple(sorted({*p.warnings, *more}))
        kept.append(replace(p, warnings=warnings, renamed=_place_of(same, landed)))
    return kept


def _as_another_story(passed: _Passed, batch: _BatchState) -> _Passed:
    """Give a delivery whose path has other stories a path of its own."""
    delivery = passed.delivery
    place = renamed(delivery.raw.landed, story_key(delivery.title, delivery.date_text))
    batch.other_stories.append(OtherStory(delivery.raw.landed.source_path, delivery.title or ""))
    return replace(passed, renamed=place)


def _place_of(story: LoadedStory, landed: LandedFile) -> LandedFile | None:
    """Return the place of the article that a delivery is a version of; None if it is the delivery's own."""
    if story.source_path == landed.source_path:
        return None
    place = landed.in_file and replace(landed.in_file, key=story.key or landed.in_file.key)
    return replace(landed, source_path=story.source_path, in_file=place)


def _accept(prepared: _Prepared, version: Callable[[], str]) -> list[Accepted]:
    """Wait for the extracts; quarantine the files whose extraction failed."""
    extracts = prepared.extracts.result()
    batch, accepted = prepared.batch, []
    for p in prepared.passed:
        raw = p.delivery.raw
        if not p.delivery.is_read:
            nothing = Extract(raw.content_sha256, version(), (), (), (), ())
            accepted.append(Accepted(p.delivery, p.warnings, nothing, p.renamed))
            continue
        extract = extracts[raw.content_sha256]
        if isinstance(extract, Failed):
            failure = Failure("extract_failed", "body", extract.reason, _EXTRACT_FAILED)
            batch.rejected.append(Rejected(raw.landed, raw, (failure,)))
        else:
            accepted.append(Accepted(p.delivery, p.warnings, extract, p.renamed))
    return accepted


def _sort_out_just_loaded(
    accepted: list[Accepted], batch: _BatchState, context: BatchContext
) -> list[Accepted]:
    """Take out duplicates of articles that were loaded after this batch was prepared."""
    owners = loaded_contents(context.engine, {a.delivery.raw.content_sha256 for a in accepted})
    still_new = []
    for a in accepted:
        raw = a.delivery.raw
        owner = owners.get(raw.content_sha256)
        if owner is None or batch.own.get(raw.landed.source_path):
            still_new.append(a)
        else:
            batch.known.append(KnownFile(raw.landed, raw.content_sha256, owner, "duplicate"))
    return still_new


def _refuse_taken_ids(accepted: list[Accepted], batch: _BatchState, context: BatchContext) -> list[Accepted]:
    """Quarantine articles with the id of another path's article, loaded or earlier in the batch."""
    owners = loaded_paths(context.engine, {a.article_id for a in accepted})
    free = []
    for a in accepted:
        owner = owners.setdefault(a.article_id, a.place.source_path)
        if owner == a.place.source_path:
            free.append(a)
        else:
            raw = a.delivery.raw
            batch.rejected.append(Rejected(raw.landed, raw, (_id_taken(raw.landed.source_path, owner),)))
    return free


def _id_taken(path: str, owner: str) -> Failure:
    return Failure(
        _ID_TAKEN,
        "article_id",
        owner,
        f"By chance, its path gives the article_id of {owner!r}. Rename the file, or move it to another "
        "folder, and run this again; then clear the old path with `ontherecord quarantine dismiss "
        f"{shlex.quote(path)} --why renamed`.",
    )


def _resolve_batch_duplicates(batch: _BatchState, accepted: Sequence[Accepted]) -> None:
    """Give files with the same content as another file of the batch the status of that file."""
    owners = {file.content_sha256: file.article_id for file in batch.known}
    for a in accepted:
        owners[a.delivery.raw.content_sha256] = a.article_id
    failures = {r.raw.content_sha256: r.failures for r in batch.rejected if r.raw}
    stones = {kept.content_sha256: kept.tombstone_id for kept in batch.kept_out}
    for raw in batch.batch_duplicates:
        content = raw.content_sha256
        if content in stones:
            batch.kept_out.append(KeptOut(raw.landed, stones[content], content))
        elif (owner := owners.get(content)) is not None:
            batch.known.append(KnownFile(raw.landed, content, owner, "duplicate"))
        elif _RULES_OF_PATHS.intersection(failure.rule for failure in failures[content]):
            batch.postponed.append(raw.landed)  # they do not apply to another path: the next run decides
        else:
            batch.rejected.append(Rejected(raw.landed, raw, failures[content]))
