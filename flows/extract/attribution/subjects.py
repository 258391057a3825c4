"""Subjects of verbs of speech, also where the parser has lost them."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

from ontherecord.flows.extract.attribution.speaker_phrases import MentionIndex, SpeakerPhrase, speaker_phrase
from ontherecord.flows.extract.text.cues import Speech, speech_of
from ontherecord.flows.extract.text.grammar import (
    above,
    agent_of,
    is_passive,
    owner_of,
    subject_of,
    verbs_around,
)
from ontherecord.flows.extract.text.narration import Narration
from ontherecord.flows.extract.word_lists import word_set

NAMING_TAGS = ("NN", "NNS", "NNP", "NNPS", "PRP", "DT", "CD")
# Tokens from a verb or a quotation that can have to do with it, in sentences without end.
WINDOW = 80
_AGE_TOKENS = 5  # '34', 'year', 'old' and two hyphens
_PRONOUNS = ("he", "she")


class Subjects:
    """Finds who speaks with the verbs of one paragraph."""

    def __init__(self, narration: Narration, mentions: MentionIndex, body: str) -> None:
        self._narration = narration
        self._mentions = mentions
        self._body = body

    def of(self, verb: Token) -> SpeakerPhrase | None:
        """Find who speaks with a verb."""
        if verb.is_space:
            return None  # a tagger may take white space for any word
        if is_passive(verb):
            agent = agent_of(verb)
            return self.source(agent) if agent is not None else None
        subject = _aged(verb) or subject_of(verb)
        if verb.tag_ == "VBG" and not any(child.dep_ == "nsubj" for child in verb.children):
            subject = self._of_participle(verb) or subject
        if subject is not None and any(child.lower_ == "who" for child in verb.lefts):
            subject = self._who(subject)
        if subject is not None and self._is_stray_place(subject):
            return self._person_after(subject) or self._by_order(verb) or self.source(subject)
        if subject is not None and self._is_narrated(subject) and subject.lower_ != "there":
            return self.source(subject)
        later = [child for child in verb.rights if child.dep_ in ("nsubj", "dobj", "attr")]
        if later and verb.i > 0 and verb.nbor(-1).tag_ in (",", "''"):
            return self.source(later[0])
        return self._by_order(verb)

    def beside(self, verb: Token, after: Sequence[Token]) -> SpeakerPhrase | None:
        """Find the subject of a verb among the words that follow a quotation, left of it or inverted."""
        if verb.is_space:
            return None
        subject = _aged(verb) or subject_of(verb)
        if subject is not None and subject.i >= after[0].i and self._is_narrated(subject):
            return self.named(subject)
        at = verb.i - after[0].i
        if at <= 1:
            for token in after[at + 1 :]:
                is_inner = token.dep_ in ("compound", "det", "amod", "poss", "nummod")
                is_misread = token.text[:1].isupper() and token.tag_ in ("RB", "JJ", "UH", "VB", "VBP", "FW")
                if (token.tag_ in NAMING_TAGS and not is_inner) or is_misread:
                    return self.named(token)
                if token.tag_ in (",", "IN", "TO", ".", ":"):
                    break
        if subject is not None and self._is_narrated(subject):
            return self.named(subject)
        return self._by_order(verb)

    def source(self, head: Token) -> SpeakerPhrase | None:
        """Describe a subject; of a noun of speech ('a statement saying'), its owner; of a sign, nobody."""
        word = singular(head.lower_)
        if word in word_set("sign_nouns"):
            return None
        owner = owner_of(head) if word in word_set("speech_nouns") else None
        return self.named(owner if owner is not None else head)

    def named(self, head: Token) -> SpeakerPhrase | None:
        """Describe a noun phrase as it stands."""
        return speaker_phrase(self._narration, head, self._mentions, self._body)

    def is_person(self, token: Token) -> bool:
        """Whether a token is in a person's name."""
        mention = self._mentions.at(self._narration.start_of(token))
        return mention is not None and mention.kind == "person"

    def is_acting_person(self, token: Token) -> bool:
        """Whether a token is a person's name or stands for one."""
        return token.lower_ in _PRONOUNS or self.is_person(token)

    def _is_narrated(self, token: Token) -> bool:
        return not self._narration.is_placeholder(token.i)

    def _is_stray_place(self, subject: Token) -> bool:
        """Whether a subject is the end of 'In Salem, Ohio, …', which a parser took for who acts."""
        mention = self._mentions.at(self._narration.start_of(subject))
        if mention is None or mention.kind != "place":
            return False
        first, _ = self._narration.tokens_between(mention.char_start, mention.char_end)
        return first > subject.sent.start and subject.doc[first - 1].tag_ in (",", "IN")

    def _who(self, antecedent: Token) -> Token:
        """Step from a house to the person 'who' means: 'Kim, a scholar at the Blue House who says …'."""
        mention = self._mentions.at(self._narration.start_of(antecedent))
        if mention is None or mention.kind == "person":
            return antecedent
        return next((token for token in above(antecedent) if self.is_person(token)), antecedent)

    def _person_after(self, place: Token) -> SpeakerPhrase | None:
        for token in place.doc[place.i + 1 : place.sent.end]:
            if self.is_acting_person(token):
                return self.source(token)
            if token.tag_ not in (",", "-LRB-", "-RRB-", "NNP", "DT", "JJ", "NN"):
                break
        return None

    def _of_participle(self, verb: Token) -> Token | None:
        """Find who does 'adding' or 'saying': who speaks around it, else a name or pronoun that acts.

        Parsers hang such participles on the nearest clause, which is often the reported one.
        """
        if verb.i == 0 or verb.nbor(-1).text != ",":
            return None
        around = verbs_around(verb)
        for other in around:
            if speech_of(other) & Speech.STATEMENT and other.tag_ != "VBG" and not is_passive(other):
                return subject_of(other)
        for other in (verb, *around):
            subject = subject_of(other)
            if subject is not None and (
                subject.tag_ == "PRP" or self._mentions.at(self._narration.start_of(subject)) is not None
            ):
                return subject
        return None

    def _by_order(self, verb: Token) -> SpeakerPhrase | None:
        """Take a person named before a verb whose subject the parser has lost.

        After a quotation that is the first one, else the last.
        """
        if verb.tag_ not in ("VBD", "VBZ", "NNS", "VBN"):
            return None
        sentence = verb.sent
        follows_quote = self._narration.has_stand_in(sentence.start, verb.i)
        found = None
        for token in reversed(verb.doc[max(sentence.start, verb.i - WINDOW) : verb.i]):
            if not self._is_narrated(token):
                break
            if self._narration.is_fragment(token.i) or token.nbor(1).tag_ == "POS":
                continue
            if self.is_acting_person(token):
                found = token
                if not follows_quote:
                    break
        return self.source(found) if found is not None else None


def _aged(verb: Token) -> Token | None:
    """Find 'the 34-year-old' right before a verb: parsers often see no noun, so no subject, in it."""
    if verb.i < _AGE_TOKENS:
        return None
    old = verb.nbor(-1)
    return old if old.lower_ == "old" and old.nbor(-1).text == "-" and old.nbor(-2).lower_ == "year" else None


def singular(noun: str) -> str:
    """Return a noun without a plural s, as the word lists have it."""
    return noun if noun in word_set("speech_nouns") or not noun.endswith("s") else noun[:-1]
