"""The list of pinned packages, their licences and ages, and what the audit says of them."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from datetime import date
from importlib.metadata import distributions
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 5, 1)


@pytest.fixture(scope="module")
def packages() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / ".ci")
        yield importlib.import_module("packages")


@pytest.fixture(scope="module")
def audit(packages: ModuleType) -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / ".ci")
        yield importlib.import_module("audit")


def test_the_list_has_every_pin_with_a_day_and_an_accepted_licence(packages: ModuleType) -> None:
    listed = packages.read_list()
    assert packages.problems(listed, date.today()) == []
    assert listed == sorted(listed), "make requirements writes it"
    assert "://" not in packages.LIST.read_text("utf-8")


def test_the_list_says_what_the_installed_packages_say(packages: ModuleType) -> None:
    table = packages.licences()
    listed = {(p.package, p.version): p.licence for p in packages.read_list()}
    installed = [(canonicalize_name(d.name), d.version, d) for d in distributions()]
    found = {(name, v): packages.licence_of(d, table) for name, v, d in installed if (name, v) in listed}
    assert len(found) > 100
    assert {key: licence for key, licence in found.items() if listed[key] != licence} == {}


def test_exceptions_have_reasons_and_are_needed(packages: ModuleType) -> None:
    table = packages.licences()
    assert all(why for why in table["accepted"].values())
    assert all(own["why"].endswith(".") for own in table["packages"].values())
    assert {*table["packages"]} <= {p.package for p in packages.read_list()}
    used = {
        part for p in packages.read_list() for part in p.licence.replace("(", "").replace(")", "").split()
    }
    assert {*table["accepted"]} - used <= {"BSD"}


@pytest.mark.parametrize(
    ("expression", "is_accepted"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("", False),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-3.0-only OR MIT", True),
        ("MPL-2.0 AND (GPL-3.0-only OR MIT)", True),
        ("MPL-2.0 AND (GPL-3.0-only OR AGPL-3.0-only)", False),
        ("GPL-3.0-only AND MIT OR MPL-2.0", True),
    ],
)
def test_an_expression_is_accepted_if_it_can_be_met(
    packages: ModuleType, expression: str, is_accepted: bool
) -> None:
    assert packages.is_accepted(expression, {"MIT", "MPL-2.0"}) == is_accepted


def test_what_is_wrong_with_the_list_is_told(packages: ModuleType) -> None:
    first, second, *rest = packages.read_list()
    odd = type(first)(second.package, second.version, "nobody", "2999-01-01", "GPL-3.0-only")
    told = "\n".join(packages.problems([odd, *rest], TODAY))
    assert f"{first.package} {first.version} is pinned and not listed" in told
    assert f"{odd.package} is not used by nobody" in told
    assert f"{odd.package}: licence GPL-3.0-only is not accepted" in told
    assert f"{odd.package} {odd.version}: day of release is 2999-01-01" in told


def _named(name: str, *holes: str, skipped: bool = False) -> dict[str, Any]:
    if skipped:
        return {"name": name, "skip_reason": "Dependency not found"}
    return {
        "name": name,
        "version": "1.0",
        "vulns": [{"id": hole, "fix_versions": ["1.1"]} for hole in holes],
    }


@pytest.mark.parametrize(
    ("found", "code", "words"),
    [
        ([_named("a"), _named("b")], 0, "2 packages asked about, 0 with known holes"),
        ([_named("a", "PYSEC-1"), _named("b")], 1, "audit: a 1.0: PYSEC-1, fixed in 1.1"),
        ([_named("a"), _named("b", skipped=True)], 2, "NOT CHECKED: 1 that no database knows: b"),
        ([_named("a", "PYSEC-1"), _named("b", skipped=True)], 1, "NOT CHECKED: 1 that"),
        ([_named("a", skipped=True)], 2, "NOT CHECKED: none of"),
        ([], 2, "NOT CHECKED: none of"),
    ],
)
def test_the_audit_is_green_only_if_it_asked(
    audit: ModuleType, found: list[dict[str, Any]], code: int, words: str
) -> None:
    lines, result = audit.report(found)
    assert result == code
    assert words in "\n".join(lines)


@pytest.mark.parametrize("answer", ["", "no json", "{}"])
def test_an_audit_that_got_no_answer_says_that_nothing_was_checked(audit: ModuleType, answer: str) -> None:
    lines, result = audit.read_answer(answer, "no route to host\n")
    assert result == 2
    assert "NOT CHECKED: none of" in lines[0]
    assert "no route to host" in lines[0]


def test_old_pins_are_told(packages: ModuleType, audit: ModuleType) -> None:
    listed = [
        packages.Package("a", "1", "run", "2020-02-29", "MIT"),
        packages.Package("b", "1", "run", "2023-05-01", "MIT"),
        packages.Package("c", "1", "run", "2019-01-01", "MIT"),
    ]
    [line] = audit.ages(listed, TODAY)
    assert "2 of 3 pins are older than 3 years: c 1 (2019-01-01), a 1 (2020-02-29)" in line
    assert audit.ages(listed[1:2], TODAY) == []
