"""Alerts: what is not as it usually is, found by the rules in sql/alerts. The last thing a run does.

A rule is a query that returns a row for each cause it finds now: subject, value, threshold, message. Two
more columns where they matter: `raises`, false for what keeps an open alert open but raises none (part of a
greater cause, say), and `is_told`, true for what Prefect tells by itself. An alert is a rule and a subject:
it is raised once, stays open while its rule finds it, and is raised anew if it comes back.
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
from ontherecord.warehouse.publish import atomic_replace
from ontherecord.warehouse.rows import Row, as_rows
from ontherecord.warehouse.tables import alerts, count_change, duckdb_of


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to look at. `value` and `threshold` are None where nothing is measured.

    `sent_at` is None until it is handed to whoever sends it.
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
    """What the rules came to: alerts raised now, alerts that are open, and how many are over since now."""

    raised: tuple[Alert, ...]
    open: tuple[Alert, ...]
    resolved_count: int


def raise_alerts(
    engine: Engine, limits: Mapping[str, float], at: datetime, silenced: Sequence[str] = ()
) -> AlertResult:
    """Hold the warehouse against all rules, and record what is new, what is still so and what is over.

    `limits` are the rules' parameters but `$now`, which is `at`, UTC. `silenced` are patterns like
    `volume*` or `freshness section Sport`: a rule and a subject that match one raise nothing.
    """
    with engine.begin() as connection:
        found = {
            (rule, row["subject"]): row
            for rule, row in _causes(duckdb_of(connection), {**limits, "now": at})
            if not any(fnmatchcase(f"{rule} {row['subject']}", pattern) for pattern in silenced)
        }
        standing = {(alert.rule, alert.subject): alert for alert in _open(connection)}
        for key in found.keys() & standing.keys():
            _see_again(connection, standing[key], found[key], at)
        over = [standing[key].alert_id for key in standing.keys() - found.keys()]
        if over:
            connection.execute(update(alerts).where(alerts.c.alert_id.in_(over)).values(resolved_at=at))
        raised = {
            _insert(connection, rule, row, at)
            for (rule, _), row in found.items()
            if (rule, row["subject"]) not in standing and row.get("raises", True)
        }
        if raised or over:
            # The published file lacks this.
            count_change(connection)
        now_open = _open(connection)
    return AlertResult(tuple(a for a in now_open if a.alert_id in raised), now_open, len(over))


def mark_sent(engine: Engine, sent: Iterable[Alert], at: datetime) -> None:
    """Record that alerts were handed to whoever sends them."""
    with engine.begin() as connection:
        connection.execute(
            update(alerts).where(alerts.c.alert_id.in_([a.alert_id for a in sent])).values(sent_at=at)
        )


def keep_alerts(engine: Engine, home: DataDir) -> None:
    """Copy the alerts to a file of their own, in one step.

    The published warehouse stays as it was when a run fails, which is when alerts matter most.
    """
    draft = home.folder / f".alerts.{os.getpid()}.parquet"
    try:
        with engine.connect() as connection:
            writer = duckdb_of(connection)
            writer.execute(f"copy ops.alerts to '{sql.escape_literal(draft)}' (format parquet)")
        atomic_replace(draft, home.alerts)
    finally:
        draft.unlink(missing_ok=True)


def _causes(connection: Any, parameters: Mapping[str, Any]) -> Iterable[tuple[str, Row]]:
    for file in sql.statements("alerts"):
        query = file.read_text(encoding="utf-8")
        wanted = set(re.findall(r"\$(\w+)", query))
        for row in as_rows(connection.execute(query, {name: parameters[name] for name in wanted})):
            yield file.name.removesuffix(".sql"), row


def _open(connection: Connection) -> tuple[Alert, ...]:
    c = alerts.c
    query = (
        select(c.alert_id, c.rule, c.subject, c.message, c.value, c.threshold, c.raised_at, c.sent_at)
        .where(c.resolved_at.is_(None))
        .order_by(c.raised_at, c.rule, c.subject)
    )
    return tuple(Alert(*row) for row in connection.execute(query))


def _see_again(connection: Connection, alert: Alert, row: Row, at: datetime) -> None:
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
            sent_at=at if row.get("is_told") else None,
        )
    )
    return alert_id


def _measured(row: Row) -> Row:
    return {name: row[name] for name in ("message", "value", "threshold")}
