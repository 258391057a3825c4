"""Words in quotation marks that nobody said: scare quotes, titles, slogans, signs, nicknames, terms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from ontherecord.flows.extract.name_forms import LONGEST_NICKNAME
from ontherecord.flows.extract.text.cues import Speech, speech_of_word
from ontherecord.flows.extract.text.marks import QuotedSpan
from ontherecord.flows.extract.word_lists import word_list, word_set

_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")
_LAST_WORD = re.compile(r"([\w-]+)[\s,:]*$")
_FUNCTION_WORDS = frozenset(
    ("a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "into", "is", "of", "on")
)
_FUNCTION_WORDS |= frozenset(("or", "nor", "over", "the", "to", "up", "with", "vs", "v", "de", "la"))
_LONGEST_TITLE = 12
_FEWEST_LISTED = 3
_BETWEEN_LISTED = re.compile(r",? ?(?:and|or)? ?")
_SENTENCE_END = re.compile(r"[.!?][\"'\u201d\u2019]? ")
# A nickname stands within a name: 'William "Wild Bill" Carver'.
_NAME_BEFORE = re.compile(r"[A-Z][\w'\u2019-]+ $")
_NAMING_PHRASE = re.compile(r"\b(?:billed as|referred to as)\s*$", re.IGNORECASE)
# The words of an oath are nobody's own: 'swore to "defend the constitution"'; nor is 'a so-called "hub"'.
_NOBODYS = re.compile(r"\b(?:(?:swore|sworn|swear) to|so[- ]called|known as)\s*$", re.IGNORECASE)
_LONGEST_APPOSITION = 100
_APPOSITION = re.compile(r" (?:the|an?) ([^,.;]+),")
_NAME_AFTER = re.compile(r" [A-Z]")


def is_name_or_term(
    paragraph: str, span: QuotedSpan, has_speech_cue: bool, has_listed_cue: bool = False
) -> bool:
    """Whether quoted words are a name or a term rather than speech.

    `has_speech_cue` if a verb of speech precedes or follows them: then title case does not make them a title.
    `has_listed_cue` if a known verb or phrase, of speech or of judging, leads to them: then a word such as
    "called" does not make them a name.
    """
    words = paragraph[span.start : span.end]
    before = paragraph[max(0, span.outer_start - 60) : span.outer_start]
    tokens = _WORD.findall(words)
    if not tokens:
        return True
    after = paragraph[span.outer_end : span.outer_end + 3]
    if len(tokens) <= LONGEST_NICKNAME and _NAME_BEFORE.search(before) and _NAME_AFTER.match(after):
        return True
    if _sign_pattern().search(before) or _NOBODYS.search(before):
        return True
    if _is_apposed_title(words, paragraph[span.outer_end : span.outer_end + _LONGEST_APPOSITION]):
        return True
    if not has_listed_cue and _follows_naming_word(before) and len(tokens) <= _LONGEST_TITLE:
        return True
    return not has_speech_cue and has_title_case(words)


def listed_things(paragraph: str, spans: Sequence[QuotedSpan]) -> frozenset[int]:
    """Return the numbers of the quoted spans that a sentence lists: 'offers "A", "B" and "C".'

    Three or more with nothing but commas and 'and' between are names of dishes, songs or points, unless
    their sentence has a word of speech, or announces them by a colon.
    """
    rows: list[list[int]] = []
    for number, span in enumerate(spans):
        if rows and _goes_on_listing(paragraph, spans[rows[-1][-1]], span):
            rows[-1].append(number)
        else:
            rows.append([number])
    found: set[int] = set()
    for row in rows:
        words = [paragraph[spans[number].start : spans[number].end] for number in row]
        are_titles = all(has_title_case(one) or (one[:1].isupper() and " " not in one) for one in words)
        if len(row) >= _FEWEST_LISTED and _lists_things(paragraph, spans[row[0]], spans[row[-1]], are_titles):
            found.update(row)
    return frozenset(found)


def _lists_things(paragraph: str, first: QuotedSpan, last: QuotedSpan, are_titles: bool) -> bool:
    before = _SENTENCE_END.split(paragraph[: first.outer_start])[-1].rstrip()
    after = _SENTENCE_END.split(paragraph[last.end :])[0]
    told = Speech.STATEMENT | Speech.QUOTING | Speech.REQUEST
    if not are_titles:
        told |= Speech.JUDGING | Speech.FINDING | Speech.ACT  # 'called him "a liar", "a cheat" and "a fool"'
    is_told = any(speech_of_word(word) & told for word in _WORD.findall(f"{before} {after}"))
    return bool(before) and not before.endswith(":") and not is_told


def _goes_on_listing(paragraph: str, last: QuotedSpan, span: QuotedSpan) -> bool:
    between = paragraph[last.outer_end : span.outer_start]
    has_comma = paragraph[last.start : last.end].endswith(",") or bool(between.strip())
    return has_comma and _BETWEEN_LISTED.fullmatch(between) is not None


def _is_apposed_title(words: str, after: str) -> bool:
    """Whether a noun phrase says what a title is: '"Harbor Lights," the last film of the series, opened'."""
    found = _APPOSITION.match(after) if words.endswith(",") and has_title_case(words) else None
    return found is not None and not any(speech_of_word(word) for word in found[1].split())


def is_heading(paragraph: str, span: QuotedSpan, is_double_style: bool) -> bool:
    """Whether a paragraph is only a quotation that is set as a heading.

    That is in capitals, or in single marks where the article's quotations have double ones.
    """
    around = paragraph[: span.outer_start] + paragraph[span.outer_end :]
    if any(char.isalnum() for char in around):
        return False
    return paragraph[span.start : span.end].isupper() or (span.is_single and is_double_style)


# 'outside the shop', 'on the office door', without names: 'with a sign in Oslo Kim said' is Kim's.
_PREPOSITIONS = "in|on|at|outside|above|near|over|along|by|behind|inside|across|from|of"
_PLACE_OF_SIGN = rf"(?:\s(?:{_PREPOSITIONS})\b(?:\s[a-z'\u2019-]+){{1,5}}?)?"


@cache
def _sign_pattern() -> re.Pattern[str]:
    # 'a shirt that read "…"', 'signs saying "…"': words written on things are not speech.
    nouns = "|".join(map(re.escape, word_list("sign_nouns")))
    return re.compile(
        rf"\b(?:{nouns})s?{_PLACE_OF_SIGN}\s(?:(?:that|which)\s)?(?:read|reads|reading|said|says|say|saying"
        r"|(?:bearing|with)(?: the words?)?)[\s,:]*$",
        re.IGNORECASE,
    )


def _follows_naming_word(before: str) -> bool:
    found = _LAST_WORD.search(before)
    if found is None:
        return False
    word = found.group(1).lower()
    if before.rstrip().endswith((",", ":")) and word not in ("called", "titled", "entitled", "reading"):
        return False
    if word in word_set("naming_words"):
        return True
    return _NAMING_PHRASE.search(before) is not None


def has_title_case(words: str) -> bool:
    """Whether every content word is capitalized, as in a title."""
    tokens = _WORD.findall(words)
    if len(tokens) > _LONGEST_TITLE or words.isupper():
        return False
    content_words = [token for token in tokens if token.lower() not in _FUNCTION_WORDS]
    is_long = len(content_words) > 1 or (len(tokens) > 1 and tokens[0][0].isupper())
    return is_long and all(token[0].isupper() for token in content_words)
