"""Imports go down the list of layers, lazy ones too; heavy packages are imported where they belong."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from import_graph import import_graph, imported_names, source_files, strongly_connected

ROOT = Path(__file__).parents[2]
# From the top: a room imports from itself and from what stands below it. Rooms of one line stand beside
# each other, and none of them imports from another.
LAYERS = (
    ("ontherecord",),
    ("flows.cli",),
    ("flows.recovery",),
    ("flows.orchestration",),
    (
        "flows.ingest",
        "flows.backfill",
        "flows.retry_quarantine",
        "flows.reprocess",
        "flows.maintain",
        "flows.forget",
        "flows.dismiss",
    ),
    ("flows.pipeline",),
    ("flows.workers",),
    ("flows.settings",),
    ("flows.extract.extractor",),
    ("flows.extract.quotes",),
    ("flows.extract.resolution",),
    ("flows.extract.attribution",),
    ("flows.extract.text", "flows.extract.names"),
    ("flows.extract.nlp",),
    ("flows.extract.version", "flows.extract.word_lists", "flows.extract.rules", "flows.extract.name_forms"),
    ("flows.landing", "flows.report", "flows.browse", "flows.coding", "expectations"),
    ("flows.citation",),
    ("flows.pages",),
    ("flows.log_file",),
    (
        "flows.furniture",
        "flows.sanitize",
        "flows.plural",
        "flows.parameters",
        "flows.settings_errors",
        "flows.temporary",
    ),
    ("warehouse",),
    ("sql",),
)
HEAVY = ("prefect", "great_expectations", "duckdb", "sqlalchemy")


@pytest.fixture(scope="module")
def graph() -> dict[str, set[str]]:
    return import_graph(ROOT)


def _layer(module: str) -> tuple[int, str]:
    """Return the number of a module's layer, 0 at the top, and its room."""
    rooms = [(room, number) for number, layer in enumerate(LAYERS) for room in layer]
    found = [(len(room), number, room) for room, number in rooms if f"{module}.".startswith(f"{room}.")]
    assert found, f"{module} is in no layer: add its room to LAYERS"
    _, number, room = max(found)
    return number, room


def test_imports_go_down_the_layers(graph: dict[str, set[str]]) -> None:
    breaches = []
    for module, imported in graph.items():
        for other in imported:
            number, room = _layer(module)
            below, its_room = _layer(other)
            if not (below > number or its_room == room):
                breaches.append(f"{module} imports {other}")
    assert breaches == []


def test_no_modules_import_each_other(graph: dict[str, set[str]]) -> None:
    assert len(graph) > 150
    assert [circle for circle in strongly_connected(graph) if len(circle) > 1] == []


def test_a_circle_would_be_seen() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}
    assert [sorted(circle) for circle in strongly_connected(graph)] == [["a", "b", "c"], ["d"]]


def test_every_way_to_import_is_seen(tmp_path: Path) -> None:
    (tmp_path / "flows" / "room").mkdir(parents=True)
    for name in ("a", "b", "c", "d", "room/f"):
        (tmp_path / "flows" / f"{name}.py").touch()
    (tmp_path / "flows" / "room" / "e.py").write_text(
        "import ontherecord.flows.a\nfrom ontherecord.flows import b\nfrom . import f\nfrom ..c import x\n"
        "def g():\n    from ontherecord.flows.d import y\nif TYPE_CHECKING:\n    import prefect.flows\n"
    )
    assert import_graph(tmp_path)["flows.room.e"] == {
        "flows.a",
        "flows.b",
        "flows.c",
        "flows.d",
        "flows.room.f",
    }


def _users(package: str) -> set[str]:
    """Return the files that import a package, in whichever way."""
    return {
        file.relative_to(ROOT).as_posix()
        for file in source_files(ROOT)
        if any(f"{name}.".startswith(f"{package}.") for name in imported_names(file, ROOT))
    }


def test_only_orchestration_imports_prefect() -> None:
    users = _users("prefect")
    assert users
    assert [file for file in users if not file.startswith("flows/orchestration/")] == []


def test_one_file_imports_great_expectations() -> None:
    assert _users("great_expectations") == {"expectations/validate.py"}


# It reads tables: CSV, JSON and Parquet, in a database of its own that sees one file.
TABLES = "flows/landing/forms/tables.py"


def test_duckdb_is_imported_by_the_warehouse_the_public_api_and_the_reader_of_tables() -> None:
    outside = {file for file in _users("duckdb") if not file.startswith("warehouse/")}
    assert outside <= {"ontherecord/__init__.py", TABLES}


@pytest.mark.parametrize("room", ["flows/landing/", "flows/extract/", "sql/"])
@pytest.mark.parametrize("package", HEAVY)
def test_files_and_text_are_read_without_any_of_the_four(room: str, package: str) -> None:
    found = {file for file in _users(package) if file.startswith(room)}
    assert found == ({TABLES} if (room, package) == ("flows/landing/", "duckdb") else set())


@pytest.mark.parametrize("room", ["flows.landing", "flows.extract", "expectations"])
def test_of_the_warehouse_they_know_records_errors_and_secrets(graph: dict[str, set[str]], room: str) -> None:
    known = {"warehouse.records", "warehouse.errors", "warehouse.secrets"}
    found = {
        other
        for module, imported in graph.items()
        if module.startswith(room)
        for other in imported
        if other.startswith(("warehouse", "sql"))
    }
    assert found <= known


def test_nothing_imports_the_four_folders_by_their_bare_names() -> None:
    """Other packages install modules of these names, and every Prefect project has a `flows`."""
    tests = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]
    for file in [*source_files(ROOT), *tests]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            tops = {name.partition(".")[0] for name in names}
            assert not tops & {"flows", "warehouse", "expectations", "sql"}, file


def test_the_command_line_starts_without_what_takes_seconds_to_load() -> None:
    slow = {"prefect", "great_expectations", "spacy", "pandas", "altair", "vl_convert", "jinja2"}
    code = f"import sys, ontherecord.flows.cli.main; print({slow} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
