"""Forget: take an article down, wherever it is kept, and keep it out; or say first what would go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine

from ontherecord.flows.pipeline.runner import Runner
from ontherecord.flows.pipeline.session import open_session
from ontherecord.flows.pipeline.take_down import (
    Outside,
    complete,
    find_held,
    is_pending,
    look_outside,
    remove_pending,
    write_tombstones,
)
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import open_engine
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.forget import (
    Doomed,
    article_named,
    find_doomed,
    landings_of,
    tombstone_of,
)
from ontherecord.warehouse.lake import open_lake
from ontherecord.warehouse.publish import open_published
from ontherecord.warehouse.runs import now
from ontherecord.warehouse.tombstones import (
    Tombstone,
    Tombstones,
    place_hash,
    read_file,
    remove_tombstone,
    tombstones_in,
    write_file,
)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What goes, or went, with an article that is taken down."""

    doomed: Doomed
    outside: Outside
    tombstone: Tombstone

    @property
    def counts(self) -> dict[str, int]:
        """The number of rows, files and other things by kind, without those that there are none of."""
        both = {**self.doomed.counts, **self.outside.counts}
        return {kind: count for kind, count in both.items() if count}


def preview(settings: Settings, name: str, why: str) -> Forgotten:
    """Return what would go with the article of a path, URL or article_id, from the published warehouse.

    Raises WarehouseError if there is no such article.
    """
    with _open_published(settings.paths, settings.duckdb_memory_mb) as engine:
        return _find(engine, settings, name, why)


def forget(settings: Settings, runner: Runner, name: str, why: str, *, wait_seconds: float = 0) -> Forgotten:
    """Take down the article of a path, URL or article_id, with its copies, and publish.

    Killed at any moment, it is undone, or the next run that writes completes it: this one, for example.

    Raises WarehouseError if there is no such article, or something could not be removed yet.
    """
    home = settings.paths
    with open_session(settings, runner, "forget", wait_seconds=wait_seconds) as session:
        found = _find_or_taken_down(session.engine, settings, name, why)
        write_tombstones(home, [found.tombstone])
        stones = remove_pending(session.engine, settings, runner)
        session.finish()
        complete(session.engine, settings, stones)
    if is_pending(home):
        raise WarehouseError(
            f"The article is taken down and published without, but {home.writer} could not be rewritten, so "
            "bytes of it may be left there. Check that the disk has room for a second copy, and run "
            "`ontherecord maintain`: it completes this."
        )
    return found


def list_tombstones(settings: Settings) -> tuple[Tombstone, ...]:
    """Return the tombstones in force, the newest first."""
    home = settings.paths
    with _open_published(home, settings.duckdb_memory_mb) as engine:
        known = {stone.tombstone_id: stone for stone in tombstones_in(engine)}
    known |= {stone.tombstone_id: stone for stone in read_file(home.tombstones)}
    return tuple(sorted(known.values(), key=lambda s: (s.forgotten_at, s.tombstone_id), reverse=True))


def undo(settings: Settings, runner: Runner, tombstone_id: str, *, wait_seconds: float = 0) -> Tombstone:
    """Remove a tombstone, given by the first characters of its id: the next ingest loads what has landed.

    Raises WarehouseError if there is none, or several.
    """
    home = settings.paths
    with open_session(settings, runner, "forget", wait_seconds=wait_seconds) as session:
        found = [s for s in tombstones_in(session.engine) if s.tombstone_id.startswith(tombstone_id)]
        if len(found) != 1:
            raise WarehouseError(
                f"{len(found) or 'No'} tombstones begin with {tombstone_id!r}. `ontherecord forget --list` "
                "lists them."
            )
        remove_tombstone(session.engine, found[0].tombstone_id)
        write_file(
            home.tombstones,
            {
                stone: state
                for stone, state in read_file(home.tombstones).items()
                if stone.tombstone_id != found[0].tombstone_id
            },
        )
        session.finish()
    return found[0]


def _find(engine: Engine, settings: Settings, name: str, why: str) -> Forgotten:
    articles, held = article_named(engine, name, landings_of(engine))
    at = now().replace(microsecond=0)
    doomed = find_doomed(engine, articles, held)
    # What is in quarantine is found by the text, and has texts of its own: a broken redelivery.
    doomed = find_held(engine, settings, doomed, Tombstones([tombstone_of(doomed, why, at)]))
    return Forgotten(doomed, look_outside(settings, doomed), tombstone_of(doomed, why, at))


def _find_or_taken_down(engine: Engine, settings: Settings, name: str, why: str) -> Forgotten:
    """Return what goes with an article; nothing goes with one that was taken down by the same name."""
    try:
        return _find(engine, settings, name, why)
    except WarehouseError:
        for stone in tombstones_in(engine):
            if place_hash(name) in stone.places:
                nothing = Doomed((), ())
                return Forgotten(nothing, look_outside(settings, nothing), stone)
        raise


@contextmanager
def _open_published(home: DataDir, memory_mb: int) -> Iterator[Engine]:
    open_published(home).close()  # its error says what to do if nothing is published
    if home.lake:
        with open_lake(home, memory_mb) as engine:
            yield engine
        return
    engine = open_engine(home.published, read_only=True, memory_mb=memory_mb)
    try:
        yield engine
    finally:
        engine.dispose()
