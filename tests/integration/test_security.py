"""Nothing that a file says, or is called, acts where it is shown."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sqlite3
import stat
import subprocess
import unicodedata
from contextlib import closing
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from commands import ONTHERECORD, carry_out
from markdown_it import MarkdownIt
from runs import article, rows, run
from terminal import on_terminal

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
# fmt: off
HOSTILE = {
    "sql": "Robert'); drop table articles; --",
    "script": "<script>document.title='owned'</script>",
    "picture": "<img src=x onerror=document.title='owned'><svg onload=alert(1)>",
    "attribute": "\" onmouseover=\"alert(1)\" x='",
    "link": "[click](javascript:alert(1)) ![p](https://evil.example/x.png) <https://evil.example>",
    "bare": "https://evil.example/ www.evil.example me@evil.example",
    "table": "a | b |\t`c` **d** # e",
    "colour": "\x1b[31mred\x1b[0m \x1b[2J",
    "window": "\x1b]0;owned\x07 \x1b]8;;https://evil.example\x1b\\here\x1b]8;;\x1b\\",
    "c1": "\x9b31mred \x9d0;owned\x9c",
    "turned": "\u202egnp.exe \u2066x\u2069 \u200e\u061c",
    "formula": "=cmd|' /C calc'!A0",
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "template": "{{ 7 * 7 }} {% raw %} {0} {x!r} %s %(x)s ${HOME}",
    "rich": "[red]x[/red] [/nothing] [link=https://evil.example]y[/link]",
    "shell": "$(touch OWNED) `touch OWNED`; touch OWNED",
    "long": "A very long one " * 650,
}
# fmt: on
NOT_OURS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Hostile:
    """A home into which everything hostile was loaded by a Prefect run, and what the run printed."""

    home: Path
    printed: str


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    folder = tmp_path_factory.mktemp("hostile")
    landing, home = folder / "landing", folder / "home"
    landing.mkdir()
    for number, (name, text) in enumerate(HOSTILE.items()):
        file = f"{name} {text[:60].replace('/', '_')}.txt"
        good = article(
            title=f"{text} {number}",
            section=text,
            body=f'"We are {text} open," said Ida {text[:80]} Brandt. {number}\n{text}',
        ).replace("Supertitle: ", f"Supertitle: {text}")
        (landing / file).write_text(good, encoding="utf-8")
        (landing / f"bad {file}").write_text(article(title=text, date=text), encoding="utf-8")
    (landing / "zero \x1b[31m.txt").write_bytes(article().encode() + b"\0\x1b[31m\0")
    done = subprocess.run(
        [ONTHERECORD, "ingest", landing, "--home", home, "--prefect", "--data-docs", "--workers", "1"],
        capture_output=True,
        cwd=folder,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    # A second version of one, for what changed.
    file = next(landing.glob("colour*.txt"))
    file.write_text(file.read_text().replace("We are", f"We are not {HOSTILE['rich']}"))
    run(landing, home)
    assert not list(folder.rglob("OWNED"))
    return Hostile(home, (done.stdout + done.stderr).decode())


def ask(hostile: Hostile, *arguments: str) -> str:
    done = carry_out(*arguments, home=hostile.home)
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def test_what_files_say_is_stored_as_text(hostile: Hostile) -> None:
    def cleaned(text: str) -> str:
        kept = "".join(c for c in text if c == "\t" or not NOT_OURS.match(c) or c in "\u061c\u200e")
        return " ".join(kept.split())

    stored = {title for (title,) in rows(hostile.home, "select title from articles")}
    assert stored == {
        cleaned(f"{text} {n}") for n, (name, text) in enumerate(HOSTILE.items()) if name != "long"
    }
    # The bad ones, the one with zero bytes, and that whose headline is too long for one.
    quarantined = rows(hostile.home, "select count(distinct source_path) from ops.quarantine")
    assert quarantined == [(len(HOSTILE) + 2,)]


def test_what_a_run_prints_and_logs_steers_no_terminal(hostile: Hostile) -> None:
    assert "quarantined" in hostile.printed
    assert NOT_OURS.findall(hostile.printed) == []
    with closing(sqlite3.connect(hostile.home / "prefect" / "prefect.db")) as prefect:
        logged = [line for (line,) in prefect.execute("select message from log")]
    assert any("discover" in line for line in logged)
    assert [line for line in logged if NOT_OURS.search(line)] == []


@pytest.mark.parametrize(
    "command",
    [
        "status",
        "status --json",
        "check",
        "quarantine list",
        "quarantine list --json",
        "versions \x1b[31m.txt",
        "quarantine show \x1b]0;owned\x07\x9b31m",
        "export --table \x1b[31m",
        "sql --file \x1b[31m",
        "alerts list",
        "dictionary",
    ],
)
def test_what_commands_print_steers_no_terminal(hostile: Hostile, command: str) -> None:
    printed = ask(hostile, *command.split(" "))
    assert printed
    assert NOT_OURS.findall(printed) == []


def test_what_is_shown_of_one_file_steers_no_terminal(hostile: Hostile) -> None:
    query = "select source_path, count(*) over () from"
    [(changed, _)] = rows(hostile.home, f"{query} articles where version = 2")
    [(bad, _)] = rows(hostile.home, f"{query} ops.quarantine where source_path like 'bad window%'")
    for command in (("versions", changed), ("versions", changed, "--diff"), ("quarantine", "show", bad)):
        assert (printed := ask(hostile, *command))
        assert NOT_OURS.findall(printed) == []
        on_a_terminal = on_terminal(ONTHERECORD, *command, "--home", hostile.home)
        left = re.sub(r"\x1b\[(0|1|9|32|9;31)?m", "", on_a_terminal)  # colours of our own
        assert NOT_OURS.findall(left.replace("\r\n", "\n")) == []


@pytest.mark.parametrize("mode", ["--json", "--csv", ""])
def test_answers_of_sql_steer_no_terminal(hostile: Hostile, mode: str) -> None:
    query = "select source_path, title, section from articles union all select source_path, value, rule "
    query += "from ops.quarantine"
    printed = on_terminal(ONTHERECORD, "sql", *filter(None, [mode]), query, "--home", hostile.home)
    assert "Robert'" in printed
    assert NOT_OURS.findall(printed.replace("\r\n", "\n")) == []


class Page(HTMLParser):
    """The elements and attributes of a page, as a browser sees them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def assert_inert(self) -> None:
        """Assert that no element or attribute of a file's making is in the page."""
        for _, attributes in self.elements:
            assert "onerror" not in attributes
            assert "onload" not in attributes
            assert "onmouseover" not in attributes
            for value in attributes.values():
                assert "evil.example" not in (value or "")
                assert not (value or "").strip().lower().startswith("javascript:alert")
            assert attributes.get("src") != "x"
        assert ("script", {}) not in [e for e in self.elements if "owned" in str(e)]


def test_the_report_shows_markup_as_text(hostile: Hostile) -> None:
    html = (hostile.home / "report.html").read_text()
    page = Page(html)
    page.assert_inert()
    assert {tag for tag, _ in page.elements} & {"script", "img", "iframe", "object", "embed", "form"} == set()
    assert "onerror=document.title" in page.text
    assert NOT_OURS.findall(html) == []


def test_data_docs_show_markup_as_text(hostile: Hostile) -> None:
    pages = [page.read_text() for page in (hostile.home / "data_docs").rglob("*.html")]
    assert any("owned" in page for page in pages)  # they do show what is wrong
    for html in pages:
        Page(html).assert_inert()
        assert "<script>document.title" not in html


@pytest.mark.skipif(CHROMIUM is None, reason="no browser is here to open the pages in")
def test_a_browser_runs_nothing_of_a_file(hostile: Hostile, tmp_path: Path) -> None:
    report = (hostile.home / "report.html").read_text()
    # Without its policy, which would forbid any script: what is left is the escaping alone.
    bare = re.sub(r"<meta http-equiv=[^\n]*\n", "", report)
    assert bare != report
    (tmp_path / "bare.html").write_text(bare)
    flags = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/profile"]
    done = subprocess.run(
        [str(CHROMIUM), *flags, "--dump-dom", f"file://{tmp_path}/bare.html"],
        capture_output=True,
        check=False,
        timeout=60,
    )
    dom = done.stdout.decode()
    assert "<title>On the Record: report</title>" in dom
    assert "onerror=document.title" in Page(dom).text


def test_artifacts_of_the_dashboard_show_markup_as_text(hostile: Hostile) -> None:
    with closing(sqlite3.connect(hostile.home / "prefect" / "prefect.db")) as prefect:
        artifacts = dict(prefect.execute("select key, data from artifact where key is not null"))
    summary = json.loads(artifacts["ingest-summary"])
    quarantined = json.loads(json.loads(artifacts["quarantined"]))
    assert len({row["file"] for row in quarantined}) == len(HOSTILE) + 2
    cells = [str(cell) for row in quarantined for cell in row.values() if cell]
    for text in (summary, *cells):
        assert NOT_OURS.findall(text) == []
        shown = MarkdownIt("commonmark").enable("table").render(text)
        page = Page(shown)
        page.assert_inert()
        assert {tag for tag, _ in page.elements} & {"a", "img", "script", "svg"} == set()
        # What GitHub's Markdown makes links of without being asked.
        assert re.findall(r"(?i)https?://|www\.|\w@\w", text) == []
    columns = [len(re.findall(r"(?<!\\)\|", line)) for line in summary.splitlines() if line.startswith("|")]
    assert set(columns) == {9, 3}  # the tables are ours: counts, and warnings


def test_exports_keep_text_and_make_it_safe_for_spreadsheets(hostile: Hostile, tmp_path: Path) -> None:
    plain, safe = tmp_path / "plain.csv", tmp_path / "safe.csv"
    ask(hostile, "export", "--table", "articles", "--out", str(plain))
    ask(hostile, "export", "--table", "articles", "--out", str(safe), "--excel-safe")
    stored = rows(hostile.home, "select title, source_path from articles order by all")
    csv.field_size_limit(10_000_000)
    with open(plain, encoding="utf-8", newline="") as file:
        assert sorted((row["title"], row["source_path"]) for row in csv.DictReader(file)) == stored
    with open(safe, encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.DictReader(file) for cell in row.values()]
    assert "'" + HOSTILE["formula"] in cells
    assert [cell for cell in cells if re.match(r"[=+@＝＋－＠\t\r]|-\D", cell)] == []


def test_no_file_of_the_home_or_of_an_export_has_a_name_of_a_senders_making(
    hostile: Hostile, tmp_path: Path
) -> None:
    ask(hostile, "export", "--out", str(tmp_path / "out"))
    files = list((tmp_path / "out").rglob("*.parquet"))
    assert sum(pq.read_metadata(f).num_rows for f in files if "articles" in f.parts) == len(HOSTILE) - 1
    names = [f.relative_to(tmp_path).as_posix() for f in tmp_path.rglob("*")]
    names += [f.relative_to(hostile.home).as_posix() for f in hostile.home.rglob("*")]
    assert [name for name in names if not re.fullmatch(r"[\w./ =+-]+", name)] == []
    assert [name for name in names if "touch" in name or "Robert" in name] == []


def test_strangers_see_what_is_published_and_nothing_else(hostile: Hostile) -> None:
    def mode(name: str) -> int:
        return stat.S_IMODE((hostile.home / name).stat().st_mode)

    assert mode("warehouse.duckdb") == 0o444
    for own in ("writer.duckdb", "extracts.sqlite", "quarantine", "prefect"):
        assert mode(own) & 0o007 == 0, own


def test_harmless_is_all_that_unicode_has_to_steer_with() -> None:
    from ontherecord.flows.sanitize import is_safe

    steering = [c for c in map(chr, range(0x110000)) if unicodedata.category(c) in ("Cc", "Cf", "Cs")]
    assert len(steering) > 2000
    assert not any(map(is_safe, steering))
