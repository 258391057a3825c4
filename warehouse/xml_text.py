"""Text for XML files, which cannot hold every character."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    r"""Return text with `\xNN` for what no XML 1.0 file can hold: control characters, mostly."""
    return _FORBIDDEN.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
