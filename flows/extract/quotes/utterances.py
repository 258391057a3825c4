"""Utterances: drafts of quotes given their speakers in the order of the text, and numbered."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ontherecord.flows.extract.attribution.marked import Attribution
from ontherecord.flows.extract.quotes.confidence import carried_on, confidence_of
from ontherecord.flows.extract.resolution.first_person import FIRST_PERSON
from ontherecord.flows.extract.resolution.resolver import NOBODY, Meaning, Resolver
from ontherecord.warehouse.records import Quote, QuoteKind


@dataclass(frozen=True, slots=True)
class Draft:
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

    meaning: Meaning
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

    def add(self, draft: Draft) -> None:
        """Resolve and number one draft."""
        cue = draft.attribution.cue
        shares_cue = cue is not None and bool(self.quotes) and self._cue_start == cue.start
        meaning = self._meaning(draft, shares_cue)
        if draft.kind == "indirect" and meaning.name is None and _is_first_person(draft.attribution):
            return  # what an author says that he said is his own text
        utterance_no = self._utterance_no(draft, shares_cue)
        if draft.attribution.source is None and draft.continues and self._marked is not None:
            confidence = carried_on(self._marked.confidence)
        else:
            confidence = confidence_of(draft.attribution, meaning, draft.kind)
        self._cue_start, self._cue_meaning = (cue.start if cue is not None else None), meaning
        quote = self._quote(draft, utterance_no, meaning, confidence)
        if draft.attribution.source is not None and draft.kind != "indirect":
            self._name_speaker_of_earlier_pieces(quote)
        self.quotes.append(quote)
        if draft.kind != "indirect":
            self._marked = _Spoken(meaning, confidence, utterance_no)

    def _meaning(self, draft: Draft, shares_cue: bool) -> Meaning:
        source = draft.attribution.source
        if source is not None:
            if shares_cue:
                return self._cue_meaning
            return self._resolver.resolve(source, min(source.start, draft.start))
        if draft.continues and self._marked is not None:
            before = self._marked.meaning
            meaning = Meaning(before.entity_no, before.name, "speaker")
        else:
            meaning = self._resolver.floating(draft.start, draft.opens_paragraph)
        self._resolver.again(draft.start, meaning)
        return meaning

    def _utterance_no(self, draft: Draft, shares_cue: bool) -> int:
        if draft.continues and self._marked is not None:
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

    def _quote(self, draft: Draft, utterance_no: int, meaning: Meaning, confidence: float) -> Quote:
        cue, source = draft.attribution.cue, draft.attribution.source
        # An unclosed quotation reaches to the end of its paragraph, white space and all.
        text = self._body[draft.start : draft.end].rstrip()
        return Quote(
            quote_no=len(self.quotes),
            utterance_no=utterance_no,
            kind=draft.kind,
            text=text,
            char_start=draft.start,
            char_end=draft.start + len(text),
            cue=cue.text if cue is not None else None,
            cue_start=cue.start if cue is not None else None,
            cue_end=cue.end if cue is not None else None,
            speaker_text=source.text if source is not None else None,
            speaker_start=source.start if source is not None else None,
            speaker_end=source.end if source is not None else None,
            speaker_no=meaning.entity_no,
            speaker=meaning.name,
            confidence=confidence,
        )


def _is_first_person(attribution: Attribution) -> bool:
    return attribution.source is not None and attribution.source.head in FIRST_PERSON
