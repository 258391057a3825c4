"""Speakers: whom a speaker phrase means, and what type of source that is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from ontherecord.flows.extract.attribution.speaker_phrases import SpeakerPhrase
from ontherecord.flows.extract.attribution.subjects import singular
from ontherecord.flows.extract.name_forms import PERSON_ENDINGS
from ontherecord.flows.extract.text.labels import ANSWER_LABELS, QUESTION_LABELS
from ontherecord.flows.extract.word_lists import table_rows, word_set
from ontherecord.warehouse.records import Entity, SpeakerType, joint_name

_PERSON_LISTS = ("names/titles", "names/kinship_nouns", "unnamed_people")
_THING_LISTS = (
    "group_nouns",
    "document_nouns",
    "organization_nouns",
    "speech_nouns",
    "sign_nouns",
    "non_person_nouns",
)


@dataclass(frozen=True, slots=True)
class ResolvedSpeaker:
    """Whom a phrase means: an entity, a speaker without a name (by the phrase's words), or nobody known.

    `distance` is how many sentences back it is decided, and `rivals` how many others were possible. Joint
    speakers are in `joint`, each an entity and a name; then `entity_no` is None and `name` names all.
    """

    entity_no: int | None
    name: str | None
    rule: str
    distance: int = 0
    rivals: int = 0
    joint: tuple[tuple[int | None, str], ...] = ()

    @property
    def speakers(self) -> tuple[tuple[int | None, str], ...]:
        """List the speakers, each an entity and a name."""
        if self.joint or self.name is None:
            return self.joint
        return ((self.entity_no, self.name),)


NOBODY = ResolvedSpeaker(None, None, "nobody")


def joint_speakers(
    speakers: Sequence[tuple[int | None, str]], rule: str, distance: int = 0
) -> ResolvedSpeaker:
    """Return several speakers as one: 'Ann Kim, Bo Lee and Cy Hall'."""
    text = joint_name([name for _, name in speakers])
    return ResolvedSpeaker(None, text, rule, distance, joint=tuple(speakers))


def speaker_type_of(
    resolved: ResolvedSpeaker, phrase: SpeakerPhrase | None, entities: Sequence[Entity]
) -> SpeakerType | None:
    """Return the type of a source; None without a speaker.

    An entity decides by its kind: a person is a named person, a people or a party an unnamed group, and all
    others are organizations, as places speak for their governments. Joint speakers are named persons if one
    of them has a name. Words without an entity decide by their head noun, see `_type_of_words`.
    """
    if resolved.name is None:
        return None
    numbers = [number for number, _ in resolved.speakers if number is not None]
    if numbers:
        kinds = [entities[number].kind for number in numbers]
        return (
            "named person" if "person" in kinds else "unnamed group" if "group" in kinds else "organization"
        )
    if resolved.joint:
        return "unnamed group"
    own = phrase if phrase is not None and phrase.text == resolved.name else None
    return _type_of_words(resolved.name, own)


_SEVERAL = frozenset(
    ("many", "some", "several", "most", "few", "both", "all", "those", "two", "three", "four")
) | frozenset(("percent", "cent", "half", "third", "thirds", "quarter", "quarters", "majority", "minority"))


# '34%', 'those over 60'
_PARENT_OF = re.compile(
    r"\b(mother|father|mum|mom|dad|parent|grandmother|grandfather)(s?)-of-\w+", re.IGNORECASE
)
_SHARE = re.compile(r"[\d.]+ ?%|those\b", re.IGNORECASE)


def _type_of_words(words: str, phrase: SpeakerPhrase | None) -> SpeakerType:
    """Return the type that a head noun shows: 'the report', 'police', 'a source', 'the ministry'."""
    head = phrase.head if phrase is not None else head_noun(words)
    if words.lower() in ("one", "another"):
        return "unnamed person"
    if (relative := _PARENT_OF.search(words)) is not None:
        return "unnamed group" if relative[2] else "unnamed person"
    is_label = words[:1].isupper() and head in word_set("label_roles")  # 'Operator', which is a person's
    if is_label or words in (*QUESTION_LABELS, *ANSWER_LABELS):
        return "unnamed person"
    one = singular(head)
    if head in word_set("document_nouns") or one in word_set("speech_nouns"):
        return "document"
    is_plural = phrase.is_plural if phrase is not None else one != head and not head.endswith("ss")
    if head in word_set("group_nouns") or head in _SEVERAL or is_plural or _SHARE.match(words):
        return "unnamed group"
    listed = _types_of_nouns().get(head)
    if listed is not None:
        return listed
    is_office = any(head in word_set(name) for name in _PERSON_LISTS)  # 'MODERATOR'
    is_name = words.split()[-1][:1].isupper() and not is_office
    return "organization" if is_name or is_thing_noun(head) else "unnamed person"


@cache
def _types_of_nouns() -> dict[str, SpeakerType]:
    types: dict[str, SpeakerType] = {"organization": "organization", "document": "document"}
    return {noun: types[name] for noun, name in table_rows("source_types")}


def head_noun(words: str) -> str:
    """Return the head of a noun phrase: 'member' of 'a member of the board'."""
    found = words.lower().split(",")[0].split()
    for at, word in enumerate(found):
        if at and word in ("of", "for", "from", "at", "in", "on", "with", "to", "who", "that", "familiar"):
            found = found[:at]
            break
    return found[-1].removesuffix("'s").removesuffix("\u2019s") if found else ""


def gender_of_noun(noun: str) -> str | None:
    """Return the gender that a noun shows: 'son', 'spokeswoman'."""
    return _genders_of_nouns().get(noun)


@cache
def _genders_of_nouns() -> dict[str, str]:
    return {row[0]: row[1] for row in table_rows("gendered_nouns")}


def is_person_noun(noun: str) -> bool:
    """Whether a noun is a word for a person: a title, a relative, 'neighbour', 'organist'."""
    if is_thing_noun(noun):
        return False
    return any(noun in word_set(name) for name in _PERSON_LISTS) or noun.endswith(PERSON_ENDINGS)


def is_source_noun(noun: str) -> bool:
    """Whether a noun is a word for an organization or a document."""
    return noun in word_set("organization_nouns") or noun in word_set("document_nouns")


def is_thing_noun(noun: str) -> bool:
    """Whether a noun is a word for a text, a body or a thing, which no person can be."""
    return any(noun in word_set(name) or singular(noun) in word_set(name) for name in _THING_LISTS)
