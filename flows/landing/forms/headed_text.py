"""Parse an article file with `## Name: value` header lines into header values and body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice, pairwise

from ontherecord.flows.furniture.page import is_furniture
from ontherecord.flows.furniture.strip import strip_furniture
from ontherecord.flows.landing.dates import ReadDate, read_date
from ontherecord.flows.landing.decode import decode
from ontherecord.flows.landing.file_types import refuse_page
from ontherecord.flows.landing.read import MAX_BYTES, too_large
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import Delivery, Failure, RawFile

KNOWN_HEADERS = ("title", "supertitle", "section", "date")
_HEADER = re.compile(r"\s{0,8}##\s{0,8}([A-Za-z][A-Za-z _-]{0,30}?)\s{0,8}:(.*)")
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
class _Headers:
    """Values by lower-case name, and the index of the line where the body starts."""

    values: dict[str, list[str]]
    body_line: int
    warnings: tuple[str, ...]


def parse(raw: RawFile) -> Delivery:
    """Parse a file's bytes into a delivery, with a warning for every repair.

    A headline repeated at the start of the body is dropped; dateline, agency and byline become fields, and
    marks for the desks are dropped (`furniture_removed`). Otherwise the body is the text as delivered, one
    paragraph per line, without blank lines and white space around paragraphs.

    Raises BadDelivery if the file is too large, not text, has no header, or is a web page or several
    articles.
    """
    if len(raw.content) > MAX_BYTES:
        raise BadDelivery(too_large(len(raw.content)))
    text, decode_warnings = decode(raw.content)
    lines = text.split("\n")
    headers = _read_headers(lines, text)
    values = {name: _value(headers.values.get(name, ())) for name in KNOWN_HEADERS}
    different = {name: tuple(dict.fromkeys(filter(None, given))) for name, given in headers.values.items()}
    warnings = [*decode_warnings, *headers.warnings]
    blocks = lines[headers.body_line :]
    paragraphs, title, more = _without_headline(blocks, values["title"])
    warnings += more
    if failure := refuse_page("\n".join(paragraphs[:20])):
        raise BadDelivery(failure)
    text_of = strip_furniture(paragraphs)
    warnings += ["furniture_removed"] if text_of.removed else []
    paragraphs = list(text_of.paragraphs)
    date = read_date(values["date"]) if values["date"] else ReadDate(None)
    body = "\n".join(paragraphs)
    warnings += [*date.warnings, *_body_warnings(paragraphs, body)]
    return Delivery(
        raw=raw,
        title=title,
        supertitle=values["supertitle"],
        section=values["section"],
        date_text=values["date"],
        published_at=date.published_at,
        date_problem=date.problem,
        dateline=text_of.dateline,
        agency=text_of.agency,
        byline=text_of.byline,
        body=body,
        word_count=count_words(body),
        conflicts=tuple(
            (name, different[name]) for name in KNOWN_HEADERS if len(different.get(name, ())) > 1
        ),
        warnings=tuple(sorted(set(warnings))),
    )


def count_words(text: str) -> int:
    """Count words: runs of letters and digits, inner hyphens and apostrophes included."""
    return len(_WORDS.findall(text))


def _read_headers(lines: list[str], text: str) -> _Headers:
    warnings = set()
    first = next((i for i, line in enumerate(lines) if _HEADER.fullmatch(line)), None)
    if first is None:
        raise BadDelivery(
            refuse_page(text)
            or Failure(
                "headers_missing",
                None,
                _shorten(next((line for line in lines if line.strip()), "")),
                "No header line was found. An article file starts with '## Title: …', '## Section: …' and "
                "'## Date: …', each on a line of its own. Add them at the top.",
            )
        )
    if any(line.strip() for line in lines[:first]):
        warnings.add("preamble")
    elif first:
        warnings.add("leading_blank_lines")
    values: dict[str, list[str]] = {}
    body_line = first
    while body_line < len(lines) and (match := _HEADER.fullmatch(lines[body_line])):
        values.setdefault(match[1].lower(), []).append(" ".join(match[2].split()))
        body_line += 1
    if body_line < len(lines) and lines[body_line].strip():
        warnings.add("missing_blank_line")
    if set(values) - set(KNOWN_HEADERS):
        warnings.add("unknown_header")
    if any(len(given) > 1 for given in values.values()):
        warnings.add("duplicate_header")
    _refuse_second_article(lines, body_line)
    return _Headers(values, body_line, tuple(warnings))


def _refuse_second_article(lines: list[str], body_line: int) -> None:
    for number, line in enumerate(lines[body_line:], start=body_line + 1):
        match = _HEADER.fullmatch(line)
        if match and match[1].lower() in ("title", "date"):
            raise BadDelivery(
                Failure(
                    "second_article",
                    match[1].lower(),
                    _shorten(f"line {number}: {line.strip()}"),
                    "A second article begins in the middle of the file. Deliver one article per file.",
                )
            )


def _value(given: list[str] | tuple[()]) -> str | None:
    return next((value for value in given if value), None)


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
    """Say whether a body may be English; true if it has too little prose to tell.

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
        return True
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


def _shorten(value: str) -> str:
    return value if len(value) <= 200 else value[:199] + "…"
