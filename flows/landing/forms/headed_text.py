"""Headed text: a text file that begins with `## Name: value` lines, then a blank line and the text.

    ## Title: Ferry sails again
    ## Section: Local
    ## Date: Thursday, December 17, 2015 - 01:00

    Ferry sails again

    The ferry to Marsalin sails again, captain Olaf Steen said. …

Headers may come in any order and case, each on a line of its own. UTF-8 is expected; UTF-16 with a byte
order mark and Windows-1252 are read with a warning. It holds one article: a second `## Title:` or `## Date:`
further down is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ontherecord.flows.landing.decode import decode
from ontherecord.flows.landing.file_types import refuse_page
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import Failure, RawFile

NAME = "headed-text"
# Others are read too, with a warning: what a paper adds to the form may not mean what its name says.
_HEADERS = frozenset(("title", "supertitle", "section", "date"))
SUFFIXES = (".txt",)  # upper or lower case: some systems write .TXT
_HEADER = re.compile(r"\s{0,8}##\s{0,8}([A-Za-z][A-Za-z _-]{0,30}?)\s{0,8}:(.*)")
# One such line tells the form: no Markdown heading has a colon behind its first words and a value.
_FIRST = re.compile(rb"(?:^|[\r\n])[ \t]{0,8}##[ \t]{0,8}(?:title|date)[ \t]{0,8}:", re.IGNORECASE)


def is_form(content: bytes, name: str) -> bool:
    """Say whether a file that begins with these bytes has a Title or Date header."""
    return _FIRST.search(content) is not None


def read(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the article of a file. The lines of its body are as written, blank ones too.

    Raises BadDelivery if the file is not text, has no header, or is a web page or several articles.
    """
    text, decode_warnings = decode(raw.content)
    lines = text.split("\n")
    headers, body_line, warnings = _read_headers(lines, text)
    body = lines[body_line:]
    shown = [line for line in body if line.strip()][:20]
    if shown and (failure := refuse_page("\n".join(shown))):
        raise BadDelivery(failure)
    repairs = tuple(sorted({*decode_warnings, *warnings}))
    yield RawArticle(1, None, headers, "\n".join(body), repairs)


def _read_headers(lines: list[str], text: str) -> tuple[tuple[tuple[str, str], ...], int, set[str]]:
    """Return names and values, the index of the line where the body starts, and warnings."""
    warnings = set()
    first = next((i for i, line in enumerate(lines) if _HEADER.fullmatch(line)), None)
    if first is None:
        raise BadDelivery(
            refuse_page(text)
            or Failure(
                "headers_missing",
                None,
                _shorten(next((line for line in lines if line.strip()), "")),
                "No header line was found. An article file starts with '## Title: …', '## Section: …' and "
                "'## Date: …', each on a line of its own. Add them at the top.",
            )
        )
    if any(line.strip() for line in lines[:first]):
        warnings.add("preamble")
    elif first:
        warnings.add("leading_blank_lines")
    headers: list[tuple[str, str]] = []
    body_line = first
    while body_line < len(lines) and (match := _HEADER.fullmatch(lines[body_line])):
        headers.append((match[1], " ".join(match[2].split())))
        body_line += 1
    if body_line < len(lines) and lines[body_line].strip():
        warnings.add("missing_blank_line")
    names = {name.lower() for name, _ in headers}
    if names - _HEADERS:
        warnings.add("unknown_header")
    if len(names) < len(headers):
        warnings.add("duplicate_header")
    _refuse_second_article(lines, body_line)
    return tuple(headers), body_line, warnings


def _refuse_second_article(lines: list[str], body_line: int) -> None:
    for number, line in enumerate(lines[body_line:], start=body_line + 1):
        match = _HEADER.fullmatch(line)
        if match and match[1].lower() in ("title", "date"):
            raise BadDelivery(
                Failure(
                    "second_article",
                    match[1].lower(),
                    _shorten(f"line {number}: {line.strip()}"),
                    "A second article begins in the middle of the file. Deliver one article per file.",
                )
            )


def _shorten(value: str) -> str:
    return value if len(value) <= 200 else value[:199] + "…"
