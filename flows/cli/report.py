"""The command that makes a page of what is published: report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ontherecord.flows.cli.options import HomeOption, JsonOption


def report(
    out: Annotated[
        Path | None, typer.Option("--out", help="The HTML file (else report.html in the data folder).")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make one HTML page of what is published.

    Example: ontherecord report --out week.html
    """
    from ontherecord.flows.cli.tables import print_json
    from ontherecord.flows.report.page import make_report
    from ontherecord.flows.settings import load_settings

    page = make_report(load_settings(home=home).paths, out)
    facts = {"report": str(page), "bytes": page.stat().st_size}
    if as_json:
        print_json(facts)
    else:
        print(f"Made {facts['report']} ({facts['bytes']:,} bytes). Any browser opens it, without a network.")
