"""The command on an article's versions: history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from ontherecord.flows.cli.diff import Piece, VersionDiff, diff_versions
from ontherecord.flows.cli.options import Options, with_options
from ontherecord.flows.cli.tables import print_json, print_table
from ontherecord.flows.plural import counted
from ontherecord.flows.sanitize import sanitize
from ontherecord.warehouse.errors import SettingsError
from ontherecord.warehouse.versions import Version, read_versions

_MARKS = {"kept": ("", "", None), "removed": ("[-", "-]", "red strike"), "added": ("{+", "+}", "green")}


@with_options("home", "as_json")
def history(
    options: Options,
    source_path: Annotated[str, typer.Argument(metavar="PATH", help="Path as in articles.source_path.")],
    older: Annotated[int | None, typer.Argument(metavar="FROM", help="Compare this version …")] = None,
    newer: Annotated[int | None, typer.Argument(metavar="TO", help="… with this one.")] = None,
    diff: Annotated[
        bool,
        typer.Option("--diff", help="Show what changed; between the last two versions if none are named."),
    ] = False,
) -> None:
    """List an article's versions, or compare two.

    Example: ontherecord history world/treaty.txt --diff 1 3
    """
    found = read_versions(options.settings().paths, source_path)
    pair = _pair(found, older, newer) if diff or older is not None else None
    changes = diff_versions(*pair) if pair else None
    if options.as_json:
        listed = [{k: v for k, v in asdict(version).items() if k != "body"} for version in found]
        print_json({"source_path": source_path, "versions": listed, "changes": changes and asdict(changes)})
    elif changes:
        _print_changes(changes)
    elif diff:
        print(f"{sanitize(source_path)} has one version: there is nothing to compare.")
    else:
        _print_versions(found)


def _pair(found: Sequence[Version], older: int | None, newer: int | None) -> tuple[Version, Version] | None:
    """Return the two versions to compare: the last two, or those named; None if there is one only.

    Raises SettingsError if a version that is named does not exist.
    """
    if older is None:
        return (found[-2], found[-1]) if len(found) > 1 else None
    by_number = {version.version: version for version in found}
    named = (older, found[-1].version if newer is None else newer)
    if missing := [number for number in named if number not in by_number]:
        raise SettingsError(
            f"There is no version {missing[0]}: name two of {', '.join(map(str, by_number))}."
        )
    return by_number[named[0]], by_number[named[1]]


def _print_versions(found: Sequence[Version]) -> None:

    columns = ("version", "loaded at (UTC)", "superseded at", "words", "headline")
    rows = [
        (v.version, _second(v.loaded_at), v.superseded_at and _second(v.superseded_at), v.word_count, v.title)
        for v in found
    ]
    print_table(columns, rows)


def _print_changes(changes: VersionDiff) -> None:
    """Print what changed: in colours on a terminal that has them, else as [-removed-]{+added+}."""
    console = Console()
    coloured = console.is_terminal and console.color_system is not None and not console.no_color

    def show(lead: str, pieces: Sequence[Piece]) -> None:
        line = Text(lead)
        for piece in pieces:
            before, after, style = _MARKS[piece.change]
            words = sanitize(piece.text)
            line.append(words if coloured else f"{before}{words}{after}", style if coloured else None)
        if console.is_terminal:
            console.print(line)
        else:
            print(line.plain)

    print(f"version {changes.older} -> {changes.newer}")
    for name, pieces in changes.headers.items():
        show(f"{name}: ", pieces)
    for change, paragraphs in groupby(changes.paragraphs, key=lambda p: p.change):
        if change == "kept":
            count = len(list(paragraphs))
            print(f"  … {counted(count, 'paragraph')} as before")
        else:
            for paragraph in paragraphs:
                show("  ", paragraph.pieces)
    if changes.none:
        print("Headers and words are the same: the files differ in spacing or bytes only.")


def _second(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"
