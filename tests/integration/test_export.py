"""Export: the folder is what is published, whatever was there, and never holds a half file."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from commands import ONTHERECORD, carry_out, carry_out_bytes
from filelock import FileLock
from runs import article, open_to_change, rows, run

from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import ExportError
from ontherecord.warehouse.export import EXPORTED, export
from ontherecord.warehouse.tables import arrow_schema

NAMES = [table.name for table in EXPORTED]
# Kills itself between the writing of a file and its renaming, or between two renames.
KILLED = """
import os, signal, sys
from pathlib import Path
from ontherecord.warehouse import drafts, export
from ontherecord.warehouse.data_dir import DataDir

files, moment = int(sys.argv[3]), sys.argv[4]
real = drafts.atomic_replace

def atomic_replace(draft, file):
    global files
    files -= file.name != "copies.json"
    if files == 0 and moment == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    real(draft, file)
    if files == 0:
        os.kill(os.getpid(), signal.SIGKILL)

drafts.atomic_replace = atomic_replace
export.export(DataDir(Path(sys.argv[1])), Path(sys.argv[2]))
"""


def _rows_of(folder: Path, table: str) -> list[tuple[Any, ...]]:
    """Return the rows of an exported table, without the month, as any reader finds them."""
    keys = "" if table == "entities" else "exclude (year, month)"
    query = f"select * {keys} from read_parquet('{folder}/{table}/**/*.parquet') order by all"
    return duckdb.sql(query).fetchall()


def _assert_is_published(folder: Path, home: Path) -> None:
    for table in NAMES:
        assert _rows_of(folder, table) == rows(home, f"from {table} order by all"), table
    manifest = json.loads((folder / "manifest.json").read_text())
    files = [f for table in manifest["tables"].values() for f in table["files"]]
    found = {p.relative_to(folder).as_posix(): p.stat().st_size for p in folder.rglob("*.parquet")}
    assert {f["path"]: f["bytes"] for f in files} == found
    assert [(manifest["change_no"],)] == rows(home, "select change_no from ops.warehouse")
    others = {p.name for p in folder.rglob("*") if p.is_file()} - {"part.parquet", "manifest.json", ".lock"}
    assert others == set()


def _state(folder: Path) -> dict[str, tuple[int, int]]:
    """Return what would be others if a file had been written again."""
    return {
        p.relative_to(folder).as_posix(): (p.stat().st_ino, p.stat().st_mtime_ns)
        for p in folder.rglob("*.*")
        if p.is_file() and p.name != ".lock"
    }


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run over three articles of two months; give the folder with landing and home."""
    folder = tmp_path_factory.mktemp("original")
    (folder / "landing").mkdir()
    january = "Saturday, January 2, 2016 - 12:30"
    for name, text in (
        ("a", article()),
        ("b", article(title="Harbour is full")),
        ("c", article(title="Cup goes to Valmora", date=january)),
    ):
        (folder / "landing" / f"{name}.txt").write_text(text)
    run(folder / "landing", folder / "home")
    return folder


@pytest.fixture
def three(original: Path, home: Path, landing: Path) -> Path:
    """Give a home of one's own with the three articles."""
    shutil.copytree(original / "home", home, symlinks=True)
    shutil.copytree(original / "landing", landing, dirs_exist_ok=True)
    return home


@pytest.fixture(scope="module")
def later(original: Path) -> Path:
    """Give the same home after an article changed and another moved to a new month."""
    folder = original.parent / "later"
    shutil.copytree(original, folder, symlinks=True)
    (folder / "landing" / "a.txt").write_text(article(title="Harbour closes again"))
    february = "Monday, February 1, 2016 - 12:30"
    (folder / "landing" / "c.txt").write_text(article(title="Cup goes to Valmora", date=february))
    run(folder / "landing", folder / "home")
    return folder / "home"


@pytest.fixture(scope="module")
def exported(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("exported")
    export(DataDir(samples), folder)
    yield folder
    _assert_is_published(folder, samples)


def test_samples_are_exported_by_month_with_rows_and_types_as_in_the_tables(
    samples: Path, exported: Path
) -> None:
    _assert_is_published(exported, samples)
    with closing(duckdb.connect(str(samples / "warehouse.duckdb"), read_only=True)) as connection:
        for table in NAMES:
            keys = "" if table == "entities" else "exclude (year, month)"
            parquet = f"select * {keys} from read_parquet('{exported}/{table}/**/*.parquet')"
            kinds = "select column_name, column_type from (describe {})"
            assert (
                connection.execute(kinds.format(parquet)).fetchall()
                == connection.execute(kinds.format(f"from {table}")).fetchall()
            )
        months = connection.execute(
            "select distinct 'quotes/year=' || year(published_on) || '/month=' || month(published_on) "
            "from quotes inner join articles using (article_id) order by all"
        ).fetchall()
    assert sorted(p.parent.relative_to(exported).as_posix() for p in exported.glob("quotes/*/*/*")) == [
        month for (month,) in months
    ]
    assert duckdb.sql(
        f"select bool_and(year = year(published_on) and month = month(published_on)) "
        f"from read_parquet('{exported}/articles/**/*.parquet')"
    ).fetchall() == [(True,)]


@pytest.mark.parametrize("table", NAMES)
def test_pandas_reads_the_folder(samples: Path, exported: Path, table: str) -> None:
    frame = pd.read_parquet(exported / table)
    [(count,)] = rows(samples, f"select count(*) from {table}")
    assert len(frame) == count
    columns = [field.name for field in arrow_schema(next(t for t in EXPORTED if t.name == table))]
    assert list(frame.columns) == columns + ([] if table == "entities" else ["year", "month"])


def test_only_what_changed_is_written_again(three: Path, landing: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert len(export(DataDir(three), out).written) == 10
    before = _state(out)
    again = export(DataDir(three), out)
    assert (again.written, again.kept_count, again.removed) == ((), 10, ())
    assert _state(out) == before

    (landing / "a.txt").write_text(article(title="Harbour closes again"))
    run(landing, three)
    changed = export(DataDir(three), out)
    december = "year=2015/month=12/part.parquet"
    assert {"articles/" + december, "article_versions/" + december} <= set(changed.written)
    assert changed.removed == ("article_versions/year=0/month=0/part.parquet",)
    assert not any("2016" in path for path in changed.written)
    assert not (out / "article_versions" / "year=0").exists()
    after = _state(out)
    assert {path for path in after if after[path] != before.get(path)} == {*changed.written, "manifest.json"}
    _assert_is_published(out, three)


def test_article_that_moves_to_another_month_moves_in_the_export(
    original: Path, later: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    export(DataDir(original / "home"), out)
    removed = export(DataDir(later), out).removed
    assert "articles/year=2016/month=1/part.parquet" in removed
    assert "quotes/year=2016/month=1/part.parquet" in removed
    assert not (out / "quotes" / "year=2016" / "month=1").exists()
    _assert_is_published(out, later)


@pytest.mark.parametrize(
    "change",
    [
        "update quotes set confidence = confidence / 2 where quote_no = 0",
        "update quotes set cue = null, speaker_name = cue",
        "update mentions set char_start = char_end, char_end = char_start",
        "update articles set cluster_id = 1 where source_path = 'a.txt'",
        "update articles set warnings = ['x'] where source_path = 'c.txt'",
        "update articles set title = (select title from articles where source_path = 'b.txt') "
        "where source_path = 'a.txt'",
        "update entities set external_id = 'Q1' where name = 'Ida Brandt'",
        "delete from quotes",
    ],
)
def test_any_change_of_rows_is_seen(three: Path, tmp_path: Path, change: str) -> None:
    out = tmp_path / "out"
    export(DataDir(three), out)
    with open_to_change(three) as connection:
        connection.execute(change)
    assert export(DataDir(three), out).written
    _assert_is_published(out, three)


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("files", [1, 2, 5, 7])
def test_killed_export_leaves_whole_files_and_the_next_mends_it(
    original: Path, later: Path, tmp_path: Path, files: int, moment: str
) -> None:
    out = tmp_path / "out"
    first = original / "home"
    for home in (first, later):  # into an empty folder, then over an export of other rows
        command = [sys.executable, "-c", KILLED, home, out, str(files), moment]
        assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
        for table in NAMES:
            if any(out.glob(f"{table}/**/*.parquet")):
                _rows_of(out, table)
                pd.read_parquet(out / table)
        export(DataDir(home), out)
        _assert_is_published(out, home)


@pytest.mark.slow
def test_killed_export_of_rows_that_are_undone_later_is_mended(
    original: Path, later: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    export(DataDir(original / "home"), out)
    subprocess.run([sys.executable, "-c", KILLED, later, out, "2", "after"], check=False)
    fixed = export(DataDir(original / "home"), out)  # the manifest is that of these rows, two files are not
    assert fixed.written == ("articles/year=2015/month=12/part.parquet",)
    assert fixed.removed == ("articles/year=2016/month=2/part.parquet",)
    _assert_is_published(out, original / "home")


def test_damaged_and_lost_files_are_written_again(three: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(DataDir(three), out)
    cut, lost, foreign = (
        out / table / "year=2015/month=12/part.parquet" for table in ("quotes", "mentions", "articles")
    )
    cut.write_bytes(cut.read_bytes()[:-20])
    lost.unlink()
    pq.write_table(pa.table({"n": [1]}), foreign)
    (out / "manifest.json").unlink()
    written = export(DataDir(three), out).written
    assert sorted(out / path for path in written) == sorted([cut, lost, foreign])
    _assert_is_published(out, three)


def test_second_export_to_the_folder_is_refused(three: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with FileLock(out / ".lock"), pytest.raises(ExportError, match="Another export is writing to"):
        export(DataDir(three), out)


def test_command_says_what_it_did_and_takes_the_home_s_folder(three: Path) -> None:
    first = carry_out_bytes("export", "--json", home=three)
    facts = json.loads(first.stdout)
    assert (facts["written"], facts["kept"], facts["removed"]) == (10, 0, 0)
    assert facts["out"] == str(three / "export")
    assert facts["bytes"] == sum(f.stat().st_size for f in (three / "export").rglob("*.parquet"))
    again = carry_out("export", home=three).stdout
    assert "0 files written, 10 kept, 0 removed" in again


def test_one_table_goes_to_a_file_or_to_stdout_in_each_format(samples: Path, tmp_path: Path) -> None:
    columns = [field.name for field in arrow_schema(next(t for t in EXPORTED if t.name == "quotes"))]
    expected = rows(samples, "select article_id, text from quotes order by all")
    for format_ in ("csv", "json", "parquet"):
        file = tmp_path / f"quotes.{format_}"
        facts = json.loads(
            carry_out_bytes("export", "--table", "quotes", "--out", file, "--json", home=samples).stdout
        )
        assert facts["row_count"] == len(expected)
        assert facts["bytes"] == file.stat().st_size
        printed = carry_out_bytes("export", "--table", "quotes", "--format", format_, home=samples).stdout
        assert printed == file.read_bytes()
        found = duckdb.sql(
            f"select article_id::bigint as article_id, text from '{file}' order by all"
        ).fetchall()
        assert found == expected
    assert next(csv.reader(io.StringIO((tmp_path / "quotes.csv").read_text("utf-8")))) == columns
    lines = (tmp_path / "quotes.json").read_text("utf-8").splitlines()
    assert [list(json.loads(line)) for line in lines] == [columns] * len(expected)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["quotes.csv", "quotes.json", "quotes.parquet"]
    speakers = carry_out("export", "--table", "mart.speakers", home=samples).stdout.splitlines()
    assert len(speakers) - 1 == rows(samples, "select count(*) from mart.speakers")[0][0]


def test_formulas_are_neutralised_for_a_spreadsheet_only(landing: Path, home: Path) -> None:
    for number, title in enumerate(("=1+1", "+49 rings", "-5 in May", "@home again", "a = b")):
        (landing / f"{number}.txt").write_text(article(title=title))
    run(landing, home)

    def titles(*arguments: str) -> list[str]:
        done = carry_out_bytes("export", "--table", "articles", *arguments, home=home)
        read = csv.DictReader(io.StringIO(done.stdout.decode("utf-8-sig")))
        return [row["title"] for row in read]

    assert sorted(titles()) == ["+49 rings", "-5 in May", "=1+1", "@home again", "a = b"]
    assert sorted(titles("--excel-safe")) == [
        "'+49 rings",
        "'-5 in May",
        "'=1+1",
        "'@home again",
        "a = b",
    ]


def test_a_terminal_gets_no_escapes_of_an_article(three: Path) -> None:
    with open_to_change(three) as connection:
        connection.execute("update quotes set text = chr(27) || '[31mred'")
    ours, theirs = pty.openpty()
    command = [ONTHERECORD, "export", "--table", "quotes", "--home", three]
    subprocess.run(command, stdout=theirs, check=True)
    os.close(theirs)
    shown = os.read(ours, 65536)
    os.close(ours)
    assert rb"\x1b[31mred" in shown
    assert b"\x1b" not in shown
    assert b"\x1b[31mred" in carry_out_bytes("export", "--table", "quotes", home=three).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--table", "nonsense"), 2, "articles, entities, entity_joins, mart.about, mart.co_mentions"),
        (("--table", "ops.runs"), 2, "There is no table 'ops.runs'"),
        (("--table", "quotes", "--format", "xml"), 2, "There are csv, json, parquet, xlsx"),
        (("--table", "quotes", "--out", "quotes.xls"), 2, "says no format. Add --format"),
        (("--table", "quotes", "--format", "json", "--excel-safe"), 2, "add --format csv"),
        (("--table", "quotes", "--json"), 2, "name a file with --out"),
        (("--table", "quotes", "--out", "/nowhere/quotes.csv"), 1, "/nowhere/quotes.csv cannot be written"),
        (("--out", "/dev/null/out"), 1, "another folder with --out"),
    ],
)  # fmt: skip
def test_errors_say_what_there_is(samples: Path, arguments: tuple[str, ...], code: int, says: str) -> None:
    done = carry_out_bytes("export", *arguments, home=samples)
    assert done.returncode == code
    assert says in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_nothing_published_is_said(home: Path) -> None:
    done = carry_out_bytes("export", home=home)
    assert done.returncode == 1
    assert b"ontherecord ingest LANDING" in done.stderr
