"""Commands on alerts: list, install."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from ontherecord.flows.cli.options import Options, with_options
from ontherecord.flows.cli.tables import print_json, print_table
from ontherecord.flows.orchestration.deployments import FLOW_NAMES
from ontherecord.flows.orchestration.notify import install_automations
from ontherecord.flows.orchestration.server_api import set_login
from ontherecord.flows.settings import revealed
from ontherecord.warehouse.status import read_alerts


@with_options("home", "as_json")
def list_alerts(
    options: Options,
    everything: Annotated[bool, typer.Option("--all", help="Include resolved alerts.")] = False,
) -> None:
    """List open alerts as of the last run.

    Example: ontherecord alerts list --all
    """
    rows = read_alerts(options.settings().paths, everything=everything)
    if options.as_json:
        print_json(rows)
    elif not rows:
        print("No open alerts.")
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


@with_options("home", "as_json")
def install_alerts(options: Options) -> None:
    """Have Prefect send alerts to the webhook that is set.

    Run it again when the setting changes; without a webhook or block, nothing is sent any more.

    Example: ontherecord alerts install
    """
    settings = options.settings()
    set_login(revealed(settings.prefect_login))
    installed = install_automations(settings.alerts, FLOW_NAMES)
    if options.as_json:
        print_json({"automations": installed})
    elif installed:
        print(f"Prefect sends alerts and failed runs: {', '.join(installed)}.")
    else:
        print(
            "Prefect sends nothing: neither ONTHERECORD_ALERTS__WEBHOOK nor ONTHERECORD_ALERTS__BLOCK is set."
        )
