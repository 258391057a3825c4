"""Preview: what an ingest would make of each file, without a warehouse; nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ontherecord.expectations.validate import HeaderSuite
from ontherecord.flows.landing.access import fetch_in_parts, open_reader
from ontherecord.flows.landing.discover import discover
from ontherecord.flows.landing.embargo import check_embargo
from ontherecord.flows.landing.location import Location, Reader
from ontherecord.flows.landing.parse import form_of, holds_many, parse, split
from ontherecord.flows.landing.passed_over import PassedOver
from ontherecord.flows.landing.reading import Reading
from ontherecord.flows.landing.wrong_body import check_body
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.disk_space import clear_copies
from ontherecord.warehouse.errors import BadDelivery, FileChanged
from ontherecord.warehouse.records import Delivery, Failure, RawFile
from ontherecord.warehouse.runs import now

# Deliveries that are validated together: a run of the suite takes as long for one as for many.
_BATCH = 500


@dataclass(slots=True)
class FilePreview:
    """What a file would become: how many of its articles are valid, the first of them, and the rules broken.

    `held_count` articles would be quarantined; `examples` has the first failure of each rule, with the path
    of the file or of the article in it. `form` is None if the file cannot be opened.
    """

    source_path: str
    form: str | None = None
    article_count: int = 0
    title: str | None = None
    published_at: datetime | None = None
    outlet: str | None = None
    held_count: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    examples: dict[str, tuple[str, Failure]] = field(default_factory=dict)

    def fail(self, failures: Iterable[Failure], path: str | None = None) -> None:
        """Count an article at a path, or the file, that is quarantined by these rules."""
        self.held_count += 1
        for failure in failures:
            self.rules[failure.rule] += 1
            self.examples.setdefault(failure.rule, (path or self.source_path, failure))

    def accept(self, delivery: Delivery) -> None:
        """Count a valid article."""
        self.article_count += 1
        if self.article_count == 1:
            self.title, self.outlet = delivery.title, delivery.outlet
            self.published_at = delivery.published_at

    def to_dict(self) -> dict[str, Any]:
        """Return the preview as `--json` prints it."""
        return {
            "file": self.source_path,
            "form": self.form,
            "articles": self.article_count,
            "title": self.title,
            "published_at": self.published_at,
            "outlet": self.outlet,
            "quarantined": self.held_count,
            "rules": dict(self.rules),
        }


def preview(location: Location, settings: Settings) -> tuple[list[FilePreview], PassedOver]:
    """Return what each file at a location would become, in processing order, and what is not taken.

    What is loaded already is not looked at: files that a run would find unchanged are previewed too.

    Raises LandingError if the location cannot be listed, PipelineError if the suite cannot be read.
    """
    discovered = discover(location, {})
    suite = HeaderSuite(settings.validation_suite)
    with suppress(OSError):  # a home that may only be read
        clear_copies(settings.paths)
    with open_reader(location, settings.paths.copies if settings.paths.folder.is_dir() else None) as reader:
        previews = [FilePreview(landed.source_path) for landed in discovered.to_read]
        files = zip(previews, fetch_in_parts(reader, discovered.to_read), strict=True)
        waiting: list[tuple[FilePreview, Delivery]] = []
        for found, landed in files:
            for delivery in _deliveries(found, reader, landed, settings.reading):
                waiting.append((found, delivery))
                if len(waiting) == _BATCH:
                    _validate(waiting, suite)
                    waiting = []
        _validate(waiting, suite)
    return previews, discovered.passed_over


def _deliveries(found: FilePreview, reader: Reader, landed: Any, reading: Reading) -> Iterator[Delivery]:
    """Yield the deliveries of a file; count what cannot be read."""
    try:
        raw = reader.read(landed)
    except (BadDelivery, FileChanged, OSError) as error:
        found.fail(_failures(error))
        return
    found.form = form_of(raw, reading).name
    try:
        for part in split(raw, reading) if holds_many(raw, reading) else (raw,):
            if not isinstance(part, RawFile):
                found.fail(part.failures, part.landed.source_path)
                continue
            try:
                yield parse(part, reading)
            except BadDelivery as error:
                found.fail(error.failures, part.landed.source_path)
    except BadDelivery as error:
        found.fail(error.failures)
    finally:
        raw.discard()


def _failures(error: Exception) -> Sequence[Failure]:
    if isinstance(error, BadDelivery):
        return error.failures
    return (Failure("postponed", None, str(error), "The file changes, or is unreachable. Try again later."),)


def _validate(waiting: Sequence[tuple[FilePreview, Delivery]], suite: HeaderSuite) -> None:
    verdicts = suite.validate([delivery for _, delivery in waiting])
    for (found, delivery), verdict in zip(waiting, verdicts, strict=True):
        if failures := (*verdict.failures, *check_embargo(delivery, now()), *check_body(delivery)):
            found.fail(failures, delivery.raw.landed.source_path)
        else:
            found.accept(delivery)
