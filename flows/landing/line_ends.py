"""Line ends: files whose lines end in carriage returns alone, as those of old Macs, get line feeds.

Forms tell lines by line feeds. Such a file would be one line to them: a table without rows, a mail without a
text.
"""

from __future__ import annotations

from dataclasses import replace

from ontherecord.warehouse.records import RawFile

_CR, _LF = b"\r", b"\n"
_PDF = b"%PDF-"


def with_line_feeds(raw: RawFile) -> RawFile:
    """Return a file whose lines end in carriage returns with line feeds for them; else the file itself.

    A file that is too large to be kept in memory stays as it is.
    """
    if raw.path or (content := text_with_line_feeds(raw.kept)) is raw.kept:
        return raw
    return replace(raw, kept=content)


def text_with_line_feeds(content: bytes) -> bytes:
    """Return a text, or its beginning, with line feeds for carriage returns, and other bytes as they are.

    A line feed at the very end, or at the edge of what was read, says nothing of the others.
    """
    has_line_feed = content.find(_LF, 0, max(0, len(content) - 2)) >= 0
    if has_line_feed or _CR not in content or b"\0" in content or content.startswith(_PDF):
        return content
    return content.replace(b"\r\n", _LF).replace(_CR, _LF)
