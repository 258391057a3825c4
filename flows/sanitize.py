"""Sanitize text from files before it is shown on a terminal, in a log or on a page.

A path, a title or a value may contain terminal escapes, or characters that reverse the reading direction.
"""

from __future__ import annotations

import re
import unicodedata

# The last three alternatives: what looks like an address becomes a link by itself.
_MARKUP = re.compile(r"([\\`*_\[\]<>|#!~&]|@|:(?=//)|(?<=www)\.)", re.IGNORECASE)


def sanitize(value: object) -> str:
    r"""Return text as one line; control and direction characters become `\xNN`."""
    return "".join(c if is_safe(c) else f"\\x{ord(c):02x}" for c in str(value))


def is_safe(character: str) -> bool:
    """Say whether a character cannot control a terminal, break a line or change the reading direction."""
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def escape_markdown(value: object) -> str:
    """Return text that Markdown shows literally, so that a file cannot make links, images or tables."""
    return _MARKUP.sub(r"\\\1", sanitize(value))
