"""Stable ids: the same input gets the same id in every run and on every machine."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import datetime
from functools import lru_cache

# The same people are named in many articles.
_CACHED_NAMES = 100_000


def article_id(source_path: str) -> int:
    return _id("article", source_path)


def delivery_id(source_path: str, content_sha256: str | None) -> int:
    return _id("delivery", source_path, content_sha256 or "")


def alert_id(rule: str, subject: str, raised_at: datetime) -> int:
    return _id("alert", rule, subject, raised_at.isoformat())


@lru_cache(maxsize=_CACHED_NAMES)
def entity_id(kind: str, name: str) -> int:
    """Return the id of a kind and name, ignoring case, spacing and Unicode form."""
    return _id("entity", kind, normalized(name))


@lru_cache(maxsize=_CACHED_NAMES)
def normalized(name: str) -> str:
    """Return a name in Unicode form NFKC, case-folded, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def words_sha256(title: str, body: str) -> str:
    """Return the SHA-256 of an article's words, ignoring case and white space."""
    return hashlib.sha256(" ".join(f"{title}\n{body}".casefold().split()).encode("utf-8")).hexdigest()


def _id(*parts: str) -> int:
    """Return the first 63 bits of a SHA-256, which are positive in a bigint.

    With ten million ids, the chance that any two collide is 1 in 200,000.
    """
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8")).digest()
    return int.from_bytes(digest[:8], "big") >> 1
