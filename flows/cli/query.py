"""Commands that read what is published: sql, status, check."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from ontherecord.flows.cli.options import HomeOption, JsonOption
from ontherecord.warehouse.duckdb_client import duckdb_client
from ontherecord.warehouse.errors import SettingsError, WarehouseError


def sql(
    query: Annotated[str | None, typer.Argument(help="A query; without one a prompt opens.")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="Run the queries of this file.")] = None,
    home: HomeOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print rows as JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print rows as CSV.")] = False,
) -> None:
    """Ask the published warehouse, read-only.

    No query reaches other files, other databases or the shell, whoever wrote it.

    Example: ontherecord sql "from quotes limit 5"
    """
    from ontherecord.flows.settings import load_settings
    from ontherecord.warehouse.status import greeting

    asked = _asked(query, file)
    paths = load_settings(home=home).paths
    hello = greeting(paths)
    client = duckdb_client()
    if client is None:
        raise WarehouseError(
            "The duckdb command line client is missing. Run `pip install duckdb-cli==1.5.5`."
        )
    if paths.lake:
        from ontherecord.warehouse.lake import client_statements

        statements, environment = client_statements(paths)
        os.environ.update(environment)
        command = [client, *(word for statement in statements for word in ("-cmd", statement))]
        published = ":memory:"
    else:
        command = [client, "-readonly"]
        published = str(paths.published.absolute())  # a folder's name may look like an option
    # `.safe_mode` comes behind the user's own .duckdbrc, which may do what it likes.
    command += ["-cmd", ".safe_mode"]
    command += [*(["-json"] if as_json else []), *(["-csv"] if as_csv else []), *asked]
    if asked and sys.stdout.isatty():
        sys.exit(_shown_harmless([*command, published]))
    if not asked:
        print(hello)
    sys.stdout.flush()
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python's way of ignoring it would be inherited
    os.execv(client, [*command, published])


def _asked(query: str | None, file: Path | None) -> list[str]:
    """Return what is asked, as options of the client: nothing for a prompt.

    Raises SettingsError if it is asked twice, or is no query at all.
    """
    if query is not None and file is not None:
        raise SettingsError("A query and --file exclude each other: leave one of them out.")
    if file is not None:
        if not file.is_file():
            raise SettingsError(f"There is no file {str(file)!r} with queries. Name another with --file.")
        return ["-bail", "-f", str(file.absolute())]
    if query is None:
        return []
    if query.startswith("-") and len(query.split()) < 2:
        raise SettingsError(f"There is no option {query!r}. See `ontherecord sql --help`.")
    return ["-bail", "-c", query]


def _shown_harmless(command: list[str]) -> int:
    """Show an answer on a terminal, which it cannot steer; return how the client ended.

    The client writes control characters as they are in most of its modes. Its pager, which it has for
    terminals and which may be any command, it does not start here.
    """
    from ontherecord.flows.sanitize import sanitize

    width = f".maxwidth {shutil.get_terminal_size().columns}"
    errors = subprocess.STDOUT if sys.stderr.isatty() else None
    with subprocess.Popen(
        [command[0], "-cmd", width, *command[1:]], stdout=subprocess.PIPE, stderr=errors
    ) as client:
        assert client.stdout
        for line in client.stdout:
            print(sanitize(line.decode("utf-8", "backslashreplace").rstrip("\r\n")))
    return client.returncode


def status(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Say what is published, the newest runs, who writes now.

    Example: ontherecord status --json
    """
    from ontherecord.flows.cli.tables import print_json, print_table
    from ontherecord.flows.settings import load_settings
    from ontherecord.warehouse.status import read_status

    facts = read_status(load_settings(home=home).paths)
    if as_json:
        print_json(facts)
        return
    for name, value in {**facts, "writing_now": facts["writing_now"] or "nobody"}.items():
        if name != "runs":
            print(f"{name.replace('_', ' '):16} {'' if value is None else value}")
    if runs := facts["runs"]:
        shown = [column for column in runs[0] if any(run[column] is not None for run in runs)]
        print()
        print_table(shown, [[run[column] for column in shown] for run in runs], "Newest runs (UTC)")


def check(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Run the checks on the published warehouse.

    They are the queries of sql/checks; exit 1 if one does not hold.

    Example: ontherecord check
    """
    from ontherecord.flows.cli.tables import print_json, print_table
    from ontherecord.flows.settings import load_settings
    from ontherecord.warehouse.publish import check as run_checks

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
