"""Endings: errors of the machine are told by kind, in words that say what to do."""

from __future__ import annotations

import errno
import os
import resource
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from sqlalchemy.exc import OperationalError

from ontherecord.flows.cli.endings import explain, tell
from ontherecord.warehouse.errors import BackupError, ExportError


def _os_error(number: int, file: str | None = None) -> OSError:
    return OSError(number, os.strerror(number), file)


def _wrapped(error: Exception) -> Exception:
    try:
        raise RuntimeError("a library") from error
    except RuntimeError as outer:
        return outer


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (_os_error(errno.EMFILE), "Too many files are open"),
        (ImportError("libx.so: cannot open shared object file: Too many open files"), "ulimit -n"),
        (duckdb.IOException('Cannot open file "/a/b": Too many open files'), "ulimit -n"),
        (_os_error(errno.ENOSPC, "/data/writer.duckdb"), "The disk is full in /data"),
        (OperationalError("insert", {}, duckdb.IOException("No space left on device")), "A disk is full"),
        (sqlite3.OperationalError("database or disk is full"), "`df -h` shows which"),
        (_os_error(errno.EFBIG), "ulimit -f"),
        (sqlite3.OperationalError("disk I/O error"), "whether the disk is sound"),
        (_os_error(errno.EIO, "/data/x"), "read or written in /data"),
        (duckdb.IOException('Could not write file "/a/w.duckdb": File too large'), "in /a"),
        (_os_error(errno.EROFS, "/home/press/report.html"), "in /home/press: the file system is for reading"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "for reading only"),
        (MemoryError(), "not enough memory"),
        (
            duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate"),
            "DUCKDB_MEMORY_MB",
        ),
        (ImportError("/a/libx.so: failed to map segment from shared object"), "(a library cannot be loaded)"),
        (_os_error(errno.ENOMEM), "not enough memory"),
        (RuntimeError("can't start new thread"), "ulimit -u"),
        (_os_error(errno.EAGAIN), "ulimit -u"),
        (FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']"), "TMPDIR"),
        (_os_error(errno.EACCES, "/a/b.csv"), "This user may not open /a/b.csv"),
        (_wrapped(_os_error(errno.ENOSPC, "/data/x")), "The disk is full"),
    ],
    ids=str,
)
def test_an_error_of_the_machine_is_told_by_its_kind(error: Exception, words: str) -> None:
    assert words in (explain(error) or "")


@contextmanager
def _small_files() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_an_error_of_sqlite_is_told_as_the_limit_of_files_where_there_is_one(tmp_path: Path) -> None:
    with _small_files():
        with (
            pytest.raises(sqlite3.OperationalError) as raised,
            sqlite3.connect(tmp_path / "x.sqlite") as file,
        ):
            file.execute("create table x as select zeroblob(100000)")
        assert "8,192 bytes" in (explain(raised.value) or "")


def test_the_class_that_sqlalchemy_puts_before_an_error_is_not_told() -> None:
    error = OperationalError("select", {}, duckdb.OutOfMemoryException("Failed to allocate a block"))
    assert "memory (Failed to allocate a block)." in (explain(error) or "")


def _caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            _caused(ExportError("x.csv cannot be written."), duckdb.IOException("x.csv: File too large")),
            "ulimit -f",
        ),
        (_caused(BackupError("x.zip is damaged."), _os_error(errno.EMFILE)), "ulimit -n"),
        (_caused(BackupError("x.zip cannot be written."), _os_error(errno.ENOSPC)), None),
        (BackupError("There is no x.zip."), None),
    ],
    ids=str,
)
def test_a_limit_of_the_process_is_told_below_what_it_prevented(
    error: Exception, told: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tell(error) == 1
    first, *more = capsys.readouterr().err.splitlines()
    assert first == f"ontherecord: {error}"
    assert [told in line for line in more if told] == [True] * bool(told)
    assert len(more) == bool(told)


_LEAVES_A_GENERATOR = """
import sys
from pathlib import Path
from ontherecord.flows.cli.endings import begin
from ontherecord.flows.log_file import begin_log
from ontherecord.warehouse.data_dir import DataDir

def failing():
    try:
        yield
    finally:
        raise OSError("the end of a file cannot be written")

begin()
begin_log(DataDir(Path(sys.argv[1])))
left = failing()
next(left)
del left
print("goes on")
"""


def test_what_fails_as_python_tidies_up_is_logged_and_not_printed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LEAVES_A_GENERATOR, tmp_path], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "goes on\n", "")
    log = (tmp_path / "logs" / "ontherecord.log").read_text()
    assert "passed over: OSError" in log
    assert "    OSError: the end of a file cannot be written" in log


@pytest.mark.parametrize(
    "error",
    [
        ValueError("too many open files in the story about the archive"),
        KeyError("permission denied"),
        FileNotFoundError(errno.ENOENT, "No such file or directory", "/a"),
        duckdb.BinderException("there is no column of this name"),
        ZeroDivisionError(),
    ],
    ids=str,
)
def test_any_other_error_is_unexpected(error: Exception) -> None:
    assert explain(error) is None


_BEGINS = (
    "from ontherecord.flows.cli.endings import begin, tell\ntry: begin()\nexcept Exception as e: tell(e)"
)


def test_too_few_threads_are_told_before_a_library_ends_the_process() -> None:
    program = shlex.join([sys.executable, "-c", _BEGINS])
    # Root has no such limit. A number that no user has leaves the process alone with its limit.
    user = "setpriv --reuid 3141592 --clear-groups --inh-caps +dac_override --ambient-caps +dac_override"
    if os.geteuid() != 0:
        user = ""
    done = subprocess.run(
        ["bash", "-c", f"ulimit -u 8; exec {user} {program}"], capture_output=True, text=True, check=False
    )
    assert done.stderr.count("\n") == 1, done.stderr
    assert "No more processes or threads can be started" in done.stderr
    assert "This user may have 8." in done.stderr


def test_threads_are_not_tried_where_addresses_are_limited() -> None:
    peak = "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmPeak')))"
    code = f"from ontherecord.flows.cli.endings import begin; begin(); {peak}"
    peaks = []
    for limit in ("unlimited", "650000"):
        line = f"ulimit -v {limit}; exec {shlex.join([sys.executable, '-c', code])}"
        done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout))
    assert peaks[0] > peaks[1] + 200_000  # kB: the stacks of the threads


def test_any_error_is_told_as_too_few_addresses_where_there_are_too_few() -> None:
    code = "from ontherecord.flows.cli.endings import tell; tell(ValueError('BLIS support requires blis'))"
    said = []
    for limit in ("unlimited", "1500000"):
        line = f"ulimit -v {limit}; exec {shlex.join([sys.executable, '-c', code])}"
        done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
        said.append(done.stderr)
    assert "This should not happen: ValueError" in said[0]
    assert "There is not enough memory: this process may use 1,536,000,000 bytes" in said[1]


_PRINTS = """
from ontherecord.flows.cli.endings import begin, tell
begin()
try:
    print("x" * 20_000)
except OSError as error:
    tell(error)
"""


def test_a_working_folder_that_is_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    missing = FileNotFoundError(errno.ENOENT, "No such file or directory")
    assert explain(missing) is None
    gone.rmdir()
    with pytest.raises(FileNotFoundError) as raised:
        Path.cwd()
    assert "is gone" in (explain(raised.value) or "")
    assert explain(FileNotFoundError(errno.ENOENT, "No such file or directory", "/a")) is None


_SAYS = """
import sys
from ontherecord.flows.cli.endings import begin
begin()
for _ in range(3):
    print("x" * 20_000, file=sys.stderr, flush=True)
print("done")
"""


def test_messages_that_nobody_can_keep_are_no_reason_to_fail() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-c", _SAYS], stdout=subprocess.PIPE, stderr=full, text=True, check=False
        )
    assert (done.returncode, done.stdout) == (0, "done\n")


def test_an_output_that_is_full_is_told_as_such() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-c", _PRINTS], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.stderr.startswith("ontherecord: The output cannot be written (No space left on device)")
