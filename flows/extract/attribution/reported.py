"""Reported speech: the clauses that a narrator reports in their own words.

'X said (that) …', '…, X said', 'according to X, …', told, warned, announced, asked whether, urged Y to.
Denials of having spoken ('did not say') and hypothetical speech report nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from spacy.tokens import Doc, Span, Token

from ontherecord.flows.extract.attribution.quoted import Attribution, Attributor
from ontherecord.flows.extract.attribution.subjects import BACKSHIFTED, Subjects, singular
from ontherecord.flows.extract.text.cues import FIRM, VIEWS, Speech, base_form, speech_of, words_of_speech
from ontherecord.flows.extract.text.grammar import (
    FINITE,
    agent_of,
    is_caused,
    is_giving_no_more,
    is_inverted,
    is_not_said,
    is_passive,
    object_of,
    speaker_set_off,
    speaker_within,
    speech_owner,
    verb_gone_on_from,
)
from ontherecord.flows.extract.text.narration import PLACEHOLDER_TOKENS, Narration
from ontherecord.flows.extract.word_lists import word_set

_FEWEST_WORDS = 3
# Before 'Kim said', these stand for what the clause lacks: 'what Kim said she wanted'.
_GAPS = frozenset(("what", "which", "who", "whom", "that", "than", "as"))
# Of a clause like 'she was' or 'she knew', the sentence before says what.
_SHORT_ANSWERS = frozenset(("is", "was", "are", "were", "has", "had", "have", "do", "does", "did", "knew"))
_REPORTING = Speech.STATEMENT | Speech.REQUEST | Speech.QUOTING | Speech.FINDING
_CLAUSE = ("ccomp", "xcomp")
_FINITE = (*FINITE, "MD")
_TRAILING = (",", ".", ";", ":", "-", "--", "\u2014", "\u2013", "``", "''", '"', "!", "?", "and", "but")
_ACT_COMPLEMENTS = ("dobj", "dative", "prep", "prt", "xcomp", "ccomp", "pcomp", "oprd")
# Verbs with a hearer and a that-clause.
_TELLING = frozenset(("tell", "inform", "warn", "remind", "assure", "advise", "reassure"))
_OCCASIONS = frozenset(("blog", "call", "interview", "letter", "post", "speech", "talk", "testimony"))
_CLAUSE_SUBJECTS = ("nsubj", "nsubjpass", "expl", "csubj")
_OBJECTS = ("dobj", "dative", "ccomp", "xcomp", "attr", "acomp", "oprd")
_LONGEST_SUBJECT = 5  # tokens of 'and many others'
_REASONS = ("because", "since", "unless", "if")
# What things can do as well as people: 'the move signals that', 'the trip reminded us that'.
_IMPLYING = frozenset(("remind", "signal", "reveal", "imply", "hint", "underline", "underscore", "reflect"))
# Verbs with things for objects; what was said or told is no such thing: 'Kim said today was a good day'.
_ANNOUNCING = frozenset(
    ("announce", "report", "propose", "promise", "reveal", "describe", "predict", "recommend")
)
_MOMENTS = ("after", "as", "before", "during", "when", "while")
_COMMENT_WORDS = ("a", "an", "which", "although", "though")
_LONGEST_COMMENT = 8  # tokens of 'drawing a sharp rebuke from the council'
_COMMENT = re.compile(
    r"(?:referring|alluding|in (?:an apparent |a )?reference) to "
    r"|without (?:offering|providing|giving|citing|presenting|naming|elaborating"
    r"|specifying|mentioning|identifying)\b"
    r"|(?:prompting|leading|forcing|causing|pushing|driving) .+ to\b"
    r"|(?:drawing|earning|eliciting|prompting) .*\b(?:reply|replies|rebukes?|responses?|criticism|applause"
    r"|laugh(?:s|ter)|cheers|boos|jeers|condemnation|outcry|backlash|ire|scorn|questions)\b"
)
_CIRCUMSTANCE_OF_ACT = re.compile(r"(?:after|amid|despite|meaning|which means?|which meant)\b")
_DASHES = ("-", "--", "\u2013", "\u2014")
_SHORT_VERBS = frozenset(("'s", "\u2019s", "'re", "\u2019re", "'m", "\u2019m", "'ve", "\u2019ve"))
# What cannot follow the end of a clause, and where one ends for sure.
_MIDDLE_TAGS = ("NN", "NNS", "NNP", "NNPS", "JJ", "VB", "VBN", "PRP$", "DT", "CD", *_FINITE)
_CLAUSE_MARKS = frozenset((",", ".", ";", ":", "\u2014", "\u2013", "(", "?", "!"))
_LONGEST_LIST = 80  # tokens of 'that A, that B and that C'
_LONGEST_CIRCUMSTANCE = 12  # tokens of 'in a statement on Monday night'
_LONGEST_DAY = 4  # tokens of 'on Sunday night'
_SUBJECT_TAGS = ("DT", "CD", "EX", "JJ", "JJR", "NN", "NNS", "NNP", "NNPS", "PDT", "PRP", "PRP$", "RB", "WP")
_NAME_TAGS = ("NNP", "NNPS", "PRP", "DT", "EX")  # 'that' before these is no determiner
_PAPERS = frozenset(("newspaper", "paper", "magazine", "reporter", "website", "station", "channel"))
# When, where and in what something is said, between 'said' and what is said. Tokens are joined by spaces.
_DAY = (
    r"(?:(?:late|early) )?(?:on )?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|yesterday|today"
    r"|(?:last|this) (?:week|month|year|night|morning|evening))"
    r"(?: (?:morning|afternoon|evening|night))?"
)
_CIRCUMSTANCE = re.compile(
    r"(?:in an? (?:\w+ ){0,2}?(?:statement|interview|letter|email|e-mail|speech|report|release|memo|tweet"
    rf"|post|filing|message)(?: {_DAY})?|{_DAY}(?: in \w+)?)(?: |$)"
)
# Irrealis ('would say', 'to say'): what might be said was not said.
_MODALS = frozenset(("would", "could", "should", "might", "may", "can", "must", "will", "'d", "'ll"))


@dataclass(frozen=True, slots=True)
class ReportedClause:
    """A reported clause; `tokens` are its token indexes in the narration, half-open.

    `is_act` if it says what was done by speaking ('urged X to …', 'blamed X') instead of what was said.
    """

    tokens: tuple[int, int]
    attribution: Attribution
    is_act: bool = False


def find_clauses(narration: Narration, subjects: Subjects, attributor: Attributor) -> list[ReportedClause]:
    """List the reported clauses of one paragraph, in order; none contains a placeholder."""
    found: list[ReportedClause] = []
    words = words_of_speech()
    participles = [token.i for token in narration.doc if _is_speech_participle(token)]
    for sentence in narration.sentences:
        for token in sentence:
            if token.lower_ not in words:
                continue
            if narration.is_fragment(token.i) or narration.is_placeholder(token.i):
                continue
            if token.lower_ == "according":
                clauses = _according_to_clauses(narration, token, sentence, attributor)
            elif (speech := speech_of(token)) and speech & _REPORTING and not _is_plural_noun(token):
                clauses = _verb_clauses(narration, token, sentence, subjects, attributor, participles)
            elif (
                token.lower_ in VIEWS and token.i > sentence.start and token.nbor(-1).dep_ in ("case", "poss")
            ):
                clauses = _in_ones_view(narration, token, sentence, subjects, attributor)
            elif token.lower_ in FIRM:
                clauses = _firm_clause(narration, token, subjects, attributor)
            elif token.lower_ in word_set("speech_nouns") and token.tag_ in ("NN", "NNS"):
                clauses = _noun_clause(narration, token, subjects, attributor)
            else:
                clauses = []
            found.extend(clauses or _acts(narration, token, subjects, attributor))
    return _without_overlaps(found)


def _is_plural_noun(token: Token) -> bool:
    """Whether 'states' or 'claims' is in apposition: 'in Ohio and Utah, states that vote in March'."""
    if token.tag_ != "VBZ" or not token.i or token.nbor(-1).text != ",":
        return False
    has_subject = any(child.dep_ in _CLAUSE_SUBJECTS for child in token.children)
    return token.dep_ == "conj" and not has_subject and token.nbor(-2).tag_[:3] == "NNP"


def _verb_clauses(
    narration: Narration,
    verb: Token,
    sentence: Span,
    subjects: Subjects,
    attributor: Attributor,
    participles: Sequence[int],
) -> list[ReportedClause]:
    is_writing = verb.dep_ == "acl" and singular(verb.head.lower_) in word_set("sign_nouns")
    if is_writing or _is_of_a_kind(verb) or is_not_said(verb) or _is_irrealis(verb) or _is_to_oneself(verb):
        return []
    first_reported = _first_reported(narration, verb, subjects, attributor, sentence)
    if first_reported:
        return first_reported
    phrase = subjects.speaker_of(verb)
    is_finding = speech_of(verb) == Speech.FINDING
    if phrase is not None and base_form(verb.text) in _IMPLYING and phrase.kind == "nominal":
        is_finding = is_finding or not subjects.is_speaker(phrase)
    if phrase is None or (is_finding and not (subjects.can_find(phrase) and _has_finite_clause(verb))):
        return []
    if phrase.kind == "nominal" and _is_participle_of_its_subject(verb):
        return []
    rule, spans = _content_spans(narration, verb, sentence, participles)
    clauses = []
    fewest = 1 if len(spans) > 1 else _FEWEST_WORDS  # a piece of a clause: 'Profit, X said, fell'
    for low, high in spans:
        is_short = high - low > 1 and (_is_whole_clause(verb.doc[low + 1]) or _is_of_antecedent(verb, low))
        span = _trim_clause(narration, low, high, min(fewest, 2) if is_short else fewest)
        if span is not None:
            clauses.append(ReportedClause(span, Attribution(attributor.cue_of(verb), phrase, rule)))
    return clauses


def _is_to_oneself(verb: Token) -> bool:
    """Whether a verb reports a thought: 'told herself that', 'promised himself he would'."""
    is_told = base_form(verb.text) in _TO_ONESELF and verb.i + 1 < len(verb.doc)
    return is_told and verb.nbor(1).lower_.endswith(("self", "selves"))


_TO_ONESELF = frozenset(("ask", "assure", "promise", "remind", "tell"))


def _is_participle_of_its_subject(verb: Token) -> bool:
    """Whether a verb only says which thing is meant: 'The funds announced on Monday will pay for it'.

    Parsers take it for the verb of the sentence, and the rest for what was announced.
    """
    found = _CIRCUMSTANCE.match(" ".join(token.lower_ for token in verb.doc[verb.i + 1 : verb.i + 6]) + " ")
    after = verb.i + 1 + len(found[0].split()) if found is not None else verb.i + 1
    is_clause_next = after < verb.sent.end and verb.doc[after].tag_ in _FINITE
    return verb.tag_ in ("VBD", "VBN") and base_form(verb.text) in _ANNOUNCING and is_clause_next


def _is_whole_clause(verb: Token) -> bool:
    """Whether a verb and the word before say something: 'four died', 'he resigned', but not 'she was'."""
    if verb.dep_ != "ccomp" or verb.tag_ not in FINITE or verb.lower_ in _SHORT_ANSWERS:
        return False
    if verb.is_title or verb.doc[max(0, _first_of_saying(verb.head) - 1)].lower_ in _GAPS:
        return False  # a headline; 'twice what Kim said she wanted'
    return any(child.i == verb.i - 1 and child.dep_ == "nsubj" for child in verb.lefts)


def _is_of_antecedent(verb: Token, low: int) -> bool:
    """Whether a clause is about whom its verb describes: 'the driver, whom police said | was drunk'."""
    return verb.dep_ == "relcl" and low == verb.i + 1 and verb.doc[low].tag_ in FINITE


def _is_of_a_kind(verb: Token) -> bool:
    """Whether a verb only tells which people are meant: 'Voters who say that taxes are too high are few'."""
    if verb.dep_ != "relcl" or verb.head.tag_ != "NNS" or verb.tag_ not in ("VBP", "VBD"):
        return False
    return verb.doc[verb.head.i + 1].lower_ in ("who", "that")


def _noun_clause(
    narration: Narration, noun: Token, subjects: Subjects, attributor: Attributor
) -> list[ReportedClause]:
    """Find what a noun of speech reports: 'her promise that …', 'a warning from Kim that …'.

    It is its owner's; of 'made' or 'repeated' the subject's, but not of 'dismissed a claim that …'.
    """
    clause = next((child for child in noun.rights if _is_that_clause(child)), None)
    has_owner = any(child.dep_ == "poss" or child.lower_ in ("from", "by") for child in noun.children)
    if clause is None or not (has_owner or noun.head.lower_ in word_set("verbs_making")):
        return []
    owner = speech_owner(noun)
    phrase = subjects.phrase_of(owner) if owner is not None else None
    low, high = clause.left_edge.i, clause.right_edge.i + 1
    if speech_of(noun.head) & (Speech.JUDGING | Speech.ACT):
        # "dismissed Kim's claim that it sails | as nonsense"
        high = next((at for at in range(low + _FEWEST_WORDS, high) if noun.doc[at].lower_ == "as"), high)
    if phrase is None or narration.has_placeholder(low, high):
        return []
    span = _trim_clause(narration, low + 1, high)
    attribution = Attribution(attributor.cue_of(noun), phrase, "noun-clause")
    return [ReportedClause(span, attribution)] if span is not None else []


def _firm_clause(
    narration: Narration, firm: Token, subjects: Subjects, attributor: Attributor
) -> list[ReportedClause]:
    """Find what somebody says firmly: 'Kim made it clear that …', 'Kim was adamant that …'.

    Not 'it is clear that …', which nobody says.
    """
    mark = firm.nbor(1) if firm.i + 1 < firm.sent.end else firm
    verb = firm.head
    if mark.lower_ != "that" or mark.dep_ != "mark" or verb.lower_ not in _COPULAS | _MADE:
        return []
    # 'was he clear that …?', but 'made it clear that …'
    is_asked = verb.lower_ in _COPULAS and any(child.dep_ == "nsubj" for child in verb.rights)
    is_said = not (is_asked or is_not_said(verb) or _is_irrealis(verb))
    phrase = subjects.speaker_of(verb) if is_said else None
    low, high = mark.i + 1, _until_whole(mark.head, mark.head.right_edge.i + 1)
    if phrase is None or not subjects.is_speaker(phrase) or narration.has_placeholder(low, high):
        return []
    span = _trim_clause(narration, low, high)
    attribution = Attribution(attributor.cue_of(firm), phrase, "clause-after")
    return [ReportedClause(span, attribution)] if span is not None else []


_COPULAS = frozenset(("am", "are", "been", "is", "remain", "remained", "remains", "was", "were"))
_MADE = frozenset(("made", "make", "makes", "making"))


def _is_that_clause(verb: Token) -> bool:
    """Whether a clause is 'that …' with a subject of its own, which parsers may call relative."""
    if verb.dep_ not in ("relcl", "acl", "ccomp") or verb.left_edge.lower_ != "that":
        return False
    subject = next((child for child in verb.children if child.dep_ in ("nsubj", "nsubjpass", "expl")), None)
    return subject is not None and subject.lower_ != "that"


def _first_reported(
    narration: Narration, verb: Token, subjects: Subjects, attributor: Attributor, sentence: Span
) -> list[ReportedClause]:
    """Find what a paper reported first: 'The ferry was sold, the Gazette reported', said in the passive.

    '…, first reported by the Gazette', '…, as earlier reported by the Gazette'.
    """
    agent = agent_of(verb) if base_form(verb.text) == "report" and verb.tag_ == "VBN" else None
    is_aside = any(child.lower_ in ("first", "earlier", "previously") for child in verb.lefts)
    low, high = sentence.start, verb.left_edge.i
    if agent is None or not is_aside or verb.dep_ == "ROOT" or verb.doc[high - 1].text != ",":
        return []
    phrase = subjects.phrase_of(agent)
    if phrase is None or narration.has_placeholder(low, high) or not _is_finite(verb.doc, low, high):
        return []
    span = _trim_clause(narration, low, high)
    attribution = Attribution(attributor.cue_of(verb), phrase, "first-reported")
    return [ReportedClause(span, attribution)] if span is not None else []


def _has_finite_clause(verb: Token) -> bool:
    """Whether a verb has a clause with a verb of its own, unlike 'finds it difficult', or one before it."""
    clauses = [child for child in verb.rights if child.dep_ in ("ccomp", "dobj", "xcomp")]
    return all(
        clause.dep_ == "ccomp"
        and clause.tag_ != "JJ"
        and not _is_to_clause(clause)
        and not _may_be_participle(clause)
        for clause in clauses
    )


def _may_be_participle(verb: Token) -> bool:
    """Whether a verb in '-ed' without 'that' may be a participle: 'found the deeds in a box marked …'."""
    has_mark = any(child.dep_ in ("mark", "aux", "auxpass") for child in verb.children)
    return verb.lower_.endswith("ed") and not has_mark


def _first_of_clause(verb: Token, clause: Token) -> int:
    """Return where a reported clause begins.

    Parsers give 'nine in 10' in 'Kim said nine in 10 had left' to 'said': a clause without a subject begins
    right behind its verb.
    """
    has_subject = any(child.dep_ in _CLAUSE_SUBJECTS for child in clause.children)
    is_finite = any(child.dep_ == "aux" for child in clause.children) or clause.tag_ in FINITE
    if has_subject or not is_finite or base_form(verb.text) in _TELLING:
        return clause.left_edge.i
    return verb.i + 1


def _clause_told(verb: Token, child: Token) -> Token | None:
    """Find 'that …' after a hearer or a place, of which parsers make a relative clause.

    'Told a hearing that …', 'added in an email that …'.
    """
    if child.dep_ == "advcl":  # 'said as he left the hearing that …'
        nouns = () if speech_of(child) & Speech.STATEMENT else (child, *child.rights)
        return next((one for noun in nouns for one in noun.rights if _is_that_clause(one)), None)
    noun = object_of(child) if child.dep_ == "prep" else child
    if noun is not None and noun.lower_ == "condition":
        return None  # 'spoke on condition that she not be named'
    is_others = child.dep_ == "prep" and child.lower_ != "in"
    is_clause_noun = noun is not None and {noun.lower_, singular(noun.lower_)} & word_set("clause_nouns")
    if is_others and is_clause_noun:
        return None  # 'agreed to pay after claims that …'
    if child.dep_ == "prep" and child.lower_ == "to" and noun is not None and not _can_hear(noun):
        return None  # 'pointed to figures that the town had kept'
    if noun is None or (child.dep_ != "prep" and base_form(verb.text) not in _TELLING):
        return None
    is_owned = any(one.dep_ == "poss" for one in noun.lefts)  # "laughed at Kim's claim that …"
    if child.dep_ not in ("dobj", "dative", "prep") or (is_owned and noun.lower_ in word_set("speech_nouns")):
        return None
    return next(
        (clause for clause in noun.rights if _is_that_clause(clause) or _is_bare_clause(clause)), None
    )


def _can_hear(noun: Token) -> bool:
    """Whether words may be said to somebody so called: a name, a pronoun, a word for people or a body."""
    nouns = (noun.lower_, singular(noun.lower_))
    lists = ("organization_nouns", "group_nouns", "unnamed_people", "names/titles", "names/kinship_nouns")
    is_listed = any(word in word_set(name) for word in nouns for name in lists)
    return noun.tag_ in ("NNP", "NNPS", "PRP") or is_listed or nouns[1] in _PAPERS


def _is_narrators(verb: Token, child: Token, clause: Token) -> bool:
    """Whether a that-clause is the narrator's own, behind a comma: 'vowed to sell, meaning that it sails'.

    Not in 'said, in a letter, that it sails', where another comma closes the aside.
    """
    first = child.left_edge.i
    return first > verb.i + 2 and verb.doc[first - 1].text == "," != verb.doc[clause.left_edge.i - 1].text


def _is_bare_clause(verb: Token) -> bool:
    """Whether a relative clause is none: in 'told the bank it wants a seat' its verb has an object."""
    first = verb.left_edge
    is_pronoun = first.tag_ == "PRP" and first.head.i == verb.i and first.i == verb.head.i + 1
    return verb.dep_ == "relcl" and is_pronoun and any(child.dep_ in _OBJECTS for child in verb.rights)


def _until_last_clause(verb: Token, clause: Token) -> int:
    """Return the end of a reported clause and of those coordinated with it, half-open.

    Parsers coordinate 'he would not' in 'Kim said he would go, but he would not' with 'said'. A clause with
    'would' or 'had' and a subject of its own is backshifted, so it is reported.
    """
    gone_on = next((child for child in clause.children if verb_gone_on_from(child) is not None), None)
    if gone_on is not None:
        return gone_on.left_edge.i
    told = next((child for child in clause.rights if _is_told_on(child, clause)), None)
    if told is not None:
        return told.left_edge.i - (told.left_edge.nbor(-1).tag_ == "CC")
    end = _until_last_that(clause.doc, clause.right_edge.i + 1)
    for other in verb.rights if verb.tag_ in ("VBD", "VBN") else ():
        is_next = end <= other.left_edge.i <= end + 2
        if other.dep_ not in ("conj", "ccomp") or not is_next:
            continue
        children = list(other.children)
        # 'that it would stay, would be washed'
        has_subject = other.dep_ == "ccomp" or any(child.dep_ in _CLAUSE_SUBJECTS for child in children)
        is_backshifted = any(child.dep_ == "aux" and child.lower_ in BACKSHIFTED for child in children)
        if has_subject and is_backshifted and not speech_of(other) & Speech.STATEMENT:
            end = other.right_edge.i + 1
    return end if verb.dep_ == "relcl" else _until_whole(clause, end)


def _is_told_on(verb: Token, clause: Token) -> bool:
    """Whether a coordinated verb is the narrator's: in 'it is old and left the room' their tenses differ."""
    if verb.dep_ != "conj" or any(child.dep_ in _CLAUSE_SUBJECTS for child in verb.lefts):
        return False
    if is_giving_no_more(verb):
        return True
    auxiliaries = [child for child in clause.lefts if child.dep_ in ("aux", "auxpass")]
    tensed = auxiliaries[0] if auxiliaries else clause
    if verb.tag_ == "VBP" and tensed.tag_ == "VBZ" and speech_of(verb) & Speech.STATEMENT:
        return True  # 'critics say the plan is weak and insist': by number
    if verb.tag_ != "VBD":
        return False
    if tensed.lower_ in ("have", "has") and verb.lower_.endswith("ed"):
        return False  # 'have aided and abetted': a participle too
    return tensed.tag_ in ("VBZ", "VBP")


def _until_last_that(doc: Doc, end: int) -> int:
    """Move the end of a reported clause over 'and that …', which parsers attach elsewhere."""
    for at in range(end, min(end + 3, len(doc))):
        token = doc[at]
        if token.lower_ == "that" and token.dep_ == "mark" and token.head.i > at:
            return _until_last_that(doc, token.head.right_edge.i + 1)
        if token.lower_ not in (",", "and", "but", "or"):
            break
    return end


def _until_whole(clause: Token, end: int) -> int:
    """Move the end of a reported clause to a mark if parsers cut it in the middle: 'he might back | Trump'.

    Before a verb, 'and others' belongs to it: 'said they would stay and others | said they would go'.
    """
    doc, last = clause.doc, clause.sent.end
    if end >= last or doc[end].tag_ not in _MIDDLE_TAGS or _is_clause_mark(doc[end - 1]):
        return end
    if doc[end].tag_ in _FINITE:
        joined = [at for at in range(max(clause.i, end - _LONGEST_SUBJECT), end) if doc[at].tag_ == "CC"]
        if joined:
            return joined[-1]
    return next((at for at in range(end, last) if _is_clause_mark(doc[at])), last)


def _is_clause_mark(token: Token) -> bool:
    return token.text in _CLAUSE_MARKS or (token.text in ("-", "--") and bool(token.whitespace_))


def _act_end(doc: Doc, low: int, high: int) -> int:
    """End an act's object before a comma and before the day: 'the plan | on Monday, with …'."""
    high = next((at for at in range(low + 1, high) if doc[at].text in (",", ";", "\u2014", "\u2013")), high)
    days = word_set("days")
    for at in range(high - 1, max(low, high - _LONGEST_DAY - 1), -1):
        is_preposition = doc[at].lower_ in ("on", "in", "last", "this", "next")
        if is_preposition and at > low and any(token.lower_ in days for token in doc[at + 1 : high]):
            return at
    return high - 1 if high - 1 > low and doc[high - 1].lower_ in days else high


def _until_circumstance(doc: Doc, low: int, high: int) -> int:
    """End what somebody asks or promises before the narrator's 'which means that', 'despite claims that'."""
    for at in range(low + 1, high - 1):
        if doc[at].text == "," and _CIRCUMSTANCE_OF_ACT.match(doc[at + 1 : at + 3].text.lower()):
            return at
    return high


def _after_circumstance(verb: Token, low: int, high: int) -> int:
    """Return where a clause begins, without the day, the place and the paper of saying before it.

    'Said Wednesday | its ships had …', 'said in a statement | profits had …', 'told this paper | members …'.
    What follows must be a clause of its own: 'said last week was hard' reports on last week. Words with a
    preposition and no day ('said in 2019 the town had paid') may belong to either; they stay.
    """
    doc = verb.doc
    if low + 1 < high and doc[low].lower_ in ("only", "just") and doc[low + 1].lower_ == "that":
        return low + 1  # 'would say only that'
    if doc[low].lower_ in _MOMENTS:  # 'said before the vote began | that'
        marks = (token for token in doc[low + 1 : high] if token.lower_ == "that" and token.dep_ == "mark")
        return next((mark.i for mark in marks if mark.head.head.head.i == verb.i), low)
    hearer_end = _after_hearer(doc, verb.i + 1, high) if base_form(verb.text) in _TELLING else verb.i + 1
    if verb.i + 1 < hearer_end < low and doc[low].tag_ in _FINITE:
        return hearer_end  # parsers read 'this paper members' as one hearer
    at = _circumstance_end(doc, hearer_end, high)
    is_moved = low < at < high and (at > hearer_end or low < hearer_end)
    return at if is_moved and _begins_clause(doc, at, high) else low


def _circumstance_end(doc: Doc, at: int, high: int) -> int:
    words = (token.lower_ for token in doc[at : min(high, at + _LONGEST_CIRCUMSTANCE)])
    found = _CIRCUMSTANCE.match(" ".join(words))
    return at + len(found.group().split()) if found else at


def _begins_clause(doc: Doc, at: int, high: int) -> bool:
    """Whether a subject and later its verb follow."""
    return doc[at].tag_ in _SUBJECT_TAGS and _is_finite(doc, at + 1, high)


def _after_hearer(doc: Doc, at: int, high: int) -> int:
    """Return the token behind a hearer that parsers run into the clause: 'told this paper members …'."""
    if doc[at].lower_ in ("me", "us"):
        return at + 1
    is_paper = at + 1 < high and doc[at].lower_ in ("this", "our") and doc[at + 1].lower_ in _PAPERS
    return at + 2 if is_paper else at


def _is_to_clause(verb: Token) -> bool:
    """Whether a complement is an infinitive: 'to buy the ferry', 'the town to buy it'."""
    return verb.tag_ == "VB" and any(token.lower_ == "to" and token.tag_ == "TO" for token in verb.lefts)


def _acts(
    narration: Narration, verb: Token, subjects: Subjects, attributor: Attributor
) -> list[ReportedClause]:
    """Find what is done by speaking: 'urged the town to buy it', 'blamed the state', 'called for calm'."""
    is_modifier = verb.tag_ == "VBG" and verb.nbor(-1).text != "," if verb.i else False
    span = _act_span(verb) if verb.tag_[:2] == "VB" and not is_modifier else None
    if span is None or is_not_said(verb) or _is_irrealis(verb) or is_passive(verb):
        return []
    if any(_is_to_clause(child) for child in verb.rights):
        span = span[0], _until_circumstance(verb.doc, *span)
    else:
        span = span[0], _act_end(verb.doc, *span)
    if any(index in narration.quoted for index in range(*span)):
        return []  # with words in marks it is a mixed quote
    if narration.has_placeholder(*span):
        return []
    phrase = subjects.speaker_of(verb)
    if phrase is None or not subjects.is_speaker(phrase):
        return []
    if phrase.kind == "nominal" and phrase.head in word_set("provision_nouns"):
        return []  # 'the contract calls for'
    trimmed = _trim_clause(narration, *span, fewest=1)
    if trimmed is None:
        return []
    return [ReportedClause(trimmed, Attribution(attributor.cue_of(verb), phrase, "act"), True)]


def _act_span(verb: Token) -> tuple[int, int] | None:
    """Return the tokens of an act's object and complements, without the preposition of 'call for'."""
    base = base_form(verb.text)
    complements = [child for child in verb.rights if child.dep_ in _ACT_COMPLEMENTS]
    if not complements:
        return None
    first = complements[0]
    is_request = bool(speech_of(verb) & Speech.REQUEST) and any(_is_to_clause(child) for child in complements)
    if base == "call" and first.dep_ != "prep":
        is_request = False  # by telephone: 'called the mayor to complain'
    is_gerund = first.dep_ == "xcomp" and first.tag_ == "VBG" and not speech_of(first)
    is_noun = first.dep_ in ("dobj", "dative") or is_gerund
    is_object = is_noun and base in word_set("verbs_act")
    is_prepositional = first.dep_ in ("prep", "prt") and f"{base} {first.lower_}" in word_set("verbs_act")
    if not (is_request or is_object or is_prepositional):
        return None
    low = first.i + 1 if is_prepositional and not is_request else first.left_edge.i
    return low, complements[-1].right_edge.i + 1


def _content_spans(
    narration: Narration, verb: Token, sentence: Span, participles: Sequence[int]
) -> tuple[str, list[tuple[int, int]]]:
    """Return what a verb reports, and the name of the rule that found it."""
    speech = speech_of(verb)
    if speech & (Speech.STATEMENT | Speech.FINDING):
        around = _around_parenthesis(narration, verb, sentence)
        if around:
            return "clause-before", around
    # 'said before the vote began that': what begins there says nothing.
    is_moment = speech == Speech.QUOTING and any(child.lower_ in _MOMENTS for child in verb.lefts)
    right = None if is_moment or is_inverted(verb) else _right_clause(verb, speech)
    if right is not None:
        low, high = right
        # 'provisions that Kim said were good': without 'that Kim said'
        low = _after_circumstance(verb, max(low, verb.i + 1), high)
        high = _until_next_participle(participles, low, _until_placeholder(narration, low, high))
        high = _until_comment(verb.doc, low, high)
        if high <= low or not _is_clause(verb.doc, low, high) or _follows_quotation(narration, verb, low):
            return "", []
        if _is_said_before(verb, verb.doc[low]):
            return "", []
        return "clause-after", _split_at_that(verb.doc, low, high)
    if speech & Speech.STATEMENT and _is_as_clause(verb):
        return "as-clause", [] if _is_contradicted(verb) else _around_as_clause(narration, verb, sentence)
    if speech & (Speech.STATEMENT | Speech.FINDING):
        return "clause-before", _left_clause(narration, verb, sentence)
    return "", []


def _until_comment(doc: Doc, low: int, high: int) -> int:
    """End a clause before the narrator's comment on it: 'it is studying the case - a move that helps'.

    Also before how it was said and met: ', without offering evidence', ', drawing a sharp reply'.
    """
    dashes = [at for at in range(low, high) if doc[at].text in _DASHES and doc[at - 1].whitespace_]
    is_comment = len(dashes) == 1 and dashes[0] + 1 < high and doc[dashes[0] + 1].lower_ in _COMMENT_WORDS
    if is_comment and dashes[0] > low + _FEWEST_WORDS:
        return dashes[0]
    reach = min(high, low + _LONGEST_LIST)
    for at in range(low + _FEWEST_WORDS, reach - 1):
        if doc[at].text == ",":
            following = " ".join(token.lower_ for token in doc[at + 1 : at + _LONGEST_COMMENT])
            if _COMMENT.match(following):
                return at
    return next((token.left_edge.i for token in doc[low:reach] if _is_said_by_another(token, low)), high)


def _is_said_by_another(verb: Token, low: int) -> bool:
    """Whether a verb of speech has a subject of its own: 'some say it is old, | and some say it is new'."""
    if verb.dep_ not in ("conj", "advcl") or not speech_of(verb) & Speech.STATEMENT:
        return False
    edge = verb.left_edge.i if verb.dep_ == "advcl" else verb.head.i
    first = next((child.left_edge for child in verb.lefts if child.dep_ == "nsubj"), None)
    if first is None or first.i - 2 < low + _FEWEST_WORDS:
        return False
    before = [token.lower_ for token in verb.doc[first.i - 2 : first.i]]
    return edge <= first.i and before[0] == "," and before[1] in ("and", "but", "while", "whereas")


def _is_said_before(verb: Token, first: Token) -> bool:
    """Whether others said a clause, and the verb speaks of that: 'commented on reports that it sails'."""
    that = first if first.lower_ == "that" else first.nbor(-1) if first.i else first
    noun = that.head.head if that.dep_ == "mark" else that
    if noun.tag_[:2] != "NN" or noun.dep_ != "pobj" or singular(noun.lower_) not in word_set("speech_nouns"):
        return False
    if noun.lower_ in _OCCASIONS or base_form(verb.text) in _TELLING:
        return False  # 'said on a call that', 'told them at the talk that'
    return noun.head.head == verb and noun.head.lower_ in ("on", "to", "about", "of", "over", "at")


def _is_clause(doc: Doc, low: int, high: int) -> bool:
    """Whether words are 'that …' or have a verb: also 'recalled her leaving', 'demanded it be sold'."""
    if "that" in (doc[low].lower_, doc[low - 1].lower_):
        return True  # taggers take verbs for participles: 'that the money paid for a boat'
    later = (doc[at] for at in range(low + 1, high))
    return _is_finite(doc, low, high) or any(
        token.tag_ in ("VB", "VBG") or token.lower_ in _SHORT_VERBS for token in later
    )


def _follows_quotation(narration: Narration, verb: Token, low: int) -> bool:
    """Whether what is said stands before, in marks: '"It sails," Kim said as the crowd cheered'."""
    edge = _first_of_saying(verb)
    is_right_after = narration.has_placeholder(max(verb.sent.start, edge - PLACEHOLDER_TOKENS - 1), edge)
    return is_right_after and "that" not in (verb.doc[low].lower_, verb.doc[low - 1].lower_)


def _split_at_that(doc: Doc, low: int, high: int) -> list[tuple[int, int]]:
    """Split 'that A, that B and that C' into its statements, each a quote of one utterance."""
    last = min(high - _FEWEST_WORDS, low + _LONGEST_LIST)
    thats = [at for at in range(low + _FEWEST_WORDS, last) if _is_next_that(doc[at])]
    return list(pairwise([low, *thats, high]))


def _is_next_that(token: Token) -> bool:
    if token.lower_ != "that" or token.dep_ != "mark" or token.head.dep_ not in ("conj", "ccomp", "advcl"):
        return False
    return token.nbor(-1).lower_ in ("and", "but", "or", ",")


def _clause_equated(verb: Token) -> Token | None:
    """Find what 'What Kim said was that …' and 'All she said was that …' report."""
    if verb.dep_ == "csubj" and any(child.lower_ == "what" for child in verb.lefts):
        equals = verb.head
    elif verb.dep_ == "relcl" and verb.head.lower_ in ("all", "thing") and verb.head.dep_ == "nsubj":
        equals = verb.head.head
    else:
        return None
    is_equal = equals.lower_ in ("is", "was") and equals.i > verb.i
    clauses = (child for child in equals.rights if child.dep_ == "ccomp" and child.left_edge.lower_ == "that")
    return next(clauses, None) if is_equal else None


def _right_clause(verb: Token, speech: Speech) -> tuple[int, int] | None:
    """Find the clause after a verb: its complement (that-clause, to-clause), or what follows 'that'."""
    equated = _clause_equated(verb) if speech & Speech.STATEMENT else None
    if equated is not None:
        return equated.left_edge.i + 1, equated.right_edge.i + 1
    for child in verb.rights:
        is_bare = child.dep_ == "xcomp" and speech & Speech.STATEMENT and child.tag_ == "VB"
        if (child.dep_ == "ccomp" or is_bare) and not _is_to_clause(child):
            return _first_of_clause(verb, child), _until_last_clause(verb, child)
        told = _clause_told(verb, child)
        if told is not None and not _is_narrators(verb, child, told):
            first = told.left_edge.i
            return first + (told.left_edge.lower_ == "that"), _until_last_clause(verb, told)
    if speech & Speech.STATEMENT and (cut := _cut_at_relative(verb)) is not None:
        return cut
    after = verb.i + 1
    if (
        after < len(verb.doc)
        and verb.nbor(1).lower_ in ("that", "whether")
        and verb.nbor(1).tag_ in ("IN", "DT")
    ):
        return after, verb.sent.end
    at = _circumstance_end(verb.doc, after, verb.sent.end)
    if (
        speech & Speech.STATEMENT
        and after < at < verb.sent.end
        and _begins_clause(verb.doc, at, verb.sent.end)
    ):
        return at, verb.sent.end  # 'said Wednesday its ships had left', which parsers misread
    return None


def _cut_at_relative(verb: Token) -> tuple[int, int] | None:
    """Find 'output, which had grown, fell' behind 'said', which parsers cut: 'said output' and 'fell'."""
    noun = next((child for child in verb.rights if child.dep_ == "dobj"), None)
    rest = next((child for child in verb.rights if child.dep_ == "conj"), None)
    is_cut = noun is not None and rest is not None and rest.tag_ in FINITE and rest.i > noun.right_edge.i
    if noun is None or rest is None or not is_cut or verb.doc[rest.left_edge.i - 1].text != ",":
        return None
    has_own = any(
        child.dep_ in _CLAUSE_SUBJECTS or child.dep_ == "cc" for child in (*rest.lefts, *verb.rights)
    )
    has_relative = any(token.dep_ == "relcl" for token in noun.subtree)
    return (noun.left_edge.i, rest.right_edge.i + 1) if has_relative and not has_own else None


def _until_next_participle(participles: Sequence[int], low: int, high: int) -> int:
    """End a clause where its speaker continues with a participle: '…, adding that …'."""
    at = bisect_left(participles, low + 2)
    return participles[at] - 1 if at < len(participles) and participles[at] < high else high


def _is_speech_participle(token: Token) -> bool:
    """Whether a token is a participle of speech after a comma."""
    is_participle = token.tag_ == "VBG" and speech_of(token) & Speech.STATEMENT
    return bool(is_participle) and token.i > 0 and token.nbor(-1).text == ","


def _is_as_clause(verb: Token) -> bool:
    """Whether a verb is in 'As X reported' or 'as reported by X', and not in 'as X called for calm'.

    The verb of such a clause has no object of its own, but for 'it': 'as X put it'.
    """
    link = next((child for child in verb.lefts if child.lower_ == "as"), None)
    if verb.dep_ != "advcl" or link is None or _is_comparing(link):
        return False
    if verb.tag_ == "VBN" and agent_of(verb) is None and not any(child.dep_ == "aux" for child in verb.lefts):
        return False  # 'as mentioned above'
    return all(child.dep_ not in _OBJECTS or child.lower_ == "it" for child in verb.rights)


def _is_comparing(link: Token) -> bool:
    """Whether 'as' is the second of two: 'as rich as Kim claims to be'."""
    before = link.doc[max(link.sent.start, link.i - 4) : link.i]
    is_quality = len(before) > 1 and before[-1].tag_[:2] in ("JJ", "RB")
    return is_quality and any(token.lower_ in ("as", "so") for token in before)


def _is_contradicted(verb: Token) -> bool:
    """Whether a denial stands before 'as some have said': 'it is no loss, as some have said'."""
    is_vague = any(child.lower_ in ("some", "many", "others", "critics") for child in verb.lefts)
    before = verb.doc[verb.sent.start : verb.left_edge.i]
    return is_vague and any(token.dep_ == "neg" or token.lower_ == "no" for token in before)


def _around_as_clause(narration: Narration, verb: Token, sentence: Span) -> list[tuple[int, int]]:
    first, last = verb.left_edge.i, verb.right_edge.i
    if first <= sentence.start + 1:
        comma = next((token.i for token in sentence if token.i >= last and token.text == ","), None)
        low, high = (comma + 1, sentence.end) if comma is not None else (0, 0)
    else:
        low, high = sentence.start, first
    if narration.has_placeholder(low, high):
        return []
    return [(low, high)]


def _around_parenthesis(narration: Narration, verb: Token, sentence: Span) -> list[tuple[int, int]]:
    """Find the clause in which ', X said,' stands: 'The rink, X said, was warm', 'In May, X said, it was'."""
    low, edge, after = sentence.start, _first_of_saying(verb), _after_speaker(verb)
    doc = verb.doc
    is_parenthesis = low < edge and after < sentence.end and doc[edge - 1].text == "," == doc[after].text
    if not is_parenthesis or verb.dep_ == "relcl" or narration.has_placeholder(low, edge):
        return []
    before, rest = (low, edge - 1), (after + 1, _until_placeholder(narration, after + 1, sentence.end))
    if not _is_finite(doc, *rest):
        return []
    # A participle is X's own: 'Speaking in Oslo, X said, …'.
    is_own = doc[low].tag_ in ("VBG", "VBN", "CC") or bool(speech_of(doc[rest[0]]))
    is_whole = _is_finite(doc, *before) and doc[low].tag_ not in ("IN", "WRB")
    if is_own or is_whole:
        return []
    is_link = all(token.tag_ in ("RB", "CC", "IN", "UH", ",") for token in doc[low : edge - 1])
    return [rest] if is_link else [before, rest]  # 'Still, X said, it was warm'


def _left_clause(narration: Narration, verb: Token, sentence: Span) -> list[tuple[int, int]]:
    """Find the clause before a verb: '…, X said', and its rest after: '…, X said, …'."""
    low, edge, after = sentence.start, _first_of_saying(verb), _after_speaker(verb)
    if edge <= low or verb.doc[edge - 1].text != "," or narration.has_placeholder(low, edge):
        return []
    if any(child.dep_ in ("dobj", "xcomp") and child.i >= after for child in verb.rights):
        return []  # 'In May, Kim signaled a desire', 'Later, he added trucks'
    # Words before a comma are reported only if they are a clause, unlike 'In Rome, Kim said'.
    has_clause = any(_is_main_clause(child) for child in verb.lefts if child.i < edge)
    is_aside = verb.dep_ in ("parataxis", "ccomp", "conj", "dep") and verb.head.i != verb.i
    if not has_clause and not is_aside:
        return []
    spans = [(low, edge - 1)]
    # Only a parenthetical clause continues: '…, X said, …', or one that says why: '…, X said, because …'.
    is_parenthesis = after < sentence.end and verb.doc[after].text == ","
    goes_on = verb.head.i > after or verb.doc[after + 1 : after + 2].text.lower() in _REASONS
    if is_parenthesis and goes_on:
        spans.append((after + 1, _until_placeholder(narration, after + 1, sentence.end)))
    return [(low, high) for low, high in spans if high - low >= _FEWEST_WORDS]


def _first_of_saying(verb: Token) -> int:
    """Return the first token of 'X said' or 'said X'."""
    set_off = speaker_set_off(verb)
    if set_off is not None:
        return set_off[1]
    subjects = [child for child in verb.lefts if child.dep_ in ("nsubj", "nsubjpass")]
    return subjects[-1].left_edge.i if subjects and not is_inverted(verb) else verb.i


def _is_finite(doc: Doc, low: int, high: int) -> bool:
    return any(token.tag_ in _FINITE for token in doc[low:high])


def _is_main_clause(verb: Token) -> bool:
    """Whether a verb before 'X said' has a clause of its own; parsers make some of them adverbial.

    'The dam will burst, X warned', but not 'If the dam bursts, X said' or 'When he came, X said'.
    """
    if verb.dep_ == "ccomp":
        return True
    is_subordinate = any(
        child.dep_ in ("mark", "advmod") and child.tag_ in ("IN", "WRB") for child in verb.lefts
    )
    has_subject = any(child.dep_ in _CLAUSE_SUBJECTS for child in verb.lefts)
    return verb.dep_ == "advcl" and has_subject and not is_subordinate


def _after_speaker(verb: Token) -> int:
    """Return the token after '…, X said on Monday', '…, X told the paper' or '…, said X'."""
    if not is_inverted(verb):
        is_telling = base_form(verb.text) in _TELLING
        hearers = (child for child in verb.rights if is_telling and child.dep_ in ("dobj", "dative"))
        hearer = next((child for child in hearers if child.left_edge.i == verb.i + 1), verb)
        after = hearer.right_edge.i + 1 if hearer.i > verb.i else verb.i + 1
        return _circumstance_end(verb.doc, after, verb.sent.end)
    interrupting = speaker_within(verb)
    if interrupting is not None:
        return interrupting[1]
    after = verb.i + 1
    while after < verb.sent.end and verb.doc[after].tag_[:2] in ("NN", "DT", "JJ", "PR", "PO"):
        after += 1
    return after


def _according_to_clauses(
    narration: Narration, token: Token, sentence: Span, attributor: Attributor
) -> list[ReportedClause]:
    attribution = attributor.according_to(token)
    head = object_of(token.nbor(1), token) if attribution is not None else None
    if attribution is None or head is None:
        return []
    pieces: list[tuple[int, int]] = []
    if token.i == sentence.start:
        commas = (other.i for other in sentence if other.text == "," and other.i >= head.right_edge.i)
        comma = next(commas, None)
        if comma is None:
            return []
        low, high = _after_modifier(token.doc, comma + 1, sentence.end), sentence.end
    else:
        low, high = sentence.start, token.i
        commas = (at for at in range(head.i + 1, sentence.end) if token.doc[at].text == ",")
        comma = next(commas, None)
        is_clause = _is_finite(token.doc, low, high)
        if not is_clause and comma is not None:  # 'At this point, according to Kim, they laughed'
            before, (low, high) = (low, high), (comma + 1, sentence.end)
            # 'The first step, according to Kim, is a toll': its subject, too.
            is_subject = token.doc[before[0]].tag_ in _SUBJECT_TAGS and token.doc[low].tag_ in _FINITE
            if is_subject and not narration.has_placeholder(*before):
                subject = _trim_clause(narration, *before, fewest=1)
                pieces += [] if subject is None else [subject]
    if narration.has_placeholder(low, high):
        return []
    span = _trim_clause(narration, low, high)
    pieces = [*pieces, span] if span is not None else []
    return [ReportedClause(piece, replace(attribution, rule="according-to")) for piece in pieces]


def _in_ones_view(
    narration: Narration, view: Token, sentence: Span, subjects: Subjects, attributor: Attributor
) -> list[ReportedClause]:
    """Find what follows "In Kim's view, …" at the start of a sentence."""
    owner = next((child for child in view.lefts if child.dep_ == "poss"), None)
    low, high = view.i + 2, sentence.end
    is_opening = sentence[0].lower_ == "in" and view.head.i == sentence.start
    if owner is None or not is_opening or low >= high or view.nbor(1).text != ",":
        return []
    phrase = subjects.phrase_of(owner)
    is_speaker = phrase is not None and subjects.is_speaker(phrase)
    span = _trim_clause(narration, low, high) if not narration.has_placeholder(low, high) else None
    if phrase is None or not is_speaker or span is None or not _is_finite(view.doc, low, high):
        return []
    return [ReportedClause(span, Attribution(attributor.cue_of(view), phrase, "according-to"))]


def _after_modifier(doc: Doc, low: int, high: int) -> int:
    """Return where the clause begins: 'According to the memo, obtained by the paper, staff knew'.

    No clause begins with a participle or a verb in the past, so this one says more of the source.
    """
    if doc[low].tag_ not in ("VBN", "VBD"):
        return low
    comma = next((at for at in range(low, high) if doc[at].text == ","), high)
    return comma + 1 if _is_finite(doc, comma, high) else low


def _until_placeholder(narration: Narration, low: int, high: int) -> int:
    first, last = narration.placeholders_between(low - 1, high)
    return narration.placeholder_indexes[first] - 1 if first < last else high


def _is_irrealis(verb: Token) -> bool:
    if any(child.dep_ == "aux" and child.lower_ in _MODALS for child in verb.children):
        beside = verb.doc[max(0, verb.i - 1) : verb.i + 2]
        if any(token.lower_ in ("only", "just") for token in beside):
            return False  # 'would say only that', 'would only say'
        # 'could have said', but 'will have said' and 'must have said' are guesses at what was.
        return verb.tag_ in ("VB", "VBN")
    if verb.tag_ != "VB":
        return False
    # 'went on to say' reports speech, 'forced Kim to say' too, and 'wanted to say' does not.
    return not is_caused(verb) and verb.head.lower_ not in (
        "went",
        "go",
        "goes",
        "continued",
        "continues",
        "did",
        "took",
        "used",
    )


def _trim_clause(
    narration: Narration, low: int, high: int, fewest: int = _FEWEST_WORDS
) -> tuple[int, int] | None:
    doc = narration.doc
    quoted = narration.quoted
    while (
        high > low and high - 1 not in quoted and (doc[high - 1].text in _TRAILING or doc[high - 1].is_space)
    ):
        high -= 1
    while low < high and low not in quoted and (doc[low].text in _TRAILING or doc[low].is_space):
        low += 1
    if high - low < fewest:
        return None
    low += high - low > 1 and low not in quoted and _is_complementizer(doc[low])
    return low + (low + 1 < high and low not in quoted and doc[low].text == ","), high


def _is_complementizer(token: Token) -> bool:
    """Whether 'that' or 'whether' is a complementizer; in 'that was wrong' it is part of the clause."""
    if token.lower_ not in ("that", "whether") or token.i + 1 >= len(token.doc):
        return False
    after = token.nbor(1).tag_
    return token.dep_ == "mark" or (token.tag_ == "IN" and after not in _FINITE) or after in _NAME_TAGS


def _is_source_aside(clause: ReportedClause, clauses: Sequence[ReportedClause]) -> bool:
    """Whether a clause 'according to Y' has within it what a named X says."""
    cue = clause.attribution.cue
    if cue is None or not cue.text.lower().startswith("according"):
        return False
    return any(
        clause.tokens[0] < other.tokens[0]
        and other.tokens[1] <= clause.tokens[1]
        and (phrase := other.attribution.speaker_phrase) is not None
        and (phrase.kind == "name" or phrase.is_proper)
        for other in clauses
    )


def _without_overlaps(clauses: list[ReportedClause]) -> list[ReportedClause]:
    """Keep the longer of two overlapping clauses: the outer one reports the inner one.

    But what 'X said …, according to a filing' reports is X's.
    """
    kept: list[ReportedClause] = []
    for clause in sorted(
        clauses, key=lambda clause: (_is_source_aside(clause, clauses), clause.tokens[0] - clause.tokens[1])
    ):
        if all(clause.tokens[1] <= other.tokens[0] or other.tokens[1] <= clause.tokens[0] for other in kept):
            kept.append(clause)
    return sorted(kept, key=lambda clause: clause.tokens)
