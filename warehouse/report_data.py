"""The data of the report, read from the published file."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, fields

import duckdb

from ontherecord import sql
from ontherecord.warehouse.about import About, about_of
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import Row, as_rows
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.publish import open_published

# How many rows of each list the report shows.
_LIMITS: dict[str, Row] = {
    "daily_runs": {"days": 7},
    "quarantined": {"examples": 3},
    "most_quoted": {"people": 12, "letters": 160},
    "new_names": {"names": 10},
    "speaker_topics": {"candidates": 200, "speakers": 10, "named": 10},
    "sections": {"sections": 5},
    "reprints": {"shown": 8},
}


@dataclass(frozen=True, slots=True)
class ReportData:
    """The results of sql/report; each field but the first two has the rows of the query of its name."""

    about: About
    totals: Row
    daily_runs: tuple[Row, ...]
    quarantined: tuple[Row, ...]
    most_quoted: tuple[Row, ...]
    new_names: tuple[Row, ...]
    speaker_topics: tuple[Row, ...]
    sections: tuple[Row, ...]
    longest_quotation: tuple[Row, ...]
    reprints: tuple[Row, ...]


def read_report_data(home: DataDir) -> ReportData:
    """Run the queries of the report on the published file.

    Raises WarehouseError if nothing is published, another version published it, or it cannot be read.
    """
    names = [field.name for field in fields(ReportData)][2:]
    with closing(open_published(home)) as connection:
        try:
            totals = _rows(connection, "totals")[0]
            return ReportData(
                about_of(connection), totals, *(tuple(_rows(connection, name)) for name in names)
            )
        except duckdb.Error as error:
            raise WarehouseError(
                f"The report cannot be read from {home.published}: {error}. Run `ontherecord publish`, which "
                "writes it anew, and then `ontherecord report`."
            ) from error


def _rows(connection: duckdb.DuckDBPyConnection, name: str) -> list[Row]:
    return as_rows(connection.execute(sql.statement("report", name), _LIMITS.get(name)))
