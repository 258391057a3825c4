"""Labels: the speaker's name or part before the words of a turn, by its shape.

'SMITH: …', 'SEN. ANN SMITH (D-Ohio): …', 'Ann Smith, host: …', 'Q …', 'Mr. SMITH of Ohio. …', '@smith: …'.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ontherecord.flows.extract.word_lists import word_set

LabelForm = Literal["letter", "member", "title", "capitals", "name", "role", "office", "handle"]

QUESTION_LABELS = ("Q", "Question", "QUESTION")
ANSWER_LABELS = ("A", "Answer", "ANSWER")
# A label with its titles and offices is shorter.
LONGEST_LEAD = 120

_CAPITAL = "A-Z\u00c0-\u00d6\u00d8-\u00de"
UPPER_WORD = rf"(?:Mc|Mac|O['\u2019]|D['\u2019])?[{_CAPITAL}][{_CAPITAL}.'\u2019-]+"
TIME = r"[\[(]?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?m\.?)?[\])]?"
# What may stand before a label: a mark, a time, the number of a question.
_BEFORE = rf"\s*+[\"\u201c*_]{{0,3}}\s*+(?:{TIME}\s*[-\u2013\u2014]?\s+)?(?:\d{{1,3}}\.\s+)?"
_LETTER = re.compile(
    rf"{_BEFORE}(?P<label>Question|Answer|QUESTION|ANSWER|[QA])"
    r"(?:\s?\d{1,2})?(?:[*_]{0,2}\s?[:.]|\s[\u2014\u2013-])[*_]{0,2}\s+(?=\S)"
)
# 'Q Mr. President, …', and 'QWhere …' with a lost space: 'A' alone is mostly the article.
_BARE_Q = re.compile(r"\s*(?P<label>Q)(?:\s+(?=[A-Z\"\u201c'\u2018\u2026-])|(?=[A-Z][a-z'\u2019]+\s))")
# 'Mr. SMITH of Ohio. …', 'The SPEAKER pro tempore (Mr. SMITH). …'
_MEMBER = re.compile(
    rf"\s*(?P<label>(?:Mr|Mrs|Ms|Miss|Dr|Sen|Senator|The(?: [Aa]cting)?)\.? {UPPER_WORD}"
    rf"(?: {UPPER_WORD}){{0,3}})(?: pro tempore)?(?: of (?:the )?[A-Z]\w+(?: [A-Z]\w+)?)?"
    r"(?: \([^()]{2,40}\))?\.\s+(?=\S)"
)
_HANDLE = re.compile(rf"{_BEFORE}(?P<label>@\w{{2,}})\s?:\s+(?=\S)")
# 'Some hon. members: Hear, hear!'
_MEMBERS = re.compile(
    r"\s*(?P<label>(?:Some|An|Several|Many) (?:[Hh]on\.?|[Hh]onourable) [Mm]embers?)\s?:\s+(?=\S)"
)
# The colon of a label is none of a time.
_COLON = re.compile(r"\s?(?<!\d):[*_]{0,2}(?=\s|$)|\s?:[*_]{0,2}(?=\s+\D|$)")
# '(Tarn) (2:15 pm)', '[voice-over]', ', CNN CORRESPONDENT', ' -- Chief Executive'
_MORE = re.compile(
    r"\s*[(\[][^()\[\]]{1,60}[)\]]|,\s[^:.?!\"\u201c]{2,60}$|,\s[^:a-z]{2,80}$|\s+(?:--|[\u2014\u2013-])\s.{2,60}$"
)
# 'The Minister for Ports (Mr Smith): …'
_BRACKETED_NAME = re.compile(
    r"[(\[](?P<label>(?:(?:Mr|Mrs|Ms|Dr|Hon)\.?|Miss|Sir|Dame)\s[A-Z][^()]{2,40})[)\]]"
)
_NAME_WORD = re.compile(rf"[{_CAPITAL}][\w.'\u2019-]*|\d{{1,2}}|&")
_SMALL_WORDS = frozenset(("of", "the", "for", "and", "pro", "tempore"))
_LONGEST_NAME = 6
# Titles before a name, which may look like one itself; offices that have such titles without a name.
# 'UNIDENTIFIED MALE REPORTER'
_UNNAMED = frozenset(("unidentified", "unknown", "unnamed", "male", "female", "multiple"))
_FIRST_NAMES = ("female", "male", "unisex")
_HONORIFICS = frozenset(("mr", "mrs", "ms", "miss", "dr", "sen", "rep", "gov", "sir", "dame"))
_OFFICES = frozenset(
    (
        *("ambassador", "chair", "chairman", "chairperson", "chairwoman", "chancellor", "clerk"),
        *("commissioner", "coroner", "director", "judge", "justice", "mayor", "minister", "moderator"),
        *("premier", "president", "secretary", "speaker", "vice"),
    )
)


@dataclass(frozen=True, slots=True)
class Label:
    """A speaker's label; offsets are the body's.

    `start` and `end` hold all its words ('Mr. SMITH'), `name_start` and `name_end` those of the name alone; a
    label without a name has none there, neither a 'role' ('WITNESS') nor an 'office' ('THE PRESIDENT').
    `key` is the same for all labels of a speaker, `words` are its words in lower case.
    """

    form: LabelForm
    start: int
    end: int
    name_start: int
    name_end: int
    key: str
    words: tuple[str, ...]

    @property
    def has_name(self) -> bool:
        return self.name_end > self.name_start

    @property
    def is_person(self) -> bool:
        """Whether a label names a person for certain: a single word can be a paper ('GAZETTE')."""
        if self.key in word_set("names/organization_last_words"):
            return False
        is_full = self.end - self.start == self.name_end - self.name_start and len(self.words) > 1
        return self.has_name and (self.form in ("member", "title") or (is_full and self.words[0] != "the"))


def read_label(start: int, line: str) -> tuple[Label, int] | None:
    """Read the label of a line, given the line's offset; return it with the offset of the words behind it."""
    for form, pattern in _FORMS:
        found = pattern.match(line)
        if found is not None:
            low, high = found.span("label")
            label = make_label(form, start + low, line[low:high])
            return label, start + found.end()
    return _read_lead(start, line)


_FORMS: tuple[tuple[LabelForm, re.Pattern[str]], ...] = (
    ("letter", _LETTER),
    ("letter", _BARE_Q),
    ("member", _MEMBER),
    ("handle", _HANDLE),
    ("role", _MEMBERS),
)


def _read_lead(start: int, line: str) -> tuple[Label, int] | None:
    """Read a label that ends with a colon: 'SEN. ANN KIM (D-Ohio):', 'Ann Kim, host:'."""
    colon = _COLON.search(line[:LONGEST_LEAD])
    if colon is None:
        return None
    before = re.match(_BEFORE, line)
    low = before.end() if before is not None else 0
    found = read_name(start + low, line[low : colon.start()])
    if found is None:
        return None
    after = line[colon.end() :]
    return found, start + colon.end() + len(after) - len(after.lstrip())


def read_name(start: int, lead: str) -> Label | None:
    """Read the speaker's words before a colon, or on a line of their own."""
    bracketed = _BRACKETED_NAME.search(lead)
    plain, is_member = lead.strip(), False
    while (more := _MORE.search(plain)) is not None:
        is_member = is_member or more.group().lstrip().startswith("(")
        plain = plain[: more.start()].rstrip()
    plain = plain.strip("*_ ")
    at = lead.find(plain)
    words = plain.split()
    if not words or len(words) > _LONGEST_NAME or not _NAME_WORD.fullmatch(words[0]):
        return None
    # 'Union chief Ann Kim'
    small = _SMALL_WORDS | word_set("names/particles")
    if words[-1][:1].isupper() and len(words) > 2:
        small |= word_set("names/titles")
    if not all(_NAME_WORD.fullmatch(word) or word in small for word in words):
        return None
    form: LabelForm = "name"
    if bracketed is not None and words[0] == "The":
        plain, at, form = bracketed.group("label"), bracketed.start("label"), "title"
    elif all(word.isupper() or word.startswith(("Mc", "Mac")) or word in small for word in words):
        form = "capitals"
    if form == "name" and is_member and len(words) > 1:
        form = "title"  # 'Ann Kim (Tarn) (Lab): …'
    return make_label(form, start + at, plain)


def make_label(form: LabelForm, start: int, text: str) -> Label:
    """Tell the name in a label from the titles before it."""
    words = [(found.start(), found.group()) for found in re.finditer(r"\S+", text)]
    bare = [_bare(word) for _, word in words]
    first = _first_of_name(bare)
    has_title = first > 0 and bare[0] != "the"
    last = next((word for word in reversed(bare) if not word.isdigit()), "")
    is_role = last in word_set("label_roles") or bare[0] in _UNNAMED
    if is_role or form in ("letter", "handle", "role"):
        first, is_role = len(words), form not in ("letter", "handle")
    end = start + len(text)
    if first == len(words):
        key = text if form == "handle" else " ".join(word for word in bare if word != "the")
        if form == "letter":
            return Label(form, start, end, end, end, key[:1], tuple(bare))
        own_form: LabelForm = form if form in ("member", "handle") else "role" if is_role else "office"
        return Label(own_form, start, end, end, end, key, tuple(bare))
    if bare[0] == "the" and form == "name":
        first = 0  # 'The Harbour Gazette'
    if form in ("name", "capitals") and has_title:
        form = "title"
    return Label(form, start, end, start + words[first][0], end, bare[-1], tuple(bare))


def _first_of_name(bare: Sequence[str]) -> int:
    """Return where the name begins in the words of a label; their number if there is no name."""
    titles = word_set("names/titles")
    first = 0
    while first < len(bare) and (bare[first] in ("the", "u.s") or bare[first] in titles):
        first += 1
    if first == len(bare) > 1 and bare[0] in _HONORIFICS and bare[-1] not in _OFFICES:
        return first - 1  # 'SEN. BOXER', 'Mr. Bishop'
    if first == 0 and not any(bare[0] in word_set(f"names/first_names_{one}") for one in _FIRST_NAMES):
        # 'PRESS SECRETARY ANN KIM'
        first = max((at for at, word in enumerate(bare[:-1], 1) if word in titles), default=0)
    return first


def _bare(word: str) -> str:
    return word.strip(".,'\u2019*_").lower()
