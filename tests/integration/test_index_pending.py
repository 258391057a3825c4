"""Work ahead: what is done between batches leaves the end of the run less to do, and the same tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from runs import article, contents, rows, run

from ontherecord.flows.pipeline import batches as stages
from ontherecord.flows.pipeline import finish
from ontherecord.warehouse import search


def test_signatures_and_slices_made_between_batches_come_to_the_same(
    landing: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = " ".join(f"Word{n} is the word of day {n}." for n in range(60))
    for n in range(7):
        (landing / f"{n}.txt").write_text(
            article(title=f"Story {n}", body=f'{body}\n\n"Day {n}," Ada Brandt said.')
        )
    run(landing, home, batch_size=100)

    seen = []

    def look(engine: object) -> None:
        finish.index_pending(engine)  # type: ignore[arg-type]
        with engine.connect() as connection:  # type: ignore[attr-defined]
            seen.extend(
                connection.exec_driver_sql(f"select count(*) from {table}").scalar_one()
                for table in ("articles", "ops.near_bands", "search.articles")
            )

    monkeypatch.setattr(search, "_SLICE", 4)
    monkeypatch.setattr(stages, "index_pending", look)
    run(landing, tmp_path / "other", batch_size=3)
    assert seen == [3, 3, 0, 6, 6, 4]  # after each batch but the last
    assert contents(tmp_path / "other") == contents(home)
    assert len(rows(tmp_path / "other", "from search_articles('brandt')")) == 7
