"""Subjects of verbs of speech, also where the parser has missed them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from spacy.tokens import Token

from ontherecord.flows.extract.attribution.speaker_phrases import (
    MentionIndex,
    SpeakerPhrase,
    is_excluded,
    read_speaker_phrase,
)
from ontherecord.flows.extract.text.cues import Speech, base_form, speech_of
from ontherecord.flows.extract.text.grammar import (
    agent_of,
    ancestors,
    enclosing_verbs,
    is_passive,
    object_of,
    speech_owner,
    subject_of,
    verb_gone_on_from,
)
from ontherecord.flows.extract.text.narration import Narration
from ontherecord.flows.extract.word_lists import word_set

NOMINAL_TAGS = ("NN", "NNS", "NNP", "NNPS", "PRP", "DT", "CD")
# Tokens to look at on either side of a verb or a quotation, however long the sentence.
WINDOW = 80
_AGE_TOKENS = 5  # '34', 'year', 'old' and two hyphens
_LONGEST_BARE_NAME = 4
# Who follows these verbs hears: '"…," Kim told the court', never 'told the court, "…"'.
_TOLD = ("tell", "inform", "remind", "assure")
_PRONOUNS = ("he", "she")
# Auxiliaries of reported speech.
BACKSHIFTED = frozenset(("would", "could", "might", "had"))


class Subjects:
    """Finds the speakers of the verbs of one paragraph."""

    def __init__(self, narration: Narration, mentions: MentionIndex, body: str) -> None:
        self._narration = narration
        self._mentions = mentions
        self._body = body

    def speaker_of(self, verb: Token) -> SpeakerPhrase | None:
        """Find the speaker of a verb."""
        if verb.is_space:
            return None  # a tagger may tag white space as a verb
        if is_passive(verb):
            agent = agent_of(verb) or self._agent_behind(verb)
            return self.from_subject(agent) if agent is not None else None
        is_aside = verb.tag_ == "VBD" and verb.i > verb.sent.start and verb.nbor(-1).text == ","
        if is_aside and (agent := self._agent_behind(verb)) is not None:
            return self.from_subject(agent)
        outer = verb_gone_on_from(verb)
        subject = _age_phrase(verb) or subject_of(outer if outer is not None else verb)
        if verb.tag_ == "VBG" and not any(child.dep_ == "nsubj" for child in verb.children):
            subject = self._participle_subject(verb) or subject
        if subject is not None and (whole := _those_of_whom(subject)) is not None:
            subject = whole
        if subject is not None and any(child.lower_ == "who" for child in verb.lefts):
            subject = _cleft(verb) or self._person_antecedent(subject)
            if verb.tag_ == "VBP" and subject.dep_ == "conj" and self.is_person(subject.head):
                subject = subject.head  # 'Ann Kim and Bob Lee, who say': both do
        if subject is not None:
            subject = self._named_behind(subject, verb)
        if subject is not None and self._is_place_adverbial(subject):
            return self._person_after(subject) or self._nearest_person(verb) or self.from_subject(subject)
        if subject is not None and self._is_narration(subject) and subject.lower_ != "there":
            return self.from_subject(subject)
        later = [child for child in verb.rights if child.dep_ in ("nsubj", "dobj", "attr")]
        is_inverted = bool(later) and verb.i > 0 and verb.nbor(-1).tag_ in (",", "''")
        if is_inverted and later[0].lower_ != "it":  # 'Kim, who runs the port, puts it bluntly'
            return self.from_subject(later[0])
        return self._name_right_before(verb) or self._nearest_person(verb)

    def speaker_beside(self, verb: Token, after: Sequence[Token]) -> SpeakerPhrase | None:
        """Find the speaker of a verb after a quotation, before the verb or inverted ('said the mayor')."""
        if verb.is_space:
            return None
        subject = _age_phrase(verb) or subject_of(verb)
        if subject is not None and subject.i >= after[0].i and self._is_narration(subject):
            return self.phrase_of(_author_of(subject))
        at = verb.i - after[0].i
        if 1 <= at <= _LONGEST_BARE_NAME and all(token.is_alpha and token.is_title for token in after[:at]):
            return self.phrase_of(after[at - 1])  # taggers take 'Skelly told' for an adverb
        if at <= 1 and base_form(verb.text) not in _TOLD:
            for token in after[at + 1 :]:
                is_inner = token.dep_ in ("compound", "det", "amod", "poss", "nummod")
                is_misread = self.is_person(token) or (
                    token.text[:1].isupper() and token.tag_ in ("RB", "JJ", "UH", "VB", "VBP", "FW")
                )
                if (token.tag_ in NOMINAL_TAGS and not is_inner) or is_misread:
                    return self.phrase_of(_author_of(token))
                if token.tag_ in (",", "IN", "TO", ".", ":"):
                    break
        if subject is not None and self._is_narration(subject):
            return self.phrase_of(subject)
        return self._nearest_person(verb)

    def from_subject(self, head: Token) -> SpeakerPhrase | None:
        """Describe a subject; for a noun of speech ('a statement saying') its owner, for a sign nobody."""
        word = singular(head.lower_)
        if word in word_set("sign_nouns"):
            return None
        # By itself 'text' is no noun of speech: 'the text of the bill'.
        is_speech = word in word_set("speech_nouns") or word == "text"
        owner = speech_owner(head) if is_speech else None
        return self.phrase_of(owner if owner is not None else head)

    def phrase_of(self, head: Token) -> SpeakerPhrase | None:
        """Describe a noun phrase; None for a thing that cannot speak, and for words in quotation marks."""
        if self._narration.is_fragment(head.i) or self._is_mute(head) or _is_verb(head):
            return None
        return read_speaker_phrase(self._narration, head, self._mentions, self._body)

    def is_speaker(self, phrase: SpeakerPhrase) -> bool:
        """Whether a phrase names a person, a body or a pronoun for one, rather than a thing."""
        if phrase.entity_no is not None or phrase.kind == "pronoun" or phrase.is_proper:
            return phrase.head not in ("it", "that", "this", "which")
        lists = (
            "unnamed_people",
            "organization_nouns",
            "document_nouns",
            "group_nouns",
            "names/titles",
            "names/kinship_nouns",
        )
        nouns = (phrase.head, singular(phrase.head))
        return any(noun in word_set(name) for noun in nouns for name in lists)

    def can_find(self, phrase: SpeakerPhrase) -> bool:
        """Whether what a phrase 'found' or 'showed' is a statement: of a study, a court, a laboratory."""
        nouns = (phrase.head, singular(phrase.head))
        lists = ("document_nouns", "organization_nouns", "finders")
        mention = self._mentions.at(phrase.start) or self._mentions.at(phrase.end - 1)
        is_organization = mention is not None and mention.kind == "organization" and phrase.kind == "name"
        return is_organization or any(noun in word_set(name) for noun in nouns for name in lists)

    def _is_mute(self, head: Token) -> bool:
        """Whether a noun is a word for what cannot speak, 'election' or 'Monday', and no name."""
        if self._mentions.at(self._narration.start_of(head)) is not None:
            return False
        is_common = head.tag_ in ("NN", "NNS") and is_abstract_noun(singular(head.lower_))
        return is_common or head.lower_ in word_set("days")

    def is_person(self, token: Token) -> bool:
        """Whether a token is in a person's name."""
        mention = self._mentions.at(self._narration.start_of(token))
        return mention is not None and mention.kind == "person"

    def is_person_or_pronoun(self, token: Token) -> bool:
        """Whether a token is in a person's name, or 'he' or 'she'."""
        return token.lower_ in _PRONOUNS or self.is_person(token)

    def _is_narration(self, token: Token) -> bool:
        return not self._narration.is_placeholder(token.i)

    def _is_place_adverbial(self, subject: Token) -> bool:
        """Whether a subject is the place in 'In Salem, Ohio, …', which parsers mistake for the subject."""
        mention = self._mentions.at(self._narration.start_of(subject))
        if mention is None or mention.kind != "place":
            return False
        first, _ = self._narration.tokens_between(mention.char_start, mention.char_end)
        return first > subject.sent.start and subject.doc[first - 1].tag_ in (",", "IN")

    def _person_antecedent(self, antecedent: Token) -> Token:
        """Step from an institution to the person: 'Kim, a scholar at the Blue House who says …'."""
        if antecedent.dep_ == "appos" and is_excluded(antecedent):
            antecedent = antecedent.head
        mention = self._mentions.at(self._narration.start_of(antecedent))
        is_bare = antecedent.tag_ == "NN" and antecedent.dep_ == "pobj" and not list(antecedent.lefts)
        if mention is None and is_bare and antecedent.head.head.tag_[:2] == "NN":
            return antecedent.head.head  # 'candidates for president, who argue'
        is_thing = singular(antecedent.lower_) in _things() or antecedent.tag_ == "NNP"
        if (mention is None and not is_thing) or (mention is not None and mention.kind == "person"):
            return antecedent
        return next((token for token in ancestors(antecedent) if self.is_person(token)), antecedent)

    def _named_behind(self, subject: Token, verb: Token) -> Token:
        """Step to Lee in 'Or maybe Ann Kim, adviser Bo Lee says', whom parsers join to Kim.

        An apposition would end with a comma, as in 'Ann Kim, Lee's adviser, says', and a list has an 'and'.
        """
        other = at = verb.nbor(-1) if verb.i > 0 else subject
        while at.dep_ in ("appos", "conj") and at.i > subject.i:
            at = at.head
        if other.i <= subject.i or at.i != subject.i:
            return subject
        is_list = any(child.dep_ == "cc" for child in subject.rights)
        return other if not is_list and self.is_person(subject) and self.is_person(other) else subject

    def _person_after(self, place: Token) -> SpeakerPhrase | None:
        for token in place.doc[place.i + 1 : place.sent.end]:
            if self.is_person_or_pronoun(token):
                return self.from_subject(token)
            if token.tag_ not in (",", "-LRB-", "-RRB-", "NNP", "DT", "JJ", "NN"):
                break
        return None

    def _participle_subject(self, verb: Token) -> Token | None:
        """Find the subject of 'adding' or 'saying': an enclosing clause's speaker, else a name or pronoun.

        Parsers attach such participles to the nearest clause, which is often the reported one.
        """
        if verb.i == 0:
            return None
        if verb.nbor(-1).text != ",":
            return _sender_before(verb)
        nearest = _judge_right_before(verb)
        if nearest is not None:
            return nearest
        around = enclosing_verbs(verb)
        for other in around:
            if (subject := _subject_joined(other)) is not None and self._is_named(subject):
                return subject
            if speech_of(other) & Speech.STATEMENT and other.tag_ != "VBG" and not is_passive(other):
                return subject_of(other)
        if around and is_passive(around[0]) and (giver := self._giver(around[0], verb)) is not None:
            return giver
        for other in (verb, *around):
            subject = subject_of(other)
            if subject is not None and (subject.tag_ == "PRP" or self._is_named(subject)):
                return subject
        return None

    def _is_named(self, token: Token) -> bool:
        return self._mentions.at(self._narration.start_of(token)) is not None

    def _agent_behind(self, verb: Token) -> Token | None:
        """Find X in 'was called a liar by X', which parsers attach to 'liar'."""
        if not speech_of(verb) & (Speech.JUDGING | Speech.ACT):
            return None
        for child in verb.rights:
            for token in child.subtree if child.dep_ in ("oprd", "prep", "attr", "dobj", "xcomp") else ():
                is_by = token.lower_ == "by" and not self._narration.is_fragment(token.i)
                agent = object_of(token) if is_by else None
                if agent is not None:
                    phrase = self.phrase_of(agent)
                    return agent if phrase is not None and self.is_speaker(phrase) else None
        return None

    def _giver(self, passive: Token, verb: Token) -> Token | None:
        """Find Y in 'X was served a letter from Y, saying …'."""
        if speech_of(passive) & Speech.REQUEST:
            return None  # 'was asked by Y, saying …'
        words = [token for token in verb.doc[passive.i + 1 : verb.i] if token.lower_ in ("from", "by")]
        given = object_of(words[-1]) if words else None
        return given if given is not None and self.is_person(given) else None

    def _name_right_before(self, verb: Token) -> SpeakerPhrase | None:
        """Find a name right before a verb that the parser took for an adverb: 'HWH said'."""
        if verb.i == verb.sent.start or not speech_of(verb) & Speech.STATEMENT:
            return None
        before = verb.nbor(-1)
        mention = self._mentions.at(self._narration.start_of(before))
        is_name = mention is not None and mention.kind in ("person", "organization")
        return self.from_subject(before) if is_name and before.dep_ == "advmod" else None

    def _nearest_person(self, verb: Token) -> SpeakerPhrase | None:
        """Find a person before a verb whose subject the parser has missed.

        After a quotation that is the first person, else the last.
        """
        if verb.tag_ not in ("VBD", "VBZ", "NNS", "VBN"):
            return None
        sentence = verb.sent
        follows_quote = self._narration.has_placeholder(sentence.start, verb.i)
        found = None
        for token in reversed(verb.doc[max(sentence.start, verb.i - WINDOW) : verb.i]):
            if not self._is_narration(token):
                break
            if self._narration.is_fragment(token.i) or token.nbor(1).tag_ == "POS":
                continue
            if self.is_person_or_pronoun(token):
                found = token
                if not follows_quote:
                    break
        return self.from_subject(found) if found is not None else None


def _judge_right_before(verb: Token) -> Token | None:
    """Find Kim in 'The paper printed it, which Kim called a lie, accusing Lee of fraud'."""
    for other in verb.doc[max(verb.sent.start, verb.i - WINDOW) : verb.i]:
        is_next = other.dep_ == "relcl" and other.right_edge.i == verb.i - 2
        if is_next and speech_of(other) & (Speech.STATEMENT | Speech.JUDGING):
            return next(
                (child for child in other.lefts if child.dep_ == "nsubj" and child.tag_ != "WP"), None
            )
    return None


def _subject_joined(verb: Token) -> Token | None:
    """Find Lee in 'Kim said it was late, and Lee left the hall, adding …', joined to the verb of speech.

    With 'would' or 'had' the clause is one that Kim said.
    """
    is_reported = any(child.lower_ in BACKSHIFTED for child in verb.lefts if child.dep_ == "aux")
    if verb.dep_ != "conj" or is_reported or not speech_of(verb.head) & Speech.STATEMENT:
        return None
    return next((child for child in verb.lefts if child.dep_ == "nsubj"), None)


def _those_of_whom(subject: Token) -> Token | None:
    """Find the farmers in 'met the farmers from Utah, many of whom say …'."""
    links = (child for child in subject.rights if child.lower_ == "of")
    at = subject.left_edge.i - 2
    if at < subject.sent.start or not any(one.lower_ == "whom" for link in links for one in link.children):
        return None
    noun = subject.doc[at]
    while noun.dep_ == "pobj" and subject.sent.start < noun.head.i < noun.i:
        before = noun.head.nbor(-1)
        if before.tag_[:2] != "NN":
            break
        noun = before
    return noun if subject.doc[at + 1].text == "," and noun.tag_ in ("NNS", "NNPS") else None


def _age_phrase(verb: Token) -> Token | None:
    """Find 'the 34-year-old' right before a verb; parsers often see no noun in it, so no subject."""
    if verb.i < _AGE_TOKENS:
        return None
    old = verb.nbor(-1)
    return old if old.lower_ == "old" and old.nbor(-1).text == "-" and old.nbor(-2).lower_ == "year" else None


def _cleft(verb: Token) -> Token | None:
    """Find Kim in 'It was Kim who said', of which parsers make the clause of 'was'."""
    copula = verb.head
    if verb.dep_ != "ccomp" or copula.lower_ not in ("is", "was"):
        return None
    return next((child for child in copula.rights if child.dep_ == "attr" and child.i < verb.i), None)


def _sender_before(verb: Token) -> Token | None:
    """Find who wrote 'a message from Kim asking whether', which parsers give to the sentence's subject."""
    sender = verb.nbor(-1)
    link = sender.head
    is_text = link.lower_ in ("by", "from") and singular(link.head.lower_) in word_set("speech_nouns")
    return sender if sender.dep_ == "pobj" and is_text else None


def _author_of(noun: Token) -> Token:
    """Step from a text to its author: '"…," read a statement from Kim'; else the noun."""
    is_text = noun.lower_ in word_set("speech_nouns") and noun.i + 1 < len(noun.doc)
    link = noun.nbor(1) if is_text else noun
    author = object_of(link) if link.lower_ in ("from", "by") else None
    return author if author is not None else noun


def _is_verb(head: Token) -> bool:
    """Whether a parser takes a verb for a subject: 'what the Queen told him was', unlike 'the accused'."""
    is_noun = any(child.dep_ in ("det", "poss", "amod") for child in head.children) or head.is_title
    return head.tag_ in ("VBD", "VBZ", "VBP") and not is_noun


# Endings of nouns for what cannot speak: 'sentiment', 'possibility', 'tourism'.
_ABSTRACT_ENDINGS = ("tion", "sion", "ment", "ness", "ity", "ism", "ance", "ence", "ship", "ing", "dom")
_SPEAKING_LISTS = (
    "document_nouns",
    "organization_nouns",
    "speech_nouns",
    "sign_nouns",
    "non_person_nouns",
    "unnamed_people",
    "unnamed_sources",
    "group_nouns",
    "names/titles",
)


@cache
def _things() -> frozenset[str]:
    """List the nouns for bodies and texts, of which nobody says 'who'."""
    lists = ("organization_nouns", "document_nouns")
    return frozenset(noun for name in lists for noun in word_set(name))


def is_abstract_noun(noun: str) -> bool:
    """Whether a noun, in the singular, is a word for what cannot speak: 'election', 'theme'."""
    if noun in word_set("mute_nouns"):
        return True
    if not noun.endswith(_ABSTRACT_ENDINGS) or len(noun) < 6:
        return False
    return not any(noun in word_set(name) for name in _SPEAKING_LISTS)


def singular(noun: str) -> str:
    """Return a noun without its plural ending, unless the plural is listed: 'companies', 'remarks'."""
    if noun in word_set("speech_nouns") or not noun.endswith("s"):
        return noun
    return noun[:-3] + "y" if noun.endswith("ies") and len(noun) > _SHORTEST_IES else noun[:-1]


_SHORTEST_IES = 5  # 'ties', 'movies'
