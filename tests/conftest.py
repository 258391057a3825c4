"""Fixtures for all tests. What is no fixture stands in runs.py."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from flows.extract.arithmetic import settle_arithmetic

settle_arithmetic()  # as in a worker, before NumPy is loaded

import pytest  # noqa: E402
from runs import ARTICLES, run  # noqa: E402
from sqlalchemy import Engine  # noqa: E402

from flows.ingest import open_writer  # noqa: E402
from flows.workers import Shelf, using  # noqa: E402
from warehouse.home import Home  # noqa: E402

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
    """Run over the sample articles; give the home, to be read only."""
    folder = tmp_path_factory.mktemp("samples")
    run(ARTICLES, folder, workers=2)
    return folder


@pytest.fixture
def engine(home: Path) -> Iterator[Engine]:
    """Open the writer's file of a new home."""
    with open_writer(Home(home), "test") as opened:
        yield opened


@pytest.fixture(scope="session")
def shelf() -> Iterator[Shelf]:
    kept = Shelf(2)
    yield kept
    kept.clear()


@pytest.fixture(autouse=True)
def warm(request: pytest.FixtureRequest, shelf: Shelf) -> Iterator[None]:
    """Have runs take over each other's workers: to start one takes longer than all else of a small run.

    Unit tests and those marked `own_workers` do without.
    """
    if "unit" in request.path.parts or request.node.get_closest_marker("own_workers"):
        yield
        return
    with using(shelf):
        yield
