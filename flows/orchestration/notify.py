"""Notify: emit alerts as Prefect events, and install the automations that send them.

Prefect does the sending: one automation hands each event to a webhook or notification block, a second does
so for flow runs that failed or crashed, and a third marks runs without a heartbeat as crashed, so a killed
run is reported too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import SecretStr

from ontherecord.flows.sanitize import sanitize
from ontherecord.flows.settings import AlertSettings
from ontherecord.warehouse.alerts import Alert
from ontherecord.warehouse.errors import SettingsError

RAISED = "ontherecord.alert.raised"
BLOCK = "ontherecord-alerts"
ALERTS = "On the Record: alerts"
FAILED_RUNS = "On the Record: failed runs"
STALE_RUNS = "On the Record: stale runs"
_AUTOMATIONS = [ALERTS, FAILED_RUNS, STALE_RUNS]
_OLD_AUTOMATIONS = ["On the Record: lost runs"]  # of 1.x


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent, as templates that Prefect fills in."""

    rule: str
    subject: str
    body: str


_ALERT = Message(
    rule="{{ event.payload.rule }}",
    subject="On the Record: {{ event.payload.rule }}, {{ event.payload.subject }}",
    body="{{ event.payload.message }}",
)
_RUN = Message(
    rule="failed_run",
    subject="On the Record: {{ flow.name }} {{ flow_run.state.name | lower }}",
    body="{{ flow_run.name }}: {{ flow_run.state.message }}\n{{ flow_run | ui_url or '' }}",
)
_STALE = "No heartbeat any more: its process was killed, or the machine went down."
# Slack, Mattermost and others show `text`; the rest is for programs.
_JSON = """\
{%- set rule -%} RULE {%- endset -%}
{%- set subject -%} SUBJECT {%- endset -%}
{%- set body -%} BODY {%- endset -%}
{"text": {{ (subject ~ "\\n" ~ body) | tojson }}, "rule": {{ rule | tojson }}, \
"subject": {{ subject | tojson }}, "body": {{ body | tojson }}}"""


def emit_alerts(alerts: Iterable[Alert]) -> list[Alert]:
    """Emit alerts as Prefect events; return those that were emitted."""
    from prefect.events import emit_event

    return [
        alert
        for alert in alerts
        if emit_event(
            RAISED,
            resource={
                "prefect.resource.id": f"ontherecord.alert.{alert.rule}.{alert.subject}",
                "prefect.resource.name": sanitize(f"{alert.rule}, {alert.subject}"),
                "ontherecord.rule": alert.rule,
                "ontherecord.subject": alert.subject,
            },
            payload={
                "rule": alert.rule,
                "subject": sanitize(alert.subject),
                "message": sanitize(alert.message),
                "value": alert.value,
                "threshold": alert.threshold,
                "raised_at": f"{alert.raised_at.isoformat()}Z",
            },
            id=uuid5(NAMESPACE_URL, f"{RAISED}/{alert.alert_id}"),
        )
    ]


def create_alert_table(alerts: Sequence[Alert]) -> None:
    """Create the table artifact of open alerts."""
    from prefect.artifacts import create_table_artifact

    rows = [
        {
            "rule": alert.rule,
            "subject": sanitize(alert.subject),
            "value": None if alert.value is None else round(alert.value, 3),
            "threshold": None if alert.threshold is None else round(alert.threshold, 3),
            "since (UTC)": f"{alert.raised_at:%Y-%m-%d %H:%M}",
            "message": sanitize(alert.message),
        }
        for alert in alerts
    ]
    create_table_artifact(
        rows or [{"rule": "none", "subject": "", "message": ""}],
        key="alerts",
        description="Open alerts: see docs/alerts.md",
    )


def install_automations(
    settings: AlertSettings, flows: Sequence[str], api_url: str | None = None
) -> list[str]:
    """Create, update or delete our automations on a Prefect server; return the names of those installed.

    `flows` are the names of the flows whose failed and stale runs are reported.

    None is installed if neither a webhook nor a block is set.

    Raises SettingsError if no server is configured, or it has no such block.
    """
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with temporary_settings({PREFECT_API_URL: api_url}) if api_url else nullcontext():
        if not PREFECT_API_URL.value():
            raise SettingsError(
                "No Prefect server is configured, and Prefect sends the alerts. Set PREFECT_API_URL to your "
                "server's URL, which ends in /api."
            )
        _delete_automations(_OLD_AUTOMATIONS)
        if not (settings.webhook or settings.block):
            _delete_automations(_AUTOMATIONS)
            return []
        for automation in _automations(settings, flows):
            _create_or_update(automation)
    return list(_AUTOMATIONS)


def _automations(settings: AlertSettings, flows: Sequence[str]) -> list[Any]:
    from prefect.automations import Automation, ChangeFlowRunState, EventTrigger, Posture
    from prefect.client.schemas.objects import StateType

    send = _sender(settings)
    our_flows: dict[str, str | list[str]] = {
        "prefect.resource.role": "flow",
        "prefect.resource.name": sorted(flows),
    }
    return [
        Automation(
            name=ALERTS,
            description="Sends each alert that a run raises. Made by `ontherecord alerts install`.",
            trigger=EventTrigger(expect={RAISED}),
            actions=[send(_ALERT)],
        ),
        Automation(
            name=FAILED_RUNS,
            description="Reports a flow run that failed or was killed, and a flow that keeps failing "
            f"once in {settings.repeat_hours:g} hours. Made by `ontherecord alerts install`.",
            trigger=EventTrigger(
                expect={"prefect.flow-run.*"},
                match={"prefect.state-type": ["FAILED", "CRASHED"]},
                match_related=our_flows,
                for_each={"related:flow:prefect.resource.id"},
                within=timedelta(hours=settings.repeat_hours),
            ),
            actions=[send(_RUN)],
        ),
        Automation(
            name=STALE_RUNS,
            description="Marks a flow run as crashed that has sent no heartbeat for "
            f"{settings.heartbeat_timeout_minutes:g} minutes. Made by `ontherecord alerts install`.",
            trigger=EventTrigger(
                posture=Posture.Proactive,
                after={"prefect.flow-run.heartbeat"},
                expect={"prefect.flow-run.*"},  # the next heartbeat, or an end whatever its name
                match={"prefect.resource.id": "prefect.flow-run.*"},
                match_related=our_flows,
                for_each={"prefect.resource.id"},
                within=timedelta(minutes=settings.heartbeat_timeout_minutes),
            ),
            actions=[ChangeFlowRunState(state=StateType.CRASHED, name=None, message=_STALE, force=False)],
        ),
    ]


def _sender(settings: AlertSettings) -> Callable[[Message], Any]:
    """Return a function that makes a message's action; the block it uses is saved on the server."""
    from prefect.automations import CallWebhook, SendNotification

    address = settings.webhook.get_secret_value() if settings.webhook else ""
    if address.startswith("http"):
        # Not the custom webhook of Prefect's notifications: when that fails, the server logs its URL.
        from prefect.blocks.webhook import Webhook
        from prefect.types import SecretDict

        headers = {"Content-Type": "application/json"}
        block = _save(Webhook(url=SecretStr(address), headers=SecretDict(headers)))
        return lambda message: CallWebhook(block_document_id=block, payload=_json(message))
    if address:
        # Of Prefect's notification blocks, this one passes any URL but Slack's own to Apprise unchanged.
        from prefect.blocks.notifications import SlackWebhook

        block = _save(SlackWebhook(url=SecretStr(address)))
    else:
        block = _block_id(settings.block or "")
    return lambda message: SendNotification(
        block_document_id=block, subject=message.subject, body=message.body
    )


def _json(message: Message) -> str:
    return (
        _JSON.replace("RULE", message.rule).replace("SUBJECT", message.subject).replace("BODY", message.body)
    )


def _save(block: Any) -> UUID:
    saved = block.save(BLOCK, overwrite=True)
    assert isinstance(saved, UUID), "outside an event loop Prefect answers at once"
    return saved


def _block_id(slug: str) -> UUID:
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound

    kind, _, name = slug.partition("/")
    try:
        with get_client(sync_client=True) as client:
            return client.read_block_document_by_name(name, kind, include_secrets=False).id
    except ObjectNotFound:
        raise SettingsError(
            f"The Prefect server has no block {slug}. `prefect block ls` lists those it has. Create one in "
            "the dashboard, or set ONTHERECORD_ALERTS__WEBHOOK."
        ) from None


def _create_or_update(automation: Any) -> None:
    """Update the automation of this name, or create it."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        found = client.read_automations_by_name(automation.name)
    if found:
        automation.id = found[0].id
        automation.update()
    else:
        automation.create()


def _delete_automations(names: Iterable[str]) -> None:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        for name in names:
            for found in client.read_automations_by_name(name):
                client.delete_automation(found.id)
