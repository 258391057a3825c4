"""Harmless: text that comes from files, fit to be shown on a terminal, in a log or on a page.

A path, a title or a value may hold terminal escapes, or characters that turn the order of reading. They
are sanitized here and nowhere else.
"""

from __future__ import annotations

import re
import unicodedata

# The last three: what reads like an address becomes a link by itself.
_MARKUP = re.compile(r"([\\`*_\[\]<>|#!~&]|@|:(?=//)|(?<=www)\.)", re.IGNORECASE)


def sanitize(value: object) -> str:
    r"""Return text in one line without control or direction characters: they become `\xNN`."""
    return "".join(c if is_safe(c) else f"\\x{ord(c):02x}" for c in str(value))


def is_safe(character: str) -> bool:
    """Say whether a character neither steers a terminal nor breaks a line or the order of reading."""
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def escape_markdown(value: object) -> str:
    """Return text that Markdown shows as it is: no link, picture or table of a file's making."""
    return _MARKUP.sub(r"\\\1", sanitize(value))
