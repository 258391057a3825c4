"""Signals end a command like an error: what is open is closed, one message, and the usual exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from ontherecord.flows.cli import stopping
from ontherecord.flows.cli.stopping import Stopped, stoppable

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
CLOSED = """
import os, sys
from ontherecord.flows.cli.endings import begin
begin()
print("nobody reads this"), print("nor this", file=sys.stderr)
opened = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
os.write(2, b"nor what a library writes")
sys.exit(0 if opened > 2 and not sys.stderr.isatty() and not sys.stdin.read() else 3)
"""


@pytest.mark.parametrize("number", SIGNALS)
def test_exits_with_128_and_the_number_after_one_line(
    number: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    closed = []
    with pytest.raises(SystemExit) as ended, stoppable():  # noqa: PT012 - what it does at the signal
        try:
            signal.raise_signal(number)
        finally:
            closed.append(True)
    assert ended.value.code == 128 + number
    assert closed
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("ontherecord: Stopped by ")
    for other in SIGNALS:
        assert signal.getsignal(other) is signal.SIG_DFL
        signal.signal(other, signal.default_int_handler if other == signal.SIGINT else signal.SIG_DFL)


@pytest.mark.parametrize("error", [RuntimeError("Query interrupted"), SystemExit(1)])
def test_an_error_that_a_library_made_of_it_is_not_told(
    error: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended, stoppable():  # noqa: PT012 - what it does at the signal
        try:
            signal.raise_signal(signal.SIGTERM)
        except Stopped:
            raise error from None
    signal.signal(signal.SIGINT, signal.default_int_handler)
    assert ended.value.code == 143
    assert capsys.readouterr().err.count("\n") == 1


def test_what_runs_until_it_is_stopped_has_done_its_job(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, stoppable():  # noqa: PT012 - what it does at the signal
        try:
            signal.raise_signal(signal.SIGTERM)
        except KeyboardInterrupt:
            sys.exit(0)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    assert ended.value.code == 0
    assert capsys.readouterr().err == ""


def test_a_terminal_that_closes_may_say_so_twice() -> None:
    closed = []
    with pytest.raises(SystemExit), stoppable():  # noqa: PT012 - what it does at the signal
        try:
            signal.raise_signal(signal.SIGHUP)
        finally:
            signal.raise_signal(signal.SIGHUP)
            closed.append(True)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    assert closed


def test_a_signal_that_was_passed_over_comes_again_but_not_while_an_error_is_handled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stopping, "_AGAIN_SECONDS", 0.05)
    closed = []
    with pytest.raises(SystemExit) as ended, stoppable():  # noqa: PT012 - what it does at the signal
        try:
            with suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGTERM)
            time.sleep(60)
        finally:
            time.sleep(0.3)
            closed.append(True)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    assert ended.value.code == 143
    assert closed


def test_an_ignored_signal_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stoppable():
            signal.raise_signal(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


def test_closed_streams_are_not_where_a_file_is_opened(tmp_path: pytest.TempPathFactory) -> None:
    def close() -> None:
        for fd in (0, 1, 2):
            os.close(fd)

    file = f"{tmp_path}/file"
    done = subprocess.run([sys.executable, "-c", CLOSED, file], preexec_fn=close, check=False)
    assert done.returncode == 0
    assert not os.path.getsize(file)  # noqa: PTH202
