"""Introductions: the words by which an article says who a person is, with their places.

'Finance Minister Ruth Adler', 'Ruth Adler, a spokeswoman for the union,', 'the mayor, Ruth Adler,' and 'Ruth
Adler is a surgeon'. `roles.py` compares the words of roles; here they are kept as written, for readers.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ontherecord.flows.extract.attribution.subjects import singular
from ontherecord.flows.extract.names.places import find_demonym
from ontherecord.flows.extract.resolution.roles import ROLE_END, is_verb_form, role_heads, role_words
from ontherecord.flows.extract.resolution.speakers import is_person_noun
from ontherecord.flows.extract.word_lists import table_rows, word_set
from ontherecord.warehouse.records import Mention

_SHORT_TITLES = frozenset(form for row in table_rows("names/title_abbreviations") for form in row[1:]) | {
    "dr",
    "lt",
    "insp",
    "det",
    "supt",
    "cllr",
}
_TOKEN = re.compile(r"[\w.'\u2019&/-]*[\w'\u2019]\.?|[^\w\s]")
# What stands between a name and its apposition: an age, a party and state in brackets, 'said'.
_AFTER = re.compile(r"(?: \([^()\n]{1,24}\))?(?: (?:said|says))?, (?:(?:aged )?\d{1,3}, |[RDI]-[\w.]+, )?")
_PREDICATE = re.compile(
    r"(?:, who)? (?:is|was|works as|worked as|serves as|served as) (?=(?:an?|the|its|their) )"
)
# A phrase ends at a sign, at a clause of its own, and at the verb of speech behind it.
_PHRASE_END = re.compile(
    r"[,;:()\"\u201c\u201d\u2018\n]| [\u2013\u2014-]{1,2} |  "
    r"| (?:who|whose|which|that|when|where|while|after|before|but|because|since|said|says|told|tells|added"
    r"|is|was|has|had)\b"
)
# The rest of a body's name with commas: 'the Clean Air|, Climate Change, and Nuclear Safety Subcommittee'.
_REST_OF_BODY = re.compile(
    r"(?:, [A-Z][\w'\u2019-]*(?: (?:of |for )?[A-Z][\w'\u2019-]*){0,3})*"
    r",? (?:and|&) (?:[A-Z][\w'\u2019-]* ){0,4}"
    r"(?:Committee|Subcommittee|Commission|Council|Department|Ministry|Board|Agency|Institute|Panel|Caucus"
    r"|Service|Authority|Association|Union|University|School|College|Party)\b"
)
_CONJUNCTION_AT_END = re.compile(r" (?:and|or|but)$")
_ARTICLE = re.compile(
    r"(?<![\w-])(?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er|[Oo]ur|One|[A-Z]\S*['\u2019]s?)(?= )"
)
_APART = re.compile(r"[,;]| (?:and|or) ")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
# 'Secretary of State', 'Minister for Foreign Affairs', before the name.
_OFFICE_OF = re.compile(r"([A-Z][\w-]+)(?: [Gg]eneral)? (?:of|for)(?: the)?(?: [A-Z][\w'\u2019-]*| and)+$")
# 'an aide to the former mayor ' before a name inside a phrase
_LINKED = re.compile(r"\b(?:of|for|to|with|by|under|at|from) (?:\S+ ){0,4}$")
_DETERMINERS = frozenset(("a", "an", "the", "its", "their", "his", "her", "our", "one"))
_INSIDE_NOUN = frozenset(("and", "a", "an", "the"))
_MOST_BEFORE, _MOST_AFTER = 100, 180
_LONGEST_TITLE, _LONGEST_PHRASE, _LONGEST_NOUN = 8, 18, 9
# Mentions to look at: a person is introduced by the first few.
_MOST_MENTIONS = 12


@dataclass(frozen=True, slots=True)
class Introduction:
    """Words of the body that say who a person is; `weight` is higher the more they say."""

    start: int
    end: int
    weight: int


class Introductions:
    """The introductions of one article's persons, looked up by entity.

    `narration` is the body with its quotations blanked, `mentions` are those outside quotations, and `starts`
    the offsets where the narrator's sentences begin.
    """

    def __init__(self, narration: str, mentions: Sequence[Mention], starts: Sequence[int]) -> None:
        self._narration = narration
        self._starts = starts
        self._persons = [mention for mention in mentions if mention.kind == "person"]
        self._at = [mention.char_start for mention in self._persons]
        self._mentions_of: dict[int, list[int]] = {}
        for number, mention in enumerate(self._persons):
            self._mentions_of.setdefault(mention.entity_no, []).append(number)
        self._found: dict[int, list[Introduction]] = {}

    def role_of(self, entity_no: int, offset: int) -> tuple[int, int] | None:
        """Return where the body says who a person is, in the sentence of an offset or before.

        The fullest words count; of several as full, those of the sentence, then the first.
        """
        if entity_no not in self._found:
            numbers = self._mentions_of.get(entity_no, [])[:_MOST_MENTIONS]
            self._found[entity_no] = [found for number in numbers for found in self._around(number)]
        start, end = self._sentence(offset)
        known = [found for found in self._found[entity_no] if found.start < end]
        if not known:
            return None
        best = max(known, key=lambda found: (found.weight, found.start >= start, -found.start))
        return best.start, best.end

    def _sentence(self, offset: int) -> tuple[int, int]:
        at = bisect_right(self._starts, offset)
        start = self._starts[at - 1] if at else 0
        end = self._starts[at] if at < len(self._starts) else len(self._narration)
        return start, end

    def _around(self, number: int) -> Iterator[Introduction]:
        """Yield what is said around one mention."""
        mention = self._persons[number]
        low, high = self._sentence(mention.char_start)
        if number:  # 'Mayor Tom Baker and Senator Ruth Adler', but "Tom Baker's lawyer Ruth Adler"
            end = self._persons[number - 1].char_end
            if self._narration[end : end + 2] in ("'s", "\u2019s"):
                end = self._persons[number - 1].char_start  # "Tom Baker's spokesman, Ruth Adler,"
            if _APART.search(self._narration, end, mention.char_start):
                low = max(low, end)
        low, high = max(low, mention.char_start - _MOST_BEFORE), min(high, mention.char_end + _MOST_AFTER)
        before = self._narration[low : mention.char_start]
        after = self._narration[mention.char_end : high]
        for start, end in (_title(before), _apposed_before(before, after)):
            if start < end:
                yield _introduction(self._narration, low + start, low + end)
        start, end = self._apposed_after(mention.char_end, after)
        if start < end:
            yield _introduction(self._narration, start, end)
        start, end = _predicate(after)
        if start < end:
            yield Introduction(mention.char_end + start, mention.char_end + end, 2)

    def _apposed_after(self, at: int, after: str) -> tuple[int, int]:
        """Find ', a spokeswoman for the union' behind a name; two equal offsets if there is none."""
        lead = _AFTER.match(after)
        if lead is None:
            return 0, 0
        start, end = _phrase(after, lead.end())
        phrase = after[start:end]
        closing = at + end + 2  # 'Tom Baker, his lawyer, Ruth Adler': whose?
        is_next_person = after[end : end + 2] == ", " and self._person_at(closing)
        if is_next_person or not _is_role(phrase):
            return 0, 0
        for person in self._persons[bisect_left(self._at, at + start) : bisect_left(self._at, at + end)]:
            is_owner = self._narration[person.char_end : person.char_end + 1] in ("'", "\u2019")
            inside = self._narration[at + start : person.char_start]
            if not is_owner and not _LINKED.search(inside):
                return 0, 0
        return at + start, at + end

    def _person_at(self, offset: int) -> bool:
        at = bisect_left(self._at, offset)
        return at < len(self._at) and self._at[at] == offset


# 'Housing minister', 'Farming secretary'
_HEADS_OF_FIELDS = frozenset(
    ("chief", "director", "manager", "minister", "secretary", "spokesman", "spokeswoman")
)
_NAME_BEFORE = re.compile(r"[A-Z][\w-]*\.? ")
_ADDRESS = re.compile(r"(?<=, )(?:(?:Dr|Prof|Professor|Sir|Dame|Lord|Lady|Mr|Mrs|Ms)\.? )+$")
_SPEAKING_FOR = re.compile(
    r"\b((?:an?|the|his|her|its|their) (?:\w+ )?"
    r"(?:spokes\w+|lawyer|attorney|solicitor|barrister|agent|aide) (?:for|to) )$",
    re.IGNORECASE,
)


def _introduction(narration: str, start: int, end: int) -> Introduction:
    """Return an introduction with its weight: abbreviations, plurals, relatives and single words say less."""
    words = narration[start:end].split()
    last = _plain(words[-1])
    is_plural = singular(last) != last and (
        singular(last) in word_set("names/titles") or last in _SHORT_TITLES
    )
    if is_plural or (len(words) == 1 and last in _SHORT_TITLES):
        return Introduction(start, end, 1)
    is_relative = any(head in word_set("names/kinship_nouns") for head in role_heads(" ".join(words)))
    return Introduction(start, end, 2 if len(words) == 1 or is_relative else 3)


def _phrase(text: str, start: int) -> tuple[int, int]:
    """Return the offsets of the words from a place to where their phrase ends."""
    found = _PHRASE_END.search(text, start)
    rest = _REST_OF_BODY.match(text, found.start()) if found is not None else None
    if rest is not None:
        found = _PHRASE_END.search(text, rest.end())
    end = found.start() if found is not None else len(text)
    words = text[start:end].rstrip(" \u2014-")
    if words.endswith(".") and words[-2:-1].islower():
        words = words[:-1]  # but not that of 'the U.S.'
    words = _CONJUNCTION_AT_END.sub("", words)  # 'is the mayor and has'
    return start, start + len(words)


def _is_role(phrase: str) -> bool:
    """Whether words say what a person is: their head is a noun for persons, and no verb stands before it."""
    words = phrase.split()
    noun = role_words(ROLE_END.split(phrase)[0])  # 'the mayor' of 'the mayor of the town his father built'
    if (
        not noun
        or len(words) > _LONGEST_PHRASE
        or len(noun) > _LONGEST_NOUN
        or noun[-1] in word_set("no_role_heads")
    ):
        return False
    if not word_set("no_title_words").isdisjoint(set(noun[1:]) - _INSIDE_NOUN):
        return False  # 'saying he would be a disaster'
    if noun[0] not in _DETERMINERS:
        is_small = noun[0] in word_set("names/function_words") or noun[0] in word_set("no_title_words")
        if is_small or not words[0][0].isalpha() or (words[0][0].islower() and is_verb_form(noun[0])):
            return False
    heads = role_heads(phrase)
    if noun[0] in ("his", "her") and not word_set("names/kinship_nouns").isdisjoint(heads):
        return False  # 'Tom Baker, his wife and his son': others
    return any(is_person_noun(head) for head in heads)


def _predicate(after: str) -> tuple[int, int]:
    """Find 'a surgeon in the town' in 'Ruth Adler is a surgeon in the town'."""
    lead = _PREDICATE.match(after)
    if lead is None:
        return 0, 0
    start, end = _phrase(after, lead.end())
    return (start, end) if _is_role(after[start:end]) else (0, 0)


def _apposed_before(before: str, after: str) -> tuple[int, int]:
    """Find 'the mayor of Oslo' in 'the mayor of Oslo, Ruth Adler,'.

    It begins at the last article whose noun is one for persons.
    """
    before = _ADDRESS.sub("", before)  # 'the coroner, Dr Ruth Adler,'
    if not before.endswith(", ") or not (after[:1] in ("", ",", ".", ";", ":") or after[:1] == " "):
        return 0, 0
    end = len(before) - 2
    for article in reversed([found.start() for found in _ARTICLE.finditer(before, 0, end)]):
        phrase = before[article:end]
        if _PHRASE_END.search(_REST_OF_BODY.sub("", phrase)):
            return 0, 0
        if len(ROLE_END.split(phrase)[0].split()) < 2:
            continue  # 'after attacking her on Twitter, Adler': a pronoun
        heads = role_heads(_POSSESSIVE.sub("", phrase)) if phrase else []
        is_person = any(is_person_noun(head) and head not in word_set("no_role_heads") for head in heads)
        if is_person and len(phrase.split()) <= _LONGEST_PHRASE:
            whole = _SPEAKING_FOR.search(before[:article])  # 'a spokesman for the mayor, Ruth Adler,'
            return (whole.start(1) if whole is not None else _first_of_name(before, article)), end
    return 0, 0


def _first_of_name(before: str, at: int) -> int:
    """Return where the name begins whose last word stands at an offset: "Tom Baker's spokesman"."""
    if not before[at].isupper() or before[at:].split()[0].lower() in word_set("names/function_words"):
        return at
    for word in reversed(_NAME_BEFORE.findall(before[:at])):
        if _plain(word) in word_set("names/function_words") or not before[:at].endswith(word):
            break
        at -= len(word)
    return at


def _title(before: str) -> tuple[int, int]:
    """Find the title right before a name: 'former French Foreign Minister'."""
    if not before.endswith(" "):
        return 0, 0
    tokens = list(_TOKEN.finditer(before))
    while tokens and _plain(tokens[-1].group()) in word_set("names/forms_of_address"):
        tokens.pop()
    if len(tokens) > 1 and _plain(tokens[-1].group()) == "dr" and _is_title(tokens[-2].group()):
        tokens.pop()  # 'the surgeon Dr. Adler'
    if not tokens:
        return 0, 0
    end = tokens[-1].end()
    office = _OFFICE_OF.search(before[:end])
    if office is not None and is_person_noun(office.group(1).lower()):
        tokens = [token for token in tokens if token.start() <= office.start(1)]
    elif (
        _plain(tokens[-1].group()) in word_set("no_role_heads")
        or not _is_title(tokens[-1].group())
        or (len(tokens) > 1 and _plain(tokens[-2].group()) in _BEFORE_VERBS)
    ):
        return 0, 0
    first = len(tokens) - 1
    while first and len(tokens) - first < _LONGEST_TITLE and _can_precede(tokens, first):
        first -= 1
    # Only a noun, a name or a possessor can open it.
    while first < len(tokens) - 1 and _plain(tokens[first].group()) in ("and", "of", "for", "the", "&"):
        first += 1
    while first < len(tokens) - 1 and _is_text_before_title(tokens[first].group(), tokens[first + 1].group()):
        first += 1
    return tokens[first].start(), end


def _is_text_before_title(word: str, following: str) -> bool:
    """Whether a word belongs to what was written, not to who wrote: 'the letter Senator Adler sent'."""
    return word.islower() and following[:1].isupper() and word in word_set("document_nouns")


def _plain(word: str) -> str:
    return word.lower().rstrip(".")


def _is_title(word: str) -> bool:
    """Whether a word before a name is a title: 'Sen.', 'Mayor', 'singer', 'Senators'."""
    plain = _plain(word)
    if plain in _SHORT_TITLES:
        return word[:1].isupper()
    if word[:1].isupper() and singular(plain) in word_set("names/titles"):
        return True
    if word[:1].isupper() and plain not in word_set("names/titles") and find_demonym(word) is not None:
        return False  # 'German', by its ending
    is_small = (
        plain in word_set("names/function_words")
        or plain in word_set("no_title_words")
        or plain in word_set("names/months")
    )
    return (
        plain not in word_set("names/forms_of_address")
        and not is_small
        and is_person_noun(plain.removesuffix("-elect"))
    )


def _can_precede(tokens: Sequence[re.Match[str]], first: int) -> bool:
    """Whether the word before `first` is part of the title too: 'French', 'former', 'the union's'."""
    word = tokens[first - 1].group()
    plain = _plain(word)
    if first > 1 and _plain(tokens[first - 2].group()) in _BEFORE_VERBS and word.islower():
        return False  # 'to replace Justice Adler'
    if not word[0].isalpha() or tokens[first].start() - tokens[first - 1].end() > 1:
        return False
    if _POSSESSIVE.search(_plain(tokens[first].group())) and tokens[first].group()[:1].islower():
        return plain in ("the", "a", "an")  # "the union's"
    if plain == "and":
        return first > 1 and _is_title(tokens[first - 2].group())
    if plain in ("his", "her", "their"):
        return any(_plain(token.group()) in word_set("names/kinship_nouns") for token in tokens[first:])
    if word.endswith(".") and plain not in _SHORT_TITLES and not plain.replace(".", "").isalpha():
        return False
    if word[0].isupper():
        is_field = plain.endswith("ing") and _plain(tokens[first].group()) in _HEADS_OF_FIELDS
        is_opening = first == 1 and (
            plain in word_set("names/function_words") or (is_verb_form(plain) and not is_field)
        )
        return (
            plain not in word_set("names/forms_of_address")
            and plain not in word_set("names/months")
            and not is_opening
        )
    is_word = plain in word_set("names/titles") or not (
        plain in word_set("names/function_words")
        or is_verb_form(plain)
        or plain in word_set("no_title_words")
    )
    return is_word or plain in word_set("role_participles")


# 'To honor Ruth Adler': a verb, no title.
_BEFORE_VERBS = frozenset(("to", "will", "would", "can", "could", "may", "must", "should", "did", "not"))
