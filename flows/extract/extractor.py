"""The extractor: from an article's text to its entities, mentions and quotes.

Stands between validate and load. Nothing here knows of Prefect, Great Expectations or DuckDB.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from spacy.tokens import Doc

from ontherecord.flows.extract.names.find import find_names
from ontherecord.flows.extract.nlp.model import LanguageModel
from ontherecord.flows.extract.quotes.find import Paragraph, find_quotes
from ontherecord.flows.extract.text.marks import QuotedSpan, find_quoted_spans, opens_with_mark
from ontherecord.flows.extract.text.narration import (
    MaskedParagraph,
    make_doc,
    mask_quotations,
    needs_parse,
    read_narration,
    segments_of,
)
from ontherecord.flows.extract.version import extractor_version
from ontherecord.warehouse.records import ArticleText, Extract

# spaCy's arrays grow with the text: longer lines are cut at white space.
_LONGEST_PARAGRAPH = 20_000
# The tokenizer's work grows with the square of a word without white space.
_LONGEST_WORD = 1_000
# The model needs some 3 kB for each character it takes at once.
_CHARACTERS_AT_ONCE = 100_000
_MOST_DOCS = 256
_WORD = re.compile(r"\S+")
# Articles a batch: enough to fill the model's own batches, little enough to hold.
_BATCH = 16
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str


@dataclass(frozen=True, slots=True)
class _Lined:
    """A text and its paragraphs."""

    text: ArticleText
    lines: tuple[_Line, ...]


class Extractor:
    """Finds names with a spaCy model, and quotes with rules on the narrator's own sentences.

    The model is loaded when it is first used.
    """

    def __init__(self, model: str) -> None:
        self._model = model
        self._loaded: LanguageModel | None = None

    @property
    def version(self) -> str:
        """Return what changes whenever the same text could give other records."""
        return extractor_version(self._model)

    @property
    def _language(self) -> LanguageModel:
        if self._loaded is None:
            self._loaded = LanguageModel(self._model, 10 * _LONGEST_PARAGRAPH)
        return self._loaded

    def extract(self, texts: Iterable[ArticleText]) -> Iterator[Extract]:
        """Yield one extract a text, in order."""
        waiting = iter(texts)
        while batch := list(islice(waiting, _BATCH)):
            yield from self._extract_batch([_Lined(text, _lines(text.body)) for text in batch])

    def _extract_batch(self, batch: Sequence[_Lined]) -> Iterator[Extract]:
        named = iter(self._named_docs(batch))
        parsed = iter(self._parse(batch))
        version = self.version
        for lined in batch:
            title = next(named)
            docs = [(line.start, next(named)) for line in lined.lines]
            paragraphs = [next(parsed) for _ in lined.lines]
            text = lined.text
            names = find_names(text, title, docs)
            quotes = find_quotes(text, paragraphs, names)
            yield Extract(text.content_sha256, version, names.entities, names.mentions, quotes)

    def _named_docs(self, batch: Sequence[_Lined]) -> Iterator[Doc]:
        """Run the entity recognizer, and nothing else, over every title and paragraph."""
        strings = (
            _clean(string)
            for lined in batch
            for string in (lined.text.title[:_LONGEST_PARAGRAPH], *(line.text for line in lined.lines))
        )
        return self._language.recognize(strings, _docs_at_once(batch))

    def _parse(self, batch: Sequence[_Lined]) -> Iterator[Paragraph]:
        """Parse what is left of each paragraph without its quotations, where it can report speech."""
        planned: list[tuple[_Line, tuple[QuotedSpan, ...], MaskedParagraph | None]] = []
        for lined in batch:
            for number, line in enumerate(lined.lines):
                after = lined.lines[number + 1].text if number + 1 < len(lined.lines) else ""
                clean = _clean(line.text)
                marked = tuple(find_quoted_spans(clean, opens_with_mark(after)))
                masked = None
                if needs_parse(clean, marked):
                    masked = mask_quotations(clean, segments_of(clean, marked))
                planned.append((line, marked, masked))
        language = self._language
        docs = language.parse(
            (make_doc(language, masked) for _, _, masked in planned if masked is not None),
            _docs_at_once(batch),
        )
        for line, marks, masked in planned:
            narration = None
            if masked is not None:
                doc = next(docs)
                doc.tensor = doc.tensor[:0]  # four fifths of a parsed text's memory, and done with
                narration = read_narration(line.start, masked, doc)
            yield Paragraph(line.start, line.text, marks, narration)


def _docs_at_once(batch: Sequence[_Lined]) -> int:
    """Say how many paragraphs the model may take at once, by the longest."""
    longest = max((len(line.text) for lined in batch for line in lined.lines), default=1)
    return max(1, min(_MOST_DOCS, _CHARACTERS_AT_ONCE // longest))


def _clean(text: str) -> str:
    """Replace what cannot be encoded, one character by one, so that offsets stay."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def _lines(body: str) -> tuple[_Line, ...]:
    """Cut a body into its paragraphs, and over-long ones at white space."""
    lines: list[_Line] = []
    at = 0
    for raw in body.split("\n"):
        start, end = at, at + len(raw)
        for cut in _cuts(body, start, end):
            lines.append(_Line(start, body[start:cut]))
            start = cut
        if body[start:end].strip():
            lines.append(_Line(start, body[start:end]))
        at += len(raw) + 1
    return tuple(lines)


def _cuts(body: str, start: int, end: int) -> Iterator[int]:
    """Yield where to cut one line: before the word that makes it too long, and within endless words."""
    if end - start <= _LONGEST_WORD:
        return
    for found in _WORD.finditer(body, start, end):
        if found.end() - start > _LONGEST_PARAGRAPH and found.start() > start:
            start = found.start()
            yield start
        for cut in range(found.start() + _LONGEST_WORD, found.end(), _LONGEST_WORD):
            start = cut
            yield start
