"""Resolve speaker phrases to entities: pronouns, role phrases, demonyms and floating quotations.

'He' is mostly the last speaker or the last sentence's subject, not the nearest name; a role phrase ('the
Vermont senator') is the person introduced in that role.
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
# Narrator's sentences to search back for an antecedent.
_FARTHEST = 12
# Characters to search back for the introduction of a person without a name.
_NAMELESS_REACH = 3_000
# 'Kim is a dentist', 'known as a dentist', 'not a dentist' introduce nobody new.
_PREDICATE = re.compile(r"\b(?:is|was|are|were|be|been|being|as|became|become|not|like|of|for|than) $")


@dataclass(frozen=True, slots=True)
class ResolvedSpeaker:
    """Whom a phrase means: an entity, a speaker without a name (by the phrase's words), or nobody known."""

    entity_no: int | None
    name: str | None
    rule: str  # what decided, one of the keys in quotes/confidence.py
    distance: int = 0  # in sentences back


NOBODY = ResolvedSpeaker(None, None, "nobody")


@dataclass(frozen=True, slots=True)
class _PastSpeaker:
    offset: int
    resolved: ResolvedSpeaker
    is_plural: bool
    is_nameless: bool = False  # a single person without a name


class Resolver:
    """Resolves the speaker phrases of one article; call in the order of the text.

    `labels` are whom 'Q' and 'A' mean in an interview, and 'I' in a statement; `narration` is the body with
    its quotations blanked; `agency` is the publisher, whom 'it' and 'the company' do not mean.
    """

    def __init__(
        self,
        focuses: Sequence[SentenceFocus],
        mentions: MentionIndex,
        entities: Sequence[Entity],
        genders: Sequence[str | None],
        labels: Mapping[str, ResolvedSpeaker] | None = None,
        narration: str = "",
        agency: str | None = None,
    ) -> None:
        self._agency = (agency or "").lower()
        self._narration = narration
        self._labels = labels or {}
        self._mentions = mentions
        self._focuses = focuses
        self._starts = [focus.start for focus in focuses]
        self._entities = entities
        self._genders = list(genders)
        self._past_speakers: list[_PastSpeaker] = []
        self._role_index = RoleIndex((focus.start, focus.roles) for focus in focuses)
        self._by_last_name: dict[str, list[int]] = {}  # last name -> persons
        for number, entity in enumerate(entities):
            if entity.kind == "person" and entity.name:
                self._by_last_name.setdefault(entity.name.split()[-1].lower(), []).append(number)

    def resolve(self, phrase: SpeakerPhrase, offset: int) -> ResolvedSpeaker:
        """Resolve a speaker phrase at an offset, and record the speaker."""
        resolved = self._resolve(phrase)
        is_nameless = resolved.entity_no is None and resolved.name is not None and _can_be_human(phrase)
        self._past_speakers.append(_PastSpeaker(offset, resolved, phrase.is_plural, is_nameless))
        return resolved

    def record(self, offset: int, resolved: ResolvedSpeaker) -> None:
        """Record who speaks at an offset."""
        self._past_speakers.append(_PastSpeaker(offset, resolved, False))

    def resolve_floating(self, offset: int, is_own_paragraph: bool) -> ResolvedSpeaker:
        """Resolve a floating quotation."""
        focus = self._focus_before(offset)
        last = self._last_speaker(offset)
        if focus is not None:
            resolved = self._announced_speaker(focus, last, is_own_paragraph)
            if resolved is not None:
                return resolved
        if last is not None and last.resolved.rule != "nobody":
            return ResolvedSpeaker(last.resolved.entity_no, last.resolved.name, "speaker", 0)
        return self._search_back(offset, self._person(None))

    def _announced_speaker(
        self, focus: SentenceFocus, last: _PastSpeaker | None, is_own_paragraph: bool
    ) -> ResolvedSpeaker | None:
        """Return the subject of the sentence before a floating quotation, if that sentence announces it."""
        actors = [(at, number) for at, number in focus.subjects_at if self._can_speak(number)]
        if last is not None and last.offset >= focus.start:
            # '… a knee that three surgeons have told him to spare': the quotation is his.
            is_plural_nominal = last.resolved.entity_no is None and last.is_plural
            if is_plural_nominal and actors and actors[0][0] < last.offset:
                return self._entity(actors[0][1], "subject", 0)
            return None
        announces = focus.ends_with_colon or focus.has_speech
        if is_own_paragraph and not announces:
            return None
        if focus.nameless_subject is not None:
            number = self._only_role_holder(focus.nameless_subject)
            if number is not None:
                return self._entity(number, "subject", 0)
            if announces and _can_announce(focus.nameless_subject):
                return ResolvedSpeaker(None, focus.nameless_subject.text, "words")
        return self._entity(actors[0][1], "subject", 0) if actors else None

    def _only_role_holder(self, actor: SpeakerPhrase) -> int | None:
        """Return the only person introduced with the role that a subject names, if there is just one."""
        if actor.is_plural or actor.text[:4].lower() != "the ":
            return None
        demonym = find_demonym_phrase(actor.text)
        if demonym is not None:
            found = sorted(self._inhabitants(demonym, actor.start))
        else:
            scores = self._role_scores(actor, role_words(actor.text))
            found = [number for number, score in scores.items() if score == max(scores.values())]
        return found[0] if len(found) == 1 else None

    def _resolve(self, phrase: SpeakerPhrase) -> ResolvedSpeaker:
        if phrase.text in self._labels:
            return self._labels[phrase.text]
        demonym = find_demonym_phrase(phrase.text) if not phrase.is_plural else None
        person = self._demonym(demonym, phrase.start) if demonym is not None else None
        if person is not None:
            return person
        if demonym is not None and demonym.is_singular:
            return ResolvedSpeaker(None, phrase.text, "words")
        if phrase.entity_no is not None:
            return self._entity(phrase.entity_no, "name", 0)
        if phrase.kind == "pronoun":
            return self._pronoun(phrase)
        if phrase.is_proper and not self._is_group_member(phrase):
            return self._unrecognized_name(phrase)
        role = self._role_holder(phrase)
        if role is not None:
            return role
        return ResolvedSpeaker(None, phrase.text, "words")

    def _demonym(self, demonym: Demonym, offset: int) -> ResolvedSpeaker | None:
        """Find the person introduced as of a country or place, else the person in focus."""
        holders = self._inhabitants(demonym, offset)
        is_person = self._person(demonym.gender)
        resolved = self._search_back(offset, lambda number: number in holders and is_person(number), "role")
        if resolved.entity_no is None and len(holders) == 1:
            resolved = self._entity(min(holders), "role", _FARTHEST)
        if resolved.entity_no is None and demonym.is_singular:
            resolved = self._search_back(
                offset, lambda number: is_person(number) and not self._has_country(number), "description"
            )
        if resolved.entity_no is None and demonym.is_singular:
            resolved = self._search_back(offset, is_person, "description")
        return resolved if resolved.entity_no is not None else None

    def _inhabitants(self, demonym: Demonym, offset: int) -> set[int]:
        if demonym.country_code is not None:
            return self._role_index.introduced_as(f"country:{demonym.country_code}", offset)
        return self._role_index.inhabitants(demonym.word, offset)

    def _has_country(self, number: int) -> bool:
        """Whether a person is introduced as of some country."""
        return any(word.startswith("country:") for word in self._role_index.words_of(number))

    def _is_group_member(self, phrase: SpeakerPhrase) -> bool:
        """Whether a phrase is like 'the Republican': a member of a named group."""
        mention = self._mentions.at(phrase.end - 1)
        is_of_group = mention is not None and mention.kind == "group"
        return is_of_group and not phrase.is_plural and phrase.text[:4].lower() == "the "

    def _unrecognized_name(self, phrase: SpeakerPhrase) -> ResolvedSpeaker:
        """Match a name that was not recognized here with a person of that last name."""
        last = phrase.text.split()[-1].lower()
        matches = self._by_last_name.get(last, [])
        if len(matches) == 1:
            return self._entity(matches[0], "name", 0)
        return ResolvedSpeaker(None, phrase.text, "words")

    def _pronoun(self, phrase: SpeakerPhrase) -> ResolvedSpeaker:
        word = phrase.head
        if word in _FEMALE or word in _MALE:
            gender = "female" if word in _FEMALE else "male"
            resolved = self._search_back(
                phrase.start, self._person(gender), pronoun="she" if gender == "female" else "he"
            )
            if resolved.entity_no is not None and self._genders[resolved.entity_no] is None:
                self._genders[resolved.entity_no] = gender
            return resolved
        if word in _THING:
            return self._search_back(phrase.start, self._is_organization_or_place)
        if word in _PLURAL:
            return self._plural_pronoun(phrase.start)
        return NOBODY

    def _plural_pronoun(self, offset: int) -> ResolvedSpeaker:
        for past in reversed(self._past_speakers[-6:]):
            if past.offset < offset and past.is_plural and past.resolved.name is not None:
                return ResolvedSpeaker(past.resolved.entity_no, past.resolved.name, "speaker", 1)
        at = bisect_right(self._starts, offset) - 1
        for index in range(at, max(-1, at - _FARTHEST), -1):
            focus = self._focuses[index]
            if (
                focus.nameless_subject is not None
                and focus.nameless_subject.is_plural
                and focus.nameless_subject.start < offset
            ):
                return ResolvedSpeaker(None, focus.nameless_subject.text, "subject", at - index)
            for number in focus.subjects_before(offset):  # not those who are only addressed
                if self._entities[number].kind in ("organization", "group"):
                    return self._entity(number, "subject", at - index)
        return NOBODY

    def _search_back(
        self, offset: int, fits: Callable[[int], bool], rule: str | None = None, pronoun: str = ""
    ) -> ResolvedSpeaker:
        """Search back over the narrator's sentences for the last fitting speaker or subject."""
        at = bisect_right(self._starts, offset) - 1
        past = [item for item in self._past_speakers[-40:] if item.offset <= offset]
        fallback: ResolvedSpeaker | None = None
        for distance, index in enumerate(range(at, max(-1, at - _FARTHEST), -1)):
            focus = self._focuses[index]
            while past and past[-1].offset >= focus.start:
                item = past.pop()
                number = item.resolved.entity_no
                if number is not None and fits(number):
                    return self._entity(number, rule or "speaker", distance)
                if number is None and item.is_nameless and (pronoun or rule == "description"):
                    return ResolvedSpeaker(None, item.resolved.name, rule or "speaker", distance)
            if distance and pronoun and focus.pronoun_at is not None and focus.pronoun_at[1] == pronoun:
                continue  # the sentence is about the same person, so its names are others
            actor = focus.nameless_subject if pronoun else None
            role_holder = (
                self._only_role_holder(actor) if actor is not None and actor.start < offset else None
            )
            subjects = focus.subjects_before(offset)
            for number in subjects if role_holder is None else [role_holder, *subjects]:
                if fits(number):
                    return self._entity(number, rule or "subject", distance)
            if fallback is None:
                for number in focus.others_before(offset):
                    if fits(number):
                        fallback = self._entity(number, rule or "mention", distance)
                        break
            elif distance > fallback.distance + 2:
                return fallback
        return fallback if fallback is not None else NOBODY

    def _person(self, gender: str | None) -> Callable[[int], bool]:
        """Return a test for persons of a compatible gender."""

        def fits(number: int) -> bool:
            known = self._genders[number]
            is_person = self._entities[number].kind == "person"
            return is_person and (gender is None or known is None or known == gender)

        return fits

    def _can_speak(self, number: int) -> bool:
        return self._entities[number].kind in ("person", "organization", "other")

    def _is_organization_or_place(self, number: int) -> bool:
        entity = self._entities[number]
        return entity.kind in ("organization", "place") and entity.name.lower() != self._agency

    def _role_holder(self, phrase: SpeakerPhrase) -> ResolvedSpeaker | None:
        """Find the person introduced with the words of a role phrase; the latest of several."""
        words = role_words(phrase.text)
        words += self._mentions.origins(phrase.start, phrase.end)
        first = phrase.text.split()[0].lower()
        if phrase.is_plural or first in ("a", "an", "one", "another", "some", "every", "no"):
            return None
        if phrase.head in word_set("organization_nouns"):
            return self._organization(phrase, words)
        scores = self._role_scores(phrase, words)
        if scores:
            best = max(scores.values())
            resolved = self._search_back(phrase.start, lambda number: scores.get(number) == best, "role")
            if resolved.entity_no is not None:
                return resolved
            if best > 1 and list(scores.values()).count(best) == 1:  # introduced long before
                return self._entity(max(scores, key=lambda number: scores[number]), "role", _FARTHEST)
        is_thing = phrase.head in word_set("non_person_nouns")
        if first != "the" or is_thing or phrase.head in word_set("unnamed_sources"):
            return None
        if _can_be_human(phrase) and self._is_introduced_nameless(phrase):
            return ResolvedSpeaker(None, phrase.text, "words")
        # A new description mostly means the person in focus: 'the 30-year-old'.
        resolved = self._search_back(phrase.start, self._person(None), "description")
        return resolved if resolved.name is not None else None

    def _is_introduced_nameless(self, phrase: SpeakerPhrase) -> bool:
        """Whether the text has 'a dentist' without a name before 'the dentist'."""
        before = self._narration[max(0, phrase.start - _NAMELESS_REACH) : phrase.start]
        start = phrase.start - len(before)
        pattern = (
            rf"\b(?:[Aa]n?|[Oo]ne|[Aa]nother) (?:[\w-]+ ){{0,3}}?{re.escape(phrase.head)}\b"
            r"(?!-| \w+ing\b)(?!,? (?:[A-Z]|named |called ))"
        )
        for found in re.finditer(pattern, before):
            lead = before[: found.start()][-12:]
            names = self._mentions.at(start + found.start() - 3)
            is_apposition = lead.endswith(", ") and (lead[-3:-2].isdigit() or names is not None)
            if not is_apposition and not _PREDICATE.search(lead):
                return True
        return False

    def _role_scores(self, phrase: SpeakerPhrase, words: Sequence[str]) -> dict[int, int]:
        """Count, for each person who has the phrase's role, how many of these role words are theirs."""
        holders = self._office_holders(phrase.head, phrase.start)
        return {number: len(self._role_index.words_of(number).intersection(words)) for number in holders}

    def _office_holders(self, head: str, offset: int) -> list[int]:
        """List the persons introduced with a role word, or with an office it is a synonym of."""
        found = self._role_index.introduced_as(head, offset)
        if head == "elect":  # 'the mayor-elect'
            found = self._role_index.introduced_as("winner", offset)
        for office in role_synonyms().get(head, ()):
            found |= set.intersection(*(self._role_index.introduced_as(word, offset) for word in office))
        return sorted(found)

    def _organization(self, phrase: SpeakerPhrase, words: Sequence[str]) -> ResolvedSpeaker | None:
        """Find the organization that 'the ministry' or 'the company' means."""

        def has_head_in_name(number: int) -> bool:
            entity = self._entities[number]
            return entity.kind == "organization" and phrase.head in entity.name.lower().split()

        resolved = self._search_back(phrase.start, has_head_in_name, "role")
        if resolved.entity_no is None and len(words) <= 2:
            resolved = self._search_back(
                phrase.start,
                lambda number: (
                    self._is_organization_or_place(number) and self._entities[number].kind == "organization"
                ),
                "description",
            )
        return resolved if resolved.entity_no is not None else None

    def _entity(self, number: int, rule: str, distance: int) -> ResolvedSpeaker:
        return ResolvedSpeaker(number, self._entities[number].name, rule, distance)

    def _focus_before(self, offset: int) -> SentenceFocus | None:
        at = bisect_right(self._starts, offset - 1) - 1
        return self._focuses[at] if at >= 0 else None

    def _last_speaker(self, offset: int) -> _PastSpeaker | None:
        return next((item for item in reversed(self._past_speakers) if item.offset < offset), None)


def _can_be_human(phrase: SpeakerPhrase) -> bool:
    """Whether a nominal can be one person rather than an organization, a text or a sign."""
    lists = ("organization_nouns", "speech_nouns", "sign_nouns", "non_person_nouns")
    is_phrase = phrase.kind == "nominal" and not phrase.is_plural
    has_digit = any(char.isdigit() for char in phrase.text)
    return is_phrase and not has_digit and not any(phrase.head in word_set(name) for name in lists)


def _can_announce(actor: SpeakerPhrase) -> bool:
    """Whether a nominal can be the next speaker: people, not their texts."""
    is_thing = not word_set("non_person_nouns").isdisjoint((actor.head, singular(actor.head)))
    return (actor.is_plural and not is_thing) or _can_be_human(actor)
