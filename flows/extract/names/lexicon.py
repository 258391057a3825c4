"""First names, nicknames, honorifics and last words, as tables built from the word lists."""

from __future__ import annotations

from functools import cache

from ontherecord.flows.extract.word_lists import table_rows, word_set

_NO_NAMES: frozenset[str] = frozenset()


@cache
def last_words() -> frozenset[str]:
    """Return the words that end names of organizations, places, events and things."""
    kinds = ("organization", "place", "event", "thing")
    return frozenset().union(*(word_set(f"names/{kind}_last_words") for kind in kinds))


@cache
def personal_titles() -> frozenset[str]:
    """Return the titles that only people have: 'Senator', but not 'General' or 'Bank'."""
    return (
        word_set("names/titles")
        - word_set("names/ambiguous_titles")
        - word_set("names/organization_descriptors")
    )


@cache
def honorifics() -> dict[str, str]:
    """Return the words before a name that show a gender, each with 'female' or 'male'."""
    return {row[0]: row[1] for row in table_rows("names/honorifics")}


@cache
def first_names() -> dict[str, str | None]:
    """Return the first names, each with its gender, or None for a unisex name."""
    genders: dict[str, str | None] = dict.fromkeys(word_set("names/first_names_unisex"))
    genders.update(dict.fromkeys(word_set("names/first_names_male"), "male"))
    genders.update(dict.fromkeys(word_set("names/first_names_female"), "female"))
    return genders


@cache
def _nicknames() -> dict[str, frozenset[str]]:
    """Map each first name and nickname to the first names it may stand for."""
    table: dict[str, frozenset[str]] = {}
    for name, *nicknames in table_rows("names/nicknames"):
        for form in (name, *nicknames):
            table[form] = table.get(form, _NO_NAMES) | {name}
    return table


def share_nickname(one: str, other: str) -> bool:
    """Whether two first names can be forms of one: 'Bill' and 'William'."""
    return not _nicknames().get(one, _NO_NAMES).isdisjoint(_nicknames().get(other, _NO_NAMES))
