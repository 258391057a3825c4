"""HTML pages: a saved web page with one article, read by trafilatura.

Takes pages as browsers and crawlers save them, AMP pages and MHTML too. Headline, date, author, outlet,
section and language come from the page's metadata (JSON-LD, Open Graph, meta tags), the text from the page
without menus, teasers and cookie banners. Needs `pip install 'ontherecord[html]'`.

    <html lang="en"><head><title>Tram leaves on time | Marsalin Post</title>
    <meta property="article:published_time" content="2015-12-20T01:00:00+01:00"></head>
    <body><article><h1>Tram leaves on time</h1><p>The first tram …</p></article></body></html>

A page without an article is refused: a section front, an error, login or consent page, a video, a few words.
It cannot read what a page loads by script, or the text behind a paywall.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesParser
from html import unescape
from html.parser import HTMLParser
from typing import Any

from ontherecord.flows.landing.decode import decode_markup
from ontherecord.flows.landing.forms.deliver import failure, letters_of, make_article, without_headline
from ontherecord.flows.landing.forms.extras import load_extra
from ontherecord.flows.landing.forms.markup import without_open_tags
from ontherecord.flows.landing.forms.plain_article import names_paper, read_about
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.flows.plural import counted
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import Failure, RawFile

NAME = "html"
SUFFIXES = (".html", ".htm", ".xhtml", ".shtml", ".mhtml", ".mht")

_START = re.compile(
    rb"[\s\xef\xbb\xbf]{0,200}(?:<\?xml[^<>]{0,200}>\s{0,50})?(?:<!--.{0,2000}?-->\s{0,50})*"
    rb"<(?:!doctype\s+html|html|head|body|meta|title)\b",
    re.IGNORECASE | re.DOTALL,
)
# A page with its pictures, as Chrome, Firefox' UnMHT and Internet Explorer save it.
_MHTML = re.compile(rb"(?:MIME-Version:[^\r\n]*\r?\n)?From:\s*[\"<]?Saved by ", re.IGNORECASE)
# Where a page was saved from, as browsers (`saved from url=(0024)https://…`) and SingleFile note it.
_SAVED_FROM = re.compile(
    r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(?P<url>https?://[^\s<>]+)",
    re.IGNORECASE,
)
_CHARSET = re.compile(rb"<meta[^<>]{1,200}charset\s*=\s*[\"']?([\w-]{2,20})", re.IGNORECASE)
# Words of an article: fewer are a teaser, a caption or an error. A page that says that it is an article may
# be short.
_FEWEST_WORDS = 60
_FEWEST_OF_ARTICLE = 15
# A page that is no article says so in its title, and nothing else stands there.
_NO_ARTICLE = re.compile(
    r"(?:^|\b(?:error|http)\s*)(?:40[0134]|41[0]|429|50[0234])\b|page (?:not|can(?:no|')t be) found|"
    r"not found\b|"
    r"access denied|forbidden|just a moment|attention required|are you a robot|log ?in\b|sign ?in\b|"
    r"before you continue|cookie consent|your privacy|subscribe to (?:read|continue)|service unavailable",
    re.IGNORECASE,
)
# The last words of what a page shows to those who have not paid.
_PAYWALL = re.compile(
    r"\b(?:subscribe|sign in|log in|register)\b[^.]{0,60}\b(?:continue|read|unlock|access)|"
    r"already a subscriber|"
    r"(?:continue|keep) reading\b|for subscribers only|this (?:article|story) is for (?:our )?subscribers",
    re.IGNORECASE,
)
# Lines between headline and text that say who wrote it and when.
_ABOUT_LINES = 3
_BARS = (" | ", " :: ", " » ")
_TITLE_SIGNS = (*_BARS, " — ", " – ", " - ")
# A shorter name than this is found in any text.
_SHORTEST_SITE = 3
_VOID = frozenset(("meta", "link", "img", "br", "input", "hr"))
_TEASER_END = re.compile(
    r"(?:…|\.\.\.|\[…\])\s*$|\b(?:read|continue reading|learn) more\b\s*$", re.IGNORECASE
)
_ARTICLE_TYPE = re.compile(r"(?:\w*Article|\w*Posting|Report|Article|OpinionNews\w*|Review\w*)$")


@dataclass(slots=True)
class _Page:
    """What the head of a page says about its article."""

    title: str | None = None
    meta: dict[str, list[str]] = field(default_factory=dict)
    headings: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    items: dict[str, list[str]] = field(default_factory=dict)
    canonical: str | None = None
    saved_from: str | None = None
    language: str | None = None
    data: list[dict[str, Any]] = field(default_factory=list)
    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    has_article: bool = False
    linked_headings: int = 0


def is_form(content: bytes, name: str) -> bool:
    """Say whether a file begins like a web page."""
    return _START.match(content[:8_000]) is not None or _MHTML.match(content) is not None


def read(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the one article of a page.

    Raises BadDelivery if it has none (`no_article`), or the package is missing (`extra_missing`).
    """
    content, charset, url = _unpack(raw.content) if _MHTML.match(raw.content) else (raw.content, None, None)
    text, repairs = decode_page(content, charset)
    yield read_page(1, text, url, repairs=repairs)


def _unpack(content: bytes) -> tuple[bytes, str | None, str | None]:
    """Return the page in an MHTML file, a mail with its pictures; its charset and its address."""
    message = BytesParser(policy=policy.compat32).parsebytes(content)
    page = next((part for part in message.walk() if part.get_content_type() == "text/html"), message)
    payload = page.get_payload(decode=True)
    charset = page.get_content_charset()
    url = message.get("Snapshot-Content-Location") or page.get("Content-Location")
    return payload if isinstance(payload, bytes) else b"", charset, url


def decode_page(content: bytes, charset: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Return the text of a page: UTF-8 if it is, else what server or page say, else what its bytes allow."""
    try:
        return content.removeprefix(b"\xef\xbb\xbf").decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    declared = _CHARSET.search(content[:4_000])
    name = charset or (declared[1].decode("ascii", "replace") if declared else None)
    # Windows-1252 is what browsers read where a page says ISO 8859-1.
    if name and name.lower() not in ("utf-8", "iso-8859-1", "latin1", "us-ascii", "ascii"):
        try:
            return content.decode(name), ()
        except (LookupError, UnicodeDecodeError):
            pass
    return decode_markup(content)


def read_page(
    number: int,
    text: str,
    url: str | None = None,
    more: Iterable[tuple[str, str | None]] = (),
    repairs: Iterable[str] = (),
) -> RawArticle:
    """Return the article of a page; `url` is where it was fetched, `more` are headers of its container.

    Raises BadDelivery if the page has none (`no_article`).
    """
    trafilatura = load_extra("trafilatura", "html")
    text = text.replace("\x00", "")
    page = _read_head(text)
    try:
        found = trafilatura.bare_extraction(
            text,
            url=url,
            with_metadata=True,
            include_comments=False,
            include_tables=False,
            favor_precision=False,
            # Its search of the text takes any year that is mentioned for the day of publication.
            date_extraction_params={"original_date": True, "extensive_search": False},
        )
    except (ValueError, RecursionError, AttributeError, TypeError) as error:
        raise BadDelivery(_no_article(page.title, "its HTML is damaged")) from error
    headers = _headers(page, found, url)
    values = dict(reversed([pair for pair in headers if pair[1]]))
    title = values.get("title")
    body = without_headline((found.text if found else None) or "", title)
    about, body = _about(body)
    known = {name for name, value in headers if value}
    headers += [pair for pair in about if ("author" if pair[0] == "byline" else pair[0]) not in known]
    if failed := _refuse(page, title, body):
        raise BadDelivery(failed)
    return make_article(number, values.get("url"), [*headers, *more], body, repairs)


def _about(body: str) -> tuple[list[tuple[str, str]], str]:
    """Return byline and date that stand as lines of their own above a text, and the text."""
    about: list[tuple[str, str]] = []
    first, _, rest = body.partition("\n")
    while rest and len(about) < _ABOUT_LINES and (found := read_about(first, about)):
        about += found
        body = rest
        first, _, rest = body.partition("\n")
    return about, body


def _headers(page: _Page, found: Any, url: str | None) -> list[tuple[str, str | None]]:
    """Return what the page says, the best source first: JSON-LD, Open Graph, microdata, trafilatura."""
    data = page.data[0] if page.data else {}

    def first(*values: str | None) -> str | None:
        return next((value.strip() for value in values if value and value.strip()), None)

    def meta(*names: str) -> str | None:
        return first(*(value for name in names for value in page.meta.get(name, ())))

    authors = _names(data.get("author"), page.nodes)
    authors = authors or page.meta.get("author") or page.items.get("author") or []
    authors = [author for author in authors if not author.startswith(("http://", "https://"))]
    guessed = getattr(found, "author", None)
    publishers = _names(data.get("publisher"), page.nodes)
    sites = [*publishers, *page.meta.get("og:site_name", ()), *page.meta.get("application-name", ()),
             *page.items.get("publisher", ())]  # fmt: skip
    shared = meta("og:title", "twitter:title")
    headline = (
        _text(data.get("headline"))
        or (shared and _without_site(shared, sites, page.headings))
        or first(*page.items.get("headline", ()))
    )
    headings = [heading for heading in page.headings if heading and (page.title or "").startswith(heading)]
    date = first(
        _text(data.get("datePublished")),
        meta("article:published_time", "datepublished", "og:published_time", "pubdate", "publishdate", "date",
             "dc.date", "dc.date.issued", "dcterms.created", "parsely-pub-date", "sailthru.date"),
        *page.items.get("datePublished", ()),
        *page.times[:1],
        getattr(found, "date", None),
    )  # fmt: skip
    section = _text(data.get("articleSection")) or meta("article:section", "section", "parsely-section")
    outlet = first(
        *publishers, meta("og:site_name", "application-name", "publisher"), *page.items.get("publisher", ())
    )
    link = first(url, page.canonical, meta("og:url"), _text(data.get("url")), page.saved_from)
    if link and not link.startswith(("http://", "https://")):
        link = first(meta("og:url"), _text(data.get("url")), page.saved_from)
    headings += _headline_of(page.title, sites)
    return [
        ("title", first(headline, *headings, getattr(found, "title", None), page.title)),
        ("date", date),
        ("modified", first(_text(data.get("dateModified")), meta("article:modified_time"))),
        *(("author", author) for author in dict.fromkeys(authors or ([guessed] if guessed else []))),
        ("outlet", first(outlet, getattr(found, "sitename", None))),
        ("url", link),
        ("section", section),
        ("language", first(_text(data.get("inLanguage")), page.language, meta("og:locale", "language"))),
        ("description", first(_text(data.get("description")), meta("og:description", "description"))),
    ]  # fmt: skip


def _without_site(title: str, sites: Sequence[str], headings: Sequence[str]) -> str:
    """Return a title that is made for sharing without the name of the site at one of its ends.

    It has one if the page's heading is the rest of it, or if it is a name that the page gives for its site.
    """
    for sign in _TITLE_SIGNS:
        for rest in (title.rpartition(sign)[0], title.partition(sign)[2]):
            if rest and any(letters_of(rest) == letters_of(heading) for heading in headings):
                return rest.strip()
    for sign in _TITLE_SIGNS:
        first, _, rest = title.partition(sign)
        before, _, last = title.rpartition(sign)
        if before and any(letters_of(last) == letters_of(site) for site in sites):
            return before.strip()
        if rest and any(letters_of(first) == letters_of(site) for site in sites):
            return rest.strip()
    return title


def _headline_of(title: str | None, sites: Sequence[str]) -> list[str]:
    """Return the headline in a page's title, `Tram leaves on time - Marsalin Post`, in which order ever.

    The name of the site is the part that is like a name of it that the page gives. Without one, it is the
    part with a word that papers are named by, or the shorter one; bars part before dashes do. Behind a dash a
    small letter, or any other name than the known one, goes on with the headline.
    """
    for sign in _TITLE_SIGNS:
        parts = [part.strip() for part in (title or "").split(sign)]
        if len(parts) < 2 or not all(parts):
            continue
        is_last, is_first = (any(_is_like(part, site) for site in sites) for part in (parts[-1], parts[0]))
        if not is_last and not is_first:
            if sign not in _BARS and (sites or parts[-1][0].islower()):
                return [title or ""]
            is_first = len(parts[0].split()) < len(parts[-1].split())
            if names_paper(parts[-1]) != names_paper(parts[0]):
                is_first = names_paper(parts[0])
            is_last = not is_first
        return [sign.join(parts[:-1] if is_last else parts[1:])]
    return []


def _is_like(part: str, site: str) -> bool:
    """Say whether a part of a title is a name of the site, longer or shorter: 'BBC' of 'BBC News'."""
    one, other = sorted((letters_of(part), letters_of(site)), key=len)
    return len(one) >= _SHORTEST_SITE and one in other


def _refuse(page: _Page, title: str | None, body: str) -> Failure | None:
    """Return the failure of a page that has no article, by what it says and how it is built."""
    words = len(re.findall(r"\w+", body))
    is_article = bool(page.data) or page.has_article or "article" in page.meta.get("og:type", ())
    if _NO_ARTICLE.search(page.title or "") and words < 3 * _FEWEST_WORDS:
        return _no_article(page.title, "it says that the page cannot be read")
    if words < (_FEWEST_OF_ARTICLE if is_article else _FEWEST_WORDS):
        return _no_article(title or page.title, f"it has {counted(words, 'word')} of text")
    lines = body.split("\n")
    if words < 3 * _FEWEST_WORDS and _PAYWALL.search(lines[-1]):
        return _no_article(title or page.title, "it shows only the beginning, to those who do not subscribe")
    teasers = sum(bool(_TEASER_END.search(line)) for line in lines)
    if not page.data and (
        teasers >= 3 or ((teasers or not is_article) and page.linked_headings >= 5 > len(lines) / 4)
    ):
        return _no_article(title or page.title, "it is a list of articles")
    return None


def _no_article(title: str | None, why: str) -> Failure:
    return failure(
        "no_article",
        title or "a page without a title",
        f"This page has no article: {why}. Fetch the page of the article again, and deliver it whole.",
    )


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        return "; ".join(filter(None, map(_text, value))) or None
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value")
        return _text(value)
    return unescape(value) if isinstance(value, str) else None


def _names(value: Any, nodes: dict[str, dict[str, Any]]) -> list[str]:
    """Return the names of people or organizations in JSON-LD: a text, an object, or a list of them.

    An object may stand elsewhere on the page (`{"@id": "#author"}`), as Yoast's plugin for WordPress has it.
    """
    if isinstance(value, list):
        return [name for entry in value for name in _names(entry, nodes)]
    if isinstance(value, dict):
        entry = value if "name" in value else nodes.get(str(value.get("@id")), {})
        return _names(entry.get("name"), {})
    text = _text(value)
    return [text] if text else []


def _read_head(text: str) -> _Page:
    reader = _HeadReader()
    if saved := _SAVED_FROM.search(text[:4_000]):
        reader.page.saved_from = saved["url"]
    try:
        reader.feed(without_open_tags(text[:2_000_000]))
        reader.close()
    except (ValueError, AssertionError):
        pass  # a broken declaration: what was read until there is what there is
    return reader.page


class _HeadReader(HTMLParser):
    """Reads metadata: title, meta tags, JSON-LD, microdata, headings, times."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = _Page()
        self._reading: list[tuple[str, str, list[str]]] = []  # tag, what it is for, its text
        self._links = 0
        # Open elements with an item of microdata: tag, what the item is, how many of this tag are open in it.
        self._scopes: list[tuple[str, str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        page = self.page
        self._open_scope(tag, given)
        if tag == "html":
            page.language = given.get("lang") or given.get("xml:lang") or page.language
        elif tag == "meta":
            name = (
                given.get("property")
                or given.get("name")
                or given.get("itemprop")
                or given.get("http-equiv")
                or ""
            ).lower()
            if name and given.get("content"):
                page.meta.setdefault(name, []).append(given["content"])
                if given.get("itemprop") == "name" and self._scope() in ("publisher", "author"):
                    page.items.setdefault(self._scope(), []).append(given["content"])
        elif tag == "link" and "canonical" in given.get("rel", "").lower():
            page.canonical = given.get("href") or page.canonical
        elif tag == "article":
            page.has_article = True
        elif tag == "time" and given.get("datetime"):
            page.times.append(given["datetime"])
            if given.get("itemprop"):
                page.items.setdefault(given["itemprop"], []).append(given["datetime"])
            return
        elif tag == "a":
            self._links += 1
        if tag == "title" and page.title is None:
            self._reading.append((tag, "title", []))
        elif tag == "script" and "ld+json" in given.get("type", ""):
            self._reading.append((tag, "data", []))
        elif tag in ("h1", "h2", "h3"):
            if self._links and tag != "h1":
                page.linked_headings += 1
            self._reading.append((tag, "heading" if tag == "h1" else "", []))
        if (item := given.get("itemprop")) in ("headline", "author", "datePublished") and tag not in (
            "meta",
            "link",
            "h1",
        ):
            self._reading.append((tag, str(item), []))
        elif tag == "h1" and given.get("itemprop") == "headline":
            self._reading[-1] = (tag, "headline", [])
        elif tag not in _VOID and (
            (item == "name" and self._scope() == "publisher")
            or (item == "publisher" and "itemscope" not in given)
        ):
            self._reading.append((tag, "publisher", []))

    def _open_scope(self, tag: str, given: dict[str, str]) -> None:
        if tag in _VOID:
            return
        if "itemscope" in given:
            self._scopes.append((tag, given.get("itemprop", ""), 1))
        elif self._scopes and self._scopes[-1][0] == tag:
            self._scopes[-1] = (tag, self._scopes[-1][1], self._scopes[-1][2] + 1)

    def _scope(self) -> str:
        return self._scopes[-1][1] if self._scopes else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._links = max(0, self._links - 1)
        if self._scopes and self._scopes[-1][0] == tag:
            _, item, count = self._scopes.pop()
            if count > 1:
                self._scopes.append((tag, item, count - 1))
        if not self._reading or self._reading[-1][0] != tag:
            return
        _, what, parts = self._reading.pop()
        text = " ".join("".join(parts).split())
        if what == "title":
            self.page.title = text or None
        elif what == "heading":
            self.page.headings.append(text)
        elif what == "data":
            entries = _entries_in("".join(parts))
            self.page.data += _articles_of(entries)
            dates = [_text(e.get("datePublished")) for e in entries if "WebPage" in _types(e)]
            self.page.items.setdefault("datePublished", []).extend(filter(None, dates))
            self.page.nodes.update((str(e["@id"]), e) for e in entries if "@id" in e and "name" in e)
        elif what and (text := " ".join(re.sub(r"\S*@\S*", "", text).split())):
            self.page.items.setdefault(what, []).append(text)
        if what == "headline":
            self.page.headings.append(text)

    def handle_data(self, data: str) -> None:
        if self._reading:
            self._reading[-1][2].append(data)


def _entries_in(text: str) -> list[dict[str, Any]]:
    """Return the entries of a block of JSON-LD, those of its graphs and the main entities of pages too."""
    try:
        data = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return []
    found: list[Any] = data if isinstance(data, list) else [data]
    for entry in list(found):
        graph = entry.get("@graph") if isinstance(entry, dict) else None
        found += graph if isinstance(graph, list) else []
    found += [entry["mainEntity"] for entry in found if isinstance(entry, dict) and "mainEntity" in entry]
    return [entry for entry in found if isinstance(entry, dict)]


def _articles_of(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entry for entry in entries if any(_ARTICLE_TYPE.search(str(t)) for t in _types(entry))]


def _types(entry: dict[str, Any]) -> list[Any]:
    value = entry.get("@type")
    return value if isinstance(value, list) else [value]
