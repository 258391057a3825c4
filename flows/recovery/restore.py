"""Restore a home from a backup, without what was taken down since the backup was made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ontherecord.flows.pipeline.runner import Runner
from ontherecord.flows.pipeline.session import open_session
from ontherecord.flows.pipeline.take_down import beside_backup
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.backup import Backup
from ontherecord.warehouse.backup import restore as restore_backup
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.tombstones import read_file, write_file


@dataclass(frozen=True, slots=True)
class Restored:
    """A restored backup, and how many tombstones were applied to it."""

    backup: Backup
    tombstone_count: int


def restore(file: Path, settings: Settings, runner: Runner, tombstones: Path | None = None) -> Restored:
    """Restore a home, completely or not at all, and take down what the tombstones say.

    They lie in a file beside the backup; `tombstones` names another one, such as that of the home that was
    lost.

    Raises BackupError if the backup is invalid or damaged, or the home is not empty, WarehouseError if there
    is no such file of tombstones, or what they say cannot be taken down.
    """
    if tombstones is not None and not tombstones.exists():
        raise WarehouseError(
            f"There is no file {tombstones} with tombstones. Name the tombstones.json of a home, or leave "
            "the option out."
        )
    found = read_file(beside_backup(file)) | (read_file(tombstones) if tombstones else {})

    def take_down(draft: DataDir) -> None:
        if not found:
            return
        write_file(draft.tombstones, dict.fromkeys(found, "new"))
        of_draft = settings.model_copy(update={"home": draft.folder})
        with open_session(of_draft, runner, "restore") as session:
            session.finish()

    return Restored(restore_backup(file, settings.paths, take_down), len(found))
