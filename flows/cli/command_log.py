"""What the log says of a command: with which words it was called, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import version

from ontherecord.flows.log_file import LOG, plain_place
from ontherecord.warehouse.errors import OnTheRecordError

# Commands whose words are folders, files, days and numbers. Those of all others may be of an article (`show`,
# `sql`, `forget`), or say why one was taken down.
_WORDS_LOGGED = frozenset((
    "ingest", "serve", "status", "browse", "report", "export", "sample", "evaluate", "correct", "backfill",
    "reprocess", "maintain", "check", "publish", "doctor", "rebuild", "backup", "restore", "copy-warehouse",
    "landing", "alerts", "schema", "cite",
))  # fmt: skip


def log_command(arguments: Sequence[str]) -> None:
    """Log that a command begins, with its words as far as they are nobody's secret."""
    LOG.info("ontherecord %s: %s", version("ontherecord"), " ".join(_shown(arguments)))


def _shown(arguments: Sequence[str]) -> Iterator[str]:
    command, *rest = arguments or ("",)
    yield command
    for word in rest:
        name, separator, value = word.partition("=")
        if name.startswith("-"):
            yield f"{name}{separator}{_word(command, value)}"
        else:
            yield _word(command, word)


def _word(command: str, word: str) -> str:
    """Return a word as it is logged: an address may have a password in it."""
    if not word:
        return ""
    return plain_place(word) if command in _WORDS_LOGGED or "://" in word else "…"


def log_failure(arguments: Sequence[str], error: BaseException) -> None:
    """Log why a command failed. The message may repeat its words, and is left out with them."""
    is_told = isinstance(error, OnTheRecordError) and arguments and arguments[0] in _WORDS_LOGGED
    LOG.error("%s%s", type(error).__name__, f": {error}" if is_told else "")
