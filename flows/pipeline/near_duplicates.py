"""Near duplicates: what makes two texts near, and which hang together. Behind load.

Two articles are near duplicates if they are published at most WINDOW_DAYS apart and the shorter
shares at least NEAR of its sequences of five words with the longer. Held against the shorter, not
against both together, since papers cut agency copy from the end: half an article is still that article.

Candidates come from MinHash (Broder 1997) with locality-sensitive hashing: texts whose signatures are
alike in one band. Each pair is then counted exactly.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache
from zlib import crc32

import numpy as np
from datasketch import MinHash
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ontherecord.warehouse.records import Candidate, NearPair

WINDOW_DAYS = 3
NEAR = 0.6
_SEQUENCE = 5
# Shorter texts are notices and tables, which share phrases without being the same.
_FEWEST_SEQUENCES = 20
# A text cut to a third has a Jaccard index of 1/3 with the whole one: of such pairs 98% share a band
# (1 - (1 - 1/3 ** 2) ** 32), of texts that share a hundredth 0.3%.
_BANDS, _BAND_ROWS = 32, 2
_WORD = re.compile(r"\w+")
# Any odd numbers do, as long as they stay the same: what is kept was made with them.
_MULTIPLIERS = np.random.default_rng(1).integers(1, 2**63, _SEQUENCE + _BAND_ROWS, np.uint64) | np.uint64(1)
_BAND_NOS = np.arange(_BANDS, dtype=np.uint64)

Sequences = np.ndarray[tuple[int], np.dtype[np.uint64]]
Bands = np.ndarray[tuple[int], np.dtype[np.uint32]]
Ids = np.ndarray[tuple[int], np.dtype[np.int64]]


def bands(body: str) -> Bands:
    """Return unsigned 32-bit hashes of which near duplicates mostly share one; none for a text too short."""
    found = _sequences(body)
    if len(found) < _FEWEST_SEQUENCES:
        return np.empty(0, np.uint32)
    signature = MinHash(num_perm=_BANDS * _BAND_ROWS, hashfunc=int)
    signature.update_batch(found >> np.uint64(32))
    rows = signature.hashvalues.reshape(_BANDS, _BAND_ROWS)
    mixed = (rows * _MULTIPLIERS[_SEQUENCE:]).sum(axis=1, dtype=np.uint64) + _BAND_NOS * _MULTIPLIERS[0]
    return np.unique(mixed >> np.uint64(32)).astype(np.uint32)


def near_pairs(candidates: Iterable[Candidate]) -> Iterator[NearPair]:
    """Yield which candidates are near duplicates of their partners.

    `candidates` come by day, the earliest first; no more than a window of them is held.
    """
    window: deque[tuple[Candidate, Sequences]] = deque()
    held: dict[int, Sequences] = {}
    for candidate in candidates:
        while window and (candidate.published_on - window[0][0].published_on).days > WINDOW_DAYS:
            del held[window.popleft()[0].article_id]
        ours = _sequences(candidate.body)
        for partner in candidate.earlier:
            theirs = held[partner]
            overlap = len(np.intersect1d(ours, theirs, assume_unique=True)) / min(len(ours), len(theirs))
            if overlap >= NEAR:
                first, second = sorted((candidate.article_id, partner))
                yield NearPair(first, second, overlap)
        window.append((candidate, ours))
        held[candidate.article_id] = ours


def clusters(pairs: tuple[Ids, Ids]) -> tuple[Ids, Ids]:
    """Return the articles of the pairs and the cluster of each: the smallest id that it hangs together with.

    `pairs` are two arrays of article ids.
    """
    article_ids, numbers = np.unique(np.concatenate(pairs), return_inverse=True)
    first, second = np.split(numbers, 2)
    graph = coo_array((np.ones(len(first), np.int8), (first, second)), shape=2 * (len(article_ids),))
    count, labels = connected_components(graph, directed=False)
    smallest = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(smallest, labels, article_ids)
    return article_ids, smallest[labels]


@lru_cache(maxsize=100_000)
def _word_hash(word: str) -> int:
    return crc32(word.encode())


def _sequences(body: str) -> Sequences:
    """Return the hashes of a text's sequences of words, each once, ascending."""
    words = np.fromiter(map(_word_hash, _WORD.findall(body.casefold())), np.uint64)
    count = len(words) - _SEQUENCE + 1
    if count < 1:
        return np.empty(0, np.uint64)
    found = np.zeros(count, np.uint64)
    for place in range(_SEQUENCE):
        found += (words[place : place + count] + np.uint64(1)) * _MULTIPLIERS[place]
    return np.unique(found ^ (found >> np.uint64(29)))
