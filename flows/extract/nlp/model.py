"""Run the spaCy model, with faster replacements for its slow steps.

vectors.py and recognizer.py replace the word vectors and the entity recognizer of small models; a model with
another architecture runs as spaCy runs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import spacy
from spacy.language import Language
from spacy.symbols import ORTH
from spacy.tokens import Doc
from thinc.api import Model, NumpyOps

from ontherecord.flows.extract.nlp.recognizer import Recognizer
from ontherecord.flows.extract.nlp.vectors import WordVectors
from ontherecord.flows.extract.word_lists import word_list

# Words per call of the recognizer; their arrays fit the processor's caches.
_WORDS_AT_ONCE = 4_000
_LEFT_IN_TWO = frozenset(("no", "drs", "govs", "reps", "sens"))
_PROBE = "The U.S. Senate's 42 members\n met Kim in São Paulo (Brazil); they didn't agree."


class LanguageModel:
    """Finds names in texts and parses texts."""

    def __init__(self, model: str, longest: int) -> None:
        # Verb forms come from our own lists, so lemmas and coarse tags would be a quarter of the
        # work without any use.
        self._nlp = spacy.load(model, exclude=["lemmatizer", "attribute_ruler"])
        self._nlp.max_length = longest
        _keep_abbreviations_whole(self._nlp)
        probe = self._nlp.make_doc(_PROBE)
        self._recognizer = Recognizer.for_model(self._nlp, probe)
        if self._recognizer is not None:
            use_fast_vectors(self._nlp, probe)

    def make_doc(self, text: str) -> Doc:
        """Tokenize a text."""
        return self._nlp.make_doc(text)

    def recognize(self, texts: Iterable[str], at_once: int) -> Iterator[Doc]:
        """Yield each text with its named entities only; `at_once` is spaCy's batch size."""
        if self._recognizer is None:
            yield from self._nlp.pipe(texts, disable=_all_but_names(self._nlp), batch_size=at_once)
            return
        docs: list[Doc] = []
        words = 0
        for text in texts:
            docs.append(self._nlp.make_doc(text))
            words += len(docs[-1])
            if words >= _WORDS_AT_ONCE:
                self._recognizer.annotate(docs)
                yield from docs
                docs, words = [], 0
        self._recognizer.annotate(docs)
        yield from docs

    def parse(self, docs: Iterable[Doc], at_once: int) -> Iterator[Doc]:
        """Yield each text with tags and parse; `at_once` is spaCy's batch size."""
        return self._nlp.pipe(docs, disable=["ner"], batch_size=at_once)


def _keep_abbreviations_whole(nlp: Language) -> None:
    """Make one token of 'Sgt.' and its like, as spaCy does of 'Mr.': a full stop alone ends the sentence.

    'No.' stays two, as a sentence may end with it, and so do plurals: the parser finds the end of 'Sens. Ann
    Kim (R-Ohio) and Tom Baker' only with them.
    """
    tokenizer: Any = nlp.tokenizer
    for word in word_list("abbreviations"):
        if word not in _LEFT_IN_TWO:
            whole = f"{word.capitalize()}."
            tokenizer.add_special_case(whole, [{ORTH: whole}])


def _all_but_names(nlp: Language) -> list[str]:
    """List the components that entity recognition does not need; some models share their vectors."""
    shared = getattr(nlp.get_pipe("tok2vec"), "listening_components", []) if nlp.has_pipe("tok2vec") else []
    needed = {"ner", "transformer"} | ({"tok2vec"} if "ner" in shared else set())
    return [name for name in nlp.pipe_names if name not in needed]


def use_fast_vectors(nlp: Language, probe: Doc) -> None:
    """Give tagger and parser our vectors, and NumPy's matrix product, which is faster than spaCy's."""
    tok2vec: Any = nlp.get_pipe("tok2vec")
    vectors = WordVectors.for_model(tok2vec.model, probe)
    if vectors is None:
        return

    def forward(model: Model[Any, Any], docs: list[Doc], is_train: bool) -> tuple[Any, Any]:
        return vectors.predict(docs), lambda gradient: gradient

    tok2vec.model = Model("word_vectors", forward, dims={"nO": vectors.width})
    ops = NumpyOps(use_blis=False)
    for name in ("tagger", "parser"):
        pipe: Any = nlp.get_pipe(name)
        for node in pipe.model.walk():
            node.ops = ops
