"""Lock: one writer at a time, told by name, and none after it is gone, however it went."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import WarehouseError, WriterBusy
from ontherecord.warehouse.lock import current_holder, others_waiting, writer_lock

Hold = Callable[[str], subprocess.Popen[str]]
HOLDER = """
import sys
import time
from pathlib import Path
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.lock import writer_lock
with writer_lock(DataDir(Path(sys.argv[1])), sys.argv[2]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path / "new" / "home")


@pytest.fixture
def hold(home: DataDir) -> Iterator[Hold]:
    """Return a starter of processes that hold the lock until their input ends."""
    with ExitStack() as running:

        def start(task: str) -> subprocess.Popen[str]:
            command = [sys.executable, "-c", HOLDER, str(home.folder), task]
            pipe = subprocess.PIPE
            process = running.enter_context(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True))
            running.callback(process.kill)
            assert process.stdout
            assert process.stdout.readline() == "held\n"
            return process

        yield start


def test_a_second_writer_is_told_who_the_first_is(home: DataDir, hold: Hold) -> None:
    first = hold("ingest in")
    named = rf"process {first.pid} on .*\(ingest in, since \d{{4}}-"
    with pytest.raises(WriterBusy, match=named), writer_lock(home, "publish"):
        pass
    assert first.poll() is None


def test_who_asks_is_told_without_waiting(home: DataDir, hold: Hold) -> None:
    first = hold("ingest")
    assert str(first.pid) in (current_holder(home) or "")
    first.communicate()
    assert first.returncode == 0
    assert current_holder(home) is None


def test_a_writer_that_was_killed_is_in_nobodys_way(home: DataDir, hold: Hold) -> None:
    first = hold("ingest")
    first.kill()
    first.wait()
    assert current_holder(home) is None
    with writer_lock(home, "publish"):
        assert f"process {os.getpid()} " in (current_holder(home) or "")
        assert "publish" in (current_holder(home) or "")


def test_a_writer_may_wait_for_another_to_end(home: DataDir, hold: Hold) -> None:
    first = hold("ingest")
    assert first.stdin
    first.stdin.close()  # it ends now, in its own time
    with writer_lock(home, "publish", wait_seconds=30):
        assert "publish" in (current_holder(home) or "")


def test_the_lock_is_free_after_an_error(home: DataDir) -> None:
    with pytest.raises(ZeroDivisionError), writer_lock(home, "ingest"):
        raise ZeroDivisionError
    with writer_lock(home, "ingest"):
        pass
    assert current_holder(home) is None


def test_an_unreadable_note_of_the_holder_still_means_somebody(home: DataDir, hold: Hold) -> None:
    hold("ingest")
    (note,) = home.folder.glob("*.holder")
    note.write_text("{")
    with pytest.raises(WriterBusy, match="another process"), writer_lock(home, "publish"):
        pass


def test_the_home_folder_is_made_where_there_is_none(home: DataDir) -> None:
    with writer_lock(home, "ingest"):
        assert home.folder.is_dir()


def test_a_home_that_cannot_be_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with (
        pytest.raises(WarehouseError, match="home is not writable"),
        writer_lock(DataDir(tmp_path / "home"), "x"),
    ):
        pass


def test_who_waits_is_seen_and_no_more_when_it_was_killed(home: DataDir) -> None:
    waiting = (
        "import sys; from pathlib import Path; from ontherecord.warehouse.data_dir import DataDir\n"
        "from ontherecord.warehouse.lock import writer_lock\n"
        "with writer_lock(DataDir(Path(sys.argv[1])), 'waiting', 60): pass\n"
    )
    assert not others_waiting(home)
    with writer_lock(home, "first"):
        assert not others_waiting(home)
        second = subprocess.Popen([sys.executable, "-c", waiting, str(home.folder)])
        try:
            _until(lambda: others_waiting(home))
            with pytest.raises(WriterBusy), writer_lock(home, "second", 0):
                pass
            assert others_waiting(home)
        finally:
            second.kill()
            second.wait()
        assert not others_waiting(home)


def test_who_stands_behind_others_goes_last(home: DataDir, tmp_path: Path) -> None:
    order = tmp_path / "order"
    taking = (
        "import sys, time; from pathlib import Path; from ontherecord.warehouse.data_dir import DataDir\n"
        "from ontherecord.warehouse.lock import writer_lock\n"
        "with writer_lock(DataDir(Path(sys.argv[1])), 'taking', 60, yield_to_others=sys.argv[2] == 'last'):\n"
        "    open(sys.argv[3], 'a').write(sys.argv[2] + ' '); time.sleep(0.5)\n"
    )
    with writer_lock(home, "first"):
        last = subprocess.Popen([sys.executable, "-c", taking, str(home.folder), "last", str(order)])
        _until(lambda: current_holder(home) is not None)
        first = subprocess.Popen([sys.executable, "-c", taking, str(home.folder), "next", str(order)])
        _until(lambda: others_waiting(home))
    assert [last.wait(60), first.wait(60)] == [0, 0]
    assert order.read_text() == "next last "


def _until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)
