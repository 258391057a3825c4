"""Roles: what a text says a person is, collected from titles, appositions and predicates.

The role words of a person are compared with those of a role phrase such as 'the Vermont senator'.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

from ontherecord.flows.extract.attribution.speaker_phrases import MentionIndex
from ontherecord.flows.extract.resolution.demonyms import SHORTEST_STEM, is_of_place
from ontherecord.flows.extract.text.cues import base_form, speech_of_word
from ontherecord.flows.extract.word_lists import table_rows, word_list, word_set
from ontherecord.warehouse.records import Mention

_ROLE_TITLES = {
    "sen": "senator",
    "sens": "senator",
    "rep": "congressman",
    "gov": "governor",
    "gen": "general",
    "dr": "doctor",
    "prof": "professor",
    "r": "republican",
    "d": "democrat",
    "lt": "lieutenant",
}
_PARTY = re.compile(r"\b([RD])-(?=[A-Z])")  # 'R-Ky.'
_FROM = re.compile(r" (?:of|from) (?=[A-Z])")
_WORD = re.compile(r"[A-Za-z][\w'\u2019-]*")
# 'Vice-president', 'co-pilot': two words, as in 'vice president'.
_HYPHEN = re.compile(r"\b(deputy|vice|assistant|associate|shadow|co|ex|former)-(?=[A-Za-z])", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[.,;:!?\"\u201c\u201d\n]\s")
_APPOSITION_END = re.compile(r"[,;\n]|(?<![A-Z])\.|\.(?=\s+[A-Z]|$)")  # not in 'the U.S. candidate'
# Words that are not part of a title: 'met with Senator', 'by her lawyer'.
_LINK = re.compile(
    r"the|a|an|his|her|their|its|our|my|and|or|but|with|by|to|from|for|when|while|as|that|who|met|"
    r"is|was|were|in|on|at|than|after"
)
# What follows the head of a role, what joins two roles, and adjectives behind the head.
ROLE_END = re.compile(r"\b(?:of|for|from|at|in|on|with|who|whose|which|to|by|near|and his|and her)\b|,")
# Words that set the holder of a role apart from another: 'the deputy mayor', 'the former mayor'.
STANDING_IN = frozenset(("deputy", "vice", "assistant", "associate", "shadow", "junior", "co", "acting"))
PAST = frozenset(("former", "ex", "retired"))
# Words that make another office of the one after them: 'the chief justice' is not any justice.
ABOVE = frozenset(("chief", "first", "press", "prime"))
_ROLE_PARTS = re.compile(r" and |/")
_AFTER_HEAD = ("general", "elect", "emeritus", "designate", "judge", "justice")
_PARTY_AND_STATE = re.compile(r"[RDI]-[A-Z]")
# A role before a name ('the mayor, ', 'its head of sales, '), without a second article except after 'of'.
_ROLE_WORD = r"(?!(?:the|an?|its|their|his|her|our|and)\b)[\w'\u2019-]+"
_APPOSITION_BEFORE = re.compile(
    r"\b(?:[Tt]he|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er|\w+['\u2019]s) "
    rf"({_ROLE_WORD}(?: (?:(?:of|for|at|in) (?:the )?)?{_ROLE_WORD}){{0,5}}), (?:[A-Z][\w.]+ ){{0,2}}$"
)
_ROLE = r"(?:an? |the |its |their |his |her )?([a-z-]+(?: [a-z-]+){0,4})"
_BECAME = re.compile(
    r"\b(?:(?:was|were|is|are|been|be|being) (?:re-?)?(?:named|appointed|elected|chosen|picked|declared|"
    r"nominated|sworn in|confirmed|installed|promoted)(?: as| to)?|becomes?|became|(?:took|takes) over as"
    rf"|started as|(?:will|to) be) {_ROLE}"
)
_IS = re.compile(rf" (?:is|was|works as|worked as|serves as|served as) {_ROLE}")
_WON = re.compile(r"\b(?:won|wins|winner|winning|beat|beats|defeated|elected|victory)\b")
_STATE_LETTERS = (3, 4)
# Words that end the role in a predicate: 'was named minister on Monday'.
_STOP = re.compile(r"on|in|at|after|by|to|from|with|when|who|that|and|but|last|this")
_SENTENCE_END = re.compile(r"[.?!;\n\"\u201c]")
# Characters after a name that can say what the person is or becomes.
_PREDICATE_REACH = 160
# Characters before a name to search for a title, and after it for an apposition.
_TITLE_REACH = 60
_APPOSITION_REACH = 90
# First words behind a name with a comma that go on with the sentence: 'Kim, met the painter, Lee'.
_GOING_ON = frozenset(
    (
        "and", "or", "but", "while", "both", "met", "beat", "gave", "took", "led", "won", "lost",
        "sent", "made", "left", "came", "went", "saw", "held", "hit", "sued", "got", "shot", "ran",
        "paid", "sold", "bought", "spoke", "is", "was", "were", "are", "has", "had", "have", "will",
        "would", "can", "could", "may", "might",
    )
)  # fmt: skip
# Characters before a role with its comma that can hold its owner: "Russia's foreign minister, Ann Kim,".
_POSSESSOR_REACH = 14
# A text that introduces more people with one role is a list; keep the latest.
_MOST_PER_ROLE = 50


class RoleIndex:
    """The role words of one article's persons, in the order of the text.

    `introductions` has, for each sentence, its body offset and the role words it gives to entities.
    """

    def __init__(self, introductions: Iterable[tuple[int, Sequence[tuple[int, Sequence[str]]]]]) -> None:
        self._words: dict[int, set[str]] = {}
        self._people: dict[str, tuple[list[int], list[int]]] = {}  # role word -> entities, offsets
        self._places: dict[str, list[str]] = {}  # first letters of a place's last word -> its role words
        for offset, roles in introductions:
            for number, words in roles:
                for word in words:
                    self._add(number, word, offset)

    def _add(self, number: int, word: str, offset: int) -> None:
        known = self._words.setdefault(number, set())
        if word in known:
            return
        known.add(word)
        if word not in self._people:
            self._people[word] = ([], [])
            kind, _, name = word.partition(":")
            # A line may end right after the "of" or "from" before a place, which then has no name.
            if kind == "place" and name.strip():
                self._places.setdefault(name.split()[-1][:SHORTEST_STEM], []).append(word)
        numbers, offsets = self._people[word]
        numbers.append(number)
        offsets.append(offset)

    def words_of(self, number: int) -> set[str]:
        """Return the role words of an entity."""
        return self._words.get(number, set())

    def introduced_as(self, word: str, offset: int) -> set[int]:
        """Return the entities introduced with a role word before an offset."""
        numbers, offsets = self._people.get(word, ((), ()))
        end = bisect_left(offsets, offset)
        return set(numbers[max(0, end - _MOST_PER_ROLE) : end])

    def inhabitants(self, demonym: str, offset: int) -> set[int]:
        """Return the entities introduced, before an offset, as from the place of a demonym."""
        found: set[int] = set()
        for origin in self._places.get(demonym[:SHORTEST_STEM], [])[-_MOST_PER_ROLE:]:
            if is_of_place(demonym, origin.removeprefix("place:")):
                found |= self.introduced_as(origin, offset)
        for letters in _STATE_LETTERS:  # 'the Kansan' for 'Sen. Kim (R-Kan.)'
            if demonym[:letters] in _state_abbreviations():
                found |= self.introduced_as(demonym[:letters], offset)
        return found


@cache
def _state_abbreviations() -> frozenset[str]:
    """Return the abbreviations of US states of three and four letters: 'kan', 'mich'."""
    forms = (form for row in table_rows("names/us_states") for form in row)
    return frozenset(form.lower().removesuffix(".") for form in forms if form.endswith("."))


@cache
def role_synonyms() -> dict[str, tuple[frozenset[str], ...]]:
    """Map a general word for an office to the offices it can mean, each as its role words."""
    table = {}
    for line in word_list("role_synonyms"):
        word, _, offices = line.partition("=")
        table[word.strip()] = tuple(frozenset(office.split()) for office in offices.split("|"))
    return table


def roles_of(
    body: str, named: Sequence[Mention], mentions: MentionIndex
) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Collect the role words around persons' names: titles, appositions, predicates and origins."""
    found = []
    previous = 0
    persons = [mention for mention in named if mention.kind == "person"]
    for at, mention in enumerate(persons):
        start, end = mention.char_start, mention.char_end
        limit = persons[at + 1].char_start if at + 1 < len(persons) else named[-1].char_end + _PREDICATE_REACH
        predicate = _SENTENCE_END.split(body[end : min(limit, end + _PREDICATE_REACH)])[0]
        office = (
            _apposition_before(body[max(previous, start - _TITLE_REACH) : start])
            if body[end : end + 1] in (",", ".", ";", ":", "\n", "")
            else ""
        )
        before = _title_before(body[max(previous, start - _TITLE_REACH) : start])
        before = "" if before.rstrip().endswith(" of") else before  # 'said the Spaniard of Kim'
        previous = end
        after = _apposition_after(body[end : end + _APPOSITION_REACH])
        predicated = _predicate(predicate)
        words = role_words(before)[-5:] + role_words(after)[:9]
        words += role_words(office) + predicated
        heads = [
            *role_words(before)[-1:],
            *role_heads(before),
            *role_heads(after),
            *role_heads(office),
            *predicated,
        ]
        words += [f"head:{head}" for head in heads]
        words += [mark for role in (before, after, office) for mark in _set_apart(role)]
        words += mentions.origins(
            start - max(len(before), len(office) + _POSSESSOR_REACH if office else 0), start
        )
        words += mentions.origins(end, end + max(len(after) + 2, _origin_length(body, end, mentions)))
        if words:
            found.append((mention.entity_no, tuple(words)))
    return tuple(found)


def _set_apart(role: str) -> list[str]:
    """List what sets the holder of a role apart from the holder: 'former:mayor', 'deputy:mayor'."""
    marks = [word for word in role_words(ROLE_END.split(role)[0]) if word in STANDING_IN | PAST]
    set_apart = [f"{mark}:{head}" for mark in marks for head in role_heads(role)] if marks else []
    return set_apart + [f"{mark}:{head}" for mark, head in pairwise(role_words(role)) if mark in ABOVE]


def role_heads(role: str) -> list[str]:
    """List the words for what a person is: 'director' in 'director of the Oslo lab', not 'lab'."""
    if _PARTY_AND_STATE.match(role):
        return role_words(role)
    heads = []
    for part in _ROLE_PARTS.split(ROLE_END.split(role)[0]):
        words = role_words(part)
        heads += words[-2:] if words[-1:] and words[-1] in _AFTER_HEAD else words[-1:]
    return heads


def _apposition_before(before: str) -> str:
    """Return the role in 'the mayor, Ann Kim,' or 'its leader, Ann Kim,'."""
    found = _APPOSITION_BEFORE.search(before)
    return found.group(1) if found is not None else ""


def _predicate(after: str) -> list[str]:
    """List the role words of what a person is or becomes, and 'winner' for who has won."""
    words = ["winner"] if _WON.search(after) else []
    became = _BECAME.search(after)
    found = became or _IS.match(after)
    if found is not None:
        role = role_words(found.group(1))
        stop = next((at for at, word in enumerate(role) if _STOP.fullmatch(word)), len(role))
        words += role[:stop]
    return [*words, "new"] if became is not None else words


def _origin_length(body: str, end: int, mentions: MentionIndex) -> int:
    """Return the length of 'of Norway' or 'from Ohio' right after a name, or 0."""
    found = _FROM.match(body, end)
    origin = mentions.at(found.end()) if found is not None else None
    return origin.char_end - end if origin is not None else 0


def _title_before(before: str) -> str:
    """Return the words before a name that can be its title, after the last article, verb or other link."""
    before = _CLAUSE_END.split(before)[-1]
    links = [found.end() for found in _WORD.finditer(before) if _is_link(found.group().lower())]
    return before[links[-1] :] if links else before


def _is_link(word: str) -> bool:
    # Base forms can be part of titles: Secretary of State, Report editor.
    return bool(_LINK.fullmatch(word)) or (bool(speech_of_word(word)) and base_form(word) != word)


def _apposition_after(after: str) -> str:
    """Return an apposition after a name: ', the Ohio senator,' or '(R-Ky.)'."""
    if after[:2] == ", ":
        phrase = _APPOSITION_END.split(after[2:])[0]
        first = phrase.split(" ", 1)[0].lower()
        # ', hugged the priest, Kim' and ', and the pilot, Kim' go on with somebody else.
        return "" if first in _GOING_ON or is_verb_form(first) else phrase
    return after[2:].split(")")[0] if after[:2] == " (" else ""


def is_verb_form(word: str) -> bool:
    """Whether a word beside a name or a title is rather a verb: 'met', 'praised', 'joining'."""
    if word in word_set("role_participles"):
        return False
    if word in word_set("names/headline_verbs") or word.endswith(("ed", "ing", "ly")):
        return True
    return bool(speech_of_word(word)) and base_form(word) != word


def role_words(phrase: str) -> list[str]:
    """List the words of a title or role in normalized form."""
    phrase = _HYPHEN.sub(r"\1 ", _PARTY.sub(r"\1 ", phrase))
    words = (word.lower().removesuffix("'s").removesuffix("\u2019s") for word in _WORD.findall(phrase))
    return [_ROLE_TITLES.get(word, word) for word in words]
