"""The sentences around a quote."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

OPENED, CLOSED = "[[", "]]"


@dataclass(frozen=True, slots=True)
class Context:
    """The sentence with the quote, marked by [[ and ]], and those before and after; '' at an end."""

    before: str
    sentence: str
    after: str


def context_of(body: str, start: int, end: int) -> Context:
    """Return the context of the quote at these offsets; a sentence ends with its line at the latest."""
    spans = _sentences(body)
    first = max((n for n, span in enumerate(spans) if span[0] <= start), default=0)
    last = max((n for n, span in enumerate(spans) if span[0] < end), default=first)
    before = body[slice(*spans[first - 1])] if first else ""
    after = body[slice(*spans[last + 1])] if last + 1 < len(spans) else ""
    opening, closing = body[spans[first][0] : start], body[end : spans[last][1]]
    return Context(before, f"{opening}{OPENED}{body[start:end]}{CLOSED}{closing}", after)


def _sentences(body: str) -> list[tuple[int, int]]:
    """Return the start and end of each sentence, by spaCy's rules on punctuation."""
    spans, at = [], 0
    for line in body.split("\n"):
        found = [sentence for sentence in _splitter()(line).sents if sentence.text.strip()]
        spans += [(at + sentence.start_char, at + sentence.end_char) for sentence in found]
        at += len(line) + 1
    return spans or [(0, len(body))]


@cache
def _splitter() -> Any:
    import spacy  # takes a second

    english = spacy.blank("en")
    english.max_length = 10_000_000
    english.add_pipe("sentencizer", config={"punct_chars": [".", "!", "?"]})
    return english
