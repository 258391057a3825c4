"""`ontherecord serve` as its users meet it: real processes, real signals, and nothing left behind."""

from __future__ import annotations

import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread
from urllib.request import urlopen

import pytest
from runs import article, rows

from ontherecord.flows.orchestration.child_processes import children

BIN = Path(sys.executable).parent
PATIENCE = 120


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Wait until something is so."""
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, f"waited {PATIENCE} s for {what}"
        time.sleep(0.2)


class Started:
    """An `ontherecord serve` with the lines it has printed so far."""

    def __init__(self, *arguments: str | Path) -> None:
        self.process = subprocess.Popen(
            [BIN / "ontherecord", "up", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as output:
            for line in output:
                self.lines.append(line)

    def says(self, words: str) -> str:
        """Wait for a line with these words and return it."""
        wait_for(lambda: any(words in line for line in self.lines) or self.process.poll() is not None, words)
        assert any(words in line for line in self.lines), self.lines
        return next(line for line in self.lines if words in line).strip()

    def tree(self) -> set[int]:
        """Return the processes below it, all the way down."""
        found: set[int] = set()
        todo = [self.process.pid]
        while todo:
            below = [process.pid for process in children(todo.pop())]
            found.update(below)
            todo += below
        return found

    def send(self, number: signal.Signals) -> int:
        """Send a signal, wait for the end and return the exit code, negative for a signal."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


def alive(pids: set[int]) -> set[int]:
    """Return those that still run; the dead whom nobody has asked for yet do not."""
    stats = {pid: Path(f"/proc/{pid}/stat") for pid in pids}
    return {pid for pid, stat in stats.items() if stat.exists() and ") Z " not in stat.read_text()}


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def up(landing: Path, home: Path, port: int) -> Iterator[Callable[..., Started]]:
    """Return a starter of `serve` on the test's folders; end what is still there afterwards."""
    started: list[Started] = []

    def start(*more: str) -> Started:
        folders = ("--landing", landing, "--home", home)
        started.append(Started(*folders, "--every", "5s", "--port", str(port), *more))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.send(signal.SIGKILL)


def asked(home: Path, query: str) -> list[tuple[object, ...]]:
    """Ask Prefect's own database."""
    with closing(sqlite3.connect(home / "prefect" / "prefect.db")) as connection:
        return connection.execute(query).fetchall()


WEEKEND = "auto_scheduled and expected_start_time < datetime('now', '-1 day')"


def let_a_weekend_pass(home: Path) -> int:
    """Have all that is scheduled have fallen due two days ago; return how many runs of `ingest` that are."""
    earlier = "strftime('%Y-%m-%d %H:%M:%f000', {}, '-2 days')"
    times = ", ".join(
        f"{name} = {earlier.format(name)}" for name in ("expected_start_time", "next_scheduled_start_time")
    )
    with closing(sqlite3.connect(home / "prefect" / "prefect.db")) as connection, connection:
        # Another key too: by its key the scheduler knows which runs it need not schedule again.
        times += ", idempotency_key = idempotency_key || ' earlier'"
        scheduled = "where auto_scheduled and state_type = 'SCHEDULED'"
        connection.execute(f"update flow_run set {times} {scheduled}")
        # The state says when too, and a run that is submitted before then waits for it.
        due = "strftime('%Y-%m-%dT%H:%M:%SZ', json_extract(state_details, '$.scheduled_time'), '-2 days')"
        connection.execute(
            f"update flow_run_state set state_details = json_set(state_details, '$.scheduled_time', {due})"
            f" where id in (select state_id from flow_run {scheduled})"
        )
    return len(asked(home, f"select 1 from flow_run where {WEEKEND} and state_type = 'SCHEDULED'"))


def articles(home: Path) -> int:
    """Return how many articles are published."""
    if not (home / "warehouse.duckdb").exists():
        return 0
    return int(rows(home, "select count(*) from articles")[0][0])


def deliver(landing: Path, wave: str, count: int) -> None:
    for at in range(count):
        text = f'"We open pier {at} in {wave}," harbour master Ida Brandt said.\n\n' * 10
        (landing / f"{wave}-{at}.txt").write_text(article(title=f"Pier {at} of {wave}", body=text))


@pytest.mark.slow
def test_up_serves_until_it_is_killed_and_again_until_it_is_stopped(
    up: Callable[..., Started], landing: Path, home: Path, port: int
) -> None:
    deliver(landing, "first", 2)
    first = up()
    dashboard = first.says("Dashboard: ").removeprefix("Dashboard: ")
    assert dashboard == f"http://127.0.0.1:{port}"
    with urlopen(dashboard) as page:
        assert b"<html" in page.read()
    wait_for(lambda: articles(home) == 2, "what had landed before")
    assert "Completed  ingest 20" in first.says(": 2 new, 0 quarantined")
    deliver(landing, "second", 3)
    wait_for(lambda: articles(home) == 5, "what landed since")

    second = up()
    assert second.process.wait(PATIENCE) == 1
    assert f"process {first.process.pid}, dashboard {dashboard}" in second.says("running for")

    deliver(landing, "third", 1000)
    wait_for(lambda: bool(asked(home, "select 1 from flow_run where state_type = 'RUNNING'")), "a run")
    tree = first.tree()
    assert len(tree) >= 3, "server, worker, run"
    first.send(signal.SIGKILL)
    wait_for(lambda: not alive(tree), "the end of all that it had started")
    [(cut_off,)] = asked(home, "select id from flow_run where state_type = 'RUNNING'")
    missed = let_a_weekend_pass(home)
    assert missed > 50

    again = up()
    again.says("Dashboard: ")
    assert "while no worker ran; one run catches up." in again.says("runs of ingest, due from")
    wait_for(
        lambda: asked(home, f"select state_type from flow_run where id = '{cut_off}'") == [("CRASHED",)],
        "the run that was cut off to be marked",
    )
    wait_for(lambda: bool(asked(home, "select 1 from flow_run where state_type = 'RUNNING'")), "a run")
    weekend = f"flow_id = (select flow_id from flow_run where id = '{cut_off}') and {WEEKEND}"
    left = asked(home, f"select id from flow_run where {weekend}")
    assert len(left) <= 1, "one catches up: the last of them, or one that fell due since"
    tree = again.tree()
    assert again.send(signal.SIGTERM) == 0
    assert again.lines[-1] == "Stopped.\n"
    assert alive(tree) == set()
    assert asked(home, "select id from flow_run where state_type in ('RUNNING', 'PENDING')") == []
    assert not (home / "prefect" / "serve.json").exists()


@pytest.mark.slow
def test_home_and_landing_folder_can_be_moved(
    up: Callable[..., Started], landing: Path, home: Path, tmp_path: Path
) -> None:
    (landing / "first.txt").write_text(article(title="Pier one"))
    before = up()
    before.says("Dashboard: ")
    wait_for(lambda: articles(home) == 1, "what had landed")
    before.send(signal.SIGTERM)
    assert let_a_weekend_pass(home) > 10

    new_home, new_landing = tmp_path / "moved" / "home", tmp_path / "moved" / "in"
    new_home.parent.mkdir()
    shutil.move(home, new_home)
    shutil.move(landing, new_landing)
    (new_landing / "second.txt").write_text(article(title="Pier two"))
    after = up("--landing", str(new_landing), "--home", str(new_home))
    after.says("Dashboard: ")
    wait_for(lambda: articles(new_home) == 2, "what landed at the new place")
    after.says("1 new, 0 quarantined")
    started = "select distinct parameters ->> '$.home' from flow_run where run_count > 0 order by 1"
    assert asked(new_home, started) == [(str(home),), (str(new_home),)]
    assert asked(new_home, "select name from flow_run where state_type = 'FAILED'") == []
    left = "select count(*) from flow_run where state_type = 'SCHEDULED' and parameters ->> '$.home' != "
    assert asked(new_home, f"{left}'{new_home}'") == [(0,)]
    assert not home.exists()
    assert not landing.exists()
    assert rows(new_home, "select count(*) from ops.alerts") == [(0,)]
    log = (new_home / "prefect" / "worker.log").read_text("utf-8")
    assert "Runs that were scheduled for other folders: " in log
    assert after.send(signal.SIGTERM) == 0


@pytest.mark.slow
def test_up_can_be_stopped_while_it_starts(up: Callable[..., Started]) -> None:
    starting = up()
    wait_for(lambda: len(starting.tree()) >= 2, "server and worker")
    tree = starting.tree()
    assert starting.send(signal.SIGINT) == 0
    assert alive(tree) == set()


def test_a_port_that_is_taken_is_named(up: Callable[..., Started], port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        refused = up()
        assert refused.process.wait(PATIENCE) == 1
    assert f"cannot listen on 127.0.0.1, port {port}" in refused.says("--port")


@pytest.mark.slow
def test_a_server_that_cannot_start_says_why(
    up: Callable[..., Started], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONTHERECORD_PREFECT_DATABASE", "nonsense://nowhere")
    failing = up()
    assert failing.process.wait(PATIENCE) == 1
    assert "server.log" in failing.says("exited (status")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ((), 2, "ontherecord serve --landing FOLDER"),
        (("--landing", "nowhere"), 1, "does not exist"),
        (("--landing", ".", "--every", "often"), 2, "give a number and a unit"),
        (("--landing", ".", "--every", "0s"), 2, "give a number and a unit"),
        (("--landing", ".", "--host", "192.0.2.1"), 1, "cannot listen on 192.0.2.1"),
    ],
)
def test_what_cannot_be_run_is_refused(home: Path, arguments: tuple[str, ...], code: int, says: str) -> None:
    refused = Started("--home", home, *arguments)
    assert refused.process.wait(PATIENCE) == code
    refused.says(says)


def test_a_home_that_cannot_be_one_is_named(landing: Path, home: Path) -> None:
    home.write_text("a file")
    refused = Started("--home", home, "--landing", landing)
    assert refused.process.wait(PATIENCE) == 2
    refused.says(f"The home folder {home} is a file")
    assert len(refused.lines) == 1
