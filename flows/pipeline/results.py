"""Results of the flows: each as a label, a summary, a dictionary and Markdown."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ontherecord.flows.landing.embargo_notice import UNREAD as EMBARGO_UNREAD
from ontherecord.flows.landing.location import Location
from ontherecord.flows.landing.passed_over import HIDDEN, UNLISTABLE, PassedOver
from ontherecord.flows.plural import counted
from ontherecord.flows.sanitize import escape_markdown, sanitize
from ontherecord.warehouse.entities import Freshness
from ontherecord.warehouse.foreign_wal import describe_moved
from ontherecord.warehouse.overlay import IdleCorrection
from ontherecord.warehouse.records import TAKEN_DOWN, Extract, Rejected
from ontherecord.warehouse.reextraction import LoadedQuote, LoadedText
from ontherecord.warehouse.runs import RunCounts, RunHighlights, now
from ontherecord.warehouse.tombstones import KeptOut

# Most characters of a value or quote in a summary, and of a headline or quote in Markdown.
_SUMMARY_CHARACTERS = 90
_MARKDOWN_CHARACTERS = 160
# Quarantined files and articles that a result lists: there may be a million.
_LISTED = 1_000
# Examples that a result names of each kind.
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class QuarantinedFile:
    """A file that a run quarantined and one rule that it failed, sanitized for display."""

    file: str
    rule: str
    value: str | None
    message: str


def quarantined_files(rejected: Iterable[Rejected]) -> list[QuarantinedFile]:
    """Return one row per quarantined file and rule it failed."""
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


def describe_idle(idle: Sequence[IdleCorrection]) -> str:
    """Return in one line the lines of corrections.csv that do not apply; '' if all do."""
    if not idle:
        return ""
    named = "; ".join(
        f"line {c.line_no} ({c.what}{f' in {sanitize(c.article)}' if c.article else ''} "
        f"[{sanitize(c.words[:_SUMMARY_CHARACTERS])}]: {c.problem})"
        for c in idle[:EXAMPLES]
    )
    others = f"; and {len(idle) - EXAMPLES:,} more" if len(idle) > EXAMPLES else ""
    verb = "does" if len(idle) == 1 else "do"
    return (
        f"{counted(len(idle), 'line')} of corrections.csv {verb} not apply: {named}{others}. "
        "Delete or change them."
    )


class Result(ABC):
    """The result of a flow; `flow` is its name."""

    flow: str
    started_at: datetime

    @abstractmethod
    def label(self) -> str:
        """Return the result in a few words, for the name of a flow run."""

    @abstractmethod
    def summary(self) -> str:
        """Return the result in a few lines."""

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Return the result as `--json` prints it."""

    def markdown(self) -> str:
        """Return the result as the Prefect dashboard shows it."""
        return "\n\n".join(escape_markdown(line) for line in self.summary().splitlines())

    def quarantined(self) -> list[QuarantinedFile] | None:
        """Return the quarantined files; None for a flow that loads no files."""
        return None


@dataclass(frozen=True, slots=True)
class SkippedRun:
    """A run that did nothing because another one is writing."""

    flow: str
    message: str

    def summary(self) -> str:
        return f"Skipped: another run is writing. {self.message}"

    def to_dict(self) -> dict[str, Any]:
        return {"flow": self.flow, "skipped": self.summary()}


Outcome = Result | SkippedRun


@dataclass(frozen=True, slots=True)
class OtherStory:
    """Another story under a known path, loaded as an article of its own: path and headline."""

    source_path: str
    title: str


@dataclass(frozen=True, slots=True)
class BatchResult:
    """The result of a batch."""

    counts: RunCounts
    rejected: tuple[Rejected, ...]
    seconds: float
    other_stories: tuple[OtherStory, ...] = ()
    kept_out: tuple[KeptOut, ...] = ()

    def summary(self) -> str:
        """Return the counts in one line, without most of those that are zero."""
        c = self.counts
        articles = counted(c.article_landed_count, "article")
        parts = [
            f"{c.loaded_count} loaded",
            f"{c.duplicate_count} duplicate" if c.duplicate_count else "",
            f"{c.unchanged_count} unchanged" if c.unchanged_count else "",
            f"{c.quarantined_count} quarantined" if c.quarantined_count else "",
            f"{c.postponed_count} postponed" if c.postponed_count else "",
            f"{len(self.kept_out)} kept out" if self.kept_out else "",
            f"{c.article_loaded_count} of {articles} in files with many loaded"
            if c.article_landed_count
            else "",
            counted(c.quote_count, "quote"),
        ]
        return ", ".join(part for part in parts if part) + f" ({self.seconds:.1f} s)"


@dataclass(slots=True)
class RunResult(Result):
    """The result of a run that loads, filled as it goes.

    `rejected` has the first thousand files and articles that were quarantined, without their bytes, and
    `unlisted` counts the others by rule. `of_batches` counts the batches for which a rule on a batch as a
    whole did not hold, by rule.
    """

    run_id: str
    landing: Location | None
    flow: str = "ingest"
    started_at: datetime = field(default_factory=now)
    counts: RunCounts = field(default_factory=RunCounts)
    rejected: list[Rejected] = field(default_factory=list)
    warned: dict[str, int] = field(default_factory=dict)
    unlisted: Counter[str] = field(default_factory=Counter)
    other_stories: list[OtherStory] = field(default_factory=list)
    of_batches: dict[str, int] = field(default_factory=dict)
    batch_seconds: list[float] = field(default_factory=list)
    unlistable_folders: tuple[str, ...] = ()
    passed_over: PassedOver = field(default_factory=PassedOver)
    highlights: RunHighlights = field(default_factory=RunHighlights)
    pages: dict[str, Path] = field(default_factory=dict)
    idle_corrections: list[IdleCorrection] = field(default_factory=list)
    waiting_count: int = 0  # in quarantine, from this run and others
    published: bool = False
    moved_aside: tuple[Path, ...] = ()
    data_docs: Path | None = None
    seconds: float = 0.0

    def add(self, batch: BatchResult) -> None:
        self.counts += batch.counts
        for rejected in batch.rejected:
            if len(self.rejected) >= _LISTED:
                self.unlisted.update(failure.rule for failure in rejected.failures)
            else:
                self.rejected.append(rejected)
        self.other_stories += batch.other_stories
        for kept in batch.kept_out:
            self.passed_over.add(TAKEN_DOWN, kept.tombstone_id)
        self.batch_seconds.append(batch.seconds)

    def quarantined(self) -> list[QuarantinedFile]:
        return quarantined_files(self.rejected)

    def label(self) -> str:
        return f"{self.counts.loaded_count:,} new, {self.counts.quarantined_count:,} quarantined"

    def summary(self) -> str:
        c = self.counts
        lines = [
            f"{counted(c.landed_count, 'file')}: {c.loaded_count:,} loaded, {c.unchanged_count:,} unchanged, "
            f"{c.duplicate_count:,} duplicate, {c.quarantined_count:,} quarantined "
            f"({counted(c.quote_count, 'quote')} and {counted(c.mention_count, 'name')}; "
            f"{self.seconds:.1f} s)"
        ]
        if c.article_landed_count:
            lines.append(
                f"{counted(c.article_landed_count, 'article')} in files with many: "
                f"{c.article_loaded_count:,} loaded, {c.article_unchanged_count:,} unchanged, "
                f"{c.article_duplicate_count:,} duplicate, {c.article_quarantined_count:,} quarantined."
            )
        if c.landed_count == 0:
            lines.append(self._nothing_landed())
        elif not self.published:
            lines.append("Nothing changed, nothing was published.")
        if c.postponed_count:
            lines.append(
                f"{counted(c.postponed_count, 'file')} postponed: still being written, or unreachable. "
                "The next run tries again."
            )
        for rule, count in self.of_batches.items():
            lines.append(f"Rule {rule}, on a batch as a whole, does not hold for {count:,} of them.")
        if stories := self.other_stories:
            others = f" and {len(stories) - 1:,} more" if len(stories) > 1 else ""
            lines.append(
                f"{counted(len(stories), 'file')} with another story than before, loaded beside it: "
                f"{sanitize(stories[0].source_path)} "
                f"[{sanitize(stories[0].title[:_SUMMARY_CHARACTERS])}]{others}."
            )
        if kept_out := self.passed_over.counts.get(TAKEN_DOWN):
            lines.append(
                f"{counted(kept_out, 'article')} kept out, being taken down: `ontherecord forget --list` has "
                "the reasons."
            )
        if unread := self.warned.get(EMBARGO_UNREAD):
            verb = "begins" if unread == 1 else "begin"
            lines.append(
                f"{counted(unread, 'article')} loaded that {verb} with a notice of an embargo in which no "
                'day can be read. To look at them: ontherecord sql "select source_path, title from articles '
                f"where list_contains(warnings, '{EMBARGO_UNREAD}')\"."
            )
        if kinds := self._not_taken():
            lines.append(f"Not taken: {', '.join(kinds)}. docs/landing.md has the forms that are taken.")
        if folders := self.unlistable_folders:
            others = " and others" if len(folders) > 1 else ""
            lines.append(
                f"{counted(len(folders), 'folder')} skipped: this user may not list {sanitize(folders[0])}"
                f"{others}. Grant read access; the next run loads the files."
            )
        if idle := describe_idle(self.idle_corrections):
            lines.append(idle)
        if written := describe_moved(self.moved_aside):
            lines.append(written)
        rows = self.quarantined()
        for rule, count in (Counter(row.rule for row in rows) + self.unlisted).most_common():
            first = next((row for row in rows if row.rule == rule), None)
            if first is None:
                lines.append(f"  {count:,} quarantined by {rule}.")
                continue
            value = f" [{first.value[:_SUMMARY_CHARACTERS]}]" if first.value else ""
            others = " and others" if count > 1 else ""
            lines.append(f"  {count:,} quarantined by {rule}: {first.file}{value}{others}. {first.message}")
        if rows:
            lines.append("`ontherecord quarantine list` lists all quarantined files.")
        elif self.waiting_count:
            lines.append(
                f"Still in quarantine: {self.waiting_count:,}. `ontherecord quarantine list` says why."
            )
        if self.data_docs:
            lines.append(f"Data Docs: {self.data_docs}")
        return "\n".join(lines)

    def _not_taken(self) -> list[str]:
        """Return what was found and not taken: count and kind, with an example."""
        return [
            f"{count:,} {kind} ({sanitize(example)})"
            for kind, count, example in self.passed_over.kinds()
            # The first is never an article, the others have lines of their own.
            if kind not in (HIDDEN, UNLISTABLE, TAKEN_DOWN)
        ]

    def _nothing_landed(self) -> str:
        if self.flow == "retry-quarantine":
            return "No quarantined file matches."
        if self.flow == "backfill":
            return "No new file in the range."
        if self.landing is None:
            return "Published." if self.published else "Nothing changed, nothing was published."
        hint = "" if self.passed_over.kinds() else " Is it the right folder?"
        return f"No article file in {sanitize(self.landing)}.{hint}"

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
            "articles": {
                "landed": c.article_landed_count,
                "loaded": c.article_loaded_count,
                "unchanged": c.article_unchanged_count,
                "duplicate": c.article_duplicate_count,
                "quarantined": c.article_quarantined_count,
            },
            "other_stories": [
                {"file": sanitize(story.source_path), "title": sanitize(story.title)}
                for story in self.other_stories
            ],
            "not_taken": [
                {"kind": kind, "count": count, "example": sanitize(example)}
                for kind, count, example in self.passed_over.kinds()
            ],
            "unlistable_folders": [sanitize(folder) for folder in self.unlistable_folders],
            "mentions": c.mention_count,
            "quotes": c.quote_count,
            "warnings": self.warned,
            "quarantined_files": [asdict(row) for row in self.quarantined()],
            "unlisted_quarantined": dict(self.unlisted),
            "in_quarantine": self.waiting_count,
            "idle_corrections": [
                {"line": c.line_no, "words": sanitize(c.words), "problem": c.problem}
                for c in self.idle_corrections
            ],
            "published": self.published,
            "moved_aside": [file.name for file in self.moved_aside],
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
            "Published. `ontherecord browse` shows it in a browser on the machine with the home folder."
            if self.published
            else "Nothing changed, nothing was published.",
        ]
        if c.article_landed_count:
            lines += [
                "",
                "| articles in files with many | loaded | unchanged | duplicate | quarantined |",
                "|---|---|---|---|---|",
                f"| {c.article_landed_count:,} | {c.article_loaded_count:,} | {c.article_unchanged_count:,} "
                f"| {c.article_duplicate_count:,} | {c.article_quarantined_count:,} |",
            ]
        if kinds := self._not_taken():
            lines += ["", f"**Not taken:** {escape_markdown(', '.join(kinds))}"]
        if idle := describe_idle(self.idle_corrections):
            lines += ["", escape_markdown(idle)]
        if self.moved_aside:
            lines += ["", escape_markdown(describe_moved(self.moved_aside))]
        if self.other_stories:
            lines += ["", "**Another story under a known path, loaded beside the earlier one**", ""]
            lines += [
                f"- `{escape_markdown(story.source_path)}`: "
                f"{escape_markdown(story.title[:_MARKDOWN_CHARACTERS])}"
                for story in self.other_stories[:EXAMPLES]
            ]
        if self.highlights.headlines:
            lines += ["", "**Newest headlines**", ""]
            lines += [
                f"- {day}: {escape_markdown(title[:_MARKDOWN_CHARACTERS])}"
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
    """A quote that is added, removed or given another speaker."""

    source_path: str
    text: str
    before: str | None
    after: str | None


@dataclass(slots=True)
class ChangeKind:
    """How many quotes changed in one way, and the first examples."""

    count: int = 0
    examples: list[QuoteChange] = field(default_factory=list)

    def add(self, change: QuoteChange) -> None:
        self.count += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(change)


@dataclass(slots=True)
class Comparison(Result):
    """What this extractor version finds, compared with what is loaded; filled as the run goes.

    `run` is None if the flow only compared: only a run that writes is recorded. `failed` has, by path, the
    reason why an article could not be extracted; it stays as it is.
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
    started_at: datetime = field(default_factory=now)
    seconds: float = 0.0
    batch_seconds: list[float] = field(default_factory=list)

    def kinds(self) -> dict[str, ChangeKind]:
        """Return the kinds of changes by name."""
        return {"added": self.added, "removed": self.removed, "speaker_changed": self.speaker_changed}

    def add(self, loaded: LoadedText, before: Sequence[LoadedQuote], extract: Extract) -> None:
        """Compare an article's quotes with its new ones; quotes with the same span are the same."""
        old = {(q.char_start, q.char_end): q for q in before}
        new = {
            (q.char_start, q.char_end): LoadedQuote(q.char_start, q.char_end, q.text, q.speaker)
            for q in extract.quotes
        }
        self.article_count += 1
        self.quotes_before += len(old)
        self.quotes_after += len(new)
        path = loaded.source_path
        for span in sorted(new.keys() - old.keys()):
            self.added.add(QuoteChange(path, new[span].text, None, new[span].speaker))
        for span in sorted(old.keys() - new.keys()):
            self.removed.add(QuoteChange(path, old[span].text, old[span].speaker, None))
        for span in sorted(old.keys() & new.keys()):
            if old[span].speaker != new[span].speaker:
                self.speaker_changed.add(
                    QuoteChange(path, new[span].text, old[span].speaker, new[span].speaker)
                )
        if {(s, q.speaker) for s, q in old.items()} != {(s, q.speaker) for s, q in new.items()}:
            self.changed_count += 1

    def label(self) -> str:
        verb = "loaded" if self.run else "compared"
        return f"{self.article_count:,} {verb}, {self.changed_count:,} changed"

    def summary(self) -> str:
        lines = [
            f"{self.article_count:,} of {counted(self.loaded_count, 'article')} extracted by "
            f"{self.extractor_version}: {self.changed_count:,} with changed quotes ({self.seconds:.1f} s)",
            f"{counted(self.quotes_before, 'quote')} before, {self.quotes_after:,} after: "
            f"{self.added.count:,} added, {self.removed.count:,} removed, "
            f"{self.speaker_changed.count:,} with another speaker",
        ]
        for name, kind in self.kinds().items():
            for change in kind.examples:
                speakers = " -> ".join(sanitize(s or "no speaker") for s in (change.before, change.after))
                lines.append(
                    f"  {name.replace('_', ' ')}: {sanitize(change.source_path)}: "
                    f"{sanitize(change.text[:_SUMMARY_CHARACTERS])} ({speakers})"
                )
        if self.failed:
            lines.append(
                f"{counted(len(self.failed), 'article')} could not be extracted; nothing was changed there."
            )
        if self.run is not None:
            lines.append(
                "Loaded and published." if self.run.published else "Nothing changed, nothing was published."
            )
            if idle := describe_idle(self.run.idle_corrections):
                lines.append(idle)
        elif self.article_count:
            lines.append("Nothing was changed. `ontherecord reprocess --apply` loads the new quotes.")
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
            "applied": self.run is not None,
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
            "| compared | changed | quotes before | after | added | removed | other speaker |",
            "|---|---|---|---|---|---|---|",
            "| " + " | ".join(f"{figure:,}" for figure in figures) + " |",
            "",
            f"Extractor `{self.extractor_version}`, {self.seconds:.1f} s{_slowest(self.batch_seconds)}",
            "Loaded." if self.run else "Nothing was changed. A run with `apply` loads the new quotes.",
        ]
        if any(kind.examples for kind in kinds.values()):
            lines += ["", "| | file | quote | before | after |", "|---|---|---|---|---|"]
        for name, kind in kinds.items():
            lines += [_markdown_row(name.replace("_", " "), change) for change in kind.examples]
        return "\n".join(lines)


@dataclass(slots=True)
class MaintenanceResult(Result):
    """The result of maintenance, filled as it goes."""

    run: RunResult
    flow: str = "maintain"
    changed_aliases: int = 0
    changed_corrections: int = 0
    changed_entities: int = 0
    saved_bytes: int = 0
    pruned_extracts: int = 0
    pruned_pages: int = 0
    freshness: Freshness | None = None
    started_at: datetime = field(default_factory=now)

    def label(self) -> str:
        return "published" if self.run.published else "nothing changed"

    def summary(self) -> str:
        newest = self.freshness.newest_day if self.freshness else None
        return "\n".join(
            [
                f"{counted(self.changed_aliases, 'alias', 'aliases')}, "
                f"{counted(self.changed_corrections, 'correction')} and "
                f"{counted(self.changed_entities, 'entity', 'entities')} changed, "
                f"{counted(self.pruned_extracts, 'old extract')} and "
                f"{counted(self.pruned_pages, 'old page')} removed ({self.run.seconds:.1f} s)",
                f"Newest article: {newest or 'none'}.",
                "Published." if self.run.published else "Nothing changed, nothing was published.",
                *([idle] if (idle := describe_idle(self.run.idle_corrections)) else []),
            ]
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            "flow": self.flow,
            "run_id": self.run.run_id,
            "changed_aliases": self.changed_aliases,
            "changed_corrections": self.changed_corrections,
            "changed_entities": self.changed_entities,
            "saved_bytes": self.saved_bytes,
            "pruned_extracts": self.pruned_extracts,
            "pruned_pages": self.pruned_pages,
            "freshness": asdict(self.freshness) if self.freshness else {},
            "published": self.run.published,
            "seconds": round(self.run.seconds, 2),
        }


def _markdown_row(name: str, change: QuoteChange) -> str:
    cells = (change.source_path, change.text[:_MARKDOWN_CHARACTERS], change.before or "", change.after or "")
    return f"| {name} | " + " | ".join(escape_markdown(cell) for cell in cells) + " |"


def _slowest(batch_seconds: Sequence[float]) -> str:
    return f", slowest batch {max(batch_seconds):.1f} s." if batch_seconds else "."
