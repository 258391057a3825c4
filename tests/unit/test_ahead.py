"""Ahead: files are fetched when the cluster is done with them; whatever becomes of it, the run goes on."""

from __future__ import annotations

import pickle
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Thread

import pytest

from ontherecord.flows.landing.access import FolderReader
from ontherecord.flows.landing.folder import list_landing
from ontherecord.flows.landing.read import read
from ontherecord.flows.pipeline.ahead import Ahead, Progress
from ontherecord.flows.workers.remote import UnitResult
from ontherecord.warehouse.errors import SettingsError
from ontherecord.warehouse.records import LandedFile, RawFile


@pytest.fixture
def files(tmp_path: Path) -> list[LandedFile]:
    for name in "abcd":
        (tmp_path / f"{name}.txt").write_text(name)
    return list(list_landing(tmp_path))


def test_files_are_fetched_when_the_cluster_is_done_with_them(files: list[LandedFile]) -> None:
    steps = [Event() for _ in files]
    fetched: list[LandedFile] = []
    lines: list[str] = []

    class Recording:
        def fetch(self, files: Sequence[LandedFile]) -> None:
            fetched.extend(files)

        def read(self, landed: LandedFile) -> RawFile:
            return read(landed)

    def extract(progress: Progress) -> tuple[UnitResult, None]:
        for step in steps:
            assert step.wait(60)
            progress.add(1)
        return UnitResult(extracted_count=len(files)), None

    with Ahead(Recording(), extract, lines.append, "dask") as ahead:

        def fetch() -> None:
            for part in (files[:2], files[2:]):
                ahead.fetch(part)

        run = Thread(target=fetch)
        run.start()
        steps[0].set()
        run.join(0.2)
        assert fetched == []
        steps[1].set()
        until = time.monotonic() + 60
        while len(fetched) < 2 and time.monotonic() < until:
            run.join(0.01)
        run.join(0.2)
        assert fetched == files[:2]
        for step in steps:
            step.set()
        run.join(60)
        assert fetched == files
        assert ahead.read(files[0]).content == Path(files[0].file).read_bytes()
    assert lines == ["cluster: 4 texts extracted, 0 already cached, 0 files left for this machine"]


def test_run_goes_on_when_the_cluster_is_lost_and_says_so_once(files: list[LandedFile]) -> None:
    lines: list[str] = []
    lost = UnitResult(left_count=4), "gone"
    with Ahead(FolderReader(), lambda _: lost, lines.append, "dask://h:1") as ahead:
        ahead.fetch(files[:2])
        told = [
            "cluster: dask://h:1 is unreachable (gone)",
            "cluster: 0 texts extracted, 0 already cached, 4 files left for this machine",
        ]
        assert lines == told
        ahead.fetch(files[2:])
    assert lines == told


def test_what_keeps_a_cluster_from_beginning_ends_the_run(files: list[LandedFile]) -> None:
    def extract(_: Progress) -> tuple[UnitResult, None]:
        raise SettingsError("a package is missing")

    with (
        pytest.raises(SettingsError, match="missing"),
        Ahead(FolderReader(), extract, print, "ray") as ahead,
    ):
        ahead.fetch(files)


def test_cluster_is_told_when_the_run_has_ended(files: list[LandedFile]) -> None:
    was_told = Event()

    def extract(progress: Progress) -> tuple[UnitResult, None]:
        while not progress.is_unwanted:
            was_told.wait(0.01)
        was_told.set()
        return UnitResult(), None

    with pytest.raises(KeyboardInterrupt), Ahead(FolderReader(), extract, print, "ray"):
        raise KeyboardInterrupt
    assert was_told.is_set()


def test_progress_can_be_sent_with_a_task() -> None:
    assert isinstance(pickle.loads(pickle.dumps(Progress(done_count=3))), Progress)
