"""Retry quarantined files through the same stages, after a change of rules or code.

Their bytes come from quarantine, not from the landing folder: a newer file there is for the next ingest.
Only the newest delivery of a path is retried, so that it cannot overwrite a later good one.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import partial

from ontherecord.flows.landing.access import FolderReader
from ontherecord.flows.landing.embargo import EMBARGO_RULES
from ontherecord.flows.landing.redelivery import REDELIVERY_RULES
from ontherecord.flows.landing.wrong_body import BODY_RULES
from ontherecord.flows.pipeline.kept_files import as_landed, read_kept
from ontherecord.flows.pipeline.results import RunResult
from ontherecord.flows.pipeline.runner import Runner
from ontherecord.flows.pipeline.session import open_session
from ontherecord.flows.plural import counted
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.errors import SettingsError
from ontherecord.warehouse.quarantine import read_quarantined


def retry_quarantine(
    settings: Settings, runner: Runner, *, rule: str | None = None, paths: str = "*", wait_seconds: float = 0
) -> RunResult:
    """Load the quarantined files that pass now; those that fail again stay as they are.

    A redelivery rule that is named by `rule` is not applied: to name it is to say that the files are right.
    So is one on wrong bodies, which becomes a warning, and that of an embargo, for the files of `paths`: they
    may be published.

    Raises SettingsError if `rule` is that of an embargo and no files are named, PipelineError if the run
    cannot go on; what earlier batches loaded stays.
    """
    if rule in EMBARGO_RULES and paths == "*":
        raise SettingsError(
            f"--rule {rule} publishes articles under embargo. Name them with --paths, one or a pattern."
        )
    with open_session(settings, runner, "retry-quarantine", wait_seconds=wait_seconds) as session:
        session.apply_curated()
        quarantined = runner.run_step("discover", lambda: read_quarantined(session.engine))
        selected = (
            delivery
            for delivery in quarantined
            if fnmatchcase(delivery.source_path, paths) and (rule is None or rule in delivery.rules)
        )
        files, current_failures = as_landed(session.home, selected)
        runner.log(f"discover: {counted(len(quarantined), 'quarantined file')}, {len(files):,} to be retried")
        session.load(
            files,
            {},
            FolderReader(partial(read_kept, session.home)),
            start_workers=False,  # most files fail again, before extraction
            current_failures=current_failures,
            allowed=(REDELIVERY_RULES | EMBARGO_RULES | BODY_RULES).intersection((rule,)),
        )
        session.finish()
    return session.result
