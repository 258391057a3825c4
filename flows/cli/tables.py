"""Tables: results as text for a terminal or a pipe; what comes from files is sanitized."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from ontherecord.flows.plural import counted
from ontherecord.flows.sanitize import is_safe, sanitize
from ontherecord.warehouse.database import Row

_PIPE_WIDTH = 160


def print_json(facts: object) -> None:
    """Print facts as JSON, times in ISO form."""
    text = json.dumps(facts, ensure_ascii=False, indent=2, default=_as_json)
    # JSON leaves some characters that steer a terminal as they are; as escapes they mean the same.
    print("".join(c if c == "\n" or is_safe(c) else f"\\u{ord(c):04x}" for c in text))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None) -> None:
    """Print rows as a table as wide as the terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if cell is None else sanitize(cell)) for cell in row))
    # A pipe has no width to fit.
    Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH).print(table)


def format_quarantine(rows: Sequence[Row]) -> str:
    """Return the quarantined files, grouped by rule: what is wrong and what to do, then the files."""
    lines = []
    # One rule may ask for different things: a picture is taken away, a document exported.
    for rule, message in sorted({(row["rule"], row["message"]) for row in rows}):
        failed = [row for row in rows if (row["rule"], row["message"]) == (rule, message)]
        lines += [f"{rule}: {sanitize(message)}"]
        for row in failed:
            value = "" if row["value"] is None else f"   [{sanitize(row['value'])}]"
            lines.append(f"    {sanitize(row['source_path'])}{value}{_state_of(row)}")
    files = len({row["source_path"] for row in rows})
    lines += [
        "",
        f"{counted(files, 'file')}. `ontherecord quarantine show PATH` shows one as it was delivered.",
    ]
    return "\n".join(lines)


def _state_of(row: Row) -> str:
    """Return until when a row of quarantine holds, or when it was released or dismissed and why."""
    if row.get("dismissed_why"):
        return f"   dismissed {row['released_at']:%Y-%m-%d %H:%M} UTC: {sanitize(row['dismissed_why'])}"
    if row["released_at"]:
        return f"   released {row['released_at']:%Y-%m-%d %H:%M} UTC"
    return f"   until {row['held_until']:%Y-%m-%d %H:%M} UTC" if row.get("held_until") else ""


def _as_json(value: object) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
