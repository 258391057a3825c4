"""Attribution cues: the verbs of speech, with their forms."""

from __future__ import annotations

import re
from enum import Flag, auto
from functools import cache
from typing import TYPE_CHECKING

from ontherecord.flows.extract.word_lists import word_list

if TYPE_CHECKING:  # words are looked up where no model is loaded: spaCy takes a second to import
    from spacy.tokens import Token


class Speech(Flag):
    """How a verb can report words; a verb can do so in several ways."""

    NONE = 0
    STATEMENT = auto()  # X said that …
    QUOTING = auto()  # "…," X whispered
    REQUEST = auto()  # X urged Y to …
    JUDGING = auto()  # X called it "…"
    SILENCE = auto()  # X declined to …
    FINDING = auto()  # the study showed that …
    ACT = auto()  # X called for …, blamed Y: in verbs_act, with prepositions


_VERB_LISTS = {
    "verbs_statement": Speech.STATEMENT,
    "verbs_quoting": Speech.QUOTING,
    "verbs_request": Speech.REQUEST,
    "verbs_judging": Speech.JUDGING,
    "verbs_silence": Speech.SILENCE,
    "verbs_finding": Speech.FINDING,
}
_WORD = re.compile(r"\w+")
# Forms that are verbs whatever the tagger says: it errs most beside quotation marks.
_ALWAYS_VERBS = frozenset(("said", "says", "told", "tells", "added", "adds", "wrote", "asked", "tweeted"))


@cache
def _verbs() -> dict[str, tuple[str, Speech]]:
    """Map every form of a listed verb to its base form and how it reports."""
    table: dict[str, tuple[str, Speech]] = {}
    for name, speech in _VERB_LISTS.items():
        for line in word_list(name):
            base, *irregular = line.split()
            for form in {base, *irregular, *_regular_forms(base, bool(irregular))}:
                known = table.get(form, (base, Speech.NONE))
                table[form] = (known[0], known[1] | speech)
    for base in {line.split()[0] for line in word_list("verbs_act")}:
        is_listed = base in table  # with its irregular forms
        for form in {base, *_regular_forms(base, is_listed)}:
            known = table.get(form, (base, Speech.NONE))
            table[form] = (known[0], known[1] | Speech.ACT)
    return table


def _regular_forms(base: str, is_irregular: bool) -> list[str]:
    stem = base[:-1] if base.endswith("e") else base
    y_stem = base[:-1] + "i" if base.endswith("y") and base[-2:-1] not in "aeiou" else ""
    third = f"{y_stem}es" if y_stem else f"{base}es" if base.endswith(("s", "sh", "ch", "o")) else f"{base}s"
    forms = [third, f"{stem}ing"]
    if not is_irregular:
        forms.append(f"{y_stem}ed" if y_stem else f"{stem}ed")
    return forms


# What those are who say something firmly: 'was adamant that', 'made it clear that'.
FIRM = frozenset(("adamant", "categorical", "clear", "emphatic", "insistent", "plain"))

# Whose they are, says what follows: "In Kim's view, …".
VIEWS = frozenset(("estimation", "judgement", "judgment", "opinion", "telling", "view", "words"))


@cache
def words_of_speech() -> frozenset[str]:
    """Return the words at which reported speech can be found: listed verbs, nouns and 'according'."""
    return frozenset(("according", *FIRM, *VIEWS, *_verbs(), *word_list("speech_nouns")))


def base_form(word: str) -> str:
    """Return the base form of a listed verb, or the word itself."""
    return _verbs().get(word.lower(), (word.lower(), Speech.NONE))[0]


def speech_of_word(word: str) -> Speech:
    """Return how a word reports where it is a verb."""
    return _verbs().get(word.lower(), (word, Speech.NONE))[1]


def speech_of(token: Token) -> Speech:
    """Return how a token reports; NONE unless it is a verb."""
    word = token.lower_
    found = _verbs().get(word)
    if found is None or not (token.tag_.startswith("VB") or word in _ALWAYS_VERBS):
        return Speech.NONE
    return found[1]


@cache
def _form_pattern(wanted: Speech) -> str:
    forms = sorted(form for form, (_, speech) in _verbs().items() if speech & wanted)
    return "|".join(map(re.escape, forms))


@cache
def _reporting_words() -> frozenset[str]:
    wanted = Speech.STATEMENT | Speech.REQUEST | Speech.JUDGING | Speech.FINDING | Speech.ACT
    return frozenset(
        ("according", *FIRM, *VIEWS, *(form for form, (_, speech) in _verbs().items() if speech & wanted))
    )


@cache
def _follow_pattern() -> re.Pattern[str]:
    # Up to five words of a name or title before the verb, or the verb first: 'asked Kim'.
    return re.compile(
        rf"(?:[\w.'\u2019-]+,?\s+){{0,5}}?(?:{_form_pattern(Speech.STATEMENT | Speech.QUOTING)})\b"
    )


def may_report(text: str) -> bool:
    """Whether a text has any word that could report speech; a cheap test before parsing."""
    return not _reporting_words().isdisjoint(_WORD.findall(text.lower()))


def speech_follows(text: str) -> bool:
    """Whether a text begins like an attribution after a quotation: 'Kim asked', 'asked Kim'."""
    return _follow_pattern().match(text) is not None
