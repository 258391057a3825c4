"""Alerting: what a run does last, whether it ended well or not. It looks for alerts and has them told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from ontherecord.flows.pipeline.runner import Runner
from ontherecord.flows.sanitize import sanitize
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.alerts import AlertResult, keep_alerts, mark_sent, raise_alerts
from ontherecord.warehouse.runs import now


@contextmanager
def alerting(engine: Engine, settings: Settings, runner: Runner) -> Iterator[None]:
    """Look for alerts when the block is done or has failed.

    It stands around `recorded`, so that `ops.runs` already says how the run ended.
    """
    try:
        yield
    except BaseException as error:
        try:
            evaluate_alerts(engine, settings, runner, failing=True)
        except Exception as second:  # the first is what somebody must read
            error.add_note(f"Alerts could not be looked for: {second}")
        raise
    evaluate_alerts(engine, settings, runner)


def evaluate_alerts(
    engine: Engine, settings: Settings, runner: Runner, *, failing: bool = False
) -> AlertResult:
    """Hold the warehouse against the rules, say what is new, and have it sent where Prefect is there.

    A run that is `failing` says that it failed by itself.
    """
    found = raise_alerts(engine, settings.alerts.limits, now(), settings.alerts.muted)
    for alert in found.raised:
        if failing and alert.rule.startswith("failed_"):
            continue
        runner.log(sanitize(f"alert: {alert.rule}, {alert.subject}: {alert.message}"))
    if found.resolved_count:
        runner.log(f"alerts: {found.resolved_count:,} are over, {len(found.open):,} are open")
    # What an earlier run could not hand over is handed over now.
    mark_sent(engine, runner.send_alerts([a for a in found.open if a.sent_at is None]), now())
    if found.open or found.resolved_count:
        runner.show_alerts(found.open)
    keep_alerts(engine, settings.paths)
    return found
