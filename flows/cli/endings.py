"""Endings: how a command ends, whatever happens: an exit code, and in a sentence what to do.

Errors of the machine are told by kind, whoever raised them: Python, DuckDB, SQLite, or a library that wraps
theirs. What is none of these is unexpected: its traceback is in the log.
"""

from __future__ import annotations

import errno
import io
import os
import re
import resource
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Self

from ontherecord.flows.log_file import LOG, log_unexpected
from ontherecord.flows.sanitize import sanitize
from ontherecord.warehouse.errors import (
    FULL_DISK,
    FULL_DISK_MESSAGES,
    OnTheRecordError,
    SettingsError,
    error_chain,
)
from ontherecord.warehouse.secrets import redact

# What libraries need before a line of ours runs: below, some of them end the process without a word.
_LEAST_FILES = 64
_LEAST_MEMORY = 600_000_000
# For each processor (OpenBLAS, and DuckDB for each of up to three files); beside these, of a worker too.
_THREADS_OF_PROCESSOR, _MORE_THREADS = 4, 32
# They have no numbers for errors of the machine, only words.
_LIBRARIES = frozenset(("duckdb", "_duckdb", "sqlite3", "sqlalchemy"))


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of error: the numbers the system has for it, what libraries write, and what is said."""

    numbers: frozenset[int]
    words: re.Pattern[str]
    tell: Callable[[BaseException], str]


def _kind(tell: Callable[[BaseException], str], words: str, *numbers: int) -> _Kind:
    return _Kind(frozenset(numbers), re.compile(words, re.IGNORECASE), tell)


def _limit(which: int) -> str:
    soft = resource.getrlimit(which)[0]
    return "no limit" if soft == resource.RLIM_INFINITY else f"{soft:,}"


def _too_many_files(error: BaseException) -> str:
    return (
        f"Too many files are open: this process may open {_limit(resource.RLIMIT_NOFILE)} at once. Raise the "
        "limit, with `ulimit -n 4096` in the shell or LimitNOFILE= in a unit of systemd, and run it again."
    )


def _disk_full(error: BaseException) -> str:
    where = _where(error)
    if not where:
        return (
            "A disk is full: that of the home folder, of the output, or of temporary files. `df -h` shows "
            "which. Free some space there, and run it again."
        )
    return f"The disk is full{where}. Free some space there, and run it again."


def _too_large(error: BaseException) -> str:
    return (
        f"A file would have grown beyond {_limit(resource.RLIMIT_FSIZE)} bytes{_where(error)}, the most that "
        "this process may write. Raise the limit, with `ulimit -f unlimited` in the shell or LimitFSIZE= in "
        "a unit of systemd, and run it again."
    )


def _io_error(error: BaseException) -> str:
    if resource.getrlimit(resource.RLIMIT_FSIZE)[0] != resource.RLIM_INFINITY:
        return _too_large(error)  # SQLite has no other words for it
    return (
        f"A file cannot be read or written{_where(error)} ({_first_line(error)}). See whether the disk is "
        "sound and has free space, and run it again."
    )


def _read_only(error: BaseException) -> str:
    return (
        f"Nothing can be written{_where(error)}: the file system is for reading only. Mount it for writing, "
        "or name another place with --home or --out."
    )


def _no_memory(error: BaseException) -> str:
    why = "a library cannot be loaded" if isinstance(error, ImportError) else _first_line(error)
    return (
        f"There is not enough memory ({why}). This process may use "
        f"{_limit(resource.RLIMIT_AS)} bytes, if the machine has them. Raise the limit (`ulimit -v`, or that "
        "of the container), or take less: --workers 1, ONTHERECORD_DUCKDB_MEMORY_MB and "
        "ONTHERECORD_WORKER_MEMORY_MB; then run it again."
    )


def _no_process(error: BaseException) -> str:
    return (
        f"No more processes or threads can be started ({_first_line(error)}). This user may have "
        f"{_limit(resource.RLIMIT_NPROC)}. Raise the limit (`ulimit -u`, or TasksMax= in a unit of systemd), "
        "or use --workers 1, and run it again."
    )


def _no_temporary_folder(error: BaseException) -> str:
    return (
        "There is no folder for temporary files that this user may write to. Make one, name it in the "
        "variable TMPDIR, and run it again."
    )


def _no_access(error: BaseException) -> str:
    file = getattr(error, "filename", None) or _first_line(error)
    return f"This user may not open {file}. Ask its owner for access, or name another."


# Limits of the process: what raised the error only knows that a file could not be written, or was damaged.
_LIMITS = frozenset((_no_temporary_folder, _too_many_files, _too_large, _io_error, _no_memory, _no_process))
# The first that matches is told. A folder for temporary files is missing before anything can be written.
_KINDS = (
    _kind(_no_temporary_folder, r"no usable temporary directory"),
    _kind(_too_many_files, r"too many open files", errno.EMFILE, errno.ENFILE),
    _kind(
        _disk_full,
        "|".join(FULL_DISK_MESSAGES),
        *FULL_DISK,
    ),
    _kind(_too_large, r"file too large", errno.EFBIG),
    _kind(_io_error, r"disk i/o error|input/output error", errno.EIO),
    _kind(_read_only, r"read-only file system|readonly database|read only database", errno.EROFS),
    _kind(
        _no_memory,
        r"out of memory|cannot allocate memory|bad allocation|std::bad_alloc|failed to map segment|"
        r"failed to allocate|unable to allocate",
        errno.ENOMEM,
    ),
    _kind(_no_process, r"can't start new thread|resource temporarily unavailable", errno.EAGAIN),
    _kind(_no_access, r"permission denied", errno.EACCES, errno.EPERM),
)


def begin() -> None:
    """See to it that a command can run and end in words.

    Raises OnTheRecordError if the limits of this process are so low that libraries would end it without any.
    """
    _fill_closed_streams()
    if sys.stdout is sys.__stdout__ and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout = _Output.instead_of(sys.stdout)
    if sys.stderr is sys.__stderr__ and isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr = _Messages.instead_of(sys.stderr)
    if sys.unraisablehook is sys.__unraisablehook__:  # nobody else has asked for these
        sys.unraisablehook = _log_passed_over
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= files < _LEAST_FILES and (files < most or most == resource.RLIM_INFINITY):
        # The soft limit is there to be raised by who needs more; the hard one is the system's word.
        files = _LEAST_FILES if most == resource.RLIM_INFINITY else min(most, _LEAST_FILES)
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    if 0 <= files < _LEAST_FILES:
        raise OnTheRecordError(_too_many_files(OSError(f"{_LEAST_FILES} are the least")))
    if 0 <= resource.getrlimit(resource.RLIMIT_AS)[0] < _LEAST_MEMORY:
        raise OnTheRecordError(_no_memory(MemoryError(f"{_LEAST_MEMORY:,} bytes of addresses are the least")))
    _require_threads()


def _require_threads() -> None:
    """Raise OnTheRecordError if there cannot be the threads that libraries start.

    Where one cannot be started, OpenBLAS sends its own process SIGINT, as if somebody had pressed Ctrl-C, and
    DuckDB aborts it. Under a limit of addresses nothing is tried, as each thread takes some for good.
    """
    if resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY:
        return
    end = Event()
    threads: list[Thread] = []
    try:
        for _ in range(_THREADS_OF_PROCESSOR * len(os.sched_getaffinity(0)) + _MORE_THREADS):
            threads.append(Thread(target=end.wait, daemon=True))
            threads[-1].start()
    except RuntimeError as error:
        threads.pop()
        raise OnTheRecordError(_no_process(error)) from error
    finally:
        end.set()
        for thread in threads:
            thread.join()


class _Stream(io.TextIOWrapper):
    """A standard stream, written to as the one that it takes the place of."""

    @classmethod
    def instead_of(cls, stream: io.TextIOWrapper) -> Self:
        return cls(
            stream.buffer, stream.encoding, stream.errors,
            line_buffering=stream.line_buffering, write_through=stream.write_through,
        )  # fmt: skip


class _Messages(_Stream):
    """stderr: what is said of a run is no reason for it to fail, wherever it goes."""

    def write(self, text: str) -> int:
        with suppress(OSError):
            return super().write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            super().flush()


class _Output(_Stream):
    """The output, which remembers why it could not be written: Python forgets what it could not flush."""

    error: OSError | None = None

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except OSError as error:
            self.error = error
            raise


def _log_passed_over(passed_over: sys.UnraisableHookArgs) -> None:
    """Log an error in a finalizer. Python would print its traceback between the lines of the command."""
    with suppress(Exception):  # Python may be about to end
        LOG.warning("passed over: %s", passed_over.exc_type.__name__, exc_info=passed_over.exc_value)


def _fill_closed_streams() -> None:
    """Open what is closed of input and outputs: the next file that is opened would become one of them."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            with suppress(OSError):  # the lowest free number is the one that is missing
                os.open(os.devnull, os.O_RDWR)
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115


def tell(error: BaseException) -> int:
    """Tell how a command failed, and return its exit code: 2 if it was called wrongly, else 1."""
    if output := output_error():
        discard_output()
        if not isinstance(output, BrokenPipeError):
            _print(
                f"The output cannot be written ({output.strerror}) and is not complete; the work of the "
                "command may be done. Direct the output to another file or disk, and run it again."
            )
        return 1
    if isinstance(error, OnTheRecordError):
        _print("\n".join(filter(None, (str(error), _explain_limit(error)))))
        return 2 if isinstance(error, SettingsError) else 1
    if isinstance(error, BrokenPipeError):
        discard_output()
        return 1
    story = log_unexpected(error)
    _print(explain(error) or _too_few_addresses() or _unexpected(error, story))
    return 1


def _too_few_addresses() -> str | None:
    """Say so if there are fewer addresses than a run needs: libraries that get none raise any error."""
    from ontherecord.warehouse.memory import require_addresses

    try:
        require_addresses()
    except OnTheRecordError as error:
        return str(error)
    return None


def explain(error: BaseException) -> str | None:
    """Say what an error of the machine means and what to do; None if it is none."""
    if found := _find(error):
        return found[0].tell(found[1])
    # Of files, Python names which one is missing.
    is_unnamed = any(isinstance(e, FileNotFoundError) and e.filename is None for e in error_chain(error))
    if is_unnamed and not _is_anywhere():
        return "The folder that this was started in is gone. Change to another (`cd`), and run it again."
    return None


def _is_anywhere() -> bool:
    """Say whether the working folder still exists."""
    try:
        Path.cwd()
    except FileNotFoundError:
        return False
    return True


def _explain_limit(error: OnTheRecordError) -> str | None:
    """Say which limit of the process is behind an error of ours, unless that is what it says."""
    found = _find(error.__cause__)
    told = found[0].tell(found[1]) if found and found[0].tell in _LIMITS else None
    return None if told == str(error) else told


def _find(error: BaseException | None) -> tuple[_Kind, BaseException] | None:
    """Return the kind of an error of the machine, and which of its causes is of that kind."""
    for kind in _KINDS:
        for cause in error_chain(error):
            if isinstance(cause, MemoryError) and kind.tell is _no_memory:
                return kind, cause
            number = cause.errno if isinstance(cause, OSError) else None
            if number in kind.numbers or kind.words.search(_said_by(cause)):
                return kind, cause
    return None


def _said_by(error: BaseException) -> str:
    """Return what a library says of the machine; '' for an error that may quote a file."""
    if isinstance(error, OSError):
        return error.strerror or str(error)
    is_of_library = type(error).__module__.partition(".")[0] in _LIBRARIES
    return str(error) if is_of_library or isinstance(error, RuntimeError | ImportError) else ""


def output_error() -> OSError | None:
    """Return why what was printed cannot be written; None if it was."""
    try:
        sys.stdout.flush()
    except OSError as error:
        return error
    except ValueError:  # closed
        return None
    return sys.stdout.error if isinstance(sys.stdout, _Output) else None


def discard_output() -> None:
    """Write nothing more to the output: what is still to be flushed would fail again when Python ends."""
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)


def _unexpected(error: BaseException, story: str | None) -> str:
    where = f"with {story}, which has the whole story" if story else "with the command"
    return (
        f"This should not happen: {type(error).__name__}: {_first_line(error)}. Please report it {where}. "
        "`ontherecord doctor` looks for problems in the home folder."
    )


def _where(error: BaseException) -> str:
    """Return in which folder a file is that an error is about, as ' in FOLDER', or nothing."""
    named = getattr(error, "filename2", None) or getattr(error, "filename", None)
    if not isinstance(named, str | bytes):
        found = re.search(r'"(/[^"\n]+)"', str(error))
        named = found[1] if found else None
    return f" in {Path(os.fsdecode(named)).parent}" if named else ""


def _first_line(error: BaseException) -> str:
    # SQLAlchemy begins with the class of a driver's error, in brackets.
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


def _print(text: str) -> None:
    """Print an error to stderr, sanitized, as what it names may come from files, and without secrets."""
    with suppress(OSError, ValueError):  # there is nowhere left to say it
        for line in f"ontherecord: {redact(text)}".split("\n"):
            print(sanitize(line), file=sys.stderr)
