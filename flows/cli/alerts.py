"""Commands on alerts: alerts list, alerts install."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from ontherecord.flows.cli.options import HomeOption, JsonOption


def list_alerts(
    home: HomeOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the alerts that are open as of the last run.

    Example: ontherecord alerts list --all
    """
    from ontherecord.flows.cli.tables import print_json, print_table
    from ontherecord.flows.settings import load_settings
    from ontherecord.warehouse.status import read_alerts

    rows = read_alerts(load_settings(home=home).paths, everything=everything)
    if as_json:
        print_json(rows)
    elif not rows:
        print("No alert is open.")
    else:
        shown = ["rule", "subject", "message", "raised_at", *(["resolved_at"] if everything else [])]
        print_table(
            [name.replace("_", " ") for name in shown],
            [
                [f"{v:%Y-%m-%d %H:%M}" if isinstance(v := row[c], datetime) else v for c in shown]
                for row in rows
            ],
            "Alerts (UTC)",
        )


def install_alerts(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Have the Prefect server send alerts to the webhook that is set.

    Again whenever the setting changes; without one, nothing is sent any more.

    Example: ontherecord alerts install
    """
    from ontherecord.flows.settings import load_settings

    settings = load_settings(home=home).alerts
    from ontherecord.flows.cli.tables import print_json
    from ontherecord.flows.orchestration.deployments import FLOWS
    from ontherecord.flows.orchestration.notify import install_automations

    installed = install_automations(settings, FLOWS)
    if as_json:
        print_json({"automations": installed})
    elif installed:
        print(f"Prefect sends alerts and failed runs: {', '.join(installed)}.")
    else:
        print(
            "Prefect sends nothing: neither ONTHERECORD_ALERTS__WEBHOOK nor ONTHERECORD_ALERTS__BLOCK is set."
        )
