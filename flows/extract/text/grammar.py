"""Grammar on dependency parses: subjects, passives, inversion, relative clauses, negation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.tokens import Doc, Token

from ontherecord.flows.extract.text.cues import Speech, base_form, speech_of
from ontherecord.flows.extract.word_lists import word_set

FINITE = ("VBD", "VBZ", "VBP")
_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "expl")
_RELATIVE = frozenset(("who", "that", "which", "whom"))
# Verbs under these relations have no subject of their own; they share their head's.
_INHERITING = frozenset(("conj", "xcomp", "advcl", "pcomp", "prep", "ccomp", "dep", "parataxis", "aux"))
_QUOTE_VERBS = frozenset(("quoted", "quoting", "quotes", "quote", "cited", "citing", "cites", "cite"))
_DENIALS = frozenset(("deny", "denied", "denies", "denying", "disputed", "disputes", "avoided", "regretted"))
_APPOSITION = 14  # tokens of 'The mayor, Ann Kim,'
# What papers do: in 'Kim had papers showing that …' the papers do, in 'Kim wrote him saying …' Kim does.
_SHOWING = frozenset(
    ("indicating", "suggesting", "showing", "proving", "demonstrating", "confirming", "stating")
)
_WISHES = frozenset(
    (
        "learn", "learned", "learnt", "learns", "learning", "want", "wants", "wanted", "wish", "wished",
        "hope", "hopes", "hoped", "hoping", "plan", "plans", "planned", "intend", "intends", "intended",
        "need", "needs", "needed", "teach", "taught", "teaches", "dare", "dares", "dared",
    )
)  # fmt: skip
_NOT_ONE = frozenset(("not", "hardly", "scarcely", "barely"))
# Verbs whose object is who hears the words.
_SAID_TO = frozenset(
    ("tell", "ask", "inform", "warn", "remind", "assure", "advise", "order", "instruct", "urge", "question")
)
_TELLING = frozenset(("tell", "inform", "remind", "assure"))
_HEARD = frozenset(("asked", "told", "warned", "informed", "reminded", "quoted"))
# 'When asked', 'if pressed': of these verbs somebody else is the speaker.
_TOLD_OR_LED = _HEARD | {"advised", "challenged", "invited", "ordered", "pressed", "questioned", "urged"}
_BEFORE_PASSIVES = frozenset(("when", "if", "until", "unless", "though", "although"))
_HAVE = frozenset(("have", "has", "had", "having"))
_MISQUOTES = frozenset(("misquoted", "misquoting", "misquotes"))
# What somebody comes close to saying, or is accused of saying: 'stopped short of saying that'.
_UNSAID_OF = frozenset(
    ("short", "accused", "accuse", "accuses", "suspected", "instead", "incapable", "afraid")
)
_WRONGLY = frozenset(("wrongly", "falsely", "incorrectly", "inaccurately"))
# What somebody says in these is not theirs, within so many tokens.
_FICTION_REACH = 25
_FICTION = re.compile(
    r"\b(?:faked?|fabricated|doctored|deepfake|forged|bogus|invented|parody|satirical|hoax|myth)\b"
    r"|\b[Rr]umou?rs? (?:that|of)\b"
    r"|^(?:Suppose|Imagine|Picture)\s[A-Z]|\b(?:not|n't|never) (?:true|correct|right|the case) that\b"
    r"|\b(?:false|untrue|wrong|a lie) that\b|\b(?:earlier|previous) version of (?:this|the)\b"
    r"|\b[Ii]n (?:the|a|one|his|her) (?:\w+ )?"
    r"(?:play|film|movie|novel|musical|sketch|sitcom|opera|cartoon|dream)\b"
)
# Auxiliaries of reported speech.
_BACKSHIFTED = frozenset(("would", "could", "might", "should", "had"))
# Clauses to climb: real sentences do not nest deeper, parser errors may.
_MOST_CLAUSES = 8
# Heads to climb: a list parsed as one chain can be as long as its paragraph.
_MOST_ANCESTORS = 40


def subject_of(verb: Token, depth: int = 0) -> Token | None:
    """Find the subject of a verb, through coordination, participles and relative clauses."""
    if depth > _MOST_CLAUSES:
        return None
    if is_caused(verb):
        return _object_over(verb)
    interrupting = speaker_within(verb)
    if interrupting is not None:
        return interrupting[0]
    lefts = [child for child in verb.lefts if child.dep_ in _SUBJECTS]
    edge = lefts[-1].left_edge.i if len(lefts) > 1 else 0
    if edge and verb.doc[edge - 1].tag_ not in ("IN", "NNP"):
        lefts.reverse()  # 'The bridge, Kim said, was old': of the two that parsers give, the nearer
    elif lefts and is_inverted(verb):
        lefts = []  # 'The bridge, said Kim, was old'
    for child in (*lefts, *verb.rights):
        if child.dep_ in _SUBJECTS:
            if child.lower_ in _RELATIVE and child.tag_ in ("WP", "WDT", "IN"):
                if verb.dep_ == "relcl":
                    return verb.head
                return _noun_before(child) or _inherited_subject(verb, depth)
            return child
    is_told = verb.lower_ not in _SHOWING
    if verb.dep_ == "acl" and verb.tag_ == "VBG" and verb.head.dep_ in ("dobj", "dative") and is_told:
        # 'Kim wrote her friends saying …': Kim says it, not the friends. 'a note saying' is Kim's too.
        return subject_of(verb.head.head, depth + 1)
    if verb.dep_ == "acl" and verb.tag_ == "VBG" and verb.head.dep_ == "pobj" and is_told:
        link = verb.head.head  # 'Kim wrote to her friends urging them to …'
        if link.lower_ == "to" and speech_of(link.head) & (Speech.STATEMENT | Speech.QUOTING):
            return subject_of(link.head, depth + 1)
    if verb.dep_ in ("acl", "relcl"):
        return verb.head if verb.head.tag_[:2] in ("NN", "PR") else None
    set_off = speaker_set_off(verb)
    if set_off is not None:
        return set_off[0]
    return _quoted_person(verb) or _blamed_person(verb) or _inherited_subject(verb, depth)


def _noun_before(relative: Token) -> Token | None:
    """Find the noun before 'that' where parsers see no relative clause: 'the taboo - that says …'."""
    if relative.lower_ != "that" or relative.tag_ != "WDT" or relative.i <= relative.sent.start:
        return None
    before = relative.nbor(-1)
    if before.is_punct and before.i > relative.sent.start:
        before = before.nbor(-1)
    return before if before.tag_[:2] == "NN" else None


def is_caused(verb: Token) -> bool:
    """Whether somebody is made to do what a verb says: 'led Kim to say'."""
    return verb.head.lower_ in word_set("verbs_causing") and _object_over(verb) is not None


def _object_over(verb: Token) -> Token | None:
    """Find Y in 'X led Y to say': the object of the verb over an infinitive."""
    is_infinitive = verb.dep_ in ("xcomp", "ccomp") and any(child.lower_ == "to" for child in verb.lefts)
    objects = [child for child in verb.head.rights if child.dep_ in ("dobj", "dative") and child.i < verb.i]
    return objects[0] if is_infinitive and objects else None


def _quoted_person(verb: Token) -> Token | None:
    """Find Y in 'X quoted Y as saying': the speaker is the object, not the medium."""
    link = verb.head
    if link.lower_ == "as" and any(child.lower_ in _QUOTE_VERBS for child in link.head.lefts):
        return link.head  # 'quoted leader Kim as saying': parsers take 'quoted' for a participle
    if link.lower_ != "as" or link.head.lower_ not in _QUOTE_VERBS:
        return None
    return next((child for child in link.head.children if child.dep_ in ("dobj", "nsubjpass")), None)


def _blamed_person(verb: Token) -> Token | None:
    """Find Y in 'X sued Y for saying', 'X thanked Y for calling it'."""
    link = verb.head
    if verb.dep_ != "pcomp" or link.lower_ != "for" or link.head.tag_[:2] != "VB":
        return None
    return next((child for child in link.head.children if child.dep_ in ("dobj", "nsubjpass")), None)


def _inherited_subject(verb: Token, depth: int) -> Token | None:
    if verb.head.i == verb.i or verb.dep_ not in _INHERITING:
        return None
    if verb.head.tag_[:2] in ("VB", "MD", "IN") or verb.head.dep_ in ("aux", "prep"):
        return subject_of(verb.head, depth + 1)
    return None


_IT_IS = (["it", "'s"], ["it", "\u2019s"])


def is_passive(verb: Token) -> bool:
    """Whether a verb is passive, so that its subject does not speak."""
    if speaker_within(verb) is not None:
        return False
    if any(child.dep_ in ("nsubjpass", "auxpass", "agent") for child in verb.children):
        return True
    if verb.tag_ == "VBN" and [token.lower_ for token in verb.lefts][-2:] in _IT_IS:
        return True  # "it's estimated that"
    if verb.lower_ in _HEARD and verb.i > 1 and verb.nbor(-2).dep_ == "nsubj":
        # 'Kim, asked whether it was safe, left', but not 'The mayor, Ann Kim, asked'; parsers tell neither.
        before = [token.text for token in verb.doc[max(0, verb.i - _APPOSITION) : verb.i]]
        if before[-1] == "," and before.count(",") == 1:
            return True
    if verb.lower_ in _HEARD and verb.i == verb.sent.start:
        return True  # 'Asked how it went, Kim said'
    if verb.lower_ in _TOLD_OR_LED and verb.i > verb.sent.start:
        link = verb.nbor(-1)
        if link.lower_ in _BEFORE_PASSIVES or (link.lower_ == "once" and link.i == verb.sent.start):
            return True  # 'Kim left when asked to wait'
    if verb.tag_ != "VBN" or verb.dep_ not in ("acl", "advcl", "dep", "amod"):
        return False
    if verb.head.dep_ == "ROOT" and verb.head.tag_[:2] == "NN":
        # 'One lawmaker called Kim a fool': a sentence without a verb is misread.
        return not any(child.dep_ in ("dobj", "dative", "oprd") for child in verb.rights)
    return verb.left_edge.i == verb.i or any(child.dep_ == "agent" for child in verb.children)


def is_inverted(verb: Token) -> bool:
    """Whether a verb is between a comma and its subject: '…, said the mayor, …'."""
    if verb.i == verb.sent.start or verb.nbor(-1).text != "," or verb.tag_ not in FINITE:
        return False
    if speaker_within(verb) is not None:
        return True
    subject = next((child for child in verb.rights if child.dep_ == "nsubj"), None)
    if subject is None or subject.left_edge.i != verb.i + 1:
        return False
    # Of two subjects, 'the ferry' in 'The ferry, said the mayor, was old' belongs to what is said.
    has_other = any(child.dep_ in ("nsubj", "nsubjpass") for child in verb.lefts)
    end = subject.right_edge.i + 1
    return not has_other or end >= verb.sent.end or verb.doc[end].text in (",", ".")


def speaker_within(verb: Token) -> tuple[Token, int] | None:
    """Find who speaks between a subject and its verb, and the comma behind.

    'The ferry, said Ann Kim, its owner, is old': parsers often take the ferry for who speaks. A comma
    stands right before a verb of speech only there, or behind an aside that a comma opens.
    """
    doc, at = verb.doc, verb.i
    if at < 2 or verb.tag_ not in FINITE or doc[at - 1].text != ",":
        return None
    if not speech_of(verb) & Speech.STATEMENT or base_form(verb.text) in _TELLING:
        return None
    sentence = verb.sent
    start, end = sentence.start, sentence.end
    if at < start + 2:
        return None
    before = doc[start : verb.i - 1]
    is_opening = before[0].tag_ in ("IN", "WRB", "RB")  # 'In Oslo, said Ann Kim, the ferry is old'
    has_verb = any(token.tag_ in (*FINITE, "MD") for token in before)
    if any(token.text == "," for token in before) or (has_verb and not is_opening):
        return None
    at = _after_noun(doc, verb.i + 1, end)
    head = doc[at - 1]
    while at < end and doc[at].lower_ in ("of", "for", "at"):
        at = _after_noun(doc, at + 1, end)
    if head.i == verb.i or at >= end or doc[at].text != ",":
        return None
    if is_opening:
        return (head, at) if any(token.tag_ in (*FINITE, "MD") for token in doc[at + 1 : end]) else None
    commas = (i for i in range(at, min(end - 2, at + _APPOSITION)) if doc[i].text == ",")
    comma = next((i for i in commas if _begins_predicate(doc, i + 1)), None)
    return (head, comma) if comma is not None else None


def speaker_set_off(verb: Token) -> tuple[Token, int] | None:
    """Find who speaks in '…, her secretary, Ann Kim, said', and where that begins.

    Parsers take 'said' for a second verb of the clause before, but no 'and' is between.
    """
    doc = verb.doc
    if verb.dep_ != "conj" or verb.i < 4 or doc[verb.i - 1].text != "," or doc[verb.i - 2].tag_ != "NNP":
        return None
    if verb.tag_ not in FINITE or not speech_of(verb) & Speech.STATEMENT:
        return None
    start = verb.sent.start
    if any(child.dep_ in _SUBJECTS for child in verb.children):
        return None
    at = verb.i - 2
    while at > start and doc[at].tag_ in ("NNP", "."):
        at -= 1
    if doc[at].text != ",":
        return None
    first = at - 1
    while first > start and doc[first].tag_ in ("NN", "NNP", "JJ", "DT", "PRP$", "POS", "IN", "HYPH"):
        first -= 1
    is_role = doc[first].text == "," and doc[first + 1].tag_ in ("DT", "PRP$", "NN", "NNP") and first < at - 1
    return (doc[verb.i - 2], first + 1) if is_role else None


def _after_noun(doc: Doc, at: int, end: int) -> int:
    while at < end and doc[at].tag_[:2] in ("NN", "DT", "JJ", "PR", "PO", "HY"):
        at += 1
    return at


def _begins_predicate(doc: Doc, at: int) -> bool:
    """Whether a verb with the subject of a clause follows, an adverb before it or not: 'will rise'."""
    return doc[at + (doc[at].tag_ == "RB")].tag_ in (*FINITE, "MD")


def is_wished(verb: Token) -> bool:
    """Whether somebody only learns or wants to say something: 'learned to say "good morning"'."""
    is_infinitive = verb.tag_ == "VB" and any(child.lower_ == "to" for child in verb.lefts)
    return is_infinitive and verb.head.lower_ in _WISHES


def is_told(verb: Token) -> bool:
    """Whether the subject of a verb of speech is who hears it: 'Kim was told'."""
    is_heard = base_form(verb.text) in _SAID_TO
    return is_heard and verb.tag_ == "VBN" and any(child.dep_ == "auxpass" for child in verb.children)


def agent_of(verb: Token) -> Token | None:
    """Find the agent of a passive: X in 'described by X as …'."""
    for child in verb.children:
        if child.dep_ == "agent":
            return object_of(child)
    return None


def object_of(preposition: Token, *others: Token) -> Token | None:
    """Find the object of a preposition; `others` are tokens to which a parser may have attached it."""
    for token in (preposition, *others):
        for child in token.children:
            if child.dep_ == "pobj":
                return child
    return None


_AUTHORED = frozenset(
    ("delivered", "issued", "penned", "posted", "read", "released", "sent", "signed", "tweeted", "written")
)


def speech_owner(noun: Token) -> Token | None:
    """Find whose speech a noun means: "Kim's reply", 'a note from Kim', 'Kim issued a note'."""
    for child in noun.children:
        if child.dep_ == "poss":
            return child
        if child.dep_ == "acl" and child.lower_ in _AUTHORED and (author := agent_of(child)) is not None:
            return author  # 'a letter signed by Kim', but not 'a letter obtained by the Gazette'
        if child.dep_ in ("prep", "agent") and child.lower_ in ("from", "by"):
            return object_of(child)
    verb = noun.head.head if noun.head.dep_ == "prep" else noun.head
    if noun.dep_ in ("dobj", "pobj") and verb.tag_[:2] == "VB":
        return subject_of(verb)
    return None


def verb_gone_on_from(verb: Token) -> Token | None:
    """Find 'said' for 'warned' in 'Kim said she would go and warned that …': both are Kim's.

    Parsers coordinate it with the reported verb. But that is backshifted, with an auxiliary, and a verb of
    speech in the simple past is not.
    """
    reported = verb.head
    if verb.dep_ != "conj" or reported.dep_ != "ccomp" or not speech_of(verb):
        return None
    if verb.tag_ == "VBP" and reported.tag_ == "VBZ" and speech_of(reported.head) & Speech.STATEMENT:
        return reported.head  # 'critics say the plan is weak and insist': by number
    if verb.tag_ != "VBD":
        return None
    if speech_of(verb) & Speech.SILENCE and not is_giving_no_more(verb):
        return None
    if any(child.dep_ in _SUBJECTS for child in verb.children):
        return None
    is_backshifted = any(child.dep_ == "aux" and child.lower_ in _BACKSHIFTED for child in reported.children)
    outer = reported.head
    return outer if is_backshifted and outer.tag_ == "VBD" and speech_of(outer) & Speech.STATEMENT else None


def is_giving_no_more(verb: Token) -> bool:
    """Whether a verb tells where somebody stopped: 'but declined to name him', 'and would not say why'.

    It is the narrator's, unlike 'said her son had applied but refused to take the test'.
    """
    more = word_set("words_kept_back")
    if speech_of(verb) & Speech.SILENCE:
        return any(child.lower_ in more for child in verb.rights if child.dep_ in ("xcomp", "dobj"))
    is_negative = any(child.dep_ == "neg" for child in verb.lefts)
    would = any(child.lower_ == "would" for child in verb.lefts)
    return verb.lower_ in more and would and is_negative


def ancestors(token: Token) -> list[Token]:
    """List a token's heads, the nearest first."""
    found: list[Token] = []
    while token.head.i != token.i and len(found) < _MOST_ANCESTORS:
        token = token.head
        found.append(token)
    return found


def enclosing_verbs(verb: Token) -> list[Token]:
    """List the verbs of the clauses around a verb, the nearest first."""
    return [token for token in ancestors(verb)[:_MOST_CLAUSES] if token.tag_[:2] == "VB"]


_SUBORDINATE = frozenset(("acl", "advcl", "ccomp", "csubj", "pcomp", "relcl"))


def is_subordinate(verb: Token, within: Sequence[Token]) -> bool:
    """Whether a verb is in a clause under another of these words: 'smiled when Baker *came*'."""
    low, high = within[0].i, within[-1].i
    head = verb
    while head.head.i != head.i and low <= head.head.i <= high:
        if head.dep_ in _SUBORDINATE:
            return True
        head = head.head
    return False


def is_in_relative_clause(token: Token, within: Sequence[Token]) -> bool:
    """Whether a token is in a relative clause that modifies one of these words."""
    low = within[0].i
    for head in (token, *ancestors(token)):
        if head.i < low:
            return False
        if head.dep_ == "relcl":
            return head.head.i >= low
    return False


def is_not_said(verb: Token) -> bool:
    """Whether a verb reports what was not said: 'did not say', 'declined to say', 'denied saying'.

    Also 'nobody said', 'if she says', 'wrongly quoted as saying', and what somebody says in a play or in a
    faked recording. 'Not only said' is said.
    """
    if any(child.dep_ == "neg" or child.lower_ == "never" for child in verb.children):
        following = verb.doc[verb.i - 1 : verb.i + 2].text.lower()
        return not any(word in following.split() for word in ("only", "just", "merely"))
    if any(child.dep_ == "mark" and child.lower_ in ("if", "unless") for child in verb.children):
        return True
    head = verb.head
    if head.i != verb.i and verb.dep_ in ("xcomp", "ccomp", "pcomp"):
        is_having_said = any(child.lower_ == "having" for child in verb.children)
        is_gerund = (verb.tag_ == "VBG" or is_having_said) and head.lower_ in _DENIALS
        if is_gerund or bool(speech_of(head) & Speech.SILENCE):
            return True
    before_of = {token.lower_ for token in (head.head, *head.doc[max(0, head.i - 1) : head.i])}
    if head.lower_ == "of" and before_of & _UNSAID_OF:
        return True
    is_made_to_say = verb.tag_ == "VBG" and verb.dep_ in ("ccomp", "acl", "xcomp") and head.lower_ in _HAVE
    if is_made_to_say and any(child.dep_ in _SUBJECTS for child in verb.children):
        return True  # 'a paper had Kim calling it', 'the post has Kim saying'
    if verb.lower_ in _DENIALS and any(_is_gerund_of_speech(child) for child in verb.rights):
        return True  # '"…": Kim denies saying these words'
    quoting = head.head if head.lower_ == "as" else verb  # 'wrongly quoted as saying'; 'falsely said' is said
    if quoting.lower_ in _MISQUOTES:
        return True
    if quoting.lower_ in _QUOTE_VERBS and any(child.lower_ in _WRONGLY for child in quoting.children):
        return True
    if speech_of(head) & Speech.REQUEST and _object_over(verb) is not None:
        return True  # 'urged Kim to tell the voters: "…"'
    if head.lower_ == "without":  # 'it goes without saying that'
        return True
    if head.lower_ == "as" and any(token.lower_ in _DENIALS for token in ancestors(verb)):
        return True  # 'denied a report that quoted him as saying'
    subject = subject_of(verb)
    if subject is not None and any(
        child.dep_ == "aux" and child.i == verb.sent.start and child.i < subject.i for child in verb.children
    ):
        return True  # 'Had Kim said so', 'Did Kim say so?'
    if subject is not None and any(
        token.lower_ in ("no", "nobody", "none", "neither") for token in (subject, *subject.lefts)
    ):
        return True
    if subject is not None and _is_denied(subject):
        return True
    before = verb.doc[max(verb.sent.start, verb.i - _FICTION_REACH) : verb.i]
    return _FICTION.search(before.text) is not None


def _is_denied(subject: Token) -> bool:
    """Whether a subject is 'not one of them', 'not everyone', 'hardly anyone'."""
    first = subject.left_edge
    before = first.nbor(-1) if first.i > first.sent.start else first
    return first.lower_ in _NOT_ONE or (before.lower_ in _NOT_ONE and before.i == before.sent.start)


def _is_gerund_of_speech(verb: Token) -> bool:
    return verb.dep_ == "xcomp" and verb.tag_ == "VBG" and bool(speech_of(verb) & Speech.STATEMENT)
