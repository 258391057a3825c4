"""Transcripts: who speaks where in a transcript, an interview or a hearing, by the shape of its lines.

A label stands before the words ('SMITH: …', 'Q …', 'Mr. SMITH. …'), or above them. It takes more than labels
to make a transcript, as lists and fact boxes have them too: people who talk say 'I' and 'you', ask, and take
turns. Nothing here knows names; `quotes.transcripts` finds whom the labels mean.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from ontherecord.flows.extract.text.interviews import read_interview, read_letters
from ontherecord.flows.extract.text.labels import (
    LONGEST_LEAD,
    TIME,
    UPPER_WORD,
    Label,
    LabelForm,
    make_label,
    read_label,
    read_name,
)
from ontherecord.flows.extract.text.marks import opens_with_mark
from ontherecord.flows.extract.text.turns import (
    CLOSING,
    FIRST_PERSON,
    QUESTION_LINE,
    TALK,
    WORD,
    Transcript,
    Turn,
    goes_on,
)
from ontherecord.flows.extract.word_lists import word_set

_BARE_A = re.compile(r"\s*(?P<label>A)\s+(?=[A-Z\"\u201c])")
# 'BY MR. ROE:' in a court: who asks from here on.
_EXAMINER = re.compile(
    rf"\s*(?:[A-Z-]+ )?BY (?P<label>(?:MR|MRS|MS|MISS|DR)\.? {UPPER_WORD}(?: {UPPER_WORD}){{0,2}}):\s*$"
)
# 'ANN KIM, called as a witness, having been duly sworn, testified as follows'
_SWORN = re.compile(
    r"\s*(?P<label>[A-Z][\w.'\u2019-]*(?: [A-Z][\w.'\u2019-]*){1,3}),.{0,80}"
    r"\b(?:called as a witness|sworn|affirmed)\b"
)
# '(Applause.)', '[Laughter]', '(BEGIN VIDEO CLIP)', '(voice-over)'
_NOTE = re.compile(
    r"[(\[](?:\s?(?:applause|laugh|cheer|inaudible|unintelligible|indiscernible|cross-?talk|begin|end|video|audio"
    r"|pause|sigh|music|boo|interrupt|off.?mi[ck]|voice.?over|on camera|simultaneous|silence|gestur|nod"
    r"|chuckl|smil|commercial|speak|crying|whereupon|break|recess|adjourn|time|order|interjecti|continu"
    r"|\d{1,2}[:.]\d{2})[^()\[\]]{0,80}|(?-i:[A-Z][A-Z0-9 .,'-]{6,200}))[)\]]\.?",
    re.IGNORECASE,
)
_ONLY_NOTE = re.compile(r"\s*(?:[(\[][^()\[\]]{1,200}[)\]][.\s]*)+$")
_TIME_LINE = re.compile(rf"\s*(?:(?:END|BEGIN|START)\W+)?{TIME}(?:\s?[A-Z]{{2,4}})?\s*$", re.IGNORECASE)
_INTERJECTION = re.compile(
    r"\b(?:interject(?:ing|ed)|having (?:been )?(?:spoken|sworn|resumed)|adjourned|took the chair)\b"
)
# A label in capitals inside a line: behind a sentence, or a gap.
_INLINE = re.compile(
    rf"(?<!\s)\s++(?=(?:{UPPER_WORD}(?: {UPPER_WORD}){{0,4}}(?:,?\s\([^()]{{1,40}}\))?|[QA]):\s)"
)
_BEFORE_INLINE = tuple('.?!\u2026)]"\u201d\u2019\u2014-')
# Any line that opens with words and a colon.
_LOOSE_LABEL = re.compile(r"\s*[\w@\[(*][^:.?!\"\u201c\u201d]{0,40}(?<!\d):\s+\S")
_FEWEST_LOOSE = 4
_MARKS = ('"', "\u201c", "``", "\u2018", "\u00e2", ": '")
_CAPITALS = re.compile(rf"{UPPER_WORD}(?: {UPPER_WORD})*")
# Fewer labels inside lines are titles of works, or a play on words.
_FEWEST_INLINE = 2
_FEWEST_TURNS = 3
# Who answers hardly asks: at most one turn in so many.
_FEWEST_ANSWERS = 5
# With so many turns, all lines between them are the speakers', who may talk for pages.
_MANY_TURNS = 8
# Least share of a transcript's lines that have a label: speeches have many paragraphs, lists of names none.
_LEAST_SHARE = {True: 0.08, False: 0.3}  # by whether the labels have a form that only transcripts use
# Least share of turns in which somebody says 'I' or 'you', or asks.
_LEAST_TALK = {True: 0.2, False: 0.4}
_CERTAIN_FORMS = ("letter", "member", "title", "handle")
_HEADED = re.compile(
    r"\btranscript\b(?=\s*(?::|of|follows|$))|^\s*(?:full |partial |edited |rush )*transcript\b"
    r"|\bQ\s?(?:&|and)\s?A\b|\bquestions? and answers?\b",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    r"\b(?:following|here|this|below) is (?:an? |the )?(?:\w+ ){0,3}transcript\b"
    r"|\btranscript (?:\w+ )?(?:as )?follows\b",
    re.IGNORECASE,
)
_FIRST_LINES = 4


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line, or the part of one that a label opens; `words` is where its words begin in the body.

    `rejected` is what has the form of a label, and cannot be a speaker.
    """

    start: int
    text: str
    label: Label | None
    words: int
    rejected: Label | None = None

    @property
    def spoken(self) -> str:
        return self.text[self.words - self.start :].strip()


def read_transcript(title: str, lines: Sequence[tuple[int, str]]) -> Transcript | None:
    """Read the turns of a transcript; None if the lines, each with its offset, are no transcript."""
    is_announced = announces_transcript(title, lines)
    for pieces, is_beside in ((_pieces(lines), True), (_pieces_under_labels(lines), False)):
        accepted = _accepted(pieces, is_announced)
        kept = [_without_label(piece) if _key(piece) not in accepted else piece for piece in pieces]
        labelled = [at for at, piece in enumerate(kept) if piece.label is not None and _is_plain(kept, at)]
        if _is_transcript(kept, labelled, is_announced, is_beside):
            is_whole = _is_whole(labelled) or is_announced
            turns = tuple(_turns(kept, is_whole, _questions(kept, labelled)))
            return Transcript(turns, tuple(_sworn(lines))) if turns else None
    return read_interview(title, lines) or read_letters(title, lines)


def is_unread_transcript(title: str, body: str) -> bool:
    """Whether a text looks like a transcript whose speakers cannot be told."""
    lines, at = [], 0
    for line in body.split("\n"):
        if line.strip():
            lines.append((at, line))
        at += len(line) + 1
    return looks_like_transcript(title, lines) and read_transcript(title, lines) is None


def announces_transcript(title: str, lines: Sequence[tuple[int, str]]) -> bool:
    """Whether the headline or the first lines say that a transcript follows."""
    return bool(_HEADED.search(title)) or any(
        _ANNOUNCED.search(line) or (len(line) < LONGEST_LEAD and _HEADED.match(line))
        for _, line in lines[:_FIRST_LINES]
    )


def looks_like_transcript(title: str, lines: Sequence[tuple[int, str]]) -> bool:
    """Whether a text without turns is announced as a transcript, or most of its lines are labelled talk.

    Lines in quotation marks are read as quotations, so they are left out.
    """
    unmarked = [line for _, line in lines if not any(mark in line for mark in _MARKS)]
    talk = sum(bool(_LOOSE_LABEL.match(line) and TALK.search(line)) for line in unmarked)
    notes = sum(bool(_ONLY_NOTE.match(line) and _NOTE.search(line)) for line in unmarked)
    is_plain = 2 * len(unmarked) > len(lines)
    is_mostly_talk = talk >= max(_FEWEST_LOOSE, len(lines) / 2)
    return is_mostly_talk or (is_plain and (notes >= _FEWEST_TURNS or announces_transcript(title, lines)))


# --- Lines ---


def _pieces(lines: Sequence[tuple[int, str]]) -> list[_Piece]:
    """Cut lines at the labels inside them, and read the labels."""
    bounds = [_bounds(line) for _, line in lines]
    if sum(len(found) - 2 for found in bounds) < _FEWEST_INLINE:
        bounds = [[0, len(line)] for _, line in lines]
    pieces = []
    for (start, line), found in zip(lines, bounds, strict=True):
        for low, high in pairwise(found):
            read = read_label(start + low, line[low:high])
            label, words = read if read is not None else (None, start + low)
            pieces.append(_Piece(start + low, line[low:high], label, words))
    return [_answer(piece, before) for before, piece in pairwise([pieces[0], *pieces])] if pieces else []


def _answer(piece: _Piece, before: _Piece) -> _Piece:
    """Read 'A' without a colon as the label of an answer, right under a question with 'Q'."""
    found = _BARE_A.match(piece.text)
    if found is None or piece.label is not None or _key(before) != "q":
        return piece
    label = make_label("letter", piece.start + found.start("label"), "A")
    return replace(piece, label=label, words=piece.start + found.end())


def _bounds(line: str) -> list[int]:
    """List where to cut a line: before each label in capitals inside it."""
    bounds = [0]
    for found in _INLINE.finditer(line):
        is_behind = line[found.start() - 1 : found.start()] in _BEFORE_INLINE or len(found.group()) > 1
        if is_behind and not _CAPITALS.fullmatch(
            line[bounds[-1] : found.end()].strip()
        ):  # 'MS.' of 'MS. KIM: …'
            bounds.append(found.end())
    return [*bounds, len(line)]


def _pieces_under_labels(lines: Sequence[tuple[int, str]]) -> list[_Piece]:
    """Read names on lines of their own as the labels of the lines below: 'Ann Kim - Chief Executive'."""
    pieces = []
    for start, line in lines:
        stripped = line.strip()
        is_short = len(stripped) < LONGEST_LEAD / 2 and not stripped.endswith((".", "?", "!", ",", ":"))
        label = read_name(start + len(line) - len(line.lstrip()), stripped) if is_short else None
        pieces.append(_Piece(start, line, label, start + len(line) if label is not None else start))
    return pieces


def _key(piece: _Piece) -> str | None:
    return piece.label.key if piece.label is not None else None


def _without_label(piece: _Piece) -> _Piece:
    return replace(piece, label=None, words=piece.start, rejected=piece.label)


def _spoken(pieces: Sequence[_Piece], at: int) -> str:
    """Return the words of a label, which may stand on the next line."""
    own = pieces[at].spoken
    is_next = not own and at + 1 < len(pieces) and pieces[at + 1].label is None
    return pieces[at + 1].spoken if is_next else own


def _is_plain(pieces: Sequence[_Piece], at: int) -> bool:
    """Whether a label has words without marks: 'KIM: "…"' is read as a quotation."""
    words = _spoken(pieces, at)
    return bool(words) and not opens_with_mark(words)


# --- What is a transcript ---


def _accepted(pieces: Sequence[_Piece], is_announced: bool) -> Set[str]:
    """Return the keys of the labels that can be speakers."""
    groups: dict[str, list[int]] = defaultdict(list)
    for at, piece in enumerate(pieces):
        if piece.label is not None:
            groups[piece.label.key].append(at)
    if "q" not in groups:
        groups.pop("a", None)  # 'A. Smith', a list
    accepted = {key for key, places in groups.items() if _can_speak(pieces, places, is_announced)}
    asking = {at for key in accepted for at in groups[key] if "?" in _spoken(pieces, at)}
    # Whoever is asked may answer once, and drily: 'ADLER: The town does.', 'Adler: It does.'
    answering = {key for key, places in groups.items() if asking and max(places) > min(asking)}
    right_below = {key for key, places in groups.items() if any(at - 1 in asking for at in places)}
    accepted |= {key for key in answering if _is_plain_name(pieces, groups[key], ("capitals",))}
    return accepted | {key for key in right_below if _is_plain_name(pieces, groups[key], ("name",))}


def _is_plain_name(pieces: Sequence[_Piece], places: Sequence[int], forms: Sequence[LabelForm]) -> bool:
    """Whether a label has one of some forms, and is no heading of a note."""
    labels = [label for at in places if (label := pieces[at].label) is not None]
    is_heading = any(word in word_set("label_headings") for word in labels[0].words)
    return any(label.form in forms for label in labels) and not is_heading


def _can_speak(pieces: Sequence[_Piece], places: Sequence[int], is_announced: bool) -> bool:
    labels = [label for at in places if (label := pieces[at].label) is not None]
    if any(label.form in ("letter", "member", "title", "handle") for label in labels):
        return True
    first = labels[0]
    words = set(first.words)
    if not words.isdisjoint(word_set("label_headings")):
        return False
    spoken = [said for at in places if (said := _spoken(pieces, at))]
    talk = sum(bool(TALK.search(said)) for said in spoken)
    if not spoken:
        return False
    if first.form in ("role", "office"):
        return True
    has_evidence = len(places) > 1 or is_announced
    if any(label.form == "capitals" for label in labels):
        return has_evidence or talk > 0
    is_person_talking = first.is_person and any(FIRST_PERSON.search(said) for said in spoken)
    return (has_evidence and 3 * talk >= len(spoken)) or is_person_talking


def _is_transcript(
    pieces: Sequence[_Piece], labelled: Sequence[int], is_announced: bool, is_beside: bool
) -> bool:
    """Whether labelled pieces are talk by several people who take turns; `is_beside` their labels."""
    labels = [label for at in labelled if (label := pieces[at].label) is not None]
    keys = [label.key for label in labels]
    questions = _questions(pieces, labelled)
    has_questions = 2 * len(questions) > len(labels)
    if len(labels) < _FEWEST_TURNS + (not is_beside) or (len(set(keys)) < 2 and not has_questions):
        return False
    certain = sum(label.form in _CERTAIN_FORMS for label in labels)
    is_certain = is_beside and 2 * certain >= len(labels)
    repeats = len(set(keys)) < len(keys)
    takes_turns = repeats or (is_beside and ("q" in keys or is_announced or is_certain))
    talk = sum(bool(TALK.search(_spoken(pieces, at))) for at in labelled)
    return (
        (takes_turns or has_questions)
        and talk + len(questions) >= _LEAST_TALK[is_certain] * len(labels)
        and len(labels) >= _LEAST_SHARE[is_certain or is_announced] * _region(labelled)
    )


def _questions(pieces: Sequence[_Piece], labelled: Sequence[int]) -> frozenset[int]:
    """Return the questions right above labels in an interview that labels only the answers."""
    asking = sum(_spoken(pieces, at).endswith("?") for at in labelled)
    if asking * _FEWEST_ANSWERS > len(labelled):
        return frozenset()
    return frozenset(at - 1 for at in labelled if at and _is_question(pieces, at - 1))


def _is_question(pieces: Sequence[_Piece], at: int) -> bool:
    """Whether a line without a label asks, and is not the words of a label above it."""
    above = pieces[at - 1] if at else None
    is_under_label = above is not None and above.label is not None and not above.spoken
    is_question = pieces[at].label is None and QUESTION_LINE.fullmatch(pieces[at].text) is not None
    return is_question and not is_under_label


def _is_whole(labelled: Sequence[int]) -> bool:
    """Whether the lines between the labels are the speakers' too, not a story around a few statements."""
    return len(labelled) >= _LEAST_SHARE[False] * _region(labelled) or len(labelled) >= _MANY_TURNS


def _region(labelled: Sequence[int]) -> int:
    return labelled[-1] - labelled[0] + 1


# --- The turns ---


def _sworn(lines: Iterable[tuple[int, str]]) -> Iterator[Label]:
    for start, line in lines:
        found = _SWORN.match(line)
        if found is not None:
            yield make_label("name", start + found.start("label"), found.group("label"))


def _turns(pieces: Sequence[_Piece], is_whole: bool, questions: Set[int]) -> Iterator[Turn]:
    """Yield the turns; in a whole transcript, lines without a label go on with the turn before.

    `questions` are lines without a label that ask.
    """
    last = max(at for at, piece in enumerate(pieces) if piece.label is not None)
    label: Label | None = None
    examiner: Label | None = None
    continues = False
    for at, piece in enumerate(pieces):
        examined = _EXAMINER.match(piece.text)
        if examined is not None:
            low, high = examined.span("label")
            examiner, label = make_label("title", piece.start + low, piece.text[low:high]), None
            continue
        if at in questions:
            yield from (Turn(start, end, None, asks=True) for start, end in _spans(piece))
            label = None
        elif piece.label is not None:
            label, continues = (piece.label if not opens_with_mark(piece.spoken) else None), False
        elif label is not None and (
            _is_label(piece.rejected) or _ends_turn(piece.text, label, continues, is_whole, at > last)
        ):
            label = None
        if label is None or (piece.label is None and _is_note(piece.text)):
            continue
        for start, end in _spans(piece):
            yield Turn(start, end, label, continues, examiner)
            continues = True


def _is_label(rejected: Label | None) -> bool:
    """Whether what is not taken for a speaker may be one: 'ANN KIM:', 'Ann Kim:', but not 'Remember:'."""
    return rejected is not None and (rejected.form == "capitals" or len(rejected.words) > 1)


def _ends_turn(text: str, label: Label, continues: bool, is_whole: bool, is_last: bool) -> bool:
    """Whether a line without a label is not the last label's any more.

    `continues` if that has had words, `is_last` if no label follows.
    """
    if CLOSING.match(text) or _is_narration(text, label) or _is_headed(text):
        return True
    if not continues:
        return opens_with_mark(text)  # 'KIM:' above '"…"', which is read as a quotation
    if _is_note(text):
        return False
    return not is_whole or text.rstrip().endswith(":") or (is_last and not goes_on(text))


def _is_note(text: str) -> bool:
    """Whether a line is a stage direction, a time or a heading in capitals."""
    is_heading = len(text) > 2 and text.isupper() and text.rstrip()[-1].isalnum()
    is_note = _ONLY_NOTE.match(text) or _TIME_LINE.match(text)
    return bool(is_note or _INTERJECTION.search(text[:LONGEST_LEAD])) or is_heading


def _is_headed(text: str) -> bool:
    """Whether a line has the heading of a note: 'VIDEO: …'"""
    head = _LOOSE_LABEL.match(text)
    words = WORD.findall(text[: text.index(":")].lower()) if head is not None else []
    return bool(words) and words[-1] in word_set("label_headings")


def _is_narration(text: str, label: Label) -> bool:
    """Whether a line tells of the speaker instead of going on with the words: 'Kim laughed.'"""
    return label.has_name and WORD.findall(text.lower())[:1] == [label.key] and not FIRST_PERSON.search(text)


def _spans(piece: _Piece) -> Iterator[tuple[int, int]]:
    """Yield the words of a piece without stage directions, as offsets of the body."""
    text, offset = piece.text, piece.start
    at = piece.words - offset
    opening = text[:at].lstrip()[:1]
    end = len(text.rstrip().rstrip("*_"))
    if opening in ('"', "\u201c") and text[end - 1 : end] in ('"', "\u201d"):
        end -= 1
    for note in [*_NOTE.finditer(text, at, end)]:
        before = text[at : note.start()].rstrip()
        if before and before[-1] not in '.?!\u2026"\u201d-\u2014\u2013)]':
            continue  # '(inaudible)' inside a sentence
        if WORD.search(before):
            yield offset + at, offset + at + len(before)
        at = note.end() + len(text[note.end() : end]) - len(text[note.end() : end].lstrip())
    if WORD.search(text[at:end]):
        yield offset + at, offset + end
