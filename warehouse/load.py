"""Load one batch into the tables in one transaction, the ledger last. Runs after extraction.

Entities are derived from all their mentions once per run, before the marts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import Engine, Table, bindparam, update

from ontherecord import sql
from ontherecord.warehouse import ids, tables
from ontherecord.warehouse.aliases import Aliases
from ontherecord.warehouse.collisions import Named, require_own_delivery_ids, require_own_entity_ids
from ontherecord.warehouse.database import duckdb_of
from ontherecord.warehouse.errors import PipelineError
from ontherecord.warehouse.memory import retry_with_more_memory
from ontherecord.warehouse.overlay import lay_corrections
from ontherecord.warehouse.records import (
    Delivery,
    DeliveryStatus,
    Extract,
    LandedFile,
    QuoteSpeaker,
    Rejected,
    joint_name,
)
from ontherecord.warehouse.tables import arrow_schema, arrow_table


@dataclass(frozen=True, slots=True)
class Accepted:
    """A delivery that becomes an article or its next version, with its extract.

    `renamed` is its place if its article has another path than its delivery: several stories were delivered
    under one path.
    """

    delivery: Delivery
    warnings: tuple[str, ...]
    extract: Extract
    renamed: LandedFile | None = None

    @property
    def place(self) -> LandedFile:
        """The file or article in a file that it is, as the article's path names it."""
        return self.renamed or self.delivery.raw.landed

    @property
    def article_id(self) -> int:
        return ids.article_id(self.place.source_path)


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file whose content is already loaded.

    `status` is `duplicate` if another path's article has it, `loaded` if the path's own has.
    """

    landed: LandedFile
    content_sha256: str
    article_id: int
    status: DeliveryStatus


@dataclass(frozen=True, slots=True)
class SplitFile:
    """A file with many articles, all of which are processed.

    With `again` the next run reads it again. `withdrawn` are the ids of deliveries that were quarantined and
    are not in it any more.
    """

    landed: LandedFile
    content_sha256: str
    again: bool = False
    withdrawn: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """The files of one batch by outcome, and the articles of files with many.

    `touched` files have a new modification time but the same content; `split` files end in this batch.
    `marked` are unchanged articles of files, whose rows get other digests than are known.
    """

    accepted: tuple[Accepted, ...] = ()
    known: tuple[KnownFile, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    touched: tuple[LandedFile, ...] = ()
    split: tuple[SplitFile, ...] = ()
    marked: tuple[LandedFile, ...] = ()


@retry_with_more_memory
def load(
    engine: Engine, batch: Batch, run_id: str, loaded_at: datetime, aliases: Aliases | None = None
) -> None:
    """Write a batch, completely or not at all.

    `aliases` are those in force, as last passed to apply_aliases.

    Raises PipelineError if two entities or two deliveries would share an id.
    """
    aliases = aliases or Aliases()
    with engine.begin() as connection:
        if batch.touched:
            c = tables.deliveries.c
            connection.execute(
                update(tables.deliveries)
                .where(c.source_path == bindparam("path"), c.is_current)
                .values(modified_ns=bindparam("modified"), bytes=bindparam("size")),
                [{"path": f.source_path, "modified": f.modified_ns, "size": f.bytes} for f in batch.touched],
            )
        duckdb = duckdb_of(connection)
        if batch.marked:
            _mark_rows(duckdb, batch.marked)
        if not (batch.accepted or batch.known or batch.rejected or batch.split):
            return
        require_own_entity_ids(duckdb, _named((a.extract for a in batch.accepted), aliases))
        staged = _stage(batch, run_id, loaded_at, aliases)
        for name, rows in staged.items():
            duckdb.register(name, rows)
        try:
            require_own_delivery_ids(duckdb)
            for file in sql.statements("load"):
                duckdb.execute(file.read_text(encoding="utf-8"))
        finally:
            for name in staged:
                duckdb.unregister(name)
        lay_corrections(connection, (a.article_id for a in batch.accepted))


def _mark_rows(duckdb: Any, rows: Sequence[LandedFile]) -> None:
    staged = {"source_path": [row.source_path for row in rows], "row_digest": [_digest(row) for row in rows]}
    duckdb.register("staged_digests", pa.table(staged))
    try:
        duckdb.execute(sql.statement("ledger", "mark_rows"))
    finally:
        duckdb.unregister("staged_digests")


@retry_with_more_memory
def load_extracts(engine: Engine, extracts: Mapping[int, Extract], aliases: Aliases | None = None) -> None:
    """Replace the extracts of loaded articles, given by article_id; texts and versions stay.

    Raises PipelineError if two entities would share an id.
    """
    found, aliases = list(extracts.items()), aliases or Aliases()
    staged = _stage_extracts(found, aliases)
    staged["staged_articles"] = pa.table(
        {
            "article_id": pa.array([article_id for article_id, _ in found], pa.int64()),
            "extractor_version": pa.array([e.extractor_version for _, e in found], pa.string()),
        }
    )
    staged["replaced_articles"] = staged["staged_articles"]
    with engine.begin() as connection:
        duckdb = duckdb_of(connection)
        require_own_entity_ids(duckdb, _named(extracts.values(), aliases))
        for name, rows in staged.items():
            duckdb.register(name, rows)
        try:
            duckdb.execute(sql.statement("load", "3_mentions_and_quotes"))
            duckdb.execute(sql.statement("load", "4_entities"))
            duckdb.execute(sql.statement("reprocess", "changed"))
        finally:
            for name in staged:
                duckdb.unregister(name)
        lay_corrections(connection, extracts)


def _stage(batch: Batch, run_id: str, loaded_at: datetime, aliases: Aliases) -> dict[str, pa.Table]:
    """Return the batch as Arrow tables, under the names that `sql/load` uses."""
    accepted = [(a.article_id, a) for a in batch.accepted]
    return {
        "staged_articles": _table(
            tables.articles, (_article_row(i, a, run_id, loaded_at) for i, a in accepted)
        ),
        **_stage_extracts([(i, a.extract) for i, a in accepted], aliases),
        "staged_deliveries": _table(tables.deliveries, _delivery_rows(batch, run_id, loaded_at)),
        "staged_quarantine": _table(tables.quarantine, _quarantine_rows(batch.rejected, run_id, loaded_at)),
        "staged_withdrawn": _withdrawn(batch.split, loaded_at),
    }


def _stage_extracts(found: _Found, aliases: Aliases) -> dict[str, pa.Table]:
    """Return the extracts of articles as Arrow tables."""
    entity_ids = {
        article_id: {e.entity_no: aliases.entity_id(e.kind, e.name) for e in extract.entities}
        for article_id, extract in found
    }
    return {
        "staged_entities": _entities(found, entity_ids, aliases),
        "staged_mentions": _table(tables.mentions, _mention_rows(found, entity_ids)),
        "staged_quotes": _table(tables.quotes, _quote_rows(found, entity_ids, aliases)),
        "staged_quote_speakers": _table(tables.quote_speakers, _speaker_rows(found, entity_ids, aliases)),
        "staged_gender_counts": _table(tables.gender_counts, _gender_rows(found)),
    }


def _table(table: Table, rows: Iterable[Sequence[Any]]) -> pa.Table:
    """Return rows of a table as an Arrow table."""
    return arrow_table(arrow_schema(table), rows)


def _article_row(article_id: int, accepted: Accepted, run_id: str, loaded_at: datetime) -> tuple[Any, ...]:
    d, place = accepted.delivery, accepted.place
    if d.title is None or d.published_at is None:
        raise PipelineError(
            f"{d.raw.landed.source_path} was accepted without a title or date. The header suite must "
            "quarantine such files: restore its rules title_missing, date_missing and those on date_problem."
        )
    return (
        article_id,
        place.source_path,
        1,  # increased by sql/load
        d.title,
        d.supertitle,
        d.section,
        d.published_at,
        d.published_at.date(),
        d.dateline,
        d.agency,
        d.body,
        d.word_count,
        d.raw.content_sha256,
        ids.words_sha256(d.title, d.body),
        None,  # duplicate_of: set by sql/load
        None,
        list(accepted.warnings),
        accepted.extract.extractor_version,
        run_id,
        loaded_at,
        d.outlet,
        d.url,
        list(d.authors),
        d.byline,
        d.language,
        list(d.headers),
        d.form,
        place.in_file.key if place.in_file else _story_key(accepted),
        d.published_at_utc,
    )


def _story_key(accepted: Accepted) -> str | None:
    """Return what was added to the path of a file for another story under it."""
    path, own = accepted.delivery.raw.landed.source_path, accepted.place.source_path
    return own.removeprefix(f"{path}#") if own != path else None


_EntityIds = Mapping[int, Mapping[int, int]]
_Found = Sequence[tuple[int, Extract]]


def _named(extracts: Iterable[Extract], aliases: Aliases) -> Iterator[Named]:
    """Yield kind and name of each entity that extracts name."""
    for extract in extracts:
        for entity in extract.entities:
            yield aliases.kind(entity.kind, entity.name), aliases.name(entity.name)
        for speaker in extract.quote_speakers:
            if speaker.entity_no is None and (kind := aliases.unnamed_kind(speaker.name)):
                yield kind, aliases.name(speaker.name)


def _entities(extracts: _Found, entity_ids: _EntityIds, aliases: Aliases) -> pa.Table:
    """Return the entities of a batch, each once, with the country code from any article."""
    found: dict[int, tuple[str, str | None]] = {}
    for article_id, extract in extracts:
        for entity in extract.entities:
            entity_id = entity_ids[article_id][entity.entity_no]
            known = found.get(entity_id)
            kind = aliases.kind(entity.kind, entity.name)
            found[entity_id] = (kind, entity.country_code or (known[1] if known else None))
        for speaker in extract.quote_speakers:
            if speaker.entity_no is None and (unnamed_id := aliases.unnamed_id(speaker.name)):
                found.setdefault(unnamed_id, (aliases.unnamed_kind(speaker.name) or "", None))
    return pa.table(
        {
            "entity_id": pa.array(list(found), pa.int64()),
            "kind": pa.array([kind for kind, _ in found.values()], pa.string()),
            "country_code": pa.array([code for _, code in found.values()], pa.string()),
        }
    )


def _mention_rows(found: _Found, entity_ids: _EntityIds) -> Iterable[tuple[Any, ...]]:
    for article_id, extract in found:
        names = {e.entity_no: e.name for e in extract.entities}
        for m in extract.mentions:
            yield (
                article_id,
                m.mention_no,
                entity_ids[article_id][m.entity_no],
                m.field,
                m.char_start,
                m.char_end,
                m.text,
                m.kind,
                names[m.entity_no],
            )


def _quote_rows(found: _Found, entity_ids: _EntityIds, aliases: Aliases) -> Iterable[tuple[Any, ...]]:
    """Yield the rows of quotes; their speakers are those of `quote_speakers`, so the two tables agree."""
    for article_id, extract in found:
        speakers: dict[int, list[QuoteSpeaker]] = defaultdict(list)
        for speaker in extract.quote_speakers:
            speakers[speaker.quote_no].append(speaker)
        for q in extract.quotes:
            of_quote = sorted(speakers[q.quote_no], key=lambda speaker: speaker.speaker_no)
            alone = of_quote[0] if len(of_quote) == 1 else None
            yield (
                article_id,
                q.quote_no,
                q.utterance_no,
                q.kind,
                q.text,
                q.char_start,
                q.char_end,
                q.cue,
                q.cue_start,
                q.cue_end,
                q.speaker_text,
                q.speaker_start,
                q.speaker_end,
                _speaker_id(alone, entity_ids[article_id], aliases) if alone else None,
                joint_name([aliases.name(s.name) for s in of_quote]) if of_quote else None,
                q.confidence,
                joint_name([s.name for s in of_quote]) if of_quote else None,
                q.rule,
                q.speaker_type,
                len(of_quote),
                *(_role(of_quote[0]) if len(of_quote) == 1 else (None, None, None)),
                False,  # is_corrected: set by the overlay
            )


def _speaker_rows(found: _Found, entity_ids: _EntityIds, aliases: Aliases) -> Iterable[tuple[Any, ...]]:
    for article_id, extract in found:
        for s in extract.quote_speakers:
            yield (
                article_id,
                s.quote_no,
                s.speaker_no,
                _speaker_id(s, entity_ids[article_id], aliases),
                aliases.name(s.name),
                s.name,
                *_role(s),
            )


def _role(speaker: QuoteSpeaker) -> tuple[str | None, int | None, int | None]:
    return speaker.speaker_role, speaker.role_start, speaker.role_end


def _gender_rows(found: _Found) -> Iterable[tuple[Any, ...]]:
    for article_id, extract in found:
        names = {e.entity_no: e.name for e in extract.entities}
        for g in extract.genders:
            yield article_id, names[g.entity_no], g.evidence, g.gender, g.times


def _speaker_id(speaker: QuoteSpeaker, entity_ids: Mapping[int, int], aliases: Aliases) -> int | None:
    """Return the entity of a speaker; words for an unnamed one have one if an alias says so."""
    return aliases.unnamed_id(speaker.name) if speaker.entity_no is None else entity_ids[speaker.entity_no]


def _delivery_rows(batch: Batch, run_id: str, seen_at: datetime) -> Iterable[tuple[Any, ...]]:
    def row(
        landed: LandedFile, content: str | None, status: DeliveryStatus, article_id: int | None, again: bool
    ) -> tuple[Any, ...]:
        return (
            ids.delivery_id(landed.source_path, content),
            landed.source_path,
            content,
            landed.bytes,
            None if again else landed.modified_ns,
            status,
            True,
            article_id,
            run_id,
            seen_at,
            *_place(landed),
            _digest(landed),
            None,  # missing_since
        )

    for a in batch.accepted:
        raw = a.delivery.raw
        yield row(raw.landed, raw.content_sha256, "loaded", a.article_id, again=False)
    for s in batch.known:
        yield row(s.landed, s.content_sha256, s.status, s.article_id, again=False)
    for r in batch.rejected:
        content = r.raw.content_sha256 if r.raw else None
        # An unreadable file may become readable without a new modification time; a row of a file does not.
        again = r.raw is None and r.landed.in_file is None
        yield row(r.landed, content, "quarantined", None, again)
    for f in batch.split:
        yield row(f.landed, f.content_sha256, "split", None, again=f.again)


def _place(landed: LandedFile) -> tuple[str | None, str | None, int | None]:
    """Return file path, key and number of an article in a file with many, None for a file."""
    place = landed.in_file
    return (place.file_path, place.key, place.number) if place else (None, None, None)


def _digest(landed: LandedFile) -> int | None:
    return landed.in_file.digest if landed.in_file else None


def _withdrawn(files: Iterable[SplitFile], seen_at: datetime) -> pa.Table:
    found = [delivery_id for file in files for delivery_id in file.withdrawn]
    return pa.table(
        {
            "delivery_id": pa.array(found, pa.int64()),
            "seen_at": pa.array([seen_at] * len(found), pa.timestamp("us")),
        }
    )


def _quarantine_rows(
    rejected: Iterable[Rejected], run_id: str, seen_at: datetime
) -> Iterable[tuple[Any, ...]]:
    for r in rejected:
        delivery = ids.delivery_id(r.landed.source_path, r.raw.content_sha256 if r.raw else None)
        for f in r.failures:
            path = r.landed.source_path
            yield (
                *(delivery, path, f.rule, f.column_name, f.value, f.message, run_id, seen_at, None),
                *_place(r.landed),
                f.held_until,
                None,  # dismissed_why
            )
