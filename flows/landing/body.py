"""Body: take headline, dateline and signature off an article's text, and warn of what looks wrong in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice, pairwise

# 'RUSSIA : The United States …', 'NEW YORK/GENEVA : …': capitals, then a colon after a space.
_DATELINE = re.compile(r"([^\W\d_](?:[^\W\d_]|[ .,'’/&()-]){1,60}?) : (?=\S)")
# '- AFP' and a no-break space at the very end; agencies sign in capitals, some with a slash or plus.
_SIGNATURE = re.compile(r"[-–—]\s?([A-Z][A-Za-z]{1,15}(?:[ /&+]{1,3}[A-Z][A-Za-z]{1,15}){0,3})")
_HTML = re.compile(
    r"</?(?:p|br|div|span|a|b|i|strong|em|img|script|style|table|td|tr|li|ul|ol|h[1-6]|iframe|html|head|body)\b[^<>]{0,300}>"
    r"|&(?:nbsp|amp|quot|lt|gt|#\d{2,5});|jQuery\.|Drupal\.settings|\[email.protected\]|function\s?\(\)\s?\{",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…:;)\]\"'”’»*>。！？」』؟۔।-]\s*$")
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
_ENGLISH_SHARE = 0.06
_ENGLISH_SAMPLE = (30, 300)
# The most characters of a headline, which is on a line of its own and has no full stop.
_HEADLINE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Body:
    """An article's text without what belongs in other columns; `warnings` are in no order."""

    text: str
    title: str | None
    dateline: str | None
    agency: str | None
    warnings: tuple[str, ...]


def read_body(text: str, title: str | None) -> Body:
    """Take a repeated headline, dateline and signing agency off a text; keep one paragraph per line.

    Without a title, a short line of its own at the top is the headline.
    """
    paragraphs, title, warnings = _without_headline(text.split("\n"), title)
    dateline = agency = None
    if paragraphs:
        paragraphs[0], dateline = _without_dateline(paragraphs[0])
        agency = _signature(paragraphs)
    body = "\n".join(paragraphs)
    return Body(body, title, dateline, agency, (*warnings, *_body_warnings(paragraphs, body)))


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


def _without_dateline(paragraph: str) -> tuple[str, str | None]:
    match = _DATELINE.match(paragraph)
    if match and match[1].isupper():  # of any alphabet: SÃO PAULO, ŁÓDŹ
        return paragraph[match.end() :], match[1].strip()
    return paragraph, None


def _signature(paragraphs: list[str]) -> str | None:
    """Remove the signing agency from the end of the paragraphs, in place; return it."""
    match = _SIGNATURE.fullmatch(paragraphs[-1])
    if match and len(paragraphs) > 1:
        paragraphs.pop()
        return match[1]
    return None


def _body_warnings(paragraphs: list[str], body: str) -> list[str]:
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
    if not _is_latin(body):
        warnings.append("not_latin_script")
    elif not _is_english(body):
        warnings.append("not_english")
    return warnings


def _is_latin(body: str) -> bool:
    """Say whether at least half of the letters are a to z; true if there are no letters."""
    plain = body.encode("ascii", "ignore")
    latin = len(plain.translate(None, _NOT_LATIN))
    # Other letters are counted only if they might be the majority: that takes longer.
    return len(body) - len(plain) <= latin or latin >= len(_LETTERS.findall(body)) * 0.5


def _is_english(body: str) -> bool:
    """Say whether a body may be English; true if it has too few words to tell."""
    fewest, most = _ENGLISH_SAMPLE
    words = [match[0] for match in islice(_WORDS.finditer(body), most)]
    known = sum(word.lower() in _ENGLISH for word in words)
    return len(words) < fewest or known >= _ENGLISH_SHARE * len(words)


def _is_cut(last: str) -> bool:
    """Say whether the last paragraph looks cut: prose or an open quotation, without the end of a sentence."""
    open_quotation = last.count('"') % 2 == 1 or last.count("“") > last.count("”")
    return not ends_sentence(last) and (open_quotation or count_words(last) >= _PROSE_WORDS)


def ends_sentence(line: str) -> bool:
    """Say whether a line ends like a sentence."""
    return _SENTENCE_END.search(line[-3:]) is not None


def _normalize(text: str) -> str:
    return " ".join(text.casefold().split())
