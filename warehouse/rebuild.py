"""Rebuild: a writer's file made again from a copy of it. What no copy knows comes from the landing folder.

Two copies there may be: the published file, and the damaged file itself as of its last checkpoint, where the
damage is in its WAL. Of those that can be read to their last row the one that knows more is taken.
"""

from __future__ import annotations

import os
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
from sqlalchemy import Engine, update

from ontherecord import sql
from ontherecord.warehouse import storage
from ontherecord.warehouse.corruption import error_text, is_lost, name_aside
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.disk_space import remove
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.health import Health, healthy, wal_of
from ontherecord.warehouse.memory import MEMORY_MB, limited_to
from ontherecord.warehouse.publish import atomic_replace, copy_into, published_change
from ontherecord.warehouse.tables import count_change, duckdb_of, warehouse


@dataclass(frozen=True, slots=True)
class RestoredWriter:
    """What a new writer's file was made from: `source` is None where it is still to be made, from nothing.

    `moved` are the files that were moved aside.
    """

    source: str | None
    article_count: int
    moved: tuple[Path, ...]


def restore_writer(home: DataDir, *, copies: bool = True, from_nothing: bool = False) -> RestoredWriter:
    """Make the writer's file again from the best copy, and move the old one aside; the caller has the lock.

    Where there is no copy, or `copies` are not to be used, no writer's file is there when this returns, if
    it may be made `from_nothing`.

    Raises WarehouseError, having changed nothing, if the file is whole and `copies` are to be used, or there
    is none and it may not be made from nothing.
    """
    if copies and not is_lost(home) and (health := healthy(home.writer)) and not _is_behind(home, health):
        raise WarehouseError(
            f"The writer's file {home.writer} is whole, with {health.article_count:,} articles: nothing was "
            "done. `ontherecord ingest LANDING` loads what is missing; `ontherecord rebuild LANDING "
            "--from-scratch` makes the file anew all the same."
        )
    draft = home.folder / f".writer.{os.getpid()}.duckdb"
    try:
        found = _copy_best(home, draft) if copies else None
        if not (found or from_nothing):
            raise WarehouseError(
                f"There is no whole copy of {home.writer} to make it from again. Name the landing folder: "
                "`ontherecord rebuild LANDING` loads its files, with the extracts that were kept."
            )
        moved = _move_aside(home, keep_name=found is not None)
        if found:
            atomic_replace(draft, home.writer)
    finally:
        remove(draft)
    name, health_of = found or (None, None)
    return RestoredWriter(name, health_of.article_count if health_of else 0, moved)


def supersede_published(engine: Engine, home: DataDir) -> None:
    """Count on from the published file's change, lest a file made from nothing passes for its equal."""
    published = published_change(home)
    if published is not None:
        with engine.begin() as connection:
            connection.execute(update(warehouse).values(change_no=published + 1))


def restore_alerts(engine: Engine, home: DataDir) -> None:
    """Take alerts from their own file, which is written by runs that publish nothing too."""
    if not home.alerts.exists():
        return
    file = {"file": str(home.alerts)}
    with suppress(duckdb.Error), engine.begin() as connection:  # a file that cannot be read is no loss
        writer = duckdb_of(connection)
        (others,) = writer.execute(sql.statement("rebuild", "other_alerts"), file).fetchone()
        if others:
            writer.execute("delete from ops.alerts")
            writer.execute("insert into ops.alerts by name from read_parquet($file)", file)
            count_change(connection)


def _copy_best(home: DataDir, draft: Path) -> tuple[str, Health] | None:
    """Copy the best copy to a draft; return what it is called and holds, None where there is none."""
    link = home.folder / f".checkpoint.{os.getpid()}.duckdb"  # the writer's file by a name that has no WAL
    try:
        if not is_lost(home):
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
        with closing(duckdb.connect(config={**limited_to(MEMORY_MB), **storage.settings()})) as connection:
            connection.execute(f"attach '{sql.escape_literal(file)}' as source (read_only)")
            copy_into(connection, "source", draft)
    except duckdb.Error as error:
        raise WarehouseError(
            f"{file} could not be copied: {error_text(error)}. See that the disk has room for it once more, "
            "and try again; nothing was changed."
        ) from error


def _is_behind(home: DataDir, writer: Health) -> bool:
    """Say whether the writer's file lost changes that were published, as when its WAL was lost."""
    published = published_change(home)
    return published is not None and published > writer.change_no


def _move_aside(home: DataDir, *, keep_name: bool) -> tuple[Path, ...]:
    """Give the writer's file and its WAL other names; nothing of them is deleted.

    With `keep_name` the old file keeps its name as well, until the new one takes it in one step.
    """
    at = datetime.now()
    moved = []
    # The WAL first: beside a new file of the name it would be taken for that one's.
    for file in (wal_of(home.writer), home.writer):
        if not file.exists():
            continue
        aside = name_aside(file, at)
        if keep_name and file == home.writer:
            os.link(file, aside)
        else:
            file.rename(aside)
        moved.append(aside)
    return tuple(moved)
