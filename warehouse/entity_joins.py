"""Joins in the tables: names of people to compare, what is known of them, and the joins that were chosen.

Only names that share a surname with one that articles gained or lost (`ops.dirty_names`) are compared. Like
an alias, a join changes the entity of a mention and the name of a speaker; `mentions.name` stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, Engine, select

from ontherecord import sql
from ontherecord.warehouse import ids
from ontherecord.warehouse.database import duckdb_of
from ontherecord.warehouse.memory import retry_with_more_memory
from ontherecord.warehouse.overlay import machine_answers
from ontherecord.warehouse.records import NameContext, NameJoin, NameUse
from ontherecord.warehouse.renames import Rename, rename
from ontherecord.warehouse.tables import arrow_schema, count_change, dirty_names, entity_joins

ContextReader = Callable[[Iterable[NameUse]], Mapping[str, NameContext]]
Chooser = Callable[[Sequence[NameUse], ContextReader], Sequence[NameJoin]]
# Texts read at a time, and the characters before a name that may introduce it.
_FETCH_ROWS = 500
_BEFORE = 40
# A row of joins/1_names.sql.
_Given = tuple[Any, ...]


def has_names_to_compare(engine: Engine) -> bool:
    """Say whether articles gained or lost names of people since names were last joined."""
    with engine.connect() as connection:
        return connection.execute(select(dirty_names).limit(1)).first() is not None


@retry_with_more_memory
def join_names(engine: Engine, choose: Chooser, *, everything: bool = False) -> int:
    """Compare names of the changed surnames, or all, in one transaction; return how many joins changed.

    `choose` decides which of the names mean one person; it may ask for the context of some of them. The rows
    of `entities` are refreshed later, with the marts.
    """
    with engine.begin() as connection, machine_answers(connection):
        duckdb = duckdb_of(connection)
        if everything:
            duckdb.execute(sql.statement("joins", "0_all_names"))
        given: list[_Given] = duckdb.execute(sql.statement("joins", "1_names")).fetchall()
        joins = choose(_uses(given), lambda asked: _read_contexts(duckdb, asked))
        before = _stored(connection)
        _store(duckdb, joins)
        after = _stored(connection)
        changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        if renames := _renames(given, after, changed):
            rename(duckdb, renames)
        elif changed:
            count_change(connection)
    return len(changed)


def _uses(given: Iterable[_Given]) -> list[NameUse]:
    """Return the names, each once, under the form that most articles have, in the order of the alphabet."""
    rows: defaultdict[str, list[_Given]] = defaultdict(list)
    for row in given:
        rows[ids.normalized(row[3])].append(row)
    uses = []
    for key in sorted(rows):
        counts: defaultdict[str, int] = defaultdict(int)
        for row in rows[key]:
            counts[row[3]] += row[6]
        uses.append(
            NameUse(
                max(counts, key=lambda name: (not name.isupper(), counts[name], name)),
                rows[key][0][4],
                tuple(sorted({row[0] for row in rows[key]})),
                sum(counts.values()),
                min(row[7] for row in rows[key]),
                max(row[8] for row in rows[key]),
                any(row[5] for row in rows[key]),
            )
        )
    return uses


def _read_contexts(duckdb: Any, asked: Iterable[NameUse]) -> dict[str, NameContext]:
    """Return the contexts of names, by name."""
    names = {form: use for use in asked for form in use.forms}
    columns = {"name": [*names], "surname": [use.surname for use in names.values()]}
    schema = pa.schema([("name", pa.string()), ("surname", pa.string())])
    duckdb.register("compared_names", pa.table(columns, schema=schema))
    try:
        duckdb.execute(sql.statement("joins", "2_sample"))
    finally:
        duckdb.unregister("compared_names")
    introductions: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for (form, _), before in sorted(_introductions(duckdb).items()):
        introductions[names[form].name].append(tuple(sorted(before)))
    companions, together = (
        duckdb.execute(sql.statement("joins", statement)).fetchall()
        for statement in ("5_companions", "6_together")
    )
    people: defaultdict[str, set[str]] = defaultdict(set)
    for form, found in companions:
        people[names[form].name].update(found)
    apart: defaultdict[str, set[str]] = defaultdict(set)
    for form, other in together:
        apart[names[form].name].add(names[other].name)
        apart[names[other].name].add(names[form].name)
    return {
        use.name: NameContext(
            tuple(introductions[use.name]), frozenset(people[use.name]), frozenset(apart[use.name])
        )
        for use in names.values()
    }


def _introductions(duckdb: Any) -> dict[tuple[str, int], set[str]]:
    """Return the characters before each place of a name, by form and article id: at most 40.

    They are cut here, since DuckDB counts the characters before each place anew.
    """
    places: defaultdict[int, list[tuple[str, str, int]]] = defaultdict(list)
    for article_id, *place in duckdb.execute(sql.statement("joins", "3_introductions")).fetchall():
        places[article_id].append(tuple(place))
    before: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    texts = duckdb.execute(sql.statement("joins", "4_texts"))
    while rows := texts.fetchmany(_FETCH_ROWS):
        for article_id, title, body in rows:
            for form, field, start in places[article_id]:
                text = title if field == "title" else body
                before[form, article_id].add(text[max(0, start - _BEFORE) : start])
    return before


def _stored(connection: Connection) -> dict[str, tuple[str, str]]:
    """Return the joins: the name joined to and the reason, by normalized name."""
    c = entity_joins.c
    found = connection.execute(select(c.name, c.joined_name, c.reason))
    return {ids.normalized(name): (joined, reason) for name, joined, reason in found}


def _store(duckdb: Any, joins: Iterable[NameJoin]) -> None:
    rows = [
        (
            ids.entity_id("person", join.name),
            join.name,
            ids.entity_id("person", join.joined_name),
            join.joined_name,
            join.reason,
        )
        for join in joins
    ]
    schema = arrow_schema(entity_joins)
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(values, type=field.type) for values, field in zip(columns, schema, strict=True)]
    duckdb.register("found_joins", pa.table(arrays, schema=schema))
    try:
        duckdb.execute(sql.statement("joins", "7_store"))
    finally:
        duckdb.unregister("found_joins")


def _renames(
    given: Iterable[_Given], joins: Mapping[str, tuple[str, str]], changed: Set[str]
) -> list[Rename]:
    """Return the names whose mentions have another entity, or another name of it, than the joins say."""
    given = [*given]
    counted = {(row[0], row[1]) for row in given if row[9]}
    renames: dict[tuple[str, str], Rename] = {}
    for form, kind, entity_id, name, *_ in given:
        key = ids.normalized(name)
        new_name = joins[key][0] if key in joins else name
        new_id = ids.entity_id("person", new_name)
        if entity_id != new_id or key in changed:
            is_changed = key in changed and (form, kind) in counted
            renames[form, kind] = Rename(form, kind, new_id, new_name, "person", is_changed)
    return [renames[key] for key in sorted(renames)]
