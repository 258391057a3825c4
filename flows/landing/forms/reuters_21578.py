"""Reuters-21578: the text collection of Reuters' newswire of 1987, in the SGML that it is distributed in.

Takes its files (`reut2-000.sgm` to `reut2-021.sgm`), each with a thousand articles. Title, dateline, author
and date become headers, `NEWID` is the key, and Reuters the agency.

    <REUTERS TOPICS="YES" LEWISSPLIT="TRAIN" OLDID="5544" NEWID="1"><DATE>26-FEB-1987 15:01:01.79</DATE>
    <TEXT><TITLE>TRAM LEAVES ON TIME</TITLE><DATELINE>    MARSALIN, Feb 26 - </DATELINE>
    <BODY>The first tram …</BODY></TEXT></REUTERS>

An article that has a title only is quarantined; the others load.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from ontherecord.flows.landing.decode import decode_markup
from ontherecord.flows.landing.forms.deliver import bad_article, failure, make_article
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import RawFile

NAME = "reuters-21578"
SUFFIXES = (".sgm", ".sgml")

_FIRST = re.compile(rb"<REUTERS\s[^<>]{0,300}NEWID=")
# SGML is no XML: end tags of the collection are all there, its control characters are no text.
_ARTICLE = re.compile(r"<REUTERS\s(?P<attributes>[^<>]{0,300})>(?P<content>.*?)</REUTERS>", re.DOTALL)
_NEWID = re.compile(r'NEWID="(?P<id>\d+)"')
_CONTROL = re.compile(r"&#(?:\d|[12]\d|3[01]|127);|[\x00-\x08\x0b-\x1f\x7f]")
# The last line of an article: 'Reuter', in capitals or not.
_MARK = re.compile(r"\s*reuters?\s*", re.IGNORECASE)


def is_form(content: bytes, name: str) -> bool:
    """Say whether a file is of the collection."""
    return _FIRST.search(content[:4_000]) is not None


def read(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the articles of a file. Raises BadDelivery if it has none (`no_article`)."""
    text, repairs = decode_markup(raw.content)
    number = 0
    for number, match in enumerate(_ARTICLE.finditer(text), start=1):
        yield _read(number, match, repairs)
    if not number:
        message = "The file has no article of Reuters-21578, or is cut off. Fetch it again."
        raise BadDelivery(failure("no_article", None, message))


def _read(number: int, match: re.Match[str], repairs: tuple[str, ...]) -> RawArticle | BadArticle:
    content = _CONTROL.sub("", match["content"])
    newid = _NEWID.search(match["attributes"])
    key, title = newid["id"] if newid else None, _element(content, "TITLE")
    body = _paragraphs(_raw_element(content, "BODY") or "")
    if not body:
        message = "This article of the collection has no text, as its briefs and some others. Leave it out."
        return bad_article(number, key, "text_missing", title, message)
    headers = [
        ("title", title),
        ("date", (_element(content, "DATE") or "").partition(".")[0]),
        ("dateline", (_element(content, "DATELINE") or "").rpartition(",")[0]),
        ("author", (_element(content, "AUTHOR") or "").removesuffix(", Reuters")),
        ("agency", "Reuters"),
        ("topics", "; ".join(re.findall(r"<D>([^<>]{1,100})</D>", _raw_element(content, "TOPICS") or ""))),
        ("id", key),
    ]
    return make_article(number, key, headers, body, repairs)


def _raw_element(content: str, name: str) -> str | None:
    match = re.search(rf"<{name}>(.*?)</{name}>", content, re.DOTALL)
    return match[1] if match else None


def _element(content: str, name: str) -> str | None:
    found = _raw_element(content, name)
    return " ".join(unescape(found).split()) if found else None


def _paragraphs(body: str) -> list[str]:
    """Return the paragraphs of a text that is wrapped at a width; an indented line begins one."""
    paragraphs: list[list[str]] = [[]]
    for line in unescape(body).split("\n"):
        if line.startswith("    "):
            paragraphs.append([])
        paragraphs[-1].append(line.strip())
    found = [text for lines in paragraphs if (text := " ".join(filter(None, lines)))]
    if found and _MARK.fullmatch(found[-1]):
        found.pop()
    elif found:
        found[-1] = re.sub(r"\s+REUTERS?$", "", found[-1], flags=re.IGNORECASE)
    return found
