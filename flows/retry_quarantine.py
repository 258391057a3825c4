"""Replay: quarantined files, once more through the same stages, after a change of rules or code.

Their bytes come from quarantine, not from the landing folder: a file that is newer there is the next
ingest's. Only the newest delivery of a path is taken, so a later good one is never overwritten.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from ontherecord.expectations.validate import HeaderSuite
from ontherecord.flows.landing.access import FolderReader
from ontherecord.flows.landing.discover import processing_order
from ontherecord.flows.landing.redelivery import REDELIVERY_RULES
from ontherecord.flows.pipeline.alerting import alerting
from ontherecord.flows.pipeline.batches import BatchContext, process_files
from ontherecord.flows.pipeline.finish import finish
from ontherecord.flows.pipeline.results import RunResult
from ontherecord.flows.pipeline.runner import Runner, open_writer, run_record
from ontherecord.flows.settings import Settings
from ontherecord.flows.workers.pool import ExtractionPool
from ontherecord.warehouse.aliases import apply_aliases, read_aliases
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import FileChanged
from ontherecord.warehouse.extract_cache import ExtractCache
from ontherecord.warehouse.quarantine import QuarantinedDelivery, kept_file, read_quarantined
from ontherecord.warehouse.records import LandedFile, RawFile


def retry_quarantine(
    settings: Settings,
    runner: Runner,
    *,
    rule: str | None = None,
    paths: str = "*",
    wait_seconds: float = 0,
) -> RunResult:
    """Load those of the quarantined files that pass now; those that do not stay as they are.

    A rule that compares with the loaded article quarantines none of the files taken by its name.

    Raises PipelineError if the run cannot go on; what earlier batches loaded stays.
    """
    home = settings.paths
    with (
        open_writer(home, "retry-quarantine", wait_seconds, memory_mb=settings.duckdb_memory_mb) as engine,
        alerting(engine, settings, runner),
        run_record(engine, runner, "retry-quarantine") as report,
    ):
        aliases = read_aliases(home)
        apply_aliases(engine, aliases)
        quarantined = runner.run_step("discover", lambda: read_quarantined(engine))
        files, current_failures = _wanted(home, quarantined, rule, paths)
        runner.log(f"discover: {len(quarantined):,} quarantined files, {len(files):,} to be looked at again")
        with ExtractionPool(settings, ExtractCache(home.extracts)) as pool:
            # Workers start with the first text: mostly, no file passes.
            suite = HeaderSuite(settings.validation_suite)
            # To name a rule of compare is to say that those files are right as they are.
            allowed = REDELIVERY_RULES.intersection((rule,))
            context = BatchContext(
                engine,
                home,
                suite,
                pool,
                {},
                aliases,
                report.run_id,
                FolderReader(_read_kept),
                current_failures,
                allowed,
            )
            process_files(files, context, settings.batch_size, report, runner)
        finish(engine, home, report, runner, pool.known_version)
    return report


def _wanted(
    home: DataDir, quarantined: Sequence[QuarantinedDelivery], rule: str | None, paths: str
) -> tuple[list[LandedFile], Mapping[str, frozenset[str]]]:
    """Return the files to take, in the order of discover, and the rules that hold them back now."""
    wanted = [
        found
        for found in quarantined
        if fnmatchcase(found.source_path, paths) and (rule is None or rule in found.rules)
    ]
    files = [
        LandedFile(f.source_path, kept_file(home, f.content_sha256), f.bytes, f.modified_ns) for f in wanted
    ]
    return sorted(files, key=processing_order), {f.source_path: f.rules for f in wanted}


def _read_kept(landed: LandedFile) -> RawFile:
    """Read a file's bytes from quarantine, where they are named by their SHA-256.

    Raises FileChanged if they are not there, or not as they were.
    """
    try:
        content = Path(landed.file).read_bytes()
    except FileNotFoundError as error:
        raise FileChanged(f"The kept bytes of {landed.source_path} are gone") from error
    content_sha256 = hashlib.sha256(content).hexdigest()
    if content_sha256 != Path(landed.file).name:
        raise FileChanged(f"The kept bytes of {landed.source_path} are damaged")
    return RawFile(landed, content, content_sha256)
