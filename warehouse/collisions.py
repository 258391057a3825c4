"""Collisions: two things that would share an id are detected before they are written, never merged.

Ids are hashes of 53 bits, so two of ten million may be the same (see ids.py). Of two articles, the later one
is quarantined (flows/pipeline/batches.py). Of two entities or deliveries, which have no quarantine of their
own, the run stops, and its message says which name or path to change.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from ontherecord import sql
from ontherecord.warehouse import ids
from ontherecord.warehouse.errors import PipelineError

# A kind and a name, after aliases and joins: what an entity's id is made of.
Named = tuple[str, str]


def require_own_entity_ids(duckdb: Any, names: Iterable[Named]) -> None:
    """Check that entities that are about to be written share their id with no other name or kind.

    Raises PipelineError if two do.
    """
    by_id: dict[int, Named] = {}
    for named in dict.fromkeys(names):
        other = by_id.setdefault(ids.entity_id(*named), named)
        _require_same(named, other)
    found = pa.table(
        {
            "entity_id": pa.array(by_id, pa.int64()),
            "kind": pa.array([kind for kind, _ in by_id.values()], pa.string()),
            "name": pa.array([name for _, name in by_id.values()], pa.string()),
        }
    )
    duckdb.register("named_entities", found)
    try:
        rows = duckdb.execute(sql.statement("ids", "same_entity_ids")).fetchall()
    finally:
        duckdb.unregister("named_entities")
    for kind, name, other_kind, other_name in rows:
        # An entity may bear a name that its id is not made of: case may fold differently in SQL.
        if ids.entity_id(other_kind, other_name) == ids.entity_id(kind, name):
            _require_same((kind, name), (other_kind, other_name))


def require_own_delivery_ids(duckdb: Any) -> None:
    """Check that no delivery in `staged_deliveries` has the id of one of another path.

    Raises PipelineError if one has.
    """
    rows = duckdb.execute(sql.statement("ids", "same_delivery_ids")).fetchall()
    if rows:
        path, other = rows[0]
        raise PipelineError(
            f"{path!r} and {other!r} have the same delivery_id by chance. Rename one of the files, or move "
            "it to another folder, and run this again. Nothing of this batch was loaded."
        )


def _require_same(named: Named, other: Named) -> None:
    (kind, name), (other_kind, other_name) = named, other
    if (kind, ids.normalized(name)) != (other_kind, ids.normalized(other_name)):
        raise PipelineError(
            f"{name!r} ({kind}) and {other_name!r} ({other_kind}) have the same entity_id by chance. Give "
            f"one of them another name in aliases.csv, such as the line `{name},{name} (2),{kind}`, and run "
            "this again. Nothing of this step was changed."
        )
