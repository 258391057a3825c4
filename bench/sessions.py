"""Sessions: what readers get of the published file while, or after, somebody has it open for writing as root.

    .venv/bin/python bench/sessions.py --tries 20

Each try opens the published file of one article with DuckDB's command line client, without `-readonly`.
Prints a Markdown table, for docs/reliability.md.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from runs import article, run

from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import duckdb_client
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.publish import publish

_WRITE = "delete from quotes; select 'done';"
Session = subprocess.Popen[str]


@contextmanager
def session(home: Path) -> Iterator[Session]:
    """Open the published file for writing; the client is killed in the end."""
    command = [
        duckdb_client() or "duckdb",
        "-csv",
        "-noheader",
        "-init",
        os.devnull,
        home / "warehouse.duckdb",
    ]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as client:
        ask(client, "select 'open';")
        try:
            yield client
        finally:
            client.kill()


def ask(client: Session, statement: str) -> str:
    """Return the first line of the answer."""
    assert client.stdin
    assert client.stdout
    client.stdin.write(f"{statement}\n")
    client.stdin.flush()
    return client.stdout.readline()


def read(home: Path) -> str:
    """Say what a reader with DuckDB's own client gets."""
    command = [duckdb_client() or "duckdb", "-readonly", "-csv", "-noheader", "-init", os.devnull]
    query = "select count(*) from quotes"
    done = subprocess.run(
        [*command, home / "warehouse.duckdb", "-c", query], capture_output=True, text=True, check=False
    )
    if done.returncode:
        return "locked out" if "Could not set lock" in done.stderr else "cannot open it"
    return "what was published" if done.stdout.strip() == "1" else "what was not published"


def publish_again(home: Path) -> str:
    """Publish, and say how that went."""
    try:
        with open_writer(DataDir(home), "bench") as engine:
            publish(engine, DataDir(home))
    except WarehouseError as error:
        return f"publish fails: {error}"
    return read(home)


def killed(home: Path) -> str:
    with session(home) as client:
        ask(client, _WRITE)
    return read(home)


def killed_then_published(home: Path) -> str:
    killed(home)
    return publish_again(home)


def writes_after_publish(home: Path) -> str:
    with session(home) as client:
        publish_again(home)
        ask(client, _WRITE)
        return read(home)


def is_open(home: Path) -> str:
    with session(home):
        return read(home)


def is_open_then_published(home: Path) -> str:
    with session(home):
        return publish_again(home)


KINDS: dict[str, Callable[[Path], str]] = {
    "a session is open": is_open,
    "and a run publishes": is_open_then_published,
    "a session was killed that had committed": killed,
    "and a run publishes again": killed_then_published,
    "a session from before a publish commits after it": writes_after_publish,
}


def main() -> int:
    """Print what readers got, by kind."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tries", type=int, default=20)
    options = parser.parse_args()
    print("| session | tries | readers got |\n|---|---:|---|")
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        (base / "landing").mkdir()
        (base / "landing" / "a.txt").write_text(article())
        run(base / "landing", base / "home")
        for kind, attempt in KINDS.items():
            counts: Counter[str] = Counter()
            for number in range(options.tries):
                home = base / f"{kind} {number}"
                copytree(base / "home", home, symlinks=True)
                counts[attempt(home)] += 1
            got = "; ".join(f"{what}: {count}" for what, count in counts.most_common())
            print(f"| {kind} | {options.tries} | {got} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
