"""Same story: whether another text under a known path is a new version of the article, or another one.

`latest.txt` is a new story every morning, and two papers may both have a `news/0001.txt`. A corrected story
has its headline, or shares most of its word sequences with the one before. What cannot be told counts as
the same story, so that the rules for redeliveries apply.

Measured on press releases and sample articles: of 39,900 pairs of releases of different days, 99 in 100
share at most 4% of the three-word sequences of the shorter one (half share less than 0.3%), and of 4,700
pairs by the same senator at most 9%; 0.1% and 0.5% share 15% or more, most of them a text that was used
again. 1,000 redeliveries with an edited paragraph share at least 94%.
"""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Any

from ontherecord.warehouse.records import Delivery, LoadedStory

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SEQUENCE = 3
# The least share of the shorter text's word sequences that two versions of a story have in common: between
# the two figures above, and low, because a version too many is found in article_versions.
SHARED = 0.15
# Texts with fewer sequences tell nothing by themselves: a notice, a caption, a test.
_FEWEST = 20
# The least share of the shorter headline's words that both have: of those pairs, 1% and 10% have more.
_SHARED_OF_HEADLINE = 0.6
# A headline that returns within days is a column's, not a story's.
_DAYS = 1


def is_same_story(delivery: Delivery, loaded: LoadedStory) -> bool:
    """Say whether a delivery is the story of a loaded article.

    It is if the headline is the same and the day at most one day away, or if at least 15% of the three-word
    sequences of the shorter text are in the other. If one text has fewer than 20 of them, it also is if any
    of them is in the other, if at least 60% of the words of the shorter headline are in the other, or if
    there are fewer than three.
    """
    now, before = _sequences(delivery.body), _sequences(loaded.body)
    shared = _share(now, before)
    if shared >= SHARED or (_is_near(delivery, loaded) and _words(delivery.title) == _words(loaded.title)):
        return True
    if min(len(now), len(before)) >= _FEWEST:
        return False
    headlines = _share({*_words(delivery.title)}, {*_words(loaded.title)})
    return shared > 0 or headlines >= _SHARED_OF_HEADLINE or min(len(now), len(before)) < _SEQUENCE


def _is_near(delivery: Delivery, loaded: LoadedStory) -> bool:
    at = delivery.published_at
    return at is not None and abs((at.date() - loaded.published_on).days) <= _DAYS


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _WORD.findall(text or ""))


def _sequences(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    return {words[i : i + _SEQUENCE] for i in range(len(words) - _SEQUENCE + 1)}


def _share(one: Set[Any], other: Set[Any]) -> float:
    """Return the share of the smaller set that is in the larger."""
    smaller, larger = sorted((one, other), key=len)
    return len(smaller & larger) / len(smaller) if smaller else 0.0
