"""Indirect speech: the clauses that a narrator reports in his own words.

'X said (that) …', '…, X said', 'according to X, …', told, warned, announced, asked whether, urged Y to.
What somebody did not say is no speech.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Span, Token

from ontherecord.flows.extract.attribution.quoted import Attribution, Attributor
from ontherecord.flows.extract.attribution.subjects import Subjects
from ontherecord.flows.extract.text.cues import Speech, base_form, speech_of
from ontherecord.flows.extract.text.grammar import FINITE, is_silent, object_of
from ontherecord.flows.extract.text.narration import Narration

_FEWEST_WORDS = 3
_TELLING = Speech.STATEMENT | Speech.REQUEST | Speech.QUOTING
_CLAUSE = ("ccomp", "xcomp")
_TRAILING = (",", ".", ";", ":", "-", "--", "\u2014", "\u2013", "``", "''", '"', "!", "?", "and", "but")
# What these verbs have for an object is what was said: 'announced the launch of …'.
_OF_THINGS = frozenset(
    ("announce", "deny", "confirm", "predict", "propose", "reveal", "disclose", "allege", "recommend")
)
# 'Had he said so', 'if they say', 'to say': what might be said was not said.
_UNREAL = frozenset(("would", "could", "should", "might", "may", "can", "must", "will", "'d", "'ll"))


@dataclass(frozen=True, slots=True)
class Clause:
    """One reported clause; `tokens` are its token indexes in the narration, half-open."""

    tokens: tuple[int, int]
    attribution: Attribution


def find_clauses(narration: Narration, subjects: Subjects, attributor: Attributor) -> list[Clause]:
    """List the reported clauses of one paragraph, in order; none holds a stand-in."""
    found: list[Clause] = []
    adding = [token.i for token in narration.doc if _goes_on_telling(token)]
    for sentence in narration.sentences:
        for token in sentence:
            if narration.is_fragment(token.i) or narration.is_placeholder(token.i):
                continue
            if token.lower_ == "according":
                clauses = _according(narration, token, sentence, attributor)
            elif (speech := speech_of(token)) and speech & _TELLING:
                clauses = _reported(narration, token, sentence, subjects, attributor, adding)
            else:
                continue
            found.extend(clauses)
    return _without_overlaps(found)


def _reported(
    narration: Narration,
    verb: Token,
    sentence: Span,
    subjects: Subjects,
    attributor: Attributor,
    adding: Sequence[int],
) -> list[Clause]:
    if is_silent(verb) or _is_unreal(verb):
        return []
    source = subjects.of(verb)
    if source is None:
        return []
    spans = _contents(narration, verb, sentence, adding)
    clauses = []
    for low, high in spans:
        span = _trim(narration, low, high)
        if span is not None:
            clauses.append(Clause(span, Attribution(attributor.cue_of(verb), source)))
    return clauses


def _contents(
    narration: Narration, verb: Token, sentence: Span, adding: Sequence[int]
) -> list[tuple[int, int]]:
    speech = speech_of(verb)
    right = None if _is_inverted(verb) else _right_clause(verb, speech)
    if right is not None:
        low, high = right
        high = _until_next_report(adding, low, _until_stand_in(narration, low, high))
        return [(low, high)] if high > low else []
    if _is_aside(verb):
        return _around_aside(narration, verb, sentence)
    if speech & Speech.STATEMENT:
        return _left_clause(narration, verb, sentence)
    return []


def _right_clause(verb: Token, speech: Speech) -> tuple[int, int] | None:
    """Find the clause after a verb: its complement, or what follows 'that'."""
    for child in verb.rights:
        if child.dep_ == "ccomp" and speech & (Speech.STATEMENT | Speech.QUOTING):
            return child.left_edge.i, child.right_edge.i + 1
        if child.dep_ == "ccomp" or (child.dep_ == "xcomp" and speech & Speech.REQUEST):
            has_to = any(token.lower_ == "to" for token in child.lefts)
            if has_to or child.dep_ == "ccomp":
                return child.left_edge.i, child.right_edge.i + 1
        if child.dep_ == "xcomp" and speech & Speech.STATEMENT and child.tag_ == "VB":
            return child.left_edge.i, child.right_edge.i + 1
    if base_form(verb.text) in _OF_THINGS:
        for child in verb.rights:
            if child.dep_ == "dobj" and child.tag_ in ("NN", "NNS"):
                return child.left_edge.i, child.right_edge.i + 1
    after = verb.i + 1
    if (
        after < len(verb.doc)
        and verb.nbor(1).lower_ in ("that", "whether")
        and verb.nbor(1).tag_ in ("IN", "DT")
    ):
        return after, verb.sent.end
    return None


def _until_next_report(adding: Sequence[int], low: int, high: int) -> int:
    """Cut a clause where its speaker goes on with a participle: '…, adding that …'."""
    at = bisect_left(adding, low + 2)
    return adding[at] - 1 if at < len(adding) and adding[at] < high else high


def _goes_on_telling(token: Token) -> bool:
    """Whether a token is a participle of speech after a comma."""
    is_participle = token.tag_ == "VBG" and speech_of(token) & Speech.STATEMENT
    return bool(is_participle) and token.i > 0 and token.nbor(-1).text == ","


def _is_aside(verb: Token) -> bool:
    """Whether a verb stands in 'As X reported' or 'as reported by X'."""
    return verb.dep_ == "advcl" and any(child.lower_ == "as" and child.i < verb.i for child in verb.children)


def _around_aside(narration: Narration, verb: Token, sentence: Span) -> list[tuple[int, int]]:
    first, last = verb.left_edge.i, verb.right_edge.i
    if first <= sentence.start + 1:
        comma = next((token.i for token in sentence if token.i >= last and token.text == ","), None)
        low, high = (comma + 1, sentence.end) if comma is not None else (0, 0)
    else:
        low, high = sentence.start, first
    if narration.has_stand_in(low, high):
        return []
    return [(low, high)]


def _left_clause(narration: Narration, verb: Token, sentence: Span) -> list[tuple[int, int]]:
    """Find the clause before a verb: '…, X said', and its rest after: '…, X said, …'."""
    subject = next((child for child in verb.lefts if child.dep_ in ("nsubj", "nsubjpass")), None)
    inverted = _is_inverted(verb)
    edge = subject.left_edge.i if subject is not None and not inverted else verb.i
    if edge <= sentence.start or verb.doc[edge - 1].text != ",":
        return []
    # Words before a comma are reported only if they are a clause: 'In Rome, Kim said' reports nothing.
    has_clause = any(child.dep_ == "ccomp" and child.i < edge for child in verb.children)
    is_parenthesis = verb.dep_ in ("parataxis", "ccomp", "dep") and verb.head.i != verb.i
    if not has_clause and not is_parenthesis:
        return []
    low = sentence.start
    if narration.has_stand_in(sentence.start, edge):
        return []
    spans = [(low, edge - 1)]
    after = _after_speaker(verb, inverted)
    # Only a parenthesis goes on: '…, X said, …'.
    if after < sentence.end and verb.doc[after].text == "," and verb.head.i > after:
        spans.append((after + 1, _until_stand_in(narration, after + 1, sentence.end)))
    return [(low, high) for low, high in spans if high - low >= _FEWEST_WORDS]


def _is_inverted(verb: Token) -> bool:
    """Whether a verb stands after a comma and before its subject: '…, said X, …'."""
    if verb.i == verb.sent.start or verb.nbor(-1).text != "," or verb.tag_ not in ("VBD", "VBZ", "VBP"):
        return False
    if any(child.dep_ in ("nsubj", "nsubjpass") for child in verb.lefts):
        return False
    subject = next((child for child in verb.rights if child.dep_ == "nsubj"), None)
    return subject is not None and subject.left_edge.i == verb.i + 1


def _after_speaker(verb: Token, is_inverted: bool) -> int:
    """Return the token after '…, X said' or '…, said X'."""
    if not is_inverted:
        return verb.i + 1
    after = verb.i + 1
    while after < verb.sent.end and verb.doc[after].tag_[:2] in ("NN", "DT", "JJ", "PR", "PO"):
        after += 1
    return after


def _according(narration: Narration, token: Token, sentence: Span, attributor: Attributor) -> list[Clause]:
    attribution = attributor.phrase(token)
    head = object_of(token.nbor(1), token) if attribution is not None else None
    if attribution is None or head is None:
        return []
    if token.i == sentence.start:
        commas = (other.i for other in sentence if other.text == "," and other.i >= head.right_edge.i)
        comma = next(commas, None)
        if comma is None:
            return []
        low, high = comma + 1, sentence.end
    else:
        low, high = sentence.start, token.i
    if narration.has_stand_in(low, high):
        return []
    span = _trim(narration, low, high)
    return [Clause(span, attribution)] if span is not None else []


def _until_stand_in(narration: Narration, low: int, high: int) -> int:
    first, last = narration.placeholders_between(low - 1, high)
    return narration.placeholder_indexes[first] - 1 if first < last else high


def _is_unreal(verb: Token) -> bool:
    if any(child.dep_ == "aux" and child.lower_ in _UNREAL for child in verb.children):
        return verb.tag_ == "VB"
    if verb.tag_ != "VB":
        return False
    # 'went on to say' said it; 'wanted to say' did not.
    return verb.head.lower_ not in ("went", "go", "goes", "continued", "continues", "did", "took", "used")


def _trim(narration: Narration, low: int, high: int) -> tuple[int, int] | None:
    doc = narration.doc
    quoted = narration.quoted
    while (
        high > low and high - 1 not in quoted and (doc[high - 1].text in _TRAILING or doc[high - 1].is_space)
    ):
        high -= 1
    while low < high and low not in quoted and (doc[low].text in _TRAILING or doc[low].is_space):
        low += 1
    if high - low < _FEWEST_WORDS:
        return None
    return low + (low not in quoted and _is_complementizer(doc[low])), high


def _is_complementizer(token: Token) -> bool:
    """Whether 'that' or 'whether' only joins a clause: in 'that was wrong' it is a word of the clause."""
    if token.lower_ not in ("that", "whether") or token.i + 1 >= len(token.doc):
        return False
    return token.dep_ == "mark" or (token.tag_ == "IN" and token.nbor(1).tag_ not in (*FINITE, "MD"))


def _without_overlaps(clauses: list[Clause]) -> list[Clause]:
    """Keep the longer of two clauses that share words: the outer one reports the inner one."""
    kept: list[Clause] = []
    for clause in sorted(clauses, key=lambda clause: clause.tokens[0] - clause.tokens[1]):
        if all(clause.tokens[1] <= other.tokens[0] or other.tokens[1] <= clause.tokens[0] for other in kept):
            kept.append(clause)
    return sorted(kept, key=lambda clause: clause.tokens)
