"""Exports for other tools: each format, read back by the tool's own library, has what is published."""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pandas as pd
import pytest
from commands import carry_out, carry_out_bytes
from openpyxl import Workbook, load_workbook
from runs import rows

from ontherecord.warehouse.copies import known_copies
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.export import EXPORTED
from ontherecord.warehouse.graph_export import write_graph
from ontherecord.warehouse.spreadsheet import CELL_UNITS, write_workbook
from ontherecord.warehouse.sqlite_export import write_sqlite
from ontherecord.warehouse.whole_file import WholeFile

NAMES = [table.name for table in EXPORTED]
IDS = {"article_id", "entity_id", "speaker_entity_id", "duplicate_of", "cluster_id"}
LONG = "Fog on the quay. " * 2500  # 42,500 characters
SHIPS = "🚢" * 20_000  # 40,000 UTF-16 units
HOSTILE = (
    "=1+1",
    "=",
    "+49 rings",
    "-5 in May",
    "@home again",
    "#N/A",
    "＝1+1",
    'She said "no" and \'no\'; then "so, what"',
    "two\nlines\r\nand\ta tab",
    "a lone\rreturn",
    "zero\x00inside",
    "\x1b[31mred\x07",
    "not a character: \ufffe",
    "ships 🚢 and 👩‍🚒, ﷽, e\u0301",
    "_x0041_ and _x000D_",
    "  spaces around  ",
    "<b>&amp; </b>]]>",
    "\u202ebackwards",
    "1234567890123456789",
    "0123",
    "1e5",
    "TRUE",
    "NULL",
    "",
    LONG,
    SHIPS,
)
# No lone surrogate is among them: DuckDB takes UTF-8 only, so none can be published.


@pytest.fixture(scope="module")
def hostile(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home whose published file has hostile texts in articles, quotes, names, lists and maps."""
    home = tmp_path_factory.mktemp("hostile")
    shutil.copy(samples / "warehouse.duckdb", home)
    file = home / "warehouse.duckdb"
    file.chmod(0o644)
    with duckdb.connect(str(file)) as connection:
        articles, quotes, people = (
            [row for (row,) in connection.execute(query).fetchall()]
            for query in (
                "select article_id from articles order by article_id",
                "select rowid from quotes order by rowid",
                "select entity_id from mart.co_mentions group by all order by sum(article_count) desc",
            )
        )
        for number, text in enumerate(HOSTILE):
            connection.execute(
                "update articles set title = $text, body = $text, authors = [$text, 'Ida Brandt'], "
                "headers = map {'x': $text, $text: ''}, outlet = $text where article_id = $id",
                {"text": text, "id": articles[number]},
            )
            connection.execute("update quotes set text = ? where rowid = ?", [text, quotes[number]])
            if text and text not in (LONG, SHIPS):
                connection.execute(
                    "update entities set name = ? where entity_id = ?", [text, people[number % len(people)]]
                )
        connection.execute(
            "update articles set published_on = '1899-12-31', published_at = '0900-01-01 00:00:00', "
            "authors = null where article_id = ?",
            [articles[-1]],
        )
        connection.execute("update articles set authors = [] where article_id = ?", [articles[-2]])
        connection.execute(
            "insert into article_versions by name select *, loaded_at as superseded_at from articles limit 30"
        )
    return home


def _table(home: Path, table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the columns and rows of a published table, in its order."""
    with closing(duckdb.connect(str(home / "warehouse.duckdb"), read_only=True)) as connection:
        found = connection.execute(f"from {table}")
        return [column[0] for column in found.description or ()], found.fetchall()


def _expected(home: Path, table: str, plain: Callable[[Any], Any]) -> list[list[Any]]:
    """Return a published table as it should be read back: ids and lists as text, others made plain."""
    columns, found = _table(home, table)
    return [
        [
            str(value) if name in IDS and value is not None else plain(value)
            for name, value in zip(columns, row, strict=True)
        ]
        for row in found
    ]


def _flat(value: Any) -> Any:
    """Return lists and maps as text, as flat formats have them."""
    if isinstance(value, list):
        return "; ".join(value)
    if not isinstance(value, dict):
        return value
    # DuckDB writes escapes with capitals.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("u001b", "u001B")


def _short(value: float) -> float:
    """Return a single-precision number with the digits that it is written with."""
    return float(f"{value:.7g}")


def _as_csv(value: Any) -> str:
    flat = _flat(value)
    if flat is None:
        return ""
    if isinstance(flat, bool):
        return str(flat).lower()
    return str(_short(flat)) if isinstance(flat, float) else str(flat)


def _comparable(read: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [[_time(value) for value in row] for row in read]


def _time(value: Any) -> Any:
    """Return a time without zeros at its end, as DuckDB writes it."""
    if isinstance(value, datetime):
        value = str(value)
    is_time = isinstance(value, str) and len(value) > 19 and value[10] == " " and value[19] == "."
    return value.rstrip("0") if is_time else value


@pytest.mark.parametrize("table", [*NAMES, "mart.speakers", "mart.utterances", "mart.data_quality"])
def test_csv_has_every_value_as_text(hostile: Path, tmp_path: Path, table: str) -> None:
    file = tmp_path / "table.csv"
    assert carry_out("export", "--table", table, "--out", file, home=hostile).returncode == 0
    csv.field_size_limit(10_000_000)
    with open(file, encoding="utf-8", newline="") as read:
        heading, *found = csv.reader(read)
    columns, _ = _table(hostile, table)
    assert heading == columns
    if table in NAMES:
        assert _comparable(found) == _comparable(_expected(hostile, table, _as_csv))


def test_csv_is_read_by_pandas(hostile: Path, tmp_path: Path) -> None:
    file = tmp_path / "quote_speakers.csv"
    carry_out("export", "--table", "quote_speakers", "--out", file, home=hostile)
    frame = pd.read_csv(file, dtype=dict.fromkeys(IDS, str))
    columns, published = _table(hostile, "quote_speakers")
    assert list(frame.columns) == columns
    assert list(zip(frame["article_id"], frame["speaker_no"], strict=True)) == [
        (str(row[0]), row[2]) for row in published
    ]


def test_csv_ids_are_quoted_and_those_that_a_spreadsheet_rounds_are_marked(
    hostile: Path, tmp_path: Path
) -> None:
    plain, safe = tmp_path / "plain.csv", tmp_path / "safe.csv"
    carry_out("export", "--table", "mentions", "--out", plain, home=hostile)
    carry_out("export", "--table", "mentions", "--out", safe, "--excel-safe", home=hostile)
    ids = rows(hostile, "select article_id from mentions")
    assert [row.split(",")[0] for row in plain.read_text("utf-8").splitlines()[1:6]] == [
        f'"{id_}"' for (id_,) in ids[:5]
    ]
    with open(safe, encoding="utf-8-sig", newline="") as read:
        marked = [row["article_id"] for row in csv.DictReader(read)]
    assert marked == [f"'{id_}" if id_ >= 10**15 else str(id_) for (id_,) in ids]


def test_csv_for_excel_has_no_formula_in_lists_either(hostile: Path) -> None:
    done = carry_out_bytes("export", "--table", "articles", "--excel-safe", home=hostile)
    found = csv.DictReader(io.StringIO(done.stdout.decode("utf-8-sig"), newline=""))
    authors = [row["authors"] for row in found]
    assert "'=1+1; Ida Brandt" in authors
    assert [cell for cell in authors if cell[:1] in tuple("=+-@＝")] == []


@pytest.mark.parametrize("table", NAMES)
def test_json_has_ids_as_text_and_flat_columns_beside_lists_and_maps(
    hostile: Path, tmp_path: Path, table: str
) -> None:
    file = tmp_path / "table.json"
    carry_out("export", "--table", table, "--out", file, home=hostile)
    found = [json.loads(line) for line in file.read_text("utf-8").split("\n")[:-1]]
    columns, published = _table(hostile, table)
    beside = {
        name for name, *values in zip(columns, *published, strict=True)
        if any(isinstance(value, list | dict) for value in values)
    }  # fmt: skip
    expected = _expected(hostile, table, lambda value: _short(value) if isinstance(value, float) else value)
    for read, row in zip(found, expected, strict=True):
        for name, value in zip(columns, row, strict=True):
            plain = str(value) if isinstance(value, date) else value
            assert _time(read[name]) == _time(plain), name
            if name in beside:
                assert read[f"{name}_text"] == _flat(value)
    if table == "articles":
        assert beside == {"authors", "warnings", "headers"}


def test_parquet_keeps_types_ids_lists_and_maps(hostile: Path, tmp_path: Path) -> None:
    file = tmp_path / "articles.parquet"
    carry_out("export", "--table", "articles", "--out", file, home=hostile)
    assert duckdb.sql(f"from '{file}'").fetchall() == rows(hostile, "from articles")


def test_sqlite_has_all_tables_as_they_are_published(hostile: Path, tmp_path: Path) -> None:
    file = tmp_path / "press.sqlite"
    done = write_sqlite(DataDir(hostile), file)
    assert [p.name for p in tmp_path.iterdir()] == ["press.sqlite"]
    assert done.row_counts == {
        name: count for name in NAMES for (count,) in rows(hostile, f"select count(*) from {name}")
    }

    def plain(value: Any) -> Any:
        flat = _flat(value)
        if isinstance(flat, bool):
            return int(flat)
        return str(flat) if isinstance(flat, date) else _short(flat) if isinstance(flat, float) else flat

    with closing(sqlite3.connect(file)) as connection:
        for table in NAMES:
            columns, _ = _table(hostile, table)
            names = ", ".join(f'"{name}"' for name in columns)
            found = connection.execute(f"select {names} from {table} order by rowid").fetchall()
            assert _comparable(found) == _comparable(_expected(hostile, table, plain)), table
        ids = connection.execute("select distinct typeof(article_id) from quotes").fetchall()
        assert ids == [("text",)]
        frame = pd.read_sql("select * from quotes", connection)
        assert frame["article_id"].map(type).eq(str).all()
        [authors] = connection.execute(
            "select authors, authors_json, headers ->> 'x' from articles where title = '=1+1'"
        ).fetchall()
        assert authors == ("=1+1; Ida Brandt", '["=1+1","Ida Brandt"]', "=1+1")


def test_sqlite_has_keys_references_search_comments_and_a_view(hostile: Path, tmp_path: Path) -> None:
    file = tmp_path / "press.sqlite"
    write_sqlite(DataDir(hostile), file)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        for table, key in (
            ("articles", ["article_id"]),
            ("quotes", ["article_id", "quote_no"]),
            ("quote_speakers", ["article_id", "quote_no", "speaker_no"]),
        ):
            found = connection.execute(f"pragma table_info({table})").fetchall()
            assert [name for _, name, *_, place in sorted(found, key=lambda c: c[-1]) if place] == key
        referred = {row[2:5] for row in connection.execute("pragma foreign_key_list(quote_speakers)")}
        assert referred == {
            ("articles", "article_id", "article_id"),
            ("entities", "speaker_entity_id", "entity_id"),
            ("quotes", "article_id", "article_id"),
            ("quotes", "quote_no", "quote_no"),
        }
        [(schema,)] = connection.execute("select sql from sqlite_master where name = 'quotes'").fetchall()
        assert '"text" text, -- The words, without quotation marks.' in schema
        meanings = dict(
            connection.execute("select column_name, meaning from dictionary where table_name = 'quotes'")
        )
        assert meanings["text"] == "The words, without quotation marks."
        assert set(meanings) == set(_table(hostile, "quotes")[0])
        # A search finds other forms of a word, without its accents.
        found = connection.execute(
            "select text from quotes where rowid in (select rowid from quotes_fts where quotes_fts match ?)",
            ["backward OR inside"],
        ).fetchall()
        assert {"zero\x00inside", "\u202ebackwards"} <= {text for (text,) in found}
        # Datasette looks for this in the schema.
        [(search,)] = connection.execute("select sql from sqlite_master where name = 'quotes_fts'").fetchall()
        assert 'content="quotes"' in search
        [(count,)] = connection.execute("select count(*) from quotes_in_articles").fetchall()
        assert [(count,)] == rows(hostile, "select count(*) from quotes")


def test_one_view_goes_to_sqlite_and_to_a_workbook(samples: Path, tmp_path: Path) -> None:
    for file, says in (("s.sqlite", "mart.speakers 113"), ("s.xlsx", "mart.speakers 113")):
        done = carry_out("export", "--table", "mart.speakers", "--out", tmp_path / file, home=samples)
        assert says.split()[0] in done.stdout
    [(count,)] = rows(samples, "select count(*) from mart.speakers")
    with closing(sqlite3.connect(tmp_path / "s.sqlite")) as connection:
        assert connection.execute("select count(*) from mart_speakers").fetchall() == [(count,)]
    assert len(pd.read_excel(tmp_path / "s.xlsx", sheet_name="mart.speakers")) == count


def _in_a_cell(value: Any) -> Any:
    """Return what a cell of a workbook should have for a published value."""
    flat = _flat(value)
    if isinstance(flat, float):
        return _short(flat)
    if isinstance(flat, date):
        day = flat.date() if isinstance(flat, datetime) else flat
        return str(flat) if day < date(1900, 3, 1) else datetime.fromisoformat(str(flat))
    if not isinstance(flat, str):
        return flat
    for character, shown in (("\x00", r"\x00"), ("\x1b", r"\x1b"), ("\x07", r"\x07"), ("\ufffe", r"\xfffe")):
        flat = flat.replace(character, shown)
    return flat.replace("_x00", "_x005F_x00") or None


@pytest.fixture(scope="module")
def workbook(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[str, ...]]:
    file = tmp_path_factory.mktemp("workbook") / "press.xlsx"
    notes = write_workbook(DataDir(hostile), file).notes
    assert [p.name for p in file.parent.iterdir()] == ["press.xlsx"]
    return file, notes


@pytest.fixture(scope="module")
def opened(workbook: tuple[Path, tuple[str, ...]]) -> Workbook:
    return load_workbook(workbook[0])


@pytest.mark.parametrize("table", NAMES)
def test_workbook_has_every_table_and_no_formula(hostile: Path, opened: Workbook, table: str) -> None:
    assert opened.sheetnames == [*NAMES, "columns"]
    sheet = opened[table]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d", "b", "inlineStr"}
    heading, *found = sheet.iter_rows(values_only=True)
    assert list(heading) == _table(hostile, table)[0]
    expected = _expected(hostile, table, _in_a_cell)
    assert len(found) == len(expected)
    for read, row in zip(found, expected, strict=True):
        for name, cell, value in zip(heading, read, row, strict=True):
            if isinstance(value, str) and len(value.encode("utf-16-le")) > 2 * CELL_UNITS:
                assert len(cell.encode("utf-16-le")) <= 2 * CELL_UNITS
                before, _, mark = cell.rpartition(" […] (cut: it has ")
                assert value.startswith(before)
                assert len(before) > 16_000
                assert mark.endswith(" characters)")
            elif isinstance(value, datetime):  # to a millisecond
                assert abs(cell - value).total_seconds() < 0.001, name
            else:
                assert cell == value, name


def test_workbook_tells_what_was_cut_and_replaced(workbook: tuple[Path, tuple[str, ...]]) -> None:
    cut, replaced = workbook[1]
    assert cut.startswith("Cells cut at 32,767 characters, which their ends say: 2 in title, ")
    assert "2 in text" in cut
    assert cut.endswith("; --format csv, json and sqlite have them whole.")
    assert replaced.startswith("Cells with control characters, written as \\xNN: ")


def test_workbook_is_read_by_pandas_with_ids_as_text(
    hostile: Path, workbook: tuple[Path, tuple[str, ...]]
) -> None:
    # pandas makes a number of what looks like one, unless it is told.
    frame = pd.read_excel(workbook[0], sheet_name="quotes", dtype={"article_id": str})
    assert [(id_,) for id_ in frame["article_id"]] == rows(hostile, "select article_id::varchar from quotes")
    assert frame["confidence"].tolist() == [
        _short(value) for (value,) in rows(hostile, "select confidence from quotes")
    ]
    meanings = pd.read_excel(workbook[0], sheet_name="columns")
    assert set(meanings["table"]) == set(NAMES)


def test_rows_that_a_sheet_cannot_hold_go_to_another(hostile: Path, tmp_path: Path) -> None:
    file = tmp_path / "quotes.xlsx"
    done = write_workbook(DataDir(hostile), file, "quotes", sheet_rows=201)
    count = done.row_counts["quotes"]
    book = load_workbook(file, read_only=True)
    sheets = -(-count // 200)
    assert book.sheetnames == ["quotes", *(f"quotes {n}" for n in range(2, sheets + 1)), "columns"]
    assert done.notes[0] == f"quotes takes {sheets} sheets: one holds 200 rows."
    found = [row for name in book.sheetnames[:-1] for row in list(book[name].values)[1:]]
    assert [row[:2] for row in found] == rows(hostile, "select article_id::varchar, quote_no from quotes")
    exact = write_workbook(DataDir(hostile), file, "quotes", sheet_rows=count + 1)
    assert not any("sheets" in note for note in exact.notes)


GEXF = "{http://gexf.net/1.3}"


def _graph(file: Path) -> tuple[ET.Element, dict[str, ET.Element], list[ET.Element]]:
    """Parse a graph and check that it is GEXF 1.3; return the graph, its nodes by id, and its edges."""
    root = ET.parse(file).getroot()
    assert (root.tag, root.get("version")) == (f"{GEXF}gexf", "1.3")
    assert [child.tag for child in root] == [f"{GEXF}meta", f"{GEXF}graph"]
    graph = root[1]
    assert [child.tag.removeprefix(GEXF) for child in graph] == [
        "attributes", "attributes", "nodes", "edges",
    ]  # fmt: skip
    declared = {
        group.get("class"): {a.get("id"): a.get("type") for a in group}
        for group in graph.findall(f"{GEXF}attributes")
    }
    assert list(declared) == ["node", "edge"]
    nodes = {str(node.get("id")): node for node in graph.iterfind(f"{GEXF}nodes/{GEXF}node")}
    edges = graph.findall(f"{GEXF}edges/{GEXF}edge")
    assert len({edge.get("id") for edge in edges}) == len(edges)
    for class_, elements in (("node", nodes.values()), ("edge", edges)):
        for element in elements:
            assert [child.tag for child in element] == [f"{GEXF}attvalues"]
            for value in element[0]:
                type_ = declared[class_][value.get("for")]
                assert type_ in ("string", "long")
                assert type_ == "string" or str(value.get("value")).isdecimal()
    ends = {str(edge.get(end)) for edge in edges for end in ("source", "target")}
    assert ends == set(nodes)
    return graph, nodes, edges


@pytest.mark.parametrize("at_least", [1, 2, 3])
def test_graph_has_people_who_are_mentioned_together(hostile: Path, tmp_path: Path, at_least: int) -> None:
    file = tmp_path / "names.gexf"
    done = write_graph(DataDir(hostile), file, at_least=at_least)
    graph, nodes, edges = _graph(file)
    assert graph.get("defaultedgetype") == "undirected"
    pairs = rows(
        hostile,
        "select entity_id::varchar, other_id::varchar, sum(article_count)::integer as articles "
        "from mart.co_mentions group by all",
    )
    strong = {pair for pair in pairs if pair[2] >= at_least}
    assert strong
    assert {(e.get("source"), e.get("target"), int(e.get("weight", 0))) for e in edges} == strong
    assert done.row_counts == {"nodes": len(nodes), "edges": len(strong)}
    weak = len(pairs) - len(strong)
    note = (
        f"An edge has at least {at_least} articles: {weak} weaker ones are left out. --at-least 1 takes all."
    )
    assert done.notes == ((note,) if weak else ())
    names = dict(rows(hostile, "select entity_id::varchar, name from entities"))
    mentions = dict(rows(hostile, "select entity_id::varchar, count(*) from mentions group by all"))
    for id_, node in nodes.items():
        label = names[id_].replace("\x00", r"\x00").replace("\x1b", r"\x1b").replace("\x07", r"\x07")
        assert node.get("label") == label.replace("\ufffe", r"\xfffe")
        values = {value.get("for"): value.get("value") for value in node[0]}
        assert values["kind"] == "person"
        assert values["mention_count"] == str(mentions[id_])


def test_graph_has_who_speaks_about_whom(samples: Path, tmp_path: Path) -> None:
    file = tmp_path / "about.gexf"
    arguments = ("--edges", "speaks-about", "--at-least", "1", "--out", file, "--json")
    facts = json.loads(carry_out_bytes("export", *arguments, home=samples).stdout)
    graph, nodes, edges = _graph(file)
    assert graph.get("defaultedgetype") == "directed"
    expected = rows(
        samples,
        "select speaker, entity, quote_count from mart.speaker_topics "
        "where kind in ('person', 'organization')",
    )
    labels = {id_: node.get("label") for id_, node in nodes.items()}
    assert sorted(
        (labels[str(e.get("source"))], labels[str(e.get("target"))], int(e.get("weight", 0))) for e in edges
    ) == sorted(expected)
    assert facts["row_counts"] == {"nodes": len(nodes), "edges": len(edges)}
    assert facts["notes"] == []


def test_files_get_names_of_ours_in_the_current_folder(
    samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(samples / "warehouse.duckdb", home)
    monkeypatch.chdir(tmp_path)
    for arguments, name in (
        (("--format", "xlsx"), "ontherecord.xlsx"),
        (("--format", "sqlite", "--table", "quotes"), "quotes.sqlite"),
        (("--format", "gexf", "--out", tmp_path / "home"), "home/ontherecord.gexf"),
        (("--out", "press.db"), "press.db"),
    ):
        done = carry_out("export", *arguments, home=home)
        assert f"{name} (" in done.stdout, done.stderr
        assert (tmp_path / name).stat().st_size > 1000
    made = carry_out("export", "--format", "csv", home=home)
    assert made.stdout.startswith("Wrote 6 files to ontherecord-csv (articles 46, ")
    assert sorted(p.stem for p in (tmp_path / "ontherecord-csv").iterdir()) == sorted(NAMES)
    # All are known, so that `forget` names them.
    known = {
        Path(copy.path).relative_to(tmp_path).as_posix() for copy in known_copies(DataDir(home), "table")
    }
    assert known == {
        "ontherecord.xlsx", "quotes.sqlite", "home/ontherecord.gexf", "press.db",
        *(f"ontherecord-csv/{name}.csv" for name in NAMES),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--format", "xml"), 2, "There are csv, json, parquet, xlsx, sqlite, gexf"),
        (("--out", "quotes.csv"), 2, "name it with --table"),
        (("--format", "xlsx", "--table", "nonsense"), 2, "There is no table 'nonsense'"),
        (("--format", "gexf", "--table", "quotes"), 2, "leave out --table"),
        (("--format", "gexf", "--edges", "love"), 2, "There are mentioned-together and speaks-about"),
        (("--format", "sqlite", "--at-least", "3"), 2, "add --format gexf"),
        (("--format", "xlsx", "--excel-safe"), 2, "leave out --excel-safe"),
        (("--out", "/nowhere/press.xlsx"), 1, "/nowhere/press.xlsx cannot be written"),
        (("--out", "/nowhere/press.sqlite"), 1, "/nowhere/press.sqlite cannot be written"),
        (("--out", "/nowhere/press.gexf"), 1, "/nowhere/press.gexf cannot be written"),
        (("--format", "csv", "--out", "/dev/null/out"), 1, "another folder with --out"),
    ],
)
def test_errors_say_what_to_do(samples: Path, arguments: tuple[str, ...], code: int, says: str) -> None:
    done = carry_out("export", *arguments, home=samples)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_exports_of_one_state_have_the_same_bytes(hostile: Path, tmp_path: Path) -> None:
    file = tmp_path / "press"
    writers: tuple[Callable[[DataDir, Path], WholeFile], ...] = (write_sqlite, write_graph)
    for write in writers:
        write(DataDir(hostile), file)
        before = file.read_bytes()
        write(DataDir(hostile), file)
        assert file.read_bytes() == before


@pytest.mark.parametrize("name", ["press.xlsx", "press.sqlite", "press.gexf", "quotes.csv"])
def test_full_disk_is_told_and_leaves_the_old_file(samples: Path, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text("the old one")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, before[1]))
    try:
        with TemporaryDirectory() as home:
            (Path(home) / "warehouse.duckdb").symlink_to(samples / "warehouse.duckdb")
            table = ["--table", "quotes"] if name == "quotes.csv" else []
            done = carry_out("export", "--out", file, *table, home=Path(home))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert done.returncode == 1
    assert f"{file} cannot be written: " in done.stderr
    assert "has free space" in done.stderr
    assert "IO_EFBIG" not in done.stderr
    assert "beyond 8,192 bytes" in done.stderr
    assert "Traceback" not in done.stderr
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [(name, "the old one")]


def test_drafts_of_killed_exports_are_known_and_removed(samples: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(samples / "warehouse.duckdb", home)
    out = tmp_path / "out"
    out.mkdir()
    file = out / "names.gexf"
    carry_out("export", "--out", file, home=home)
    file.unlink()
    assert known_copies(DataDir(home), "table") == []
    gone = subprocess.Popen(["true"])
    gone.wait()
    (out / f".names.gexf.{gone.pid}").write_text("half")
    (out / f".names.gexf.{gone.pid}-abc").mkdir()
    (out / f".names.gexf.{gone.pid}-abc" / "sheet").write_text("half")
    (out / f".names.gexf.{os.getppid()}").write_text("of another process")
    (out / ".names.gexf.old").write_text("not ours")
    assert [copy.path for copy in known_copies(DataDir(home), "table")] == [str(file)]
    carry_out("export", "--out", file, home=home)
    assert sorted(p.name for p in out.iterdir()) == [
        f".names.gexf.{os.getppid()}", ".names.gexf.old", "names.gexf",
    ]  # fmt: skip


# Kills itself before the file is put in place.
KILLED = """
import os, signal, sys
from pathlib import Path
from ontherecord.flows.cli import main
from ontherecord.warehouse import drafts

def kill(draft, file):
    if file.name == "copies.json":
        draft.replace(file)
    else:
        os.kill(os.getpid(), signal.SIGKILL)

drafts.atomic_replace = kill
main.main()
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["press.xlsx", "press.sqlite", "press.gexf", "quotes.csv"])
def test_killed_export_leaves_the_old_file_and_the_next_cleans_up(
    samples: Path, tmp_path: Path, name: str
) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    home.mkdir()
    out.mkdir()
    shutil.copy(samples / "warehouse.duckdb", home)
    file = out / name
    file.write_text("the old one")
    command = ["export", "--out", str(file), "--home", str(home)]
    command += ["--table", "quotes"] if name == "quotes.csv" else []
    killed = subprocess.run([sys.executable, "-c", KILLED, *command], check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    assert file.read_text() == "the old one"
    assert len(list(out.iterdir())) > 1
    file.unlink()
    assert [copy.path for copy in known_copies(DataDir(home), "table")] == [str(file)]
    assert carry_out(*command).returncode == 0
    assert [p.name for p in out.iterdir()] == [name]
