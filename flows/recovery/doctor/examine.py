"""Examine: all looks at a home, in the order in which one trouble explains the next.

It stands beside a run: who writes keeps the lock, and what only the lock's holder may look at waits. Doctor
itself holds the lock while it looks, behind all who wait for it: for about a second.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

from ontherecord.flows.recovery.doctor.environment import look_at_prefect, look_at_programs, look_at_settings
from ontherecord.flows.recovery.doctor.files import look_at_extracts, look_at_held_back, look_at_landing
from ontherecord.flows.recovery.doctor.finding import Finding, Patient
from ontherecord.flows.recovery.doctor.folder import look_at_folder, look_for_leftovers
from ontherecord.flows.recovery.doctor.tables import learn, look_at_published, look_at_writer
from ontherecord.flows.settings import PREFIX, load_settings
from ontherecord.warehouse.errors import SettingsError, WarehouseError, WriterBusy
from ontherecord.warehouse.home import Home
from ontherecord.warehouse.lock import current_holder, writer_lock


def examine(home: Path | None, *, deep: bool = False, fix: bool = False) -> list[Finding]:
    """Look at a home from all sides; with `fix` mend what can be mended without a loss."""
    wrong = None
    try:
        settings = load_settings(home=home)
    except SettingsError as error:
        settings, wrong = None, str(error)
    folder = home or (settings.home if settings else Path(os.environ.get(PREFIX + "HOME") or "data"))
    patient = Patient(Home(folder), settings, deep, fix)
    found = [*look_at_settings(patient, wrong), *look_at_programs(patient)]
    if not folder.is_dir():
        what = f"The home folder {folder} does not exist."
        next_step = "Name the right one with --home; `ontherecord ingest LANDING` makes a new one."
        return [Finding("home", "finding", what, next_step), *found]
    return [*_look_inside(patient), *found, *look_at_prefect(patient)]


def _look_inside(patient: Patient) -> list[Finding]:
    found = [*look_at_folder(patient)]
    with ExitStack() as held:
        found.append(_take_lock_if_free(patient, held))
        learn(patient)
        found += [*look_for_leftovers(patient), *look_at_writer(patient), *look_at_published(patient)]
        if patient.writer:
            learn(patient)
        found += [*look_at_held_back(patient), *look_at_extracts(patient)]
    found += look_at_landing(patient)
    return found


def _take_lock_if_free(patient: Patient, held: ExitStack) -> Finding:
    """Take the writer's lock where nobody else has it, until `held` ends; say who has it otherwise."""
    patient.holder = current_holder(patient.home)
    if patient.holder is None:
        try:
            held.enter_context(writer_lock(patient.home, "doctor", behind_others=True))
        except WriterBusy:
            patient.holder = current_holder(patient.home) or "Another process"
        except WarehouseError:
            patient.holder = "This user may not, but perhaps somebody"
        else:
            patient.has_lock = True
            return Finding("lock", "ok", "Nobody is writing.")
    return Finding("lock", "ok", f"Writing now: {patient.holder}.")
