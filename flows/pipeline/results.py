"""Results: what each flow came to, in a line, in words, as facts for programs and in Markdown."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ontherecord.flows.landing.location import Location
from ontherecord.flows.sanitize import escape_markdown, sanitize
from ontherecord.warehouse.entities import Freshness
from ontherecord.warehouse.records import Extract, Rejected
from ontherecord.warehouse.reextraction import LoadedQuote, LoadedText
from ontherecord.warehouse.runs import RunCounts, RunHighlights

# Characters of a value, of a quote in a summary, and of a headline or quote in Markdown.
_SHOWN = 90
_SHOWN_IN_MARKDOWN = 160
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class QuarantinedFile:
    """A file that a run quarantined and one rule that it failed, sanitized to be shown."""

    file: str
    rule: str
    value: str | None
    message: str


def quarantined_files(rejected: Iterable[Rejected]) -> list[QuarantinedFile]:
    """Return a row for each quarantined file and rule it failed."""
    return [
        QuarantinedFile(
            file=sanitize(r.landed.source_path),
            rule=f.rule,
            value=None if f.value is None else sanitize(f.value),
            message=sanitize(f.message),
        )
        for r in rejected
        for f in r.failures
    ]


class Result(ABC):
    """What a flow came to; `flow` is its name."""

    flow: str
    started_at: datetime

    @abstractmethod
    def label(self) -> str:
        """Return what a run did, as short as the name of a run has to be."""

    @abstractmethod
    def summary(self) -> str:
        """Return what a run came to in a few lines."""

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Return what a run came to as `--json` prints it."""

    def markdown(self) -> str:
        """Return what a run came to as the Prefect dashboard shows it."""
        return "\n\n".join(escape_markdown(line) for line in self.summary().splitlines())

    def quarantined(self) -> list[QuarantinedFile] | None:
        """Return the quarantined files; None of a run that takes no files."""
        return None


@dataclass(frozen=True, slots=True)
class SkippedRun:
    """A run that found another one writing and left the work to the next."""

    flow: str
    message: str

    def summary(self) -> str:
        return f"Another run is writing: left. {self.message}"

    def to_dict(self) -> dict[str, Any]:
        return {"flow": self.flow, "left": self.summary()}


Outcome = Result | SkippedRun


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What a batch came to."""

    counts: RunCounts
    rejected: tuple[Rejected, ...]
    seconds: float

    def summary(self) -> str:
        """Return the counts in words, without those that are zero."""
        c = self.counts
        parts = [
            f"{c.loaded_count} loaded",
            f"{c.duplicate_count} duplicate" if c.duplicate_count else "",
            f"{c.unchanged_count} unchanged" if c.unchanged_count else "",
            f"{c.quarantined_count} quarantined" if c.quarantined_count else "",
            f"{c.postponed_count} postponed" if c.postponed_count else "",
            f"{c.quote_count} quotes",
        ]
        return ", ".join(part for part in parts if part) + f" ({self.seconds:.1f} s)"


@dataclass(slots=True)
class RunResult(Result):
    """What a run that loads came to, filled as it goes."""

    run_id: str
    landing: Location | None
    flow: str = "ingest"
    started_at: datetime = field(default_factory=datetime.now)
    counts: RunCounts = field(default_factory=RunCounts)
    rejected: list[Rejected] = field(default_factory=list)
    warned: dict[str, int] = field(default_factory=dict)
    batch_seconds: list[float] = field(default_factory=list)
    unlistable_folders: tuple[str, ...] = ()
    highlights: RunHighlights = field(default_factory=RunHighlights)
    pages: dict[str, Path] = field(default_factory=dict)
    published: bool = False
    data_docs: Path | None = None
    seconds: float = 0.0

    def add(self, batch: BatchResult) -> None:
        self.counts += batch.counts
        self.rejected += batch.rejected
        self.batch_seconds.append(batch.seconds)

    def quarantined(self) -> list[QuarantinedFile]:
        return quarantined_files(self.rejected)

    def label(self) -> str:
        return f"{self.counts.loaded_count:,} new, {self.counts.quarantined_count:,} quarantined"

    def summary(self) -> str:
        c = self.counts
        lines = [
            f"{c.landed_count:,} files: {c.loaded_count:,} loaded, {c.unchanged_count:,} unchanged, "
            f"{c.duplicate_count:,} duplicate, {c.quarantined_count:,} quarantined "
            f"({c.quote_count:,} quotes and {c.mention_count:,} names; {self.seconds:.1f} s)"
        ]
        if c.landed_count == 0:
            lines.append(self._nothing_landed())
        elif not self.published:
            lines.append("Nothing changed, nothing was published.")
        if c.postponed_count:
            lines.append(
                f"{c.postponed_count:,} files changed while they were read; the next run looks again."
            )
        if closed := self.unlistable_folders:
            lines.append(
                f"{len(closed):,} folders may not be listed by this user and were left out, such as "
                f"{sanitize(closed[0])}. Let this user read them; the next run takes what is in them."
            )
        rows = self.quarantined()
        for rule, count in Counter(row.rule for row in rows).most_common():
            first = next(row for row in rows if row.rule == rule)
            value = f" [{first.value[:_SHOWN]}]" if first.value else ""
            lines.append(f"  {count:,} quarantined by {rule}, such as {first.file}{value}. {first.message}")
        if rows:
            lines.append("`ontherecord quarantine list` names them all.")
        if self.data_docs:
            lines.append(f"Data Docs: {self.data_docs}")
        return "\n".join(lines)

    def _nothing_landed(self) -> str:
        if self.flow == "retry-quarantine":
            return "No file is quarantined, or none is like that."
        if self.flow == "backfill":
            return "No file of the range is new."
        if self.landing is None:
            return "Published." if self.published else "Nothing changed, nothing was published."
        return f"No .txt file was found in {sanitize(self.landing)}."

    def to_dict(self) -> dict[str, Any]:
        c = self.counts
        return {
            "flow": self.flow,
            "run_id": self.run_id,
            "landing": None if self.landing is None else str(self.landing),
            "landed": c.landed_count,
            "loaded": c.loaded_count,
            "unchanged": c.unchanged_count,
            "duplicate": c.duplicate_count,
            "quarantined": c.quarantined_count,
            "postponed": c.postponed_count,
            "closed_folders": [sanitize(folder) for folder in self.unlistable_folders],
            "mentions": c.mention_count,
            "quotes": c.quote_count,
            "warnings": self.warned,
            "quarantined_files": [asdict(row) for row in self.quarantined()],
            "published": self.published,
            "data_docs": str(self.data_docs) if self.data_docs else None,
            "seconds": round(self.seconds, 2),
        }

    def markdown(self) -> str:
        c = self.counts
        lines = [
            "| landed | loaded | unchanged | duplicate | quarantined | postponed | quotes | names |",
            "|---|---|---|---|---|---|---|---|",
            f"| {c.landed_count:,} | {c.loaded_count:,} | {c.unchanged_count:,} | {c.duplicate_count:,} "
            f"| {c.quarantined_count:,} | {c.postponed_count:,} | {c.quote_count:,} | {c.mention_count:,} |",
            "",
            f"Run `{self.run_id}`, {self.seconds:.1f} s{_slowest(self.batch_seconds)}",
            "Published." if self.published else "Nothing changed, nothing was published.",
        ]
        if self.highlights.headlines:
            lines += ["", "**Newest headlines**", ""]
            lines += [
                f"- {day}: {escape_markdown(title[:_SHOWN_IN_MARKDOWN])}"
                for day, title in self.highlights.headlines
            ]
        if self.highlights.speakers:
            lines += ["", "**Most quoted**", ""]
            lines += [
                f"- {escape_markdown(speaker)}: {count:,}" for speaker, count in self.highlights.speakers
            ]
        if self.warned:
            lines += ["", "| warning | articles |", "|---|---|"]
            lines += [f"| {rule} | {count:,} |" for rule, count in self.warned.items()]
        pages = dict(self.pages)
        if self.data_docs:
            pages["Data Docs"] = self.data_docs
        if pages:
            lines += ["", *(f"{name}: `{page}`" for name, page in pages.items())]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class QuoteChange:
    """A quote that appears, vanishes or changes its speaker."""

    source_path: str
    text: str
    before: str | None
    after: str | None


@dataclass(slots=True)
class ChangeKind:
    """How many quotes changed in one way, and the first of them."""

    count: int = 0
    examples: list[QuoteChange] = field(default_factory=list)

    def add(self, change: QuoteChange) -> None:
        self.count += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(change)


@dataclass(slots=True)
class Comparison(Result):
    """What this extractor version finds beside what is loaded, filled as it goes.

    `run` is None where nothing was to be changed: only a run that writes is recorded. `failed` says why
    articles, by path, could not be extracted: they stay as they are.
    """

    flow: str = "reprocess"
    extractor_version: str = ""
    loaded_count: int = 0
    article_count: int = 0
    changed_count: int = 0
    quotes_before: int = 0
    quotes_after: int = 0
    added: ChangeKind = field(default_factory=ChangeKind)
    removed: ChangeKind = field(default_factory=ChangeKind)
    speaker_changed: ChangeKind = field(default_factory=ChangeKind)
    failed: dict[str, str] = field(default_factory=dict)
    run: RunResult | None = None
    started_at: datetime = field(default_factory=datetime.now)
    seconds: float = 0.0
    batch_seconds: list[float] = field(default_factory=list)

    def kinds(self) -> dict[str, ChangeKind]:
        """Return the ways in which quotes changed, by name."""
        return {
            "appeared": self.added,
            "vanished": self.removed,
            "speaker_changed": self.speaker_changed,
        }

    def add(self, loaded: LoadedText, before: Sequence[LoadedQuote], extract: Extract) -> None:
        """Hold an article's quotes against its new ones; quotes at the same place are the same."""
        old = {(said.char_start, said.char_end): said for said in before}
        new = {
            (q.char_start, q.char_end): LoadedQuote(q.char_start, q.char_end, q.text, q.speaker)
            for q in extract.quotes
        }
        self.article_count += 1
        self.quotes_before += len(old)
        self.quotes_after += len(new)
        path = loaded.source_path
        for place in sorted(new.keys() - old.keys()):
            self.added.add(QuoteChange(path, new[place].text, None, new[place].speaker))
        for place in sorted(old.keys() - new.keys()):
            self.removed.add(QuoteChange(path, old[place].text, old[place].speaker, None))
        for place in sorted(old.keys() & new.keys()):
            if old[place].speaker != new[place].speaker:
                self.speaker_changed.add(
                    QuoteChange(path, new[place].text, old[place].speaker, new[place].speaker)
                )
        if {(p, s.speaker) for p, s in old.items()} != {(p, s.speaker) for p, s in new.items()}:
            self.changed_count += 1

    def label(self) -> str:
        verb = "switched" if self.run else "compared"
        return f"{self.article_count:,} {verb}, {self.changed_count:,} other than before"

    def summary(self) -> str:
        lines = [
            f"{self.article_count:,} of {self.loaded_count:,} articles extracted by "
            f"{self.extractor_version}: {self.changed_count:,} with other quotes ({self.seconds:.1f} s)",
            f"{self.quotes_before:,} quotes before, {self.quotes_after:,} after: "
            f"{self.added.count:,} appear, {self.removed.count:,} vanish, "
            f"{self.speaker_changed.count:,} change speaker",
        ]
        for name, kind in self.kinds().items():
            for change in kind.examples:
                speakers = " -> ".join(sanitize(s or "nobody") for s in (change.before, change.after))
                lines.append(
                    f"  {name.replace('_', ' ')}: {sanitize(change.source_path)}: "
                    f"{sanitize(change.text[:_SHOWN])} ({speakers})"
                )
        if self.failed:
            lines.append(f"{len(self.failed):,} articles could not be extracted and stay as they are.")
        if self.run is not None:
            lines.append("Switched and published." if self.run.published else "Nothing was to be switched.")
        elif self.article_count:
            lines.append("Nothing was changed: `ontherecord reprocess --apply` loads what was found.")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        kinds = self.kinds()
        return {
            "flow": self.flow,
            "run_id": self.run.run_id if self.run else None,
            "extractor_version": self.extractor_version,
            "articles": self.loaded_count,
            "compared": self.article_count,
            "changed": self.changed_count,
            "failed": len(self.failed),
            "quotes_before": self.quotes_before,
            "quotes_after": self.quotes_after,
            **{name: kind.count for name, kind in kinds.items()},
            "examples": {name: [asdict(change) for change in kind.examples] for name, kind in kinds.items()},
            "switched": self.run is not None,
            "published": bool(self.run and self.run.published),
            "seconds": round(self.seconds, 2),
        }

    def markdown(self) -> str:
        kinds = self.kinds()
        figures = (
            self.article_count,
            self.changed_count,
            self.quotes_before,
            self.quotes_after,
            *(kind.count for kind in kinds.values()),
        )
        lines = [
            "| compared | other than before | quotes before | after | appear | vanish | change speaker |",
            "|---|---|---|---|---|---|---|",
            "| " + " | ".join(f"{figure:,}" for figure in figures) + " |",
            "",
            f"Extractor `{self.extractor_version}`, {self.seconds:.1f} s{_slowest(self.batch_seconds)}",
            "Switched." if self.run else "Nothing was changed: a run with `switch` loads what was found.",
        ]
        if any(kind.examples for kind in kinds.values()):
            lines += ["", "| | file | quote | before | after |", "|---|---|---|---|---|"]
        for name, kind in kinds.items():
            lines += [_markdown_row(name.replace("_", " "), change) for change in kind.examples]
        return "\n".join(lines)


@dataclass(slots=True)
class MaintenanceResult(Result):
    """What a night's work came to, filled as it goes."""

    run: RunResult
    flow: str = "maintain"
    changed_aliases: int = 0
    changed_entities: int = 0
    saved_bytes: int = 0
    pruned_extracts: int = 0
    pruned_pages: int = 0
    freshness: Freshness | None = None
    started_at: datetime = field(default_factory=datetime.now)

    def label(self) -> str:
        return "published" if self.run.published else "nothing changed"

    def summary(self) -> str:
        newest = self.freshness.newest_day if self.freshness else None
        return "\n".join(
            [
                f"{self.changed_aliases:,} lines of aliases and {self.changed_entities:,} entities "
                f"changed, {self.pruned_extracts:,} old extracts and {self.pruned_pages:,} old pages "
                f"removed ({self.run.seconds:.1f} s)",
                f"Newest article: {newest or 'none'}.",
                "Published." if self.run.published else "Nothing changed, nothing was published.",
            ]
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            "flow": self.flow,
            "run_id": self.run.run_id,
            "changed_aliases": self.changed_aliases,
            "changed_entities": self.changed_entities,
            "saved_bytes": self.saved_bytes,
            "pruned_extracts": self.pruned_extracts,
            "pruned_pages": self.pruned_pages,
            "freshness": asdict(self.freshness) if self.freshness else {},
            "published": self.run.published,
            "seconds": round(self.run.seconds, 2),
        }


def _markdown_row(name: str, change: QuoteChange) -> str:
    cells = (change.source_path, change.text[:_SHOWN_IN_MARKDOWN], change.before or "", change.after or "")
    return f"| {name} | " + " | ".join(escape_markdown(cell) for cell in cells) + " |"


def _slowest(batch_seconds: Sequence[float]) -> str:
    return f", slowest batch {max(batch_seconds):.1f} s." if batch_seconds else "."
