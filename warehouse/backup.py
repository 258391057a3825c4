"""Backup: one zip file with everything that cannot be derived, and restoring a home from it.

It contains the published file, which is consistent even while a run is writing, the quarantined files, the
cached extracts, alerts, aliases, corrections and settings without the secret ones, and a manifest with the
size and checksum of each. A restore copies the writer's file from the published one.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ontherecord.warehouse.copies import note_copy
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.disk_space import clear_backup_pins
from ontherecord.warehouse.drafts import remove_drafts
from ontherecord.warehouse.errors import BackupError, WarehouseError
from ontherecord.warehouse.foreign_wal import shut_out_wal
from ontherecord.warehouse.health import Health, inspect
from ontherecord.warehouse.lock import writer_lock
from ontherecord.warehouse.plural import counted
from ontherecord.warehouse.publish import MODE, atomic_replace, require_published
from ontherecord.warehouse.quarantine_bytes import files_of, in_rows
from ontherecord.warehouse.quarantine_rows import QuarantineRows
from ontherecord.warehouse.rebuild import copy_database
from ontherecord.warehouse.secrets import without_secrets
from ontherecord.warehouse.sqlite_file import read_sqlite

# 2: quarantined rows are in one file.
_FORMAT = 2
_MANIFEST = "manifest.json"
_QUARANTINED = re.compile(r"quarantine/(?:[0-9a-f]{2}/[0-9a-f]{64}|rows\.sqlite)")
_NAMED_BY_TIME = r"ontherecord-\d{8}-\d{6}\.zip"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was written or restored.

    `left_out` lists damaged files that it lacks, and why; `secrets` are the settings that it lacks.
    """

    file: Path
    bytes: int
    made_at: str
    change_no: int
    article_count: int
    file_count: int
    left_out: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()


def back_up(home: DataDir, file: Path, *, replace: bool = False) -> Backup:
    """Write a backup of the published state; in a folder, the file is named after the current time.

    Raises BackupError if it exists already or cannot be written, WarehouseError if the published file is
    missing or damaged.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    if file.is_dir():
        file = file / f"ontherecord-{now:%Y%m%d-%H%M%S}.zip"
    if file.exists() and not replace:
        raise BackupError(f"{file} exists already. Name another file, or overwrite it with --replace.")
    _require_readable(home)
    _clear_killed(home, file)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    left_out: list[str] = []
    try:
        with _pinned(home, draft) as published:
            health = _health_of(published, home)
            os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))  # only for its user
            with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                files = dict(_members(home, published, draft, archive, left_out))
                settings, secrets = _settings_of(home)
                if settings is not None:
                    files[home.settings.name] = _add_text(archive, settings, home.settings)
                manifest = {
                    "format": _FORMAT,
                    "made_at": now.isoformat(),
                    "made_by": f"ontherecord {version('ontherecord')}",
                    "change_no": health.change_no,
                    "migration": health.migration,
                    "articles": health.article_count,
                    "files": files,
                    "secrets": secrets,
                }
                archive.writestr(_MANIFEST, json.dumps(manifest, indent=1))
        atomic_replace(draft, file)
        note_copy(home, "backup", file)
    except OSError as error:
        raise BackupError(
            f"The backup {file} cannot be written: {error.strerror or error}. Name a file in a writable "
            "folder with enough free space."
        ) from error
    finally:
        with suppress(OSError):  # nothing can be removed from a disk for reading only
            draft.unlink(missing_ok=True)
    return _summary(file, manifest, tuple(left_out))


def restore(file: Path, home: DataDir, prepare: Callable[[DataDir], None] | None = None) -> Backup:
    """Restore a home from a backup, completely or not at all.

    `prepare` works on the restored home before anybody sees it: it takes down what was taken down since.

    Raises BackupError if the backup is invalid or damaged, or the home is not empty.
    """
    manifest = read_manifest(file)
    if home.folder.exists() and (existing := _existing_file(home)) and not _is_half_restored(home):
        raise BackupError(
            f"The home folder {home.folder} is not empty: it has {existing}. Name an empty or a new "
            "folder with --home."
        )
    with writer_lock(home, "restore"):
        draft = DataDir(home.folder / f".restore.{os.getpid()}")
        try:
            for killed in home.folder.glob(".restore.*"):
                shutil.rmtree(killed)
            draft.folder.mkdir()
            _unpack(file, manifest, draft.folder)
            draft.published.chmod(MODE)
            shut_out_wal(draft.published)
            copy_database(draft.published, draft.writer)
            if prepare:
                prepare(draft)
                for file_of_lock in draft.folder.glob(f"{draft.lock.stem}.[lhw]*"):  # the home has its own
                    file_of_lock.unlink()
            _move_into_place(draft, home)
        except OSError as error:
            raise BackupError(
                f"{file} cannot be restored to {home.folder}: {error.strerror or error}. Free some "
                "space there, or name another folder with --home."
            ) from error
        finally:
            shutil.rmtree(draft.folder, ignore_errors=True)
    return _summary(file, manifest, ())


def read_manifest(file: Path) -> dict[str, Any]:
    """Return the manifest of a backup.

    Raises BackupError if the file is not a backup, is damaged, or has a newer format.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            manifest: dict[str, Any] = json.loads(archive.read(_MANIFEST))
            names = set(manifest["files"])
            unknown = [n for n in names if n not in _top_names() and not _QUARANTINED.fullmatch(n)]
            if manifest["format"] > _FORMAT:
                raise BackupError(
                    f"{file} was written by {manifest['made_by']}. Update ontherecord to restore it."
                )
            if unknown or names - set(archive.namelist()) or "warehouse.duckdb" not in names:
                raise ValueError("the manifest does not match the files")
            return manifest
    except FileNotFoundError as error:
        raise BackupError(
            f"There is no backup {file}. Name the file that `ontherecord backup` wrote."
        ) from error
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError) as error:
        raise BackupError(
            f"{file} is not a backup, or is damaged ({error}). Name a file that `ontherecord backup` wrote."
        ) from error


def _clear_killed(home: DataDir, file: Path) -> None:
    """Remove what killed backups left, in the home and beside this one: each is as large as the archive."""
    with suppress(OSError):  # a folder that may only be read
        clear_backup_pins(home)
        remove_drafts(file, rf"{re.escape(file.name)}|{_NAMED_BY_TIME}")


def _health_of(published: Path, home: DataDir) -> Health:
    try:
        return inspect(published)
    except WarehouseError as error:
        raise WarehouseError(
            f"{home.published} is damaged ({error}), so nothing was backed up. Run `ontherecord doctor`."
        ) from error


def _require_readable(home: DataDir) -> None:
    """Raise BackupError if this user may not read all that a backup has; others read what is published."""
    for file in (home.extracts, home.quarantine, home.settings):
        if file.exists() and not os.access(file, os.R_OK, effective_ids=True):
            raise BackupError(
                f"This user may not read {file}, so a backup would lack it. Run it as the user who owns "
                f"{home.folder}."
            )


@contextmanager
def _pinned(home: DataDir, draft: Path) -> Iterator[Path]:
    """Yield a second name of the published file, which stays when a run publishes the next one."""
    require_published(home)
    pinned = home.folder / f".backup.{os.getpid()}.duckdb"
    try:
        try:
            os.link(home.published, pinned)
        except OSError:  # a file system without hard links, or a read-only folder
            pinned = draft.with_name(f"{draft.name}.duckdb")
            shutil.copyfile(home.published, pinned)
        yield pinned
    finally:
        pinned.unlink(missing_ok=True)


def _members(
    home: DataDir, published: Path, draft: Path, archive: zipfile.ZipFile, left_out: list[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Write all files into the archive; yield the name and manifest entry of each."""
    yield home.published.name, _add(archive, published, home.published.name)
    extracts = draft.with_name(f"{draft.name}.sqlite")
    try:
        if home.extracts.exists():
            _copy_extracts(home.extracts, extracts)
            yield home.extracts.name, _add(archive, extracts, home.extracts.name)
    except sqlite3.DatabaseError as error:
        left_out.append(f"{home.extracts.name}: {error}")
    finally:
        extracts.unlink(missing_ok=True)
    for file in (home.alerts, home.aliases, home.corrections):
        if file.exists():
            yield file.name, _add(archive, file, file.name)
    yield from _quarantined_rows(home, draft, archive, left_out)
    for file in files_of(home):
        name = file.relative_to(home.folder).as_posix()
        facts = _add(archive, file, name)
        if facts["sha256"] == file.name:
            yield name, facts
        else:
            left_out.append(f"{name}: its checksum is wrong")


def _quarantined_rows(
    home: DataDir, draft: Path, archive: zipfile.ZipFile, left_out: list[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Write a snapshot of the quarantined rows into the archive, and say which are damaged."""
    if not home.quarantined_rows.exists():
        return
    name = home.quarantined_rows.relative_to(home.folder).as_posix()
    snapshot = draft.with_name(f"{draft.name}.rows.sqlite")
    rows = QuarantineRows(snapshot)
    try:
        snapshot.unlink(missing_ok=True)
        in_rows(home).copy_to(snapshot)
        damaged = sum(hashlib.sha256(kept).hexdigest() != content for content, kept in rows.all())
        yield name, _add(archive, snapshot, name)
        if damaged:
            left_out.append(f"{name}: {counted(damaged, 'row')} with a wrong checksum")
    except WarehouseError as error:
        left_out.append(f"{name}: {error}")
    finally:
        snapshot.unlink(missing_ok=True)


def _settings_of(home: DataDir) -> tuple[str | None, tuple[str, ...]]:
    """Return the file of settings as a backup has it, and the names of the secret ones, which it lacks.

    A backup is copied to other machines and kept for years; a password is changed sooner than that.
    """
    try:
        settings, names = without_secrets(home.settings.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None, ()
    return settings, names if settings is not None else ("all settings",)


def _add_text(archive: zipfile.ZipFile, text: str, file: Path) -> dict[str, Any]:
    """Write a text into the archive in place of a file; return its size and SHA-256."""
    content = text.encode()
    info = zipfile.ZipInfo.from_file(file, file.name, strict_timestamps=False)
    archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _copy_extracts(file: Path, copy: Path) -> None:
    """Copy a consistent snapshot of the extracts, even while another process writes them."""
    copy.unlink(missing_ok=True)
    with read_sqlite(file, timeout=60) as connection:
        connection.execute("vacuum into ?", (str(copy),))


def _add(archive: zipfile.ZipFile, file: Path, name: str) -> dict[str, Any]:
    """Write a file into the archive; return its size and SHA-256 as written."""
    digest, size = hashlib.sha256(), 0
    info = zipfile.ZipInfo.from_file(file, name, strict_timestamps=False)
    info.compress_type = zipfile.ZIP_DEFLATED
    with open(file, "rb") as source, archive.open(info, "w", force_zip64=True) as target:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return {"bytes": size, "sha256": digest.hexdigest()}


def _unpack(file: Path, manifest: dict[str, Any], folder: Path) -> None:
    """Unpack all files, verify each against the manifest, and flush them to disk."""
    with zipfile.ZipFile(file) as archive:
        for name, facts in manifest["files"].items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            digest = hashlib.sha256()
            try:
                with archive.open(name) as source, open(target, "wb") as written:
                    while chunk := source.read(_CHUNK):
                        digest.update(chunk)
                        written.write(chunk)
                    written.flush()
                    os.fsync(written.fileno())
            except (zipfile.BadZipFile, zlib.error, EOFError) as error:
                raise BackupError(
                    f"{file} is damaged at {name} ({error}). Restore another backup."
                ) from error
            if digest.hexdigest() != facts["sha256"]:
                raise BackupError(
                    f"{file} is damaged: {name} has the wrong checksum. Restore another backup."
                )


def _move_into_place(draft: DataDir, home: DataDir) -> None:
    """Move all files from the draft to the home, the writer's file last: no run starts without it."""
    for file in sorted(draft.folder.iterdir(), key=lambda f: f == draft.writer):
        if file == draft.writer:
            atomic_replace(file, home.writer)
        else:
            target = home.folder / file.name
            if target.is_dir():  # a killed restore moved it
                shutil.rmtree(target)
            file.rename(target)


def _is_half_restored(home: DataDir) -> bool:
    """Say whether what the home has was put there by a restore that was killed: the writer's file is last."""
    return not home.writer.exists() and any(home.folder.glob(".restore.*"))


def _existing_file(home: DataDir) -> str | None:
    """Return the name of a file in the home, other than locks and drafts, or None."""
    harmless = (
        home.lock.stem + ".lock",
        home.lock.stem + ".waiting",
        home.lock.stem + ".holder",
        "lost+found",
    )
    names = sorted(f.name for f in home.folder.iterdir())
    return next((n for n in names if n not in harmless and not n.startswith(".restore.")), None)


def _top_names() -> set[str]:
    home = DataDir(Path())
    files = (home.published, home.extracts, home.alerts, home.aliases, home.corrections, home.settings)
    return {f.name for f in files}


def _summary(file: Path, manifest: dict[str, Any], left_out: tuple[str, ...]) -> Backup:
    return Backup(
        file,
        file.stat().st_size,
        manifest["made_at"],
        manifest["change_no"],
        manifest["articles"],
        len(manifest["files"]),
        left_out,
        tuple(manifest.get("secrets", ())),
    )
