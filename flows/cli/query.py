"""Commands that query what is published: sql, status, check."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from ontherecord.flows.cli.options import Options, with_options
from ontherecord.flows.cli.tables import print_json, print_table
from ontherecord.flows.sanitize import sanitize
from ontherecord.flows.workers.parent_death import preexec
from ontherecord.sql import statement
from ontherecord.warehouse.database import duckdb_client
from ontherecord.warehouse.errors import SettingsError, WarehouseError
from ontherecord.warehouse.lake import NAME as LAKE
from ontherecord.warehouse.lake import client_statements
from ontherecord.warehouse.publish import check as run_checks
from ontherecord.warehouse.status import greeting, read_status

# Below a table that was cut, the client advises a command of its prompt, which a query that is given as an
# argument does not have.
_ADVICE = re.compile(rb"^(  \d.* )use \.last (to show entire result)")


@with_options("home")
def sql(
    options: Options,
    query: Annotated[str | None, typer.Argument(help="A query; without one, a prompt opens.")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="Run the queries of this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print rows as JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print rows as CSV.")] = False,
) -> None:
    """Query the published warehouse, read-only.

    No query can reach other files, other databases or the shell. On a screen, quotes have
    their speaker and words in the first columns.

    Example: ontherecord sql "from mart.who_said_what limit 5"
    """
    arguments = _client_arguments(query, file)
    paths = options.settings().paths
    hello = greeting(paths)
    client = duckdb_client()
    if client is None:
        raise WarehouseError(
            "The duckdb command line client is missing. Run `pip install duckdb-cli==1.5.5`."
        )
    if paths.lake:
        statements, environment = client_statements(paths)
        os.environ.update(environment)
        command = [client, *(word for line in statements for word in ("-cmd", line))]
        published = ":memory:"
    else:
        command = [client, "-readonly"]
        published = str(paths.published.absolute())  # a folder's name may look like an option
    if sys.stdout.isatty() and not (as_json or as_csv):
        database = LAKE if paths.lake else paths.published.stem
        command += ["-cmd", statement("screen", "quotes").replace("$database", database)]
    # `.safe_mode` comes behind the user's own .duckdbrc, which may do what it likes.
    command += ["-cmd", ".safe_mode"]
    command += [*(["-json"] if as_json else []), *(["-csv"] if as_csv else []), *arguments]
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python's way of ignoring it would be inherited
    if arguments and not ((as_json or as_csv) and not sys.stdout.isatty()):
        sys.exit(_run_once([*command, published]))
    if not arguments:
        print(hello)
    sys.stdout.flush()
    os.execv(client, [*command, published])


def _client_arguments(query: str | None, file: Path | None) -> list[str]:
    """Return the client's arguments for a query or file of queries: none for a prompt.

    Raises SettingsError if both are given, or the query is no query.
    """
    if query is not None and file is not None:
        raise SettingsError("Give a query or --file, not both.")
    if file is not None:
        if not file.is_file():
            raise SettingsError(f"There is no file {str(file)!r} with queries. Name another with --file.")
        return ["-bail", "-f", str(file.absolute())]
    if query is None:
        return []
    if query.startswith("-") and len(query.split()) < 2:
        raise SettingsError(f"There is no option {query!r}. See `ontherecord sql --help`.")
    return ["-bail", "-c", query]


def _run_once(command: list[str]) -> int:
    """Show the answers to queries that were given as arguments; return how the client ended.

    The client writes control characters as they are in most of its modes; a terminal gets none of them. Its
    pager, which it has for terminals and which may be any command, it does not start here.
    """
    is_terminal = sys.stdout.isatty()
    errors = subprocess.STDOUT if is_terminal and sys.stderr.isatty() else None
    if is_terminal:
        command[1:1] = ["-cmd", f".maxwidth {shutil.get_terminal_size().columns}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, preexec_fn=preexec()) as client:
        assert client.stdout
        try:
            for line in client.stdout:
                shown = _ADVICE.sub(rb"\1use --csv \2", line)
                if is_terminal:
                    print(sanitize(shown.decode("utf-8", "backslashreplace").rstrip("\r\n")))
                else:
                    sys.stdout.buffer.write(shown)
        except BaseException:  # a signal, a closed pipe: nobody waits for the rest
            client.kill()
            raise
    return client.returncode


@with_options("home", "as_json")
def status(options: Options) -> None:
    """Show what is published, recent runs, and who is writing.

    Example: ontherecord status --json
    """
    facts = read_status(options.settings().paths)
    if options.as_json:
        print_json(facts)
        return
    shown = {**facts, "writing_now": facts["writing_now"] or "nobody"}
    if facts["last_loaded_at"]:
        shown["last_loaded_at"] = f"{facts['last_loaded_at']} UTC"
    if facts["killed"]:
        killed = "what it loaded is not published. The next run goes on from there."
        shown["killed"] = f"{facts['killed']}; {killed}"
    else:
        del shown["killed"]
    for name, value in shown.items():
        if name not in ("runs", "not_taken", "idle_corrections"):
            print(f"{name.replace('_', ' '):20} {'' if value is None else value}")
    for kind in facts["not_taken"]:
        print(f"{'not taken':20} {kind['file_count']:,} {kind['kind']} ({sanitize(kind['example'])})")
    for line in facts["idle_corrections"]:
        where = f" in {sanitize(line['article'])}" if line["article"] else ""
        print(
            f"{'not corrected':20} line {line['line_no']} of corrections.csv ({line['what']}{where}): "
            f"{line['problem']}"
        )
    if runs := facts["runs"]:
        columns = [column for column in runs[0] if any(run[column] is not None for run in runs)]
        print()
        print_table(columns, [[run[column] for column in columns] for run in runs], "Recent runs (UTC)")


@with_options("home", "as_json")
def check(options: Options) -> None:
    """Run the checks on the published warehouse.

    They are the queries in sql/checks; exit 1 if one finds rows.

    Example: ontherecord check
    """
    results = run_checks(options.settings().paths)
    if options.as_json:
        print_json([{"check": r.name, "rows": r.row_count, "examples": r.examples} for r in results])
    else:
        print_table(
            ("check", "rows that fail it", "example"),
            [(r.name, r.row_count, r.examples[0] if r.examples else "") for r in results],
        )
    if any(result.row_count for result in results):
        sys.exit(1)
