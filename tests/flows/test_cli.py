"""The command line as its users meet it: what it prints, how it exits."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from commands import ONTHERECORD, carry_out, carry_out_bytes
from runs import ARTICLES, article, open_to_change, run


def cli(
    *arguments: str | Path, home: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Start a process that carries out a command."""
    env = {**os.environ, **({"ONTHERECORD_HOME": str(home)} if home else {}), **environment}
    return subprocess.run(
        [ONTHERECORD, *arguments], capture_output=True, text=True, env=env, check=False, timeout=120
    )


def test_help_names_every_command() -> None:
    from ontherecord.flows.cli.main import app, quarantine

    done = cli("--help")
    assert done.returncode == 0
    for name in app.lazy:
        assert re.search(rf"^  {name} ", done.stdout, re.MULTILINE)
    done = cli("quarantine", "--help")
    for name in quarantine.lazy:
        assert re.search(rf"^  {name} ", done.stdout, re.MULTILINE)


def test_ingest_without_a_server_says_so_and_counts(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    (landing / "b.txt").write_text("nothing")
    done = cli("ingest", landing, home=home)
    assert done.returncode == 0, done.stderr
    assert "running directly" in done.stderr
    assert "files 1-2 of 2: 1 loaded, 1 quarantined" in done.stderr
    assert done.stdout.startswith("2 files: 1 loaded, 0 unchanged, 0 duplicate, 1 quarantined")
    assert "1 quarantined by headers_missing: b.txt" in done.stdout
    again = carry_out("ingest", landing, home=home)
    assert "Nothing changed, nothing was published." in again.stdout
    facts = json.loads(carry_out("ingest", landing, "--json", home=home).stdout)
    assert (facts["landed"], facts["unchanged"], facts["published"]) == (2, 2, False)


def test_data_docs_are_built_on_demand(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article(date="soon"))
    facts = json.loads(carry_out("ingest", landing, "--data-docs", "--json", home=home).stdout)
    pages = [p.read_text() for p in (home / "data_docs").rglob("*.html")]
    assert Path(facts["data_docs"]).exists()
    assert any("date_unreadable" in page or "published_at" in page for page in pages)


def test_status_check_and_publish(samples: Path, home: Path) -> None:
    shutil.copytree(samples, home, symlinks=True)
    facts = json.loads(carry_out("status", "--json", home=home).stdout)
    assert facts["articles"] == len(list(ARTICLES.rglob("*.txt")))
    assert facts["runs"][-1]["loaded"] == facts["articles"]
    assert f"articles             {facts['articles']}" in carry_out("status", home=home).stdout
    checks = json.loads(carry_out("check", "--json", home=home).stdout)
    assert len(checks) >= 8
    assert {c["rows"] for c in checks} == {0}
    published = json.loads(carry_out("publish", "--json", home=home).stdout)
    assert published["bytes"] == (home / "warehouse.duckdb").stat().st_size


def test_check_exits_1_when_a_rule_is_broken(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, home)
    with open_to_change(home) as connection:
        connection.execute("update quotes set text = 'nobody said this'")
    done = carry_out("check", home=home)
    assert done.returncode == 1
    assert re.search(r"quote_offsets_match_text +1 ", done.stdout)


def test_sql_prints_rows_as_table_json_and_csv(samples: Path) -> None:
    query = "select count(*) as n from quotes"
    assert "│" in cli("sql", query, home=samples).stdout
    [row] = json.loads(cli("sql", query, "--json", home=samples).stdout)
    assert cli("sql", query, "--csv", home=samples).stdout.split() == ["n", str(row["n"])]
    assert cli("sql", "select nonsense", home=samples).returncode == 1
    done = cli("sql", "delete from quotes", home=samples)
    assert done.returncode == 1
    assert "read-only" in done.stderr


def test_sql_prompt_greets_with_what_is_there(samples: Path) -> None:
    done = subprocess.run(
        [ONTHERECORD, "sql", "--home", samples],
        input="select 6 * 7 as answer;\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.match(r"\d+ articles from 2015-12-\d\d to 2016-03-\d\d, \d+ quotes", done.stdout)
    assert "42" in done.stdout


def test_quarantine_lists_and_shows_and_gives_the_bytes_back(landing: Path, home: Path) -> None:
    assert carry_out("quarantine", "list", home=home).returncode == 1  # nothing is published yet
    (landing / "good.txt").write_text(article())
    run(landing, home)
    assert carry_out("quarantine", "list", home=home).stdout == "No quarantined files.\n"
    wrong = article(title="A \x1b[31mred\x1b[0m day", date="someday").encode() + b"\xff\n"
    (landing / "bad.txt").write_bytes(wrong)
    run(landing, home)
    (landing / "bad.txt").unlink()
    assert "bad.txt   [someday]" in carry_out("quarantine", "list", home=home).stdout
    [row] = json.loads(carry_out("quarantine", "list", "--json", home=home).stdout)
    assert (row["source_path"], row["rule"]) == ("bad.txt", "date_unreadable")
    shown = carry_out("quarantine", "show", "bad.txt", home=home).stdout
    assert "date_unreadable: The date cannot be parsed" in shown
    assert "\x1b" not in shown
    raw = carry_out_bytes("quarantine", "show", "bad.txt", "--raw", home=home)
    assert raw.stdout == wrong
    done = carry_out("quarantine", "show", "other.txt", home=home)
    assert done.returncode == 1
    assert "quarantine list" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "says"),
    [
        (("ingest",), {}, 2, "ontherecord ingest FOLDER"),
        (("ingest", "nowhere"), {}, 1, "does not exist. Create it"),
        (("ingest", "nowhere", "--batch-size", "0"), {}, 2, "--batch-size is '0', but must be 1"),
        (("status",), {"ONTHERECORD_WORKERS": "many"}, 2, "ONTHERECORD_WORKERS is 'many'"),
        (("status",), {}, 1, "ontherecord ingest LANDING"),
        (("check",), {}, 1, "ontherecord ingest LANDING"),
        (("publish",), {}, 1, "ontherecord ingest LANDING"),
        (("sql", "select 1"), {}, 1, "ontherecord ingest LANDING"),
        (("quarantine", "list"), {}, 1, "ontherecord ingest LANDING"),
        (("nonsense",), {}, 2, "There is no command 'nonsense'"),
        (("ingest", "--nonsense"), {}, 2, "No such option"),
    ],
)  # fmt: skip
def test_errors_say_what_next_and_exit_as_designed(
    home: Path, arguments: tuple[str, ...], environment: dict[str, str], code: int, says: str
) -> None:
    done = carry_out(*arguments, home=home, **environment)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_file_in_the_home_is_read(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    home.mkdir()
    (home / "ontherecord.toml").write_text(f'landing = "{landing}"\n')
    assert carry_out("ingest", home=home).stdout.startswith("1 file: 1 loaded")
