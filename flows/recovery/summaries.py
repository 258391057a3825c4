"""Fixing: what doctor, rebuild, backup and restore came to, as facts and in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ontherecord.flows.recovery.doctor.finding import Finding
from ontherecord.flows.recovery.rebuild import RebuildResult
from ontherecord.flows.sanitize import sanitize
from ontherecord.warehouse.backup import Backup


def examined_summary(found: Sequence[Finding]) -> str:
    """Return in a line what an examination came to."""
    wrong = sum(f.state == "problem" for f in found)
    waiting = sum(f.state == "skipped" for f in found)
    said = (
        "All is well." if not wrong else f"{wrong:,} of {len(found):,} need somebody: see their next steps."
    )
    return said + (f" {waiting:,} could not be looked at now." if waiting else "")


def rebuilt_facts(done: RebuildResult) -> dict[str, Any]:
    """Return what a rebuild came to as plain facts."""
    return {
        "copied_from": done.put_back.source,
        "copied": done.put_back.article_count,
        "moved_aside": [str(file) for file in done.put_back.moved],
        "without_extract": done.model_count,
        "model": "used" if done.used_model else "not used",
        "run": done.run.to_dict() if done.run else None,
        "lost": _lost(done),
        "seconds": round(done.seconds, 2),
    }


def rebuilt_summary(done: RebuildResult) -> str:
    """Return what a rebuild came to in a few lines: from what, what came on top, and what is lost."""
    lines = []
    if done.put_back.source:
        lines.append(f"Copied from {done.put_back.source}: {done.put_back.article_count:,} articles.")
    if run := done.run:
        c = run.counts
        lines.append(
            f"From {sanitize(run.landing)}: {c.landed_count:,} files, {c.loaded_count:,} loaded, "
            f"{c.unchanged_count:,} unchanged, {c.duplicate_count:,} duplicate, "
            f"{c.quarantined_count:,} quarantined."
        )
    if done.used_model:
        lines.append(f"{done.model_count:,} texts had no kept extract: the model read them.")
    elif done.model_count:
        lines.append(
            f"{done.model_count:,} texts have no kept extract and were left: `ontherecord ingest` "
            "loads them, with the model."
        )
    lines += [sanitize(line) for line in _lost(done)]
    lines += [f"Moved aside, to be deleted when all is well: {file}" for file in done.put_back.moved]
    lines.append(f"Done in {done.seconds:.1f} s. `ontherecord doctor` looks at the result.")
    return "\n".join(lines)


def _lost(done: RebuildResult) -> list[str]:
    """Say what is not as it was."""
    if done.put_back.source is None:
        return [
            "Made from the files alone. Not brought back: versions that articles had before, the history of "
            "runs, times of loading, and what is no more in the landing folder. Of files with the same "
            "content the first by name is the article, whichever came first."
        ]
    lost = ["Not brought back: runs since the last publishing that published nothing."]
    if done.run is None:
        lost.append("What landed since then is loaded by the next `ontherecord ingest LANDING`.")
    return lost


def backup_facts(done: Backup) -> dict[str, Any]:
    """Return a backup as plain facts."""
    return {
        "file": str(done.file),
        "bytes": done.bytes,
        "made_at": done.made_at,
        "change_no": done.change_no,
        "articles": done.article_count,
        "files": done.file_count,
        "left_out": list(done.left_out),
    }
