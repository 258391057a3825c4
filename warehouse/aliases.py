"""Aliases: a curated file says whom a name means. Applied to what is loaded, and to what comes.

`aliases.csv` in the home folder has the columns alias, name, kind and external_id. An alias is held
against the full form that an article gives of a name, without case. The names that articles give
stay in `mentions.name` and `quotes.speaker_name`, so a line taken out of the file is undone by the next run.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

import pyarrow as pa
from sqlalchemy import Engine, delete, insert, select

from ontherecord import sql
from ontherecord.warehouse import ids
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import AliasError
from ontherecord.warehouse.memory import retry_with_more_memory
from ontherecord.warehouse.records import Kind
from ontherecord.warehouse.tables import aliases, duckdb_of, mentions

_MEANT = pa.schema(
    [
        ("name", pa.string()),
        ("kind", pa.string()),
        ("entity_id", pa.int64()),
        ("means", pa.string()),
        ("means_kind", pa.string()),
    ]
)
COLUMNS = ("alias", "name", "kind", "external_id")


@dataclass(frozen=True, slots=True)
class Alias:
    """What a name means. `alias` is without case; `kind` None leaves the kind that the articles give."""

    alias: str
    name: str
    kind: str | None
    external_id: str | None


class Aliases:
    """The aliases in force, asked by name."""

    def __init__(self, found: Iterable[Alias] = ()) -> None:
        self._by_name = {a.alias: a for a in found}

    def entity_id(self, kind: str, name: str) -> int:
        """Return the entity that a name of a kind means."""
        return ids.entity_id(self.kind(kind, name), self.name(name))

    def name(self, name: str) -> str:
        """Return the name of what a name means."""
        alias = self._by_name.get(ids.normalized(name))
        return alias.name if alias else name

    def kind(self, kind: str, name: str) -> str:
        """Return the kind of what a name means."""
        alias = self._by_name.get(ids.normalized(name))
        return (alias.kind if alias else None) or kind

    def rows(self) -> Mapping[str, Alias]:
        """Return the aliases by the name they are asked by."""
        return self._by_name


def read_aliases(home: DataDir) -> Aliases:
    """Read the file of aliases; none where there is no file.

    Raises AliasError, naming the line, if the file is not as it should be.
    """
    try:
        text = home.aliases.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Aliases()
    except (OSError, UnicodeDecodeError) as error:
        raise AliasError(f"{home.aliases} cannot be read: {error}. It must be UTF-8 text.") from error
    reader = csv.DictReader(text.splitlines())
    if missing := [c for c in COLUMNS[:2] if c not in (reader.fieldnames or ())]:
        raise AliasError(
            f"{home.aliases} has no column {missing[0]!r}. Its first line must be: {','.join(COLUMNS)}"
        )
    found: dict[str, Alias] = {}
    for row in reader:
        values = {c: (row.get(c) or "").strip() or None for c in COLUMNS}
        where = f"{home.aliases}, line {reader.line_num}"
        if not values["alias"] or not values["name"]:
            raise AliasError(f"{where}: alias and name are both needed.")
        if values["kind"] and values["kind"] not in get_args(Kind):
            raise AliasError(f"{where}: kind {values['kind']!r} must be one of {', '.join(get_args(Kind))}.")
        alias = Alias(ids.normalized(values["alias"]), values["name"], values["kind"], values["external_id"])
        if found.setdefault(alias.alias, alias) != alias:
            raise AliasError(f"{where}: the alias {alias.alias!r} stands there twice with two meanings.")
    return Aliases(found.values())


@retry_with_more_memory
def apply_aliases(engine: Engine, wanted: Aliases) -> int:
    """Make the loaded names mean what the aliases say, in one transaction; return how many lines changed.

    The entities' own rows follow with the marts.
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
                    {"alias": name, "name": a.name, "kind": a.kind, "external_id": a.external_id}
                    for name, a in wanted.rows().items()
                ],
            )
        # Names that mean an entity of a changed line are touched too: its external id may be another.
        targets = {
            ids.normalized(lines[name].name)
            for lines in (applied, wanted.rows())
            for name in changed & {*lines}
        }
        named = connection.execute(select(mentions.c.name, mentions.c.kind).distinct()).tuples()
        meant = [
            (name, kind, wanted.entity_id(kind, name), wanted.name(name), wanted.kind(kind, name))
            for name, kind in named
            if ids.normalized(name) in changed or ids.normalized(wanted.name(name)) in targets
        ]
        _rename(duckdb_of(connection), meant)
    return len(changed)


def _rename(duckdb: Any, meant: list[tuple[str, str, int, str, str]]) -> None:
    columns = list(zip(*meant, strict=True)) or [()] * len(_MEANT)
    arrays = [pa.array(values, type=field.type) for values, field in zip(columns, _MEANT, strict=True)]
    duckdb.register("meant", pa.table(arrays, schema=_MEANT))
    try:
        duckdb.execute(sql.statement("aliases", "1_names"))
        duckdb.execute(sql.statement("load", "4_entities"))
        duckdb.execute(sql.statement("aliases", "3_changed"))
    finally:
        duckdb.unregister("meant")
