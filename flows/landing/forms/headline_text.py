"""Headline, then text: a plain text file whose first line is the headline.

Between both may stand a byline ("By Ada Novello"), a date, or the paper's name with a date, each on a line.
Paragraphs are lines, or parted by blank lines.

    Tram leaves on time
    By Ada Novello
    20 December 2015

    The first tram to run in Marsalin since 1957 left the Old Port on Saturday. …

It cannot find a headline that ends in a full stop, or a date within the text. One article per file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ontherecord.flows.landing.decode import decode
from ontherecord.flows.landing.forms.deliver import make_article
from ontherecord.flows.landing.forms.markdown import SUFFIXES as MARKDOWN
from ontherecord.flows.landing.forms.markdown import read_markdown
from ontherecord.flows.landing.forms.plain_article import is_headline, read_plain
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.flows.landing.forms.release_end import without_notes
from ontherecord.warehouse.records import RawFile

NAME = "headline-text"
SUFFIXES = (".txt", ".text", *MARKDOWN)

# A header of the seed's form, which has a reader of its own.
_HEADED = re.compile(r"##\s*[A-Za-z][\w ]{0,30}:")


def is_form(content: bytes, name: str) -> bool:
    """Say whether a text file begins with a headline and goes on below it."""
    if not name.lower().endswith(SUFFIXES) or b"\x00" in content[:4_000]:
        return False
    lines = content[:4_000].decode("utf-8", "replace").lstrip("\ufeff").split("\n")
    lines = [line.strip() for line in lines if line.strip()]
    if not lines or _HEADED.match(lines[0]):
        return False
    first = lines[0].lstrip("# ")
    return len(lines) >= 2 and is_headline(first) and not first.startswith(("<", "{", "[", "---", "+++"))


def read(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the one article of a file; without a headline if it begins with a sentence."""
    text, repairs = decode(raw.content)
    lines = text.split("\n")
    if raw.landed.source_path.lower().endswith(MARKDOWN):
        lines = read_markdown(text)
    article = read_plain(lines)
    body, more = without_notes(article.paragraphs)
    yield make_article(1, None, article.headers, body, (*repairs, *more))
