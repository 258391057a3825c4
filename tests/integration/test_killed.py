"""A run killed with SIGKILL: nothing partial stays, nothing is lost, the next run ends the work."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from threading import Timer

import duckdb
import pytest
from commands import ONTHERECORD
from killed_commands import COMMANDS
from runs import QuietRunner, article, rows, run

from ontherecord.flows.ingest import ingest
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse.errors import WriterBusy

TESTS = Path(__file__).parents[1]
# Where the kills must have fallen, whatever else they hit.
STAGES = (
    "open, migrate", "record the start", "discover", "read", "parse", "validate", "extract",
    "keep quarantined bytes", "load", "near duplicates", "marts", "search index", "record the end",
    "publish: copy", "publish: checks", "publish: rename", "report", "alerts", "alerts: own file",
    "checkpoint, close",
)  # fmt: skip
# Kills in the middle of a load transaction: the batch's articles, names and quotes are in, the ledger is not.
KILLED_IN_LOAD = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from ontherecord import sql
from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.flows.landing.folder import list_landing
from ontherecord.flows.landing.parse import parse
from ontherecord.flows.landing.read import read
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.load import Accepted, Batch, load
from ontherecord.warehouse.records import Extract

class UpToTheLedger(list):
    def __iter__(self):
        yield from [file for file in super().__iter__() if file.name != "7_ledger.sql"]
        os.kill(os.getpid(), signal.SIGKILL)

found = sql.statements("load")
sql.statements = lambda folder: UpToTheLedger(found)
deliveries = [parse(read(landed)) for landed in list_landing(Path(sys.argv[1]))]
nothing = ((), (), (), ())
batch = Batch(tuple(Accepted(d, (), Extract(d.raw.content_sha256, "test", *nothing)) for d in deliveries))
with open_writer(DataDir(Path(sys.argv[2])), "test") as engine:
    load(engine, batch, "test", datetime(2026, 1, 1))
"""


def test_killed_in_the_middle_of_a_load_leaves_nothing_of_the_batch(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, home)
    (landing / "a.txt").write_text(article(body='"Closed again," harbour master Ida Brandt said.'))
    (landing / "b.txt").write_text(article(title="Second"))
    killed = subprocess.run([sys.executable, "-c", KILLED_IN_LOAD, landing, home], check=False)
    assert killed.returncode == -signal.SIGKILL
    with duckdb.connect(str(home / "writer.duckdb"), read_only=True) as writer:
        assert writer.execute("select version from articles").fetchall() == [(1,)]
        assert writer.execute("select count(*) from article_versions").fetchall() == [(0,)]
    assert rows(home, "select count(*) from articles") == [(1,)]
    counts = run(landing, home).counts
    assert counts.loaded_count == 2
    assert rows(home, "select source_path, version from articles order by all") == [
        ("a.txt", 2),
        ("b.txt", 1),
    ]


@pytest.mark.slow
def test_killed_at_any_moment_of_any_stage_ends_as_undisturbed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, TESTS / "kills.py", tmp_path, "--kills", "40", "--seed", "7", "--json"],
        stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert found["wrong"] == {}
    assert sum(found["kills"].values()) == 40
    assert set(found["kills"]) == set(STAGES)
    assert found["opens"] > found["publishes"] > 0


@pytest.mark.slow
def test_commands_killed_at_any_moment_leave_nothing_and_end_as_undisturbed(tmp_path: Path) -> None:
    # That with a server of its own takes as long as all others: test_stopped.py has it.
    names = [name for name in COMMANDS if not COMMANDS[name].process]
    command = [sys.executable, TESTS / "killed_commands.py", tmp_path / "all", "--json", "--kills", "160"]
    done = subprocess.run([*command, "--seed", "7", "--only", *names], stdout=subprocess.PIPE, check=True)
    found = json.loads(done.stdout)
    assert found["wrong"] == {}
    assert (sum(found["kills"].values()), found["processes"], found["leftovers"]) == (160, 0, 0)
    assert found["opens"] > 0


@pytest.mark.slow
def test_killed_command_leaves_no_worker_and_is_gone_on_with(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    command = [ONTHERECORD, "ingest", landing, "--home", home, "--workers", "1"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert process.stderr
    for line in process.stderr:
        if line.startswith("discover"):
            break
    process.kill()
    process.communicate(timeout=60)  # the pipe closes when its workers have ended too
    run(landing, home)
    assert rows(home, "select state from ops.runs order by started_at") == [("crashed",), ("completed",)]


@pytest.mark.parametrize("wait", [0, 30])
def test_second_writer_waits_or_leaves_with_the_holders_name(landing: Path, home: Path, wait: int) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, home)
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from ontherecord.warehouse.data_dir import DataDir;"
            "from ontherecord.warehouse.lock import writer_lock\n"
            "with writer_lock(DataDir(Path(sys.argv[1])), 'a long task'):\n"
            "    print('held', flush=True); input()",
            home,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdin
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    try:
        if wait:
            Timer(1, print, [], {"file": holder.stdin, "flush": True}).start()
            report = ingest(landing, load_settings(home=home), QuietRunner(), wait_seconds=wait)
            assert report.counts.unchanged_count == 1
        else:
            with pytest.raises(WriterBusy, match=rf"process {holder.pid} on .*a long task"):
                ingest(landing, load_settings(home=home), QuietRunner())
    finally:
        holder.kill()
        holder.communicate()
