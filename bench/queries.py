"""Measure what analysts ask: every macro, every mart, search and sql/queries, on a published warehouse.

    python bench/million.py SMALL BIG; ontherecord publish --home BIG
    python bench/queries.py BIG [--only NAME] [--explain] [--attached]

Prints a Markdown table: rows, the median of five runs in wall and processor time, and the wall time
beside that of a plain count over all quotes in the same run. The processor time counts all threads.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb

from ontherecord import sql

RUNS = 5
TARGET_MS = 60
SEARCH_MS = 100
# A plain reading of all words of all quotes: what there is without marts, index and macros.
PLAIN = "select count(*) from quotes where contains(text, 'x')"


class Cost(NamedTuple):
    """What a question takes: rows of its answer, median wall and processor time in ms."""

    rows: int
    wall: float
    cpu: float


def main() -> None:
    """Ask all questions and print the table."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    arguments.add_argument("home", type=Path)
    arguments.add_argument("--only", default="", help="Questions that hold this.")
    arguments.add_argument("--explain", action="store_true", help="Print the profile of each as well.")
    arguments.add_argument("--attached", action="store_true", help="Ask from another database, by USE.")
    given = arguments.parse_args()
    file = given.home / "warehouse.duckdb"
    opened = [_open(file) for _ in range(RUNS)]
    with _connect(file, attached=given.attached) as connection:
        plain = measure(connection, PLAIN)
        print(
            f"Open and count the articles, in a new process' first connection and {RUNS - 1} more: "
            + ", ".join(f"{ms:.0f}" for ms in opened)
            + " ms.\n"
        )
        print("| question | rows | wall, ms | CPU, ms | to a plain count | |")
        print("|---|---:|---:|---:|---:|---|")
        for name, query in (("plain count: `contains(text, 'x')`", PLAIN), *questions(connection)):
            if given.only not in name:
                continue
            cost = measure(connection, query)
            target = SEARCH_MS if "search" in name else TARGET_MS
            missed = f"over {target} ms" if cost.wall > target else ""
            ratio = cost.wall / plain.wall
            print(
                f"| {name} | {cost.rows:,} | {cost.wall:.0f} | {cost.cpu:.0f} | {ratio:.2f} | {missed} |",
                flush=True,
            )
            if given.explain:
                print(connection.execute(f"explain analyze {query}").fetchall()[0][1])


def measure(connection: duckdb.DuckDBPyConnection, query: str) -> Cost:
    """Ask once to warm up, then five times."""
    connection.execute(query).fetchall()
    walls, cpus, rows = [], [], 0
    for _ in range(RUNS):
        wall, cpu = time.perf_counter(), time.process_time()
        # Arrow keeps what is fetched apart from what Python makes of it.
        rows = connection.execute(query).to_arrow_table().num_rows
        walls.append(1000 * (time.perf_counter() - wall))
        cpus.append(1000 * (time.process_time() - cpu))
    return Cost(rows, statistics.median(walls), statistics.median(cpus))


def questions(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    """Yield macros with names that are common, middling, rare and unknown in this warehouse, marts, files."""
    people = _ranked(
        connection, "select speaker from mart.speakers where kind = 'person' order by quote_count"
    )
    named = _ranked(
        connection,
        "select entities.name from entities inner join (select entity_id, sum(mention_count) as n "
        "from mart.entities_by_day group by entity_id) as named using (entity_id) order by n, name",
    )
    words = _ranked(
        connection,
        "select words.word from search.words inner join (select stem, sum(len(doc_nos)) as n from "
        "search.postings group by stem) as listed using (stem) where length(stem) > 4 order by n, words.word",
    )
    nobody = {"nobody": "Xyzzy Nemo"}
    for macro in ("quotes_by", "entities_named"):
        for how, who in {**people, **nobody}.items():
            yield _call(how, macro, who)
    for macro in ("quotes_about", "articles_mentioning", "timeline"):
        for how, what in {**named, **nobody}.items():
            yield _call(how, macro, what)
    for macro in ("quotes_between", "articles_with_both"):
        yield _call("common", macro, people["common"], named["common"])
        yield _call("common and rare", macro, people["common"], people["rare"])
        yield _call("nobody", macro, "Xyzzy Nemo", people["common"])
    for how, word in words.items():
        yield _call(how, "quotes_with", word)
    [(phrase,)] = connection.execute(
        "select array_to_string(string_split(text, ' ')[1:4], ' ') from mart.repeated_quotes "
        "where text not like '%''%' order by article_count desc, text limit 1"
    ).fetchall()
    yield _call("four words", "quotes_with", phrase)
    for how, word in words.items():
        yield _call(how, "search_articles", word)
    yield _call("three words", "search_articles", " ".join(words.values()))
    marts = connection.execute(
        "select table_name from information_schema.tables where table_schema = 'mart' order by all"
    ).fetchall()
    for (mart,) in marts:
        yield f"mart.{mart}: ten rows", f"from mart.{mart} order by all limit 10"
    for file in sql.statements("queries"):
        yield f"sql/queries/{file.name}", file.read_text(encoding="utf-8").rstrip().rstrip(";")


def _ranked(connection: duckdb.DuckDBPyConnection, ascending: str) -> dict[str, str]:
    """Return the last row of a list, one of the upper thousandth, and one in the middle."""
    names = [name for (name,) in connection.execute(ascending).fetchall()]
    return {
        "common": names[-1],
        "middling": names[-max(1, len(names) // 1000) - 1],
        "rare": names[len(names) // 2],
    }


def _call(how: str, macro: str, *arguments: str) -> tuple[str, str]:
    told = ", ".join("'" + argument.replace("'", "''") + "'" for argument in arguments)
    return f"`{macro}({told})` {how}", f"from {macro}({told})"


def _connect(file: Path, *, attached: bool) -> duckdb.DuckDBPyConnection:
    if not attached:
        return duckdb.connect(str(file), read_only=True)
    connection = duckdb.connect()
    connection.execute(f"attach '{sql.escape_literal(file)}' as news (read_only)")
    connection.execute("use news")
    return connection


def _open(file: Path) -> float:
    start = time.perf_counter()
    with duckdb.connect(str(file), read_only=True) as connection:
        connection.execute("select count(*) from articles").fetchall()
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
