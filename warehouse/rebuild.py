"""Rebuild: restore the writer's file from a copy. The landing folder supplies what no copy has.

A rebuild that is killed leaves a mark in the home, from which the next one goes on.

There may be two copies: the published file, and the damaged file as of its last checkpoint, if only its WAL
is damaged. Of those that are readable and pass all checks, the one with the newest change is used.
"""

from __future__ import annotations

import json
import os
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from sqlalchemy import Engine, update

from ontherecord import sql
from ontherecord.warehouse.corruption import damaged_name, error_text, writer_missing
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import duckdb_of, storage_config, wal_of
from ontherecord.warehouse.disk_space import remove_draft
from ontherecord.warehouse.drafts import draft_of
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.foreign_wal import shut_out_wal
from ontherecord.warehouse.health import Health, healthy
from ontherecord.warehouse.memory import MEMORY_MB, memory_config
from ontherecord.warehouse.plural import counted
from ontherecord.warehouse.publish import atomic_replace, copy_into, published_change
from ontherecord.warehouse.tables import count_change, warehouse
from ontherecord.warehouse.torn_block import mend_torn_block


@dataclass(frozen=True, slots=True)
class RestoredWriter:
    """The result of restoring: `source` is the copy used, None if the file is still to be built from scratch.

    `moved` are the files that were moved aside.
    """

    source: str | None
    article_count: int
    moved: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild came: whether the writer's file is `restored`, and from which copy, if from one."""

    restored: bool
    source: str | None = None


def restore_writer(home: DataDir, *, copies: bool = True, may_be_empty: bool = False) -> RestoredWriter:
    """Restore the writer's file from the best copy and move the old one aside; the caller holds the lock.

    A file that a killed rebuild restored stays: what it lacks is still to be loaded.

    Without a usable copy, or with `copies` false, the old file is only moved aside, if
    `may_be_empty`: the caller then loads the files.

    Raises WarehouseError, with nothing changed, if `copies` is true and the file is healthy, or if there is
    no copy and `may_be_empty` is false.
    """
    killed = _progress(home)
    health = None if writer_missing(home) else healthy(home.writer)
    if killed and killed.restored and health and (may_be_empty or killed.source):
        return RestoredWriter(killed.source, health.article_count if killed.source else 0, ())
    if copies and not killed and health and not _is_behind(home, health):
        raise WarehouseError(
            f"The writer's file {home.writer} is healthy, with {counted(health.article_count, 'article')}, "
            "so nothing was done. Run `ontherecord ingest LANDING` to load missing files, or `ontherecord "
            "rebuild LANDING --from-scratch` to rebuild it anyway."
        )
    draft = home.folder / f".writer.{os.getpid()}.duckdb"
    aside = shut_out_wal(home.published)  # or it would be copied with what others wrote
    try:
        found = _copy_best(home, draft) if copies else None
        if not (found or may_be_empty):
            raise WarehouseError(
                f"There is no intact copy to restore {home.writer} from. Name the landing folder: "
                "`ontherecord rebuild LANDING` loads its files, with the cached extracts."
            )
        note_progress(home, Progress(restored=False))
        moved = _move_aside(home, keep_name=found is not None)
        if found:
            atomic_replace(draft, home.writer)
    finally:
        remove_draft(draft)
    name, health_of = found or (None, None)
    note_progress(home, Progress(True, name))
    return RestoredWriter(name, health_of.article_count if health_of else 0, aside + moved)


def note_progress(home: DataDir, progress: Progress | None) -> None:
    """Record how far a rebuild has come; None when it has ended."""
    if progress is None:
        home.rebuild_mark.unlink(missing_ok=True)
        return
    with draft_of(home.rebuild_mark) as draft:
        draft.write_text(json.dumps(asdict(progress)), "utf-8")


def _progress(home: DataDir) -> Progress | None:
    """Return how far a killed rebuild came; None if the last one ended."""
    try:
        return Progress(**json.loads(home.rebuild_mark.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def supersede_published(engine: Engine, home: DataDir) -> None:
    """Continue the published file's change count, so that a file built from scratch is published."""
    published = published_change(home)
    if published is not None:
        with engine.begin() as connection:
            connection.execute(update(warehouse).values(change_no=published + 1))


def restore_alerts(engine: Engine, home: DataDir) -> None:
    """Restore alerts from their own file, which failed runs write too."""
    if not home.alerts.exists():
        return
    file = {"file": str(home.alerts)}
    with suppress(duckdb.Error), engine.begin() as connection:  # an unreadable file is no loss
        writer = duckdb_of(connection)
        writer.execute(sql.statement("rebuild", "saved_alerts"), file)
        (different,) = writer.execute(sql.statement("rebuild", "different_alerts")).fetchone()
        if different:
            writer.execute("delete from ops.alerts")
            writer.execute("insert into ops.alerts by name from saved_alerts")
            count_change(connection)
        writer.execute("drop table saved_alerts")


def _copy_best(home: DataDir, draft: Path) -> tuple[str, Health] | None:
    """Copy the best copy to a draft; return its description and health, or None if there is none."""
    link = home.folder / f".checkpoint.{os.getpid()}.duckdb"  # the writer's file under a name without a WAL
    try:
        if not writer_missing(home):
            mend_torn_block(home.writer)
            os.link(home.writer, link)
        names = {link: "the writer's file as of its last checkpoint", home.published: home.published.name}
        copies = [
            (health, file, name)
            for file, name in names.items()
            if file.exists() and (health := healthy(file))
        ]
        if not copies:
            return None
        health, file, name = max(copies, key=lambda copy: copy[0].change_no)
        copy_database(file, draft)
        return name, health
    finally:
        link.unlink(missing_ok=True)


def copy_database(file: Path, draft: Path) -> None:
    """Copy a warehouse file, compacted, with keys, comments, views and macros.

    Raises WarehouseError if it cannot be read or the copy cannot be written.
    """
    draft.unlink(missing_ok=True)
    try:
        with closing(duckdb.connect(config={**memory_config(MEMORY_MB), **storage_config()})) as connection:
            connection.execute(f"attach '{sql.escape_literal(file)}' as source (read_only)")
            copy_into(connection, "source", draft)
    except duckdb.Error as error:
        raise WarehouseError(
            f"{file} could not be copied: {error_text(error)}. Nothing was changed. Check that the disk has "
            "room for a second copy, and try again."
        ) from error


def _is_behind(home: DataDir, writer: Health) -> bool:
    """Say whether the writer's file lacks published changes, for example because its WAL was lost."""
    published = published_change(home)
    return published is not None and published > writer.change_no


def _move_aside(home: DataDir, *, keep_name: bool) -> tuple[Path, ...]:
    """Rename the writer's file and its WAL; nothing is deleted.

    With `keep_name`, the file keeps its old name as well until it is replaced atomically.
    """
    at = datetime.now(UTC)
    moved = []
    # The WAL first: DuckDB would apply it to a new file of that name.
    for file in (wal_of(home.writer), home.writer):
        if not file.exists():
            continue
        aside = damaged_name(file, at)
        if keep_name and file == home.writer:
            if file.stat().st_nlink > 1:  # a killed rebuild gave it the other name
                continue
            os.link(file, aside)
        else:
            file.rename(aside)
        moved.append(aside)
    return tuple(moved)
