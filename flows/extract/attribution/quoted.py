"""Quoted speech: the cue and the speaker phrase of a quotation.

Reads the narrator's sentence with the quotation masked. A cue that leads up to the quotation (X said: "…")
outweighs one right after it ("…," X said); a quotation with neither is floating.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TypeVar

from spacy.tokens import Token

from ontherecord.flows.extract.attribution.speaker_phrases import SpeakerPhrase
from ontherecord.flows.extract.attribution.subjects import (
    NOMINAL_TAGS,
    WINDOW,
    Subjects,
    is_abstract_noun,
    singular,
)
from ontherecord.flows.extract.rules import first_answer
from ontherecord.flows.extract.text.cues import Speech, base_form, speech_of, speech_of_word
from ontherecord.flows.extract.text.grammar import (
    FINITE,
    ancestors,
    is_in_relative_clause,
    is_not_said,
    is_passive,
    is_subordinate,
    is_told,
    is_wished,
    object_of,
    speech_owner,
    subject_of,
)
from ontherecord.flows.extract.text.narration import PLACEHOLDER_TOKENS, Narration
from ontherecord.flows.extract.word_lists import word_set

_SPEAKING = Speech.STATEMENT | Speech.QUOTING | Speech.REQUEST
_SPEAKING_OR_JUDGING = _SPEAKING | Speech.JUDGING
_DASHES = ("-", "--", "\u2013", "\u2014", "\u2015", "~")
# Largest distance of an unlisted verb from its quotation, in tokens.
_NEAR = 12
# What stands in quotation marks behind them is a text by itself and nobody's answer.
_LABELS_OF_WRITING = frozenset(
    ("headline", "motto", "slogan", "title", "caption", "hashtag", "inscription", "subtitle")
)
# What a name with a title is made of, and what follows: 'Mayor Ann Kim of Oslo', 'Ann Kim (left)'.
_NAME_TAGS = frozenset(("NNP", "NNPS", "NN", "JJ", "HYPH"))
_TITLE_STARTS = frozenset((",", "IN", "-LRB-", ":"))
_LABEL_TAGS = frozenset(("NNP", "NNPS", "NN", "DT", "IN", "HYPH", ",", "POS"))
# A label is a name, a title and a name, or 'Q'; more words are a sentence.
_LONGEST_LABEL = 6
_TEXTS = frozenset(
    ("text", "message", "email", "e-mail", "note", "letter", "post", "tweet", "memo", "statement", "telegram")
)
_NOUN_PHRASE_TAGS = frozenset(("DT", "PRP$", "CD", "JJ", "JJS", "NN", "NNS", "NNP", "NNPS", "POS", "HYPH"))
_PUTTING = frozenset(("put", "puts", "sees", "saw", "sums", "summed", "describes", "described"))
# Prepositions that taggers may take for verbs.
_VERBLIKE = frozenset(("according", "concerning", "following", "including", "regarding"))
_RECALLING = frozenset(
    ("cited", "cites", "echoed", "echoes", "quoted", "quotes", "recalled", "recalls", "recited", "recites")
) | frozenset(("relayed", "remembered", "remembers", "repeated", "repeats", "retold"))
_CALLED = frozenset(("branded", "called", "dubbed", "labelled", "labeled", "named", "nicknamed", "termed"))
_PERCEIVED = frozenset(("filmed", "heard", "recorded", "seen"))
_TOLD_TO = frozenset(("asked", "emailed", "messaged", "texted", "told", "warned"))
_LONGEST_HEARER = 6  # tokens of 'told her brother Tom ,'
_FEWEST_READ = 5  # 'text from Kim read :'


@dataclass(frozen=True, slots=True)
class Cue:
    """An attribution cue; offsets are the body's.

    `is_listed` for a known verb or phrase of speech; `is_beside` if it leads up to or follows the quotation,
    rather than being elsewhere in its sentence.
    """

    text: str
    start: int
    end: int
    is_listed: bool = True
    is_beside: bool = False


@dataclass(frozen=True, slots=True)
class Attribution:
    """A quotation's cue and speaker phrase. A floating quotation has neither, a label or signature no cue.

    `rule` names what found them.
    """

    cue: Cue | None
    speaker_phrase: SpeakerPhrase | None
    rule: str = "floating"


FLOATING = Attribution(None, None)
NOT_SAID = Attribution(None, None, "not-said")


# A verb in 'Kim, who never said much, …' is not the cue of a quotation beside it.
_ASIDE = ("relcl", "acl")
_Context = TypeVar("_Context")


@dataclass(frozen=True, slots=True)
class _Around:
    """The tokens around a quotation; `beside` are those after it unless it ends its sentence.

    `last` are those from it to the end of its paragraph, if they are few and no other quotation is there.
    """

    before: Sequence[Token]
    beside: Sequence[Token]
    after: Sequence[Token]
    last: Sequence[Token]


@dataclass(frozen=True, slots=True)
class _Fragment:
    """Words quoted within a sentence: their first token, its heads, and the sentence's other tokens."""

    first: Token
    heads: Sequence[Token]
    outside: Sequence[Token]


class Attributor:
    """Attributes the quotations of one paragraph; `without` are rules to leave out."""

    def __init__(
        self, narration: Narration, subjects: Subjects, body: str, without: Set[str] = frozenset()
    ) -> None:
        self._without = without
        self._narration = narration
        self._subjects = subjects
        self._body = body

    def attribute_statement(self, token_index: int) -> Attribution:
        """Attribute a quotation that is a sentence, given its placeholder's first token."""
        before, after = self._context(token_index)
        number = self._narration.placeholders[token_index]
        beside = after if not self._narration.segments[number].ends_sentence else []
        around = _Around(before, beside, after, self._last_after(token_index))
        return self._decide(STATEMENT_RULES, around)

    def attribute_fragment(self, tokens: tuple[int, int]) -> Attribution:
        """Attribute words quoted within a sentence, given their tokens."""
        doc = self._narration.doc
        if tokens[0] >= len(doc):
            return FLOATING
        first = doc[tokens[0]]
        low, high = max(first.sent.start, tokens[0] - WINDOW), min(first.sent.end, tokens[1] + WINDOW)
        outside = [*doc[low : tokens[0]], *doc[min(tokens[1], high) : high]]
        # The placeholder of another quotation is not in the text, so it is no cue.
        heads = [
            token
            for token in ancestors(first)
            if not tokens[0] <= token.i < tokens[1] and not self._narration.is_placeholder(token.i)
        ]
        fragment = _Fragment(first, heads, outside)
        return self._decide(FRAGMENT_RULES, fragment)

    def _decide(
        self,
        rules: Sequence[tuple[str, Callable[[Attributor, _Context], Attribution | None]]],
        context: _Context,
    ) -> Attribution:
        """Return the answer of the first rule that has one."""
        found = first_answer(rules, self._without, self, context)
        if found is None:
            return FLOATING
        name, attribution = found
        return attribution if attribution is NOT_SAID else replace(attribution, rule=name)

    # --- Rules for a quotation that is a sentence, in the order of STATEMENT_RULES ---

    def _not_said(self, around: _Around) -> Attribution | None:
        """Drop a quotation of which its cue says that it was not said.

        Ruth Adler denied saying, "I hate this ferry." -> no quote
        """
        if self._is_written(around.before):
            return NOT_SAID
        tokens = around.before[::-1] if _announces(around.before) else around.beside
        verbs = (token for token in tokens if speech_of(token) & _SPEAKING and token.dep_ not in _ASIDE)
        verb = next(verbs, None)
        return NOT_SAID if verb is not None and is_not_said(verb) else None

    def _words_of(self, around: _Around) -> Attribution | None:
        """Read 'in the words of X' before it, which outweighs any other speaker in the sentence.

        In the words of Ruth Adler: "It is a boat with a hole." -> Ruth Adler
        """
        return self._in_the_words_of(around.before)

    def _cue_after_label(self, around: _Around) -> Attribution | None:
        """Prefer a cue after the quotation to what looks like a label before it.

        The ferry: "It is old, and it is late," Ruth Adler said. -> Ruth Adler
        """
        return self._following_cue(around.beside) if self._label(around) is not None else None

    def _label(self, around: _Around) -> Attribution | None:
        """Read the label of a transcript before it.

        Ruth Adler: "The ferry is old." -> Ruth Adler
        """
        return self._transcript_label(around.before)

    def _cue_at_the_mark(self, around: _Around) -> Attribution | None:
        """Read a verb of speech that ends right before it.

        Ruth Adler shook her head and added, "The ferry is old." -> Ruth Adler
        """
        return self._preceding_cue(around.before) if _ends_with_cue(around.before) else None

    def _was_told(self, around: _Around) -> Attribution | None:
        """Read the agent of a passive beside it; without one the text leaves open who speaks.

        "Go home," Tom Baker was told by Ruth Adler. -> Ruth Adler
        """
        after, before = around.beside, around.before
        verb = next((token for token in after[:_NEAR] if speech_of(token) & _SPEAKING), None)
        subject = subject_of(verb) if verb is not None else None
        if subject is None or subject.left_edge.i != after[0].i:
            verb = None
        if verb is None and before and before[-1].text in (":", ","):
            verb = next((token for token in reversed(before[:-1]) if speech_of(token) & _SPEAKING), None)
        if verb is None or not is_told(verb):
            return None
        return Attribution(self.cue_of(verb, True, True), self._subjects.speaker_of(verb))

    def _retold(self, around: _Around) -> Attribution | None:
        """Read who told a hearer the words that somebody else, after it, tells again.

        Tom Baker had told her, "The ferry is old," Ruth Adler recalled. -> Tom Baker
        """
        before = around.before
        if len(before) < 3 or before[-1].text not in (",", ":") or not around.beside:
            return None
        verb = next((token for token in before if token.lower_ in _TOLD_TO), None)
        if verb is None or verb.tag_ not in (*FINITE, "VBN") or before[-1].i - verb.i > _LONGEST_HEARER:
            return None
        subject = subject_of(verb)
        is_clause = subject is not None and subject.i >= before[0].i and not is_passive(verb)
        is_main = not any(
            child.dep_ in ("mark", "advmod") for child in verb.lefts
        )  # not 'when she asked him,'
        if not is_clause or not is_main or is_not_said(verb):
            return None
        phrase = self._subjects.speaker_of(verb)
        return Attribution(self.cue_of(verb, True, True), phrase) if phrase is not None else None

    def _cue_right_after(self, around: _Around) -> Attribution | None:
        """Read a verb of speech after it, with nothing but its subject between.

        "The ferry is old," Ruth Adler said. -> Ruth Adler
        """
        return self._adjacent_cue(around.beside)

    def _name_without_verb(self, around: _Around) -> Attribution | None:
        """Read a name with what its person is, after it, where the sentence has no verb.

        "The ferry is old," Ruth Adler, the owner of the Salem ferry. -> Ruth Adler
        """
        after = around.last or around.beside
        name = list(takewhile(lambda token: token.tag_ in _NAME_TAGS, after))
        if not name or not self._subjects.is_person(name[-1]):
            return None
        rest = after[len(name) :]
        is_end = bool(around.last) or after[-1].i + 1 == after[-1].sent.end
        is_titled = not rest or rest[0].tag_ in (*_TITLE_STARTS, ".")
        verbs = (token for token in after if token.tag_ in (*FINITE, "MD"))
        if not is_end or not is_titled or any(not is_in_relative_clause(verb, after) for verb in verbs):
            return None
        phrase = self._subjects.phrase_of(name[-1])
        return Attribution(None, phrase) if phrase is not None else None

    def _titled_name(self, around: _Around) -> Attribution | None:
        """Read a name with its title, its place or its topic before a colon.

        Ruth Adler, president of the Salem Harbour Union: "The ferry is old." -> Ruth Adler
        """
        return self._titled_label(around.before)

    def _noun_before_colon(self, around: _Around) -> Attribution | None:
        """Read whose text a phrase without a verb announces; a sign's or a headline's words are no speech.

        A reply from Ruth Adler, sent before the vote: "The ferry is old." -> Ruth Adler
        """
        head = _noun_in_front(around.before)
        if head is None:
            return None
        noun = singular(head.lower_)
        is_clause = any(
            token.tag_ in (*FINITE, "MD") and not is_subordinate(token, around.before)
            for token in around.before
            if not (token.i == head.i + 2 and token.nbor(-1).text == ",")  # 'A note, sent at noon: "…"'
        )
        if noun in word_set("sign_nouns") or (noun in _LABELS_OF_WRITING and not is_clause):
            return NOT_SAID
        if is_clause or not any(noun in word_set(name) for name in ("document_nouns", "speech_nouns")):
            return None
        phrase = self._subjects.from_subject(head)
        return Attribution(self.cue_of(head), phrase) if phrase is not None else None

    def _announcement(self, around: _Around) -> Attribution | None:
        """Read a clause of speech before it that a comma or a colon ends.

        Ruth Adler told the council on Monday: "The ferry is old." -> Ruth Adler
        """
        return self._preceding_cue(around.before) if _announces(around.before) else None

    def _text_that_reads(self, around: _Around) -> Attribution | None:
        """Read whose text it is, where parsers take 'read' for a noun.

        A text from Mr Hay to Ms Lunt read: "Delete everything." -> Mr Hay
        """
        before = around.before
        if len(before) < _FEWEST_READ or before[-1].text != ":" or before[-2].lower_ not in ("read", "reads"):
            return None
        noun = next((token for token in before if singular(token.lower_) in _TEXTS), None)
        if noun is None:
            return None
        link = next((one for one in before if one.i > noun.i and one.lower_ in ("from", "by")), None)
        writer = object_of(link) if link is not None else None
        if writer is not None and writer.i == before[-2].i:
            writer = before[-3]  # 'a note signed by Kim read': parsers take 'Kim read' for a name
        phrase = self._subjects.phrase_of(writer) if writer is not None else None
        return Attribution(self.cue_of(before[-2], True, True), phrase) if phrase is not None else None

    def _according_to_after(self, around: _Around) -> Attribution | None:
        """Read 'according to X' right after it.

        "The ferry is old," according to Ruth Adler. -> Ruth Adler
        """
        return self.according_to(around.beside[0]) if around.beside else None

    def _cue_after(self, around: _Around) -> Attribution | None:
        """Read a verb farther after it, also one that is on no list.

        "The ferry is old," Ruth Adler laughed. -> Ruth Adler
        """
        return self._following_cue(around.beside)

    def _put_so(self, around: _Around) -> Attribution | None:
        """Read who put it so: '"…" is how Ruth Adler put it', '"…" was her answer'.

        "The ferry is old," is all that Ruth Adler would say. -> Ruth Adler
        """
        after = around.beside
        if len(after) < 3 or after[0].lower_ not in ("is", "was"):
            return None
        rest = after[1:]
        if rest[0].lower_ in ("how", "all", "what") or [t.lower_ for t in rest[:2]] == ["the", "way"]:
            verb = next((token for token in rest if _is_putting(token)), None)
            subject = subject_of(verb) if verb is not None else None
            if verb is not None and subject is not None and subject.i > after[0].i:
                return Attribution(self.cue_of(verb, True, True), self._subjects.phrase_of(subject))
            return None
        noun = next((token for token in rest if token.tag_ in ("NN", "NNS") and token.dep_ == "attr"), None)
        if noun is None or singular(noun.lower_) not in word_set("speech_nouns"):
            return None
        owner = next((child for child in noun.lefts if child.dep_ == "poss"), None)
        phrase = self._subjects.phrase_of(owner) if owner is not None else None
        return Attribution(self.cue_of(noun, True, True), phrase) if phrase is not None else None

    def _name_before_colon(self, around: _Around) -> Attribution | None:
        """Read a name before a colon.

        One more voice at the quay on Monday, Ruth Adler: "The ferry is old." -> Ruth Adler
        """
        return self._name_label(around.before)

    def _cue_before(self, around: _Around) -> Attribution | None:
        """Read a verb farther before it, also one that is on no list.

        Ruth Adler had told everyone in town on Monday "The ferry will never sail again."
        -> Ruth Adler
        """
        return self._preceding_cue(around.before)

    def _according_to_anywhere(self, around: _Around) -> Attribution | None:
        """Read 'according to X' elsewhere in its sentence.

        According to Ruth Adler, "The ferry is old and will not sail again this year." -> Ruth Adler
        """
        return self._any_according_to([*around.before, *around.after])

    # --- Rules for words quoted within a sentence, in the order of FRAGMENT_RULES ---

    def _words_not_said(self, fragment: _Fragment) -> Attribution | None:
        """Drop words of which the verb over them says that they were not said.

        Ruth Adler would not say if the ferry "leaks like a basket". -> no quote
        """
        verbs = [verb for verb in fragment.heads if speech_of(verb) & _SPEAKING]
        return NOT_SAID if verbs and (is_not_said(verbs[0]) or is_wished(verbs[0])) else None

    def _words_of_beside(self, fragment: _Fragment) -> Attribution | None:
        """Read 'in the words of X' in its sentence, which outweighs any other speaker.

        The ferry became "a boat with a hole", in the words of Ruth Adler, on Monday. -> Ruth Adler
        """
        return self._in_the_words_of(fragment.outside)

    def _owned_noun(self, fragment: _Fragment) -> Attribution | None:
        """Read the owner of a noun of speech that they belong to before any verb.

        Tom Baker mocked Ruth Adler's promise of "a ferry for every child". -> Ruth Adler
        """
        for head in fragment.heads:
            if head.tag_[:2] == "VB":
                break
            owner = next((child for child in head.children if child.dep_ == "poss"), None)
            if owner is not None:
                owned = self._speech_noun([head], fragment.first)
                phrase = owned.speaker_phrase if owned is not None else None
                return owned if phrase is not None and self._subjects.is_speaker(phrase) else None
        return None

    def _verb_over(self, fragment: _Fragment) -> Attribution | None:
        """Read the verb of speech or judgment whose clause they are in.

        Ruth Adler called the ferry "a rusty old tub" on Monday. -> Ruth Adler
        """
        verbs = [verb for verb in fragment.heads if speech_of(verb) & _SPEAKING_OR_JUDGING]
        if verbs and _is_aside_of_name(verbs[0], fragment.first):
            return self._called_by(verbs[0], fragment)
        agent = self._nearest_agent(verbs[0], fragment) if verbs else None
        if agent is not None:
            return Attribution(self.cue_of(verbs[0]), agent)
        return self._first_speech_verb(verbs)

    def _finding_over(self, fragment: _Fragment) -> Attribution | None:
        """Read what a text or an inquiry found; what a person found may be a thing.

        The audit found "holes and a rusty old engine" in the ferry. -> The audit
        """
        heads = [head for head in fragment.heads if head.tag_ != "IN"]  # 'apologized for "…"'
        verb = heads[0] if heads else None
        if verb is None or not speech_of(verb) & (Speech.FINDING | Speech.ACT):
            return None
        found = self._first_speech_verb([verb])
        if found is None or found.speaker_phrase is None or speech_of(verb) & Speech.ACT:
            return found
        return found if self._subjects.can_find(found.speaker_phrase) else None

    def _according_to_beside(self, fragment: _Fragment) -> Attribution | None:
        """Read 'according to X' in their sentence.

        According to Ruth Adler the ferry was "a rusty old tub with a hole". -> Ruth Adler
        """
        return self._any_according_to(fragment.outside)

    def _noun_over(self, fragment: _Fragment) -> Attribution | None:
        """Read the owner of a noun of speech that they belong to.

        A warning by Ruth Adler of "a ferry older than the town" came late. -> Ruth Adler
        """
        return self._speech_noun(fragment.heads, fragment.first)

    def _verb_beside(self, fragment: _Fragment) -> Attribution | None:
        """Read the nearest verb of speech in their sentence.

        The plan of which Ruth Adler told the crowd means "a rusty old tub without a crew" at sea.
        -> Ruth Adler
        """
        verbs = [token for token in fragment.outside if speech_of(token) & Speech.STATEMENT]
        return self._first_speech_verb(sorted(verbs, key=lambda verb: abs(verb.i - fragment.first.i)))

    def _acting_subject(self, fragment: _Fragment) -> Attribution | None:
        """Let the person who is the subject of their clause speak.

        Ruth Adler had little love for "a rusty old tub with a hole" in the harbour. -> Ruth Adler
        """
        return self._acting_person(fragment.heads, fragment.first)

    # --- What the rules look at ---

    def _nearest_agent(self, verb: Token, fragment: _Fragment) -> SpeakerPhrase | None:
        """Find whose words these are of several: 'called "a saint" by Ann Kim and "a thief" by Bo Lee'.

        Before words behind 'as' it is the last one: 'praised by Ann Kim as "…" and by Bo Lee as "…"'.
        """
        links = [token for token in fragment.outside if token.lower_ == "by" and token.i > verb.i]
        if len(links) < 2 or verb.tag_ != "VBN":
            return None
        at = fragment.first.i
        is_as = any(token.lower_ == "as" for token in verb.doc[max(0, at - 2) : at])
        before, behind = [one for one in links if one.i < at], [one for one in links if one.i > at]
        nearest = before[-1:] if is_as else behind[:1]
        agent = object_of(nearest[0]) if nearest else None
        phrase = self._subjects.phrase_of(agent) if agent is not None else None
        return phrase if phrase is not None and self._subjects.is_speaker(phrase) else None

    def _called_by(self, verb: Token, fragment: _Fragment) -> Attribution:
        """Read who calls somebody so: 'Lee, called "a hero" by Kim, wept'; without an agent it is a name."""
        link = next((token for token in fragment.outside if token.i > fragment.first.i), None)
        agent = object_of(link) if link is not None and link.lower_ == "by" else None
        phrase = self._subjects.phrase_of(agent) if agent is not None else None
        return Attribution(self.cue_of(verb), phrase) if phrase is not None else NOT_SAID

    def _is_written(self, before: Sequence[Token]) -> bool:
        """Whether words are read somewhere: 'reminds me of a line in the poem that reads: "…"'."""
        words = [token for token in before if token.text not in (":", ",")]
        verb = words[-1] if words else None
        if verb is None or verb.lower_ not in ("read", "reads") or before[-1].text != ":":
            return False
        subject = subject_of(verb)
        is_person = subject is not None and self._subjects.is_person_or_pronoun(subject)
        texts = ("document_nouns", "speech_nouns")
        nouns = (singular(token.lower_) for token in words if token.tag_ in ("NN", "NNS"))
        is_message = any(noun in _TEXTS or any(noun in word_set(name) for name in texts) for noun in nouns)
        return not is_person and not is_message

    def cue_of(self, verb: Token, is_listed: bool = True, is_beside: bool = False) -> Cue:
        """Describe a verb of speech, or a noun of speech, as a cue."""
        start, end = self._narration.start_of(verb), self._narration.end_of(verb)
        return Cue(self._body[start:end], start, end, is_listed, is_beside)

    def according_to(self, first: Token) -> Attribution | None:
        """Read 'according to X', given its first word."""
        if first.lower_ != "according" or first.i + 1 >= len(first.doc) or first.nbor(1).lower_ != "to":
            return None
        head = object_of(first.nbor(1), first)
        phrase = self._subjects.phrase_of(head) if head is not None else None
        if phrase is None:
            return None
        start, end = self._narration.start_of(first), self._narration.end_of(first.nbor(1))
        return Attribution(Cue(self._body[start:end], start, end, True, True), phrase)

    def _context(self, token_index: int) -> tuple[list[Token], list[Token]]:
        """List the tokens before and after a placeholder, up to its neighbours or the sentence's ends."""
        doc = self._narration.doc
        sentence = doc[token_index].sent
        indexes = self._narration.placeholder_indexes
        first, at = self._narration.placeholders_between(sentence.start, token_index)
        _, last = self._narration.placeholders_between(token_index, sentence.end)
        earlier = indexes[at - 1] if at > first else None
        later = indexes[at + 1] if at + 1 < last else None
        low = sentence.start if earlier is None else earlier + PLACEHOLDER_TOKENS
        high = sentence.end if later is None else later
        low, start = max(low, token_index - WINDOW), min(token_index + PLACEHOLDER_TOKENS, high)
        before = [
            token for token in doc[low:token_index] if token.tag_ not in ("``", "''") and not token.is_space
        ]
        if start < high and doc[start].text == "," and start + 1 < high:
            start += 1  # '"The truth", Kim said'
        return before, list(doc[start : min(high, start + WINDOW)])

    def _last_after(self, token_index: int) -> Sequence[Token]:
        """List the tokens from a placeholder to the paragraph's end, if they are few and quote nothing."""
        doc = self._narration.doc
        start = token_index + PLACEHOLDER_TOKENS
        first, last = self._narration.placeholders_between(token_index, len(doc))
        if last - first > 1 or len(doc) - start > WINDOW:
            return ()
        rest = [token for token in doc[start:] if not token.is_space]
        return rest[1:] if rest and rest[0].text == "," else rest

    def _first_speech_verb(self, verbs: Sequence[Token]) -> Attribution | None:
        """Attribute to the subject of the first verb that has a speaker."""
        for verb in verbs:
            phrase = self._subjects.speaker_of(verb) if not is_not_said(verb) else None
            if phrase is not None and not _provides(phrase, verb):
                return Attribution(self.cue_of(verb), phrase)
        return None

    def _acting_person(self, heads: Sequence[Token], first: Token) -> Attribution | None:
        """Attribute a fragment without a cue to the person who is the subject of its clause."""
        for verb in heads:
            if verb.tag_[:2] != "VB" or is_passive(verb):
                continue
            subject = subject_of(verb)
            if subject is None or subject.i > first.i or not self._subjects.is_person_or_pronoun(subject):
                continue
            phrase = self._subjects.phrase_of(subject)
            if phrase is not None:
                return Attribution(self.cue_of(verb, False), phrase)
        return None

    def _transcript_label(self, before: Sequence[Token]) -> Attribution | None:
        """Read a transcript's label: 'SMITH: "…"'."""
        if not 2 <= len(before) <= _LONGEST_LABEL + 1 or before[-1].text != ":":
            return None
        words = before[:-1]
        is_clause = any(token.tag_[:2] in ("VB", "IN", "RB") for token in words)
        is_start = words[0].i <= words[0].sent.start + 1
        if is_clause or not is_start or words[-1].tag_ not in NOMINAL_TAGS or speech_of_word(words[-1].text):
            return None
        noun = singular(words[-1].lower_)
        if noun in _LABELS_OF_WRITING:
            return NOT_SAID
        speaker: Token | None = words[-1]
        owner = next((child for child in words[-1].lefts if child.dep_ == "poss"), None)
        if owner is not None and noun in word_set("document_nouns") and self._subjects.is_person(owner):
            speaker = owner  # "Kim's verdict"
        elif noun in word_set("speech_nouns") and noun not in word_set("document_nouns"):
            speaker = speech_owner(words[-1])  # "Kim's answer", 'His answer', 'The answer'
        elif words[-1].tag_ in ("NN", "NNS") and is_abstract_noun(noun):
            return None
        phrase = self._subjects.phrase_of(speaker) if speaker is not None else None
        return Attribution(None, phrase) if phrase is not None else None

    def _titled_label(self, before: Sequence[Token]) -> Attribution | None:
        """Read 'Ann Kim, head of the union: "…"', 'Ann Kim on ferries: "…"', also behind a quotation."""
        words = _label_words(before)
        if any(token.tag_ in FINITE and not is_in_relative_clause(token, words) for token in words):
            return None
        name = list(takewhile(lambda token: token.tag_ in _NAME_TAGS, words))
        rest = words[len(name) :]
        if not name or (rest and rest[0].tag_ not in _TITLE_STARTS) or not self._subjects.is_person(name[-1]):
            return None
        phrase = self._subjects.phrase_of(name[-1])
        return Attribution(None, phrase) if phrase is not None else None

    def _name_label(self, before: Sequence[Token]) -> Attribution | None:
        """Read a name before a colon: 'One more voice, Ann Kim: "…"', 'Ann Kim, The Harbour Gazette: "…"'."""
        if len(before) < 2 or before[-1].text != ":":
            return None
        head = before[-2]
        if any(token.tag_ == "IN" for token in before[-4:-1]) and len(before) < _LONGEST_LABEL:
            return None  # 'Of Kim: "…"'
        comma = next((at for at, token in enumerate(before) if token.text == ","), 0)
        if comma and all(token.tag_ in _LABEL_TAGS for token in (*before[:comma], *before[comma + 1 : -1])):
            head = before[comma - 1]
        is_speaker = self._subjects.is_person(head) and not _is_addressed(head)
        phrase = self._subjects.phrase_of(head) if is_speaker else None
        return Attribution(None, phrase) if phrase is not None else None

    def _following_cue(self, after: Sequence[Token]) -> Attribution | None:
        """Read '"…," X said' and '"…," said X'."""
        if not after:
            return None
        if after[0].text in _DASHES and len(after) > 1:
            return self._signature(after)
        outer = [
            token
            for token in after
            if (token.tag_[:2] == "VB" or speech_of(token)) and not is_in_relative_clause(token, after)
        ]
        beside = [
            token for token in outer[:2] if _is_adjacent(token, after) or self._is_inverted(token, after)
        ]
        verbs = [token for token in outer if speech_of(token) & Speech.STATEMENT]
        quoting = [token for token in beside if speech_of(token) & Speech.QUOTING]
        # 'the man can be heard shouting in the video'
        quoting += [token for token in outer if token.tag_ == "VBG" and token.head.lower_ in _PERCEIVED]
        verbs = list(dict.fromkeys((*quoting, *verbs, *beside)))
        for verb in verbs[:4]:
            if verb.lower_ in ("is", "was") and not speech_of(verb):
                continue  # '"…," is a line from a song': see _put_so
            phrase = self._subjects.speaker_beside(verb, after)
            if phrase is not None:
                return Attribution(self.cue_of(verb, bool(speech_of(verb) & _SPEAKING), True), phrase)
        return None

    def _is_inverted(self, verb: Token, after: Sequence[Token]) -> bool:
        """Whether a person follows a verb that parsers take for an adjective: '"…," smiled manager Kim'."""
        if verb.i != after[0].i or verb.tag_ != "VBN":
            return False
        subject = takewhile(lambda token: token.tag_ not in (",", ".", ":", "IN", "TO"), after[1:])
        return any(self._subjects.is_person(token) for token in subject)

    def _signature(self, after: Sequence[Token]) -> Attribution | None:
        """Read '"…" - Ann Kim'."""
        if any(token.tag_[:2] == "VB" for token in after):
            return None
        signer = next((token for token in after if self._subjects.is_person(token)), None)
        phrase = self._subjects.phrase_of(signer) if signer is not None else None
        return Attribution(None, phrase) if phrase is not None else None

    def _adjacent_cue(self, after: Sequence[Token]) -> Attribution | None:
        """Read '"…," X said' with nothing but X between; outweighs any farther cue."""
        for verb in after[:_NEAR]:
            if speech_of(verb) & Speech.STATEMENT and _is_adjacent(verb, after):
                return self._following_cue(after)
        return None

    def _preceding_cue(self, before: Sequence[Token]) -> Attribution | None:
        """Read 'X said: "…"'."""
        if not before:
            return None
        found = self._contrasted(before) or self._for_whom(before) or self._recalled(before)
        if found is not None:
            return found
        announcing = _announcing_verb(before)
        speech_verbs = [
            verb for verb in reversed(before) if speech_of(verb) & (Speech.STATEMENT | Speech.REQUEST)
        ]
        other_verbs = [verb for verb in reversed(before) if speech_of(verb) & _SPEAKING_OR_JUDGING]
        for verb in (*announcing, *speech_verbs, *other_verbs):
            phrase = self._subjects.speaker_of(verb) if not is_not_said(verb) else None
            if phrase is not None:
                return Attribution(self.cue_of(verb, bool(speech_of(verb)), True), phrase)
        if before[-1].text not in (":", ","):
            return None
        owned = self._speech_noun(list(reversed(before)), before[-1])
        if owned is not None:
            return owned
        for verb in reversed(before):
            may_speak = verb.tag_ in (*FINITE, "VBG") and verb.lower_ not in _VERBLIKE
            may_speak = may_speak and not is_subordinate(verb, before)
            phrase = self._subjects.speaker_of(verb) if may_speak else None
            if phrase is not None:
                return Attribution(self.cue_of(verb, False, True), phrase)
        return None

    def _recalled(self, before: Sequence[Token]) -> Attribution | None:
        """Read whose words somebody recalls: "Lee remembered Kim's advice: …", but 'repeated his promise'."""
        if (
            len(before) < 3
            or before[-1].text != ":"
            or singular(before[-2].lower_) not in word_set("speech_nouns")
        ):
            return None
        noun = before[-2]
        is_recalled = noun.dep_ == "dobj" and noun.head.lower_ in _RECALLING
        owner = next((child for child in noun.lefts if child.dep_ == "poss" and child.tag_[:2] == "NN"), None)
        phrase = self._subjects.phrase_of(owner) if is_recalled and owner is not None else None
        return Attribution(self.cue_of(noun, True, True), phrase) if phrase is not None else None

    def _for_whom(self, before: Sequence[Token]) -> Attribution | None:
        """Read for whom something is so: 'For Kim, it is simple: "…"', 'It fell to Kim to say it: "…"'."""
        words = [token.lower_ for token in before[:3]]
        link = (
            before[0] if words[0] in ("for", "to") else before[2] if words == ["it", "fell", "to"] else None
        )
        whom = object_of(link) if link is not None else None
        subject = next((token for token in before if token.dep_ in ("nsubj", "expl")), None)
        if whom is None or subject is None or subject.lower_ not in ("it", "that", "this", "there"):
            return None  # 'For Kim, Lee was blunt: "…"'
        phrase = self._subjects.phrase_of(whom)
        is_speaker = phrase is not None and self._subjects.is_speaker(phrase)
        return Attribution(self.cue_of(whom, False, True), phrase) if is_speaker else None

    def _contrasted(self, before: Sequence[Token]) -> Attribution | None:
        """Read who is set against an earlier speaker: 'Kim said it was late, but Lee was blunt: "…"'."""
        verb = next((token for token in reversed(before) if token.tag_ in FINITE), None)
        subject = subject_of(verb) if verb is not None and before[-1].text == ":" else None
        if verb is None or subject is None or subject.i > verb.i or subject.tag_[:2] != "NN":
            return None
        edge = subject.left_edge.i
        is_set_apart = edge > before[0].i and subject.doc[edge - 1].lower_ in ("but", ";")
        if not is_set_apart or any(speech_of(token) & _SPEAKING for token in before if token.i > subject.i):
            return None
        phrase = self._subjects.phrase_of(subject)
        if phrase is None or not (self._subjects.is_person(subject) or self._subjects.is_speaker(phrase)):
            return None
        return Attribution(self.cue_of(verb, False, True), phrase)

    def _any_according_to(self, tokens: Sequence[Token]) -> Attribution | None:
        return next((found for token in tokens if (found := self.according_to(token)) is not None), None)

    def _in_the_words_of(self, tokens: Sequence[Token]) -> Attribution | None:
        """Read 'in the words of X', which outweighs any other speaker in the sentence."""
        for token in tokens:
            if token.lower_ != "words" or token.i < 2 or token.i + 1 >= len(token.doc):
                continue
            first, link = token.nbor(-2), token.nbor(1)
            head = object_of(link) if first.lower_ == "in" and link.lower_ == "of" else None
            phrase = self._subjects.phrase_of(head) if head is not None else None
            if phrase is not None:
                start, end = self._narration.start_of(first), self._narration.end_of(link)
                return Attribution(Cue(self._body[start:end], start, end), phrase)
        return None

    def _speech_noun(self, nearest_first: Sequence[Token], at: Token) -> Attribution | None:
        """Read the owner of a noun of speech: "Kim's warning that …", 'a statement from Kim'."""
        for noun in nearest_first:
            if noun.tag_[:2] != "NN" or noun.i >= at.i:
                continue
            owner = speech_owner(noun) if singular(noun.lower_) in word_set("speech_nouns") else None
            phrase = self._subjects.phrase_of(owner) if owner is not None else None
            if phrase is not None and not _is_topic(noun):
                return Attribution(self.cue_of(noun), phrase)
        return None


StatementRule = Callable[[Attributor, _Around], Attribution | None]
FragmentRule = Callable[[Attributor, _Fragment], Attribution | None]
STATEMENT_RULES: tuple[tuple[str, StatementRule], ...] = (
    ("not-said", Attributor._not_said),
    ("in-the-words-of", Attributor._words_of),
    ("cue-after-label", Attributor._cue_after_label),
    ("label", Attributor._label),
    ("was-told", Attributor._was_told),
    ("cue-at-the-mark", Attributor._cue_at_the_mark),
    ("retold", Attributor._retold),
    ("cue-right-after", Attributor._cue_right_after),
    ("name-without-verb", Attributor._name_without_verb),
    ("titled-name", Attributor._titled_name),
    ("text-that-reads", Attributor._text_that_reads),
    ("noun-before-colon", Attributor._noun_before_colon),
    ("announcement", Attributor._announcement),
    ("according-to", Attributor._according_to_after),
    ("put-so", Attributor._put_so),
    ("cue-after", Attributor._cue_after),
    ("name-before-colon", Attributor._name_before_colon),
    ("cue-before", Attributor._cue_before),
    ("according-to-anywhere", Attributor._according_to_anywhere),
)
FRAGMENT_RULES: tuple[tuple[str, FragmentRule], ...] = (
    ("words-not-said", Attributor._words_not_said),
    ("in-the-words-of-beside", Attributor._words_of_beside),
    ("owned-noun", Attributor._owned_noun),
    ("verb-over", Attributor._verb_over),
    ("finding-over", Attributor._finding_over),
    ("according-to-beside", Attributor._according_to_beside),
    ("noun-over", Attributor._noun_over),
    ("verb-beside", Attributor._verb_beside),
    ("acting-subject", Attributor._acting_subject),
)


def _provides(phrase: SpeakerPhrase, verb: Token) -> bool:
    """Whether a plan or a contract calls for something, which is no speech."""
    is_plan = phrase.kind == "nominal" and singular(phrase.head) in word_set("provision_nouns")
    return is_plan and base_form(verb.text) == "call"


def _is_adjacent(verb: Token, after: Sequence[Token]) -> bool:
    """Whether only its subject separates a verb from a quotation: '"…," Kim laughed'."""
    # Of 'the sergeant barked at Kim' parsers make 'the sergeant who was barked at'.
    is_misread = (
        verb.dep_ == "acl"
        and verb.tag_ == "VBN"
        and any(child.dep_ == "det" for child in verb.head.lefts)
        and not any(token.tag_ in FINITE for token in after)
    )
    if verb.tag_ not in FINITE and not is_misread:
        return False
    if verb.i == after[0].i:
        return True
    subject = subject_of(verb)
    return subject is not None and subject.left_edge.i == after[0].i and verb.i - after[0].i <= _NEAR


def _is_putting(verb: Token) -> bool:
    """Whether a verb says how words came: 'is how Kim put it', 'all Kim would say'."""
    return bool(speech_of(verb) & _SPEAKING) or verb.lower_ in _PUTTING


def _announcing_verb(before: Sequence[Token]) -> list[Token]:
    """Find the verb whose clause ends at the quotation: 'Kim shot back angrily: "…"'."""
    if before[-1].text not in (":", ","):
        return []
    for token in reversed(before[:-1]):
        if token.tag_ in (*FINITE, "VBG") or (token.tag_ == "VB" and speech_of(token) & _SPEAKING):
            return [token]
        if token.tag_ not in ("RB", "RP", "IN"):
            break
    return []


def _ends_with_cue(before: Sequence[Token]) -> bool:
    """Whether the last word before a quotation is a verb of speech: 'X said: "…"'."""
    words = [token for token in before[-2:] if token.text not in (":", ",")]
    return bool(words) and bool(speech_of(words[-1]) & _SPEAKING)


def _is_aside_of_name(verb: Token, first: Token) -> bool:
    """Whether 'called "…"' says more of a noun: 'a dog called "Biscuit"', 'Lee, called "a hero" by'."""
    if verb.lower_ not in _CALLED or not verb.i or first.i - verb.i > 2:
        return False
    is_behind_comma = verb.nbor(-1).text == ","
    # Parsers take 'Lee' for the subject in 'Lee, called "a hero" by Kim, wept'.
    has_own = any(
        child.dep_ in ("nsubj", "nsubjpass", "aux", "auxpass")
        and not (is_behind_comma and child.i == verb.i - 2)
        for child in verb.lefts
    )
    # 'The person named "…" and "…"' may name terms.
    return not has_own and (is_behind_comma or (verb.dep_ == "acl" and verb.lower_ != "named"))


def _is_topic(noun: Token) -> bool:
    """Whether another text is about a noun of speech: "issued a statement on the Army's announcement: …"."""
    link = noun.head
    is_about = noun.dep_ == "pobj" and link.lower_ in ("about", "concerning", "following", "on", "regarding")
    return is_about and singular(link.head.lower_) in word_set("speech_nouns")


def _announces(before: Sequence[Token]) -> bool:
    """Whether the words before a quotation announce it: 'X said: "…"', 'and added, "…"'."""
    if not before:
        return False
    last = before[-1]
    if last.text in (":", ","):
        return any(speech_of(token) & _SPEAKING for token in before)
    return bool(speech_of(last) & _SPEAKING) or last.lower_ == "that"


def _noun_in_front(before: Sequence[Token]) -> Token | None:
    """Find the noun that begins what stands before a colon: 'One *note* on the door: "…"'."""
    if len(before) < _FEWEST_READ or before[-1].text != ":" or before[0].i > before[0].sent.start + 1:
        return None
    phrase = list(takewhile(lambda token: token.tag_ in _NOUN_PHRASE_TAGS, before))
    return phrase[-1] if phrase and phrase[-1].tag_ in ("NN", "NNS") else None


def _label_words(before: Sequence[Token]) -> Sequence[Token]:
    """Return the words of a label before a colon, without another label or a source before it.

    Collections of statements have the source of one between it and the next speaker:
    '"…" [Harbour Gazette, 12 May] Ann Kim, mayor: "…"'.
    """
    if len(before) < 2 or before[-1].text != ":":
        return ()
    words = before[:-1]
    starts = (at + 1 for at in reversed(range(len(words) - 1)) if words[at].text in (":", "]"))
    words = words[next(starts, 0) :]
    if words[0].text == "(":
        words = words[next((at + 1 for at, token in enumerate(words) if token.text == ")"), 0) :]
    return words[1:] if words and words[0].text in (*_DASHES, "*", "•") else words


def _is_addressed(name: Token) -> bool:
    """Whether a name is the object of a verb with a subject: 'Kim texted her sister, Ann Lee: "…"'."""
    while name.dep_ in ("appos", "compound", "conj") and name.head.i != name.i:
        name = name.head
    verb = name.head if name.dep_ in ("dobj", "dative") else name.head.head if name.dep_ == "pobj" else name
    return verb.i != name.i and verb.tag_ in FINITE and subject_of(verb) is not None
