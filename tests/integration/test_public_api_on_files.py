"""The public API on files: a folder is ingested, and what is published is opened read-only."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from runs import article

import ontherecord
from ontherecord.warehouse.errors import WarehouseError


def test_a_folder_is_ingested_and_opened(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    (landing / "b.txt").write_text("nothing")
    result = ontherecord.ingest(landing, home, workers=1)
    assert (result.counts.loaded_count, result.counts.quarantined_count) == (1, 1)
    assert result.rejected[0].failures[0].rule == "headers_missing"
    connection = ontherecord.open(home)
    assert connection.execute("select speaker, text from quotes_by('brandt')").fetchall() == [
        ("Ida Brandt", "We are open,")
    ]
    with pytest.raises(duckdb.Error, match="read-only"):
        connection.execute("delete from quotes")
    connection.close()
    assert ontherecord.ingest(str(landing), str(home), workers=1).counts.unchanged_count == 2


def test_nothing_published_says_what_to_do(home: Path) -> None:
    with pytest.raises(WarehouseError, match="ontherecord ingest"):
        ontherecord.open(home)
