"""The page of an article as one HTML file, which loads nothing and runs no scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from math import floor
from typing import Any
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment

from ontherecord.flows.browse.marked_text import mark_body, mark_title
from ontherecord.flows.pages.environment import page_environment
from ontherecord.warehouse.database import Row
from ontherecord.warehouse.published_reader import SURE_FROM, ArticleRead

# Kinds of quotes in the order of how close they are to the words, and what each is.
KINDS = {
    "direct": "in quotation marks",
    "mixed": "partly in quotation marks",
    "indirect": "reported, in the article’s words",
    "act": "said without words, as in endorsed or blamed; not counted as a quote",
}
# Kinds of names, and a heading for several.
NAME_KINDS = {
    "person": "People",
    "organization": "Organizations",
    "group": "Groups",
    "place": "Places",
    "event": "Events",
    "other": "Others",
}


@cache
def environment() -> Environment:
    """Return the environment of all templates of this folder."""
    made = page_environment("ontherecord.flows.browse", "templates")
    made.filters |= {
        "web_address": web_address,
        "month": format_month,
        "tidy_query": tidy_query,
        "confidence": format_confidence,
    }
    made.globals |= {"KINDS": KINDS, "NAME_KINDS": NAME_KINDS, "SURE_FROM": SURE_FROM, "is_sure": is_sure}
    return made


def render_article(read: ArticleRead) -> str:
    """Render an article as a page of its own."""
    return environment().get_template("show.html.j2").render(article_parts(read))


def article_parts(read: ArticleRead) -> dict[str, Any]:
    """Return what the templates of an article need."""
    counts = {kind: sum(quote["kind"] == kind for quote in read.quotes) for kind in KINDS}
    return {
        "article": read.article,
        "title": mark_title(read.article["title"], read.mentions),
        "paragraphs": mark_body(read.article["body"], read.quotes, read.mentions),
        "kinds": {kind: count for kind, count in counts.items() if count},
        "names": _by_kind(read.names),
        "listed": {name["entity_id"] for name in read.names},
    }


def _by_kind(names: Sequence[Row]) -> dict[str, list[Row]]:
    grouped = {kind: [name for name in names if name["kind"] == kind] for kind in NAME_KINDS}
    return {kind: found for kind, found in grouped.items() if found}


def web_address(url: str | None) -> str | None:
    """Return a URL that a page may link to, None for any other: only http and https lead to a page."""
    try:
        return url if url and urlsplit(url).scheme.lower() in ("http", "https") else None
    except ValueError:
        return None


def format_month(value: str) -> str:
    """Return a year or month as it is read: 2015, December 2015."""
    year, _, month = value.partition("-")
    return f"{_MONTHS[int(month) - 1]} {year}" if month else year


def format_confidence(value: float) -> str:
    """Return a confidence with two digits, cut off: 0.899 is below 0.9, and 0.90 would not look it.

    The column has single precision, so 0.9 arrives as 0.89999998.
    """
    return f"{floor(round(value, 4) * 100 + 1e-6) / 100:.2f}"


def is_sure(value: float) -> bool:
    """Say whether a quote is as sure as those that need no check."""
    return round(value, 4) >= SURE_FROM


def tidy_query(parameters: Mapping[str, object]) -> str:
    """Return the query of an address, without parameters that are empty."""
    return urlencode({name: value for name, value in parameters.items() if value})


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
