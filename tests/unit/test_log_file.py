"""The log of a home: whole lines of several processes, put aside when it is full, and never in the way."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from powers import without_power_over_files

from ontherecord.flows import log_file
from ontherecord.flows.cli.endings import tell
from ontherecord.flows.log_file import LOG, begin_log, keep_log, log_to, log_unexpected
from ontherecord.warehouse.data_dir import DataDir

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \d+ (INFO|ERROR) (?P<text>.*)")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[DataDir]:
    keep_log()
    yield DataDir(tmp_path)
    keep_log()


def test_what_came_before_the_home_was_known_is_in_its_log_too(home: DataDir) -> None:
    LOG.info("a command")
    log_to(home)
    LOG.info("no folder yet")
    assert not home.logs.exists()
    begin_log(home)
    LOG.info("a title with \x1b[31m and\nanother line")
    found = [LINE.fullmatch(line) for line in home.log.read_text().splitlines()]
    texts = [match and match["text"] for match in found]
    assert texts == ["a command", "no folder yet", "a title with \\x1b[31m and\\x0aanother line"]
    assert home.log.stat().st_mode & 0o007 == home.logs.stat().st_mode & 0o007 == 0


def test_a_traceback_that_a_library_logs_is_a_line_and_others_that_are_set_in(home: DataDir) -> None:
    begin_log(home)
    logging.getLogger("uvicorn.error").error("Traceback:\n  in a file\n\x1b[31mAnError")
    first, *more = home.log.read_text().splitlines()
    assert first.endswith(" ERROR Traceback:")
    assert more == ["      in a file", "    \\x1b[31mAnError"]


def test_another_home_gets_nothing_of_the_first(home: DataDir, tmp_path: Path) -> None:
    begin_log(home)
    LOG.info("of the first")
    (tmp_path / "other").mkdir()
    begin_log(DataDir(tmp_path / "other"))
    LOG.info("of the second")
    assert "first" not in (tmp_path / "other" / "logs" / "ontherecord.log").read_text()
    assert "second" not in home.log.read_text()


def test_a_full_log_is_put_aside_and_the_oldest_is_dropped(
    home: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_file, "MAX_BYTES", 500)
    begin_log(home)
    for number in range(100):
        LOG.info("line %d", number)
    files = sorted(file.name for file in home.logs.glob("ontherecord.log*"))
    assert files == ["ontherecord.log", *(f"ontherecord.log.{n}" for n in range(1, 6))]
    assert all(file.stat().st_size < 600 for file in home.logs.glob("ontherecord.log*"))
    newest_last = [home.logs / f"ontherecord.log.{n}" for n in range(5, 0, -1)] + [home.log]
    numbers = [int(line.split()[-1]) for file in newest_last for line in file.read_text().splitlines()]
    assert numbers == list(range(numbers[0], 100))


_WRITER = """
import sys
from pathlib import Path
from ontherecord.flows import log_file
from ontherecord.warehouse.data_dir import DataDir
log_file.MAX_BYTES, log_file.KEPT_FILES = 4_000, 100
log_file.begin_log(DataDir(Path(sys.argv[1])))
for number in range(100):
    log_file.LOG.info("%s-%d %s", sys.argv[2], number, "x" * 50)
"""


def test_processes_that_write_at_once_lose_no_line_and_mix_none(home: DataDir) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(home.folder), name]) for name in ("one", "two")
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    files = list(home.logs.glob("ontherecord.log*"))
    assert len(files) > 3
    found = [LINE.fullmatch(line) for file in files for line in file.read_text().splitlines()]
    words = [match["text"].split() for match in found if match]
    assert len(words) == len(found)
    wanted = {f"{name}-{n}" for name in ("one", "two") for n in range(100)}
    assert {name for name, _ in words} == wanted
    assert all(rest == "x" * 50 for _, rest in words)


def test_a_home_that_cannot_be_written_stops_nothing(home: DataDir) -> None:
    home.folder.chmod(0o500)
    try:
        with without_power_over_files():
            begin_log(home)
            LOG.info("a line")
            story = log_unexpected(ValueError("unforeseen"))
    finally:
        home.folder.chmod(0o700)
    assert not home.logs.exists()
    assert story
    assert "unforeseen" in Path(story).read_text()
    Path(story).unlink()


def test_an_error_that_should_not_happen_is_a_line_on_the_screen_and_a_traceback_in_the_log(
    home: DataDir, capsys: pytest.CaptureFixture[str]
) -> None:
    log_to(home)
    with pytest.raises(IndexError) as raised:
        [][1]
    assert tell(raised.value) == 1
    assert tell(raised.value) == 1  # told twice, logged once
    said = capsys.readouterr().err
    assert said.count("\n") == 2
    assert "Traceback" not in said
    assert str(home.log) in said
    logged = home.log.read_text()
    assert logged.count("    Traceback (most recent call last):") == 1
    assert "test_log_file.py" in logged


def test_without_a_log_nothing_of_ours_goes_to_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    for handler in [h for h in LOG.handlers if isinstance(h, log_file.HomeLog)]:
        LOG.removeHandler(handler)
    logging.getLogger("ontherecord").error("an error")
    assert capsys.readouterr().err == ""
