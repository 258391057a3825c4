"""Imports follow the arrow from flows to expectations and warehouse, and never run back."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("flows", "expectations", "warehouse", "sql")
HEAVY = {"prefect", "great_expectations", "duckdb", "sqlalchemy"}


class Import(NamedTuple):
    """One import; `file` is the importing file from the root, `at_top` whether loading it imports."""

    file: str
    line: int
    module: str
    at_top: bool

    @property
    def package(self) -> str:
        return self.module.partition(".")[0]


def _imports(source: str, file: str) -> Iterator[Import]:
    tree = ast.parse(source, file)
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    later = [n for n in ast.walk(tree) if isinstance(n, functions) or _is_for_types_only(n)]
    inside = {id(n) for f in later for n in ast.walk(f)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            here = file.split("/")[: -node.level] if node.level else []
            base = ".".join([*here, *filter(None, [node.module])])
            # `from ontherecord.warehouse import load` imports a module, as far as one can tell from here.
            modules = [f"{base}.{alias.name}" for alias in node.names]
        else:
            continue
        for module in modules:
            module = module.removeprefix("ontherecord.")
            yield Import(file, node.lineno, module, id(node) not in inside)


def _is_for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


@pytest.fixture(scope="module")
def imports() -> list[Import]:
    files = [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]
    found = [i for f in files for i in _imports(f.read_text("utf-8"), f.relative_to(ROOT).as_posix())]
    assert {i.file.partition("/")[0] for i in found} == set(PACKAGES)
    return found


def _breaches(imports: list[Import], importing: str, imported: set[str], but: str = "") -> list[str]:
    return [
        f"{i.file}:{i.line} imports {i.module}"
        for i in imports
        if i.file.startswith(importing) and i.package in imported and i.file != but
    ]


def test_every_way_to_import_is_seen() -> None:
    source = (
        "import a.b, c\nfrom d import e\nfrom . import f\nfrom ..g import h\n"
        "if True:\n    import i\ndef j():\n    import k\nif TYPE_CHECKING:\n    import l\n"
    )
    assert [(i.module, i.at_top) for i in _imports(source, "flows/landing/x.py")] == [
        ("a.b", True),
        ("c", True),
        ("d.e", True),
        ("flows.landing.f", True),
        ("flows.g.h", True),
        ("i", True),
        ("k", False),
        ("l", False),
    ]


def test_nothing_imports_flows_from_below(imports: list[Import]) -> None:
    for package in ("expectations/", "warehouse/", "sql/"):
        assert _breaches(imports, package, {"flows"}) == []


def test_warehouse_does_not_import_expectations(imports: list[Import]) -> None:
    assert _breaches(imports, "warehouse/", {"expectations"}) == []


def test_expectations_know_of_the_warehouse_only_records_and_errors(imports: list[Import]) -> None:
    known = ("warehouse.records.", "warehouse.errors.")
    others = [i for i in imports if not f"{i.module}.".startswith(known)]
    assert _breaches(others, "expectations/", {"warehouse", "sql"}) == []


def test_sql_imports_nothing_of_ours(imports: list[Import]) -> None:
    assert _breaches(imports, "sql/", {"flows", "expectations", "warehouse"} | HEAVY) == []


def test_prefect_is_imported_only_by_the_files_directly_under_flows(imports: list[Import]) -> None:
    below = [i for i in imports if not (i.file.startswith("flows/") and i.file.count("/") == 1)]
    assert _breaches(below, "", {"prefect"}) == []


def test_only_the_prefect_flows_cannot_be_loaded_without_prefect(imports: list[Import]) -> None:
    at_top = [i for i in imports if i.at_top]
    of_prefect = (
        "flows/orchestration/cluster.py",
        "flows/orchestration/flows.py",
        "flows/orchestration/prefect_runner.py",
    )
    others = [i for i in at_top if i.file not in of_prefect]
    assert _breaches(others, "", {"prefect"}) == []
    users = [f"{i.file}:{i.line}" for i in others if i.module.startswith("flows.prefect_")]
    assert users == []


def test_only_validate_imports_great_expectations(imports: list[Import]) -> None:
    assert _breaches(imports, "", {"great_expectations"}, but="expectations/validate.py") == []


def test_only_the_warehouse_imports_duckdb(imports: list[Import]) -> None:
    outside = [i for i in imports if not i.file.startswith("warehouse/")]
    assert _breaches(outside, "", {"duckdb"}) == []


@pytest.mark.parametrize("folder", ["flows/landing/", "flows/extract/"])
def test_files_and_text_are_read_without_any_of_the_four(imports: list[Import], folder: str) -> None:
    assert any(i.file.startswith(folder) for i in imports)
    assert _breaches(imports, folder, HEAVY) == []


@pytest.mark.parametrize("folder", ["flows/landing/", "flows/extract/"])
def test_files_and_text_are_read_knowing_only_records_and_errors(imports: list[Import], folder: str) -> None:
    known = (folder.replace("/", "."), "warehouse.records.", "warehouse.errors.")
    others = [i for i in imports if not f"{i.module}.".startswith(known)]
    assert _breaches(others, folder, set(PACKAGES)) == []


def test_the_command_line_starts_without_what_takes_seconds_to_load() -> None:
    slow = {"prefect", "great_expectations", "spacy", "pandas", "altair", "vl_convert", "jinja2"}
    code = f"import sys, ontherecord.flows.cli; print({slow} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
