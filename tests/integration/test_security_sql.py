"""No query reaches beyond the warehouse, in the prompt, in a file or through our own readers."""

from __future__ import annotations

import re
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from commands import ONTHERECORD
from terminal import on_terminal

from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.publish import open_published

CLOSED = [
    "select * from read_csv('/etc/passwd')",
    "select * from read_text('/etc/passwd')",
    "select * from glob('/etc/*')",
    "copy (select 1) to '{tmp}/x.csv'",
    "copy quotes from '/etc/passwd'",
    "attach '{tmp}/x.duckdb'",
    "install httpfs",
    "load fts",
    "select getenv('HOME')",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "set global allowed_directories = ['/']",
    "export database '{tmp}/x'",
    "create table x as select 1",
    "update articles set title = 'owned'",
    "drop table quotes",
]
CLIENTS_OWN = [".shell touch {tmp}/x", ".system touch {tmp}/x", ".sh touch {tmp}/x", ".open {tmp}/x.duckdb"]
CLIENTS_OWN += [
    ".read /etc/passwd",
    ".import /etc/passwd x",
    ".output {tmp}/x",
    ".once {tmp}/x",
    ".log {tmp}/x",
]
CLIENTS_OWN += [".cd /", ".excel", ".once |touch {tmp}/x"]


@pytest.mark.parametrize(
    "query",
    [
        *CLOSED[::6],
        *CLIENTS_OWN[::6],
        *(
            pytest.param(query, marks=pytest.mark.slow)
            for queries in (CLOSED, CLIENTS_OWN)
            for at, query in enumerate(queries)
            if at % 6
        ),
    ],
)
def test_no_query_reaches_beyond_the_warehouse(samples: Path, tmp_path: Path, query: str) -> None:
    query = query.replace("{tmp}", str(tmp_path))
    (tmp_path / "q.sql").write_text(f"{query}\n" if query.startswith(".") else f"{query};\n")
    for asked in ([query], ["--file", str(tmp_path / "q.sql")]):
        done = subprocess.run(
            [ONTHERECORD, "sql", *asked, "--home", samples], capture_output=True, text=True, check=False
        )
        assert re.search(
            r"disabled|locked|cannot be used in -safe|read-only|not allowed", done.stderr + done.stdout
        ), done
        assert "root:" not in done.stdout
    assert [f.name for f in tmp_path.iterdir()] == ["q.sql"]


def test_no_command_is_run_as_pager(samples: Path, tmp_path: Path) -> None:
    (tmp_path / "q.sql").write_text(f".pager 'touch {tmp_path}/x; cat'\n.pager on\nfrom quotes;\n")
    shown = on_terminal(ONTHERECORD, "sql", "--file", tmp_path / "q.sql", "--home", samples)
    assert "rows" in shown
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("query", CLOSED)
def test_our_own_readers_reach_nothing_else_either(samples: Path, tmp_path: Path, query: str) -> None:
    import duckdb

    with closing(open_published(DataDir(samples))) as connection:
        with pytest.raises(duckdb.Error):
            connection.execute(query.replace("{tmp}", str(tmp_path)))
        assert connection.execute("from search_articles('strait')").fetchone()
    assert list(tmp_path.iterdir()) == []


def test_an_export_writes_its_own_file_only(samples: Path, tmp_path: Path) -> None:
    import duckdb

    draft = tmp_path / "it's.csv"
    with closing(open_published(DataDir(samples), to_write=draft)) as connection:
        for closed in CLOSED:
            with pytest.raises(duckdb.Error):
                connection.execute(closed.replace("{tmp}", str(tmp_path)))
        connection.execute(
            f"copy (select 1 as a) to '{str(draft).replace(chr(39), chr(39) * 2)}' (format csv)"
        )
    assert [f.name for f in tmp_path.iterdir()] == [draft.name]


def test_the_prompt_stays_a_pleasure(samples: Path) -> None:
    keys = (
        "select 6 * 7 as answer;\n.mode line\nfrom search_articles('strait') limit 1;\n.tables\n.help mode\n"
    )
    keys += ".shell touch OWNED\n.quit\n"
    shown = on_terminal(ONTHERECORD, "sql", "--home", samples, keys=keys)
    plain = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", shown)
    assert "46 articles from" in plain
    assert "42" in plain
    assert re.search(r"source_path = .+\.txt", plain)
    assert "speakers_by_month" in plain
    assert "Set output mode" in plain
    assert "cannot be used in -safe mode" in plain


def test_a_query_may_open_with_a_comment(samples: Path) -> None:
    def answer(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [ONTHERECORD, "sql", *arguments, "--home", samples], capture_output=True, text=True, check=False
        )

    assert answer("-- how many?\nselect 42 as n", "--csv").stdout.split() == ["n", "42"]
    assert answer("-- how many?\nselect 42 as n").stdout.count("42") == 1
    wrong = answer("--nonsense")
    assert (wrong.returncode, wrong.stderr.count("--nonsense")) == (2, 1)
    assert answer("--cvs", "select 1").returncode == 2
