"""Find names by the pattern of a line: datelines, credits, titles and first names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ontherecord.flows.extract.name_forms import LONGEST_NICKNAME
from ontherecord.flows.extract.names.gazetteer import gazetteer_index, is_known_place
from ontherecord.flows.extract.names.lexicon import first_names, honorifics, last_words, personal_titles
from ontherecord.flows.extract.names.places import find_demonym, find_place
from ontherecord.flows.extract.names.spans import (
    NAMES_LIKE_FUNCTION_WORDS,
    is_name_word,
    skip_epithet,
    skip_inner_title,
)
from ontherecord.flows.extract.names.tokens import Line, NameSpan
from ontherecord.flows.extract.word_lists import word_set

# Signs around a nickname inside a name.
NICKNAME_MARKS = frozenset(["'", '"', "\u2018", "\u2019", "\u201c", "\u201d", "(", ")"])
DASHES = frozenset("-–—―")
# A dateline is short: a city or two, a country, a date, an agency.
DATELINE_WORDS = 16
# A dateline is certainly a place, whatever the model makes of the capitals.
DATELINE_WEIGHT = 3.0


def read_dateline(line: Line) -> tuple[int, tuple[NameSpan, ...]]:
    """Return the end of the dateline (0 if there is none) and the places and agencies in it.

    'MOSCOW (Agency) -', 'RUSSIA :', 'PARIS/LONDON, May 3 -', 'ROME 2015-12-17', 'AL-AIN, Emirates, May 3 -':
    a paragraph that opens in capitals and reaches a dash, a colon or a date before any lower-case word.
    """
    words = line.words
    if line.field == "title" or (line.is_all_caps and len(words) > DATELINE_WORDS) or not words:
        return 0, ()
    capitals = 0
    while capitals < min(len(words), DATELINE_WORDS) and (
        (words[capitals].isupper() and words[capitals].isalpha())
        or (words[capitals] in ".-'’/" and line.is_glued(capitals) and words[capitals - 1].isalpha())
    ):
        capitals += 1
    while capitals and not words[capitals - 1].isalpha():
        capitals -= 1
    if not capitals or len(words[0]) < 2 or words[0].lower() in word_set("names/non_names"):
        return 0, ()
    end = dateline_end(line, capitals)
    if not end or not is_dateline(line, capitals, end):
        return 0, ()
    return end, tuple(dateline_spans(line, capitals, end))


def is_dateline(line: Line, capitals: int, end: int) -> bool:
    """Whether capitals are a dateline and no label ('UPDATE -'): a city, agency, country or date follows."""
    words = line.words
    first = next((i for i in range(capitals) if words[i] in ("/", "AND")), capitals)
    city = find_place(" ".join(words[:first]))
    rest = words[capitals:end]
    dated = any(w.isdigit() and len(w) == 4 for w in words[capitals : end + 1])
    parted = words[end - 1] == ":" and not line.is_glued(end - 1)  # labels have no space before the colon
    return city is not None or dated or parted or "(" in rest or "," in rest[:1]


def dateline_end(line: Line, capitals: int) -> int:
    """Return the index after the dash, colon or date that closes a dateline, or 0."""
    words = line.words
    for i in range(capitals, min(len(words), capitals + DATELINE_WORDS)):
        word = words[i]
        if (word in DASHES and not line.is_glued(i)) or (word == ":" and i <= capitals + 3):
            return i + 1
        if word.isdigit() and len(word) == 4 and i + 1 < len(words) and words[i + 1] == "-":
            return i
        if word.islower() and word not in ("of", "the", "and", "de"):
            return 0
    return 0


def dateline_spans(line: Line, capitals: int, end: int) -> Iterator[NameSpan]:
    """Yield the places in capitals, the country after them and the agency in brackets."""
    words = line.words
    first = 0
    for i in range(capitals + 1):
        if i == capitals or words[i] == "/" or words[i] == "AND":
            if i > first:
                yield NameSpan(first, i, "place", DATELINE_WEIGHT)
            first = i + 1
    i = capitals
    while i < end:
        if words[i] == "(":
            close = next((j for j in range(i + 1, end) if words[j] == ")"), end)
            if close > i + 1 and close < end:
                yield NameSpan(i + 1, close, "organization", DATELINE_WEIGHT)
            i = close
        elif is_name_word(words[i]) and words[i].lower() not in word_set("names/months"):
            last = i + 1
            while last < end and (words[last][0].isupper() or (words[last] == "." and line.is_glued(last))):
                last += 1
            yield NameSpan(i, last, "place", DATELINE_WEIGHT)
            i = last - 1
        i += 1


def names_by_context(line: Line) -> Iterator[NameSpan]:
    """Yield names shown by a first name, a title or a credit."""
    if line.is_all_caps:
        yield from all_caps_names(line)
    if line.is_all_caps or line.is_headline:
        return
    yield from team_sheet(line)
    yield from nicknamed_names(line)
    words, at = line.words, 0
    while at < len(words):
        if words[at][0].isupper():
            last = run_end(line, at)
            found = person_in_run(line, at, last) or organization_in_run(line, at, last)
            if last - at == 1 and words[at].lower() in word_set("names/people_by_one_name"):
                found = NameSpan(at, last, "person")
            if found:
                yield found
            at = last
        else:
            at += 1


def team_sheet(line: Line) -> Iterator[NameSpan]:
    """Yield the players of a team sheet: '1 - Jane Doe; 2 - John Roe; …', 'Forwards - Jane Doe, John Roe'."""
    words = line.words
    if is_squad(line):
        for i in range(1, len(words) - 1):
            last = run_end(line, i + 1) if words[i] in "-:,;" and words[i + 1].istitle() else 0
            if 1 < last - i - 1 < 5:
                yield NameSpan(i + 1, last, "person")
        return
    starts = [
        i + 2
        for i in range(len(words) - 3)
        if words[i + 1] == "-" and words[i].isdigit() and not line.is_glued(i + 1) and words[i + 2].istitle()
    ]
    for start in starts if len(starts) >= LEAST_PLAYERS else ():
        last = run_end(line, start)
        if 1 < last - start < 5:
            yield NameSpan(start, last, "person")


LEAST_PLAYERS = 3


def is_squad(line: Line) -> bool:
    """Whether a line lists the players of a position: 'Goalkeepers: …'."""
    return len(line.words) > 1 and line.words[0].lower() in POSITIONS and line.words[1] in "-:–"


POSITIONS = frozenset(["attackers", "defenders", "forwards", "goalkeepers", "midfielders", "strikers"])


def nicknamed_names(line: Line) -> Iterator[NameSpan]:
    """Yield first and family name around a nickname: 'Bobby' and 'Carver' of 'Bobby "Rocket" Carver'."""
    words = line.words
    for opening in range(1, len(words) - 3):
        if words[opening] not in NICKNAME_MARKS or line.is_glued(opening):
            continue
        if words[opening - 1].lower() not in first_names() or not line.is_glued(opening + 1):
            continue
        for closing in range(opening + 2, min(len(words) - 1, opening + 2 + LONGEST_NICKNAME)):
            family = words[closing + 1]
            if words[closing] in NICKNAME_MARKS:
                if family.istitle() and is_name_word(family) and not line.is_glued(closing + 1):
                    yield NameSpan(opening - 1, opening, "person")
                    yield NameSpan(closing + 1, closing + 2, "person")
                break


def all_caps_names(line: Line) -> Iterator[NameSpan]:
    """Yield 'JANE DOE' of 'STATEMENT OF SENATOR JANE DOE': a title, a first name, a family name."""
    words, titles = line.words, word_set("names/titles") - word_set("names/ambiguous_titles")
    for at in range(1, len(words) - 1):
        title, given, family = (word.lower() for word in words[at - 1 : at + 2])
        if title not in titles or given in titles or given not in first_names():
            continue
        if family.isalpha() and family not in titles | last_words() and is_name_word(words[at + 1]):
            yield NameSpan(at, at + 2, "person")


def run_end(line: Line, first: int) -> int:
    """Return the end of a run of capitalized words, particles and initials."""
    words, at = line.words, first + 1
    particles = word_set("names/particles")
    while at < len(words):
        word = words[at]
        if word[0].isupper() or (word == "." and line.is_glued(at) and is_initial(words[at - 1])):
            at += 1
        elif line.is_glued(at) and word in "-'’" and line.is_glued(at + 1) and words[at + 1][0].isupper():
            at += 2
        elif word in particles:
            ahead = at
            while ahead < len(words) and (words[ahead] in particles or words[ahead] == "-"):
                ahead += 1
            if ahead - at > 4 or ahead >= len(words) or not words[ahead][0].isupper():
                break
            at = ahead + 1
        else:
            break
    return at


def is_initial(word: str) -> bool:
    """Whether a word can be abbreviated by a full stop inside a name."""
    lower = word.lower()
    return len(word) == 1 or lower in ("st", "jr", "sr") or lower + "." in word_set("names/titles")


def initialed(line: Line, first: int, last: int) -> NameSpan | None:
    """Return the person in a run that has two bare initials or more: 'D K Doe', as in South Asia."""
    words = line.words
    end = at = first if len(words[first]) == 1 else skip_titles(line, first, last)
    while end < last and len(words[end]) == 1 and words[end].isupper() and words[end].isalpha():
        end += 1
    is_name = end < last and words[end].istitle() and len(words[end]) > 2 and is_name_word(words[end])
    if end - at < 2 or not is_name or words[end].lower() in last_words():
        return None
    is_longer = end + 1 < last and words[end + 1].istitle() and is_name_word(words[end + 1])
    return NameSpan(at, end + 1 + is_longer, "person")


def person_in_run(line: Line, first: int, last: int) -> NameSpan | None:
    """Return the person in a run: the words after titles, or after a first name."""
    if found := initialed(line, first, last):
        return found
    words = line.words
    at = skip_titles(line, first, last)
    if at == first and words[at].lower() not in first_names():
        at = skip_inner_title(line, first, last)  # 'University President Jane Doe'
    at = skip_epithet(line, at, last)
    last = next(
        (i for i in range(at + 1, last) if words[i].lower() in word_set("names/person_boundaries")), last
    )
    names = [w for w in words[at:last] if w[0].isupper()]
    if not names or len(names) > 4 or any(w.isupper() and len(w) > 2 for w in names):
        return None
    if is_plain_first_name(words[at]) and len(names) == 2 and names[1] in NAMES_LIKE_FUNCTION_WORDS:
        return NameSpan(at, last, "person")
    if any(w.lower() in last_words() or not is_name_word(w) or is_known_place(w) for w in names):
        return None
    if words[max(0, at - 1) : last] == ("Uncle", "Sam"):
        return None
    title = words[at - 2 if at > first + 1 and words[at - 1] == "." else at - 1] if at > first else ""
    if title.lower() in honorifics() and not line.is_glued(at):
        return NameSpan(at, last, "person")
    if title in word_set("names/rank_abbreviations") and len(names) == last - at == 1:
        return NameSpan(at, last, "person")  # 'Supt Doe'
    opening = words[at].lower()
    if opening in first_names() and len(names) > 1 and len(words[at]) > 1:
        doubtful = opening in word_set("names/common_word_first_names") and line.opens_sentence(at)
        return None if doubtful else NameSpan(at, last, "person")
    if (
        title.lower() in personal_titles()
        and len(names) == last - at == 2
        and all(w.isalpha() and w.istitle() for w in names)
    ):
        return NameSpan(at, last, "person")  # 'Grower Alfons Rieder'
    return None


def is_plain_first_name(word: str) -> bool:
    """Whether a word is a first name and neither a month nor another common word."""
    lower = word.lower()
    return (
        lower in first_names()
        and lower not in word_set("names/common_word_first_names")
        and lower not in word_set("names/months")
    )


# Legal forms and those of clubs that are no other words, and a bureau's signature.
CERTAIN_ENDINGS = frozenset(
    ["afc", "asa", "corp", "fc", "gmbh", "inc", "llc", "ltd", "newsroom", "plc", "rfc"]
)


def organization_in_run(line: Line, first: int, last: int) -> NameSpan | None:
    """Return the organization with a legal form, announced ('newspaper Foo') or in a signature ('- AFP')."""
    words = line.words
    if last - first > 5 or not all(is_name_word(w) for w in words[first : last - 1] if w.isalpha()):
        return None
    if last - first > 1 and words[last - 1].lower() in CERTAIN_ENDINGS:
        return NameSpan(first, last, "organization")
    if first == 0 or not is_name_word(words[last - 1]):
        return None
    is_body = words[last - 1].lower() in word_set("names/body_last_words")
    if is_body and last - first > 2 and words[first - 1].lower() == "the":
        return NameSpan(first, last, "organization")  # 'the Stanford Guaranteed Income Lab'
    announced = words[first - 1] in word_set("names/organization_descriptors")
    signed = first < 3 and last == len(words) and all(w in DASHES for w in words[:first])
    return NameSpan(first, last, "organization") if announced or signed else None


def skip_titles(line: Line, first: int, last: int) -> int:
    """Return the index after the titles that open a run."""
    at = first
    while at < last:
        word = line.words[at]
        if not (
            word.lower() in word_set("names/titles") or find_demonym(word) or (word == "." and at > first)
        ):
            break
        at += 1
    return at


def bracketed_acronyms(line: Line, spans: Iterable[NameSpan]) -> Iterator[NameSpan]:
    """Yield the acronyms in brackets after a name."""
    words = line.words
    for span in spans:
        at = span.last
        if span.kind in ("group", "person") or words[at : at + 1] != ("(",):
            continue
        close = next((i for i in range(at + 1, min(len(words), at + 12)) if words[i] == ")"), 0)
        inner = words[at + 1 : close]
        looks_like_acronym = (
            len(inner) == 1 and 1 < len(inner[0]) < 8 and sum(c.isupper() for c in inner[0]) > 1
        )
        if looks_like_acronym and len(span) > 1:
            yield NameSpan(at + 1, close, span.kind)


def gazetteer_names(line: Line) -> Iterator[NameSpan]:
    """Yield the listed places, demonyms and organizations in a line."""
    for span in gazetteer_index().find(line):
        # In all-caps lines 'US' may be 'us' and 'WHO' 'who'.
        if (
            not line.is_all_caps
            or len(span) > 1
            or line.words[span.first].lower() not in word_set("names/ambiguous_capitals")
        ):
            yield span
