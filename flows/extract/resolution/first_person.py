"""First person: who says 'I' in a statement, a press release or a signed article."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ontherecord.flows.extract.attribution.speaker_phrases import MentionIndex
from ontherecord.warehouse.records import Mention

FIRST_PERSON = frozenset(("i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"))
_WORDS = r"(?:statement|remarks|speech|testimony|address|letter|message)"
# 'STATEMENT OF SENATOR ANN KIM', 'Remarks by Ann Kim', 'By Ann Kim': the author follows.
_HEADING = re.compile(
    rf"\s*(?:(?:(?:the|full|prepared|opening) )*{_WORDS} (?:of|by|from)|by)[ :]+", re.IGNORECASE
)
# 'Kim released the following statement': the author precedes.
_FOLLOWING = re.compile(
    r"\b(?:released|issued|gave|made|delivered|sent|published)\b.{0,40}?\bfollowing\b.{0,30}?"
    rf"\b{_WORDS}\b",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"(?:['\u2019]s (?:statement|response|remarks|reaction)"
    r"| (?:says?|said|expresses|responds|reacts|applauds|praises|condemns|welcomes|urges)\b)",
    re.IGNORECASE,
)
_STATEMENT_WORD = re.compile(rf"\b{_WORDS}\b", re.IGNORECASE)
# A heading is no sentence, at most this long, and among a text's first lines.
_LONGEST_HEADING = 120
_FIRST_LINES = 8


def author_of(
    title: str, lines: Sequence[tuple[int, str]], mentions: MentionIndex, in_title: Sequence[Mention]
) -> int | None:
    """Find the entity that makes a statement or signs an article; `lines` come with their offsets."""
    opening = lines[:_FIRST_LINES]
    for start, line in opening:
        headed = _HEADING.match(line) if len(line) <= _LONGEST_HEADING else None
        if headed is not None and not line.rstrip().endswith((".", ",", ":")):
            found = _first_named_person(mentions.between(start + headed.end(), start + len(line)))
            if found is not None:
                return found
    named = {mention.entity_no for mention in in_title if mention.kind == "person"}
    if len(named) == 1 and _STATEMENT_WORD.search(title):
        return min(named)
    for start, line in opening:
        following = _FOLLOWING.search(line)
        if following is not None:
            found = _first_named_person(mentions.between(start, start + following.start()))
            if found is not None:
                return found
    return None


def announcer_of(title: str, in_title: Sequence[Mention]) -> int | None:
    """Find the entity whose words a headline announces: 'Senator Kim today issued the following statement'.

    Press releases have that sentence as their headline, or 'Kim Says …', and their text begins with the
    quotation.
    """
    following = _FOLLOWING.search(title)
    if following is not None:
        return _first_named_person([one for one in in_title if one.char_end <= following.start()])
    first = next((one for one in in_title if one.kind == "person"), None)
    says = first is not None and _SAYS.match(title, first.char_end)
    return first.entity_no if first is not None and says else None


def _first_named_person(mentions: Sequence[Mention]) -> int | None:
    return next((mention.entity_no for mention in mentions if mention.kind == "person"), None)
