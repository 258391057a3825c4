"""Speaker phrases: the noun phrase that names the speaker, and its type."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from spacy.tokens import Doc, Token

from ontherecord.flows.extract.text.cues import speech_of
from ontherecord.flows.extract.text.narration import Narration
from ontherecord.flows.extract.word_lists import word_set
from ontherecord.warehouse.records import Entity, Mention

PhraseKind = Literal["name", "pronoun", "nominal"]

_PREMODIFIERS = frozenset(
    ("det", "compound", "amod", "poss", "nummod", "nmod", "quantmod", "advmod", "predet", "case")
)
_POSTMODIFIERS = frozenset(("of", "for", "from", "at", "with", "in"))
# How reporters say that a source knows: 'people close to him', 'an official briefed on the talks'.
_SOURCE_ADJECTIVES = frozenset(("close", "familiar", "briefed", "near", "involved", "knowledgeable"))
# Tags of the words in 'the chairman of the Oslo Bank's board', up to this many.
_ROLE_TAGS = frozenset(("IN", "DT", "NN", "NNS", "NNP", "NNPS", "JJ", "POS", "CC", "CD", "HYPH"))
_LONGEST_ROLE = 14
_LONGEST_LIST = 8
_CLAUSE_OPENERS = (",", '"', "''", "``", ":", ";", "\u2014", "\u2013", "--")
# Determiners that stand for people: 'those who stayed said'.
_PAIRS = frozenset(("couple", "pair", "duo", "trio", "team", "band", "family"))
_OWN_WORDS = frozenset(("those", "these", "some", "all", "another"))
# Longer postmodifiers ('the head of the office of …') are left out of the phrase.
_LONGEST_TAIL = 8
_DEGREES = frozenset(("nearly", "roughly", "only", "approximately", "fully", "virtually", "practically"))


@dataclass(frozen=True, slots=True)
class SpeakerPhrase:
    """The noun phrase that names a speaker; offsets are the body's.

    `entity_no` is the entity of the phrase's head or apposition; None for pronouns and for nominals without
    a name. `joint` has the words and the entity of each of several speakers.
    """

    kind: PhraseKind
    start: int
    end: int
    text: str
    head: str
    is_plural: bool
    is_proper: bool
    entity_no: int | None
    joint: tuple[tuple[str, int | None], ...] = ()


class MentionIndex:
    """The body's mentions, by offset."""

    def __init__(self, mentions: Sequence[Mention], entities: Sequence[Entity]) -> None:
        self._entities = entities
        self.mentions = [mention for mention in mentions if mention.field == "body"]
        self._starts = [mention.char_start for mention in self.mentions]

    def at(self, offset: int) -> Mention | None:
        """Return the mention that covers a body offset."""
        index = bisect_right(self._starts, offset) - 1
        if index >= 0 and offset < self.mentions[index].char_end:
            return self.mentions[index]
        return None

    def is_person(self, entity_no: int) -> bool:
        """Whether an entity is a person."""
        return self._entities[entity_no].kind == "person"

    def origins(self, start: int, end: int) -> list[str]:
        """List the countries and places named in a span of the body: 'country:FR', 'place:lyon'."""
        found = []
        for mention in self.between(start, end):
            entity = self._entities[mention.entity_no]
            if entity.country_code is not None:
                found.append(f"country:{entity.country_code}")
            if entity.kind == "place":
                found.append(f"place:{entity.name.lower()}")
        return found

    def before(self, mention: Mention) -> Mention | None:
        """Return the mention before another one."""
        index = bisect_right(self._starts, mention.char_start) - 2
        return self.mentions[index] if index >= 0 else None

    def after(self, mention: Mention) -> Mention | None:
        """Return the mention after another one."""
        index = bisect_right(self._starts, mention.char_start)
        return self.mentions[index] if index < len(self.mentions) else None

    def between(self, start: int, end: int) -> list[Mention]:
        """List the mentions that begin in a span of the body."""
        low, high = bisect_right(self._starts, start - 1), bisect_right(self._starts, end - 1)
        return self.mentions[low:high]


def read_speaker_phrase(
    narration: Narration, head: Token, mentions: MentionIndex, body: str
) -> SpeakerPhrase | None:
    """Describe the noun phrase of a head token; None if no words are left of it."""
    head = _name_head(narration, _whole_word(head), mentions)
    mention = mentions.at(narration.start_of(head))
    if mention is not None and mention.kind == "group" and _is_one_of(head):
        mention = None  # 'a Nevada Democrat' is a member, not the group
    start, end = _extent(narration, head, mention)
    role = _role_behind(narration, head, mention)
    if role is not None:
        head, mention, end = role, None, narration.end_of(role)
    speakers = joint_heads(narration, head, mentions)
    joint = tuple(_part(narration, one, mentions, body) for one in speakers)
    if joint:
        start = min(start, _extent(narration, speakers[0], mentions.at(narration.start_of(speakers[0])))[0])
        end = max(end, _extent(narration, speakers[-1], mentions.at(narration.start_of(speakers[-1])))[1])
    text = body[start:end]
    for mark in ("'s", "\u2019s"):
        if text.endswith(mark):
            text = text[: -len(mark)]
    if not text.strip():
        return None
    end = start + len(text)
    entity_no = mention.entity_no if mention is not None else None
    if entity_no is None or (mention is not None and mention.kind != "person"):
        apposed = _apposition(narration, head, mentions) if not joint else ()
        if len(apposed) > 1:
            joint = tuple(_part(narration, one, mentions, body) for one in apposed)
        elif apposed:
            entity_no = _part(narration, apposed[0], mentions, body)[1]
    if head.tag_ in ("PRP", "PRP$", "WP", "DT") and head.lower_ not in _OWN_WORDS and mention is None:
        kind: PhraseKind = "pronoun"
    else:
        kind = "name" if entity_no is not None else "nominal"
    is_plural = head.tag_ in ("NNS", "NNPS") or head.lower_ in _OWN_WORDS or bool(joint)
    is_proper = head.tag_[:3] == "NNP" and not head.is_lower
    return SpeakerPhrase(kind, start, end, text, head.lower_, is_plural, is_proper, entity_no, joint)


def _whole_word(head: Token) -> Token:
    """Return the last part of a word where the parser takes the first one: 'an e | -mail', 'the No. | 1'."""
    if head.text == "No." and head.i + 1 < head.sent.end and head.nbor().like_num:
        return head.nbor()
    if head.text == "-" and head.i + 1 < head.sent.end:
        return head.nbor()  # 'the vice | - | president'
    hyphen = head.i + 1
    is_cut = (
        head.tag_[:2] == "NN"
        and hyphen + 1 < head.sent.end
        and head.doc[hyphen].text == "-"
        and not head.whitespace_
        and not head.doc[hyphen].whitespace_
    )
    return head.doc[hyphen + 1] if is_cut else head


def _role_behind(narration: Narration, head: Token, mention: Mention | None) -> Token | None:
    """Find the role that parsers cut off: 'a Ministry of Parks | spokesman', 'the Leicester | forward'."""
    last = head.i + 1
    if mention is not None:
        if mention.kind not in ("organization", "place"):
            return None
        _, last = narration.tokens_between(mention.char_start, mention.char_end)
    if head.tag_ != "NNP" or last >= len(head.doc):
        return None
    after = head.doc[last]
    has_article = any(child.dep_ == "det" for child in head.lefts)
    is_spoken_for = after.lower_ in ("spokesman", "spokesperson", "spokeswoman", "spokespeople")
    is_player = after.lower_ in ("forward", "back") and after.tag_ == "RB"
    return after if has_article and (is_spoken_for or is_player) else None


def _extent(narration: Narration, head: Token, mention: Mention | None) -> tuple[int, int]:
    """Return the body offsets of a head's noun phrase."""
    first, last = _first_token(head), _last_token(head, mention is not None)
    start, end = narration.start_of(first), narration.end_of(last)
    if mention is not None:
        start, end = min(start, mention.char_start), max(mention.char_end, narration.end_of(head))
    return start, end


def _part(narration: Narration, head: Token, mentions: MentionIndex, body: str) -> tuple[str, int | None]:
    """Return the words of one of several speakers, and the entity."""
    after = head.nbor(1) if head.i + 1 < len(head.doc) else head
    if head.tag_ in ("NN", "NNP") and _is_person(narration, after, mentions):
        head = after  # 'Kim and the chairman Bo Lee'
    mention = mentions.at(narration.start_of(head))
    if mention is not None and mention.kind != "group":
        return mention.text, mention.entity_no
    start, end = _extent(narration, head, mention)
    return body[start:end], None


def _is_one_of(head: Token) -> bool:
    return head.tag_ in ("NN", "NNP", "JJ") or any(child.dep_ in ("nummod", "det") for child in head.children)


def _name_head(narration: Narration, head: Token, mentions: MentionIndex) -> Token:
    """Step from a title to the name beside it, where the parser took the title for the head.

    'spokesman John Kirby' is one phrase; 'a spokesman for John Kirby' is another person.
    """
    # 'founder and chairman Ann Kim' is one person.
    other = next((child for child in head.children if child.dep_ == "conj" and child.i > head.i), None)
    if other is not None and _is_bare(head) and _is_person(narration, other, mentions):
        return other
    possessed = _possessed_person(narration, head, mentions) or _person_of_place(narration, head, mentions)
    if possessed is not None:
        return possessed
    if mentions.at(narration.start_of(head)) is not None or head.tag_[:2] != "NN":
        return head
    if head.i + 1 < len(head.doc):
        after = head.nbor(1)
        if after.text == "." and after.i + 1 < head.sent.end and head.is_title:  # 'Sens. Ann Kim'
            after = after.nbor(1)
        closing = after.i + 2
        if after.text == "(" and closing + 1 < len(head.doc) and head.doc[closing].text == ")":
            after = head.doc[closing + 1]  # 'Gen (retd) Ann Kim'
        mention = mentions.at(narration.start_of(after))
        is_same = after.i < head.sent.end  # not '"…," said the judge. Kim smiled.'
        if mention is not None and mention.kind == "person" and after.tag_[:3] == "NNP" and is_same:
            return _last_of(narration, after, mention)
    return head


def _possessed_person(narration: Narration, head: Token, mentions: MentionIndex) -> Token | None:
    """Step from an owner to the person right behind: "the Bureau of Weather's Ann Kim said"."""
    doc = head.doc
    owner = mentions.at(narration.start_of(head))
    at = _last_of(narration, head, owner).i + 1 if owner is not None else head.i + 1
    if at + 1 >= len(doc) or doc[at].tag_ != "POS" or not _is_person(narration, doc[at + 1], mentions):
        return None
    if owner is not None and owner.kind == "person":
        return None
    person = mentions.at(narration.start_of(doc[at + 1]))
    return _last_of(narration, doc[at + 1], person) if person is not None else None


def _person_of_place(narration: Narration, head: Token, mentions: MentionIndex) -> Token | None:
    """Step from a place to its person where parsers see two subjects: "Ohio's U.S. | Senator Ann Kim".

    The place or body stands right before the title and the name.
    """
    place = mentions.at(narration.start_of(head))
    if place is None or place.kind == "person" or head.dep_ not in ("nsubj", "nsubjpass"):
        return None
    at = _last_of(narration, head, place).i + 1
    other = next((child for child in head.head.lefts if child.dep_ == head.dep_ and child.i >= at), None)
    is_next = other is not None and all(token.tag_[:2] == "NN" for token in head.doc[at : other.i + 1])
    return other if other is not None and is_next and _is_person(narration, other, mentions) else None


def _apposition(narration: Narration, head: Token, mentions: MentionIndex) -> tuple[Token, ...]:
    """Find who is in apposition to a role: 'the mayor, Ann Kim,', 'her lawyers, Ann Kim and Bo Lee,'."""
    others = [child for child in head.children if child.dep_ == "appos" and child.i > head.i]
    # 'Her son, the actor Tom Kim,': parsers take the name for an apposition of the actor.
    others += [child for one in others for child in one.children if child.dep_ == "appos" and child.i > one.i]
    if head.dep_ == "appos":
        others.append(head.head)
    for other in others:
        if is_excluded(other) or is_excluded(head):
            continue  # 'Ann Kim, not Bo Lee,'
        if _is_person(narration, other, mentions):
            is_many = head.tag_ in ("NNS", "NNPS") or head.lower_ in _PAIRS
            joint = joint_heads(narration, other, mentions) if is_many else ()
            return joint or (other,)
    named = _name_after_role(narration, head, mentions)
    return (named,) if named is not None else ()


def is_excluded(head: Token) -> bool:
    """Whether 'not' stands before a noun phrase: 'it was Ann Kim, not Bo Lee, who said'."""
    first = head.left_edge.i
    return first > head.sent.start and head.doc[first - 1].lower_ == "not"


def _name_after_role(narration: Narration, head: Token, mentions: MentionIndex) -> Token | None:
    """Find the name set off by commas after a role: 'the chairman of the Oslo Bank, Ann Kim, said'.

    Parsers attach it to the bank, or to nothing. A list ('the mayor, Ann Kim and …') is none.
    """
    doc = head.doc
    # 'According to one of the crowd, Kim …' goes on with Kim.
    opens = head.dep_ == "pobj" and doc[head.sent.start].lower_ == "according"
    if head.tag_ not in ("NN", "NNP") or head.i + 2 >= len(doc) or opens:
        return None
    at = head.i + 1
    last = min(len(doc), head.i + _LONGEST_ROLE)
    while at < last and doc[at].tag_ in _ROLE_TAGS:
        at += 1
    if at >= last or doc[at].text != ",":
        return None
    at += 1
    while at < last and doc[at].tag_[:2] == "NN" and mentions.at(narration.start_of(doc[at])) is None:
        at += 1  # 'the judge, Mr Justice Kim,'
    mention = mentions.at(narration.start_of(doc[at])) if at < last else None
    kind = "organization" if head.lower_ in word_set("organization_nouns") else "person"
    if mention is None or mention.kind != kind:
        return None
    name = _last_of(narration, doc[at], mention)
    closes = name.i + 1 >= len(doc) or name.nbor(1).text in (",", ".", ":", ";", "(")
    return name if closes else None


def _is_person(narration: Narration, token: Token, mentions: MentionIndex) -> bool:
    mention = mentions.at(narration.start_of(token))
    return mention is not None and mention.kind == "person"


def joint_heads(narration: Narration, head: Token, mentions: MentionIndex) -> tuple[Token, ...]:
    """Find the heads of joint speakers: 'Kim and Lee said'; empty for one speaker.

    Read from the parse, or, for names beside each other, from the words between them: parsers attach
    'Sens. Ann Kim (R-Ohio) and Bo Lee' to many things.
    """
    found = _conjuncts(narration, head)
    if len(found) > 1 and found[0].i <= head.i:
        mention = mentions.at(narration.start_of(head))
        if mention is None or narration.start_of(found[-1]) >= mention.char_end:  # not 'Ernst and Young'
            return found
    return _named_together(narration, head, mentions)


def _conjuncts(narration: Narration, head: Token) -> tuple[Token, ...]:
    """List the coordinated nouns of a head: 'Kim, Lee and Park'; one if something else is coordinated."""
    found = [head]
    while True:
        child = next(
            (
                child
                for child in found[-1].children
                if child.dep_ == "conj"
                and child.i > found[-1].i
                and child.tag_[:2] in ("NN", "PR")
                and not narration.is_fragment(child.i)
            ),
            None,
        )
        if child is None:
            break
        found.append(child)
    if len(found) == 1:
        return ()
    between = head.doc[found[-2].i + 1 : found[-1].left_edge.i]
    words = [word.lower_ for word in between if word.text != ","]
    is_and = words[-1:] in (["and"], ["&"])
    return tuple(found) if is_and and not _is_bare(found[0]) else ()


def _is_bare(noun: Token) -> bool:
    """Whether a singular common noun has no article, as a title before a name."""
    return noun.tag_ == "NN" and not any(child.dep_ in ("det", "poss") for child in noun.children)


def _named_together(narration: Narration, head: Token, mentions: MentionIndex) -> tuple[Token, ...]:
    """Find persons named side by side at the edge of a clause, who speak together.

    'Hall, Kim and Lee said' and 'said Kim and Lee', but not 'Hall met Kim and Lee said'.
    """
    here = mentions.at(narration.start_of(head))
    if here is None or here.kind != "person":
        return ()
    listed = [here]
    while len(listed) < _LONGEST_LIST and (before := _person_before(mentions, listed[0])) is not None:
        if _link(narration, head.doc, before, listed[0]) is None:
            break
        listed.insert(0, before)
    while len(listed) < _LONGEST_LIST and (after := _person_after(mentions, listed[-1])) is not None:
        link = _link(narration, head.doc, listed[-1], after)
        if link is None:
            break
        listed.append(after)
        if link == "and":
            break
    if len(listed) < 2 or _link(narration, head.doc, listed[-2], listed[-1]) != "and":
        return ()
    spans = [_tokens_of(narration, one) for one in listed]
    if not _is_clause_edge(head.doc, spans[0][0], spans[-1][1]):
        return ()
    return tuple(head.doc[last - 1] for _, last in spans)


def _person_before(mentions: MentionIndex, one: Mention) -> Mention | None:
    """Return the name before a person's, or before a place in the title: 'Kim and U.S. Senator Bo Lee'."""
    before = mentions.before(one)
    return mentions.before(before) if before is not None and before.kind == "place" else before


def _person_after(mentions: MentionIndex, one: Mention) -> Mention | None:
    after = mentions.after(one)
    return mentions.after(after) if after is not None and after.kind == "place" else after


def _tokens_of(narration: Narration, mention: Mention) -> tuple[int, int]:
    return narration.tokens_between(mention.char_start, mention.char_end)


def _last_of(narration: Narration, token: Token, mention: Mention) -> Token:
    """Return the last token of the mention that a token is in."""
    return token.doc[max(token.i, _tokens_of(narration, mention)[1] - 1)]


def _link(narration: Narration, doc: Doc, one: Mention, other: Mention) -> str | None:
    """Return how two persons of one sentence are linked: 'and', ',' or not at all."""
    if not one.kind == other.kind == "person" or one.entity_no == other.entity_no:
        return None
    (first, low), (high, last) = _tokens_of(narration, one), _tokens_of(narration, other)
    if not first < low <= high < last or doc[first].sent != doc[last - 1].sent:
        return None
    low = _after_origin(doc, low)
    if _joins(doc, low, high):
        return "and"
    return "," if [token.text for token in doc[low:high]] == [","] else None


def _after_origin(doc: Doc, at: int) -> int:
    """Return the token after 'of Ohio' or 'from Leeds' behind a name: 'Kim of Ohio and Lee of Utah'."""
    end = at + 1
    if at >= len(doc) or doc[at].lower_ not in ("of", "from"):
        return at
    while end < len(doc) and doc[end].tag_ in ("NNP", "NNPS"):
        end += 1
    return end if end > at + 1 else at


def _joins(doc: Doc, low: int, high: int) -> bool:
    """Whether only 'and', brackets and titles are between two names."""
    words = list(doc[low:high])
    ands = [token for token in words if token.lower_ in ("and", "&")]
    if len(ands) != 1 or len(words) > _LONGEST_ROLE:
        return False
    in_brackets = False
    for token in words:
        in_brackets = in_brackets or token.text == "("
        is_title = token.i > ands[0].i and token.tag_ in ("NN", "NNP", "JJ", "PRP$", "HYPH", ".")
        is_link = token.text in (",", ")") or token.i == ands[0].i
        if not in_brackets and not is_title and not is_link:
            return False
        in_brackets = in_brackets and token.text != ")"
    return True


def _is_clause_edge(doc: Doc, first: int, last: int) -> bool:
    """Whether a clause begins at a token and its verb of speech follows `last`, or it ends there."""
    start = doc[first].sent.start
    while first > start and doc[first - 1].tag_ in ("NNP", "NNPS", "NN", "NNS", "JJ", "."):
        first -= 1  # titles
    last = _after_origin(doc, last)
    if doc[last : last + 2].text.lower() == ", both" and (comma := _next_comma(doc, last + 2)) is not None:
        last = comma + 1  # ', both Republicans, said'
    until = min(len(doc), last + _LONGEST_ROLE)
    while last < until and doc[last].tag_ in ("RB", "NN", "NNP", "-LRB-", "-RRB-", "HYPH", "CD"):
        last += 1
    before = doc[first - 1] if first > start else None
    after = doc[last] if last < len(doc) else None
    if before is None or before.text in _CLAUSE_OPENERS:
        return after is not None and bool(speech_of(after))
    closes = after is None or after.text in (",", ".", ";", ":", ")")
    return bool(speech_of(before)) and closes and first >= 2 and doc[first - 2].text in _CLAUSE_OPENERS


def _next_comma(doc: Doc, at: int) -> int | None:
    reach = range(at, min(len(doc), at + _LONGEST_ROLE))
    return next((place for place in reach if doc[place].text == ","), None)


def _first_token(head: Token) -> Token:
    first = head
    while first.i > 1 and first.nbor(-1).text == "-" and not first.nbor(-1).whitespace_:
        first = first.nbor(-2)  # 'the 30-year-old'
    for child in reversed([child for child in head.children if child.i < first.i]):
        if child.dep_ not in _PREMODIFIERS or child.right_edge.i != first.i - 1:
            break
        edge = child.left_edge
        if any(token.tag_ in (",", ":", "``", "''") for token in head.doc[edge.i : child.i]):
            return child
        first = edge
    is_adverb = first.i < head.i and first.lower_.endswith("ly") and first.lower_ not in _DEGREES
    if is_adverb and first.nbor(1).tag_ == "DT":
        first = first.nbor(1)  # 'Similarly another user said'
    # An article right before the phrase belongs to it, wherever the parser has attached it.
    is_article = first.i > head.sent.start and first.nbor(-1).lower_ in ("the", "a", "an")
    return first.nbor(-1) if is_article else first


def _ends_before_verb(token: Token) -> bool:
    """Whether a verb stands behind the word after a token."""
    after = token.i + 2
    return after < token.sent.end and bool(speech_of(token.doc[after]))


def _last_token(head: Token, is_name: bool) -> Token:
    if is_name:
        return head
    if head.tag_ == "CD" and head.i + 2 < head.sent.end and head.nbor(1).text == "-" and not head.whitespace_:
        head = head.nbor(2)  # 'two-thirds of voters'
    last = head
    while last.i + 2 < head.sent.end and last.nbor(1).text == "-" and not last.whitespace_:
        if last.nbor(1).whitespace_:
            break
        last = last.nbor(2)  # 'a mother-of | -two'
    if (
        head.tag_ == "CD"
        and last.i + 1 < head.sent.end
        and last.nbor(1).tag_ == "JJ"
        and _ends_before_verb(last)
    ):
        last = last.nbor(1)  # 'one local said'
    for child in head.children:
        is_link = child.dep_ == "prep" and (
            child.lower_ in _POSTMODIFIERS
            or (child.lower_ == "by" and head.lower_ in word_set("document_nouns"))  # 'data by the bank'
        )
        is_next = child.i == last.i + 1 and (is_link or child.lower_ in _SOURCE_ADJECTIVES)
        if is_next and child.right_edge.i - child.i <= _LONGEST_TAIL:
            last = child.right_edge
            for token in head.doc[child.i : last.i + 1]:
                if token.tag_ in (",", ":", "WP", "WDT", "``", "''") or token.dep_ == "relcl":
                    return token.nbor(-1)
    return last
