"""Stable ids: the same thing gets the same id in every run and on every machine."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import datetime
from functools import lru_cache

# The same people are named in many articles: so many names are kept at the hand.
_NAMES = 100_000


def article_id(source_path: str) -> int:
    return _id("article", source_path)


def delivery_id(source_path: str, content_sha256: str | None) -> int:
    return _id("delivery", source_path, content_sha256 or "")


def alert_id(rule: str, subject: str, raised_at: datetime) -> int:
    return _id("alert", rule, subject, raised_at.isoformat())


@lru_cache(maxsize=_NAMES)
def entity_id(kind: str, name: str) -> int:
    """Return the id of a name and kind; case, spacing and Unicode form make no difference."""
    return _id("entity", kind, normalized(name))


@lru_cache(maxsize=_NAMES)
def normalized(name: str) -> str:
    """Return a name without the differences that make no other name."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def words_sha256(title: str, body: str) -> str:
    """Return the SHA-256 of the words of an article, whatever their case and the white space."""
    return hashlib.sha256(" ".join(f"{title}\n{body}".casefold().split()).encode("utf-8")).hexdigest()


def _id(*parts: str) -> int:
    """Return the first 63 bits of a SHA-256: positive in a bigint, and at ten million things the
    odds of any two sharing one are 1 in 200,000.
    """
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8")).digest()
    return int.from_bytes(digest[:8], "big") >> 1
