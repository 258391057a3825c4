"""Aliases: a curated file that maps names to entities, for loaded and for new articles.

`aliases.csv` in the home folder has the columns alias, name, kind, external_id and gender; all but the first
two can be left out. An alias is compared, ignoring case, with the full form of a name in an article.
`mentions.name` and `quotes.speaker_name` keep the names that articles use, so the next run undoes a line that
was removed from the file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, get_args

import pyarrow as pa
from sqlalchemy import Engine, delete, insert, select

from ontherecord import sql
from ontherecord.warehouse import ids
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import duckdb_of
from ontherecord.warehouse.errors import AliasError
from ontherecord.warehouse.memory import retry_with_more_memory
from ontherecord.warehouse.records import Gender, Kind
from ontherecord.warehouse.tables import aliases, dirty_names, mentions

_RENAMES = pa.schema(
    [
        ("name", pa.string()),
        ("kind", pa.string()),
        ("entity_id", pa.int64()),
        ("new_name", pa.string()),
        ("new_kind", pa.string()),
    ]
)
COLUMNS = ("alias", "name", "kind", "external_id", "gender")
# 'unknown' takes back what the texts show.
GENDERS = (*get_args(Gender), "unknown")


class Rename(NamedTuple):
    """A name and kind that articles give, and the entity that it means from now on."""

    name: str
    kind: str
    entity_id: int
    new_name: str
    new_kind: str


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


@retry_with_more_memory
def apply_aliases(engine: Engine, wanted: Aliases) -> int:
    """Apply changed aliases to the loaded articles, in one transaction; return how many lines changed.

    The rows of `entities` are refreshed later, with the marts.
    """
    with engine.begin() as connection:
        applied = Aliases(Alias(*row) for row in connection.execute(select(aliases))).rows()
        changed = {
            name for name in {*applied, *wanted.rows()} if applied.get(name) != wanted.rows().get(name)
        }
        if not changed:
            return 0
        connection.execute(delete(aliases))
        if wanted.rows():
            connection.execute(
                insert(aliases),
                [
                    {
                        "alias": name,
                        "name": a.name,
                        "kind": a.kind,
                        "external_id": a.external_id,
                        "gender": a.gender,
                    }
                    for name, a in wanted.rows().items()
                ],
            )
        lines = [table[name] for table in (applied, wanted.rows()) for name in changed & {*table}]
        # Names on a line are not joined to others; those on a removed one may be again.
        compared = {name for line in lines for name in (line.alias, line.name)}
        connection.execute(insert(dirty_names), [{"name": name} for name in sorted(compared)])
        # Other names of an entity on a changed line are updated too: its external id may have changed.
        targets = {ids.normalized(line.name) for line in lines}
        names = connection.execute(select(mentions.c.name, mentions.c.kind).distinct()).tuples()
        renames = [
            Rename(name, kind, wanted.entity_id(kind, name), wanted.name(name), wanted.kind(kind, name))
            for name, kind in names
            if ids.normalized(name) in changed or ids.normalized(wanted.name(name)) in targets
        ]
        rename(duckdb_of(connection), renames)
    return len(changed)


def rename(duckdb: Any, renames: Sequence[Rename]) -> None:
    """Give names of the loaded articles other entities, in the open transaction."""
    columns = list(zip(*renames, strict=True)) or [()] * len(_RENAMES)
    arrays = [pa.array(values, type=field.type) for values, field in zip(columns, _RENAMES, strict=True)]
    duckdb.register("renames", pa.table(arrays, schema=_RENAMES))
    try:
        duckdb.execute(sql.statement("aliases", "1_renames"))
        duckdb.execute(sql.statement("load", "4_entities"))
        duckdb.execute(sql.statement("aliases", "2_changes"))
    finally:
        duckdb.unregister("renames")
