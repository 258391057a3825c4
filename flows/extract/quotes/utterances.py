"""Utterances: drafts of quotes given their speakers in the order of the text, and numbered."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ontherecord.flows.extract.attribution.quoted import Attribution
from ontherecord.flows.extract.quotes.confidence import carried_on, confidence_of
from ontherecord.flows.extract.resolution.first_person import FIRST_PERSON
from ontherecord.flows.extract.resolution.resolver import NOBODY, ResolvedSpeaker, Resolver
from ontherecord.warehouse.records import Quote, QuoteKind


@dataclass(frozen=True, slots=True)
class QuoteCandidate:
    """A quote before its speaker is resolved; offsets are the body's.

    `continues` if it is a further piece of the marked words before; `opens_paragraph` if nothing of
    the narrator's stands before it in its paragraph.
    """

    kind: QuoteKind
    start: int
    end: int
    attribution: Attribution
    continues: bool = False
    opens_paragraph: bool = False


@dataclass(frozen=True, slots=True)
class _Spoken:
    """Who said the last marked words, how sure that is, and in which utterance."""

    resolved: ResolvedSpeaker
    confidence: float
    utterance_no: int


class Utterances:
    """Turns the drafts of one article into quotes; called in the order of the text."""

    def __init__(self, body: str, resolver: Resolver) -> None:
        self.quotes: list[Quote] = []
        self._body = body
        self._resolver = resolver
        self._count = 0
        self._cue_start: int | None = None  # of the draft before
        self._cue_meaning = NOBODY
        self._marked: _Spoken | None = None

    def add(self, candidate: QuoteCandidate) -> None:
        """Resolve and number one draft."""
        cue = candidate.attribution.cue
        shares_cue = cue is not None and bool(self.quotes) and self._cue_start == cue.start
        resolved = self._resolve(candidate, shares_cue)
        if candidate.kind == "indirect" and resolved.name is None and _is_first_person(candidate.attribution):
            return  # what an author says that he said is his own text
        utterance_no = self._utterance_no(candidate, shares_cue)
        if candidate.attribution.source is None and candidate.continues and self._marked is not None:
            confidence = carried_on(self._marked.confidence)
        else:
            confidence = confidence_of(candidate.attribution, resolved, candidate.kind)
        self._cue_start, self._cue_meaning = (cue.start if cue is not None else None), resolved
        quote = self._quote(candidate, utterance_no, resolved, confidence)
        if candidate.attribution.source is not None and candidate.kind != "indirect":
            self._name_speaker_of_earlier_pieces(quote)
        self.quotes.append(quote)
        if candidate.kind != "indirect":
            self._marked = _Spoken(resolved, confidence, utterance_no)

    def _resolve(self, candidate: QuoteCandidate, shares_cue: bool) -> ResolvedSpeaker:
        source = candidate.attribution.source
        if source is not None:
            if shares_cue:
                return self._cue_meaning
            return self._resolver.resolve(source, min(source.start, candidate.start))
        if candidate.continues and self._marked is not None:
            before = self._marked.resolved
            resolved = ResolvedSpeaker(before.entity_no, before.name, "speaker")
        else:
            resolved = self._resolver.floating(candidate.start, candidate.opens_paragraph)
        self._resolver.again(candidate.start, resolved)
        return resolved

    def _utterance_no(self, candidate: QuoteCandidate, shares_cue: bool) -> int:
        if candidate.continues and self._marked is not None:
            return self._marked.utterance_no
        if shares_cue:
            return self.quotes[-1].utterance_no
        self._count += 1
        return self._count - 1

    def _name_speaker_of_earlier_pieces(self, named: Quote) -> None:
        """Give a speaker to the pieces of an utterance that came before its cue, or to an opening quote."""
        for at in range(len(self.quotes) - 1, -1, -1):
            earlier = self.quotes[at]
            is_piece = earlier.utterance_no == named.utterance_no
            if earlier.speaker_text is not None or not (is_piece or earlier.speaker is None):
                return
            confidence = carried_on(named.confidence if is_piece else min(named.confidence, 0.5))
            self.quotes[at] = replace(
                earlier, speaker=named.speaker, speaker_no=named.speaker_no, confidence=confidence
            )

    def _quote(
        self, candidate: QuoteCandidate, utterance_no: int, resolved: ResolvedSpeaker, confidence: float
    ) -> Quote:
        cue, source = candidate.attribution.cue, candidate.attribution.source
        # An unclosed quotation reaches to the end of its paragraph, white space and all.
        text = self._body[candidate.start : candidate.end].rstrip()
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
            speaker_text=source.text if source is not None else None,
            speaker_start=source.start if source is not None else None,
            speaker_end=source.end if source is not None else None,
            speaker_no=resolved.entity_no,
            speaker=resolved.name,
            confidence=confidence,
        )


def _is_first_person(attribution: Attribution) -> bool:
    return attribution.source is not None and attribution.source.head in FIRST_PERSON
