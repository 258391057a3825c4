"""What the unit tests share: files in memory, and hypothesis kept small and the same in every run."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from ontherecord.warehouse.records import LandedFile, RawFile

settings.register_profile("small", max_examples=200, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=5_000, deadline=None)
# HYPOTHESIS_PROFILE=thorough looks further, and elsewhere each time.
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "small"))


@pytest.fixture(scope="session")
def raw_file() -> Callable[[str | bytes], RawFile]:
    """Return a maker of files in memory."""

    def make(content: str | bytes) -> RawFile:
        content = content.encode("utf-8") if isinstance(content, str) else content
        landed = LandedFile("news/a.txt", Path("news/a.txt"), len(content), 0)
        return RawFile(landed, content, hashlib.sha256(content).hexdigest())

    return make
