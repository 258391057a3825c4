"""Narration: the narrator's sentences of a paragraph, parsed with the quotations masked.

Parsers fail on long quotations: they split sentences at the marks and attach 'said' to a verb inside them.
So each quotation that is a sentence by itself is replaced by a short placeholder before parsing; words
quoted within a sentence (fragments) stay, without their marks.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from spacy.tokens import Doc, Span, Token

from ontherecord.flows.extract.nlp.model import LanguageModel
from ontherecord.flows.extract.text.abbreviations import abbreviation_pattern
from ontherecord.flows.extract.text.cues import may_report, speech_follows
from ontherecord.flows.extract.text.marks import QuotedSpan
from ontherecord.flows.extract.text.scare_quotes import has_title_case

# A plain clause, which verbs of speech take in the corpora that parsers are trained on.
_PLACEHOLDER = "It works"
_PLACEHOLDER_WORDS = 2
# Two words, the full stop and the closing mark.
PLACEHOLDER_TOKENS = 4
# Longer quotations are always masked: the sentence around them parses without them.
_LONGEST_FRAGMENT = 240
_ENDS_SENTENCE = re.compile(r"[.?!\u2026]['\"\u2019\u201d)\]]*$")
_MAY_PRECEDE = re.compile(r"(?:^|[.?!:;,\u2014\u2013\u2026-]|[\])])$")
# The parser ends a sentence after 'Drs.', and not after a title of the same length.
_PLURAL_TITLE, _KNOWN_TITLE = "Drs. ", "Mrs. "
# 'PARIS, May 3 (AFP) - ': a dateline is not part of the first sentence.
_DATELINE = re.compile(
    r"\s*[A-Z][A-Z.'\u2019-]+(?:[ /][A-Z][A-Z.'\u2019-]+){0,4}(?:,\s[A-Z][\w.]+(?:\s[A-Z][\w.]+)?)?"
    r"(?:,?\s[A-Z][A-Za-z]{2,8}\.?\s\d{1,2})?(?:\s\([^()]{2,30}\))?\s(?:--?|\u2013|\u2014|:)\s+"
)
# '18:02 GMT - ', 'Posted at 14:20 ', '5.50pm: ': nor is the time of an entry in a live blog.
_TIME = re.compile(
    r"\s*(?:(?:Posted|Updated|Published)(?: at)? )?\[?"
    r"(?:\d{1,2}:\d{2}(?:\s?[ap]\.?m\.?)?|\d{1,2}(?:\.\d{2})?\s?[ap]\.?m\.?)\]?"
    r"(?:\s(?:GMT|UTC|BST|CES?T|[ECMP][SD]?T|AES?T|AEDT|IST))?(?:\s?[:|\u2013\u2014-])?\s+(?=[A-Z\"\u201c'\u2018])"
)
# A name glued to the dash that signs a quotation: '"…" -Ann Kim'.
_GLUED = re.compile(r"\s*(?:--?|[\u2013\u2014\u2015~])(?=[A-Z][a-z])")
_NUMBER_SIGN = re.compile(r"\bNo\.(?=\s?\d)")


@dataclass(frozen=True, slots=True)
class QuotedSegment:
    """A quotation, and whether it is a sentence by itself (a statement) or a fragment of the narrator's."""

    span: QuotedSpan
    is_statement: bool
    ends_sentence: bool


@dataclass(frozen=True, slots=True)
class MaskedParagraph:
    """A paragraph's text with its quotations masked, and how its offsets map to the paragraph's."""

    text: str
    segments: tuple[QuotedSegment, ...]
    placeholders: tuple[tuple[int, int], ...]  # (offset of the placeholder, index of its segment)
    pieces: tuple[tuple[int, int], ...]  # (offset in the masked text, offset in the paragraph)


@dataclass(frozen=True, slots=True)
class Narration:
    """A parsed masked paragraph. Token indexes are the masked text's; offsets returned are the body's."""

    paragraph_start: int
    masked: MaskedParagraph
    doc: Doc
    placeholders: dict[int, int]  # index of a placeholder's first token -> index of its segment
    fragments: dict[int, tuple[int, int]]  # index of a segment -> its tokens, half-open
    token_starts: tuple[int, ...]  # offset of each token in the paragraph
    quoted: frozenset[int]  # indexes of the fragments' tokens
    placeholder_indexes: tuple[int, ...]  # the placeholders' first tokens, in order
    placeholder_words: frozenset[int]  # indexes of the placeholders' words
    sentences: tuple[Span, ...]

    @property
    def segments(self) -> tuple[QuotedSegment, ...]:
        return self.masked.segments

    def is_placeholder(self, index: int) -> bool:
        return index in self.placeholder_words

    def is_fragment(self, index: int) -> bool:
        """Whether a token is quoted within the narrator's sentence."""
        return index in self.quoted

    def placeholders_between(self, low: int, high: int) -> tuple[int, int]:
        """Return which of `placeholder_indexes` are in a range of tokens, half-open."""
        return bisect_left(self.placeholder_indexes, low), bisect_left(self.placeholder_indexes, high)

    def has_placeholder(self, low: int, high: int) -> bool:
        """Whether a quotation was masked in a range of tokens."""
        first, last = self.placeholders_between(low, high)
        return first < last

    def start_of(self, token: Token) -> int:
        """Return the body offset where a token begins."""
        return self.paragraph_start + self.token_starts[token.i]

    def end_of(self, token: Token) -> int:
        """Return the body offset where a token ends."""
        return self.start_of(token) + len(token)

    def tokens_between(self, start: int, end: int) -> tuple[int, int]:
        """Return the token indexes within body offsets, half-open."""
        starts = self.token_starts
        low = bisect_left(starts, start - self.paragraph_start)
        return low, bisect_left(starts, end - self.paragraph_start)


def segments_of(paragraph: str, spans: Sequence[QuotedSpan]) -> tuple[QuotedSegment, ...]:
    """Classify quotations as statements or fragments."""
    bounds = [0, *(span.outer_end for span in spans)]
    nexts = [*(span.outer_start for span in spans[1:]), len(paragraph)]
    return tuple(
        _segment(paragraph, span, paragraph[low : span.outer_start], paragraph[span.outer_end : high])
        for span, low, high in zip(spans, bounds, nexts, strict=False)
    )


def _segment(paragraph: str, span: QuotedSpan, before: str, after: str) -> QuotedSegment:
    words = paragraph[span.start : span.end]
    before, after = before.rstrip(), after.lstrip()
    opens = not before or bool(_MAY_PRECEDE.search(before))
    has_end = bool(_ENDS_SENTENCE.search(words)) or words.endswith((",", "\u2014", "--", "-", ";", ":"))
    first = words.lstrip("([\u2026.'\u2018 ")[:1]
    is_capital = first.isupper() or first.isdigit()
    # A fragment is part of the narrator's grammar: no comma, colon or sentence end before it,
    # or a lower-case start and no sentence end of its own.
    is_statement = opens and (is_capital or has_end)
    if not opens and is_capital and has_end and len(words.split()) > 2:
        is_statement = not words.endswith(",") and not has_title_case(words)
    if len(words) > _LONGEST_FRAGMENT:
        is_statement = True
    ends = _ends_sentence(words, after)
    return QuotedSegment(span, is_statement, ends)


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
    # '"Why?" Smith asked.' is one sentence, '"Why?" The crowd roared.' is two. A full stop always ends.
    return words.rstrip("'\"\u2019\u201d)]")[-1:] not in ("?", "!") or not speech_follows(after[:80])


def needs_parse(paragraph: str, spans: Sequence[QuotedSpan]) -> bool:
    """Whether a paragraph can contain quoted or reported speech."""
    return bool(spans) or may_report(paragraph)


def mask_quotations(paragraph: str, segments: tuple[QuotedSegment, ...]) -> MaskedParagraph:
    """Replace each quoted statement of a paragraph by a placeholder."""
    parts: list[str] = []
    pieces: list[tuple[int, int]] = []
    placeholders: list[tuple[int, int]] = []
    size = 0
    lead = _DATELINE.match(paragraph[:120]) or _TIME.match(paragraph[:120])
    at = lead.end() if lead and (not segments or lead.end() <= segments[0].span.start) else 0

    def add(text: str, paragraph_at: int) -> None:
        nonlocal size
        pieces.append((size, paragraph_at))
        parts.append(text)
        size += len(text)

    for index, segment in enumerate(segments):
        span = segment.span
        add(paragraph[at : span.outer_start], at)
        if segment.is_statement:
            space = " " if parts[-1] and not parts[-1][-1].isspace() else ""
            placeholders.append((size + len(space) + 1, index))
            end = "." if segment.ends_sentence else ","
            add(f'{space}"{_PLACEHOLDER}{end}"', span.start)
            if paragraph[span.outer_end : span.outer_end + 1].isalnum():
                add(" ", span.end)
        else:
            add(paragraph[span.start : span.end], span.start)
        at = span.outer_end
        glued = _GLUED.match(paragraph, at)
        if glued is not None:
            add(paragraph[at : glued.end()], at)
            add(" ", glued.end())
            at = glued.end()
    add(paragraph[at:], at)
    text = "".join(parts).replace(_PLURAL_TITLE, _KNOWN_TITLE)
    return MaskedParagraph(text, segments, tuple(placeholders), tuple(pieces))


def make_doc(language: LanguageModel, masked: MaskedParagraph) -> Doc:
    """Tokenize a masked paragraph, setting sentence boundaries after placeholders, none after 'Sgt.'."""
    doc = _with_numbers_whole(language.make_doc(masked.text), masked.text)
    shortened = [found.end() for found in abbreviation_pattern().finditer(masked.text)]
    offsets = _token_offsets(doc) if shortened or masked.placeholders else []
    for end in shortened:
        after = bisect_left(offsets, end)
        if after < len(doc) and doc[after].text[:1].isupper():
            doc[after].is_sent_start = False
    ends = {offset: masked.segments[index].ends_sentence for offset, index in masked.placeholders}
    for first, start in enumerate(offsets) if ends else ():
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


def _with_numbers_whole(doc: Doc, text: str) -> Doc:
    """Make one token of 'No.' before a number, whose full stop ends no sentence: 'the No. 2 official'."""
    found = [at.start() for at in _NUMBER_SIGN.finditer(text)]
    if found:
        with doc.retokenize() as retokenizer:
            for span in (doc.char_span(start, start + len("No.")) for start in found):
                if span is not None:
                    retokenizer.merge(span)
    return doc


def _token_offsets(doc: Doc) -> list[int]:
    """List where the tokens begin; an array is much faster than the tokens themselves."""
    starts: list[int] = doc.to_array("IDX").tolist()
    return starts


def read_narration(paragraph_start: int, masked: MaskedParagraph, doc: Doc) -> Narration:
    """Map a parsed masked paragraph back to offsets in its paragraph."""
    masked_starts = [start for start, _ in masked.pieces]
    placeholder_at = dict(masked.placeholders)
    token_offsets = _token_offsets(doc)
    placeholders = {
        index: placeholder_at[at] for index, at in enumerate(token_offsets) if at in placeholder_at
    }
    starts = []
    covered = [(at, at + len(_PLACEHOLDER) + 2, index) for at, index in masked.placeholders]
    hidden = {index: masked.segments[index].span.start for _, _, index in covered}
    hidden_starts = [at - 1 for at, _, _ in covered]
    for at in token_offsets:
        piece = bisect_right(masked_starts, at) - 1
        start = masked.pieces[piece][1] + at - masked.pieces[piece][0]
        inside = bisect_right(hidden_starts, at) - 1
        if inside >= 0 and at <= covered[inside][1]:
            start = hidden[covered[inside][2]]
        starts.append(start)
    # Offsets never decrease: a token of a placeholder gets the start of the quotation.
    for index, (before, now) in enumerate(pairwise(starts)):
        starts[index + 1] = max(before, now)
    fragments = {}
    for index, segment in enumerate(masked.segments):
        if not segment.is_statement:
            low = bisect_left(starts, segment.span.start)
            fragments[index] = (low, max(low + 1, bisect_left(starts, segment.span.end)))
    sentences = tuple(doc.sents)
    _cache_sentences(doc, sentences)
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
        frozenset(first + more for first in placeholders for more in range(_PLACEHOLDER_WORDS)),
        sentences,
    )


def _cache_sentences(doc: Doc, sentences: Sequence[Span]) -> None:
    """Make token.sent a look-up; spaCy scans the whole text for each call."""
    bounds = [*(sentence.start for sentence in sentences), len(doc)]

    def sentence_of(token: Token) -> Span:
        at = bisect_right(bounds, token.i)
        return doc[bounds[at - 1] : bounds[at]]

    doc.user_token_hooks["sent"] = sentence_of
