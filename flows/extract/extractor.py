"""The extractor: from an article's text to its entities, mentions and quotes.

Knows nothing of Prefect, Great Expectations or DuckDB. README.md says what each room does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import islice

from spacy.tokens import Doc

from ontherecord.flows.extract.names.find import find_names
from ontherecord.flows.extract.nlp.model import LanguageModel
from ontherecord.flows.extract.quotes.find import Paragraph, find_quotes
from ontherecord.flows.extract.text.dialogue import find_dialogue
from ontherecord.flows.extract.text.marks import find_quoted_spans, opens_with_mark
from ontherecord.flows.extract.text.narration import (
    MaskedParagraph,
    make_doc,
    mask_quotations,
    needs_parse,
    read_narration,
    segments_of,
)
from ontherecord.flows.extract.text.transcript_lines import read_transcript
from ontherecord.flows.extract.text.turns import Transcript
from ontherecord.flows.extract.version import extractor_version
from ontherecord.flows.furniture.page import around_credits, article_words, is_caption
from ontherecord.warehouse.records import ArticleText, Extract

# spaCy's arrays grow with the text, so longer lines are split at white space.
_LONGEST_PARAGRAPH = 20_000
# The tokenizer takes quadratic time on a word without white space.
_LONGEST_WORD = 1_000
# The model needs some 3 kB of memory for each character in a batch.
_CHARACTERS_AT_ONCE = 100_000
_MOST_DOCS = 256
_WORD = re.compile(r"\S+")
# Articles per batch: enough to fill the model's own batches, few enough for memory.
_BATCH_SIZE = 16
# 'BBC' and 'TG' are no names of persons.
_LONGEST_ACRONYM = 3
# 'the parrot', 'The Harbour Gazette'
_THING = re.compile(r"\b[Tt]he (\w+)(?: ([A-Z]\w+))?")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _RawParagraph:
    start: int
    text: str
    is_caption: bool = False


@dataclass(frozen=True, slots=True)
class _Article:
    """A text and its paragraphs."""

    text: ArticleText
    paragraphs: tuple[_RawParagraph, ...]

    @property
    def spoken(self) -> tuple[_RawParagraph, ...]:
        """Return the paragraphs that can report speech: captions do not."""
        return tuple(paragraph for paragraph in self.paragraphs if not paragraph.is_caption)


class Extractor:
    """Finds names with a spaCy model, and quotes with rules on the narrator's sentences.

    The model is loaded on first use. `without` are names of rules to leave out, for counting what they do;
    then the version is not one that may be cached.
    """

    def __init__(self, model: str, without: Set[str] = frozenset()) -> None:
        self._model = model
        self._without = without
        self._loaded: LanguageModel | None = None

    @property
    def version(self) -> str:
        """Return the version of rules and model; texts can give other records only if it changes."""
        return extractor_version(self._model)

    @property
    def _language(self) -> LanguageModel:
        if self._loaded is None:
            self._loaded = LanguageModel(self._model, 10 * _LONGEST_PARAGRAPH)
        return self._loaded

    def extract(self, texts: Iterable[ArticleText]) -> Iterator[Extract]:
        """Yield one extract per text, in order."""
        for extract, _ in self.extract_with_features(texts):
            yield extract

    def extract_with_features(
        self, texts: Iterable[ArticleText]
    ) -> Iterator[tuple[Extract, tuple[tuple[str, ...], ...]]]:
        """Yield one extract per text, in order, each with the features of its quotes' confidence."""
        waiting = iter(texts)
        while batch := list(islice(waiting, _BATCH_SIZE)):
            yield from self._extract_batch([_Article(text, _split_paragraphs(text.body)) for text in batch])

    def _extract_batch(
        self, batch: Sequence[_Article]
    ) -> Iterator[tuple[Extract, tuple[tuple[str, ...], ...]]]:
        named_docs = iter(self._recognize_names(batch))
        parsed = iter(self._parse_paragraphs(batch))
        version = self.version
        for article in batch:
            title = next(named_docs)
            docs = [(paragraph.start, next(named_docs)) for paragraph in article.paragraphs]
            paragraphs = [next(parsed) for _ in article.spoken]
            text = article.text
            lines = [(paragraph.start, paragraph.text) for paragraph in article.paragraphs]
            transcript = read_transcript(text.title, lines)
            captions = {n for n, paragraph in enumerate(article.paragraphs, 1) if paragraph.is_caption}
            speakers = _speaker_names(transcript, text.body)
            names = find_names(text, title, docs, speakers, captions)
            found = find_quotes(text, paragraphs, names, transcript, self._without)
            extract = Extract(
                text.content_sha256,
                version,
                names.entities,
                names.mentions,
                found.quotes,
                found.speakers,
                found.genders,
            )
            yield extract, found.features

    def _recognize_names(self, batch: Sequence[_Article]) -> Iterator[Doc]:
        """Run only the entity recognizer, on every title and paragraph."""
        texts = (
            _replace_surrogates(text)
            for article in batch
            for text in (
                article.text.title[:_LONGEST_PARAGRAPH],
                *(paragraph.text for paragraph in article.paragraphs),
            )
        )
        return self._language.recognize(texts, _docs_at_once(batch))

    def _parse_paragraphs(self, batch: Sequence[_Article]) -> Iterator[Paragraph]:
        """Parse each paragraph that can report speech, with its quotations masked."""
        tasks: list[tuple[Paragraph, MaskedParagraph | None]] = []
        for article in batch:
            paragraphs = article.spoken
            dialogue = find_dialogue([paragraph.text for paragraph in paragraphs])
            for number, paragraph in enumerate(paragraphs):
                after = paragraphs[number + 1].text if number + 1 < len(paragraphs) else ""
                clean = _replace_surrogates(paragraph.text)
                spoken = dialogue.get(number, ())
                quoted_spans = spoken or tuple(find_quoted_spans(clean, opens_with_mark(after)))
                masked = None
                if needs_parse(clean, quoted_spans):
                    masked = mask_quotations(clean, segments_of(clean, quoted_spans))
                unread = Paragraph(paragraph.start, paragraph.text, quoted_spans, None, bool(spoken))
                tasks.append((unread, masked))
        language = self._language
        docs = language.parse(
            (make_doc(language, masked) for _, masked in tasks if masked is not None),
            _docs_at_once(batch),
        )
        for unread, masked in tasks:
            narration = None
            if masked is not None:
                doc = next(docs)
                doc.tensor = doc.tensor[:0]  # four fifths of a parsed text's memory, no longer needed
                narration = read_narration(unread.start, masked, doc)
            yield replace(unread, narration=narration)


def _speaker_names(transcript: Transcript | None, body: str) -> list[tuple[int, int]]:
    """List where the labels of a transcript name persons: 'KIM', but not 'GAZETTE' for 'the Gazette'."""
    if transcript is None:
        return []
    things = {word.lower() for found in _THING.finditer(body) for word in found.groups("")}
    return [
        (label.name_start, label.name_end)
        for label in transcript.labels
        if label.is_person
        or (label.form == "capitals" and len(label.key) > _LONGEST_ACRONYM and label.key not in things)
    ]


def _docs_at_once(batch: Sequence[_Article]) -> int:
    """Return how many paragraphs the model may process at once, by the longest."""
    longest = max((len(paragraph.text) for article in batch for paragraph in article.paragraphs), default=1)
    return max(1, min(_MOST_DOCS, _CHARACTERS_AT_ONCE // longest))


def _replace_surrogates(text: str) -> str:
    """Replace each lone surrogate, which cannot be encoded, by one character, to keep offsets."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def _split_paragraphs(body: str) -> tuple[_RawParagraph, ...]:
    """Split a body into paragraphs without their furniture, at credits, and over-long ones at white space."""
    paragraphs: list[_RawParagraph] = []
    at = 0
    for raw in body.split("\n"):
        has_caption = is_caption(raw)
        for first, last in around_credits(article_words(raw)):
            start, end = at + first, at + last
            for cut in _split_points(body, start, end):
                paragraphs.append(_RawParagraph(start, body[start:cut], has_caption))
                start = cut
            if body[start:end].strip():
                paragraphs.append(_RawParagraph(start, body[start:end], has_caption))
        at += len(raw) + 1
    return tuple(paragraphs)


def _split_points(body: str, start: int, end: int) -> Iterator[int]:
    """Yield where to split a line: before the word that makes it too long, and within over-long words."""
    if end - start <= _LONGEST_WORD:
        return
    for found in _WORD.finditer(body, start, end):
        if found.end() - start > _LONGEST_PARAGRAPH and found.start() > start:
            start = found.start()
            yield start
        for cut in range(found.start() + _LONGEST_WORD, found.end(), _LONGEST_WORD):
            start = cut
            yield start
