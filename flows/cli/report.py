"""The command that writes a page about what is published: report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ontherecord.flows.cli.options import Options, with_options
from ontherecord.flows.cli.tables import print_json
from ontherecord.flows.report.page import make_report


@with_options("home", "as_json")
def report(
    options: Options,
    out: Annotated[
        Path | None, typer.Option("--out", help="The HTML file (default: report.html in the home folder).")
    ] = None,
) -> None:
    """Write an HTML page about what is published.

    Example: ontherecord report --out week.html
    """
    page = make_report(options.settings().paths, out)
    facts = {"report": str(page), "bytes": page.stat().st_size}
    if options.as_json:
        print_json(facts)
    else:
        print(f"Wrote {page} ({facts['bytes']:,} bytes). Any browser opens it, without a network.")
