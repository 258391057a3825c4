"""What stands in quotation marks and is nobody's speech: titles, slogans, signs, nicknames, terms."""

from __future__ import annotations

import re
from functools import cache

from ontherecord.flows.extract.text.marks import QuotedSpan
from ontherecord.flows.extract.word_lists import word_list, word_set

_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")
_LAST_WORD = re.compile(r"([\w-]+)[\s,:]*$")
_SMALL = frozenset(("a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "into", "is", "of", "on"))
_SMALL |= frozenset(("or", "nor", "over", "the", "to", "up", "with", "vs", "v", "de", "la"))
_LONGEST_TITLE = 12


def is_title(paragraph: str, marked: QuotedSpan, is_said: bool, is_judgement: bool = False) -> bool:
    """Whether quoted words are a name or a term rather than something said.

    `is_said` if a verb of speech leads up to or follows them; `is_judgement` if somebody called
    something so: then only the capitals of a title speak against it.
    """
    words = paragraph[marked.start : marked.end]
    before = paragraph[max(0, marked.outer_start - 60) : marked.outer_start]
    tokens = _WORD.findall(words)
    if not tokens:
        return True
    if not is_judgement and _follows_naming_word(before) and len(tokens) <= _LONGEST_TITLE:
        return True
    return not is_said and has_title_case(words)


def is_heading(paragraph: str, marked: QuotedSpan, is_double_style: bool) -> bool:
    """Whether a paragraph is nothing but quoted words set as a heading.

    That is in capitals, or in single marks where the article's quotations have double ones.
    """
    around = paragraph[: marked.outer_start] + paragraph[marked.outer_end :]
    if any(char.isalnum() for char in around):
        return False
    return paragraph[marked.start : marked.end].isupper() or (marked.is_single and is_double_style)


@cache
def _sign_pattern() -> re.Pattern[str]:
    # 'a shirt that read "…"', 'signs saying "…"': what is written on things is nobody's speech.
    nouns = "|".join(map(re.escape, word_list("sign_nouns")))
    return re.compile(
        rf"\b(?:{nouns})s?\s(?:(?:that|which)\s)?(?:read|reads|reading|said|says|say|saying|bearing)[\s,:]*$",
        re.IGNORECASE,
    )


def _follows_naming_word(before: str) -> bool:
    found = _LAST_WORD.search(before)
    if found is None:
        return False
    if _sign_pattern().search(before):
        return True
    word = found.group(1).lower()
    if before.rstrip().endswith((",", ":")) and word not in ("called", "titled", "entitled", "reading"):
        return False
    if word in word_set("naming_words"):
        return True
    return bool(re.search(r"\b(?:known as|billed as|referred to as|so-called)\s*$", before, re.IGNORECASE))


def has_title_case(words: str) -> bool:
    """Whether every word of weight has a capital, as in a title."""
    tokens = _WORD.findall(words)
    if len(tokens) > _LONGEST_TITLE or words.isupper():
        return False
    weighty = [token for token in tokens if token.lower() not in _SMALL]
    return len(weighty) > 1 and all(token[0].isupper() for token in weighty)
