"""Show: facts as text for a terminal, a pipe or a Prefect artifact.

Whatever comes from a file (a path, a title, a value) may hold terminal escapes or markup; it is made
harmless here and nowhere else.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from flows.conduct import Report
from warehouse.records import Rejected

_PIPE_WIDTH = 160


def harmless(value: object) -> str:
    r"""Return text in one line without control or direction characters: they become `\xNN`."""
    return "".join(c if _is_harmless(c) else f"\\x{ord(c):02x}" for c in str(value))


def _is_harmless(character: str) -> bool:
    """Say whether a character neither steers a terminal nor breaks a line or the order of reading."""
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def print_json(facts: object) -> None:
    """Print facts as JSON, times in ISO form."""
    text = json.dumps(facts, ensure_ascii=False, indent=2, default=_as_json)
    # JSON leaves some characters that steer a terminal as they are; as escapes they mean the same.
    print("".join(c if c == "\n" or _is_harmless(c) else f"\\u{ord(c):04x}" for c in text))


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
        table.add_row(*(Text("" if cell is None else harmless(cell)) for cell in row))
    # A pipe has no width to fit.
    Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH).print(table)


def report_facts(report: Report) -> dict[str, Any]:
    """Return a report as plain facts."""
    c = report.counts
    return {
        "run_id": report.run_id,
        "landing": str(report.landing),
        "landed": c.landed_count,
        "loaded": c.loaded_count,
        "unchanged": c.unchanged_count,
        "duplicate": c.duplicate_count,
        "quarantined": c.quarantined_count,
        "postponed": c.postponed_count,
        "mentions": c.mention_count,
        "quotes": c.quote_count,
        "warnings": report.warned,
        "held_back": held_back_rows(report.rejected),
        "published": report.published,
        "data_docs": str(report.data_docs) if report.data_docs else None,
        "seconds": round(report.seconds, 2),
    }


def held_back_rows(rejected: Iterable[Rejected]) -> list[dict[str, str | None]]:
    """Return a row for each file held back and rule it failed."""
    return [
        {
            "file": harmless(r.landed.source_path),
            "rule": f.rule,
            "value": None if f.value is None else harmless(f.value),
            "message": f.message,
        }
        for r in rejected
        for f in r.failures
    ]


def held_back_list(rows: Sequence[dict[str, Any]]) -> str:
    """Return the files held back, grouped by rule: what is wrong and what to do, then the files."""
    lines = []
    for rule in sorted({row["rule"] for row in rows}):
        failed = [row for row in rows if row["rule"] == rule]
        lines += [f"{rule}: {failed[0]['message']}"]
        for row in failed:
            value = "" if row["value"] is None else f"   [{harmless(row['value'])}]"
            since = f"   released {row['released_at']:%Y-%m-%d %H:%M}" if row["released_at"] else ""
            lines.append(f"    {harmless(row['source_path'])}{value}{since}")
    files = len({row["source_path"] for row in rows})
    lines += ["", f"{files:,} files. `ontherecord quarantine show PATH` shows one as it was delivered."]
    return "\n".join(lines)


def summary(facts: dict[str, Any]) -> str:
    """Return what a run came to, from `report_facts`, in a few lines."""
    lines = [
        f"{facts['landed']:,} files: {facts['loaded']:,} loaded, {facts['unchanged']:,} unchanged, "
        f"{facts['duplicate']:,} duplicate, {facts['quarantined']:,} held back "
        f"({facts['quotes']:,} quotes and {facts['mentions']:,} names; {facts['seconds']:.1f} s)"
    ]
    if facts["landed"] == 0:
        lines.append(f"No .txt file was found in {harmless(facts['landing'])}.")
    elif not facts["published"]:
        lines.append("Nothing changed, nothing was published.")
    if facts["postponed"]:
        lines.append(f"{facts['postponed']:,} files changed while they were read; the next run looks again.")
    rows = facts["held_back"]
    for rule, count in Counter(row["rule"] for row in rows).most_common():
        first = next(row for row in rows if row["rule"] == rule)
        lines.append(f"  {count:,} held back by {rule}, such as {first['file']}. {first['message']}")
    if rows:
        lines.append("`ontherecord quarantine list` names them all.")
    if facts["data_docs"]:
        lines.append(f"Data Docs: {facts['data_docs']}")
    return "\n".join(lines)


def _as_json(value: object) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
