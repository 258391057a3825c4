"""Near duplicates: the same wire copy under other headlines and with cuts. Behind load.

Two articles are near duplicates if they are published at most WINDOW_DAYS apart and the shorter
shares at least NEAR of its sequences of five words with the longer. Held against the shorter, not
against both together, since papers cut agency copy from the end: half an article is still that article.

Candidates come from MinHash (Broder 1997) with locality-sensitive hashing; each is then counted exactly.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import date
from zlib import crc32

from datasketch import MinHash, MinHashLSH

from warehouse.records import DatedText, NearPair

WINDOW_DAYS = 3
NEAR = 0.6
_SEQUENCE = 5
# Shorter texts are notices and tables, which share phrases without being the same.
_FEWEST_SEQUENCES = 20
# A text cut to a third has a Jaccard index of 1/3 with the whole one.
_CANDIDATE = 0.3
_PERMUTATIONS = 64
_WORD = re.compile(r"\w+")


class _Day:
    """The texts of one day, ready to be asked which are like another."""

    def __init__(self, day: date) -> None:
        self.day = day
        self._sequences: dict[int, frozenset[int]] = {}
        self._is_new: dict[int, bool] = {}
        self._index = MinHashLSH(threshold=_CANDIDATE, num_perm=_PERMUTATIONS)

    def add(self, text: DatedText, sequences: frozenset[int], signature: MinHash) -> None:
        self._sequences[text.article_id] = sequences
        self._is_new[text.article_id] = text.is_new
        self._index.insert(text.article_id, signature)

    def near(self, text: DatedText, sequences: frozenset[int], signature: MinHash) -> Iterator[NearPair]:
        for other in self._index.query(signature):
            if not (text.is_new or self._is_new[other]):
                continue
            theirs = self._sequences[other]
            shared = len(sequences & theirs) / min(len(sequences), len(theirs))
            if shared >= NEAR:
                first, second = sorted((text.article_id, other))
                yield NearPair(first, second, shared)


def near_pairs(texts: Iterable[DatedText]) -> Iterator[NearPair]:
    """Yield the pairs of near duplicates of which one at least is new.

    `texts` come by day, the earliest first; no more than a window of them is held.
    """
    window: deque[_Day] = deque()
    for text in texts:
        if not window or window[-1].day != text.published_on:
            window.append(_Day(text.published_on))
        while (text.published_on - window[0].day).days > WINDOW_DAYS:
            window.popleft()
        sequences = _sequences(text.body)
        if len(sequences) < _FEWEST_SEQUENCES:
            continue
        signature = MinHash(num_perm=_PERMUTATIONS, hashfunc=int)
        signature.update_batch(sequences)
        for day in window:
            yield from day.near(text, sequences, signature)
        window[-1].add(text, sequences, signature)


def clusters(pairs: Iterable[NearPair]) -> dict[int, int]:
    """Return the cluster of each article of the pairs: the smallest id that it hangs together with."""
    parent: dict[int, int] = {}

    def root(article_id: int) -> int:
        while parent.setdefault(article_id, article_id) != article_id:
            parent[article_id] = parent[parent[article_id]]
            article_id = parent[article_id]
        return article_id

    for pair in pairs:
        low, high = sorted((root(pair.article_id), root(pair.other_id)))
        parent[high] = low
    return {article_id: root(article_id) for article_id in parent}


def _sequences(body: str) -> frozenset[int]:
    words = _WORD.findall(body.casefold())
    return frozenset(
        crc32(" ".join(words[at : at + _SEQUENCE]).encode()) for at in range(len(words) - _SEQUENCE + 1)
    )
