"""Watching a folder: what lands is loaded within seconds, what is still written is not, Ctrl-C ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from runs import article, rows

from ontherecord.flows.pipeline.watch import QUIET_SECONDS, until_quiet

ONTHERECORD = Path(sys.executable).parent / "ontherecord"


class Watcher:
    """A watching process, and the lines it has written to its standard output."""

    def __init__(self, landing: Path, home: Path) -> None:
        command = [ONTHERECORD, "ingest", landing, "--home", home, "--workers", "1", "--watch"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, bufsize=1)
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        self.lines.extend(self.process.stdout)

    def wait_for(self, text: str) -> None:
        until = time.monotonic() + 90
        while not any(text in line for line in [*self.lines]):
            assert time.monotonic() < until, "".join(self.lines)
            assert self.process.poll() is None, self.lines
            time.sleep(0.1)


@contextmanager
def watching(landing: Path, home: Path) -> Iterator[Watcher]:
    watcher = Watcher(landing, home)
    try:
        yield watcher
    finally:
        watcher.process.kill()
        watcher.process.communicate()


@pytest.mark.slow
def test_what_lands_is_loaded_and_what_is_still_written_waits(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    with watching(landing, home) as watcher:
        watcher.wait_for(": 1 loaded")
        with open(landing / "slow.txt", "w") as slow:
            text = article(title="Slow ferry")
            slow.write(text[:80])
            slow.flush()
            (landing / "deep").mkdir()
            (landing / "deep" / "b.txt").write_text(article(title="Lighthouse"))
            (landing / "c.txt").write_text(article(title="Market"))
            until = time.monotonic() + 8
            while time.monotonic() < until:  # it grows all the while, and is looked at meanwhile
                slow.write(" ")
                slow.flush()
                time.sleep(0.2)
            slow.seek(0)
            slow.truncate()
            slow.write(text)
        watcher.wait_for("3 files: 1 loaded, 2 unchanged, 0 duplicate, 0 quarantined")
        watcher.process.send_signal(signal.SIGINT)
        assert watcher.process.wait(timeout=30) == 0
        assert watcher.process.stderr
        told = watcher.process.stderr.read()
    assert "Stopped." in told
    assert "Traceback" not in told
    assert rows(home, "select source_path, version from articles order by all") == [
        ("a.txt", 1),
        ("c.txt", 1),
        ("deep/b.txt", 1),
        ("slow.txt", 1),
    ]
    assert rows(home, "select count(*) from ops.quarantine") == [(0,)]
    assert any("postponed: still being written" in line for line in watcher.lines)
    # Two files that came together were taken together.
    assert rows(home, "select max(loaded_count) from ops.runs") == [(2,)]


@pytest.mark.slow
def test_a_watcher_looks_at_what_changed_and_after_an_unreadable_name_at_everything(
    landing: Path, home: Path
) -> None:
    for number in range(3):
        (landing / f"{number}.txt").write_text(article(title=f"Ferry {number}"))
    with watching(landing, home) as watcher:
        watcher.wait_for("3 files: 3 loaded")
        (landing / "new.txt").write_text(article(title="Lighthouse"))
        watcher.wait_for("1 file: 1 loaded")
        archive = landing / ".week.zip"
        with zipfile.ZipFile(archive, "w") as week:
            week.writestr("a.txt", article(title="Harbour"))
            week.writestr("b.txt", article(title="Bridge"))
        archive.rename(landing / "week.zip")
        wait_until_published(home, 6)
        moved = landing.with_name("moved")
        moved.mkdir()
        (moved / "c.txt").write_text(article(title="Tower"))
        moved.rename(landing / "moved")
        (landing / "new.txt").write_text(article(title="Lighthouse", body="The lamp was lit again."))
        wait_until_published(home, 7)
        assert not any(line.startswith(("4 files", "7 files")) for line in watcher.lines)
        (landing / os.fsdecode(b"caf\xe9.txt")).write_text(article(title="Market"))
        watcher.wait_for("8 files: 1 loaded, 7 unchanged")
    paths = ["0.txt", "1.txt", "2.txt", "caf\\xe9.txt", "moved/c.txt", "new.txt", "week.zip/a.txt"]
    assert rows(home, "select source_path from articles order by all") == [
        (path,) for path in [*paths, "week.zip/b.txt"]
    ]
    assert rows(home, "select version from articles where source_path = 'new.txt'") == [(2,)]


def wait_until_published(home: Path, article_count: int) -> None:
    until = time.monotonic() + 90
    while rows(home, "select count(*) from articles") != [(article_count,)]:
        assert time.monotonic() < until
        time.sleep(0.1)


def test_a_finished_file_that_is_moved_in_need_not_wait(landing: Path) -> None:
    new, old = landing / "new.txt", landing / "old.txt"
    for path in (new, old):
        path.write_text(article())
    os.utime(old, (0, time.time() - 60))
    assert until_quiet([str(old), str(landing / "gone.txt")]) == 0
    assert 0 < until_quiet([str(old), str(new)]) <= QUIET_SECONDS
    assert until_quiet([str(landing)]) > until_quiet([]) == 0


def test_a_folder_that_is_not_there_is_not_watched(landing: Path, home: Path) -> None:
    done = subprocess.run(
        [ONTHERECORD, "ingest", landing / "nowhere", "--home", home, "--watch"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "does not exist. Create it" in done.stderr
