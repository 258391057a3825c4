"""Aliases: a curated file that maps names to entities, for loaded and for new articles.

`aliases.csv` in the home folder has the columns alias, name, kind, external_id and gender; all but the first
two can be left out. An alias is compared, ignoring case, with the full form of a name in an article, or with
the words for a speaker whom the article does not name: these get an entity if the line has a kind.
`mentions.name` and `quotes.speaker_name` keep the names that articles use, so the next run undoes a line that
was removed from the file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from ontherecord.warehouse import ids
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import AliasError
from ontherecord.warehouse.records import Gender, Kind

COLUMNS = ("alias", "name", "kind", "external_id", "gender")
# 'unknown' takes back what the texts show.
GENDERS = (*get_args(Gender), "unknown")


@dataclass(frozen=True, slots=True)
class Alias:
    """A line of the file.

    `alias` is case-folded; a `kind` of None keeps the kind found in articles, a `gender` of None the one that
    they show.
    """

    alias: str
    name: str
    kind: str | None
    external_id: str | None
    gender: str | None = None


class Aliases:
    """The aliases in force, looked up by name."""

    def __init__(self, found: Iterable[Alias] = ()) -> None:
        self._by_name = {a.alias: a for a in found}

    def entity_id(self, kind: str, name: str) -> int:
        """Return the id of the entity that a name and kind refer to."""
        return ids.entity_id(self.kind(kind, name), self.name(name))

    def name(self, name: str) -> str:
        """Return the canonical name."""
        alias = self._by_name.get(ids.normalized(name))
        return alias.name if alias else name

    def kind(self, kind: str, name: str) -> str:
        """Return the kind of the entity that a name refers to."""
        alias = self._by_name.get(ids.normalized(name))
        return (alias.kind if alias else None) or kind

    def unnamed_id(self, words: str) -> int | None:
        """Return the id of the entity that the words for an unnamed speaker mean, None if they mean none."""
        kind = self.unnamed_kind(words)
        return ids.entity_id(kind, self.name(words)) if kind else None

    def unnamed_kind(self, words: str) -> str | None:
        """Return the kind of that entity."""
        alias = self._by_name.get(ids.normalized(words))
        return alias.kind if alias else None

    def rows(self) -> Mapping[str, Alias]:
        """Return the aliases by case-folded name."""
        return self._by_name


def read_aliases(home: DataDir) -> Aliases:
    """Read the aliases file; there are no aliases if there is no file.

    Raises AliasError, naming the line, if the file is invalid.
    """
    try:
        text = home.aliases.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Aliases()
    except (OSError, UnicodeDecodeError) as error:
        raise AliasError(f"{home.aliases} cannot be read: {error}. Save it as UTF-8 text.") from error
    reader = csv.DictReader(text.splitlines())
    if missing := [c for c in COLUMNS[:2] if c not in (reader.fieldnames or ())]:
        raise AliasError(
            f"{home.aliases} has no column {missing[0]!r}. Its first line must be: {','.join(COLUMNS)}"
        )
    found: dict[str, Alias] = {}
    genders: dict[str, str] = {}
    for row in reader:
        values = {c: (row.get(c) or "").strip() or None for c in COLUMNS}
        where = f"{home.aliases}, line {reader.line_num}"
        if not values["alias"] or not values["name"]:
            raise AliasError(f"{where}: alias and name are both required. Fill in both, or delete the line.")
        if values["kind"] and values["kind"] not in get_args(Kind):
            raise AliasError(
                f"{where}: unknown kind {values['kind']!r}. Use one of {', '.join(get_args(Kind))}."
            )
        if values["gender"] and values["gender"] not in GENDERS:
            raise AliasError(
                f"{where}: unknown gender {values['gender']!r}. Use one of {', '.join(GENDERS)}."
            )
        alias = Alias(
            ids.normalized(values["alias"]),
            values["name"],
            values["kind"],
            values["external_id"],
            values["gender"],
        )
        person = ids.normalized(alias.name)
        if alias.gender and genders.setdefault(person, alias.gender) != alias.gender:
            raise AliasError(
                f"{where}: {alias.name!r} was given the gender {genders[person]} above. Keep one of them."
            )
        if found.setdefault(alias.alias, alias) != alias:
            raise AliasError(
                f"{where}: the alias {alias.alias!r} was given another meaning above. Keep one of the lines."
            )
    return Aliases(found.values())
