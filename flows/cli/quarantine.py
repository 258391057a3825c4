"""Commands on quarantined files: quarantine list, quarantine show."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ontherecord.flows.cli.options import HomeOption, JsonOption

# An article is shorter; an archive or a picture would fill the screen for minutes.
_SHOWN_BYTES = 20_000


def list_quarantine(
    home: HomeOption = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also rows of files delivered well since.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List the quarantined files, with the rule each failed.

    Example: ontherecord quarantine list --all
    """
    from ontherecord.flows.cli.tables import format_quarantine, print_json
    from ontherecord.flows.settings import load_settings
    from ontherecord.warehouse.status import read_quarantine

    rows = read_quarantine(load_settings(home=home).paths, everything=everything)
    if as_json:
        print_json(rows)
    elif not rows:
        print("No file is quarantined.")
    else:
        print(format_quarantine(rows))


def show_quarantined(
    source_path: Annotated[str, typer.Argument(help="Path as `quarantine list` shows it.")],
    home: HomeOption = None,
    raw: Annotated[bool, typer.Option("--raw", help="Write the file's bytes as they came.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show why a file is quarantined, and its text as it was delivered.

    Example: ontherecord quarantine show world/treaty.txt
    """
    from ontherecord.flows.cli.tables import print_json
    from ontherecord.flows.sanitize import sanitize
    from ontherecord.flows.settings import load_settings
    from ontherecord.warehouse.status import read_quarantined_file

    paths = load_settings(home=home).paths
    rows, content = read_quarantined_file(paths, source_path)
    if raw:
        sys.stdout.buffer.write(content or b"")
        return
    if as_json:
        print_json(rows)
        return
    for row in rows:
        print(f"{row['rule']}: {sanitize(row['message'])}")
        if row["value"] is not None:
            print(f"  found: {sanitize(row['value'])}")
    print()
    if content is None:
        print("Its bytes could not be read, so none are kept.")
    else:
        for line in content[:_SHOWN_BYTES].decode("utf-8", "backslashreplace").split("\n"):
            print(sanitize(line.rstrip("\r")))
        if len(content) > _SHOWN_BYTES:
            print(f"… and {len(content) - _SHOWN_BYTES:,} bytes more: --raw gives all of them.")
