"""Resolve speaker phrases to entities by an ordered list of small rules.

Each rule answers whom a phrase means, or passes to the next one; `PHRASE_RULES` and `FLOATING_RULES` are the
lists. Whom the text does not tell is not guessed: the phrase keeps its own words, or has no speaker. 'He' is
mostly the last speaker or the last sentence's subject, not the nearest name; a role phrase ('the Vermont
senator') is the person introduced in that role, and nobody else.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property

from ontherecord.flows.extract.attribution.speaker_phrases import MentionIndex, SpeakerPhrase
from ontherecord.flows.extract.attribution.subjects import singular
from ontherecord.flows.extract.resolution.addressed import addressed_in, named_in
from ontherecord.flows.extract.resolution.demonyms import Demonym, find_demonym_phrase
from ontherecord.flows.extract.resolution.roles import (
    ABOVE,
    PAST,
    STANDING_IN,
    RoleIndex,
    role_synonyms,
    role_words,
)
from ontherecord.flows.extract.resolution.sentence_focus import SentenceFocus
from ontherecord.flows.extract.resolution.speakers import (
    NOBODY,
    ResolvedSpeaker,
    gender_of_noun,
    is_person_noun,
    is_source_noun,
    is_thing_noun,
    joint_speakers,
)
from ontherecord.flows.extract.rules import first_answer
from ontherecord.flows.extract.text.cues import base_form
from ontherecord.flows.extract.word_lists import word_set
from ontherecord.warehouse.records import Entity, Mention

_FEMALE = frozenset(("she", "her", "herself"))
_MALE = frozenset(("he", "him", "his", "himself"))
_THING = frozenset(("it", "itself"))
_PLURAL = frozenset(("they", "them", "both"))
# Narrator's sentences to search back for an antecedent.
_FARTHEST = 12
# 'It' and 'the company' are not used of what was named longer ago.
_FARTHEST_THING = 4
# Who is only described was named in one of so many sentences.
_FARTHEST_DESCRIBED = 5
# A role holder named longer ago is not meant where the paragraph is about somebody else.
_FARTHEST_ROLE = 3
_ARTICLES = frozenset(("the", "a", "an", "his", "her", "its", "their", "of", "former"))
# Words by which the people of a service are called, and which are part of its name.
_SERVICES = frozenset(("police", "prosecutor", "sheriff", "coastguard", "army", "navy", "firefighter"))
_KINDS_OF_SERVICE = frozenset(("local", "city", "state", "county", "town", "village", "federal", "regional"))
_ONCE = re.compile(r"\b(?:former|retired|one-?time|ex)\b[^.;]*$", re.IGNORECASE)
_LONGEST_OFFICE = 60
_PARTIES = (
    frozenset(("republican", "gop", "r")),
    frozenset(("democratic", "democrat", "d")),
    frozenset(("labour",)),
    frozenset(("conservative", "tory")),
    frozenset(("libertarian",)),
)
# Who runs for an office is known for it; but there may be several of them.
_RUNNING = frozenset(("candidate", "nominee", "hopeful", "contender", "frontrunner", "front-runner"))
# Letters that a state's name and its abbreviation share.
_SHORTEST_WORD = 3
# Characters to search back for the introduction of a person without a name.
_NAMELESS_REACH = 3_000
# 'Kim is a dentist', 'known as a dentist', 'not a dentist' introduce nobody new.
_PREDICATE = re.compile(r"\b(?:is|was|are|were|be|been|being|as|became|become|not|like|of|for|than) $")
# Last words of the names of those whom a noun means, beside that noun.
_LAST_WORDS_OF = {
    "club": word_set("names/club_last_words"),
    "force": frozenset(("constabulary", "police")),
    "party": frozenset(("alliance", "democrats", "front", "greens", "labour", "republicans", "tories")),
}
_COMPANIES = frozenset(("company", "firm", "retailer", "carmaker", "airline", "lender", "bank", "brewer"))
# What sets the holder of a role apart from those introduced in it: 'the other driver'.
_SETTING_APART = STANDING_IN | PAST | {"other", "second", "current", "opposing", "rival"}
_AGE = re.compile(r"\b(\d{1,3})-year-old\b")
_AGE_BEHIND = re.compile(r",? \(?(?:aged )?(\d{1,3})\b")
_AGE_BEFORE = re.compile(r"\b(\d{1,3})-year-old(?: [a-z]+){0,2},? $")
_AGE_REACH = 40
_OWNED_BY = {"she": "her ", "he": "his "}
# 'she said, ' within a clause that goes on; without the second comma the clause only begins there.
_SAID_INSIDE = re.compile(r"\w+ \w+(?: [\w ]{1,40})?,")
# 'The group that runs the fair', 'the firm behind the bridge': which one it is, the words say themselves.
_TELLS_WHICH = re.compile(r"\s+(?:that|who|which|behind|responsible for|in charge of)\b")
_JOINTLY = re.compile(r"\bjoint(?:ly)?\b")
# Subjects that announce words instead of speaking.
_ANNOUNCED = word_set("speech_nouns") | {"following", "excerpt", "excerpts", "text", "transcript"}
# What stands behind who puts a question: 'Kim asked Lee whether …', '"…?" Kim asked Lee.'
_QUESTION_WORDS = "whether|if|what|where|when|why|how|who|about"
_ASKED = re.compile(
    rf" (?:had |has )?asked(?: (?!(?:to|for|{_QUESTION_WORDS})\b)[\w.\u2019'-]+){{1,5}}?"
    rf"(?: (?:{_QUESTION_WORDS})\b|[.])"
)
# 'Kim asked if she slept well': somebody else did. 'Asked if she could sit down' is a request of one's own.
_ASKED_WHETHER = re.compile(
    r" (?:had |has )?asked (?:whether|if|when|where|why|how)(?: \w+)? (he|she)\b"
    r"(?! (?:could|can|may|might|should|would be allowed)\b)"
)
# 'Kim asked | Lee about …'
_ASKED_OF = re.compile(r"\b(?:asked|asks|pressed|questioned|grilled|quizzed) (?:[\w.]+ ){0,3}$")
_FIRST_PERSON = re.compile(r"(?:\w+,? ){0,3}?(?:I|[Ww]e) ")
_ABOUT_OR_WHETHER = re.compile(
    r"(?:[A-Z][\w.'\u2019-]*,? ){1,4}(?:about|on|over|whether|if|why|how|what|when) "
)
# Verbs of who was spoken to: '"You rode him," Nolan told Ashbury. "I did not," he replied.'
_REPLIES = frozenset(("reply", "answer", "retort", "respond", "counter"))
# 'Kim accused Lee. He denied it': who accuses does not deny.
_DENYING = frozenset(("deny", "dispute", "refute"))
_ACCUSED = re.compile(
    r"(?<!\bwas )(?<!\bbeen )(?<!\bwere )\b(?:accus(?:ed|es|ing)|sued|sues|suing|blam(?:ed|es)|charg(?:ed|es)"
    r"|alleg(?:ed|es))\b(?! by\b)"
)
# 'Both men said', 'the two said', 'the couple said'.
_BOTH = re.compile(r"(?:both|the two|the pair|the couple|the duo)(?: of them)?(?: (\w+))?", re.IGNORECASE)
_PAIR_OPENS = re.compile(r"(?:The (?:two|pair|couple|duo)|Both)(?: (?:men|women))? (?!\w+s )", re.IGNORECASE)
_BOTH_GENDERS = {"men": "male", "women": "female", "brothers": "male", "sisters": "female"}
# A description that says who is meant without saying what they do: 'the 31-year-old', 'the Kansas native'.
_DESCRIPTION = re.compile(
    r"the (?:.* )?(?:\d+|\w+)-year-old(?: .*)?|the (?:former|retired|veteran|one-time|onetime|longtime) .*"
    r"|the \S+ native|the \S+-born .*|the (?:father|mother|grandmother|grandfather) of .*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _PastSpeaker:
    offset: int
    resolved: ResolvedSpeaker
    is_plural: bool
    is_nameless: bool = False  # a single person without a name
    gender: str | None = None  # of a person without a name
    end: int = 0  # of the speaker phrase; 0 for a floating quotation
    head: str = ""

    def can_be_person_of(self, gender: str | None) -> bool:
        """Whether this is a person without a name who can have a gender."""
        return self.is_nameless and (gender is None or self.gender in (None, gender))


@dataclass(frozen=True, slots=True)
class _Reference:
    """A speaker phrase to resolve, the base form of its cue's verb, and whom the words call by name."""

    phrase: SpeakerPhrase
    verb: str
    hearers: frozenset[int] = frozenset()


class Resolver:
    """Resolves the speaker phrases of one article; call in the order of the text.

    `labels` are whom 'Q' and 'A' mean in an interview, and 'I' in a statement; `narration` is the body with
    its quotations blanked; `agency` is the publisher, whom 'it' and 'the company' do not mean; `topic` is the
    only organization in the headline, `announcer` whose words the headline announces; `without` are rules
    to leave out.
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
        topic: int | None = None,
        announcer: int | None = None,
        without: Set[str] = frozenset(),
    ) -> None:
        self._agency = (agency or "").lower()
        self._narration = narration
        self._labels = labels or {}
        self._mentions = mentions
        self._focuses = focuses
        self._starts = [focus.start for focus in focuses]
        self.entities = entities
        self._genders = list(genders)
        self._topic = topic
        self._announcer = announcer
        self._without = without
        self._past_speakers: list[_PastSpeaker] = []
        self._role_index = RoleIndex((focus.start, focus.roles) for focus in focuses)
        self._by_last_name: dict[str, list[int]] = {}
        self._by_first_name: dict[str, list[int]] = {}
        for number, entity in enumerate(entities):
            if entity.kind == "person" and entity.name:
                first, *_, last = entity.name.lower().split() * 2
                self._by_last_name.setdefault(last, []).append(number)
                self._by_first_name.setdefault(first, []).append(number)

    def addressed(self, body: str, start: int, end: int) -> frozenset[int]:
        """Return the persons whom the quotation at two offsets calls by name, or speaks of."""
        return addressed_in(body, start, end, self._mentions) | named_in(body, start, end, self._mentions)

    def resolve(
        self,
        phrase: SpeakerPhrase,
        offset: int,
        cue: str | None = None,
        hearers: frozenset[int] = frozenset(),
    ) -> ResolvedSpeaker:
        """Resolve a speaker phrase at an offset, and record the speaker.

        `cue` is the cue's text, `hearers` are those to whom the words are spoken.
        """
        reference = _Reference(phrase, base_form(cue) if cue else "", hearers)
        found = first_answer(PHRASE_RULES, self._without, self, reference)
        resolved = replace(found[1], rule=found[0]) if found is not None else NOBODY
        is_nameless = resolved.entity_no is None and resolved.name is not None and _can_be_human(phrase)
        is_plural = phrase.is_plural or bool(resolved.joint)
        self._past_speakers.append(
            _PastSpeaker(
                offset, resolved, is_plural, is_nameless, gender_of_noun(phrase.head), phrase.end, phrase.head
            )
        )
        return resolved

    def record(self, offset: int, resolved: ResolvedSpeaker) -> None:
        """Record who speaks at an offset."""
        self._past_speakers.append(_PastSpeaker(offset, resolved, bool(resolved.joint)))

    def resolve_floating(self, offset: int, is_own_paragraph: bool) -> ResolvedSpeaker:
        """Resolve a floating quotation."""
        found = first_answer(FLOATING_RULES, self._without, self, offset, is_own_paragraph)
        return replace(found[1], rule=found[0]) if found is not None else NOBODY

    # --- Rules for a phrase, in the order of PHRASE_RULES ---

    def _introduced(self, said: _Reference) -> ResolvedSpeaker | None:
        """Take the label of an interview, or 'I' in a statement, for who was introduced for it.

        Ruth Adler answered questions. ¶ Q: Is it old? ¶ A: It is very old. ¶ Q: Will it sail?
        ¶ A: I hope so. -> Ruth Adler
        """
        return self._labels.get(said.phrase.text)

    def _joint(self, said: _Reference) -> ResolvedSpeaker | None:
        """Let several who are named together speak together: each of them counts.

        "The ferry is old," Ruth Adler and Tom Baker said. -> Ruth Adler and Tom Baker
        """
        if not said.phrase.joint:
            return None
        holder = self._holder_of_both(said.phrase)
        if holder is not None:
            return holder
        speakers = [self._joint_part(words, number, said.phrase) for words, number in said.phrase.joint]
        return joint_speakers(speakers, "")

    def _family(self, said: _Reference) -> ResolvedSpeaker | None:
        """Take 'the Adlers' for the two persons of that name.

        Ruth Adler met Tom Adler on the quay. "It is old," the Adlers said. -> Ruth Adler and Tom Adler
        """
        article, _, name = said.phrase.text.rpartition(" ")
        if article.lower() not in ("the", "both", "both the") or not name[:1].isupper() or name[-1:] != "s":
            return None
        numbers = self._by_last_name.get(name[:-1].lower(), [])
        if len(numbers) != 2:
            return None
        return joint_speakers([(number, self.entities[number].name) for number in numbers], "")

    def _both(self, said: _Reference) -> ResolvedSpeaker | None:
        """Take 'both women', 'the two' and 'they' after joint speakers for the same ones.

        "It is old," Ruth Adler and Jane Miller said. ¶ "It will sink," both women said. -> Ruth
        Adler and Jane Miller
        """
        phrase = said.phrase
        found = _BOTH.fullmatch(phrase.text)
        if found is None and phrase.head not in _PLURAL:
            return None
        if found is None and self._is_pair(phrase):
            found = _BOTH.match("both")
        past = next(
            (
                item
                for item in reversed(self._past_speakers)
                if item.offset < phrase.start and item.resolved.joint
            ),
            None,
        )
        if found is None:
            last = self._last_speaker(phrase.start)
            if past is None or past is not last or self._people_since(past.offset, phrase.start) is not None:
                return None
            return past.resolved
        if past is not None:
            return past.resolved
        noun = (found.group(1) or "").lower()
        if singular(noun) in word_set("general_organization_nouns"):
            return self._pair_before(phrase.start, self._is_organization)
        if noun and noun not in _BOTH_GENDERS and not is_person_noun(singular(noun)):
            return None  # 'both sides'
        return self._pair_before(phrase.start, self._person(_BOTH_GENDERS.get(noun)))

    def _is_pair(self, phrase: SpeakerPhrase) -> bool:
        """Whether 'they' are two: 'they both said', or 'The two left. They said'."""
        if self._narration[phrase.end :].startswith(" both "):
            return True
        at = self._sentence_at(phrase.start)
        before = self._narration[self._starts[at - 1] : self._starts[at]] if at > 0 else ""
        return _PAIR_OPENS.match(before) is not None

    def _nationality(self, said: _Reference) -> ResolvedSpeaker | None:
        """Take a demonym for the person introduced as of that country or place, else for nobody named.

        Sweden's Ruth Adler beat Jane Miller of Canada. "It was cold," the Swede said. -> Ruth Adler
        """
        phrase = said.phrase
        # 'Said the Spaniard of Marekov': about him.
        words = phrase.text.split(" of ")[0]
        demonym = find_demonym_phrase(words) if not phrase.is_plural else None
        if demonym is None:
            return None
        spoken_of = {mention.entity_no for mention in self._mentions.between(phrase.start, phrase.end)}
        person = self._demonym(demonym, phrase.start, spoken_of)
        if person is None and demonym.is_singular:
            return ResolvedSpeaker(None, phrase.text, "")
        return person

    def _name(self, said: _Reference) -> ResolvedSpeaker | None:
        """Take a name for who bears it.

        "The ferry is old," Ruth Adler said. -> Ruth Adler
        """
        phrase = said.phrase
        if phrase.entity_no is None:
            return None
        namesake = self._namesake_in_office(phrase)
        return self._entity(phrase.entity_no if namesake is None else namesake)

    def _part_of_name(self, said: _Reference) -> ResolvedSpeaker | None:
        """Take a last or first name that was not recognized here for the only person of that name.

        "My coat is wet," sighed Maud Pashby. ¶ "So we do, Bessie, and no soup," Maud replied.
        -> Maud Pashby
        """
        phrase = said.phrase
        is_role = phrase.head in word_set("names/titles") or self._is_group_member(phrase)
        if phrase.kind == "pronoun" or not phrase.is_proper or is_role or is_thing_noun(phrase.head):
            return None
        return self._only_person_called(phrase.text)

    def _reply(self, said: _Reference) -> ResolvedSpeaker | None:
        """Take who 'replied' for who was spoken to before, where just one person was.

        Tom Baker met John Miller. ¶ "You are late," Baker told Miller. ¶ "I am not," he replied.
        -> John Miller
        """
        phrase = said.phrase
        gender = gender_of_pronoun(phrase.head)
        last = self._last_speaker(phrase.start)
        if gender is None or last is None or last.resolved.name is None:
            return None
        at = self._sentence_at(phrase.start)
        if at < 0 or last.end < self._starts[max(0, at - 1)]:
            return None
        is_asked = _ASKED.match(self._narration, last.end) is not None
        if said.verb not in _REPLIES and not is_asked:
            return None
        fits = self._person(gender)
        hearers = {
            number
            for focus in self._focuses[max(0, at - 1) : at + 1]
            for offset, number in (*focus.others_at, *focus.subjects_at)
            if last.end < offset < phrase.start and number != last.resolved.entity_no and fits(number)
        }
        if len(hearers) == 1:
            return self._entity(hearers.pop())
        asks_himself = last.resolved.entity_no is not None and fits(last.resolved.entity_no)
        return NOBODY if is_asked and not hearers and asks_himself else None

    def _he_or_she(self, said: _Reference) -> ResolvedSpeaker | None:
        """Take 'he' and 'she' for the last speaker or subject of that gender, not the nearest name.

        Mr. Tom Baker met Mr. John Miller in Oslo. "It was short," he said. -> Tom Baker
        """
        gender = gender_of_pronoun(said.phrase.head)
        if gender is None:
            return None
        pronoun = "she" if gender == "female" else "he"
        others = said.hearers | self._asker(said.phrase.start, pronoun)
        others |= self._who_asks_another(said.phrase.start)
        if said.verb in _DENYING:
            others |= self._accuser(said.phrase.start)
        is_person = self._person(gender)

        def fits(number: int) -> bool:
            return number not in others and is_person(number)

        resolved = self._search_back(said.phrase.start, fits, pronoun=pronoun)
        if resolved is NOBODY:
            resolved = self._person_after(said.phrase.start, fits)
        if resolved.entity_no is not None and self._genders[resolved.entity_no] is None:
            self._genders[resolved.entity_no] = gender
        return resolved

    def _it(self, said: _Reference) -> ResolvedSpeaker | None:
        """Take 'it' for the organization that spoke last, or was the subject of one of the last sentences.

        Corvane Lines raised its prices on Monday. "Our costs have risen," it said. -> Corvane Lines
        """
        if said.phrase.head not in _THING:
            return None
        if said.verb in ("begin", "conclude", "end", "read"):
            return NOBODY  # '"…," it read': a message or a sign
        return self._search_back_things(said.phrase.start, self._is_organization_or_place, any_words=True)

    def _they(self, said: _Reference) -> ResolvedSpeaker | None:
        """Take 'they' for the last speakers or subject in the plural, else an organization, not who is told.

        Workers cheered on the quay. "It sails," they told the Harbour Gazette. -> Workers
        """
        return self._plural_pronoun(said.phrase.start) if said.phrase.head in _PLURAL else None

    def _other_pronoun(self, said: _Reference) -> ResolvedSpeaker | None:
        """Take other pronouns ('I', 'who', 'some') for nobody known.

        "We will go," I said to her that evening. -> None
        """
        return NOBODY if said.phrase.kind == "pronoun" else None

    def _organization(self, said: _Reference) -> ResolvedSpeaker | None:
        """Take 'the ministry' for the one so called, 'the company' for the organization last spoken of.

        Apple raised its prices on Monday. "Our costs have risen a lot," the company said. -> Apple
        """
        phrase = said.phrase
        is_general = phrase.is_plural or phrase.text[:2].lower() in ("a ", "an", "on", "no")
        is_general |= phrase.is_proper and len(phrase.text.split()) > 2  # 'the Foreign Ministry' is a name
        if phrase.head not in word_set("organization_nouns") or is_general:
            return None
        spoke = self._past_speakers[-1].resolved if self._past_speakers else None
        unnamed = (spoke.name or "").lower() if spoke and spoke.entity_no is None else ""
        if unnamed == phrase.text.lower() or _TELLS_WHICH.match(self._narration, phrase.end):
            return None
        if self._is_introduced_nameless(phrase):
            return None  # 'a monitoring group said': 'the group'

        called = _LAST_WORDS_OF.get(phrase.head, frozenset())

        def has_head_in_name(number: int) -> bool:
            entity = self.entities[number]
            *first, last = entity.name.lower().split()
            if entity.kind == "place":
                return last == phrase.head and bool(first)  # 'the airport', of Hull Airport
            return entity.kind == "organization" and (phrase.head in (*first, last) or last in called)

        resolved = self._search_back(phrase.start, has_head_in_name)
        origins = self._mentions.origins(phrase.start, phrase.end)
        is_generic = phrase.head in word_set("general_organization_nouns")
        words = [word for word in role_words(phrase.text) if word != "think"]  # 'the think tank'
        if resolved.entity_no is None and is_generic and len(words) <= 2 + len(origins):
            fits = self._is_company if singular(phrase.head) in _COMPANIES else self._is_organization
            resolved = self._search_back_things(phrase.start, fits)
            if resolved.entity_no is None and self._topic is not None:
                return self._entity(self._topic, _FARTHEST_THING)
        return resolved if resolved.entity_no is not None else None

    def _service(self, said: _Reference) -> ResolvedSpeaker | None:
        """Take 'police' and 'prosecutors' for the service of that name, if the article speaks of no other.

        'Salem police' and 'local police' are others; of where somebody served before the article only tells.

        The Harlow Police Department closed the road. "It was wet," police said. -> Harlow Police Department
        """
        phrase = said.phrase
        word = singular(phrase.head)
        if word not in _SERVICES or phrase.kind != "nominal" or len(phrase.text.split()) > 2:
            return None
        found = [
            mention
            for mention in self._mentions.mentions
            if mention.kind == "organization" and word in self.entities[mention.entity_no].name.lower()
        ]
        named = {mention.entity_no for mention in found}
        is_known = any(mention.char_start < phrase.start and not self._is_past(mention) for mention in found)
        if len(named) != 1 or not is_known or self._has_other_service(word, named):
            return None
        return self._entity(named.pop(), _FARTHEST_THING)

    def _role(self, said: _Reference) -> ResolvedSpeaker | None:
        """Take a role for the person introduced in it; the latest of several.

        Ohio senator Ruth Adler met Tom Baker, the mayor of Oslo. "It was long," the senator said.
        -> Ruth Adler
        """
        phrase = said.phrase
        if not self._is_definite(phrase):
            return None
        words = role_words(phrase.text)
        words += self._mentions.origins(phrase.start, phrase.end)
        scores = self._role_scores(phrase, words)
        if not scores:
            return self._only_person_beside(phrase)
        scores = self._without_others(scores, phrase)
        if not scores:
            return None  # 'the deputy mayor' is not the mayor
        best = max(scores.values())
        behind_article = phrase.text.split()[1:]
        qualifiers = {word.lower() for word in behind_article if word[:1].isupper()}
        if len(behind_article) == 1:
            qualifiers = set()  # 'the Pope'
        if qualifiers and best <= 1 and not self._is_qualified(scores, qualifiers):
            return None  # 'the Harwick manager' is not Saltmere's
        resolved = self._search_back(phrase.start, lambda number: scores.get(number) == best)
        if resolved.entity_no is not None:
            if resolved.distance > _FARTHEST_ROLE and self._has_other_subject(phrase.start, scores):
                return None
            rivals = sum(score == best for score in scores.values()) - 1
            return replace(resolved, rivals=rivals)
        if best > 1 and list(scores.values()).count(best) == 1:  # introduced long before
            return self._entity(max(scores, key=lambda number: scores[number]), _FARTHEST)
        return None

    def _description(self, said: _Reference) -> ResolvedSpeaker | None:
        """Take a description that is no role, such as an age, for the person in focus.

        Ruth Adler scored with a bad knee. "It hurt," the 31-year-old said. -> Ruth Adler
        """
        phrase = said.phrase
        is_known = self._describes(phrase)
        if not is_known and not (phrase.head in _RUNNING and self._is_definite(phrase)):
            return None
        if _can_be_human(phrase) and self._is_introduced_nameless(phrase):
            return None
        fits = self._person(gender_of_noun(phrase.head))
        age = _AGE.search(phrase.text)
        if age is not None and (aged := self._by_age.get(age.group(1))):
            return self._entity(min(aged)) if len(aged) == 1 else None
        if age is not None:  # not who is of another age
            known = set().union(*self._by_age.values())
            is_person, fits = fits, lambda number: number not in known and is_person(number)
        later = self._role_index.introduced_as(f"head:{phrase.head}", len(self._narration))
        if is_known and len(later) == 1:
            return self._entity(min(later), _FARTHEST)
        resolved = self._search_back(phrase.start, fits, takes_nameless=True)
        if not is_known and not self._runs_alone(resolved, phrase):
            return None
        return resolved if resolved.name is not None else None

    def _runs_alone(self, resolved: ResolvedSpeaker, phrase: SpeakerPhrase) -> bool:
        """Whether the person in focus is the only one who can be 'the Republican candidate' here."""
        if resolved.entity_no is None or resolved.rivals or resolved.distance > 1:
            return False
        known = self._role_index.words_of(resolved.entity_no)
        return not _is_of_other_party(set(role_words(phrase.text)), known)

    @cached_property
    def _by_age(self) -> dict[str, set[int]]:
        """The persons whose age stands beside their names: 'Ann Kim, 43,', 'the 43-year-old, Ann Kim,'."""
        found: dict[str, set[int]] = {}
        for mention in self._mentions.mentions:
            if mention.kind != "person":
                continue
            before = self._narration[max(0, mention.char_start - _AGE_REACH) : mention.char_start]
            age = _AGE_BEHIND.match(self._narration, mention.char_end) or _AGE_BEFORE.search(before)
            if age is not None:
                found.setdefault(age.group(1), set()).add(mention.entity_no)
        return found

    def _as_introduced(self, said: _Reference) -> ResolvedSpeaker | None:
        """Take 'the source' for the source without a name that spoke before, by its fuller words.

        "It is old," a security source in Marsalin said. ¶ "It will sink," the source said.
        -> a security source in Marsalin
        """
        phrase = said.phrase
        if phrase.text[:4].lower() != "the " or phrase.is_plural or phrase.is_proper:
            return None
        for item in reversed(self._past_speakers):
            name = item.resolved.name or ""
            if item.is_nameless and item.head == phrase.head and len(name) > len(phrase.text):
                return ResolvedSpeaker(None, name, "")
        return None

    def _own_words(self, said: _Reference) -> ResolvedSpeaker | None:
        """Keep the words by which the text calls who is not named in it.

        "The ferry is old," a monitoring group said. -> a monitoring group
        """
        return ResolvedSpeaker(None, said.phrase.text, "")

    # --- Rules for a floating quotation, in the order of FLOATING_RULES ---

    def _announced(self, offset: int, is_own_paragraph: bool) -> ResolvedSpeaker | None:
        """Let the subject of the sentence before speak, if that announces the quotation.

        Tom Baker issued a statement on Monday. ¶ "We will sell it and buy a new one." -> Tom Baker
        """
        focus = self._focus_before(offset)
        last = self._last_speaker(offset)
        return self._announced_speaker(focus, last, is_own_paragraph) if focus is not None else None

    def _same_speaker(self, offset: int, is_own_paragraph: bool) -> ResolvedSpeaker | None:
        """Go on with the speaker before.

        "It is old," Ruth Adler said. She left the room at noon. ¶ "We will sell it and buy a new one."
        -> Ruth Adler
        """
        last = self._last_speaker(offset)
        if last is None or last.resolved.name is None:
            return None
        return replace(last.resolved, distance=0)

    def _announced_in_headline(self, offset: int, is_own_paragraph: bool) -> ResolvedSpeaker | None:
        """Let the person speak whose statement the headline announces, if nobody has spoken before.

        Ruth Adler today issued the following statement: ¶¶ "The ferry will sail again in the spring."
        -> Ruth Adler
        """
        return self._entity(self._announcer) if self._announcer is not None else None

    def _in_focus(self, offset: int, is_own_paragraph: bool) -> ResolvedSpeaker | None:
        """Let the last sentence's subject speak, if it is a person and nobody has spoken before.

        Ruth Adler looked at the hole in the ferry. ¶ "That will be a long week for us." -> Ruth Adler
        """
        resolved = self._search_back(offset, self._person(None), most=2)
        return resolved if resolved.entity_no is not None else None

    # --- What the rules look at ---

    def _is_past(self, service: Mention) -> bool:
        """Whether somebody only was of a service: 'former commander of the Oslo Police'."""
        before = self._narration[max(0, service.char_start - _LONGEST_OFFICE) : service.char_start]
        return _ONCE.search(before) is not None

    def _has_other_service(self, word: str, known: Set[int]) -> bool:
        """Whether the text speaks of 'Salem police', 'local police' or 'a Salem police officer'."""
        for found in re.finditer(rf"\b([\w.]+) {word}s?\b", self._narration, re.IGNORECASE):
            mention = self._mentions.at(found.start())
            is_other = mention is not None and mention.kind in ("place", "group")
            if is_other or (mention is None and found.group(1).lower() in _KINDS_OF_SERVICE):
                return True
            if mention is not None and mention.kind == "organization" and mention.entity_no not in known:
                return True
        return False

    def _asker(self, offset: int, pronoun: str) -> Set[int]:
        """Return who asked what is answered: Kim in 'Kim asked if she slept well. "No," she said'."""
        last = self._last_speaker(offset)
        if last is None or last.resolved.entity_no is None:
            return frozenset()
        asked = _ASKED_WHETHER.match(self._narration, last.end)
        is_asker = asked is not None and asked.group(1) == pronoun
        is_next = self._sentence_at(offset) - self._sentence_at(last.offset) <= 1
        return {last.resolved.entity_no} if is_asker and is_next else frozenset()

    def _who_asks_another(self, offset: int) -> Set[int]:
        """Return who asks another about what 'he' said: Kim in 'Kim asked Lee about an article he wrote'."""
        number = self._sentence_at(offset)
        focus = self._focuses[number] if number >= 0 else None
        if focus is None or not focus.subjects_at or offset > focus.end:
            return frozenset()
        at, asker = focus.subjects_at[0]
        asked = next(
            (other for other, number in focus.others_at if at < other < offset and number != asker), None
        )
        if asked is None:
            return frozenset()
        is_asked = _ASKED_OF.search(self._narration[at:asked]) is not None
        is_about = _ABOUT_OR_WHETHER.match(self._narration, asked, offset) is not None
        return {asker} if is_asked and is_about else frozenset()

    def _accuser(self, offset: int) -> Set[int]:
        """Return who accuses another in the sentence before: Kim in 'Kim accused Lee. He has denied it.'"""
        focus = self._focus_before(self._starts[max(0, self._sentence_at(offset))])
        if focus is None or not focus.subjects_at:
            return frozenset()
        at, accuser = focus.subjects_at[0]
        accused = _ACCUSED.search(self._narration, at, focus.end)
        later = (number for other, number in focus.others_at if accused is not None and other > accused.end())
        is_other = any(number != accuser and self._is_person(number) for number in later)
        return {accuser} if is_other else frozenset()

    def _announced_speaker(
        self, focus: SentenceFocus, last: _PastSpeaker | None, is_own_paragraph: bool
    ) -> ResolvedSpeaker | None:
        """Return the subject of the sentence before a floating quotation, if that sentence announces it."""
        actors = [(at, number) for at, number in focus.subjects_at if self._can_speak(number)]
        if last is not None and last.offset >= focus.start:
            # '… a knee that three surgeons have told him to spare': the quotation is his.
            is_plural_nominal = last.resolved.entity_no is None and last.is_plural
            if is_plural_nominal and not last.resolved.joint and actors and actors[0][0] < last.offset:
                return self._entity(actors[0][1])
            return None
        announces = focus.ends_with_colon or focus.has_speech
        if is_own_paragraph and not announces:
            return None
        if announces and focus.joint_subjects:
            return self._together(focus)
        if announces and _JOINTLY.search(self._narration, focus.start, focus.end):
            named = sorted((*focus.subjects_at, *focus.others_at))
            jointly = dict.fromkeys(number for _, number in named if self._is_person(number))
            if len(jointly) > 1:
                return joint_speakers([(number, self.entities[number].name) for number in jointly], "")
        if announces and _is_text_announced(focus):
            persons = {
                number for _, number in (*focus.subjects_at, *focus.others_at) if self._is_person(number)
            }
            return self._entity(persons.pop()) if len(persons) == 1 else None
        voice = focus.voice() if focus.voice is not None else None
        if voice is not None:
            meant = first_answer(PHRASE_RULES, self._without, self, _Reference(voice, ""))
            if meant is not None:
                return meant[1]
        if focus.nameless_subject is not None:
            number = self._only_role_holder(focus.nameless_subject)
            if number is not None:
                return self._entity(number)
            if announces and _can_announce(focus.nameless_subject):
                return ResolvedSpeaker(None, focus.nameless_subject.text, "")
        return self._entity(actors[0][1]) if actors else None

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

    def _demonym(
        self, demonym: Demonym, offset: int, spoken_of: Set[int] = frozenset()
    ) -> ResolvedSpeaker | None:
        """Find the person introduced as of a country or place, else the person in focus."""
        holders = self._inhabitants(demonym, offset)
        is_person = self._person(demonym.gender)
        resolved = self._search_back(offset, lambda number: number in holders and is_person(number))
        if resolved.entity_no is None and len(holders) == 1:
            resolved = self._entity(min(holders), _FARTHEST)
        if resolved.entity_no is None and demonym.is_singular:
            before = self._focuses[max(0, self._sentence_at(offset) - 1)]
            named = {number for _, number in (*before.subjects_at, *before.others_at)}
            homeless = [
                number for number in named - spoken_of if is_person(number) and not self._has_country(number)
            ]
            if len(homeless) > 1:
                return None  # 'Kim beat Lee. The Norwegian said': who?
            resolved = self._search_back(
                offset,
                lambda number: is_person(number) and not self._has_country(number),
                takes_nameless=True,
            )
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

    def _is_definite(self, phrase: SpeakerPhrase) -> bool:
        """Whether a phrase can point back to a person: 'the mayor', 'Ohio's senator', not 'a mayor'."""
        first = phrase.text.split()[0].lower()
        is_one = not phrase.is_plural and first not in (
            "a", "an", "one", "another", "some", "every", "no", "any", "yet",
        )  # fmt: skip
        is_office = phrase.text[:4].lower() == "the " and phrase.head in word_set(
            "names/titles"
        )  # 'the Minister'
        is_proper_name = phrase.is_proper and not is_office and not self._is_group_member(phrase)
        return is_one and not is_proper_name and not is_thing_noun(phrase.head)

    def _pair_before(self, offset: int, fits: Callable[[int], bool]) -> ResolvedSpeaker | None:
        """Return the only two fitting entities of the text so far."""
        found: dict[int, None] = {}
        for mention in self._mentions.between(0, offset):
            if fits(mention.entity_no):
                found.setdefault(mention.entity_no)
        if len(found) != 2:
            return None
        return joint_speakers([(number, self.entities[number].name) for number in found], "")

    def _names_a_group(self, focus: SentenceFocus) -> bool:
        """Whether a sentence has people in the plural, whom 'they' may mean: 'Kim and Lee met the miners'."""
        named = (*focus.subjects_at, *focus.others_at)
        after = max((at for at, number in named if number in focus.joint_subjects), default=focus.start)
        words = self._narration[after : focus.end].lower().split()
        plurals = (word.strip(".,;:") for word in words if word.rstrip(".,;:").endswith("s"))
        return any(word in word_set("group_nouns") or is_person_noun(singular(word)) for word in plurals)

    def _together(self, focus: SentenceFocus) -> ResolvedSpeaker:
        """Return the joint subjects of a sentence as one speaker."""
        return joint_speakers([(number, self.entities[number].name) for number in focus.joint_subjects], "")

    def _plural_pronoun(self, offset: int) -> ResolvedSpeaker:
        at = self._sentence_at(offset)
        for past in reversed(self._past_speakers[-6:]):
            if past.offset < offset and past.is_plural and past.resolved.name is not None:
                return self._people_since(past.offset, offset) or replace(past.resolved, distance=1)
        for index in range(at, max(-1, at - _FARTHEST), -1):
            focus = self._focuses[index]
            if focus.joint_subjects and index < at and not self._names_a_group(focus):
                return replace(self._together(focus), distance=at - index)
            if (
                focus.nameless_subject is not None
                and focus.nameless_subject.is_plural
                and focus.nameless_subject.start < offset
            ):
                return ResolvedSpeaker(None, focus.nameless_subject.text, "", at - index)
            for number in focus.subjects_before(offset):  # not those who are only addressed
                if self.entities[number].kind in ("organization", "group"):
                    return self._entity(number, at - index)
        return NOBODY

    def _people_since(self, spoke_at: int, offset: int) -> ResolvedSpeaker | None:
        """Return the people who are a sentence's subject after the last speakers: 'Tenants left. They said'.

        A subject in the plural that is no word for people ('the roads') leaves the last speakers.
        """
        spoke, at = self._sentence_at(spoke_at), self._sentence_at(offset)
        for index in range(at, spoke, -1):
            focus = self._focuses[index]
            actor = focus.nameless_subject
            if index < at and focus.joint_subjects and not self._names_a_group(focus):
                return replace(self._together(focus), distance=at - index)
            if actor is not None and actor.is_plural and actor.end < offset and _is_people(actor):
                return ResolvedSpeaker(None, actor.text, "", at - index)
            for number in focus.subjects_before(offset) if index < at and actor is None else ():
                if self.entities[number].kind == "group":
                    return self._entity(number, at - index)
        return None

    def _search_back(
        self,
        offset: int,
        fits: Callable[[int], bool],
        pronoun: str = "",
        takes_nameless: bool = False,
        most: int = _FARTHEST,
    ) -> ResolvedSpeaker:
        """Search back over the narrator's sentences for the last fitting speaker or subject.

        A person without a name who spoke or is spoken of meanwhile is taken too for a pronoun, or with
        `takes_nameless`.
        """
        at = self._sentence_at(offset)
        past = [item for item in self._past_speakers[-40:] if item.offset <= offset]
        fallback: ResolvedSpeaker | None = None
        gender = gender_of_pronoun(pronoun)
        for distance, index in enumerate(range(at, max(-1, at - most), -1)):
            focus = self._focuses[index]
            is_same = bool(pronoun) and focus.pronoun_at is not None and focus.pronoun_at[1] == pronoun
            while past and past[-1].offset >= focus.start:
                item = past.pop()
                number = item.resolved.entity_no
                if number is not None and fits(number):
                    return self._entity(number, distance, self._rivals(index, offset, fits, number))
                # 'She spoke so softly that the judge asked her …': about her.
                is_aside = bool(distance) and is_same
                # 'Her lawyer told her it was late. "I know," she said': about her, too.
                is_owned = (item.resolved.name or "").lower().startswith(_OWNED_BY.get(pronoun, "\n"))
                can_be_nameless = bool(pronoun or takes_nameless) and not is_aside and not is_owned
                if number is None and can_be_nameless and item.can_be_person_of(gender):
                    main = _main_subject(focus) if distance else None
                    if main is not None and fits(main):
                        return self._entity(main, distance, self._rivals(index, offset, fits, main))
                    return ResolvedSpeaker(None, item.resolved.name, "", distance)
            if distance and is_same:
                first = focus.subjects_before(focus.pronoun_at[0] if focus.pronoun_at else 0)
                if first and fits(first[0]):  # 'Kim is a baker; she starts at three.'
                    return self._entity(first[0], distance, self._rivals(index, offset, fits, first[0]))
                continue  # the sentence is about the same person, so its names are others
            subjects = focus.subjects_before(offset)
            actor = focus.nameless_subject if pronoun else None
            if actor is not None and actor.text.lower().startswith(_OWNED_BY.get(pronoun, "\n")):
                actor = None
            if pronoun and not distance and self._is_inserted(offset):
                subjects = []  # 'The chairman, she said, was late': she is somebody else
            elif actor is not None and actor.start < offset and not actor.is_plural:
                meant = self._whom_subject_means(actor, subjects, gender, fits)
                if meant is not None:
                    return replace(meant, distance=distance)
            if pronoun and distance and subjects and self._is_either(focus, subjects[0], gender, fits):
                return NOBODY
            for number in subjects:
                if fits(number):
                    return self._entity(number, distance, self._rivals(index, offset, fits, number))
            if fallback is None:
                others = [number for number in dict.fromkeys(focus.others_before(offset)) if fits(number)]
                if others:
                    fallback = self._entity(others[0], distance, len(others) - 1)
                    is_clear = len(others) == 1 and self._genders[others[0]] == gender
                    if gender is not None and is_clear and self._is_same_paragraph(focus.start, offset):
                        return fallback
                    # 'I met Kim in Oslo. She told me': the writer is not who is spoken of.
                    if pronoun and len(others) == 1 and _FIRST_PERSON.match(self._narration, focus.start):
                        return fallback
            elif distance > fallback.distance + 2:
                return fallback
        return fallback if fallback is not None else NOBODY

    def _is_either(
        self, focus: SentenceFocus, subject: int, gender: str | None, fits: Callable[[int], bool]
    ) -> bool:
        """Whether 'she' can be either of 'Ann Kim and Jane Lee', of whom the sentence before speaks."""
        both = [number for number in focus.joint_subjects if fits(number)]
        known = [number for number in both if self._genders[number] == gender]
        return subject in both and len(both) > 1 and len(known) != 1

    def _is_inserted(self, offset: int) -> bool:
        """Whether a pronoun is set into a clause, right behind its subject: 'Kim, she said, was late'."""
        focus = self._focuses[self._sentence_at(offset)]
        before = self._narration[focus.start : offset].rstrip()
        actor = focus.nameless_subject
        ends = [] if actor is None else [actor.end]
        ends += [mention.char_end for mention in self._mentions.between(focus.start, offset)]
        goes_on = _SAID_INSIDE.match(self._narration, offset) is not None
        return goes_on and before.endswith(",") and focus.start + len(before) - 1 in ends

    def _only_person_beside(self, phrase: SpeakerPhrase) -> ResolvedSpeaker | None:
        """Take 'the Oslo coach' for the only person of the text so far, named beside Oslo."""
        numbers = {mention.entity_no for mention in self._mentions.between(phrase.start, phrase.end)}
        before = self._mentions.between(0, phrase.start)
        persons = {mention.entity_no for mention in before if self._is_person(mention.entity_no)}
        if not numbers or len(persons) != 1 or not is_person_noun(phrase.head):
            return None
        (person,) = persons
        for focus in self._focuses:
            named = {*focus.subjects_before(phrase.start), *focus.others_before(phrase.start)}
            if person in named and numbers & named:
                return self._entity(person, _FARTHEST)
        return None

    def _is_qualified(self, holders: Mapping[int, int], qualifiers: Set[str]) -> bool:
        """Whether a role holder has a qualifier or its abbreviation: 'Oregon' or 'Ore.'."""
        known = {word[:_SHORTEST_WORD] for number in holders for word in self._role_index.words_of(number)}
        return any(word[:_SHORTEST_WORD] in known for word in qualifiers)

    def _has_other_subject(self, offset: int, holders: Mapping[int, int]) -> bool:
        """Whether the paragraph is about another person, of whom no role is known."""
        at = self._sentence_at(offset)
        return any(
            self.entities[number].kind == "person"
            and number not in holders
            and not self._role_index.words_of(number)
            for focus in self._focuses[max(0, at - 2) : at + 1]
            if self._is_same_paragraph(focus.start, offset)
            for number in focus.subjects_before(offset)
        )

    def _whom_subject_means(
        self,
        actor: SpeakerPhrase,
        subjects: Sequence[int],
        gender: str | None,
        fits: Callable[[int], bool],
    ) -> ResolvedSpeaker | None:
        """Return whom a main clause's subject without a name means, for the pronoun after it."""
        holder = self._only_role_holder(actor)
        if holder is not None:
            return self._entity(holder) if fits(holder) else None
        role = self._role(_Reference(actor, ""))
        if role is not None and role.entity_no is not None and fits(role.entity_no):
            return role
        if not self._is_person_of(actor, gender):
            return None
        # 'Though Kim was late, the front-runner spoke': the same person.
        before = [number for number in subjects if fits(number)]
        if before and (actor.is_proper or actor.text[:4].lower() == "the "):
            return self._entity(before[0])
        if self._describes(actor):
            meant = self._search_back(actor.start, fits, most=_FARTHEST_DESCRIBED)
            if meant.entity_no is not None:
                return meant
        called = self._only_person_called(actor.text) if actor.is_proper else None
        return called or ResolvedSpeaker(None, actor.text, "")

    def _holder_of_both(self, phrase: SpeakerPhrase) -> ResolvedSpeaker | None:
        """Return the one person of two descriptions: 'the Ohio senator and former candidate'."""
        (first, number), (second, other), *more = phrase.joint
        head = second.split()[-1].lower()
        is_one = first[:4].lower() == "the " and second.split()[0].lower() not in (
            "the",
            "a",
            "an",
            "his",
            "her",
        )
        if more or number is not None or other is not None or not is_one:
            return None
        is_past = second.split()[0].lower() in PAST
        if not is_past and head not in _RUNNING and head not in word_set("descriptors"):
            return None
        start, words = phrase.start, first.split()
        part = replace(
            phrase, text=first, head=words[-1].lower(), end=start + len(first), joint=(), is_plural=False
        )
        found = self._role(_Reference(part, "")) or self._description(_Reference(part, ""))
        if found is not None and found.entity_no is not None:
            return found
        return ResolvedSpeaker(None, phrase.text, "") if is_past else None

    def _joint_part(self, words: str, number: int | None, phrase: SpeakerPhrase) -> tuple[int | None, str]:
        """Return entity and name of one of several speakers; 'he' in 'he and Kim' is somebody else.

        So is 'Baker' in 'Baker and his wife Ruth', and no woman.
        """
        gender = gender_of_pronoun(words.lower())
        others = {other for part, other in phrase.joint if part != words}
        namesakes = self._by_last_name.get(words.lower(), [])
        if number in namesakes:
            owner = next((g for part, _ in phrase.joint if (g := _owner(part)) is not None), None)
            is_owner = self._person(owner)
            possible = [n for n in namesakes if n not in others and is_owner(n)]
            if number not in possible:
                number = possible[0] if len(possible) == 1 else None
        if gender is not None:
            is_person = self._person(gender)
            number = self._search_back(
                phrase.start, lambda found: found not in others and is_person(found), words.lower()
            ).entity_no
        return number, self.entities[number].name if number is not None else words

    def _only_person_called(self, words: str) -> ResolvedSpeaker | None:
        """Return the only person of a last name, or of a first name that stands alone."""
        last = words.split()[-1].lower()
        matches = self._by_last_name.get(last, [])
        if not matches and " " not in words.strip():
            matches = self._by_first_name.get(last, [])
        return self._entity(matches[0]) if len(matches) == 1 else None

    def _describes(self, phrase: SpeakerPhrase) -> bool:
        """Whether a phrase describes somebody known, rather than naming a part in the story."""
        is_descriptor = phrase.head in word_set("descriptors") and phrase.text[:4].lower() == "the "
        return self._is_definite(phrase) and (
            is_descriptor or _DESCRIPTION.fullmatch(phrase.text) is not None
        )

    def _person_after(self, offset: int, fits: Callable[[int], bool]) -> ResolvedSpeaker:
        """Return the subject that follows a pronoun in its sentence: 'After he spoke, Tom Baker left.'"""
        at = self._sentence_at(offset)
        later = (
            [number for start, number in self._focuses[at].subjects_at if start > offset] if at >= 0 else []
        )
        return self._entity(later[0]) if later and fits(later[0]) else NOBODY

    def _is_same_paragraph(self, start: int, end: int) -> bool:
        return "\n" not in self._narration[start:end]

    def _is_person_of(self, actor: SpeakerPhrase, gender: str | None) -> bool:
        """Whether a subject is a person without a known name who can have a gender: 'the coroner'."""
        is_person = is_person_noun(actor.head) or (actor.is_proper and not is_thing_noun(actor.head))
        return is_person and gender_of_noun(actor.head) in (None, gender)

    def _rivals(self, index: int, offset: int, fits: Callable[[int], bool], chosen: int) -> int:
        """Count the others in a sentence and the one before who would fit too."""
        found = {
            number
            for focus in self._focuses[max(0, index - 1) : index + 1]
            for number in (*focus.subjects_before(offset), *focus.others_before(offset))
            if number != chosen and fits(number)
        }
        return len(found)

    def _search_back_things(
        self, offset: int, fits: Callable[[int], bool], any_words: bool = False
    ) -> ResolvedSpeaker:
        """Search back over the last sentences for an organization that spoke or acted.

        With `any_words`, one that is only called 'the ministry' or 'a report' is taken too.
        """
        at = self._sentence_at(offset)
        past = [item for item in self._past_speakers[-20:] if item.offset <= offset]
        for distance, index in enumerate(range(at, max(-1, at - _FARTHEST_THING), -1)):
            focus = self._focuses[index]
            while past and past[-1].offset >= focus.start:
                resolved = past.pop().resolved
                if resolved.entity_no is not None and fits(resolved.entity_no):
                    return self._entity(resolved.entity_no, distance)
                if resolved.entity_no is None and resolved.name is not None and any_words:
                    head = role_words(resolved.name)[-1:] or [""]
                    if is_thing_noun(head[0]):
                        return ResolvedSpeaker(None, resolved.name, "", distance)
            actor = focus.nameless_subject
            is_one = any_words and actor is not None and actor.start < offset and not actor.is_plural
            if is_one and actor is not None and is_source_noun(actor.head):
                return ResolvedSpeaker(None, actor.text, "", distance)
            for number in focus.subjects_before(offset):
                if fits(number):
                    return self._entity(number, distance)
        named = {
            number
            for focus in self._focuses[max(0, at - _FARTHEST_THING + 1) : at + 1]
            for number in focus.others_before(offset)
            if fits(number) and self.entities[number].kind == "organization"
        }
        return self._entity(named.pop(), _FARTHEST_THING) if len(named) == 1 else NOBODY

    def _person(self, gender: str | None) -> Callable[[int], bool]:
        """Return a test for persons of a compatible gender."""

        def fits(number: int) -> bool:
            known = self._genders[number]
            return self._is_person(number) and (gender is None or known is None or known == gender)

        return fits

    def _is_person(self, number: int) -> bool:
        return self.entities[number].kind == "person"

    def _can_speak(self, number: int) -> bool:
        return self.entities[number].kind in ("person", "organization", "other")

    def _is_organization_or_place(self, number: int) -> bool:
        entity = self.entities[number]
        return entity.kind in ("organization", "place") and entity.name.lower() != self._agency

    def _is_organization(self, number: int) -> bool:
        return self._is_organization_or_place(number) and self.entities[number].kind == "organization"

    def _is_company(self, number: int) -> bool:
        """Whether an organization can be 'the company': no union, ministry or party by its last word."""
        last = self.entities[number].name.lower().split()[-1:]
        return self._is_organization(number) and word_set("no_company_last_words").isdisjoint(last)

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

    def _namesake_in_office(self, phrase: SpeakerPhrase) -> int | None:
        """Return who of several with one last name has the office before it: 'Mayor Adler', not Tom Adler."""
        *titles, last = phrase.text.lower().split()
        namesakes = self._by_last_name.get(last, [])
        if len(titles) != 1 or len(namesakes) < 2:
            return None
        holders = set(self._office_holders(titles[0], phrase.start)).intersection(namesakes)
        return holders.pop() if len(holders) == 1 else None

    def _role_scores(self, phrase: SpeakerPhrase, words: Sequence[str]) -> dict[int, int]:
        """Count, for each person who has the phrase's role, how many of these role words are theirs."""
        holders = self._office_holders(phrase.head, phrase.start)
        telling = set(words) - _ARTICLES
        return {number: len(self._role_index.words_of(number) & telling) for number in holders}

    def _without_others(self, scores: dict[int, int], phrase: SpeakerPhrase) -> dict[int, int]:
        """Leave out the holders of a role whom its modifiers set apart: 'the former minister'."""
        wanted = {part for word in role_words(phrase.text) for part in word.split("-")}
        fields = wanted & word_set("office_fields")
        standing_in = {f"{mark}:{phrase.head}" for mark in STANDING_IN - wanted}
        past = {f"{mark}:{phrase.head}" for mark in PAST - wanted}
        above = {f"{mark}:{phrase.head}" for mark in ABOVE - wanted}
        fitting = {}
        for number, score in scores.items():
            words = self._role_index.words_of(number)
            known = {part for word in words for part in word.split("-")}
            others_fields = known & word_set("office_fields")
            is_other_field = bool(fields and others_fields) and not fields & others_fields
            # 'The chief executive' may be who was introduced as the boss.
            modifiers = _SETTING_APART | ABOVE if f"head:{phrase.head}" in words else _SETTING_APART
            is_other = is_other_field or bool(wanted & modifiers - known) or _is_of_other_party(wanted, known)
            if not is_other and not words & standing_in:
                fitting[number] = score
        for marks in (past, above):
            nearer = {number for number in fitting if not self._role_index.words_of(number) & marks}
            fitting = {number: fitting[number] for number in nearer or fitting}
        return fitting

    def _office_holders(self, head: str, offset: int) -> list[int]:
        """List the persons introduced with a role word, or with an office it is a synonym of."""
        found = self._role_index.introduced_as(f"head:{head}", offset)
        if head == "elect":  # 'the mayor-elect'
            found = self._role_index.introduced_as("winner", offset)
        for office in role_synonyms().get(head, ()):
            found |= set.intersection(*(self._role_index.introduced_as(word, offset) for word in office))
        return sorted(found)

    def _entity(self, number: int, distance: int = 0, rivals: int = 0) -> ResolvedSpeaker:
        return ResolvedSpeaker(number, self.entities[number].name, "", distance, rivals)

    def _sentence_at(self, offset: int) -> int:
        """Return the number of the narrator's sentence at an offset, or the last before it; -1 if none is."""
        return bisect_right(self._starts, offset) - 1

    def _focus_before(self, offset: int) -> SentenceFocus | None:
        at = self._sentence_at(offset - 1)
        return self._focuses[at] if at >= 0 else None

    def _last_speaker(self, offset: int) -> _PastSpeaker | None:
        return next((item for item in reversed(self._past_speakers) if item.offset < offset), None)


PhraseRule = Callable[[Resolver, _Reference], ResolvedSpeaker | None]
FloatingRule = Callable[[Resolver, int, bool], ResolvedSpeaker | None]
PHRASE_RULES: tuple[tuple[str, PhraseRule], ...] = (
    ("introduced", Resolver._introduced),
    ("joint", Resolver._joint),
    ("family", Resolver._family),
    ("both", Resolver._both),
    ("nationality", Resolver._nationality),
    ("name", Resolver._name),
    ("part-of-name", Resolver._part_of_name),
    ("reply", Resolver._reply),
    ("he-or-she", Resolver._he_or_she),
    ("it", Resolver._it),
    ("they", Resolver._they),
    ("other-pronoun", Resolver._other_pronoun),
    ("organization", Resolver._organization),
    ("service", Resolver._service),
    ("role", Resolver._role),
    ("description", Resolver._description),
    ("as-introduced", Resolver._as_introduced),
    ("own-words", Resolver._own_words),
)
FLOATING_RULES: tuple[tuple[str, FloatingRule], ...] = (
    ("announced", Resolver._announced),
    ("same-speaker", Resolver._same_speaker),
    ("announced-in-headline", Resolver._announced_in_headline),
    ("in-focus", Resolver._in_focus),
)


def gender_of_pronoun(word: str) -> str | None:
    """Return the gender of 'he' and 'she' in any case; None for other words."""
    return "female" if word in _FEMALE else "male" if word in _MALE else None


def _owner(words: str) -> str | None:
    """Return the gender of whom 'his wife' or 'her brother' belongs to."""
    first, _, rest = words.lower().partition(" ")
    return gender_of_pronoun(first) if rest else None


def _is_of_other_party(wanted: Set[str], known: Set[str]) -> bool:
    """Whether a phrase names a party, and a person is known to be of another one."""
    parties = [party for party in _PARTIES if wanted & party]
    return bool(parties) and not known & parties[0] and any(known & party for party in _PARTIES)


def _can_be_human(phrase: SpeakerPhrase) -> bool:
    """Whether a nominal can be one person rather than an organization, a text or a sign."""
    has_digit = any(char.isdigit() for char in phrase.text)
    is_phrase = phrase.kind == "nominal" and not phrase.is_plural
    return is_phrase and not has_digit and not is_thing_noun(phrase.head)


def _is_text_announced(focus: SentenceFocus) -> bool:
    """Whether a sentence is about a text: 'The following is Kim's letter:', "Kim's statement in full:"."""
    if focus.nameless_subject is not None:
        return focus.nameless_subject.head in _ANNOUNCED
    return focus.has_speech and focus.ends_with_colon and not focus.subjects_at


def _main_subject(focus: SentenceFocus) -> int | None:
    """Return the main clause's subject if it has a name: Kim in 'When a reporter asked, Kim smiled.'"""
    is_named = focus.subjects_at and focus.nameless_subject is None and focus.pronoun_at is None
    return focus.subjects_at[0][1] if is_named else None


def _is_people(actor: SpeakerPhrase) -> bool:
    """Whether a noun phrase in the plural is a word for people: 'tenant advocates', 'police'."""
    noun = singular(actor.head)
    return actor.head in word_set("group_nouns") or (noun != actor.head and is_person_noun(noun))


def _can_announce(actor: SpeakerPhrase) -> bool:
    """Whether a nominal can be the next speaker: people, not their texts."""
    is_thing = not word_set("non_person_nouns").isdisjoint((actor.head, singular(actor.head)))
    return (actor.is_plural and not is_thing) or _can_be_human(actor)
