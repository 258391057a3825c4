"""The word lists of the names, each read once, when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast

from ontherecord.warehouse.records import Kind


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name the lists know under all its forms."""

    name: str
    kind: Kind
    country_code: str | None = None


def rows(name: str) -> list[list[str]]:
    """Read the entries of a list, each as its fields between '|'; comments and blank lines go."""
    text = (files("ontherecord.flows.extract") / "data" / f"{name}.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return [[field.strip() for field in line.split("|")] for line in lines]


@cache
def words(name: str) -> frozenset[str]:
    """Read a list of one lower-case entry a line."""
    return frozenset(row[0] for row in rows(name))


@cache
def last_words() -> frozenset[str]:
    """Give the last words of the names of organizations, places, events and things."""
    ends = words("name_organization_ends") | words("name_place_ends") | words("name_event_ends")
    return ends | words("name_thing_ends")


@cache
def honorifics() -> dict[str, str]:
    """Read the words before a name that tell 'female' or 'male'."""
    return {row[0]: row[1] for row in rows("name_honorifics")}


@cache
def first_names() -> dict[str, str | None]:
    """Read the first names, each with the gender it tells, if it tells one."""
    genders: dict[str, str | None] = dict.fromkeys(words("name_first_either"))
    genders.update(dict.fromkeys(words("name_first_male"), "male"))
    genders.update(dict.fromkeys(words("name_first_female"), "female"))
    return genders


@cache
def known_names() -> dict[str, KnownName]:
    """Read the well-known organizations and groups, by each form as it is written."""
    table: dict[str, KnownName] = {}
    for name, kind, *aliases in rows("name_known"):
        entry = KnownName(name, cast(Kind, kind))
        table.update((form, entry) for form in (name, *aliases))
    return table


def find_known(form: str) -> KnownName | None:
    """Look up a well-known organization or group; 'F.B.I.' is found as 'FBI'."""
    table = known_names()
    return table.get(form) or table.get(form.replace(".", ""))
