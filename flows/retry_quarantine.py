"""Retry quarantined files through the same stages, after a change of rules or code.

Their bytes come from quarantine, not from the landing folder: a newer file there is for the next ingest.
Only the newest delivery of a path is retried, so that it cannot overwrite a later good one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from ontherecord.flows.landing.access import FolderReader
from ontherecord.flows.landing.discover import processing_order
from ontherecord.flows.landing.redelivery import REDELIVERY_RULES
from ontherecord.flows.pipeline.results import RunResult
from ontherecord.flows.pipeline.runner import Runner
from ontherecord.flows.pipeline.session import open_session
from ontherecord.flows.plural import counted
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import FileChanged
from ontherecord.warehouse.quarantine import QuarantinedDelivery, read_quarantined, stored_file
from ontherecord.warehouse.records import LandedFile, RawFile


def retry_quarantine(
    settings: Settings, runner: Runner, *, rule: str | None = None, paths: str = "*", wait_seconds: float = 0
) -> RunResult:
    """Load the quarantined files that pass now; those that fail again stay as they are.

    A redelivery rule that is named by `rule` is not applied: to name it is to say that the files are right.

    Raises PipelineError if the run cannot go on; what earlier batches loaded stays.
    """
    with open_session(settings, runner, "retry-quarantine", wait_seconds=wait_seconds) as session:
        session.apply_curated()
        quarantined = runner.run_step("discover", lambda: read_quarantined(session.engine))
        files, current_failures = _select(session.home, quarantined, rule, paths)
        runner.log(f"discover: {counted(len(quarantined), 'quarantined file')}, {len(files):,} to be retried")
        session.load(
            files,
            {},
            FolderReader(_read_quarantined_bytes),
            start_workers=False,  # most files fail again, before extraction
            current_failures=current_failures,
            allowed=REDELIVERY_RULES.intersection((rule,)),
        )
        session.finish()
    return session.result


def _select(
    home: DataDir, quarantined: Sequence[QuarantinedDelivery], rule: str | None, paths: str
) -> tuple[list[LandedFile], Mapping[str, frozenset[str]]]:
    """Return the files to retry, in processing order, and by path the rules that they failed."""
    selected = [
        delivery
        for delivery in quarantined
        if fnmatchcase(delivery.source_path, paths) and (rule is None or rule in delivery.rules)
    ]
    files = [
        LandedFile(d.source_path, stored_file(home, d.content_sha256), d.bytes, d.modified_ns, d.in_file)
        for d in selected
    ]
    return sorted(files, key=processing_order), {d.source_path: d.rules for d in selected}


def _read_quarantined_bytes(landed: LandedFile) -> RawFile:
    """Read a file's bytes from quarantine, where each file is named by its SHA-256.

    Raises FileChanged if they are missing or damaged.
    """
    try:
        content = Path(landed.file).read_bytes()
    except FileNotFoundError as error:
        raise FileChanged(f"The quarantined bytes of {landed.source_path} are missing") from error
    content_sha256 = hashlib.sha256(content).hexdigest()
    if content_sha256 != Path(landed.file).name:
        raise FileChanged(f"The quarantined bytes of {landed.source_path} are damaged")
    return RawFile(landed, content, content_sha256)
