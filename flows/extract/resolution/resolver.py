"""Whom a speaker phrase means: pronouns, role phrases and floating quotations.

'He' is mostly who spoke last or the last sentence's subject, not the nearest name; a role phrase
('the Vermont senator') is who was introduced so.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ontherecord.flows.extract.attribution.speaker_phrases import MentionIndex, SpeakerPhrase
from ontherecord.flows.extract.attribution.subjects import singular
from ontherecord.flows.extract.resolution.demonyms import Demonym, find_demonym_phrase
from ontherecord.flows.extract.resolution.roles import RoleIndex, role_synonyms, role_words
from ontherecord.flows.extract.resolution.sentence_focus import SentenceFocus
from ontherecord.flows.extract.word_lists import word_set
from ontherecord.warehouse.records import Entity

_FEMALE = frozenset(("she", "her", "herself"))
_MALE = frozenset(("he", "him", "his", "himself"))
_THING = frozenset(("it", "itself"))
_PLURAL = frozenset(("they", "them", "both", "these", "those"))
# A pronoun seldom reaches over more of the narrator's sentences than this.
_FARTHEST = 12


# How far back a person without a name is looked for, in characters.
_NAMELESS_REACH = 3_000
# 'Kim is a dentist', 'known as a dentist', 'not a dentist' introduce nobody new.
_PREDICATE = re.compile(r"\b(?:is|was|are|were|be|been|being|as|became|become|not|like|of|for|than) $")


@dataclass(frozen=True, slots=True)
class ResolvedSpeaker:
    """Whom a phrase means: an entity, or a source without a name by its words, or nobody known."""

    entity_no: int | None
    name: str | None
    rule: str  # 'name', 'words', 'speaker', 'subject', 'mention', 'role', 'nobody'
    distance: int = 0  # sentences back


NOBODY = ResolvedSpeaker(None, None, "nobody")


@dataclass(frozen=True, slots=True)
class _Said:
    place: int
    resolved: ResolvedSpeaker
    is_plural: bool
    is_nameless: bool = False  # one human being without a name


class Resolver:
    """Resolves the sources of one article's quotes, called in the order of the text.

    `labels` are whom 'Q' and 'A' mean in an interview and 'I' in a statement; `narrated` is the body with its
    quotations blanked. `agency` is whose text it is: 'it' and 'the company' mean others.
    """

    def __init__(
        self,
        focuses: Sequence[SentenceFocus],
        mentions: MentionIndex,
        entities: Sequence[Entity],
        genders: Sequence[str | None],
        labels: Mapping[str, ResolvedSpeaker] | None = None,
        narrated: str = "",
        agency: str | None = None,
    ) -> None:
        self._agency = (agency or "").lower()
        self._narrated = narrated
        self._labels = labels or {}
        self._mentions = mentions
        self._focuses = focuses
        self._starts = [focus.start for focus in focuses]
        self._entities = entities
        self._genders = list(genders)
        self._said: list[_Said] = []
        self._role_index = RoleIndex((focus.start, focus.roles) for focus in focuses)
        self._bearers: dict[str, list[int]] = {}  # last name -> who bears it
        for number, entity in enumerate(entities):
            if entity.kind == "person" and entity.name:
                self._bearers.setdefault(entity.name.split()[-1].lower(), []).append(number)

    def resolve(self, source: SpeakerPhrase, place: int) -> ResolvedSpeaker:
        """Say whom a source at a quote means, and remember that they spoke."""
        resolved = self._resolve(source)
        is_nameless = resolved.entity_no is None and resolved.name is not None and _can_be_human(source)
        self._said.append(_Said(place, resolved, source.is_plural, is_nameless))
        return resolved

    def again(self, place: int, resolved: ResolvedSpeaker) -> None:
        """Remember that somebody goes on speaking."""
        self._said.append(_Said(place, resolved, False))

    def floating(self, place: int, is_own_paragraph: bool) -> ResolvedSpeaker:
        """Say who speaks where the text names nobody."""
        focus = self._focus_before(place)
        last = self._last_said(place)
        if focus is not None:
            resolved = self._announced(focus, last, is_own_paragraph)
            if resolved is not None:
                return resolved
        if last is not None and last.resolved.rule != "nobody":
            return ResolvedSpeaker(last.resolved.entity_no, last.resolved.name, "speaker", 0)
        return self._walk(place, self._person(None))

    def _announced(
        self, focus: SentenceFocus, last: _Said | None, is_own_paragraph: bool
    ) -> ResolvedSpeaker | None:
        """Say whom the sentence before a floating quotation has act, if that one is to speak."""
        actors = [(at, number) for at, number in focus.subjects_at if self._can_speak(number)]
        if last is not None and last.place >= focus.start:
            # '… a knee that three surgeons have told him to spare': the quotation is his.
            is_crowd = last.resolved.entity_no is None and last.is_plural
            if is_crowd and actors and actors[0][0] < last.place:
                return self._entity(actors[0][1], "subject", 0)
            return None
        announces = focus.ends_with_colon or focus.has_speech
        if is_own_paragraph and not announces:
            return None
        if focus.actor is not None:
            number = self._bearer(focus.actor)
            if number is not None:
                return self._entity(number, "subject", 0)
            if announces and _can_announce(focus.actor):
                return ResolvedSpeaker(None, focus.actor.text, "words")
        return self._entity(actors[0][1], "subject", 0) if actors else None

    def _bearer(self, actor: SpeakerPhrase) -> int | None:
        """Find the only person introduced with a role phrase that acts, whoever spoke last."""
        if actor.is_plural or actor.text[:4].lower() != "the ":
            return None
        home = find_demonym_phrase(actor.text)
        if home is not None:
            found = sorted(self._natives(home, actor.start))
        else:
            words = role_words(actor.text)
            holders = self._office_holders(actor.head, actor.start)
            scores = {
                number: len(self._role_index.words_of(number).intersection(words)) for number in holders
            }
            found = [number for number in holders if scores[number] == max(scores.values())]
        return found[0] if len(found) == 1 else None

    def _resolve(self, source: SpeakerPhrase) -> ResolvedSpeaker:
        if source.text in self._labels:
            return self._labels[source.text]
        home = find_demonym_phrase(source.text) if not source.is_plural else None
        native = self._native(home, source.start) if home is not None else None
        if native is not None:
            return native
        if home is not None and home.is_one:
            return ResolvedSpeaker(None, source.text, "words")
        if source.entity_no is not None:
            return self._entity(source.entity_no, "name", 0)
        if source.kind == "pronoun":
            return self._pronoun(source)
        if source.is_proper and not self._is_party_member(source):
            return self._misread_name(source)
        role = self._role(source)
        if role is not None:
            return role
        return ResolvedSpeaker(None, source.text, "words")

    def _native(self, home: Demonym, place: int) -> ResolvedSpeaker | None:
        """Find who is introduced as of a country or place, else the person who is spoken of."""
        holders = self._natives(home, place)
        is_person = self._person(home.gender)
        resolved = self._walk(place, lambda number: number in holders and is_person(number), "role")
        if resolved.entity_no is None and len(holders) == 1:
            resolved = self._entity(min(holders), "role", _FARTHEST)
        if resolved.entity_no is None and home.is_one:
            resolved = self._walk(
                place, lambda number: is_person(number) and not self._is_of_another(number), "description"
            )
        if resolved.entity_no is None and home.is_one:
            resolved = self._walk(place, is_person, "description")
        return resolved if resolved.entity_no is not None else None

    def _natives(self, home: Demonym, place: int) -> set[int]:
        if home.country_code is not None:
            return self._role_index.introduced_as(f"country:{home.country_code}", place)
        return self._role_index.inhabitants(home.word, place)

    def _is_of_another(self, number: int) -> bool:
        """Whether a person is introduced as of some country."""
        return any(word.startswith("country:") for word in self._role_index.words_of(number))

    def _is_party_member(self, source: SpeakerPhrase) -> bool:
        """Whether a phrase is 'the Republican': one of a group that the text names."""
        mention = self._mentions.at(source.end - 1)
        is_of_group = mention is not None and mention.kind == "group"
        return is_of_group and not source.is_plural and source.text[:4].lower() == "the "

    def _misread_name(self, source: SpeakerPhrase) -> ResolvedSpeaker:
        """Take a proper noun that was not read as a name here for who bears it elsewhere."""
        last = source.text.split()[-1].lower()
        bearers = self._bearers.get(last, [])
        if len(bearers) == 1:
            return self._entity(bearers[0], "name", 0)
        return ResolvedSpeaker(None, source.text, "words")

    def _pronoun(self, source: SpeakerPhrase) -> ResolvedSpeaker:
        word = source.head
        if word in _FEMALE or word in _MALE:
            gender = "female" if word in _FEMALE else "male"
            resolved = self._walk(
                source.start, self._person(gender), pronoun="she" if gender == "female" else "he"
            )
            if resolved.entity_no is not None and self._genders[resolved.entity_no] is None:
                self._genders[resolved.entity_no] = gender
            return resolved
        if word in _THING:
            return self._walk(source.start, self._is_body)
        if word in _PLURAL:
            return self._last_plural(source.start)
        return NOBODY

    def _last_plural(self, place: int) -> ResolvedSpeaker:
        for said in reversed(self._said[-6:]):
            if said.place < place and said.is_plural and said.resolved.name is not None:
                return ResolvedSpeaker(said.resolved.entity_no, said.resolved.name, "speaker", 1)
        at = bisect_right(self._starts, place) - 1
        for index in range(at, max(-1, at - _FARTHEST), -1):
            focus = self._focuses[index]
            if focus.actor is not None and focus.actor.is_plural and focus.actor.start < place:
                return ResolvedSpeaker(None, focus.actor.text, "subject", at - index)
            for number in focus.subjects_before(place):  # who is only told something is not meant
                if self._entities[number].kind in ("organization", "group"):
                    return self._entity(number, "subject", at - index)
        return NOBODY

    def _walk(
        self, place: int, fits: Callable[[int], bool], rule: str | None = None, pronoun: str = ""
    ) -> ResolvedSpeaker:
        """Go back over the narrator's sentences to who spoke or acted last."""
        at = bisect_right(self._starts, place) - 1
        said = [item for item in self._said[-40:] if item.place <= place]
        fallback: ResolvedSpeaker | None = None
        for distance, index in enumerate(range(at, max(-1, at - _FARTHEST), -1)):
            focus = self._focuses[index]
            while said and said[-1].place >= focus.start:
                item = said.pop()
                number = item.resolved.entity_no
                if number is not None and fits(number):
                    return self._entity(number, rule or "speaker", distance)
                if number is None and item.is_nameless and (pronoun or rule == "description"):
                    return ResolvedSpeaker(None, item.resolved.name, rule or "speaker", distance)
            if distance and pronoun and focus.pronoun_at is not None and focus.pronoun_at[1] == pronoun:
                continue  # the same person is spoken of on; who is named beside is somebody else
            actor = focus.actor if pronoun else None
            bearer = self._bearer(actor) if actor is not None and actor.start < place else None
            subjects = focus.subjects_before(place)
            for number in subjects if bearer is None else [bearer, *subjects]:
                if fits(number):
                    return self._entity(number, rule or "subject", distance)
            if fallback is None:
                for number in focus.others_before(place):
                    if fits(number):
                        fallback = self._entity(number, rule or "mention", distance)
                        break
            elif distance > fallback.distance + 2:
                return fallback
        return fallback if fallback is not None else NOBODY

    def _person(self, gender: str | None) -> Callable[[int], bool]:
        """Make a test for persons who can be of a gender."""

        def fits(number: int) -> bool:
            known = self._genders[number]
            is_person = self._entities[number].kind == "person"
            return is_person and (gender is None or known is None or known == gender)

        return fits

    def _can_speak(self, number: int) -> bool:
        return self._entities[number].kind in ("person", "organization", "other")

    def _is_body(self, number: int) -> bool:
        entity = self._entities[number]
        return entity.kind in ("organization", "place") and entity.name.lower() != self._agency

    def _role(self, source: SpeakerPhrase) -> ResolvedSpeaker | None:
        """Find who was introduced with the words of a role phrase; the last one where several were."""
        words = role_words(source.text)
        words += self._mentions.homes(source.start, source.end)
        first = source.text.split()[0].lower()
        if source.is_plural or first in ("a", "an", "one", "another", "some", "every", "no"):
            return None
        if source.head in word_set("organization_nouns"):
            return self._body(source, words)
        holders = self._office_holders(source.head, source.start)
        scores = {number: len(self._role_index.words_of(number).intersection(words)) for number in holders}
        if scores:
            best = max(scores.values())
            resolved = self._walk(source.start, lambda number: scores.get(number) == best, "role")
            if resolved.entity_no is not None:
                return resolved
            if best > 1 and list(scores.values()).count(best) == 1:  # introduced long before
                return self._entity(max(scores, key=lambda number: scores[number]), "role", _FARTHEST)
        is_thing = source.head in word_set("non_person_nouns")
        if first != "the" or is_thing or source.head in word_set("unnamed_sources"):
            return None
        if _can_be_human(source) and self._is_introduced_nameless(source):
            return ResolvedSpeaker(None, source.text, "words")
        # A new description of a single person mostly means who was spoken of: 'the 30-year-old'.
        resolved = self._walk(source.start, self._person(None), "description")
        return resolved if resolved.name is not None else None

    def _is_introduced_nameless(self, source: SpeakerPhrase) -> bool:
        """Whether a text has had 'a dentist' without a name before 'the dentist'."""
        before = self._narrated[max(0, source.start - _NAMELESS_REACH) : source.start]
        start = source.start - len(before)
        pattern = (
            rf"\b(?:[Aa]n?|[Oo]ne|[Aa]nother) (?:[\w-]+ ){{0,3}}?{re.escape(source.head)}\b"
            r"(?!-| \w+ing\b)(?!,? (?:[A-Z]|named |called ))"
        )
        for found in re.finditer(pattern, before):
            lead = before[: found.start()][-12:]
            names = self._mentions.at(start + found.start() - 3)
            is_apposition = lead.endswith(", ") and (lead[-3:-2].isdigit() or names is not None)
            if not is_apposition and not _PREDICATE.search(lead):
                return True
        return False

    def _office_holders(self, head: str, place: int) -> list[int]:
        """List who was introduced with a role word, or with an office it can stand for."""
        found = self._role_index.introduced_as(head, place)
        if head == "elect":  # 'the mayor-elect'
            found = self._role_index.introduced_as("winner", place)
        for office in role_synonyms().get(head, ()):
            found |= set.intersection(*(self._role_index.introduced_as(word, place) for word in office))
        return sorted(found)

    def _body(self, source: SpeakerPhrase, words: Sequence[str]) -> ResolvedSpeaker | None:
        """Find the organization that 'the ministry' or 'the company' means."""

        def is_named_so(number: int) -> bool:
            entity = self._entities[number]
            return entity.kind == "organization" and source.head in entity.name.lower().split()

        resolved = self._walk(source.start, is_named_so, "role")
        if resolved.entity_no is None and len(words) <= 2:
            resolved = self._walk(
                source.start,
                lambda number: self._is_body(number) and self._entities[number].kind == "organization",
                "description",
            )
        return resolved if resolved.entity_no is not None else None

    def _entity(self, number: int, rule: str, distance: int) -> ResolvedSpeaker:
        return ResolvedSpeaker(number, self._entities[number].name, rule, distance)

    def _focus_before(self, place: int) -> SentenceFocus | None:
        at = bisect_right(self._starts, place - 1) - 1
        return self._focuses[at] if at >= 0 else None

    def _last_said(self, place: int) -> _Said | None:
        return next((item for item in reversed(self._said) if item.place < place), None)


def _can_be_human(source: SpeakerPhrase) -> bool:
    """Whether a phrase without a name can be a person rather than a body, a text or a sign."""
    lists = ("organization_nouns", "speech_nouns", "sign_nouns", "non_person_nouns")
    is_phrase = source.kind == "nominal" and not source.is_plural
    has_digit = any(char.isdigit() for char in source.text)
    return is_phrase and not has_digit and not any(source.head in word_set(name) for name in lists)


def _can_announce(actor: SpeakerPhrase) -> bool:
    """Whether a phrase without a name can be who speaks next: people, not their texts."""
    is_many = actor.is_plural and actor.head not in word_set("non_person_nouns")
    return (is_many and singular(actor.head) not in word_set("non_person_nouns")) or _can_be_human(actor)
