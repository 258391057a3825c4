"""Examine a home: all checks, in an order in which one problem explains the next.

It can run beside a pipeline run: checks that need the writer's lock are then skipped. If nobody has the
lock, doctor takes it for about a second, behind everyone who waits for it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from ontherecord.flows.plural import counted
from ontherecord.flows.recovery.doctor.environment import (
    check_landing,
    check_prefect,
    check_programs,
    check_settings,
)
from ontherecord.flows.recovery.doctor.files import (
    check_extract_cache,
    check_folder,
    check_leftovers,
    check_log,
    check_quarantine,
)
from ontherecord.flows.recovery.doctor.finding import CheckContext, Finding
from ontherecord.flows.recovery.doctor.tables import check_published, check_writer, load_state
from ontherecord.flows.settings import PREFIX, load_settings
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import SettingsError, WarehouseError, WriterBusy
from ontherecord.warehouse.lock import current_holder, writer_lock
from ontherecord.warehouse.secrets import redact


def examine(home: Path | None, *, deep: bool = False, fix: bool = False) -> list[Finding]:
    """Make all checks of a home; with `fix`, fix what can be fixed without loss."""
    settings_error = None
    try:
        settings = load_settings(home=home)
    except SettingsError as error:
        settings, settings_error = None, redact(error)
    folder = home or (settings.home if settings else Path(os.environ.get(PREFIX + "HOME") or "data"))
    context = CheckContext(DataDir(folder), settings, deep, fix)
    findings = [*check_settings(context, settings_error), *check_programs(context)]
    if not folder.is_dir():
        what = f"The home folder {folder} does not exist."
        next_step = "Name the right one with --home; `ontherecord ingest LANDING` creates a new one."
        return [Finding("home", "problem", what, next_step), *findings]
    found = [*_check_contents(context), *findings, *check_prefect(context)]
    return [replace(finding, what=redact(finding.what)) for finding in found]


def summarize(findings: Sequence[Finding]) -> str:
    """Return in one line how many checks found problems, and how many were skipped."""
    problems = sum(finding.state == "problem" for finding in findings)
    skipped = sum(finding.state == "skipped" for finding in findings)
    text = "All is well."
    if problems:
        found = "found a problem" if problems == 1 else "found problems"
        text = f"{problems:,} of {counted(len(findings), 'check')} {found}: see the next steps."
    return text + (f" {counted(skipped, 'check')} skipped." if skipped else "")


def _check_contents(context: CheckContext) -> list[Finding]:
    findings = [*check_folder(context)]
    with ExitStack() as stack:
        findings.append(_take_lock_if_free(context, stack))
        load_state(context)
        findings += [*check_leftovers(context), *check_writer(context), *check_published(context)]
        if context.writer:
            load_state(context)
        findings += [*check_quarantine(context), *check_extract_cache(context)]
    findings += [*check_log(context), *check_landing(context)]
    return findings


def _take_lock_if_free(context: CheckContext, stack: ExitStack) -> Finding:
    """Take the writer's lock until `stack` closes if it is free; otherwise report its holder."""
    context.holder = current_holder(context.home)
    if context.holder is None:
        try:
            stack.enter_context(writer_lock(context.home, "doctor", yield_to_others=True))
        except WriterBusy:
            context.holder = current_holder(context.home) or "Another process"
        except WarehouseError:
            context.holder = "Perhaps another user"
        else:
            context.has_lock = True
            return Finding("lock", "ok", "No run is writing.")
    return Finding("lock", "ok", f"Writing now: {context.holder}.")
