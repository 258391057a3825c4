"""Memory: DuckDB keeps to what it is given, and gets more where it cannot do without."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from ontherecord.warehouse import memory
from ontherecord.warehouse.database import open_engine
from ontherecord.warehouse.memory import memory_config_of, release_memory, retry_with_more_memory

# All of it has to be in memory at once: some 400 MB for a million rows.
_LONG_LIST = "select len(list(repeat(i::varchar, 50))) from range({rows}) as r(i)"


@retry_with_more_memory
def _listed(engine: Engine, rows: int) -> int:
    with engine.begin() as connection:
        connection.exec_driver_sql("create table counted as select 1 as one")
        return int(connection.exec_driver_sql(_LONG_LIST.format(rows=rows)).scalar_one())


def test_work_that_needs_more_memory_gets_it_and_is_done_once(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "w.duckdb", memory_mb=100)
    try:
        assert memory_config_of(engine) == {"memory_limit": "95.3 MiB"}
        assert _listed(engine, 1_000_000) == 1_000_000  # a table made twice would have been refused
        assert memory_config_of(engine) != {"memory_limit": "95.3 MiB"}
    finally:
        engine.dispose()


def test_work_that_the_machine_is_too_small_for_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "machine_memory", lambda: 300_000_000)  # the test is not to fill a real one
    engine = open_engine(tmp_path / "w.duckdb", memory_mb=100)
    try:
        with pytest.raises((duckdb.OutOfMemoryException, DBAPIError), match="Out of Memory"):
            _listed(engine, 1_000_000)
        assert memory_config_of(engine) == {"memory_limit": "95.3 MiB"}
    finally:
        engine.dispose()


def test_what_duckdb_keeps_of_its_file_is_dropped_and_the_limit_stays(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "w.duckdb", memory_mb=100)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "create table t as select hash(i) as h, hash(i + 1) as i from range(3_000_000) as r(i)"
            )
        with engine.connect() as connection:
            connection.exec_driver_sql("checkpoint")
            connection.exec_driver_sql("select max(h), max(i) from t")
            before = connection.exec_driver_sql(_KEPT).scalar_one()
        release_memory(engine)
        with engine.connect() as connection:
            after = connection.exec_driver_sql(_KEPT).scalar_one()
            assert connection.exec_driver_sql("select count(distinct h) from t").scalar_one() == 3_000_000
        assert before > 30_000_000
        assert after <= 8_000_000
        assert memory_config_of(engine) == {"memory_limit": "95.3 MiB"}
    finally:
        engine.dispose()


_KEPT = "select sum(memory_usage_bytes) from duckdb_memory()"
