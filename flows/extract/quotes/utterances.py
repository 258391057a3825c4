"""Utterances: resolve the speakers of quote candidates in the order of the text, and number them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ontherecord.flows.extract.attribution.quoted import FLOATING, Attribution
from ontherecord.flows.extract.quotes.confidence import confidence_of, features_of
from ontherecord.flows.extract.resolution.first_person import FIRST_PERSON
from ontherecord.flows.extract.resolution.resolver import Resolver, gender_of_pronoun
from ontherecord.flows.extract.resolution.speakers import (
    NOBODY,
    ResolvedSpeaker,
    speaker_type_of,
)
from ontherecord.warehouse.records import Quote, QuoteKind, QuoteSpeaker, SpeakerType

_QUOTED = ("direct", "mixed")
# A pronoun shows the gender of whom it means if that is decided so few sentences back.
_NEAR = 2


@dataclass(frozen=True, slots=True)
class QuoteCandidate:
    """A quote before its speaker is resolved; offsets are the body's.

    `continues` if it is a further part of the quotation before; `opens_paragraph` if no narration precedes
    it in its paragraph. `resolved` is who speaks where that is known without the speaker phrase.
    """

    kind: QuoteKind
    start: int
    end: int
    attribution: Attribution
    continues: bool = False
    opens_paragraph: bool = False
    resolved: ResolvedSpeaker | None = None


@dataclass(frozen=True, slots=True)
class _LastQuotation:
    """Speaker, confidence and utterance of the last quotation."""

    resolved: ResolvedSpeaker
    confidence: float
    utterance_no: int


class Utterances:
    """Turns the candidates of one article into quotes; call in the order of the text.

    `features` are those of each quote from which its confidence follows. `pronouns` are the speaker phrases
    that are 'he' or 'she' and can mean nobody else: offset, entity, and 'female' or 'male'.
    """

    def __init__(self, body: str, resolver: Resolver) -> None:
        self.quotes: list[Quote] = []
        self.features: list[tuple[str, ...]] = []
        self.pronouns: list[tuple[int, int, str]] = []
        self._speakers: list[tuple[tuple[int | None, str], ...]] = []  # of each quote
        self._body = body
        self._resolver = resolver
        self._open: set[int] = set()  # quotes of which the text leaves open who speaks
        self._count = 0
        self._said_at: tuple[int, ...] | None = None  # of the candidate before
        self._cue_speaker = NOBODY
        self._last_quotation: _LastQuotation | None = None

    def add(self, candidate: QuoteCandidate) -> None:
        """Resolve and number one candidate."""
        said_at = _said_at(candidate.attribution)
        shares_cue = said_at is not None and bool(self.quotes) and self._said_at == said_at
        resolved = self._resolve(candidate, shares_cue)
        if (
            candidate.kind not in _QUOTED
            and resolved.name is None
            and _is_first_person(candidate.attribution)
        ):
            return  # an author's 'I said that …' is the author's own text
        utterance_no = self._utterance_no(candidate, shares_cue)
        self._said_at, self._cue_speaker = said_at, resolved
        quote = self._quote(candidate, utterance_no, resolved)
        if candidate.attribution.speaker_phrase is not None and candidate.kind in _QUOTED:
            self._name_speaker_of_earlier_parts(quote, resolved)
        if candidate.resolved == NOBODY:
            self._open.add(len(self.quotes))
        self.quotes.append(quote)
        self._speakers.append(resolved.speakers)
        if candidate.kind in _QUOTED:
            self._last_quotation = _LastQuotation(resolved, quote.confidence, utterance_no)

    def quote_speakers(self) -> tuple[QuoteSpeaker, ...]:
        """List the speakers of all quotes."""
        return tuple(
            QuoteSpeaker(quote_no, speaker_no, entity_no, name)
            for quote_no, speakers in enumerate(self._speakers)
            for speaker_no, (entity_no, name) in enumerate(speakers)
        )

    def _resolve(self, candidate: QuoteCandidate, shares_cue: bool) -> ResolvedSpeaker:
        phrase = candidate.attribution.speaker_phrase
        if candidate.resolved is not None:
            self._resolver.record(candidate.start, candidate.resolved)
            return candidate.resolved
        if phrase is not None:
            if shares_cue:
                return self._cue_speaker
            cue = candidate.attribution.cue
            gender = gender_of_pronoun(phrase.head)
            hearers: frozenset[int] = frozenset()
            if gender is not None and candidate.kind == "direct":
                hearers = self._resolver.addressed(self._body, candidate.start, candidate.end)
            start = min(phrase.start, candidate.start)
            found = self._resolver.resolve(phrase, start, cue.text if cue is not None else None, hearers)
            if gender and found.entity_no is not None and not found.rivals and found.distance <= _NEAR:
                self.pronouns.append((phrase.start, found.entity_no, gender))
            return found
        if candidate.continues and self._last_quotation is not None:
            before = self._last_quotation.resolved
            resolved = replace(before, rule="continued")
        else:
            resolved = self._resolver.resolve_floating(candidate.start, candidate.opens_paragraph)
        self._resolver.record(candidate.start, resolved)
        return resolved

    def _utterance_no(self, candidate: QuoteCandidate, shares_cue: bool) -> int:
        if candidate.continues and self._last_quotation is not None:
            return self._last_quotation.utterance_no
        if shares_cue:
            return self.quotes[-1].utterance_no
        self._count += 1
        return self._count - 1

    def _name_speaker_of_earlier_parts(self, named: Quote, resolved: ResolvedSpeaker) -> None:
        """Give the speaker to earlier parts of the utterance, and to an unattributed quotation before."""
        for at in range(len(self.quotes) - 1, -1, -1):
            earlier = self.quotes[at]
            is_part = earlier.utterance_no == named.utterance_no
            if (
                at in self._open
                or earlier.speaker_text is not None
                or not (is_part or earlier.speaker is None)
            ):
                return
            later = replace(resolved, rule="later-part")
            features = self._features(
                earlier.kind,
                FLOATING,
                later,
                named.speaker_type,
                earlier.text,
                earlier.char_end,
                named.confidence,
            )
            self.quotes[at] = replace(
                earlier,
                speaker=named.speaker,
                speaker_no=named.speaker_no,
                speaker_type=named.speaker_type,
                confidence=confidence_of(features),
                rule="floating: later-part",
            )
            self._speakers[at] = resolved.speakers
            self.features[at] = features

    def _features(
        self,
        kind: QuoteKind,
        attribution: Attribution,
        resolved: ResolvedSpeaker,
        speaker_type: SpeakerType | None,
        text: str,
        end: int,
        before: float | None,
    ) -> tuple[str, ...]:
        after = self._body[end : end + 8]
        return features_of(kind, attribution, resolved, speaker_type, text, after, before)

    def _quote(self, candidate: QuoteCandidate, utterance_no: int, resolved: ResolvedSpeaker) -> Quote:
        cue, phrase = candidate.attribution.cue, candidate.attribution.speaker_phrase
        # An unclosed quotation runs to the end of its paragraph, including white space.
        text = self._body[candidate.start : candidate.end].rstrip()
        speaker_type = speaker_type_of(resolved, phrase, self._resolver.entities)
        last = self._last_quotation
        before = last.confidence if resolved.rule in ("continued", "same-speaker") and last else None
        features = self._features(
            candidate.kind,
            candidate.attribution,
            resolved,
            speaker_type,
            text,
            candidate.start + len(text),
            before,
        )
        self.features.append(features)
        return Quote(
            quote_no=len(self.quotes),
            utterance_no=utterance_no,
            kind=candidate.kind,
            text=text,
            char_start=candidate.start,
            char_end=candidate.start + len(text),
            cue=cue.text if cue is not None else None,
            cue_start=cue.start if cue is not None else None,
            cue_end=cue.end if cue is not None else None,
            speaker_text=phrase.text if phrase is not None else None,
            speaker_start=phrase.start if phrase is not None else None,
            speaker_end=phrase.end if phrase is not None else None,
            speaker_no=resolved.entity_no,
            speaker=resolved.name,
            confidence=confidence_of(features),
            rule=f"{candidate.attribution.rule}: {resolved.rule}",
            speaker_type=speaker_type,
        )


def _said_at(attribution: Attribution) -> tuple[int, ...] | None:
    """Return where a candidate's cue is: parts with one cue have one speaker.

    But a passive may have two agents: 'called "a saint" by Ann Kim and "a thief" by Bo Lee'.
    """
    cue, phrase = attribution.cue, attribution.speaker_phrase
    if cue is None:
        return None
    if phrase is not None and attribution.rule == "verb-over":
        return cue.start, phrase.start
    return (cue.start,)


def _is_first_person(attribution: Attribution) -> bool:
    return attribution.speaker_phrase is not None and attribution.speaker_phrase.head in FIRST_PERSON
