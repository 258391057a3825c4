"""A landing folder that does not answer for a while: files wait for the next look, the run goes on."""

from __future__ import annotations

import errno
from pathlib import Path

from runs import article

from ontherecord.expectations.validate import HeaderSuite
from ontherecord.flows.landing.access import FolderReader
from ontherecord.flows.landing.folder import list_landing
from ontherecord.flows.landing.read import read
from ontherecord.flows.pipeline.batches import BatchContext, Batches
from ontherecord.flows.pipeline.results import BatchResult
from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.flows.settings import load_settings
from ontherecord.flows.workers.pool import ExtractionPool
from ontherecord.warehouse.aliases import Aliases
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.extract_cache import ExtractCache
from ontherecord.warehouse.records import LandedFile, RawFile


class Away:
    """Reads files; those named fail as a network folder does, so many times."""

    def __init__(self, **times: int) -> None:
        self.times = times

    def __call__(self, landed: LandedFile) -> RawFile:
        name = landed.file.stem
        if self.times.get(name, 0) > 0:
            self.times[name] -= 1
            raise OSError(errno.ETIMEDOUT, "Connection timed out")
        return read(landed)


def take(landing: Path, home: Path, away: Away) -> BatchResult:
    files = sorted(list_landing(landing), key=lambda landed: landed.source_path)
    pool = ExtractionPool(load_settings(home=home, workers=1), ExtractCache(home / "extracts.sqlite"))
    with open_writer(DataDir(home), "test") as engine, pool:
        context = BatchContext(
            engine, DataDir(home), HeaderSuite(), pool, {}, Aliases(), "test", FolderReader(away)
        )
        return Batches(files, len(files), context).load()


def test_files_are_tried_again_and_then_left_to_the_next_run(landing: Path, home: Path) -> None:
    for name in ("a", "b", "c", "d"):
        (landing / f"{name}.txt").write_text(article(title=f"Story {name}"))
    away = Away(a=1, b=99, c=1)
    counts = take(landing, home, away).counts
    # a comes back; b does not, after which c is not waited for
    assert (counts.loaded_count, counts.postponed_count, counts.quarantined_count) == (2, 2, 0)
    assert away.times == {"a": 0, "b": 96, "c": 0}
