"""Transcripts: whom the labels of turns mean, the turns as quotes, and signatures under quotations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ontherecord.flows.extract.attribution.quoted import Attribution
from ontherecord.flows.extract.attribution.speaker_phrases import MentionIndex, SpeakerPhrase
from ontherecord.flows.extract.quotes.utterances import QuoteCandidate
from ontherecord.flows.extract.resolution.speakers import NOBODY, ResolvedSpeaker
from ontherecord.flows.extract.text.labels import Label
from ontherecord.flows.extract.text.turns import Transcript, Turn
from ontherecord.warehouse.records import Entity, Mention

# '- Ann Kim, the mayor' under a quotation; a longer line is a sentence.
_SIGNATURE = re.compile(r"\s*(?:--?|[\u2013\u2014\u2015~])\s*([A-Z].{1,150})$")
# How a narrator introduces who was interviewed: 'she answered questions', 'in an interview with …'.
_INTERVIEWED = re.compile(
    r"\b(?:answer(?:s|ed|ing)?|speaks|spoke|speaking|talk(?:s|ed|ing)?|interview(?:s|ed)?|questions?|told)\b"
)
# A mention in a sentence about the interview counts as this many others.
_INTERVIEW_WEIGHT = 3
_WITNESS = "witness"
_LONGEST_INITIALS = 3
_LONGEST_TITLE = 80
# A vice president is not 'THE PRESIDENT'.
_OTHER_OFFICES = (["vice"], ["deputy"], ["former"], ["ex"], ["late"], ["assistant"])


@dataclass(frozen=True, slots=True)
class ArticleNames:
    """The names of an article: its mentions in the body, those in its title, and their entities."""

    mentions: MentionIndex
    in_title: Sequence[Mention]
    entities: Sequence[Entity]


class LabelReader:
    """Finds whom the labels of one transcript mean.

    `prose` are the lines that are no turns, with their offsets. The agency or paper asks in an interview; who
    answers is the person whom the introduction names as interviewed, or else names most.
    """

    def __init__(
        self,
        transcript: Transcript,
        names: ArticleNames,
        title: str,
        body: str,
        prose: Sequence[tuple[int, str]],
        agency: str | None,
    ) -> None:
        self._names = names
        self._title = title
        self._body = body
        self._transcript = transcript
        self._is_court = bool(transcript.sworn) or any(turn.examiner for turn in transcript.turns)
        self._witnesses = [
            (label.start, number)
            for label in transcript.sworn
            if (number := self._by_label(label)) is not None
        ]
        forms = {label.key for label in transcript.labels if label.form == "letter"}
        is_interview = forms == {"q", "a"} or any(turn.label is None for turn in transcript.turns)
        self._asker = self._agency(agency) if is_interview and not self._is_court else None
        self._answerer = self._interviewed(prose) if is_interview else None
        self._by_key: dict[str, int] = {}
        tried: set[tuple[str, tuple[str, ...]]] = set()
        for label in transcript.labels:
            if label.form == "letter" or (label.key, label.words) in tried:
                continue
            tried.add((label.key, label.words))
            number = self._entity_of(label)
            if number is not None:
                self._by_key[label.key] = number

    def candidate(self, turn: Turn) -> QuoteCandidate:
        """Return a turn as a direct quote."""
        label = turn.label
        if label is None:
            known = self._asker or NOBODY if turn.asks else self._person(self._answerer)
            return QuoteCandidate("direct", turn.start, turn.end, _TURN, turn.continues, resolved=known)
        number, resolved = self._whom(turn, label)
        phrase = _label_phrase(self._body[label.start : label.end], label.start, number, label)
        attribution = replace(_TURN, speaker_phrase=phrase)
        if turn.continues:
            return QuoteCandidate("direct", turn.start, turn.end, _TURN, continues=True)
        return QuoteCandidate("direct", turn.start, turn.end, attribution, resolved=resolved)

    def _whom(self, turn: Turn, label: Label) -> tuple[int | None, ResolvedSpeaker | None]:
        """Return the entity of a label, and who speaks if the resolver need not ask."""
        words = self._body[label.start : label.end]
        if label.form == "letter" and label.key == "q":
            number = self._by_label(turn.examiner) if turn.examiner is not None else None
            if number is not None:
                return number, self._person(number)
            return None, self._asker or ResolvedSpeaker(None, words, "own-words")
        if label.form == "letter":
            number = self._witness(turn.start) if self._is_court else self._answerer
            return number, self._person(number) if number is not None else ResolvedSpeaker(
                None, words, "own-words"
            )
        if self._is_court and label.key == _WITNESS:
            number = self._witness(turn.start)
            return number, self._person(number) if number is not None else None
        number = self._by_key.get(label.key)
        if number is None and label.form == "role":
            return None, ResolvedSpeaker(None, words, "own-words")
        return number, self._person(number) if number is not None else None

    def _person(self, number: int | None) -> ResolvedSpeaker:
        if number is None:
            return NOBODY
        return ResolvedSpeaker(number, self._names.entities[number].name, "introduced")

    # --- Whom a label means ---

    def _entity_of(self, label: Label) -> int | None:
        if label.has_name:
            return self._by_label(label)
        if label.form not in ("office", "member"):
            return None
        found = self._by_office(label)
        return found if found is not None or len(label.words) > 1 else self._by_last_name(label.key)

    def _by_label(self, label: Label) -> int | None:
        """Return the person a label names, else the only one with its last name, or else its initials."""
        words = self._body[label.name_start : label.name_end]
        letters = words.replace(".", "")
        if letters.isupper() and letters.isalpha() and ("." in words or len(letters) <= _LONGEST_INITIALS):
            found = self._by_initials(letters)
            if found is not None:
                return found
        inside = self._names.mentions.between(label.name_start, label.name_end)
        named = [mention.entity_no for mention in inside if mention.kind == "person"]
        if named:
            return named[-1]
        found = self._by_last_name(label.key)
        if found is not None:
            return found
        return next((mention.entity_no for mention in inside if mention.kind == "organization"), None)

    def _by_last_name(self, last: str) -> int | None:
        same = [
            number
            for number, one in enumerate(self._names.entities)
            if one.kind == "person" and one.name.lower().split()[-1:] == [last]
        ]
        return same[0] if len(same) == 1 else None

    def _by_initials(self, letters: str) -> int | None:
        """Return the only person with these initials, or else the only organization."""
        for is_person in (True, False):
            same = [
                number
                for number, one in enumerate(self._names.entities)
                if (one.kind == "person") is is_person and _initials(one.name) == letters
            ]
            if same:
                return same[0] if len(same) == 1 else None
        return None

    def _by_office(self, label: Label) -> int | None:
        """Return the only person of the headline, the story or the labels who is named behind that title."""
        office = label.key.split()
        in_title = [
            (self._title[: mention.char_start], mention.entity_no)
            for mention in self._names.in_title
            if mention.kind == "person"
        ]
        in_body = [
            (self._body[max(0, mention.char_start - _LONGEST_TITLE) : mention.char_start], mention.entity_no)
            for mention in self._names.mentions.mentions
            if mention.kind == "person" and not self._transcript.is_spoken(mention.char_start)
        ]
        found = set()
        for before, number in (*in_title, *in_body):
            words = [word.strip(".,:") for word in before.lower().split()]
            is_other = words[-len(office) - 1 : -len(office)] in _OTHER_OFFICES
            if words[-len(office) :] == office and not is_other:
                found.add(number)
        return found.pop() if len(found) == 1 else None

    # --- Who asks and who answers ---

    def _agency(self, agency: str | None) -> ResolvedSpeaker | None:
        if agency is None:
            return None
        entities = self._names.entities
        number = next((one.entity_no for one in entities if one.name.lower() == agency.lower()), None)
        return ResolvedSpeaker(number, entities[number].name if number is not None else agency, "introduced")

    def _interviewed(self, prose: Sequence[tuple[int, str]]) -> int | None:
        votes: dict[int, int] = {}
        for start, line in prose:
            weight = _INTERVIEW_WEIGHT if _INTERVIEWED.search(line) else 1
            for mention in self._names.mentions.between(start, start + len(line)):
                if mention.kind == "person":
                    votes[mention.entity_no] = votes.get(mention.entity_no, 0) + weight
        if votes:
            return max(votes, key=lambda number: votes[number])  # ties go to who is named first
        in_title = {mention.entity_no for mention in self._names.in_title if mention.kind == "person"}
        return in_title.pop() if len(in_title) == 1 else None

    def _witness(self, offset: int) -> int | None:
        return next((number for start, number in reversed(self._witnesses) if start < offset), None)


_TURN = Attribution(None, None, "transcript")


def signature(start: int, line: str, mentions: MentionIndex) -> SpeakerPhrase | None:
    """Read a line that is a dash and a person's name, as under a quotation; agencies do not speak."""
    found = _SIGNATURE.match(line)
    mention = mentions.at(start + found.start(1)) if found is not None else None
    if mention is None or mention.kind != "person":
        return None
    return _phrase(mention.text, mention.char_start, mention.entity_no, is_proper=True)


def _label_phrase(words: str, start: int, number: int | None, label: Label) -> SpeakerPhrase:
    return _phrase(words, start, number, is_proper=label.has_name)


def _phrase(words: str, start: int, number: int | None, is_proper: bool) -> SpeakerPhrase:
    return SpeakerPhrase(
        kind="name" if number is not None else "nominal",
        start=start,
        end=start + len(words),
        text=words,
        head=words.split()[-1].lower(),
        is_plural=False,
        is_proper=is_proper,
        entity_no=number,
    )


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.replace("-", " ").split() if word[:1].isupper())
