"""Correct one article: what lines of corrections.csv make of the rows that the machine found.

A quote is found by its words and its place. If it has other words now (a newer extractor may cut it
elsewhere), it is the one that has at least half of these words. If several fit, the line does not apply: a
correction of the wrong quote is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ontherecord.warehouse import ids
from ontherecord.warehouse.corrections import NOBODY, Correction, GivenName, given_name
from ontherecord.warehouse.records import SpeakerType, joint_name

# Limits are looked for so many characters around the quote.
_NEAR = 1_000
_ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.)\s*")
_BETWEEN = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+")
_MARKS = '"“”„«» '
# Words after which a phrase names no more heads: 'officials of the ministry'.
_BEHIND_HEAD = re.compile(r"\b(?:of|at|in|for|from|with|who|near|on|close to|familiar)\b", re.I)
_PLURALS = frozenset(["people", "police", "men", "women", "children", "others", "many", "some"])
_DETERMINERS = frozenset(["a", "an", "the", "one", "some", "several", "many", "two", "three"])
RULE = "correction"


@dataclass(frozen=True, slots=True)
class Named:
    """The entity that a name means: its id, current name and kind."""

    entity_id: int
    name: str
    kind: str


# Says which entity a kind and name mean, after aliases and joins.
NameReader = Callable[[str, str], Named]


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker of a quote: current name, name in the article, and entity, None for an unnamed source."""

    name: str
    name_here: str
    entity_id: int | None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class FoundQuote:
    """What corrections may change of a row of `quotes`, and its number; `is_respoken` if its speakers are."""

    quote_no: int
    utterance_no: int
    kind: str
    text: str
    char_start: int
    char_end: int
    confidence: float
    rule: str | None
    speaker_type: str | None
    speakers: tuple[Speaker, ...] = ()
    is_respoken: bool = False
    is_dropped: bool = False

    @property
    def joint_name(self) -> str | None:
        return joint_name([s.name for s in self.speakers]) if self.speakers else None

    @property
    def joint_name_here(self) -> str | None:
        return joint_name([s.name_here for s in self.speakers]) if self.speakers else None

    @property
    def entity_id(self) -> int | None:
        return self.speakers[0].entity_id if len(self.speakers) == 1 else None


@dataclass(frozen=True, slots=True)
class FoundMention:
    """What corrections may change of a row of `mentions`, and its number."""

    mention_no: int
    entity_id: int
    text: str
    kind: str
    name: str
    current_name: str
    is_dropped: bool = False

    def is_called(self, name: str) -> bool:
        """Whether a normalized name is that of the article, or that of the entity."""
        return name in (ids.normalized(self.name), ids.normalized(self.current_name))


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """An article as the machine left it."""

    article_id: int
    source_path: str
    body: str
    quotes: tuple[FoundQuote, ...]
    mentions: tuple[FoundMention, ...]


@dataclass(slots=True)
class CorrectedArticle:
    """The rows that lines change, by number, the entities that they name, and why lines do not apply."""

    article_id: int
    quotes: dict[int, FoundQuote] = field(default_factory=dict)
    mentions: dict[int, FoundMention] = field(default_factory=dict)
    entities: dict[int, Named] = field(default_factory=dict)
    problems: dict[int, str | None] = field(default_factory=dict)


class _NotApplicable(Exception):
    """A line does not apply; the message says why."""


def correct(article: FoundArticle, lines: Iterable[Correction], read_name: NameReader) -> CorrectedArticle:
    """Return what the lines, all of this article, change in it."""
    corrected = CorrectedArticle(article.article_id)
    by_what = sorted(lines, key=lambda line: (line.what not in ("split", "dismiss"), line.line_no))
    heads: set[int] = set()
    for line in by_what:
        corrected.problems[line.line_no] = None
        try:
            if line.what in ("split", "dismiss"):
                _correct_name(article, line, corrected, read_name)
            else:
                _correct_quote(article, line, corrected, read_name, heads)
        except _NotApplicable as problem:
            corrected.problems[line.line_no] = str(problem)
    return corrected


def _correct_name(
    article: FoundArticle, line: Correction, corrected: CorrectedArticle, read_name: NameReader
) -> None:
    """Give an entity of this article another name, or none: its mentions and what it says."""
    name = ids.normalized(line.words)
    hit = [m for m in article.mentions if m.is_called(name)]
    entity_ids = {m.entity_id for m in hit}
    spoken = [
        q
        for q in article.quotes
        if any(s.entity_id in entity_ids or ids.normalized(s.name_here) == name for s in q.speakers)
    ]
    if not hit and not spoken:
        raise _NotApplicable("the article does not have this name any more")
    new = None
    if line.what == "split":
        given = given_name(line.becomes or "")
        new = read_name(given.kind or (hit[0].kind if hit else "person"), given.name)
        corrected.entities[new.entity_id] = new
    for m in hit:
        if new:
            changed = replace(m, entity_id=new.entity_id, kind=new.kind, name=_name_of(line))
        else:
            changed = replace(m, is_dropped=True)
        corrected.mentions[m.mention_no] = changed
    for quote in spoken:
        current = corrected.quotes.get(quote.quote_no, quote)
        speakers = tuple(
            _renamed(s, new, line) if s.entity_id in entity_ids or ids.normalized(s.name_here) == name else s
            for s in current.speakers
        )
        corrected.quotes[quote.quote_no] = replace(
            current, speakers=speakers, speaker_type=_type_of_all(speakers, None), is_respoken=True
        )


def _name_of(line: Correction) -> str:
    return given_name(line.becomes or "").name


def _renamed(speaker: Speaker, new: Named | None, line: Correction) -> Speaker:
    if new is None:
        return Speaker(speaker.name_here, speaker.name_here, None)
    return Speaker(new.name, _name_of(line), new.entity_id, new.kind)


def _correct_quote(
    article: FoundArticle,
    line: Correction,
    corrected: CorrectedArticle,
    read_name: NameReader,
    heads: set[int],
) -> None:
    """Apply a line to its quote; a speaker to all pieces of its utterance that have no line of their own."""
    found = _find(article, line)
    if found is None:
        return  # not a quote: the machine does not take it for one any more
    current = replace(corrected.quotes.get(found.quote_no, found), confidence=1.0)
    if line.what == "not a quote":
        current = replace(current, is_dropped=True)
    elif line.what == "kind":
        current = replace(current, kind=line.becomes or "")
    elif line.what == "limits":
        start, end = _limits(article.body, found, line.becomes or "")
        current = replace(current, char_start=start, char_end=end, text=article.body[start:end])
    else:
        speakers, given_type = _speakers(article, line.becomes or "", read_name)
        corrected.entities |= {
            s.entity_id: Named(s.entity_id, s.name, s.kind) for s in speakers if s.entity_id and s.kind
        }

        def said_by(piece: FoundQuote) -> FoundQuote:
            type_ = _type_of_all(speakers, given_type)
            spoken = replace(piece, speakers=speakers, speaker_type=type_, is_respoken=True)
            return replace(spoken, rule=RULE, confidence=1.0)

        heads.add(found.quote_no)
        for piece in article.quotes:
            if piece.utterance_no == found.utterance_no and piece.quote_no not in heads:
                corrected.quotes[piece.quote_no] = said_by(corrected.quotes.get(piece.quote_no, piece))
        current = said_by(current)
    corrected.quotes[found.quote_no] = current


def _find(article: FoundArticle, line: Correction) -> FoundQuote | None:
    """Return the quote that a line means; None if it is none already, as the line says."""
    words = _squeezed(line.words)
    same = [q for q in article.quotes if _squeezed(q.text) == words]
    if at_place := [q for q in same if q.char_start == line.place]:
        return at_place[0]
    if len(same) == 1:
        return same[0]
    if same:
        raise _NotApplicable(f"{len(same)} quotes have these words, and none is at this place any more")
    starts = list(_occurrences(article.body, line.words))
    if not starts:
        raise _NotApplicable("the article does not have these words any more")
    if line.place in starts:
        starts = [line.place]
    spans = [(start, start + len(line.words)) for start in starts]
    near = [q for q in article.quotes for span in spans if _overlap((q.char_start, q.char_end), span) >= 0.5]
    if len(near) == 1:
        return near[0]
    if near:
        raise _NotApplicable("several quotes have these words now")
    if line.what == "not a quote":
        return None
    raise _NotApplicable("these words are not a quote any more")


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _occurrences(body: str, words: str) -> Iterator[int]:
    at = body.find(words)
    while at >= 0:
        yield at
        at = body.find(words, at + 1)


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Return the characters that two spans share, as a share of the longer one."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, shared) / max(one[1] - one[0], other[1] - other[0], 1)


def _limits(body: str, quote: FoundQuote, becomes: str) -> tuple[int, int]:
    """Return where the right words start and end: 'first words … last words', either left out, or all."""
    first, *rest = (part.strip(_MARKS) for part in _ELLIPSIS.split(becomes.strip(), maxsplit=1))
    last = rest[0] if rest else None
    low, high = max(0, quote.char_start - _NEAR), quote.char_end + _NEAR
    start, end = quote.char_start, quote.char_end
    if first:
        starts = [low + at for at in _occurrences(body[low:high], first)]
        if not starts:
            raise _NotApplicable(f"{first!r} is not in the text at this quote")
        start = min(starts, key=lambda at: abs(at - quote.char_start))
    if last is None:
        return start, start + len(first)
    if last:
        ends = [low + at + len(last) for at in _occurrences(body[low:high], last)]
        ends = [at for at in ends if at >= start + len(last)]
        if not ends:
            raise _NotApplicable(f"{last!r} is not in the text at this quote")
        end = min(ends, key=lambda at: abs(at - quote.char_end))
    if start >= end:
        raise _NotApplicable("the first words come after the last ones")
    return start, end


def _speakers(
    article: FoundArticle, becomes: str, read_name: NameReader
) -> tuple[tuple[Speaker, ...], SpeakerType | None]:
    """Return the speakers that a line names, divided by semicolons, and the type that it gives."""
    if becomes.strip().casefold() == NOBODY:
        return (), None
    given = [given_name(part) for part in becomes.split(";") if part.strip()]
    speakers = tuple(
        Speaker(name, name, None) if one.speaker_type else _speaker(article, name, one.kind, read_name)
        for one in given
        for name in _one_by_one(article, one)
    )
    return speakers, next((one.speaker_type for one in given if one.speaker_type), None)


def _one_by_one(article: FoundArticle, given: GivenName) -> list[str]:
    """Return the names in 'Kerry and Lavrov' if the article has each of them, and not the whole."""
    names = _BETWEEN.split(given.name)
    if given.kind or given.speaker_type or len(names) == 1 or _meant(article, given.name, None):
        return [given.name]
    return names if all(_meant(article, name, None) for name in names) else [given.name]


def _meant(article: FoundArticle, name: str, kind: str | None) -> tuple[str, str] | None:
    """Return the full name and kind of whom the article means by a name or surname; None if it has none."""
    wanted = ids.normalized(name)
    for part in ("name", "text"):
        found = {
            (m.name, m.kind)
            for m in article.mentions
            if ids.normalized(getattr(m, part)) == wanted and kind in (None, m.kind)
        }
        if len(found) == 1:
            return found.pop()
    return None


def _speaker(article: FoundArticle, name: str, kind: str | None, read_name: NameReader) -> Speaker:
    """Return whom the article means by a name, else the entity of the name; for other words, no entity."""
    if meant := _meant(article, name, kind):
        name_here, kind_here = meant
        named = read_name(kind_here, name_here)
        return Speaker(named.name, name_here, named.entity_id, named.kind)
    if kind is None and not _is_name(name):
        return Speaker(name, name, None)
    named = read_name(kind or "person", name)
    return Speaker(named.name, name, named.entity_id, named.kind)


def _is_name(words: str) -> bool:
    """Whether words are a name, not a description: with a capital, a determiner aside."""
    first, *rest = words.split()
    word = rest[0] if rest and first.casefold() in _DETERMINERS else first
    return not word[:1].islower()


def _type_of_all(speakers: Sequence[Speaker], given: SpeakerType | None) -> SpeakerType | None:
    """Return the type of speaker of a quote: given, else a named person if one of them is."""
    if not speakers or given:
        return given
    types = [_type_of(s) for s in speakers]
    return "named person" if "named person" in types else types[0]


def _type_of(speaker: Speaker) -> SpeakerType:
    if speaker.entity_id is not None:
        if speaker.kind == "person":
            return "named person"
        return "unnamed group" if speaker.kind == "group" else "organization"
    head = (_BEHIND_HEAD.split(speaker.name)[0].split() or [speaker.name])[-1].casefold()
    is_plural = head in _PLURALS or (head.endswith("s") and not head.endswith("ss"))
    return "unnamed group" if is_plural else "unnamed person"
