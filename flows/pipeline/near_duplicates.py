"""Near duplicates: which texts are nearly the same, and the clusters they form.

Two articles are near duplicates if they are published at most WINDOW_DAYS apart and the shorter
shares at least NEAR of its five-word sequences with the longer. The share is of the shorter text, not of
both, since papers cut agency copy from the end: half an article is still that article.

Candidates come from MinHash (Broder 1997) with locality-sensitive hashing: texts whose signatures agree in
one band. The overlap of each pair is then counted exactly.
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
# A text cut to a third has a Jaccard index of 1/3 with the whole: 98% of such pairs share a band
# (1 - (1 - 1/3 ** 2) ** 32), but only 0.3% of pairs that share a hundredth.
_BANDS, _BAND_ROWS = 32, 2
_WORD = re.compile(r"\w+")
# Any odd numbers do, but they must not change: the stored bands were made with them.
_MULTIPLIERS = np.random.default_rng(1).integers(1, 2**63, _SEQUENCE + _BAND_ROWS, np.uint64) | np.uint64(1)
_BAND_NOS = np.arange(_BANDS, dtype=np.uint64)

Sequences = np.ndarray[tuple[int], np.dtype[np.uint64]]
Bands = np.ndarray[tuple[int], np.dtype[np.uint32]]
Ids = np.ndarray[tuple[int], np.dtype[np.int64]]


def bands(body: str) -> Bands:
    """Return 32-bit hashes, at least one of which near duplicates mostly share; none for a short text."""
    sequences = _sequences(body)
    if len(sequences) < _FEWEST_SEQUENCES:
        return np.empty(0, np.uint32)
    signature = MinHash(num_perm=_BANDS * _BAND_ROWS, hashfunc=int)
    signature.update_batch(sequences >> np.uint64(32))
    rows = signature.hashvalues.reshape(_BANDS, _BAND_ROWS)
    mixed = (rows * _MULTIPLIERS[_SEQUENCE:]).sum(axis=1, dtype=np.uint64) + _BAND_NOS * _MULTIPLIERS[0]
    return np.unique(mixed >> np.uint64(32)).astype(np.uint32)


def near_pairs(candidates: Iterable[Candidate]) -> Iterator[NearPair]:
    """Yield the candidates that are near duplicates of an earlier article they may resemble.

    `candidates` come by day, the earliest first; only a window of them is in memory.
    """
    window: deque[tuple[Candidate, Sequences]] = deque()
    recent: dict[int, Sequences] = {}
    for candidate in candidates:
        while window and (candidate.published_on - window[0][0].published_on).days > WINDOW_DAYS:
            del recent[window.popleft()[0].article_id]
        sequences = _sequences(candidate.body)
        for partner in candidate.earlier:
            other = recent[partner]
            shared = np.intersect1d(sequences, other, assume_unique=True)
            overlap = len(shared) / min(len(sequences), len(other))
            if overlap >= NEAR:
                first, second = sorted((candidate.article_id, partner))
                yield NearPair(first, second, overlap)
        window.append((candidate, sequences))
        recent[candidate.article_id] = sequences


def clusters(pairs: tuple[Ids, Ids]) -> tuple[Ids, Ids]:
    """Return the articles of the pairs, and for each its cluster: the smallest id connected with it.

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
    """Return the distinct hashes of a text's word sequences, ascending."""
    words = np.fromiter(map(_word_hash, _WORD.findall(body.casefold())), np.uint64)
    count = len(words) - _SEQUENCE + 1
    if count < 1:
        return np.empty(0, np.uint64)
    hashes = np.zeros(count, np.uint64)
    for offset in range(_SEQUENCE):
        hashes += (words[offset : offset + count] + np.uint64(1)) * _MULTIPLIERS[offset]
    return np.unique(hashes ^ (hashes >> np.uint64(29)))
