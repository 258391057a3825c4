"""Readers: they open whenever they like while runs publish, and see one whole publish each time."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from runs import article, run

CLIENT = Path(sys.executable).parent / "duckdb"
OPENS = 200
RUNS = 20
# What one publish must agree in: tables, marts, search index and the ledger of the same run.
WHOLE = """
select
    (select count(*) from articles) as articles,
    (select sum(article_count)::int from mart.daily_articles) as in_mart,
    (select count(*) from search.articles) as in_search,
    (select sum(loaded_count)::int from ops.runs where state = 'completed') as in_runs,
    (select count(*) from quotes) as quotes,
    (select sum(piece_count)::int from mart.utterances) as in_utterances,
"""


def ask(file: Path) -> dict[str, int]:
    done = subprocess.run(
        [CLIENT, "-readonly", "-json", "-c", WHOLE, file], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    [row] = json.loads(done.stdout)
    return row


def keep_extracts(landing: Path, home: Path, aside: Path) -> None:
    """Load the first article, put the others aside, and keep what is found in all of them."""
    texts = [
        article(title=f"Number {n}", body=f'"Boat {n} is in," Ida Brandt said.') for n in range(RUNS + 1)
    ]
    for number, text in enumerate(texts):
        (landing / f"{number}.txt").write_text(text)
    run(landing, home)
    shutil.copy(home / "extracts.sqlite", aside)
    shutil.rmtree(home)
    home.mkdir()
    shutil.move(aside / "extracts.sqlite", home)
    for number in range(1, RUNS + 1):
        (landing / f"{number}.txt").rename(aside / f"{number}.txt")
    run(landing, home)


def agree_and_grow(seen: list[dict[str, int]]) -> None:
    """See that each reading is of one publish, and none of an earlier one than the reading before it."""
    for row in seen:
        assert len({row["articles"], row["in_mart"], row["in_search"], row["in_runs"]}) == 1, row
        assert row["quotes"] == row["in_utterances"], row
    counts = [row["articles"] for row in seen]
    assert counts == sorted(counts)
    assert counts[-1] == RUNS + 1
    assert len(set(counts)) > RUNS / 2


@pytest.mark.slow
def test_readers_at_random_moments_each_see_one_whole_publish(
    landing: Path, home: Path, tmp_path: Path
) -> None:
    keep_extracts(landing, home, tmp_path)
    published = home / "warehouse.duckdb"

    seen: list[dict[str, int]] = []
    failures: list[BaseException] = []

    def read() -> None:
        pause = random.Random(7)
        try:
            while len(seen) < OPENS or publishing.is_alive():
                seen.append(ask(published))
                threading.Event().wait(pause.random() / 50)
        except AssertionError as error:
            failures.append(error)

    def publish() -> None:
        try:
            for number in range(1, RUNS + 1):
                (tmp_path / f"{number}.txt").rename(landing / f"{number}.txt")
                assert run(landing, home).published
        except BaseException as error:
            failures.append(error)
            raise

    with subprocess.Popen(
        [CLIENT, "-readonly", "-csv", "-noheader", published],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as staying:  # fmt: skip
        assert staying.stdin
        assert staying.stdout
        staying.stdin.write("select count(*) from articles;\n")
        staying.stdin.flush()
        assert staying.stdout.readline() == "1\n"
        publishing = threading.Thread(target=publish)
        reading = threading.Thread(target=read)
        publishing.start()
        reading.start()
        publishing.join(timeout=300)
        reading.join(timeout=300)
        staying.stdin.write("select count(*) from articles;\n")
        staying.stdin.flush()
        assert staying.stdout.readline() == "1\n"

    assert failures == []
    assert len(seen) >= OPENS
    agree_and_grow(seen)
