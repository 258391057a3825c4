"""Dismiss quarantined files that nobody will fix: the ledger keeps them, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from ontherecord.flows.pipeline.runner import Runner
from ontherecord.flows.pipeline.session import open_session
from ontherecord.flows.plural import counted
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.quarantine import dismiss as dismiss_deliveries
from ontherecord.warehouse.quarantine import read_held, remove_dismissed_bytes
from ontherecord.warehouse.runs import now


def dismiss(
    settings: Settings,
    runner: Runner,
    paths: str,
    why: str,
    *,
    rule: str | None = None,
    wait_seconds: float = 0,
) -> Sequence[str]:
    """Dismiss the quarantined files of these paths, failed by this rule, and publish; return their paths.

    The same content is not quarantined again; another content of the path is read as any new file is.

    Raises WarehouseError if no quarantined file matches.
    """
    with open_session(settings, runner, "dismiss", wait_seconds=wait_seconds) as session:
        engine = session.engine
        selected = [
            delivery
            for delivery in read_held(engine)
            if (delivery.source_path == paths or fnmatchcase(delivery.source_path, paths))
            and (rule is None or rule in delivery.rules)
        ]
        if selected:
            dismiss_deliveries(engine, selected, why, now())
            remove_dismissed_bytes(session.home, engine)
            runner.log(f"dismiss: {counted(len(selected), 'file')}")
        session.finish()
    if not selected:  # after the run: a mistyped path is no failed run, of which people are alerted
        raise WarehouseError(
            f"No quarantined file matches {paths!r}. `ontherecord quarantine list` lists those there are."
        )
    return [delivery.source_path for delivery in selected]
