"""Name joins: which names of people in different articles mean one person.

Articles are extracted one by one, so a senator is 'Greta J. Ostby' here and 'Greta Ostby' there. Names of one
surname are compared in three steps, each weaker and so asking for more:

1. The same first name, and no two middle names, initials or 'Jr.' that exclude each other.
2. Nicknames ('Bill' and 'William') whose people share a title or are named with the same person.
3. A surname alone that most of its articles introduce by a title which one person of that name has.

Nothing is joined if an article has both names as two people, if more than ten years lie between their
articles, or, in the last two steps, if their titles differ. What fits two people is left alone. The result
depends on the set of articles only, not on the order in which they came.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import combinations, groupby

from ontherecord.flows.extract.names.lexicon import share_nickname
from ontherecord.flows.extract.names.people import SUFFIXES, name_parts, same_middle
from ontherecord.flows.extract.word_lists import table_rows, word_set
from ontherecord.warehouse.entity_joins import ContextReader
from ontherecord.warehouse.records import NameContext, NameJoin, NameUse

# A son or a namesake has the name by then, often in the same office.
LONGEST_GAP = timedelta(days=3653)
# Longer names are two that were run together.
MOST_PARTS = 5
_LAST_WORDS = re.compile(r"(?:([^\W\d_]+)\s+)?([^\W\d_]+)\.?\s+$")
# Titles that anybody may have, and roles of which each club and council has one.
_COURTESY = frozenset(["mr", "mister", "mrs", "ms", "miss", "sir", "madam", "lady", "lord", "dr", "doctor"])
_COMMON_ROLES = frozenset(["chair", "chairman", "chairwoman", "leader", "director", "manager", "member"])
_CLUB_ROLES = frozenset(["coach", "captain", "officer", "owner", "founder", "spokesman", "spokeswoman"])
_UNSPECIFIC = _COURTESY | _COMMON_ROLES | _CLUB_ROLES
# Words that make another office of the one after them.
_FIRST_WORDS = frozenset(["vice", "prime", "attorney", "deputy", "chief", "first", "foreign"])


@dataclass(frozen=True, slots=True)
class Variant:
    """A name with its parts, and what its articles say of it."""

    use: NameUse
    parts: tuple[str, ...]
    suffix: str
    titles: frozenset[str]
    context: NameContext


# Names that mean one person.
Cluster = tuple[Variant, ...]


def choose_joins(uses: Sequence[NameUse], read_contexts: ContextReader) -> list[NameJoin]:
    """Return the joins among the names, which are in blocks of one surname."""
    blocks = [list(block) for _, block in groupby(sorted(uses, key=_block_order), key=lambda u: u.surname)]
    blocks = [block for block in blocks if len(block) > 1]
    contexts = read_contexts(use for block in blocks for use in block) if blocks else {}
    return [join for block in blocks for join in _joins_of(block, contexts)]


def _block_order(use: NameUse) -> tuple[str, str]:
    return use.surname, use.name


def _joins_of(block: Sequence[NameUse], contexts: Mapping[str, NameContext]) -> Iterator[NameJoin]:
    variants = [_variant(use, contexts.get(use.name, NameContext())) for use in block]
    full = [v for v in variants if 1 < len(v.parts) <= MOST_PARTS and len(v.parts[0]) > 1]
    clusters = _join_nicknames(list(_same_first_name(full)))
    for cluster, reason in clusters:
        yield from _joins_in(cluster, reason)
    for variant in variants:
        if len(variant.parts) == 1 and not variant.use.is_curated:
            yield from _surname_alone(variant, [cluster for cluster, _ in clusters])


def _variant(use: NameUse, context: NameContext) -> Variant:
    last = use.name.rstrip(" .").rsplit(" ", 1)[-1].lower()
    suffix = last if last in SUFFIXES else ""
    return Variant(use, name_parts(use.name), suffix, _titles(context), context)


def _same_first_name(full: Sequence[Variant]) -> Iterator[Cluster]:
    """Yield clusters of one first name; if middle names exclude each other, names without stay alone."""
    by_first = sorted(full, key=lambda v: (v.parts[0], v.use.name))
    for _, group in groupby(by_first, key=lambda v: v.parts[0]):
        variants = tuple(group)
        if all(_fit(one, other) for one, other in combinations(variants, 2)):
            yield variants
            continue
        rest = [v for v in variants if len(v.parts) > 2 or v.suffix]
        yield from ((v,) for v in variants if v not in rest)
        yield from _cliques(rest, _fit)


def _cliques(variants: Sequence[Variant], fit: Callable[[Variant, Variant], bool]) -> Iterator[Cluster]:
    """Yield connected variants as a cluster if all of them fit each other, else one by one."""
    left = list(variants)
    while left:
        cluster = [left.pop(0)]
        for one in cluster:
            more = [other for other in left if fit(one, other)]
            cluster += more
            left = [other for other in left if other not in more]
        if all(fit(one, other) for one, other in combinations(cluster, 2)):
            yield tuple(cluster)
        else:
            yield from ((variant,) for variant in cluster)


def _fit(one: Variant, other: Variant) -> bool:
    """Whether two names of one surname can belong to one person, first names aside."""
    suffixes = {one.suffix, other.suffix} - {""}
    return (
        len(suffixes) < 2
        and same_middle(one.parts[1:-1], other.parts[1:-1])
        and other.use.name not in one.context.apart
        and _is_near(one.use, other.use)
    )


def _is_near(one: NameUse, other: NameUse) -> bool:
    gap: timedelta = max(one.first_on, other.first_on) - min(one.last_on, other.last_on)
    return gap <= LONGEST_GAP


def _join_nicknames(clusters: Sequence[Cluster]) -> list[tuple[Cluster, str]]:
    """Join clusters whose first names are forms of one; return all, with what speaks for it."""
    reasons: dict[tuple[int, int], str] = {}
    for one, other in combinations(range(len(clusters)), 2):
        if reason := _same_by_nickname(clusters[one], clusters[other]):
            reasons[one, other] = reason
    linked = {number: {number} for number in range(len(clusters))}
    for one, other in reasons:
        group = linked[one] | linked[other]
        for number in group:
            linked[number] = group
    joined = []
    for numbers in {min(group): sorted(group) for group in linked.values()}.values():
        pairs = list(combinations(numbers, 2))
        if all(pair in reasons for pair in pairs):  # 'Ted' may be Edward or Theodore, but not both
            cluster = tuple(variant for number in numbers for variant in clusters[number])
            joined.append((cluster, reasons[pairs[0]] if pairs else ""))
        else:
            joined += [(clusters[number], "") for number in numbers]
    return joined


def _same_by_nickname(one: Cluster, other: Cluster) -> str:
    """Return what shows that clusters of a first name and its nickname are one person; '' if nothing does."""
    if not share_nickname(one[0].parts[0], other[0].parts[0]):
        return ""
    if not all(_fit(a, b) for a in one for b in other):
        return ""
    titles, others = _titles_of(one), _titles_of(other)
    if titles and others:
        shared = titles & others
        return f"both {min(shared)}" if shared else ""
    companions = frozenset(n for v in one for n in v.context.companions) & frozenset(
        n for v in other for n in v.context.companions
    )
    return f"both named with {min(companions)}" if companions else ""


def _titles_of(cluster: Iterable[Variant]) -> frozenset[str]:
    return frozenset(title for variant in cluster for title in variant.titles)


def _joins_in(cluster: Cluster, evidence: str) -> Iterator[NameJoin]:
    """Join the names of a cluster to the one that most articles use; those in aliases.csv stay."""
    target = _target(cluster)
    for variant in cluster:
        if variant is not target and not variant.use.is_curated:
            yield NameJoin(variant.use.name, target.use.name, _reason(variant, target, evidence))


def _target(cluster: Cluster) -> Variant:
    return max(cluster, key=lambda v: (v.use.article_count, -len(v.use.name), v.use.name))


def _reason(variant: Variant, target: Variant, evidence: str) -> str:
    if variant.parts[0] != target.parts[0]:
        return f"nickname: {evidence}"
    return "middle name" if (variant.parts, variant.suffix) != (target.parts, target.suffix) else "spelling"


def _surname_alone(alone: Variant, clusters: Sequence[Cluster]) -> Iterator[NameJoin]:
    """Join a surname that most of its articles introduce by titles which only one person has."""
    sample = alone.context.introductions
    introduced = sum(any(_title(before) for before in article) for article in sample)
    if not sample or 2 * introduced <= len(sample):
        return
    rivals = [cluster for cluster in clusters if alone.titles & _titles_of(cluster)]
    if len(rivals) != 1 or not alone.titles <= _titles_of(rivals[0]):
        return
    target = _target(rivals[0])
    near = all(_is_near(alone.use, variant.use) for variant in rivals[0])
    if near and not any(variant.use.name in alone.context.apart for variant in rivals[0]):
        title = min(alone.titles)
        yield NameJoin(alone.use.name, target.use.name, f"title and surname: the only {title} of that name")


def _titles(context: NameContext) -> frozenset[str]:
    """Return the titles that introduce a name: 'senator' for 'Sen.' and 'Senators'."""
    found = (_title(before) for article in context.introductions for before in article)
    return frozenset(title for title in found if title)


@cache
def _abbreviations() -> dict[str, str]:
    return {form: title for title, *forms in table_rows("names/title_abbreviations") for form in forms}


def _title(before: str) -> str:
    """Return the title at the end of the words before a name; '' if there is none or it fits anybody."""
    if not before[-1:].isspace():
        return ""
    # To search a text from its start takes ten times as long as to search its last two words.
    found = _LAST_WORDS.search(" ".join(before.rsplit(None, 2)[-2:]) + " ")
    if not found or not found[2][0].isupper():
        return ""
    word = found[2].lower()
    title = _abbreviations().get(word, word)
    if title not in word_set("names/titles") or title in _UNSPECIFIC | word_set("names/ambiguous_titles"):
        return ""
    first = (found[1] or "").lower()
    return f"{first} {title}" if first in _FIRST_WORDS else title
