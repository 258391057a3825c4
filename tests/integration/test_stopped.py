"""Commands that are stopped or killed: nothing goes on, and what is left the next run removes."""

from __future__ import annotations

import fcntl
import os
import pty
import shutil
import signal
import subprocess
import sys
import termios
import time
from contextlib import suppress
from pathlib import Path

import pytest
from commands import ONTHERECORD, carry_out
from runs import QuietRunner, article, contents, migrated_home, rows, run

from ontherecord.flows.forget import forget
from ontherecord.flows.orchestration.child_processes import children
from ontherecord.flows.recovery.rebuild import rebuild
from ontherecord.flows.settings import load_settings
from ontherecord.flows.temporary import temporary_folder
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.disk_space import clear_leftovers
from ontherecord.warehouse.lock import writer_lock

GONE = 2**22 + 7  # Linux gives no process such a number


class Interrupting(QuietRunner):
    """Stops a run when it comes to a step."""

    def __init__(self, step: str) -> None:
        super().__init__()
        self._step = step

    def run_step(self, name: str, work):  # type: ignore[no-untyped-def]
        if name == self._step:
            raise KeyboardInterrupt
        return super().run_step(name, work)


def _until(condition, seconds: float = 60) -> None:  # type: ignore[no-untyped-def]
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def _is_gone(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or ") Z " in stat.read_text()


@pytest.mark.slow
def test_prefects_server_ends_with_the_command_that_started_it(landing: Path, tmp_path: Path) -> None:
    (landing / "a.txt").write_text(article())
    codes = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129, signal.SIGKILL: -9}
    started = {}
    for number in codes:
        command = [ONTHERECORD, "ingest", landing, "--home", tmp_path / number.name, "--prefect"]
        started[number] = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    servers = {}
    for number, process in started.items():
        _until(lambda process=process: children(process.pid))  # type: ignore[misc]
        [server] = children(process.pid)
        servers[number] = server.pid
        process.send_signal(number)
    for number, process in started.items():
        said = process.communicate(timeout=60)[1]
        assert process.returncode == codes[number]
        assert said.count("ontherecord: Stopped by") == (number != signal.SIGKILL)
        assert "Traceback" not in said
        _until(lambda number=number: _is_gone(servers[number]))  # type: ignore[misc]


@pytest.mark.slow
def test_signals_and_a_closed_terminal_end_a_command_in_one_line(tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(migrated_home(), home, symlinks=True)
    command = [ONTHERECORD, "publish", "--wait", "600", "--home", home]
    with writer_lock(DataDir(home), "a long task"):
        waiting = {
            number: subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }
        ours, theirs = pty.openpty()
        closed = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )  # fmt: skip
        os.close(theirs)
        _until(lambda: all(_waits_for_lock(process.pid) for process in (*waiting.values(), closed)))
        os.close(ours)
        for number, process in waiting.items():
            process.send_signal(number)
            said, complained = process.communicate(timeout=60)
            assert (process.returncode, said) == (128 + number, "")
            [line] = complained.splitlines()
            assert line.startswith("ontherecord: Stopped by")
        assert closed.wait(60) == 129
    assert not [file.name for file in home.iterdir() if file.name.startswith(".")]


def _waits_for_lock(pid: int) -> bool:
    with suppress(FileNotFoundError):  # one that is closed meanwhile
        return any("writer.waiting" in str(fd.readlink()) for fd in Path(f"/proc/{pid}/fd").iterdir())
    return False


@pytest.mark.slow
def test_without_a_terminal_and_with_closed_streams_a_command_does_its_job(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, home)
    (home / "warehouse.duckdb").unlink()
    line = f"exec setsid {ONTHERECORD} publish --home {home} <&- >&- 2>&-"
    assert subprocess.run(["sh", "-c", line], check=False).returncode == 0
    assert rows(home, "select count(*) from articles") == [(1,)]


def test_what_killed_backups_left_goes_with_the_next(landing: Path, home: Path, tmp_path: Path) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, home)
    out = tmp_path / "out"
    out.mkdir()
    left = [
        home / f".backup.{GONE}.duckdb",
        out / f".b.zip.{GONE}",
        out / f".b.zip.{GONE}.sqlite",
        out / f".b.zip.{GONE}.duckdb",
        out / f".ontherecord-20260102-030405.zip.{GONE}",
    ]
    of_others = [home / f".backup.{os.getppid()}.duckdb", out / f".b.zip.{os.getppid()}"]
    for file in (*left, *of_others):
        file.write_bytes(b"half")
    assert carry_out("backup", out / "b.zip", home=home).returncode == 0
    assert not [file for file in left if file.exists()]
    assert all(file.exists() for file in of_others)
    left[0].write_bytes(b"half")
    with writer_lock(DataDir(home), "test"):
        clear_leftovers(DataDir(home))
    assert not left[0].exists()
    assert of_others[0].exists()


def test_a_killed_restore_is_given_again(landing: Path, home: Path, tmp_path: Path) -> None:
    (landing / "a.txt").write_text(article())
    (landing / "b.txt").write_bytes(b"")
    (landing / "c.txt").write_text(article(date="someday"))
    run(landing, home)
    zip_, second = tmp_path / "b.zip", tmp_path / "second"
    assert carry_out("backup", zip_, home=home).returncode == 0
    (second / f".restore.{GONE}").mkdir(parents=True)
    shutil.copy(home / "extracts.sqlite", second)
    shutil.copytree(home / "quarantine", second / "quarantine")
    done = carry_out("restore", zip_, home=second)
    assert (done.returncode, done.stderr) == (0, "")
    assert contents(second) == contents(home)
    assert not list(second.glob(".restore*"))
    assert carry_out("restore", zip_, home=second).returncode == 1  # it is complete


@pytest.mark.parametrize("from_scratch", [False, True])
def test_a_stopped_rebuild_goes_on(landing: Path, home: Path, tmp_path: Path, from_scratch: bool) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, home)
    (landing / "b.txt").write_text(article(title="Second"))
    whole = tmp_path / "whole"
    shutil.copytree(home, whole, symlinks=True)
    run(landing, whole)
    shutil.copy(whole / "extracts.sqlite", home)
    if not from_scratch:
        (home / "writer.duckdb").unlink()
    settings = load_settings(home=home, workers=1)
    with pytest.raises(KeyboardInterrupt):
        rebuild(settings, Interrupting("discover"), landing, from_scratch=from_scratch)
    assert DataDir(home).rebuild_mark.exists()
    done = rebuild(settings, QuietRunner(), landing, from_scratch=from_scratch)
    assert done.restored.moved == ()
    assert done.restored.source == (None if from_scratch else "warehouse.duckdb")
    assert contents(home) == contents(whole)
    assert not DataDir(home).rebuild_mark.exists()
    again = carry_out("rebuild", landing, home=home)
    assert (again.returncode, "is healthy" in again.stderr) == (1, True)


def test_an_article_that_a_killed_command_took_down_may_be_taken_down_again(
    landing: Path, home: Path
) -> None:
    (landing / "a.txt").write_text(article())
    (landing / "b.txt").write_text(article(title="Second", body="Nobody spoke."))
    run(landing, home)
    settings = load_settings(home=home, workers=1)
    with pytest.raises(KeyboardInterrupt):
        forget(settings, Interrupting("publish"), "a.txt", "asked")
    assert rows(home, "select source_path from articles order by all") == [("a.txt",), ("b.txt",)]
    done = forget(settings, QuietRunner(), "a.txt", "asked")
    assert done.tombstone.why == "asked"
    assert rows(home, "select source_path from articles") == [("b.txt",)]
    assert not DataDir(home).rewrite_mark.exists()


def test_temporary_folders_of_killed_processes_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with temporary_folder() as folder:
        name = folder.name
    left, of_another = (
        tmp_path / name.replace(f"-{os.getpid()}-", f"-{pid}-") for pid in (GONE, os.getppid())
    )
    left.mkdir()
    of_another.mkdir()
    code = "from ontherecord.flows.temporary import temporary_folder\nwith temporary_folder(): pass"
    subprocess.run([sys.executable, "-c", code], env={**os.environ, "TMPDIR": str(tmp_path)}, check=True)
    assert [folder.name for folder in tmp_path.iterdir()] == [of_another.name]
