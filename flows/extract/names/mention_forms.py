"""A name as it was found in an article, before it is assigned to an entity."""

from __future__ import annotations

from dataclasses import dataclass

from ontherecord.warehouse.records import Field, Kind


@dataclass(frozen=True, slots=True)
class NameMention:
    """A name found in the article, not yet assigned to an entity.

    `line` is the number of its paragraph, 0 for the title. `before` is the word before it. `in_brackets` if
    it follows another name in brackets: 'Lagos Workers Congress (LWC)'. `full_name` is the name it implies,
    'Tom Carver' for the first word of 'Tom and Linda Carver', and else the text.
    """

    field: Field
    line: int
    start: int
    end: int
    text: str
    kind: Kind
    before: str
    in_brackets: bool
    full_name: str
