"""The two tiers of tests: each test runs in exactly one of them, and CI runs both."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()


def _recipe(target: str) -> list[str]:
    found = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    assert found, f"the Makefile has no target {target}"
    return [line.strip().removeprefix("@") for line in found[1].splitlines()]


def test_each_test_runs_in_exactly_one_tier() -> None:
    assert _recipe("test") == ['$(PYTEST) -m "not slow"']
    assert _recipe("test-slow") == ['$(PYTEST) -m "slow"']
    assert _recipe("test-all") == ["$(MAKE) test", "$(MAKE) test-slow"]
    [shared] = re.findall(r"^PYTEST := (.*)$", MAKEFILE, re.MULTILINE)
    pytest_options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    for options in (shared, pytest_options["addopts"]):
        assert not re.search(r"(^|\s)(-m|-k|--ignore|--deselect)\b", options), f"{options} skips tests"


def test_ci_runs_both_tiers() -> None:
    commands = (ROOT / ".ci" / "run").read_text().splitlines()
    assert {"make lint", "make test", "make test-slow"} <= set(commands)
