"""Word vectors: what spaCy's small models compute for each word, in fewer steps.

The arithmetic is the model's. The vector of a word form is computed once and cached; the layers that see the
neighbours run on blocks that fit the processor's cache, with NumPy's matrix product.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Self

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray
from spacy.tokens import Doc
from thinc.api import Model

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

# Rows per matrix product, to stay in the level 2 cache.
_BLOCK = 256
# Blocks have a multiple of these rows, which the kernels chosen in blas.py sum alike: so a word's
# vector does not depend on its neighbours in the batch.
_TILE = 32
# Cached forms; news has some 30,000 in 1,800 articles. A full cache is emptied.
_MOST_FORMS = 65_536
_TINY = np.float32(1e-8)
_MIX = np.uint64(0x9E3779B97F4A7C15)
# More than the rounding error of another order of summation.
_TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True)
class _Layer:
    """A layer that sees a word and its two neighbours; weights are grouped by maxout piece, for NumPy."""

    weights: Floats
    bias: Floats
    gain: Floats
    shift: Floats


class WordVectors:
    """Computes what a spaCy Tok2Vec of hashed features and maxout windows computes."""

    def __init__(self, model: Model[Any, Any]) -> None:
        embed, encode = model.get_ref("embed"), model.get_ref("encode")
        extract, _, hashes, mix, _ = embed.layers
        self._columns: list[int | str] = extract.attrs["columns"]
        self._hashes = hashes.layers[0]
        self._mix = mix.layers[0]
        self._pad: int = encode.attrs["pad"]
        self._layers = [_read_layer(node) for node in encode.layers[0].layers]
        self.width: int = model.get_dim("nO")
        self._rows_by_key: dict[int, int] = {}
        self._forms = np.zeros((1024, self.width), np.float32)

    @classmethod
    def for_model(cls, model: Model[Any, Any], probe: Doc) -> Self | None:
        """Return the vectors of a model, or None for an unexpected architecture."""
        try:
            vectors = cls(model)
            ours, theirs = vectors.predict([probe])[0], model.predict([probe])[0]
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            return None
        is_same = ours.shape == theirs.shape and np.allclose(ours, theirs, atol=_TOLERANCE)
        return vectors if is_same else None

    def predict(self, docs: Sequence[Doc]) -> list[Floats]:
        """Compute the vectors of each text's words."""
        ends = np.cumsum([len(doc) for doc in docs])
        return list(np.split(self.compute(docs), ends[:-1]))

    def compute(self, docs: Sequence[Doc]) -> Floats:
        """Compute the vectors of all words, one text after the other."""
        lengths = np.fromiter(map(len, docs), np.int64, len(docs))
        total = int(lengths.sum())
        if not total:
            return np.zeros((0, self.width), np.float32)
        # Empty rows separate the texts, as many as the layers see, so texts do not affect each other.
        pads = self._pad * np.cumsum(lengths > 0)
        rows = np.arange(total) + np.repeat(pads, lengths)
        count = -(-(total + int(pads[-1]) + self._pad) // _TILE) * _TILE
        words = np.zeros((count + 2, self.width), np.float32)
        words[rows + 1] = self._embed(docs)
        return self._encode(words)[rows + 1]

    def _embed(self, docs: Sequence[Doc]) -> Floats:
        if len(self._rows_by_key) > _MOST_FORMS:
            self._rows_by_key.clear()
        features = np.concatenate([doc.to_array(self._columns) for doc in docs if len(doc)])
        keys = features[:, 0].copy()
        for column in range(1, features.shape[1]):
            keys *= _MIX
            keys ^= features[:, column]
        found = keys.tolist()
        form_rows = np.fromiter(map(self._rows_by_key.get, found, repeat(-1)), np.int64, len(found))
        missing = np.flatnonzero(form_rows < 0)
        if missing.size:
            _, first = np.unique(keys[missing], return_index=True)
            self._add_forms(keys[missing[first]].tolist(), features[missing[first]])
            form_rows = np.fromiter(map(self._rows_by_key.__getitem__, found), np.int64, len(found))
        return self._forms[form_rows]

    def _add_forms(self, keys: list[int], features: NDArray[np.uint64]) -> None:
        """Compute and cache the vectors of new forms."""
        size = len(self._rows_by_key)
        if size + len(keys) > len(self._forms):
            grown = np.zeros((2 * (size + len(keys)), self.width), np.float32)
            grown[:size] = self._forms[:size]
            self._forms = grown
        self._forms[size : size + len(keys)] = self._mix.predict(self._hashes.predict(features))
        self._rows_by_key.update(zip(keys, range(size, size + len(keys)), strict=True))

    def _encode(self, words: Floats) -> Floats:
        """Run the layers; the first and last rows are padding and stay zero."""
        width, count = self.width, len(words) - 2
        after = np.zeros_like(words)
        block = np.empty((2, min(_BLOCK, count), 3 * width), np.float32)
        for layer in self._layers:
            size = words.itemsize
            windows = as_strided(words, (count, 3 * width), (width * size, size), writeable=False)
            for at in range(0, count, _BLOCK):
                to = min(at + _BLOCK, count)
                window, product = block[:, : to - at]
                np.copyto(window, windows[at:to])
                np.dot(window, layer.weights, out=product)
                product += layer.bias
                best = np.maximum(product[:, :width], product[:, width : 2 * width])
                np.maximum(best, product[:, 2 * width :], out=best)
                best -= best.mean(axis=1, keepdims=True)
                spread = np.einsum("ij,ij->i", best, best)[:, None] / width + _TINY
                best /= np.sqrt(spread)
                best *= layer.gain
                best += layer.shift
                np.add(words[at + 1 : to + 1], best, out=after[at + 1 : to + 1])
            words, after = after, words
        return words


def _read_layer(residual: Model[Any, Any]) -> _Layer:
    """Read a layer's weights, grouping the outputs of each piece."""
    window, rest, *_ = residual.layers[0].layers
    maxout, norm = rest.layers[0].layers
    given: Any = maxout.get_param("W")
    bias: Any = maxout.get_param("b")
    outputs, pieces, inputs = given.shape
    if (residual.name[:8], window.attrs["window_size"], pieces, inputs) != ("residual", 1, 3, 3 * outputs):
        raise ValueError(residual.name)
    return _Layer(
        weights=np.ascontiguousarray(given.transpose(2, 1, 0).reshape(inputs, pieces * outputs)),
        bias=np.ascontiguousarray(bias.T.reshape(pieces * outputs)),
        gain=np.asarray(norm.get_param("G")),
        shift=np.asarray(norm.get_param("b")),
    )
