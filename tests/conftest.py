"""Fixtures for all tests. What is no fixture stands in runs.py."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ontherecord.flows.extract.nlp.blas import configure_blas

configure_blas()  # as in a worker, before NumPy is loaded

import pytest  # noqa: E402
from filelock import FileLock  # noqa: E402
from runs import ARTICLES, migrated_home, run  # noqa: E402
from sqlalchemy import Engine  # noqa: E402
from xdist.scheduler import LoadScopeScheduling  # noqa: E402

from ontherecord.flows.pipeline.runner import open_writer  # noqa: E402
from ontherecord.flows.workers.processes import IdleWorkerCache, reuse_workers  # noqa: E402
from ontherecord.warehouse.data_dir import DataDir  # noqa: E402

# A shell without job control starts what ends in `&` with Ctrl-C ignored, which every child would inherit.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Settings of the machine must not reach the tests.
for name in list(os.environ):
    if name.startswith("ONTHERECORD_") or name == "PREFECT_API_URL":
        del os.environ[name]


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    folder = tmp_path / "landing"
    folder.mkdir()
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run over the sample articles; give the home, to be read only.

    One process of pytest-xdist extracts, the others take over what it found.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, kept = base / "samples", shared / "samples.sqlite"
    with FileLock(kept.with_suffix(".lock")):
        if kept.exists():
            folder.mkdir()
            shutil.copy(kept, folder / "extracts.sqlite")
        run(ARTICLES, folder)
        shutil.copy(folder / "extracts.sqlite", kept)
    return folder


@pytest.fixture(scope="session")
def archive(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what is published of the samples, for those who keep it open."""
    home = tmp_path_factory.mktemp("archive")
    shutil.copy(samples / "warehouse.duckdb", home)
    return home


@pytest.fixture
def engine(home: Path) -> Iterator[Engine]:
    """Open the writer's file of a new home."""
    shutil.copytree(migrated_home(), home, symlinks=True)
    with open_writer(DataDir(home), "test") as opened:
        yield opened


@pytest.fixture(scope="session")
def shelf() -> Iterator[IdleWorkerCache]:
    kept = IdleWorkerCache(2)
    yield kept
    kept.clear()


@pytest.fixture(scope="session", autouse=True)
def _warm(shelf: IdleWorkerCache) -> Iterator[None]:
    """Have runs, those of fixtures too, take over each other's workers.

    To start one takes longer than all else of a small run.
    """
    with reuse_workers(shelf):
        yield


@pytest.fixture(autouse=True)
def _cold(request: pytest.FixtureRequest) -> Iterator[None]:
    """Have tests marked `own_workers`, and unit tests, do without."""
    if "unit" in request.path.parts or request.node.get_closest_marker("own_workers"):
        with reuse_workers(IdleWorkerCache(0)):
            yield
    else:
        yield


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Have the slow tier pass over files without a slow test: to import them is half of its start."""
    is_test = collection_path.suffix == ".py" and collection_path.name.startswith("test_")
    if config.option.markexpr == "slow" and is_test:
        return "mark.slow" not in collection_path.read_text(encoding="utf-8") or None
    return None


# Begun last, they would keep one process busy long after the others have ended.
_LONGEST = ("test_lake", "test_surroundings", "test_killed", "test_poison", "test_serve", "test_alerts_sent")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first."""
    items.sort(key=lambda item: item.path.stem not in _LONGEST)


class ByFile(LoadScopeScheduling):
    """Gives each process whole files, since their tests share what takes long to set up.

    Those that use the Prefect server go to one, so that no other starts it too. (Marks of pytest-xdist could
    say all this, but 3.8 does not see them under pytest 9.2.)
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "prefect" if file.startswith("tests/flows/") and Path(file).stem in _ON_THE_SERVER else file


_ON_THE_SERVER = ("test_cluster", "test_deployments", "test_flows_shown", "test_prefect")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    return ByFile(config, log)
