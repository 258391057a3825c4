"""Confidence: the measured chance that a whole row is right: its words, its speaker, and that it is speech.

A logistic regression on what led to the row: the rules, the cue, the distance, the rivals.
bench/confidence.py learns the weights from labelled articles and writes data/confidence.txt, with how many
labelled rows had each feature and how many of those were right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

from ontherecord.flows.extract.attribution.quoted import Attribution
from ontherecord.flows.extract.resolution.speakers import ResolvedSpeaker
from ontherecord.flows.extract.text.cues import base_form
from ontherecord.flows.extract.word_lists import table_rows
from ontherecord.warehouse.records import QuoteKind, SpeakerType

_LOWEST, _HIGHEST = 0.02, 0.99
# Cues frequent enough to be counted by themselves.
_COUNTED_CUES = frozenset(
    [
        "say",
        "tell",
        "add",
        "write",
        "ask",
        "call",
        "announce",
        "claim",
        "deny",
        "warn",
        "note",
        "argue",
        "show",
        "find",
        "explain",
        "suggest",
        "urge",
        "describe",
        "report",
        "insist",
        "think",
        "read",
    ]
) | {"according to"}
_POINTING_BACK = frozenset(("he-or-she", "it", "they", "role", "organization", "description", "nationality"))
_WORD_BANDS = (2, 4, 8, 30)
_BANDS = (0.5, 0.7, 0.8, 0.9, 0.95)


def features_of(
    kind: QuoteKind,
    attribution: Attribution,
    resolved: ResolvedSpeaker,
    speaker_type: SpeakerType | None,
    text: str,
    after: str,
    before: float | None = None,
) -> tuple[str, ...]:
    """List the features of a row.

    `after` is the body behind it, and `before` the confidence of the part that it continues.
    """
    cue = attribution.cue
    if cue is None:
        cue_name = "none"
    else:
        base = base_form(cue.text)
        cue_name = base if base in _COUNTED_CUES else "listed" if cue.is_listed else "unlisted"
    words = text.split()
    found = [
        f"kind {kind}",
        f"{kind}, found by {attribution.rule}",
        f"{kind}, resolved by {resolved.rule}",
        f"{kind}, cue {cue_name}",
        f"{kind}, speaker {speaker_type or 'nobody'}",
        f"{kind}, words {sum(len(words) > most for most in _WORD_BANDS)}",
        f"{kind}, ends {_ending(text, after)}",
        f"{kind}, begins {_beginning(words)}",
    ]
    if resolved.rule in _POINTING_BACK:
        found.append(f"{resolved.rule}, sentences back {min(resolved.distance, 4)}")
        found.append(f"{resolved.rule}, rivals {min(resolved.rivals, 2)}")
    if before is not None:
        found.append(f"part before, band {sum(before >= band for band in _BANDS)}")
    return tuple(found)


def confidence_of(features: Sequence[str]) -> float:
    """Estimate the chance that a row is right; features that were never seen do not count."""
    weights = _weights()
    total = weights["constant"] + sum(weights.get(feature, 0.0) for feature in features)
    return round(max(_LOWEST, min(_HIGHEST, 1 / (1 + math.exp(-total)))), 2)


@cache
def _weights() -> dict[str, float]:
    return {row[0]: float(row[1]) for row in table_rows("confidence")}


def _ending(text: str, after: str) -> str:
    """Say how a row ends: clauses that stop in mid-sentence are cut more often."""
    if text[-1:] in (".", "!", "?"):
        return "in a stop"
    following = after.lstrip("\"'\u201d\u2019 ")[:1]
    return "before a stop" if following in (".", "!", "?", "") else "comma" if following == "," else "inside"


def _beginning(words: Sequence[str]) -> str:
    """Say how a row begins: a clause without a subject is often cut."""
    first = words[0].lower().strip("\"'\u201c\u2018") if words else ""
    if first in ("he", "she", "it", "they", "we", "i", "you", "there", "this", "these", "that", "those"):
        return "with a pronoun"
    if first in ("the", "a", "an", "his", "her", "its", "their", "our", "my", "no", "some", "all"):
        return "with an article"
    return "with a name" if words and words[0][:1].isupper() else "with another word"
