"""Speaker roles: as what each speaker of an article speaks, in the article's own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from ontherecord.flows.extract.attribution.speaker_phrases import MentionIndex
from ontherecord.flows.extract.attribution.subjects import singular
from ontherecord.flows.extract.resolution.introductions import Introductions
from ontherecord.flows.extract.resolution.speakers import head_noun, is_person_noun
from ontherecord.flows.extract.text.labels import ANSWER_LABELS, QUESTION_LABELS
from ontherecord.flows.extract.word_lists import word_set
from ontherecord.warehouse.records import Quote, QuoteSpeaker

# Characters to search back for the words of somebody without a name, so that a long text takes linear time.
_REACH = 20_000
_Place = tuple[int, int] | None
_Row = TypeVar("_Row", Quote, QuoteSpeaker)


class SpeakerRoles:
    """Finds the role of each speaker: of a named person the introduction, of others their own words."""

    def __init__(self, body: str, introductions: Introductions, mentions: MentionIndex) -> None:
        self._body = body
        self._introductions = introductions
        self._mentions = mentions

    def add_to(
        self, quotes: Sequence[Quote], speakers: Sequence[QuoteSpeaker]
    ) -> tuple[tuple[Quote, ...], tuple[QuoteSpeaker, ...]]:
        """Return quotes and their speakers with roles; a quote of several speakers has none of its own."""
        described = []
        own: dict[int, _Place] = {}
        for speaker in speakers:
            quote = quotes[speaker.quote_no]
            place = self._role(quote, speaker)
            own[quote.quote_no] = place if quote.speaker == speaker.name else None
            described.append(_with_role(speaker, place, self._body))
        return tuple(_with_role(quote, own.get(quote.quote_no), self._body) for quote in quotes), tuple(
            described
        )

    def _role(self, quote: Quote, speaker: QuoteSpeaker) -> _Place:
        at = quote.char_start if quote.speaker_start is None else quote.speaker_start
        if speaker.entity_no is not None:
            if not self._mentions.is_person(speaker.entity_no):
                return None
            return self._introductions.role_of(speaker.entity_no, at) or self._own_phrase(quote)
        return self._own_words(quote, speaker.name)

    def _own_phrase(self, quote: Quote) -> _Place:
        """Return the speaker phrase where it is a role without a name: 'the surgeon' for Ruth Adler."""
        start, end = quote.speaker_start, quote.speaker_end
        if start is None or end is None or not _is_role(quote.speaker_text or ""):
            return None
        named = self._mentions.between(start, end)
        return None if any(mention.kind == "person" for mention in named) else (start, end)

    def _own_words(self, quote: Quote, words: str) -> _Place:
        """Return where the body has the words for somebody without a name, at the quote or last before it."""
        if quote.speaker_type not in ("unnamed person", "unnamed group", "named person"):
            return None
        if words in (*QUESTION_LABELS, *ANSWER_LABELS) or not _is_role(words):
            return None
        last = quote.char_end if quote.speaker_end is None else quote.speaker_end
        start = self._body.rfind(words, max(0, last - _REACH), last)
        return (start, start + len(words)) if start >= 0 else None


def _is_role(words: str) -> bool:
    """Whether words are a noun for persons: 'a security source', 'residents', not 'many' or 'he'."""
    head = head_noun(words)
    if head in word_set("group_nouns"):
        return True
    if head in word_set("no_role_heads") or head in word_set("no_title_words"):
        return False
    return is_person_noun(head) or is_person_noun(singular(head))


def _with_role(row: _Row, place: _Place, body: str) -> _Row:
    if place is None:
        return row
    start, end = place
    return replace(row, speaker_role=body[start:end], role_start=start, role_end=end)
