"""The log file of a home: what commands and runs began, did and ended with, and what failed unexpectedly.

Several processes write to it at once: each record is one append to the file, and only who holds a lock puts
a full file aside. A log that cannot be written stops nothing: homes are read where they may not be changed.
"""

from __future__ import annotations

import logging
import os
import tempfile
import time
import traceback
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from ontherecord.flows.sanitize import sanitize
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.secrets import redact

LOG = logging.getLogger("ontherecord")
# They log tracebacks of connections that cannot be reset, of a server that is stopped twice, of tasks.
_OF_LIBRARIES = tuple(logging.getLogger(name) for name in ("sqlalchemy", "uvicorn", "asyncio"))
# The file, and how many earlier ones are kept beside it as ontherecord.log.1, the newest, and so on.
MAX_BYTES = 5_000_000
KEPT_FILES = 5
# Of these permissions, the umask takes away what the user does not want the group to have.
_FILE_MODE, _FOLDER_MODE = 0o660, 0o770
# Records of a command that are kept until its home has a log.
_MOST_WAITING = 100
# On an error that was logged: where.
_LOGGED = "ontherecord_logged"
# Without a home, records of warnings would go to the screen.
LOG.addHandler(logging.NullHandler())


class HomeLog(logging.Handler):
    """Appends records to the log file of a home, once it is known and has a folder for it."""

    def __init__(self, home: DataDir | None = None) -> None:
        super().__init__()
        self.home = home
        self._waiting: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if len(self._waiting) < _MOST_WAITING:
            self._waiting.append(as_text(record))
        with suppress(OSError):
            if self.home and self.home.logs.is_dir():
                write_line(self.home, "".join(self._waiting))
                self._waiting.clear()


def as_text(record: logging.LogRecord) -> str:
    """Return a record as a line, a traceback as lines that are set in; nothing of it steers a terminal."""
    at = f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))}.{int(record.msecs):03}Z"
    message = record.getMessage()
    # Libraries log tracebacks as messages; of ours, a line may be of an article.
    first, *more = [message] if record.name == LOG.name else message.splitlines() or [""]
    lines = [f"{at} {record.process} {record.levelname} {sanitize(first)}"]
    lines += [f"    {sanitize(line)}" for line in more]
    if record.exc_info and record.exc_info[1]:
        told = "".join(traceback.format_exception(record.exc_info[1]))
        lines += [f"    {sanitize(line)}" for line in told.splitlines()]
    return "\n".join(lines) + "\n"


def write_line(home: DataDir, text: str) -> None:
    """Append lines to the log file of a home, and put the file aside before it grows too large.

    All that is written to the log passes here. Raises OSError if it cannot be written.
    """
    _rotate_if_full(home.log)
    descriptor = os.open(home.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, _FILE_MODE)
    try:
        # One call, so that lines of several processes do not mix.
        os.write(descriptor, redact(text).encode("utf-8", "backslashreplace"))
    finally:
        os.close(descriptor)


def _rotate_if_full(file: Path) -> None:
    if not _is_full(file):
        return
    with suppress(Timeout), FileLock(file.with_name(f".{file.name}.lock"), timeout=1, mode=_FILE_MODE):
        if not _is_full(file):  # another process was faster
            return
        for number in range(KEPT_FILES - 1, 0, -1):
            with suppress(FileNotFoundError):
                file.with_name(f"{file.name}.{number}").replace(file.with_name(f"{file.name}.{number + 1}"))
        file.replace(file.with_name(f"{file.name}.1"))


def _is_full(file: Path) -> bool:
    try:
        return file.stat().st_size >= MAX_BYTES
    except FileNotFoundError:
        return False


def plain_place(place: object) -> str:
    """Return a folder as it is, and of an address no more than its kind: it may have a password in it."""
    kind, separator, _ = str(place).partition("://")
    return f"{kind}://…" if separator else kind


def keep_log() -> None:
    """Keep the records of this process from here on, until it is known to which home they belong."""
    former, new = [h for h in LOG.handlers if isinstance(h, HomeLog)], HomeLog()
    for logger in (LOG, *_OF_LIBRARIES):
        for handler in former:
            logger.removeHandler(handler)
        logger.addHandler(new)
        logger.propagate = False  # the screen has lines of its own
    LOG.setLevel(logging.INFO)


def log_to(home: DataDir) -> None:
    """Have this process write to the log of a home, and of no other."""
    found = _handler()
    if found is None or (found.home and found.home.folder != home.folder):
        keep_log()
        found = _handler()
    assert found
    found.home = home


def _handler() -> HomeLog | None:
    return next((h for h in LOG.handlers if isinstance(h, HomeLog)), None)


def begin_log(home: DataDir) -> None:
    """Make the folder of a home's log, if there is a home and it can be written, and log to it."""
    with suppress(OSError):
        if home.folder.is_dir():
            home.logs.mkdir(_FOLDER_MODE, exist_ok=True)
    log_to(home)


def log_unexpected(error: BaseException) -> str | None:
    """Log an error with its traceback, once; return the file in which that stands, None if there is none.

    Without a home that can be written, it is a new file in the folder for temporary files.
    """
    if not hasattr(error, _LOGGED):
        setattr(error, _LOGGED, _write_story(error))
    file: str | None = getattr(error, _LOGGED)
    return file


def _write_story(error: BaseException) -> str | None:
    of_error = (type(error), error, error.__traceback__)
    story = as_text(LOG.makeRecord(LOG.name, logging.ERROR, "", 0, type(error).__name__, (), of_error))
    found = _handler()
    if found and found.home:
        with suppress(OSError):
            begin_log(found.home)
            write_line(found.home, story)
            return os.fspath(found.home.log)
    with suppress(OSError):
        descriptor, name = tempfile.mkstemp(prefix="ontherecord-", suffix=".log")
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(redact(story))
        return name
    return None
