"""Confidence: how often speakers resolved by the same rule were right.

The shares were counted with bench/accuracy.py on some 3,100 labelled quotations of political and agency
news, and rounded down where a rule was rarely used.
"""

from __future__ import annotations

from ontherecord.flows.extract.attribution.quoted import Attribution
from ontherecord.flows.extract.resolution.speakers import ResolvedSpeaker
from ontherecord.warehouse.records import QuoteKind

# By the rule that resolved the speaker, for a cue right beside the quotation.
_BY_RULE = {
    "label": 0.8,
    "joint": 0.9,
    "both": 0.8,
    "nationality": 0.7,
    "name": 0.98,
    "last-name": 0.9,
    "reply": 0.8,
    "he-or-she": 0.9,
    "it": 0.7,
    "they": 0.7,
    "other-pronoun": 0.2,
    "organization": 0.75,
    "role": 0.7,
    "description": 0.6,
    "own-words": 0.8,
    "announced": 0.88,
    "same-speaker": 0.88,
    "in-focus": 0.5,
    "continued": 0.9,
    "nobody": 0.2,
}
_POINTING_BACK = ("he-or-she", "role", "description", "it", "they")
_PER_SENTENCE = 0.15  # subtracted for each further sentence between a phrase and its antecedent
_CUE_ASIDE = 0.02  # subtracted where the cue is elsewhere in the sentence …
_CUE_ASIDE_UNNAMED = 0.2  # … and its subject is not a name
_UNLISTED_CUE = 0.12
_INDIRECT = 0.03
_FLOATING = 0.88  # floating quotation, next to another one or announced
_BARE_FRAGMENT = 0.5  # fragment in a sentence without a cue
_CONTINUED = 0.97  # factor on the confidence of the part before
_LOWEST, _HIGHEST = 0.05, 0.98


def confidence_of(attribution: Attribution, resolved: ResolvedSpeaker, kind: QuoteKind) -> float:
    """Estimate the chance that a quote's speaker is right."""
    value = _BY_RULE[resolved.rule]
    if resolved.rule in _POINTING_BACK:
        value -= _PER_SENTENCE * max(0, resolved.distance - 1)
    cue = attribution.cue
    if attribution.speaker_phrase is None:
        value = min(value, _FLOATING if kind == "direct" else _BARE_FRAGMENT)
    elif cue is not None:
        if not cue.is_listed:
            value -= _UNLISTED_CUE
        if not cue.is_beside:
            value -= _CUE_ASIDE if resolved.rule == "name" else _CUE_ASIDE_UNNAMED
    if kind == "indirect":
        value -= _INDIRECT
    return round(max(_LOWEST, min(_HIGHEST, value)), 2)


def continued_confidence(previous: float) -> float:
    """Estimate the chance for a part that continues a quotation, from that of the part before."""
    return round(max(_LOWEST, previous * _CONTINUED), 2)
