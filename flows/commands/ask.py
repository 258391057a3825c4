"""Commands that read what is published: sql, status, check."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import HomeOption, JsonOption
from warehouse.errors import WarehouseError


def sql(
    query: Annotated[str | None, typer.Argument(help="A query; without one a prompt opens.")] = None,
    home: HomeOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print rows as JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print rows as CSV.")] = False,
) -> None:
    """Ask the published warehouse, read-only. Example: ontherecord sql "from quotes limit 5"."""
    from flows.settings import load_settings
    from warehouse.status import greeting

    paths = load_settings(home=home).paths
    hello = greeting(paths)
    client = shutil.which("duckdb", path=str(Path(sys.executable).parent)) or shutil.which("duckdb")
    if client is None:
        raise WarehouseError(
            "The duckdb command line client is missing. Run `pip install duckdb-cli==1.5.5`."
        )
    command = [client, "-readonly", *(["-json"] if as_json else []), *(["-csv"] if as_csv else [])]
    if query is None:
        print(hello)
    else:
        command += ["-bail", "-c", query]
    sys.stdout.flush()
    os.execv(client, [*command, str(paths.published)])


def status(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Say what the published warehouse holds, the last runs, and who is writing now."""
    from flows.settings import load_settings
    from flows.show import print_json, print_table
    from warehouse.status import read_status

    facts = read_status(load_settings(home=home).paths)
    if as_json:
        print_json(facts)
        return
    for name, value in facts.items():
        if name != "runs":
            print(f"{name.replace('_', ' '):16} {'' if value is None else value}")
    if runs := facts["runs"]:
        shown = [column for column in runs[0] if any(run[column] is not None for run in runs)]
        print()
        print_table(shown, [[run[column] for column in shown] for run in runs], "Newest runs (UTC)")


def check(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Run the checks in sql/checks on the published warehouse; exit 1 if one does not hold."""
    from flows.settings import load_settings
    from flows.show import print_json, print_table
    from warehouse.publish import check as run_checks

    results = run_checks(load_settings(home=home).paths)
    if as_json:
        print_json([{"check": r.name, "rows": r.row_count, "examples": r.examples} for r in results])
    else:
        print_table(
            ("check", "rows that break it", "such as"),
            [(r.name, r.row_count, r.examples[0] if r.examples else "") for r in results],
        )
    if any(result.row_count for result in results):
        sys.exit(1)
