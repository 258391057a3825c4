"""Fixtures for all tests. What is no fixture stands in runs.py."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from runs import ARTICLES, run

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
