"""Evaluate the alert rules at the end of a run, whether it succeeded or failed, and send what is new."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from ontherecord.flows.pipeline.runner import Runner
from ontherecord.flows.sanitize import sanitize
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.alerts import AlertResult, mark_sent, raise_alerts, save_alerts
from ontherecord.warehouse.runs import now


@contextmanager
def evaluate_alerts_at_end(engine: Engine, settings: Settings, runner: Runner) -> Iterator[None]:
    """Evaluate alerts when the block has ended or failed.

    It encloses `run_record`, so that `ops.runs` already says how the run ended.
    """
    try:
        yield
    except BaseException as error:
        try:
            evaluate_alerts(engine, settings, runner, failing=True)
        except Exception as second:  # the first error is the one to read
            error.add_note(f"Alerts could not be evaluated: {second}")
        raise
    evaluate_alerts(engine, settings, runner)


def evaluate_alerts(
    engine: Engine, settings: Settings, runner: Runner, *, failing: bool = False
) -> AlertResult:
    """Evaluate the alert rules, log new alerts, and send them if the run is a Prefect flow.

    A `failing` run does not log that flows fail: its own error says so.
    """
    result = raise_alerts(engine, settings.alerts.limits, now(), settings.alerts.muted)
    for alert in result.raised:
        if failing and alert.rule.startswith("failed_"):
            continue
        runner.log(sanitize(f"alert: {alert.rule}, {alert.subject}: {alert.message}"))
    if result.resolved_count:
        runner.log(f"alerts: {result.resolved_count:,} resolved, {len(result.open):,} open")
    # Also those that an earlier run could not send.
    mark_sent(engine, runner.send_alerts([a for a in result.open if a.sent_at is None]), now())
    if result.open or result.resolved_count:
        runner.show_alerts(result.open)
    save_alerts(engine, settings.paths)
    return result
