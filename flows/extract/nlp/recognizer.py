"""Named entity recognition with a small spaCy model's weights, without its state machine.

spaCy scores the allowed moves word by word. But outside a name the next move depends on the word alone, so
those moves are scored for all words at once; only the beginnings of longer names are followed word by word,
all of them in parallel.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span

from ontherecord.flows.extract.nlp.vectors import Floats, Ints, WordVectors

Flags = NDArray[np.bool_]

_NEVER = np.float32(-np.inf)
# A beginning inside another name is followed in vain. After this many words only beginnings outside
# names are followed further, so a text that is one endless name stays linear.
_JOINT_STEPS = 12


@dataclass(frozen=True, slots=True)
class _Weights:
    """The weights that score moves.

    A state has three words: the next one, and the first and last of the open name. `features` is what each
    adds to the hidden layer, `absent` what the last two add where no name is open.
    """

    narrow: Floats
    narrow_bias: Floats
    features: Floats
    absent: Floats
    bias: Floats
    moves: Floats
    moves_bias: Floats


@dataclass(frozen=True, slots=True)
class _Scored:
    """The words of some texts: vectors, contribution as next word, and whether they are last of a text."""

    narrow: Floats
    here: Floats
    is_last: Flags


class Recognizer:
    """Finds the same names as the `ner` component of a small spaCy model."""

    def __init__(self, nlp: Language, vectors: WordVectors) -> None:
        ner: Any = nlp.get_pipe("ner")
        self._vectors = vectors
        self._weights = _read_weights(ner)
        moves = [ner.moves.get_class_name(at).partition("-") for at in range(ner.moves.n_moves)]
        place = {(kind, label): at for at, (kind, _, label) in enumerate(moves)}
        labels = [label for kind, _, label in moves if kind == "B"]
        self._labels = [nlp.vocab.strings[label] for label in labels]
        # Moves outside a name, in the model's order, as ties go to the first: 'begin' and 'single' of each
        # label, and 'out'.
        outside = [at for at, (kind, _, label) in enumerate(moves) if kind == "O" or (kind in "BU" and label)]
        self._scorer = np.ascontiguousarray(self._weights.moves[outside].T)
        self._scorer_bias = self._weights.moves_bias[outside]
        self._kinds = np.array([moves[at][0] for at in outside])
        self._label_of = np.array([labels.index(moves[at][2]) if moves[at][2] else -1 for at in outside])
        self._goes_on = np.array([place["I", label] for label in labels])
        self._ends = np.array([place["L", label] for label in labels])

    @classmethod
    def for_model(cls, nlp: Language, probe: Doc) -> Self | None:
        """Return a model's recognizer, or None for an unexpected architecture."""
        try:
            ner: Any = nlp.get_pipe("ner")
            is_plain = ner.cfg["beam_width"] == 1 and not ner.model.attrs["unseen_classes"]
            vectors = (
                WordVectors.for_model(ner.model.get_ref("tok2vec").layers[0], probe) if is_plain else None
            )
            return cls(nlp, vectors) if vectors is not None else None
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            return None

    def annotate(self, docs: Sequence[Doc]) -> None:
        """Set the entities of tokenized texts that have none yet."""
        docs = [doc for doc in docs if len(doc)]
        if not docs:
            return
        lengths = np.fromiter(map(len, docs), np.int64, len(docs))
        stops = np.cumsum(lengths)
        # The last word of a text can only end a name.
        is_last = np.zeros(int(stops[-1]), np.bool_)
        is_last[stops - 1] = True
        is_space = np.concatenate([doc.to_array("IS_SPACE") for doc in docs]).astype(np.bool_)
        found = self._find(self._vectors.compute(docs), is_last, is_space)
        name = next(found, None)
        for doc, stop in zip(docs, stops.tolist(), strict=True):
            start = stop - len(doc)
            spans = []
            while name is not None and name[0] < stop:
                spans.append(Span(doc, name[0] - start, name[1] - start, self._labels[name[2]]))
                name = next(found, None)
            doc.set_ents(spans)

    def _find(self, words: Floats, is_last: Flags, is_space: Flags) -> Iterator[tuple[int, int, int]]:
        """Yield first word, end and label number of each name, in order."""
        weights = self._weights
        narrow = _matmul(words, weights.narrow) + weights.narrow_bias
        scored = _Scored(narrow, _matmul(narrow, weights.features[0]) + weights.bias, is_last)
        scores = _matmul(_maxout(scored.here + weights.absent), self._scorer) + self._scorer_bias
        # A longer name cannot begin with the last word, and none begins with white space.
        scores[np.ix_(is_last | is_space, self._kinds == "B")] = _NEVER
        scores[np.ix_(is_space, self._kinds == "U")] = _NEVER
        moves = scores.argmax(axis=1)
        firsts = np.flatnonzero(self._kinds[moves] != "O")
        labels = self._label_of[moves[firsts]]
        ends = firsts + 1
        is_open = self._kinds[moves[firsts]] == "B"
        begun = np.flatnonzero(is_open)
        ends[begun], is_open[begun] = self._extend_names(
            scored, firsts[begun], ends[begun], labels[begun], _JOINT_STEPS
        )
        free = 0
        for at, first in enumerate(firsts.tolist()):
            if first < free:
                continue
            if is_open[at]:
                one = slice(at, at + 1)
                ends[one], _ = self._extend_names(scored, firsts[one], ends[one], labels[one], len(words))
            free = int(ends[at])
            yield first, free, int(labels[at])

    def _extend_names(
        self, scored: _Scored, firsts: Ints, ends: Ints, labels: Ints, steps: int
    ) -> tuple[Ints, Flags]:
        """Extend open names word by word; return their ends, and which are still open after `steps`."""
        weights = self._weights
        ends = ends.copy()
        opened = _matmul(scored.narrow[firsts], weights.features[1])
        still_open = np.arange(len(firsts))
        for _ in range(steps):
            if not still_open.size:
                break
            at, label = ends[still_open], labels[still_open]
            before = _matmul(scored.narrow[at - 1], weights.features[2])
            hidden = _maxout(scored.here[at] + opened[still_open] + before)
            on, end = self._goes_on[label], self._ends[label]
            goes_on = np.einsum("ij,ij->i", hidden, weights.moves[on]) + weights.moves_bias[on]
            closes = np.einsum("ij,ij->i", hidden, weights.moves[end]) + weights.moves_bias[end]
            ends[still_open] += 1
            still_open = still_open[(goes_on >= closes) & ~scored.is_last[at]]
        is_open = np.zeros(len(firsts), np.bool_)
        is_open[still_open] = True
        return ends, is_open


def _matmul(rows: Floats, weights: Floats) -> Floats:
    """Multiply matrices; never a single row, which NumPy sums in another order."""
    if len(rows) == 1:
        return (np.repeat(rows, 2, axis=0) @ weights)[:1]
    return rows @ weights


def _maxout(rows: Floats) -> Floats:
    half = rows.shape[1] // 2
    return np.maximum(rows[:, :half], rows[:, half:])


def _read_weights(ner: Any) -> _Weights:
    tokens, lower, upper = ner.model.layers
    linear = tokens.layers[-1]
    count, outputs, pieces, inputs = lower.get_param("W").shape
    if (count, pieces) != (3, 2) or linear.name != "linear":
        raise ValueError(ner.model.name)
    features = lower.get_param("W").transpose(0, 3, 2, 1).reshape(count, inputs, pieces * outputs)
    pad = lower.get_param("pad")[0].transpose(0, 2, 1).reshape(count, pieces * outputs)
    return _Weights(
        narrow=np.ascontiguousarray(linear.get_param("W").T),
        narrow_bias=linear.get_param("b"),
        features=np.ascontiguousarray(features),
        absent=pad[1] + pad[2],
        bias=np.ascontiguousarray(lower.get_param("b").T.reshape(pieces * outputs)),
        moves=upper.get_param("W"),
        moves_bias=upper.get_param("b"),
    )
