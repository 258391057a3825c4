"""Whom a speaker phrase means: pronouns, role phrases and floating quotations.

'He' is mostly who spoke last or the last sentence's subject, not the nearest name; a role phrase
('the Vermont senator') is who was introduced so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flows.extract.cues import kin_of_roles, word_set
from flows.extract.scenes import Scene, role_words
from flows.extract.sources import MentionIndex, Source
from warehouse.records import Entity

_FEMALE = frozenset(("she", "her", "herself"))
_MALE = frozenset(("he", "him", "his", "himself"))
_THING = frozenset(("it", "itself"))
_PLURAL = frozenset(("they", "them", "we", "us", "both", "these", "those"))
# A pronoun seldom reaches over more of the narrator's sentences than this.
_FARTHEST = 12


@dataclass(frozen=True, slots=True)
class Meaning:
    """Whom a phrase means: an entity, or a source without a name by its words, or nobody known."""

    entity_no: int | None
    name: str | None
    how: str  # 'name', 'words', 'speaker', 'subject', 'mention', 'role', 'nobody'
    distance: int = 0  # sentences back


NOBODY = Meaning(None, None, "nobody")


@dataclass(frozen=True, slots=True)
class _Said:
    place: int
    meaning: Meaning
    is_plural: bool


class Resolver:
    """Resolves the sources of one article's quotes, called in the order of the text."""

    def __init__(
        self,
        scenes: Sequence[Scene],
        mentions: MentionIndex,
        entities: Sequence[Entity],
        genders: Sequence[str | None],
    ) -> None:
        self._mentions = mentions
        self._scenes = scenes
        self._starts = [scene.start for scene in scenes]
        self._entities = entities
        self._genders = list(genders)
        self._said: list[_Said] = []
        self._roles: dict[int, set[str]] = {}
        self._holders: dict[str, dict[int, int]] = {}  # role word -> who has it, and from where on
        for scene in scenes:
            for entity_no, words in scene.roles:
                self._roles.setdefault(entity_no, set()).update(words)
                for word in words:
                    self._holders.setdefault(word, {}).setdefault(entity_no, scene.start)
        self._bearers: dict[str, list[int]] = {}  # last name -> who bears it
        for number, entity in enumerate(entities):
            if entity.kind == "person" and entity.name:
                self._bearers.setdefault(entity.name.split()[-1].lower(), []).append(number)

    def resolve(self, source: Source, place: int) -> Meaning:
        """Say whom a source at a quote means, and remember that they spoke."""
        meaning = self._meaning(source)
        self._said.append(_Said(place, meaning, source.is_plural))
        return meaning

    def again(self, place: int, meaning: Meaning) -> None:
        """Remember that somebody goes on speaking."""
        self._said.append(_Said(place, meaning, False))

    def floating(self, place: int, is_own_paragraph: bool) -> Meaning:
        """Say who speaks where the text names nobody."""
        scene = self._scene_before(place)
        last = self._last_said(place)
        if scene is not None:
            said_in_scene = last is not None and last.place >= scene.start
            announces = scene.ends_with_colon or scene.has_speech
            if not said_in_scene and scene.subjects and (announces or not is_own_paragraph):
                return self._entity(scene.subjects[0], "subject", 0)
        if last is not None and last.meaning.how != "nobody":
            return Meaning(last.meaning.entity_no, last.meaning.name, "speaker", 0)
        return self._walk(place, self._person(None))

    def _meaning(self, source: Source) -> Meaning:
        if source.entity_no is not None:
            return self._entity(source.entity_no, "name", 0)
        if source.kind == "pronoun":
            return self._pronoun(source)
        if source.is_proper:
            return self._misread_name(source)
        role = self._role(source)
        if role is not None:
            return role
        return Meaning(None, source.text, "words")

    def _misread_name(self, source: Source) -> Meaning:
        """Take a proper noun that was not read as a name here for who bears it elsewhere."""
        last = source.text.split()[-1].lower()
        bearers = self._bearers.get(last, [])
        if len(bearers) == 1:
            return self._entity(bearers[0], "name", 0)
        return Meaning(None, source.text, "words")

    def _pronoun(self, source: Source) -> Meaning:
        word = source.head
        if word in _FEMALE or word in _MALE:
            gender = "female" if word in _FEMALE else "male"
            meaning = self._walk(
                source.start, self._person(gender), pronoun="she" if gender == "female" else "he"
            )
            if meaning.entity_no is not None and self._genders[meaning.entity_no] is None:
                self._genders[meaning.entity_no] = gender
            return meaning
        if word in _THING:
            return self._walk(source.start, self._is_body)
        if word in _PLURAL:
            return self._last_plural(source.start)
        return NOBODY

    def _last_plural(self, place: int) -> Meaning:
        for said in reversed(self._said[-6:]):
            if said.place < place and said.is_plural and said.meaning.name is not None:
                return Meaning(said.meaning.entity_no, said.meaning.name, "speaker", 1)
        return self._walk(place, lambda number: self._entities[number].kind in ("organization", "group"))

    def _walk(
        self, place: int, fits: Callable[[int], bool], how: str | None = None, pronoun: str = ""
    ) -> Meaning:
        """Go back over the narrator's sentences to who spoke or acted last."""
        at = bisect_right(self._starts, place) - 1
        said = [item for item in self._said[-40:] if item.place <= place]
        fallback: Meaning | None = None
        for distance, index in enumerate(range(at, max(-1, at - _FARTHEST), -1)):
            scene = self._scenes[index]
            while said and said[-1].place >= scene.start:
                item = said.pop()
                number = item.meaning.entity_no
                if number is not None and fits(number):
                    return self._entity(number, how or "speaker", distance)
                if number is None and pronoun and item.meaning.how == "words" and not item.is_plural:
                    return Meaning(None, item.meaning.name, "speaker", distance)
            if distance and pronoun and scene.pronoun_at is not None and scene.pronoun_at[1] == pronoun:
                continue  # the same person is spoken of on; who is named beside is somebody else
            for number in scene.subjects_before(place):
                if fits(number):
                    return self._entity(number, how or "subject", distance)
            if fallback is None:
                for number in scene.others_before(place):
                    if fits(number):
                        fallback = self._entity(number, how or "mention", distance)
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

    def _is_body(self, number: int) -> bool:
        return self._entities[number].kind in ("organization", "place")

    def _role(self, source: Source) -> Meaning | None:
        """Find who was introduced with the words of a role phrase; the last one where several were."""
        words = role_words(source.text)
        words += self._mentions.countries(source.start, source.end)
        first = source.text.split()[0].lower()
        if source.is_plural or first in ("a", "an", "one", "another", "some", "every", "no"):
            return None
        if source.head in word_set("nouns_of_bodies"):
            return self._body(source, words)
        holders = self._office_holders(source.head, source.start)
        scores = {number: len(self._roles[number].intersection(words)) for number in holders}
        if scores:
            best = max(scores.values())
            meaning = self._walk(source.start, lambda number: scores.get(number) == best, "role")
            if meaning.entity_no is not None:
                return meaning
            if best > 1 and list(scores.values()).count(best) == 1:  # introduced long before
                return self._entity(max(scores, key=lambda number: scores[number]), "role", _FARTHEST)
        if first != "the" or source.head in word_set("nameless_sources"):
            return None
        # A new description of a single person mostly means who was spoken of: 'the 30-year-old'.
        meaning = self._walk(source.start, self._person(None), "description")
        return meaning if meaning.entity_no is not None else None

    def _office_holders(self, head: str, place: int) -> list[int]:
        """List who was introduced with a role word, or with an office it can stand for."""
        found = self._introduced(head, place)
        for office in kin_of_roles().get(head, ()):
            found |= set.intersection(*(self._introduced(word, place) for word in office))
        return sorted(found)

    def _introduced(self, word: str, place: int) -> set[int]:
        return {number for number, since in self._holders.get(word, {}).items() if since < place}

    def _body(self, source: Source, words: Sequence[str]) -> Meaning | None:
        """Find the organization that 'the ministry' or 'the company' means."""

        def is_named_so(number: int) -> bool:
            entity = self._entities[number]
            return entity.kind == "organization" and source.head in entity.name.lower().split()

        meaning = self._walk(source.start, is_named_so, "role")
        if meaning.entity_no is None and len(words) <= 2:
            meaning = self._walk(
                source.start, lambda number: self._entities[number].kind == "organization", "description"
            )
        return meaning if meaning.entity_no is not None else None

    def _entity(self, number: int, how: str, distance: int) -> Meaning:
        return Meaning(number, self._entities[number].name, how, distance)

    def _scene_before(self, place: int) -> Scene | None:
        at = bisect_right(self._starts, place - 1) - 1
        return self._scenes[at] if at >= 0 else None

    def _last_said(self, place: int) -> _Said | None:
        return next((item for item in reversed(self._said) if item.place < place), None)
