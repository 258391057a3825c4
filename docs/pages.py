"""Make the pages of docs that are made: dictionary.md and queries.md, from a run over the sample articles.

python docs/pages.py (or make docs)
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from itertools import takewhile
from pathlib import Path

from ontherecord import sql
from ontherecord.flows.ingest import ingest
from ontherecord.flows.pipeline.terminal_runner import TerminalRunner
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.schema_docs import schema_docs

DOCS = Path(__file__).parent
CLIENT = Path(sys.executable).parent / "duckdb"
HEAD = """# Questions

What a newsroom asks, and what the sample articles (`tests/articles`) answer. Each question is a file of
`sql/queries`, to be run on any warehouse:

    ontherecord sql --file sql/queries/most_quoted_people.sql

Made by `make docs`. Do not edit by hand.
"""


def main() -> None:
    """Run over the sample articles and write both pages."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(home=Path(folder))
        with TerminalRunner() as runner:
            ingest(DOCS.parent / "tests" / "articles", settings, runner)
        (DOCS / "dictionary.md").write_text(schema_docs(settings.paths), encoding="utf-8")
        (DOCS / "queries.md").write_text(queries(settings.paths), encoding="utf-8")


def queries(home: DataDir) -> str:
    """Return each question with its SQL and its answer, as DuckDB's own client prints it."""
    parts = [HEAD]
    for file in sql.statements("queries"):
        text = file.read_text(encoding="utf-8").strip()
        comment = list(takewhile(lambda line: line.startswith("--"), text.splitlines()))
        question = " ".join(line.removeprefix("--").strip() for line in comment)
        title, mark, rest = question.partition("?")
        body = text.split("\n", len(comment))[-1].strip()
        parts += [f"## {title}{mark}", "", *([rest.strip(), ""] if rest.strip() else [])]
        parts += [answer(home, file.name), f"[{file.name}](../sql/queries/{file.name})", ""]
        parts += ["<details><summary>SQL</summary>", "", "```sql", body, "```", "", "</details>", ""]
    return "\n".join(parts)


def answer(home: DataDir, file: str) -> str:
    """Return the answer as a Markdown table."""
    read = f".read {DOCS.parent / 'sql' / 'queries' / file}"
    command = [CLIENT, "-readonly", "-markdown", "-bail", home.published, "-c", read]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
