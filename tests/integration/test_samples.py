"""The sample articles against their hand labels: no phenomenon falls behind what was reached."""

from __future__ import annotations

from pathlib import Path

from labels import found_quotes, has_words, labels, right_by_phenomenon, words
from runs import rows


def test_no_phenomenon_falls_behind(samples: Path) -> None:
    reached = {row["phenomenon"]: int(row["right"]) for row in labels("reached")}
    now = right_by_phenomenon(samples)
    assert set(now) == set(reached)
    assert {n: right for n, (_, right) in now.items() if right < reached[n]} == {}


def test_all_marked_words_are_found_to_the_letter(samples: Path) -> None:
    found = found_quotes(samples)
    missing = [
        (label["path"], label["text"])
        for label in labels("quotes")
        if label["kind"] == "direct" and not any(has_words(label, q) for q in found[label["path"]])
    ]
    assert missing == []


def test_what_is_no_quote_is_no_row(samples: Path) -> None:
    found = found_quotes(samples)
    wrong = [
        label["text"]
        for label in labels("not_quotes")
        if any(words(label["text"]) == words(q.text) for q in found[label["path"]])
    ]
    # Single words and slogans in marks that read like speech remain; see bench/README.md.
    assert len(wrong) <= 9, wrong


def test_labelled_names_are_entities(samples: Path) -> None:
    found = {(path, kind, name) for path, kind, name in rows(
        samples,
        "select distinct source_path, e.kind, e.name from mentions "
        "inner join entities as e using (entity_id) inner join articles using (article_id)",
    )}  # fmt: skip
    people = [row for row in labels("names") if row["kind"] == "person"]
    missing = [r["name"] for r in people if (r["path"], "person", r["name"]) not in found]
    assert len(people) > 100
    assert len(missing) <= len(people) * 0.05, missing
