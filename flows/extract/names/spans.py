"""Repair the model's name spans: split merged names, extend cut ones, trim words that are no part of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ontherecord.flows.extract.name_forms import LONGEST_NICKNAME, PERSON_ENDINGS
from ontherecord.flows.extract.names.gazetteer import is_listed
from ontherecord.flows.extract.names.lexicon import first_names, personal_titles
from ontherecord.flows.extract.names.places import find_demonym, find_place
from ontherecord.flows.extract.names.tokens import Line, NameSpan, is_common_word
from ontherecord.flows.extract.word_lists import word_set

# Signs that no name contains; a slash separates alternatives, or the credits of a photograph.
BOUNDARIES = frozenset('"“”„«»‘`()[]{}/\\;:|*•@#=+<>…—–―!?_~')
LABELS = frozenset(["Photo", "Photograph", "Image", "Picture", "Video"])
# Longer spans are lists or tables that the model misreads.
LONGEST_SPAN = 40
# Words that a span may gain on either side.
LONGEST_EXTENSION = 6
# Particles that precede family names and no other capitalized words.
LEADING_PARTICLES = frozenset(["al", "el", "bin", "ibn", "bint", "von", "van", "de", "della", "di", "ould"])


def repair_spans(line: Line) -> tuple[NameSpan, ...]:
    """Return the line's spans, repaired, in order and without overlaps."""
    if line.is_all_caps:
        return ()
    kept: list[NameSpan] = []
    for span in line.spans:
        if len(span) > LONGEST_SPAN:
            continue
        for part in split_span(line, span):
            whole = trim_span(line, extend_person(line, extend_titled(line, part)))
            if whole and kept and whole.first < kept[-1].last:
                whole = merge_spans(kept.pop(), whole)
            if whole:
                kept.append(whole)
    return tuple(kept)


def extend_titled(line: Line, span: NameSpan) -> NameSpan:
    """Extend a family name by the first name between it and a person's title: 'Grower Alfons | Rieder'."""
    at, words = span.first, line.words
    if at < 2 or len(span) != 1 or not words[at].istitle():
        return span
    first, title = words[at - 1], words[at - 2].lower()
    is_first = first.isalpha() and first.istitle() and len(first) > 2 and is_name_word(first)
    if not is_first or is_other_name(first) or title not in personal_titles():
        return span
    return replace(span, first=at - 1, kind="person")


# Words that link a person to an organization within one span of the model.
PERSON_ORGANIZATION_LINKS = frozenset(["of", "for", "from", "at", "to", "with"])


def merge_spans(one: NameSpan, other: NameSpan) -> NameSpan:
    """Merge two spans that overlap after extension; person wins over other kinds."""
    kind = "person" if "person" in (one.kind, other.kind) else one.kind
    return NameSpan(min(one.first, other.first), max(one.last, other.last), kind)


def split_span(line: Line, span: NameSpan) -> Iterator[NameSpan]:
    """Split a span at boundary signs, at possessives, and between a person and an organization."""
    first = span.first
    for i in range(first + 1, span.last):
        if line.starts[i] - line.ends[i - 1] >= COLUMN_GAP:
            yield from split_span(line, replace(span, last=i))
            yield from split_span(line, replace(span, first=i))
            return
    if starts_with_person(line, span):
        yield from split_span(line, NameSpan(first, first + 2, "person"))
        yield from split_span(line, NameSpan(first + 3, span.last, "organization"))
        return
    if line.words[first] in ("R", "D", "I") and line.words[first + 1 : first + 2] == ("-",):
        first += 2  # party and state: 'R-Ky.'
        span = replace(span, kind="place")
    for i in range(first, span.last + 1):
        if i == span.last or is_boundary(line, span, i):
            if i > first:
                yield from split_possessive(line, NameSpan(first, i, span.kind))
            first = i + 1


# So many spaces part the columns of a table.
COLUMN_GAP = 3


def starts_with_person(line: Line, span: NameSpan) -> bool:
    """Whether an organization's span opens with a person: 'Jane Doe of Peru', 'Jane Doe for Foo Inc.'."""
    words = line.words[span.first : span.last]
    joined = span.kind == "organization" and len(words) > 3 and words[2] in PERSON_ORGANIZATION_LINKS
    return joined and words[0].lower() in first_names()


def is_boundary(line: Line, span: NameSpan, i: int) -> bool:
    """Whether a name of this kind ends before word i."""
    word = line.words[i]
    if word in BOUNDARIES or is_nickname_mark(line, i):
        return True  # ‘Dez’ Carver
    if word in "-,":
        if word == "-" and line.is_glued(i) and i > span.first:
            return all(is_listed(line.words[a:b]) for a, b in ((span.first, i), (i + 1, span.last)))
        return (word == "," and not is_inner_comma(line, span, i)) or (word == "-" and not line.is_glued(i))
    if word == "of" and is_club_of_country(line, span, i):
        return True
    ends = word.lower() in word_set("names/person_boundaries") and i > span.first and word[0].isupper()
    ends = ends or (word.istitle() and ends_person(line, span.first, i))
    return word in NAME_LINKS or (span.kind == "person" and (ends or word in ("and", "of", "&")))


def is_club_of_country(line: Line, span: NameSpan, i: int) -> bool:
    """Whether 'of' parts a club and its country: 'Fooborg of Norway', but not 'Bank of Norway'."""
    words = line.words
    club = words[span.first].lower()
    place = find_place(" ".join(words[i + 1 : span.last]))
    alone = i == span.first + 1 and not club.endswith("s") and club not in BODIES_OF_COUNTRIES
    listed = is_listed(words[span.first : span.last]) or club in word_set("names/organization_last_words")
    return span.kind == "organization" and alone and bool(place and place.is_always_place) and not listed


BODIES_OF_COUNTRIES = frozenset(
    ["archdiocese", "diocese", "kingdom", "primate", "republic", "state", "voice"]
)


def is_nickname_mark(line: Line, i: int) -> bool:
    """Whether a sign opens or closes a nickname in single marks, and is no apostrophe."""
    if line.words[i] not in ("'", "\u2019"):
        return False
    if not line.is_glued(i):
        return line.is_glued(i + 1)
    window = range(max(0, i - LONGEST_NICKNAME - 1), i)
    opened = any(line.words[j] == "\u2018" or (line.words[j] == "'" and not line.is_glued(j)) for j in window)
    return opened and not line.is_glued(i + 1)


# Verbs between two names that the model takes for one: 'Kim told Lee'.
NAME_LINKS = frozenset(["told", "said", "asked", "met", "beat", "says"])


def ends_person(line: Line, first: int, i: int) -> bool:
    """Whether a verb or function word ends a person's name; after a first name 'Still' is a family name."""
    word = line.words[i].lower()
    if not is_common_word(line.words[i]) or word in first_names():
        return False
    return (
        word in word_set("names/headline_verbs")
        or i == first
        or line.words[i - 1].lower() not in first_names()
    )


def is_inner_comma(line: Line, span: NameSpan, i: int) -> bool:
    """Whether a comma is part of a name: 'Foo, Inc.', 'Bureau of Alcohol, Tobacco and Firearms'."""
    if span.kind != "organization" or i + 1 >= span.last:
        return False
    follows = line.words[i + 1].lower()
    return follows in ("inc", "ltd", "llc", "co") or any(w.islower() for w in line.words[span.first : i])


def split_possessive(line: Line, span: NameSpan) -> Iterator[NameSpan]:
    """Split "Peru's Foo Institute" into possessor and possessed, unless both are one name."""
    for i in range(span.first + 1, span.last - 1):
        if line.words[i] == "'" and (size := possessive_length(line, i)):
            if line.words[i - 1].lower() in word_set("names/possessive_names"):
                continue
            possessor, possessed = replace(span, last=i), replace(span, first=i + size)
            place = find_place(" ".join(line.words[possessor.first : possessor.last]))
            if size == 1 and not place and line.words[possessed.first].lower() not in first_names():
                continue  # 'Growers' Assembly'
            yield replace(possessor, kind="place") if place and place.is_unambiguous else possessor
            yield from split_possessive(line, possessed)
            return
    yield span


def possessive_length(line: Line, i: int) -> int:
    """Return the words in the possessive ending: two in "Peru's", one in "Foo News'", else 0."""
    if line.words[i + 1] == "s" and line.is_glued(i + 1):
        return 2
    return int(line.words[i - 1].endswith("s") and line.is_glued(i) and not line.is_glued(i + 1))


def extend_person(line: Line, span: NameSpan) -> NameSpan:
    """Extend a person's name by particles and parts that the model left out."""
    first = extend_left(line, span) if span.kind in ("person", "place") else span.first
    if first < span.first:
        return extend_right(line, NameSpan(first, span.last, "person"))
    return extend_right(line, span) if span.kind == "person" else span


def extend_left(line: Line, span: NameSpan) -> int:
    """Return where a name begins of which the model saw only the end: 'Heide' of 'Anna von der Heide'."""
    words, at = line.words, particles_start(line, span.first)
    if at == span.first or words[span.first].islower():
        return span.first
    prior = words[at - 1] if at else "."
    given = is_name_word(prior) and prior.lower() not in word_set("names/titles")
    if span.kind == "place" and not given and words[at] not in ("von", "van", "bin"):
        return span.first  # 'de' and 'al' precede places too
    return at - 1 if given else at


def extend_right(line: Line, span: NameSpan) -> NameSpan:
    """Extend a person's name by particles, syllables and hyphenated parts that follow it."""
    words, first, last = line.words, span.first, span.last
    at = last
    while at < min(len(words), last + LONGEST_EXTENSION):
        joins = words[at] == "-" and at > last and line.is_glued(at)
        if words[at] not in word_set("names/particles") and not joins:
            break
        at += 1
    open_end = at > last or words[last - 1] in word_set("names/particles")
    if open_end and at < len(words) and is_name_word(words[at]):
        last = at + 1
    most = span.last + LONGEST_EXTENSION
    while last < most and looks_east_asian(words[first:last]) and is_syllable(line, last):
        last += 1
    while last < most and line.is_glued(last) and words[last] == "-" and line.is_glued(last + 1):
        # 'Moon Jae-in', but not 'Putin-era'.
        syllable = words[last + 1]
        if not syllable[0].isupper() and not (len(syllable) < 6 and looks_east_asian(words[first:last])):
            break
        last += 2
    return replace(span, last=last)


def is_syllable(line: Line, i: int) -> bool:
    """Whether a short capitalized word can be a further syllable of an East Asian name."""
    word = line.words[i] if i < len(line.words) else ""
    short = 1 < len(word) < 6 and word.isalpha() and word.istitle()
    return short and is_name_word(word) and not is_other_name(word)


def is_other_name(word: str) -> bool:
    """Whether a word is a place, a demonym or a title."""
    return bool(find_place(word) or find_demonym(word)) or word.lower() in word_set("names/titles")


def looks_east_asian(words: tuple[str, ...]) -> bool:
    """Whether a name is two or three short words, without a listed first name."""
    short = 1 < len(words) < 4 and all(1 < len(word) < 6 and word.isalpha() for word in words)
    return short and not any(first_names().get(word.lower()) for word in words)


def particles_start(line: Line, first: int) -> int:
    """Return the index of the first particle before a word ('von' in 'von der Heide')."""
    particles, words, at = word_set("names/particles"), line.words, first
    while at > 0 and first - at < LONGEST_EXTENSION:
        if words[at - 1] in particles:
            at -= 1
        elif words[at - 1] == "-" and line.is_glued(at) and at > 1 and words[at - 2] in particles:
            at -= 2
        else:
            break
    while at < first and words[at] not in LEADING_PARTICLES:
        at += 1
    return at


# 'Theresa May', but not 'April, May and June'.
NAMES_LIKE_FUNCTION_WORDS = ("May", "Will")


def is_family_name(word: str) -> bool:
    """Whether the last word of a full name may stand alone, also 'May' or 'Law' where they speak."""
    lower = word.lower()
    is_other = lower in word_set("names/function_words") or lower in personal_titles()
    return is_name_word(word) or word in NAMES_LIKE_FUNCTION_WORDS or (word.istitle() and not is_other)


def is_name_word(word: str) -> bool:
    """Whether a word is capitalized and on no list of non-names or function words."""
    lower = word.lower()
    return (
        word[0].isupper()
        and lower not in word_set("names/non_names")
        and lower not in word_set("names/function_words")
    )


def trim_span(line: Line, span: NameSpan) -> NameSpan | None:
    """Trim titles, articles, possessives, numbers and lower-case words from both ends."""
    first, last, words = span.first, span.last, line.words
    while last > first and (not can_end_name(line, first, last) or words[last - 1].lower() in CURRENCIES):
        last -= 1
    while first < last and not can_begin_name(line, first, last, span):
        first += 1
    if first >= last:
        return None
    if span.kind != "other":
        first = skip_opening_words(line, first, last)
    if words[last - 1].isdigit() and is_listed(words[first : last - 1]):
        last -= 1  # 'Sweden 1 Peru 0'
    if words[first].isdigit() and find_place(" ".join(words[first + 1 : last])):
        first, span = first + 1, replace(span, kind="place")
    if span.kind == "person":
        while last - 1 > first and words[last - 1].isdigit():
            last -= 1
        if first + 1 < last and words[first] in LABELS:
            first += 1
    if first and line.is_glued(first) and words[first - 1] in "@#":
        return None
    name_start = skip_roles(line, first, last)
    if line.words[name_start : name_start + 1] == ("-",):
        name_start = first  # 'Boxer-Nelson'
    if name_start == first and span.kind == "organization":
        name_start = skip_inner_title(line, first, last)
    is_titled = first < name_start < last and is_personal(line, name_start, last)
    if span.kind == "person" or is_titled:
        # 'General Jane Doe' is a person: a first name follows the title.
        end = words[last - 1].lower()
        is_person = (
            span.kind == "person"
            or is_judge(line, name_start - 1)
            or line.words[name_start - 1].lower() in word_set("names/ranks")
            or (last - name_start > 1 and end not in word_set("names/organization_last_words"))
        )
        span, first = (replace(span, kind="person"), name_start) if is_person else (span, first)
    if span.kind == "person":
        first = skip_epithet(line, first, last)
    rest = replace(span, first=first, last=last)
    return rest if first < last and can_be_name(line, rest) else None


def is_personal(line: Line, at: int, last: int) -> bool:
    """Whether the words after a title are a person's: with a first name, or two words that are no body's.

    'General Jane', 'Referee Donal Keaveney', 'Detective Doe', but not 'Labor Party', 'Coach House'.
    """
    words = line.words[at:last]
    title = line.words[at - 1].lower()
    if words[0].lower() in first_names() or is_judge(line, at - 1):
        return True
    if title not in personal_titles():
        return False
    is_name = all(word.isalpha() and word.istitle() and len(word) > 2 for word in words)
    is_body = words[-1].lower() in word_set("names/organization_last_words") or find_place(" ".join(words))
    return (
        is_name
        and not is_body
        and (len(words) == 2 or (len(words) == 1 and title in word_set("names/ranks")))
    )


_BEFORE_JUSTICE = (["mr"], ["mrs"], ["ms"], ["lord"], ["lady"])
# Abbreviated amounts: '30 mln U.S. Dlrs'.
CURRENCIES = frozenset(["dlr", "dlrs", "mln", "bln"])
CREDIT_WORDS = frozenset(["file", "files", "handout", "illustration", "pool"])


def skip_opening_words(line: Line, first: int, last: int) -> int:
    """Return the index after the function words that open a sentence."""
    while first + 1 < last and line.opens_sentence(first):
        word = line.words[first].lower()
        says = word == "said" and line.words[last : last + 1] in ((":",), (",",))  # 'Said Carver: "…"'
        if not says and word not in word_set("names/function_words"):
            break
        if (
            not says
            and word in first_names()
            and not line.asks(first)
            and is_name_word(line.words[first + 1])
        ):
            break  # 'May Carver said', but 'Will Carver resign?'
        first += 1
    return first


def can_end_name(line: Line, first: int, last: int) -> bool:
    """Whether a name may end with the word before `last`."""
    word = line.words[last - 1]
    if word == ".":
        return line.is_glued(last - 1) and is_abbreviation(line, first, last - 1)
    if word.islower() and last - 3 > first and line.words[last - 2] == "-" and line.is_glued(last - 1):
        return len(word) < 6 and looks_east_asian(line.words[first : last - 2])
    if word == "s" and last - 2 >= first and line.words[last - 2] == "'":
        return False
    return word[0].isupper() or (word[0].isdigit() and last - 1 > first and line.words[last - 2][0] != "-")


def is_abbreviation(line: Line, first: int, dot: int) -> bool:
    """Whether a full stop belongs to the word before it: 'U.S.', 'Jr.', 'Inc.'."""
    word = line.words[dot - 1].lower()
    if find_place(line.words[dot - 1] + "."):
        return True
    inner = dot - 2 >= first and line.words[dot - 2] == "."
    return (inner and len(word) == 1) or word in word_set("names/suffixes") or word + "." in ENDS_WITH_STOP


ENDS_WITH_STOP = frozenset(["jr.", "sr.", "inc.", "ltd.", "corp.", "co.", "bros.", "st."])


def can_begin_name(line: Line, first: int, last: int, span: NameSpan) -> bool:
    """Whether a name may begin with word `first`."""
    word = line.words[first]
    if word.lower() in ("the", "a", "an") and line.words[first + 1 : first + 2] != (".",):
        return False
    if word[0].isupper() or (word[0].isdigit() and span.kind != "person"):
        return True
    return word in LEADING_PARTICLES and first + 1 < last


def skip_roles(line: Line, first: int, last: int) -> int:
    """Return the index after 'Russian Foreign Minister' and the like."""
    titles, portfolio, words = word_set("names/titles"), word_set("names/portfolio_words"), line.words
    at = start = first
    while at < last:
        word = words[at].lower()
        is_title = word in titles or (at == first and opens_with_role(line, first, last))
        if is_title and (word not in first_names() or is_judge(line, at)):
            at += 1
            start = at
        elif word in portfolio or word in ".,-" or find_demonym(words[at]) or is_portfolio_place(words[at]):
            at += 1
            if word == "." or (find_demonym(words[at - 1]) and at < last):
                start = at
        else:
            break
    return start


def is_judge(line: Line, at: int) -> bool:
    """Whether 'Justice' is a judge's title: 'Mr Justice Doe', but not 'the Lord Justice Clerk'.

    Alone it may be a first name or a ministry.
    """
    before = [word.lower() for word in line.words[max(0, at - 2) : at]]
    return line.words[at].lower() == "justice" and before[-1:] in _BEFORE_JUSTICE and before[0] != "the"


def opens_with_role(line: Line, first: int, last: int) -> bool:
    """Whether a sentence opens with a role, capitalized only there, before a full name.

    'Supporter Jane Doe said', but not 'Boxer Nelson' and not 'Oliver Jane Doe'.
    """
    word = line.words[first].lower()
    return (
        last - first > 2
        and line.opens_sentence(first)
        and word.endswith(PERSON_ENDINGS)
        and word not in first_names()
        and line.words[first + 1].lower() in first_names()
    )


def skip_inner_title(line: Line, first: int, last: int) -> int:
    """Return the index of the person in 'House Budget Democrat Jane Doe', else `first`."""
    for at in range(last - 2, first, -1):
        title, name = line.words[at - 1].lower(), line.words[at].lower()
        if title in word_set("names/titles") and title not in first_names() and name in first_names():
            return at
    return first


def skip_epithet(line: Line, first: int, last: int) -> int:
    """Return the index after 'Crooked', "Lyin'" or 'Miss World' before a first name."""
    if first >= last:
        return first
    word, words = line.words[first].lower(), line.words
    at = first + 2 if has_dropped_g(line, first) else first + 1
    if at >= last or word in first_names() or words[at].lower() not in first_names():
        return first
    pageant = first > 0 and words[first - 1].lower() == "miss"
    crown = pageant and (word in ("universe", "world") or find_place(words[first]) is not None)
    return at if at > first + 1 or crown or word in word_set("names/epithets") else first


def has_dropped_g(line: Line, i: int) -> bool:
    """Whether the words are like "Lyin' Ted"."""
    words = line.words[i : i + 3]
    apart = len(words) == 3 and words[1] == "'" and line.is_glued(i + 1) and not line.is_glued(i + 2)
    return apart and words[0].endswith("in") and words[2].lower() in first_names()


def is_portfolio_place(word: str) -> bool:
    """Whether a word is like the 'US' of 'US Secretary of State'."""
    return word in ("US", "UK", "EU", "UN")


def can_be_name(line: Line, span: NameSpan) -> bool:
    """Whether the words left after trimming can be a name."""
    words = line.words[span.first : span.last]
    lower = [w.lower() for w in words]
    if len(words) == 2 and words[1] == "." and len(words[0]) == 1:
        return False  # 'S. 1023'
    before, after = line.words[span.first - 1 : span.first], line.words[span.last : span.last + 1]
    if words == ("Sam",) and before == ("Uncle",):
        return False
    if len(words) == 1 and lower[0] in CREDIT_WORDS and "/" in (*before, *after):
        return False
    if len(words) == 1:
        if lower[0] in word_set("names/generic_nouns") or has_dropped_g(line, span.first):
            return False
        small = lower[0] in word_set("names/function_words") and not find_place(words[0])
        nobody = lower[0] in word_set("names/non_names") or small
        title = lower[0] in word_set("names/titles") and span.kind != "group"
        role = title or lower[0] in word_set("names/portfolio_words")
        return len(words[0]) > 1 and words[0][0].isupper() and not nobody and not role
    if " ".join(lower) in word_set("names/non_names") or "".join(lower) in word_set("names/non_names"):
        return False
    plain = [w for w in lower if w[0].isalpha()]
    return any(
        w not in word_set("names/non_names") and w not in word_set("names/portfolio_words") for w in plain
    ) and not all(w in word_set("names/titles") or w in word_set("names/portfolio_words") for w in plain)
