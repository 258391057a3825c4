"""Alerting: what a run does last, whether it ended well or not. It looks for alerts and has them told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from ontherecord.flows.pipeline.runner import Conduct
from ontherecord.flows.sanitize import harmless
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.alerts import Judgement, keep_alerts, mark_sent, raise_alerts
from ontherecord.warehouse.runs import now


@contextmanager
def alerting(engine: Engine, settings: Settings, conduct: Conduct) -> Iterator[None]:
    """Look for alerts when the block is done or has failed.

    It stands around `recorded`, so that `ops.runs` already says how the run ended.
    """
    try:
        yield
    except BaseException as error:
        try:
            look_for_alerts(engine, settings, conduct, failing=True)
        except Exception as second:  # the first is what somebody must read
            error.add_note(f"Alerts could not be looked for: {second}")
        raise
    look_for_alerts(engine, settings, conduct)


def look_for_alerts(
    engine: Engine, settings: Settings, conduct: Conduct, *, failing: bool = False
) -> Judgement:
    """Hold the warehouse against the rules, say what is new, and have it sent where Prefect is there.

    A run that is `failing` says that it failed by itself.
    """
    found = raise_alerts(engine, settings.alerts.limits, now(), settings.alerts.silent)
    for alert in found.raised:
        if failing and alert.rule.startswith("failed_"):
            continue
        conduct.say(harmless(f"alert: {alert.rule}, {alert.subject}: {alert.message}"))
    if found.resolved_count:
        conduct.say(f"alerts: {found.resolved_count:,} are over, {len(found.open):,} are open")
    # What an earlier run could not hand over is handed over now.
    mark_sent(engine, conduct.send_alerts([a for a in found.open if a.sent_at is None]), now())
    if found.open or found.resolved_count:
        conduct.show_alerts(found.open)
    keep_alerts(engine, settings.paths)
    return found
