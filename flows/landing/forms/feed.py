"""Feeds: RSS, Atom and WordPress exports with the full text of their items, read by feedparser.

Each item is an article: its title, link, date, author and category, and the text in `content:encoded` (RSS),
`content` (Atom), `yandex:full-text` or, where it is long, `description`. The feed's title is the paper and
its language the article's. The guid is the key. Needs `pip install 'ontherecord[feeds]'`.

    <rss version="2.0"><channel><title>Marsalin Post</title><item><title>Tram leaves on time</title>
    <link>https://post.example/tram</link><pubDate>Sun, 20 Dec 2015 01:00:00 +0100</pubDate>
    <content:encoded><![CDATA[<p>The first tram …</p>]]></content:encoded></item></channel></rss>

An item that has a teaser only is quarantined, and so is the last one of a feed that is cut off; a sitemap,
which has no text, is refused. It cannot fetch the pages that a feed links to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from ontherecord.flows.landing.damage import name_damage
from ontherecord.flows.landing.forms.deliver import bad_article, failure, make_article
from ontherecord.flows.landing.forms.extras import load_extra
from ontherecord.flows.landing.forms.markup import is_markup, paragraphs_of
from ontherecord.flows.landing.forms.plain_article import paragraphs_of_text
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import Failure, RawFile

NAME = "feed"
SUFFIXES = (".rss", ".atom", ".rdf", ".xml")

_ROOT = re.compile(rb"<(?:rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]")
_SITEMAP = re.compile(rb"<(?:urlset|sitemapindex)[\s>]")
# Without it the file is cut off, most likely in its last item.
_END = re.compile(rb"</(?:rss|feed|rdf:RDF)\s*>")
_CUT = "it is cut off: the element that holds the items is never closed"
_TEASER = re.compile(
    r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*$|\b(?:continue reading|read more|read on|full story)\b[\s.…»→>]*$",
    re.IGNORECASE,
)
# A description of fewer words is a teaser, even if it ends in a full stop.
_FEWEST_WORDS = 120
# An export of a blog also has drafts, pages and attachments.
_NOT_PUBLISHED = frozenset(("draft", "private", "trash", "pending", "auto-draft", "future", "inherit"))
_NO_POSTS = frozenset((
    "attachment", "page", "nav_menu_item", "revision", "custom_css", "customize_changeset", "oembed_cache",
    "wp_block", "wp_template", "wp_template_part", "wp_global_styles", "wp_navigation",
))  # fmt: skip
# Items of an export name their author by login; the names stand on top of it, whose rest may be large.
_WRITER = re.compile(
    r"<wp:author_login>(?P<login>.{1,200}?)</wp:author_login>.{0,1000}?"
    r"<wp:author_display_name>(?P<name>.{1,400}?)</wp:author_display_name>",
    re.DOTALL,
)
_TOP = 200_000
# In the first bytes a file has its root.
_HEAD = 4_000
# Whole texts in extensions of RSS: Yandex News and Turbo pages, and what publishers' own feeds name theirs.
_FULL_TEXTS = ("yandex_full-text", "turbo_content", "full-text", "full_text", "fulltext")
# WordPress's own line below each item of its feeds.
_APPEARED_FIRST = re.compile(r"The post .{1,300} (?:appeared first|first appeared) on .{1,100}\.")
# `[caption id="…"]…[/caption]` and `[gallery ids="…"]`: WordPress keeps them as written in its exports.
_SHORTCODE = re.compile(
    r"\[(?P<name>caption|gallery|audio|video|embed|playlist|wp_caption)\b[^\]]{0,500}\](?:.{0,2000}?\[/(?P=name)\])?",
    re.DOTALL,
)


def is_form(content: bytes, name: str) -> bool:
    """Say whether a file is a feed or a sitemap, by its root."""
    return _ROOT.search(content[:4_000]) is not None


def read(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the article of each item.

    Raises BadDelivery if the file is a sitemap or has no item (`no_article`), is damaged (`feed_unreadable`),
    or the package is missing (`extra_missing`).
    """
    if _SITEMAP.search(raw.content[:4_000]):
        message = "This is a sitemap: a list of addresses without text. Fetch the pages, and deliver those."
        raise BadDelivery(failure("no_article", "a sitemap", message))
    feedparser = load_extra("feedparser", "feeds")
    try:
        # Texts are made plain afterwards; dates stay as they are written.
        found = feedparser.parse(raw.content, sanitize_html=False, resolve_relative_uris=False)
    except (ValueError, RecursionError, LookupError, AttributeError) as error:
        raise BadDelivery(_unreadable(name_damage(error))) from error
    if not found.entries and not found.bozo and not _ROOT.search(raw.content[:_HEAD]):
        message = (
            "This XML is of no form that is read: RSS, Atom, NewsML, NITF, ProQuest's and trafilatura's are. "
            "Deliver the articles in one of them, or as a table."
        )
        raise BadDelivery(failure("no_article", _first_tag(raw.content), message))
    is_cut = not _END.search(raw.content)
    if not found.entries:
        if is_cut or found.bozo:
            raise BadDelivery(_unreadable(_CUT if is_cut else _name_problem(found)))
        raise BadDelivery(
            failure("no_article", "no items", "The feed has no items. Fetch it again, with its items.")
        )
    writers = _writers(raw.content[:_TOP].decode("utf-8", "replace"))
    for number, item in enumerate(found.entries, start=1):
        if is_cut and number == len(found.entries):
            # feedparser closes what is open, and gives the beginning of a text as if it were all.
            yield BadArticle(number, item.get("id") or item.get("link"), _unreadable(_CUT))
        else:
            yield _read_item(number, item, found.feed, writers)


def _name_problem(found: Any) -> str:
    """Say where the XML of a feed breaks, as far as its parser says."""
    error = found.get("bozo_exception")
    try:
        return f"its XML is not valid at line {error.getLineNumber()}, column {error.getColumnNumber()}"
    except AttributeError:  # what is no error of the XML
        return "it is no feed"


def _unreadable(why: str) -> Failure:
    return failure("feed_unreadable", why, "The feed is damaged here. Fetch it again, complete.")


def _first_tag(content: bytes) -> str:
    """Return the name of a document's first element, which tells what it is."""
    match = re.search(rb"<([A-Za-z][\w.:-]{0,60})", content[:_HEAD])
    return f"<{match[1].decode('ascii', 'replace')}>" if match else "no element"


def _writers(text: str) -> dict[str, str]:
    """Return the names of a WordPress export's authors by their logins."""
    return {_data(match["login"]): _data(match["name"]) for match in _WRITER.finditer(text)}


def _data(text: str) -> str:
    return unescape(text.strip().removeprefix("<![CDATA[").removesuffix("]]>")).strip()


def _read_item(number: int, item: Any, feed: Any, writers: Mapping[str, str]) -> RawArticle | BadArticle:
    key = item.get("id") or item.get("link")
    title = _plain(item.get("title"))
    kind, status = item.get("wp_post_type"), str(item.get("wp_status", "")).lower()
    if status in _NOT_PUBLISHED or kind in _NO_POSTS:
        status = kind if kind in _NO_POSTS else status
        message = f"This item of the export is no published article: {status}. Leave it out, or publish it."
        return bad_article(number, key, "not_published", title, message)
    text, is_whole = _text(item)
    if "&lt;" in text and not is_markup(text):
        text = unescape(text)
    if kind:
        # Exports have texts as written: WordPress makes paragraphs of empty lines when it shows them.
        text = re.sub(r"\n\s*\n", "\n<p>", _SHORTCODE.sub("", text.replace("\r\n", "\n")))
    paragraphs = paragraphs_of(text) if is_markup(text) else paragraphs_of_text(text.split("\n"))
    if paragraphs and _APPEARED_FIRST.fullmatch(paragraphs[-1]):
        paragraphs = paragraphs[:-1]
    words = sum(len(paragraph.split()) for paragraph in paragraphs)
    if not is_whole and (words < _FEWEST_WORDS or _TEASER.search(paragraphs[-1] if paragraphs else "")):
        message = "The feed gives only a teaser of this item. Fetch the page, and deliver that."
        return bad_article(number, key, "text_cut_off", title, message)
    return make_article(number, key, _headers(item, feed, title, writers), paragraphs)


def _text(item: Any) -> tuple[str, bool]:
    """Return the text of an item, and whether the feed means it to be whole."""
    contents = [content.get("value", "") for content in item.get("content", ())]
    longest = max(contents, key=len, default="")
    if longest.strip():
        last = (paragraphs_of(longest) or [""])[-1]
        return longest, not (_TEASER.search(last) and len(longest.split()) < _FEWEST_WORDS)
    full = next((str(item[name]) for name in _FULL_TEXTS if str(item.get(name) or "").strip()), None)
    return (full, True) if full else (item.get("summary", "") or "", False)


def _headers(
    item: Any, feed: Any, title: str | None, writers: Mapping[str, str]
) -> list[tuple[str, str | None]]:
    authors = [author.get("name") for author in item.get("authors", ()) if author.get("name")]
    updated = dict.get(item, "updated")  # feedparser's own get() gives `published` where there is none
    source = (item.get("source") or {}).get("title")
    # A WordPress export says which terms are categories and which are tags.
    tags = item.get("tags", ())
    tags = [tag for tag in tags if tag.get("scheme") == "category"] + [
        tag for tag in tags if tag.get("scheme") != "category"
    ]
    return [
        ("title", title),
        ("pubDate", item.get("published") or item.get("created") or updated),
        ("updated", updated),
        *(("author", writers.get(a or "", a)) for a in dict.fromkeys(authors or [item.get("author")])),
        ("source.title", source or _plain(feed.get("title"))),
        ("link", _link(item)),
        *(("category", tag.get("term")) for tag in tags[:1]),
        *(("tag", tag.get("term")) for tag in tags[1:]),
        ("language", _language(item) or feed.get("language")),
        ("guid", item.get("id")),
    ]  # fmt: skip


def _link(item: Any) -> str | None:
    link = item.get("link")
    return link if link and str(link).startswith(("http://", "https://")) else None


def _language(item: Any) -> str | None:
    """Return the language of an item's text; feedparser gives the one that holds there."""
    return next(
        (content.get("language") for content in item.get("content", ()) if content.get("language")), None
    )


def _plain(text: str | None) -> str | None:
    return " ".join(paragraphs_of(text)) if text and ("<" in text or "&" in text) else text
