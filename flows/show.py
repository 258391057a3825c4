"""Show: facts as text for a terminal, a pipe or a Prefect artifact; what comes from files made harmless."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from flows.conduct import Report
from flows.harmless import harmless, is_harmless
from flows.maintain import Upkeep
from flows.reprocess import Comparison
from warehouse.errors import WriterBusy
from warehouse.records import Rejected

_PIPE_WIDTH = 160
_SHOWN = 90


def print_json(facts: object) -> None:
    """Print facts as JSON, times in ISO form."""
    text = json.dumps(facts, ensure_ascii=False, indent=2, default=_as_json)
    # JSON leaves some characters that steer a terminal as they are; as escapes they mean the same.
    print("".join(c if c == "\n" or is_harmless(c) else f"\\u{ord(c):04x}" for c in text))


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
        "flow": report.flow,
        "run_id": report.run_id,
        "landing": None if report.landing is None else str(report.landing),
        "landed": c.landed_count,
        "loaded": c.loaded_count,
        "unchanged": c.unchanged_count,
        "duplicate": c.duplicate_count,
        "quarantined": c.quarantined_count,
        "postponed": c.postponed_count,
        "closed_folders": [harmless(folder) for folder in report.closed_folders],
        "mentions": c.mention_count,
        "quotes": c.quote_count,
        "warnings": report.warned,
        "held_back": held_back_rows(report.rejected),
        "published": report.published,
        "data_docs": str(report.data_docs) if report.data_docs else None,
        "seconds": round(report.seconds, 2),
    }


def left_facts(flow: str, error: WriterBusy) -> dict[str, Any]:
    """Return the facts of a run that found another one writing and left."""
    return {"flow": flow, "left": f"Another run is writing: left. {error}"}


def comparison_facts(comparison: Comparison) -> dict[str, Any]:
    """Return as plain facts what another extractor version finds."""
    run = comparison.run
    return {
        "flow": "reprocess",
        "run_id": run.run_id if run else None,
        "extractor_version": comparison.extractor_version,
        "articles": comparison.loaded_count,
        "compared": comparison.article_count,
        "changed": comparison.changed_count,
        "failed": len(comparison.failed),
        "quotes_before": comparison.quotes_before,
        "quotes_after": comparison.quotes_after,
        "appeared": comparison.appeared.count,
        "vanished": comparison.vanished.count,
        "speaker_changed": comparison.speaker_changed.count,
        "examples": {
            name: [asdict(change) for change in kind.examples]
            for name, kind in (
                ("appeared", comparison.appeared),
                ("vanished", comparison.vanished),
                ("speaker_changed", comparison.speaker_changed),
            )
        },
        "switched": run is not None,
        "published": bool(run and run.published),
        "seconds": round(comparison.seconds, 2),
    }


def upkeep_facts(upkeep: Upkeep) -> dict[str, Any]:
    """Return what a night's work came to as plain facts."""
    return {
        "flow": "maintain",
        "run_id": upkeep.run.run_id,
        "changed_aliases": upkeep.changed_aliases,
        "changed_entities": upkeep.changed_entities,
        "saved_bytes": upkeep.saved_bytes,
        "pruned_extracts": upkeep.pruned_extracts,
        "pruned_pages": upkeep.pruned_pages,
        "freshness": asdict(upkeep.freshness) if upkeep.freshness else {},
        "published": upkeep.run.published,
        "seconds": round(upkeep.run.seconds, 2),
    }


def facts_of(outcome: Report | Comparison | Upkeep) -> dict[str, Any]:
    """Return whatever a flow came to as plain facts."""
    if isinstance(outcome, Comparison):
        return comparison_facts(outcome)
    if isinstance(outcome, Upkeep):
        return upkeep_facts(outcome)
    return report_facts(outcome)


def in_a_word(facts: dict[str, Any]) -> str:
    """Return what a run did, as short as the name of a run has to be."""
    if facts["flow"] == "reprocess":
        verb = "switched" if facts["switched"] else "compared"
        return f"{facts['compared']:,} {verb}, {facts['changed']:,} other than before"
    if facts["flow"] == "maintain":
        return "published" if facts["published"] else "nothing changed"
    return f"{facts['loaded']:,} new, {facts['quarantined']:,} held back"


def held_back_rows(rejected: Iterable[Rejected]) -> list[dict[str, str | None]]:
    """Return a row for each file held back and rule it failed."""
    return [
        {
            "file": harmless(r.landed.source_path),
            "rule": f.rule,
            "value": None if f.value is None else harmless(f.value),
            "message": harmless(f.message),
        }
        for r in rejected
        for f in r.failures
    ]


def held_back_list(rows: Sequence[dict[str, Any]]) -> str:
    """Return the files held back, grouped by rule: what is wrong and what to do, then the files."""
    lines = []
    # One rule may ask for different things: a picture is taken away, a document exported.
    for rule, message in sorted({(row["rule"], row["message"]) for row in rows}):
        failed = [row for row in rows if (row["rule"], row["message"]) == (rule, message)]
        lines += [f"{rule}: {harmless(message)}"]
        for row in failed:
            value = "" if row["value"] is None else f"   [{harmless(row['value'])}]"
            since = f"   released {row['released_at']:%Y-%m-%d %H:%M}" if row["released_at"] else ""
            lines.append(f"    {harmless(row['source_path'])}{value}{since}")
    files = len({row["source_path"] for row in rows})
    lines += ["", f"{files:,} files. `ontherecord quarantine show PATH` shows one as it was delivered."]
    return "\n".join(lines)


def summary(facts: dict[str, Any]) -> str:
    """Return what a run came to, from its facts, in a few lines."""
    if "left" in facts:
        return str(facts["left"])
    if facts["flow"] == "reprocess":
        return _comparison_summary(facts)
    if facts["flow"] == "maintain":
        return _upkeep_summary(facts)
    lines = [
        f"{facts['landed']:,} files: {facts['loaded']:,} loaded, {facts['unchanged']:,} unchanged, "
        f"{facts['duplicate']:,} duplicate, {facts['quarantined']:,} held back "
        f"({facts['quotes']:,} quotes and {facts['mentions']:,} names; {facts['seconds']:.1f} s)"
    ]
    if facts["flow"] == "replay" and facts["landed"] == 0:
        lines.append("No file that is held back is like that.")
    elif facts["flow"] == "backfill" and facts["landed"] == 0:
        lines.append("No file of the range is new.")
    elif facts["flow"] == "ingest" and facts["landed"] == 0:
        lines.append(f"No .txt file was found in {harmless(facts['landing'])}.")
    elif not facts["published"]:
        lines.append("Nothing changed, nothing was published.")
    if facts["postponed"]:
        lines.append(f"{facts['postponed']:,} files changed while they were read; the next run looks again.")
    if closed := facts["closed_folders"]:
        lines.append(
            f"{len(closed):,} folders may not be listed by this user and were left out, such as {closed[0]}. "
            "Let this user read them; the next run takes what is in them."
        )
    rows = facts["held_back"]
    for rule, count in Counter(row["rule"] for row in rows).most_common():
        first = next(row for row in rows if row["rule"] == rule)
        value = f" [{first['value'][:_SHOWN]}]" if first["value"] else ""
        lines.append(f"  {count:,} held back by {rule}, such as {first['file']}{value}. {first['message']}")
    if rows:
        lines.append("`ontherecord quarantine list` names them all.")
    if facts["data_docs"]:
        lines.append(f"Data Docs: {facts['data_docs']}")
    return "\n".join(lines)


def _comparison_summary(facts: dict[str, Any]) -> str:
    lines = [
        f"{facts['compared']:,} of {facts['articles']:,} articles extracted by {facts['extractor_version']}: "
        f"{facts['changed']:,} with other quotes ({facts['seconds']:.1f} s)",
        f"{facts['quotes_before']:,} quotes before, {facts['quotes_after']:,} after: "
        f"{facts['appeared']:,} appear, {facts['vanished']:,} vanish, "
        f"{facts['speaker_changed']:,} change speaker",
    ]
    for name, changes in facts["examples"].items():
        for c in changes:
            speakers = " -> ".join(harmless(s or "nobody") for s in (c["before"], c["after"]))
            lines.append(
                f"  {name.replace('_', ' ')}: {harmless(c['source_path'])}: "
                f"{harmless(c['text'][:_SHOWN])} ({speakers})"
            )
    if facts["failed"]:
        lines.append(f"{facts['failed']:,} articles could not be extracted and stay as they are.")
    if facts["switched"]:
        lines.append("Switched and published." if facts["published"] else "Nothing was to be switched.")
    elif facts["compared"]:
        lines.append("Nothing was changed: `ontherecord reprocess --switch` loads what was found.")
    return "\n".join(lines)


def _upkeep_summary(facts: dict[str, Any]) -> str:
    fresh = facts["freshness"]
    return "\n".join(
        [
            f"{facts['changed_aliases']:,} lines of aliases and {facts['changed_entities']:,} entities "
            f"changed, {facts['pruned_extracts']:,} old extracts and {facts['pruned_pages']:,} old pages "
            f"removed ({facts['seconds']:.1f} s)",
            f"Newest article: {fresh.get('newest_day') or 'none'}.",
            "Published." if facts["published"] else "Nothing changed, nothing was published.",
        ]
    )


def _as_json(value: object) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
