"""Examine: all looks at a home, in the order in which one trouble explains the next.

It stands beside a run: who writes keeps the lock, and what only the lock's holder may look at waits. Doctor
itself holds the lock while it looks, behind all who wait for it: for about a second.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

from ontherecord.flows.recovery.doctor.environment import check_prefect, check_programs, check_settings
from ontherecord.flows.recovery.doctor.files import check_extract_cache, check_landing, check_quarantine
from ontherecord.flows.recovery.doctor.finding import CheckContext, Finding
from ontherecord.flows.recovery.doctor.folder import check_folder, check_leftovers
from ontherecord.flows.recovery.doctor.tables import check_published, check_writer, load_state
from ontherecord.flows.settings import PREFIX, load_settings
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import SettingsError, WarehouseError, WriterBusy
from ontherecord.warehouse.lock import current_holder, writer_lock


def examine(home: Path | None, *, deep: bool = False, fix: bool = False) -> list[Finding]:
    """Look at a home from all sides; with `fix` fix what can be fixed without a loss."""
    wrong = None
    try:
        settings = load_settings(home=home)
    except SettingsError as error:
        settings, wrong = None, str(error)
    folder = home or (settings.home if settings else Path(os.environ.get(PREFIX + "HOME") or "data"))
    context = CheckContext(DataDir(folder), settings, deep, fix)
    found = [*check_settings(context, wrong), *check_programs(context)]
    if not folder.is_dir():
        what = f"The home folder {folder} does not exist."
        next_step = "Name the right one with --home; `ontherecord ingest LANDING` makes a new one."
        return [Finding("home", "problem", what, next_step), *found]
    return [*_look_inside(context), *found, *check_prefect(context)]


def _look_inside(context: CheckContext) -> list[Finding]:
    found = [*check_folder(context)]
    with ExitStack() as held:
        found.append(_take_lock_if_free(context, held))
        load_state(context)
        found += [*check_leftovers(context), *check_writer(context), *check_published(context)]
        if context.writer:
            load_state(context)
        found += [*check_quarantine(context), *check_extract_cache(context)]
    found += check_landing(context)
    return found


def _take_lock_if_free(context: CheckContext, held: ExitStack) -> Finding:
    """Take the writer's lock where nobody else has it, until `held` ends; say who has it otherwise."""
    context.holder = current_holder(context.home)
    if context.holder is None:
        try:
            held.enter_context(writer_lock(context.home, "doctor", behind_others=True))
        except WriterBusy:
            context.holder = current_holder(context.home) or "Another process"
        except WarehouseError:
            context.holder = "This user may not, but perhaps somebody"
        else:
            context.has_lock = True
            return Finding("lock", "ok", "Nobody is writing.")
    return Finding("lock", "ok", f"Writing now: {context.holder}.")
