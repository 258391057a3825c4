"""Body: take headline and furniture off an article's text, and warn of what looks wrong in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice, pairwise

from ontherecord.flows.furniture.page import is_furniture
from ontherecord.flows.furniture.strip import strip_furniture

_HTML = re.compile(
    r"</?(?:p|br|div|span|a|b|i|strong|em|img|script|style|table|td|tr|li|ul|ol|h[1-6]|iframe|html|head|body)\b[^<>]{0,300}>"
    r"|&(?:nbsp|amp|quot|lt|gt|#\d{2,5});|jQuery\.|Drupal\.settings|\[email.protected\]|function\s?\(\)\s?\{",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…:;)\]\"'”’»*>。！？」』؟۔।-]\s*$")
# A sentence and the start of the next.
_SENTENCE_BEFORE = re.compile(r"[a-z]{2}[.!?][\"'”’)]{0,2}\s+[A-Z“\"]")
# Of these words a sentence of six or more nearly always has one, and a line of a list hardly ever.
_PREDICATES = frozenset((
    "is", "are", "was", "were", "be", "been", "has", "have", "had", "will", "would", "can", "could", "may",
    "might", "must", "should", "do", "does", "did", "said", "says", "that", "who", "which",
))  # fmt: skip
# 'Sincerely, Ruth Adler', or so many capitals at the end, are a signature or names in a list.
_SIGNED = re.compile(r"\b(?:Sincerely|Respectfully|Regards|Yours)\b.{0,200}$", re.DOTALL)
_SIGNATURE_WORDS = 5
# A longer line is a sentence also without one of these words.
_LONG_PROSE = 15
# An item of a list at the start; an address of a page or of mail, or a telephone number, at the end.
_NO_SENTENCE = re.compile(
    r"^\s*(?:[*•·▪●$]|-\s|\d{1,2}[.:)])|(?:https?://|www\.)\S+$|\S[@/]\S+$|\b\w+\.(?:com|org|net|gov|edu)\S*$"
    r"|\d{3}\D{1,3}\d{4}\b.{0,12}$"
)
# A last paragraph of prose has at least this many words; shorter ones are links, names and boilerplate.
_PROSE_WORDS = 6
_LETTERS = re.compile(r"[^\W\d_]")
_NOT_LATIN = bytes(code for code in range(128) if not chr(code).isalpha())
# Chinese and Japanese have no spaces: each character counts as a word, as in word processors.
_WORDS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|\w+(?:[-'’]\w+)*")
# At least every seventh word of an English text is one of these, and hardly any of another language.
_ENGLISH = frozenset((
    "the", "of", "and", "to", "that", "for", "with", "by", "from", "it", "he", "she", "his", "has",
    "have", "were", "been", "which", "who", "this", "their", "they", "not", "will", "would", "said", "is",
))  # fmt: skip
_ENGLISH_SHARE = 0.09
_ENGLISH_SAMPLE = (30, 300)
# Prose has fewer figures; tables of markets and lists of results have more.
_TABLE_SHARE = 0.25
# The most characters of a headline, which is on a line of its own and has no full stop.
_HEADLINE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Body:
    """An article's text without what belongs in other columns; `warnings` are in no order.

    `byline` is as written, with the credits below the text after it. `is_english` is None if there is too
    little prose to tell.
    """

    text: str
    title: str | None
    dateline: str | None
    agency: str | None
    byline: str | None
    warnings: tuple[str, ...]
    is_english: bool | None = None


def read_body(text: str, title: str | None) -> Body:
    """Take a repeated headline and furniture off a text; keep one paragraph per line.

    Dateline, agency and byline become fields, and marks for the desks are dropped (`furniture_removed`).
    Without a title, a short line of its own at the top is the headline.
    """
    paragraphs, title, warnings = _without_headline(text.split("\n"), title)
    stripped = strip_furniture(paragraphs)
    warnings += ["furniture_removed"] if stripped.removed else []
    paragraphs = list(stripped.paragraphs)
    body = "\n".join(paragraphs)
    is_english = _is_english(body) if _is_latin(body) else False
    warnings += _body_warnings(paragraphs, body, is_english)
    return Body(body, title, stripped.dateline, stripped.agency, stripped.byline, tuple(warnings), is_english)


def count_words(text: str) -> int:
    """Count words: runs of letters and digits, inner hyphens and apostrophes included."""
    return len(_WORDS.findall(text))


def _without_headline(blocks: list[str], title: str | None) -> tuple[list[str], str | None, list[str]]:
    """Return the paragraphs below the headline, the title, and warnings."""
    stripped = [line.strip() for line in blocks]
    start = next((i for i, line in enumerate(stripped) if line), None)
    if start is None:
        return [], title, []
    first, rest = stripped[start], stripped[start + 1 :]
    paragraphs = [line for line in rest if line]
    if title and _normalize(first) == _normalize(title):
        return paragraphs, title, []
    # Without a title, a short first line before a blank line, without the end of a sentence, is the headline.
    is_separate = bool(paragraphs) and not rest[0]
    if title is None and is_separate and len(first) <= _HEADLINE_LENGTH and not ends_sentence(first):
        return paragraphs, first, ["title_from_body"]
    return [first, *paragraphs], title, []


def _body_warnings(paragraphs: list[str], body: str, is_english: bool | None) -> list[str]:
    warnings = []
    if _HTML.search(body):
        warnings.append("html_remnants")
    if paragraphs and _is_cut(paragraphs[-1]):
        warnings.append("ends_in_mid_sentence")
    if len(set(paragraphs)) < len(paragraphs) - 2:
        warnings.append("repeated_paragraphs")
    # Lines wrapped at a fixed width end inside sentences, and the next starts in lower case.
    broken = sum(1 for a, b in pairwise(paragraphs) if not ends_sentence(a) and b[0].islower())
    if broken >= 3 and broken * 3 >= len(paragraphs):
        warnings.append("hard_wrapped")
    if body.count("\u00a0") * 2 > body.count(" ") + body.count("\u00a0"):
        warnings.append("no_break_spaces")
    if is_english is False:
        warnings.append("not_english" if _is_latin(body) else "not_latin_script")
    return warnings


def _is_latin(body: str) -> bool:
    """Say whether at least half of the letters are a to z; true if there are no letters."""
    plain = body.encode("ascii", "ignore")
    latin = len(plain.translate(None, _NOT_LATIN))
    # Other letters are counted only if they might be the majority: that takes longer.
    return len(body) - len(plain) <= latin or latin >= len(_LETTERS.findall(body)) * 0.5


def _is_english(body: str) -> bool | None:
    """Say whether a body is English; None if it has too little prose to tell.

    Words with a capital are names in a list of results ('Chamber of Commerce' whole), and figures are a
    table's: only the others count.
    """
    fewest, most = _ENGLISH_SAMPLE
    words = [match[0] for match in islice(_WORDS.finditer(body), most)]
    is_name = [word[0].isupper() for word in words]
    prose = [
        word
        for number, word in enumerate(words)
        if word.islower()
        and not (all(is_name[max(0, number - 1) : number]) and all(is_name[number + 1 : number + 2]))
    ]
    prose = words if body.isupper() else prose
    figures = sum(any(character.isdigit() for character in word) for word in words)
    if len(words) < fewest or len(prose) < fewest // 2 or figures > _TABLE_SHARE * len(words):
        return None
    return sum(word.lower() in _ENGLISH for word in prose) >= _ENGLISH_SHARE * len(prose)


def _is_cut(last: str) -> bool:
    """Say whether the last paragraph looks cut: a sentence or a quotation that goes on.

    An item of a list, a row of a table, an address and a signature have no end of a sentence either.
    """
    open_quotation = last.count('"') % 2 == 1 or last.count("“") > last.count("”")
    if ends_sentence(last) or is_furniture(last):
        return False
    if open_quotation:
        return True
    if count_words(last) < _PROSE_WORDS or _NO_SENTENCE.search(last):
        return False
    words = [match[0] for match in _WORDS.finditer(last)]
    if _SIGNED.search(last) or all(word[0].isupper() for word in words[-_SIGNATURE_WORDS:]):
        return False
    has_verb = any(word in _PREDICATES or (word.islower() and word.endswith("ed")) for word in words)
    return has_verb or len(words) >= _LONG_PROSE or _SENTENCE_BEFORE.search(last) is not None


def ends_sentence(line: str) -> bool:
    """Say whether a line ends like a sentence."""
    return _SENTENCE_END.search(line[-3:]) is not None


def _normalize(text: str) -> str:
    return " ".join(text.casefold().split())
