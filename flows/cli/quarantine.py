"""Commands on quarantined files: list, show."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ontherecord.flows.cli.options import Options, with_options
from ontherecord.flows.cli.tables import format_quarantine, print_json
from ontherecord.flows.landing.stored_article import from_bytes, is_stored
from ontherecord.flows.sanitize import sanitize
from ontherecord.warehouse.status import read_quarantine, read_quarantined_file

# An article is shorter; an archive or a picture would fill the screen for minutes.
_SHOWN_BYTES = 20_000


@with_options("home", "as_json")
def list_quarantine(
    options: Options,
    everything: Annotated[bool, typer.Option("--all", help="Also files that were released since.")] = False,
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
