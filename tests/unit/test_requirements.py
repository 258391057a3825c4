"""The pinned requirements: all that pyproject.toml asks for, with hashes, from no particular registry."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PINNED = (ROOT / "requirements.txt").read_text()


def test_every_dependency_is_pinned_to_a_version_it_allows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pins: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)", PINNED, re.MULTILINE):
        pins.setdefault(canonicalize_name(name), []).append(version)
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    for requirement in map(Requirement, asked):
        versions = pins.get(canonicalize_name(requirement.name))
        assert versions, f"{requirement.name} is not pinned: run make requirements"
        assert all(requirement.specifier.contains(version) for version in versions), requirement


def test_every_pin_has_hashes_and_none_an_address() -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", PINNED.split("\n", 1)[1])
    assert len(entries) > 100
    assert [entry.split("\n")[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"https?://|file:|--(?:extra-)?index-url|--find-links", PINNED) == []
