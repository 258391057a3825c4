"""What is left of a paragraph when its quotations are taken out: the narrator's own sentences.

Long quotations are what parsers fail at: they break sentences at the marks and hang 'said' on a verb
inside them. So each quotation that stands as a sentence of its own is replaced by a short stand-in
before parsing, and words quoted within a sentence stay, without their marks.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from spacy.tokens import Doc, Span, Token

from ontherecord.flows.extract.nlp.model import LanguageModel
from ontherecord.flows.extract.text.cues import may_report, speech_follows
from ontherecord.flows.extract.text.marks import QuotedSpan
from ontherecord.flows.extract.text.titles import has_title_case

# A plain clause, since that is what a verb of speech takes in the texts the parsers learned from.
_PLACEHOLDER = "It works"
_STAND_IN_WORDS = 2
# The stand-in's first word, its second, its stop and the closing mark.
PLACEHOLDER_TOKENS = 4
# Longer quoted stretches are clauses that the sentence around them does not need to be understood.
_LONGEST_FRAGMENT = 240
_ENDS_SENTENCE = re.compile(r"[.?!\u2026]['\"\u2019\u201d)\]]*$")
_MAY_PRECEDE = re.compile(r"(?:^|[.?!:;,\u2014\u2013\u2026-]|[\])])$")
# 'PARIS, May 3 (AFP) - ': the place where an article was written is no part of its first sentence.
_DATELINE = re.compile(
    r"\s*[A-Z][A-Z.'\u2019-]+(?:[ /][A-Z][A-Z.'\u2019-]+){0,4}(?:,\s[A-Z][\w.]+(?:\s[A-Z][\w.]+)?)?"
    r"(?:,?\s[A-Z][a-z]{2,8}\.?\s\d{1,2})?(?:\s\([^()]{2,30}\))?\s(?:--?|\u2013|\u2014|:)\s+"
)


@dataclass(frozen=True, slots=True)
class QuotedSegment:
    """A quoted stretch and whether it stands as a sentence of its own or is part of the narrator's."""

    marked: QuotedSpan
    is_statement: bool
    ends_sentence: bool


@dataclass(frozen=True, slots=True)
class MaskedParagraph:
    """A paragraph's text without its quotations, and how its offsets map to the paragraph's."""

    text: str
    segments: tuple[QuotedSegment, ...]
    placeholders: tuple[tuple[int, int], ...]  # (offset of the stand-in, index of its stretch)
    pieces: tuple[tuple[int, int], ...]  # (offset in the skeleton, offset in the paragraph)


@dataclass(frozen=True, slots=True)
class Narration:
    """A parsed skeleton. Tokens are the skeleton's; offsets that leave here are the body's."""

    paragraph_start: int
    masked: MaskedParagraph
    doc: Doc
    placeholders: dict[int, int]  # index of a stand-in's first token -> index of its stretch
    fragments: dict[int, tuple[int, int]]  # index of a stretch -> its tokens, half-open
    token_starts: tuple[int, ...]  # offset of each token in the paragraph
    quoted: frozenset[int]  # indexes of the fragments' tokens
    placeholder_indexes: tuple[int, ...]  # the stand-ins' first tokens, in order
    stand_in_words: frozenset[int]  # indexes of the stand-ins' words
    sentences: tuple[Span, ...]

    @property
    def segments(self) -> tuple[QuotedSegment, ...]:
        return self.masked.segments

    def is_placeholder(self, index: int) -> bool:
        return index in self.stand_in_words

    def is_fragment(self, index: int) -> bool:
        """Whether a token is quoted within the narrator's sentence."""
        return index in self.quoted

    def placeholders_between(self, low: int, high: int) -> tuple[int, int]:
        """Say which of `stand_in_places` are among these tokens, half-open."""
        return bisect_left(self.placeholder_indexes, low), bisect_left(self.placeholder_indexes, high)

    def has_stand_in(self, low: int, high: int) -> bool:
        """Whether a quotation stands among these tokens."""
        first, last = self.placeholders_between(low, high)
        return first < last

    def start_of(self, token: Token) -> int:
        """Body offset where a token begins."""
        return self.paragraph_start + self.token_starts[token.i]

    def end_of(self, token: Token) -> int:
        """Body offset where a token ends."""
        return self.start_of(token) + len(token)

    def tokens_between(self, start: int, end: int) -> tuple[int, int]:
        """Indexes of the tokens within body offsets, half-open."""
        starts = self.token_starts
        low = bisect_left(starts, start - self.paragraph_start)
        return low, bisect_left(starts, end - self.paragraph_start)


def segments_of(paragraph: str, marked: Sequence[QuotedSpan]) -> tuple[QuotedSegment, ...]:
    """Tell quoted sentences from words quoted within a sentence."""
    bounds = [0, *(mark.outer_end for mark in marked)]
    nexts = [*(mark.outer_start for mark in marked[1:]), len(paragraph)]
    return tuple(
        _stretch(paragraph, mark, paragraph[low : mark.outer_start], paragraph[mark.outer_end : high])
        for mark, low, high in zip(marked, bounds, nexts, strict=False)
    )


def _stretch(paragraph: str, mark: QuotedSpan, before: str, after: str) -> QuotedSegment:
    words = paragraph[mark.start : mark.end]
    before, after = before.rstrip(), after.lstrip()
    opens = not before or bool(_MAY_PRECEDE.search(before))
    has_end = bool(_ENDS_SENTENCE.search(words)) or words.endswith((",", "\u2014", "--", "-", ";", ":"))
    first = words.lstrip("([\u2026.'\u2018 ")[:1]
    is_capital = first.isupper() or first.isdigit()
    # Words quoted inside a sentence are in the narrator's grammar: no comma, colon or sentence end
    # before them, or a small letter and no end of their own.
    is_statement = opens and (is_capital or has_end)
    if not opens and is_capital and has_end and len(words.split()) > 2:
        is_statement = not words.endswith(",") and not has_title_case(words)
    if len(words) > _LONGEST_FRAGMENT:
        is_statement = True
    ends = _ends_sentence(words, after)
    return QuotedSegment(mark, is_statement, ends)


def _ends_sentence(words: str, after: str) -> bool:
    if not after:
        return True
    if after[:1] in ".?!":
        return True
    if not _ENDS_SENTENCE.search(words):
        return False
    first = after.lstrip(" ([\"'\u201c\u2018")[:1]
    if first and not (first.isupper() or first.isdigit()):
        return False
    # "Why?" Smith asked. goes on; "Why?" The crowd roared. does not. A full stop always ends.
    return words.rstrip("'\"\u2019\u201d)]")[-1:] not in ("?", "!") or not speech_follows(after[:80])


def needs_parse(paragraph: str, marked: Sequence[QuotedSpan]) -> bool:
    """Whether a paragraph can hold reported speech at all."""
    return bool(marked) or may_report(paragraph)


def mask_quotations(paragraph: str, segments: tuple[QuotedSegment, ...]) -> MaskedParagraph:
    """Write a paragraph with a stand-in for each quoted sentence."""
    parts: list[str] = []
    pieces: list[tuple[int, int]] = []
    placeholders: list[tuple[int, int]] = []
    size = 0
    dateline = _DATELINE.match(paragraph[:120])
    at = dateline.end() if dateline and (not segments or dateline.end() <= segments[0].marked.start) else 0

    def add(text: str, paragraph_at: int) -> None:
        nonlocal size
        pieces.append((size, paragraph_at))
        parts.append(text)
        size += len(text)

    for index, segment in enumerate(segments):
        mark = segment.marked
        add(paragraph[at : mark.outer_start], at)
        if segment.is_statement:
            space = " " if parts[-1] and not parts[-1][-1].isspace() else ""
            placeholders.append((size + len(space) + 1, index))
            end = "." if segment.ends_sentence else ","
            add(f'{space}"{_PLACEHOLDER}{end}"', mark.start)
            if paragraph[mark.outer_end : mark.outer_end + 1].isalnum():
                add(" ", mark.end)
        else:
            add(paragraph[mark.start : mark.end], mark.start)
        at = mark.outer_end
    add(paragraph[at:], at)
    return MaskedParagraph("".join(parts), segments, tuple(placeholders), tuple(pieces))


def make_doc(language: LanguageModel, masked: MaskedParagraph) -> Doc:
    """Tokenize a skeleton and fix its sentences where its quotations end or go on."""
    doc = language.make_doc(masked.text)
    ends = {offset: masked.segments[index].ends_sentence for offset, index in masked.placeholders}
    for first, start in enumerate(_starts(doc)) if ends else ():
        if start in ends:
            ends_sentence = ends[start]
            after = first + PLACEHOLDER_TOKENS
            for index in range(first, min(after, len(doc))):
                doc[index].is_sent_start = False
            while ends_sentence and after < len(doc) and doc[after].text in ".,;!?)":
                after += 1
            if after < len(doc):
                doc[after].is_sent_start = ends_sentence
    return doc


def _starts(doc: Doc) -> list[int]:
    """List where the tokens begin; an array is much faster than the tokens themselves."""
    starts: list[int] = doc.to_array("IDX").tolist()
    return starts


def read_narration(paragraph_start: int, masked: MaskedParagraph, doc: Doc) -> Narration:
    """Join a parsed skeleton with its offsets."""
    skeleton_starts = [start for start, _ in masked.pieces]
    stand_in_at = dict(masked.placeholders)
    places = _starts(doc)
    placeholders = {index: stand_in_at[at] for index, at in enumerate(places) if at in stand_in_at}
    starts = []
    covered = [(at, at + len(_PLACEHOLDER) + 2, index) for at, index in masked.placeholders]
    hidden = {index: masked.segments[index].marked.start for _, _, index in covered}
    hidden_starts = [at - 1 for at, _, _ in covered]
    for at in places:
        piece = bisect_right(skeleton_starts, at) - 1
        start = masked.pieces[piece][1] + at - masked.pieces[piece][0]
        inside = bisect_right(hidden_starts, at) - 1
        if inside >= 0 and at <= covered[inside][1]:
            start = hidden[covered[inside][2]]
        starts.append(start)
    # Offsets never fall: a token within a stand-in takes the start of the quotation.
    for index, (before, now) in enumerate(pairwise(starts)):
        starts[index + 1] = max(before, now)
    fragments = {}
    for index, segment in enumerate(masked.segments):
        if not segment.is_statement:
            low = bisect_left(starts, segment.marked.start)
            fragments[index] = (low, max(low + 1, bisect_left(starts, segment.marked.end)))
    sentences = tuple(doc.sents)
    _tell_sentences(doc, sentences)
    quoted = frozenset(index for low, high in fragments.values() for index in range(low, high))
    return Narration(
        paragraph_start,
        masked,
        doc,
        placeholders,
        fragments,
        tuple(starts),
        quoted,
        tuple(placeholders),
        frozenset(first + more for first in placeholders for more in range(_STAND_IN_WORDS)),
        sentences,
    )


def _tell_sentences(doc: Doc, sentences: Sequence[Span]) -> None:
    """Have tokens look their sentence up; spaCy walks over the whole text for each."""
    bounds = [*(sentence.start for sentence in sentences), len(doc)]

    def sentence_of(token: Token) -> Span:
        at = bisect_right(bounds, token.i)
        return doc[bounds[at - 1] : bounds[at]]

    doc.user_token_hooks["sent"] = sentence_of
