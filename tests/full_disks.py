"""Full disks: runs whose home lies on a small disk that fills up at the start of a stage, then continued.

Run as a program in a mount namespace of its own, by the test: it mounts a small tmpfs for each home.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from kills import Delivered, difference, undisturbed
from moments import Moments, attempt, in_child, warm_up

# The disk fills up at the start of each of these. The first is met in a new home, the others in one that has
# published.
STAGES = (
    "open, migrate",
    "cache extracts",
    "keep quarantined bytes",
    "load",
    "near duplicates",
    "marts",
    "search index",
    "record the end",
    "publish: copy",
    "report",
    "alerts: own file",
    "checkpoint, close",
)
_SIZE = "64m"


def fill(folder: Path) -> None:
    """Fill a disk to its last byte."""
    with suppress(OSError), open(folder / "ballast", "wb", buffering=0) as ballast:
        while True:
            ballast.write(bytes(1 << 16))
    with suppress(OSError), open(folder / "ballast", "ab", buffering=0) as ballast:
        while True:
            ballast.write(bytes(64))


def fails(landing: Path, home: Path, stage: str) -> str | None:
    """Run with a disk that fills up at the start of a stage; return how it failed, None if it did not."""

    def work() -> str | None:
        from ontherecord.warehouse.errors import WarehouseError

        try:
            attempt(landing, home, Moments(stage, 1, lambda: fill(home)))
        except WarehouseError as error:
            return str(error)
        return None

    return in_child(work)


def state(home: Path) -> dict[str, Any]:
    """Return what a run left: drafts, and whether the published file is whole."""

    def work() -> dict[str, Any]:
        from ontherecord.warehouse.data_dir import DataDir
        from ontherecord.warehouse.publish import check

        broken = None
        if (home / "warehouse.duckdb").exists():
            broken = [result.name for result in check(DataDir(home)) if result.row_count]
        drafts = [f.name for f in (*home.glob(".*"), *home.glob("quarantine/.*"))]
        return {"broken": broken, "drafts": drafts}

    found: dict[str, Any] = in_child(work)
    return found


def one_home(home: Path, stage: str, delivered: Delivered) -> dict[str, Any]:
    """Fill the disk of a home in a stage, make room again, and run to the end."""
    assert delivered.before
    if stage != STAGES[0]:
        shutil.copytree(delivered.before, home, dirs_exist_ok=True, symlinks=True)
    if stage not in (STAGES[0], "cache extracts"):
        shutil.copy(delivered.before.with_name("all") / "extracts.sqlite", home)
    published = home / "warehouse.duckdb"
    before = published.read_bytes() if published.exists() else None
    message = fails(delivered.landing, home, stage)
    left = state(home)
    left["published"] = published.exists() and published.read_bytes() != before
    (home / "ballast").unlink(missing_ok=True)
    in_child(lambda: attempt(delivered.landing, home, Moments()))
    return {"stage": stage, "message": message, **left, "after": difference(home, delivered, ("failed",))}


def others(home: Path, landing: Path) -> dict[str, Any]:
    """Return what commands say in a published home whose disk is full, and on a disk for reading only."""
    program = Path(sys.executable).parent / "ontherecord"

    def command(*words: str) -> list[Any]:
        done = subprocess.run(
            [program, *words, "--home", home], capture_output=True, text=True, check=False, cwd=home.parent
        )
        return [done.returncode, done.stdout, done.stderr]

    fill(home)
    found = {"ingest": command("ingest", str(landing)), "export": command("export")}
    found["backup"] = command("backup", str(home))
    found["status"] = command("status")
    found["check"] = command("check")
    found["spill"] = [in_child(lambda: _spill(home))]
    found["drafts"] = [str(f.relative_to(home)) for f in home.rglob(".*") if f.name != ".lock"]
    (home / "ballast").unlink()
    subprocess.run(["mount", "-o", "remount,ro", home], check=True)
    found["read-only"] = command("ingest", str(landing))
    found["read-only backup"] = command("backup", str(home))
    found["read-only status"] = command("status")
    subprocess.run(["mount", "-o", "remount,rw", home], check=True)
    fill(home)
    found["rebuild"] = command("rebuild", str(landing), "--from-scratch", "--workers", "1")
    return found


def _spill(home: Path) -> str | None:
    """Have DuckDB put what does not fit into memory on the full disk; return what is said of that."""
    from ontherecord.flows.pipeline.runner import open_writer
    from ontherecord.warehouse.data_dir import DataDir
    from ontherecord.warehouse.database import duckdb_of
    from ontherecord.warehouse.errors import WarehouseError

    try:
        with open_writer(DataDir(home), "spill") as engine, engine.connect() as connection:
            writer = duckdb_of(connection)
            writer.execute("set memory_limit = '40MB'")
            writer.execute(
                "create temp table wide as select range as n, repeat(md5(range::varchar), 20) as text "
                "from range(1000000)"
            )
    except WarehouseError as error:
        return str(error)
    return None


def main() -> None:
    """Fill the disk in each stage, and print what came of it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="an empty folder to work in")
    parser.add_argument("--stages", nargs="*", default=STAGES)
    options = parser.parse_args()
    from deliveries import small_delivery

    warm_up()
    folder = options.folder
    landing = folder / "landing"
    small_delivery(landing)
    (folder / "earlier").mkdir()
    for name in ("0.txt", "1.txt", "2.txt"):
        shutil.copy2(landing / name, folder / "earlier")
    undisturbed(folder / "earlier", folder / "before", None)
    shutil.copytree(folder / "before", folder / "all", symlinks=True)
    delivered = undisturbed(landing, folder / "all", folder / "before")
    found: dict[str, Any] = {"stages": []}
    for number, stage in enumerate((*options.stages, None)):
        home = folder / f"home {number}"
        home.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", home], check=True)
        if stage:
            found["stages"].append(one_home(home, stage, delivered))
        else:
            shutil.copytree(folder / "before", home, dirs_exist_ok=True, symlinks=True)
            found["others"] = others(home, landing)
        subprocess.run(["umount", "-l", home], check=True)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
