"""Stored articles: an article of a file with many as bytes of its own, as quarantine keeps it.

Its SHA-256 identifies the content: equal for the same headers and text in whichever row of the file.
"""

from __future__ import annotations

import json

from ontherecord.flows.landing.forms.raw_article import RawArticle

_START = b'{"ontherecord_article":1,'


def to_bytes(article: RawArticle, form: str) -> bytes:
    """Return an article without its number and key, as JSON."""
    facts = {"form": form, "headers": article.headers, "body": article.body, "repairs": article.repairs}
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    return _START + text[1:].encode("utf-8", "surrogatepass")


def is_stored(content: bytes) -> bool:
    """Say whether bytes are a stored article."""
    return content.startswith(_START)


def from_bytes(content: bytes, number: int = 1, key: str | None = None) -> tuple[RawArticle, str]:
    """Return a stored article and its form."""
    facts = json.loads(content.decode("utf-8", "surrogatepass"))
    headers = tuple((name, value) for name, value in facts["headers"])
    return RawArticle(number, key, headers, facts["body"], tuple(facts["repairs"])), facts["form"]
