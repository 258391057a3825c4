"""Key-value headers: lines of a name, a colon and a value, a blank line, then the text.

Takes what archives, Pelican and people write; at least two names must be ones that news has (title, date,
author, source and so on). A value goes on in lines that are indented; empty lines may part the names, and the
last one may be `Text:` or `Body:`.

    Title: Tram leaves on time
    Source: Marsalin Post
    Date: 20 December 2015, 01:00

    The first tram to run in Marsalin since 1957 left the Old Port on Saturday. …

It cannot tell headers from text where no blank line parts them. One article per file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ontherecord.flows.landing.decode import decode
from ontherecord.flows.landing.forms.deliver import make_article
from ontherecord.flows.landing.forms.markdown import SUFFIXES as MARKDOWN
from ontherecord.flows.landing.forms.markdown import read_markdown
from ontherecord.flows.landing.forms.plain_article import paragraphs_of_text
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.flows.landing.forms.release_end import without_notes
from ontherecord.flows.landing.header_names import HeaderNames, is_known
from ontherecord.warehouse.records import RawFile

NAME = "key-value"
SUFFIXES: tuple[str, ...] = ()

_HEADER = re.compile(r"(?P<name>[^\W\d_][\w .-]{0,40}?)\s?:(?:\s+(?P<value>.*)|)")

# A line that parts headers from text.
_RULE = re.compile(r"\s*(?:-{3,}|={3,}|_{3,}|\*{3,})\s*")


def is_form(content: bytes, name: str) -> bool:
    """Say whether a file begins with headers that news has."""
    text = content[:20_000].decode("utf-8", "replace").lstrip("\ufeff\r\n ")
    headers, _ = _split(text.split("\n"))
    known = {name.casefold() for name, _ in headers if is_known(name)}
    return len(known) >= 2


def read(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the one article of a file."""
    text, repairs = decode(raw.content)
    lines = text.lstrip("\n ").split("\n")
    headers, at = _split(lines)
    is_markdown = raw.landed.source_path.lower().endswith(MARKDOWN)
    below = lines[at:]
    names = HeaderNames()
    if headers and names.text_names([headers[-1][0]]):
        # 'Text: The first tram …': the last name is that of the text.
        below = [headers.pop()[1], *below]
    start = next((i for i, line in enumerate(below) if line.strip()), len(below))
    if start < len(below) and _RULE.fullmatch(below[start]):
        below = below[start + 1 :]
    body = read_markdown("\n".join(below)) if is_markdown else paragraphs_of_text(below)
    body, more = without_notes(body)
    yield make_article(1, names.key(headers), headers, body, (*repairs, *more))


def _goes_on(lines: Sequence[str], headers: Sequence[tuple[str, str]]) -> bool:
    """Say whether the next line is a header that news has and that was not given yet."""
    line = next((line for line in lines if line.strip()), "").rstrip()
    match = _HEADER.fullmatch(line)
    given = {name.casefold() for name, _ in headers}
    return bool(match and is_known(match["name"]) and match["name"].casefold() not in given)


def _split(lines: Sequence[str]) -> tuple[list[tuple[str, str]], int]:
    """Return the headers at the top, and the line where the text begins."""
    headers: list[tuple[str, str]] = []
    for at, line in enumerate(lines):
        line = line.rstrip("\r")
        if headers and HeaderNames().text_names([headers[-1][0]]):
            return headers, at
        if not line.strip():
            if headers and _goes_on(lines[at:], headers):
                continue
            return headers, at
        if headers and line[0] in " \t":
            name, value = headers[-1]
            headers[-1] = name, f"{value} {line.strip()}"
        elif match := _HEADER.fullmatch(line):
            headers.append((match["name"], (match["value"] or "").strip()))
        else:
            return (headers, at) if len(headers) >= 2 else ([], 0)
    return headers, len(lines)
