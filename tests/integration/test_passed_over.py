"""Nothing is passed over in silence: what a location has beside article files is counted, by kind."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from runs import article, rows, run

from ontherecord.flows.landing.passed_over import PassedOver, kind_of
from ontherecord.flows.recovery.doctor.examine import examine
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.status import read_alerts, read_status


def _fill(landing: Path) -> None:
    (landing / "a.txt").write_text(article())
    for name in ("b.xlsx", "B2.XLSX", "c.numbers", "README", ".hidden.txt", "d.txt.part"):
        (landing / name).write_text("x")
    (landing / "nothing").mkdir()
    (landing / "link.txt").symlink_to(landing / "a.txt")
    os.mkfifo(landing / "pipe.txt")


KINDS = [
    (".xlsx", 2, "B2.XLSX"),
    (".numbers", 1, "c.numbers"),
    (".part", 1, "d.txt.part"),
    ("empty folder", 1, "nothing"),
    ("file without extension", 1, "README"),
    ("hidden or temporary", 1, ".hidden.txt"),
    ("link", 1, "link.txt"),
    ("pipe, socket or device", 1, "pipe.txt"),
]


def test_kinds_are_extensions() -> None:
    names = ("a.XLSX", "b/c.tar.gz", "d", ".e", "f.", "g.averyveryverylongone", "h.7z")
    assert [kind_of(name) for name in names] == [
        ".xlsx", ".gz", "file without extension", "file without extension", "file without extension",
        "file without extension", ".7z",
    ]  # fmt: skip
    assert kind_of("a.txt~") == "hidden or temporary"
    passed_over = PassedOver()
    for name in ("b.odt", "a.odt", "c.doc"):
        passed_over.add_file(name)
    assert passed_over.kinds() == [(".odt", 2, "a.odt"), (".doc", 1, "c.doc")]


def test_what_is_not_taken_is_in_summary_page_status_tables_and_doctor(landing: Path, home: Path) -> None:
    _fill(landing)
    result = run(landing, home)
    assert result.counts.landed_count == 1
    line = (
        "Not taken: 2 .xlsx (B2.XLSX), 1 .numbers (c.numbers), 1 .part (d.txt.part), "
        "1 empty folder (nothing), 1 file without extension (README), 1 link (link.txt), "
        "1 pipe, socket or device (pipe.txt)."
    )
    assert line in result.summary()
    assert "**Not taken:** 2 .xlsx" in result.markdown().replace("\\", "")
    assert result.to_dict()["not_taken"][0] == {"kind": ".xlsx", "count": 2, "example": "B2.XLSX"}
    assert rows(home, "select kind, file_count, example from ops.passed_over order by 2 desc, 1") == KINDS
    status = read_status(DataDir(home))["not_taken"]
    assert [(kind["kind"], kind["file_count"], kind["example"]) for kind in status] == KINDS
    [finding] = [f for f in examine(home) if f.check == "not taken"] if _lands(home, landing) else [None]
    assert finding is not None
    assert "2 .xlsx (B2.XLSX)" in finding.what


def _lands(home: Path, landing: Path) -> bool:
    (home / "ontherecord.toml").write_text(f'landing = "{landing}"\n')
    return True


def test_another_kind_is_published_and_alerted_once(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    (landing / "b.xlsx").write_text("x")
    run(landing, home)
    assert not run(landing, home).published
    assert read_alerts(DataDir(home)) == []  # what was there from the start is for the one who set it up
    (landing / "c.numbers").write_text("x")
    assert run(landing, home).published
    [alert] = read_alerts(DataDir(home))
    assert (alert["rule"], alert["subject"], alert["value"]) == ("passed_over", ".numbers", 1)
    assert "c.numbers" in alert["message"]
    run(landing, home)
    assert [alert["raised_at"]] == [a["raised_at"] for a in read_alerts(DataDir(home))]
    (landing / "c.numbers").unlink()
    run(landing, home)
    assert read_alerts(DataDir(home)) == []


def test_a_location_that_is_empty_all_at_once_is_named(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    (landing / "b.txt").write_text(article(title="Another"))
    run(landing, home)
    shutil.rmtree(landing)
    landing.mkdir()
    assert "Not taken: 2 known file that has gone (a.txt)." in run(landing, home).summary()
    assert [a["subject"] for a in read_alerts(DataDir(home))] == ["known file that has gone"]
    other = landing.parent / "other"
    other.mkdir()
    assert "gone" not in run(other, home).summary()  # it never had any


def test_one_file_is_taken_whatever_its_name(landing: Path, home: Path) -> None:
    (landing / "a.dat").write_text(article())
    (landing / "b.txt").write_text(article(title="Another"))
    assert run(landing / "a.dat", home).counts.loaded_count == 1
    assert rows(home, "select source_path from articles") == [("a.dat",)]
    (landing / "t.log").write_text("title,text,date\nFerry sails,The ferry sails again.,2015-03-10\n")
    assert run(landing / "t.log", home, form="table").counts.loaded_count == 1
    assert rows(home, "select form, count(*) from articles group by 1 order by 1") == [
        ("headed-text", 1),
        ("table", 1),
    ]
