"""Report facts: what the page on the whole warehouse tells, read from the published file."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, fields

import duckdb

from ontherecord import sql
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.publish import open_published
from ontherecord.warehouse.rows import Row, as_rows

# How much of each list the page shows.
_LIMITS: dict[str, Row] = {
    "came_in": {"days": 7},
    "quarantined": {"examples": 3},
    "most_quoted": {"people": 12, "letters": 160},
    "new_names": {"names": 10},
    "speaks_on": {"looked_at": 200, "speakers": 10, "named": 10},
    "sections": {"sections": 5},
    "reprints": {"shown": 8},
}


@dataclass(frozen=True, slots=True)
class ReportData:
    """What sql/report answers; each field but `totals` holds the rows of the file of its name."""

    totals: Row
    came_in: tuple[Row, ...]
    quarantined: tuple[Row, ...]
    most_quoted: tuple[Row, ...]
    new_names: tuple[Row, ...]
    speaks_on: tuple[Row, ...]
    sections: tuple[Row, ...]
    longest_quotation: tuple[Row, ...]
    reprints: tuple[Row, ...]


def read_report_data(home: DataDir) -> ReportData:
    """Ask the published file all that the page tells.

    Raises WarehouseError if there is none, or it lacks a table of today's schema.
    """
    names = [field.name for field in fields(ReportData)][1:]
    with closing(open_published(home)) as connection:
        try:
            totals = _rows(connection, "totals")[0]
            return ReportData(totals, *(tuple(_rows(connection, name)) for name in names))
        except duckdb.Error as error:
            raise WarehouseError(
                f"{home.published} cannot answer what the report asks: {error}. If an older "
                "version published it, run `ontherecord publish` and then `ontherecord report`."
            ) from error


def _rows(connection: duckdb.DuckDBPyConnection, name: str) -> list[Row]:
    return as_rows(connection.execute(sql.statement("report", name), _LIMITS.get(name)))
