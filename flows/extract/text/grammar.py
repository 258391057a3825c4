"""Grammar of single tokens: subjects, passives, relative clauses, negation. Reads dependency parses."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

from ontherecord.flows.extract.text.cues import Speech, speech_of

FINITE = ("VBD", "VBZ", "VBP")
_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "expl")
_RELATIVE = frozenset(("who", "that", "which", "whom"))
# Verbs under these relations have no subject of their own: they borrow their head's.
_BORROWING = frozenset(("conj", "xcomp", "advcl", "pcomp", "prep", "ccomp", "dep", "parataxis", "aux"))
_QUOTES = frozenset(("quoted", "quoting", "quotes", "quote", "cited", "citing", "cites", "cite"))
# No sentence that means anything nests deeper; a parser's loop of errors might.
_DEEPEST = 8
# Heads above a token; a chain of words that is no sentence can be as long as its paragraph.
_HIGHEST = 40


def subject_of(verb: Token, depth: int = 0) -> Token | None:
    """Find who does what a verb says, through coordination, participles and relative clauses."""
    if depth > _DEEPEST:
        return None
    for child in verb.children:
        if child.dep_ in _SUBJECTS:
            if child.lower_ in _RELATIVE and child.tag_ in ("WP", "WDT", "IN"):
                return verb.head if verb.dep_ == "relcl" else _borrowed(verb, depth)
            return child
    if verb.dep_ == "acl" and verb.tag_ == "VBG" and verb.head.dep_ in ("dobj", "dative"):
        # 'Kim wrote her friends saying …': not the friends say it. But 'a note saying' is Kim's.
        return subject_of(verb.head.head, depth + 1)
    if verb.dep_ in ("acl", "relcl"):
        return verb.head if verb.head.tag_[:2] in ("NN", "PR") else None
    return _quoted_source(verb) or _borrowed(verb, depth)


def _quoted_source(verb: Token) -> Token | None:
    """Find Y in 'X quoted Y as saying': who speaks is the object, not the medium."""
    link = verb.head
    if link.lower_ != "as" or link.head.lower_ not in _QUOTES:
        return None
    return next((child for child in link.head.children if child.dep_ in ("dobj", "nsubjpass")), None)


def _borrowed(verb: Token, depth: int) -> Token | None:
    if verb.head.i == verb.i or verb.dep_ not in _BORROWING:
        return None
    if verb.head.tag_[:2] in ("VB", "MD", "IN") or verb.head.dep_ in ("aux", "prep"):
        return subject_of(verb.head, depth + 1)
    return None


def is_passive(verb: Token) -> bool:
    """Whether a verb's subject is who it is done to."""
    if any(child.dep_ in ("nsubjpass", "auxpass") for child in verb.children):
        return True
    return verb.tag_ == "VBN" and verb.dep_ in ("acl", "advcl") and verb.left_edge.i == verb.i


def agent_of(verb: Token) -> Token | None:
    """Find X in 'described by X as …'."""
    for child in verb.children:
        if child.dep_ == "agent":
            return object_of(child)
    return None


def object_of(preposition: Token, *others: Token) -> Token | None:
    """Find what a preposition governs; `others` are tokens that a parser may have hung it on."""
    for token in (preposition, *others):
        for child in token.children:
            if child.dep_ == "pobj":
                return child
    return None


def owner_of(noun: Token) -> Token | None:
    """Find whose words a noun of speech is: "Kim's reply", 'a note from Kim', 'Kim issued a note'."""
    for child in noun.children:
        if child.dep_ == "poss":
            return child
        if child.dep_ in ("prep", "agent") and child.lower_ in ("from", "by"):
            return object_of(child)
    verb = noun.head.head if noun.head.dep_ == "prep" else noun.head
    if noun.dep_ in ("dobj", "pobj") and verb.tag_[:2] == "VB":
        return subject_of(verb)
    return None


def above(token: Token) -> list[Token]:
    """List a token's heads, the nearest first."""
    found: list[Token] = []
    while token.head.i != token.i and len(found) < _HIGHEST:
        token = token.head
        found.append(token)
    return found


def verbs_around(verb: Token) -> list[Token]:
    """List the verbs of the clauses around a verb, the nearest first."""
    return [token for token in above(verb)[:_DEEPEST] if token.tag_[:2] == "VB"]


def is_in_relative_clause(token: Token, within: Sequence[Token]) -> bool:
    """Whether a token stands in a relative clause of these words."""
    low = within[0].i
    for head in (token, *above(token)):
        if head.i < low:
            return False
        if head.dep_ == "relcl":
            return head.head.i >= low
    return False


def is_silent(verb: Token) -> bool:
    """Whether nothing was said: 'did not say', 'declined to say'."""
    if any(child.dep_ == "neg" for child in verb.children):
        return True
    return verb.dep_ == "xcomp" and bool(speech_of(verb.head) & Speech.SILENCE)
