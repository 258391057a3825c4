"""Secrets: passwords and tokens, and how they are taken out of text that leaves: the one place for it.

What reads the settings tells this module which values are secret (`keep_secret`). `redact` then hides these
values, in whichever spelling, and what is a secret by its look: the password of a URL, and parameters that
are called like a token. All that is told of errors goes through it: messages, tracebacks, logs, `ops.runs`
and with it alerts and reports, and what Prefect keeps of a run. Data does not: articles have no secrets.
"""

from __future__ import annotations

import base64
import json
import logging
import re
import tomllib
import traceback
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

from ontherecord.warehouse.errors import error_chain

HIDDEN = "***"
# Shorter ones are hidden only where their place in the text says what they are: "pw" is in many words.
_SHORTEST = 4
# From this length, a value is hidden even in the middle of a word.
_CLEARLY_OURS = 12
# Parts of a webhook's path that are tokens rather than words: T0KEN12, not "services".
_TOKEN = re.compile(r"(?=.*\d)[\w-]{6,}")
# What parameters are called that are secret, in URLs and in the connection strings of databases and stores.
_PARAMETERS = (
    "password|passwd|passphrase|pwd|pass|sslpassword|secret|client_secret|token|access_token|auth_token|"
    "api_?key|apikey|accountkey|access_key|secret_key|sig|signature|sharedaccesssignature|sas|"
    "x-amz-(?:signature|credential|security-token)|x-goog-(?:signature|credential)|awsaccesskeyid"
)
_IS_SECRET = re.compile(_PARAMETERS, re.I).fullmatch
_BY_LOOK = (
    # scheme://user:password@host; a password may have an @ itself.
    (re.compile(r"(\b[a-z][a-z0-9+.-]{0,20}://[^\s/?#:@\"']*:)[^\s/?#\"']*(?=@)", re.I), rf"\1{HIDDEN}"),
    # ?sig=…, &token=…, password=… in a connection string. Quotes may enclose it.
    (re.compile(rf"((?<![\w-])(?:{_PARAMETERS})=)('[^']*'|\"[^\"]*\"|[^\s&;,#'\")]+)", re.I), rf"\1{HIDDEN}"),
    (re.compile(r"(\b(?:Basic|Bearer) )[\w+/=.~-]{8,}"), rf"\1{HIDDEN}"),
)
_KEY = re.compile(r"[#\s]*([\w.-]+)\s*=")
_SECTION = re.compile(r"\s*\[([^\[\]]+)\]")
_values: set[str] = set()
_exact: re.Pattern[str] | None = None


def keep_secret(secrets: Iterable[str]) -> None:
    """Have `redact`, and every log of this process, hide these secrets: passwords, or URLs that hold some."""
    global _exact
    if not isinstance(logging.getLogRecordFactory(), _RedactingFactory):
        logging.setLogRecordFactory(_RedactingFactory(logging.getLogRecordFactory()))
    found = {spelling for secret in secrets for part in _parts(secret) for spelling in _spellings(part)}
    if not found - _values:
        return
    _values.update(found)
    longest_first = sorted(_values, key=lambda value: (-len(value), value))
    _exact = re.compile("|".join(map(_pattern, longest_first)))


def redact(text: object) -> str:
    """Return a text without secrets: `***` takes the place of each."""
    shown = str(text)
    if _exact:
        shown = _exact.sub(HIDDEN, shown)
    for pattern, replacement in _BY_LOOK:
        shown = pattern.sub(replacement, shown)
    return shown


def redact_error(error: BaseException) -> None:
    """Take the secrets out of an error, its causes and its notes, for those who show it by themselves."""
    for one in error_chain(error):
        for name in ("args", "strerror", "filename", "filename2", "msg", "message", "reason", "statement"):
            value = getattr(one, name, None)
            with suppress(AttributeError, TypeError):  # not for us to set
                if isinstance(value, str) and redact(value) != value:
                    setattr(one, name, redact(value))
                elif isinstance(value, tuple):
                    shown = tuple(redact(part) if isinstance(part, str) else part for part in value)
                    if shown != value:
                        setattr(one, name, shown)
        if notes := getattr(one, "__notes__", None):
            one.__notes__ = [redact(note) for note in notes]


def redacted_traceback(error: BaseException) -> str:
    """Return an error's traceback as Python prints it, without secrets."""
    return redact("".join(traceback.format_exception(error)))


def without_secrets(toml: str) -> tuple[str | None, tuple[str, ...]]:
    """Return a file of settings without the secret ones, and the names of those.

    A comment takes the place of each line with a secret. None instead of the file means that a secret has
    several lines, so that the file cannot be kept.
    """
    lines, names = [], []
    section = ""
    for line in toml.splitlines():
        if found := _SECTION.match(line):
            section = f"{found[1]}."
        if redact(line) == line:
            lines.append(line)
            continue
        if not (key := _KEY.match(line)):
            return None, ()
        names.append(section + key[1])
        lines.append(f"# {key[1]} is left out here, as it is a secret: set it again.")
    if not names:
        return toml, ()
    kept = "\n".join([*lines, ""])
    with suppress(ValueError):
        tomllib.loads(kept)
        return kept, tuple(names)
    return None, ()


def _parts(secret: str) -> Iterator[str]:
    """Yield what of a secret must not be shown: of the URL of a database its password, else all of it.

    A webhook's URL is secret as a whole, and errors name host and path apart.
    """
    if "://" not in secret:
        yield secret
        if password := secret.partition(":")[2]:
            yield password
            yield base64.b64encode(secret.encode()).decode()  # as it is sent
        return
    try:
        url = urlsplit(secret)
    except ValueError:
        yield secret
        return
    if url.password:
        yield url.password
    yield from (value for name, value in parse_qsl(url.query) if _IS_SECRET(name))
    if url.scheme in ("http", "https"):
        yield secret
        yield from (part for part in url.path.split("/") if _TOKEN.fullmatch(part))
        if url.query:
            yield url.query


def _spellings(secret: str) -> Iterator[str]:
    """Yield a secret as libraries write it: as it is, unquoted, quoted for a URL, in JSON."""
    plain = unquote(secret)
    for value in (secret, plain, quote(plain, safe=""), quote(plain), quote_plus(plain)):
        for spelt in (value, json.dumps(value)[1:-1], repr(value)[1:-1]):
            if len(spelt) >= _SHORTEST:
                yield spelt


def _pattern(value: str) -> str:
    escaped = re.escape(value)
    return escaped if len(value) >= _CLEARLY_OURS else rf"(?<![^\W_]){escaped}(?![^\W_])"


class _RedactingFactory:
    """Makes the records of all loggers, libraries' too, without secrets in message and traceback."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record: logging.LogRecord = self._inner(*args, **kwargs)
        with suppress(Exception):  # a message that does not fit its arguments: logging itself reports it
            if redact(record.getMessage()) != record.getMessage() and isinstance(record.args, tuple):
                # Some formatters, such as uvicorn's of requests, take the arguments one by one.
                record.args = tuple(redact(arg) if isinstance(arg, str) else arg for arg in record.args)
            if (shown := redact(record.getMessage())) != record.getMessage():
                record.msg, record.args = shown, None
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if error is not None:
            redact_error(error)
        return record
