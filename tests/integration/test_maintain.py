"""Maintain: what is derived is made again, what is old and unused goes, and twice is as good as once."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from pathlib import Path

import duckdb
import pytest
from runs import QuietRunner, contents

from ontherecord.flows.maintain import maintain
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse.errors import WarehouseError


def test_names_are_made_again_and_old_extracts_and_pages_go(samples: Path, home: Path) -> None:
    shutil.copytree(samples, home, symlinks=True)
    with duckdb.connect(str(home / "writer.duckdb")) as writer:
        writer.execute("update entities set aliases = ['wrong'] where name = 'Leila Sarrouf'")
        writer.execute("delete from entities where name = 'Kamal Sarrouf'")
    with sqlite3.connect(home / "extracts.sqlite") as kept:
        [(used,)] = kept.execute("select count(*) from extracts").fetchall()
        kept.execute("insert into extracts select content_sha256, 'old', '', '', '2020-01-01' from extracts")
        kept.execute("insert into extracts values ('gone', 'new', '', '', date('now'))")
        kept.execute("update extracts set kept_on = '2020-01-01' where extractor_version != 'new'")
    for name, age in (("old.html", 40 * 86_400), ("new.html", 0)):
        page = home / "data_docs" / "validations" / name.removesuffix(".html") / name
        page.parent.mkdir(parents=True)
        page.write_text("page")
        os.utime(page, (time.time() - age,) * 2)

    runner = QuietRunner()
    upkeep = maintain(load_settings(home=home), runner)
    assert upkeep.changed_entities == 2
    assert upkeep.run.published
    assert contents(home) == contents(samples)
    assert upkeep.pruned_extracts == used
    with sqlite3.connect(home / "extracts.sqlite") as kept:
        assert kept.execute("select count(*) from extracts").fetchall() == [(used + 1,)]
    assert [p.name for p in (home / "data_docs" / "validations").iterdir()] == ["new"]
    assert runner.lines[-1].startswith("freshness: newest article of 2016-03-24, last loaded 20")

    again = maintain(load_settings(home=home), QuietRunner())
    assert (again.changed_entities, again.pruned_extracts, again.pruned_pages) == (0, 0, 0)
    assert not again.run.published


def test_extracts_kept_before_they_had_a_day_are_found_and_pruned(samples: Path, home: Path) -> None:
    shutil.copytree(samples, home, symlinks=True)
    with sqlite3.connect(home / "extracts.sqlite") as kept:
        [(used,)] = kept.execute("select count(*) from extracts").fetchall()
        kept.execute("alter table extracts drop column kept_on")
        kept.execute("insert into extracts values ('gone', 'old', '', '')")
    assert maintain(load_settings(home=home), QuietRunner()).pruned_extracts == 1
    with sqlite3.connect(home / "extracts.sqlite") as kept:
        assert kept.execute("select count(*) from extracts").fetchall() == [(used,)]


def test_without_a_warehouse_it_says_what_to_do(home: Path) -> None:
    with pytest.raises(WarehouseError, match="ontherecord ingest LANDING"):
        maintain(load_settings(home=home), QuietRunner())
    assert not home.exists()
