"""Alerts: anomalies and failures found by the rules in sql/alerts. The last step of a run.

A rule is a query that returns one row per current problem: subject, value, threshold, message. Two columns
are optional. `raises` is false for a row that keeps an open alert open but does not raise a new one, such as
part of a larger problem. `is_notified` is true for what Prefect reports itself. An alert is identified by
rule and subject: it is raised once, stays open while the rule returns its row, and is raised again if it
comes back.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from ontherecord import sql
from ontherecord.warehouse import ids
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import Row, as_rows, duckdb_of
from ontherecord.warehouse.publish import atomic_replace
from ontherecord.warehouse.secrets import redact
from ontherecord.warehouse.tables import alerts, count_change


@dataclass(frozen=True, slots=True)
class Alert:
    """A problem to look at. `value` and `threshold` are None if nothing is measured.

    `sent_at` is None until the alert is handed over for sending.
    """

    alert_id: int
    rule: str
    subject: str
    message: str
    value: float | None
    threshold: float | None
    raised_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class AlertResult:
    """The result of evaluating the rules: alerts raised now, all open alerts, and how many were resolved
    now.
    """

    raised: tuple[Alert, ...]
    open: tuple[Alert, ...]
    resolved_count: int


def raise_alerts(
    engine: Engine, limits: Mapping[str, float], at: datetime, muted: Sequence[str] = ()
) -> AlertResult:
    """Evaluate all rules; record new alerts, update open ones and resolve those that are over.

    `limits` are the rules' parameters except `$now`, which is `at`, in UTC. `muted` are patterns such as
    `volume*` or `freshness section Sport`: a matching rule and subject raise nothing.
    """
    with engine.begin() as connection:
        found = {
            (rule, row["subject"]): row
            for rule, row in _findings(duckdb_of(connection), {**limits, "now": at})
            if not any(fnmatchcase(f"{rule} {row['subject']}", pattern) for pattern in muted)
        }
        open_before = {(alert.rule, alert.subject): alert for alert in _open(connection)}
        for key in found.keys() & open_before.keys():
            _update(connection, open_before[key], found[key], at)
        resolved = [open_before[key].alert_id for key in open_before.keys() - found.keys()]
        if resolved:
            connection.execute(update(alerts).where(alerts.c.alert_id.in_(resolved)).values(resolved_at=at))
        raised = {
            _insert(connection, rule, row, at)
            for (rule, _), row in found.items()
            if (rule, row["subject"]) not in open_before and row.get("raises", True)
        }
        if raised or resolved:
            count_change(connection)
        now_open = _open(connection)
    return AlertResult(tuple(a for a in now_open if a.alert_id in raised), now_open, len(resolved))


def mark_sent(engine: Engine, sent: Iterable[Alert], at: datetime) -> None:
    """Record that alerts were handed over for sending."""
    with engine.begin() as connection:
        connection.execute(
            update(alerts).where(alerts.c.alert_id.in_([a.alert_id for a in sent])).values(sent_at=at)
        )


def save_alerts(engine: Engine, home: DataDir) -> None:
    """Write the alerts to a Parquet file of their own, atomically.

    A failed run publishes nothing, and that is when alerts matter most.
    """
    draft = home.folder / f".alerts.{os.getpid()}.parquet"
    try:
        with engine.connect() as connection:
            writer = duckdb_of(connection)
            writer.execute(f"copy ops.alerts to '{sql.escape_literal(draft)}' (format parquet)")
        atomic_replace(draft, home.alerts)
    finally:
        draft.unlink(missing_ok=True)


def _findings(connection: Any, parameters: Mapping[str, Any]) -> Iterable[tuple[str, Row]]:
    for file in sql.statements("alerts"):
        query = file.read_text(encoding="utf-8")
        names = set(re.findall(r"\$(\w+)", query))
        for row in as_rows(connection.execute(query, {name: parameters[name] for name in names})):
            yield file.name.removesuffix(".sql"), row


def _open(connection: Connection) -> tuple[Alert, ...]:
    c = alerts.c
    query = (
        select(c.alert_id, c.rule, c.subject, c.message, c.value, c.threshold, c.raised_at, c.sent_at)
        .where(c.resolved_at.is_(None))
        .order_by(c.raised_at, c.rule, c.subject)
    )
    return tuple(Alert(*row) for row in connection.execute(query))


def _update(connection: Connection, alert: Alert, row: Row, at: datetime) -> None:
    connection.execute(
        update(alerts).where(alerts.c.alert_id == alert.alert_id).values(**_measured(row), last_seen_at=at)
    )


def _insert(connection: Connection, rule: str, row: Row, at: datetime) -> int:
    alert_id = ids.alert_id(rule, row["subject"], at)
    connection.execute(
        insert(alerts).values(
            alert_id=alert_id,
            rule=rule,
            subject=row["subject"],
            **_measured(row),
            raised_at=at,
            last_seen_at=at,
            sent_at=at if row.get("is_notified") else None,
        )
    )
    return alert_id


def _measured(row: Row) -> Row:
    # Runs of earlier versions may have recorded errors with their secrets.
    return {"message": redact(row["message"]), "value": row["value"], "threshold": row["threshold"]}
