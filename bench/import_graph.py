#!/usr/bin/env python3
"""Draw the import graph in figures: modules, lines, arrows, levels and circles of a checkout.

    python bench/import_graph.py                 # this checkout
    python bench/import_graph.py --root ../old   # another one

Imports inside functions count as any other, those for type checkers alone too. A level is the longest way
down: a module that imports none of ours has level 1. The modules of a circle share a level.
"""

from __future__ import annotations

import argparse
import ast
from collections.abc import Container, Iterator
from pathlib import Path

FOLDERS = ("ontherecord", "flows", "expectations", "warehouse", "sql")
Graph = dict[str, set[str]]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).parent.parent, help="A checkout.")
    root = parser.parse_args().root
    graph = import_graph(root)
    circles = [circle for circle in strongly_connected(graph) if len(circle) > 1]
    rooms: Graph = {}
    for module, imported in graph.items():
        rooms.setdefault(_room(module), set()).update(map(_room, imported))
    rooms = {room: others - {room} for room, others in rooms.items()}
    room_circles = [circle for circle in strongly_connected(rooms) if len(circle) > 1]
    print(
        f"modules {len(graph)}, arrows {sum(map(len, graph.values()))}, levels {max(levels(graph).values())}"
    )
    print(f"circles {len(circles)}", *(": " + ", ".join(sorted(circle)) for circle in circles))
    between = sum(map(len, rooms.values()))
    print(f"rooms {len(rooms)}, arrows between them {between}, circles {len(room_circles)}")
    for circle in room_circles:
        print("  " + ", ".join(sorted(circle)))
    print("\nmodules  lines  folder")
    for folder in sorted({file.parent for file in source_files(root)}):
        files = [file for file in source_files(root) if file.parent == folder]
        lines = sum(len(file.read_text("utf-8").splitlines()) for file in files)
        print(f"{len(files):7}  {lines:5}  {folder.relative_to(root)}")


def import_graph(root: Path) -> Graph:
    """Return the modules below a root, each with those of ours that it imports anywhere in its file."""
    names = {_name(file, root): file for file in source_files(root)}
    return {name: set(_imported(file, root, names)) - {name} for name, file in names.items()}


def levels(graph: Graph) -> dict[str, int]:
    """Return the level of each module, 1 at the bottom."""
    found: dict[str, int] = {}
    for circle in strongly_connected(graph):  # what is imported comes first
        below = {other for module in circle for other in graph[module] if other not in circle}
        found |= dict.fromkeys(circle, 1 + max((found[other] for other in below), default=0))
    return found


def strongly_connected(graph: Graph) -> list[list[str]]:
    """Return the sets of modules that reach each other, what is imported first: Tarjan's algorithm (1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(module: str) -> None:
        index[module] = low[module] = len(index)
        stack.append(module)
        for other in sorted(graph[module]):
            if other not in index:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], index[other])
        if low[module] == index[module]:
            at = stack.index(module)
            found.append(stack[at:])
            del stack[at:]

    for module in sorted(graph):
        if module not in index:
            visit(module)
    return found


def source_files(root: Path) -> list[Path]:
    """Return the modules of a checkout, each where it lies."""
    return sorted(
        file for folder in FOLDERS for file in (root / folder).rglob("*.py") if not _is_linked(file, root)
    )


def _is_linked(file: Path, root: Path) -> bool:
    """Say whether a file is seen through a link: it is counted where it lies."""
    return any((root / parent).is_symlink() for parent in file.relative_to(root).parents)


def _name(file: Path, root: Path) -> str:
    parts = file.relative_to(root).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imported_names(file: Path, root: Path) -> Iterator[str]:
    """Yield the dotted name of everything that a file imports, wherever in it."""
    name = _name(file, root)
    package = name if file.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text("utf-8"), str(file))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            here = parts[: len(parts) + 1 - node.level] if node.level else []
            base = ".".join([*here, *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _imported(file: Path, root: Path, names: Container[str]) -> Iterator[str]:
    for imported in imported_names(file, root):
        module = imported.removeprefix("ontherecord.")
        if module in names:
            yield module
        elif module.rpartition(".")[0] in names:
            yield module.rpartition(".")[0]


def _room(module: str) -> str:
    """Return the folder that a module lies in; those right in flows/ stand for themselves."""
    folder = module.rpartition(".")[0]
    return module if folder in ("", "flows") else folder


if __name__ == "__main__":
    main()
