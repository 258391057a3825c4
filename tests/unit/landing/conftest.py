"""What the tests of landing share: parsers of a text, and of a text below good headers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ontherecord.flows.landing.parse import parse
from ontherecord.warehouse.records import Delivery, RawFile

HEADERS = "## Title: Cat returns\n## Section: Local\n## Date: Tuesday, March 10, 2015 - 09:30\n"


@pytest.fixture(scope="session")
def parsed(raw_file: Callable[[str | bytes], RawFile]) -> Callable[[str], Delivery]:
    return lambda text: parse(raw_file(text))


@pytest.fixture(scope="session")
def body_of(parsed: Callable[[str], Delivery]) -> Callable[[str], Delivery]:
    """Return a parser of the text below well-formed headers."""
    return lambda text: parsed(f"{HEADERS}\n{text}")
