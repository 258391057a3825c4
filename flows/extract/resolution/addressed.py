"""Addressed: the persons whom a quotation calls by name, and who so are not its speaker."""

from __future__ import annotations

import re

from ontherecord.flows.extract.attribution.speaker_phrases import MentionIndex
from ontherecord.flows.extract.text.cues import speech_of_word
from ontherecord.flows.extract.word_lists import word_set

_BEFORE = re.compile(r"(?:^|[,.!?] )(?:[A-Z][a-z]+\.? )?$")
_OF_ONESELF = re.compile(r"\b(?:I,|I am|I['\u2019]m|[Mm]y name is) $")
_REACH = 12  # characters of 'My name is '
_WORD = re.compile(r"[a-z]+")
_BEHIND = re.compile(r"[,.!?]|$")
# Words by which one speaks to somebody: without them 'my brother, Tom,' is about him.
_TO_SOMEBODY = re.compile(
    r"\b(?:you|your|yours|yourself)\b"
    r"|(?:^|[.!?,] )(?:thanks?|sorry|please|hello|hi|hey|welcome|congratulations|well done|goodbye|bye"
    r"|good (?:morning|afternoon|evening|night|luck|bye)|happy \w+|don['\u2019]t|do not|let['\u2019]s"
    r"|come|go|stop|look|listen|wait)\b",
    re.IGNORECASE,
)


def named_in(body: str, start: int, end: int, mentions: MentionIndex) -> frozenset[int]:
    """Return the persons whom the quotation at two offsets names: few speak so of themselves.

    They do where they tell what others say: '"They say Adler should go," she said'.
    """
    words = (found for found in _WORD.finditer(body, start, end) if speech_of_word(found[0]))
    first_told = next((one.start() for one in words if one[0] not in word_set("speech_nouns")), end)
    return frozenset(
        mention.entity_no
        for mention in mentions.between(start, min(end, first_told))
        if mention.kind == "person"
        and not _OF_ONESELF.search(body, max(start, mention.char_start - _REACH), mention.char_start)
    )


def addressed_in(body: str, start: int, end: int, mentions: MentionIndex) -> frozenset[int]:
    """Return the persons to whom the quotation at two offsets is spoken: '"Thank you, Ann," she said'."""
    text = body[start:end].rstrip()
    if not _TO_SOMEBODY.search(text):
        return frozenset()
    return frozenset(
        mention.entity_no
        for mention in mentions.between(start, end)
        if mention.kind == "person"
        and _BEFORE.search(text[: mention.char_start - start])
        and _BEHIND.match(text[mention.char_end - start :])
    )
