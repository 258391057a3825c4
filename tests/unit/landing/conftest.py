"""What the tests of landing share: parsers of a text, and files by name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from ontherecord.flows.landing.parse import parse
from ontherecord.warehouse.records import Delivery, LandedFile, RawFile

HEADERS = "## Title: Cat returns\n## Section: Local\n## Date: Tuesday, March 10, 2015 - 09:30\n"


@pytest.fixture(scope="session")
def parsed(raw_file: Callable[[str | bytes], RawFile]) -> Callable[[str], Delivery]:
    return lambda text: parse(raw_file(text))


@pytest.fixture(scope="session")
def body_of(parsed: Callable[[str], Delivery]) -> Callable[[str], Delivery]:
    """Return a parser of the text below well-formed headers."""
    return lambda text: parsed(f"{HEADERS}\n{text}")


@pytest.fixture(scope="session")
def landed_file() -> Callable[[str, str | bytes], RawFile]:
    """Return a maker of files in memory by name: what a form makes of a file may depend on it."""

    def make(name: str, content: str | bytes) -> RawFile:
        content = content.encode("utf-8") if isinstance(content, str) else content
        landed = LandedFile(f"news/{name}", Path("news") / name, len(content), 0)
        return RawFile(landed, content, hashlib.sha256(content).hexdigest())

    return make
