"""Take down: remove an article from everything in the home, or go on where a killed run stopped.

The tombstone is written first, to a file of the home: from then on the article is kept out, and every run
that writes completes what is left. What lies outside the tables goes first, because only the rows say what
it is; then the rows, and the file is published anew; at last the writer's file is rewritten without their
bytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from ontherecord.flows.landing.parse import parse_all
from ontherecord.flows.landing.reading import Reading
from ontherecord.flows.landing.stored_article import is_stored
from ontherecord.flows.landing.unpack import unpack
from ontherecord.flows.pipeline.finish import find_near_duplicates, join_new_names
from ontherecord.flows.pipeline.runner import Runner
from ontherecord.flows.plural import counted
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.copies import Copy, known_copies
from ontherecord.warehouse.corrections import drop_corrections
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.export import MANIFEST, export
from ontherecord.warehouse.extract_cache import ExtractCache
from ontherecord.warehouse.forget import Doomed, delete_rows, doomed_by, paths_of_contents, with_held
from ontherecord.warehouse.lake import purge_snapshots
from ontherecord.warehouse.marts import build_marts
from ontherecord.warehouse.publish import publish, sync_file, sync_folder
from ontherecord.warehouse.quarantine_bytes import all_bytes, count_kept, remove_bytes, stored_file
from ontherecord.warehouse.records import InFile, LandedFile, RawFile
from ontherecord.warehouse.runs import now
from ontherecord.warehouse.shared_cache import SharedCache
from ontherecord.warehouse.tombstones import (
    Tombstone,
    Tombstones,
    pending,
    read_file,
    set_state,
    store_tombstones,
    tombstones_in,
    write_file,
)
from ontherecord.warehouse.traces import (
    Traces,
    find_in_data_docs,
    find_in_prefect,
    remove_files,
    remove_from_prefect,
)


@dataclass(frozen=True, slots=True)
class Outside:
    """What lies outside the tables: how much of each kind will go, and what still has it afterwards."""

    counts: Mapping[str, int]
    backups: tuple[Copy, ...] = ()
    exported: tuple[Copy, ...] = ()
    aside: tuple[Path, ...] = field(default=())


def find_held(engine: Engine, settings: Settings, doomed: Doomed, stones: Tombstones) -> Doomed:
    """Return what is doomed with the quarantined files that have its text, which the tables do not say."""
    held = _held(settings.paths, settings.reading, paths_of_contents(engine), stones)
    return with_held(engine, doomed, held)


def _held(
    home: DataDir, reading: Reading, paths: Mapping[str, str], stones: Tombstones
) -> dict[str, tuple[str, str]]:
    """Return headline and body of the kept contents that have the text of a tombstone, by SHA-256."""
    found = {}
    for content_sha256, content in all_bytes(home):
        place = InFile("kept", "", 1) if is_stored(content) else None
        path = paths.get(content_sha256, "kept")
        landed = LandedFile(path, stored_file(home, content_sha256), len(content), 0, place)
        raw = RawFile(landed, content, content_sha256)
        texts = [(d.title or "", d.body, (path, d.url)) for d in parse_all(raw, reading)]
        match = next(((t, b) for t, b, places in texts if stones.of_text(t, b, places)), None)
        if match is None and not texts:
            with suppress(BadDelivery):
                if stones.of_bytes(unpack(raw).content):
                    match = ("", raw.content.decode("utf-8", "replace"))
        if match or stones.of_content(content_sha256):
            found[content_sha256] = match or ("", "")
    return found


def look_outside(settings: Settings, doomed: Doomed) -> Outside:
    """Count what lies outside the tables, and find the copies that are not in the home's hands."""
    home, traces = settings.paths, Traces(doomed.texts(), doomed.names)
    began = min((begun for begun, _ in doomed.runs), default=0.0)
    cached = _extracts(settings)
    counts = {
        "cached extracts": cached.count(doomed.contents),
        "kept files": count_kept(home, doomed.contents),
        "pages of Data Docs": len(find_in_data_docs(home, traces, doomed.runs)),
        "rows of Prefect's database": find_in_prefect(home, traces).row_count,
    }
    return Outside(
        counts,
        tuple(copy for copy in known_copies(home, "backup") if copy.made_seconds >= began),
        tuple(copy for copy in known_copies(home, "table") if copy.made_seconds >= began),
        tuple(home.moved_aside()),
    )


def write_tombstones(home: DataDir, stones: Iterable[Tombstone]) -> None:
    """Write tombstones to the home's file: from here on, every run completes taking down.

    They go beside the known backups too, for `restore`.
    """
    new = {stone.tombstone_id: stone for stone in stones}
    others = {s: state for s, state in read_file(home.tombstones).items() if s.tombstone_id not in new}
    write_file(home.tombstones, {**others, **dict.fromkeys(new.values(), "new")})
    for copy in known_copies(home, "backup"):
        beside = beside_backup(copy.file)
        with suppress(OSError):  # a backup may lie where this user may not write; it is named anyway
            write_file(beside, {**read_file(beside), **dict.fromkeys(new.values(), "done")})


def beside_backup(backup: Path) -> Path:
    """Return the file beside a backup with the tombstones of what it still has."""
    return backup.with_name(f"{backup.name}.tombstones.json")


def remove_pending(engine: Engine, settings: Settings, runner: Runner) -> list[Tombstone]:
    """Remove the articles of tombstones that are not done, and build the marts; return the tombstones.

    A tombstone of the file that the tables lack counts too: the tables are of an earlier copy.
    """
    home = settings.paths
    in_file = read_file(home.tombstones)
    in_tables = {stone.tombstone_id: stone for stone in tombstones_in(engine)}
    # A lake has several homes, and one of them may have let an article in again.
    stones = [
        stone
        for stone, state in in_file.items()
        if state == "new" or (stone.tombstone_id not in in_tables and not home.lake)
    ]
    noted = {stone.tombstone_id for stone in in_file}
    if more := [stone for stone_id, stone in in_tables.items() if stone_id not in noted]:
        write_file(home.tombstones, {**in_file, **dict.fromkeys(more, "done")})
    if not stones:
        return []
    store_tombstones(engine, stones)
    set_state(home, "new", [stone.tombstone_id for stone in stones])
    for stone in stones:
        doomed = find_held(engine, settings, doomed_by(engine, stone), Tombstones([stone]))
        runner.run_step("forget", lambda doomed=doomed, stone=stone: _remove(engine, settings, doomed, stone))  # type: ignore[misc]
        runner.log(f"forget: {counted(len(doomed.article_ids), 'article')} of tombstone {stone.tombstone_id}")
    find_near_duplicates(engine)
    join_new_names(engine, runner)
    runner.run_step("marts", lambda: build_marts(engine))
    return stones


def complete(engine: Engine, settings: Settings, stones: Sequence[Tombstone]) -> None:
    """Complete taking down, when it is published: exports, the snapshots of a lake, and the state."""
    home = settings.paths
    if home.lake:
        purge_snapshots(engine, now())
    for folder in _export_folders(home):
        export(home, folder)
    set_state(home, "done", [stone.tombstone_id for stone in stones])


def take_down_pending(engine: Engine, settings: Settings, runner: Runner) -> None:
    """Complete at once what a killed run left, or a copy brought back."""
    if stones := remove_pending(engine, settings, runner):
        runner.run_step("publish", lambda: publish(engine, settings.paths))
        complete(engine, settings, stones)


def _remove(engine: Engine, settings: Settings, doomed: Doomed, stone: Tombstone) -> None:
    """Remove what lies outside the tables, then the rows."""
    contents = {*doomed.contents, *stone.contents}
    home, traces = settings.paths, Traces(doomed.texts(), doomed.names)
    _extracts(settings).remove(contents, rewrite=True)
    remove_bytes(home, contents)
    remove_files(find_in_data_docs(home, traces, doomed.runs))
    remove_from_prefect(home, traces)
    home.report.unlink(missing_ok=True)
    drop_corrections(home, doomed.paths)
    if not home.lake:
        home.spare.unlink(missing_ok=True)  # it has what is taken down
        home.rewrite_mark.touch()
        sync_file(home.rewrite_mark)
        sync_folder(home.folder)
    delete_rows(engine, doomed)


def _export_folders(home: DataDir) -> list[Path]:
    folders = {home.export, *(copy.file for copy in known_copies(home, "export"))}
    return sorted(folder for folder in folders if (folder / MANIFEST).exists())


def _extracts(settings: Settings) -> ExtractCache:
    home = settings.paths
    shared = settings.shared_cache or (home.shared_cache.exists() and os.fspath(home.shared_cache.absolute()))
    return ExtractCache(home.extracts, shared=SharedCache(shared) if shared else None)


def is_pending(home: DataDir) -> bool:
    """Say whether something is still to be taken down, or its bytes are still in the writer's file."""
    return bool(pending(home)) or home.rewrite_mark.exists()
