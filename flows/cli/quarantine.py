"""Commands on quarantined files: list, show."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ontherecord.flows.cli.options import Options, with_options
from ontherecord.flows.cli.tables import format_quarantine, print_json
from ontherecord.flows.dismiss import dismiss
from ontherecord.flows.landing.stored_article import from_bytes, is_stored
from ontherecord.flows.pipeline.terminal_runner import TerminalRunner
from ontherecord.flows.plural import counted
from ontherecord.flows.sanitize import sanitize
from ontherecord.warehouse.corruption import require_warehouse
from ontherecord.warehouse.errors import SettingsError
from ontherecord.warehouse.status import read_quarantine, read_quarantined_file

# An article is shorter; an archive or a picture would fill the screen for minutes.
_SHOWN_BYTES = 20_000


@with_options("home", "as_json")
def list_quarantine(
    options: Options,
    everything: Annotated[
        bool, typer.Option("--all", help="Include files that have since been released.")
    ] = False,
) -> None:
    """List quarantined files and the rule each failed.

    Example: ontherecord quarantine list --all
    """
    rows = read_quarantine(options.settings().paths, everything=everything)
    if options.as_json:
        print_json(rows)
    elif not rows:
        print("No quarantined files.")
    else:
        print(format_quarantine(rows))


@with_options("home", "wait", "as_json")
def dismiss_quarantined(
    options: Options,
    paths: Annotated[
        str, typer.Argument(metavar="PATH", help="Path as `quarantine list` shows it; * matches anything.")
    ],
    why: Annotated[str, typer.Option("--why", help="Why nobody will fix it; kept in the ledger.")],
    rule: Annotated[str | None, typer.Option("--rule", help="Only files that failed this rule.")] = None,
) -> None:
    """Clear quarantined files that nobody will fix.

    They stay in the ledger with the reason; their kept bytes are removed. New content under the path is
    read like any new file.

    Example: ontherecord quarantine dismiss "old/*" --why "not articles"
    """
    if not why.strip():
        raise SettingsError("Say why nobody will fix it: --why 'not an article'.")
    settings = options.settings()
    require_warehouse(settings.paths)
    with TerminalRunner() as runner:
        done = dismiss(settings, runner, paths, why.strip(), rule=rule, wait_seconds=options.wait)
    if options.as_json:
        print_json({"dismissed": done, "why": why.strip()})
    else:
        print(
            f"Dismissed {counted(len(done), 'file')}. `ontherecord quarantine list --all` shows the reason."
        )


@with_options("home", "as_json")
def show_quarantined(
    options: Options,
    source_path: Annotated[str, typer.Argument(help="Path as `quarantine list` shows it.")],
    raw: Annotated[bool, typer.Option("--raw", help="Write the file's bytes as delivered.")] = False,
) -> None:
    """Show why a file or article is quarantined, and its text.

    Example: ontherecord quarantine show world/treaty.txt, or week.csv#42 for an article in a file
    """
    paths = options.settings().paths
    rows, content = read_quarantined_file(paths, source_path)
    if raw:
        sys.stdout.buffer.write(content or b"")
        return
    if options.as_json:
        print_json(rows)
        return
    if rows[0]["file_path"]:
        print(f"Number {rows[0]['row_no']:,} of {sanitize(rows[0]['file_path'])}.")
    for row in rows:
        print(f"{row['rule']}: {sanitize(row['message'])}")
        if row["value"] is not None:
            print(f"  found: {sanitize(row['value'])}")
    print()
    if content is None:
        print("Its bytes could not be read, so none are stored.")
    elif is_stored(content):
        article, _ = from_bytes(content)
        for name, value in article.headers:
            print(f"{sanitize(name)}: {sanitize(value)}")
        print()
        for line in article.body[:_SHOWN_BYTES].split("\n"):
            print(sanitize(line))
    else:
        for line in content[:_SHOWN_BYTES].decode("utf-8", "backslashreplace").split("\n"):
            print(sanitize(line.rstrip("\r")))
        if len(content) > _SHOWN_BYTES:
            print(f"… and {len(content) - _SHOWN_BYTES:,} more bytes: --raw writes all of them.")
