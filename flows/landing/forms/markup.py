"""Markup: the paragraphs of a piece of HTML, such as the body that an API, a feed or a mail gives."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "dd", "div", "dl", "dt", "fieldset", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p",
    "pre", "section", "table", "td", "th", "tr", "ul",
))  # fmt: skip
# What is not read: code, pictures with their captions, forms.
_SKIPPED = frozenset((
    "script", "style", "head", "title", "noscript", "template", "iframe", "object", "svg", "figure",
    "figcaption", "button", "select", "textarea", "audio", "video", "math",
))  # fmt: skip
# What newsletters and blogs put into a text to sell it: Substack's and Ghost's forms and buttons, WordPress's
# share bar.
_SKIPPED_CLASSES = frozenset((
    "subscription-widget-wrap", "subscription-widget-wrap-editor", "subscription-widget", "button-wrapper",
    "captioned-button-wrap", "kg-button-card", "kg-signup-card", "kg-cta-card", "sharedaddy",
    "jp-relatedposts",
))  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_EMPTY = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
))  # fmt: skip
# Signs that newsletters fill their preview with, and that nobody sees.
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u034f\u00ad]")
_TAG = re.compile(
    r"</?(?:p|br|div|span|a|b|i|em|strong|h[1-6]|ul|ol|li|blockquote|figure|section)\b[^<>]{0,500}>", re.I
)
# A `<` that no `>` follows before the next one: thousands of them keep Python's parser busy for minutes.
_OPEN = re.compile(r"<(?=[^<>]*(?:<|\Z))")
_END = re.compile(r"</[a-z]|<br\b|<p\b", re.I)


def is_markup(text: str) -> bool:
    """Say whether a text is HTML rather than a text in which a `<` stands."""
    return _END.search(text) is not None and _TAG.search(text) is not None


def paragraphs_of(html: str) -> list[str]:
    """Return the paragraphs of HTML as text, without what is not to be read."""
    return [line for line in lines_of(html) if line]


def without_open_tags(html: str) -> str:
    """Return HTML that can be parsed in reasonable time, whatever it is."""
    is_sound = html.count("<") <= 2 * html.count(">") + 100
    return html if is_sound else _OPEN.sub("&lt;", html)


def lines_of(html: str) -> list[str]:
    """Return the same with an empty line between blocks; a line break within one is a new line."""
    reader = _Reader()
    reader.feed(without_open_tags(html))
    reader.close()
    return reader.lines()


def _is_skipped(attrs: list[tuple[str, str | None]]) -> bool:
    given = dict(attrs)
    return (
        not _SKIPPED_CLASSES.isdisjoint((given.get("class") or "").split())
        or _HIDDEN.search(given.get("style") or "") is not None
    )


class _Reader(HTMLParser):
    """Collects text, with line breaks for those of the page and two of them around blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # One in a skipped one of its own name is open too, so that the end tags match.
        if tag in _SKIPPED or tag in self._open or _is_skipped(attrs):
            if tag not in _EMPTY:
                self._open.append(tag)
        else:
            self._break(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._break(tag)

    def _break(self, tag: str) -> None:
        if tag == "br" or tag in _BLOCKS:
            self._parts.append("\n" if tag == "br" else "\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            # The innermost one that is open: a missing end tag of another must not swallow the rest.
            del self._open[len(self._open) - 1 - self._open[::-1].index(tag) :]
        if tag in _BLOCKS:
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._open:
            self._parts.append(re.sub(r"[ \t\r\n\f]+", " ", data))

    def lines(self) -> list[str]:
        text = "".join(self._parts).replace("\u00a0", " ")
        lines = [" ".join(line.split()) for line in text.split("\n")]
        lines = [line if _INVISIBLE.sub("", line).strip() else "" for line in lines]
        return [line for line, above in zip(lines, ["", *lines], strict=False) if line or above]
