"""Confidence: how often speakers found in the same way were right.

The shares were counted with bench/accuracy.py on some 3,100 labelled quotations of political and
agency news, and rounded down where a way was seldom taken.
"""

from __future__ import annotations

from ontherecord.flows.extract.attribution.quoted import Attribution
from ontherecord.flows.extract.resolution.resolver import ResolvedSpeaker
from ontherecord.warehouse.records import QuoteKind

# By how the person was found, for a cue right beside the quotation.
_BY_WAY = {
    "name": 0.98,
    "words": 0.8,  # no name to check against, and often no speaker at all
    "speaker": 0.9,
    "subject": 0.9,
    "description": 0.8,
    "role": 0.7,
    "mention": 0.45,
    "nobody": 0.2,
}
_POINTING_BACK = ("speaker", "subject", "description", "role")
_FARTHER = 0.15  # less for each sentence more than one that a phrase points back
_CUE_ASIDE = 0.02  # less where the cue is somewhere in the sentence …
_WORDS_ASIDE = 0.2  # … and has no name for its subject
_UNLISTED_CUE = 0.12
_INDIRECT = 0.03
_FLOATING = 0.88  # nobody is named, and another quotation has just ended or is announced
_STRAY = 0.5  # nobody is named, and the words are part of a sentence that does not say whose they are
_CARRIED_ON = 0.97  # times the confidence of the piece before
_LOWEST, _HIGHEST = 0.05, 0.98


def confidence_of(attribution: Attribution, resolved: ResolvedSpeaker, kind: QuoteKind) -> float:
    """Estimate the chance that a quote's speaker is the right one."""
    value = _BY_WAY[resolved.rule]
    if resolved.rule in _POINTING_BACK:
        value -= _FARTHER * max(0, resolved.distance - 1)
    cue = attribution.cue
    if attribution.source is None:
        value = min(value, _FLOATING if kind == "direct" else _STRAY)
    elif cue is not None:
        if not cue.is_listed:
            value -= _UNLISTED_CUE
        if not cue.is_beside:
            value -= _CUE_ASIDE if resolved.rule == "name" else _WORDS_ASIDE
    if kind == "indirect":
        value -= _INDIRECT
    return round(max(_LOWEST, min(_HIGHEST, value)), 2)


def carried_on(before: float) -> float:
    """Estimate the same for a piece that goes on with the quotation before."""
    return round(max(_LOWEST, before * _CARRIED_ON), 2)
