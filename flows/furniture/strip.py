"""Strip the furniture from the ends of an article's text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ontherecord.flows.furniture.agencies import agency_name, is_agency
from ontherecord.flows.furniture.datelines import Dateline, read_dateline
from ontherecord.flows.furniture.desk import (
    credit_at_end,
    end_mark_at_end,
    is_credit,
    is_end_mark,
    is_feed_note,
    is_head_note,
    read_byline,
    read_desk,
    read_signature,
    signature_at_end,
)
from ontherecord.flows.furniture.page import is_furniture, is_photo_credit

# Above the dateline stand a note, a byline, a picture's caption and its credit, and points in brief.
_MOST_ABOVE = 8
# Below the last sentence stand credits, an agency, a telephone number and a mark of the end.
_MOST_BELOW = 10
# A headline or a crosshead above a dateline has at most this many words; it stays.
_MOST_HEADLINE_WORDS = 16
_ENDS_SENTENCE = re.compile(r"[.!?…]['\"’”)\]]*$")
_QUOTATION = re.compile(r"[\"“'‘«][^\"“”«»]+[\"”'’»]")
# A narrator who says "I", and is no 'Elizabeth I' and no 'World War I'.
_FIRST_PERSON = re.compile(r"(?:^|[.!?;:,][\"”’)]?\s|(?<![^\W\d_])[a-z]+\s)I(?:['’](?:m|ve|d|ll)\b|\s[a-z])")
_QUOTED = re.compile(r"“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)|(?<!\w)‘[^‘]*’")
# 'KIM: …': where other lines begin so too, a place before a colon is a speaker's label.
_LABEL = re.compile(r"[A-Z][A-Z.'’ -]{1,40}:\s")


@dataclass(frozen=True, slots=True)
class Stripped:
    """Paragraphs without the furniture at their ends, and what it said.

    `byline` is as written, with the credits below the text after it. `removed` are the lines that no field
    keeps.
    """

    paragraphs: tuple[str, ...]
    dateline: str | None = None
    agency: str | None = None
    byline: str | None = None
    removed: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    dateline: Dateline | None = None
    agencies: list[str] = field(default_factory=list)
    bylines: list[str] = field(default_factory=list)
    credits: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def strip_furniture(paragraphs: list[str]) -> Stripped:
    """Strip notes, byline and dateline from the head of a text, and credits, agency and marks from its foot.

    Furniture between them stays: captions, links, and corrections, which tell the reader something. At least
    one paragraph always stays, and never is part of a sentence taken. The byline of a text in the first
    person stays too, as it says who speaks.
    """
    found = _Found()
    kept = _strip_foot(_strip_head(paragraphs, found), found)
    names = [*dict.fromkeys((*found.bylines, *found.credits))]
    return Stripped(
        tuple(kept),
        found.dateline.place if found.dateline else None,
        found.agencies[0] if found.agencies else None,
        "; ".join(names) or None,
        tuple(found.removed),
    )


def _strip_head(paragraphs: list[str], found: _Found) -> list[str]:
    kept: list[str] = []
    has_author = any(_FIRST_PERSON.search(_QUOTED.sub("", line)) for line in paragraphs)
    for number, line in enumerate(paragraphs[:_MOST_ABOVE]):
        below = paragraphs[number + 1 :]
        has_text_above = _has_sentence(kept)
        if below and not has_text_above and is_head_note(line):
            found.removed.append(line)
            continue
        dateline = read_dateline(line)
        rest = line[dateline.end :] if dateline is not None else line
        if dateline is not None and (rest or below) and _is_credible(dateline, line, kept, below):
            found.dateline = dateline
            found.agencies += [dateline.agency] if dateline.agency else []
            return [*kept, *([rest] if rest else []), *below]
        if not below:
            break
        if (names := read_byline(line)) is not None and not is_agency(names):
            found.bylines.append(line)
            kept += [line] if has_author else []
        elif not has_text_above and is_agency(names or line):
            found.agencies.append(agency_name(names or line))
        elif _may_stand_above(line) or is_photo_credit(below[0]):
            kept.append(line)
        else:
            break
    else:
        return [*kept, *paragraphs[_MOST_ABOVE:]]
    return [*kept, *paragraphs[number:]]


def _is_credible(dateline: Dateline, line: str, above: list[str], below: list[str]) -> bool:
    """Say whether a dateline that only the place vouches for opens the text and is no speaker's label."""
    if dateline.is_certain:
        return True
    if _has_sentence(above):
        return False
    is_label = line[: dateline.end].rstrip().endswith(":") and line[dateline.end - 3] != " "
    return not is_label or not (above or any(_LABEL.match(other) for other in below))


def _has_sentence(lines: list[str]) -> bool:
    return any(_ENDS_SENTENCE.search(line) and not is_furniture(line) for line in lines)


def _may_stand_above(line: str) -> bool:
    """Say whether a dateline may follow below a line: a headline, a caption, a point in brief."""
    is_short = len(line.split()) <= _MOST_HEADLINE_WORDS
    return is_short or line.startswith(("* ", "• ", "- ")) or is_furniture(line)


def _strip_foot(paragraphs: list[str], found: _Found) -> list[str]:
    kept = list(paragraphs)
    staying: list[str] = []
    for _ in range(_MOST_BELOW):
        if len(kept) < 2:
            break
        line = kept[-1]
        if (agency := read_signature(line)) is not None and _may_sign(agency, kept, staying):
            _sign(found, agency, line)
        elif is_credit(line):
            found.credits.insert(0, line.strip("()[]-—_ "))
        elif (desk := read_desk(line))[0] or is_feed_note(line):
            found.credits[:0] = [desk[1]] if desk[1] else []
            found.removed.append(line)
        elif is_end_mark(line):
            found.removed.append(line)
        elif not is_furniture(line):
            break
        else:
            staying.append(line)
        kept.pop()
    if kept:
        kept[-1] = _strip_last(kept[-1], found)
    return [*kept, *reversed(staying)]


def _may_sign(agency: str, kept: list[str], staying: list[str]) -> bool:
    """Say whether a name may sign the text: a dash and a name below a quotation are its speaker's."""
    is_quotation = _QUOTATION.fullmatch(kept[-2]) is not None
    return is_agency(agency) or not (staying or is_quotation)


def _strip_last(line: str, found: _Found) -> str:
    """Strip what follows the last sentence on its own line: credit, agency, mark of the end."""
    for _ in range(2):
        start = end_mark_at_end(line)
        if start < len(line):
            found.removed.append(line[start:].strip())
            line = line[:start].rstrip()
        start, agency = signature_at_end(line)
        if agency is not None:
            _sign(found, agency, line[start:].strip())
            line = line[:start].rstrip()
        start = credit_at_end(line)
        if start < len(line):
            found.credits.insert(0, line[start:].strip("()[]. "))
            line = line[:start].rstrip()
    return line


def _sign(found: _Found, agency: str, line: str) -> None:
    """Note who signs; a second agency has no column."""
    if found.agencies and agency != found.agencies[0]:
        found.removed.append(line)
    found.agencies.append(agency)
