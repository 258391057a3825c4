"""Stable ids: the same input gets the same id in every run and on every machine.

Ids are below 2^53, so they are exact as floating-point numbers too, which is what R, JavaScript and columns
with gaps in pandas make of them. With n ids of a kind, n²/2^54 pairs are expected to share one: with
ten million articles the chance that any two do is 1 in 180, with as many entities the same, with a hundred
thousand of either 1 in 1.8 million. Loading refuses the later of the two: see warehouse/collisions.py.
"""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import datetime
from functools import lru_cache

# The bits of an id. Tests of collisions make them fewer.
BITS = 53
# Up to migration 14, ids had 63 bits.
_OLD_BITS = 63
# The same people are named in many articles.
_CACHED_NAMES = 100_000


def article_id(source_path: str) -> int:
    return _id("article", source_path)


def path_key(source_path: str) -> int:
    """Return a number for a path, for use in memory: its ten bits more make collisions rarer."""
    return _first_bits(_OLD_BITS, "article", source_path)


def shortened(old: int) -> int:
    """Return the id of today for one of up to migration 14, which people may have kept in notes and links."""
    return old >> (_OLD_BITS - BITS)


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
    return _first_bits(BITS, *parts)


def _first_bits(bits: int, *parts: str) -> int:
    """Return the first bits of a SHA-256 as a number."""
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8")).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - bits)
