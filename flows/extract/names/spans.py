"""Repair the model's names where news makes it fail: cut what it glued, join what it cut, trim the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ontherecord.flows.extract.names.gazetteer import is_listed
from ontherecord.flows.extract.names.lexicon import first_names
from ontherecord.flows.extract.names.places import find_demonym, find_place
from ontherecord.flows.extract.names.tokens import Line, NameSpan, is_common
from ontherecord.flows.extract.word_lists import word_set

# No name goes on over these; a slash parts the alternatives or the credits of a photograph.
BREAKS = frozenset('"“”„«»‘`()[]{}/\\;:|*•@#=+<>…—–―!?_~')
LABELS = frozenset(["Photo", "Photograph", "Image", "Picture", "Video"])
# What the model takes for a longer name is a list or a table that confuses it.
MOST_WORDS = 40
# No name gets more words than these on either side of what the model saw.
LONGEST = 6
# Small words that stand before a family name and never before anything else with a capital.
LEADING_PARTICLES = frozenset(["al", "el", "bin", "ibn", "bint", "von", "van", "de", "della", "di", "ould"])


def repair(line: Line) -> tuple[NameSpan, ...]:
    """Give the line's names, repaired, in order and without overlaps."""
    if line.is_all_caps:
        return ()
    kept: list[NameSpan] = []
    for span in line.spans:
        if len(span) > MOST_WORDS:
            continue
        for part in split_span(line, span):
            whole = trim(line, widen(line, part))
            if whole and kept and whole.first < kept[-1].last:
                whole = merge(kept.pop(), whole)
            if whole:
                kept.append(whole)
    return tuple(kept)


# Words that join a person to an organization in one of the model's spans.
JOINS = frozenset(["of", "for", "from", "at", "to", "with"])


def merge(one: NameSpan, other: NameSpan) -> NameSpan:
    """Join two spans that grew into each other; a person's name with particles wins the kind."""
    kind = "person" if "person" in (one.kind, other.kind) else one.kind
    return NameSpan(min(one.first, other.first), max(one.last, other.last), kind)


def split_span(line: Line, span: NameSpan) -> Iterator[NameSpan]:
    """Cut a span at signs no name goes over, and at possessives and joints that part two names."""
    first = span.first
    if starts_with_person(line, span):
        yield from split_span(line, NameSpan(first, first + 2, "person"))
        yield from split_span(line, NameSpan(first + 3, span.last, "organization"))
        return
    if line.words[first] in ("R", "D", "I") and line.words[first + 1 : first + 2] == ("-",):
        first += 2  # the party before the state: 'R-Ky.'
        span = replace(span, kind="place")
    for i in range(first, span.last + 1):
        if i == span.last or is_break(line, span, i):
            if i > first:
                yield from cut_owner(line, NameSpan(first, i, span.kind))
            first = i + 1


def starts_with_person(line: Line, span: NameSpan) -> bool:
    """Tell 'Jane Doe of Peru' and 'Jane Doe for Foo Industries' from the name of an organization."""
    words = line.words[span.first : span.last]
    joined = span.kind == "organization" and len(words) > 3 and words[2] in JOINS
    return joined and words[0].lower() in first_names()


def is_break(line: Line, span: NameSpan, i: int) -> bool:
    """Tell whether no name of this kind goes on over word i."""
    word = line.words[i]
    if word in BREAKS:
        return True
    if word in "-,":
        if word == "-" and line.is_glued(i) and i > span.first:
            return all(is_listed(line.words[a:b]) for a, b in ((span.first, i), (i + 1, span.last)))
        return (word == "," and not is_inner_comma(line, span, i)) or (word == "-" and not line.is_glued(i))
    ends = word.lower() in word_set("names/person_boundaries") and i > span.first and word[0].isupper()
    ends = ends or (word.istitle() and parts_person(line, span.first, i))
    return span.kind == "person" and (ends or word in ("and", "of", "&"))


def parts_person(line: Line, first: int, i: int) -> bool:
    """Tell a verb or a function word with a capital; after a first name a function word may be 'Still'."""
    word = line.words[i].lower()
    if not is_common(line.words[i]) or word in first_names():
        return False
    return (
        word in word_set("names/headline_verbs")
        or i == first
        or line.words[i - 1].lower() not in first_names()
    )


def is_inner_comma(line: Line, span: NameSpan, i: int) -> bool:
    """Tell the comma of 'Foo, Inc.' and of 'Bureau of Alcohol, Tobacco and Firearms'."""
    if span.kind != "organization" or i + 1 >= span.last:
        return False
    follows = line.words[i + 1].lower()
    return follows in ("inc", "ltd", "llc", "co") or any(w.islower() for w in line.words[span.first : i])


def cut_owner(line: Line, span: NameSpan) -> Iterator[NameSpan]:
    """Cut "Peru's Foo Institute" into the owner and the owned where the owner is no part of the name."""
    for i in range(span.first + 1, span.last - 1):
        if line.words[i] == "'" and (size := owner_size(line, i)):
            if line.words[i - 1].lower() in word_set("names/possessive_names"):
                continue
            owner, owned = replace(span, last=i), replace(span, first=i + size)
            place = find_place(" ".join(line.words[owner.first : owner.last]))
            if size == 1 and not place and line.words[owned.first].lower() not in first_names():
                continue  # 'Growers' Assembly'
            yield replace(owner, kind="place") if place and place.is_unambiguous else owner
            yield from cut_owner(line, owned)
            return
    yield span


def owner_size(line: Line, i: int) -> int:
    """Give the words that an apostrophe takes as a possessive: two in "Peru's", one in "Foo News'"."""
    if line.words[i + 1] == "s" and line.is_glued(i + 1):
        return 2
    return int(line.words[i - 1].endswith("s") and line.is_glued(i) and not line.is_glued(i + 1))


def widen(line: Line, span: NameSpan) -> NameSpan:
    """Take in the particles and the family name that the model left out of a name of a person."""
    first = before(line, span) if span.kind in ("person", "place") else span.first
    if first < span.first:
        return after(line, NameSpan(first, span.last, "person"))
    return after(line, span) if span.kind == "person" else span


def before(line: Line, span: NameSpan) -> int:
    """Find where a name begins of which the model saw only the end: 'Heide' of 'Anna von der Heide'."""
    words, at = line.words, before_particles(line, span.first)
    if at == span.first or words[span.first].islower():
        return span.first
    prior = words[at - 1] if at else "."
    given = is_name_word(prior) and prior.lower() not in word_set("names/titles")
    if span.kind == "place" and not given and words[at] not in ("von", "van", "bin"):
        return span.first  # 'de' and 'al' stand before places too
    return at - 1 if given else at


def after(line: Line, span: NameSpan) -> NameSpan:
    """Take in what follows a person's name and belongs to it: particles, syllables, a second half."""
    words, first, last = line.words, span.first, span.last
    at = last
    while at < min(len(words), last + LONGEST):
        joins = words[at] == "-" and at > last and line.is_glued(at)
        if words[at] not in word_set("names/particles") and not joins:
            break
        at += 1
    open_end = at > last or words[last - 1] in word_set("names/particles")
    if open_end and at < len(words) and is_name_word(words[at]):
        last = at + 1
    most = span.last + LONGEST
    while last < most and is_asian(words[first:last]) and is_syllable(line, last):
        last += 1
    while last < most and line.is_glued(last) and words[last] == "-" and line.is_glued(last + 1):
        # 'Moon Jae-in', but not 'Putin-era'.
        syllable = words[last + 1]
        if not syllable[0].isupper() and not (len(syllable) < 6 and is_asian(words[first:last])):
            break
        last += 2
    return replace(span, last=last)


def is_syllable(line: Line, i: int) -> bool:
    """Tell a short word with a capital that goes on with a name of three short words."""
    word = line.words[i] if i < len(line.words) else ""
    short = 1 < len(word) < 6 and word.isalpha() and word.istitle()
    return short and is_name_word(word) and not is_other_name(word)


def is_other_name(word: str) -> bool:
    """Tell a word that names a place or a people, or is a title."""
    return bool(find_place(word) or find_demonym(word)) or word.lower() in word_set("names/titles")


def is_asian(words: tuple[str, ...]) -> bool:
    """Tell a name of two or three short words, of which none is a first name of another kind."""
    short = 1 < len(words) < 4 and all(1 < len(word) < 6 and word.isalpha() for word in words)
    return short and not any(first_names().get(word.lower()) for word in words)


def before_particles(line: Line, first: int) -> int:
    """Find where the particles before a word begin ('von der' before 'Heide')."""
    particles, words, at = word_set("names/particles"), line.words, first
    while at > 0 and first - at < LONGEST:
        if words[at - 1] in particles:
            at -= 1
        elif words[at - 1] == "-" and line.is_glued(at) and at > 1 and words[at - 2] in particles:
            at -= 2
        else:
            break
    while at < first and words[at] not in LEADING_PARTICLES:
        at += 1
    return at


def is_name_word(word: str) -> bool:
    """Tell a word that could be part of a name: it has a capital and no list says otherwise."""
    lower = word.lower()
    return (
        word[0].isupper()
        and lower not in word_set("names/non_names")
        and lower not in word_set("names/function_words")
    )


def trim(line: Line, span: NameSpan) -> NameSpan | None:
    """Take titles, articles, possessives, numbers and lower-case words off both ends."""
    first, last, words = span.first, span.last, line.words
    while last > first and not ends_name(line, first, last):
        last -= 1
    while first < last and not begins_name(line, first, last, span):
        first += 1
    if first >= last:
        return None
    if span.kind != "other":
        first = after_opening(line, first, last)
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
    bare = after_titles(line, first, last)
    if line.words[bare : bare + 1] == ("-",):
        bare = first  # 'Boxer-Nelson'
    if bare == first and span.kind == "organization":
        bare = after_inner_title(line, first, last)
    if span.kind == "person" or (first < bare < last and words[bare].lower() in first_names()):
        # 'General Jane Doe' is no company: a first name after a title makes a person.
        end = words[last - 1].lower()
        is_person = span.kind == "person" or (
            last - bare > 1 and end not in word_set("names/organization_last_words")
        )
        span, first = (replace(span, kind="person"), bare) if is_person else (span, first)
    if span.kind == "person":
        first = after_epithet(line, first, last)
    rest = replace(span, first=first, last=last)
    return rest if first < last and is_name(line, rest) else None


def after_opening(line: Line, first: int, last: int) -> int:
    """Find where the name begins after the small word that opens the sentence."""
    while first + 1 < last and line.opens_sentence(first):
        if line.words[first].lower() not in word_set("names/function_words"):
            break
        first += 1
    return first


def ends_name(line: Line, first: int, last: int) -> bool:
    """Tell whether a name may end with the word before `last`."""
    word = line.words[last - 1]
    if word == ".":
        return line.is_glued(last - 1) and is_abbreviation(line, first, last - 1)
    if word.islower() and last - 3 > first and line.words[last - 2] == "-" and line.is_glued(last - 1):
        return len(word) < 6 and is_asian(line.words[first : last - 2])
    if word == "s" and last - 2 >= first and line.words[last - 2] == "'":
        return False
    return word[0].isupper() or (word[0].isdigit() and last - 1 > first and line.words[last - 2][0] != "-")


def is_abbreviation(line: Line, first: int, dot: int) -> bool:
    """Tell whether a full stop belongs to the word before it: 'U.S.', 'Jr.', 'Inc.'."""
    word = line.words[dot - 1].lower()
    if find_place(line.words[dot - 1] + "."):
        return True
    inner = dot - 2 >= first and line.words[dot - 2] == "."
    return (inner and len(word) == 1) or word in word_set("names/suffixes") or word + "." in ENDS_WITH_STOP


ENDS_WITH_STOP = frozenset(["jr.", "sr.", "inc.", "ltd.", "corp.", "co.", "bros.", "st."])


def begins_name(line: Line, first: int, last: int, span: NameSpan) -> bool:
    """Tell whether a name may begin with word `first`."""
    word = line.words[first]
    if word.lower() in ("the", "a", "an") and line.words[first + 1 : first + 2] != (".",):
        return False
    if word[0].isupper() or (word[0].isdigit() and span.kind != "person"):
        return True
    return word in LEADING_PARTICLES and first + 1 < last


def after_titles(line: Line, first: int, last: int) -> int:
    """Find where a person's name begins after 'Russian Foreign Minister' and the like."""
    titles, portfolio, words = word_set("names/titles"), word_set("names/portfolio_words"), line.words
    at = start = first
    while at < last:
        word = words[at].lower()
        if word in titles and word not in first_names():
            at += 1
            start = at
        elif word in portfolio or word in ".,-" or find_demonym(words[at]) or is_portfolio_place(words[at]):
            at += 1
            if word == "." or (find_demonym(words[at - 1]) and at < last):
                start = at
        else:
            break
    return start


def after_inner_title(line: Line, first: int, last: int) -> int:
    """Find where a person begins inside 'House Budget Democrat Jane Doe'."""
    for at in range(last - 2, first, -1):
        title, name = line.words[at - 1].lower(), line.words[at].lower()
        if title in word_set("names/titles") and title not in first_names() and name in first_names():
            return at
    return first


def after_epithet(line: Line, first: int, last: int) -> int:
    """Find where a person begins after 'Crooked', "Lyin'" or 'Miss World': a first name follows."""
    if first >= last:
        return first
    word, words = line.words[first].lower(), line.words
    at = first + 2 if drops_g(line, first) else first + 1
    if at >= last or word in first_names() or words[at].lower() not in first_names():
        return first
    pageant = first > 0 and words[first - 1].lower() == "miss"
    crown = pageant and (word in ("universe", "world") or find_place(words[first]) is not None)
    return at if at > first + 1 or crown or word in word_set("names/epithets") else first


def drops_g(line: Line, i: int) -> bool:
    """Tell "Lyin' Ted"."""
    words = line.words[i : i + 3]
    apart = len(words) == 3 and words[1] == "'" and line.is_glued(i + 1) and not line.is_glued(i + 2)
    return apart and words[0].endswith("in") and words[2].lower() in first_names()


def is_portfolio_place(word: str) -> bool:
    """Tell the 'US' of 'US Secretary of State'."""
    return word in ("US", "UK", "EU", "UN")


def is_name(line: Line, span: NameSpan) -> bool:
    """Tell whether the words left over can be a name at all."""
    words = line.words[span.first : span.last]
    lower = [w.lower() for w in words]
    if len(words) == 1:
        if lower[0] in word_set("names/generic_nouns") or drops_g(line, span.first):
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
