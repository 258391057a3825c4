"""Near duplicates: what counts as near, and clusters that follow the texts."""

from __future__ import annotations

from pathlib import Path

from runs import article, rows, run

STORY = "\n".join(
    f"Delegate number {n} told the meeting in hall {n * 3} that item {n * 7} of the agenda waited too long."
    for n in range(12)
)
OTHER = "\n".join(
    f"The {n}th lorry of the day left gate {n * 2} with {n * 5} crates of lemons and a driver who sang."
    for n in range(12)
)
CLUSTERS = "select a.source_path, b.source_path from articles as a left join articles as b " \
    "on a.cluster_id = b.article_id order by all"  # fmt: skip


def deliver(landing: Path, name: str, title: str, body: str, day: int = 17) -> None:
    weekday = ("Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday")[(day - 17) % 7]
    text = article(title=title, body=body, date=f"{weekday}, December {day}, 2015 - 01:00")
    (landing / f"{name}.txt").write_text(text)


def grouped(home: Path) -> list[set[str]]:
    found: dict[str, set[str]] = {}
    for path, first in rows(home, CLUSTERS):
        found.setdefault(first or path, set()).add(path.removesuffix(".txt"))
    return sorted(found.values(), key=sorted)


def test_copy_with_another_headline_and_cuts_is_near(landing: Path, home: Path) -> None:
    deliver(landing, "whole", "Meeting drags on", STORY)
    deliver(
        landing, "cut", "Delegates lose patience", "A new first line.\n" + STORY[: len(STORY) // 2], day=18
    )
    deliver(landing, "other", "Lemons leave", OTHER)
    deliver(landing, "late", "Meeting drags on again", STORY, day=25)
    deliver(landing, "short", "Brief", STORY.split("\n")[0])
    run(landing, home)
    assert grouped(home) == [{"cut", "whole"}, {"late"}, {"other"}, {"short"}]
    [(overlap,)] = rows(home, "select overlap from ops.near_pairs")
    assert 0.8 < overlap < 1


def test_clusters_grow_and_shrink_with_later_deliveries(landing: Path, home: Path) -> None:
    deliver(landing, "a", "Meeting drags on", STORY)
    run(landing, home)
    assert grouped(home) == [{"a"}]
    assert rows(home, "select cluster_id from articles") == [(None,)]
    deliver(landing, "b", "Second paper", STORY + "\nOne more line.", day=19)
    deliver(landing, "c", "Third paper", STORY + "\nAnd an end.", day=22)  # near b only, five days after a
    run(landing, home)
    assert grouped(home) == [{"a", "b", "c"}]
    deliver(landing, "b", "Second paper", OTHER, day=19)
    run(landing, home)
    assert grouped(home) == [{"a"}, {"b"}, {"c"}]
    assert rows(home, "select count(*) from ops.dedup_queue") == [(0,)]
