"""Markdown: what a run came to, as the artifact that the Prefect dashboard shows of it."""

from __future__ import annotations

import re

from flows.conduct import Report
from flows.harmless import harmless
from flows.outcome import Done, summary
from flows.reprocess import Change, Comparison

# The last three: what reads like an address becomes a link by itself.
_MARKUP = re.compile(r"([\\`*_\[\]<>|#!~&]|@|:(?=//)|(?<=www)\.)", re.IGNORECASE)
_SHOWN = 160


def escaped(value: object) -> str:
    """Return text that Markdown shows as it is: no link, picture or table of a file's making."""
    return _MARKUP.sub(r"\\\1", harmless(value))


def markdown(outcome: Done) -> str:
    """Return what a run came to in Markdown."""
    if isinstance(outcome, Report):
        return _of_report(outcome)
    if isinstance(outcome, Comparison):
        return _of_comparison(outcome)
    return "\n\n".join(escaped(line) for line in summary(outcome).splitlines())


def _of_report(report: Report) -> str:
    c = report.counts
    lines = [
        "| landed | loaded | unchanged | duplicate | held back | postponed | quotes | names |",
        "|---|---|---|---|---|---|---|---|",
        f"| {c.landed_count:,} | {c.loaded_count:,} | {c.unchanged_count:,} | {c.duplicate_count:,} "
        f"| {c.quarantined_count:,} | {c.postponed_count:,} | {c.quote_count:,} | {c.mention_count:,} |",
        "",
        f"Run `{report.run_id}`, {report.seconds:.1f} s{_slowest(report.batch_seconds)}",
        "Published." if report.published else "Nothing changed, nothing was published.",
    ]
    if report.news.headlines:
        lines += ["", "**Newest headlines**", ""]
        lines += [f"- {day}: {escaped(title[:_SHOWN])}" for day, title in report.news.headlines]
    if report.news.speakers:
        lines += ["", "**Most quoted**", ""]
        lines += [f"- {escaped(speaker)}: {count:,}" for speaker, count in report.news.speakers]
    if report.warned:
        lines += ["", "| warning | articles |", "|---|---|"]
        lines += [f"| {rule} | {count:,} |" for rule, count in report.warned.items()]
    pages = dict(report.pages)
    if report.data_docs:
        pages["Data Docs"] = report.data_docs
    if pages:
        lines += ["", *(f"{name}: `{page}`" for name, page in pages.items())]
    return "\n".join(lines)


def _of_comparison(comparison: Comparison) -> str:
    kinds = comparison.kinds()
    figures = (
        comparison.article_count,
        comparison.changed_count,
        comparison.quotes_before,
        comparison.quotes_after,
        *(kind.count for kind in kinds.values()),
    )
    lines = [
        "| compared | other than before | quotes before | after | appear | vanish | change speaker |",
        "|---|---|---|---|---|---|---|",
        "| " + " | ".join(f"{figure:,}" for figure in figures) + " |",
        "",
        f"Extractor `{comparison.extractor_version}`, {comparison.seconds:.1f} s"
        f"{_slowest(comparison.batch_seconds)}",
    ]
    lines += [
        "Switched." if comparison.run else "Nothing was changed: a run with `switch` loads what was found."
    ]
    if any(kind.examples for kind in kinds.values()):
        lines += ["", "| | file | quote | before | after |", "|---|---|---|---|---|"]
    for name, kind in kinds.items():
        lines += [_row(name.replace("_", " "), change) for change in kind.examples]
    return "\n".join(lines)


def _row(name: str, change: Change) -> str:
    cells = (change.source_path, change.text[:_SHOWN], change.before or "", change.after or "")
    return f"| {name} | " + " | ".join(escaped(cell) for cell in cells) + " |"


def _slowest(batch_seconds: list[float]) -> str:
    return f", slowest batch {max(batch_seconds):.1f} s." if batch_seconds else "."
