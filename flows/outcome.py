"""Outcome: what a run came to, in words for people and as facts for programs. The end of every flow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from flows.conduct import Report
from flows.harmless import harmless
from flows.maintain import Upkeep
from flows.reprocess import Comparison
from warehouse.records import Rejected

_SHOWN = 90


@dataclass(frozen=True, slots=True)
class Left:
    """A run that found another one writing and left the work to the next."""

    flow: str
    message: str


Done = Report | Comparison | Upkeep
Outcome = Done | Left


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A file that a run held back and one rule that it failed, made harmless to be shown."""

    file: str
    rule: str
    value: str | None
    message: str


def held_back(rejected: Iterable[Rejected]) -> list[HeldBack]:
    """Return a row for each file held back and rule it failed."""
    return [
        HeldBack(
            file=harmless(r.landed.source_path),
            rule=f.rule,
            value=None if f.value is None else harmless(f.value),
            message=harmless(f.message),
        )
        for r in rejected
        for f in r.failures
    ]


def flow_of(outcome: Outcome) -> str:
    """Return the name of the flow that came to this."""
    if isinstance(outcome, Comparison):
        return "reprocess"
    if isinstance(outcome, Upkeep):
        return outcome.run.flow
    return outcome.flow


def in_a_word(done: Done) -> str:
    """Return what a run did, as short as the name of a run has to be."""
    if isinstance(done, Comparison):
        verb = "switched" if done.run else "compared"
        return f"{done.article_count:,} {verb}, {done.changed_count:,} other than before"
    if isinstance(done, Upkeep):
        return "published" if done.run.published else "nothing changed"
    return f"{done.counts.loaded_count:,} new, {done.counts.quarantined_count:,} held back"


def summary(outcome: Outcome) -> str:
    """Return what a run came to in a few lines."""
    if isinstance(outcome, Left):
        return f"Another run is writing: left. {outcome.message}"
    if isinstance(outcome, Comparison):
        return _comparison_summary(outcome)
    if isinstance(outcome, Upkeep):
        return _upkeep_summary(outcome)
    return _report_summary(outcome)


def facts_of(outcome: Outcome) -> dict[str, Any]:
    """Return what a run came to as `--json` prints it."""
    if isinstance(outcome, Left):
        return {"flow": outcome.flow, "left": summary(outcome)}
    if isinstance(outcome, Comparison):
        return _comparison_facts(outcome)
    if isinstance(outcome, Upkeep):
        return _upkeep_facts(outcome)
    return _report_facts(outcome)


def _report_summary(report: Report) -> str:
    c = report.counts
    lines = [
        f"{c.landed_count:,} files: {c.loaded_count:,} loaded, {c.unchanged_count:,} unchanged, "
        f"{c.duplicate_count:,} duplicate, {c.quarantined_count:,} held back "
        f"({c.quote_count:,} quotes and {c.mention_count:,} names; {report.seconds:.1f} s)"
    ]
    if c.landed_count == 0:
        lines.append(_nothing_landed(report))
    elif not report.published:
        lines.append("Nothing changed, nothing was published.")
    if c.postponed_count:
        lines.append(f"{c.postponed_count:,} files changed while they were read; the next run looks again.")
    if closed := report.closed_folders:
        lines.append(
            f"{len(closed):,} folders may not be listed by this user and were left out, such as "
            f"{harmless(closed[0])}. Let this user read them; the next run takes what is in them."
        )
    rows = held_back(report.rejected)
    for rule, count in Counter(row.rule for row in rows).most_common():
        first = next(row for row in rows if row.rule == rule)
        value = f" [{first.value[:_SHOWN]}]" if first.value else ""
        lines.append(f"  {count:,} held back by {rule}, such as {first.file}{value}. {first.message}")
    if rows:
        lines.append("`ontherecord quarantine list` names them all.")
    if report.data_docs:
        lines.append(f"Data Docs: {report.data_docs}")
    return "\n".join(lines)


def _nothing_landed(report: Report) -> str:
    if report.flow == "replay":
        return "No file is held back, or none is like that."
    if report.flow == "backfill":
        return "No file of the range is new."
    if report.landing is None:
        return "Published." if report.published else "Nothing changed, nothing was published."
    return f"No .txt file was found in {harmless(report.landing)}."


def _report_facts(report: Report) -> dict[str, Any]:
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
        "held_back": [asdict(row) for row in held_back(report.rejected)],
        "published": report.published,
        "data_docs": str(report.data_docs) if report.data_docs else None,
        "seconds": round(report.seconds, 2),
    }


def _comparison_summary(comparison: Comparison) -> str:
    run = comparison.run
    lines = [
        f"{comparison.article_count:,} of {comparison.loaded_count:,} articles extracted by "
        f"{comparison.extractor_version}: {comparison.changed_count:,} with other quotes "
        f"({comparison.seconds:.1f} s)",
        f"{comparison.quotes_before:,} quotes before, {comparison.quotes_after:,} after: "
        f"{comparison.appeared.count:,} appear, {comparison.vanished.count:,} vanish, "
        f"{comparison.speaker_changed.count:,} change speaker",
    ]
    for name, kind in comparison.kinds().items():
        for change in kind.examples:
            speakers = " -> ".join(harmless(s or "nobody") for s in (change.before, change.after))
            lines.append(
                f"  {name.replace('_', ' ')}: {harmless(change.source_path)}: "
                f"{harmless(change.text[:_SHOWN])} ({speakers})"
            )
    if comparison.failed:
        lines.append(f"{len(comparison.failed):,} articles could not be extracted and stay as they are.")
    if run is not None:
        lines.append("Switched and published." if run.published else "Nothing was to be switched.")
    elif comparison.article_count:
        lines.append("Nothing was changed: `ontherecord reprocess --switch` loads what was found.")
    return "\n".join(lines)


def _comparison_facts(comparison: Comparison) -> dict[str, Any]:
    run = comparison.run
    kinds = comparison.kinds()
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
        **{name: kind.count for name, kind in kinds.items()},
        "examples": {name: [asdict(change) for change in kind.examples] for name, kind in kinds.items()},
        "switched": run is not None,
        "published": bool(run and run.published),
        "seconds": round(comparison.seconds, 2),
    }


def _upkeep_summary(upkeep: Upkeep) -> str:
    newest = upkeep.freshness.newest_day if upkeep.freshness else None
    return "\n".join(
        [
            f"{upkeep.changed_aliases:,} lines of aliases and {upkeep.changed_entities:,} entities "
            f"changed, {upkeep.pruned_extracts:,} old extracts and {upkeep.pruned_pages:,} old pages "
            f"removed ({upkeep.run.seconds:.1f} s)",
            f"Newest article: {newest or 'none'}.",
            "Published." if upkeep.run.published else "Nothing changed, nothing was published.",
        ]
    )


def _upkeep_facts(upkeep: Upkeep) -> dict[str, Any]:
    return {
        "flow": upkeep.run.flow,
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
