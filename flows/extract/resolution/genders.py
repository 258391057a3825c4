"""Genders as a text gives them: the words that show how it speaks of a person, counted by kind of evidence.

A reading of texts, not of persons. Evidence is a statement ("who uses they/them"), a title ('Mrs', 'Queen',
'spokeswoman'), a word for a relative ('his wife'), a pronoun that means one person, or a first name of
which nearly all who bear it are of one gender. 'They' needs a statement: as a pronoun it mostly means
several.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from ontherecord.flows.extract.names.lexicon import honorifics
from ontherecord.flows.extract.names.people import name_parts
from ontherecord.flows.extract.resolution.sentence_focus import SentenceFocus
from ontherecord.flows.extract.resolution.speakers import gender_of_noun
from ontherecord.flows.extract.word_lists import word_set
from ontherecord.warehouse.records import Entity, Gender, GenderCount, GenderEvidence, Mention

_GENDERS: dict[str, Gender] = {"female": "woman", "male": "man"}
_OF_PRONOUNS: dict[Gender, str] = {"woman": "female", "man": "male"}
_SHE_OR_HE = re.compile(r"\b(?:[Ss]he|[Hh](?:e|is|im(?:self)?|er(?:s|self)?))\b")
# 'his wife, ', 'the actress, '
_NOUN_BEFORE = re.compile(
    r"\b(?:[Hh]is|[Hh]er|[Tt]heir|[Tt]he|[Aa]n?|[Ww]hose|\w+['\u2019]s) (?:[\w-]+ ){0,2}?([a-z]+), $"
)
# ', a spokeswoman for', ', mother of', ' is the first woman to': not 'a woman's lawyer'.
_NOUN_AFTER = re.compile(
    r"(?:, (?:\d{1,3}, )?(?:who (?:is|was) )?| (?:is|was) )(?:an?|the) (?:[\w-]+ ){0,3}?([a-z]+)"
    r"(?=[,.;:)]| (?:of|to|in|from|with|and|who|whose|for|at|on)\b)"
)
_RELATIVE_AFTER = re.compile(r", (?:\d{1,3}, )?([a-z]+) (?:of|to) ")
_MAY_STATE_THEY = re.compile(r"they/them|\bpronouns?\b|non-?binary|genderqueer|\bagender\b", re.IGNORECASE)
_STATES_THEY = re.compile(
    r"(?:['\u2019]s (?:preferred )?pronouns (?:are|were)|,? whose (?:preferred )?pronouns (?:are|were)"
    r"|(?:,? who)?,? (?:uses?|used|goes by|prefers?)(?: the)?(?: gender-neutral)?(?: pronouns?)?)"
    r" [\"'\u2018\u201c(]?they\b"
    r"|,? \(?they/them\b"
    r"|(?:, who| who)? (?:is|was|identifies|identified)(?: as)?(?: an?)?"
    r" (?:non-?binary|genderqueer|agender)\b"
    r"|, an? (?:non-?binary|genderqueer|agender)\b",
    re.IGNORECASE,
)
_APPOSITION = re.compile(r", (?:\d{1,3}, )?[^,]*,")
_REACH, _TITLE_REACH = 70, 30
_APPOSED = ("", ",", ".", ";", ":")
_COUPLES = (["and"], ["or"], ["&"])  # 'Mr and Mrs Baker'
_MAY_BE_FAMILY_FIRST = re.compile(r"-[a-z]")  # 'Moon Jae-in'


class GenderReader:
    """Counts the evidence for the gender of an article's persons.

    `body` is the text, `narration` the same with its quotations blanked; `mentions` are all of the body,
    `focuses` the narrator's sentences.
    """

    def __init__(
        self,
        body: str,
        narration: str,
        entities: Sequence[Entity],
        mentions: Sequence[Mention],
        focuses: Sequence[SentenceFocus],
    ) -> None:
        self._body = body
        self._narration = narration
        self._entities = entities
        self._persons = [mention for mention in mentions if mention.kind == "person"]
        self._focuses = focuses
        may_state = _MAY_STATE_THEY.search(self._body) is not None
        self._shown = Counter(
            (mention.entity_no, evidence, gender)
            for mention in self._persons
            for evidence, gender in self._around(mention, may_state)
        )

    def of_relatives(self) -> dict[int, str]:
        """Return 'female' or 'male' for who is called a relative: 'his mother, Bernie Toal'.

        That outweighs the first name: a Bernie can be a mother.
        """
        found: dict[int, set[Gender]] = {}
        for number, evidence, gender in self._shown:
            if evidence == "kin word":
                found.setdefault(number, set()).add(gender)
        return {n: _OF_PRONOUNS[min(shown)] for n, shown in found.items() if len(shown) == 1}

    def counts(self, resolved_pronouns: Iterable[tuple[int, int, str]]) -> tuple[GenderCount, ...]:
        """Count the evidence by person, kind and gender.

        `resolved_pronouns` are speaker phrases that are 'he' or 'she': offset, entity, and 'female' or
        'male'.
        """
        found = Counter(self._shown)
        for entity in self._entities:
            gender = gender_of_first_name(entity.name) if entity.kind == "person" else None
            if gender is not None:
                found[entity.entity_no, "first name", gender] += 1
        pronouns = dict(self._pronouns())
        for offset, number, word in resolved_pronouns:
            pronouns.setdefault(offset, (number, _GENDERS[word]))
        for number, shown in pronouns.values():
            if self._entities[number].kind == "person":
                found[number, "pronoun", shown] += 1
        return tuple(GenderCount(*key, times) for key, times in sorted(found.items()))

    def _around(self, mention: Mention, may_state: bool) -> Iterator[tuple[GenderEvidence, Gender]]:
        """Yield what the words before and after a name show."""
        start, end = mention.char_start, mention.char_end
        before = self._body[max(0, start - _REACH) : start]
        line = before.rfind("\n") + 1
        before, after = before[line:], self._body[end : end + _REACH]
        if before.endswith(" "):
            words = before[-_TITLE_REACH:].split()
            if before.endswith(", "):
                apposed = _NOUN_BEFORE.search(before) if after[:1] in _APPOSED else None
                if apposed is not None:
                    yield from _shown_by(apposed.group(1))
            elif words and words[-2:-1] not in _COUPLES:
                yield from _shown_by(words[-1].rstrip("."), before_name=True)
        if after[:1] in (",", " "):
            apposed = _NOUN_AFTER.match(after) or _RELATIVE_AFTER.match(after)
            if apposed is not None:
                yield from _shown_by(apposed.group(1))
        if may_state and _STATES_THEY.match(after):
            yield "statement", "they"

    def _pronouns(self) -> Iterator[tuple[int, tuple[int, Gender]]]:
        """Yield the pronouns of sentences that speak of one person: offset, entity and gender.

        The only person of a sentence, named before its pronouns, which are all of one gender; or, where a
        sentence names nobody, its subject 'she', if the sentence before speaks of one person.
        """
        before: int | None = None  # whom the sentence before speaks of
        end = 0
        for focus in self._focuses:
            persons = {
                number
                for _, number in (*focus.subjects_at, *focus.others_at)
                if self._entities[number].kind == "person"
            }
            if "\n" in self._narration[end : focus.start]:
                before = None
            end = focus.end
            pronouns = list(_SHE_OR_HE.finditer(self._narration, focus.start, focus.end))
            genders: set[Gender] = {
                "woman" if found.group()[1:3] in ("he", "er") else "man" for found in pronouns
            }
            if not persons:
                subject_at = focus.pronoun_at[0] if focus.pronoun_at is not None else None
                if before is not None and len(genders) == 1 and pronouns[0].start() == subject_at:
                    yield subject_at, (before, genders.pop())
                elif pronouns or focus.nameless_subject is not None:
                    before = None
                continue
            subjects = [at for at, number in focus.subjects_at if number in persons]
            is_about_one = len(persons) == 1 and focus.nameless_subject is None and bool(subjects)
            before = next(iter(persons)) if is_about_one else None
            if before is None or len(genders) != 1 or pronouns[0].start() < min(subjects):
                continue
            if not _names_others(self._narration[min(subjects) : pronouns[0].start()]):
                yield pronouns[0].start(), (before, genders.pop())


def _names_others(words: str) -> bool:
    """Whether somebody without a name stands between a name and a pronoun: 'said the suspect had lost his …'.

    What is set off by commas behind the name describes its bearer.
    """
    words = _APPOSITION.sub(" ", words, count=1)
    return any(
        word in word_set("unnamed_people")
        or word in word_set("names/kinship_nouns")
        or gender_of_noun(word) is not None
        for word in re.findall(r"\b[a-z]+\b", words)
    )


@lru_cache(maxsize=4096)
def gender_of_first_name(name: str) -> Gender | None:
    """Return the gender of nearly all who bear the first name of a full name; None where that is open."""
    parts = name_parts(name)
    if len(parts) < 2 or parts[0] in word_set("names/particles") or parts[0] in word_set("names/titles"):
        return None
    if _MAY_BE_FAMILY_FIRST.search(name.split()[-1]):
        return None
    first = next((part for part in parts[:-1] if len(part) > 1), "")
    if first in word_set("names/first_names_of_women"):
        return "woman"
    return "man" if first in word_set("names/first_names_of_men") else None


def _shown_by(word: str, *, before_name: bool = False) -> Iterator[tuple[GenderEvidence, Gender]]:
    """Yield what a title or noun shows. Offices in -man are held by women too: 'chairman Jane Doe'."""
    plain = word.lower()
    if plain == "actor" or (plain.endswith("man") and plain != "man" and not plain.endswith("woman")):
        return
    is_title = before_name and word[:1].isupper()
    gender = (honorifics().get(plain) if is_title else None) or gender_of_noun(plain)
    if gender is not None:
        is_relative = plain in word_set("names/kinship_nouns") and word.islower()
        yield ("kin word" if is_relative else "title"), _GENDERS[gender]
